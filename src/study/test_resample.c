/* Resampling over events: wild bootstrap by event or by date, blocks in time order, and small resamples for the skewness-adjusted t. */
#include "study/test_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/stats/random.h>

#include <aftershock/base/banned.h>

enum { MAX_ENUMERATED = 12 }; /* clusters up to which every sign pattern is tried */

/* Number of |replicate| at least as extreme as the statistic; values within rounding of it count. */
size_t aft_test_count_extreme(const double *replicate, size_t n, double statistic) {
  double bound = fabs(statistic) - 1e-12 * fmax(1.0, fabs(statistic));
  size_t extreme = 0;
  for (size_t b = 0; b < n; b++) extreme += fabs(replicate[b]) >= bound ? 1 : 0;
  return extreme;
}

void aft_test_resampled(aft_test_result *result, double statistic, double p_value) {
  result->statistic = statistic;
  result->distribution = AFT_DIST_RESAMPLE;
  result->df = (double)NAN;
  result->p_value = p_value;
}

/* One weight of +1 or -1 a cluster, the null imposed: x* = w x. */
typedef struct wild_job {
  const double *total; /* [n_clusters] sum of the CARs of a cluster */
  const double *size;  /* [n_clusters] */
  size_t n_clusters, n_events;
  uint64_t key;
  bool enumerate; /* replicate number is the sign pattern */
  double *replicate;
} wild_job;

static void draw_weights(const wild_job *job, size_t replicate, double *weight) {
  if (!job->enumerate) {
    aft_random_rademachers(job->key, (uint64_t)replicate * job->n_clusters, job->n_clusters, weight);
    return;
  }
  for (size_t g = 0; g < job->n_clusters; g++) weight[g] = (replicate >> g & 1) != 0 ? -1.0 : 1.0;
}

/*
 * mean* / sqrt(V*), V* = G/(G-1) sum_g (w_g X_g - n_g mean*)^2 / n^2: with one event a cluster, the cross-sectional t. Sums are
 * taken in parts that need not wait for each other. work [n_clusters].
 */
static double wild_statistic(const wild_job *job, size_t replicate, double *work) {
  enum { PARTS = 4 };
  double groups = (double)job->n_clusters, n = (double)job->n_events, sum[PARTS] = {0}, squares[PARTS] = {0};
  draw_weights(job, replicate, work);
  for (size_t g = 0; g < job->n_clusters; g++) sum[g % PARTS] += work[g] *= job->total[g];
  double mean = ((sum[0] + sum[1]) + (sum[2] + sum[3])) / n;
  for (size_t g = 0; g < job->n_clusters; g++) {
    double deviation = work[g] - job->size[g] * mean;
    squares[g % PARTS] += deviation * deviation;
  }
  return mean / (sqrt(groups / (groups - 1.0) * ((squares[0] + squares[1]) + (squares[2] + squares[3]))) / n);
}

static void wild_body(size_t first, size_t last, unsigned worker, void *data) {
  const wild_job *job = data;
  (void)worker;
  g_autofree double *work = g_new(double, job->n_clusters);
  for (size_t b = first; b < last; b++) job->replicate[b] = wild_statistic(job, b, work);
}

