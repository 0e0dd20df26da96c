/* stats/ols: closed forms, equivariance, leverage, collinear columns, moments. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/line.h>
#include <aftershock/stats/ols.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define N 157
#define K 5

typedef struct sample {
  double x[K * N], y[N]; /* the first column is the constant */
} sample;

static void draw(sample *s, guint32 seed, double spread) {
  GRand *draws = g_rand_new_with_seed(seed);
  for (int i = 0; i < N; i++) {
    s->x[i] = 1;
    s->y[i] = 0.0007 + 0.02 * draw_heavy(draws);
    for (int j = 1; j < K; j++) {
      s->x[j * N + i] = 0.0003 * j + spread * draw_normal(draws);
      s->y[i] += (1.3 - 0.4 * j) * s->x[j * N + i];
    }
  }
  g_rand_free(draws);
}

/* Fits the first k columns and leaves the sample as it is; returns the residual sum of squares from Q'y. */
static double fit(const sample *s, int k, double *b, double *r) {
  sample copy = *s;
  double rss = 0;
  g_assert_true(aft_ols_fit(copy.x, copy.y, N, k, b, r));
  for (int i = k; i < N; i++) rss += copy.y[i] * copy.y[i];
  return rss;
}

static double mean_of(const double *x) {
  long double sum = 0;
  for (int i = 0; i < N; i++) sum += (long double)x[i];
  return (double)(sum / N);
}

/* The line by the textbook formulas in extended precision. */
static void closed_form(const sample *s, double b[2], double *rss, double *sxx) {
  long double x_mean = 0, y_mean = 0, sum_xx = 0, sum_xy = 0, sum_ee = 0;
  const double *x = s->x + N;
  for (int i = 0; i < N; i++) {
    x_mean += (long double)x[i] / N;
    y_mean += (long double)s->y[i] / N;
  }
  for (int i = 0; i < N; i++) {
    sum_xx += ((long double)x[i] - x_mean) * ((long double)x[i] - x_mean);
    sum_xy += ((long double)x[i] - x_mean) * ((long double)s->y[i] - y_mean);
  }
  long double slope = sum_xy / sum_xx, intercept = y_mean - slope * x_mean;
  for (int i = 0; i < N; i++) {
    long double e = (long double)s->y[i] - intercept - slope * (long double)x[i];
    sum_ee += e * e;
  }
  b[0] = (double)intercept;
  b[1] = (double)slope;
  *rss = (double)sum_ee;
  *sxx = (double)sum_xx;
}

static void test_line(void) {
  /* spread of the regressor beside its mean of 0.0003, an outlier of this size, and the digits that remain */
  static const struct {
    double spread, outlier, tolerance;
  } cases[] = {
      {0.01, 0, 1e-12},   /* as returns are */
      {0.01, 1e6, 1e-11}, /* one price typed without its point */
      {1e-9, 0, 1e-8},    /* nearly constant: spread/mean = 3e-6 costs six digits, once and not squared */
      {1e5, 0, 1e-12},
  };
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
    sample s;
    double b[2], r[4], expected[2], expected_rss, sxx, unit_error[2];
    draw(&s, 11 + (guint32)c, cases[c].spread);
    s.y[41] += cases[c].outlier;
    double rss = fit(&s, 2, b, r);
    closed_form(&s, expected, &expected_rss, &sxx);
    aft_ols_unit_errors(r, 2, unit_error);
    double mean = mean_of(s.x + N);
    assert_close(b[0] / expected[0], 1, cases[c].tolerance);
    assert_close(b[1] / expected[1], 1, cases[c].tolerance);
    assert_close(rss / expected_rss, 1, 1e-12); /* second order in the error of b */
    assert_close(unit_error[1] * sqrt(sxx), 1, cases[c].tolerance);
    assert_close(unit_error[0] / sqrt(1.0 / N + mean * mean / sxx), 1, cases[c].tolerance);
  }
}

