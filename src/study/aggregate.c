/* Averages, paths and tests of every sample of one model. */
#include "study_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>
#include <aftershock/stats/adjust.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/study/inference.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { FEW_EVENTS = 10 };

typedef struct aggregation {
  aft_model_result *model;
  const aft_result *study;
  GArray **rows; /* [n_samples] of aft_test_row, made by the workers */
  aft_progress *progress;
} aggregation;

/* How many CARs differ from zero once the false discovery rate among them is held at the level; room [sample->n]. */
static size_t count_significant(const aft_model_result *model, const aft_config *config, const aft_sample *sample,
                                const aft_window_values *window, double *room) {
  double level = 1 - config->confidence, df = (double)NAN, threshold = (double)NAN;
  size_t n = 0, n_small = 0;
  for (size_t i = 0; i < sample->n; i++) {
    size_t row = sample->member[i];
    double t = window->car[row] / sqrt(window->variance[row]), own = model->abnormal.fit[row].df;
    if (isnan(t) || !(own > 0)) continue;
    n++;
    if (own != df) threshold = aft_inference_quantile(own, config->confidence, 1) * (1 - 1e-9);
    df = own;
    if (!(fabs(t) >= threshold)) continue; /* its p-value is above the level */
    double p = aft_t_p_value(t, df);
    if (p <= level) room[n_small++] = p;
  }
  return aft_adjust_count_bh(room, n_small, n, level);
}

static void fill_aggregate(const aft_model_result *model, const aft_config *config, size_t s, size_t w,
                           aft_aggregate *out) {
  const aft_sample *sample = &model->samples[s];
  const aft_window_values *window = &model->windows[w];
  g_autofree double *values = g_new(double, MAX(sample->n, 1));
  *out = (aft_aggregate){.sample = s, .window = w};
  out->significant_bh = count_significant(model, config, sample, window, values);
  for (size_t i = 0; i < sample->n; i++) {
    double car = window->car[sample->member[i]];
    if (isnan(car)) continue;
    values[out->n++] = car;
    out->positive += car > 0;
    out->negative += car < 0;
  }
  out->caar = aft_mean(values, out->n);
  out->median = aft_median(values, out->n);
}

/* Cross-sectional statistics of a handful of events are defined, but hardly mean anything. */
static void note_few_events(aft_test_row *row) {
  bool defined = !isnan(row->result.statistic);
  if (defined && row->result.note == NULL && !row->test->single_only && row->result.n < FEW_EVENTS)
    row->result.note = "few events";
}

static bool is_made(const aft_test *test, const aft_test_input *input, const aft_sample *sample) {
  if (sample->single_only && !test->single_only) return false;
  if (test->single_only && (sample->n != 1 || !sample->single_only)) return false;
  return test->applies == NULL || test->applies(input);
}

void aft_study_test(const aft_model_result *model, const aft_config *config, const aft_sample *sample,
                    const aft_test_options *options, GArray *rows) {
  struct aft_test_cache *cache = aft_test_cache_new(&model->abnormal, sample->member, sample->n);
  for (size_t w = 0; w < config->n_windows; w++) {
    aft_test_input input = {.abnormal = &model->abnormal,
                            .window = &model->windows[w],
                            .member = sample->member,
                            .n = sample->n,
                            .options = options,
                            .cache = cache};
    for (size_t t = 0; t < config->n_tests; t++) {
      const aft_test *test = config->tests[t];
      if (options->progress != NULL) aft_progress_add(options->progress, 1);
      input.window = test->every_day ? &model->complete[w] : &model->windows[w];
      aft_test_row row = {.window = w, .test = test, .p_adjusted = (double)NAN, .p_romano_wolf = (double)NAN};
      if (!is_made(test, &input, sample)) continue;
      test->compute(&input, test->variant, &row.result);
      note_few_events(&row);
      g_array_append_val(rows, row);
    }
  }
  aft_test_cache_free(cache);
}

static void test_sample(const aggregation *g, size_t s) {
  const aft_config *config = g->study->config;
  const aft_test_options options = {.replicates = config->replicates,
                                    .seed = config->seed,
                                    .n_threads = 1,
                                    .kp_align = config->kp_align,
                                    .progress = g->progress};
  g->rows[s] = g_array_new(FALSE, FALSE, sizeof(aft_test_row));
  aft_study_test(g->model, config, &g->model->samples[s], &options, g->rows[s]);
  for (guint i = 0; i < g->rows[s]->len; i++) g_array_index(g->rows[s], aft_test_row, i).sample = s;
  aft_study_adjust(g->model, config, &g->model->samples[s], g->rows[s]);
}

/* Tests of every sample first, which take longest; then the averages of every sample and window. */
static void run_task(size_t first, size_t last, unsigned worker, void *data) {
  const aggregation *g = data;
  (void)worker;
  (void)last;
  if (first < g->model->n_samples) {
    test_sample(g, first);
    return;
  }
  size_t i = first - g->model->n_samples, n_windows = g->study->config->n_windows;
  fill_aggregate(g->model, g->study->config, i / n_windows, i % n_windows, &g->model->aggregates[i]);
}

void aft_study_aggregate(aft_model_result *model, const aft_result *study, unsigned n_threads) {
  const aft_config *config = study->config;
  size_t n_rel = (size_t)model->abnormal.n_rel, n_aggregates = model->n_samples * config->n_windows, n = 0;
  model->n_caar = model->n_samples * n_rel;
  model->caar = g_new(aft_caar_row, MAX(model->n_caar, 1));
  model->aggregates = g_new(aft_aggregate, MAX(n_aggregates, 1));
  for (size_t s = 0; s < model->n_samples; s++)
    aft_study_average_days(model, config, s, n_threads, model->caar + s * n_rel);
  g_autofree GArray **rows = g_new0(GArray *, MAX(model->n_samples, 1));
  aft_progress progress;
  aggregation g = {model, study, rows, &progress};
  aft_progress_begin(&progress, "tests", n_aggregates * config->n_tests);
  aft_parallel_tasks(model->n_samples + n_aggregates, n_threads, run_task, &g);
  aft_progress_end(&progress);
  for (size_t s = 0; s < model->n_samples; s++) n += rows[s]->len;
  model->tests = g_new(aft_test_row, MAX(n, 1));
  for (size_t s = 0; s < model->n_samples; s++) {
    for (guint i = 0; i < rows[s]->len; i++) model->tests[model->n_tests++] = g_array_index(rows[s], aft_test_row, i);
    g_array_unref(rows[s]);
  }
}
