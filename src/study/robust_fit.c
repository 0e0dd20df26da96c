/* A specification curve: fits at the event's sessions and at every placebo date, one run for each combination of choices. */
#include "robust_internal.h"

#include <aftershock/base/progress.h>
#include <aftershock/study/inference.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define MISSING_RETURN "an abnormal return of the window is missing"

/* Returns in one form: a view of each exchange's panel. */
typedef struct form {
  aft_panel *view; /* [n_panels] */
  long benchmark;  /* that the event's exchange has at the moment */
} form;

typedef struct estimate_run {
  aft_robust *robust;
  const aft_panel *first;
  const aft_events *known;
  aft_config config; /* what all fits share */
  form forms[2];     /* simple, log; view NULL when nobody asks for it */
  size_t n_panels, n_dates;
  long *base;      /* [n_dates] column of the event's own session on each date */
  long *place;     /* [n_sessions of the panel] row of a column in rows; -1 when no date needs it */
  aft_event *rows; /* [n_rows] */
  size_t *row;     /* [n_rows] row of the fit; G_MAXSIZE when excluded */
  size_t n_rows;
  double df, critical; /* the last df whose critical value was asked for */
} estimate_run;

static const aft_robust_session *get_session(const aft_robust *robust, size_t k) {
  return &g_array_index(robust->sessions, aft_robust_session, k);
}

static long offset_of(const aft_robust *robust, size_t k) {
  return get_session(robust, k)->column - robust->event->column;
}

/* Whether sessions around a column hold one of the event window around another. */
static bool holds(long column, aft_window around, long other, const aft_config *study) {
  return column + around.first <= other + study->last_rel && other + study->first_rel <= column + around.last;
}

/* Whether what is learnt and looked at around a column is free of an event on another one. */
static bool is_apart(const estimate_run *run, long column, long other, const aft_config *study) {
  const aft_robust_options *asked = run->robust->asked;
  aft_window span = {run->config.first_rel, run->config.last_rel};
  if (holds(column, span, other, study)) return false;
  for (size_t e = 0; e < asked->n_estimation; e++)
    if (holds(column, asked->estimation[e], other, study)) return false;
  return true;
}

/* Whether an event is of the security, or of one that is averaged. */
static bool is_own(const aft_robust *robust, const aft_event *other) {
  if (other->panel != robust->event->panel || other->alignment.session < 0) return false;
  for (size_t i = 0; i < robust->n_members; i++)
    if (robust->members[i] == other->security) return true;
  return robust->n_members == 0 && other->security == robust->event->security;
}

static bool is_free(const estimate_run *run, long column, const aft_config *study) {
  for (guint k = 0; k < run->robust->sessions->len; k++)
    if (!is_apart(run, column, get_session(run->robust, k)->column, study)) return false;
  for (size_t i = 0; i < run->known->n; i++) {
    const aft_event *other = &run->known->rows[i];
    if (is_own(run->robust, other) && !is_apart(run, column, other->column, study)) return false;
  }
  return true;
}

/* Whether the security has the returns that a fit needs; count[t]: returns before column t. */
static bool is_complete(const estimate_run *run, long column, const size_t *count) {
  const aft_robust_options *asked = run->robust->asked;
  long n = (long)run->robust->panel->n_sessions, first = column + run->config.first_rel;
  long end = column + run->config.last_rel + 1;
  if (first < 0 || end > n || count[end] - count[first] < (size_t)(end - first)) return false;
  for (size_t e = 0; e < asked->n_estimation; e++) {
    long from = MAX(0, column + asked->estimation[e].first), to = MIN(n, column + asked->estimation[e].last + 1);
    if (to <= from || count[to] - count[from] < (size_t)aft_config_min_obs(&run->config, asked->estimation[e]))
      return false;
  }
  return true;
}

/* Whether the security, or every one that is averaged, has a return. */
static bool has_return(const aft_robust *robust, long t) {
  const aft_panel *panel = robust->panel;
  const double *column = panel->returns + t;
  for (size_t i = 0; i < robust->n_members; i++)
    if (isnan(column[(size_t)robust->members[i] * panel->n_sessions])) return false;
  return robust->n_members > 0 || !isnan(column[(size_t)robust->event->security * panel->n_sessions]);
}

