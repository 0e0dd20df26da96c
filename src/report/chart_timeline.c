/* When each article appeared against the hours of the sessions, a row a day, and the session that could first react. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/report/report.h>
#include <aftershock/base/stamp.h>

#include <aftershock/base/banned.h>

enum {
  MAX_ROWS = 45,   /* days shown, those nearest to the event */
  DENSE_DAYS = 31, /* up to here every day has a row */
  MAX_PITCH = 44,
  MIN_PITCH = 30,
  PANEL_LEFT = 215,
  PANEL_RIGHT = 1130,
  BOTTOM = 125,
  CAPTION = 40,
  DOT = 13 /* pixels */
};
#define BAR_HALF 0.32         /* of a row's height */
#define DATE_ONLY_HOUR (-0.7) /* where articles without an hour stand */

struct row {
  aft_day day;
  bool is_shown, is_session, is_used; /* used: an article of that day, or a session that one falls into */
  double open, close;                 /* hours of exchange time */
  double break_start, break_end;      /* lunch; NaN when there is none */
  const char *reason;                 /* borrowed */
  double y;                           /* pixels */
  int n;                              /* articles that fall into the session */
  const char *first_title;
  int first_story;
};

struct article {
  aft_day day, session;
  double hour; /* DATE_ONLY_HOUR when only the day is known */
  int story;
  const char *title; /* borrowed */
};

struct timeline {
  const chart_source *source;
  aft_table sessions, articles_table;
  GArray *rows;       /* of struct row, by day */
  GArray *articles;   /* of struct article, by publication */
  GPtrArray *stories; /* names, the focus event first */
  aft_day focus;
  size_t n_left_out; /* articles without a usable time, or on days without a row */
  chart_frame frame;
};

static struct row *find_row(const struct timeline *timeline, aft_day day) {
  for (guint i = 0; i < timeline->rows->len; i++) {
    struct row *row = &g_array_index(timeline->rows, struct row, i);
    if (row->day == day) return row;
  }
  return NULL;
}

/* "09:30" as hours, NaN for anything else. */
static double parse_hour(const char *text) {
  g_autofree char *stamp_text = g_strdup_printf("2000-01-01T%s", text);
  aft_stamp stamp;
  if (!aft_stamp_parse(stamp_text, &stamp, NULL) || stamp.kind != AFT_STAMP_LOCAL) return (double)NAN;
  return (double)(stamp.instant % AFT_MILLIS_PER_DAY) / 3600000;
}

static int compare_rows(const void *a, const void *b) {
  const struct row *x = (const struct row *)a, *y = (const struct row *)b;
  return (x->day > y->day) - (x->day < y->day);
}

static bool read_rows(struct timeline *timeline, GError **error) {
  aft_table *table = &timeline->sessions;
  if (!aft_table_read(table, timeline->source->folder, "sessions.csv", error)) return false;
  int date = aft_table_find(table, "date"), kind = aft_table_find(table, "kind"), open = aft_table_find(table, "open"),
      close = aft_table_find(table, "close"), reason = aft_table_find(table, "reason"),
      break_start = aft_table_find(table, "break_start"), break_end = aft_table_find(table, "break_end");
  for (size_t i = 0; i < table->n_rows; i++) {
    struct row row = {.open = parse_hour(aft_table_text(table, i, open)),
                      .close = parse_hour(aft_table_text(table, i, close)),
                      .break_start = parse_hour(aft_table_text(table, i, break_start)),
                      .break_end = parse_hour(aft_table_text(table, i, break_end)),
                      .reason = aft_table_text(table, i, reason)};
    const char *text = aft_table_text(table, i, date);
    if (!aft_day_parse(text, strlen(text), &row.day)) continue;
    row.is_session = strcmp(aft_table_text(table, i, kind), "session") == 0 && row.open < row.close;
    g_array_append_val(timeline->rows, row);
  }
  g_array_sort(timeline->rows, compare_rows);
  return true;
}

/* Day and hour of the local time, which may carry an offset: the wall clock is what counts here. */
static bool parse_local(const char *text, const char *precision, struct article *article) {
  g_autofree char *wall = g_strndup(text, 19);
  aft_stamp stamp;
  if (!aft_stamp_parse(wall, &stamp, NULL) || stamp.kind == AFT_STAMP_UNKNOWN) return false;
  article->day = stamp.day;
  article->hour = DATE_ONLY_HOUR;
  if (stamp.kind == AFT_STAMP_LOCAL && strcmp(precision, "day") != 0)
    article->hour = (double)(stamp.instant - (aft_millis)stamp.day * AFT_MILLIS_PER_DAY) / 3600000;
  return true;
}

