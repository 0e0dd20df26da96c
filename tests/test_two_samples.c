/* stats/two_samples: hand numbers, the textbook's analysis of variance, and what scale, place and order may change. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/dist.h>
#include <aftershock/stats/two_samples.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static aft_sample_moments moments_of(const double *x, size_t n) {
  double copy[64];
  g_assert_cmpuint(n, <=, G_N_ELEMENTS(copy));
  memcpy(copy, x, n * sizeof *x);
  return aft_sample_moments_compute(copy, n);
}

/* Means 2 and 5, v = 1/3 and 5/3; distances 1 0 1 from 2 and 3 1 1 3 from 5. */
static void test_by_hand(void) {
  const double x[] = {3, 1, 2}, y[] = {8, 2, 4, 6};
  aft_sample_moments a = moments_of(x, 3), b = moments_of(y, 4);
  aft_comparison welch = aft_compare_means(&a, &b), spread = aft_compare_spreads(&a, &b);
  assert_close(welch.difference, -3, 1e-15);
  assert_close(welch.statistic, -3 / sqrt(2), 1e-15);
  assert_close(welch.df, 216.0 / 53, 1e-14);
  assert_close(welch.p_value, aft_t_p_value(-3 / sqrt(2), 216.0 / 53), 1e-13);
  assert_close(spread.difference, 2.0 / 3 - 2, 1e-15);
  assert_close(spread.statistic, 160.0 / 49, 1e-14);
  g_assert_cmpfloat(spread.df, ==, 5);
  assert_close(spread.p_value, aft_t_p_value(sqrt(160.0 / 49), 5), 1e-12); /* F(1, d) is the square of t(d) */
}

/* Total sum of squares of the distances, less that within: the analysis of variance as it is taught. */
static double slow_f(const double *x, size_t n_x, const double *y, size_t n_y) {
  double d[64], all = 0, mean[2] = {0, 0}, within = 0, total = 0, n = (double)(n_x + n_y);
  for (int g = 0; g < 2; g++) {
    const double *v = g == 0 ? x : y;
    size_t size = g == 0 ? n_x : n_y, start = g == 0 ? 0 : n_x;
    double middle[2] = {0, 0};
    for (size_t i = 0; i < size; i++) {
      size_t below = 0;
      for (size_t j = 0; j < size; j++) below += v[j] < v[i]; /* no ties */
      if (below == (size - 1) / 2) middle[0] = v[i];
      if (below == size / 2) middle[1] = v[i];
    }
    for (size_t i = 0; i < size; i++) d[start + i] = fabs(v[i] - (middle[0] + middle[1]) / 2);
    for (size_t i = 0; i < size; i++) mean[g] += d[start + i] / (double)size;
    for (size_t i = 0; i < size; i++) within += pow(d[start + i] - mean[g], 2);
  }
  for (size_t i = 0; i < n_x + n_y; i++) all += d[i] / n;
  for (size_t i = 0; i < n_x + n_y; i++) total += pow(d[i] - all, 2);
  return (total - within) / (within / (n - 2));
}

static void test_definition(void) {
  GRand *draws = g_rand_new_with_seed(91);
  for (size_t n_x = 2; n_x < 12; n_x += 3) {
    double x[12], y[17];
    size_t n_y = 17 - n_x;
    for (size_t i = 0; i < n_x; i++) x[i] = 0.03 * draw_heavy(draws);
    for (size_t i = 0; i < n_y; i++) y[i] = 0.01 + 0.01 * draw_heavy(draws);
    aft_sample_moments a = moments_of(x, n_x), b = moments_of(y, n_y);
    assert_close(aft_compare_spreads(&a, &b).statistic, slow_f(x, n_x, y, n_y),
                 1e-10); /* a difference of sums of squares */
  }
  g_rand_free(draws);
}

/* Turned round the signs turn; scaled and shifted by powers of two nothing that has no unit changes. */
static void test_invariance(void) {
  GRand *draws = g_rand_new_with_seed(92);
  double x[7], y[11], scaled[11];
  for (size_t i = 0; i < 7; i++) x[i] = draw_normal(draws);
  for (size_t i = 0; i < 11; i++) y[i] = 3 * draw_normal(draws);
  g_rand_free(draws);
  aft_sample_moments a = moments_of(x, 7), b = moments_of(y, 11);
  aft_comparison (*const compare[])(const aft_sample_moments *, const aft_sample_moments *) = {aft_compare_means,
                                                                                               aft_compare_spreads};
  for (int k = 0; k < 2; k++) {
    aft_comparison one = compare[k](&a, &b), turned = compare[k](&b, &a);
    g_assert_cmpfloat(turned.difference, ==, -one.difference);
    assert_close(turned.statistic, k == 0 ? -one.statistic : one.statistic, 1e-14);
    assert_close(turned.df, one.df, 1e-14);
    for (int e = -600; e <= 600; e += 1200) { /* squares of such variances would leave the range of a double */
      for (size_t i = 0; i < 7; i++) scaled[i] = ldexp(x[i], e / 2);
      aft_sample_moments c = moments_of(scaled, 7);
      for (size_t i = 0; i < 11; i++) scaled[i] = ldexp(y[i], e / 2);
      aft_sample_moments d = moments_of(scaled, 11);
      aft_comparison other = compare[k](&c, &d);
      assert_close(other.statistic, one.statistic, 1e-13);
      assert_close(other.p_value, one.p_value, 1e-13);
    }
  }
  aft_comparison welch = aft_compare_means(&a, &b);
  g_assert_cmpfloat(welch.df, >, 6); /* between the smaller n - 1 and the pooled degrees of freedom */
  g_assert_cmpfloat(welch.df, <, 16);
}

static void assert_undefined(aft_comparison comparison) {
  g_assert_true(isnan(comparison.statistic) && isnan(comparison.df) && isnan(comparison.p_value));
  g_assert_nonnull(comparison.note);
}

static void test_undefined(void) {
  const double x[] = {0.1, 0.3, 0.25}, flat[] = {0.1, 0.1, 0.1}, pair[] = {0.07, 0.2};
  aft_sample_moments none = moments_of(x, 0), one = moments_of(x, 1), three = moments_of(x, 3),
                     same = moments_of(flat, 3), two = moments_of(pair, 2), other = moments_of(x + 1, 2);
  assert_undefined(aft_compare_means(&none, &three));
  assert_undefined(aft_compare_spreads(&three, &none));
  assert_undefined(aft_compare_means(&one, &three));
  assert_close(aft_compare_means(&one, &three).difference, 0.1 - 0.65 / 3, 1e-14);
  assert_undefined(aft_compare_spreads(&three, &one));
  assert_undefined(aft_compare_means(&same, &same));
  assert_undefined(aft_compare_spreads(&two, &other)); /* two values are equally far from their median */
  aft_comparison half = aft_compare_means(&same, &three);
  g_assert_null(half.note);
  assert_close(half.df, 2, 1e-14); /* those of the group that varies */
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/two-samples/by-hand", test_by_hand);
  g_test_add_func("/two-samples/definition", test_definition);
  g_test_add_func("/two-samples/invariance", test_invariance);
  g_test_add_func("/two-samples/undefined", test_undefined);
  return g_test_run();
}
