/* market/audit: spans that are dated a session late or early, against a slow search; actions found by symbol. */
#include "market/audit_internal.h"
#include "support/draws.h"
#include "support/support.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { N_SESSIONS = 260, FIRST = 4000, N_TRIALS = 400 };

typedef struct fixture {
  aft_calendar *calendar;
  aft_prices prices;
  aft_audit_input input;
  audit_actions none;
} fixture;

static void set_up(fixture *f) {
  GError *error = NULL;
  memset(f, 0, sizeof *f);
  f->calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  aft_prices_init(&f->prices);
  g_ptr_array_add(f->prices.files, g_strdup("prices.csv"));
  f->input = (aft_audit_input){.calendar = f->calendar, .prices = &f->prices};
  audit_actions_init(&f->none, NULL);
}

static void tear_down(fixture *f) {
  audit_actions_clear(&f->none);
  aft_prices_clear(&f->prices);
  aft_calendar_free(f->calendar);
}

/* A series of growth, on about so many of a hundred sessions from one to another. */
static void make_series(const fixture *f, audit_series *s, const char *symbol, const double *growth, int from, int to,
                        int percent, GRand *draws) {
  static const bool no_column[AFT_PRICE_N_COLUMNS];
  audit_series_init(s, &f->input, &f->none, no_column, N_SESSIONS);
  s->symbol = symbol;
  for (int t = from; t < to; t++) {
    if (g_rand_int_range(draws, 0, 100) >= percent) continue;
    s->session[s->n] = FIRST + t;
    s->day[s->n] = aft_calendar_get_day(f->calendar, FIRST + t);
    s->line[s->n] = (uint32_t)t + 2;
    s->file[s->n] = 0;
    s->growth[s->n++] = g_rand_int_range(draws, 0, 20) == 0 ? (double)NAN : growth[t];
  }
}

/* Standardised by mean and sd of what is there, at most 3 in size. */
static double *standardise(const audit_series *s) {
  double sum = 0, squares = 0, n = 0;
  double *out = g_new(double, s->n + 1);
  for (size_t k = 0; k < s->n; k++)
    if (!isnan(s->growth[k])) sum += s->growth[k], n++;
  for (size_t k = 0; k < s->n; k++)
    if (!isnan(s->growth[k])) squares += (s->growth[k] - sum / n) * (s->growth[k] - sum / n);
  for (size_t k = 0; k < s->n; k++)
    out[k] = isnan(s->growth[k]) ? (double)NAN : CLAMP((s->growth[k] - sum / n) / sqrt(squares / n), -3, 3);
  return out;
}

static double find_move(const audit_series *market, const double *moves, long session) {
  for (size_t k = 0; k < market->n; k++)
    if (market->session[k] == session) return moves[k];
  return (double)NAN;
}

/* What is to be told of the lag: first and last day of the best of all spans; false for nothing. */
static bool search_slowly(const audit_series *s, const audit_series *market, int lag, aft_day *first, aft_day *last) {
  g_autofree double *x = standardise(s), *m = standardise(market), *gain = g_new(double, s->n + 1),
                    *at_lag = g_new(double, s->n + 1);
  double most = 0, best_at_lag = 0, best_n = 0;
  for (size_t k = 0; k < s->n; k++) {
    at_lag[k] = x[k] * find_move(market, m, s->session[k] + lag);
    gain[k] = at_lag[k] - x[k] * find_move(market, m, s->session[k]);
  }
  for (size_t i = 0; i < s->n; i++) {
    double sum = 0, products = 0, n = 0;
    for (size_t k = i; k < s->n && !isnan(gain[i]); k++) {
      if (isnan(gain[k])) continue;
      sum += gain[k];
      products += at_lag[k];
      n++;
      if (sum <= most) continue;
      most = sum;
      best_at_lag = products;
      best_n = n;
      *first = s->day[i];
      *last = s->day[k];
    }
  }
  return best_n >= 40 && most / sqrt(2 * best_n) >= 4.5 && best_at_lag / sqrt(best_n) >= 4.5;
}

static void check_trial(const fixture *f, GRand *draws, int *n_told, int *n_silent) {
  double move[N_SESSIONS + 2], own[N_SESSIONS];
  audit_series market, series;
  audit_moves moves;
  aft_audit audit;
  guint place = 0;
  int shift = g_rand_int_range(draws, -1, 2), from = g_rand_int_range(draws, 0, 80),
      to = from + g_rand_int_range(draws, 30, 120);
  for (int t = 0; t < N_SESSIONS + 2; t++) move[t] = 0.01 * draw_normal(draws);
  for (int t = 0; t < N_SESSIONS; t++)
    own[t] =
        move[t + 1 + (t >= from && t < to ? shift : 0)] + g_rand_double_range(draws, 0.002, 0.02) * draw_normal(draws);
  make_series(f, &market, "MKT", move + 1, g_rand_int_range(draws, 0, 20), N_SESSIONS - g_rand_int_range(draws, 0, 20),
              97, draws);
  make_series(f, &series, "S", own, g_rand_int_range(draws, 0, 20), N_SESSIONS - g_rand_int_range(draws, 0, 20), 95,
              draws);
  audit_moves_init(&moves, &market);
  aft_audit_init(&audit);
  audit_check_shift(&audit, &series, &moves);
  for (int lag = -1; lag <= 1; lag += 2) {
    aft_day first = 0, last = 0;
    char a[AFT_DAY_TEXT], b[AFT_DAY_TEXT];
    if (!search_slowly(&series, &market, lag, &first, &last)) continue;
    g_autofree char *beginning =
        g_strdup_printf("from about %s to %s returns go with those of MKT one session %s:", aft_day_print(first, a),
                        aft_day_print(last, b), lag < 0 ? "before" : "after");
    g_assert_cmpuint(place, <, audit.findings->len);
    const aft_finding *found = &g_array_index(audit.findings, aft_finding, place++);
    g_assert_cmpstr(found->check, ==, "shifted");
    g_assert_true(g_str_has_prefix(found->what, beginning));
    g_assert_cmpint(found->day, ==, first);
  }
  g_assert_cmpuint(place, ==, audit.findings->len);
  *(place > 0 ? n_told : n_silent) += 1;
  aft_audit_clear(&audit);
  audit_moves_clear(&moves);
  audit_series_clear(&series);
  audit_series_clear(&market);
}

