/* study/calendar_time: portfolios by hand and by the slowest reading of the definition, and their statistics. */
#include "support/draws.h"
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/dist.h>
#include <aftershock/stats/library.h>
#include <aftershock/study/calendar_time.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const aft_portfolio_day *day_of(const GArray *days, guint i) {
  return &g_array_index(days, aft_portfolio_day, i);
}

static aft_calendar_row compute(const char *name, const GArray *days, const aft_portfolio_factors *factors, int lag) {
  size_t n;
  const aft_calendar_test *tests = aft_calendar_tests(&n);
  aft_calendar_row row = {.sample = 0};
  for (size_t t = 0; t < n; t++)
    if (strcmp(tests[t].name, name) == 0) {
      aft_calendar_test_compute(t, days, factors, lag, &row);
      return row;
    }
  g_assert_not_reached();
}

/* Firm 0 has events on sessions 10 and 11, firm 1 on session 11; two days each, four estimation days. */
static void start_by_hand(support_sample *sample) {
  static const double abnormal[] = {0.01, 0.03, 0.05, -0.01, -0.02, 0.04};
  static const double residual[] = {0.01, -0.01, 0.02, -0.02, 0.00, 0.02, -0.02, 0.00, 0.03, (double)NAN, -0.03, 0.01};
  support_sample_init(sample, 3, 4, 0, 2);
  sample->abnormal.realised = g_memdup2(abnormal, sizeof abnormal);
  memcpy(sample->abnormal.abnormal, abnormal, sizeof abnormal);
  memcpy(sample->abnormal.residual, residual, sizeof residual);
  for (int i = 0; i < 3; i++) {
    sample->abnormal.security[i] = i == 2;
    sample->abnormal.session[i] = i == 0 ? 10 : 11;
  }
}

static void finish(support_sample *sample) {
  g_free(sample->abnormal.realised);
  support_sample_clear(sample);
}

static void test_by_hand(void) {
  support_sample sample;
  start_by_hand(&sample);
  g_autoptr(GArray) days = aft_portfolio_build(&sample.abnormal, sample.member, 3, 0, 1, 1);
  g_assert_cmpuint(days->len, ==, 3);
  /* Session 10: firm 0 alone. Session 11: firm 0 with (0.03 + 0.05)/2, firm 1 with -0.02. Session 12: -0.01 and 0.04. */
  const double expected[] = {0.01, 0.01, 0.015};
  const size_t firms[] = {1, 2, 2}, events[] = {1, 3, 2};
  for (guint i = 0; i < 3; i++) {
    g_assert_cmpint(day_of(days, i)->day, ==, 10 + (int)i);
    g_assert_cmpuint(day_of(days, i)->firms, ==, firms[i]);
    g_assert_cmpuint(day_of(days, i)->events, ==, events[i]);
    assert_close(day_of(days, i)->abnormal, expected[i], 1e-14);
    assert_close(day_of(days, i)->realised, expected[i], 1e-14);
  }
  /* Estimation portfolios: 0.01, -0.01, 0.02, -0.02: sd^2 = 0.001/3. Session 11: (0.005 + 0.03)/2, 0.005, (0 - 0.03)/2, (-0.01 + 0.01)/2.
     Session 12: event 1 and event 2: 0.015, 0.02, -0.025, 0.005. */
  assert_close(day_of(days, 0)->standardised, 0.01 / sqrt(0.001 / 3), 1e-13);
  assert_close(day_of(days, 1)->standardised,
               0.01 / sqrt((0.0175 * 0.0175 + 0.005 * 0.005 + 0.015 * 0.015 - 4 * pow(0.0075 / 4, 2)) / 3), 1e-13);
  assert_close(day_of(days, 2)->standardised,
               0.015 / sqrt((0.015 * 0.015 + 0.02 * 0.02 + 0.025 * 0.025 + 0.005 * 0.005 - 4 * pow(0.015 / 4, 2)) / 3),
               1e-13);
  finish(&sample);
}

