/* stats/regression: numbers by hand, R's sandwich, the definitions written out slowly, and what cannot be estimated. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/dist.h>
#include <aftershock/stats/library.h>
#include <aftershock/stats/regression.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* y = 1, 2, 4, 5 on a constant: mean 3, e = -2, -1, 1, 2. */
static void test_mean_by_hand(void) {
  const double y[] = {1, 2, 4, 5}, ones[] = {1, 1, 1, 1};
  const size_t pair[] = {0, 0, 1, 1};
  aft_regression_data data = {.n = 4, .k = 1, .y = y, .x = ones, .cluster = pair, .n_clusters = 2, .lag = 1};
  const struct {
    enum aft_regression_errors errors;
    double variance, df;
  } expected[] = {
      {AFT_ERRORS_OLS, 10.0 / 3 / 4, 3},           /* s^2/n */
      {AFT_ERRORS_HC0, 10.0 / 16, 3},              /* sum e^2 / n^2 */
      {AFT_ERRORS_HC1, 10.0 / 12, 3},              /* times 4/3 */
      {AFT_ERRORS_HC2, 10.0 / 12, 3},              /* h = 1/4 */
      {AFT_ERRORS_HC3, 10.0 / 9, 3},               /* (4/3)^2 */
      {AFT_ERRORS_CLUSTER, 2 * 1 * 18.0 / 16, 1},  /* sums -3 and 3; G/(G-1) = 2, (n-1)/(n-k) = 1 */
      {AFT_ERRORS_HAC, 4.0 / 3 * (10 + 3) / 16, 3} /* S_1 = 2 - 1 + 2 = 3, weight 1/2, both sides */
  };
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
    aft_regression out;
    data.errors = expected[i].errors;
    aft_regression_fit(&data, &out);
    g_assert_null(out.note);
    assert_close(out.coefficient[0], 3, 1e-15);
    assert_close(out.standard_error[0], sqrt(expected[i].variance), 1e-14);
    g_assert_cmpfloat(out.df, ==, expected[i].df);
    g_assert_true(isnan(out.f) && out.f_note == NULL);
  }
}

/* Weights 1, 1, 2: mean (0 + 3 + 12)/4 = 3.75; n/(n-1) sum (w e)^2 / (sum w)^2, as the calendar-time `wls` has it. */
static void test_weights_by_hand(void) {
  const double y[] = {0, 3, 6}, ones[] = {1, 1, 1}, weight[] = {1, 1, 2};
  aft_regression out;
  aft_regression_data data = {.n = 3, .k = 1, .y = y, .x = ones, .weight = weight, .errors = AFT_ERRORS_HC1};
  aft_regression_fit(&data, &out);
  assert_close(out.coefficient[0], 3.75, 1e-15);
  assert_close(out.standard_error[0], sqrt(1.5 * (3.75 * 3.75 + 0.75 * 0.75 + 4.5 * 4.5)) / 4, 1e-14);
}

enum { R_N = 18 };
static const double r_y[R_N] = {-0.0312, 0.0147, 0.0029,  -0.0581, 0.0204,  0.0333, -0.0098, 0.0415,  -0.0266,
                                0.0071,  0.0188, -0.0449, 0.0526,  -0.0137, 0.0012, 0.0375,  -0.0703, 0.0094};
/* the constant, a and b */
static const double r_x[3 * R_N] = {1,    1,   1,    1,   1,   1,    1,    1,   1,   1,    1,   1,    1,   1,
                                    1,    1,   1,    1,   1.2, 0.7,  -0.3, 2.9, 0.1, -1.4, 0.8, -0.9, 1.7, 0.4,
                                    -0.6, 2.1, -2.3, 0.9, 0.2, -1.1, 3.6,  0.5, 0,   1,    0,   0,    1,   1,
                                    0,    1,   0,    0,   1,   0,    1,    1,   0,   1,    0,   1};
static const double r_w[R_N] = {2.1, 0.9, 1.4, 0.6, 1.1, 3.2, 0.8, 1.9, 2.5,
                                0.7, 1.3, 0.5, 1.6, 2.2, 1.8, 0.4, 1.2, 2.8};
