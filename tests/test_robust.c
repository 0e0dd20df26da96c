/* stats/robust and stats/theil_sen against slow versions written from the formulas. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/robust.h>
#include <aftershock/stats/theil_sen.h>

#include <float.h>
#include <gsl/gsl_errno.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define MAX_N 240

static int compare(const void *a, const void *b) {
  double left, right;
  memcpy(&left, a, sizeof left);
  memcpy(&right, b, sizeof right);
  return left < right ? -1 : left > right;
}

/* Median by sorting. */
static double median(double *value, size_t n) {
  qsort(value, n, sizeof *value, compare);
  return n % 2 == 1 ? value[n / 2] : (value[n / 2 - 1] + value[n / 2]) / 2;
}

static void draw(double *x, double *y, int n, guint32 seed) {
  GRand *draws = g_rand_new_with_seed(seed);
  for (int i = 0; i < n; i++) {
    x[i] = 0.0004 + 0.011 * draw_normal(draws);
    y[i] = 0.0011 + 1.37 * x[i] + 0.017 * draw_heavy(draws);
  }
  y[n / 3] += 0.4; /* a crash and a jump */
  y[n / 2] -= 0.6;
  g_rand_free(draws);
}

/* ---- Theil-Sen ---- */

static void slow_theil_sen(const double *x, const double *y, int n, bool separate, double *alpha, double *beta,
                           double *sigma) {
  double *value = g_new(double, (size_t)n *(size_t)n);
  size_t pairs = 0;
  for (int j = 0; j < n; j++)
    for (int i = 0; i < j; i++)
      if (x[i] != x[j]) value[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
  *beta = median(value, pairs);
  for (int i = 0; i < n; i++) value[i] = y[i] - *beta * x[i];
  *alpha = median(value, (size_t)n);
  if (separate) {
    for (int i = 0; i < n; i++) value[i] = y[i];
    *alpha = median(value, (size_t)n);
    for (int i = 0; i < n; i++) value[i] = x[i];
    *alpha -= *beta * median(value, (size_t)n);
  }
  for (int i = 0; i < n; i++) value[i] = fabs(y[i] - *alpha - *beta * x[i]);
  *sigma = median(value, (size_t)n) / 0.674489750196081743203; /* third quartile of the standard normal */
  g_free(value);
}

static void check_theil_sen(const double *x, const double *y, int n) {
  double *work = g_new(double, aft_theil_sen_work_size(n)), alpha, beta, sigma, expected[3];
  for (int separate = 0; separate < 2; separate++) {
    slow_theil_sen(x, y, n, separate == 1, &expected[0], &expected[1], &expected[2]);
    g_assert_true(aft_theil_sen_fit(x, y, n, separate == 1, work, &alpha, &beta, &sigma));
    assert_close(alpha, expected[0], 1e-14); /* the same values are selected: only the last rounding may differ */
    assert_close(beta, expected[1], 1e-14);
    assert_close(sigma, expected[2], 1e-14);
  }
  g_free(work);
}

static void test_theil_sen(void) {
  static const int sizes[] = {2, 3, 4, 7, 8, 101, 102};
  double x[MAX_N], y[MAX_N];
  for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++) {
    draw(x, y, sizes[s], 40 + (guint32)s);
    check_theil_sen(x, y, sizes[s]);
  }
  draw(x, y, 90, 7);
  for (int i = 0; i < 90; i++) { /* many ties, as rounded returns have */
    x[i] = floor(x[i] * 100) / 100;
    y[i] = floor(y[i] * 100) / 100;
  }
  check_theil_sen(x, y, 90);
}

static void test_theil_sen_by_hand(void) {
  /* slopes 2, 1, 3, 0, 3.5, 7: median 2.5; y - 2.5 x = 1, .5, -2, 2.5: median .75; |e| = .25, .25, 2.75, 1.75: median 1 */
  double x[] = {0, 1, 2, 3}, y[] = {1, 3, 3, 10}, work[6], alpha, beta, sigma;
  g_assert_true(aft_theil_sen_fit(x, y, 4, false, work, &alpha, &beta, &sigma));
  g_assert_true(beta == 2.5 && alpha == 0.75); /* exact in binary */
  assert_close(sigma, 1.482602218505602, 1e-15);
  double same[] = {2, 2, 2}, any[] = {1, 5, 9};
  alpha = 77;
  g_assert_false(aft_theil_sen_fit(same, any, 3, false, work, &alpha, &beta, &sigma));
  g_assert_true(alpha == 77); /* untouched */
}

