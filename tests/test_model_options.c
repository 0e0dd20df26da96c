/* study/model options: each against its formula, and the defaults beside them. */
#include "support/event.h"
#include "support/support.h"

#include <aftershock/stats/garch.h>
#include <aftershock/stats/ols.h>
#include <aftershock/study/model.h>

#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void test_table(void) {
  size_t n_options, n_models;
  const aft_model_option *options = aft_model_option_table(&n_options);
  const aft_model *models = aft_models(&n_models);
  for (size_t i = 0; i < n_options; i++) {
    size_t taken = 0;
    for (size_t m = 0; m < n_models; m++) taken += aft_model_takes(&models[m], options[i].name);
    g_assert_cmpuint(taken, >, 0);
    g_assert_true((options[i].choices != NULL) == (options[i].kind == AFT_OPTION_CHOICE));
  }
  for (size_t m = 0; m < n_models; m++)
    for (const char *const *name = models[m].options; name != NULL && *name != NULL; name++) {
      bool known = false;
      for (size_t i = 0; i < n_options; i++) known = known || strcmp(options[i].name, *name) == 0;
      g_assert_true(known);
    }
  g_assert_false(aft_model_takes(event_model("huber"), "alpha"));
}

/* y - X b has no part in X, and V is that of the smaller X. */
static void test_origin(void) {
  for (int n_x = 1; n_x <= N_X; n_x += N_X - 1) {
    const aft_model *model = event_model(n_x == 1 ? "market_model" : "factors");
    event *e = event_new(210, n_x);
    double *x = g_new(double, N_EST *N_X), y[N_EST], b[N_X], r[N_X * N_X], rss = 0, squares = 0, z[2][N_X];
    e->options.alpha = false;
    event_fit(model, e);
    g_assert_cmpint(e->fit.n_coef, ==, n_x);
    g_assert_cmpint(e->fit.n_terms, ==, n_x);
    g_assert_cmpfloat(e->fit.df, ==, N_EST - n_x);
    memcpy(x, e->x_est, sizeof(double) * (size_t)(n_x * N_EST));
    memcpy(y, e->y_est, sizeof y);
    g_assert_true(aft_ols_fit(x, y, N_EST, n_x, b, r));
    for (int t = 0; t < N_EST; t++) {
      rss += e->residual[t] * e->residual[t];
      squares += e->y_est[t] * e->y_est[t];
    }
    for (int j = 0; j < n_x; j++) {
      double product = 0, size = 0;
      for (int t = 0; t < N_EST; t++) {
        product += e->x_est[j * N_EST + t] * e->residual[t];
        size += fabs(e->x_est[j * N_EST + t] * e->residual[t]);
      }
      g_assert_cmpfloat(fabs(product), <, 1e-13 * size); /* rounding of a sum of 130 terms */
      assert_close(e->fit.coefficient[j], b[j], 1e-12);
    }
    assert_close(e->fit.sigma, sqrt(rss / (N_EST - n_x)), 1e-12);
    assert_close(e->fit.r_squared, 1 - rss / squares, 1e-12); /* about zero */
    for (int t = 0; t < 2; t++) {
      for (int j = 0; j < n_x; j++) z[t][j] = e->x_rel[j * N_REL + t];
      aft_ols_leverage_row(r, n_x, z[t], z[t]);
    }
    double unit = 0;
    for (int j = 0; j < n_x; j++) unit += z[0][j] * z[1][j];
    assert_close(event_covariance(e, n_x, 0, 1), e->fit.sigma * e->fit.sigma * unit, 1e-11);
    if (n_x == 1) assert_close(e->expected[4], e->fit.coefficient[0] * e->x_rel[4], 1e-14);
    g_free(x);
    g_free(e);
  }
}

