/* Tests on standardised CARs: Patell, Boehmer-Musumeci-Poulsen, and both adjusted for cross-correlation. */
#include "study/test_internal.h"

#include <aftershock/stats/describe.h>

#include <aftershock/base/banned.h>

/* Sum of the daily standardised abnormal returns of a window over sqrt L: Patell's own multi-day form. */
static double daily_sum(const aft_test_input *input, size_t row) {
  const aft_abnormal *abnormal = input->abnormal;
  aft_sum sum = {0.0, 0.0};
  for (int j = input->window->first; j <= input->window->last; j++) {
    if (!aft_abnormal_is_traded(abnormal, row, j)) continue;
    double variance = aft_abnormal_day_variance(abnormal, row, j);
    aft_sum_add(&sum, abnormal->abnormal[row * (size_t)abnormal->n_rel + (size_t)j] / sqrt(variance));
  }
  return aft_sum_get(&sum) / sqrt(aft_abnormal_count_days(abnormal, row, input->window->first, input->window->last));
}

void aft_test_cumulate(const aft_test_input *input, const aft_selection *events) {
  const aft_abnormal *a = input->abnormal;
  for (size_t i = 0; i < events->n; i++) {
    size_t row = events->row[i];
    double s = a->fit[row].sigma;
    aft_sum sum = {0.0, 0.0};
    for (int j = input->window->first; j <= input->window->last; j++) {
      double excess = sqrt(aft_abnormal_day_variance(a, row, j)) / s;
      aft_sum_add(&sum, a->abnormal[row * (size_t)a->n_rel + (size_t)j] / s / sqrt(excess) /
                            sqrt(j - input->window->first + 1));
    }
    events->value[i] = aft_sum_get(&sum);
  }
}

double aft_test_mean_df(const aft_test_input *input, const aft_selection *events) {
  aft_sum sum = {0.0, 0.0};
  for (size_t i = 0; i < events->n; i++) aft_sum_add(&sum, input->abnormal->fit[events->row[i]].df);
  return aft_sum_get(&sum) / (double)events->n;
}

double aft_test_correlation_factor(double r, double n) { return sqrt((1.0 - r) / (1.0 + (n - 1.0) * r)); }

/*
 * patell            sum z / sqrt(sum d/(d-2))
 * patell_mean       n^-1/2 sum z sqrt((d-2)/d)
 * patell_daily_sum  as patell with z = (sum of daily SARs)/sqrt L
 * Events with d <= 2 leave: their SAR has no variance. Source: Patell (1976), J. Accounting Research 14, 246-276.
 */
static void compute_patell(const aft_test_input *input, int variant, const aft_selection *events,
                           aft_test_result *result) {
  aft_sum sum = {0.0, 0.0}, variance = {0.0, 0.0}, effect = {0.0, 0.0};
  size_t n = 0;
  for (size_t i = 0; i < events->n; i++) {
    size_t row = events->row[i];
    double d = input->abnormal->fit[row].df;
    if (!(d > 2.0)) continue;
    double z = variant == AFT_PATELL_DAILY_SUM ? daily_sum(input, row) : events->value[i];
    if (isnan(z)) continue;
    n++;
    aft_sum_add(&effect, z);
    aft_sum_add(&sum, variant == AFT_PATELL_MEAN ? z * sqrt((d - 2.0) / d) : z);
    aft_sum_add(&variance, variant == AFT_PATELL_MEAN ? 1.0 : d / (d - 2.0));
  }
  if (n == 0) {
    aft_test_undefined(result, 0, "no event has more than 2 degrees of freedom");
    return;
  }
  result->n = n;
  result->estimate = aft_sum_get(&effect) / (double)n;
  aft_test_normal(result, aft_sum_get(&sum) / sqrt(aft_sum_get(&variance)));
}

/* The reference distribution of the standardised cross-sectional tests. */
static void refer(const aft_test_input *input, const aft_selection *events, double statistic, aft_test_result *result) {
  enum aft_reference reference = input->options->conventions.bmp;
  if (reference == AFT_REFERENCE_NORMAL)
    aft_test_normal(result, statistic);
  else
    aft_test_student(result, statistic,
                     reference == AFT_REFERENCE_OWN ? (double)events->n - 1.0 : aft_test_mean_df(input, events));
}

