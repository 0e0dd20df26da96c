/* stats/diagnostics: against R, against their definitions with gaps, and where they are undefined. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/diagnostics.h>
#include <aftershock/stats/dist.h>

#include <gsl/gsl_errno.h>
#include <math.h>

#include <aftershock/base/banned.h>

enum { MOST = 120 };

static void fill_series(double *x, int n) {
  for (int i = 0; i < n; i++) {
    int t = i + 1;
    x[i] = ((t * t * 7 + t * 13) % 31 - 15) / 100.0 + pow(t * 5 % 7, 3) / 10000;
  }
}

/*
 * R 4.3: t <- 1:40; x <- ((t*t*7 + t*13) %% 31 - 15)/100 + ((t*5) %% 7)^3/10000; m2 <- mean((x-mean(x))^2) and so on;
 * jb <- 40/6*(s^2 + k^2/4); Box.test(x, lag = 6, type = "Ljung-Box"); m <- embed(x^2, 4);
 * 37*summary(lm(m[,1] ~ m[,-1]))$r.squared; 1 - pchisq(., df)
 */
static void test_reference(void) {
  double x[40], work[40 * 5];
  fill_series(x, 40);
  aft_shape shape = aft_shape_compute(x, 40);
  assert_close(shape.skewness, -0.3143474216524087, 1e-12);
  assert_close(shape.kurtosis, -1.2380503183667317, 1e-12);
  aft_portmanteau jb = aft_jarque_bera(&shape), lb = aft_ljung_box(x, 40, 6), arch = aft_arch_lm(x, 40, 3, work);
  assert_close(jb.statistic, 3.213376328010058, 1e-12);
  assert_close(jb.p_value, 0.20055070649097217, 1e-12);
  assert_close(lb.statistic, 8.8240372081969038, 1e-12);
  assert_close(lb.p_value, 0.18371861409038825, 1e-12);
  g_assert_cmpfloat(lb.df, ==, 6);
  assert_close(arch.statistic, 0.66911221191873982, 1e-10); /* 37 (1 - rss/tss) loses two digits */
  assert_close(arch.p_value, 0.88044388000269258, 1e-10);
  assert_close(aft_chi2_upper(3.5, 4), 0.47787834448872407, 1e-14);
  assert_close(aft_chi2_upper(200, 5) * 1e40, 0.28406228986415315, 1e-12);
  g_assert_true(isnan(aft_chi2_upper(-1, 4)) && isnan(aft_chi2_upper(1, 0)) && isnan(aft_chi2_upper((double)NAN, 1)));
}

/* Gaps stay gaps: pairs are counted on the clock, and moments over what is there. */
static void test_gaps(void) {
  GRand *draws = g_rand_new_with_seed(71);
  double x[MOST], packed[MOST], work[MOST * 7], mean = 0, total = 0, sum = 0, n = 0;
  for (int t = 0; t < MOST; t++) x[t] = t % 11 == 4 || t % 17 == 9 ? (double)NAN : 0.02 * draw_heavy(draws) + 0.5;
  for (int t = 0; t < MOST; t++)
    if (!isnan(x[t])) packed[(int)n++] = x[t];
  for (int t = 0; t < (int)n; t++) mean += packed[t] / n;
  for (int t = 0; t < (int)n; t++) total += pow(packed[t] - mean, 2);
  for (int k = 1; k <= 7; k++) {
    double product = 0, pairs = 0;
    for (int t = 0; t < MOST; t++)
      for (int u = 0; u < t; u++) {
        if (t - u != k || isnan(x[t] + x[u])) continue;
        product += (x[t] - mean) * (x[u] - mean);
        pairs++;
      }
    sum += product * product / (total * total) / pairs;
  }
  assert_close(aft_ljung_box(x, MOST, 7).statistic, n * (n + 2) * sum, 1e-11);
  aft_shape gaps = aft_shape_compute(x, MOST), plain = aft_shape_compute(packed, (size_t)n);
  g_assert_cmpuint(gaps.n, ==, (size_t)n);
  assert_close(gaps.skewness, plain.skewness, 1e-14);
  assert_close(gaps.kurtosis, plain.kurtosis, 1e-14);

  /* one lag: n times the squared correlation of neighbours */
  double xy = 0, xx = 0, yy = 0, mx = 0, my = 0, rows = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int t = 1; t < MOST; t++) {
      if (isnan(x[t] + x[t - 1])) continue;
      double a = x[t] * x[t], b = x[t - 1] * x[t - 1];
      rows += pass == 0;
      mx += pass == 0 ? a : 0;
      my += pass == 0 ? b : 0;
      xx += pass == 1 ? (a - mx) * (a - mx) : 0;
      yy += pass == 1 ? (b - my) * (b - my) : 0;
      xy += pass == 1 ? (a - mx) * (b - my) : 0;
    }
    mx /= pass == 0 ? rows : 1;
    my /= pass == 0 ? rows : 1;
  }
  assert_close(aft_arch_lm(x, MOST, 1, work).statistic, rows * xy * xy / (xx * yy), 1e-9);
  g_rand_free(draws);
}

