/*
 * From random price files to panels with their audit: rows that go to their cells while they are read against rows that are kept, for files in
 * any order, with days missing, errors in the prices and actions, and for any number of threads.
 */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/market/panel.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_SYMBOLS = 24, N_SESSIONS = 400, FIRST = 5000, N_CASES = 24 };

/* How a file is. */
typedef struct form {
  double missing;               /* share of the days */
  bool by_day, shuffled;        /* in place of the order of the symbols */
  bool has_adjusted, has_range; /* columns */
  bool has_actions, is_log, gap_returns, drop_volume, count_volume, has_fractions;
} form;

static form draw_form(int n, GRand *draws) {
  return (form){.missing = n % 3 == 0 ? 0 : 0.05 * (n % 3),
                .by_day = n % 6 == 4,
                .shuffled = n % 6 == 5,
                .has_adjusted = g_rand_boolean(draws),
                .has_range = g_rand_boolean(draws),
                .has_actions = n % 2 == 1,
                .is_log = n % 4 == 2,
                .gap_returns = g_rand_boolean(draws),
                .drop_volume = g_rand_int_range(draws, 0, 4) == 0,
                .count_volume = g_rand_boolean(draws),
                .has_fractions = g_rand_int_range(draws, 0, 3) == 0};
}

/* The prices of a security that follows the market, one session late from the middle on when it is the last. */
static void draw_closes(double *close, size_t symbol, const double *market, GRand *draws) {
  double price = 20 + (double)symbol;
  for (int t = 0; t < N_SESSIONS; t++) {
    int at = symbol == N_SYMBOLS - 1 && t > N_SESSIONS / 2 ? t - 1 : t;
    price *= exp(symbol == 0 ? market[t] : market[at] + 0.004 * draw_heavy(draws));
    close[t] = price * (g_rand_int_range(draws, 0, 3000) == 0 ? 100 : 1);
    if (g_rand_int_range(draws, 0, 2000) == 0) price *= 0.5;
  }
}

static void append_row(GString *text, const aft_calendar *calendar, const form *how, size_t symbol, int t, double close,
                       GRand *draws) {
  char day[AFT_DAY_TEXT];
  bool is_odd = g_rand_int_range(draws, 0, 1500) == 0, has_close = g_rand_int_range(draws, 0, 200) > 0;
  g_string_append_printf(text, "S%" G_GSIZE_FORMAT ",%s,", symbol,
                         aft_day_print(aft_calendar_get_day(calendar, FIRST + t), day));
  if (has_close) g_string_append_printf(text, "%.4f", close);
  bool is_fraction = how->has_fractions && g_rand_int_range(draws, 0, 5000) == 0;
  g_string_append_printf(text, ",%d%s", g_rand_int_range(draws, 0, 1000000), is_fraction ? ".5" : "");
  if (how->has_adjusted && symbol % 3 == 1 && has_close && g_rand_int_range(draws, 0, 300) > 0)
    g_string_append_printf(text, ",%.4f", close * 0.9);
  else if (how->has_adjusted)
    g_string_append_c(text, ',');
  if (how->has_range) g_string_append_printf(text, ",%.4f,%.4f", close * (is_odd ? 1.01 : 0.98), close * 1.02);
  g_string_append_c(text, '\n');
}

static char *draw_file(const aft_calendar *calendar, const form *how, GRand *draws) {
  g_autofree double *close = g_new(double, N_SYMBOLS *N_SESSIONS);
  g_autofree int *order = g_new(int, N_SYMBOLS *N_SESSIONS);
  double market[N_SESSIONS];
  GString *text = g_string_new("symbol,date,close,volume");
  if (how->has_adjusted) g_string_append(text, ",adj_close");
  g_string_append(text, how->has_range ? ",low,high\n" : "\n");
  for (int t = 0; t < N_SESSIONS; t++) market[t] = 0.01 * draw_heavy(draws);
  for (size_t s = 0; s < N_SYMBOLS; s++) draw_closes(close + s * N_SESSIONS, s, market, draws);
  for (int i = 0; i < N_SYMBOLS * N_SESSIONS; i++)
    order[i] = how->by_day ? i % N_SYMBOLS * N_SESSIONS + i / N_SYMBOLS : i;
  for (int i = N_SYMBOLS * N_SESSIONS - 1; how->shuffled && i > 0; i--) {
    int j = g_rand_int_range(draws, 0, i + 1), other = order[i];
    order[i] = order[j];
    order[j] = other;
  }
  for (int i = 0; i < N_SYMBOLS * N_SESSIONS; i++)
    if (g_rand_double(draws) >= how->missing)
      append_row(text, calendar, how, (size_t)order[i] / N_SESSIONS, order[i] % N_SESSIONS, close[order[i]], draws);
  return g_string_free(text, FALSE);
}

