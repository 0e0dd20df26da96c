/* The study's statistics as other programs would have them. */
#include "compat_internal.h"
#include "test_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/stats/dist.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* A statistic under one setting; settings give the same list in the same order. */
typedef struct measured {
  size_t sample, window;
  const char *test;
  double statistic, p;
} measured;

/* One model of the study under one setting of a profile. */
typedef struct run {
  const aft_result *study;
  const aft_model_result *model; /* ours, with the samples */
  const aft_model_result *used;  /* ours, or fitted again */
  const aft_compat_profile *profile;
  const aft_compat_setting *setting;
  GArray **rows; /* [n_samples] of measured */
} run;

static bool is_among(const char *const *names, const char *name) {
  for (; *names != NULL; names++)
    if (strcmp(*names, name) == 0) return true;
  return false;
}

static bool makes(const aft_compat_profile *profile, const char *test, const aft_window_values *window) {
  return is_among(profile->tests, test) || (window->n_days == 1 && is_among(profile->daily_tests, test));
}

static void test_sample(const run *r, size_t s) {
  const aft_sample *sample = &r->model->samples[s];
  g_autoptr(GArray) tests = g_array_new(FALSE, FALSE, sizeof(aft_test_row));
  aft_study_test(r->used, &r->setting->config, sample, &r->setting->options, tests);
  for (guint i = 0; i < tests->len; i++) {
    const aft_test_row *row = &g_array_index(tests, aft_test_row, i);
    if (!makes(r->profile, row->test->name, &r->used->windows[row->window])) continue;
    measured m = {s, row->window, row->test->name, row->result.statistic, row->result.p_value};
    g_array_append_val(r->rows[s], m);
  }
}

/* The focus event's own t, in the sample of its story. */
static void measure_focus(const run *r, size_t s, size_t row) {
  aft_abnormal used = r->used->abnormal; /* shares the arrays */
  if (r->setting->plain_car) used.n_z = 0;
  for (size_t w = 0; w < r->setting->config.n_windows; w++) {
    const aft_window_values *window = &r->used->windows[w];
    double car, variance;
    aft_abnormal_car(&used, row, window->first, window->last, &car, &variance);
    double t = variance > 0 ? car / sqrt(variance) : (double)NAN;
    measured m = {s, w, "car_t", t, aft_t_p_value(t, used.fit[row].df)};
    g_array_append_val(r->rows[s], m);
  }
}

static void measure_averages(const run *r, size_t s) {
  const aft_sample *sample = &r->model->samples[s];
  struct aft_test_cache *cache = aft_test_cache_new(&r->used->abnormal, sample->member, sample->n);
  for (size_t w = 0; w < r->setting->config.n_windows; w++) {
    aft_test_input input = {.abnormal = &r->used->abnormal,
                            .window = &r->used->windows[w],
                            .member = sample->member,
                            .n = sample->n,
                            .options = &r->setting->options,
                            .cache = cache};
    const aft_selection *events = aft_test_complete(&input);
    double mean = aft_mean(events->value, events->n);
    if (r->setting->log_caar && events->n > 0) mean = aft_test_log_mean(&input, events);
    measured m = {s, w, "caar", mean, (double)NAN};
    g_array_append_val(r->rows[s], m);
  }
  aft_test_cache_free(cache);
}

static bool holds_focus(const run *r, const aft_sample *sample, size_t *row) {
  if (!g_str_has_prefix(sample->name, "event:") || strchr(sample->name, '/') != NULL) return false;
  for (size_t i = 0; i < sample->n; i++) {
    *row = sample->member[i];
    if ((long)r->model->abnormal.event[*row] == r->study->focus) return true;
  }
  return false;
}

static void measure_range(size_t first, size_t last, unsigned worker, void *data) {
  const run *r = data;
  (void)worker;
  for (size_t s = first; s < last; s++) {
    size_t row;
    r->rows[s] = g_array_new(FALSE, FALSE, sizeof(measured));
    if (is_among(r->profile->tests, "car_t") && holds_focus(r, &r->model->samples[s], &row)) measure_focus(r, s, row);
    if (r->model->samples[s].single_only) continue;
    if (is_among(r->profile->tests, "caar")) measure_averages(r, s);
    test_sample(r, s);
  }
}

/* Scales the market's column of Z: with (T - 1)/T of its square, as where the market's variance is multiplied by T. */
static void scale_market(aft_model_result *model, const aft_config *config) {
  aft_abnormal *a = &model->abnormal;
  bool is_line = model->spec->model->regressors == AFT_REGRESSORS_MARKET && model->spec->options.alpha && a->n_z == 2;
  g_autofree bool *scaled = g_new0(bool, MAX(a->n_events, 1)); /* events may share a root, and then T too */
  for (size_t i = 0; is_line && i < a->n_events; i++) {
    double factor = sqrt((a->fit[i].n_obs - 1.0) / a->fit[i].n_obs);
    size_t root = a->shares_roots ? a->fit[i].root : i;
    if (a->root != NULL && !scaled[root]) a->root[3 * root + 2] /= factor;
    scaled[root] = true;
    for (int j = 0; j < a->n_rel && a->root == NULL; j++) a->z[(i * (size_t)a->n_rel + (size_t)j) * 2 + 1] *= factor;
  }
  aft_study_fill_windows(model, config, 1);
}

