/* Betas for shares that trade late: Scholes and Williams, Dimson. */
#include "study/models.h"

#include <math.h>

#include <glib.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

/* y and the market before, on and after the day */
size_t aft_model_scholes_williams_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_rel, (void)options;
  return 4 * (size_t)n_est;
}

/* sum (a - mean a) (b - mean b); the means are those of the same n values. */
static double cross_products(const double *a, double a_mean, const double *b, double b_mean, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (a[i] - a_mean) * (b[i] - b_mean);
  return sum;
}

/* Interior sessions with the return and the market before, on and after the day; returns their number. */
static int gather_neighbours(const aft_model_input *input, double *y, double *const market[3], double *residual) {
  int n = 0;
  for (int t = 0; t < input->n_est; t++) residual[t] = (double)NAN;
  for (int t = 1; t < input->n_est - 1; t++) {
    const double *x = input->x_est + t;
    if (isnan(input->y_est[t] + x[-1] + x[0] + x[1])) continue;
    y[n] = input->y_est[t];
    for (int j = 0; j < 3; j++) market[j][n] = x[j - 1];
    residual[t] = 0; /* used; the value comes later */
    n++;
  }
  return n;
}

/* (b[-1] + b[0] + b[+1]) / (1 + 2 rho); NaN when a series is constant or the denominator vanishes. */
static double scholes_williams_beta(const double *y, double *const market[3], int n) {
  double mean[3], squares[3], y_mean, y_squares, sum = 0;
  int used;
  aft_ols_moments(y, n, &used, &y_mean, &y_squares);
  for (int j = 0; j < 3; j++) {
    aft_ols_moments(market[j], n, &used, &mean[j], &squares[j]);
    if (aft_ols_is_constant(squares[j], n, mean[j])) return (double)NAN;
    sum += cross_products(y, y_mean, market[j], mean[j], n) / squares[j];
  }
  double rho = cross_products(market[1], mean[1], market[0], mean[0], n) / sqrt(squares[1] * squares[0]);
  double denominator = 1 + 2 * rho;
  return fabs(denominator) < AFT_OLS_COLLINEAR ? (double)NAN : sum / denominator;
}

/* cov(R, Z) / cov(Rm, Z), Z = Rm[t-1] + Rm[t] + Rm[t+1]; NaN when Z says nothing about the market. */
static double instrument_beta(const double *y, double *const market[3], int n) {
  double mean[3], squares[3], y_mean, y_squares, with_y = 0, with_market = 0, scale = 0;
  int used;
  aft_ols_moments(y, n, &used, &y_mean, &y_squares);
  for (int j = 0; j < 3; j++) aft_ols_moments(market[j], n, &used, &mean[j], &squares[j]);
  for (int j = 0; j < 3; j++) {
    with_y += cross_products(y, y_mean, market[j], mean[j], n);
    with_market += cross_products(market[1], mean[1], market[j], mean[j], n);
    scale += sqrt(squares[1] * squares[j]);
  }
  return fabs(with_market) <= AFT_OLS_COLLINEAR * scale ? (double)NAN : with_y / with_market;
}

/*
 * Scholes and Williams: beta from the slopes on the market of the day before, the day and the day after, each alone.
 *
 *   beta = (b[-1] + b[0] + b[+1]) / (1 + 2 rho),  alpha = mean R - beta mean Rm,  s^2 = e'e / (n - 2)
 *
 * over the interior sessions of the estimation window only, so that nothing after it enters; rho is the correlation of
 * Rm[t] and Rm[t-1]. iv: the instrument's slope instead, equal to it up to the ends of the window. V has the market model's
 * form (approximation).
 * Source: Scholes and Williams (1977), J. Financial Economics 5, 309-327.
 */
void aft_model_scholes_williams_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  double *y = work;
  double *market[3] = {y + input->n_est, y + 2 * (ptrdiff_t)input->n_est, y + 3 * (ptrdiff_t)input->n_est};
  aft_model_line line;

  aft_model_reset(fit);
  fit->n_coef = 2;
  fit->n_obs = gather_neighbours(input, y, market, fit->residual);
  fit->df = fit->n_obs - 2;
  if (aft_model_too_few(input, fit->n_obs, 2)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  bool spread = aft_model_line_moments(market[1], y, fit->n_obs, &line);
  line.beta =
      input->options->iv ? instrument_beta(y, market, fit->n_obs) : scholes_williams_beta(y, market, fit->n_obs);
  if (!spread || isnan(line.beta)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  double y_mean, y_squares, rss = 0;
  int used;
  aft_ols_moments(y, fit->n_obs, &used, &y_mean, &y_squares);
  line.alpha = y_mean - line.beta * line.x_mean;
  for (int t = 0; t < input->n_est; t++) {
    if (isnan(fit->residual[t])) continue;
    double e = input->y_est[t] - line.alpha - line.beta * input->x_est[t];
    fit->residual[t] = e;
    rss += e * e;
  }
  line.sigma = sqrt(rss / fit->df);
  aft_model_line_fill(input, &line, fit);
}

/* Coefficients of Dimson's regression: the constant and the market from `lags` sessions before to `leads` after. */
static int dimson_coef(const aft_model_options *options) { return 2 + options->lags + options->leads; }

/* y, the columns, R, coefficients */
size_t aft_model_dimson_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_rel;
  size_t k = (size_t)dimson_coef(options);
  return (size_t)n_est * (k + 1) + k * k + k;
}

int aft_model_n_z_dimson(int n_x, const aft_model_options *options) {
  (void)n_x;
  return options->full ? dimson_coef(options) : 2;
}

