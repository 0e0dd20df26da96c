/* Chart `correlogram`: correlation of news and market by lag, a panel for each pair, for the security with the most articles. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

enum { FIRST_LEFT = 140, RIGHT_EDGE = 1764, GAP = 44, BOTTOM = 190, TOP = 880, MOST_LAGS = 200 };
enum { COLOUR_PLAIN = 1, COLOUR_FOUND = 0 }; /* of the palette: a lag, and one whose familywise p-value is below 5 % */

static const struct {
  const char *series, *title;
} pairs[] = {{"count/abs_abnormal", "Articles and size of the move"},
             {"count/abnormal", "Articles and abnormal return"},
             {"tone/abnormal", "Tone and abnormal return"}};
enum { N_PAIRS = 3 };

struct lag {
  double lag, r, bound, p_max;
};

struct correlogram {
  const chart_source *source;
  const char *symbol;
  struct lag lags[N_PAIRS][MOST_LAGS];
  size_t n[N_PAIRS], n_panels;
  int panel[N_PAIRS]; /* which pair each panel shows */
  double most, longest, days;
  bool found, judged; /* a familywise p-value below 5 %; one at all */
};

static bool read_pair(struct correlogram *chart, int pair, GError **error) {
  g_auto(aft_table) table = {0};
  const char *filter[] = {"symbol", chart->symbol, "series", pairs[pair].series, "coefficient", "pearson", NULL};
  if (!aft_table_read_matching(&table, chart->source->folder, "correlation.csv", filter, error)) return false;
  bool any = false;
  for (size_t row = 0; row < table.n_rows && chart->n[pair] < MOST_LAGS; row++) {
    double n_eff = aft_table_number(&table, row, aft_table_find(&table, "n_eff"));
    struct lag lag = {.lag = aft_table_number(&table, row, aft_table_find(&table, "lag")),
                      .r = aft_table_number(&table, row, aft_table_find(&table, "value")),
                      .bound = fmin(1, 1.959964 / sqrt(n_eff)),
                      .p_max = aft_table_number(&table, row, aft_table_find(&table, "p_value"))};
    if (isnan(lag.lag)) continue;
    chart->longest = fmax(chart->longest, fabs(lag.lag));
    chart->days = fmax(chart->days, aft_table_number(&table, row, aft_table_find(&table, "n")));
    if (!isnan(lag.r)) {
      any = true;
      chart->most = fmax(chart->most, fmax(fabs(lag.r), lag.bound));
      chart->found |= lag.p_max < 0.05;
      chart->judged |= !isnan(lag.p_max);
    }
    chart->lags[pair][chart->n[pair]++] = lag;
  }
  if (any) chart->panel[chart->n_panels++] = pair;
  return true;
}

static double get_left(const struct correlogram *chart, size_t panel, double *right) {
  double n = (double)chart->n_panels, width = (RIGHT_EDGE - FIRST_LEFT - GAP * (n - 1)) / n;
  double left = FIRST_LEFT + (double)panel * (width + GAP);
  *right = left + width;
  return left;
}

static double get_y(const struct correlogram *chart, double r) {
  return BOTTOM + (r + chart->most) / (2 * chart->most) * (TOP - BOTTOM);
}

static double get_x(const struct correlogram *chart, size_t panel, double lag) {
  double right, left = get_left(chart, panel, &right);
  return left + (lag + chart->longest + 0.8) / (2 * chart->longest + 1.6) * (right - left);
}

