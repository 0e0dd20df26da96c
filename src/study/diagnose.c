/* Diagnostics of every fit, one event after the other. */
#include <aftershock/study/diagnose.h>

#include "study_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/study/inference.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* An event on the calendar, by firm and day. */
typedef struct dated {
  size_t row;
  int firm;
  aft_day day, first, last, first_est, last_est; /* of the event, of its event window, of its estimation window */
} dated;

typedef struct diagnosing {
  const aft_result *result;
  const aft_model_result *model;
  aft_diagnosis *out;
  aft_progress *progress;
} diagnosing;

static void diagnose_residuals(const aft_abnormal *a, size_t row, double *work, aft_diagnosis *out) {
  const aft_portmanteau undefined = {(double)NAN, (double)NAN, (double)NAN};
  const double *residual = a->residual + row * (size_t)a->n_est;
  size_t n = (size_t)a->n_est;
  out->shape = aft_shape_compute(residual, n);
  out->jarque_bera = out->ljung_box = out->arch_lm = undefined;
  if (!(a->fit[row].sigma > 0)) {
    out->shape.skewness = out->shape.kurtosis = (double)NAN;
    return;
  }
  out->jarque_bera = aft_jarque_bera(&out->shape);
  if (out->shape.n > (size_t)2 * AFT_DIAGNOSE_LJUNG_BOX_LAGS)
    out->ljung_box = aft_ljung_box(residual, n, AFT_DIAGNOSE_LJUNG_BOX_LAGS);
  out->arch_lm = aft_arch_lm(residual, n, AFT_DIAGNOSE_ARCH_LAGS, work);
}

/* Zero and missing returns between the first and the last that the security has. */
static void diagnose_trading(const aft_result *result, const aft_abnormal *a, size_t row, aft_diagnosis *out) {
  const aft_event *event = &result->events->rows[a->event[row]];
  const aft_panel *panel = aft_result_get_panel(result, event);
  const double *returns = panel->returns + (size_t)a->security[row] * panel->n_sessions;
  long first = MAX(a->session[row] + a->first_est, panel->first_valid[a->security[row]]);
  long last = MIN(a->session[row] + a->first_est + a->n_est - 1, panel->last_valid[a->security[row]]);
  double n = 0, zero = 0, missing = 0;
  for (long t = MAX(first, 0); t <= last; t++) {
    n++;
    zero += returns[t] == 0;
    missing += isnan(returns[t]) != 0;
  }
  out->zero_share = n > 0 ? zero / n : (double)NAN;
  out->missing_share = n > 0 ? missing / n : (double)NAN;
  out->is_thin = zero + missing > AFT_DIAGNOSE_THIN * n;
}

static void diagnose_drift(const aft_abnormal *a, size_t row, aft_diagnosis *out) {
  double variance;
  int last = MIN(-1, a->first_rel + a->n_rel - 1) - a->first_rel;
  out->drift = out->drift_t = out->drift_p = (double)NAN;
  if (last < 0) return;
  aft_abnormal_car(a, row, 0, last, &out->drift, &variance);
  aft_inference i = aft_inference_compute(out->drift, variance, a->fit[row].df, (double)NAN);
  out->drift_t = i.statistic;
  out->drift_p = i.p_value;
}

static void diagnose_range(size_t first, size_t last, unsigned worker, void *data) {
  const diagnosing *d = data;
  const aft_abnormal *a = &d->model->abnormal;
  (void)worker;
  g_autofree double *work = g_new(double, (size_t)(AFT_DIAGNOSE_ARCH_LAGS + 2) * (size_t)a->n_est);
  for (size_t row = first; row < last; row++) {
    diagnose_residuals(a, row, work, &d->out[row]);
    diagnose_trading(d->result, a, row, &d->out[row]);
    diagnose_drift(a, row, &d->out[row]);
    aft_progress_add(d->progress, 1);
  }
}

/* Day of a session of the panel, or of the nearest end of it. */
static aft_day day_of(const aft_panel *panel, long column) {
  return panel->day[CLAMP(column, 0, (long)panel->n_sessions - 1)];
}

