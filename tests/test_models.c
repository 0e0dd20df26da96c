/* study/model: the table's contract, identities of the forecasts, exclusions and perfect fits. */
#include "support/event.h"
#include "support/support.h"

#include <aftershock/stats/garch.h>
#include <aftershock/stats/ols.h>
#include <aftershock/study/abnormal.h>
#include <aftershock/study/model.h>

#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void test_table(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  const aft_model_options options = AFT_MODEL_OPTIONS_DEFAULT;
  g_assert_cmpuint(n, >=, 17);
  for (size_t i = 0; i < n; i++) {
    char term[64];
    const char *names[] = {"mkt_rf", "smb", "hml", "mom", NULL};
    g_assert_true(aft_model_find(models[i].name) == &models[i]); /* names are unique */
    models[i].term(0, names, &options, term, sizeof term);
    g_assert_cmpstr(term, ==, "alpha");
    models[i].term(1, names, &options, term, sizeof term);
    g_assert_cmpstr(term, ==, models[i].regressors == AFT_REGRESSORS_FACTORS ? "mkt_rf" : "market");
    models[i].term(1, names, &options, term, 3);
    g_assert_cmpuint(strlen(term), ==, 2); /* cut, not overrun */
  }
  g_assert_null(aft_model_find("market model"));
  g_assert_null(aft_model_find(""));
}

/* Every model fills everything, and its residuals and expected values are of the same line. */
static void test_contract(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  for (size_t i = 0; i < n; i++) {
    event *e = event_new(50, event_regressors(&models[i]));
    event_fit(&models[i], e);
    g_assert_null(e->fit.excluded);
    g_assert_cmpint(e->fit.n_obs, >=, N_EST - 2);
    g_assert_true(models[i].regressors == AFT_REGRESSORS_DONORS ||
                  e->fit.df < e->fit.n_obs); /* one donor: nothing moves */
    g_assert_cmpfloat(e->fit.df, <=, e->fit.n_obs);
    g_assert_cmpfloat(e->fit.sigma, >, 0.005);
    g_assert_cmpfloat(e->fit.sigma, <, 0.04);
    g_assert_cmpint(e->fit.n_terms, <=, AFT_MODEL_MAX_COEF);
    for (int t = 0; t < N_REL; t++) {
      g_assert_true(isfinite(e->expected[t]));
      g_assert_cmpfloat(e->h[t], >, 0);
      for (int j = 0; j < e->fit.n_terms && models[i].regressors == AFT_REGRESSORS_MARKET; j++)
        g_assert_true(isfinite(e->fit.coefficient[j]));
    }
    g_free(e);
  }
}

/*
 * One regression over both windows with a dummy for each event session gives the same coefficients; the dummies' are the
 * abnormal returns, and their covariance is V.
 */
static void check_dummies(int n_x, guint32 seed) {
  enum { ROWS = N_EST + N_REL, COLUMNS = N_X + 1 + N_REL };
  event *e = event_new(seed, n_x);
  int k = n_x + 1, columns = k + N_REL, n = 0;
  double *x = g_new0(double, ROWS *COLUMNS), y[ROWS], b[COLUMNS], r[COLUMNS * COLUMNS], row[COLUMNS][COLUMNS];
  e->y_est[3] = e->y_est[77] = (double)NAN; /* a halt; a missing factor */
  e->x_est[(n_x - 1) * N_EST + 20] = (double)NAN;
  event_fit(event_model("factors"), e);
  g_assert_cmpint(e->fit.n_obs, ==, N_EST - 3);
  int rows = e->fit.n_obs + N_REL;
  for (int t = 0; t < N_EST; t++) {
    g_assert_true(isnan(e->residual[t]) == (t == 3 || t == 77 || t == 20));
    if (isnan(e->residual[t])) continue;
    y[n] = e->y_est[t];
    x[n] = 1;
    for (int j = 1; j < k; j++) x[j * rows + n] = e->x_est[(j - 1) * N_EST + t];
    n++;
  }
  for (int t = 0; t < N_REL; t++, n++) {
    y[n] = e->y_rel[t];
    x[n] = 1;
    for (int j = 1; j < k; j++) x[j * rows + n] = e->x_rel[(j - 1) * N_REL + t];
    x[(k + t) * rows + n] = 1;
  }
  g_assert_true(aft_ols_fit(x, y, rows, columns, b, r));
  double variance = e->fit.sigma * e->fit.sigma, rss = 0;
  for (int i = columns; i < rows; i++) rss += y[i] * y[i];
  assert_close(variance * (rows - columns) / rss, 1, 1e-11);
  for (int t = 0; t < N_REL; t++) {
    memset(row[t], 0, sizeof row[t]);
    row[t][k + t] = 1;
    aft_ols_leverage_row(r, columns, row[t], row[t]);
    assert_close(e->y_rel[t] - e->expected[t], b[k + t], 1e-11); /* both are 1e-16 times a few hundred operations */
  }
  for (int t = 0; t < N_REL; t++)
    for (int u = 0; u < N_REL; u++) {
      double unit = 0;
      for (int j = 0; j < columns; j++) unit += row[t][j] * row[u][j];
      assert_close(event_covariance(e, k, t, u) / variance, unit, 1e-11);
    }
  for (int j = 0; j < k; j++) assert_close(e->fit.coefficient[j], b[j], 1e-11);
  g_assert_cmpfloat(e->fit.df, ==, rows - columns);
  g_free(x);
  g_free(e);
}

