/* The mean abnormal return of every day, and the mean CAR up to it: two passes over the events, each row read as it stands. */
#include "study_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/stats/describe.h>
#include <aftershock/study/inference.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

/* Blocks of events are summed apart, and their sums added in order: the bits do not depend on the number of threads. */
enum { BLOCK = 4096 };

/* Compensated sums of every day, side by side: days need not wait for each other. */
typedef struct day_sums {
  double *total, *lost; /* [n_rel] as in aft_sum */
  double *n;            /* [n_rel] values that are there */
} day_sums;

typedef struct averaging {
  const aft_abnormal *abnormal;
  const aft_sample *sample;
  const double *ar_mean, *path_mean; /* [n_rel] in the second pass; NULL in the first */
  double *sums;                      /* [n_blocks][2][3][n_rel] of abnormal returns, and of paths */
} averaging;

static day_sums sums_of(const averaging *g, size_t block, int of_paths) {
  size_t n_rel = (size_t)g->abnormal->n_rel;
  double *first = g->sums + (2 * block + (size_t)of_paths) * 3 * n_rel;
  return (day_sums){first, first + n_rel, first + 2 * n_rel};
}

/* Adds the values that are there, or their squares about the mean, each to its day's sum. */
WIDEST static void add_days(const double *value, const double *mean, int n_rel, double *total, double *lost,
                            double *n) {
  for (int j = 0; j < n_rel; j++) {
    double deviation = mean == NULL ? 0 : value[j] - mean[j];
    double term = mean == NULL ? value[j] : deviation * deviation;
    n[j] += isnan(term) ? 0 : 1;
    term = isnan(term) ? 0 : term;
    double next = total[j] + term, added = next - total[j];
    lost[j] += (total[j] - (next - added)) + (term - added);
    total[j] = next;
  }
}

static void sum_block(const averaging *g, size_t block, double *path) {
  const aft_abnormal *a = g->abnormal;
  day_sums ar = sums_of(g, block, 0), paths = sums_of(g, block, 1);
  memset(ar.total, 0, 6 * (size_t)a->n_rel * sizeof *ar.total);
  for (size_t i = block * BLOCK; i < MIN((block + 1) * BLOCK, g->sample->n); i++) {
    size_t row = g->sample->member[i];
    const double *abnormal = a->abnormal + row * (size_t)a->n_rel;
    aft_abnormal_fill_path(a, row, path);
    add_days(abnormal, g->ar_mean, a->n_rel, ar.total, ar.lost, ar.n);
    add_days(path, g->path_mean, a->n_rel, paths.total, paths.lost, paths.n);
  }
}

static void sum_blocks(size_t first, size_t last, unsigned worker, void *data) {
  const averaging *g = data;
  g_autofree double *path = g_new(double, g->abnormal->n_rel);
  (void)worker;
  for (size_t b = first; b < last; b++) sum_block(g, b, path);
}

/* Into the first block's sums; sums of one block stay as they are. */
static void add_blocks(const averaging *g, size_t n_blocks, int of_paths) {
  day_sums all = sums_of(g, 0, of_paths);
  for (size_t b = 1; b < n_blocks; b++) {
    day_sums part = sums_of(g, b, of_paths);
    for (int j = 0; j < g->abnormal->n_rel; j++) {
      aft_sum sum = {all.total[j], all.lost[j]};
      aft_sum_add(&sum, part.total[j]);
      all.total[j] = sum.total;
      all.lost[j] = sum.lost + part.lost[j];
      all.n[j] += part.n[j];
    }
  }
}

static double mean_of(const day_sums *sums, int j) {
  return sums->n[j] == 0 ? (double)NAN : (sums->total[j] + sums->lost[j]) / sums->n[j];
}

/* sd / sqrt n from sums of squares; NaN for fewer than two. */
static double error_of(const day_sums *squares, int j) {
  double n = squares->n[j];
  return n < 2 ? (double)NAN : sqrt((squares->total[j] + squares->lost[j]) / (n - 1)) / sqrt(n);
}

/* One pass over the sample's events. */
static void sum_days(averaging *g, size_t n_blocks, unsigned n_threads) {
  aft_parallel_for(n_blocks, n_threads, sum_blocks, g);
  for (int of_paths = 0; of_paths < 2; of_paths++) add_blocks(g, n_blocks, of_paths);
}

void aft_study_average_days(const aft_model_result *model, const aft_config *config, size_t sample, unsigned n_threads,
                            aft_caar_row *rows) {
  const aft_abnormal *a = &model->abnormal;
  averaging g = {.abnormal = a, .sample = &model->samples[sample]};
  size_t n_blocks = MAX(1, (g.sample->n + BLOCK - 1) / BLOCK), n_rel = (size_t)a->n_rel;
  g_autofree double *room = g_new(double, (n_blocks * 6 + 2) * n_rel);
  double quantile = (double)NAN, *ar_mean = room + n_blocks * 6 * n_rel, *path_mean = ar_mean + n_rel;
  g.sums = room;
  day_sums ar = sums_of(&g, 0, 0), path = sums_of(&g, 0, 1);
  sum_days(&g, n_blocks, n_threads);
  for (int j = 0; j < a->n_rel; j++) {
    ar_mean[j] = mean_of(&ar, j);
    path_mean[j] = mean_of(&path, j);
  }
  g.ar_mean = ar_mean;
  g.path_mean = path_mean;
  sum_days(&g, n_blocks, n_threads);
  for (int j = 0; j < a->n_rel; j++) {
    aft_caar_row *row = &rows[j];
    *row = (aft_caar_row){.sample = sample,
                          .rel_day = a->first_rel + j,
                          .n = (size_t)ar.n[j],
                          .n_path = (size_t)path.n[j],
                          .aar = ar_mean[j],
                          .aar_se = error_of(&ar, j),
                          .caar = path_mean[j],
                          .caar_se = error_of(&path, j)};
    if (j == 0 || row->n_path != rows[j - 1].n_path)
      quantile = aft_inference_quantile((double)row->n_path - 1, config->confidence, 1);
    row->ci_low = row->caar - quantile * row->caar_se;
    row->ci_high = row->caar + quantile * row->caar_se;
  }
}
