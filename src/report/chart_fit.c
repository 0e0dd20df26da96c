/* The market model as a scatter: estimation days, the fitted line, and the event day against it. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { RIGHT_ROOM = 60, BOTTOM = 130 };

struct pair {
  double market, focus;
};

struct fit {
  const chart_source *source;
  const char *model, *title; /* borrowed from result.json */
  double alpha, beta, beta_error, n_obs, r_squared;
  GArray *days; /* of struct pair: the estimation window */
  struct pair event;
  double expected; /* of the focus on the event day */
  chart_frame frame;
};

/* Coefficients of the focus event if the model has exactly the terms alpha and market, or market alone: only such a model is a line. */
static bool read_line(struct fit *fit, const char *model, GError **error) {
  g_auto(aft_table) table = {0};
  if (!chart_source_read_focus(fit->source, "coefficients.csv", model, &table, error)) return false;
  int term = aft_table_find(&table, "term"), estimate = aft_table_find(&table, "estimate"),
      se = aft_table_find(&table, "standard_error");
  fit->alpha = fit->beta = (double)NAN;
  for (size_t row = 0; row < table.n_rows; row++) {
    const char *name = aft_table_text(&table, row, term);
    if (strcmp(name, "alpha") == 0) fit->alpha = aft_table_number(&table, row, estimate);
    if (strcmp(name, "market") != 0) continue;
    fit->beta = aft_table_number(&table, row, estimate);
    fit->beta_error = aft_table_number(&table, row, se);
  }
  if (table.n_rows == 1) fit->alpha = 0; /* through the origin */
  if (table.n_rows > 2) fit->beta = (double)NAN;
  return true;
}

static bool find_model(struct fit *fit, GError **error) {
  const json_t *models = json_object_get(fit->source->root, "models");
  for (size_t i = 0; i < json_array_size(models); i++) {
    const json_t *model = json_array_get(models, i);
    fit->model = chart_json_text(model, "name");
    fit->title = chart_json_text(model, "title");
    if (fit->title[0] == '\0') fit->title = fit->model;
    if (!read_line(fit, fit->model, error)) return false;
    if (!isnan(fit->alpha) && !isnan(fit->beta)) return true;
  }
  return chart_fail(error, "no model of %s/%s has the terms alpha and market alone; add market_model to \"models\"",
                    fit->source->event, fit->source->symbol);
}

static bool read_window(struct fit *fit, char **first, char **last, GError **error) {
  g_auto(aft_table) table = {0};
  if (!chart_source_read_focus(fit->source, "fits.csv", fit->model, &table, error)) return false;
  if (table.n_rows == 0)
    return chart_fail(error, "fits.csv has no row of %s/%s", fit->source->event, fit->source->symbol);
  fit->n_obs = aft_table_number(&table, 0, aft_table_find(&table, "n_obs"));
  fit->r_squared = aft_table_number(&table, 0, aft_table_find(&table, "r_squared"));
  *first = g_strdup(aft_table_text(&table, 0, aft_table_find(&table, "first_session")));
  *last = g_strdup(aft_table_text(&table, 0, aft_table_find(&table, "last_session")));
  return true;
}

/* Pairs the two securities' returns by relative session; ISO dates compare as texts. */
static bool read_days(struct fit *fit, const char *first, const char *last, GError **error) {
  const aft_table *series = &fit->source->series;
  int rel = aft_table_find(series, "rel_day"), role = aft_table_find(series, "role"),
      value = aft_table_find(series, "return");
  gsize n = (gsize)fit->source->n_sessions;
  g_autofree struct pair *pairs = g_new(struct pair, n);
  for (gsize i = 0; i < n; i++) pairs[i] = (struct pair){(double)NAN, (double)NAN};
  for (size_t row = 0; row < series->n_rows; row++) {
    double i = aft_table_number(series, row, rel) - fit->source->first_rel;
    if (!(i >= 0 && i < (double)n)) continue;
    bool market = strcmp(aft_table_text(series, row, role), "market") == 0;
    *(market ? &pairs[(gsize)i].market : &pairs[(gsize)i].focus) = aft_table_number(series, row, value);
  }
  for (gsize i = 0; i < n; i++) {
    if (isnan(pairs[i].market) || isnan(pairs[i].focus)) continue;
    const char *session = fit->source->sessions[i];
    if (strcmp(session, first) >= 0 && strcmp(session, last) <= 0) g_array_append_val(fit->days, pairs[i]);
    if ((int)i + fit->source->first_rel == 0) fit->event = pairs[i];
  }
  fit->expected = fit->alpha + fit->beta * fit->event.market;
  if (fit->days->len < 2 || isnan(fit->event.focus))
    return chart_fail(error, "series.csv has no returns of %s and %s in the estimation window and on the event day",
                      fit->source->symbol, fit->source->market);
  return true;
}

