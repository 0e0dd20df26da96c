/* Chart `specification`: every specification of one event, sorted by its estimate, above the choices that make it. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum {
  LEFT = 380,
  RIGHT = 1500,
  MEDIAN_X = 1622, /* right edge of the column of medians */
  P_X = 1752,      /* ... of p-values */
  BOTTOM = 92,
  PITCH = 27,
  GROUP_GAP = 14,
  HEAD = 46, /* between the two panels: names of the columns */
  CURVE_HEIGHT = 430,
  MAX_ROWS = 100
};

/* Of specifications: 1 is significant, 0 is not. */
typedef struct point {
  double estimate, low, high;
  bool significant;
  size_t row; /* of specifications.csv */
} point;

struct specification_chart {
  const chart_source *source;
  const json_t *robust;
  aft_table specs, choices; /* choices: row 0 is all of them */
  point *points;            /* [n] by estimate */
  size_t n;
  double bottom, top;          /* of the curve, pixels */
  double low, high, step, gap; /* of the estimates' axis, percent; gap: pixels from one specification to the next */
};

static const char *text(const aft_table *table, size_t row, const char *column) {
  return aft_table_text(table, row, aft_table_find(table, column));
}

static double number(const aft_table *table, size_t row, const char *column) {
  return aft_table_number(table, row, aft_table_find(table, column));
}

static bool read_chart(struct specification_chart *chart, GError **error) {
  const chart_source *source = chart->source;
  chart->robust = json_object_get(source->root, "robust");
  if (!aft_table_read(&chart->specs, source->folder, "specifications.csv", error) ||
      !aft_table_read(&chart->choices, source->folder, "robust_choices.csv", error))
    return false;
  chart->points = g_new(point, MAX(chart->specs.n_rows, 1));
  for (size_t row = 0; row < chart->specs.n_rows; row++) {
    point one = {.estimate = 100 * number(&chart->specs, row, "estimate"),
                 .low = 100 * number(&chart->specs, row, "ci_low"),
                 .high = 100 * number(&chart->specs, row, "ci_high"),
                 .significant = strcmp(text(&chart->specs, row, "significant"), "yes") == 0,
                 .row = row};
    if (isfinite(one.estimate) && isfinite(one.low) && isfinite(one.high)) chart->points[chart->n++] = one;
  }
  if (chart->n == 0) return chart_fail(error, "no specification is defined");
  if (chart->choices.n_rows > MAX_ROWS)
    return chart_fail(error, "%" G_GSIZE_FORMAT " choices are more than the %d that fit", chart->choices.n_rows - 1,
                      MAX_ROWS - 1);
  return true;
}

/* The range of the estimates and of most limits: the widest tenth may leave the panel, or they would squeeze the curve. */
static int compare_numbers(const void *left, const void *right) {
  const double *a = left, *b = right;
  return (*a > *b) - (*a < *b);
}

static void set_scale(struct specification_chart *chart) {
  g_autofree double *low = g_new(double, chart->n), *high = g_new(double, chart->n);
  for (size_t i = 0; i < chart->n; i++) {
    low[i] = chart->points[i].low;
    high[i] = chart->points[i].high;
  }
  qsort(low, chart->n, sizeof *low, compare_numbers);
  qsort(high, chart->n, sizeof *high, compare_numbers);
  double from = fmin(0, fmin(chart->points[0].estimate, low[chart->n / 10]));
  double to = fmax(0, fmax(chart->points[chart->n - 1].estimate, high[chart->n - 1 - chart->n / 10]));
  chart_open_range(&from, &to, 100 * CHART_MARGIN);
  chart_range(from, to, 6, &chart->low, &chart->high, &chart->step);
  chart->gap = (double)(RIGHT - LEFT) / (double)chart->n;
}

static double get_x(const struct specification_chart *chart, size_t i) { return LEFT + ((double)i + 0.5) * chart->gap; }

static double get_y(const struct specification_chart *chart, double percent) {
  double place = (CLAMP(percent, chart->low, chart->high) - chart->low) / (chart->high - chart->low);
  return chart->bottom + place * CURVE_HEIGHT;
}

static void place_curve(const struct specification_chart *chart, GString *limits, GString *points) {
  for (size_t i = 0; i < chart->n; i++) {
    const point *p = &chart->points[i];
    chart_row(limits, get_x(chart, i), get_y(chart, p->low), get_y(chart, p->high), p->significant);
    chart_row(points, get_x(chart, i), get_y(chart, p->estimate), p->significant);
  }
}

