/* What the models share: empty and excluded fits, names of coefficients, and the forecast of a line in the market. */
#include "study/models.h"

#include <math.h>

#include <glib.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

void aft_model_start(aft_fit *fit) {
  fit->n_obs = fit->n_coef = fit->n_terms = 0;
  fit->first_used = 1;
  fit->last_used = 0;
  fit->df = fit->sigma = fit->r_squared = fit->loglik = (double)NAN;
  fit->note = fit->excluded = NULL;
  fit->shares_root = false;
}

void aft_model_reset(aft_fit *fit) {
  aft_model_start(fit);
  for (int i = 0; i < AFT_MODEL_MAX_COEF; i++) fit->coefficient[i] = fit->standard_error[i] = (double)NAN;
}

void aft_model_exclude(const aft_model_input *input, int n_z, const char *reason, aft_fit *fit) {
  fit->excluded = reason;
  fit->n_terms = 0;
  fit->sigma = fit->r_squared = fit->loglik = (double)NAN;
  for (int t = 0; t < input->n_est; t++) fit->residual[t] = (double)NAN;
  for (int t = 0; t < input->n_rel; t++) fit->expected[t] = (double)NAN;
  if (fit->wants_root) return;
  for (int t = 0; t < input->n_rel; t++) fit->h[t] = (double)NAN;
  for (ptrdiff_t i = 0; i < (ptrdiff_t)input->n_rel * n_z; i++) fit->z[i] = (double)NAN;
}

int aft_model_sigma_divisor(const aft_model_options *options, int n, int k) {
  const int divisor[] = {[AFT_SIGMA_N_K] = n - k, [AFT_SIGMA_N_1] = n - 1, [AFT_SIGMA_N_2] = n - 2, [AFT_SIGMA_N] = n};
  return divisor[options->sigma_dof];
}

void aft_model_term_market(int i, const char *const *regressor_names, const aft_model_options *options, char *buffer,
                           size_t size) {
  (void)regressor_names;
  g_strlcpy(buffer, i == 0 && options->alpha ? "alpha" : "market", size);
}

void aft_model_term_factors(int i, const char *const *regressor_names, const aft_model_options *options, char *buffer,
                            size_t size) {
  if (i == 0 && options->alpha)
    g_strlcpy(buffer, "alpha", size);
  else
    g_strlcpy(buffer, regressor_names[options->alpha ? i - 1 : i], size);
}

int aft_model_n_z_none(int n_x, const aft_model_options *options) {
  (void)n_x, (void)options;
  return 0;
}

int aft_model_n_z_one(int n_x, const aft_model_options *options) {
  (void)n_x, (void)options;
  return 1;
}

int aft_model_n_z_line(int n_x, const aft_model_options *options) {
  (void)n_x, (void)options;
  return 2;
}

int aft_model_n_z_ols(int n_x, const aft_model_options *options) { return n_x + (options->alpha ? 1 : 0); }

int aft_model_gather_line(const aft_model_input *input, double *x, double *y) {
  int n = 0;
  for (int t = 0; t < input->n_est; t++)
    if (!isnan(input->y_est[t]) && !isnan(input->x_est[t])) {
      x[n] = input->x_est[t];
      y[n++] = input->y_est[t];
    }
  return n;
}

bool aft_model_line_moments(const double *x, const double *y, int n, aft_model_line *line) {
  int used;
  double y_mean, y_squares;
  aft_ols_moments(x, n, &used, &line->x_mean, &line->x_squares);
  aft_ols_moments(y, n, &used, &y_mean, &y_squares);
  line->n = n;
  line->y_sd = aft_ols_is_constant(y_squares, n, y_mean) ? 0 : sqrt(y_squares / (n - 1));
  return sqrt(line->x_squares) >= AFT_OLS_COLLINEAR * sqrt(line->x_squares + n * line->x_mean * line->x_mean) &&
         line->x_squares > 0;
}

void aft_model_line_fill(const aft_model_input *input, const aft_model_line *line, aft_fit *fit) {
  double sigma = line->sigma <= 1e-14 * line->y_sd || line->y_sd == 0 ? 0 : line->sigma;
  fit->sigma = sigma;
  fit->n_terms = 2;
  fit->coefficient[0] = line->alpha;
  fit->coefficient[1] = line->beta;
  for (int t = 0; t < input->n_rel; t++) {
    double market = input->x_rel[t];
    fit->expected[t] = line->alpha + line->beta * market;
    fit->h[t] = sigma * sigma;
    double *z = fit->z + 2 * (ptrdiff_t)t;
    z[0] = sigma / sqrt((double)line->n);
    z[1] = sigma * (market - line->x_mean) / sqrt(line->x_squares);
  }
}

void aft_model_line_residuals(const aft_model_input *input, const aft_model_line *line, aft_fit *fit) {
  for (int t = 0; t < input->n_est; t++)
    fit->residual[t] = input->y_est[t] - line->alpha - line->beta * input->x_est[t];
}