static void test_dummies(void) {
  check_dummies(1, 1001);
  check_dummies(2, 1002);
  check_dummies(N_X, 1003);
}

/* Market model, Scholes-Williams, Dimson and the robust lines share V's form; here by the scalar formula. */
static void test_line_covariance(void) {
  static const char *const names[] = {"market_model", "dimson", "theil_sen", "huber", "bisquare", "scholes_williams"};
  for (size_t m = 0; m < G_N_ELEMENTS(names); m++) {
    event *e = event_new(60, 1);
    int first = strcmp(names[m], "scholes_williams") == 0 ? 1 : 0, n = N_EST - 2 * first;
    double mean = 0, sxx = 0;
    event_fit(event_model(names[m]), e);
    g_assert_cmpint(e->fit.n_obs, ==, n);
    for (int t = first; t < N_EST - first; t++) mean += e->x_est[t] / n;
    for (int t = first; t < N_EST - first; t++) sxx += (e->x_est[t] - mean) * (e->x_est[t] - mean);
    for (int t = 0; t < N_REL; t++)
      for (int u = 0; u < N_REL; u++) {
        double unit = (t == u) + 1.0 / n + (e->x_rel[t] - mean) * (e->x_rel[u] - mean) / sxx;
        assert_close(event_covariance(e, 2, t, u) / (e->fit.sigma * e->fit.sigma), unit, 1e-11);
      }
    for (int t = 0; t < N_REL; t++)
      assert_close(e->expected[t], e->fit.coefficient[0] + e->fit.coefficient[1] * e->x_rel[t], 1e-13);
    g_free(e);
  }
}

static void test_simple(void) {
  event *e = event_new(70, 0);
  double mean = 0, squares = 0;
  e->y_est[9] = (double)NAN;
  for (int t = 0; t < N_EST; t++) mean += t == 9 ? 0 : e->y_est[t] / (N_EST - 1);
  for (int t = 0; t < N_EST; t++) squares += t == 9 ? 0 : (e->y_est[t] - mean) * (e->y_est[t] - mean);
  double variance = squares / (N_EST - 2);
  event_fit(event_model("constant_mean"), e);
  assert_close(e->fit.coefficient[0], mean, 1e-12);
  assert_close(e->fit.sigma, sqrt(variance), 1e-12);
  assert_close(event_covariance(e, 1, 2, 2) / variance, 1 + 1.0 / (N_EST - 1), 1e-12);
  assert_close(event_covariance(e, 1, 2, 5) / variance, 1.0 / (N_EST - 1), 1e-12);
  g_assert_true(isnan(e->residual[9]) && e->fit.df == N_EST - 2);
  g_free(e);

  e = event_new(71, 1);
  e->x_rel[4] = (double)NAN;
  event_fit(event_model("market_adjusted"), e);
  g_assert_true(e->expected[2] == e->x_rel[2] && isnan(e->expected[4]));
  g_assert_true(e->residual[5] == e->y_est[5] - e->x_est[5]); /* about zero, not about the mean */
  g_assert_true(e->fit.n_terms == 0 && e->fit.df == N_EST - 1 && !event_model("market_adjusted")->estimates_mean);
  g_free(e);
}

