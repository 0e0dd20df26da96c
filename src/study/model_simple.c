/* Models without a regression: the mean of the estimation window, and the market's own return. */
#include "study/models.h"

#include <math.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

size_t aft_model_simple_work_size(int n_x, int n_est, int n_rel) {
  (void)n_x, (void)n_est, (void)n_rel;
  return 1;
}

/* Residuals, sigma and the count from values x about their mean; returns false when there are too few. */
static bool centre(const aft_model_input *input, const double *value, double *mean, aft_fit *fit) {
  double sum_of_squares;
  aft_ols_moments(value, input->n_est, &fit->n_obs, mean, &sum_of_squares);
  fit->df = fit->n_obs - 1;
  if (fit->n_obs < input->min_obs || fit->n_obs < 2) return false;
  fit->sigma = aft_ols_is_constant(sum_of_squares, fit->n_obs, *mean) ? 0 : sqrt(sum_of_squares / fit->df);
  return true;
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
  double mean;
  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = 1;
  if (!centre(input, input->y_est, &mean, fit)) {
    aft_model_exclude(input, 1, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
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
 * Market-adjusted: the expected return is the market's; nothing is estimated, so nothing is forecast with error.
 *
 *   x = R - Rm,  s^2 = sum (x - xbar)^2 / (T - 1),  V = s^2 I
 *
 * Source: Brown and Warner (1980), J. Financial Economics 8, 205-258.
 */
void aft_model_market_adjusted_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant, (void)work;
  double mean;
  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = 0;
  for (int t = 0; t < input->n_est; t++) fit->residual[t] = input->y_est[t] - input->x_est[t];
  if (!centre(input, fit->residual, &mean, fit)) {
    aft_model_exclude(input, 0, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  for (int t = 0; t < input->n_rel; t++) {
    fit->expected[t] = input->x_rel[t];
    fit->h[t] = fit->sigma * fit->sigma;
  }
}
