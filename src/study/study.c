/* The study: models, samples, tests, and the event that the story is told about. */
#include "study_internal.h"

#include <aftershock/study/alignments.h>
#include <aftershock/study/candidates.h>
#include <aftershock/study/halves.h>
#include <aftershock/study/simulate.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void clear_abnormal(aft_abnormal *a) {
  g_free(a->event);
  g_free(a->security);
  g_free(a->session);
  g_free(a->market);
  g_free(a->firm);
  g_free(a->day);
  g_free(a->fit);
  g_free(a->gap);
  g_free(a->note);
  double *const arrays[] = {a->loglik, a->residual, a->realised, a->expected, a->abnormal, a->h, a->z, a->root};
  for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) g_free(arrays[i]);
  g_free(a->regressors);
}

static void free_windows(aft_window_values *windows, size_t n_windows) {
  for (size_t w = 0; w < n_windows && windows != NULL; w++) {
    g_free(windows[w].car);
    g_free(windows[w].variance);
    g_free(windows[w].scar);
  }
  g_free(windows);
}

void aft_study_clear_model(aft_model_result *model, size_t n_windows) {
  if (model->complete != model->windows) free_windows(model->complete, n_windows);
  free_windows(model->windows, n_windows);
  for (size_t s = 0; s < model->n_samples; s++) {
    g_free(model->samples[s].name);
    g_free(model->samples[s].member);
  }
  for (size_t r = 0; r < model->n_regressions; r++) aft_car_regression_row_clear(&model->regressions[r]);
  g_strfreev(model->terms);
  aft_donors_free(model->donors);
  clear_abnormal(&model->abnormal);
  for (size_t i = 0; i < model->n_markets; i++) aft_study_clear_regressors(&model->regressors[i]);
  g_free(model->regressors);
  void *const owned[] = {model->coefficient, model->bhar,      model->excluded_obs,  model->samples,
                         model->tests,       model->caar,      model->aggregates,    model->groups,
                         model->influence,   model->calendar,  model->calendar_days, model->regressions,
                         model->compat,      model->diagnoses, model->detectable};
  for (size_t i = 0; i < G_N_ELEMENTS(owned); i++) g_free(owned[i]);
  g_free(model->excluded);
}

void aft_result_clear(aft_result *result) {
  for (size_t m = 0; result->models != NULL && m < result->config->n_models; m++)
    aft_study_clear_model(&result->models[m], result->config->n_windows);
  g_free(result->models);
  if (result->candidates != NULL) g_array_unref(result->candidates);
  aft_halves_free(result->halves, result->config);
  aft_alignments_free(result->alignments, result->config);
  if (result->size_card != NULL) aft_simulation_clear(result->size_card);
  g_free(result->size_card);
  aft_volume_free(result->volume);
  memset(result, 0, sizeof *result);
}

static bool matches(const char *wanted, const char *value) { return wanted == NULL || strcmp(wanted, value) == 0; }

/* Whether the study file's focus means the event; a key that is not given means any. */
static bool is_wanted(const aft_config *config, const aft_event *event) {
  return matches(config->focus_event, event->event) && matches(config->focus_symbol, event->symbol);
}

/*
 * The focus: as the study file says, else the event whose CAR over the first window lies farthest from zero in the first
 * model. -1 when no event was fitted.
 */
static bool find_focus(aft_result *result, GError **error) {
  const aft_config *config = result->config;
  const aft_model_result *model = &result->models[0];
  bool asked = config->focus_event != NULL || config->focus_symbol != NULL, known = false;
  double farthest = -1;
  result->focus = -1;
  for (size_t row = 0; row < model->abnormal.n_events; row++) {
    if (asked && !is_wanted(config, &result->events->rows[model->abnormal.event[row]])) continue;
    double t = fabs(model->windows[0].car[row]) / sqrt(model->windows[0].variance[row]);
    if (!(t > farthest) && result->focus >= 0) continue;
    farthest = isnan(t) ? -1 : t;
    result->focus = (long)model->abnormal.event[row];
  }
  for (size_t i = 0; asked && !known && i < result->events->n; i++) known = is_wanted(config, &result->events->rows[i]);
  if (!asked || known) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: focus: no event \"%s\" of \"%s\" (name one of the study's events)", config->path,
              config->focus_event != NULL ? config->focus_event : "(any)",
              config->focus_symbol != NULL ? config->focus_symbol : "(any)");
  return false;
}

