/* Market models that outliers do not move: Theil-Sen, Huber, bisquare. */
#include "study/models.h"

#include <math.h>

#include <aftershock/stats/robust.h>
#include <aftershock/stats/theil_sen.h>

#include <aftershock/base/banned.h>

size_t aft_model_theil_sen_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_rel, (void)options;
  return 2 * (size_t)n_est + aft_theil_sen_work_size(n_est);
}

/* the constant, the market, y */
size_t aft_model_robust_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_rel, (void)options;
  return 3 * (size_t)n_est;
}

/* Observations and their moments; false when the event is excluded. */
static bool prepare(const aft_model_input *input, double *x, double *y, aft_model_line *line, aft_fit *fit) {
  aft_model_reset(fit);
  fit->n_coef = 2;
  fit->n_obs = aft_model_gather_line(input, x, y);
  fit->df = fit->n_obs - 2;
  if (aft_model_too_few(input, fit->n_obs, 2)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_TOO_FEW, fit);
    return false;
  }
  if (!aft_model_line_moments(x, y, fit->n_obs, line)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_COLLINEAR, fit);
    return false;
  }
  return true;
}

/*
 * Market model by Theil-Sen, its intercept joint or separate; d = T - 2, V in the market model's form (approximation).
 * Source: Sen (1968), J. American Statistical Association 63, 1379-1389.
 */
void aft_model_theil_sen_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  double *x = work, *y = x + input->n_est, *slopes = y + input->n_est;
  aft_model_line line;
  if (!prepare(input, x, y, &line, fit)) return;
  bool separate = input->options->intercept == 1;
  if (!aft_theil_sen_fit(x, y, fit->n_obs, separate, slopes, &line.alpha, &line.beta, &line.sigma)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  aft_model_line_residuals(input, &line, fit);
  aft_model_line_fill(input, &line, fit);
}

/*
 * Market model by M-estimation, variant an enum aft_robust_kind; d = T - 2, V in the market model's form with the robust
 * scale (approximation). Source: see aft_robust_fit_columns.
 */
void aft_model_robust_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  double *constant = work, *x = constant + input->n_est, *y = x + input->n_est, b[2];
  aft_model_line line;
  aft_robust_fit robust;
  if (!prepare(input, x, y, &line, fit)) return;
  double *columns = x - fit->n_obs; /* the constant must end where the market begins */
  for (int i = 0; i < fit->n_obs; i++) columns[i] = 1;
  if (!aft_robust_fit_columns((enum aft_robust_kind)variant, columns, y, fit->n_obs, 2, b, &robust)) {
    aft_model_exclude(input, 2, "the robust regression failed", fit);
    return;
  }
  if (!robust.converged) fit->note = "not converged in 100 iterations";
  line.alpha = b[0];
  line.beta = b[1];
  line.sigma = robust.sigma;
  aft_model_line_residuals(input, &line, fit);
  aft_model_line_fill(input, &line, fit);
}
