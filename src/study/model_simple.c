/* Models without a regression: the mean of the estimation window, and the market's own return. */
#include "study/models.h"

#include <math.h>

#include <glib.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

size_t aft_model_simple_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_est, (void)n_rel, (void)options;
  return 1;
}

/* Count, mean and squares about it of n values; false when there are too few. */
static bool measure(const aft_model_input *input, const double *value, int n, double *mean, double *squares,
                    aft_fit *fit) {
  aft_ols_moments(value, n, &fit->n_obs, mean, squares);
  fit->df = fit->n_obs - 1;
  return fit->n_obs >= input->min_obs && fit->n_obs >= 2;
}

/* The mean of n values as the expected return of every day. */
static void fit_mean(const aft_model_input *input, const double *value, int n, aft_fit *fit) {
  double mean, squares;
  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = 1;
  bool enough = measure(input, value, n, &mean, &squares, fit);
  int divisor = aft_model_sigma_divisor(input->options, fit->n_obs, 1);
  if (!enough || divisor < 1) {
    aft_model_exclude(input, 1, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  fit->sigma = aft_ols_is_constant(squares, fit->n_obs, mean) ? 0 : sqrt(squares / divisor);
  fit->coefficient[0] = mean;
  fit->standard_error[0] = fit->sigma / sqrt((double)fit->n_obs);
  if (fit->sigma > 0) fit->r_squared = 0;
  for (int t = 0; t < input->n_est; t++) fit->residual[t] = input->y_est[t] - mean;
  for (int t = 0; t < input->n_rel; t++) {
    fit->expected[t] = mean;
    fit->h[t] = fit->sigma * fit->sigma;
    fit->z[t] = fit->standard_error[0];
  }
}

/*
 * Constant mean: the expected return is the mean of the estimation window.
 *
 *   AR = R - Rbar,  s^2 = sum (R - Rbar)^2 / (T - 1),  V = s^2 (I + 11'/T)
 *
 * R^2 is 0, or undefined for a constant series. Source: Brown and Warner (1980), J. Financial Economics 8, 205-258.
 */
void aft_model_constant_mean_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant, (void)work;
  fit_mean(input, input->y_est, input->n_est, fit);
}

/*
 * Comparison-period mean: the same with Rbar, s^2 and T from another window, which may lie after the event. Sessions of it outside the
 * data are not there. Residuals are those of the estimation window, R - Rbar.
 * Source: Masulis (1980), J. Financial Economics 8, 139-178.
 */
void aft_model_comparison_mean_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant, (void)work;
  long first = MAX(0, input->event_column + input->options->window[0]);
  long last = MIN(input->n_sessions - 1, input->event_column + input->options->window[1]);
  while (first <= last && isnan(input->own[first])) first++;
  while (first <= last && isnan(input->own[last])) last--;
  fit_mean(input, input->own + MIN(first, input->n_sessions), (int)MAX(0, last - first + 1), fit);
  fit->first_used = (int)(first - input->event_column);
  fit->last_used = (int)(last - input->event_column);
}

/*
 * Market-adjusted: the expected return is the market's, or that of the security's benchmark; nothing is estimated, so nothing is
 * forecast with error.
 *
 *   x = R - Rm,  s^2 = sum (x - xbar)^2 / (T - 1),  V = s^2 I
 *   centre = false: s^2 = sum x^2 / T, d = T;  forecast_correction: V = s^2 (1 + 1/T) I
 *
 * Source: Brown and Warner (1980), J. Financial Economics 8, 205-258.
 */
void aft_model_market_adjusted_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant, (void)work;
  const aft_model_options *options = input->options;
  double mean, squares;
  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = 0;
  for (int t = 0; t < input->n_est; t++) fit->residual[t] = input->y_est[t] - input->x_est[t];
  if (!measure(input, fit->residual, input->n_est, &mean, &squares, fit)) {
    aft_model_exclude(input, 0, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  double n = fit->n_obs;
  if (options->centre) {
    fit->sigma = aft_ols_is_constant(squares, fit->n_obs, mean) ? 0 : sqrt(squares / fit->df);
  } else {
    fit->df = n;
    fit->sigma = sqrt((squares + n * mean * mean) / n);
  }
  double variance = fit->sigma * fit->sigma * (options->forecast_correction ? 1 + 1 / n : 1);
  for (int t = 0; t < input->n_rel; t++) {
    fit->expected[t] = input->x_rel[t];
    fit->h[t] = variance;
  }
}