/* Grid, zero, bounds of each lag, stems. kind: 0 a grid line, 1 an axis, 2 a bound. */
static void draw_panel(const struct correlogram *chart, size_t panel, double step, GString *rules, GString *points,
                       chart_labels *labels) {
  double right, left = get_left(chart, panel, &right);
  int pair = chart->panel[panel];
  for (int k = 0, n = (int)lround(2 * chart->most / step); k <= n; k++) {
    char number[CHART_NUMBER];
    double r = k * step - chart->most;
    bool is_zero = fabs(r) < 1e-9;
    chart_row(rules, left, get_y(chart, r), right - left, 0, is_zero ? 1 : 0);
    if (panel == 0)
      chart_labels_add(labels, left - 14, get_y(chart, r), CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, CHART_INK,
                       chart_decimal(is_zero ? 0 : r, 1, number));
  }
  chart_labels_add(labels, left, TOP + 34, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, CHART_INK, pairs[pair].title);
  double half = 0.4 * (get_x(chart, panel, 1) - get_x(chart, panel, 0));
  int every = (int)ceil((2 * chart->longest + 1) / 11);
  for (size_t i = 0; i < chart->n[pair]; i++) {
    const struct lag *lag = &chart->lags[pair][i];
    double x = get_x(chart, panel, lag->lag);
    char number[CHART_NUMBER];
    if ((int)lag->lag % every == 0)
      chart_labels_add(labels, x, BOTTOM - 28, CHART_ALIGN_CENTER, CHART_WEIGHT_PLAIN, CHART_INK,
                       chart_decimal(lag->lag, 0, number));
    if (isnan(lag->r)) continue;
    for (int side = -1; side <= 1; side += 2)
      chart_row(rules, x - half, get_y(chart, side * lag->bound), 2 * half, 0, 2);
    chart_row(points, x, get_y(chart, lag->r), get_y(chart, 0), lag->p_max < 0.05 ? COLOUR_FOUND : COLOUR_PLAIN);
  }
  chart_labels_add(labels, (left + right) / 2, BOTTOM - 68, CHART_ALIGN_CENTER, CHART_WEIGHT_SMALL, CHART_GREY,
                   "\xE2\x86\x90 market first \xC2\xB7 sessions \xC2\xB7 news first \xE2\x86\x92");
}

static void write_all(const struct correlogram *chart, double step, GString *out) {
  chart_frame canvas = {.height = CHART_HEIGHT, .right = CHART_WIDTH, .x_max = 1, .y_max = 1, .x_step = 1, .y_step = 1};
  g_auto(chart_labels) labels = {0};
  g_autoptr(GString) rules = g_string_new(NULL), points = g_string_new(NULL);
  chart_labels_init(&labels, CHART_HEIGHT);
  for (size_t p = 0; p < chart->n_panels; p++) draw_panel(chart, p, step, rules, points, &labels);
  g_autofree char *symbol = chart_text_cut(chart->symbol, 16);
  g_autofree char *title =
      g_strdup_printf("%s: %s", symbol,
                      chart->found    ? "news and moves go together at the lags in orange"
                      : chart->judged ? "news and moves do not go together beyond chance"
                                      : "too few sessions to tell whether news and moves go together");
  g_autofree char *facts = g_strdup_printf("Pearson, up to %.0f sessions", chart->days);
  g_autofree char *footer = chart_footer(chart->source, "prices returns_files news", facts);
  chart_write_layout(out, &canvas);
  chart_write_header(
      out, title,
      "Correlation by lag; dashes: 95 % bounds of each with its effective sample; orange: familywise p < 0.05", footer);
  chart_write_sessions(out, NULL, chart->source);
  chart_write_labels(out, &labels);
  chart_block block = chart_block_begin(out, "rules", "x y dx dy kind");
  g_string_append_len(out, rules->str, (gssize)rules->len);
  chart_block_end(&block);
  block = chart_block_begin(out, "points", "x y zero colour");
  g_string_append_len(out, points->str, (gssize)points->len);
  chart_block_end(&block);
}

bool chart_correlogram_build(const chart_source *source, GString *tsv, GError **error) {
  g_autofree struct correlogram *chart = g_new0(struct correlogram, 1);
  chart->source = source;
  chart->symbol = chart_json_text(json_object_get(source->root, "correlate"), "busiest");
  for (int pair = 0; pair < N_PAIRS; pair++)
    if (!read_pair(chart, pair, error)) return false;
  if (chart->n_panels == 0) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "no correlation is defined");
    return false;
  }
  double step = chart->most > 0.5 ? 0.2 : 0.1;
  chart->most = step * ceil(fmin(chart->most, 1) / step - 1e-9);
  write_all(chart, step, tsv);
  return true;
}