static void draw_actions(aft_actions *actions, const aft_calendar *calendar, GRand *draws) {
  actions->path = g_strdup("actions.csv");
  actions->n = 12;
  actions->rows = g_new0(aft_action, actions->n);
  for (size_t i = 0; i < actions->n; i++)
    actions->rows[i] =
        (aft_action){.day = aft_calendar_get_day(calendar, FIRST + g_rand_int_range(draws, 1, N_SESSIONS)),
                     .symbol = g_strdup_printf("S%d", g_rand_int_range(draws, 0, N_SYMBOLS)),
                     .kind = i % 2 == 0 ? AFT_ACTION_SPLIT : AFT_ACTION_DIVIDEND,
                     .value = i % 2 == 0 ? 2 : 0.25,
                     .line = (long)i + 2};
}

/* What is made of a file in one way. */
typedef struct outcome {
  aft_panel panel;
  aft_warnings warnings;
  aft_audit audit;
} outcome;

static aft_panel_options get_options(const form *how, unsigned n_threads) {
  return (aft_panel_options){
      .log_returns = how->is_log, .market = "S0", .gap_returns = how->gap_returns, .n_threads = n_threads};
}

static void init(outcome *o) {
  aft_warnings_init(&o->warnings);
  aft_audit_init(&o->audit);
}

