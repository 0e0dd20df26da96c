/* Betas for shares that trade late: Scholes and Williams, Dimson. */
#include "study/models.h"

#include <math.h>

#include <glib.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

#define DIMSON_COEF 4 /* constant and the market one session before, on and one after the day */

/* y, four columns, R, coefficients */
size_t aft_model_lead_lag_work_size(int n_x, int n_est, int n_rel) {
  (void)n_x, (void)n_rel;
  return (size_t)n_est * (DIMSON_COEF + 1) + (size_t)DIMSON_COEF * (DIMSON_COEF + 1);
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

/*
 * Scholes and Williams: beta from the slopes on the market of the day before, the day and the day after, each alone.
 *
 *   beta = (b[-1] + b[0] + b[+1]) / (1 + 2 rho),  alpha = mean R - beta mean Rm,  s^2 = e'e / (n - 2)
 *
 * over the interior sessions of the estimation window only, so that nothing after it enters; rho is the correlation of
 * Rm[t] and Rm[t-1]. V has the market model's form (approximation).
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
  line.beta = scholes_williams_beta(y, market, fit->n_obs);
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

/* The market at a session, NaN outside the series. */
static double market_at(const aft_model_input *input, long session) {
  return session >= 0 && session < input->n_sessions ? input->market[session] : (double)NAN;
}

/* Observation t with the market around it in row[1..3]; false when anything is missing. */
static bool dimson_row(const aft_model_input *input, int t, double row[DIMSON_COEF]) {
  double sum = input->y_est[t];
  row[0] = 1;
  for (int j = 1; j < DIMSON_COEF; j++) {
    row[j] = market_at(input, input->est_column + t + j - 2);
    sum += row[j];
  }
  return !isnan(sum);
}

/* Complete observations: y and four columns of length T; residual marks them with 0, others NaN. */
static int gather_dimson(const aft_model_input *input, double *y, double *x, double *residual) {
  double row[DIMSON_COEF];
  int n = 0, i = 0;
  for (int t = 0; t < input->n_est; t++) {
    bool complete = dimson_row(input, t, row);
    residual[t] = complete ? 0 : (double)NAN;
    n += complete;
  }
  for (int t = 0; t < input->n_est; t++) {
    if (!dimson_row(input, t, row)) continue;
    y[i] = input->y_est[t];
    for (int j = 0; j < DIMSON_COEF; j++) x[(ptrdiff_t)j * n + i] = row[j];
    i++;
  }
  return n;
}

/* Residuals of the regression on all four columns; returns the sum of their squares. */
static double dimson_residuals(const aft_model_input *input, const double *b, double *residual) {
  double row[DIMSON_COEF], rss = 0;
  for (int t = 0; t < input->n_est; t++) {
    if (!dimson_row(input, t, row)) continue;
    double e = input->y_est[t];
    for (int j = 0; j < DIMSON_COEF; j++) e -= b[j] * row[j];
    residual[t] = e;
    rss += e * e;
  }
  return rss;
}

/*
 * Dimson: one regression on the market of the day before, the day and the day after; beta is the sum of the slopes.
 *
 *   R[t] = alpha + sum_j b[j] Rm[t+j] + e,  j = -1..+1,  E[R] = alpha + (sum b) Rm,  s^2 = e'e / (T - 4)
 *
 * The market beside the window comes from the whole series. V has the market model's form (approximation).
 * Source: Dimson (1979), J. Financial Economics 7, 197-226.
 */
void aft_model_dimson_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  double *y = work, *r = y + input->n_est, *b = r + (ptrdiff_t)DIMSON_COEF * DIMSON_COEF, *x = b + DIMSON_COEF;
  aft_model_line line;

  g_assert(input->market != NULL);
  aft_model_reset(fit);
  fit->n_coef = DIMSON_COEF;
  fit->n_obs = gather_dimson(input, y, x, fit->residual);
  fit->df = fit->n_obs - DIMSON_COEF;
  if (aft_model_too_few(input, fit->n_obs, DIMSON_COEF)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  const double *same_day = x + 2 * (ptrdiff_t)fit->n_obs;
  if (!aft_model_line_moments(same_day, y, fit->n_obs, &line) ||
      !aft_ols_fit(x, y, fit->n_obs, DIMSON_COEF, b, r)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  line.alpha = b[0];
  line.beta = b[1] + b[2] + b[3];
  line.sigma = sqrt(dimson_residuals(input, b, fit->residual) / fit->df);
  aft_model_line_fill(input, &line, fit);
}
