/*
 * Size of the tests of residuals by simulation, against the same from R 4.3 (20,000 draws of 240 normal values about their mean:
 * Jarque-Bera 4.40, Ljung-Box over 10 lags 5.40, LM test over 5 lags 4.39 % at 5 %), and the power at the detectable effect.
 */
#include "support/support.h"

#include <aftershock/stats/diagnostics.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/random.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { N = 240, REPLICATIONS = 20000 };

static void assert_rate(const char *name, double count, double expected) {
  double rate = 100 * count / REPLICATIONS,
         error = 100 * sqrt(2 * expected / 100 * (1 - expected / 100) / REPLICATIONS);
  g_test_message("%s: %.2f %%, expected %.2f", name, rate, expected);
  g_assert_cmpfloat(fabs(rate - expected), <=, 4 * error); /* four errors of the difference of two such rates */
}

static void test_size(void) {
  uint64_t key = aft_random_key(2025, AFT_STREAM_SIMULATION), index = 0;
  double x[N], work[N * 7], rejected[3] = {0, 0, 0};
  for (int i = 0; i < REPLICATIONS; i++) {
    double mean = 0;
    for (int t = 0; t < N; t++) {
      x[t] = aft_random_normal(key, index++);
      mean += x[t] / N;
    }
    for (int t = 0; t < N; t++) x[t] -= mean;
    aft_shape shape = aft_shape_compute(x, N);
    rejected[0] += aft_jarque_bera(&shape).p_value < 0.05;
    rejected[1] += aft_ljung_box(x, N, 10).p_value < 0.05;
    rejected[2] += aft_arch_lm(x, N, 5, work).p_value < 0.05;
  }
  assert_rate("jarque_bera", rejected[0], 4.40);
  assert_rate("ljung_box", rejected[1], 5.40);
  assert_rate("arch_lm", rejected[2], 4.39);
}

/* (t_{d, 0.975} + t_{d, 0.8}) standard errors are found in four of five cases: to a percent for 20 degrees of freedom and more. */
static void test_power(void) {
  static const int degrees[] = {20, 100, 238};
  uint64_t key = aft_random_key(2026, AFT_STREAM_SIMULATION), index = 0;
  for (size_t k = 0; k < G_N_ELEMENTS(degrees); k++) {
    int d = degrees[k];
    double found = 0, bound = aft_t_quantile(0.975, d), effect = bound + aft_t_quantile(0.8, d);
    for (int i = 0; i < REPLICATIONS; i++) {
      double z = aft_random_normal(key, index++) + effect, sum = 0;
      for (int j = 0; j < d; j++) {
        double w = aft_random_normal(key, index++);
        sum += w * w;
      }
      found += fabs(z / sqrt(sum / d)) > bound;
    }
    g_test_message("d = %d: power %.4f", d, found / REPLICATIONS);
    g_assert_cmpfloat(fabs(found / REPLICATIONS - 0.8), <, 0.015);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/diagnostics/size", test_size);
  g_test_add_func("/diagnostics/power", test_power);
  return g_test_run();
}
