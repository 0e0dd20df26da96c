/* The table of the tests. */
#include <aftershock/study/test.h>

#include "study/test_internal.h"

#include <glib.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char H_MEAN[] = "the mean CAR is zero";
static const char H_INDEPENDENT[] = "the mean CAR is zero; events are independent, their variance as before the event";
static const char H_SERIES[] = "the mean CAR is zero; the average's variance is as before the event";
static const char H_STANDARDISED[] = "the mean standardised CAR is zero; events are independent";
static const char H_PATELL[] = "the mean standardised CAR is zero; independence, variance as before the event";
static const char H_CORRELATED[] = "the mean standardised CAR is zero; events may be correlated";
static const char H_RANK[] = "abnormal returns of the window rank like those before it";
static const char H_SIGN[] = "a CAR is as likely positive as negative";
static const char H_CLUSTER[] = "the mean CAR is zero; events of one cluster may be dependent";
static const char H_VARIANCE[] = "the variance in the window is as before the event";
static const char H_JOINT[] =
    "every abnormal return of the window is zero; normal errors, variance as before the event";
static const char H_PLACEBO[] = "the window is like any other run of days before the event";

/* The order is that of the tables: the one-firm tests, then the families of the average effect. */
static const aft_test table[] = {
    {"sq", "Sample quantile", H_PLACEBO, true, NULL, 0, aft_test_sample_quantile, true, true},
    {"chow", "Chow, joint F of the days", H_JOINT, true, NULL, 0, aft_test_chow, true, false},
    {"csect_t", "Cross-sectional t", H_MEAN, false, NULL, AFT_CSECT, aft_test_parametric, false, false},
    {"cda_t", "Time-series t (Brown and Warner)", H_SERIES, false, NULL, AFT_CDA, aft_test_parametric, true, true},
    {"cda_forecast", "Time-series t with forecast error", H_SERIES, false, NULL, AFT_CDA_FORECAST, aft_test_parametric,
     true, true},
    {"mackinlay_j1", "MacKinlay J1", H_INDEPENDENT, false, NULL, AFT_MACKINLAY_J1, aft_test_parametric, false, false},
    {"patell", "Patell", H_PATELL, false, NULL, AFT_PATELL, aft_test_standardised_effect, false, false},
    {"patell_mean", "Patell, events scaled one by one", H_PATELL, false, NULL, AFT_PATELL_MEAN,
     aft_test_standardised_effect, false, false},
    {"patell_daily_sum", "Patell, sum of daily values", H_PATELL, false, NULL, AFT_PATELL_DAILY_SUM,
     aft_test_standardised_effect, true, false},
    {"bmp", "Boehmer, Musumeci and Poulsen", H_STANDARDISED, false, NULL, AFT_BMP, aft_test_standardised_effect, false,
     false},
    {"patell_kp", "Patell, Kolari-Pynnonen adjusted", H_CORRELATED, false, NULL, AFT_PATELL_KP,
     aft_test_standardised_effect, false, true},
    {"bmp_kp", "BMP, Kolari-Pynnonen adjusted", H_CORRELATED, false, NULL, AFT_BMP_KP, aft_test_standardised_effect,
     false, true},
    {"skew_hall", "Skewness-adjusted t (Hall)", H_MEAN, false, NULL, AFT_SKEW_HALL, aft_test_parametric, false, false},
    {"skew_johnson", "Skewness-adjusted t (Johnson)", H_MEAN, false, NULL, AFT_SKEW_JOHNSON, aft_test_parametric, false,
     false},
    {"skew_bootstrap", "Skewness-adjusted t, bootstrapped", H_MEAN, false, NULL, AFT_SKEW_BOOTSTRAP,
     aft_test_resample_events, false, false},
    {"jackknife", "Jackknife of the mean", H_MEAN, false, NULL, AFT_JACKKNIFE, aft_test_parametric, false, false},
    {"jackknife_smd", "Jackknife of mean over sd", H_MEAN, false, NULL, AFT_JACKKNIFE_SMD, aft_test_parametric, false,
     false},
    {"corrado", "Corrado rank", H_RANK, false, NULL, AFT_CORRADO, aft_test_rank, true, true},
    {"corrado_zivney", "Corrado-Zivney rank", H_RANK, false, NULL, AFT_CORRADO_ZIVNEY, aft_test_rank, true, true},
    {"corrado_zivney_std", "Corrado-Zivney rank, standardised", H_RANK, false, NULL, AFT_CORRADO_ZIVNEY_STD,
     aft_test_rank, true, true},
    {"corrado_zivney_fpc", "Corrado-Zivney rank, finite population", H_RANK, false, NULL, AFT_CORRADO_ZIVNEY_FPC,
     aft_test_rank, true, true},
    {"sign_cz", "Corrado-Zivney sign", H_RANK, false, NULL, AFT_SIGN_CZ, aft_test_rank, true, true},
    {"grank_t", "Generalised rank t", H_RANK, false, NULL, AFT_GRANK_T, aft_test_grank, true, true},
    {"grank_z", "Generalised rank z", H_RANK, false, NULL, AFT_GRANK_Z, aft_test_grank, true, true},
    {"sign", "Sign", H_SIGN, false, NULL, AFT_SIGN, aft_test_sign, false, false},
    {"generalized_sign", "Generalised sign (Cowan)",
     "positive CARs are as frequent as positive returns before the event", false, NULL, AFT_GENERALIZED_SIGN,
     aft_test_sign, false, true},
    {"wilcoxon", "Wilcoxon signed rank", "CARs are symmetric about zero", false, NULL, AFT_WILCOXON, aft_test_sign,
     false, false},
    {"clustered_date", "Mean clustered by date", H_CLUSTER, false, NULL, AFT_CLUSTERED_DATE, aft_test_clustered, false,
     false},
    {"clustered_firm", "Mean clustered by firm", H_CLUSTER, false, aft_test_has_repeated_firm, AFT_CLUSTERED_FIRM,
     aft_test_clustered, false, false},
    {"clustered_twoway", "Mean clustered by date and firm", H_CLUSTER, false, aft_test_has_repeated_firm,
     AFT_CLUSTERED_TWOWAY, aft_test_clustered, false, false},
    {"variance_chi2", "Variance chi-squared", H_VARIANCE, false, NULL, AFT_VARIANCE_CHI2, aft_test_variance, false,
     false},
    {"variance_rank", "Variance rank", H_VARIANCE, false, NULL, AFT_VARIANCE_RANK, aft_test_variance, true, true},
    {"beaver", "Beaver U", H_VARIANCE, false, NULL, AFT_BEAVER, aft_test_variance, true, false},
    {"wild", "Wild bootstrap", H_MEAN, false, NULL, AFT_WILD, aft_test_resample_events, false, false},
    {"wild_cluster", "Wild bootstrap by date", H_CLUSTER, false, NULL, AFT_WILD_CLUSTER, aft_test_resample_events,
     false, false},
    {"stationary", "Stationary bootstrap", H_SERIES, false, NULL, AFT_STATIONARY, aft_test_resample_days, true, true},
    {"block_events", "Block bootstrap of events", H_MEAN, false, NULL, AFT_BLOCK_EVENTS, aft_test_resample_events,
     false, false},
    {"placebo_shift", "Placebo dates, one shift", H_PLACEBO, false, NULL, AFT_PLACEBO_SHIFT, aft_test_resample_days,
     true, true},
    {"permutation_dates", "Placebo dates, one per event", H_PLACEBO, false, NULL, AFT_PERMUTATION_DATES,
     aft_test_resample_days, true, true},
};

const char *aft_distribution_name(enum aft_distribution distribution) {
  static const char *const names[] = {
      [AFT_DIST_NONE] = "none", [AFT_DIST_T] = "t",         [AFT_DIST_NORMAL] = "norm",      [AFT_DIST_CHI2] = "chi2",
      [AFT_DIST_F] = "f",       [AFT_DIST_EXACT] = "exact", [AFT_DIST_RESAMPLE] = "resample"};
  return names[distribution];
}

const aft_test *aft_tests(size_t *n) {
  *n = G_N_ELEMENTS(table);
  return table;
}

const aft_test *aft_test_find(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  return NULL;
}