static const size_t r_g[R_N] = {0, 0, 1, 1, 1, 2, 2, 3, 3, 3, 3, 4, 4, 5, 5, 5, 6, 6};

/*
 * R 4.2.2, sandwich 3.0-2, lmtest 0.9-40: m <- lm(y ~ a + b), w <- lm(y ~ a + b, weights = w);
 * sqrt(diag(V)) and waldtest(m, vcov = V, test = "F") with V = vcov(m), vcovHC(m, type = "HC0" .. "HC3"),
 * vcovCL(m, cluster = g, type = "HC1"), NeweyWest(m, lag = L, prewhite = FALSE, adjust = TRUE). Both sides are products of a few
 * dozen numbers; 1e-11 leaves room for the condition of the columns.
 */
static void test_against_r(void) {
  static const struct {
    enum aft_regression_errors errors;
    bool weighted;
    int lag;
    double error[3], f;
  } expected[] = {
      {AFT_ERRORS_OLS,
       false,
       0,
       {0.0036873237451783333, 0.0017411852931650197, 0.0050741345464182103},
       140.74204350234749},
      {AFT_ERRORS_HC0,
       false,
       0,
       {0.0034032569692831831, 0.0014468413696163052, 0.0052314234413119885},
       299.76062235437365},
      {AFT_ERRORS_HC1,
       false,
       0,
       {0.0037280812221261329, 0.001584935310541041, 0.0057307372533357617},
       249.80051862864457},
      {AFT_ERRORS_HC2,
       false,
       0,
       {0.0037264923508274561, 0.0016101060702153936, 0.0057317805673872081},
       243.33423998851501},
      {AFT_ERRORS_HC3,
       false,
       0,
       {0.0040851220258498102, 0.0017948699166095072, 0.0062839491250892589},
       196.3036925895909},
      {AFT_ERRORS_CLUSTER,
       false,
       0,
       {0.0049813590536617351, 0.0016607236506835342, 0.0074034303181785459},
       461.67013544934338},
      {AFT_ERRORS_HAC,
       false,
       2,
       {0.0043919881916672492, 0.0014664547625653304, 0.0067898748435275035},
       629.6274737895676},
      {AFT_ERRORS_HAC,
       false,
       5,
       {0.004552101311684458, 0.0015389680698398931, 0.0077082586626700993},
       1018.9389298668497},
      {AFT_ERRORS_OLS,
       true,
       0,
       {0.003705102446655513, 0.0017691064813175187, 0.0049500210832767681},
       123.19351364966536},
      {AFT_ERRORS_HC1,
       true,
       0,
       {0.0034537020775326087, 0.001664964616626797, 0.0054682288322327527},
       159.13553967455627},
      {AFT_ERRORS_HC2,
       true,
       0,
       {0.0035251493477580186, 0.0017507979846098599, 0.0056336940018039032},
       145.40846051223463},
      {AFT_ERRORS_HC3,
       true,
       0,
       {0.003954941883290995, 0.0020234087304867219, 0.0063820214976564428},
       109.9436625242318},
      {AFT_ERRORS_CLUSTER,
       true,
       0,
       {0.004853938031265095, 0.0018141295404188482, 0.0071154648908032074},
       226.21841428366395},
      {AFT_ERRORS_HAC,
       true,
       3,
       {0.0043107157141411313, 0.0015858830161168212, 0.0066239782931707897},
       367.18731200990749},
  };
  static const double coefficient[2][3] = {{0.001441983156750892, -0.019260146699266512, 0.013617283346916587},
                                           {0.00033884033962516179, -0.018607228489799999, 0.013373342610121205}};
  static const double r_squared[2][2] = {{0.9494070654801704, 0.9426613408775264},
                                         {0.94261383147059341, 0.93496234233333919}};
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++) {
    aft_regression out;
    bool weighted = expected[i].weighted;
    aft_regression_data data = {.n = R_N,
                                .k = 3,
                                .y = r_y,
                                .x = r_x,
                                .weight = weighted ? r_w : NULL,
                                .errors = expected[i].errors,
                                .cluster = r_g,
                                .n_clusters = 7,
                                .lag = expected[i].lag};
    aft_regression_fit(&data, &out);
    double df = expected[i].errors == AFT_ERRORS_CLUSTER ? 6 : 15;
    for (int j = 0; j < 3; j++) {
      assert_close(out.coefficient[j], coefficient[weighted][j], 1e-11);
      assert_close(out.standard_error[j], expected[i].error[j], 1e-11);
    }
    assert_close(out.r_squared, r_squared[weighted][0], 1e-12);
    assert_close(out.adjusted_r_squared, r_squared[weighted][1], 1e-12);
    assert_close(out.f, expected[i].f, 1e-10);
    g_assert_cmpfloat(out.df, ==, df);
    assert_close(out.f_p_value, aft_f_p_value(expected[i].f, 2, df), 1e-9);
  }
}

