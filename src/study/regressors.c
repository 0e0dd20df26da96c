/* Which series of the panel a model's events are compared with: market, factors, the benchmark of each security, donors. */
#include "study_internal.h"

#include <aftershock/base/text.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/simplex.h>

#include <math.h>

#include <aftershock/base/banned.h>

void aft_study_clear_regressors(aft_study_regressors *regressors) {
  g_free(regressors->row);
  g_free(regressors->name);
  g_free(regressors->benchmark);
  g_free(regressors->mean);
  g_free(regressors->donor);
  g_clear_pointer(&regressors->stories, g_hash_table_unref);
  *regressors = (aft_study_regressors){.n = 0};
}

static bool find_factors(aft_study_regressors *found, const aft_result *study, const aft_panel *panel,
                         const aft_model_spec *spec, GError **error) {
  const char *file = aft_config_get_market(study->config, panel->number).factors;
  const char *const *columns = spec->columns != NULL ? (const char *const *)spec->columns : spec->model->factors;
  for (; *columns != NULL; columns++) {
    int k = aft_panel_find_factor(panel, *columns);
    if (k < 0) {
      g_autofree char *list = g_strjoinv(", ", panel->factor_names);
      g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                  "%s: model %s needs the factor column \"%s\"; %s has: %s", study->config->path, spec->label, *columns,
                  file, list);
      return false;
    }
    found->row[found->n] = panel->factors + (size_t)k * panel->n_sessions;
    found->name[found->n++] = *columns;
  }
  found->excess = panel->rf != NULL;
  if (!found->excess && spec->model->factors != NULL) {
    g_set_error(
        error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
        "%s: model %s works on returns minus the risk-free rate; %s has no column \"rf\" (add one, 0 where there is none)",
        study->config->path, spec->label, file);
    return false;
  }
  return true;
}

/*
 * Rows of the securities of this exchange that an option lists, [n] owned; NULL with an error when one has no series on any exchange.
 */
static long *find_symbols(const aft_result *study, const aft_panel *panel, const aft_model_spec *spec, size_t *n,
                          GError **error) {
  char *const *symbols = spec->options.symbols;
  g_autofree long *security = g_new(long, g_strv_length(spec->options.symbols));
  *n = 0;
  for (size_t i = 0; symbols[i] != NULL; i++) {
    long elsewhere;
    security[*n] = aft_panel_find_security(panel, symbols[i]);
    if (security[*n] >= 0) (*n)++;
    if (aft_panel_find_market(study->panel, symbols[i], &elsewhere) != NULL) continue;
    const char *closest = aft_text_find_closest(symbols[i], (const char *const *)study->panel->symbols);
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA, "%s:%ld: %s: \"%s\" has no return series%s%s%s",
                study->config->path, spec->line, spec->label, symbols[i],
                closest != NULL ? " (did you mean \"" : " (add its rows, or leave it out)",
                closest != NULL ? closest : "", closest != NULL ? "\"?)" : "");
    return NULL;
  }
  return g_steal_pointer(&security);
}

/*
 * Equal-weight means of the listed securities: row 0 of all, row 1 + i of all but the i-th, by sums from both ends: what
 * is left out never enters, so that an outlier takes no digits with it. NaN where any of them is missing.
 */
static void average_session(const double *value, size_t n, double *mean, size_t stride) {
  aft_sum before = {0, 0}, after = {0, 0};
  for (size_t i = 0; i < n; i++) {
    mean[(1 + i) * stride] = aft_sum_get(&before);
    aft_sum_add(&before, value[i]);
  }
  mean[0] = aft_sum_get(&before) / (double)n;
  for (size_t i = n; i-- > 0;) {
    double *without = &mean[(1 + i) * stride];
    *without = n > 1 ? (*without + aft_sum_get(&after)) / (double)(n - 1) : (double)NAN;
    aft_sum_add(&after, value[i]);
  }
}

/* The mean of the listed securities for each security; a listed one is not its own benchmark. */
static bool find_portfolio(aft_study_regressors *found, const aft_result *study, const aft_panel *panel,
                           const aft_model_spec *spec, GError **error) {
  size_t n, n_sessions = panel->n_sessions;
  g_autofree long *security = find_symbols(study, panel, spec, &n, error);
  if (security == NULL) return false;
  if (n == 0) return true; /* no benchmark here */
  g_autofree double *value = g_new(double, n);
  found->mean = g_new(double, (n + 1) * n_sessions);
  for (size_t t = 0; t < n_sessions; t++) {
    for (size_t i = 0; i < n; i++) value[i] = panel->returns[(size_t)security[i] * n_sessions + t];
    average_session(value, n, found->mean + t, n_sessions);
  }
  for (size_t s = 0; s < panel->n_securities; s++) found->benchmark[s] = found->mean;
  for (size_t i = 0; i < n; i++) found->benchmark[security[i]] = n > 1 ? found->mean + (1 + i) * n_sessions : NULL;
  return true;
}

