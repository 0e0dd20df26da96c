/* Linear models by least squares: market model, CAPM, Fama and French, Carhart, any factors. */
#include "study/models.h"

#include <math.h>
#include <string.h>

#include <aftershock/stats/line.h>
#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

/* y, R, then the columns of X: the constant and each regressor. */
size_t aft_model_ols_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_rel, (void)options;
  size_t k = (size_t)n_x + 1;
  return (size_t)n_est * (k + 1) + k * k;
}

/* Copies the complete observations, y to y[T], the constant if any and the regressors to columns of length T; returns T. */
static int gather(const aft_model_input *input, double *y, double *x) {
  int n = input->n_est, n_used = 0;
  for (int t = 0; t < n; t++) {
    double sum = input->y_est[t];
    for (int j = 0; j < input->n_x; j++) sum += input->x_est[(ptrdiff_t)j * n + t];
    y[t] = sum; /* NaN when anything is missing */
    if (!isnan(sum)) n_used++;
  }
  for (int i = 0; i < n_used && input->options->alpha; i++) *x++ = 1;
  for (int j = 0; j < input->n_x; j++, x += n_used) {
    const double *source = input->x_est + (ptrdiff_t)j * n;
    for (int t = 0, i = 0; t < n; t++)
      if (!isnan(y[t])) x[i++] = source[t];
  }
  for (int t = 0, i = 0; t < n; t++)
    if (!isnan(y[t])) y[i++] = input->y_est[t];
  return n_used;
}

/* residual = y - X b on the estimation window; slope: of the regressors; returns the sum of their squares. */
static double residuals(const aft_model_input *input, double alpha, const double *slope, double *residual) {
  double sum = 0;
  int n = input->n_est;
  for (int t = 0; t < n; t++) residual[t] = input->y_est[t] - alpha;
  for (int j = 0; j < input->n_x; j++) {
    const double *column = input->x_est + (ptrdiff_t)j * n;
    for (int t = 0; t < n; t++) residual[t] -= slope[j] * column[t];
  }
  for (int t = 0; t < n; t++)
    if (!isnan(residual[t])) sum += residual[t] * residual[t];
  return sum;
}

/* The same of a line without gaps, in parts that need not wait for each other. */
static double line_residuals(const aft_model_input *input, double alpha, double slope, double *residual) {
  enum { PARTS = 4 };
  double part[PARTS] = {0};
  int n = input->n_est, whole = n - n % PARTS;
  for (int i = 0; i < n; i += PARTS) {
    int parts = i < whole ? PARTS : n - whole;
    for (int p = 0; p < parts; p++) {
      double e = input->y_est[i + p] - alpha - slope * input->x_est[i + p];
      residual[i + p] = e;
      part[p] += e * e;
    }
  }
  return (part[0] + part[1]) + (part[2] + part[3]);
}

bool aft_model_is_least_squares(const aft_model *model) { return model->fit == aft_model_ols_fit; }

static void keep_root(const double *r, int k, double *root) {
  for (int i = 0; i < k; i++)
    for (int j = 0; j < k; j++) root[i * k + j] = j < i ? 0 : r[i * k + j];
}

/* Expected values on the event grid and V = s^2 (I + X* (X'X)^-1 X*'), or its root. */
static void forecast(const aft_model_input *input, double alpha, const double *slope, const double *r, aft_fit *fit) {
  int first = input->options->alpha ? 1 : 0, k = input->n_x + first, n = input->n_rel;
  double row[AFT_MODEL_MAX_COEF];
  if (fit->root != NULL) keep_root(r, k, fit->root);
  for (int t = 0; t < n; t++) {
    double expected = alpha;
    row[0] = 1;
    for (int j = 0; j < input->n_x; j++) {
      row[first + j] = input->x_rel[(ptrdiff_t)j * n + t];
      expected += slope[j] * row[first + j];
    }
    fit->expected[t] = expected;
    if (fit->root != NULL) continue;
    double *z = fit->z + (ptrdiff_t)t * k;
    aft_ols_leverage_row(r, k, row, z);
    for (int j = 0; j < k; j++) z[j] *= fit->sigma;
    fit->h[t] = fit->sigma * fit->sigma;
  }
}

/*
 * Spread of y that the fit is judged by: squares about the mean, or about zero for a fit through the origin; *perfect when y
 * is constant, or zero, so that there is nothing to explain.
 */