/* alpha and market for the sum; for `full` market_lag2, market_lag1, market, market_lead1, ... */
void aft_model_dimson_term(int i, const char *const *regressor_names, const aft_model_options *options, char *buffer,
                           size_t size) {
  int offset = i - 1 - options->lags;
  if (i == 0 || !options->full || offset == 0)
    aft_model_term_market(i, regressor_names, options, buffer, size);
  else
    g_snprintf(buffer, size, offset < 0 ? "market_lag%d" : "market_lead%d", ABS(offset));
}

/* The market at a session, NaN outside the series. */
static double market_at(const aft_model_input *input, long session) {
  return session >= 0 && session < input->n_sessions ? input->market[session] : (double)NAN;
}

/* The constant and the market around a session in row[k]; returns their sum: NaN when anything is missing. */
static double dimson_row(const aft_model_input *input, long session, double *row) {
  const aft_model_options *options = input->options;
  double sum = row[0] = 1;
  for (int j = -options->lags; j <= options->leads; j++)
    sum += row[1 + options->lags + j] = market_at(input, session + j);
  return sum;
}

/* Complete observations: y and k columns of length T; residual marks them with 0, others NaN. */
static int gather_dimson(const aft_model_input *input, double *y, double *x, double *residual) {
  double row[AFT_MODEL_MAX_COEF];
  int n = 0, i = 0, k = dimson_coef(input->options);
  for (int t = 0; t < input->n_est; t++) {
    bool complete = !isnan(dimson_row(input, input->est_column + t, row) + input->y_est[t]);
    residual[t] = complete ? 0 : (double)NAN;
    n += complete;
  }
  for (int t = 0; t < input->n_est; t++) {
    if (isnan(residual[t])) continue;
    dimson_row(input, input->est_column + t, row);
    y[i] = input->y_est[t];
    for (int j = 0; j < k; j++) x[(ptrdiff_t)j * n + i] = row[j];
    i++;
  }
  return n;
}

static double dot(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

/* Residuals of the regression on all columns; returns the sum of their squares. */
static double dimson_residuals(const aft_model_input *input, const double *b, double *residual) {
  double row[AFT_MODEL_MAX_COEF], rss = 0;
  int k = dimson_coef(input->options);
  for (int t = 0; t < input->n_est; t++) {
    if (isnan(residual[t])) continue;
    dimson_row(input, input->est_column + t, row);
    residual[t] = input->y_est[t] - dot(b, row, k);
    rss += residual[t] * residual[t];
  }
  return rss;
}

/* full: every fitted term in the expected value, V = s^2 (I + X* (X'X)^-1 X*'). */
static void fill_full(const aft_model_input *input, const aft_model_line *line, const double *b, const double *r,
                      aft_fit *fit) {
  double row[AFT_MODEL_MAX_COEF], unit_error[AFT_MODEL_MAX_COEF];
  int k = dimson_coef(input->options);
  fit->sigma = line->sigma <= 1e-14 * line->y_sd || line->y_sd == 0 ? 0 : line->sigma;
  fit->n_terms = k;
  aft_ols_unit_errors(r, k, unit_error);
  for (int j = 0; j < k; j++) {
    fit->coefficient[j] = b[j];
    fit->standard_error[j] = fit->sigma * unit_error[j];
  }
  for (int t = 0; t < input->n_rel; t++) {
    double *z = fit->z + (ptrdiff_t)t * k;
    dimson_row(input, input->rel_column + t, row);
    fit->expected[t] = dot(b, row, k);
    fit->h[t] = fit->sigma * fit->sigma;
    aft_ols_leverage_row(r, k, row, z);
    for (int j = 0; j < k; j++) z[j] *= fit->sigma;
  }
}

/*
 * Dimson: one regression on the market of the days before, the day and the days after; beta is the sum of the slopes.
 *
 *   R[t] = alpha + sum_j b[j] Rm[t+j] + e,  j = -lags..+leads,  E[R] = alpha + (sum b) Rm,  s^2 = e'e / (T - k)
 *
 * k = 2 + lags + leads. The market beside the window comes from the whole series. V has the market model's form
 * (approximation). full: E[R] has every term, also the market after the day; V is exact.
 * Source: Dimson (1979), J. Financial Economics 7, 197-226.
 */
void aft_model_dimson_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  const aft_model_options *options = input->options;
  int k = dimson_coef(options), n_z = aft_model_n_z_dimson(1, options);
  double *y = work, *r = y + input->n_est, *b = r + (ptrdiff_t)k * k, *x = b + k;
  aft_model_line line;

  g_assert(input->market != NULL && k <= AFT_MODEL_MAX_COEF);
  aft_model_reset(fit);
  fit->n_coef = k;
  fit->n_obs = gather_dimson(input, y, x, fit->residual);
  fit->df = fit->n_obs - k;
  if (aft_model_too_few(input, fit->n_obs, k)) {
    aft_model_exclude(input, n_z, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  const double *same_day = x + (ptrdiff_t)(1 + options->lags) * fit->n_obs;
  if (!aft_model_line_moments(same_day, y, fit->n_obs, &line) || !aft_ols_fit(x, y, fit->n_obs, k, b, r)) {
    aft_model_exclude(input, n_z, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  line.alpha = b[0];
  line.beta = 0;
  for (int j = 1; j < k; j++) line.beta += b[j];
  line.sigma = sqrt(dimson_residuals(input, b, fit->residual) / fit->df);
  if (options->full)
    fill_full(input, &line, b, r, fit);
  else
    aft_model_line_fill(input, &line, fit);
}
