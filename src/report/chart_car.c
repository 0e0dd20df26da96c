/* The cumulative abnormal return of the focus event, day by day, with pointwise and simultaneous bands. */
#include "report/chart.h"

#include <aftershock/report/report.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { RIGHT_ROOM = 330, MAX_DAYS = 400 };

struct point {
  int rel;
  double car, low, high, sim_low, sim_high;
};

struct path {
  const chart_source *source;
  struct point *points; /* [n], owned, in order of rel */
  size_t n;
  chart_frame frame;
};

static int compare_points(const void *a, const void *b) {
  const struct point *x = (const struct point *)a, *y = (const struct point *)b;
  return (x->rel > y->rel) - (x->rel < y->rel);
}

static bool read_points(struct path *path, GError **error) {
  const chart_source *source = path->source;
  g_auto(aft_table) table = {0};
  if (source->grid_first == source->grid_last) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "one day is no path");
    return false;
  }
  if (!chart_source_read_focus(source, "paths.csv", source->model, &table, error)) return false;
  int rel = aft_table_find(&table, "rel_day"), car = aft_table_find(&table, "car"),
      low = aft_table_find(&table, "ci_low"), high = aft_table_find(&table, "ci_high"),
      sim_low = aft_table_find(&table, "sim_low"), sim_high = aft_table_find(&table, "sim_high");
  path->points = g_new(struct point, MAX(table.n_rows, 1));
  for (size_t row = 0; row < table.n_rows; row++) {
    double day = aft_table_number(&table, row, rel);
    struct point point = {.car = aft_table_number(&table, row, car),
                          .low = aft_table_number(&table, row, low),
                          .high = aft_table_number(&table, row, high),
                          .sim_low = aft_table_number(&table, row, sim_low),
                          .sim_high = aft_table_number(&table, row, sim_high)};
    if (isnan(point.car) || !(fabs(day) <= MAX_DAYS)) continue;
    point.rel = (int)day;
    path->points[path->n++] = point;
  }
  if (path->n < 2)
    return chart_fail(error, "paths.csv has fewer than two days of %s/%s under %s", source->event, source->symbol,
                      source->model);
  qsort(path->points, path->n, sizeof *path->points, compare_points);
  return true;
}

static void set_frame(struct path *path) {
  double low = 0, high = 0;
  for (size_t i = 0; i < path->n; i++) {
    const struct point *p = &path->points[i];
    const double values[] = {p->car, p->low, p->high, p->sim_low, p->sim_high};
    for (size_t k = 0; k < G_N_ELEMENTS(values); k++) { /* fmin and fmax pass over NaN */
      low = fmin(low, values[k]);
      high = fmax(high, values[k]);
    }
  }
  chart_open_range(&low, &high, CHART_MARGIN);
  chart_frame *frame = &path->frame;
  chart_frame_init(frame, RIGHT_ROOM);
  chart_frame_sessions(frame, path->points[0].rel, path->points[path->n - 1].rel);
  chart_range(100 * low, 100 * high, 7, &frame->y_min, &frame->y_max, &frame->y_step);
}

