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

/* Compensated sums of every day, side by side: days need not wait for each other. Rows of days are of whole lanes. */
typedef struct day_sums {
  double *total, *lost; /* [width] as in aft_sum */
  double *n;            /* [width] values that are there */
} day_sums;

typedef struct averaging {
  const aft_abnormal *abnormal;
  const aft_sample *sample;
  size_t width;                      /* n_rel, rounded up to whole lanes */
  const double *ar_mean, *path_mean; /* [width] in the second pass; NULL in the first */
  double *sums;                      /* [n_blocks][2][3][width] of abnormal returns, and of paths */
} averaging;

static day_sums sums_of(const averaging *g, size_t block, int of_paths) {
  double *first = g->sums + (2 * block + (size_t)of_paths) * 3 * g->width;
  return (day_sums){first, first + g->width, first + 2 * g->width};
}

/* Adds terms to the sums of eight days; no term is missing. */
LANES_INLINE void add_lanes(const lanes *term, size_t j, const day_sums *sums) {
  lanes total, lost, n;
  lanes_load(&total, sums->total + j);
  lanes_load(&lost, sums->lost + j);
  lanes_load(&n, sums->n + j);
  lanes next = total + *term, added = next - total;
  lost += (total - (next - added)) + (*term - added);
  n += 1;
  memcpy(sums->total + j, &next, sizeof next);
  memcpy(sums->lost + j, &lost, sizeof lost);
  memcpy(sums->n + j, &n, sizeof n);
}

/* Adds the values, or their squares about the mean, each to its day's sum; false, and nothing done, when one is missing. */
WIDEST static bool add_whole(const double *value, const double *mean, size_t width, const day_sums *sums) {
  lanes check = {0}, term, centre;
  for (size_t j = 0; j < width; j += LANES) {
    lanes_load(&term, value + j);
    check += term;
  }
  if (isnan(lanes_sum(&check))) return false;
  for (size_t j = 0; j < width; j += LANES) {
    lanes_load(&term, value + j);
    if (mean != NULL) {
      lanes_load(&centre, mean + j);
      term -= centre;
      term *= term;
    }
    add_lanes(&term, j, sums);
  }
  return true;
}

/* The same of those that are there. */
static void add_some(const double *value, const double *mean, size_t width, const day_sums *sums) {
  for (size_t j = 0; j < width; j++) {
    double deviation = mean == NULL ? 0 : value[j] - mean[j];
    double term = mean == NULL ? value[j] : deviation * deviation;
    if (isnan(term)) continue;
    double next = sums->total[j] + term, added = next - sums->total[j];
    sums->lost[j] += (sums->total[j] - (next - added)) + (term - added);
    sums->total[j] = next;
    sums->n[j]++;
  }
}

static void add_days(const double *value, const double *mean, size_t width, const day_sums *sums) {
  if (!add_whole(value, mean, width, sums)) add_some(value, mean, width, sums);
}

/* days, path: room [width], with zeros behind the last day. */
static void sum_block(const averaging *g, size_t block, double *days, double *path) {
  const aft_abnormal *a = g->abnormal;
  day_sums ar = sums_of(g, block, 0), paths = sums_of(g, block, 1);
  memset(ar.total, 0, 6 * g->width * sizeof *ar.total);
  for (size_t i = block * BLOCK; i < MIN((block + 1) * BLOCK, g->sample->n); i++) {
    size_t row = g->sample->member[i];
    memcpy(days, a->abnormal + row * (size_t)a->n_rel, (size_t)a->n_rel * sizeof *days);
    aft_abnormal_fill_path(a, row, path);
    add_days(days, g->ar_mean, g->width, &ar);
    add_days(path, g->path_mean, g->width, &paths);
  }
}

static void sum_blocks(size_t first, size_t last, unsigned worker, void *data) {
  const averaging *g = data;
  g_autofree double *room = g_new0(double, 2 * g->width);
  (void)worker;
  for (size_t b = first; b < last; b++) sum_block(g, b, room, room + g->width);
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
  size_t n_blocks = MAX(1, (g.sample->n + BLOCK - 1) / BLOCK);
  g.width = ((size_t)a->n_rel + LANES - 1) / LANES * LANES;
  g_autofree double *room = g_new0(double, (n_blocks * 6 + 2) * g.width);
  double quantile = (double)NAN, *ar_mean = room + n_blocks * 6 * g.width, *path_mean = ar_mean + g.width;
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