static bool read_articles(struct timeline *timeline, GError **error) {
  aft_table *table = &timeline->articles_table;
  if (!aft_table_read(table, timeline->source->folder, "articles.csv", error)) return false;
  int local = aft_table_find(table, "local_time"), precision = aft_table_find(table, "precision"),
      session = aft_table_find(table, "session"), status = aft_table_find(table, "status"),
      event = aft_table_find(table, "event"), title = aft_table_find(table, "title");
  if (table->n_rows == 0) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "the study has no articles");
    return false;
  }
  for (size_t i = 0; i < table->n_rows; i++) {
    struct article article = {.title = aft_table_text(table, i, title)};
    const char *target = aft_table_text(table, i, session), *story = aft_table_text(table, i, event);
    if (strcmp(aft_table_text(table, i, status), "used") != 0 ||
        !parse_local(aft_table_text(table, i, local), aft_table_text(table, i, precision), &article) ||
        !aft_day_parse(target, strlen(target), &article.session)) {
      timeline->n_left_out++;
      continue;
    }
    article.story = story[0] != '\0' ? chart_names_index(timeline->stories, story) : CHART_GREY;
    g_array_append_val(timeline->articles, article);
  }
  if (timeline->articles->len == 0) return chart_fail(error, "articles.csv has no article with a usable time");
  return true;
}

/* All days when they are few, else those with articles and their sessions; of these the MAX_ROWS nearest the event. */
static void choose_rows(struct timeline *timeline) {
  aft_day first = timeline->focus, last = timeline->focus;
  for (guint i = 0; i < timeline->articles->len; i++) {
    const struct article *article = &g_array_index(timeline->articles, struct article, i);
    struct row *day = find_row(timeline, article->day), *session = find_row(timeline, article->session);
    if (day == NULL || session == NULL) continue;
    day->is_used = session->is_used = true;
    first = MIN(first, article->day);
    last = MAX(last, article->session);
  }
  bool dense = last - first < DENSE_DAYS;
  int n = 0;
  for (guint i = 0; i < timeline->rows->len; i++) {
    struct row *row = &g_array_index(timeline->rows, struct row, i);
    row->is_shown = row->day >= first && row->day <= last && (dense || row->is_used || row->day == timeline->focus);
    n += row->is_shown;
  }
  for (; n > MAX_ROWS; n--) {
    struct row *farthest = NULL;
    for (guint i = 0; i < timeline->rows->len; i++) {
      struct row *row = &g_array_index(timeline->rows, struct row, i);
      if (row->is_shown && (farthest == NULL || ABS(row->day - timeline->focus) > ABS(farthest->day - timeline->focus)))
        farthest = row;
    }
    if (farthest == NULL) return;
    farthest->is_shown = false;
  }
}

/* Drops the articles whose day or session has no row, and counts the others at their sessions. */
static void assign_articles(struct timeline *timeline) {
  for (guint i = 0; i < timeline->articles->len;) {
    const struct article *article = &g_array_index(timeline->articles, struct article, i);
    struct row *day = find_row(timeline, article->day), *session = find_row(timeline, article->session);
    if (day == NULL || session == NULL || !day->is_shown || !session->is_shown) {
      g_array_remove_index(timeline->articles, i);
      timeline->n_left_out++;
      continue;
    }
    if (session->n++ == 0) {
      session->first_title = article->title;
      session->first_story = article->story;
    }
    i++;
  }
}

static void set_frame(struct timeline *timeline) {
  int n = 0;
  for (guint i = 0; i < timeline->rows->len; i++) n += g_array_index(timeline->rows, struct row, i).is_shown;
  chart_frame *frame = &timeline->frame;
  chart_frame_init(frame, CHART_WIDTH - PANEL_RIGHT);
  double room = CHART_HEIGHT - CHART_HEADER - CAPTION - BOTTOM;
  double pitch = CLAMP(room / MAX(n, 1), MIN_PITCH, MAX_PITCH);
  frame->left = PANEL_LEFT;
  frame->bottom = BOTTOM;
  frame->height = BOTTOM + n * pitch + CAPTION + CHART_HEADER;
  frame->top = frame->bottom + n * pitch;
  frame->x_min = -1.4;
  frame->x_max = 24;
  frame->x_tick = 0;
  frame->x_step = 4;
  frame->y_min = frame->bottom;
  frame->y_max = frame->top;
  frame->y_step = pitch;
  double y = frame->top - pitch / 2;
  for (guint i = 0; i < timeline->rows->len; i++) {
    struct row *row = &g_array_index(timeline->rows, struct row, i);
    if (!row->is_shown) continue;
    row->y = y;
    y -= pitch;
  }
}

