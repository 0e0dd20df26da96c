/* The table of models: one row each. A new model is a new file and a new row. */
#include <aftershock/study/model.h>

#include <math.h>
#include <string.h>

#include <glib.h>

#include "study/models.h"

#include <aftershock/base/banned.h>

static const char *const factors_capm[] = {"mkt_rf", NULL};
static const char *const factors_ff3[] = {"mkt_rf", "smb", "hml", NULL};
static const char *const factors_carhart[] = {"mkt_rf", "smb", "hml", "mom", NULL};
static const char *const factors_ff5[] = {"mkt_rf", "smb", "hml", "rmw", "cma", NULL};
static const char *const factors_ff6[] = {"mkt_rf", "smb", "hml", "rmw", "cma", "mom", NULL};

#define OLS aft_model_n_z_ols, 0, aft_model_ols_work_size, aft_model_ols_fit
#define SIMPLE(n_z, fit) n_z, 0, aft_model_simple_work_size, fit

static const aft_model models[] = {
    {"constant_mean", "Constant mean", AFT_REGRESSORS_NONE, NULL, true,
     SIMPLE(aft_model_n_z_one, aft_model_constant_mean_fit), aft_model_term_market},
    {"market_adjusted", "Market-adjusted", AFT_REGRESSORS_MARKET, NULL, false,
     SIMPLE(aft_model_n_z_none, aft_model_market_adjusted_fit), aft_model_term_market},
    {"market_model", "Market model", AFT_REGRESSORS_MARKET, NULL, true, OLS, aft_model_term_market},
    {"capm", "CAPM", AFT_REGRESSORS_FACTORS, factors_capm, true, OLS, aft_model_term_factors},
    {"ff3", "Fama-French three-factor", AFT_REGRESSORS_FACTORS, factors_ff3, true, OLS, aft_model_term_factors},
    {"carhart", "Carhart four-factor", AFT_REGRESSORS_FACTORS, factors_carhart, true, OLS, aft_model_term_factors},
    {"ff5", "Fama-French five-factor", AFT_REGRESSORS_FACTORS, factors_ff5, true, OLS, aft_model_term_factors},
    {"ff6", "Fama-French six-factor", AFT_REGRESSORS_FACTORS, factors_ff6, true, OLS, aft_model_term_factors},
    {"factors", "Factor model", AFT_REGRESSORS_FACTORS, NULL, true, OLS, aft_model_term_factors},
};

#undef OLS
#undef SIMPLE

const aft_model *aft_models(size_t *n) {
  *n = G_N_ELEMENTS(models);
  return models;
}

const aft_model *aft_model_find(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
    if (strcmp(models[i].name, name) == 0) return &models[i];
  return NULL;
}

void aft_model_reset(aft_fit *fit) {
  fit->n_obs = fit->n_coef = fit->n_terms = 0;
  fit->df = fit->sigma = fit->r_squared = fit->loglik = (double)NAN;
  for (int i = 0; i < AFT_MODEL_MAX_COEF; i++) fit->coefficient[i] = fit->standard_error[i] = (double)NAN;
  fit->note = fit->excluded = NULL;
}

void aft_model_exclude(const aft_model_input *input, int n_z, const char *reason, aft_fit *fit) {
  fit->excluded = reason;
  fit->n_terms = 0;
  fit->sigma = fit->r_squared = fit->loglik = (double)NAN;
  for (int t = 0; t < input->n_est; t++) fit->residual[t] = (double)NAN;
  for (int t = 0; t < input->n_rel; t++) fit->expected[t] = fit->h[t] = (double)NAN;
  for (ptrdiff_t i = 0; i < (ptrdiff_t)input->n_rel * n_z; i++) fit->z[i] = (double)NAN;
}

void aft_model_term_market(int i, const char *const *regressor_names, char *buffer, size_t size) {
  (void)regressor_names;
  g_strlcpy(buffer, i == 0 ? "alpha" : "market", size);
}

void aft_model_term_factors(int i, const char *const *regressor_names, char *buffer, size_t size) {
  g_strlcpy(buffer, i == 0 ? "alpha" : regressor_names[i - 1], size);
}

int aft_model_n_z_none(int n_x) {
  (void)n_x;
  return 0;
}

int aft_model_n_z_one(int n_x) {
  (void)n_x;
  return 1;
}

int aft_model_n_z_line(int n_x) {
  (void)n_x;
  return 2;
}

int aft_model_n_z_ols(int n_x) { return n_x + 1; }