static void set_frame(struct fit *fit) {
  double x_low = fit->event.market, x_high = x_low, y_low = fmin(fit->event.focus, fit->expected),
         y_high = fmax(fit->event.focus, fit->expected);
  for (guint i = 0; i < fit->days->len; i++) {
    const struct pair *day = &g_array_index(fit->days, struct pair, i);
    x_low = fmin(x_low, day->market);
    x_high = fmax(x_high, day->market);
    y_low = fmin(y_low, day->focus);
    y_high = fmax(y_high, day->focus);
  }
  chart_open_range(&x_low, &x_high, CHART_MARGIN);
  chart_open_range(&y_low, &y_high, CHART_MARGIN);
  chart_frame *frame = &fit->frame;
  chart_frame_init(frame, RIGHT_ROOM);
  frame->bottom = BOTTOM;
  double last;
  double x_margin = 0.04 * (x_high - x_low), y_margin = 0.05 * (y_high - y_low);
  chart_range(100 * x_low, 100 * x_high, 8, &frame->x_tick, &last, &frame->x_step);
  chart_range(100 * y_low, 100 * y_high, 7, &frame->y_min, &last, &frame->y_step);
  frame->x_min = 100 * (x_low - x_margin);
  frame->x_max = 100 * (x_high + x_margin);
  frame->y_min = 100 * (y_low - y_margin);
  frame->y_max = 100 * (y_high + y_margin);
}

static void block_points(const struct fit *fit, chart_labels *labels) {
  const chart_frame *frame = &fit->frame;
  for (guint i = 0; i < fit->days->len; i++) {
    const struct pair *day = &g_array_index(fit->days, struct pair, i);
    double x = chart_frame_x(frame, 100 * day->market), y = chart_frame_y(frame, 100 * day->focus);
    chart_labels_block(labels, (chart_box){x - 8, x + 8, y - 8, y + 8});
  }
  if (frame->x_min < 0 && frame->x_max > 0) {
    double x = chart_frame_x(frame, 0);
    chart_labels_block(labels, (chart_box){x - 3, x + 3, frame->bottom, frame->top});
  }
  if (frame->y_min < 0 && frame->y_max > 0) {
    double y = chart_frame_y(frame, 0);
    chart_labels_block(labels, (chart_box){frame->left, frame->right, y - 3, y + 3});
  }
  for (int i = 0; i <= 100; i++) { /* the line, in short pieces */
    double market = frame->x_min + (frame->x_max - frame->x_min) * i / 100;
    double x = chart_frame_x(frame, market), y = chart_frame_y(frame, 100 * fit->alpha + fit->beta * market);
    chart_labels_block(labels, (chart_box){x - 9, x + 9, y - 9, y + 9});
  }
}

/* The event's return at its point, clear of what is drawn; its abnormal part where the dashed line leaves room. */
static void label_event(const struct fit *fit, chart_labels *labels) {
  const chart_frame *frame = &fit->frame;
  char percent[CHART_NUMBER];
  double x = chart_frame_x(frame, 100 * fit->event.market), y = chart_frame_y(frame, 100 * fit->event.focus);
  double foot = chart_frame_y(frame, 100 * fit->expected);
  bool left = x > (frame->left + frame->right) / 2;
  enum chart_align align = left ? CHART_ALIGN_RIGHT : CHART_ALIGN_LEFT;
  double at = left ? x - 20 : x + 20;
  g_autofree char *event = g_strdup_printf("%s: %s", fit->source->session, chart_percent(fit->event.focus, 1, percent));
  static const int places[] = {0, 40, -40, 80, -80};
  bool placed = false;
  for (size_t i = 0; !placed && i < G_N_ELEMENTS(places); i++)
    placed = chart_labels_try(labels, at, y + places[i], align, CHART_WEIGHT_STRONG, 0, event);
  if (!placed) chart_labels_add(labels, at, y, align, CHART_WEIGHT_STRONG, 0, event);
  g_autofree char *abnormal =
      g_strdup_printf("abnormal %s", chart_percent(fit->event.focus - fit->expected, 1, percent));
  for (int eighth = 4; eighth < 8; eighth++) {
    if (chart_labels_try(labels, at, y + (foot - y) * eighth / 8, align, CHART_WEIGHT_PLAIN, 0, abnormal)) return;
    if (chart_labels_try(labels, at, y + (foot - y) * (8 - eighth) / 8, align, CHART_WEIGHT_PLAIN, 0, abnormal)) return;
  }
}