static void label_row(const struct timeline *timeline, const struct row *row, chart_labels *labels) {
  static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  char iso[AFT_DAY_TEXT];
  const chart_frame *frame = &timeline->frame;
  bool focus = row->day == timeline->focus;
  g_autofree char *day = chart_day_label(aft_day_print(row->day, iso));
  g_autofree char *name = g_strdup_printf("%s %s", weekdays[aft_day_weekday(row->day)], day);
  chart_labels_add(labels, frame->left - 14, row->y, CHART_ALIGN_RIGHT,
                   focus ? CHART_WEIGHT_STRONG : CHART_WEIGHT_PLAIN,
                   focus             ? 0
                   : row->is_session ? CHART_INK
                                     : CHART_GREY,
                   name);
  bool weekend = strcmp(row->reason, "weekend") == 0; /* the name of the day says it */
  if (row->n > 0) {
    g_autofree char *title = chart_text_cut(row->first_title, 44);
    g_autofree char *count = g_strdup_printf("%d", row->n);
    chart_labels_add(labels, frame->right + 52, row->y, CHART_ALIGN_RIGHT, CHART_WEIGHT_STRONG, focus ? 0 : CHART_INK,
                     count);
    chart_labels_add(labels, frame->right + 66, row->y, CHART_ALIGN_LEFT, CHART_WEIGHT_SMALL,
                     row->first_story == CHART_GREY ? CHART_INK : row->first_story, title);
  } else if (row->reason[0] != '\0' && !weekend) {
    g_autofree char *reason = chart_text_cut(row->reason, 44);
    chart_labels_add(labels, frame->right + 66, row->y, CHART_ALIGN_LEFT, CHART_WEIGHT_SMALL, CHART_GREY, reason);
  }
}

/* Moves dots that would cover an earlier one of the same row up or down: 0, 1, -1, 2, -2 dots from the middle. */
static double place_dot(GArray *dots, double x, double y, double pitch) {
  static const int levels[] = {0, 1, -1, 2, -2};
  double step = fmin(DOT, pitch / 5), best = y;
  for (size_t k = 0; k < G_N_ELEMENTS(levels); k++) {
    bool is_free = true;
    best = y + levels[k] * step;
    for (guint i = 0; is_free && i < dots->len; i++) {
      const chart_box *dot = &g_array_index(dots, chart_box, i);
      is_free = fabs(dot->left - x) >= DOT || fabs(dot->bottom - best) >= step - 0.5;
    }
    if (is_free) break;
  }
  chart_box dot = {.left = x, .bottom = best};
  g_array_append_val(dots, dot);
  return best;
}

static void write_articles(const struct timeline *timeline, GString *out) {
  const chart_frame *frame = &timeline->frame;
  g_autoptr(GArray) dots = g_array_new(FALSE, FALSE, sizeof(chart_box));
  chart_block block = chart_block_begin(out, "articles", "hour y to_hour to_y colour kind");
  for (guint i = 0; i < timeline->articles->len; i++) {
    const struct article *article = &g_array_index(timeline->articles, struct article, i);
    const struct row *day = find_row(timeline, article->day), *session = find_row(timeline, article->session);
    if (day == NULL || session == NULL) continue;
    double y = place_dot(dots, chart_frame_x(frame, article->hour), day->y, frame->y_step);
    bool date_only = article->hour <= DATE_ONLY_HOUR;
    double to_hour = session->open, to_y = y; /* before the opening: along the row to the bar */
    if (day != session) {                     /* else down to the nearest place of the bar */
      to_hour = CLAMP(article->hour, session->open, session->close);
      to_y = session->y + BAR_HALF * frame->y_step;
    } else if (article->hour >= session->open) {
      to_hour = (double)NAN;
    }
    if (!session->is_session) to_hour = (double)NAN;
    chart_row(out, article->hour, y, to_hour, to_y, article->story, date_only);
  }
  chart_block_end(&block);
}

static void write_sessions(const struct timeline *timeline, GString *out) {
  const chart_frame *frame = &timeline->frame;
  double half = BAR_HALF * frame->y_step;
  chart_block block = chart_block_begin(out, "rows", "open close y low high kind");
  for (guint i = 0; i < timeline->rows->len; i++) {
    const struct row *row = &g_array_index(timeline->rows, struct row, i);
    if (!row->is_shown) continue;
    int kind = !row->is_session ? 0 : row->day == timeline->focus ? 2 : 1;
    bool lunch = row->is_session && row->break_start < row->break_end;
    double open = row->is_session ? row->open : 0, close = row->is_session ? row->close : 0;
    chart_row(out, open, lunch ? row->break_start : close, row->y, row->y - half, row->y + half, kind);
    if (lunch) chart_row(out, row->break_end, close, row->y, row->y - half, row->y + half, kind);
  }
  chart_block_end(&block);
}