/* p = 0.01, 0.01, 0.015: mean 7/600, deviations -1, -1, 2 in units of 1/600. */
static void test_statistics_by_hand(void) {
  support_sample sample;
  start_by_hand(&sample);
  g_autoptr(GArray) days = aft_portfolio_build(&sample.abnormal, sample.member, 3, 0, 1, 1);
  const aft_portfolio_factors none = {.n = 0};
  aft_calendar_row t = compute("calendar_time_t", days, &none, -1);
  assert_close(t.result.estimate, 7.0 / 600, 1e-14);
  assert_close(t.standard_error, 1.0 / 600, 1e-12); /* sd^2 = 3 / 600^2 */
  assert_close(t.result.statistic, 7, 1e-12);
  g_assert_cmpfloat(t.result.df, ==, 2);
  g_assert_cmpuint(t.result.n, ==, 3);
  assert_close(t.firms, 5.0 / 3, 1e-15);
  assert_close(t.result.p_value, aft_t_p_value(7, 2), 1e-11);
  g_assert_cmpstr(t.result.note, ==, "few sessions");
  /* lag 1: S0 = 6, S1 = 1 - 2 = -1, weight 1/2, n/(n-1): 1.5 (6 - 1)/9 in units of 1/600^2 */
  aft_calendar_row hac = compute("calendar_time_hac", days, &none, 1);
  g_assert_cmpint(hac.lag, ==, 1);
  assert_close(hac.standard_error, sqrt(7.5 / 9) / 600, 1e-12);
  /* The default for three sessions is 4 (0.03)^(2/9) = 1.8. */
  g_assert_cmpint(compute("calendar_time_hac", days, &none, -1).lag, ==, 1);
  g_assert_cmpint(compute("calendar_time_hac", days, &none, 100).lag, ==, 2);
  /* Weights 1, 2, 2: mean 0.012; w e = -0.002, -0.004, 0.006: n/(n-1) sum / (sum w)^2 */
  aft_calendar_row wls = compute("calendar_time_wls", days, &none, -1);
  assert_close(wls.result.estimate, 0.012, 1e-14);
  assert_close(wls.standard_error, sqrt(1.5 * 56e-6) / 5, 1e-12);
  aft_calendar_row z = compute("calendar_time_jaffe_z", days, &none, -1);
  double sum = 0;
  for (guint i = 0; i < 3; i++) sum += day_of(days, i)->standardised;
  assert_close(z.result.statistic, sum / sqrt(3), 1e-13);
  assert_close(z.result.p_value, aft_normal_p_value(sum / sqrt(3)), 1e-13);
  g_assert_true(isnan(z.result.df));
  finish(&sample);
}

/* y = 0.01, 0.01, 0.015 less rf 0.001 on x = 1, 2, 4: alpha by hand. */
static void test_alpha_by_hand(void) {
  support_sample sample;
  start_by_hand(&sample);
  g_autoptr(GArray) days = aft_portfolio_build(&sample.abnormal, sample.member, 3, 0, 1, 1);
  double market[13] = {0}, rf[13];
  const double *row = market;
  for (int t = 0; t < 13; t++) rf[t] = 0.001;
  market[10] = 1;
  market[11] = 2;
  market[12] = 4;
  const aft_portfolio_factors factors = {.n = 1, .row = &row, .rf = rf};
  aft_calendar_row alpha = compute("calendar_time_alpha", days, &factors, -1);
  double slope = (-4.0 / 3 * -1 + -1.0 / 3 * -1 + 5.0 / 3 * 2) / 600 / (14.0 / 3); /* Sxy/Sxx */
  double intercept = 0.012 - 0.001 - 1.0 / 3000 - slope * 7 / 3;
  assert_close(alpha.result.estimate, intercept, 1e-12);
  double rss = 0, y[] = {0.009, 0.009, 0.014}, x[] = {1, 2, 4};
  for (int i = 0; i < 3; i++) rss += pow(y[i] - intercept - slope * x[i], 2);
  assert_close(alpha.standard_error, sqrt(rss * (1.0 / 3 + 49.0 / 9 / (14.0 / 3))), 1e-11);
  g_assert_cmpfloat(alpha.result.df, ==, 1);
  /* A session without the factor leaves; two are left for two coefficients. */
  market[11] = (double)NAN;
  alpha = compute("calendar_time_alpha", days, &factors, -1);
  g_assert_cmpuint(alpha.result.n, ==, 2);
  g_assert_true(isnan(alpha.result.statistic));
  g_assert_cmpstr(alpha.result.note, ==, "no more observations than coefficients");
  finish(&sample);
}

enum { N = 37, N_EST = 41, FIRST_REL = -3, N_REL = 8, N_FIRMS = 9, N_SESSIONS = 500 };

/* One mean over firms, spelt out: cell(i) is NaN where event i does not count. */
static double slow_mean(const support_sample *sample, const double *cell, size_t *firms) {
  double total = 0;
  *firms = 0;
  for (int firm = 0; firm < N_FIRMS; firm++) {
    double sum = 0, count = 0;
    for (size_t i = 0; i < N; i++)
      if (sample->abnormal.security[i] == firm && !isnan(cell[i])) sum += cell[i], count++;
    if (count == 0) continue;
    total += sum / count;
    (*firms)++;
  }
  return total / (double)*firms;
}