static void place_axis(const struct specification_chart *chart, GString *rules, chart_labels *labels) {
  for (int i = 0; chart->low + i * chart->step <= chart->high + chart->step / 2; i++) {
    double tick = chart->low + i * chart->step, y = get_y(chart, tick);
    char buffer[CHART_NUMBER];
    bool is_zero = fabs(tick) < chart->step / 2;
    g_autofree char *label = g_strdup_printf("%s %%", chart_decimal(tick, chart->step < 1 ? 1 : 0, buffer));
    chart_row(rules, LEFT, y, RIGHT - LEFT, 0, is_zero ? 2 : 0);
    chart_labels_try(labels, LEFT - 16, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_INK, label);
  }
  double median = 100 * number(&chart->choices, 0, "median_estimate");
  char buffer[CHART_NUMBER];
  if (!isfinite(median)) return;
  chart_row(rules, LEFT, get_y(chart, median), RIGHT - LEFT, 0, 3);
  g_autofree char *label = g_strdup_printf("median %s %%", chart_decimal(median, 1, buffer));
  chart_labels_add(labels, RIGHT + 16, get_y(chart, median), CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, 0, label);
}

/* Whether a specification has made a choice. */
static bool has_choice(const struct specification_chart *chart, size_t spec, const char *axis, const char *choice) {
  const char *first, *last;
  if (strcmp(axis, "estimation") == 0 || strcmp(axis, "window") == 0) {
    bool before = axis[0] == 'e';
    first = text(&chart->specs, spec, before ? "first_est" : "first");
    last = text(&chart->specs, spec, before ? "last_est" : "last");
    g_autofree char *window = g_strdup_printf("[%s,%s]", first, last);
    return strcmp(window, choice) == 0;
  }
  return strcmp(text(&chart->specs, spec, axis), choice) == 0;
}

static void place_marks(const struct specification_chart *chart, const char *axis, const char *choice, double y,
                        GString *marks) {
  double half = fmax(0.6, 0.36 * chart->gap);
  half = fmin(half, 5);
  for (size_t i = 0; i < chart->n; i++) {
    if (!has_choice(chart, chart->points[i].row, axis, choice)) continue;
    double x = get_x(chart, i);
    chart_row(marks, x - half, x + half, y - 0.34 * PITCH, y + 0.34 * PITCH, chart->points[i].significant);
  }
}

static void place_numbers(const struct specification_chart *chart, size_t row, double y, chart_labels *labels) {
  char buffer[CHART_NUMBER];
  double median = number(&chart->choices, row, "median_estimate"), p = number(&chart->choices, row, "p_value");
  g_autofree char *p_text = g_strdup_printf("%.3f", p);
  chart_labels_add(labels, MEDIAN_X, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_INK,
                   chart_percent(median, 1, buffer));
  chart_labels_add(labels, P_X, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_INK, isfinite(p) ? p_text : "n/a");
}

static const char *title_of(const char *axis) {
  static const char *const titles[][2] = {{"model", "Model"},         {"benchmark", "Benchmark"},
                                          {"returns", "Returns"},     {"estimation", "Estimation"},
                                          {"window", "Event window"}, {"session", "Session"}};
  for (size_t i = 0; i < G_N_ELEMENTS(titles); i++)
    if (strcmp(titles[i][0], axis) == 0) return titles[i][1];
  return axis;
}

/* A row a choice, in groups by axis from the curve down. */
static void place_choices(const struct specification_chart *chart, GString *marks, GString *rules,
                          chart_labels *labels) {
  double y = chart->bottom - HEAD - PITCH / 2.0;
  chart_labels_add(labels, MEDIAN_X, y + PITCH, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_GREY, "median");
  chart_labels_add(labels, P_X, y + PITCH, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_GREY, "joint p");
  const char *before = NULL;
  for (size_t row = 1; row < chart->choices.n_rows; row++) {
    const char *axis = text(&chart->choices, row, "axis"), *choice = text(&chart->choices, row, "choice");
    if (before == NULL || strcmp(axis, before) != 0) {
      if (before != NULL) y -= GROUP_GAP;
      chart_labels_add(labels, 48, y, CHART_ALIGN_LEFT, CHART_WEIGHT_SMALL, CHART_GREY, title_of(axis));
      before = axis;
    }
    g_autofree char *name = chart_text_fit(choice, 210);
    chart_labels_add(labels, LEFT - 16, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_INK, name);
    chart_row(rules, LEFT, y, RIGHT - LEFT, 0, 0);
    place_marks(chart, axis, choice, y, marks);
    place_numbers(chart, row, y, labels);
    y -= PITCH;
  }
}