enum { N = 41, K = 4, LAG = 3, CLUSTERS = 9 };

/* a [m][m] inverted in place by Gauss and Jordan. */
static void invert(double *a, double *inverse, int m) {
  for (int i = 0; i < m * m; i++) inverse[i] = i % (m + 1) == 0;
  for (int p = 0; p < m; p++) {
    double pivot = a[p * m + p];
    for (int j = 0; j < m; j++) a[p * m + j] /= pivot, inverse[p * m + j] /= pivot;
    for (int i = 0; i < m; i++) {
      double factor = a[i * m + p];
      if (i == p) continue;
      for (int j = 0; j < m; j++) {
        a[i * m + j] -= factor * a[p * m + j];
        inverse[i * m + j] -= factor * inverse[p * m + j];
      }
    }
  }
}

/* The definitions written out: normal equations, then every pair of observations with its coefficient c(i, l). */
static double pair_factor(const aft_regression_data *d, const double *h, size_t i, size_t l) {
  double n = N, k = K, g = CLUSTERS;
  switch (d->errors) {
  case AFT_ERRORS_HC0: return i == l;
  case AFT_ERRORS_HC1: return i == l ? n / (n - k) : 0;
  case AFT_ERRORS_HC2: return i == l ? 1 / (1 - h[i]) : 0;
  case AFT_ERRORS_HC3: return i == l ? 1 / pow(1 - h[i], 2) : 0;
  case AFT_ERRORS_CLUSTER: return d->cluster[i] == d->cluster[l] ? g / (g - 1) * (n - 1) / (n - k) : 0;
  default: return n / (n - k) * fmax(0, 1 - fabs((double)i - (double)l) / (LAG + 1.0));
  }
}

static void fit_slowly(const aft_regression_data *d, double *b, double *v) {
  double xx[K * K] = {0}, inverse[K * K], xy[K] = {0}, e[N], h[N], meat[K * K] = {0}, half[K * K] = {0};
  for (size_t i = 0; i < N; i++)
    for (int p = 0; p < K; p++) {
      double w = d->weight != NULL ? d->weight[i] : 1;
      xy[p] += w * d->x[p * N + (int)i] * d->y[i];
      for (int q = 0; q < K; q++) xx[p * K + q] += w * d->x[p * N + (int)i] * d->x[q * N + (int)i];
    }
  invert(xx, inverse, K);
  for (int p = 0; p < K; p++) {
    b[p] = 0;
    for (int q = 0; q < K; q++) b[p] += inverse[p * K + q] * xy[q];
  }
  for (size_t i = 0; i < N; i++) {
    double w = d->weight != NULL ? d->weight[i] : 1;
    e[i] = d->y[i];
    h[i] = 0;
    for (int p = 0; p < K; p++) e[i] -= b[p] * d->x[p * N + (int)i];
    for (int p = 0; p < K; p++)
      for (int q = 0; q < K; q++) h[i] += w * d->x[p * N + (int)i] * inverse[p * K + q] * d->x[q * N + (int)i];
    e[i] *= w;
  }
  for (size_t i = 0; i < N; i++)
    for (size_t l = 0; l < N; l++)
      for (int p = 0; p < K; p++)
        for (int q = 0; q < K; q++)
          meat[p * K + q] += pair_factor(d, h, i, l) * e[i] * e[l] * d->x[p * N + (int)i] * d->x[q * N + (int)l];
  for (int p = 0; p < K * K; p++) v[p] = 0;
  for (int p = 0; p < K; p++)
    for (int q = 0; q < K; q++)
      for (int s = 0; s < K; s++) half[p * K + q] += inverse[p * K + s] * meat[s * K + q];
  for (int p = 0; p < K; p++)
    for (int q = 0; q < K; q++)
      for (int s = 0; s < K; s++) v[p * K + q] += half[p * K + s] * inverse[s * K + q];
}