/* The dates: the event, and the placebos, evenly thinned when there are more than asked for. */
static void list_dates(estimate_run *run, const aft_config *study) {
  const aft_robust *robust = run->robust;
  long n = (long)robust->panel->n_sessions;
  g_autofree size_t *count = g_new(size_t, (size_t)n + 1);
  g_autoptr(GArray) found = g_array_new(FALSE, FALSE, sizeof(long));
  count[0] = 0;
  for (long t = 0; t < n; t++) count[t + 1] = count[t] + (has_return(robust, t) ? 1 : 0);
  for (long t = 0; t < n; t++) {
    bool usable = true;
    for (guint k = 0; k < robust->sessions->len && usable; k++) {
      if (!get_session(robust, k)->inside) continue;
      long column = t + offset_of(robust, k);
      usable = column >= 0 && column < n && is_complete(run, column, count) && is_free(run, column, study);
    }
    if (usable) g_array_append_val(found, t);
  }
  size_t n_placebos = MIN(found->len, (size_t)robust->asked->placebos);
  run->base = g_new(long, 1 + n_placebos);
  run->base[0] = robust->event->column;
  for (size_t i = 0; i < n_placebos; i++)
    run->base[1 + i] = g_array_index(found, long, (2 * i + 1) * found->len / (2 * n_placebos));
  run->n_dates = 1 + n_placebos;
}

/* One event to fit for each session that some date needs. */
static void list_rows(estimate_run *run) {
  const aft_robust *robust = run->robust;
  size_t n = robust->panel->n_sessions;
  run->place = g_new(long, n);
  for (size_t t = 0; t < n; t++) run->place[t] = -1;
  for (size_t d = 0; d < run->n_dates; d++)
    for (guint k = 0; k < robust->sessions->len; k++)
      if (get_session(robust, k)->inside) run->place[run->base[d] + offset_of(robust, k)] = 0;
  run->rows = g_new(aft_event, n);
  for (size_t t = 0; t < n; t++) {
    if (run->place[t] < 0) continue;
    run->place[t] = (long)run->n_rows;
    run->rows[run->n_rows] = *robust->event;
    if (robust->n_members > 0) run->rows[run->n_rows].security = (int32_t)robust->panel->n_securities; /* the mean */
    run->rows[run->n_rows++].column = (int32_t)t;
  }
  run->row = g_new(size_t, MAX(run->n_rows, 1));
}

/* Views of all panels in one form, each with the benchmark of its exchange. */
static bool open_form(estimate_run *run, int which, GError **error) {
  const aft_config *config = &run->config;
  form *f = &run->forms[which];
  f->view = g_new0(aft_panel, run->n_panels);
  f->benchmark = -1;
  size_t i = 0;
  for (const aft_panel *panel = run->first; panel != NULL; panel = panel->next, i++) {
    aft_panel_view_init(&f->view[i], panel, config->log_returns, which == 1);
    if (panel->next != NULL) f->view[i].next = &f->view[i + 1];
    if (panel == run->robust->panel && run->robust->n_members > 0)
      aft_panel_view_add_mean(&f->view[i], run->robust->members, run->robust->n_members);
  }
  for (i = 0; i < run->n_panels; i++)
    if (!aft_panel_set_market(&f->view[i], aft_config_get_market(config, i).market, which == 1, error)) return false;
  return true;
}

static void close_forms(estimate_run *run) {
  for (int which = 0; which < 2; which++) {
    for (size_t i = 0; i < run->n_panels && run->forms[which].view != NULL; i++)
      aft_panel_view_clear(&run->forms[which].view[i]);
    g_free(run->forms[which].view);
  }
}

static bool set_benchmark(estimate_run *run, form *f, bool is_log, long benchmark, GError **error) {
  if (benchmark < 0 || benchmark == f->benchmark) return true;
  const aft_robust *robust = run->robust;
  if (!aft_panel_set_market(&f->view[robust->panel->number], robust->asked->benchmarks[benchmark], is_log, error)) {
    g_prefix_error(error, "%s:%ld: robust.benchmarks: ", run->config.path, robust->asked->line);
    return false;
  }
  f->benchmark = benchmark;
  return true;
}