/* The matched security's returns, where the file names one that has any. */
static void find_matches(aft_study_regressors *found, const aft_panel *panel, GHashTable *matches) {
  for (size_t s = 0; s < panel->n_securities; s++) {
    const char *match = g_hash_table_lookup(matches, panel->symbols[s]);
    long security = match == NULL ? -1 : aft_panel_find_security(panel, match);
    if (security >= 0) found->benchmark[s] = panel->returns + (size_t)security * panel->n_sessions;
  }
}

static char *story_key(const char *event, long security) { return g_strdup_printf("%ld\n%s", security, event); }

/* Which securities of the exchange have an event of which story. */
static GHashTable *list_stories(const aft_result *study, const aft_panel *panel) {
  GHashTable *stories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const aft_events *known = aft_result_get_known(study);
  for (size_t i = 0; i < known->n; i++) {
    const aft_event *event = &known->rows[i];
    if (event->security >= 0 && event->event != NULL && aft_result_get_panel(study, event)->number == panel->number)
      g_hash_table_add(stories, story_key(event->event, event->security));
  }
  return stories;
}

bool aft_study_may_serve(const aft_study_regressors *regressors, int k, const aft_event *event) {
  if (k >= regressors->n) return false;
  if (regressors->donor == NULL) return true;
  if (regressors->donor[k] == event->security) return false;
  if (regressors->stories == NULL || event->event == NULL) return true;
  g_autofree char *key = story_key(event->event, regressors->donor[k]);
  return !g_hash_table_contains(regressors->stories, key);
}

/* The exchange's securities that the option lists; without it all but the benchmark, of which those of the event's story will not serve. */
static bool find_donors(aft_study_regressors *found, const aft_result *study, const aft_panel *panel,
                        const aft_model_spec *spec, GError **error) {
  size_t n = 0;
  if (spec->options.symbols != NULL) {
    found->donor = find_symbols(study, panel, spec, &n, error);
    if (found->donor == NULL) return false;
  } else {
    found->donor = g_new(long, MAX(panel->n_securities, 1));
    for (size_t s = 0; s < panel->n_securities; s++)
      if ((long)s != panel->market_security) found->donor[n++] = (long)s;
    found->stories = list_stories(study, panel);
  }
  if (n > AFT_SIMPLEX_MAX_COLUMNS) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                "%s:%ld: %s: %" G_GSIZE_FORMAT " securities could be donors, more than %d (name some in \"symbols\")",
                study->config->path, spec->line, spec->label, n, AFT_SIMPLEX_MAX_COLUMNS);
    return false;
  }
  for (size_t k = 0; k < n; k++) {
    found->row[k] = panel->returns + (size_t)found->donor[k] * panel->n_sessions;
    found->name[k] = panel->symbols[found->donor[k]];
  }
  found->n = (int)n;
  return true;
}

bool aft_study_find_regressors(aft_study_regressors *regressors, const aft_result *study, const aft_panel *panel,
                               const aft_model_spec *spec, GError **error) {
  enum { ROOM = MAX(AFT_MODEL_MAX_COEF, AFT_SIMPLEX_MAX_COLUMNS) };
  aft_study_regressors found = {.row = g_new0(const double *, ROOM), .name = g_new0(const char *, ROOM + 1)};
  bool ok = true;
  switch (spec->model->regressors) {
  case AFT_REGRESSORS_NONE: break;
  case AFT_REGRESSORS_MARKET:
    found.row[0] = panel->market;
    found.name[0] = "market";
    found.n = 1;
    break;
  case AFT_REGRESSORS_FACTORS: ok = find_factors(&found, study, panel, spec, error); break;
  case AFT_REGRESSORS_DONORS: ok = find_donors(&found, study, panel, spec, error); break;
  case AFT_REGRESSORS_BENCHMARK:
    found.benchmark = g_new0(const double *, panel->n_securities);
    found.name[0] = "benchmark";
    found.n = 1;
    if (spec->matches != NULL)
      find_matches(&found, panel, spec->matches);
    else
      ok = find_portfolio(&found, study, panel, spec, error);
    break;
  }
  if (!ok) {
    aft_study_clear_regressors(&found);
    return false;
  }
  *regressors = found;
  return true;
}