/* Normal equations keep half the digits of QR at worst; the columns here are well conditioned. */
static void test_against_slow(void) {
  GRand *draws = g_rand_new_with_seed(417);
  for (int round = 0; round < 24; round++) {
    double x[K * N], y[N], weight[N], b[K], v[K * K], slopes[9], inverse[9], wald = 0;
    size_t cluster[N];
    for (int i = 0; i < N; i++) {
      x[i] = 1;
      for (int j = 1; j < K; j++) x[j * N + i] = 0.3 * j + draw_normal(draws);
      y[i] = 0.01 + 0.02 * x[N + i] + (0.01 + 0.01 * fabs(x[2 * N + i])) * draw_heavy(draws);
      weight[i] = 0.2 + g_rand_double(draws);
      cluster[i] = (size_t)(i < CLUSTERS ? i : g_rand_int_range(draws, 0, CLUSTERS));
    }
    aft_regression out;
    aft_regression_data data = {.n = N,
                                .k = K,
                                .y = y,
                                .x = x,
                                .weight = round % 2 == 0 ? weight : NULL,
                                .errors = AFT_ERRORS_HC0 + (unsigned)round / 2 % 6,
                                .cluster = cluster,
                                .n_clusters = CLUSTERS,
                                .lag = LAG};
    aft_regression_fit(&data, &out);
    fit_slowly(&data, b, v);
    for (int p = 0; p < K; p++) {
      assert_close(out.coefficient[p], b[p], 1e-11);
      assert_close(out.standard_error[p], sqrt(v[p * K + p]), 1e-11);
    }
    for (int p = 0; p < 9; p++) slopes[p] = v[(1 + p / 3) * K + 1 + p % 3];
    invert(slopes, inverse, 3);
    for (int p = 0; p < 9; p++) wald += b[1 + p / 3] * inverse[p] * b[1 + p % 3];
    assert_close(out.f, wald / 3, 1e-9);
  }
  g_rand_free(draws);
}

/* Units of a column and of y, the order of observations, and which constant is added. */
static void test_equivariance(void) {
  double x[3 * R_N], y[R_N];
  aft_regression plain, other;
  aft_regression_data data = {.n = R_N, .k = 3, .y = r_y, .x = r_x, .errors = AFT_ERRORS_HC3};
  aft_regression_fit(&data, &plain);
  for (size_t i = 0; i < R_N; i++) {
    size_t from = (i * 5 + 3) % R_N; /* 5 and 18 have no common divisor: every row once */
    y[i] = 100 * r_y[from] + 7;
    x[i] = 1;
    x[R_N + i] = 1e6 * r_x[R_N + from] - 3;
    x[2 * R_N + i] = r_x[2 * R_N + from];
  }
  data.x = x;
  data.y = y;
  aft_regression_fit(&data, &other);
  assert_close(other.coefficient[1], plain.coefficient[1] * 1e-4, 1e-10);
  assert_close(other.standard_error[1], plain.standard_error[1] * 1e-4, 1e-10);
  assert_close(other.standard_error[2], plain.standard_error[2] * 100, 1e-10);
  assert_close(other.f, plain.f, 1e-9);
  assert_close(other.r_squared, plain.r_squared, 1e-11);
}

static void check_undefined(aft_regression_data data, bool has_coefficients, const char *note) {
  aft_regression out;
  aft_regression_fit(&data, &out);
  g_assert_cmpstr(out.note, ==, note);
  g_assert_cmpstr(out.f_note, ==, note);
  for (int j = 0; j < data.k; j++) {
    g_assert_true(isnan(out.standard_error[j]));
    g_assert_true(isnan(out.coefficient[j]) == !has_coefficients);
  }
  g_assert_true(isnan(out.f) && isnan(out.f_p_value));
}