/* Every statistic under the setting, by sample; array of measured, owned. NULL when another fit has other events. */
static GArray *measure(const run *shared, const aft_compat_setting *setting, unsigned n_threads) {
  aft_model_result refit = {.spec = &setting->spec};
  aft_result study = *shared->study;
  study.config = &setting->config;
  study.parts = NULL; /* fits of this process alone */
  run r = *shared;
  r.setting = setting;
  r.used = setting->refits ? &refit : shared->model;
  bool same = true;
  if (setting->refits) {
    same = aft_study_estimate(&refit, &study, n_threads, NULL) && refit.abnormal.n_events == r.model->abnormal.n_events;
    if (same && setting->market_n_1) scale_market(&refit, &setting->config);
  }
  GArray *all = same ? g_array_new(FALSE, FALSE, sizeof(measured)) : NULL;
  if (same) aft_parallel_for(r.model->n_samples, n_threads, measure_range, &r);
  for (size_t s = 0; same && s < r.model->n_samples; s++) {
    g_array_append_vals(all, r.rows[s]->data, r.rows[s]->len);
    g_array_unref(r.rows[s]);
  }
  if (setting->refits) aft_study_clear_model(&refit, setting->config.n_windows);
  return all;
}

/* The study's own, for the tests that the program has; tests is a workspace for their list. */
static aft_compat_setting own_setting(const run *r, const aft_test **tests) {
  const aft_config *config = r->study->config;
  aft_compat_setting own = {
      .config = *config,
      .spec = *r->model->spec,
      .options = {
          .replicates = config->replicates, .seed = config->seed, .n_threads = 1, .kp_align = config->kp_align}};
  own.config.tests = tests;
  own.config.n_tests = 0;
  for (size_t t = 0; t < config->n_tests; t++)
    if (is_among(r->profile->tests, config->tests[t]->name) ||
        is_among(r->profile->daily_tests, config->tests[t]->name))
      tests[own.config.n_tests++] = config->tests[t];
  return own;
}

/* Whether a number moved by more than rounding; what is undefined on one side alone did. */
static bool moved(double a, double b) {
  if (isnan(a) || isnan(b)) return isnan(a) != isnan(b);
  return fabs(a - b) > 1e-11 * fmax(fabs(a), fabs(b));
}

static int compare_effects(const void *left, const void *right) {
  const aft_compat_row *a = left, *b = right;
  double x = fabs(a->effect), y = fabs(b->effect);
  if (isnan(x) || isnan(y)) return isnan(y) - isnan(x);
  if (x != y) return x > y ? -1 : 1;
  x = fabs(a->effect_p);
  y = fabs(b->effect_p);
  return x > y ? -1 : x < y;
}

/* The rows of one statistic: a row for each convention that moves it, or one without. */
static void add_rows(const aft_compat_profile *profile, const measured *ours, const measured *theirs,
                     GArray *const *alone, guint place, GArray *rows) {
  guint before = rows->len;
  aft_compat_row row = {.profile = profile,
                        .sample = ours->sample,
                        .window = ours->window,
                        .test = ours->test,
                        .ours = ours->statistic,
                        .ours_p = ours->p,
                        .theirs = theirs->statistic,
                        .theirs_p = theirs->p,
                        .effect = (double)NAN,
                        .effect_p = (double)NAN};
  for (size_t c = 0; profile->conventions[c] != NULL; c++) {
    if (alone[c] == NULL) continue;
    const measured *one = &g_array_index(alone[c], measured, place);
    if (!moved(one->statistic, ours->statistic) && !moved(one->p, ours->p)) continue;
    row.convention = profile->conventions[c];
    row.effect = one->statistic - ours->statistic;
    row.effect_p = one->p - ours->p;
    g_array_append_val(rows, row);
  }
  if (rows->len == before)
    g_array_append_val(rows, row);
  else
    qsort(&g_array_index(rows, aft_compat_row, before), rows->len - before, sizeof row, compare_effects);
}

static void compare_profile(const run *r, unsigned n_threads, GArray *rows) {
  const aft_compat_profile *profile = r->profile;
  GArray *alone[G_N_ELEMENTS(profile->conventions)] = {NULL};
  g_autofree const aft_test **tests = g_new(const aft_test *, MAX(r->study->config->n_tests, 1));
  aft_compat_setting own = own_setting(r, tests), all = own;
  g_autoptr(GArray) ours = measure(r, &own, n_threads);
  for (size_t c = 0; profile->conventions[c] != NULL; c++) {
    aft_compat_setting one = own;
    profile->conventions[c]->apply(&one);
    profile->conventions[c]->apply(&all);
    alone[c] = measure(r, &one, n_threads);
  }
  g_autoptr(GArray) theirs = measure(r, &all, n_threads);
  for (guint i = 0; theirs != NULL && i < ours->len; i++)
    add_rows(profile, &g_array_index(ours, measured, i), &g_array_index(theirs, measured, i), alone, i, rows);
  for (size_t c = 0; c < G_N_ELEMENTS(alone); c++)
    if (alone[c] != NULL) g_array_unref(alone[c]);
}

void aft_study_compare_programs(aft_model_result *model, const aft_result *study, unsigned n_threads) {
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_compat_row));
  g_autofree GArray **parts = g_new0(GArray *, MAX(model->n_samples, 1));
  for (size_t p = 0; p < study->config->n_compat; p++) {
    const run r = {.study = study, .model = model, .profile = study->config->compat[p], .rows = parts};
    compare_profile(&r, n_threads, rows);
  }
  model->n_compat = rows->len;
  model->compat = (aft_compat_row *)(gpointer)g_array_free(rows, FALSE);
}