/* A quarter of the points may be anywhere: the breakdown point is 29 %. */
static void test_theil_sen_resists(void) {
  double x[MAX_N], y[MAX_N], alpha, beta, sigma, *work = g_new(double, aft_theil_sen_work_size(100));
  for (int i = 0; i < 100; i++) {
    x[i] = 0.001 * (i - 50);
    y[i] = i % 4 == 0 ? 1e3 * (i + 1) : 0.5 + 2 * x[i];
  }
  g_assert_true(aft_theil_sen_fit(x, y, 100, false, work, &alpha, &beta, &sigma));
  assert_close(beta, 2, 1e-9); /* slopes of the line are 2 up to rounding of y over a step of 0.001 */
  assert_close(alpha, 0.5, 1e-9);
  g_free(work);
}

/* ---- M-estimates of a line, step by step ---- */

typedef struct line {
  double a, b;
} line;

static line weighted(const double *x, const double *y, const double *w, int n) {
  double sw = 0, x_mean = 0, y_mean = 0, sxx = 0, sxy = 0;
  for (int i = 0; i < n; i++) {
    sw += w[i];
    x_mean += w[i] * x[i];
    y_mean += w[i] * y[i];
  }
  x_mean /= sw;
  y_mean /= sw;
  for (int i = 0; i < n; i++) {
    sxx += w[i] * (x[i] - x_mean) * (x[i] - x_mean);
    sxy += w[i] * (x[i] - x_mean) * (y[i] - y_mean);
  }
  return (line){y_mean - sxy / sxx * x_mean, sxy / sxx};
}

static double weight(enum aft_robust_kind kind, double u) {
  if (kind == AFT_ROBUST_HUBER) return fabs(u) <= 1 ? 1 : 1 / fabs(u);
  return fabs(u) < 1 ? (1 - u * u) * (1 - u * u) : 0;
}

static double psi_slope(enum aft_robust_kind kind, double u) {
  if (kind == AFT_ROBUST_HUBER) return fabs(u) <= 1 ? 1 : 0;
  return fabs(u) < 1 ? (1 - u * u) * (1 - 5 * u * u) : 0;
}

/* Median of |r| without the smallest one (p - 1 = 1), as a standard deviation. */
static double mad_sigma(const double *r, int n) {
  double size[MAX_N];
  for (int i = 0; i < n; i++) size[i] = fabs(r[i]);
  qsort(size, (size_t)n, sizeof *size, compare);
  return median(size + 1, (size_t)n - 1) / 0.6745;
}

static bool settled(double before, double after) {
  return fabs(after - before) <= sqrt(DBL_EPSILON) * fmax(fabs(before), fabs(after));
}

static double slow_sigma(enum aft_robust_kind kind, const double *r, const double *h, const double *factor, int n,
                         double tuning, double sigma_ols) {
  double sigma_mad = mad_sigma(r, n), slope = 0, squares = 0;
  for (int i = 0; i < n; i++) {
    double u = r[i] * factor[i] / (tuning * sigma_mad), psi = u * weight(kind, u);
    slope += psi_slope(kind, u) / n;
    squares += (1 - h[i]) * psi * psi / (n - 2);
  }
  double lambda = 1 + 2.0 / n * (1 - slope) / slope;
  double sigma_rob = lambda * sqrt(squares) * tuning * sigma_mad / slope;
  return fmax(sigma_rob, sqrt((4 * sigma_ols * sigma_ols + n * sigma_rob * sigma_rob) / (4 + n)));
}