static void test_undefined(void) {
  const double y[] = {0.1, -0.2, 0.3, 0.15, 0.05}, line[] = {1, 3, 5, 7, 9}, flat[] = {0.1, 0.1, 0.1, 0.1, 0.1};
  const double twice[] = {1, 1, 1, 1, 1, 2, 2, 2, 2, 2}, x[] = {1, 1, 1, 1, 1, 0, 1, 2, 3, 4};
  const double alone[] = {1, 1, 1, 1, 1, 0, 0, 0, 0, 1};
  const size_t one[] = {0, 0, 0, 0, 0};
  check_undefined((aft_regression_data){.n = 2, .k = 2, .y = y, .x = x}, false,
                  "no more observations than coefficients");
  check_undefined((aft_regression_data){.n = 0, .k = 1, .y = y, .x = x}, false,
                  "no more observations than coefficients");
  check_undefined((aft_regression_data){.n = 5, .k = 2, .y = y, .x = twice}, false, "the columns are collinear");
  check_undefined((aft_regression_data){.n = 5, .k = 2, .y = line, .x = x}, true,
                  "the fit leaves no residual variance");
  check_undefined((aft_regression_data){.n = 5, .k = 1, .y = flat, .x = x}, true,
                  "the fit leaves no residual variance");
  for (int errors = AFT_ERRORS_HC2; errors <= AFT_ERRORS_HC3; errors++)
    check_undefined(
        (aft_regression_data){.n = 5, .k = 2, .y = y, .x = alone, .errors = (enum aft_regression_errors)errors}, true,
        "an observation has leverage 1: hc2 and hc3 do not exist");
  check_undefined(
      (aft_regression_data){
          .n = 5, .k = 2, .y = y, .x = x, .errors = AFT_ERRORS_CLUSTER, .cluster = one, .n_clusters = 1},
      true, "fewer than 2 clusters");
}

/* Two clusters span one direction: errors exist, the joint F of two slopes does not. */
static void test_few_clusters(void) {
  size_t cluster[R_N];
  for (size_t i = 0; i < R_N; i++) cluster[i] = i % 2;
  aft_regression out;
  aft_regression_data data = {
      .n = R_N, .k = 3, .y = r_y, .x = r_x, .errors = AFT_ERRORS_CLUSTER, .cluster = cluster, .n_clusters = 2};
  aft_regression_fit(&data, &out);
  g_assert_null(out.note);
  g_assert_cmpfloat(out.df, ==, 1);
  g_assert_true(out.standard_error[1] > 0 && isnan(out.f));
  g_assert_cmpstr(out.f_note, ==, "the covariance of the slopes is singular");
}

/* 4 (n/100)^(2/9): 4 at 100, 4.66 at 200, 8.005 at 2270; never as many as observations. */
static void test_default_lag(void) {
  const struct {
    size_t n;
    int lag;
  } expected[] = {{0, 0}, {1, 0}, {2, 1}, {3, 1}, {27, 2}, {28, 3}, {99, 3}, {100, 4}, {200, 4}, {2270, 8}};
  for (size_t i = 0; i < G_N_ELEMENTS(expected); i++)
    g_assert_cmpint(aft_regression_default_lag(expected[i].n), ==, expected[i].lag);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  aft_stats_init();
  g_test_add_func("/regression/mean-by-hand", test_mean_by_hand);
  g_test_add_func("/regression/weights-by-hand", test_weights_by_hand);
  g_test_add_func("/regression/against-r", test_against_r);
  g_test_add_func("/regression/against-slow", test_against_slow);
  g_test_add_func("/regression/equivariance", test_equivariance);
  g_test_add_func("/regression/undefined", test_undefined);
  g_test_add_func("/regression/few-clusters", test_few_clusters);
  g_test_add_func("/regression/default-lag", test_default_lag);
  return g_test_run();
}
