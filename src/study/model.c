/* The table of models: one row each. A new model is a new file and a new row. */
#include <aftershock/study/model.h>

#include <string.h>

#include <glib.h>

#include <aftershock/stats/garch.h>
#include <aftershock/stats/robust.h>

#include "study/models.h"

#include <aftershock/base/banned.h>

static const char *const factors_capm[] = {"mkt_rf", NULL};
static const char *const factors_ff3[] = {"mkt_rf", "smb", "hml", NULL};
static const char *const factors_carhart[] = {"mkt_rf", "smb", "hml", "mom", NULL};
static const char *const factors_ff5[] = {"mkt_rf", "smb", "hml", "rmw", "cma", NULL};
static const char *const factors_ff6[] = {"mkt_rf", "smb", "hml", "rmw", "cma", "mom", NULL};

#define OLS aft_model_n_z_ols, 0, aft_model_ols_work_size, aft_model_ols_fit
#define SIMPLE(n_z, fit) n_z, 0, aft_model_simple_work_size, fit
#define LINE(variant, work_size, fit) aft_model_n_z_line, variant, work_size, fit, aft_model_term_market
#define GARCH(kind) aft_model_n_z_none, kind, aft_model_garch_work_size, aft_model_garch_fit

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
    {"scholes_williams", "Scholes-Williams", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(0, aft_model_lead_lag_work_size, aft_model_scholes_williams_fit)},
    {"dimson", "Dimson", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(0, aft_model_lead_lag_work_size, aft_model_dimson_fit)},
    {"theil_sen", "Theil-Sen market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(0, aft_model_theil_sen_work_size, aft_model_theil_sen_fit)},
    {"huber", "Huber market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(AFT_ROBUST_HUBER, aft_model_robust_work_size, aft_model_robust_fit)},
    {"bisquare", "Bisquare market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(AFT_ROBUST_BISQUARE, aft_model_robust_work_size, aft_model_robust_fit)},
    {"garch", "GARCH(1,1) market model", AFT_REGRESSORS_MARKET, NULL, true,
     GARCH(AFT_GARCH_PLAIN), aft_model_garch_term},
    {"gjr", "GJR-GARCH market model", AFT_REGRESSORS_MARKET, NULL, true,
     GARCH(AFT_GARCH_GJR), aft_model_garch_asymmetric_term},
    {"egarch", "EGARCH market model", AFT_REGRESSORS_MARKET, NULL, true,
     GARCH(AFT_GARCH_EGARCH), aft_model_garch_asymmetric_term},
};

#undef OLS
#undef SIMPLE
#undef LINE
#undef GARCH

const aft_model *aft_models(size_t *n) {
  *n = G_N_ELEMENTS(models);
  return models;
}

const aft_model *aft_model_find(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
    if (strcmp(models[i].name, name) == 0) return &models[i];
  return NULL;
}