static double measure_choices(const struct specification_chart *chart) {
  size_t groups = 0;
  for (size_t row = 2; row < chart->choices.n_rows; row++)
    groups += strcmp(text(&chart->choices, row, "axis"), text(&chart->choices, row - 1, "axis")) != 0;
  return PITCH * (double)(chart->choices.n_rows - 1) + GROUP_GAP * (double)groups;
}

/* "NVDA", "The average of 6 firms". Owned. */
static char *name_subject(const struct specification_chart *chart) {
  size_t n = json_array_size(json_object_get(chart->robust, "members"));
  if (n > 0) return g_strdup_printf("The average of %" G_GSIZE_FORMAT " firms", n);
  return chart_text_cut(chart_json_text(chart->robust, "symbol"), 12);
}

/* "NVDA fell under each of 180 specifications (150 significant)". Owned. */
static char *make_title(const struct specification_chart *chart) {
  double n = number(&chart->choices, 0, "n_defined"), negative = number(&chart->choices, 0, "n_negative");
  bool falls = 2 * negative >= n;
  double same = falls ? negative : n - negative;
  double significant = number(&chart->choices, 0, falls ? "significant_negative" : "significant_positive");
  g_autofree char *symbol = name_subject(chart);
  g_autofree char *how = same == n ? g_strdup_printf("each of %.0f", n) : g_strdup_printf("%.0f of %.0f", same, n);
  return g_strdup_printf("%s %s under %s specifications (%.0f significant)", symbol, falls ? "fell" : "rose", how,
                         significant);
}

static void write_texts(const struct specification_chart *chart, GString *out) {
  const json_t *headline = json_array_get(json_object_get(chart->robust, "statistics"), 0);
  double p = chart_json_number(headline, "p_value"), placebos = chart_json_number(chart->robust, "placebos");
  g_autofree char *title = make_title(chart);
  const char *group = chart_json_text(chart->robust, "group");
  bool is_group = *group != '\0' && strcmp(group, "all") != 0;
  g_autofree char *story = chart_text_cut(chart_json_text(chart->robust, "event"), 24);
  g_autofree char *label = is_group ? chart_text_cut(group, 16) : g_strdup("");
  g_autofree char *event = g_strdup_printf("%s%s%s", story, is_group ? ", group " : "", label);
  g_autofree char *joint = isfinite(p)
                               ? g_strdup_printf("joint p %.3f (median t against %.0f placebo dates)", p, placebos)
                               : g_strdup("no placebo dates, so no joint p");
  g_autofree char *subtitle = g_strdup_printf(
      "Abnormal return of %s; blue: significant at %.4g %%; %s", event,
      100 - 100 * chart_json_number(json_object_get(chart->source->root, "study"), "confidence"), joint);
  g_autofree char *footer = chart_footer(chart->source, "prices returns_files", "specifications.csv");
  chart_write_header(out, title, subtitle, footer);
}

static void write_chart(struct specification_chart *chart, GString *out) {
  chart_frame frame;
  g_auto(chart_labels) labels = {0};
  g_autoptr(GString) limits = g_string_new(NULL), rules = g_string_new(NULL);
  g_autoptr(GString) marks = g_string_new(NULL), points = g_string_new(NULL);
  chart->bottom = BOTTOM + measure_choices(chart) + HEAD;
  chart->top = chart->bottom + CURVE_HEIGHT;
  chart_frame_init(&frame, 0);
  frame.top = chart->top;
  frame.height = chart->top + CHART_HEADER;
  chart_labels_init(&labels, frame.height);
  place_curve(chart, limits, points);
  place_axis(chart, rules, &labels);
  place_choices(chart, marks, rules, &labels);
  chart_write_layout(out, &frame);
  write_texts(chart, out);
  chart_write_sessions(out, NULL, chart->source);
  chart_write_labels(out, &labels);
  chart_write_block(out, "limits", "x low high colour", limits);
  chart_write_block(out, "rules", "x y dx dy kind", rules);
  chart_write_block(out, "marks", "left right bottom top colour", marks);
  chart_write_block(out, "points", "x y colour", points);
}

bool chart_specification_build(const chart_source *source, GString *tsv, GError **error) {
  struct specification_chart chart = {.source = source};
  bool ok = read_chart(&chart, error);
  if (ok) {
    set_scale(&chart);
    write_chart(&chart, tsv);
  }
  g_free(chart.points);
  aft_table_clear(&chart.specs);
  aft_table_clear(&chart.choices);
  return ok;
}