/* t = mean z / (sd(z)/sqrt n), Student(n - 1). Source: Boehmer, Musumeci and Poulsen (1991), JFE 30, 253-272. */
static void compute_bmp(const aft_test_input *input, const aft_selection *events, aft_test_result *result) {
  if (events->n < 2) {
    aft_test_undefined(result, events->n, AFT_NOTE_FEWER_THAN_2);
    return;
  }
  double n = (double)events->n, sd = aft_sd(events->value, events->n, result->estimate);
  if (aft_sd_is_zero(sd, result->estimate)) {
    aft_test_undefined(result, events->n, AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  refer(input, events, result->estimate / (sd / sqrt(n)), result);
}

/*
 * Patell / sqrt(1 + (n-1) r) and BMP sqrt((1-r)/(1 + (n-1) r)), r the mean pairwise correlation: the cross-sectional
 * variance of correlated values estimates sigma^2 (1-r). Source: Kolari and Pynnonen (2010), RFS 23, 3996-4025.
 */
static void adjust_for_correlation(const aft_test_input *input, const aft_selection *events, bool bmp,
                                   aft_test_result *result) {
  if (isnan(result->statistic)) return;
  size_t skipped;
  double r = result->n < 2 ? (double)NAN : aft_test_mean_correlation(input, &skipped);
  double inflation = 1.0 + ((double)result->n - 1.0) * r;
  if (isnan(r)) {
    aft_test_undefined(result, result->n, "no pair of events to measure the correlation on");
    return;
  }
  if (!(inflation > 0.0) || r >= 1.0) {
    aft_test_undefined(result, result->n, "the mean pairwise correlation leaves no positive variance");
    return;
  }
  double bmp_factor = aft_test_correlation_factor(r, (double)result->n);
  if (bmp)
    refer(input, events, result->statistic * bmp_factor, result);
  else
    aft_test_normal(result, input->options->conventions.patell_bmp_factor ? result->statistic * bmp_factor
                                                                          : result->statistic / sqrt(inflation));
  const aft_correlations *made = &input->cache->correlations;
  if (made->by_session)
    result->note = made->by_day ? AFT_NOTE_BY_SESSION_AND_DAY : AFT_NOTE_BY_SESSION;
  else if (made->by_day)
    result->note = AFT_NOTE_BY_DAY;
}

/* CAR over its error without that of the coefficients. */
static void standardise_plainly(const aft_test_input *input, const aft_selection *events) {
  aft_abnormal plain = *input->abnormal; /* shares the arrays */
  plain.n_z = 0;
  for (size_t i = 0; i < events->n; i++) {
    double car, variance;
    aft_abnormal_car(&plain, events->row[i], input->window->first, input->window->last, &car, &variance);
    events->value[i] = car / sqrt(variance);
  }
}

void aft_test_standardised_effect(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_test_conventions *conventions = &input->options->conventions;
  bool is_bmp = variant == AFT_BMP || variant == AFT_BMP_KP, is_kp = variant == AFT_PATELL_KP || variant == AFT_BMP_KP;
  const aft_selection *events = aft_test_standardised(input);
  if (conventions->running_sum && variant != AFT_PATELL_MEAN && variant != AFT_PATELL_DAILY_SUM)
    aft_test_cumulate(input, events);
  else if (conventions->plain_scar && is_bmp)
    standardise_plainly(input, events);
  if (events->n == 0) {
    aft_test_undefined(result, 0, AFT_NOTE_NO_STANDARDISED);
    return;
  }
  aft_test_start(result, events->n, aft_mean(events->value, events->n));
  int patell = variant == AFT_PATELL_KP ? AFT_PATELL : variant;
  if (patell == AFT_PATELL && conventions->patell_daily) patell = AFT_PATELL_DAILY_SUM;
  if (is_bmp)
    compute_bmp(input, events, result);
  else
    compute_patell(input, patell, events, result);
  if (is_kp) adjust_for_correlation(input, events, is_bmp, result);
}
