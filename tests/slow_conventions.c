/*
 * What conventions of other programs do to the size of a test, under the null: market model, T = 120, normal and independent
 * events, 5 % two-sided, 4000 replications (Monte Carlo error 0.35 at 5 %, 0.7 at 26 %).
 *
 * Patell's running sum has variance H_L = 1 + 1/2 + ... + 1/L, so it rejects in 2 (1 - Phi(1.96/sqrt H_L)): 11.0 % for L = 2, 14.8 % for
 * L = 3, 25.9 % for L = 11. The others were measured by a program that shares no code with this one (20,000 draws): GRANK with
 * the error of the mean 19.7 % for N = 10 and 21.2 % for N = 30, L = 11.
 */
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/library.h>
#include <aftershock/stats/random.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { N_EST = 120, N_REL = 11, N_DAYS = N_EST + N_REL, REPLICATIONS = 4000 };

static void simulate(support_sample *sample, uint64_t key) {
  double x[N_DAYS], y[N_DAYS];
  uint64_t index = 0;
  for (size_t i = 0; i < sample->n; i++) {
    double share = (double)i / (double)sample->n;
    for (int t = 0; t < N_DAYS; t++) {
      x[t] = 0.01 * aft_random_normal(key, index++);
      y[t] = (1.5 - share) * x[t] + (0.01 + 0.02 * share) * aft_random_normal(key, index++);
    }
    support_sample_fit(sample, i, y, x);
    sample->abnormal.session[i] = 1000 + 500 * (int)i;
  }
}

/* Percent of rejections of a test over days 0..last, with the conventions and without. */
static void measure(const char *test, size_t n, int last, aft_test_conventions conventions, double expected,
                    double own) {
  int rejections[2] = {0, 0};
  support_sample sample;
  support_sample_init(&sample, n, N_EST, 0, N_REL);
  for (int r = 0; r < REPLICATIONS; r++) {
    simulate(&sample, aft_random_key((uint64_t)r, AFT_STREAM_SIMULATION));
    for (int other = 0; other < 2; other++) {
      sample.options.conventions = other ? conventions : (aft_test_conventions){.plain_scar = false};
      support_sample_window(&sample, 0, last);
      rejections[other] += support_sample_test(&sample, test).p_value <= 0.05;
    }
  }
  double rate[2] = {100.0 * rejections[0] / REPLICATIONS, 100.0 * rejections[1] / REPLICATIONS};
  g_test_message("%s N %zu L %d: %.1f %% here (%.1f expected), %.1f %% there (%.1f expected)", test, n, last + 1,
                 rate[0], own, rate[1], expected);
  g_assert_cmpfloat(fabs(rate[0] - own), <, 1.4);
  g_assert_cmpfloat(fabs(rate[1] - expected), <, 4 * 100 * sqrt(expected / 100 * (1 - expected / 100) / REPLICATIONS));
  support_sample_clear(&sample);
}

static void test_running_sum(void) {
  const aft_test_conventions conventions = {.running_sum = true};
  measure("patell", 30, 1, conventions, 11.0, 5);
  measure("patell", 30, 2, conventions, 14.8, 5);
  measure("patell", 30, 10, conventions, 25.9, 5);
}

static void test_grank(void) {
  const aft_test_conventions conventions = {
      .running_sum = true, .grank = AFT_GRANK_EVENT_APART, .grank_mean_error = true};
  measure("grank_t", 10, 10, conventions, 19.7, 6.7);
  measure("grank_t", 30, 10, conventions, 21.2, 5.3);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  aft_stats_init();
  g_test_add_func("/slow/conventions/running-sum", test_running_sum);
  g_test_add_func("/slow/conventions/grank", test_grank);
  return g_test_run();
}
