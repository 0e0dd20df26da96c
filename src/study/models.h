/* What the model_*.c files offer to the table in model.c, and what they share. */
#ifndef AFTERSHOCK_STUDY_MODELS_H
#define AFTERSHOCK_STUDY_MODELS_H

#include <aftershock/study/model.h>

/* Why an event cannot be fitted; the texts appear in results. */
#define AFT_EXCLUDED_TOO_FEW "too few estimation observations"
#define AFT_EXCLUDED_COLLINEAR "collinear regressors"
#define AFT_EXCLUDED_NO_DONORS "no donor with a return on every session"

/* Fewer than max(min_obs, n_coef + 1) observations cannot carry a fit. */
static inline bool aft_model_too_few(const aft_model_input *input, int n_obs, int n_coef) {
  return n_obs < input->min_obs || n_obs < n_coef + 1;
}

/* Empties what a fit may leave out: statistics NaN, no terms, no texts. */
void aft_model_reset(aft_fit *fit);
/* The same but for the coefficients, which the fit will fill. */
void aft_model_start(aft_fit *fit);

/* Leaves the event out: reason set, arrays NaN. reason is static. */
void aft_model_exclude(const aft_model_input *input, int n_z, const char *reason, aft_fit *fit);

/* Divisor of e'e for n observations and k coefficients, as sigma_dof says; not positive: no variance can be had. */
int aft_model_sigma_divisor(const aft_model_options *options, int n, int k);

/* Shapes of a model's workspace and names of its coefficients, as aft_model has them. */
typedef size_t aft_model_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options);
typedef int aft_model_n_z(int n_x, const aft_model_options *options);
typedef void aft_model_term(int i, const char *const *regressor_names, const aft_model_options *options, char *buffer,
                            size_t size);

/* alpha, unless the model goes through the origin, then `market` or the regressors' own names. */
aft_model_term aft_model_term_market, aft_model_term_factors;

aft_model_n_z aft_model_n_z_none, aft_model_n_z_one;
aft_model_n_z aft_model_n_z_line; /* constant and market: 2 */
aft_model_n_z aft_model_n_z_ols;  /* one for each coefficient */

/*
 * A line in the market, however its coefficients were found, with the forecast covariance of the market model:
 *
 *   E[R] = alpha + beta Rm,  V_tu = s^2 (1[t = u] + 1/n + (Rm_t - mean) (Rm_u - mean) / Sxx)
 *
 * Exact for least squares; the usual approximation for other estimators.
 */
typedef struct aft_model_line {
  double alpha, beta, sigma;
  int n;                    /* observations behind mean and Sxx */
  double x_mean, x_squares; /* of the market over them; squares about the mean */
  double y_sd;              /* of the returns over them; 0 when they are constant */
} aft_model_line;

/* Copies the observations with return and market; x, y [n_est]; returns their number. */
int aft_model_gather_line(const aft_model_input *input, double *x, double *y);

/* Fills n, x_mean, x_squares, y_sd; false when the market is constant: collinear. */
bool aft_model_line_moments(const double *x, const double *y, int n, aft_model_line *line);

/* Coefficients without standard errors, expected values, h and Z (2 columns); sigma 0 for a perfect fit. */
void aft_model_line_fill(const aft_model_input *input, const aft_model_line *line, aft_fit *fit);

/* residual = R - alpha - beta Rm wherever both are known. */
void aft_model_line_residuals(const aft_model_input *input, const aft_model_line *line, aft_fit *fit);

/* model_ols.c; whether the model is such a fit on the study's own regressors, which takes root in place of h and z */
bool aft_model_is_least_squares(const aft_model *model);
aft_model_work_size aft_model_ols_work_size;
void aft_model_ols_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

/* model_simple.c */
aft_model_work_size aft_model_simple_work_size;
void aft_model_constant_mean_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
void aft_model_comparison_mean_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
void aft_model_market_adjusted_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

/* model_lead_lag.c */
aft_model_work_size aft_model_scholes_williams_work_size;
void aft_model_scholes_williams_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
void aft_model_dimson_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
aft_model_work_size aft_model_dimson_work_size;
aft_model_n_z aft_model_n_z_dimson;
aft_model_term aft_model_dimson_term;

/* model_trade.c */
aft_model_work_size aft_model_trade_work_size;
void aft_model_trade_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

/* model_robust.c; the variant of the M-estimates is an enum aft_robust_kind */
aft_model_work_size aft_model_theil_sen_work_size;
void aft_model_theil_sen_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
aft_model_work_size aft_model_robust_work_size;
void aft_model_robust_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

/* model_garch.c; the variant is an enum aft_garch_kind */
aft_model_work_size aft_model_garch_work_size;
void aft_model_garch_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
aft_model_n_z aft_model_n_z_garch;
aft_model_term aft_model_garch_term, aft_model_garch_asymmetric_term;

/* model_synthetic.c */
aft_model_work_size aft_model_synthetic_work_size;
void aft_model_synthetic_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

#endif