static double find_critical(estimate_run *run, double df) {
  if (!(df == run->df)) {
    run->df = df;
    run->critical = aft_inference_quantile(df, run->config.confidence, 1);
  }
  return run->critical;
}

/* The event under one specification. */
static void describe(estimate_run *run, const aft_model_result *model, size_t fitted, size_t w,
                     aft_specification *spec) {
  const aft_window_values *values = &model->windows[w];
  double df = model->abnormal.fit[fitted].df;
  aft_inference i = aft_inference_compute(values->car[fitted], values->variance[fitted], df, find_critical(run, df));
  spec->estimate = values->car[fitted];
  spec->n_obs = model->abnormal.fit[fitted].n_obs;
  if (isnan(spec->estimate))
    spec->reason = MISSING_RETURN;
  else if (isnan(values->scar[fitted]))
    spec->reason = "the residuals do not vary";
  if (spec->reason != NULL) return;
  spec->standard_error = i.standard_error;
  spec->df = df;
  spec->statistic = i.statistic;
  spec->p_value = i.p_value;
  spec->ci_low = i.ci_low;
  spec->ci_high = i.ci_high;
}

static void set_undefined(aft_specification *spec) {
  spec->estimate = spec->standard_error = spec->df = spec->statistic = spec->p_value = spec->ci_low = spec->ci_high =
      (double)NAN;
}

/* What one fit of all rows says about the specifications of its combination: windows x sessions, from index `first` on. */
static void keep(estimate_run *run, const aft_model_result *model, size_t first, robust_values *values) {
  const aft_robust *robust = run->robust;
  size_t n_windows = robust->asked->n_windows, n_sessions = robust->sessions->len;
  for (size_t i = 0; i < run->n_rows; i++) run->row[i] = G_MAXSIZE;
  for (size_t fitted = 0; fitted < model->abnormal.n_events; fitted++) run->row[model->abnormal.event[fitted]] = fitted;
  for (size_t s = 0; s < n_windows * n_sessions; s++) {
    size_t w = s / n_sessions, k = s % n_sessions;
    aft_specification *spec = &robust->specs[first + s];
    double *t = values->t + (first + s) * run->n_dates;
    signed char *hit = values->hit + (first + s) * run->n_dates;
    bool inside = get_session(robust, k)->inside;
    set_undefined(spec);
    if (!inside) spec->reason = "windows beyond the data";
    for (size_t d = 0; d < run->n_dates; d++) {
      size_t place = inside ? (size_t)run->place[run->base[d] + offset_of(robust, k)] : 0;
      size_t fitted = inside ? run->row[place] : G_MAXSIZE;
      t[d] = fitted == G_MAXSIZE ? (double)NAN : model->windows[w].scar[fitted];
      hit[d] = 0;
      if (d == 0 && inside && fitted == G_MAXSIZE) spec->reason = model->excluded[place];
      if (d == 0 && fitted != G_MAXSIZE) describe(run, model, fitted, w, spec);
      if (isnan(t[d]) || fabs(t[d]) < find_critical(run, model->abnormal.fit[fitted].df)) continue;
      hit[d] = t[d] < 0 ? -1 : 1;
    }
  }
}

static bool fit_combination(estimate_run *run, const robust_combination *combination, size_t first,
                            robust_values *values, unsigned n_threads, GError **error) {
  const aft_robust *robust = run->robust;
  form *f = &run->forms[combination->is_log ? 1 : 0];
  aft_window estimation = robust->asked->estimation[combination->estimation];
  aft_config config = run->config;
  if (!set_benchmark(run, f, combination->is_log, combination->benchmark, error)) return false;
  config.models = &robust->models[combination->model];
  config.log_returns = combination->is_log;
  config.first_est = estimation.first;
  config.last_est = estimation.last;
  config.min_obs = aft_config_min_obs(&run->config, estimation);
  for (size_t i = 0; i < run->n_rows; i++) run->rows[i].panel = &f->view[robust->panel->number];
  const aft_events events = {.n = run->n_rows, .rows = run->rows};
  const aft_result study = {.config = &config, .panel = f->view, .events = &events, .known = run->known, .focus = -1};
  aft_model_result model = {.spec = config.models};
  if (!aft_study_estimate(&model, &study, n_threads, error)) return false;
  keep(run, &model, first, values);
  aft_study_clear_model(&model, config.n_windows);
  return true;
}

