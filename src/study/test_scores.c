/* Rank and sign scores of the combined series of events, summed by day: what the rank tests are made of. */
#include "study/test_internal.h"

#include <glib.h>

#include <aftershock/base/banned.h>

/* The combined series of one sample: estimation columns first, then the event grid. */
typedef struct score_work {
  const aft_abnormal *abnormal;
  size_t n_est, n_rel, n_days;
  const double *day_scale;  /* [n_rel] cross-sectional sd of each day's SARs, for RANK_STD */
  double *series, *scratch; /* [n_days] */
  double *rank;             /* [n_days] */
  aft_rank_item *item;      /* [n_days] */
} score_work;

static double standardised_day(const aft_abnormal *abnormal, size_t row, size_t j) {
  double value = abnormal->abnormal[row * (size_t)abnormal->n_rel + j];
  return abnormal->sigma[row] > 0.0 ? value / sqrt(aft_abnormal_day_variance(abnormal, row, (int)j)) : (double)NAN;
}

/* Cross-sectional sd of the SARs of every grid day over the selected events, n - 1; value [events->n] is a workspace. */
static void measure_days(const aft_abnormal *abnormal, const aft_selection *events, double *value, double *day_scale) {
  for (size_t j = 0; j < (size_t)abnormal->n_rel; j++) {
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
      double sar = standardised_day(abnormal, events->row[i], j);
      if (!isnan(sar))
        value[n++] = sar;
    }
    day_scale[j] = aft_sd(value, n, aft_mean(value, n));
  }
}

/* Median of the present values; scratch is overwritten. */
static double median_present(const double *series, size_t n, double *scratch) {
  size_t m = 0;
  for (size_t t = 0; t < n; t++)
    if (!isnan(series[t]))
      scratch[m++] = series[t];
  return aft_median(scratch, m);
}

/*
 * Fills work->series with what is to be ranked or signed. For the variance, an event day is AR/sqrt(V/s^2): on the scale of the
 * residuals, without the parameter error; an event without residual variance has no such value.
 */
static void combine(const score_work *work, size_t row, enum aft_score score) {
  const aft_abnormal *abnormal = work->abnormal;
  double sigma = abnormal->sigma[row];
  const double *residual = abnormal->residual + row * work->n_est;
  const double *value = abnormal->abnormal + row * work->n_rel;
  double *estimation = work->series, *grid = work->series + work->n_est;
  bool standardise = score == AFT_SCORE_RANK_STD && sigma > 0.0;
  for (size_t t = 0; t < work->n_est; t++)
    estimation[t] = standardise ? residual[t] / sigma : residual[t];
  for (size_t j = 0; j < work->n_rel; j++) {
    if (score == AFT_SCORE_VARIANCE) {
      double ratio = aft_abnormal_day_variance(abnormal, row, (int)j) / (sigma * sigma);
      grid[j] = sigma > 0.0 ? value[j] / sqrt(ratio) : (double)NAN;
    } else {
      grid[j] = standardise ? standardised_day(abnormal, row, j) / work->day_scale[j] : value[j];
    }
  }
}

/* Turns work->series into scores: of ranks K - (M+1)/2 or K/(M+1) - 1/2, or signs. */
static void score_event(const score_work *work, enum aft_score score) {
  double *series = work->series;
  if (score == AFT_SCORE_SIGN || score == AFT_SCORE_VARIANCE) {
    double median = median_present(series, work->n_days, work->scratch);
    for (size_t t = 0; t < work->n_days; t++)
      series[t] -= median;
  }
  if (score == AFT_SCORE_SIGN) {
    for (size_t t = 0; t < work->n_days; t++)
      if (!isnan(series[t]))
        series[t] = series[t] > 0.0 ? 1.0 : series[t] < 0.0 ? -1.0 : 0.0;
    return;
  }
  if (score == AFT_SCORE_VARIANCE)
    for (size_t t = 0; t < work->n_days; t++)
      series[t] = fabs(series[t]);
  double m = (double)aft_rank_mid(series, work->n_days, work->item, work->rank);
  for (size_t t = 0; t < work->n_days; t++)
    series[t] = score == AFT_SCORE_RANK_MEAN ? work->rank[t] - 0.5 * (m + 1.0) : work->rank[t] / (m + 1.0) - 0.5;
}

/* Day values from the sums over events, and the root of their mean square. */
static void finish_days(const aft_sum *sum, const size_t *count, size_t n_days, bool mean, aft_score_series *series) {
  aft_sum squares = {0.0, 0.0};
  series->n_days = 0;
  for (size_t t = 0; t < n_days; t++) {
    if (count[t] == 0) {
      series->day[t] = (double)NAN;
      continue;
    }
    double divisor = mean ? (double)count[t] : sqrt((double)count[t]);
    series->day[t] = aft_sum_get(&sum[t]) / divisor;
    aft_sum_add(&squares, series->day[t] * series->day[t]);
    series->n_days++;
  }
  series->scale = series->n_days > 0 ? sqrt(aft_sum_get(&squares) / (double)series->n_days) : (double)NAN;
}

const aft_score_series *aft_test_scores(const aft_test_input *input, enum aft_score score) {
  struct aft_test_cache *cache = input->cache;
  const aft_selection *events = aft_test_complete(input);
  aft_score_series *series = &cache->score[score];
  if (aft_row_key_matches(&cache->score_key[score], events, cache->n))
    return series;
  const aft_abnormal *abnormal = input->abnormal;
  size_t n_est = (size_t)abnormal->n_est, n_rel = (size_t)abnormal->n_rel, n_days = n_est + n_rel;
  if (series->day == NULL)
    series->day = g_new(double, MAX(n_days, 1));
  double *day_scale = aft_test_day_work(cache, 3);
  if (score == AFT_SCORE_RANK_STD)
    measure_days(abnormal, events, aft_test_event_work(cache, 0), day_scale);
  score_work work = {abnormal, n_est, n_rel, n_days, day_scale, aft_test_day_work(cache, 0),
                     aft_test_day_work(cache, 1), aft_test_day_work(cache, 2), aft_test_day_rank(cache)};
  aft_sum *sum = aft_test_day_sum(cache);
  size_t *count = aft_test_day_count(cache);
  for (size_t t = 0; t < n_days; t++) {
    sum[t] = (aft_sum){0.0, 0.0};
    count[t] = 0;
  }
  for (size_t i = 0; i < events->n; i++) {
    combine(&work, events->row[i], score);
    score_event(&work, score);
    for (size_t t = 0; t < n_days; t++) {
      if (isnan(work.series[t]))
        continue;
      aft_sum_add(&sum[t], work.series[t]);
      count[t]++;
    }
  }
  finish_days(sum, count, n_days, score == AFT_SCORE_RANK_MEAN, series);
  return series;
}
