/* Chart `placebo`: the CAR of a case's event inside the distribution of those of its placebo dates. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_CLASSES = 41, LEFT = 130, RIGHT = 1752, BOTTOM = 190, PANEL_HEIGHT = 560, TOP = BOTTOM + PANEL_HEIGHT };
enum { COLOUR_ALL = 0, COLOUR_MATCHED = 1 };

struct placebo_chart {
  const chart_source *source; /* of case.json */
  aft_table cases, placebos;
  int first, last; /* the window */
  double car, threshold, p_matched, n_dates, n_matched;
  double low, step, n_most; /* classes begin at low; the fullest has n_most dates */
  unsigned all[N_CLASSES], matched[N_CLASSES];
};

static double number(const struct placebo_chart *chart, const char *column) {
  return aft_table_number(&chart->cases, 0, aft_table_find(&chart->cases, column));
}

static bool read_case(struct placebo_chart *chart, GError **error) {
  const chart_source *source = chart->source;
  if (!aft_table_read(&chart->cases, source->folder, "case.csv", error)) return false;
  if (chart->cases.n_rows == 0) return chart_fail(error, "case.csv has no rows");
  chart->first = (int)CLAMP(number(chart, "first"), -100000, 100000);
  chart->last = (int)CLAMP(number(chart, "last"), -100000, 100000);
  chart->car = number(chart, "car");
  chart->threshold = number(chart, "threshold");
  chart->p_matched = number(chart, "p_matched");
  chart->n_dates = number(chart, "n_dates");
  chart->n_matched = number(chart, "n_matched");
  g_autofree char *from = g_strdup_printf("%d", chart->first), *to = g_strdup_printf("%d", chart->last);
  const char *filter[] = {"kind", "date", "first", from, "last", to, NULL};
  if (!aft_table_read_matching(&chart->placebos, source->folder, "case_placebos.csv", filter, error)) return false;
  if (!isfinite(chart->car) || chart->placebos.n_rows == 0)
    return chart_fail(error, "the event has no CAR over the first window, or no placebo dates");
  return true;
}

/* Classes of one width from the smallest to the largest CAR, the event's included. */
static void count(struct placebo_chart *chart) {
  int car = aft_table_find(&chart->placebos, "car"), matched = aft_table_find(&chart->placebos, "matched");
  double low = chart->car, high = chart->car;
  for (size_t row = 0; row < chart->placebos.n_rows; row++) {
    double value = aft_table_number(&chart->placebos, row, car);
    low = fmin(low, value);
    high = fmax(high, value);
  }
  chart_open_range(&low, &high, CHART_MARGIN);
  double margin = 0.02 * (high - low);
  chart->low = low - margin;
  chart->step = (high - low + 2 * margin) / N_CLASSES;
  for (size_t row = 0; row < chart->placebos.n_rows; row++) {
    double value = aft_table_number(&chart->placebos, row, car);
    if (!isfinite(value)) continue;
    int k = (int)CLAMP((value - chart->low) / chart->step, 0, N_CLASSES - 1);
    chart->all[k]++;
    if (strcmp(aft_table_text(&chart->placebos, row, matched), "yes") == 0) chart->matched[k]++;
    chart->n_most = fmax(chart->n_most, chart->all[k]);
  }
}

static double get_x(const struct placebo_chart *chart, double value) {
  return LEFT + (value - chart->low) / (chart->step * N_CLASSES) * (RIGHT - LEFT);
}

static double get_y(const struct placebo_chart *chart, double n) {
  return BOTTOM + n / chart->n_most * 0.82 * PANEL_HEIGHT;
}

static void place_bars(const struct placebo_chart *chart, GString *bars) {
  for (int k = 0; k < N_CLASSES; k++) {
    double left = get_x(chart, chart->low + k * chart->step), right = get_x(chart, chart->low + (k + 1) * chart->step);
    if (chart->all[k] > 0) chart_row(bars, left + 1.5, right - 1.5, BOTTOM, get_y(chart, chart->all[k]), COLOUR_ALL);
    if (chart->matched[k] > 0)
      chart_row(bars, left + 1.5, right - 1.5, BOTTOM, get_y(chart, chart->matched[k]), COLOUR_MATCHED);
  }
}

static void place_axes(const struct placebo_chart *chart, GString *rules, chart_labels *labels) {
  double first, last, step, high = chart->low + chart->step * N_CLASSES;
  chart_range(100 * chart->low, 100 * high, 8, &first, &last, &step);
  for (long k = (long)ceil(100 * chart->low / step), end = (long)floor(100 * high / step); k <= end; k++) {
    char text[CHART_NUMBER];
    double tick = (double)k * step;
    double x = get_x(chart, tick / 100);
    g_autofree char *label = g_strdup_printf("%s %%", chart_decimal(tick, step < 1 ? 1 : 0, text));
    chart_row(rules, x, BOTTOM, 0, -8, 1);
    chart_labels_try(labels, x, BOTTOM - 30, CHART_ALIGN_CENTER, CHART_WEIGHT_PLAIN, CHART_INK, label);
  }
  chart_range(0, chart->n_most, 4, &first, &last, &step);
  for (int k = 1; get_y(chart, k * fmax(1, step)) <= TOP; k++) {
    double tick = k * fmax(1, step);
    g_autofree char *label = g_strdup_printf("%.0f", tick);
    chart_row(rules, LEFT, get_y(chart, tick), RIGHT - LEFT, 0, 0);
    chart_labels_try(labels, LEFT - 16, get_y(chart, tick), CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, CHART_INK, label);
  }
  chart_row(rules, LEFT, BOTTOM, RIGHT - LEFT, 0, 1);
}