/* Sources: Wu (1986) and Liu (1988), Annals of Statistics; Cameron, Gelbach and Miller (2008), REStat 90. */
static void compute_wild(const aft_test_input *input, bool by_date, aft_test_result *result) {
  struct aft_test_cache *cache = input->cache;
  const size_t *cluster;
  size_t groups = aft_test_clusters(input, by_date ? AFT_CLUSTER_DATE : AFT_CLUSTER_EVENT, &cluster);
  if (result->n < 2 || groups < 2) {
    aft_test_undefined(result, result->n, result->n < 2 ? AFT_NOTE_FEWER_THAN_2 : "fewer than 2 clusters");
    return;
  }
  double *total = aft_test_event_work(cache, 0), *deviation = aft_test_event_work(cache, 1);
  double *size = aft_test_event_work(cache, 2);
  for (size_t g = 0; g < groups; g++) {
    total[g] = deviation[g] = 0.0;
    size[g] = 0;
  }
  for (size_t i = 0; i < result->n; i++) {
    total[cluster[i]] += cache->complete.value[i];
    deviation[cluster[i]] += cache->complete.value[i] - result->estimate;
    size[cluster[i]]++;
  }
  double error = sqrt(aft_test_cluster_variance(deviation, groups, result->n));
  if (aft_sd_is_zero(error, result->estimate)) {
    aft_test_undefined(result, result->n, AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  bool enumerate = groups <= MAX_ENUMERATED;
  size_t n = enumerate ? (size_t)1 << groups : (size_t)input->options->replicates;
  wild_job job = {total,
                  size,
                  groups,
                  result->n,
                  aft_random_key(input->options->seed, AFT_STREAM_WILD),
                  enumerate,
                  aft_test_replicates(cache, n)};
  aft_parallel_for(n, input->options->n_threads, wild_body, &job);
  double statistic = result->estimate / error;
  double extreme = (double)aft_test_count_extreme(job.replicate, n, statistic);
  aft_test_resampled(result, statistic, enumerate ? extreme / (double)n : (1.0 + extreme) / ((double)n + 1.0));
}

/* Circular blocks of consecutive events, centred: the null imposed, short dependence between neighbours kept. */
typedef struct block_job {
  const double *centred; /* [n] in order of session */
  size_t n, length, n_blocks;
  uint64_t key;
  double *replicate;
} block_job;

/* Sum over the replicate's n values of (x - centre)^power, power 1 or 2. */
static double block_sum(const block_job *job, size_t replicate, double centre, bool square) {
  double sum = 0.0;
  for (size_t k = 0, drawn = 0; k < job->n_blocks; k++) {
    size_t start = (size_t)aft_random_below(job->key, (uint64_t)replicate * job->n_blocks + k, job->n);
    for (size_t j = 0; j < job->length && drawn < job->n; j++, drawn++) {
      double deviation = job->centred[(start + j) % job->n] - centre;
      sum += square ? deviation * deviation : deviation;
    }
  }
  return sum;
}

static void block_body(size_t first, size_t last, unsigned worker, void *data) {
  const block_job *job = data;
  (void)worker;
  for (size_t b = first; b < last; b++) {
    double n = (double)job->n, mean = block_sum(job, b, 0.0, false) / n;
    double sd = sqrt(block_sum(job, b, mean, true) / (n - 1.0));
    job->replicate[b] = mean / (sd / sqrt(n));
  }
}

static void compute_block(const aft_test_input *input, aft_test_result *result) {
  struct aft_test_cache *cache = input->cache;
  const aft_selection *events = &cache->complete;
  if (events->n < 3) {
    aft_test_undefined(result, events->n, AFT_NOTE_FEWER_THAN_3);
    return;
  }
  double sd = aft_sd(events->value, events->n, result->estimate), n = (double)events->n;
  if (aft_sd_is_zero(sd, result->estimate)) {
    aft_test_undefined(result, events->n, AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  double *centred = aft_test_event_work(cache, 0);
  const size_t *order = aft_test_date_order(input);
  for (size_t i = 0; i < events->n; i++) centred[i] = events->value[order[i]] - result->estimate;
  size_t length = (size_t)fmax(1.0, round(cbrt(n))), replicates = (size_t)input->options->replicates;
  block_job job = {centred,
                   events->n,
                   length,
                   (events->n + length - 1) / length,
                   aft_random_key(input->options->seed, AFT_STREAM_BLOCK),
                   aft_test_replicates(cache, replicates)};
  aft_parallel_for(replicates, input->options->n_threads, block_body, &job);
  double statistic = result->estimate / (sd / sqrt(n));
  double extreme = (double)aft_test_count_extreme(job.replicate, replicates, statistic);
  aft_test_resampled(result, statistic, (1.0 + extreme) / ((double)replicates + 1.0));
}

/* Small resamples of centred values, each with its own skewness-adjusted t. */
typedef struct skew_job {
  const double *centred; /* [n] */
  size_t n, n_drawn;
  uint64_t key;
  double *replicate;
} skew_job;

static double skew_draw(const skew_job *job, size_t replicate, size_t j) {
  return job->centred[aft_random_below(job->key, (uint64_t)replicate * job->n_drawn + j, job->n)];
}

/* A resample of one value over and over has no spread, so nothing is more extreme. */
static double skew_statistic(const skew_job *job, size_t replicate) {
  double m = (double)job->n_drawn, sum = 0.0, squares = 0.0, cubes = 0.0;
  for (size_t j = 0; j < job->n_drawn; j++) sum += skew_draw(job, replicate, j);
  double mean = sum / m;
  for (size_t j = 0; j < job->n_drawn; j++) {
    double deviation = skew_draw(job, replicate, j) - mean;
    squares += deviation * deviation;
    cubes += deviation * deviation * deviation;
  }
  double sd = sqrt(squares / (m - 1.0));
  return aft_sd_is_zero(sd, mean) ? (double)INFINITY : aft_test_skew_t(m, mean, sd, cubes / (sd * sd * sd), false);
}

static void skew_body(size_t first, size_t last, unsigned worker, void *data) {
  const skew_job *job = data;
  (void)worker;
  for (size_t b = first; b < last; b++) job->replicate[b] = skew_statistic(job, b);
}

/*
 * Johnson's t against that of resamples of max(3, n/4) centred CARs, compared by absolute value.
 * Source: Lyon, Barber and Tsai (1999), J. Finance 54, 165-201.
 */
static void compute_skew_bootstrap(const aft_test_input *input, aft_test_result *result) {
  const aft_selection *events = &input->cache->complete;
  size_t n = events->n, replicates = (size_t)input->options->replicates;
  double sd = aft_sd(events->value, n, result->estimate), cubes = 0.0;
  if (n < 3 || aft_sd_is_zero(sd, result->estimate)) {
    aft_test_undefined(result, n, n < 3 ? AFT_NOTE_FEWER_THAN_3 : AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  double *centred = aft_test_event_work(input->cache, 0);
  for (size_t i = 0; i < n; i++) {
    centred[i] = events->value[i] - result->estimate;
    cubes += pow(centred[i] / sd, 3.0);
  }
  skew_job job = {centred, n, n / 4 > 3 ? n / 4 : 3, aft_random_key(input->options->seed, AFT_STREAM_SKEW),
                  aft_test_replicates(input->cache, replicates)};
  aft_parallel_for(replicates, input->options->n_threads, skew_body, &job);
  double statistic = aft_test_skew_t((double)n, result->estimate, sd, cubes, false);
  double extreme = (double)aft_test_count_extreme(job.replicate, replicates, statistic);
  aft_test_resampled(result, statistic, (1.0 + extreme) / ((double)replicates + 1.0));
}

void aft_test_resample_events(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  aft_test_start(result, events->n, aft_mean(events->value, events->n));
  if (events->n == 0)
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
  else if (variant == AFT_BLOCK_EVENTS)
    compute_block(input, result);
  else if (variant == AFT_SKEW_BOOTSTRAP)
    compute_skew_bootstrap(input, result);
  else
    compute_wild(input, variant == AFT_WILD_CLUSTER, result);
}
