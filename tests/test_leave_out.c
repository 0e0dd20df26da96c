/* stats/leave_out: each value left out against the others alone, also where a difference would lose its digits. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/describe.h>
#include <aftershock/stats/leave_out.h>

#include <glib.h>
#include <math.h>

#include <aftershock/base/banned.h>

enum { MOST = 40 };

static void check(const double *x, size_t n) {
  double mean = aft_mean(x, n), sd = aft_sd(x, n, mean);
  for (size_t skip = 0; skip < n; skip++) {
    double others[MOST], m = 0, squares = 0;
    size_t count = 0;
    for (size_t i = 0; i < n; i++)
      if (i != skip) others[count++] = x[i];
    for (size_t i = 0; i < count; i++) m += others[i] / (double)count;
    for (size_t i = 0; i < count; i++) squares += pow(others[i] - m, 2);
    double ratio = m / sqrt(squares / ((double)count - 1));
    /* The mean of all has the digits of the largest value, and the mean of the others no more. */
    g_assert_cmpfloat(fabs(aft_leave_out_mean(x, n, mean, skip) - m), <=, 1e-15 * fabs(mean) + 1e-15 * fabs(m));
    if (n >= 3) assert_close(aft_leave_out_ratio(x, n, mean, sd, skip), ratio, 1e-12);
  }
}

static void test_definition(void) {
  GRand *draws = g_rand_new_with_seed(61);
  for (size_t n = 2; n <= MOST; n += 1 + n / 3) {
    double x[MOST];
    for (size_t i = 0; i < n; i++) x[i] = 0.5 + 0.3 * draw_heavy(draws);
    check(x, n);
  }
  g_rand_free(draws);
}

/* Without the outlier the others' sum of squares is a 1e-22th of all: no difference has a digit of it. */
static void test_outlier(void) {
  double x[] = {0.01, -0.03, 0.02, 1e9, 0.015, -0.007};
  enum { N = G_N_ELEMENTS(x) };
  double mean = aft_mean(x, N), sd = aft_sd(x, N, mean);
  const double others[] = {0.01, -0.03, 0.02, 0.015, -0.007};
  double m = aft_mean(others, 5);
  assert_close(aft_leave_out_ratio(x, N, mean, sd, 3), m / aft_sd(others, 5, m), 1e-14);
}

static void test_no_variance(void) {
  const double x[] = {0.2, 0.2, 0.2, 0.5}, flat[] = {0.1, 0.1, 0.1};
  double mean = aft_mean(x, 4), sd = aft_sd(x, 4, mean);
  g_assert_true(isnan(aft_leave_out_ratio(x, 4, mean, sd, 3)));
  g_assert_false(isnan(aft_leave_out_ratio(x, 4, mean, sd, 0)));
  mean = aft_mean(flat, 3);
  for (size_t i = 0; i < 3; i++) g_assert_true(isnan(aft_leave_out_ratio(flat, 3, mean, aft_sd(flat, 3, mean), i)));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/leave-out/definition", test_definition);
  g_test_add_func("/leave-out/outlier", test_outlier);
  g_test_add_func("/leave-out/no-variance", test_no_variance);
  return g_test_run();
}