/* Returns and market in other units: expected values scale, V with the square. */
static void test_scaling(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  for (size_t m = 0; m < n; m++) {
    int n_x = event_regressors(&models[m]), n_z;
    event *plain = event_new(80, n_x), *scaled = event_new(80, n_x);
    n_z = models[m].n_z(n_x, &plain->options);
    for (int t = 0; t < N_SESSIONS; t++) scaled->market[t] *= 100;
    for (int i = 0; i < N_X * N_EST; i++) scaled->x_est[i] *= 100;
    for (int i = 0; i < N_X * N_REL; i++) scaled->x_rel[i] *= 100;
    for (int t = 0; t < N_EST; t++) scaled->y_est[t] *= 100;
    for (int t = 0; t < N_REL; t++) scaled->y_rel[t] *= 100;
    event_fit(&models[m], plain);
    event_fit(&models[m], scaled);
    /* closed forms to rounding; an M-estimate stops within 1e-8 of its end, a likelihood search within 1e-4 */
    bool garch = !isnan(plain->fit.loglik), robust = strstr("huber bisquare", models[m].name) != NULL;
    double tolerance = garch ? 1e-3 : robust ? 1e-7 : 1e-11;
    for (int t = 0; t < N_REL; t++) {
      assert_close(scaled->expected[t], 100 * plain->expected[t], tolerance);
      assert_close(event_covariance(scaled, n_z, t, t), 1e4 * event_covariance(plain, n_z, t, t), tolerance);
    }
    g_free(plain);
    g_free(scaled);
  }
}

/* Sessions without a return are as if they were not there; order does not matter to models without memory. */
static void test_missing_and_order(void) {
  static const char *const names[] = {"market_model", "constant_mean", "market_adjusted",
                                      "theil_sen",    "huber",         "bisquare"};
  for (size_t m = 0; m < G_N_ELEMENTS(names); m++) {
    const aft_model *model = event_model(names[m]);
    int n_x = event_regressors(model);
    event *plain = event_new(90, n_x), *turned = event_new(90, n_x);
    for (int t = 100; t < N_EST; t++) plain->y_est[t] = (double)NAN; /* the last thirty are missing */
    for (int t = 0; t < N_EST; t++) { /* the same observations backwards, the gaps spread among them */
      turned->y_est[t] = (double)NAN;
      turned->x_est[t] = 0.5;
    }
    for (int t = 0; t < 100; t++) {
      int to = t + t / 4; /* 0..123 */
      turned->y_est[to] = plain->y_est[99 - t];
      turned->x_est[to] = plain->x_est[99 - t];
    }
    event_fit(model, plain);
    event_fit(model, turned);
    g_assert_cmpint(turned->fit.n_obs, ==, 100);
    assert_close(turned->fit.sigma, plain->fit.sigma, 1e-8); /* M-estimates may stop one rounding apart */
    for (int t = 0; t < N_REL; t++) assert_close(turned->expected[t], plain->expected[t], 1e-8);
    g_free(plain);
    g_free(turned);
  }
}

static void test_dimson(void) {
  event *e = event_new(110, 1);
  double x[4 * N_EST], y[N_EST], b[4], r[16];
  event_fit(event_model("dimson"), e);
  for (int t = 0; t < N_EST; t++) {
    y[t] = e->y_est[t];
    x[t] = 1;
    for (int j = 0; j < 3; j++)
      x[(j + 1) * N_EST + t] = e->market[MARGIN + t + j - 1]; /* first and last look outside */
  }
  g_assert_true(aft_ols_fit(x, y, N_EST, 4, b, r));
  assert_close(e->fit.coefficient[0], b[0], 1e-12);
  assert_close(e->fit.coefficient[1], b[1] + b[2] + b[3], 1e-12);
  g_assert_true(e->fit.n_coef == 4 && e->fit.df == N_EST - 4);
  double residual = e->y_est[50] - b[0];
  for (int j = 0; j < 3; j++) residual -= b[j + 1] * e->market[MARGIN + 50 + j - 1];
  assert_close(e->residual[50], residual, 1e-11);

  e->input.est_column = 0; /* the series begins with the window: no market before the first session */
  for (int t = 0; t < N_EST; t++) e->x_est[t] = e->market[t];
  event_fit(event_model("dimson"), e);
  g_assert_true(isnan(e->residual[0]) && e->fit.n_obs == N_EST - 1);
  e->input.est_column = -20;
  for (int t = 0; t < N_EST; t++) {
    e->x_est[t] = t < 20 ? (double)NAN : e->market[t - 20];
    if (t < 20) e->y_est[t] = (double)NAN;
  }
  event_fit(event_model("dimson"), e);
  g_assert_true(isnan(e->residual[20]) && !isnan(e->residual[21]) && e->fit.n_obs == N_EST - 21);
  g_free(e);
}

