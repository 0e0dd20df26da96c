/* Daily abnormal returns of the focus event against the limits within which chance alone would keep them. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { RIGHT_ROOM = 60, MAX_DAYS = 400, MAX_EVENTS = 6 };

struct day {
  int rel;
  double value, limit; /* fractions; limit: half width of the band around zero */
  double statistic;
};

struct abnormal {
  const chart_source *source;
  struct day *days; /* [n], owned, in order of rel */
  size_t n;
  chart_frame frame;
};

/*
 * How many standard errors the interval of the study's confidence has: read off an interval in car.csv, because
 * quantiles are computed in one place only. NaN when no window has one.
 */
static double find_quantile(const chart_source *source) {
  g_auto(aft_table) table = {0};
  if (!chart_source_read_focus(source, "car.csv", source->model, &table, NULL)) return (double)NAN;
  int car = aft_table_find(&table, "car"), se = aft_table_find(&table, "standard_error"),
      high = aft_table_find(&table, "ci_high");
  for (size_t row = 0; row < table.n_rows; row++) {
    double error = aft_table_number(&table, row, se);
    double quantile = (aft_table_number(&table, row, high) - aft_table_number(&table, row, car)) / error;
    if (error > 0 && isfinite(quantile)) return quantile;
  }
  return (double)NAN;
}

static int compare_days(const void *a, const void *b) {
  const struct day *x = (const struct day *)a, *y = (const struct day *)b;
  return (x->rel > y->rel) - (x->rel < y->rel);
}

static bool read_days(struct abnormal *abnormal, GError **error) {
  const chart_source *source = abnormal->source;
  g_auto(aft_table) table = {0};
  if (!chart_source_read_focus(source, "abnormal.csv", source->model, &table, error)) return false;
  int rel = aft_table_find(&table, "rel_day"), value = aft_table_find(&table, "abnormal"),
      se = aft_table_find(&table, "standard_error"), statistic = aft_table_find(&table, "statistic");
  double quantile = find_quantile(source);
  abnormal->days = g_new(struct day, MAX(table.n_rows, 1));
  for (size_t row = 0; row < table.n_rows; row++) {
    double day = aft_table_number(&table, row, rel);
    struct day read = {.value = aft_table_number(&table, row, value),
                       .limit = quantile * aft_table_number(&table, row, se),
                       .statistic = aft_table_number(&table, row, statistic)};
    if (isnan(read.value) || !(fabs(day) <= MAX_DAYS)) continue;
    read.rel = (int)day;
    abnormal->days[abnormal->n++] = read;
  }
  if (abnormal->n == 0)
    return chart_fail(error, "abnormal.csv has no days of %s/%s under %s", source->event, source->symbol,
                      source->model);
  qsort(abnormal->days, abnormal->n, sizeof *abnormal->days, compare_days);
  return true;
}

static void set_frame(struct abnormal *abnormal) {
  double low = 0, high = 0;
  for (size_t i = 0; i < abnormal->n; i++) {
    const struct day *day = &abnormal->days[i];
    double limit = isnan(day->limit) ? 0 : day->limit;
    low = fmin(low, fmin(day->value, -limit));
    high = fmax(high, fmax(day->value, limit));
  }
  chart_open_range(&low, &high, CHART_MARGIN);
  chart_frame *frame = &abnormal->frame;
  chart_frame_init(frame, RIGHT_ROOM);
  chart_frame_sessions(frame, abnormal->days[0].rel, abnormal->days[abnormal->n - 1].rel);
  double first, last, margin = 0.08 * (high - low); /* room for the labels of the outermost bars */
  chart_range(100 * low, 100 * high, 7, &first, &last, &frame->y_step);
  frame->y_min = 100 * (low - margin);
  frame->y_max = 100 * (high + 1.6 * margin);
}

