/* The conventions of other programs, and which program has which. */
#include "compat_internal.h"

#include <glib.h>

#include <aftershock/base/banned.h>

static void residual_n_1(aft_compat_setting *s) {
  if (!aft_model_takes(s->spec.model, "sigma_dof")) return;
  s->spec.options.sigma_dof = AFT_SIGMA_N_1;
  s->refits = true;
}

static void market_n_1(aft_compat_setting *s) { s->market_n_1 = s->refits = true; }

static void adjusted_error(aft_compat_setting *s) {
  if (!aft_model_takes(s->spec.model, "forecast_correction")) return;
  s->spec.options.forecast_correction = s->refits = true;
}

static void missing_zero(aft_compat_setting *s) {
  s->config.missing = AFT_MISSING_ZERO;
  s->refits = true;
}

static void no_factor_error(aft_compat_setting *s) {
  if (s->spec.model->regressors != AFT_REGRESSORS_FACTORS) return;
  s->config.no_forecast_error = s->refits = true;
}

static void plain_scar(aft_compat_setting *s) { s->options.conventions.plain_scar = s->plain_car = true; }
static void plain_car(aft_compat_setting *s) { s->plain_car = true; }
static void patell_daily(aft_compat_setting *s) { s->options.conventions.patell_daily = true; }
static void running_sum(aft_compat_setting *s) { s->options.conventions.running_sum = true; }
static void patell_bmp_factor(aft_compat_setting *s) { s->options.conventions.patell_bmp_factor = true; }
static void kp_event_time(aft_compat_setting *s) { s->options.kp_align = AFT_KP_EVENT_TIME; }
static void bmp_normal(aft_compat_setting *s) { s->options.conventions.bmp = AFT_REFERENCE_NORMAL; }
static void bmp_t_k(aft_compat_setting *s) { s->options.conventions.bmp = AFT_REFERENCE_T_K; }
static void tested_ranks(aft_compat_setting *s) { s->options.conventions.tested_ranks = 1; }
static void tested_ranks_long(aft_compat_setting *s) { s->options.conventions.tested_ranks = 2; }
static void grank_short(aft_compat_setting *s) { s->options.conventions.grank = AFT_GRANK_ONE_SHORT; }
static void grank_apart(aft_compat_setting *s) { s->options.conventions.grank = AFT_GRANK_EVENT_APART; }
static void grank_mean_error(aft_compat_setting *s) { s->options.conventions.grank_mean_error = true; }
static void zero_negative(aft_compat_setting *s) { s->options.conventions.zero = AFT_ZERO_NEGATIVE; }
static void zero_positive(aft_compat_setting *s) { s->options.conventions.zero = AFT_ZERO_POSITIVE; }
static void sign_normal(aft_compat_setting *s) { s->options.conventions.sign_normal = true; }
static void pooled_share(aft_compat_setting *s) { s->options.conventions.pooled_share = true; }
static void cda_t_1(aft_compat_setting *s) { s->options.conventions.cda = AFT_REFERENCE_T_1; }
static void cda_t_k(aft_compat_setting *s) { s->options.conventions.cda = AFT_REFERENCE_T_K; }
static void j1_t_k(aft_compat_setting *s) { s->options.conventions.j1 = AFT_REFERENCE_T_K; }
static void log_mean(aft_compat_setting *s) { s->options.conventions.log_j1 = s->log_caar = true; }

static void plain_j1(aft_compat_setting *s) {
  s->options.conventions.plain_j1 = true;
  s->options.conventions.j1 = AFT_REFERENCE_T_1;
}

#define CONVENTION(id, text) static const aft_convention of_##id = {#id, text, id}
CONVENTION(residual_n_1, "residual variance over T - 1, not T - k");
CONVENTION(market_n_1, "market term of the forecast error times (T - 1)/T");
CONVENTION(adjusted_error, "market-adjusted variance times 1 + 1/T");
CONVENTION(missing_zero, "a missing abnormal return counts as 0");
CONVENTION(no_factor_error, "models of several factors: no error of the coefficients");
CONVENTION(plain_scar, "CAR t, BMP and KP without the error of the coefficients");
CONVENTION(plain_car, "CAR t without the error of the coefficients");
CONVENTION(patell_daily, "Patell over several days: sum of daily values");
CONVENTION(running_sum,
           "Patell, BMP and GRANK: running sum of daily values over sqrt(day), forecast error by its fourth root");