/* Keeps the dates on which every specification is defined that is defined for the event, which is the first of them. */
static void drop_undefined(estimate_run *run, robust_values *values) {
  aft_robust *robust = run->robust;
  size_t kept = 0, n = run->n_dates;
  g_autofree bool *whole = g_new(bool, n);
  for (size_t d = 0; d < n; d++) whole[d] = true;
  for (size_t s = 0; s < robust->n_specs; s++)
    for (size_t d = 0; d < n && robust->specs[s].reason == NULL; d++)
      if (isnan(values->t[s * n + d])) whole[d] = false;
  for (size_t d = 0; d < n; d++) kept += whole[d];
  for (size_t s = 0; s < robust->n_specs; s++)
    for (size_t d = 0, to = s * kept; d < n; d++) {
      if (!whole[d]) continue;
      values->t[to] = values->t[s * n + d];
      values->hit[to++] = values->hit[s * n + d];
    }
  values->n_dates = kept;
  robust->n_placebos = kept - 1;
  robust->placebo = g_new(long, kept);
  for (size_t d = 1, to = 0; d < n; d++)
    if (whole[d]) robust->placebo[to++] = run->base[d];
}

/* The study's settings with what all fits share: the windows, the event grid that holds them, nothing about many events. */
static aft_config share_config(const aft_config *study) {
  aft_config config = *study;
  config.windows = study->robust.windows;
  config.n_windows = study->robust.n_windows;
  aft_window span = aft_config_get_span(&config);
  config.first_rel = MIN(span.first, 0);
  config.last_rel = MAX(span.last, 0);
  config.n_models = 1;
  config.n_tests = config.n_compat = config.n_regressions = 0;
  config.calendar_time.wanted = false;
  config.tables = AFT_TABLES_AGGREGATE; /* no residuals */
  return config;
}

bool robust_estimate(aft_robust *robust, robust_values *values, const robust_combination *combinations,
                     size_t n_combinations, const aft_config *config, const aft_panel *first, const aft_events *events,
                     const aft_robust_run *how, GError **error) {
  estimate_run run = {
      .robust = robust, .first = first, .known = events, .config = share_config(config), .df = (double)NAN};
  for (const aft_panel *panel = first; panel != NULL; panel = panel->next) run.n_panels++;
  bool ok = true;
  for (int which = 0; ok && which < 2; which++)
    if (robust->asked->returns[which]) ok = open_form(&run, which, error);
  if (ok) {
    list_dates(&run, config);
    list_rows(&run);
    values->n_dates = run.n_dates;
    values->t = g_new0(double, MAX(robust->n_specs * run.n_dates, 1));
    values->hit = g_new0(signed char, MAX(robust->n_specs * run.n_dates, 1));
  }
  size_t step = robust->asked->n_windows * robust->sessions->len;
  aft_progress progress;
  aft_progress_begin(&progress, "choices", n_combinations); /* fits of all dates under each */
  for (size_t c = 0; ok && c < n_combinations; c++) {
    ok = fit_combination(&run, &combinations[c], c * step, values, how->n_threads, error);
    aft_progress_add(&progress, 1);
  }
  aft_progress_end(&progress);
  if (ok) drop_undefined(&run, values);
  close_forms(&run);
  g_free(run.base);
  g_free(run.place);
  g_free(run.rows);
  g_free(run.row);
  return ok;
}

void robust_values_clear(robust_values *values) {
  g_clear_pointer(&values->t, g_free);
  g_clear_pointer(&values->hit, g_free);
}