/* The three lines are named at their right ends; the event at the top of its line. */
static void label(const struct path *path, chart_labels *labels) {
  const chart_frame *frame = &path->frame;
  const struct point *end = &path->points[path->n - 1];
  char percent[CHART_NUMBER];
  g_autofree char *car = g_strdup_printf("CAR %s", chart_percent(end->car, 1, percent));
  g_autofree char *each = g_strdup_printf("%s, each day", path->source->confidence);
  g_autofree char *all = g_strdup_printf("%s, all days", path->source->confidence);
  const struct {
    double value;
    const char *text;
    enum chart_weight weight;
    int colour;
  } lines[] = {{end->sim_high, all, CHART_WEIGHT_PLAIN, CHART_GREY},
               {end->high, each, CHART_WEIGHT_PLAIN, 1},
               {end->car, car, CHART_WEIGHT_STRONG, 0}};
  double y[G_N_ELEMENTS(lines)];
  size_t shown[G_N_ELEMENTS(lines)], n = 0;
  for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
    if (isnan(lines[i].value)) continue;
    y[n] = chart_frame_y(frame, 100 * lines[i].value);
    shown[n++] = i;
  }
  chart_spread(y, n, CHART_LINE + 2);
  for (size_t i = 0; i < n; i++)
    chart_labels_add(labels, frame->right + 12, y[i], CHART_ALIGN_LEFT, lines[shown[i]].weight, lines[shown[i]].colour,
                     lines[shown[i]].text);
  if (path->points[0].rel > 0 || end->rel < 0) return;
  g_autofree char *event = chart_text_cut(path->source->event, 24);
  g_autofree char *text = g_strdup_printf("%s, %s", event, path->source->session);
  chart_labels_add(labels, chart_frame_x(frame, 0) + 12, frame->top - 14, CHART_ALIGN_LEFT, CHART_WEIGHT_PLAIN, 0,
                   text);
}

/* How many days have a band, and how many of the bands leave out zero, pointwise and simultaneously. */
static void count_days(const struct path *path, size_t *n, size_t *each, size_t *all) {
  *n = *each = *all = 0;
  for (size_t i = 0; i < path->n; i++) {
    const struct point *p = &path->points[i];
    if (!isnan(p->low) || !isnan(p->sim_low)) ++*n;
    if (p->low > 0 || p->high < 0) ++*each;
    if (p->sim_low > 0 || p->sim_high < 0) ++*all;
  }
}

static void write_texts(const struct path *path, GString *out) {
  const chart_source *source = path->source;
  const struct point *end = &path->points[path->n - 1];
  size_t n, each, all;
  count_days(path, &n, &each, &all);
  char percent[CHART_NUMBER], first[CHART_NUMBER], last[CHART_NUMBER], n_obs[CHART_NUMBER];
  chart_decimal(path->points[0].rel, 0, first);
  chart_decimal(end->rel, 0, last);
  g_autofree char *symbol = chart_text_cut(source->symbol, 16);
  g_autofree char *title = g_strdup_printf("%s: cumulative abnormal return %s from session %s to %s", symbol,
                                           chart_percent(end->car, 1, percent), first, last);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_string_printf(subtitle, "Percent, added up from session %s", first);
  if (n > 0)
    g_string_append_printf(
        subtitle, "; zero lies outside the band on %zu of %zu sessions taken singly, %zu taken together", each, n, all);
  g_autoptr(GString) facts = g_string_new(NULL);
  chart_decimal(chart_source_n_obs(source, source->model), 0, n_obs);
  g_string_printf(facts, "%s, n = %s", source->model, n_obs);
  if (n > 0) /* over the window, whether or not every session of it has a return */
    g_string_append_printf(facts, " · all days: Bonferroni over %d sessions",
                           source->grid_last - source->grid_first + 1);
  g_autofree char *footer = chart_footer(source, "prices returns_files", facts->str);
  chart_write_header(out, title, subtitle->str, footer);
}

bool chart_car_build(const chart_source *source, GString *tsv, GError **error) {
  struct path path = {.source = source};
  bool ok = read_points(&path, error);
  if (ok) {
    set_frame(&path);
    g_auto(chart_labels) labels = {0};
    chart_labels_init(&labels, path.frame.height);
    label(&path, &labels);
    chart_write_layout(tsv, &path.frame);
    write_texts(&path, tsv);
    chart_write_sessions(tsv, &path.frame, source);
    chart_write_labels(tsv, &labels);
    chart_block block = chart_block_begin(tsv, "path_percent", "rel_day car ci_low ci_high sim_low sim_high");
    for (size_t i = 0; i < path.n; i++) {
      const struct point *p = &path.points[i];
      chart_row(tsv, p->rel, 100 * p->car, 100 * p->low, 100 * p->high, 100 * p->sim_low, 100 * p->sim_high);
    }
    chart_block_end(&block);
  }
  g_free(path.points);
  return ok;
}
