/* Chart `size`: how often each test rejects over the study's own data, a panel for each design of the simulation. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/report/report.h>

#include "report/simulation.h"
#include "report/story.h"

#include <aftershock/base/banned.h>

enum {
  MAX_PANELS = 6,
  MAX_TESTS = 60,
  FIRST_LEFT = 340,
  RIGHT_EDGE = 1764,
  PANEL_GAP = 34,
  PITCH = 30,
  PANEL_HEAD = 104,
  BOTTOM = 120
};

#define TWO_SIDED_95 1.959964 /* of the normal distribution */

/* Colours of the palette: a rate that is as it should be or better, and one that is too high. */
enum { COLOUR_GOOD = 1, COLOUR_HIGH = 3 };

struct rate {
  int test; /* place in names */
  double rate, error;
};

struct panel {
  simulation_design design;
  GArray *rates;            /* of struct rate */
  double left, right, most; /* pixels; rate at the right edge */
};

struct size_chart {
  const chart_source *source;
  struct panel panels[MAX_PANELS];
  size_t n_panels, n_designs;
  GPtrArray *names; /* of the tests, in the order of the file */
  double level, replications, top, height;
  int first, last; /* the window */
};

static bool read_panel(struct size_chart *chart, struct panel *panel, GError **error) {
  g_auto(aft_table) table = {0};
  if (!simulation_read_rows(&table, chart->source->folder, chart->source->root, panel->design.name, error))
    return false;
  int test = aft_table_find(&table, "test"), rate = aft_table_find(&table, "rate"),
      se = aft_table_find(&table, "monte_carlo_se");
  for (size_t row = 0; row < table.n_rows; row++) {
    struct rate one = {.test = chart_names_index(chart->names, aft_table_text(&table, row, test)),
                       .rate = aft_table_number(&table, row, rate),
                       .error = aft_table_number(&table, row, se)};
    if (one.test < MAX_TESTS && one.rate >= 0 && one.rate <= 1) g_array_append_val(panel->rates, one);
  }
  return true;
}

static bool read_chart(struct size_chart *chart, GError **error) {
  const json_t *root = chart->source->root, *simulation = json_object_get(root, "simulation");
  simulation_design designs[SIMULATION_MAX_DESIGNS];
  chart->n_designs = simulation_read_designs(root, designs);
  chart->level = chart_json_number(simulation, "level");
  chart->replications = chart_json_number(simulation, "replications");
  simulation_first_window(root, &chart->first, &chart->last);
  if (!(chart->level > 0 && chart->level < 1) || !(chart->replications >= 1) || chart->n_designs == 0)
    return chart_fail(error, "simulation.json has no designs, level or replications");
  for (size_t p = 0; p < chart->n_designs && p < MAX_PANELS; p++) {
    struct panel *panel = &chart->panels[chart->n_panels++];
    panel->design = designs[p];
    panel->rates = g_array_new(FALSE, FALSE, sizeof(struct rate));
    if (!read_panel(chart, panel, error)) return false;
  }
  if (chart->names->len == 0) return chart_fail(error, "no test was defined over [%d, %d]", chart->first, chart->last);
  return true;
}

/* 1.96 of its errors, cut to [0, 1]: how far a rate may be from what more replications would give. */
static void get_limits(const struct rate *rate, double *low, double *high) {
  double reach = TWO_SIDED_95 * (isnan(rate->error) ? 0 : rate->error);
  *low = fmax(0, rate->rate - reach);
  *high = fmin(1, rate->rate + reach);
}

/* Tests of the variance find what a design of more variance put there: they must not squeeze the others' scale. */
static bool sets_scale(const struct size_chart *chart, const struct rate *rate) {
  const aft_known_test *known = aft_story_known_test(g_ptr_array_index(chart->names, rate->test));
  return known == NULL || known->about_mean;
}