/* Slope and quality beside the line's right end, below it when it rises. */
static void label_line(const struct fit *fit, chart_labels *labels) {
  const chart_frame *frame = &fit->frame;
  char beta[CHART_NUMBER], se[CHART_NUMBER], n[CHART_NUMBER], r_squared[CHART_NUMBER];
  g_autofree char *line =
      g_strdup_printf("β = %s (se %s)", chart_decimal(fit->beta, 2, beta), chart_decimal(fit->beta_error, 2, se));
  g_autofree char *quality =
      g_strdup_printf("n = %s, R² = %s", chart_decimal(fit->n_obs, 0, n), chart_decimal(fit->r_squared, 2, r_squared));
  double end = chart_frame_y(frame, 100 * fit->alpha + fit->beta * frame->x_max), x = frame->right - 10;
  for (int away = 50; away < 600; away += 10) {
    double y = fit->beta >= 0 ? end - away : end + away + 36;
    guint boxes = labels->boxes->len;
    gsize rows = labels->rows->len;
    if (chart_labels_try(labels, x, y, CHART_ALIGN_RIGHT, CHART_WEIGHT_STRONG, 1, line) &&
        chart_labels_try(labels, x, y - 36, CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, 1, quality))
      return;
    g_array_set_size(labels->boxes, boxes);
    g_string_truncate(labels->rows, rows);
  }
}

static void write_texts(const struct fit *fit, const char *first, const char *last, GString *out) {
  const chart_source *source = fit->source;
  char a[CHART_NUMBER], b[CHART_NUMBER];
  g_autofree char *symbol = chart_text_cut(source->symbol, 16);
  g_autofree char *market = chart_text_cut(source->market, 16);
  g_autofree char *title = g_strdup_printf("%s on %s: %s, where its beta implied %s", symbol, source->session,
                                           chart_percent(fit->event.focus, 1, a), chart_percent(fit->expected, 1, b));
  g_autofree char *model = chart_text_cut(fit->title, 30);
  g_autofree char *subtitle =
      g_strdup_printf("%s (line) through daily %sreturns: %s upwards, %s to the right; grey: estimation days", model,
                      source->is_log ? "log " : "", symbol, market);
  bool is_headline = strcmp(fit->model, source->model) == 0;
  g_autofree char *other = is_headline ? g_strdup("") : g_strdup_printf(" (the other charts: %s)", source->model);
  g_autofree char *facts = g_strdup_printf("%s%s, estimated %s to %s", fit->model, other, first, last);
  g_autofree char *footer = chart_footer(source, "prices returns_files", facts);
  chart_write_header(out, title, subtitle, footer);
}

static void write(const struct fit *fit, const char *first, const char *last, GString *out) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, fit->frame.height);
  block_points(fit, &labels);
  label_event(fit, &labels);
  label_line(fit, &labels);
  chart_write_layout(out, &fit->frame);
  write_texts(fit, first, last, out);
  chart_write_sessions(out, NULL, fit->source);
  chart_write_labels(out, &labels);
  chart_block days = chart_block_begin(out, "estimation_days_percent", "market focus");
  for (guint i = 0; i < fit->days->len; i++) {
    const struct pair *day = &g_array_index(fit->days, struct pair, i);
    chart_row(out, 100 * day->market, 100 * day->focus);
  }
  chart_block_end(&days);
  chart_block line = chart_block_begin(out, "line_percent", "market expected");
  chart_row(out, fit->frame.x_min, 100 * fit->alpha + fit->beta * fit->frame.x_min);
  chart_row(out, fit->frame.x_max, 100 * fit->alpha + fit->beta * fit->frame.x_max);
  chart_block_end(&line);
  chart_block event = chart_block_begin(out, "event_percent", "market focus expected");
  chart_row(out, 100 * fit->event.market, 100 * fit->event.focus, 100 * fit->expected);
  chart_block_end(&event);
}

bool chart_fit_build(const chart_source *source, GString *tsv, GError **error) {
  g_autoptr(GArray) days = g_array_new(FALSE, FALSE, sizeof(struct pair));
  struct fit fit = {.source = source, .days = days, .event = {(double)NAN, (double)NAN}};
  g_autofree char *first = NULL;
  g_autofree char *last = NULL;
  if (!find_model(&fit, error) || !read_window(&fit, &first, &last, error) || !read_days(&fit, first, last, error))
    return false;
  set_frame(&fit);
  write(&fit, first, last, tsv);
  return true;
}
