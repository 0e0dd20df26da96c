/* Chart `moves`: abnormal returns that stood out, over time, with the articles that they are linked to. */
#include "report/chart.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/clock.h>
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

enum { MAX_LABELS = 14, TITLE_ROOM = 760 };

/* What is drawn of a move, as the script knows it. */
enum { KIND_UNEXPLAINED, KIND_NOT_IDENTIFIED, KIND_LINKED };

struct move {
  aft_day day;
  double abnormal;
  int kind;
  const char *symbol, *title; /* borrowed from the table */
};

struct moves {
  const chart_source *source;
  aft_table table;
  GArray *rows;     /* of struct move, the largest first */
  GString *leaders; /* rows of the block: from a dot to its label that stands away from it */
  size_t counts[3];
  chart_frame frame;
};

static int find_kind(const char *verdict) {
  if (strcmp(verdict, "linked") == 0) return KIND_LINKED;
  return strcmp(verdict, "not_identified") == 0 ? KIND_NOT_IDENTIFIED : KIND_UNEXPLAINED;
}

static int compare(const void *a, const void *b) {
  const struct move *p = a, *q = b;
  double x = fabs(p->abnormal), y = fabs(q->abnormal);
  if (x > y || x < y) return x > y ? -1 : 1;
  return p->day != q->day ? (p->day > q->day) - (p->day < q->day) : strcmp(p->symbol, q->symbol);
}

static bool read_moves(struct moves *moves, GError **error) {
  if (!aft_table_read(&moves->table, moves->source->folder, "moves.csv", error)) return false;
  const aft_table *table = &moves->table;
  int session = aft_table_find(table, "session"), abnormal = aft_table_find(table, "abnormal"),
      verdict = aft_table_find(table, "verdict"), symbol = aft_table_find(table, "symbol"),
      title = aft_table_find(table, "title");
  for (size_t row = 0; row < table->n_rows; row++) {
    struct move move = {.abnormal = aft_table_number(table, row, abnormal),
                        .kind = find_kind(aft_table_text(table, row, verdict)),
                        .symbol = aft_table_text(table, row, symbol),
                        .title = aft_table_text(table, row, title)};
    const char *day = aft_table_text(table, row, session);
    if (!isfinite(move.abnormal) || !aft_day_parse(day, strlen(day), &move.day)) continue;
    g_array_append_val(moves->rows, move);
    moves->counts[move.kind]++;
  }
  if (moves->rows->len == 0) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "no move stood out");
    return false;
  }
  g_array_sort(moves->rows, compare);
  return true;
}

static void set_frame(struct moves *moves) {
  double low = 0, high = 0, first = INT32_MAX, last = INT32_MIN;
  for (guint i = 0; i < moves->rows->len; i++) {
    const struct move *move = &g_array_index(moves->rows, struct move, i);
    low = fmin(low, 100 * move->abnormal);
    high = fmax(high, 100 * move->abnormal);
    first = fmin(first, move->day);
    last = fmax(last, move->day);
  }
  chart_frame *frame = &moves->frame;
  chart_frame_init(frame, 60);
  double room = 0.03 * (high - low); /* for the labels beyond the longest bars */
  chart_range(low < 0 ? low - room : 0, high > 0 ? high + room : 0, 6, &frame->y_min, &frame->y_max, &frame->y_step);
  double margin = fmax(5, 0.03 * (last - first));
  frame->x_min = first - margin;
  frame->x_max = last + margin;
}

/* A line from a dot to its label that stands away from it; pixels. */
static void lead(struct moves *moves, const struct move *move, double x, double y) {
  const chart_frame *frame = &moves->frame;
  double day = frame->x_min + (x - frame->left) / (frame->right - frame->left) * (frame->x_max - frame->x_min);
  chart_row(moves->leaders, move->day, 100 * move->abnormal, day, chart_frame_at_y(frame, y));
}

static void name_move(struct moves *moves, const struct move *move, chart_labels *labels, guint *named) {
  const chart_frame *frame = &moves->frame;
  double x = chart_frame_x(frame, move->day), y = chart_frame_y(frame, 100 * move->abnormal);
  bool on_left = x > (frame->left + frame->right) / 2;
  double room = fmin(TITLE_ROOM, on_left ? x - frame->left - 30 : frame->right - x - 30);
  char size[CHART_NUMBER]; /* the label may have to stand away from its dot */
  chart_percent(move->abnormal, 1, size);
  g_autofree char *symbol = chart_text_cut(move->symbol, 12);
  g_autofree char *text = move->kind == KIND_LINKED           ? g_strdup_printf("%s %s: %s", symbol, size, move->title)
                          : move->kind == KIND_NOT_IDENTIFIED ? g_strdup_printf("%s: several stories", symbol)
                                                              : g_strdup(symbol);
  g_autofree char *fitted = chart_text_fit(text, room);
  bool placed = false;
  for (int level = 0; level < 7 && !placed; level++) { /* at its dot, then ever farther out along the stem */
    double shift = (level % 2 == 0 ? 1 : -1) * 26 * ceil(level / 2.0), from = on_left ? x - 14 : x + 14;
    placed = chart_labels_try(labels, from, y + shift, on_left ? CHART_ALIGN_RIGHT : CHART_ALIGN_LEFT,
                              CHART_WEIGHT_SMALL, move->kind == KIND_LINKED ? 0 : CHART_GREY, fitted);
    if (placed && level > 0) lead(moves, move, on_left ? from + 4 : from - 4, y + shift);
    if (move->kind != KIND_LINKED) break;
  }
  *named += placed;
}