static double total_squares(const double *y, int n, bool alpha, bool *perfect) {
  double mean, total;
  int used;
  aft_ols_moments(y, n, &used, &mean, &total);
  if (!alpha) total += n * mean * mean;
  *perfect = alpha ? aft_ols_is_constant(total, n, mean) : total == 0;
  return total;
}

/* Whether every session has a return and a market return. */
static bool is_complete(const aft_model_input *input) {
  double part[4] = {0};
  int i = 0, n = input->n_est;
  for (; i + 4 <= n; i += 4)
    for (int p = 0; p < 4; p++) part[p] += input->x_est[i + p] + input->y_est[i + p];
  for (; i < n; i++) part[0] += input->x_est[i] + input->y_est[i];
  return !isnan((part[0] + part[1]) + (part[2] + part[3]));
}

/*
 * Least squares of one model: coefficients and R, n_obs, and the sum of squares of y that the fit is judged by. A line has moments
 * in place of a factorisation, and needs no copy of observations without gaps.
 */
static bool solve(const aft_model_input *input, double *y, double *x, double *r, double *total, bool *perfect,
                  aft_fit *fit) {
  bool alpha = input->options->alpha;
  if (!alpha || input->n_x != 1) {
    *total = total_squares(y, fit->n_obs, alpha, perfect);
    return aft_ols_fit(x, y, fit->n_obs, fit->n_coef, fit->coefficient, r);
  }
  aft_line_moments moments;
  bool whole = fit->n_obs == input->n_est;
  aft_line_moments_compute(whole ? input->x_est : x + fit->n_obs, whole ? input->y_est : y, fit->n_obs, &moments);
  *total = moments.yy;
  *perfect = aft_ols_is_constant(moments.yy, fit->n_obs, moments.y_mean);
  return aft_line_fit(&moments, fit->n_obs, fit->coefficient, r);
}

/*
 * y = X b + e with X = (1, regressors), or the regressors alone for alpha = false (Sharpe and Lintner's restriction):
 *
 *   b = (X'X)^-1 X'y,  s^2 = e'e / (T - k),  V = s^2 (I + X* (X'X)^-1 X*')
 *
 * Exact Student(T - k) for iid normal errors. sqrt(s^2) <= 1e-14 sd(y) counts as a perfect fit, sigma 0. Through the origin,
 * R^2 and the spread of y are about zero; sigma_dof changes the divisor of s^2 alone.
 * Source: MacKinlay (1997), J. Economic Literature 35(1), 13-39; Salinger (1992), JFQA 27(1), 39-53.
 */
void aft_model_ols_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  bool with_alpha = input->options->alpha, perfect;
  int k = input->n_x + (with_alpha ? 1 : 0);
  double *y = work, *r = work + input->n_est, *x = r + (ptrdiff_t)k * k;
  double unit_error[AFT_MODEL_MAX_COEF];

  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = k;
  fit->n_obs = with_alpha && input->n_x == 1 && is_complete(input) ? input->n_est : gather(input, y, x);
  fit->df = fit->n_obs - k;
  int divisor = aft_model_sigma_divisor(input->options, fit->n_obs, k);
  if (aft_model_too_few(input, fit->n_obs, k) || divisor < 1) {
    aft_model_exclude(input, k, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  double total;
  if (!solve(input, y, x, r, &total, &perfect, fit)) {
    aft_model_exclude(input, k, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  double alpha = with_alpha ? fit->coefficient[0] : 0;
  const double *slope = fit->coefficient + (with_alpha ? 1 : 0);
  bool is_whole_line = with_alpha && input->n_x == 1 && fit->n_obs == input->n_est;
  double rss = is_whole_line ? line_residuals(input, alpha, slope[0], fit->residual)
                             : residuals(input, alpha, slope, fit->residual);
  fit->sigma = sqrt(rss / divisor);
  if (!perfect) fit->r_squared = 1 - rss / total;
  if (perfect || fit->sigma <= 1e-14 * sqrt(total / (fit->n_obs - 1))) fit->sigma = 0;
  aft_ols_unit_errors(r, k, unit_error);
  for (int j = 0; j < k; j++) fit->standard_error[j] = fit->sigma * unit_error[j];
  forecast(input, alpha, slope, r, fit);
}
