/* A specification curve: which choices there are, and their combinations. */
#include "robust_internal.h"

#include "candidates_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Models of the curve beside the study's own; factor models where their columns are. */
static const char *const usual_models[] = {
    "constant_mean", "market_adjusted", "market_model", "dimson", "huber", "capm", "ff3", "carhart", "ff5", "ff6"};

static const char *const statistic_names[AFT_ROBUST_N_STATISTICS] = {"median_t", "significant_share", "mean_t"};

const char *aft_robust_statistic_name(enum aft_robust_statistic statistic) { return statistic_names[statistic]; }

static void clear_session(void *data) { g_free(((aft_robust_session *)data)->what); }

static void clear_choice(void *data) { g_free(((aft_robust_choice *)data)->choice); }

void aft_robust_clear(aft_robust *robust) {
  g_free(robust->models);
  g_free(robust->members);
  g_clear_pointer(&robust->sessions, g_array_unref);
  g_free(robust->specs);
  g_free(robust->placebo);
  g_free(robust->statistic);
  g_clear_pointer(&robust->choices, g_array_unref);
  memset(robust, 0, sizeof *robust);
}

static bool has_columns(const aft_panel *panel, const aft_model *model) {
  if (model->factors == NULL || panel->rf == NULL) return false;
  for (const char *const *column = model->factors; *column != NULL; column++)
    if (aft_panel_find_factor(panel, *column) < 0) return false;
  return true;
}

/* Whether the model can be fitted to a mean of securities. */
static bool has_average(const aft_model *model) {
  return !model->gaps && model->regressors != AFT_REGRESSORS_BENCHMARK && model->regressors != AFT_REGRESSORS_DONORS;
}

static bool is_possible(const aft_robust *robust, const aft_model *model) {
  switch (model->regressors) {
  case AFT_REGRESSORS_NONE: return true;
  case AFT_REGRESSORS_MARKET: return robust->asked->benchmarks != NULL;
  case AFT_REGRESSORS_FACTORS: return has_columns(robust->panel, model);
  case AFT_REGRESSORS_BENCHMARK:
  case AFT_REGRESSORS_DONORS: break;
  }
  return false;
}

static bool has_label(const aft_robust *robust, const char *label) {
  for (size_t m = 0; m < robust->n_models; m++)
    if (g_strcmp0(robust->models[m].label, label) == 0) return true;
  return false;
}

static bool list_models(aft_robust *robust, const aft_config *config, GError **error) {
  bool asked = robust->asked->n_models > 0;
  const aft_model_spec *given = asked ? robust->asked->models : config->models;
  size_t n = asked ? robust->asked->n_models : config->n_models;
  robust->models = g_new0(aft_model_spec, n + G_N_ELEMENTS(usual_models));
  for (size_t m = 0; m < n; m++) {
    if (robust->n_members == 0 || has_average(given[m].model)) {
      robust->models[robust->n_models++] = given[m];
    } else if (asked) {
      g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                  "%s:%ld: robust.models: %s has no average over firms (leave it out, or take one --symbol)",
                  config->path, given[m].line, given[m].label);
      return false;
    }
  }
  for (size_t i = 0; i < G_N_ELEMENTS(usual_models) && !asked; i++) {
    const aft_model *model = aft_model_find(usual_models[i]);
    if (has_label(robust, model->name) || !is_possible(robust, model)) continue;
    robust->models[robust->n_models++] = (aft_model_spec){.model = model,
                                                          .label = (char *)(guintptr)model->name,
                                                          .title = (char *)(guintptr)model->title,
                                                          .options = AFT_MODEL_OPTIONS_DEFAULT};
  }
  return true;
}