static void check_session(const support_sample *sample, const GArray *days, guint *at, long session, int first,
                          int last, size_t min_firms) {
  const aft_abnormal *a = &sample->abnormal;
  double cell[N], series[N_EST], mean = 0, squares = 0, n_days = 0;
  size_t firms, estimated;
  bool active[N];
  for (size_t i = 0; i < N; i++) {
    long rel = session - a->session[i];
    cell[i] = rel < first || rel > last ? (double)NAN : a->abnormal[i * N_REL + (size_t)(rel - FIRST_REL)];
    active[i] = !isnan(cell[i]);
  }
  double p = slow_mean(sample, cell, &firms);
  if (firms < min_firms || firms == 0) return;
  for (int tau = 0; tau < N_EST; tau++) {
    for (size_t i = 0; i < N; i++) cell[i] = active[i] ? a->residual[i * N_EST + (size_t)tau] : (double)NAN;
    series[tau] = slow_mean(sample, cell, &estimated);
    if (estimated == 0) continue;
    mean += series[tau];
    n_days++;
  }
  mean /= n_days;
  for (int tau = 0; tau < N_EST; tau++) squares += isnan(series[tau]) ? 0 : pow(series[tau] - mean, 2);
  g_assert_cmpuint(*at, <, days->len);
  const aft_portfolio_day *day = day_of(days, (*at)++);
  g_assert_cmpint(day->day, ==, session);
  g_assert_cmpuint(day->firms, ==, firms);
  assert_close(day->abnormal, p, 1e-12);
  assert_close(day->standardised, p / sqrt(squares / (n_days - 1)), 1e-11);
}

static void test_definition(void) {
  for (guint32 seed = 1; seed <= 6; seed++) {
    support_sample sample;
    support_sample_crowd(&sample, seed, N, N_EST, FIRST_REL, N_REL, true, false);
    sample.abnormal.realised = sample.abnormal.abnormal;
    for (size_t i = 0; i < N * N_REL; i += 13) sample.abnormal.abnormal[i] = (double)NAN;
    for (size_t i = 0; i < N; i++) sample.abnormal.session[i] = 400 + (int)(i * i % 23);
    int first = seed % 2 == 0 ? 0 : -2, last = seed % 3 == 0 ? 0 : 4;
    size_t min_firms = 1 + seed % 4;
    g_autoptr(GArray) days = aft_portfolio_build(&sample.abnormal, sample.member, N, first, last, (int)min_firms);
    guint at = 0;
    for (long session = 380; session < N_SESSIONS; session++)
      check_session(&sample, days, &at, session, first, last, min_firms);
    g_assert_cmpuint(at, ==, days->len);
    support_sample_clear(&sample);
  }
}

/* The order of events and their scale change no statistic; one date and one day is one session. */
static void test_identities(void) {
  support_sample sample;
  support_sample_crowd(&sample, 77, N, N_EST, FIRST_REL, N_REL, true, false);
  aft_abnormal *a = &sample.abnormal;
  a->realised = a->abnormal;
  const aft_portfolio_factors none = {.n = 0};
  g_autoptr(GArray) days = aft_portfolio_build(a, sample.member, N, -1, 2, 1);
  size_t reversed[N], n_tests;
  const aft_calendar_test *tests = aft_calendar_tests(&n_tests);
  for (size_t i = 0; i < N; i++) reversed[i] = N - 1 - i;
  g_autoptr(GArray) again = aft_portfolio_build(a, reversed, N, -1, 2, 1);
  for (size_t t = 0; t < n_tests; t++)
    g_assert_cmpfloat(compute(tests[t].name, again, &none, -1).result.statistic, ==,
                      compute(tests[t].name, days, &none, -1).result.statistic);
  double before = compute("calendar_time_jaffe", days, &none, -1).result.statistic;
  for (size_t i = 0; i < N * N_REL; i++) a->abnormal[i] *= 4;
  for (size_t i = 0; i < N * N_EST; i++) a->residual[i] *= 4;
  g_autoptr(GArray) scaled = aft_portfolio_build(a, sample.member, N, -1, 2, 1);
  assert_close(compute("calendar_time_jaffe", scaled, &none, -1).result.statistic, before, 1e-12);
  for (size_t i = 0; i < N; i++) a->session[i] = 400;
  g_autoptr(GArray) one = aft_portfolio_build(a, sample.member, N, 0, 0, 1);
  g_assert_cmpuint(one->len, ==, 1);
  aft_calendar_row row = compute("calendar_time_t", one, &none, -1);
  g_assert_true(isnan(row.result.statistic) && !isnan(row.result.estimate));
  g_assert_cmpstr(row.result.note, ==, "fewer than 2 sessions");
  g_assert_false(isnan(compute("calendar_time_jaffe_z", one, &none, -1).result.statistic));
  g_autoptr(GArray) empty = aft_portfolio_build(a, sample.member, N, 0, 0, N_FIRMS + 1);
  row = compute("calendar_time_jaffe_z", empty, &none, -1);
  g_assert_true(isnan(row.result.statistic) && row.result.n == 0 && isnan(row.firms));
  g_assert_cmpstr(row.result.note, ==, "no session has a portfolio");
  support_sample_clear(&sample);
}

