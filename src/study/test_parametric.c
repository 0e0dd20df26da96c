/* Parametric tests on CARs: cross-sectional, time-series, independent-events, skewness-adjusted and jackknife. */
#include "study/test_internal.h"

#include <aftershock/stats/describe.h>
#include <aftershock/stats/leave_out.h>

#include <aftershock/base/banned.h>

/* Mean and sd of the sample's CARs. */
typedef struct car_moments {
  size_t n;
  const double *x; /* [n] */
  double mean, sd;
} car_moments;

/* t = mean / (sd / sqrt n), Student(n - 1). */
static void compute_csect(const car_moments *moments, aft_test_result *result) {
  double n = (double)moments->n;
  aft_test_student(result, moments->mean / (moments->sd / sqrt(n)), n - 1.0);
}

/* Sum of cubed standardised deviations. */
static double cubed_deviations(const car_moments *moments) {
  aft_sum sum = {0.0, 0.0};
  for (size_t i = 0; i < moments->n; i++) {
    double z = (moments->x[i] - moments->mean) / moments->sd;
    aft_sum_add(&sum, z * z * z);
  }
  return aft_sum_get(&sum);
}

double aft_test_skew_t(double n, double mean, double sd, double cubes, bool hall) {
  double s = mean / sd;
  double g = hall ? n / ((n - 1.0) * (n - 2.0)) * cubes : cubes / n;
  double adjusted = s + g * s * s / 3.0 + g / (6.0 * n);
  if (hall) adjusted += g * g * s * s * s / 27.0;
  return sqrt(n) * adjusted;
}

static void compute_skew(const car_moments *moments, bool hall, aft_test_result *result) {
  double n = (double)moments->n;
  aft_test_student(result, aft_test_skew_t(n, moments->mean, moments->sd, cubed_deviations(moments), hall), n - 1.0);
}

/*
 * Pseudo-values n theta - (n-1) theta_(-i), t = mean/(sd/sqrt n). With theta = mean they are the values themselves, so the
 * statistic is the cross-sectional one by algebra; with theta = mean/sd it is another (experimental) test.
 */