/* Panels without an effect share one scale; power is shown from 0 to 100 %. */
static void set_panels(struct size_chart *chart) {
  double most = 2 * chart->level;
  for (size_t p = 0; p < chart->n_panels; p++)
    for (guint i = 0; chart->panels[p].design.shift == 0 && i < chart->panels[p].rates->len; i++) {
      const struct rate *rate = &g_array_index(chart->panels[p].rates, struct rate, i);
      double low, high;
      get_limits(rate, &low, &high);
      if (sets_scale(chart, rate)) most = fmax(most, high);
    }
  double width = (RIGHT_EDGE - FIRST_LEFT - PANEL_GAP * (double)(chart->n_panels - 1)) / (double)chart->n_panels;
  for (size_t p = 0; p < chart->n_panels; p++) {
    struct panel *panel = &chart->panels[p];
    panel->left = FIRST_LEFT + (double)p * (width + PANEL_GAP);
    panel->right = panel->left + width;
    panel->most = panel->design.shift == 0 ? most : 1;
  }
  guint rows = MIN(chart->names->len, MAX_TESTS);
  chart->top = BOTTOM + PITCH * (double)rows;
  chart->height = chart->top + PANEL_HEAD + CHART_HEADER - 30;
}

static double get_x(const struct panel *panel, double rate) {
  return panel->left + rate / panel->most * (panel->right - panel->left);
}

static double get_y(const struct size_chart *chart, int test) { return chart->top - PITCH * (test + 0.5); }

/* A rate beyond the panel is its number at the edge. */
static void place_rates(const struct size_chart *chart, const struct panel *panel, GString *points,
                        chart_labels *labels) {
  for (guint i = 0; i < panel->rates->len; i++) {
    const struct rate *rate = &g_array_index(panel->rates, struct rate, i);
    bool is_high = panel->design.shift == 0 && aft_simulation_is_too_high(rate->rate, chart->level);
    double low, high, y = get_y(chart, rate->test);
    int colour = is_high ? COLOUR_HIGH : COLOUR_GOOD;
    get_limits(rate, &low, &high);
    if (rate->rate <= panel->most) {
      chart_row(points, get_x(panel, rate->rate), y, get_x(panel, low), get_x(panel, fmin(high, panel->most)), colour);
      continue;
    }
    g_autofree char *text = g_strdup_printf("%.0f %% \xE2\x86\x92", 100 * rate->rate);
    chart_labels_add(labels, panel->right, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, colour, text);
  }
}

/* Title of the design, a line for each of its terms, and its number of events. */
static void place_head(const struct size_chart *chart, const struct panel *panel, chart_labels *labels) {
  g_autofree char *title = simulation_design_title(&panel->design, "\n");
  g_auto(GStrv) lines = g_strsplit(title, "\n", -1);
  double y = chart->top + 22 + 30 * (double)g_strv_length(lines);
  double middle = (panel->left + panel->right) / 2;
  for (char **line = lines; *line != NULL; line++, y -= 30)
    chart_labels_add(labels, middle, y, CHART_ALIGN_CENTER, CHART_WEIGHT_STRONG, CHART_INK, *line);
  g_autofree char *n = g_strdup_printf("N = %.0f", panel->design.n_events);
  chart_labels_add(labels, middle, y, CHART_ALIGN_CENTER, CHART_WEIGHT_SMALL, CHART_GREY, n);
}

static void place_axis(const struct size_chart *chart, const struct panel *panel, GString *rules,
                       chart_labels *labels) {
  double first, last, step, height = chart->top - BOTTOM;
  chart_range(0, 100 * panel->most, 3, &first, &last, &step);
  int n_steps = (int)floor(100 * panel->most / step + 1e-9);
  for (int i = 0; i <= n_steps; i++) {
    double tick = i * step;
    double x = get_x(panel, tick / 100);
    g_autofree char *text = g_strdup_printf("%g %%", tick);
    chart_row(rules, x, BOTTOM, 0, height, tick > 0 ? 0 : 1);
    chart_labels_try(labels, x, BOTTOM - 26, CHART_ALIGN_CENTER, CHART_WEIGHT_SMALL, CHART_INK, text);
  }
  chart_row(rules, panel->left, BOTTOM, panel->right - panel->left, 0, 1);
  chart_row(rules, get_x(panel, chart->level), BOTTOM, 0, height, 2);
}