/* The kernel of the market model against the factorisation and extended precision, on levels, outliers and few points. */
static void test_line_kernel(void) {
  static const struct {
    double spread, level, outlier, tolerance;
  } cases[] = {
      {0.01, 0, 0, 1e-12},  {0.01, 0, 1e6, 1e-11},   {0.01, 1e6, 0, 1e-6}, /* the level takes eight digits of x */
      {1e5, 1e6, 0, 1e-12}, {1e-9, 0.0003, 0, 1e-8}, {0.01, 0, -1e-9, 1e-12},
  };
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
    sample s;
    aft_line_moments m;
    double b[2], r[4], by_qr[2], r_qr[4], expected[2], rss, sxx;
    draw(&s, 23 + (guint32)c, cases[c].spread);
    for (int i = 0; i < N; i++) s.x[N + i] += cases[c].level;
    s.y[41] += cases[c].outlier;
    fit(&s, 2, by_qr, r_qr);
    closed_form(&s, expected, &rss, &sxx);
    g_assert_true(aft_line_moments_compute(s.x + N, s.y, N, &m));
    g_assert_true(aft_line_fit(&m, N, b, r));
    for (int k = 0; k < 2; k++) assert_close(b[k] / expected[k], 1, cases[c].tolerance);
    assert_close(b[1] / by_qr[1], 1, 1e-10 + cases[c].tolerance);
    assert_close(m.xx / sxx, 1, cases[c].tolerance);
    for (int k = 0; k < 4; k++) assert_close(fabs(r[k]), fabs(r_qr[k]), cases[c].tolerance);
    /* What is computed of few pairs: sums of every remainder of a division by eight. */
    for (int n = 1; n < 20; n++) {
      long double x_mean = 0, y_mean = 0, xy = 0;
      for (int i = 0; i < n; i++) x_mean += (long double)s.x[N + i] / n, y_mean += (long double)s.y[i] / n;
      for (int i = 0; i < n; i++) xy += ((long double)s.x[N + i] - x_mean) * ((long double)s.y[i] - y_mean);
      g_assert_true(aft_line_moments_compute(s.x + N, s.y, n, &m));
      assert_close(m.xy / (cases[c].spread * cases[c].spread), (double)xy / (cases[c].spread * cases[c].spread), 1e-6);
    }
  }
  double constant[3] = {0.1, 0.1, 0.1}, y[3] = {1, 2, 4}, b[2] = {7, 7}, r[4];
  aft_line_moments m;
  g_assert_true(aft_line_moments_compute(constant, y, 3, &m));
  g_assert_false(aft_line_fit(&m, 3, b, r));
  g_assert_cmpfloat(b[0], ==, 7);
}

/* Eight sums added in pairs: what the vectors of any machine must give, to the last bit. */
static double add_lanes(const double sum[8]) {
  return ((sum[0] + sum[4]) + (sum[2] + sum[6])) + ((sum[1] + sum[5]) + (sum[3] + sum[7]));
}

static void test_lanes(void) {
  sample s;
  draw(&s, 37, 0.02);
  const double *x = s.x + N;
  for (int n = 1; n <= N; n++) {
    double rss[8] = {0}, x_sum[8] = {0}, y_sum[8] = {0}, dx[8] = {0}, dy[8] = {0}, xy[8] = {0};
    aft_line_moments m;
    for (int i = 0; i < n; i++) {
      double e = s.y[i] - 0.1 - 0.9 * x[i];
      rss[i % 8] += e * e;
      x_sum[i % 8] += x[i];
      y_sum[i % 8] += s.y[i];
    }
    double x_mean = add_lanes(x_sum) / n, y_mean = add_lanes(y_sum) / n;
    for (int i = 0; i < n; i++) {
      dx[i % 8] += x[i] - x_mean;
      dy[i % 8] += s.y[i] - y_mean;
      xy[i % 8] += (x[i] - x_mean) * (s.y[i] - y_mean);
    }
    g_assert_true(aft_line_moments_compute(x, s.y, n, &m));
    g_assert_true(m.xy == add_lanes(xy) - add_lanes(dx) * (add_lanes(dy) / n));
    g_assert_true(m.x_mean == x_mean + add_lanes(dx) / n);
    g_assert_true(aft_line_residual_squares(x, s.y, n, 0.1, 0.9) == add_lanes(rss));
  }
}

/* Squares of residuals against a plain loop, kept or not, for every remainder; a missing value is noticed wherever it stands. */
static void test_line_residuals(void) {
  sample s;
  double kept[N];
  aft_line_moments m;
  draw(&s, 31, 0.01);
  const double *x = s.x + N;
  for (int n = 1; n <= 40; n++) {
    double plain = 0;
    for (int i = 0; i < n; i++) plain += (s.y[i] - 0.3 - 1.7 * x[i]) * (s.y[i] - 0.3 - 1.7 * x[i]);
    double sum = aft_line_residual_squares(x, s.y, n, 0.3, 1.7);
    assert_close(sum / plain, 1, 1e-14);
    g_assert_true(aft_line_residuals(x, s.y, n, 0.3, 1.7, kept) == sum);
    for (int i = 0; i < n; i++) g_assert_true(kept[i] == s.y[i] - 0.3 - 1.7 * x[i]);
    for (int i = 0; i < n; i++) {
      double whole = s.y[i];
      g_assert_true(aft_ols_is_whole(s.y, n));
      s.y[i] = (double)NAN;
      g_assert_false(aft_line_moments_compute(x, s.y, n, &m));
      g_assert_false(aft_line_moments_compute(s.y, x, n, &m));
      g_assert_false(aft_ols_is_whole(s.y, n));
      s.y[i] = whole;
    }
  }
}

