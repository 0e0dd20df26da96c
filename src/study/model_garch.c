/* Market models whose residual variance moves: GARCH, GJR, EGARCH. */
#include "study/models.h"

#include <math.h>

#include <glib.h>

#include <aftershock/stats/garch.h>

#include <aftershock/base/banned.h>

/* x, y, and the optimiser's */
size_t aft_model_garch_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_rel, (void)options;
  return 2 * (size_t)n_est + aft_garch_work_size(n_est);
}

int aft_model_n_z_garch(int n_x, const aft_model_options *options) {
  (void)n_x;
  return options->param_error ? 2 : 0;
}

void aft_model_garch_term(int i, const char *const *regressor_names, const aft_model_options *options, char *buffer,
                          size_t size) {
  static const char *const names[] = {"alpha", "market", "omega", "arch", "garch"};
  (void)regressor_names, (void)options;
  g_strlcpy(buffer, names[i], size);
}

void aft_model_garch_asymmetric_term(int i, const char *const *regressor_names, const aft_model_options *options,
                                     char *buffer, size_t size) {
  static const char *const names[] = {"alpha", "market", "omega", "arch", "asymmetry", "garch"};
  (void)regressor_names, (void)options;
  g_strlcpy(buffer, names[i], size);
}

/* Least squares line of a market that is not constant; returns the standard deviation of its residuals. */
static double plain_line(const double *x, const double *y, aft_model_line *line) {
  double cross = 0, y_mean = 0, rss = 0;
  for (int i = 0; i < line->n; i++) y_mean += y[i] / line->n;
  for (int i = 0; i < line->n; i++) cross += (x[i] - line->x_mean) * (y[i] - y_mean);
  line->beta = cross / line->x_squares;
  line->alpha = y_mean - line->beta * line->x_mean;
  for (int i = 0; i < line->n; i++) {
    double e = y[i] - line->alpha - line->beta * x[i];
    rss += e * e;
  }
  return sqrt(rss / (line->n - 2));
}

/*
 * Z = X* L with C = L L': the error of alpha and beta in the forecast. c: var alpha, covariance, var beta. NaN where C could not be
 * had, as at the boundary: then V is not known either.
 */
static void fill_parameter_error(const aft_model_input *input, const double c[3], aft_fit *fit) {
  double l00 = sqrt(c[0]), l10 = c[1] / l00, l11 = sqrt(fmax(0, c[2] - l10 * l10));
  bool known = c[0] > 0 && c[2] > 0;
  for (int t = 0; t < input->n_rel; t++) {
    double market = input->x_rel[t];
    double *z = fit->z + 2 * (ptrdiff_t)t;
    z[0] = known ? l00 + market * l10 : (double)NAN;
    z[1] = known ? market * l11 : (double)NAN;
  }
  if (!known) fit->note = "no covariance of alpha and beta: their error in the forecast is not known";
}

/* Coefficients, residuals, expected returns; the variance of each day of the grid by its distance from the window. */
static void fill(const aft_model_input *input, const aft_garch_result *result, aft_fit *fit) {
  const aft_garch *model = &result->model;
  aft_model_line line = {.alpha = model->alpha, .beta = model->beta};
  double coefficient[] = {model->alpha, model->beta, model->w, model->a, model->g, model->c};
  for (int i = 0, from = 0; i < fit->n_terms; i++, from++) {
    if (from == 4 && model->kind == AFT_GARCH_PLAIN) from++; /* no asymmetry */
    fit->coefficient[i] = coefficient[from];
    fit->standard_error[i] = result->standard_error[i];
  }
  fit->sigma = result->sigma;
  fit->loglik = result->loglik;
  if (result->at_boundary) fit->note = "variance parameters on the boundary";
  if (!result->converged) fit->note = "the likelihood search did not converge";
  aft_model_line_residuals(input, &line, fit);
  long last = input->est_column + input->n_est - 1;
  for (int t = 0; t < input->n_rel; t++) {
    fit->expected[t] = model->alpha + model->beta * input->x_rel[t];
    fit->h[t] = aft_garch_forecast(model, result->next, (int)(input->rel_column + t - last));
  }
  if (input->options->param_error) fill_parameter_error(input, result->line_covariance, fit);
}

/* A perfect fit has no variance to model: the line is kept, with sigma 0. */
static void fill_perfect(const aft_model_input *input, const aft_model_line *line, aft_fit *fit) {
  fit->sigma = 0;
  fit->n_terms = 2;
  fit->coefficient[0] = line->alpha;
  fit->coefficient[1] = line->beta;
  fit->note = "no residual variance";
  aft_model_line_residuals(input, line, fit);
  for (int t = 0; t < input->n_rel; t++) {
    fit->expected[t] = line->alpha + line->beta * input->x_rel[t];
    fit->h[t] = 0;
  }
  for (int i = 0; i < input->n_rel * aft_model_n_z_garch(1, input->options); i++) fit->z[i] = 0;
}

/*
 * Market model with GARCH errors by Gaussian maximum likelihood; variant an enum aft_garch_kind.
 *
 *   R = alpha + beta Rm + e,  V = diag(h),  h forecast from the end of the estimation window, never updated inside the
 *   event window, which would let the event inflate its own yardstick;  d = T - number of all parameters
 *
 * param_error: V + X* C X*', C the covariance of alpha and beta (sandwich). Sessions without data are skipped, the recursion runs over the others. Source: see aft_garch.
 */
void aft_model_garch_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  enum aft_garch_kind kind = (enum aft_garch_kind)variant;
  double *x = work, *y = x + input->n_est, *search = y + input->n_est;
  int n_z = aft_model_n_z_garch(1, input->options);
  aft_model_line line;
  aft_garch_result result;

  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = aft_garch_n_parameters(kind, true);
  fit->n_obs = aft_model_gather_line(input, x, y);
  fit->df = fit->n_obs - fit->n_coef;
  if (aft_model_too_few(input, fit->n_obs, fit->n_coef) || fit->n_obs < AFT_GARCH_MIN_OBS) {
    aft_model_exclude(input, n_z, AFT_EXCLUDED_TOO_FEW, fit);
  } else if (input->rel_column < input->est_column + input->n_est) {
    aft_model_exclude(input, n_z, "the event window does not follow the estimation window", fit);
  } else if (!aft_model_line_moments(x, y, fit->n_obs, &line)) {
    aft_model_exclude(input, n_z, AFT_EXCLUDED_COLLINEAR, fit);
  } else if (plain_line(x, y, &line) <= 1e-14 * line.y_sd || line.y_sd == 0) {
    fill_perfect(input, &line, fit);
  } else if (!aft_garch_fit(kind, x, y, fit->n_obs, search, &result)) {
    aft_model_exclude(input, n_z, "the likelihood has no maximum", fit);
  } else {
    fill(input, &result, fit);
  }
}