/* The firms of the story that are averaged. */
static bool list_members(aft_robust *robust, const aft_config *config, const aft_events *events, GError **error) {
  const aft_event *event = robust->event;
  if (robust->group == NULL) return true;
  robust->members = g_new(long, MAX(events->n, 1));
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *other = &events->rows[i];
    if (other->reason != NULL || other->panel != event->panel || strcmp(other->event, event->event) != 0) continue;
    if (strcmp(robust->group, "all") != 0 && strcmp(robust->group, other->group) != 0) continue;
    robust->members[robust->n_members++] = other->security;
  }
  if (robust->n_members > 1) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: the story \"%s\" has no two usable firms in a group \"%s\" on one exchange", config->path,
              event->event, robust->group);
  return false;
}

/* A session that is there already keeps its first reason. */
static void add_session(aft_robust *robust, enum aft_robust_alignments kind, long column, const char *what) {
  for (guint i = 0; i < robust->sessions->len; i++)
    if (g_array_index(robust->sessions, aft_robust_session, i).column == column) return;
  aft_window span = {0, 0};
  for (size_t w = 0; w < robust->asked->n_windows; w++) {
    span.first = MIN(span.first, robust->asked->windows[w].first);
    span.last = MAX(span.last, robust->asked->windows[w].last);
  }
  aft_robust_session session = {kind, column, g_strdup(what),
                                column + span.first >= 0 && column + span.last < (long)robust->panel->n_sessions};
  g_array_append_val(robust->sessions, session);
}

static int compare_sessions(const void *left, const void *right) {
  const aft_robust_session *a = left, *b = right;
  return a->column < b->column ? -1 : a->column > b->column;
}

static bool list_sessions(aft_robust *robust, const aft_config *config, const aft_panel *first,
                          const aft_events *events, GError **error) {
  const aft_event *event = robust->event;
  unsigned asked = robust->asked->alignments;
  robust->sessions = g_array_new(FALSE, FALSE, sizeof(aft_robust_session));
  g_array_set_clear_func(robust->sessions, clear_session);
  if ((asked & AFT_ROBUST_USED) != 0) add_session(robust, AFT_ROBUST_USED, event->column, "the story's time");
  if ((asked & AFT_ROBUST_OTHER) != 0 && event->alignment.other >= 0)
    add_session(robust, AFT_ROBUST_OTHER, event->alignment.other - robust->panel->first_session,
                "the other session of its time");
  if ((asked & AFT_ROBUST_CANDIDATES) != 0 && config->candidates != NULL && config->candidates->len > 0) {
    const aft_result study = {.config = config, .panel = first, .events = events, .focus = -1};
    g_autoptr(GArray) candidates = aft_candidates_find_sessions(&study, event->event, robust->panel, error);
    if (candidates == NULL) return false;
    for (guint i = 0; i < candidates->len; i++) {
      const candidate_session *session = &g_array_index(candidates, candidate_session, i);
      add_session(robust, AFT_ROBUST_CANDIDATES, session->column, session->what->str);
    }
  }
  if (robust->sessions->len > 1)
    qsort(robust->sessions->data, robust->sessions->len, sizeof(aft_robust_session), compare_sessions);
  if (robust->sessions->len > 0) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s:%ld: robust.alignments: the event \"%s\" of %s has no such session (take \"used\" too)", config->path,
              robust->asked->line, event->event, event->symbol);
  return false;
}

/* Benchmarks under which a model differs: all of them, or none at all. */
static size_t count_benchmarks(const aft_robust *robust, const aft_model *model) {
  return model->regressors == AFT_REGRESSORS_MARKET ? g_strv_length(robust->asked->benchmarks) : 1;
}

static GArray *list_combinations(const aft_robust *robust) {
  GArray *list = g_array_new(FALSE, FALSE, sizeof(robust_combination));
  for (size_t m = 0; m < robust->n_models; m++) {
    const aft_model *model = robust->models[m].model;
    size_t n_estimation = aft_model_takes(model, "window") ? 1 : robust->asked->n_estimation;
    for (size_t b = 0; b < count_benchmarks(robust, model); b++)
      for (int form = 0; form < 2; form++)
        for (size_t e = 0; e < n_estimation && robust->asked->returns[form]; e++) {
          robust_combination combination = {m, e, model->regressors == AFT_REGRESSORS_MARKET ? (long)b : -1, form == 1};
          g_array_append_val(list, combination);
        }
  }
  return list;
}