/* Units, and a constant added, change nothing (but for the LM test, which is about squares as they are). */
static void test_identities(void) {
  GRand *draws = g_rand_new_with_seed(72);
  double x[MOST], scaled[MOST], turned[MOST], work[MOST * 7];
  for (int t = 0; t < MOST; t++) x[t] = draw_heavy(draws);
  for (int t = 0; t < MOST; t++) scaled[t] = 1e-3 * x[t];
  for (int t = 0; t < MOST; t++) turned[t] = 2 - x[t];
  aft_shape a = aft_shape_compute(x, MOST), b = aft_shape_compute(scaled, MOST), c = aft_shape_compute(turned, MOST);
  assert_close(b.skewness, a.skewness, 1e-12);
  assert_close(c.skewness, -a.skewness, 1e-11);
  assert_close(c.kurtosis, a.kurtosis, 1e-11);
  assert_close(aft_ljung_box(turned, MOST, 5).statistic, aft_ljung_box(x, MOST, 5).statistic, 1e-10);
  assert_close(aft_arch_lm(scaled, MOST, 4, work).statistic, aft_arch_lm(x, MOST, 4, work).statistic, 1e-10);
  g_rand_free(draws);
}

static void test_undefined(void) {
  double flat[20], none[20], few[20], work[20 * 7];
  for (int t = 0; t < 20; t++) {
    flat[t] = 0.1;
    none[t] = (double)NAN;
    few[t] = t < 2 ? t : (double)NAN;
  }
  const double *const series[] = {flat, none, few};
  for (int i = 0; i < 3; i++) {
    aft_shape shape = aft_shape_compute(series[i], 20);
    g_assert_cmpuint(shape.n, ==, i == 0 ? 20 : i == 1 ? 0 : 2);
    g_assert_true(isnan(shape.skewness) && isnan(shape.kurtosis));
    g_assert_true(isnan(aft_jarque_bera(&shape).p_value));
    g_assert_true(isnan(aft_ljung_box(series[i], 20, 3).p_value));
    g_assert_true(isnan(aft_arch_lm(series[i], 20, 3, work).p_value));
  }
  fill_series(flat, 20);
  g_assert_true(isnan(aft_arch_lm(flat, 10, 4, work).p_value)); /* six rows for five coefficients */
  g_assert_false(isnan(aft_arch_lm(flat, 20, 4, work).p_value));
  g_assert_true(isnan(aft_ljung_box(flat, 3, 3).p_value)); /* no pair is three apart */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/diagnostics/reference", test_reference);
  g_test_add_func("/diagnostics/gaps", test_gaps);
  g_test_add_func("/diagnostics/identities", test_identities);
  g_test_add_func("/diagnostics/undefined", test_undefined);
  return g_test_run();
}
