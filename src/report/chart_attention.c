/* Chart `attention`: abnormal returns above, articles and their tone below, for the security with the most articles. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/clock.h>
#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

enum { LEFT = 150, RIGHT = 1764, BOTTOM = 150, MIDDLE = 480, SPLIT = 560, TOP = 930, TICKS = 9 };
enum { TONE_NONE = CHART_GREY, TONE_GOOD = 1, TONE_BAD = 3 }; /* colours of the articles' bars */

struct attention {
  const chart_source *source;
  const char *symbol;
  aft_table days;
  double most_articles, low, high, low_step, high_step, n_articles;
  const char *busiest; /* session with the most articles */
  bool has_tone;
};

static double get_x(const struct attention *chart, double row) {
  return LEFT + (row + 0.5) / (double)chart->days.n_rows * (RIGHT - LEFT);
}

static double get_return_y(const struct attention *chart, double percent) {
  return SPLIT + (percent - chart->low) / (chart->high - chart->low) * (TOP - SPLIT);
}

static double get_article_y(const struct attention *chart, double n) {
  return BOTTOM + n / chart->most_articles * (MIDDLE - BOTTOM);
}

static bool read_days(struct attention *chart, GError **error) {
  const char *filter[] = {"symbol", chart->symbol, NULL};
  if (!aft_table_read_matching(&chart->days, chart->source->folder, "news.csv", filter, error)) return false;
  double low = 0, high = 0, most = 0, first, last;
  for (size_t row = 0; row < chart->days.n_rows; row++) {
    double articles = aft_table_number(&chart->days, row, aft_table_find(&chart->days, "articles"));
    double own = 100 * aft_table_number(&chart->days, row, aft_table_find(&chart->days, "abnormal"));
    low = fmin(low, own);
    high = fmax(high, own);
    if (articles > most) {
      most = articles;
      chart->busiest = aft_table_text(&chart->days, row, aft_table_find(&chart->days, "session"));
    }
    chart->n_articles += isnan(articles) ? 0 : articles;
    chart->has_tone |= !isnan(aft_table_number(&chart->days, row, aft_table_find(&chart->days, "tone")));
  }
  if (!(most > 0)) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "no security has articles");
    return false;
  }
  chart_open_range(&low, &high, 1);
  chart_range(low, high, 5, &chart->low, &chart->high, &chart->high_step);
  chart_range(0, most, 4, &first, &last, &chart->low_step);
  chart->low_step = fmax(1, chart->low_step);
  chart->most_articles = fmax(last, chart->low_step);
  return true;
}

/* kind of a rule: 0 a grid line, 1 an axis. */
static void draw_axes(const struct attention *chart, GString *rules, chart_labels *labels) {
  char number[CHART_NUMBER];
  int n_high = (int)floor((chart->high - chart->low) / chart->high_step + 1e-9);
  int n_low = (int)floor(chart->most_articles / chart->low_step + 1e-9);
  for (int i = 0; i <= n_high; i++) {
    double y = chart->low + i * chart->high_step;
    bool is_zero = fabs(y) < 1e-9;
    chart_row(rules, LEFT, get_return_y(chart, y), RIGHT - LEFT, 0, is_zero ? 1 : 0);
    chart_labels_add(labels, LEFT - 14, get_return_y(chart, y), CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, CHART_INK,
                     chart_percent(y / 100, chart->high_step < 1 ? 1 : 0, number));
  }
  for (int i = 0; i <= n_low; i++) {
    double n = i * chart->low_step;
    chart_row(rules, LEFT, get_article_y(chart, n), RIGHT - LEFT, 0, n > 0 ? 0 : 1);
    chart_labels_add(labels, LEFT - 14, get_article_y(chart, n), CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, CHART_INK,
                     chart_decimal(n, 0, number));
  }
  chart_labels_add(labels, LEFT, TOP + 24, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, CHART_INK, "Abnormal return");
  chart_labels_add(labels, LEFT, MIDDLE + 28, CHART_ALIGN_LEFT, CHART_WEIGHT_STRONG, CHART_INK,
                   chart->has_tone ? "Articles (blue: good tone, purple: bad, grey: none)" : "Articles");
  size_t every = (chart->days.n_rows + TICKS - 1) / TICKS;
  for (size_t row = 0; row < chart->days.n_rows; row += MAX(every, 1))
    chart_labels_add(labels, get_x(chart, (double)row), BOTTOM - 28, CHART_ALIGN_CENTER, CHART_WEIGHT_PLAIN, CHART_INK,
                     aft_table_text(&chart->days, row, aft_table_find(&chart->days, "session")));
}

/* left right bottom top colour */
static void draw_bars(const struct attention *chart, GString *bars) {
  double half = fmax(0.8, 0.36 * (RIGHT - LEFT) / (double)chart->days.n_rows);
  for (size_t row = 0; row < chart->days.n_rows; row++) {
    double x = get_x(chart, (double)row),
           own = 100 * aft_table_number(&chart->days, row, aft_table_find(&chart->days, "abnormal"));
    double articles = aft_table_number(&chart->days, row, aft_table_find(&chart->days, "articles"));
    double tone = aft_table_number(&chart->days, row, aft_table_find(&chart->days, "tone"));
    if (!isnan(own))
      chart_row(bars, x - half, x + half, get_return_y(chart, fmin(own, 0)), get_return_y(chart, fmax(own, 0)),
                CHART_INK);
    if (articles > 0)
      chart_row(bars, x - half, x + half, BOTTOM, get_article_y(chart, articles),
                tone > 0   ? TONE_GOOD
                : tone < 0 ? TONE_BAD
                           : TONE_NONE);
  }
}

static void write_all(const struct attention *chart, GString *out) {
  chart_frame canvas = {.height = CHART_HEIGHT, .right = CHART_WIDTH, .x_max = 1, .y_max = 1, .x_step = 1, .y_step = 1};
  g_auto(chart_labels) labels = {0};
  g_autoptr(GString) rules = g_string_new(NULL), bars = g_string_new(NULL);
  chart_labels_init(&labels, CHART_HEIGHT);
  draw_axes(chart, rules, &labels);
  draw_bars(chart, bars);
  g_autofree char *symbol = chart_text_cut(chart->symbol, 16);
  g_autofree char *title = g_strdup_printf("%s: most articles on %s", symbol, chart->busiest);
  g_autofree char *facts = g_strdup_printf("%.0f articles on %zu sessions", chart->n_articles, chart->days.n_rows);
  g_autofree char *footer = chart_footer(chart->source, "prices returns_files news", facts);
  chart_write_layout(out, &canvas);
  chart_write_header(out, title, "Articles count for the first session that could react: weekends for the next one",
                     footer);
  chart_write_sessions(out, NULL, chart->source);
  chart_write_labels(out, &labels);
  chart_block block = chart_block_begin(out, "rules", "x y dx dy kind");
  g_string_append_len(out, rules->str, (gssize)rules->len);
  chart_block_end(&block);
  block = chart_block_begin(out, "bars", "left right bottom top colour");
  g_string_append_len(out, bars->str, (gssize)bars->len);
  chart_block_end(&block);
}

bool chart_attention_build(const chart_source *source, GString *tsv, GError **error) {
  struct attention chart = {.source = source,
                            .symbol = chart_json_text(json_object_get(source->root, "correlate"), "busiest")};
  bool ok = read_days(&chart, error);
  if (ok) write_all(&chart, tsv);
  aft_table_clear(&chart.days);
  return ok;
}
