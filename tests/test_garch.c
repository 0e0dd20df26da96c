/* stats/garch: likelihood by hand, the maximum, equivariance, recovery of known parameters, forecast. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/garch.h>

#include <gsl/gsl_errno.h>
#include <math.h>

#include <aftershock/base/banned.h>

#define MAX_N 4000
#define MEAN_ABSOLUTE_NORMAL 0.797884560802865

/* Returns of a market model whose errors follow truth, standard normal z. */
static void simulate(const aft_garch *truth, int n, guint32 seed, double *x, double *y) {
  GRand *draws = g_rand_new_with_seed(seed);
  double persistence = truth->a + truth->g / 2 + truth->c, h, e = 0, z = 0;
  bool logarithmic = truth->kind == AFT_GARCH_EGARCH;
  h = logarithmic ? exp(truth->w / (1 - truth->c)) : truth->w / (1 - persistence);
  for (int t = -500; t < n; t++) { /* the first 500 forget the start */
    if (logarithmic)
      h = exp(truth->w + truth->c * log(h) + truth->a * (fabs(z) - MEAN_ABSOLUTE_NORMAL) + truth->g * z);
    else
      h = truth->w + (truth->a + (e < 0 ? truth->g : 0)) * e * e + truth->c * h;
    z = draw_normal(draws);
    e = sqrt(h) * z;
    double market = 0.0004 + 0.01 * draw_normal(draws);
    if (t < 0) continue;
    x[t] = market;
    y[t] = truth->alpha + truth->beta * market + e;
  }
  g_rand_free(draws);
}

static const aft_garch truths[] = {
    {AFT_GARCH_PLAIN, 0.0004, 1.2, 8e-6, 0.09, 0, 0.87},
    {AFT_GARCH_GJR, -0.0003, 0.8, 9e-6, 0.03, 0.12, 0.86},
    {AFT_GARCH_EGARCH, 0.0002, 1.6, -0.35, 0.18, -0.07, 0.96},
};

static void as_array(const aft_garch *model, double *value) {
  int i = 0;
  value[i++] = model->alpha;
  value[i++] = model->beta;
  value[i++] = model->w;
  value[i++] = model->a;
  if (model->kind != AFT_GARCH_PLAIN) value[i++] = model->g;
  value[i] = model->c;
}

/* Three observations, written out. */
static void test_likelihood(void) {
  double y[] = {0.5, -1.5, 2}, term[3], next;
  aft_garch model = {AFT_GARCH_GJR, 0.1, 0, 0.2, 0.1, 0.3, 0.4};
  double e[] = {0.4, -1.6, 1.9}, start = (0.16 + 2.56 + 3.61) / 3;
  double h1 = 0.2 + 0.1 * start + 0.3 * start / 2 + 0.4 * start;
  double h2 = 0.2 + 0.1 * 0.16 + 0.4 * h1, h3 = 0.2 + 0.4 * 2.56 + 0.4 * h2, h4 = 0.2 + 0.1 * 3.61 + 0.4 * h3;
  double h[] = {h1, h2, h3}, sum = 0;
  double loglik = aft_garch_loglik(&model, NULL, y, 3, term, &next);
  for (int t = 0; t < 3; t++) {
    double expected = -0.5 * (log(2 * 3.14159265358979323846 * h[t]) + e[t] * e[t] / h[t]);
    assert_close(term[t], expected, 1e-14);
    sum += expected;
  }
  assert_close(loglik, sum, 1e-14);
  assert_close(next, h4, 1e-14);

  aft_garch exponential = {AFT_GARCH_EGARCH, 0.1, 0, -0.1, 0.2, -0.15, 0.7};
  double log_h = -0.1 + 0.7 * log(start);
  sum = 0;
  for (int t = 0; t < 3; t++) {
    double z = e[t] / exp(log_h / 2);
    sum -= 0.5 * (log(2 * 3.14159265358979323846) + log_h + z * z);
    log_h = -0.1 + 0.7 * log_h + 0.2 * (fabs(z) - MEAN_ABSOLUTE_NORMAL) - 0.15 * z;
  }
  assert_close(aft_garch_loglik(&exponential, NULL, y, 3, NULL, &next), sum, 1e-14);
  assert_close(next, exp(log_h), 1e-14);

  model.w = -5; /* no variance */
  g_assert_true(aft_garch_loglik(&model, NULL, y, 3, NULL, NULL) == -HUGE_VAL);
}

