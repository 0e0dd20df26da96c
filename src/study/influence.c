/* How much one event carries an average: every mean CAR and its t with one event left out. */
#include "study_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/leave_out.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum {
  MIN_EVENTS = 3, /* with two, one is left, and one has no t */
  BLOCK = 4096    /* of events that a thread takes */
};

/* What leaving out each event of a block does at most. */
typedef struct extremes {
  double caar_min, caar_max, t_min, t_max;
  double farthest, caar_without; /* from the mean, and the mean without that event */
  size_t at;                     /* its place */
} extremes;

/* CARs of a sample over one window. */
typedef struct sweep {
  const double *car; /* [n] */
  size_t n;
  double mean, sd;
  extremes *blocks;
} sweep;

/* fmin and fmax pass over NaN: a t that is undefined without some event does not hide the others. */
static void measure_block(const sweep *s, size_t first, size_t last, extremes *e) {
  *e = (extremes){.caar_min = (double)NAN, .caar_max = (double)NAN, .farthest = -1};
  e->t_min = e->t_max = (double)NAN;
  for (size_t i = first; i < last; i++) {
    double without = aft_leave_out_mean(s->car, s->n, s->mean, i);
    double t = sqrt((double)s->n - 1) * aft_leave_out_ratio(s->car, s->n, s->mean, s->sd, i);
    e->caar_min = fmin(e->caar_min, without);
    e->caar_max = fmax(e->caar_max, without);
    e->t_min = fmin(e->t_min, t);
    e->t_max = fmax(e->t_max, t);
    if (fabs(s->car[i] - s->mean) <= e->farthest) continue;
    e->farthest = fabs(s->car[i] - s->mean);
    e->caar_without = without;
    e->at = i;
  }
}

static void measure_blocks(size_t first, size_t last, unsigned worker, void *data) {
  const sweep *s = data;
  (void)worker;
  for (size_t b = first; b < last; b++) measure_block(s, b * BLOCK, MIN((b + 1) * BLOCK, s->n), &s->blocks[b]);
}

/* Returns the place of the event that matters most; of several, the first. */
static size_t measure(aft_influence_row *row, const double *car, unsigned n_threads) {
  size_t n_blocks = (row->n + BLOCK - 1) / BLOCK, at = 0;
  double mean = aft_mean(car, row->n), farthest = -1;
  g_autofree extremes *blocks = g_new(extremes, n_blocks);
  sweep s = {.car = car, .n = row->n, .mean = mean, .sd = aft_sd(car, row->n, mean), .blocks = blocks};
  aft_parallel_for(n_blocks, n_threads, measure_blocks, &s);
  row->caar_min = row->caar_max = row->t_min = row->t_max = (double)NAN;
  for (size_t b = 0; b < n_blocks; b++) {
    row->caar_min = fmin(row->caar_min, blocks[b].caar_min);
    row->caar_max = fmax(row->caar_max, blocks[b].caar_max);
    row->t_min = fmin(row->t_min, blocks[b].t_min);
    row->t_max = fmax(row->t_max, blocks[b].t_max);
    if (blocks[b].farthest <= farthest) continue;
    farthest = blocks[b].farthest;
    row->caar_without = blocks[b].caar_without;
    at = blocks[b].at;
  }
  return at;
}

/* The member that has CAR number at among those that there are. */
static size_t find_member(const aft_sample *sample, const double *car, size_t at) {
  size_t i = 0;
  for (size_t seen = 0;; i++)
    if (!isnan(car[sample->member[i]]) && seen++ == at) return sample->member[i];
}

void aft_study_measure_influence(aft_model_result *model, const aft_config *config, unsigned n_threads) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_influence_row));
  for (size_t s = 0; s < model->n_samples; s++) {
    const aft_sample *sample = &model->samples[s];
    if (sample->n < MIN_EVENTS) continue;
    g_autofree double *car = g_new(double, sample->n);
    for (size_t w = 0; w < config->n_windows; w++) {
      aft_influence_row row = {.sample = s, .window = w};
      const double *all = model->windows[w].car;
      for (size_t i = 0; i < sample->n; i++)
        if (!isnan(all[sample->member[i]])) car[row.n++] = all[sample->member[i]];
      if (row.n < MIN_EVENTS) continue;
      row.row = find_member(sample, all, measure(&row, car, n_threads));
      g_array_append_val(rows, row);
    }
  }
  model->n_influence = rows->len;
  model->influence = (aft_influence_row *)(gpointer)g_array_free(rows, FALSE);
}