static bool list_specifications(aft_robust *robust, const GArray *combinations, const aft_config *config,
                                GError **error) {
  size_t n_windows = robust->asked->n_windows, n_sessions = robust->sessions->len, n = 0;
  robust->n_specs = combinations->len * n_windows * n_sessions;
  if (robust->n_specs > AFT_ROBUST_MAX_SPECIFICATIONS) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                "%s: robust: %" G_GSIZE_FORMAT " specifications are more than %d (make its lists shorter)",
                config->path, robust->n_specs, AFT_ROBUST_MAX_SPECIFICATIONS);
    return false;
  }
  robust->specs = g_new0(aft_specification, MAX(robust->n_specs, 1));
  for (guint c = 0; c < combinations->len; c++) {
    const robust_combination *combination = &g_array_index(combinations, robust_combination, c);
    for (size_t w = 0; w < n_windows; w++)
      for (size_t k = 0; k < n_sessions; k++)
        robust->specs[n++] = (aft_specification){.model = combination->model,
                                                 .estimation = combination->estimation,
                                                 .window = w,
                                                 .session = k,
                                                 .benchmark = combination->benchmark,
                                                 .is_log = combination->is_log};
  }
  return true;
}

/* By estimate, undefined ones last; equal ones in the order of the choices. */
static int compare_specifications(const void *left, const void *right) {
  const aft_specification *a = left, *b = right;
  if (isnan(a->estimate) != isnan(b->estimate)) return isnan(a->estimate) ? 1 : -1;
  if (a->estimate < b->estimate || a->estimate > b->estimate) return a->estimate < b->estimate ? -1 : 1;
  const long place[][2] = {{(long)a->model, (long)b->model},
                           {a->benchmark, b->benchmark},
                           {a->is_log, b->is_log},
                           {(long)a->estimation, (long)b->estimation},
                           {(long)a->window, (long)b->window},
                           {(long)a->session, (long)b->session}};
  for (size_t i = 0; i < G_N_ELEMENTS(place); i++)
    if (place[i][0] != place[i][1]) return place[i][0] < place[i][1] ? -1 : 1;
  return 0;
}

static bool check_defined(const aft_robust *robust, const aft_config *config, GError **error) {
  if (robust->n_defined > 0) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: robust: no specification is defined for the event \"%s\" of %s: %s", config->path,
              robust->event->event, robust->event->symbol, robust->specs[0].reason);
  return false;
}

bool aft_robust_compute(aft_robust *robust, const aft_config *config, const aft_panel *first, const aft_events *events,
                        const aft_event *event, const char *group, const aft_robust_run *run, GError **error) {
  robust_values values = {.t = NULL};
  if (event->reason != NULL) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA, "%s: the event \"%s\" of %s cannot be used: %s",
                config->path, event->event, event->symbol, event->reason);
    return false;
  }
  *robust = (aft_robust){
      .event = event, .group = group, .panel = event->panel != NULL ? event->panel : first, .asked = &config->robust};
  robust->choices = g_array_new(FALSE, FALSE, sizeof(aft_robust_choice));
  g_array_set_clear_func(robust->choices, clear_choice);
  g_autoptr(GArray) combinations = NULL;
  bool ok = list_members(robust, config, events, error) && list_models(robust, config, error) &&
            list_sessions(robust, config, first, events, error);
  if (ok) {
    combinations = list_combinations(robust);
    ok = list_specifications(robust, combinations, config, error) &&
         robust_estimate(robust, &values, (const robust_combination *)(const void *)combinations->data,
                         combinations->len, config, first, events, run, error);
  }
  if (ok) {
    robust_test(robust, &values);
    ok = check_defined(robust, config, error);
  }
  if (ok) qsort(robust->specs, robust->n_specs, sizeof *robust->specs, compare_specifications);
  robust_values_clear(&values);
  if (!ok) aft_robust_clear(robust);
  return ok;
}
