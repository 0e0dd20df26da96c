/* Rank and sign scores of the combined series of events, summed by day: what the rank tests are made of. */
#include "study/test_internal.h"

#include <glib.h>

#include <aftershock/base/banned.h>

/* The combined series of one event: estimation columns first, then the event grid; and the sums over events. */
typedef struct score_work {
  const aft_abnormal *abnormal;
  size_t n_est, n_rel, n_days;
  int first, last;            /* columns of the grid that are ranked */
  double *day_scale;          /* [n_rel] cross-sectional sd of each day's SARs, for RANK_STD */
  double *series, *rank;      /* [n_days] */
  aft_rank_item *item;        /* [2 n_days] */
  aft_sum *sum[AFT_N_SCORES]; /* [n_days] those being made */
  size_t *count;              /* [n_days] events present */
} score_work;

static double standardised_day(const aft_abnormal *abnormal, size_t row, size_t j) {
  double value = abnormal->abnormal[row * (size_t)abnormal->n_rel + j];
  return abnormal->fit[row].sigma > 0.0 ? value / sqrt(aft_abnormal_day_variance(abnormal, row, (int)j)) : (double)NAN;
}

/* Cross-sectional sd of the SARs of every grid day over the selected events, n - 1; value [events->n] is a workspace. */
static void measure_days(const aft_abnormal *abnormal, const aft_selection *events, double *value, double *day_scale) {
  for (size_t j = 0; j < (size_t)abnormal->n_rel; j++) {
    size_t n = 0;
    for (size_t i = 0; i < events->n; i++) {
      double sar = standardised_day(abnormal, events->row[i], j);
      if (!isnan(sar)) value[n++] = sar;
    }
    day_scale[j] = aft_sd(value, n, aft_mean(value, n));
  }
}

/*
 * Fills work->series with what is to be ranked or signed. For the variance, an event day is AR/sqrt(V/s^2): on the scale of the
 * residuals, without the parameter error; an event without residual variance has no such value. A return over several sessions is
 * brought to the scale of one, as its residuals are.
 */
static void combine(const score_work *work, size_t row, enum aft_score score) {
  const aft_abnormal *abnormal = work->abnormal;
  double sigma = abnormal->fit[row].sigma;
  const double *residual = abnormal->residual + row * work->n_est;
  const double *value = abnormal->abnormal + row * work->n_rel;
  double *estimation = work->series, *grid = work->series + work->n_est;
  bool standardise = score == AFT_SCORE_RANK_STD && sigma > 0.0;
  for (size_t t = 0; t < work->n_est; t++) estimation[t] = standardise ? residual[t] / sigma : residual[t];
  for (size_t j = 0; j < work->n_rel; j++) {
    if (score == AFT_SCORE_VARIANCE) {
      double ratio = aft_abnormal_day_variance(abnormal, row, (int)j) / (sigma * sigma);
      grid[j] = sigma > 0.0 ? value[j] / sqrt(ratio) : (double)NAN;
    } else {
      grid[j] = standardise ? standardised_day(abnormal, row, j) / work->day_scale[j] : value[j];
      if (!standardise && abnormal->gap != NULL) grid[j] /= sqrt(abnormal->gap[row * work->n_rel + j]);
    }
    if ((int)j < work->first || (int)j > work->last) grid[j] = (double)NAN;
  }
}

/* Adds an event's scores, made from its sorted series in work->item [m], to the sums of the days. */
static void add_event(const score_work *work, enum aft_score score, size_t m) {
  double median = aft_rank_median(work->item, m), count = (double)m;
  aft_sum *sum = work->sum[score];
  for (size_t t = 0; t < work->n_days; t++) {
    double value = work->series[t];
    if (isnan(value)) continue;
    if (score == AFT_SCORE_SIGN)
      aft_sum_add(&sum[t], value > median ? 1.0 : value < median ? -1.0 : 0.0);
    else if (score == AFT_SCORE_RANK_MEAN)
      aft_sum_add(&sum[t], work->rank[t] - 0.5 * (count + 1.0));
    else
      aft_sum_add(&sum[t], work->rank[t] / (count + 1.0) - 0.5);
  }
}

/*
 * Replaces the series by its distances from the median. With an even count the median lies halfway between the middle two values, which are
 * therefore exactly equally far from it: they must tie, whatever rounding does to the two subtractions.
 */