/* The event, and the limits of its t test, with what they are. */
static void place_lines(const struct placebo_chart *chart, GString *rules, chart_labels *labels) {
  char text[CHART_NUMBER];
  double x = get_x(chart, chart->car), high = chart->low + chart->step * N_CLASSES;
  bool is_left = x > (LEFT + RIGHT) / 2.0;
  chart_row(rules, x, BOTTOM, 0, PANEL_HEIGHT, 2);
  g_autofree char *symbol = chart_text_cut(chart_json_text(chart->source->root, "symbol"), 12);
  g_autofree char *label = g_strdup_printf("%s, the event: %s", symbol, chart_percent(chart->car, 1, text));
  chart_labels_add(labels, is_left ? x - 16 : x + 16, TOP - 20, is_left ? CHART_ALIGN_RIGHT : CHART_ALIGN_LEFT,
                   CHART_WEIGHT_STRONG, 0, label);
  for (int side = -1; side <= 1; side += 2) {
    double limit = side * chart->threshold;
    if (!isfinite(limit) || limit < chart->low || limit > high) continue;
    chart_row(rules, get_x(chart, limit), BOTTOM, 0, 0.9 * PANEL_HEIGHT, 3);
    g_autofree char *name = g_strdup_printf("t test: %s", chart_percent(limit, 1, text));
    chart_labels_try(labels, get_x(chart, limit) + (side > 0 ? 12 : -12), BOTTOM + 0.88 * PANEL_HEIGHT,
                     side > 0 ? CHART_ALIGN_LEFT : CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_INK, name);
  }
}

static void write_texts(const struct placebo_chart *chart, GString *out) {
  char from[CHART_NUMBER], to[CHART_NUMBER], move[CHART_NUMBER];
  const json_t *root = chart->source->root;
  double n_extreme = round(chart->p_matched * (chart->n_matched + 1)) - 1;
  g_autofree char *symbol = chart_text_cut(chart_json_text(root, "symbol"), 12);
  g_autofree char *some = g_strdup_printf("%.0f", n_extreme);
  g_autofree char *title =
      isfinite(n_extreme)
          ? g_strdup_printf("%s of %.0f like days without the news moved %s as far as %s",
                            n_extreme > 0 ? some : "None", chart->n_matched, symbol, chart_percent(chart->car, 1, move))
          : g_strdup_printf("%s moved %s", symbol, chart_percent(chart->car, 1, move));
  g_autofree char *subtitle = g_strdup_printf(
      "Abnormal return over [%s, %s] on %.0f placebo dates; dark: the %.0f of them with the nearest volatility before",
      chart_decimal(chart->first, 0, from), chart_decimal(chart->last, 0, to), chart->n_dates, chart->n_matched);
  g_autofree char *facts =
      g_strdup_printf("model %s", aft_table_text(&chart->cases, 0, aft_table_find(&chart->cases, "model")));
  g_autofree char *footer = chart_footer(chart->source, "prices returns_files", facts);
  chart_write_header(out, title, subtitle, footer);
}

static void write_chart(const struct placebo_chart *chart, GString *out) {
  chart_frame frame;
  g_auto(chart_labels) labels = {0};
  g_autoptr(GString) bars = g_string_new(NULL), rules = g_string_new(NULL);
  chart_frame_init(&frame, 0);
  frame.top = TOP;
  frame.height = TOP + CHART_HEADER;
  chart_labels_init(&labels, frame.height);
  place_bars(chart, bars);
  place_lines(chart, rules, &labels);
  place_axes(chart, rules, &labels);
  chart_labels_add(&labels, (LEFT + RIGHT) / 2.0, BOTTOM - 76, CHART_ALIGN_CENTER, CHART_WEIGHT_SMALL, CHART_GREY,
                   "abnormal return; height: number of dates");
  chart_write_layout(out, &frame);
  write_texts(chart, out);
  chart_write_sessions(out, NULL, chart->source);
  chart_write_labels(out, &labels);
  chart_write_block(out, "bars", "left right bottom top colour", bars);
  chart_write_block(out, "rules", "x y dx dy kind", rules);
}

bool chart_placebo_build(const chart_source *source, GString *tsv, GError **error) {
  struct placebo_chart chart = {.source = source};
  bool ok = read_case(&chart, error);
  if (ok) {
    count(&chart);
    write_chart(&chart, tsv);
  }
  aft_table_clear(&chart.cases);
  aft_table_clear(&chart.placebos);
  return ok;
}