/* Scholes and Williams's ratio written with covariances. */
static void test_scholes_williams(void) {
  event *e = event_new(120, 1);
  e->y_est[40] = (double)NAN;
  e->x_est[90] = (double)NAN; /* takes the sessions beside it too */
  event_fit(event_model("scholes_williams"), e);
  g_assert_cmpint(e->fit.n_obs, ==, N_EST - 2 - 1 - 3);
  double mean[4] = {0}, product[4][4] = {{0}};
  int n = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int t = 1; t < N_EST - 1; t++) {
      double v[4] = {e->x_est[t - 1], e->x_est[t], e->x_est[t + 1], e->y_est[t]};
      if (isnan(v[0] + v[1] + v[2] + v[3])) {
        g_assert_true(isnan(e->residual[t]));
        continue;
      }
      n += pass == 0;
      for (int i = 0; i < 4; i++) {
        if (pass == 0) mean[i] += v[i] / e->fit.n_obs;
        for (int j = 0; j < 4 && pass == 1; j++) product[i][j] += (v[i] - mean[i]) * (v[j] - mean[j]);
      }
    }
  g_assert_cmpint(n, ==, e->fit.n_obs);
  double sum = 0, rho = product[0][1] / sqrt(product[0][0] * product[1][1]);
  for (int j = 0; j < 3; j++) sum += product[3][j] / product[j][j];
  assert_close(e->fit.coefficient[1], sum / (1 + 2 * rho), 1e-12);
  assert_close(e->fit.coefficient[0], mean[3] - sum / (1 + 2 * rho) * mean[1], 1e-12);
  g_free(e);
}

static void test_garch_forecast(void) {
  static const char *const names[] = {"garch", "gjr", "egarch"};
  for (size_t m = 0; m < G_N_ELEMENTS(names); m++) {
    event *e = event_new(130, 1);
    char term[32];
    const aft_model_options options = AFT_MODEL_OPTIONS_DEFAULT;
    event_fit(event_model(names[m]), e);
    g_assert_cmpint(e->fit.n_coef, ==, m == 0 ? 5 : 6);
    g_assert_cmpfloat(e->fit.df, ==, N_EST - e->fit.n_coef);
    int last = e->fit.n_terms - 1;
    event_model(names[m])->term(last, NULL, &options, term, sizeof term);
    g_assert_cmpstr(term, ==, "garch");
    double w = e->fit.coefficient[2], a = e->fit.coefficient[3], c = e->fit.coefficient[last];
    double g = m == 0 ? 0 : e->fit.coefficient[4], persistence = a + g / 2 + c;
    for (int t = 1; t < N_REL; t++) /* one session is one step of the forecast */
      assert_close(e->h[t], m == 2 ? exp(w + c * log(e->h[t - 1])) : w + persistence * e->h[t - 1], 1e-12);
    aft_garch model = {
        (enum aft_garch_kind)event_model(names[m])->variant, e->fit.coefficient[0], e->fit.coefficient[1], w, a, g, c};
    double next;
    assert_close(aft_garch_loglik(&model, e->x_est, e->y_est, N_EST, NULL, &next), e->fit.loglik, 1e-12);
    assert_close(e->h[0], aft_garch_forecast(&model, next, GAP + 1), 1e-12);
    /* a window that begins one session later sees the next step */
    double second = e->h[1];
    e->input.rel_column++;
    event_fit(event_model(names[m]), e);
    assert_close(e->h[0], second, 1e-12);
    e->input.rel_column = MARGIN + N_EST - 1;
    event_fit(event_model(names[m]), e);
    g_assert_cmpstr(e->fit.excluded, ==, "the event window does not follow the estimation window");
    g_free(e);
  }
}