static void test_normal_equations(void) {
  sample s;
  double b[K], r[K * K];
  draw(&s, 5, 0.013);
  double rss = fit(&s, K, b, r), direct = 0;
  for (int j = 0; j < K; j++) { /* X'e = 0 and R'R = X'X */
    double score = 0, size = 0;
    for (int i = 0; i < N; i++) {
      double e = s.y[i];
      for (int c = 0; c < K; c++) e -= b[c] * s.x[c * N + i];
      score += e * s.x[j * N + i];
      size += fabs(e * s.x[j * N + i]);
      if (j == 0) direct += e * e;
    }
    g_assert_cmpfloat(fabs(score), <, 1e-13 * size); /* rounding of N products */
    for (int c = 0; c < K; c++) {
      double product = 0, triangle = 0;
      for (int i = 0; i < N; i++) product += s.x[j * N + i] * s.x[c * N + i];
      for (int i = 0; i < K; i++) triangle += r[i * K + j] * r[i * K + c];
      assert_close(triangle, product, 1e-12);
      if (c < j) g_assert_true(r[j * K + c] == 0);
    }
  }
  assert_close(rss / direct, 1, 1e-12);
}

static void test_equivariance(void) {
  static const double unit[K] = {1, 100, 1e-4, 1e9, -3};
  sample s, scaled;
  double b[K], r[K * K], b_scaled[K], r_scaled[K * K], row[K], z[K], z_scaled[K], leverage = 0, leverage_scaled = 0;
  draw(&s, 77, 0.02);
  scaled = s;
  for (int i = 0; i < N; i++) {
    scaled.y[i] = 50 * s.y[i] + 2; /* the constant takes the shift */
    for (int j = 0; j < K; j++) scaled.x[j * N + i] *= unit[j];
  }
  double rss = fit(&s, K, b, r), rss_scaled = fit(&scaled, K, b_scaled, r_scaled);
  assert_close(rss_scaled, 2500 * rss, 1e-12);
  for (int j = 0; j < K; j++) assert_close(b_scaled[j] * unit[j], 50 * b[j] + (j == 0 ? 2 : 0), 1e-12);
  for (int j = 0; j < K; j++) row[j] = j == 0 ? 1 : 0.01 * j;
  aft_ols_leverage_row(r, K, row, z);
  for (int j = 0; j < K; j++) row[j] *= unit[j];
  aft_ols_leverage_row(r_scaled, K, row, z_scaled);
  for (int j = 0; j < K; j++) {
    leverage += z[j] * z[j];
    leverage_scaled += z_scaled[j] * z_scaled[j];
  }
  assert_close(leverage_scaled, leverage, 1e-12);
}

static void test_permutation(void) {
  sample s, turned;
  double b[K], r[K * K], b_turned[K], r_turned[K * K];
  draw(&s, 8, 0.02);
  for (int i = 0; i < N; i++) { /* 50 and 157 share no factor: a permutation */
    int from = (int)(i * 50L % N);
    turned.y[i] = s.y[from];
    for (int j = 0; j < K; j++) turned.x[j * N + i] = s.x[j * N + from];
  }
  double rss = fit(&s, K, b, r), rss_turned = fit(&turned, K, b_turned, r_turned);
  assert_close(rss_turned, rss, 1e-12);
  for (int j = 0; j < K; j++) assert_close(b_turned[j], b[j], 1e-12);
}

/* The leverages of the sample's own rows add up to k. */
static void test_leverage(void) {
  sample s;
  double b[K], r[K * K], sum = 0;
  draw(&s, 21, 0.02);
  fit(&s, K, b, r);
  for (int i = 0; i < N; i++) {
    double row[K];
    for (int j = 0; j < K; j++) row[j] = s.x[j * N + i];
    aft_ols_leverage_row(r, K, row, row);
    for (int j = 0; j < K; j++) sum += row[j] * row[j];
  }
  assert_close(sum, K, 1e-12);
  double missing[K] = {1, (double)NAN, 0, 0, 0};
  aft_ols_leverage_row(r, K, missing, missing);
  g_assert_true(isnan(missing[1]) && isnan(missing[K - 1]));
}

static void test_exact(void) {
  double x[] = {1, 1, 1, 3, 5, 11}, y[] = {7, 11, 23}, b[2], r[4];
  g_assert_true(aft_ols_fit(x, y, 3, 2, b, r));
  assert_close(b[0], 1, 1e-14);
  assert_close(b[1], 2, 1e-14);
  double square[] = {2, -4, 1, 9}, right[] = {5, 5}; /* n = k: solves the equations 2a + b = 5, -4a + 9b = 5 */
  g_assert_true(aft_ols_fit(square, right, 2, 2, b, r));
  assert_close(2 * b[0] + b[1], 5, 1e-14);
  assert_close(-4 * b[0] + 9 * b[1], 5, 1e-14);
}