static void test_forecast(void) {
  aft_garch model = {AFT_GARCH_GJR, 0, 0, 0.2, 0.1, 0.3, 0.4}; /* P = 0.65, long-run variance 0.2 / 0.35 */
  assert_close(aft_garch_forecast(&model, 2, 1), 2, 1e-15);
  assert_close(aft_garch_forecast(&model, 2, 3), 0.2 + 0.65 * (0.2 + 0.65 * 2), 1e-15);
  assert_close(aft_garch_forecast(&model, 2, 500), 0.2 / 0.35, 1e-14);
  aft_garch exponential = {AFT_GARCH_EGARCH, 0, 0, -0.1, 0.2, -0.15, 0.7};
  assert_close(aft_garch_forecast(&exponential, 2, 1), 2, 1e-15);
  assert_close(aft_garch_forecast(&exponential, 2, 3), exp(-0.1 + 0.7 * (-0.1 + 0.7 * log(2))), 1e-14);
}

/* Estimates from 4000 observations lie within 4 of their own standard errors of the truth, and those are not vast. */
static void test_recovery(void) {
  static const double largest_error[] = {0.001, 0.05, 0.2, 0.05, 0.06, 0.05};
  double *x = g_new(double, MAX_N), *y = g_new(double, MAX_N), *work = g_new(double, aft_garch_work_size(MAX_N));
  for (size_t m = 0; m < G_N_ELEMENTS(truths); m++) {
    aft_garch_result result;
    double found[AFT_GARCH_MAX_PARAMETERS], truth[AFT_GARCH_MAX_PARAMETERS];
    simulate(&truths[m], MAX_N, 4100 + (guint32)m, x, y);
    g_assert_true(aft_garch_fit(truths[m].kind, x, y, MAX_N, work, &result));
    g_assert_true(result.converged && !result.at_boundary);
    as_array(&result.model, found);
    as_array(&truths[m], truth);
    for (int i = 0; i < aft_garch_n_parameters(truths[m].kind, true); i++) {
      g_assert_cmpfloat(result.standard_error[i], >, 0);
      g_assert_cmpfloat(result.standard_error[i], <, largest_error[i]);
      g_assert_cmpfloat(fabs(found[i] - truth[i]), <, 4 * result.standard_error[i]);
    }
    g_assert_cmpfloat(result.loglik, >=, aft_garch_loglik(&truths[m], x, y, MAX_N, NULL, NULL));
  }
  g_free(x);
  g_free(y);
  g_free(work);
}

/* No point around the maximum is higher: each parameter alone, and 300 random directions at three distances. */
static void test_maximum(void) {
  double *x = g_new(double, 700), *y = g_new(double, 700), *work = g_new(double, aft_garch_work_size(700));
  GRand *draws = g_rand_new_with_seed(6);
  for (size_t m = 0; m < G_N_ELEMENTS(truths); m++) {
    aft_garch_result result;
    simulate(&truths[m], 700, 70 + (guint32)m, x, y);
    g_assert_true(aft_garch_fit(truths[m].kind, x, y, 700, work, &result));
    for (int i = 0; i < 900; i++) {
      double step = i % 3 == 0 ? 1 : i % 3 == 1 ? 0.1 : 0.01;
      aft_garch near = result.model;
      near.alpha += step * 5e-4 * draw_normal(draws);
      near.beta += step * 0.05 * draw_normal(draws);
      near.w *= 1 + step * 0.2 * draw_normal(draws);
      near.a += step * 0.03 * draw_normal(draws);
      if (near.kind != AFT_GARCH_PLAIN) near.g += step * 0.03 * draw_normal(draws);
      near.c += step * 0.03 * draw_normal(draws);
      if (near.kind != AFT_GARCH_EGARCH &&
          (near.a < 0 || near.a + near.g < 0 || near.c < 0 || near.w <= 0 || near.a + near.g / 2 + near.c >= 1))
        continue;
      if (fabs(near.c) >= 1) continue;
      double loglik = aft_garch_loglik(&near, x, y, 700, NULL, NULL);
      g_assert_cmpfloat(loglik, <, result.loglik + 1e-5); /* how far below the top a search may end */
    }
  }
  g_rand_free(draws);
  g_free(x);
  g_free(y);
  g_free(work);
}

