/*
 * Size of the calendar-time statistics where events overlap and react to the same days, under the null: thirty firms with events
 * on twenty neighbouring sessions, windows of five days, residual correlation 0.15 within a session; market model, T = 110,
 * normal, 5 % two-sided, 4000 replications (Monte Carlo error 0.34). What takes events for independent rejects too often there.
 */
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/library.h>
#include <aftershock/stats/random.h>
#include <aftershock/study/calendar_time.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum {
  N = 30,
  N_DATES = 20,
  N_EST = 110,
  N_REL = 5,
  N_DAYS = N_EST + N_REL,
  N_ALL = N_DAYS + N_DATES,
  REPLICATIONS = 4000
};

static void simulate(support_sample *sample, double *realised, double *market, uint64_t key) {
  double common[N_ALL], x[N_DAYS], y[N_DAYS];
  uint64_t index = 0;
  for (int t = 0; t < N_ALL; t++) {
    market[t] = 0.01 * aft_random_normal(key, index++);
    common[t] = aft_random_normal(key, index++);
  }
  for (size_t i = 0; i < N; i++) {
    size_t start = i * 7 % N_DATES;
    double share = (double)i / N;
    for (size_t t = 0; t < N_DAYS; t++) {
      double shock = sqrt(0.15) * common[start + t] + sqrt(0.85) * aft_random_normal(key, index++);
      x[t] = market[start + t];
      y[t] = (1.5 - share) * x[t] + (0.01 + 0.02 * share) * shock;
      if (t >= N_EST) realised[i * N_REL + t - N_EST] = y[t];
    }
    support_sample_fit(sample, i, y, x);
    sample->abnormal.session[i] = N_EST + (int)start;
  }
}

static void test_size(void) {
  /* About 5 % but for jaffe_z: its yardstick, residuals at equal distances from different dates, does not know the common days. */
  static const struct {
    const char *test;
    double low, high;
  } expected[] = {{"calendar_time_t", 4, 7},          {"calendar_time_hac", 5, 8.5},    {"calendar_time_jaffe", 4, 7},
                  {"calendar_time_jaffe_z", 11, 16},  {"calendar_time_wls", 4, 9},      {"calendar_time_alpha", 4, 7},
                  {"calendar_time_alpha_hac", 5, 10}, {"calendar_time_alpha_wls", 4, 9}};
  int rejections[G_N_ELEMENTS(expected)] = {0}, bmp = 0;
  double realised[N * N_REL], market[N_ALL];
  const double *row = market;
  const aft_portfolio_factors factors = {.n = 1, .row = &row};
  support_sample sample;
  support_sample_init(&sample, N, N_EST, 0, N_REL);
  sample.abnormal.realised = realised;
  for (int r = 0; r < REPLICATIONS; r++) {
    simulate(&sample, realised, market, aft_random_key((uint64_t)r, AFT_STREAM_SIMULATION));
    support_sample_window(&sample, 0, N_REL - 1);
    bmp += support_sample_test(&sample, "bmp").p_value <= 0.05;
    g_autoptr(GArray) days = aft_portfolio_build(&sample.abnormal, sample.member, N, 0, N_REL - 1, 1);
    for (size_t t = 0; t < G_N_ELEMENTS(expected); t++) {
      aft_calendar_row result;
      aft_calendar_test_compute(t, days, &factors, -1, &result);
      g_assert_cmpstr(result.test->name, ==, expected[t].test);
      rejections[t] += result.result.p_value <= 0.05;
    }
  }
  for (size_t t = 0; t < G_N_ELEMENTS(expected); t++) {
    double rate = 100.0 * rejections[t] / REPLICATIONS;
    g_test_message("%-24s %5.1f %%", expected[t].test, rate);
    g_assert_cmpfloat(rate, >, expected[t].low);
    g_assert_cmpfloat(rate, <, expected[t].high);
  }
  g_test_message("%-24s %5.1f %%", "bmp", 100.0 * bmp / REPLICATIONS);
  g_assert_cmpfloat(100.0 * bmp / REPLICATIONS, >, 9);
  support_sample_clear(&sample);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  aft_stats_init();
  g_test_add_func("/slow/calendar-time", test_size);
  return g_test_run();
}
