/* p-values corrected for the number of windows: from the p-values alone, and by resampling the events of all windows together. */
#include <aftershock/study/adjust.h>

#include "study_internal.h"

#include <aftershock/stats/adjust.h>
#include <aftershock/stats/romano_wolf.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const aft_adjustment table[] = {
    {"holm", "Holm", "Holm's", "Holm", aft_adjust_holm},
    {"bonferroni", "Bonferroni", "Bonferroni's", "Bonferroni", aft_adjust_bonferroni},
    {"hochberg", "Hochberg", "Hochberg's", "Hochberg, for independent or positively dependent windows",
     aft_adjust_hochberg},
    {"bh", "BH", "Benjamini and Hochberg's", "BH, the false discovery rate of Benjamini and Hochberg", aft_adjust_bh},
    {"by", "BY", "Benjamini and Yekutieli's", "BY, the false discovery rate of Benjamini and Yekutieli", aft_adjust_by},
};

const aft_adjustment *aft_adjustments(size_t *n) {
  *n = G_N_ELEMENTS(table);
  return table;
}

const aft_adjustment *aft_adjustment_find(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(table); i++)
    if (strcmp(table[i].name, name) == 0) return &table[i];
  return NULL;
}

/* The rows of one test of one sample: one row a window. */
typedef struct family {
  size_t n;
  aft_test_row **row; /* [n] */
  double *p;          /* [n] */
} family;

static void adjust_p_values(const family *f, const aft_adjustment *adjust) {
  for (size_t i = 0; i < f->n; i++) f->p[i] = f->row[i]->result.p_value;
  adjust->apply(f->p, f->n, f->p);
  for (size_t i = 0; i < f->n; i++) f->row[i]->p_adjusted = f->p[i];
}

/* What the test of a row is the cross-sectional t of, by event; NULL for a test that is none. */
static const double *values_of(const aft_model_result *model, const aft_test_row *row) {
  const aft_window_values *window = &model->windows[row->window];
  if (strcmp(row->test->name, "csect_t") == 0) return window->car;
  return strcmp(row->test->name, "bmp") == 0 ? window->scar : NULL;
}

/* Over the windows whose statistic is defined, and the events that are complete in all of them. */
static void adjust_by_resampling(const family *f, const aft_model_result *model, const aft_config *config,
                                 const aft_sample *sample) {
  size_t m = 0, n = 0;
  for (size_t i = 0; i < f->n; i++)
    if (!isnan(f->row[i]->result.p_value)) f->row[m++] = f->row[i];
  g_autofree double *x = g_new(double, MAX(sample->n * m, 1));
  for (size_t i = 0; i < sample->n; i++) {
    bool complete = true;
    for (size_t k = 0; k < m; k++) {
      x[n * m + k] = values_of(model, f->row[k])[sample->member[i]];
      complete = complete && !isnan(x[n * m + k]);
    }
    n += complete;
  }
  aft_adjust_romano_wolf(x, n, m, config->replicates, config->seed, f->p);
  for (size_t k = 0; k < m; k++) f->row[k]->p_romano_wolf = f->p[k];
}

void aft_study_adjust(const aft_model_result *model, const aft_config *config, const aft_sample *sample, GArray *rows) {
  g_autofree double *p = g_new(double, config->n_windows);
  g_autofree aft_test_row **at = g_new(aft_test_row *, config->n_windows);
  for (size_t t = 0; t < config->n_tests; t++) {
    family f = {0, at, p};
    for (guint i = 0; i < rows->len; i++) {
      aft_test_row *row = &g_array_index(rows, aft_test_row, i);
      if (row->test == config->tests[t]) at[f.n++] = row;
    }
    if (f.n == 0) continue;
    adjust_p_values(&f, config->adjust);
    if (f.n > 1 && values_of(model, at[0]) != NULL) adjust_by_resampling(&f, model, config, sample);
  }
}