/* A return over three sessions, of which the window holds two, does not count; one that fits does. */
static void test_gaps(void) {
  support_sample sample;
  support_sample_crowd(&sample, 5, 2, N_EST, FIRST_REL, N_REL, false, false);
  sample.abnormal.realised = sample.abnormal.abnormal;
  int gap[2 * N_REL];
  for (int i = 0; i < 2 * N_REL; i++) gap[i] = 1;
  gap[0 - FIRST_REL + 1] = 3; /* event 0, day 1: sessions -1 .. 1 */
  sample.abnormal.gap = gap;
  g_autoptr(GArray) cut = aft_portfolio_build(&sample.abnormal, sample.member, 1, 0, 1, 1);
  g_autoptr(GArray) whole = aft_portfolio_build(&sample.abnormal, sample.member, 1, -1, 1, 1);
  g_assert_cmpuint(cut->len, ==, 1);
  g_assert_cmpuint(whole->len, ==, 3);
  support_sample_clear(&sample);
}

/* Events on two clocks meet by date, listings of one firm are one; factors are found by date, and one day has none. */
static void test_exchanges(void) {
  support_sample sample;
  start_by_hand(&sample);
  aft_abnormal *a = &sample.abnormal;
  aft_day here[13], there[13];
  for (int t = 0; t < 13; t++) {
    here[t] = 700 + t;
    there[t] = 690 + 2 * t; /* column 10 there is 710, as here; 11 is 712 */
  }
  const aft_day *day[] = {here, there};
  int market[] = {0, 0, 1}, firm[] = {0, 0, 0};
  a->market = market;
  a->day = day;
  a->session[2] = 10;
  g_autoptr(GArray) two = aft_portfolio_build(a, sample.member, 3, 0, 1, 1);
  g_assert_cmpuint(two->len, ==, 3);
  g_assert_cmpint(day_of(two, 0)->day, ==, 710);
  g_assert_cmpuint(day_of(two, 0)->firms, ==, 2);
  assert_close(day_of(two, 0)->abnormal, (0.01 - 0.02) / 2, 1e-14);
  g_assert_cmpint(day_of(two, 2)->day, ==, 712);
  assert_close(day_of(two, 2)->abnormal, (-0.01 + 0.04) / 2, 1e-14);
  double factor[] = {0.5, 0.25};
  const double *row = factor;
  const aft_day known[] = {710, 712};
  const aft_portfolio_factors factors = {.n = 1, .row = &row, .day = known, .n_sessions = 2};
  g_assert_cmpuint(compute("calendar_time_alpha", two, &factors, -1).result.n, ==, 2);
  g_assert_cmpuint(compute("calendar_time_t", two, &factors, -1).result.n, ==, 3);
  a->firm = firm;
  g_autoptr(GArray) one = aft_portfolio_build(a, sample.member, 3, 0, 1, 1);
  g_assert_cmpuint(day_of(one, 0)->firms, ==, 1);
  assert_close(day_of(one, 0)->abnormal, (0.01 - 0.02) / 2, 1e-14);
  assert_close(day_of(one, 1)->abnormal, (0.03 + 0.05) / 2, 1e-14);
  finish(&sample);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  aft_stats_init();
  g_test_add_func("/calendar-time/by-hand", test_by_hand);
  g_test_add_func("/calendar-time/statistics-by-hand", test_statistics_by_hand);
  g_test_add_func("/calendar-time/alpha-by-hand", test_alpha_by_hand);
  g_test_add_func("/calendar-time/definition", test_definition);
  g_test_add_func("/calendar-time/identities", test_identities);
  g_test_add_func("/calendar-time/gaps", test_gaps);
  g_test_add_func("/calendar-time/exchanges", test_exchanges);
  return g_test_run();
}