/* The samples round differently: what is the same is determined by them, not by where a search gave up. */
static void test_equivariance(void) {
  double x[600], y[600], x_scaled[600], y_scaled[600], *work = g_new(double, aft_garch_work_size(600));
  for (size_t m = 0; m < G_N_ELEMENTS(truths); m++) {
    aft_garch_result plain, scaled;
    simulate(&truths[m], 600, 300 + (guint32)m, x, y);
    for (int t = 0; t < 600; t++) {
      x_scaled[t] = 100 * x[t] + 3;
      y_scaled[t] = 1000 * y[t] - 7;
    }
    g_assert_true(aft_garch_fit(truths[m].kind, x, y, 600, work, &plain));
    g_assert_true(aft_garch_fit(truths[m].kind, x_scaled, y_scaled, 600, work, &scaled));
    assert_close(scaled.loglik, plain.loglik - 600 * log(1000), 1e-12);
    assert_close(scaled.model.beta, 10 * plain.model.beta, 1e-8);
    assert_close(scaled.model.c, plain.model.c, 1e-8);
    assert_close(scaled.model.a, plain.model.a, 1e-8);
    assert_close(scaled.next, 1e6 * plain.next, 1e-8);
    assert_close(scaled.sigma, 1000 * plain.sigma, 1e-9);
  }
  g_free(work);
}

/* Independent errors of one variance: the likelihood cannot be below that of the plain regression. */
static void test_white_noise(void) {
  double x[250], y[250], *work = g_new(double, aft_garch_work_size(250));
  GRand *draws = g_rand_new_with_seed(2);
  double y_mean = 0, x_mean = 0, sxx = 0, sxy = 0, rss = 0;
  for (int t = 0; t < 250; t++) {
    x[t] = 0.01 * draw_normal(draws);
    y[t] = 0.9 * x[t] + 0.02 * draw_normal(draws);
    x_mean += x[t] / 250;
    y_mean += y[t] / 250;
  }
  for (int t = 0; t < 250; t++) {
    sxx += (x[t] - x_mean) * (x[t] - x_mean);
    sxy += (x[t] - x_mean) * (y[t] - y_mean);
  }
  for (int t = 0; t < 250; t++) {
    double e = y[t] - y_mean - sxy / sxx * (x[t] - x_mean);
    rss += e * e;
  }
  double constant = -125 * (log(2 * 3.14159265358979323846 * rss / 250) + 1);
  for (int kind = AFT_GARCH_PLAIN; kind <= AFT_GARCH_EGARCH; kind++) {
    aft_garch_result result;
    g_assert_true(aft_garch_fit((enum aft_garch_kind)kind, x, y, 250, work, &result));
    g_assert_cmpfloat(result.loglik, >=, constant - 1e-6);
    g_assert_cmpfloat(result.loglik, <, constant + 10); /* five parameters more do not buy more than that from noise */
  }
  g_rand_free(draws);
  g_free(work);
}

static void test_without_regressor(void) {
  double x[800], y[800], *work = g_new(double, aft_garch_work_size(800));
  aft_garch truth = truths[0];
  aft_garch_result result;
  truth.beta = 0;
  simulate(&truth, 800, 12, x, y);
  g_assert_true(aft_garch_fit(AFT_GARCH_PLAIN, NULL, y, 800, work, &result));
  g_assert_cmpint(aft_garch_n_parameters(AFT_GARCH_PLAIN, false), ==, 4);
  g_assert_true(result.model.beta == 0);
  g_assert_cmpfloat(result.loglik, >=, aft_garch_loglik(&truth, NULL, y, 800, NULL, NULL));
  double same[50];
  for (int t = 0; t < 50; t++) same[t] = 0.25;
  result.loglik = 5;
  g_assert_false(aft_garch_fit(AFT_GARCH_PLAIN, NULL, same, 50, work, &result)); /* no variance at all */
  g_assert_true(result.loglik == 5);
  g_free(work);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/garch/likelihood", test_likelihood);
  g_test_add_func("/garch/forecast", test_forecast);
  g_test_add_func("/garch/recovery", test_recovery);
  g_test_add_func("/garch/maximum", test_maximum);
  g_test_add_func("/garch/equivariance", test_equivariance);
  g_test_add_func("/garch/white-noise", test_white_noise);
  g_test_add_func("/garch/without-regressor", test_without_regressor);
  return g_test_run();
}
