/* The two halves of a day: what news did overnight, and what it did while the exchange was open. */
#include <aftershock/study/halves.h>

#include "study_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

const char *aft_half_name(enum aft_half half) { return half == AFT_HALF_GAP ? "gap" : "session"; }

const char *aft_half_can_react(enum aft_half half, enum aft_align_rule rule) {
  switch (rule) {
  case AFT_ALIGN_DURING: return half == AFT_HALF_SESSION ? "yes" : "no";
  case AFT_ALIGN_PRE_OPEN:
  case AFT_ALIGN_AFTER_CLOSE:
  case AFT_ALIGN_NON_SESSION:
  case AFT_ALIGN_DATE_ONLY_NON_SESSION: return "yes";
  default: return NULL;
  }
}

static bool has_open(const aft_panel *panel, long security) {
  return security >= 0 && panel->price[AFT_PRICE_CLOSE] != NULL &&
         aft_panel_has_values(panel, (size_t)security, AFT_PRICE_OPEN);
}

/* Whether any event can be split, and whether the benchmark of each exchange with such an event can. */
static bool can_split(const aft_result *result, bool *with_market) {
  bool any = false;
  *with_market = true;
  for (size_t i = 0; i < result->events->n; i++) {
    const aft_event *event = &result->events->rows[i];
    const aft_panel *panel = aft_result_get_panel(result, event);
    if (event->reason != NULL || !has_open(panel, event->security)) continue;
    any = true;
    *with_market = *with_market && has_open(panel, panel->market_security);
  }
  return any;
}

static double split_cell(const aft_panel *panel, size_t i, enum aft_half half, bool log_returns) {
  double ratio = panel->price[AFT_PRICE_CLOSE][i] / panel->price[AFT_PRICE_OPEN][i];
  if (half == AFT_HALF_SESSION) return log_returns ? log(ratio) : ratio - 1;
  return log_returns ? panel->returns[i] - log(ratio) : (1 + panel->returns[i]) / ratio - 1;
}

/* Returns of one half of every session of every security, a matrix of the panel. Owned. */
static double *split(const aft_panel *panel, enum aft_half half, bool log_returns) {
  double *out = aft_panel_new_matrix(panel);
  if (panel->price[AFT_PRICE_OPEN] == NULL || panel->price[AFT_PRICE_CLOSE] == NULL) return out;
  for (size_t security = 0; security < panel->n_securities; security++)
    for (size_t r = 0; r < aft_panel_n_runs(panel, security); r++) {
      aft_run run = aft_panel_get_run(panel, security, r);
      size_t row = security * panel->n_sessions;
      for (size_t i = row + (size_t)run.first; i <= row + (size_t)run.last; i++)
        out[i] = split_cell(panel, i, half, log_returns);
    }
  return out;
}

/* Panels like those of the study, with the halves in place of returns; [n_markets], and what they own is their returns. */
static aft_panel *split_panels(const aft_result *result, enum aft_half half, size_t *n) {
  *n = 0;
  for (const aft_panel *p = result->panel; p != NULL; p = p->next) ++*n;
  aft_panel *panels = g_new(aft_panel, *n);
  for (const aft_panel *p = result->panel; p != NULL; p = p->next) {
    aft_panel *own = &panels[p->number];
    *own = *p;
    own->next = p->next != NULL ? &panels[p->next->number] : NULL;
    own->returns = split(p, half, result->config->log_returns);
    own->market = p->market_security >= 0 ? own->returns + (size_t)p->market_security * p->n_sessions : NULL;
  }
  return panels;
}

static bool estimate(aft_halves *halves, const aft_result *result, enum aft_half half, unsigned n_threads,
                     GError **error) {
  size_t n_panels, n = result->events->n;
  g_autofree aft_panel *panels = split_panels(result, half, &n_panels);
  g_autofree aft_event *rows = g_new(aft_event, MAX(n, 1));
  memcpy(rows, result->events->rows, n * sizeof *rows);
  for (size_t i = 0; i < n; i++) rows[i].panel = &panels[aft_result_get_panel(result, &rows[i])->number];
  const aft_events events = {.n = n, .rows = rows};
  const aft_result study = {
      .config = result->config, .panel = &panels[0], .events = &events, .focus = -1, .parts = result->parts};
  halves->part[half].spec = &halves->spec;
  bool ok = aft_study_estimate(&halves->part[half], &study, n_threads, error);
  for (size_t i = 0; i < n_panels; i++) g_ptr_array_add(halves->returns, panels[i].returns);
  return ok;
}

bool aft_study_split_sessions(aft_result *result, unsigned n_threads, GError **error) {
  bool with_market;
  if (result->config->tables != AFT_TABLES_ALL || !can_split(result, &with_market)) return true;
  aft_halves *halves = g_new0(aft_halves, 1);
  halves->returns = g_ptr_array_new_with_free_func(aft_panel_matrix_free(result->panel));
  halves->spec = (aft_model_spec){.model = aft_model_find(with_market ? "market_model" : "constant_mean"),
                                  .options = AFT_MODEL_OPTIONS_DEFAULT};
  halves->spec.label = halves->spec.title = (char *)(gpointer)(guintptr)halves->spec.model->name;
  for (int h = 0; h < AFT_N_HALVES; h++)
    if (!estimate(halves, result, (enum aft_half)h, n_threads, error)) {
      aft_halves_free(halves, result->config);
      return false;
    }
  result->halves = halves;
  return true;
}

void aft_halves_free(aft_halves *halves, const aft_config *config) {
  if (halves == NULL) return;
  for (int h = 0; h < AFT_N_HALVES; h++) aft_study_clear_model(&halves->part[h], config->n_windows);
  g_ptr_array_unref(halves->returns);
  g_free(halves);
}
