/* What the model_*.c files offer to the table in model.c, and what they share. */
#ifndef AFTERSHOCK_STUDY_MODELS_H
#define AFTERSHOCK_STUDY_MODELS_H

#include <aftershock/study/model.h>

/* Why an event cannot be fitted; the texts appear in results. */
#define AFT_EXCLUDED_TOO_FEW "too few estimation observations"
#define AFT_EXCLUDED_COLLINEAR "collinear regressors"

/* Fewer than max(min_obs, n_coef + 1) observations cannot carry a fit. */
static inline bool aft_model_too_few(const aft_model_input *input, int n_obs, int n_coef) {
  return n_obs < input->min_obs || n_obs < n_coef + 1;
}

/* Empties what a fit may leave out: statistics NaN, no terms, no texts. */
void aft_model_reset(aft_fit *fit);

/* Leaves the event out: reason set, arrays NaN. reason is static. */
void aft_model_exclude(const aft_model_input *input, int n_z, const char *reason, aft_fit *fit);

/* Names of coefficients: alpha, then `market` or the regressors' own names. */
void aft_model_term_market(int i, const char *const *regressor_names, char *buffer, size_t size);
void aft_model_term_factors(int i, const char *const *regressor_names, char *buffer, size_t size);

/* Numbers of columns of Z. */
int aft_model_n_z_none(int n_x);
int aft_model_n_z_one(int n_x);
int aft_model_n_z_line(int n_x); /* constant and market: 2 */
int aft_model_n_z_ols(int n_x);  /* n_x + 1 */

/* model_ols.c */
size_t aft_model_ols_work_size(int n_x, int n_est, int n_rel);
void aft_model_ols_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

/* model_simple.c */
size_t aft_model_simple_work_size(int n_x, int n_est, int n_rel);
void aft_model_constant_mean_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);
void aft_model_market_adjusted_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit);

#endif