static void fold_at_median(const score_work *work, size_t m) {
  double median = aft_rank_median(work->item, m);
  if (m == 0) return;
  double low = work->item[(m - 1) / 2].value, high = work->item[m / 2].value;
  for (size_t t = 0; t < work->n_days; t++) {
    bool middle = work->series[t] == low || work->series[t] == high;
    work->series[t] = middle ? 0.5 * (high - low) : fabs(work->series[t] - median);
  }
}

/* One pass over the events for the scores first .. last, which are made from the same series. */
static void sum_scores(const score_work *work, const aft_selection *events, enum aft_score first, enum aft_score last) {
  for (size_t t = 0; t < work->n_days; t++) {
    for (enum aft_score score = first; score <= last; score++) work->sum[score][t] = (aft_sum){0.0, 0.0};
    work->count[t] = 0;
  }
  for (size_t i = 0; i < events->n; i++) {
    combine(work, events->row[i], first);
    size_t m = aft_rank_sort(work->series, work->n_days, work->item);
    if (first == AFT_SCORE_VARIANCE) {
      fold_at_median(work, m);
      aft_rank_sort(work->series, work->n_days, work->item);
    }
    aft_rank_assign(work->item, m, work->rank);
    for (enum aft_score score = first; score <= last; score++) add_event(work, score, m);
    for (size_t t = 0; t < work->n_days; t++) work->count[t] += isnan(work->series[t]) ? 0 : 1;
  }
}

/* Day values from the sums over events, and the root of their mean square. */
static void finish_days(const score_work *work, enum aft_score score, aft_score_series *series) {
  aft_sum squares = {0.0, 0.0};
  series->n_days = 0;
  for (size_t t = 0; t < work->n_days; t++) {
    if (work->count[t] == 0) {
      series->day[t] = (double)NAN;
      continue;
    }
    double present = (double)work->count[t];
    series->day[t] = aft_sum_get(&work->sum[score][t]) / (score == AFT_SCORE_RANK_MEAN ? present : sqrt(present));
    aft_sum_add(&squares, series->day[t] * series->day[t]);
    series->n_days++;
  }
  series->scale = series->n_days > 0 ? sqrt(aft_sum_get(&squares) / (double)series->n_days) : (double)NAN;
}

const aft_score_series *aft_test_scores(const aft_test_input *input, enum aft_score score) {
  struct aft_test_cache *cache = input->cache;
  const aft_selection *events = aft_test_complete(input);
  bool plain = score <= AFT_SCORE_SIGN; /* ranks and signs of the plain series are made together */
  enum aft_score first = plain ? AFT_SCORE_RANK_MEAN : score, last = plain ? AFT_SCORE_SIGN : score;
  const aft_abnormal *abnormal = input->abnormal;
  int shortest = input->options->conventions.tested_ranks;
  bool tested = shortest > 0 && input->window->n_days >= shortest;
  int *window = cache->score_window[first], begin = tested ? input->window->first : 0;
  int end = tested ? input->window->last : abnormal->n_rel - 1;
  bool same_window = window[0] == begin && window[1] == end;
  if (aft_row_key_matches(&cache->score_key[first], events, cache->n) && same_window) return &cache->score[score];
  window[0] = begin;
  window[1] = end;
  score_work work = {.abnormal = abnormal,
                     .n_est = (size_t)abnormal->n_est,
                     .n_rel = (size_t)abnormal->n_rel,
                     .n_days = (size_t)abnormal->n_est + (size_t)abnormal->n_rel,
                     .first = begin,
                     .last = end,
                     .series = aft_test_day_work(cache, 0),
                     .rank = aft_test_day_work(cache, 1),
                     .day_scale = aft_test_day_work(cache, 2),
                     .item = aft_test_day_rank(cache),
                     .count = aft_test_day_count(cache)};
  for (enum aft_score s = first; s <= last; s++) {
    work.sum[s] = aft_test_day_sum(cache, (int)(s - first));
    if (cache->score[s].day == NULL) cache->score[s].day = g_new(double, MAX(work.n_days, 1));
  }
  if (score == AFT_SCORE_RANK_STD) measure_days(abnormal, events, aft_test_event_work(cache, 0), work.day_scale);
  sum_scores(&work, events, first, last);
  for (enum aft_score s = first; s <= last; s++) finish_days(&work, s, &cache->score[s]);
  return &cache->score[score];
}