static void read_file(aft_prices *prices, const char *path, unsigned n_threads, outcome *o) {
  aft_price_reading reading = {.n_threads = n_threads};
  GError *error = NULL;
  bool ok = aft_prices_read(prices, path, &reading, &o->warnings, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  g_free(reading.sha256);
}

/* All rows kept and audited by themselves. */
static void load_kept(outcome *o, const aft_calendar *calendar, const char *path, const aft_actions *actions,
                      const form *how) {
  const aft_panel_options options = get_options(how, 1);
  aft_prices prices;
  GError *error = NULL;
  init(o);
  aft_prices_init(&prices);
  read_file(&prices, path, 1, o);
  bool ok = aft_panel_build(&o->panel, calendar, &prices, actions, NULL, &options, &o->warnings, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  const aft_audit_input input = {
      .calendar = calendar, .prices = &prices, .actions = actions, .market = "S0", .n_threads = 1};
  o->audit.least = AFT_SEVERITY_ERROR;
  aft_audit_run(&o->audit, &input);
  aft_prices_clear(&prices);
}

static void load_cells(outcome *o, const aft_calendar *calendar, const char *path, const aft_actions *actions,
                       const form *how, unsigned n_threads) {
  const aft_panel_options options = get_options(how, n_threads);
  const aft_cells_options cells_options = {.drop_volume = how->drop_volume, .count_volume = how->count_volume};
  g_autoptr(aft_cells) cells = aft_cells_new(calendar, &cells_options);
  aft_prices prices;
  GError *error = NULL;
  init(o);
  aft_prices_init(&prices);
  prices.sink = aft_cells_sink;
  prices.sink_data = cells;
  read_file(&prices, path, n_threads, o);
  bool ok = aft_panel_build_cells(&o->panel, cells, &prices, actions, NULL, &options, &o->audit, &o->warnings, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  aft_prices_clear(&prices);
}

static void clear(outcome *o) {
  aft_panel_clear(&o->panel);
  aft_warnings_clear(&o->warnings);
  aft_audit_clear(&o->audit);
}

static void compare_matrix(const double *a, const double *b, size_t n) {
  g_assert_true((a == NULL) == (b == NULL));
  for (size_t i = 0; a != NULL && i < n; i++) g_assert_true(a[i] == b[i] || (isnan(a[i]) && isnan(b[i])));
}

/* Findings of errors that are not about single rows: those of a panel. */
static void compare_findings(const aft_audit *kept, const aft_audit *cells) {
  guint n = 0;
  for (guint i = 0; i < kept->findings->len; i++) {
    const aft_finding *a = &g_array_index(kept->findings, aft_finding, i);
    if (a->severity < AFT_SEVERITY_ERROR) continue;
    g_assert_cmpuint(n, <, cells->findings->len);
    const aft_finding *b = &g_array_index(cells->findings, aft_finding, n++);
    g_assert_cmpstr(a->check, ==, b->check);
    g_assert_cmpstr(a->file, ==, b->file);
    g_assert_cmpint(a->line, ==, b->line);
    g_assert_cmpstr(a->symbol, ==, b->symbol);
    g_assert_cmpint(a->day, ==, b->day);
    g_assert_cmpstr(a->what, ==, b->what);
  }
  g_assert_cmpuint(n, ==, cells->findings->len);
}

static void compare(const outcome *kept, const outcome *cells, const form *how) {
  const aft_panel *a = &kept->panel, *b = &cells->panel;
  size_t n = a->n_securities * a->n_sessions;
  g_assert_cmpuint(a->n_securities, ==, b->n_securities);
  g_assert_cmpuint(a->n_sessions, ==, b->n_sessions);
  g_assert_cmpint(a->first_session, ==, b->first_session);
  compare_matrix(a->returns, b->returns, n);
  compare_matrix(a->gap_returns, b->gap_returns, n);
  compare_matrix(a->basis, b->basis, n);
  compare_matrix(a->split, b->split, n);
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (c != AFT_PRICE_VOLUME) compare_matrix(a->price[c], b->price[c], n);
  for (size_t i = 0; i < n; i++) {
    double volume = aft_panel_get_volume(a, i), other = aft_panel_get_volume(b, i);
    g_assert_true(how->drop_volume ? isnan(other) : volume == other || (isnan(volume) && isnan(other)));
  }
  for (size_t i = 0; i < a->n_securities; i++) {
    g_assert_cmpint(a->first_valid[i], ==, b->first_valid[i]);
    g_assert_cmpint(a->last_valid[i], ==, b->last_valid[i]);
  }
  g_assert_cmpuint(kept->warnings.messages->len, ==, cells->warnings.messages->len);
  for (guint i = 0; i < kept->warnings.messages->len; i++)
    g_assert_cmpstr(g_ptr_array_index(kept->warnings.messages, i), ==, g_ptr_array_index(cells->warnings.messages, i));
  compare_findings(&kept->audit, &cells->audit);
}

/* Simple returns from prices alone, and the first and last of each security, once more. */
static void check_returns(const aft_panel *panel) {
  size_t n = panel->n_sessions;
  for (size_t i = 0; i < panel->n_securities; i++) {
    const double *price = panel->price[AFT_PRICE_CLOSE] + i * n;
    long first = -1, last = -1;
    for (size_t t = 0; t < n; t++) {
      double expected = t > 0 && !isnan(price[t]) && !isnan(price[t - 1]) ? price[t] / price[t - 1] - 1 : (double)NAN;
      double actual = panel->returns[i * n + t];
      g_assert_true(actual == expected || (isnan(actual) && isnan(expected)));
      if (isnan(expected)) continue;
      if (first < 0) first = (long)t;
      last = (long)t;
    }
    if (panel->gap_returns != NULL) continue;
    g_assert_cmpint(panel->first_valid[i], ==, first);
    g_assert_cmpint(panel->last_valid[i], ==, last);
  }
}

static void test_files(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(2718);
  char *dir = support_temp_dir();
  GError *error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  size_t n_findings = 0, n_warnings = 0;
  g_assert_no_error(error);
  for (int n = 0; n < N_CASES; n++) {
    form how = draw_form(n, draws);
    aft_actions actions;
    outcome kept, cells;
    g_autofree char *text = draw_file(calendar, &how, draws), *path = support_write(dir, "prices.csv", text);
    draw_actions(&actions, calendar, draws);
    load_kept(&kept, calendar, path, how.has_actions ? &actions : NULL, &how);
    if (!how.has_adjusted && !how.has_actions && !how.is_log) check_returns(&kept.panel);
    for (unsigned n_threads = 1; n_threads <= 7; n_threads += 3) {
      load_cells(&cells, calendar, path, how.has_actions ? &actions : NULL, &how, n_threads);
      compare(&kept, &cells, &how);
      clear(&cells);
    }
    n_findings += kept.audit.findings->len;
    n_warnings += kept.warnings.messages->len;
    clear(&kept);
    aft_actions_clear(&actions);
  }
  g_assert_cmpuint(n_findings, >, 50); /* there was something to compare */
  g_assert_cmpuint(n_warnings, >, 50);
  support_remove(dir);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/panel_load/files", test_files);
  return g_test_run();
}