/* Through the origin a constant market is no second constant, and a constant return is not explained by nothing. */
static void test_origin_edges(void) {
  event *e = event_new(211, 1);
  char term[16];
  e->options.alpha = false;
  for (int t = 0; t < N_EST; t++) e->x_est[t] = 0.003;
  event_fit(event_model("market_model"), e);
  g_assert_null(e->fit.excluded);
  for (int t = 0; t < N_EST; t++) e->x_est[t] = 0;
  event_fit(event_model("market_model"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "collinear regressors");
  g_free(e);
  e = event_new(212, 1);
  e->options.alpha = false;
  for (int t = 0; t < N_EST; t++) e->y_est[t] = 0.01;
  event_fit(event_model("market_model"), e);
  g_assert_cmpfloat(e->fit.sigma, >, 0.009);
  for (int t = 0; t < N_EST; t++) e->y_est[t] = 0;
  event_fit(event_model("market_model"), e);
  g_assert_true(e->fit.sigma == 0 && isnan(e->fit.r_squared));
  for (int t = 1; t < N_EST; t++) e->y_est[t] = (double)NAN; /* T = k is too few, T = k + 1 is not */
  e->input.min_obs = 1;
  event_fit(event_model("market_model"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "too few estimation observations");
  e->y_est[1] = 0.02;
  event_fit(event_model("market_model"), e);
  g_assert_true(e->fit.excluded == NULL && e->fit.df == 1);
  event_model("market_model")->term(0, NULL, &e->options, term, sizeof term);
  g_assert_cmpstr(term, ==, "market");
  event_model("capm")->term(0, (const char *const[]){"mkt_rf"}, &e->options, term, sizeof term);
  g_assert_cmpstr(term, ==, "mkt_rf");
  g_free(e);
}

/* Only the divisor of s^2 changes: coefficients and d stay, V scales. */
static void test_sigma_dof(void) {
  static const char *const names[] = {"market_model", "factors", "constant_mean"};
  for (size_t m = 0; m < G_N_ELEMENTS(names); m++) {
    const aft_model *model = event_model(names[m]);
    int n_x = event_regressors(model), k = n_x + 1;
    event *plain = event_new(220, n_x), *other = event_new(220, n_x);
    const double divisor[] = {N_EST - k, N_EST - 1, N_EST - 2, N_EST};
    event_fit(model, plain);
    for (int dof = 0; dof < 4; dof++) {
      other->options.sigma_dof = dof;
      event_fit(model, other);
      double ratio = (N_EST - k) / divisor[dof];
      assert_close(other->fit.sigma, plain->fit.sigma * sqrt(ratio), 1e-14);
      assert_close(event_covariance(other, k, 1, 3), event_covariance(plain, k, 1, 3) * ratio, 1e-13);
      g_assert_true(other->fit.df == plain->fit.df && other->expected[2] == plain->expected[2]);
    }
    g_free(plain);
    g_free(other);
  }
  event *e = event_new(221, 0); /* two observations leave nothing to divide by T - 2 */
  for (int t = 2; t < N_EST; t++) e->y_est[t] = (double)NAN;
  e->input.min_obs = 2;
  event_fit(event_model("constant_mean"), e);
  g_assert_null(e->fit.excluded);
  e->options.sigma_dof = AFT_SIGMA_N_2;
  event_fit(event_model("constant_mean"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "too few estimation observations");
  g_free(e);
}

static void test_market_adjusted(void) {
  event *e = event_new(230, 1);
  double squares = 0, mean = 0;
  for (int t = 0; t < N_EST; t++) mean += (e->y_est[t] - e->x_est[t]) / N_EST;
  for (int t = 0; t < N_EST; t++) squares += pow(e->y_est[t] - e->x_est[t], 2);
  e->options.centre = false;
  event_fit(event_model("market_adjusted"), e);
  assert_close(e->fit.sigma, sqrt(squares / N_EST), 1e-13);
  g_assert_cmpfloat(e->fit.df, ==, N_EST);
  assert_close(e->h[3], squares / N_EST, 1e-13);
  e->options.forecast_correction = true;
  event_fit(event_model("market_adjusted"), e);
  assert_close(e->h[3], squares / N_EST * (1 + 1.0 / N_EST), 1e-13);
  e->options.centre = true;
  event_fit(event_model("market_adjusted"), e);
  assert_close(e->h[3], (squares - N_EST * mean * mean) / (N_EST - 1) * (1 + 1.0 / N_EST), 1e-12);
  g_free(e);
}

/* The mean of another window, as the constant mean of a study that has only that one; sessions beside the data do not count. */
static void test_comparison_mean(void) {
  event *e = event_new(270, 0);
  double mean = 0, squares = 0;
  int n = 31; /* estimation sessions 10..40, of which one is missing */
  e->y_est[20] = (double)NAN;
  for (int t = 10; t <= 40; t++) mean += t == 20 ? 0 : e->y_est[t] / (n - 1);
  for (int t = 10; t <= 40; t++) squares += t == 20 ? 0 : pow(e->y_est[t] - mean, 2);
  e->options.window[0] = 10 - N_EST - GAP;
  e->options.window[1] = 40 - N_EST - GAP;
  event_fit(event_model("comparison_mean"), e);
  g_assert_cmpint(e->fit.n_obs, ==, n - 1);
  assert_close(e->fit.coefficient[0], mean, 1e-12);
  assert_close(e->fit.sigma, sqrt(squares / (n - 2)), 1e-12);
  assert_close(event_covariance(e, 1, 3, 3), squares / (n - 2) * (1 + 1.0 / (n - 1)), 1e-12);
  assert_close(e->residual[100], e->y_est[100] - mean,
               1e-12); /* of the estimation window, not of the comparison window */
  g_assert_true(isnan(e->residual[20]) && e->fit.df == n - 2);
  e->options.window[0] = -1000; /* all that is known before the event */
  e->options.window[1] = -1;
  event_fit(event_model("comparison_mean"), e);
  g_assert_cmpint(e->fit.n_obs, ==, N_EST - 1);
  e->options.window[0] = N_REL + MARGIN; /* begins where the data end */
  e->options.window[1] = 1000;
  event_fit(event_model("comparison_mean"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "too few estimation observations");
  e->input.min_obs = 2;
  e->options.window[0] = 3; /* after the event: what the window holds alone */
  e->options.window[1] = 1000;
  event_fit(event_model("comparison_mean"), e);
  assert_close(e->expected[0], (e->y_rel[3] + e->y_rel[4] + e->y_rel[5] + e->y_rel[6]) / 4, 1e-13);
  g_free(e);
}

/* The instrument: with Z = Rm it would be least squares, and on a market without memory the two estimates are close. */
static void test_scholes_williams(void) {
  event *e = event_new(240, 1);
  double mean_y = 0, mean_x = 0, mean_z = 0, with_y = 0, with_x = 0;
  int n = N_EST - 2;
  for (int t = 1; t < N_EST - 1; t++) {
    mean_y += e->y_est[t] / n;
    mean_x += e->x_est[t] / n;
    mean_z += (e->x_est[t - 1] + e->x_est[t] + e->x_est[t + 1]) / n;
  }
  for (int t = 1; t < N_EST - 1; t++) {
    double z = e->x_est[t - 1] + e->x_est[t] + e->x_est[t + 1] - mean_z;
    with_y += (e->y_est[t] - mean_y) * z;
    with_x += (e->x_est[t] - mean_x) * z;
  }
  event_fit(event_model("scholes_williams"), e);
  double plain = e->fit.coefficient[1];
  e->options.iv = true;
  event_fit(event_model("scholes_williams"), e);
  assert_close(e->fit.coefficient[1], with_y / with_x, 1e-11);
  assert_close(e->fit.coefficient[0], mean_y - with_y / with_x * mean_x, 1e-11);
  g_assert_cmpfloat(fabs(e->fit.coefficient[1] / plain - 1), <,
                    0.1); /* end effects of order 1/T times the noise of a slope */
  g_assert_true(e->fit.coefficient[1] != plain);
  for (int t = 0; t < N_EST; t++) e->x_est[t] = t % 3 == 0 ? 0.02 : -0.01; /* Z is constant: no instrument */
  event_fit(event_model("scholes_williams"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "collinear regressors");
  g_free(e);
}

/* The regression with its columns written out, and the same as a model of three given factors. */
static void check_dimson(int lags, int leads) {
  enum { MAX_K = 2 + 2 * AFT_MODEL_MAX_LAGS };
  event *e = event_new(250, 1);
  int k = 2 + lags + leads, n = 0;
  double *x = g_new(double, N_EST *MAX_K), y[N_EST], b[MAX_K], r[MAX_K * MAX_K], row[MAX_K], rss = 0, sum = 0;
  int first = MAX(0, lags - MARGIN),
      last = N_EST - MAX(0, leads - MARGIN - GAP - N_REL - MARGIN); /* the market known */
  e->options.lags = lags;
  e->options.leads = leads;
  event_fit(event_model("dimson"), e);
  n = last - first;
  g_assert_cmpint(e->fit.n_obs, ==, n);
  for (int t = first; t < last; t++) {
    y[t - first] = e->y_est[t];
    x[t - first] = 1;
    for (int j = -lags; j <= leads; j++) x[(1 + lags + j) * n + t - first] = e->market[MARGIN + t + j];
  }
  g_assert_true(aft_ols_fit(x, y, n, k, b, r));
  for (int i = k; i < n; i++) rss += y[i] * y[i];
  for (int j = 1; j < k; j++) sum += b[j];
  assert_close(e->fit.coefficient[1], sum, 1e-11);
  assert_close(e->fit.sigma, sqrt(rss / (n - k)), 1e-11);
  g_assert_true(e->fit.n_terms == 2 && e->fit.n_coef == k && e->fit.df == n - k);
  e->options.full = true;
  event_fit(event_model("dimson"), e);
  g_assert_cmpint(e->fit.n_terms, ==, k);
  for (int t = 0; t < N_REL; t++) {
    double expected = b[0], unit = 1;
    row[0] = 1;
    for (int j = -lags; j <= leads; j++) {
      long at = e->input.rel_column + t + j;
      row[1 + lags + j] = at < N_SESSIONS ? e->market[at] : (double)NAN;
      expected += b[1 + lags + j] * row[1 + lags + j];
    }
    aft_ols_leverage_row(r, k, row, row);
    for (int j = 0; j < k; j++) unit += row[j] * row[j];
    assert_close(e->expected[t], expected, 1e-11);
    assert_close(event_covariance(e, k, t, t) / (e->fit.sigma * e->fit.sigma), unit, 1e-11);
  }
  g_free(x);
  g_free(e);
}

static void test_dimson(void) {
  char term[32];
  check_dimson(1, 1);
  check_dimson(0, 2);
  check_dimson(3, 0);
  check_dimson(AFT_MODEL_MAX_LAGS, AFT_MODEL_MAX_LAGS);
  aft_model_options options = {.leads = 1, .lags = 2, .full = true, .alpha = true};
  static const char *const expected[] = {"alpha", "market_lag2", "market_lag1", "market", "market_lead1"};
  for (int i = 0; i < 5; i++) {
    event_model("dimson")->term(i, NULL, &options, term, sizeof term);
    g_assert_cmpstr(term, ==, expected[i]);
  }
  event *e = event_new(251, 1); /* no neighbours: least squares on the market itself */
  event *plain = event_new(251, 1);
  e->options.leads = e->options.lags = 0;
  event_fit(event_model("dimson"), e);
  event_fit(event_model("market_model"), plain);
  for (int t = 0; t < N_REL; t++) {
    assert_close(e->expected[t], plain->expected[t], 1e-13);
    assert_close(event_covariance(e, 2, t, 1), event_covariance(plain, 2, t, 1), 1e-12);
  }
  g_free(e);
  g_free(plain);
}

static void test_theil_sen(void) {
  event *joint = event_new(260, 1), *separate = event_new(260, 1);
  separate->options.intercept = 1;
  event_fit(event_model("theil_sen"), joint);
  event_fit(event_model("theil_sen"), separate);
  g_assert_true(joint->fit.coefficient[1] == separate->fit.coefficient[1]);
  g_assert_true(joint->fit.coefficient[0] != separate->fit.coefficient[0]);
  int above = 0, below = 0;
  for (int t = 0; t < N_EST; t++) {
    above += joint->residual[t] > 0;
    below += joint->residual[t] < 0;
  }
  g_assert_cmpint(above, ==, below); /* the joint intercept halves the residuals */
  g_free(joint);
  g_free(separate);
}

/* Draws whose likelihood has its top inside the admissible set, or at its boundary: only inside are there standard errors. */
static guint32 find_seed(const char *name, bool inside) {
  for (guint32 seed = 300; seed < 400; seed++) {
    event *e = event_new(seed, 1);
    event_fit(event_model(name), e);
    bool found = !isnan(e->fit.standard_error[0]) == inside;
    g_free(e);
    if (found) return seed;
  }
  g_assert_not_reached();
}

/* V grows by x'Cx; at the line's own standard errors where one coefficient stands alone. */
static void test_garch(void) {
  static const char *const names[] = {"garch", "gjr", "egarch"};
  for (size_t m = 0; m < G_N_ELEMENTS(names); m++) {
    guint32 seed = find_seed(names[m], true);
    event *plain = event_new(seed, 1), *wide = event_new(seed, 1);
    wide->options.param_error = true;
    for (int t = 0; t < N_REL; t++) plain->x_rel[t] = wide->x_rel[t] = t; /* 0: alpha alone */
    event_fit(event_model(names[m]), plain);
    event_fit(event_model(names[m]), wide);
    g_assert_null(wide->fit.note);
    double a = wide->fit.standard_error[0], b = wide->fit.standard_error[1];
    double cross = event_covariance(wide, 2, 0, 1) - a * a; /* C01 */
    g_assert_true(plain->h[3] == wide->h[3]);
    assert_close(event_covariance(wide, 2, 0, 0), plain->h[0] + a * a, 1e-12);
    assert_close(event_covariance(wide, 2, 5, 5), plain->h[5] + a * a + 10 * cross + 25 * b * b, 1e-11);
    assert_close(event_covariance(wide, 2, 2, 3), a * a + 5 * cross + 6 * b * b, 1e-11);
    g_free(plain);
    g_free(wide);
  }
}

/* On the boundary of the variance parameters there is no sandwich: V is unknown, not smaller. */
static void test_garch_boundary(void) {
  event *e = event_new(find_seed("garch", false), 1);
  e->options.param_error = true;
  event_fit(event_model("garch"), e);
  g_assert_cmpstr(e->fit.note, ==, "no covariance of alpha and beta: their error in the forecast is not known");
  g_assert_true(isnan(event_covariance(e, 2, 0, 0)) && isfinite(e->expected[0]));
  g_free(e);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/model-options/table", test_table);
  g_test_add_func("/model-options/origin", test_origin);
  g_test_add_func("/model-options/origin-edges", test_origin_edges);
  g_test_add_func("/model-options/sigma-dof", test_sigma_dof);
  g_test_add_func("/model-options/market-adjusted", test_market_adjusted);
  g_test_add_func("/model-options/comparison-mean", test_comparison_mean);
  g_test_add_func("/model-options/scholes-williams", test_scholes_williams);
  g_test_add_func("/model-options/dimson", test_dimson);
  g_test_add_func("/model-options/theil-sen", test_theil_sen);
  g_test_add_func("/model-options/garch", test_garch);
  g_test_add_func("/model-options/garch-boundary", test_garch_boundary);
  return g_test_run();
}