static void compute_jackknife(const car_moments *moments, bool smd, double *pseudo, aft_test_result *result) {
  double n = (double)moments->n;
  for (size_t i = 0; i < moments->n; i++) {
    if (smd)
      pseudo[i] = n * (moments->mean / moments->sd) -
                  (n - 1.0) * aft_leave_out_ratio(moments->x, moments->n, moments->mean, moments->sd, i);
    else
      pseudo[i] = n * moments->mean - (n - 1.0) * aft_leave_out_mean(moments->x, moments->n, moments->mean, i);
  }
  double mean = aft_mean(pseudo, moments->n), sd = aft_sd(pseudo, moments->n, mean);
  if (isnan(sd)) {
    aft_test_undefined(result, moments->n, "the values do not vary once one event is left out");
    return;
  }
  if (aft_sd_is_zero(sd, mean)) {
    aft_test_undefined(result, moments->n, AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  aft_test_student(result, mean / (sd / sqrt(n)), n - 1.0);
}

/* Mean over the events of T_i, or of k_i. */
static double mean_n_obs(const aft_event_fit *fit, const aft_selection *events) {
  double sum = 0.0;
  for (size_t i = 0; i < events->n; i++) sum += fit[events->row[i]].n_obs;
  return sum / (double)events->n;
}

static double mean_n_coef(const aft_event_fit *fit, const aft_selection *events) {
  double sum = 0.0;
  for (size_t i = 0; i < events->n; i++) sum += fit[events->row[i]].n_coef;
  return sum / (double)events->n;
}

/* CAAR / (sqrt L sd of the average residuals); `forecast` divides by sqrt(cbar) too. Brown and Warner (1980), JFE 8. */
static void compute_cda(const aft_test_input *input, bool forecast, aft_test_result *result) {
  const aft_average_series *series = aft_test_average(input);
  if (series->n_days < 2 || aft_sd_is_zero(series->sd, 0.0)) {
    aft_test_undefined(result, result->n,
                       series->n_days < 2 ? "fewer than 2 estimation sessions"
                                          : "the average residual does not vary over the sessions");
    return;
  }
  double error = sqrt(input->window->n_days) * series->sd, df = (double)series->n_days - 1.0;
  if (forecast) error *= sqrt(aft_test_forecast_inflation(input));
  enum aft_reference reference = input->options->conventions.cda;
  if (reference == AFT_REFERENCE_T_1) df = mean_n_obs(input->abnormal->fit, aft_test_complete(input)) - 1.0;
  if (reference == AFT_REFERENCE_T_K) {
    double left = (double)series->n_days - mean_n_coef(input->abnormal->fit, aft_test_complete(input));
    error *= sqrt(df / left);
    df = left;
  }
  aft_test_student(result, result->estimate / error, df);
}

double aft_test_log_mean(const aft_test_input *input, const aft_selection *events) {
  const aft_abnormal *a = input->abnormal;
  aft_sum total = {0.0, 0.0};
  for (int j = input->window->first; j <= input->window->last; j++) {
    aft_sum day = {0.0, 0.0};
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
      double abnormal = a->abnormal[events->row[i] * (size_t)a->n_rel + (size_t)j];
      if (isnan(abnormal)) continue;
      aft_sum_add(&day, exp(abnormal));
      n++;
    }
    aft_sum_add(&total, log(aft_sum_get(&day) / (double)n));
  }
  return aft_sum_get(&total);
}

/* J1 = CAAR / (sqrt(sum Var_i) / N) over the events whose variance is known. MacKinlay (1997), JEL 35. */
static void compute_j1(const aft_test_input *input, aft_test_result *result) {
  const aft_selection *events = aft_test_standardised(input);
  if (events->n == 0) {
    aft_test_undefined(result, 0, AFT_NOTE_NO_STANDARDISED);
    return;
  }
  const aft_test_conventions *conventions = &input->options->conventions;
  aft_abnormal plain = *input->abnormal; /* shares the arrays */
  plain.n_z = 0;
  aft_sum sum = {0.0, 0.0}, variance = {0.0, 0.0};
  for (size_t i = 0; i < events->n; i++) {
    double car, of_car = input->window->variance[events->row[i]];
    if (conventions->plain_j1)
      aft_abnormal_car(&plain, events->row[i], input->window->first, input->window->last, &car, &of_car);
    aft_sum_add(&sum, input->window->car[events->row[i]]);
    aft_sum_add(&variance, of_car);
  }
  double n = (double)events->n;
  result->n = events->n;
  result->estimate = conventions->log_j1 ? aft_test_log_mean(input, events) : aft_sum_get(&sum) / n;
  double statistic = result->estimate * n / sqrt(aft_sum_get(&variance));
  if (conventions->j1 == AFT_REFERENCE_T_K)
    aft_test_student(result, statistic, aft_test_mean_df(input, events));
  else if (conventions->j1 == AFT_REFERENCE_T_1)
    aft_test_student(result, statistic, mean_n_obs(input->abnormal->fit, events) - 1.0);
  else
    aft_test_normal(result, statistic);
}

/* Tests that need the spread of the CARs over the events. */
static void compute_from_moments(const aft_test_input *input, int variant, const aft_selection *events,
                                 aft_test_result *result) {
  bool needs_three = variant != AFT_CSECT;
  if (events->n < (needs_three ? 3u : 2u)) {
    aft_test_undefined(result, events->n, needs_three ? AFT_NOTE_FEWER_THAN_3 : AFT_NOTE_FEWER_THAN_2);
    return;
  }
  car_moments moments = {events->n, events->value, result->estimate,
                         aft_sd(events->value, events->n, result->estimate)};
  if (aft_sd_is_zero(moments.sd, moments.mean)) {
    aft_test_undefined(result, events->n, AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  if (variant == AFT_CSECT)
    compute_csect(&moments, result);
  else if (variant == AFT_SKEW_HALL || variant == AFT_SKEW_JOHNSON)
    compute_skew(&moments, variant == AFT_SKEW_HALL, result);
  else
    compute_jackknife(&moments, variant == AFT_JACKKNIFE_SMD, aft_test_event_work(input->cache, 0), result);
}

void aft_test_parametric(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  if (events->n == 0) {
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
    return;
  }
  aft_test_start(result, events->n, aft_mean(events->value, events->n));
  if (variant == AFT_CDA || variant == AFT_CDA_FORECAST)
    compute_cda(input, variant == AFT_CDA_FORECAST, result);
  else if (variant == AFT_MACKINLAY_J1)
    compute_j1(input, result);
  else
    compute_from_moments(input, variant, events, result);
}