static int compare_dated(const void *left, const void *right) {
  const dated *a = left, *b = right;
  if (a->firm != b->firm) return a->firm < b->firm ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

static void place(const aft_result *result, const aft_abnormal *a, size_t row, dated *out) {
  const aft_panel *panel = aft_result_get_panel(result, &result->events->rows[a->event[row]]);
  long session = a->session[row];
  *out = (dated){.row = row,
                 .firm = aft_abnormal_firm(a, row),
                 .day = day_of(panel, session),
                 .first = day_of(panel, session + a->first_rel),
                 .last = day_of(panel, session + a->first_rel + a->n_rel - 1),
                 .first_est = day_of(panel, session + a->first_est),
                 .last_est = day_of(panel, session + a->first_est + a->n_est - 1)};
}

/* Events of one firm that meet: every pair of them. */
static void count_neighbours(const diagnosing *d) {
  const aft_abnormal *a = &d->model->abnormal;
  g_autofree dated *event = g_new(dated, MAX(a->n_events, 1));
  for (size_t row = 0; row < a->n_events; row++) {
    place(d->result, a, row, &event[row]);
    d->out[row].n_overlapping = d->out[row].n_inside = 0;
  }
  if (a->n_events > 0) qsort(event, a->n_events, sizeof *event, compare_dated);
  for (size_t i = 0, end = 0; i < a->n_events; i++) {
    if (i == end)
      while (end < a->n_events && event[end].firm == event[i].firm) end++;
    for (size_t j = i + 1; j < end; j++) {
      const dated *x = &event[i], *y = &event[j];
      bool meet = x->first <= y->last && y->first <= x->last;
      d->out[x->row].n_overlapping += meet;
      d->out[y->row].n_overlapping += meet;
      d->out[x->row].n_inside += y->day >= x->first_est && y->day <= x->last_est;
      d->out[y->row].n_inside += x->day >= y->first_est && x->day <= y->last_est;
    }
  }
}

/* Factor on a standard error from correlated events, as bmp and bmp_kp have it; 1 where they were not both made. */
static double find_inflation(const aft_model_result *model, size_t sample, size_t window) {
  double plain = (double)NAN, adjusted = (double)NAN;
  for (size_t i = 0; i < model->n_tests; i++) {
    const aft_test_row *row = &model->tests[i];
    if (row->sample != sample || row->window != window) continue;
    if (strcmp(row->test->name, "bmp") == 0) plain = row->result.statistic;
    if (strcmp(row->test->name, "bmp_kp") == 0) adjusted = row->result.statistic;
  }
  return isfinite(plain / adjusted) && plain / adjusted > 0 ? plain / adjusted : 1;
}

static double detect(double standard_error, double df, double confidence) {
  if (!(standard_error > 0) || !(df > 0)) return (double)NAN;
  return (aft_t_quantile(1 - (1 - confidence) / 2, df) + aft_t_quantile(AFT_DIAGNOSE_POWER, df)) * standard_error;
}

static void add_sample(const aft_model_result *model, const aft_config *config, size_t s, size_t w, GArray *rows) {
  const aft_sample *sample = &model->samples[s];
  g_autofree double *car = g_new(double, MAX(sample->n, 1));
  aft_detectable row = {.is_sample = true, .which = s, .window = w};
  for (size_t i = 0; i < sample->n; i++) {
    double value = model->windows[w].car[sample->member[i]];
    if (!isnan(value)) car[row.n++] = value;
  }
  if (row.n < 2) return;
  row.standard_error = aft_sd(car, row.n, aft_mean(car, row.n)) / sqrt((double)row.n) * find_inflation(model, s, w);
  row.df = (double)row.n - 1;
  row.effect = detect(row.standard_error, row.df, config->confidence);
  g_array_append_val(rows, row);
}

static void find_detectable(aft_model_result *model, const aft_config *config) {
  const aft_abnormal *a = &model->abnormal;
  GArray *rows = g_array_new(FALSE, FALSE, sizeof(aft_detectable));
  for (size_t s = 0; s < model->n_samples; s++)
    for (size_t w = 0; w < config->n_windows; w++) add_sample(model, config, s, w, rows);
  for (size_t i = 0; i < a->n_events; i++)
    for (size_t w = 0; w < config->n_windows; w++) {
      aft_detectable row = {.which = i, .window = w, .n = 1, .df = a->fit[i].df};
      row.standard_error = sqrt(model->windows[w].variance[i]);
      row.effect = detect(row.standard_error, row.df, config->confidence);
      g_array_append_val(rows, row);
    }
  model->n_detectable = rows->len;
  model->detectable = (aft_detectable *)(gpointer)g_array_free(rows, FALSE);
}

void aft_study_diagnose(aft_result *result, unsigned n_threads) {
  for (size_t m = 0; m < result->config->n_models; m++) {
    aft_model_result *model = &result->models[m];
    model->diagnoses = g_new0(aft_diagnosis, MAX(model->abnormal.n_events, 1));
    aft_progress progress;
    diagnosing d = {.result = result, .model = model, .out = model->diagnoses, .progress = &progress};
    aft_progress_begin(&progress, "fits examined", model->abnormal.n_events);
    aft_parallel_for(model->abnormal.n_events, n_threads, diagnose_range, &d);
    aft_progress_end(&progress);
    count_neighbours(&d);
    find_detectable(model, result->config);
  }
}

aft_diagnosis_counts aft_diagnosis_count(const aft_model_result *model, double level) {
  aft_diagnosis_counts counts = {.n = model->abnormal.n_events};
  g_autofree double *kurtosis = g_new(double, MAX(counts.n, 1));
  size_t n_defined = 0;
  for (size_t i = 0; i < counts.n; i++) {
    const aft_diagnosis *d = &model->diagnoses[i];
    counts.jarque_bera += d->jarque_bera.p_value < level;
    counts.ljung_box += d->ljung_box.p_value < level;
    counts.arch_lm += d->arch_lm.p_value < level;
    counts.thin += d->is_thin;
    counts.overlapping += d->n_overlapping > 0;
    counts.inside_estimation += d->n_inside > 0;
    counts.drift += d->drift_p < level;
    if (!isnan(d->shape.kurtosis)) kurtosis[n_defined++] = d->shape.kurtosis;
  }
  counts.median_kurtosis = aft_median(kurtosis, n_defined);
  return counts;
}
