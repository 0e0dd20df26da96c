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

static const char *const takes_least_squares[] = {"alpha", "sigma_dof", NULL};
static const char *const takes_mean[] = {"sigma_dof", NULL};
static const char *const takes_comparison[] = {"window", "sigma_dof", NULL};
static const char *const takes_benchmark[] = {"symbols", "file", "centre", "forecast_correction", NULL};
static const char *const takes_adjusted[] = {"centre", "forecast_correction", NULL};
static const char *const takes_scholes_williams[] = {"iv", NULL};
static const char *const takes_dimson[] = {"leads", "lags", "full", NULL};
static const char *const takes_theil_sen[] = {"intercept", NULL};
static const char *const takes_garch[] = {"param_error", NULL};
static const char *const takes_synthetic[] = {"symbols", "demean", "pre_rmspe_limit", NULL};

#define OLS aft_model_n_z_ols, 0, aft_model_ols_work_size, aft_model_ols_fit
#define SIMPLE(n_z, fit) n_z, 0, aft_model_simple_work_size, fit
#define LINE(variant, work_size, fit) aft_model_n_z_line, variant, work_size, fit, aft_model_term_market
#define GARCH(kind) aft_model_n_z_garch, kind, aft_model_garch_work_size, aft_model_garch_fit

static const aft_model models[] = {
    {"constant_mean", "Constant mean", AFT_REGRESSORS_NONE, NULL, true,
     SIMPLE(aft_model_n_z_one, aft_model_constant_mean_fit), aft_model_term_market, takes_mean, false},
    {"comparison_mean", "Comparison-period mean", AFT_REGRESSORS_NONE, NULL, true,
     SIMPLE(aft_model_n_z_one, aft_model_comparison_mean_fit), aft_model_term_market, takes_comparison, false},
    {"market_adjusted", "Market-adjusted", AFT_REGRESSORS_MARKET, NULL, false,
     SIMPLE(aft_model_n_z_none, aft_model_market_adjusted_fit), aft_model_term_market, takes_adjusted, false},
    {"benchmark", "Benchmark-adjusted", AFT_REGRESSORS_BENCHMARK, NULL, false,
     SIMPLE(aft_model_n_z_none, aft_model_market_adjusted_fit), aft_model_term_market, takes_benchmark, false},
    {"market_model", "Market model", AFT_REGRESSORS_MARKET, NULL, true, OLS, aft_model_term_market, takes_least_squares,
     false},
    {"capm", "CAPM", AFT_REGRESSORS_FACTORS, factors_capm, true, OLS, aft_model_term_factors, takes_least_squares,
     false},
    {"ff3", "Fama-French three-factor", AFT_REGRESSORS_FACTORS, factors_ff3, true, OLS, aft_model_term_factors,
     takes_least_squares, false},
    {"carhart", "Carhart four-factor", AFT_REGRESSORS_FACTORS, factors_carhart, true, OLS, aft_model_term_factors,
     takes_least_squares, false},
    {"ff5", "Fama-French five-factor", AFT_REGRESSORS_FACTORS, factors_ff5, true, OLS, aft_model_term_factors,
     takes_least_squares, false},
    {"ff6", "Fama-French six-factor", AFT_REGRESSORS_FACTORS, factors_ff6, true, OLS, aft_model_term_factors,
     takes_least_squares, false},
    {"factors", "Factor model", AFT_REGRESSORS_FACTORS, NULL, true, OLS, aft_model_term_factors, takes_least_squares,
     false},
    {"scholes_williams", "Scholes-Williams", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(0, aft_model_scholes_williams_work_size, aft_model_scholes_williams_fit), takes_scholes_williams, false},
    {"dimson", "Dimson", AFT_REGRESSORS_MARKET, NULL, true, aft_model_n_z_dimson, 0, aft_model_dimson_work_size,
     aft_model_dimson_fit, aft_model_dimson_term, takes_dimson, false},
    {"trade_to_trade", "Trade-to-trade market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(0, aft_model_trade_work_size, aft_model_trade_fit), NULL, true},
    {"theil_sen", "Theil-Sen market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(0, aft_model_theil_sen_work_size, aft_model_theil_sen_fit), takes_theil_sen, false},
    {"huber", "Huber market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(AFT_ROBUST_HUBER, aft_model_robust_work_size, aft_model_robust_fit), NULL, false},
    {"bisquare", "Bisquare market model", AFT_REGRESSORS_MARKET, NULL, true,
     LINE(AFT_ROBUST_BISQUARE, aft_model_robust_work_size, aft_model_robust_fit), NULL, false},
    {"garch", "GARCH(1,1) market model", AFT_REGRESSORS_MARKET, NULL, true, GARCH(AFT_GARCH_PLAIN),
     aft_model_garch_term, takes_garch, false},
    {"gjr", "GJR-GARCH market model", AFT_REGRESSORS_MARKET, NULL, true, GARCH(AFT_GARCH_GJR),
     aft_model_garch_asymmetric_term, takes_garch, false},
    {"egarch", "EGARCH market model", AFT_REGRESSORS_MARKET, NULL, true, GARCH(AFT_GARCH_EGARCH),
     aft_model_garch_asymmetric_term, takes_garch, false},
    {"synthetic_control", "Synthetic control", AFT_REGRESSORS_DONORS, NULL, false, aft_model_n_z_none, 0,
     aft_model_synthetic_work_size, aft_model_synthetic_fit, aft_model_term_market, takes_synthetic, false},
};

#undef OLS
#undef SIMPLE
#undef LINE
#undef GARCH

static const char *const sigma_dof_names[] = {"n-k", "n-1", "n-2", "n", NULL}; /* enum aft_sigma_dof */
static const char *const intercept_names[] = {"joint", "separate", NULL};

#define OPTION(name, kind, ...) \
  { #name, kind, offsetof(aft_model_options, name), __VA_ARGS__ }

static const aft_model_option options[] = {
    OPTION(window, AFT_OPTION_WINDOW, 0, 0, NULL),
    OPTION(symbols, AFT_OPTION_SYMBOLS, 0, 0, NULL),
    OPTION(file, AFT_OPTION_PATH, 0, 0, NULL),
    OPTION(alpha, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(sigma_dof, AFT_OPTION_CHOICE, 0, 0, sigma_dof_names),
    OPTION(centre, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(forecast_correction, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(iv, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(leads, AFT_OPTION_INTEGER, 0, AFT_MODEL_MAX_LAGS, NULL),
    OPTION(lags, AFT_OPTION_INTEGER, 0, AFT_MODEL_MAX_LAGS, NULL),
    OPTION(full, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(intercept, AFT_OPTION_CHOICE, 0, 0, intercept_names),
    OPTION(param_error, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(demean, AFT_OPTION_BOOL, 0, 0, NULL),
    OPTION(pre_rmspe_limit, AFT_OPTION_NUMBER, 0, 1000000, NULL),
};

#undef OPTION

const aft_model *aft_models(size_t *n) {
  *n = G_N_ELEMENTS(models);
  return models;
}

const aft_model *aft_model_find(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(models); i++)
    if (strcmp(models[i].name, name) == 0) return &models[i];
  return NULL;
}

const aft_model_option *aft_model_option_table(size_t *n) {
  *n = G_N_ELEMENTS(options);
  return options;
}

bool aft_model_takes(const aft_model *model, const char *option) {
  return model->options != NULL && g_strv_contains(model->options, option);
}