static void write_texts(const struct timeline *timeline, GString *out) {
  const chart_source *source = timeline->source;
  const struct row *focus = find_row(timeline, timeline->focus);
  g_autofree char *title = g_strdup_printf("%d of %u dated articles could first move the price on %s",
                                           focus != NULL ? focus->n : 0, timeline->articles->len, source->session);
  g_autofree char *subtitle = g_strdup_printf(
      "Dots: articles at their time of publication; bars: sessions; lines lead to the first session that could react");
  const json_t *calendar = json_object_get(source->root, "calendar");
  g_autoptr(GString) facts = g_string_new(NULL);
  g_string_printf(facts, "times: %s", chart_json_text(calendar, "zone"));
  if (timeline->n_left_out > 0)
    g_string_append_printf(facts, " · %zu without a usable time or too far away left out", timeline->n_left_out);
  g_autofree char *footer = chart_footer(source, "news", facts->str);
  chart_write_header(out, title, subtitle, footer);
}

/* Above the panel: what stands where, and the colours of the stories. */
static void label_captions(const struct timeline *timeline, chart_labels *labels) {
  const chart_frame *frame = &timeline->frame;
  double y = frame->top + 20, x = chart_frame_x(frame, 0) + 50;
  chart_labels_add(labels, frame->right + 20, y, CHART_ALIGN_LEFT, CHART_WEIGHT_SMALL, CHART_GREY,
                   "articles of the session, and the first of them");
  for (guint i = 0; i < timeline->articles->len; i++) {
    if (g_array_index(timeline->articles, struct article, i).hour > DATE_ONLY_HOUR) continue;
    chart_labels_add(labels, chart_frame_x(frame, DATE_ONLY_HOUR), y, CHART_ALIGN_CENTER, CHART_WEIGHT_SMALL,
                     CHART_GREY, "day only");
    break;
  }
  for (guint i = 0; i < timeline->stories->len; i++) {
    g_autofree char *name = chart_text_cut((const char *)g_ptr_array_index(timeline->stories, i), 20);
    double width = 1.12 * chart_text_width(name) + 30;
    if (x + width > frame->right) break;
    chart_labels_add(labels, x, y, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, (int)i, name);
    x += width;
  }
}

static void write(const struct timeline *timeline, GString *out) {
  g_auto(chart_labels) labels = {0};
  const chart_frame *frame = &timeline->frame;
  chart_labels_init(&labels, frame->height);
  label_captions(timeline, &labels);
  for (guint i = 0; i < timeline->rows->len; i++) {
    const struct row *row = &g_array_index(timeline->rows, struct row, i);
    if (row->is_shown) label_row(timeline, row, &labels);
  }
  for (int hour = 0; hour <= 24; hour += 4) {
    g_autofree char *text = g_strdup_printf("%02d:00", hour);
    chart_labels_add(&labels, chart_frame_x(frame, hour), frame->bottom - 32, CHART_ALIGN_CENTER, CHART_WEIGHT_PLAIN,
                     CHART_INK, text);
  }
  chart_write_layout(out, frame);
  write_texts(timeline, out);
  chart_write_sessions(out, NULL, timeline->source);
  chart_write_labels(out, &labels);
  write_sessions(timeline, out);
  write_articles(timeline, out);
}

bool chart_timeline_build(const chart_source *source, GString *tsv, GError **error) {
  struct timeline timeline = {.source = source,
                              .rows = g_array_new(FALSE, FALSE, sizeof(struct row)),
                              .articles = g_array_new(FALSE, FALSE, sizeof(struct article)),
                              .stories = g_ptr_array_new_with_free_func(g_free)};
  chart_names_index(timeline.stories, source->event);
  bool ok = aft_day_parse(source->session, strlen(source->session), &timeline.focus) ||
            chart_fail(error, "result.json has no session of the focus event");
  ok = ok && read_rows(&timeline, error) && read_articles(&timeline, error);
  if (ok) {
    choose_rows(&timeline);
    assign_articles(&timeline);
    ok = timeline.articles->len > 0 || chart_fail(error, "sessions.csv has none of the days of the articles");
  }
  if (ok) {
    set_frame(&timeline);
    write(&timeline, tsv);
  }
  aft_table_clear(&timeline.sessions);
  aft_table_clear(&timeline.articles_table);
  g_array_unref(timeline.rows);
  g_array_unref(timeline.articles);
  g_ptr_array_unref(timeline.stories);
  return ok;
}
