/* The mean abnormal return of every day, and the mean CAR up to it: two passes over the events, each row read as it stands. */
#include "study_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/stats/describe.h>
#include <aftershock/study/inference.h>

#include <math.h>

#include <aftershock/base/banned.h>

/* Blocks of events are summed apart, and their sums added in order: the bits do not depend on the number of threads. */
enum { BLOCK = 4096 };

/* Over the events of a block, or of a sample: numbers of values, and their sums or sums of squares about the mean. */
typedef struct day_sums {
  size_t n, n_path;
  aft_sum ar, path;
} day_sums;

typedef struct averaging {
  const aft_abnormal *abnormal;
  const aft_sample *sample;
  const aft_caar_row *mean; /* [n_rel] with aar and caar, in the second pass; NULL in the first */
  day_sums *sums;           /* [n_blocks][n_rel] */
} averaging;

static void add(aft_sum *sum, size_t *n, double value, const double *mean) {
  if (isnan(value)) return;
  (*n)++;
  aft_sum_add(sum, mean == NULL ? value : (value - *mean) * (value - *mean));
}

static void add_event(const averaging *g, size_t row, day_sums *sums) {
  const aft_abnormal *a = g->abnormal;
  const double *abnormal = a->abnormal + row * (size_t)a->n_rel;
  double car = a->missing == AFT_MISSING_EXCLUDE ? 0 : (double)NAN;
  for (int j = 0; j < a->n_rel; j++) {
    const aft_caar_row *mean = g->mean == NULL ? NULL : &g->mean[j];
    add(&sums[j].ar, &sums[j].n, abnormal[j], mean == NULL ? NULL : &mean->aar);
    add(&sums[j].path, &sums[j].n_path, aft_abnormal_path(a, row, j, &car), mean == NULL ? NULL : &mean->caar);
  }
}

static void sum_blocks(size_t first, size_t last, unsigned worker, void *data) {
  const averaging *g = data;
  (void)worker;
  for (size_t b = first; b < last; b++) {
    day_sums *sums = g->sums + b * (size_t)g->abnormal->n_rel;
    for (int j = 0; j < g->abnormal->n_rel; j++) sums[j] = (day_sums){.n = 0};
    for (size_t i = b * BLOCK; i < MIN((b + 1) * BLOCK, g->sample->n); i++) add_event(g, g->sample->member[i], sums);
  }
}

/* Into the first block's sums; sums of one block stay as they are. */
static void add_blocks(const averaging *g, size_t n_blocks) {
  size_t n_rel = (size_t)g->abnormal->n_rel;
  for (size_t b = 1; b < n_blocks; b++)
    for (size_t j = 0; j < n_rel; j++) {
      day_sums *all = &g->sums[j];
      const day_sums *part = &g->sums[b * n_rel + j];
      all->n += part->n;
      all->n_path += part->n_path;
      aft_sum_add(&all->ar, part->ar.total);
      aft_sum_add(&all->path, part->path.total);
      all->ar.lost += part->ar.lost;
      all->path.lost += part->path.lost;
    }
}

static double mean_of(const aft_sum *sum, size_t n) { return n == 0 ? (double)NAN : aft_sum_get(sum) / (double)n; }

/* sd / sqrt n; NaN for fewer than two. */
static double error_of(const aft_sum *squares, size_t n) {
  return n < 2 ? (double)NAN : sqrt(aft_sum_get(squares) / (double)(n - 1)) / sqrt((double)n);
}

void aft_study_average_days(const aft_model_result *model, const aft_config *config, size_t sample, unsigned n_threads,
                            aft_caar_row *rows) {
  const aft_abnormal *a = &model->abnormal;
  averaging g = {.abnormal = a, .sample = &model->samples[sample]};
  size_t n_blocks = MAX(1, (g.sample->n + BLOCK - 1) / BLOCK);
  g_autofree day_sums *sums = g_new(day_sums, n_blocks * (size_t)a->n_rel);
  double quantile = (double)NAN;
  g.sums = sums;
  aft_parallel_for(n_blocks, n_threads, sum_blocks, &g);
  add_blocks(&g, n_blocks);
  for (int j = 0; j < a->n_rel; j++)
    rows[j] = (aft_caar_row){.sample = sample,
                             .rel_day = a->first_rel + j,
                             .n = sums[j].n,
                             .n_path = sums[j].n_path,
                             .aar = mean_of(&sums[j].ar, sums[j].n),
                             .caar = mean_of(&sums[j].path, sums[j].n_path)};
  g.mean = rows;
  aft_parallel_for(n_blocks, n_threads, sum_blocks, &g);
  add_blocks(&g, n_blocks);
  for (int j = 0; j < a->n_rel; j++) {
    aft_caar_row *row = &rows[j];
    row->aar_se = error_of(&sums[j].ar, row->n);
    row->caar_se = error_of(&sums[j].path, row->n_path);
    if (j == 0 || row->n_path != rows[j - 1].n_path)
      quantile = aft_inference_quantile((double)row->n_path - 1, config->confidence, 1);
    row->ci_low = row->caar - quantile * row->caar_se;
    row->ci_high = row->caar + quantile * row->caar_se;
  }
}