static void test_excluded(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  for (size_t m = 0; m < n; m++) {
    int n_x = event_regressors(&models[m]);
    event *e = event_new(140, n_x);
    e->input.min_obs = N_EST + 1;
    event_fit(&models[m], e);
    g_assert_cmpstr(e->fit.excluded, ==, "too few estimation observations");
    g_assert_true(isnan(e->expected[0]) && isnan(e->residual[0]) && e->fit.n_terms == 0);
    e->input.min_obs = 1;
    for (int t = 2; t < N_EST; t++) e->y_est[t] = (double)NAN;
    if (n_x == 0) e->y_est[1] = (double)NAN; /* one observation cannot have a variance */
    if (!models[m].estimates_mean) e->y_est[1] = (double)NAN;
    event_fit(&models[m], e);
    g_assert_cmpstr(e->fit.excluded, ==, "too few estimation observations");
    g_free(e);

    if (n_x == 0 || !models[m].estimates_mean) continue;
    e = event_new(141, n_x);
    for (int t = 0; t < N_SESSIONS; t++) e->market[t] = 0.003; /* says the same as the constant */
    for (int t = 0; t < N_EST; t++) e->x_est[t] = 0.003;
    event_fit(&models[m], e);
    g_assert_cmpstr(e->fit.excluded, ==, "collinear regressors");
    g_free(e);
  }
}

/*
 * As few observations as a model takes: k + 1, with one degree of freedom, or the ten of a likelihood. With one less, and with none
 * at all, the event is left out. The first T sessions are there, of which some models cannot use all.
 */
static void test_smallest(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  for (size_t m = 0; m < n; m++) {
    int n_x = event_regressors(&models[m]), least = -1;
    int n_z = models[m].n_z(n_x, &(aft_model_options)AFT_MODEL_OPTIONS_DEFAULT);
    for (int length = 0; length <= 12; length++) {
      event *e = event_new(500, n_x);
      e->input.min_obs = 1;
      for (int t = length; t < N_EST; t++) e->y_est[t] = (double)NAN;
      event_fit(&models[m], e);
      if (e->fit.excluded != NULL) {
        g_assert_cmpint(least, <, 0); /* more observations never take a fit away */
        g_assert_cmpstr(e->fit.excluded, ==, "too few estimation observations");
        g_assert_true(isnan(e->expected[0]) && isnan(e->residual[0]));
      } else if (least < 0) {
        bool is_garch = strstr(models[m].name, "arch") != NULL || strcmp(models[m].name, "gjr") == 0;
        least = e->fit.n_obs;
        g_assert_cmpint(least, ==, is_garch ? AFT_GARCH_MIN_OBS : MAX(e->fit.n_coef, 1) + 1);
        if (!is_garch) g_assert_cmpfloat(e->fit.df, ==, 1);
        for (int t = 0; t < N_REL; t++) {
          g_assert_true(isfinite(e->expected[t]) && isfinite(e->fit.sigma));
          g_assert_cmpfloat(event_covariance(e, n_z, t, t), >=, 0);
        }
      }
      g_free(e);
    }
    g_assert_cmpint(least, >, 0);
  }
}

/* A price that never moves, or moves with the market exactly: fitted, with sigma 0 and no variance anywhere. */
static void test_perfect(void) {
  size_t n;
  const aft_model *models = aft_models(&n);
  for (size_t m = 0; m < n; m++)
    for (int flat = 0; flat < 2; flat++) {
      int n_x = event_regressors(&models[m]), n_z;
      if (models[m].regressors == AFT_REGRESSORS_DONORS) continue; /* a mean of donors is met: test_synthetic.c */
      if (n_x == 0 && flat == 0) continue;
      if (strcmp(models[m].name, "scholes_williams") == 0 && flat == 0) continue; /* its slope is not the line's */
      event *e = event_new(150, n_x);
      n_z = models[m].n_z(n_x, &e->options);
      bool adjusted = !models[m].estimates_mean;
      for (int t = 0; t < N_EST; t++)
        e->y_est[t] = adjusted ? e->x_est[t] + (flat ? 0 : 0.25) : flat ? 0.1 : 0.5 + 2 * e->x_est[t];
      event_fit(&models[m], e);
      g_assert_null(e->fit.excluded);
      g_assert_true(e->fit.sigma == 0);
      for (int t = 0; t < N_REL; t++) g_assert_true(event_covariance(e, n_z, t, t) == 0);
      if (n_x > 0 && !adjusted) assert_close(e->expected[3], flat ? 0.1 : 0.5 + 2 * e->x_rel[3], 1e-12);
      if (flat) g_assert_true(isnan(e->fit.r_squared));
      g_free(e);
    }
}