/* Linked moves are named, then the largest of the others, beside their dots, where there is room. */
static void place_labels(struct moves *moves, chart_labels *labels) {
  guint named = 0, most = MIN(moves->rows->len, 400);
  double zero = chart_frame_y(&moves->frame, 0);
  for (guint i = 0; i < most; i++) {
    const struct move *move = &g_array_index(moves->rows, struct move, i);
    double x = chart_frame_x(&moves->frame, move->day), y = chart_frame_y(&moves->frame, 100 * move->abnormal);
    chart_labels_block(labels, (chart_box){x - 8, x + 8, y - 8, y + 8});
    chart_labels_block(labels, (chart_box){x - 1, x + 1, fmin(y, zero), fmax(y, zero)});
  }
  for (int linked = 1; linked >= 0; linked--)
    for (guint i = 0; i < most && named < MAX_LABELS; i++) {
      const struct move *move = &g_array_index(moves->rows, struct move, i);
      if ((move->kind == KIND_LINKED) == linked) name_move(moves, move, labels, &named);
    }
}

/* Days at which the axis is labelled: the first of months, in steps of months or years that keep labels apart. */
static void write_days(const struct moves *moves, GString *out) {
  chart_block block = chart_block_begin(out, "dates", "day row text");
  static const int steps[] = {1, 2, 3, 6, 12, 24, 60, 120};
  double months = (moves->frame.x_max - moves->frame.x_min) / 30.44;
  int step = steps[0], year, month, day;
  for (size_t i = 1; i < G_N_ELEMENTS(steps) && months / step > 10; i++) step = steps[i];
  aft_day_to_ymd((aft_day)moves->frame.x_min, &year, &month, &day);
  for (int m = year * 12; m < year * 12 + 12 * 400; m += step) {
    aft_day at = aft_day_from_ymd(m / 12, m % 12 + 1, 1);
    if (at > moves->frame.x_max) break;
    if (at < moves->frame.x_min) continue;
    g_autofree char *text = g_strdup_printf(step >= 12 ? "%04d" : "%04d-%02d", m / 12, m % 12 + 1);
    chart_row_text(out, text, at, 1);
  }
  chart_block_end(&block);
}

static void write_texts(const struct moves *moves, GString *out) {
  const json_t *scan = json_object_get(json_object_get(moves->source->root, "study"), "scan");
  const struct move *largest = &g_array_index(moves->rows, struct move, 0);
  char move[CHART_NUMBER];
  g_autofree char *title = g_strdup_printf("%u abnormal move%s, %zu of them linked to one story", moves->rows->len,
                                           moves->rows->len == 1 ? "" : "s", moves->counts[KIND_LINKED]);
  g_autofree char *subtitle = g_strdup_printf(
      "Abnormal return, percent; largest: %s %s. Orange: linked; grey ring: several stories; grey dot: unexplained",
      largest->symbol, chart_percent(largest->abnormal, 1, move));
  g_autofree char *facts = g_strdup_printf("detector %s, threshold %.4g", chart_json_text(scan, "detector"),
                                           chart_json_number(scan, "threshold"));
  g_autofree char *footer = chart_footer(moves->source, "prices returns_files news", facts);
  chart_write_header(out, title, subtitle, footer);
}

static void write_all(struct moves *moves, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, moves->frame.height);
  place_labels(moves, &labels);
  chart_write_layout(out, &moves->frame);
  write_texts(moves, out);
  write_days(moves, out);
  chart_write_labels(out, &labels);
  chart_block block = chart_block_begin(out, "moves", "day abnormal_percent kind");
  for (guint i = 0; i < moves->rows->len; i++) {
    const struct move *move = &g_array_index(moves->rows, struct move, i);
    chart_row(out, move->day, 100 * move->abnormal, move->kind);
  }
  chart_block_end(&block);
  chart_write_block(out, "leaders", "day abnormal_percent label_day label_percent", moves->leaders);
}

bool chart_moves_build(const chart_source *source, GString *tsv, GError **error) {
  if (!json_is_object(json_object_get(source->root, "scan"))) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "the study was not scanned");
    return false;
  }
  struct moves moves = {
      .source = source, .rows = g_array_new(FALSE, FALSE, sizeof(struct move)), .leaders = g_string_new(NULL)};
  bool ok = read_moves(&moves, error);
  if (ok) {
    set_frame(&moves);
    write_all(&moves, tsv);
  }
  g_array_unref(moves.rows);
  g_string_free(moves.leaders, TRUE);
  aft_table_clear(&moves.table);
  return ok;
}