/* Where 95 % of the rates of tests lie that reject exactly as often as they should. */
static void place_band(const struct size_chart *chart, const struct panel *panel, GString *bands) {
  double reach = TWO_SIDED_95 * sqrt(chart->level * (1 - chart->level) / chart->replications);
  if (panel->design.shift != 0) return;
  chart_row(bands, get_x(panel, fmax(0, chart->level - reach)), get_x(panel, fmin(panel->most, chart->level + reach)),
            BOTTOM, chart->top);
}

/* What the first design without an effect found. Owned. */
static char *make_title(const struct size_chart *chart) {
  for (size_t p = 0; p < chart->n_panels; p++) {
    const struct panel *panel = &chart->panels[p];
    if (strcmp(panel->design.name, "null") != 0 || panel->rates->len == 0) continue;
    guint n_high = 0;
    for (guint i = 0; i < panel->rates->len; i++)
      n_high += aft_simulation_is_too_high(g_array_index(panel->rates, struct rate, i).rate, chart->level);
    if (n_high == 0) return g_strdup("Without an effect, no test rejects far too often on this data");
    return g_strdup_printf("Without an effect, %u of %u tests reject%s too often on this data", n_high,
                           panel->rates->len, n_high == 1 ? "s" : "");
  }
  return g_strdup("How often the tests reject on this study's own data");
}

static void write_texts(const struct size_chart *chart, GString *out) {
  char from[CHART_NUMBER], to[CHART_NUMBER];
  const json_t *root = chart->source->root;
  g_autofree char *title = make_title(chart);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_string_printf(
      subtitle,
      "Rejections at the %.4g %% level in %.0f replications, with 95 %% limits; band: chance around the level",
      100 * chart->level, chart->replications);
  if (chart->n_designs > MAX_PANELS)
    g_string_append_printf(subtitle, "; the first %d of %zu designs", MAX_PANELS, chart->n_designs);
  g_autofree char *facts =
      g_strdup_printf("%s \xC2\xB7 window [%s, %s]", chart_json_text(json_object_get(root, "model"), "name"),
                      chart_decimal(chart->first, 0, from), chart_decimal(chart->last, 0, to));
  g_autofree char *footer = chart_footer(chart->source, "prices returns_files", facts);
  chart_write_header(out, title, subtitle->str, footer);
}

static void write_chart(const struct size_chart *chart, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, chart->height);
  g_autoptr(GString) bands = g_string_new(NULL), rules = g_string_new(NULL), points = g_string_new(NULL);
  for (guint i = 0; i < MIN(chart->names->len, MAX_TESTS); i++) {
    double y = get_y(chart, (int)i);
    g_autofree char *name = chart_text_cut(g_ptr_array_index(chart->names, i), 26);
    chart_labels_add(&labels, FIRST_LEFT - 18, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_SMALL, CHART_INK, name);
    for (size_t p = 0; p < chart->n_panels; p++)
      chart_row(rules, chart->panels[p].left, y, chart->panels[p].right - chart->panels[p].left, 0, 0);
  }
  for (size_t p = 0; p < chart->n_panels; p++) {
    const struct panel *panel = &chart->panels[p];
    place_head(chart, panel, &labels);
    place_axis(chart, panel, rules, &labels);
    place_band(chart, panel, bands);
    place_rates(chart, panel, points, &labels);
  }
  chart_frame frame;
  chart_frame_init(&frame, 0);
  frame.height = chart->height;
  frame.top = chart->top;
  chart_write_layout(out, &frame);
  write_texts(chart, out);
  chart_write_sessions(out, NULL, chart->source);
  chart_write_labels(out, &labels);
  chart_write_block(out, "bands", "left right bottom top", bands);
  chart_write_block(out, "rules", "x y dx dy kind", rules);
  chart_write_block(out, "points", "x y low high colour", points);
}

bool chart_size_build(const chart_source *source, GString *tsv, GError **error) {
  struct size_chart chart = {.source = source, .names = g_ptr_array_new_with_free_func(g_free)};
  bool ok = read_chart(&chart, error);
  if (ok) {
    set_panels(&chart);
    write_chart(&chart, tsv);
  }
  for (size_t p = 0; p < chart.n_panels; p++) g_array_unref(chart.panels[p].rates);
  g_ptr_array_unref(chart.names);
  return ok;
}