/* Z made of R and the regressors' rows is Z as the fit writes it, to the last bit; variances of sums come another way. */
static void check_root(const char *name, bool alpha) {
  const aft_model *model = event_model(name);
  event *e = event_new(160, event_regressors(model));
  e->options.alpha = alpha;
  event_fit(model, e);
  int n_x = e->input.n_x, k = model->n_z(n_x, &e->options), session = 0, security = 0;
  double packed[MAX_Z * MAX_Z], room[MAX_Z], abnormal[N_REL];
  aft_event_fit fit = {.sigma = e->fit.sigma};
  for (int t = 0; t < N_REL; t++) abnormal[t] = e->y_rel[t] - e->expected[t];
  aft_abnormal kept = {.n_events = 1,
                       .n_rel = N_REL,
                       .n_z = k,
                       .session = &session,
                       .security = &security,
                       .fit = &fit,
                       .abnormal = abnormal,
                       .h = e->h,
                       .z = e->z};
  g_autofree double *work = g_new(double, model->work_size(n_x, N_EST, N_REL, &e->options));
  e->fit.wants_root = true;
  e->fit.h = e->fit.z = NULL;
  model->fit(&e->input, model->variant, work, &e->fit);
  const double *row[N_X], *own = e->x_rel;
  for (int q = 0; q < n_x; q++) row[q] = q == 0 ? NULL : e->x_rel + (ptrdiff_t)q * N_REL;
  aft_regressor_rows rows = {alpha, n_x, row, &own, N_REL};
  aft_abnormal made = kept;
  made.h = made.z = NULL;
  made.root = packed;
  aft_ols_pack(e->fit.root, k, packed);
  made.regressors = &rows;
  for (int t = 0; t < N_REL; t++) {
    const double *z = aft_abnormal_z(&made, 0, t, room);
    for (int q = 0; q < k; q++) g_assert_true(z[q] == e->z[t * k + q]);
    g_assert_true(aft_abnormal_h(&made, 0, t) == e->h[t]);
    g_assert_true(aft_abnormal_day_variance(&made, 0, t) == aft_abnormal_day_variance(&kept, 0, t));
    for (int last = t; last < N_REL; last++) {
      double car[2], variance[2], sum = 0;
      aft_abnormal_car(&kept, 0, t, last, &car[0], &variance[0]);
      aft_abnormal_car(&made, 0, t, last, &car[1], &variance[1]);
      for (int i = t; i <= last; i++)
        for (int j = t; j <= last; j++) sum += event_covariance(e, k, i, j);
      g_assert_true(car[0] == car[1]);
      assert_close(variance[0] / variance[1], 1, 1e-14); /* a dozen roundings */
      assert_close(variance[1], sum, 1e-12);
    }
  }
  g_free(e);
}

static void test_root(void) {
  for (int alpha = 0; alpha < 2; alpha++) {
    check_root("market_model", alpha == 1);
    check_root("factors", alpha == 1);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/models/table", test_table);
  g_test_add_func("/models/contract", test_contract);
  g_test_add_func("/models/dummies", test_dummies);
  g_test_add_func("/models/line-covariance", test_line_covariance);
  g_test_add_func("/models/simple", test_simple);
  g_test_add_func("/models/scaling", test_scaling);
  g_test_add_func("/models/missing-and-order", test_missing_and_order);
  g_test_add_func("/models/dimson", test_dimson);
  g_test_add_func("/models/scholes-williams", test_scholes_williams);
  g_test_add_func("/models/garch-forecast", test_garch_forecast);
  g_test_add_func("/models/excluded", test_excluded);
  g_test_add_func("/models/smallest", test_smallest);
  g_test_add_func("/models/perfect", test_perfect);
  g_test_add_func("/models/root", test_root);
  return g_test_run();
}
