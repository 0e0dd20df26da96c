/* Chart `value`: market value gained or lost on the session that most claims are about, firm by firm and in total. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

enum {
  MAX_FIRMS = 24,
  PITCH = 46,
  BAR = 30,
  TOTAL_GAP = 26,
  LEFT = 330,
  RIGHT = 1420, /* labels stand beyond the bars on either side */
  BOTTOM = 150,
  LABEL_GAP = 14,
  LABEL_ROOM = 330
};

enum { COLOUR_FOCUS = 0, COLOUR_OTHER = 1 };

struct firm {
  const char *symbol;
  double change, percent;
};

struct value_chart {
  const chart_source *source;
  aft_table claims, values;
  const char *event, *session;  /* of the values that are drawn */
  GArray *firms;                /* of struct firm, by change */
  size_t n_unknown, n_left_out; /* firms without a change; known ones that are not drawn but counted */
  double total, low, high, height, top;
  const char *unit; /* "USD", or "" */
};

/* The event with the most claims, and the unit of its money. */
static void choose_event(struct value_chart *chart) {
  const aft_table *claims = &chart->claims, *values = &chart->values;
  int session = aft_table_find(claims, "session"), unit = aft_table_find(claims, "unit");
  int event = aft_table_find(values, "event"), on = aft_table_find(values, "session");
  size_t most = 0;
  for (size_t row = 0; row < values->n_rows; row++) {
    const char *day = aft_table_text(values, row, on);
    if (row > 0 && strcmp(aft_table_text(values, row, event), aft_table_text(values, row - 1, event)) == 0) continue;
    size_t n = 1;
    for (size_t c = 0; c < claims->n_rows; c++)
      if (strcmp(aft_table_text(claims, c, session), day) == 0) n++;
    if (n <= most) continue;
    most = n;
    chart->event = aft_table_text(values, row, event);
    chart->session = day;
  }
  chart->unit = "";
  for (size_t c = 0; c < claims->n_rows && *chart->unit == '\0'; c++) {
    const char *kind = aft_table_text(claims, c, aft_table_find(claims, "kind"));
    if (g_str_has_suffix(kind, "market_value_change")) chart->unit = aft_table_text(claims, c, unit);
  }
}

static gint by_change(gconstpointer a, gconstpointer b) {
  const struct firm *left = a, *right = b;
  if (left->change != right->change) return left->change < right->change ? -1 : 1;
  return strcmp(left->symbol, right->symbol);
}

/* Of many firms those with the largest changes stay. */
static gint by_size(gconstpointer a, gconstpointer b) {
  double left = fabs(((const struct firm *)a)->change), right = fabs(((const struct firm *)b)->change);
  return left > right ? -1 : left < right ? 1 : by_change(a, b);
}

static bool read_firms(struct value_chart *chart, GError **error) {
  const aft_table *values = &chart->values;
  int event = aft_table_find(values, "event"), symbol = aft_table_find(values, "symbol");
  int change = aft_table_find(values, "change"), percent = aft_table_find(values, "change_percent");
  for (size_t row = 0; row < values->n_rows; row++) {
    struct firm firm = {aft_table_text(values, row, symbol), aft_table_number(values, row, change),
                        aft_table_number(values, row, percent)};
    if (strcmp(aft_table_text(values, row, event), chart->event) != 0) continue;
    if (!isfinite(firm.change)) {
      chart->n_unknown++;
      continue;
    }
    chart->total += firm.change;
    g_array_append_val(chart->firms, firm);
  }
  if (chart->firms->len == 0)
    return chart_fail(error, "no firm of \"%s\" has a market value (the study's key shares)", chart->event);
  if (chart->firms->len > MAX_FIRMS) {
    chart->n_left_out = chart->firms->len - MAX_FIRMS;
    g_array_sort(chart->firms, by_size);
    g_array_set_size(chart->firms, MAX_FIRMS);
  }
  g_array_sort(chart->firms, by_change);
  return true;
}

static void set_scale(struct value_chart *chart) {
  chart->low = fmin(0, chart->total);
  chart->high = fmax(0, chart->total);
  for (guint i = 0; i < chart->firms->len; i++) {
    double change = g_array_index(chart->firms, struct firm, i).change;
    chart->low = fmin(chart->low, change);
    chart->high = fmax(chart->high, change);
  }
  if (chart->low == chart->high) chart->high = 1;
  chart->top = BOTTOM + PITCH * ((double)chart->firms->len + 1) + TOTAL_GAP;
  chart->height = chart->top + CHART_HEADER + 20;
}

/* Zero leaves room for the labels of losses on its right where there are no gains, and of gains on its left. */
static double get_x(const struct value_chart *chart, double change) {
  double right = chart->high > 0 ? RIGHT : RIGHT - LABEL_ROOM;
  return LEFT + (change - chart->low) / (chart->high - chart->low) * (right - LEFT);
}

/* "-592.7 billion" */
static char *money(double value, char buffer[CHART_NUMBER], int digits) {
  static const struct {
    double size;
    const char *word;
  } words[] = {{1e12, "trillion"}, {1e9, "billion"}, {1e6, "million"}};
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (fabs(value) >= words[i].size)
      return g_strdup_printf("%s %s", chart_decimal(value / words[i].size, digits, buffer), words[i].word);
  return g_strdup(chart_decimal(value, 0, buffer));
}

static char *money_label(double value) {
  char number[CHART_NUMBER];
  g_autofree char *amount = money(value, number, 1);
  return g_strdup_printf("%s%s", value > 0 ? "+" : "", amount);
}