static void block_bars(const struct abnormal *abnormal, chart_labels *labels) {
  double zero = chart_frame_y(&abnormal->frame, 0);
  for (size_t i = 0; i < abnormal->n; i++) {
    const struct day *day = &abnormal->days[i];
    double y = chart_frame_y(&abnormal->frame, 100 * day->value);
    chart_labels_block(labels,
                       (chart_box){chart_frame_x(&abnormal->frame, day->rel - 0.3),
                                   chart_frame_x(&abnormal->frame, day->rel + 0.3), fmin(y, zero), fmax(y, zero)});
  }
}

/* Beyond the end of its bar, farther out when neighbours are in the way. */
static void label_focus(const struct abnormal *abnormal, const struct day *day, chart_labels *labels) {
  char percent[CHART_NUMBER], statistic[CHART_NUMBER];
  chart_percent(day->value, 1, percent);
  g_autofree char *text = isnan(day->statistic)
                              ? g_strdup(percent)
                              : g_strdup_printf("%s (t = %s)", percent, chart_decimal(day->statistic, 2, statistic));
  double x = chart_frame_x(&abnormal->frame, day->rel), y = chart_frame_y(&abnormal->frame, 100 * day->value);
  double side = day->value < 0 ? -1 : 1;
  for (int away = 24; away < 600; away += 8) {
    double at = y + side * away;
    if (at < abnormal->frame.bottom + CHART_LINE / 2.0 || at > abnormal->frame.top - 2 * CHART_LINE) break;
    if (chart_labels_try(labels, x, at, CHART_ALIGN_CENTER, CHART_WEIGHT_STRONG, 0, text)) return;
  }
  chart_labels_add(labels, x, y + 24 * side, CHART_ALIGN_CENTER, CHART_WEIGHT_STRONG, 0, text);
}

/* The focus day always, other days beyond their limits where there is room. */
static void label_days(const struct abnormal *abnormal, chart_labels *labels) {
  for (size_t i = 0; i < abnormal->n; i++)
    if (abnormal->days[i].rel == 0) label_focus(abnormal, &abnormal->days[i], labels);
  for (size_t i = 0; i < abnormal->n; i++) {
    const struct day *day = &abnormal->days[i];
    if (day->rel == 0 || !(fabs(day->value) > day->limit)) continue;
    char percent[CHART_NUMBER];
    double x = chart_frame_x(&abnormal->frame, day->rel);
    double y = chart_frame_y(&abnormal->frame, 100 * day->value) + (day->value < 0 ? -24 : 24);
    chart_labels_try(labels, x, y, CHART_ALIGN_CENTER, CHART_WEIGHT_PLAIN, CHART_INK,
                     chart_percent(day->value, 1, percent));
  }
}

/* Other events of the same security inside the panel: a line each in marks, and a label at the top. */
static bool mark_events(const struct abnormal *abnormal, GString *marks, chart_labels *labels, GError **error) {
  const chart_source *source = abnormal->source;
  const char *filter[] = {"symbol", source->symbol, "status", "used", NULL};
  g_auto(aft_table) events = {0};
  if (!aft_table_read_matching(&events, source->folder, "events.csv", filter, error)) return false;
  int event = aft_table_find(&events, "event"), session = aft_table_find(&events, "session"), n = 0;
  for (size_t row = 0; row < events.n_rows && n < MAX_EVENTS; row++) {
    int rel;
    if (!chart_source_find(source, aft_table_text(&events, row, session), &rel)) continue;
    if (rel < abnormal->days[0].rel || rel > abnormal->days[abnormal->n - 1].rel) continue;
    g_autofree char *name = chart_text_cut(aft_table_text(&events, row, event), 24);
    bool focus = strcmp(aft_table_text(&events, row, event), source->event) == 0;
    double x = chart_frame_x(&abnormal->frame, rel), y = abnormal->frame.top - 16;
    bool left = x > (abnormal->frame.left + abnormal->frame.right) / 2;
    enum chart_align align = focus ? CHART_ALIGN_CENTER : left ? CHART_ALIGN_RIGHT : CHART_ALIGN_LEFT;
    double at = focus ? x : left ? x - 10 : x + 10;
    for (int level = 0; level < 3; level++)
      if (chart_labels_try(labels, at, y - 34 * level, align, focus ? CHART_WEIGHT_STRONG : CHART_WEIGHT_PLAIN,
                           focus ? 0 : 1, name))
        break;
    if (!focus) chart_row(marks, rel, 1);
    n++;
  }
  return true;
}