static void test_collinear(void) {
  sample s, copy;
  double b[K], r[K * K];
  draw(&s, 3, 0.02);
  copy = s;
  memset(copy.x + 2 * N, 0, N * sizeof *copy.x); /* a column of zeros */
  g_assert_false(aft_ols_fit(copy.x, copy.y, N, K, b, r));
  copy = s;
  for (int i = 0; i < N; i++) copy.x[N + i] = 0.01; /* a second constant */
  g_assert_false(aft_ols_fit(copy.x, copy.y, N, K, b, r));
  copy = s;
  for (int i = 0; i < N; i++) copy.x[4 * N + i] = 1e8 * (copy.x[N + i] - 3 * copy.x[2 * N + i]); /* a hidden sum */
  g_assert_false(aft_ols_fit(copy.x, copy.y, N, K, b, r));
  copy = s;
  for (int i = 0; i < N; i++) copy.x[4 * N + i] = copy.x[N + i] + 1e-7 * copy.x[4 * N + i]; /* close, yet another */
  g_assert_true(aft_ols_fit(copy.x, copy.y, N, K, b, r));
}

static void test_extreme_units(void) {
  double x[] = {1e-250, 2e-250, 4e-250, 7e-250, 1e200, 3e200, -2e200, 5e200}, y[] = {1, 2, 3, 4}, b[2], r[4];
  double plain[] = {1, 2, 4, 7, 1, 3, -2, 5}, same[] = {1, 2, 3, 4}, expected[2];
  g_assert_true(aft_ols_fit(x, y, 4, 2, b, r));
  g_assert_true(aft_ols_fit(plain, same, 4, 2, expected, r));
  assert_close(b[0] * 1e-250, expected[0], 1e-13);
  assert_close(b[1] * 1e200, expected[1], 1e-13);
}

static void test_moments(void) {
  double far[] = {1e9 + 4, (double)NAN, 1e9 + 7, 1e9 + 13, 1e9 + 16}, mean, squares, nothing[] = {(double)NAN};
  int used;
  aft_ols_moments(far, 5, &used, &mean,
                  &squares); /* exact in two passes; sum of squares - n mean^2 would give 0 or 128 */
  g_assert_cmpint(used, ==, 4);
  g_assert_true(mean == 1e9 + 10 && squares == 90);
  aft_ols_moments(nothing, 1, &used, &mean, &squares);
  g_assert_cmpint(used, ==, 0);
  g_assert_true(isnan(mean) && squares == 0);
  /* Values between gaps give the bits of the same values side by side. */
  g_autoptr(GRand) draws = g_rand_new_with_seed(3);
  for (int n = 1; n < 60; n++) {
    double sparse[60], dense[60], other_mean, other_squares;
    int n_dense = 0;
    for (int i = 0; i < n; i++) {
      sparse[i] = g_rand_double(draws) < 0.3 ? (double)NAN : g_rand_double(draws) - 0.5;
      if (!isnan(sparse[i])) dense[n_dense++] = sparse[i];
    }
    if (n_dense == 0) continue;
    aft_ols_moments(sparse, n, &used, &mean, &squares);
    g_assert_cmpint(used, ==, n_dense);
    aft_ols_moments(dense, n_dense, &used, &other_mean, &other_squares);
    g_assert_true(mean == other_mean && squares == other_squares);
  }
  double tenths[10];
  for (int i = 0; i < 10; i++) tenths[i] = 0.1;
  aft_ols_moments(tenths, 10, &used, &mean, &squares);
  g_assert_true(aft_ols_is_constant(squares, used, mean));
  tenths[3] += 1e-13;
  aft_ols_moments(tenths, 10, &used, &mean, &squares);
  g_assert_false(aft_ols_is_constant(squares, used, mean));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/ols/line", test_line);
  g_test_add_func("/ols/line-kernel", test_line_kernel);
  g_test_add_func("/ols/line-residuals", test_line_residuals);
  g_test_add_func("/ols/lanes", test_lanes);
  g_test_add_func("/ols/normal-equations", test_normal_equations);
  g_test_add_func("/ols/equivariance", test_equivariance);
  g_test_add_func("/ols/permutation", test_permutation);
  g_test_add_func("/ols/leverage", test_leverage);
  g_test_add_func("/ols/exact", test_exact);
  g_test_add_func("/ols/collinear", test_collinear);
  g_test_add_func("/ols/extreme-units", test_extreme_units);
  g_test_add_func("/ols/moments", test_moments);
  return g_test_run();
}