static void place_bar(const struct value_chart *chart, double y, double change, int colour, const char *name,
                      const char *label, bool is_strong, GString *bars, chart_labels *labels) {
  double zero = get_x(chart, 0), end = get_x(chart, change);
  g_autofree char *cut = chart_text_cut(name, 18);
  chart_row(bars, fmin(zero, end), fmax(zero, end), y - BAR / 2.0, y + BAR / 2.0, colour);
  chart_labels_add(labels, LEFT - 24, y, CHART_ALIGN_RIGHT, is_strong ? CHART_WEIGHT_STRONG : CHART_WEIGHT_PLAIN,
                   colour, cut);
  /* Right of the bar: of a loss that is right of zero, where nothing is drawn. */
  chart_labels_add(labels, fmax(zero, end) + LABEL_GAP, y, CHART_ALIGN_LEFT,
                   is_strong ? CHART_WEIGHT_STRONG : CHART_WEIGHT_PLAIN, colour, label);
}

static void place_axis(const struct value_chart *chart, GString *rules, chart_labels *labels) {
  double first, last, step, height = chart->top - BOTTOM;
  char number[CHART_NUMBER];
  chart_range(chart->low, chart->high, 5, &first, &last, &step);
  for (long k = lround(ceil(chart->low / step - 1e-9)), end = lround(floor(chart->high / step + 1e-9)); k <= end; k++) {
    double tick = (double)k * step, x = get_x(chart, tick);
    g_autofree char *text = fabs(tick) < step / 2 ? g_strdup("0") : money(tick, number, 0);
    chart_row(rules, x, BOTTOM, 0, height, fabs(tick) < step / 2 ? 1 : 0);
    chart_labels_try(labels, x, BOTTOM - 28, CHART_ALIGN_CENTER, CHART_WEIGHT_SMALL, CHART_GREY, text);
  }
}

/* The firm that changed most is the chart's subject. */
static const struct firm *find_subject(const struct value_chart *chart) {
  const struct firm *subject = &g_array_index(chart->firms, struct firm, 0);
  for (guint i = 1; i < chart->firms->len; i++) {
    const struct firm *firm = &g_array_index(chart->firms, struct firm, i);
    if (fabs(firm->change) > fabs(subject->change)) subject = firm;
  }
  return subject;
}

static void write_texts(const struct value_chart *chart, GString *out) {
  char number[CHART_NUMBER];
  const struct firm *subject = find_subject(chart);
  g_autofree char *amount = money(fabs(subject->change), number, 0), *day = chart_day_label(chart->session);
  g_autofree char *title =
      g_strdup_printf("%s %s %s%s%s of market value on %s", subject->symbol, subject->change < 0 ? "lost" : "gained",
                      amount, *chart->unit != '\0' ? " " : "", chart->unit, day);
  g_autoptr(GString) subtitle = g_string_new(NULL);
  g_string_printf(subtitle, "Change of price times shares outstanding before, firms of story %s, session %s",
                  chart->event, chart->session);
  if (chart->n_unknown > 0) g_string_append_printf(subtitle, "; %zu more without shares", chart->n_unknown);
  if (chart->n_left_out > 0) g_string_append_printf(subtitle, "; %zu small ones in the total alone", chart->n_left_out);
  g_autofree char *footer = chart_footer(chart->source, "prices shares", "official closes, no dividends");
  chart_write_header(out, title, subtitle->str, footer);
}

static void write_chart(const struct value_chart *chart, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, chart->height);
  g_autoptr(GString) bars = g_string_new(NULL), rules = g_string_new(NULL);
  const struct firm *subject = find_subject(chart);
  for (guint i = 0; i < chart->firms->len; i++) {
    const struct firm *firm = &g_array_index(chart->firms, struct firm, i);
    char percent[CHART_NUMBER];
    g_autofree char *amount = money_label(firm->change);
    g_autofree char *label = g_strdup_printf("%s (%s)", amount, chart_percent(firm->percent / 100, 1, percent));
    place_bar(chart, chart->top - PITCH * (i + 0.5), firm->change, firm == subject ? COLOUR_FOCUS : COLOUR_OTHER,
              firm->symbol, label, firm == subject, bars, &labels);
  }
  g_autofree char *amount = money_label(chart->total);
  g_autofree char *name = g_strdup_printf("total of %zu", chart->firms->len + chart->n_left_out);
  place_bar(chart, BOTTOM + PITCH * 0.5, chart->total, CHART_INK, name, amount, true, bars, &labels);
  place_axis(chart, rules, &labels);
  chart_frame frame;
  chart_frame_init(&frame, 0);
  frame.height = chart->height;
  frame.top = chart->top;
  chart_write_layout(out, &frame);
  write_texts(chart, out);
  chart_write_sessions(out, NULL, chart->source);
  chart_write_labels(out, &labels);
  chart_write_block(out, "bars", "left right bottom top colour", bars);
  chart_write_block(out, "rules", "x y dx dy kind", rules);
}

bool chart_value_build(const chart_source *source, GString *tsv, GError **error) {
  struct value_chart chart = {.source = source, .firms = g_array_new(FALSE, FALSE, sizeof(struct firm))};
  bool ok = aft_table_read(&chart.claims, source->folder, "claims.csv", error) &&
            aft_table_read(&chart.values, source->folder, "values.csv", error);
  if (ok && chart.values.n_rows == 0) {
    g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_NOTHING, "no claim is about market values");
    ok = false;
  }
  if (ok) choose_event(&chart);
  ok = ok && read_firms(&chart, error);
  if (ok) {
    set_scale(&chart);
    write_chart(&chart, tsv);
  }
  g_array_unref(chart.firms);
  aft_table_clear(&chart.claims);
  aft_table_clear(&chart.values);
  return ok;
}