CONVENTION(patell_bmp_factor, "Patell adjusted by the factor of BMP");
CONVENTION(kp_event_time, "correlation over equal days before the event");
CONVENTION(bmp_normal, "BMP and KP against the normal, not t(N - 1)");
CONVENTION(bmp_t_k, "BMP and KP against t(T - k), not t(N - 1)");
CONVENTION(tested_ranks, "ranks of the estimation and the tested window alone");
CONVENTION(tested_ranks_long, "windows of several days: ranks of the estimation and the tested window alone");
CONVENTION(grank_short, "GRANK with T and the ranks' scale one short");
CONVENTION(grank_apart, "GRANK scaled by the estimation days alone");
CONVENTION(grank_mean_error, "GRANK: SCAR over the error of its mean, not its sd");
CONVENTION(zero_negative, "a CAR of zero counts as negative");
CONVENTION(zero_positive, "a CAR of zero counts as positive");
CONVENTION(sign_normal, "sign test against the normal, not the exact binomial");
CONVENTION(pooled_share, "share of positive residuals over all events and days together");
CONVENTION(cda_t_1, "time-series t against t(mean T - 1)");
CONVENTION(cda_t_k, "time-series sd and t with T - k");
CONVENTION(j1_t_k, "MacKinlay's J1 against t(T - k), not the normal");
CONVENTION(log_mean, "average per day: ln of the mean of exp(AR)");
CONVENTION(plain_j1, "MacKinlay's J1 without the error of the coefficients, against t(mean T - 1)");
#undef CONVENTION

static const aft_compat_profile profiles[] = {
    {"r-eventstudy",
     "EventStudy (R)",
     "read in its source",
     {&of_plain_scar, &of_patell_daily, &of_kp_event_time, &of_zero_negative, &of_sign_normal, &of_missing_zero,
      &of_adjusted_error, NULL},
     {"car_t", "csect_t", "patell", "bmp", "bmp_kp", "sign", "generalized_sign", NULL},
     {NULL}},
    {"estudy2",
     "estudy2 (R)",
     "read in its source",
     {&of_residual_n_1, &of_cda_t_1, &of_pooled_share, &of_tested_ranks_long, &of_plain_j1, NULL},
     {"cda_t", "corrado", NULL},
     {"csect_t", "mackinlay_j1", "patell", "bmp", "corrado_zivney", "sign_cz", "generalized_sign", NULL}},
    {"stata-estudy",
     "estudy (Stata)",
     "read in its source, version 2.1.2",
     {&of_residual_n_1, &of_market_n_1, &of_no_factor_error, &of_bmp_normal, &of_kp_event_time, &of_grank_short,
      &of_log_mean, &of_j1_t_k, NULL},
     {"car_t", "caar", "mackinlay_j1", "patell", "patell_kp", "bmp", "bmp_kp", "grank_t", NULL},
     {NULL}},
    {"stata-eventstudy2",
     "eventstudy2 (Stata)",
     "read in the source of version 3.0; later versions are known from descriptions alone",
     {&of_running_sum, &of_bmp_t_k, &of_patell_bmp_factor, &of_kp_event_time, &of_grank_apart, &of_grank_mean_error,
      &of_tested_ranks, &of_cda_t_k, &of_pooled_share, &of_zero_positive, NULL},
     {"cda_t", "patell", "patell_kp", "bmp", "bmp_kp", "corrado", "generalized_sign", "grank_t", NULL},
     {NULL}},
    {"eventstudytools",
     "EventStudyTools",
     "described on its pages; its source is not published, and no other convention is known",
     {&of_plain_car, NULL},
     {"car_t", NULL},
     {NULL}},
};

const aft_compat_profile *aft_compat_profiles(size_t *n) {
  *n = G_N_ELEMENTS(profiles);
  return profiles;
}
