/* Resampling over days: the stationary bootstrap and placebo dates in the estimation window. */
#include "study/test_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/stats/random.h>

#include <aftershock/base/banned.h>

#define NOTE_NO_RUN "no run of estimation sessions as long as the window without a gap"

size_t aft_test_run_sums(const aft_test_input *input, size_t row, double *sums) {
  size_t n_est = (size_t)input->abnormal->n_est, length = (size_t)input->window->n_days, n = 0, unbroken = 0;
  const double *residual = input->abnormal->residual + row * n_est;
  for (size_t t = 0; t < n_est; t++) {
    unbroken = isnan(residual[t]) ? 0 : unbroken + 1;
    if (unbroken >= length) sums[n++] = aft_sum_of(residual + t + 1 - length, length);
  }
  return n;
}

typedef struct stationary_job {
  const double *centred; /* [n_days] average residuals, own mean removed */
  size_t n_days, length; /* length of the window */
  double new_block;      /* probability of a new block */
  uint64_t key;
  double *replicate;
} stationary_job;

/* Position j of replicate b uses draws 2(bL+j), new block or not, and 2(bL+j)+1, where it starts. */
static void stationary_body(size_t first, size_t last, unsigned worker, void *data) {
  const stationary_job *job = data;
  (void)worker;
  for (size_t b = first; b < last; b++) {
    double sum = 0.0;
    for (size_t j = 0, day = 0; j < job->length; j++) {
      uint64_t draw = 2 * ((uint64_t)b * job->length + j);
      if (j == 0 || aft_random_uniform(job->key, draw) < job->new_block)
        day = (size_t)aft_random_below(job->key, draw + 1, job->n_days);
      else
        day = day + 1 < job->n_days ? day + 1 : 0;
      sum += job->centred[day];
    }
    job->replicate[b] = sum;
  }
}

/*
 * Stationary bootstrap of the average residuals, mean block T^(1/3), against |CAAR| / sqrt(cbar): an event sum is a forecast
 * and varies more than a sum of residuals. Source: Politis and Romano (1994), JASA 89.
 */
static void compute_stationary(const aft_test_input *input, aft_test_result *result) {
  struct aft_test_cache *cache = input->cache;
  const aft_average_series *series = aft_test_average(input);
  if (series->n_days < 2) {
    aft_test_undefined(result, result->n, "fewer than 2 estimation sessions");
    return;
  }
  double *centred = aft_test_day_work(cache, 0);
  size_t n = 0;
  for (size_t t = 0; t < (size_t)input->abnormal->n_est; t++)
    if (series->count[t] > 0) centred[n++] = series->mean[t];
  double mean = aft_mean(centred, n);
  for (size_t t = 0; t < n; t++) centred[t] -= mean;
  size_t replicates = (size_t)input->options->replicates;
  stationary_job job = {centred,
                        n,
                        (size_t)input->window->n_days,
                        1.0 / fmax(1.0, round(cbrt((double)n))),
                        aft_random_key(input->options->seed, AFT_STREAM_STATIONARY),
                        aft_test_replicates(cache, replicates)};
  aft_parallel_for(replicates, input->options->n_threads, stationary_body, &job);
  double scaled = result->estimate / sqrt(aft_test_forecast_inflation(input));
  double extreme = (double)aft_test_count_extreme(job.replicate, replicates, scaled);
  aft_test_resampled(result, result->estimate, (1.0 + extreme) / ((double)replicates + 1.0));
}

/* Share of a window's variance that is left in sums of residuals, 1 - L/T; 1 when no mean was estimated. */
static double residual_share(const aft_test_input *input, size_t row) {
  if (!input->abnormal->estimates_mean) return 1.0;
  return 1.0 - (double)input->window->n_days / (double)input->abnormal->fit[row].n_obs;
}

/*
 * CAARs of every run of L consecutive estimation days with all events present, the same shift for all (cross-correlation is
 * kept), against |CAAR| sqrt(g/cbar), g the mean of 1 - L/T_i: in-sample sums and forecasts on one scale.
 */
static void compute_shift(const aft_test_input *input, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  const aft_average_series *series = aft_test_average(input);
  size_t n_est = (size_t)input->abnormal->n_est, length = (size_t)input->window->n_days;
  aft_sum share = {0.0, 0.0};
  for (size_t i = 0; i < events->n; i++) aft_sum_add(&share, residual_share(input, events->row[i]));
  double *sums = aft_test_day_work(input->cache, 0);
  size_t n = 0, unbroken = 0;
  for (size_t t = 0; t < n_est; t++) {
    unbroken = series->count[t] == events->n ? unbroken + 1 : 0;
    if (unbroken >= length) sums[n++] = aft_sum_of(series->mean + t + 1 - length, length);
  }
  double left = aft_sum_get(&share) / (double)events->n;
  if (n == 0 || !(left > 0.0)) {
    aft_test_undefined(result, result->n, NOTE_NO_RUN);
    return;
  }
  double scaled = result->estimate * sqrt(left / aft_test_forecast_inflation(input));
  double extreme = (double)aft_test_count_extreme(sums, n, scaled);
  aft_test_resampled(result, result->estimate, (1.0 + extreme) / ((double)n + 1.0));
}

/*
 * An independent random run for every event (draw b N + i): mean of sum/(s_i sqrt(L (1 - L/T_i))) against the mean SCAR.
 * Events are the outer loop, so that the run sums of one event at a time are kept.
 */
static void compute_permutation(const aft_test_input *input, aft_test_result *result) {
  const aft_selection *events = aft_test_standardised(input);
  aft_test_start(result, events->n, aft_mean(events->value, events->n));
  if (events->n == 0) {
    aft_test_undefined(result, 0, AFT_NOTE_NO_STANDARDISED);
    return;
  }
  size_t replicates = (size_t)input->options->replicates;
  double *mean = aft_test_replicates(input->cache, replicates), *sums = aft_test_day_work(input->cache, 0);
  for (size_t b = 0; b < replicates; b++) mean[b] = 0.0;
  uint64_t key = aft_random_key(input->options->seed, AFT_STREAM_PERMUTATION);
  for (size_t i = 0; i < events->n; i++) {
    size_t row = events->row[i], n = aft_test_run_sums(input, row, sums);
    double share = residual_share(input, row);
    if (n == 0 || !(share > 0.0)) {
      aft_test_undefined(result, events->n, NOTE_NO_RUN);
      return;
    }
    double scale = input->abnormal->fit[row].sigma * sqrt(input->window->n_days * share) * (double)events->n;
    for (size_t b = 0; b < replicates; b++)
      mean[b] += sums[aft_random_below(key, (uint64_t)b * events->n + i, n)] / scale;
  }
  double extreme = (double)aft_test_count_extreme(mean, replicates, result->estimate);
  aft_test_resampled(result, result->estimate, (1.0 + extreme) / ((double)replicates + 1.0));
}

void aft_test_resample_days(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  aft_test_start(result, events->n, aft_mean(events->value, events->n));
  if (events->n == 0)
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
  else if (variant == AFT_STATIONARY)
    compute_stationary(input, result);
  else if (variant == AFT_PLACEBO_SHIFT)
    compute_shift(input, result);
  else
    compute_permutation(input, result);
}