static line slow_robust(enum aft_robust_kind kind, const double *x, const double *y, int n, double *sigma,
                        int *rounds) {
  double tuning = kind == AFT_ROBUST_HUBER ? 1.345 : 4.685, w[MAX_N], h[MAX_N], factor[MAX_N], r[MAX_N];
  double x_mean = 0, y_mean = 0, sxx = 0, syy = 0, rss = 0;
  for (int i = 0; i < n; i++) {
    w[i] = 1;
    x_mean += x[i] / n;
    y_mean += y[i] / n;
  }
  for (int i = 0; i < n; i++) {
    sxx += (x[i] - x_mean) * (x[i] - x_mean);
    syy += (y[i] - y_mean) * (y[i] - y_mean);
  }
  double floor_sigma = 1e-6 * sqrt(syy / (n - 1));
  line now = weighted(x, y, w, n);
  for (int i = 0; i < n; i++) {
    double e = y[i] - now.a - now.b * x[i];
    rss += e * e;
    h[i] = 1.0 / n + (x[i] - x_mean) * (x[i] - x_mean) / sxx;
    factor[i] = 1 / sqrt(1 - fmin(h[i], 0.9999));
  }
  bool done = false;
  for (*rounds = 0; !done && *rounds < 100; (*rounds)++) {
    line before = now;
    for (int i = 0; i < n; i++) r[i] = (y[i] - now.a - now.b * x[i]) * factor[i];
    double scale = tuning * fmax(mad_sigma(r, n), floor_sigma);
    for (int i = 0; i < n; i++) w[i] = weight(kind, r[i] / scale);
    now = weighted(x, y, w, n);
    done = settled(before.a, now.a) && settled(before.b, now.b);
  }
  for (int i = 0; i < n; i++) r[i] = y[i] - now.a - now.b * x[i];
  *sigma = slow_sigma(kind, r, h, factor, n, tuning, sqrt(rss / (n - 2)));
  return now;
}

static void test_m_estimates(void) {
  static const int sizes[] = {12, 33, 100, 239, 240};
  for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (int kind = AFT_ROBUST_HUBER; kind <= AFT_ROBUST_BISQUARE; kind++) {
      int n = sizes[s], rounds;
      double columns[2 * MAX_N], y[MAX_N], b[2], sigma;
      aft_robust_fit fit;
      draw(columns + n, y, n, 900 + (guint32)s);
      for (int i = 0; i < n; i++) columns[i] = 1;
      line expected = slow_robust((enum aft_robust_kind)kind, columns + n, y, n, &sigma, &rounds);
      g_assert_true(aft_robust_fit_columns((enum aft_robust_kind)kind, columns, y, n, 2, b, &fit));
      g_assert_true(fit.converged);
      g_assert_cmpint(fit.n_iterations, ==, rounds);
      assert_close(b[0], expected.a, 1e-9); /* same iterates; rounding in the weights is damped, not amplified */
      assert_close(b[1], expected.b, 1e-9);
      assert_close(fit.sigma, sigma, 1e-9);
    }
}

/* Without residuals beyond the tuning constant Huber's estimate is least squares. */
static void test_huber_is_least_squares(void) {
  double columns[2 * 60], y[60], w[60], b[2];
  aft_robust_fit fit;
  for (int i = 0; i < 60; i++) {
    columns[i] = w[i] = 1;
    columns[60 + i] = 0.3 * i - 4;
    y[i] = 2 - 0.7 * columns[60 + i] + (i % 2 == 0 ? 0.1 : -0.1); /* equal residuals: none is large */
  }
  line expected = weighted(columns + 60, y, w, 60);
  g_assert_true(aft_robust_fit_columns(AFT_ROBUST_HUBER, columns, y, 60, 2, b, &fit));
  assert_close(b[0], expected.a, 1e-12);
  assert_close(b[1], expected.b, 1e-12);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/theil-sen/slow", test_theil_sen);
  g_test_add_func("/theil-sen/by-hand", test_theil_sen_by_hand);
  g_test_add_func("/theil-sen/resists", test_theil_sen_resists);
  g_test_add_func("/robust/m-estimates", test_m_estimates);
  g_test_add_func("/robust/huber-is-least-squares", test_huber_is_least_squares);
  return g_test_run();
}