static void test_shift(void) {
  fixture f;
  GRand *draws = g_rand_new_with_seed(43);
  int n_told = 0, n_silent = 0;
  set_up(&f);
  for (int i = 0; i < N_TRIALS; i++) check_trial(&f, draws, &n_told, &n_silent);
  g_assert_cmpint(n_told, >, N_TRIALS / 20);
  g_assert_cmpint(n_silent, >, N_TRIALS / 20);
  g_rand_free(draws);
  tear_down(&f);
}

/* Moves of every size, days and prices missing: log() says what they are, to the last bits. */
static void test_growth(void) {
  bool has_column[AFT_PRICE_N_COLUMNS] = {[AFT_PRICE_CLOSE] = true};
  g_autoptr(GRand) draws = g_rand_new_with_seed(31);
  fixture f;
  set_up(&f);
  for (int n = 0; n < 200; n++) {
    double price = 50, scale = pow(10, g_rand_double_range(draws, -12, 1)), largest = 0;
    audit_series s;
    audit_series_init(&s, &f.input, &f.none, has_column, N_SESSIONS);
    s.symbol = "A";
    for (int t = 0; t < N_SESSIONS; t++) {
      if (g_rand_int_range(draws, 0, 20) == 0) continue;
      price *= exp(CLAMP(scale * draw_normal(draws), -5, 5));
      price = CLAMP(price, 1e-18, 1e18);
      s.session[s.n] = FIRST + t;
      s.day[s.n] = aft_calendar_get_day(f.calendar, FIRST + t);
      s.value[AFT_PRICE_CLOSE][s.n++] = g_rand_int_range(draws, 0, 20) == 0 ? (double)NAN : price;
    }
    audit_series_finish(&s);
    for (size_t k = 0; k < s.n; k++) {
      const double *close = s.value[AFT_PRICE_CLOSE];
      bool is_next = k > 0 && s.session[k] == s.session[k - 1] + 1 && !isnan(close[k]) && !isnan(close[k - 1]);
      g_assert_true(isnan(s.growth[k]) == !is_next);
      if (!is_next) continue;
      /* the quotient is rounded by up to 2^-53 before its logarithm is taken */
      double expected = log(close[k] / close[k - 1]);
      g_assert_cmpfloat(fabs(s.growth[k] - expected), <=, 1.2e-16 + 4.5e-16 * fabs(expected));
      largest = fmax(largest, fabs(s.growth[k]));
    }
    g_assert_true(s.largest == largest);
    audit_series_clear(&s);
  }
  tear_down(&f);
}

/* Splits of a symbol among those of others, two of them on one day, one after the last. */
static void test_splits(void) {
  fixture f;
  audit_series s;
  audit_actions index;
  GRand *draws = g_rand_new_with_seed(47);
  double growth[N_SESSIONS] = {0};
  aft_action rows[] = {{.symbol = (char[]){"A"}, .kind = AFT_ACTION_SPLIT, .value = 2},
                       {.symbol = (char[]){"B"}, .kind = AFT_ACTION_SPLIT, .value = 3},
                       {.symbol = (char[]){"A"}, .kind = AFT_ACTION_DIVIDEND, .value = 5},
                       {.symbol = (char[]){"A"}, .kind = AFT_ACTION_SPLIT, .value = 7},
                       {.symbol = (char[]){"A"}, .kind = AFT_ACTION_SPLIT, .value = 11}};
  const aft_actions actions = {.n = G_N_ELEMENTS(rows), .rows = rows};
  set_up(&f);
  make_series(&f, &s, "A", growth, 0, 100, 100, draws);
  rows[0].day = rows[1].day = rows[2].day = rows[3].day = s.day[30];
  rows[4].day = s.day[s.n - 1] + 1;
  audit_actions_init(&index, &actions);
  s.actions = &index;
  audit_series_fill_splits(&s);
  for (size_t k = 0; k < s.n; k++) g_assert_cmpfloat(s.split[k], ==, k == 30 ? 14 : 1);
  g_assert_true(s.has_splits && audit_series_has_dividends(&s));
  s.symbol = "B";
  audit_series_fill_splits(&s);
  g_assert_cmpfloat(s.split[30], ==, 3);
  g_assert_true(s.has_splits && !audit_series_has_dividends(&s));
  s.symbol = "C";
  audit_series_fill_splits(&s);
  g_assert_true(!s.has_splits && s.split[30] == 1 && !audit_series_has_dividends(&s));
  audit_actions_clear(&index);
  audit_series_clear(&s);
  g_rand_free(draws);
  tear_down(&f);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/audit/shift", test_shift);
  g_test_add_func("/audit/growth", test_growth);
  g_test_add_func("/audit/splits", test_splits);
  return g_test_run();
}
