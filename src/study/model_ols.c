/* Linear models by least squares: market model, CAPM, Fama and French, Carhart, any factors. */
#include "study/models.h"

#include <math.h>
#include <string.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

/* y, then the columns of X: the constant and each regressor. */
size_t aft_model_ols_work_size(int n_x, int n_est, int n_rel) {
  (void)n_rel;
  size_t k = (size_t)n_x + 1;
  return (size_t)n_est * (k + 1) + k * k;
}

/* Copies the complete observations, y to y[T] and the regressors to columns of length T; returns T. */
static int gather(const aft_model_input *input, double *y, double *x) {
  int n = input->n_est, n_used = 0;
  for (int t = 0; t < n; t++) {
    double sum = input->y_est[t];
    for (int j = 0; j < input->n_x; j++) sum += input->x_est[(ptrdiff_t)j * n + t];
    y[t] = sum; /* NaN when anything is missing */
    if (!isnan(sum)) n_used++;
  }
  for (int j = 0; j < input->n_x; j++) {
    const double *source = input->x_est + (ptrdiff_t)j * n;
    double *column = x + (ptrdiff_t)(j + 1) * n_used;
    for (int t = 0, i = 0; t < n; t++)
      if (!isnan(y[t])) column[i++] = source[t];
  }
  for (int t = 0, i = 0; t < n; t++)
    if (!isnan(y[t])) y[i++] = input->y_est[t];
  for (int i = 0; i < n_used; i++) x[i] = 1;
  return n_used;
}

/* residual = y - X b on the estimation window; returns the sum of their squares. */
static double residuals(const aft_model_input *input, const double *b, double *residual) {
  double sum = 0;
  int n = input->n_est;
  for (int t = 0; t < n; t++) residual[t] = input->y_est[t] - b[0];
  for (int j = 0; j < input->n_x; j++) {
    const double *column = input->x_est + (ptrdiff_t)j * n;
    for (int t = 0; t < n; t++) residual[t] -= b[j + 1] * column[t];
  }
  for (int t = 0; t < n; t++)
    if (!isnan(residual[t])) sum += residual[t] * residual[t];
  return sum;
}

/* Expected values on the event grid and V = s^2 (I + X* (X'X)^-1 X*'). */
static void forecast(const aft_model_input *input, const double *b, const double *r, aft_fit *fit) {
  int k = input->n_x + 1, n = input->n_rel;
  double row[AFT_MODEL_MAX_COEF];
  for (int t = 0; t < n; t++) {
    double *z = fit->z + (ptrdiff_t)t * k;
    double expected = b[0];
    row[0] = 1;
    for (int j = 1; j < k; j++) {
      row[j] = input->x_rel[(ptrdiff_t)(j - 1) * n + t];
      expected += b[j] * row[j];
    }
    aft_ols_leverage_row(r, k, row, z);
    for (int j = 0; j < k; j++) z[j] *= fit->sigma;
    fit->h[t] = fit->sigma * fit->sigma;
    fit->expected[t] = expected;
  }
}

/*
 * y = X b + e with X = (1, regressors):
 *
 *   b = (X'X)^-1 X'y,  s^2 = e'e / (T - k),  V = s^2 (I + X* (X'X)^-1 X*')
 *
 * Exact Student(T - k) for iid normal errors. sqrt(s^2) <= 1e-14 sd(y) counts as a perfect fit, sigma 0.
 * Source: MacKinlay (1997), J. Economic Literature 35(1), 13-39; Salinger (1992), JFQA 27(1), 39-53.
 */
void aft_model_ols_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  int k = input->n_x + 1;
  double *y = work, *r = work + input->n_est, *x = r + (ptrdiff_t)k * k;
  double mean, total, unit_error[AFT_MODEL_MAX_COEF];

  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = k;
  fit->n_obs = gather(input, y, x);
  fit->df = fit->n_obs - k;
  if (aft_model_too_few(input, fit->n_obs, k)) {
    aft_model_exclude(input, k, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  aft_ols_moments(y, fit->n_obs, &fit->n_obs, &mean, &total);
  bool constant = aft_ols_is_constant(total, fit->n_obs, mean);
  if (!aft_ols_fit(x, y, fit->n_obs, k, fit->coefficient, r)) {
    aft_model_exclude(input, k, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  double rss = residuals(input, fit->coefficient, fit->residual);
  fit->sigma = sqrt(rss / fit->df);
  if (constant || fit->sigma <= 1e-14 * sqrt(total / (fit->n_obs - 1))) fit->sigma = 0;
  if (!constant) fit->r_squared = 1 - rss / total;
  aft_ols_unit_errors(r, k, unit_error);
  for (int j = 0; j < k; j++) fit->standard_error[j] = fit->sigma * unit_error[j];
  forecast(input, fit->coefficient, r, fit);
}