/* Events that a model could not be fitted to; those that were dropped before have been told. */
static void warn_excluded(const aft_result *result, aft_warnings *warnings) {
  for (size_t m = 0; m < result->config->n_models; m++) {
    g_autofree char *prefix = g_strconcat(result->config->models[m].label, ": ", NULL);
    aft_events_warn_reasons(result->events, result->models[m].excluded, prefix, warnings);
  }
}

static void warn_empty(const aft_result *result, aft_warnings *warnings) {
  for (size_t m = 0; m < result->config->n_models; m++)
    if (result->models[m].abnormal.n_events == 0)
      aft_warnings_add(warnings, "%s: no event could be used; the reasons are in result.json",
                       result->config->models[m].label);
}

/* A security that is its own yardstick: its abnormal returns are 0 whatever happened. */
static void warn_own_benchmark(const aft_result *result, aft_warnings *warnings) {
  bool asked = false;
  const char *symbol = NULL;
  size_t n = 0;
  for (size_t m = 0; m < result->config->n_models; m++)
    asked = asked || result->config->models[m].model->regressors == AFT_REGRESSORS_MARKET;
  for (size_t i = 0; asked && i < result->events->n; i++) {
    const aft_event *event = &result->events->rows[i];
    if (event->reason != NULL || event->security != aft_result_get_panel(result, event)->market_security) continue;
    if (n++ == 0) symbol = event->symbol;
  }
  if (n > 0)
    aft_warnings_add(
        warnings,
        "benchmark \"%s\" is itself the security of %" G_GSIZE_FORMAT
        " event%s: measured against itself it has no abnormal return (take another benchmark, or leave %s out)",
        symbol, n, n == 1 ? "" : "s", n == 1 ? "the event" : "the events");
}

/* run: what it is given, and nothing made yet. */
static bool make(aft_result *result, aft_result run, unsigned n_threads, aft_warnings *warnings, GError **error) {
  const aft_config *config = run.config;
  run.n_threads = n_threads;
  run.models = g_new0(aft_model_result, config->n_models);
  aft_membership members;
  aft_membership_init(&members, run.events);
  bool ok = true;
  for (size_t m = 0; ok && m < config->n_models; m++) {
    aft_model_result *model = &run.models[m];
    model->spec = &config->models[m];
    model->wants_donors = model->spec->model->regressors == AFT_REGRESSORS_DONORS;
    ok = aft_study_estimate(model, &run, n_threads, error);
    if (!ok) break;
    if (model->donors != NULL) aft_study_rank_placebos(model, config);
    aft_study_sample(model, &run, &members);
    aft_study_aggregate(model, &run, n_threads);
    ok = aft_study_make_portfolios(model, &run, n_threads, error);
    aft_study_regress(model, &run);
    if (m == 0) aft_study_measure_influence(model, config, n_threads);
    if (!aft_study_compare_groups(model, config, &members) && m == 0)
      aft_warnings_add(warnings, "groups.csv leaves out samples with more than %d groups: every pair would be compared",
                       AFT_STUDY_MAX_GROUPS);
  }
  aft_membership_clear(&members);
  ok = ok && find_focus(&run, error) && aft_study_split_sessions(&run, n_threads, error) &&
       aft_study_realign(&run, n_threads, error) && aft_study_test_candidates(&run, n_threads, warnings, error);
  for (size_t m = 0; ok && m < config->n_models; m++) aft_study_compare_programs(&run.models[m], &run, n_threads);
  if (!ok) {
    aft_result_clear(&run);
    return false;
  }
  warn_excluded(&run, warnings);
  warn_empty(&run, warnings);
  warn_own_benchmark(&run, warnings);
  *result = run;
  return true;
}

bool aft_study_run(aft_result *result, const aft_config *config, const aft_panel *panel, const aft_events *events,
                   unsigned n_threads, aft_warnings *warnings, GError **error) {
  const aft_result run = {.config = config, .panel = panel, .events = events, .focus = -1};
  return make(result, run, n_threads, warnings, error);
}

bool aft_study_run_among(aft_result *result, const aft_config *config, const aft_panel *panel, const aft_events *events,
                         const aft_events *known, unsigned n_threads, aft_warnings *warnings, GError **error) {
  const aft_result run = {.config = config, .panel = panel, .events = events, .known = known, .focus = -1};
  return make(result, run, n_threads, warnings, error);
}

bool aft_study_run_parts(aft_result *result, const aft_config *config, const aft_panel *panel, const aft_events *events,
                         const aft_parts *parts, unsigned n_threads, aft_warnings *warnings, GError **error) {
  const aft_result run = {.config = config, .panel = panel, .events = events, .focus = -1, .parts = parts};
  return make(result, run, n_threads, warnings, error);
}
