/* The cache of a sample: selections of events, the average series, and the workspaces of the tests. */
#include "study/test_internal.h"

#include <aftershock/stats/dist.h>
#include <glib.h>
#include <string.h>

#include <aftershock/base/banned.h>

struct aft_test_cache *aft_test_cache_new(const aft_abnormal *abnormal, const size_t *member, size_t n) {
  struct aft_test_cache *cache = g_new0(struct aft_test_cache, 1);
  cache->abnormal = abnormal;
  cache->member = member;
  cache->n = n;
  return cache;
}

void aft_test_cache_free(struct aft_test_cache *cache) {
  if (cache == NULL) return;
  aft_selection *selections[] = {&cache->complete, &cache->standardised};
  for (size_t i = 0; i < G_N_ELEMENTS(selections); i++) {
    g_free(selections[i]->row);
    g_free(selections[i]->value);
  }
  g_free(cache->average_key.row);
  g_free(cache->average.mean);
  g_free(cache->average.count);
  for (size_t i = 0; i < AFT_N_SCORES; i++) {
    g_free(cache->score_key[i].row);
    g_free(cache->score[i].day);
  }
  g_free(cache->grank.key.row);
  g_free(cache->grank.total);
  g_free(cache->grank.count);
  aft_correlations_clear(&cache->correlations);
  for (size_t i = 0; i < G_N_ELEMENTS(cache->event_work); i++) g_free(cache->event_work[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(cache->event_index); i++) g_free(cache->event_index[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(cache->day_work); i++) g_free(cache->day_work[i]);
  g_free(cache->event_rank);
  for (size_t i = 0; i < G_N_ELEMENTS(cache->day_sum); i++) g_free(cache->day_sum[i]);
  g_free(cache->day_count);
  g_free(cache->day_rank);
  g_free(cache->cluster_item);
  g_free(cache->replicate);
  g_free(cache);
}

double *aft_test_event_work(struct aft_test_cache *cache, int slot) {
  if (cache->event_work[slot] == NULL) cache->event_work[slot] = g_new(double, cache->n);
  return cache->event_work[slot];
}

size_t *aft_test_event_index(struct aft_test_cache *cache, int slot) {
  if (cache->event_index[slot] == NULL) cache->event_index[slot] = g_new(size_t, cache->n);
  return cache->event_index[slot];
}

aft_rank_item *aft_test_event_rank(struct aft_test_cache *cache) {
  if (cache->event_rank == NULL) cache->event_rank = g_new(aft_rank_item, 2 * cache->n);
  return cache->event_rank;
}

/* Longest series of days that a test ranks: both windows, or the estimation window and one summed day. */
static size_t day_capacity(const struct aft_test_cache *cache) {
  return (size_t)cache->abnormal->n_est + (size_t)cache->abnormal->n_rel + 1;
}

double *aft_test_day_work(struct aft_test_cache *cache, int slot) {
  if (cache->day_work[slot] == NULL) cache->day_work[slot] = g_new(double, day_capacity(cache));
  return cache->day_work[slot];
}

aft_sum *aft_test_day_sum(struct aft_test_cache *cache, int slot) {
  if (cache->day_sum[slot] == NULL) cache->day_sum[slot] = g_new(aft_sum, day_capacity(cache));
  return cache->day_sum[slot];
}

size_t *aft_test_day_count(struct aft_test_cache *cache) {
  if (cache->day_count == NULL) cache->day_count = g_new(size_t, day_capacity(cache));
  return cache->day_count;
}

aft_rank_item *aft_test_day_rank(struct aft_test_cache *cache) {
  if (cache->day_rank == NULL) cache->day_rank = g_new(aft_rank_item, 2 * day_capacity(cache));
  return cache->day_rank;
}

double *aft_test_replicates(struct aft_test_cache *cache, size_t n) {
  if (cache->n_replicates < n) {
    g_free(cache->replicate);
    cache->replicate = g_new(double, n);
    cache->n_replicates = n;
  }
  return cache->replicate;
}

void aft_test_start(aft_test_result *result, size_t n, double estimate) {
  *result = (aft_test_result){.n = n, .estimate = estimate};
  aft_test_undefined(result, n, NULL);
}

void aft_test_undefined(aft_test_result *result, size_t n, const char *note) {
  result->n = n;
  result->statistic = (double)NAN;
  result->distribution = AFT_DIST_NONE;
  result->df = (double)NAN;
  result->p_value = (double)NAN;
  result->note = note;
}

void aft_test_normal(aft_test_result *result, double statistic) {
  result->statistic = statistic;
  result->distribution = AFT_DIST_NORMAL;
  result->df = (double)NAN;
  result->p_value = aft_normal_p_value(statistic);
}

void aft_test_student(aft_test_result *result, double statistic, double df) {
  result->statistic = statistic;
  result->distribution = AFT_DIST_T;
  result->df = df;
  result->p_value = aft_t_p_value(statistic, df);
}

/* Rows of the sample whose value is present. */
static const aft_selection *select_present(const aft_test_input *input, const double *value, aft_selection *selection) {
  if (selection->row == NULL) {
    selection->row = g_new(size_t, input->cache->n);
    selection->value = g_new(double, input->cache->n);
  }
  selection->n = 0;
  for (size_t i = 0; i < input->n; i++) {
    size_t row = input->member[i];
    if (isnan(value[row])) continue;
    selection->row[selection->n] = row;
    selection->value[selection->n++] = value[row];
  }
  return selection;
}

const aft_selection *aft_test_complete(const aft_test_input *input) {
  return select_present(input, input->window->car, &input->cache->complete);
}

const aft_selection *aft_test_standardised(const aft_test_input *input) {
  return select_present(input, input->window->scar, &input->cache->standardised);
}

bool aft_row_key_matches(aft_row_key *key, const aft_selection *selection, size_t capacity) {
  size_t bytes = selection->n * sizeof *selection->row;
  if (key->row != NULL && key->n == selection->n && (bytes == 0 || memcmp(key->row, selection->row, bytes) == 0))
    return true;
  if (key->row == NULL) key->row = g_new(size_t, MAX(capacity, 1));
  key->n = selection->n;
  if (bytes > 0) memcpy(key->row, selection->row, bytes);
  return false;
}

/* Events are the outer loop: their rows are contiguous. sum [n_est] is a workspace. */
static void average_days(const aft_abnormal *abnormal, const aft_selection *events, aft_average_series *series,
                         aft_sum *sum, double *present) {
  size_t n_est = (size_t)abnormal->n_est;
  for (size_t t = 0; t < n_est; t++) {
    sum[t] = (aft_sum){0.0, 0.0};
    series->count[t] = 0;
  }
  for (size_t i = 0; i < events->n; i++) {
    const double *residual = abnormal->residual + events->row[i] * n_est;
    for (size_t t = 0; t < n_est; t++) {
      if (isnan(residual[t])) continue;
      aft_sum_add(&sum[t], residual[t]);
      series->count[t]++;
    }
  }
  series->n_days = 0;
  for (size_t t = 0; t < n_est; t++) {
    series->mean[t] = series->count[t] > 0 ? aft_sum_get(&sum[t]) / (double)series->count[t] : (double)NAN;
    if (series->count[t] > 0) present[series->n_days++] = series->mean[t];
  }
  series->sd = aft_sd(present, series->n_days, aft_mean(present, series->n_days));
}

const aft_average_series *aft_test_average(const aft_test_input *input) {
  struct aft_test_cache *cache = input->cache;
  const aft_selection *events = aft_test_complete(input);
  aft_average_series *series = &cache->average;
  if (aft_row_key_matches(&cache->average_key, events, cache->n)) return series;
  if (series->mean == NULL) {
    series->mean = g_new(double, MAX((size_t)input->abnormal->n_est, 1));
    series->count = g_new(size_t, MAX((size_t)input->abnormal->n_est, 1));
  }
  average_days(input->abnormal, events, series, aft_test_day_sum(cache, 0), aft_test_day_work(cache, 0));
  return series;
}

double aft_test_forecast_inflation(const aft_test_input *input) {
  const aft_selection *events = aft_test_complete(input);
  aft_sum sum = {0.0, 0.0};
  size_t count = 0;
  for (size_t i = 0; i < events->n; i++) {
    size_t row = events->row[i];
    double s = input->abnormal->fit[row].sigma;
    if (!(s > 0.0)) continue;
    aft_sum_add(&sum, input->window->variance[row] / (input->window->n_days * s * s));
    count++;
  }
  return count > 0 ? aft_sum_get(&sum) / (double)count : 1.0;
}