static void write_texts(const struct abnormal *abnormal, GString *out) {
  const chart_source *source = abnormal->source;
  double focus = (double)NAN;
  size_t beyond = 0, limits = 0;
  for (size_t i = 0; i < abnormal->n; i++) {
    const struct day *day = &abnormal->days[i];
    if (day->rel == 0) focus = day->value;
    if (!isnan(day->limit)) limits++;
    if (fabs(day->value) > day->limit) beyond++;
  }
  char percent[CHART_NUMBER], first[CHART_NUMBER], last[CHART_NUMBER], n_obs[CHART_NUMBER];
  g_autofree char *symbol = chart_text_cut(source->symbol, 16);
  g_autofree char *title =
      g_strdup_printf("%s: abnormal return %s on %s", symbol, chart_percent(focus, 1, percent), source->session);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_string_printf(subtitle, "%s; percent a session", source->model_title);
  if (limits > 0) g_string_append_printf(subtitle, "; band: where %s of days without news fall", source->confidence);
  g_autoptr(GString) facts = g_string_new(NULL);
  g_string_printf(facts, "%s, n = %s · sessions %s to %s", source->model,
                  chart_decimal(chart_source_n_obs(source, source->model), 0, n_obs),
                  chart_decimal(abnormal->days[0].rel, 0, first),
                  chart_decimal(abnormal->days[abnormal->n - 1].rel, 0, last));
  if (limits > 0) g_string_append_printf(facts, ", %zu of %zu beyond the band", beyond, limits);
  g_autofree char *footer = chart_footer(source, "prices returns_files", facts->str);
  chart_write_header(out, title, subtitle->str, footer);
}

static bool write(const struct abnormal *abnormal, GString *out, GError **error) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, abnormal->frame.height);
  g_autoptr(GString) marks = g_string_new(NULL);
  block_bars(abnormal, &labels);
  label_days(abnormal, &labels);
  if (!mark_events(abnormal, marks, &labels, error)) return false;
  chart_write_layout(out, &abnormal->frame);
  write_texts(abnormal, out);
  chart_write_sessions(out, &abnormal->frame, abnormal->source);
  chart_write_labels(out, &labels);
  chart_block days = chart_block_begin(out, "days", "rel_day abnormal_percent limit_percent kind");
  for (size_t i = 0; i < abnormal->n; i++) {
    const struct day *day = &abnormal->days[i];
    chart_row(out, day->rel, 100 * day->value, 100 * day->limit,
              day->rel == 0                   ? 2
              : fabs(day->value) > day->limit ? 1
                                              : 0);
  }
  chart_block_end(&days);
  chart_block band = chart_block_begin(out, "band", "x low_percent high_percent");
  for (size_t i = 0; i < abnormal->n; i++) {
    const struct day *day = &abnormal->days[i];
    chart_row(out, day->rel - 0.5, -100 * day->limit, 100 * day->limit);
    chart_row(out, day->rel + 0.5, -100 * day->limit, 100 * day->limit);
  }
  chart_block_end(&band);
  chart_block block = chart_block_begin(out, "events", "rel_day colour");
  g_string_append_len(out, marks->str, (gssize)marks->len);
  chart_block_end(&block);
  return true;
}

bool chart_abnormal_build(const chart_source *source, GString *tsv, GError **error) {
  struct abnormal abnormal = {.source = source};
  bool ok = read_days(&abnormal, error);
  if (ok) {
    set_frame(&abnormal);
    ok = write(&abnormal, tsv, error);
  }
  g_free(abnormal.days);
  return ok;
}
