/* The files of the study's regressions: what each event's terms are, or why it has none. */
#include "load_input.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Where a term of a regression comes from. */
typedef struct term_source {
  const aft_covariates *file; /* NULL: the events' own group */
  int column;
} term_source;

static bool find_source(const aft_covariates *file, aft_car_term *term, term_source *source, GError **error) {
  GError *failure = NULL;
  *source = (term_source){.file = file};
  if (file != NULL && aft_covariates_find_column(file, term->name, &source->column, &failure)) return true;
  if (strcmp(term->name, "group") == 0) {
    g_clear_error(&failure);
    source->file = NULL;
    term->categorical = true;
    return true;
  }
  g_propagate_error(error, failure);
  return false;
}

/* A text where a number should be is most likely a label. */
static bool fail_label(GError *failure, GError **error) {
  bool advised = g_str_has_suffix(failure->message, ")");
  g_set_error(error, failure->domain, failure->code, "%s%s", failure->message,
              advised ? "" : " (list it under \"categorical\" of the regression if it holds labels)");
  g_error_free(failure);
  return false;
}

/* Sets the term's value of event i; *has: there is one. */
static bool take_value(aft_car_term *term, const term_source *source, const aft_event *event, size_t i, size_t row,
                       bool *has, GError **error) {
  if (!term->categorical) {
    GError *failure = NULL;
    if (!aft_covariates_number(source->file, row, source->column, &term->value[i], &failure))
      return fail_label(failure, error);
    *has = !isnan(term->value[i]);
    return true;
  }
  const char *text = source->file == NULL ? event->group : aft_covariates_text(source->file, row, source->column);
  *has = *text != '\0';
  if (*has) term->label[i] = g_strdup(text);
  return true;
}

/* Fills the terms of event i, or the reason that it has none. */
static bool fill_event(aft_car_regression_spec *spec, const aft_covariates *file, const term_source *source,
                       const aft_event *event, size_t i, GError **error) {
  long row = file == NULL ? 0 : aft_covariates_find(file, event->event, event->symbol);
  if (row < 0) {
    spec->missing[i] = g_strdup_printf("no row in %s", spec->covariates);
    return true;
  }
  for (size_t t = 0; t < spec->n_terms; t++) {
    bool has;
    if (!take_value(&spec->terms[t], &source[t], event, i, (size_t)row, &has, error)) return false;
    if (!has && spec->missing[i] == NULL) spec->missing[i] = g_strdup_printf("no value of %s", spec->terms[t].name);
  }
  return true;
}

/* A base that no event has is a slip of the pen. */
static bool check_base(const cli_study *study, const aft_car_regression_spec *spec, const aft_car_term *term,
                       GError **error) {
  if (term->base == NULL) return true;
  for (size_t i = 0; i < spec->n_events; i++)
    if (term->label[i] != NULL && strcmp(term->label[i], term->base) == 0) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s:%ld: regressions: no event has the base \"%s\" of \"%s\" (name a label that some event has)",
              study->config.path, spec->line, term->base, term->name);
  return false;
}

static bool fill_spec(cli_study *study, aft_car_regression_spec *spec, const aft_covariates *file, GError **error) {
  g_autofree term_source *source = g_new(term_source, spec->n_terms);
  size_t n = study->events.n;
  for (size_t t = 0; t < spec->n_terms; t++)
    if (!find_source(file, &spec->terms[t], &source[t], error)) return false;
  spec->n_events = n;
  spec->missing = g_new0(char *, MAX(n, 1));
  for (size_t t = 0; t < spec->n_terms; t++) {
    if (spec->terms[t].categorical)
      spec->terms[t].label = g_new0(char *, MAX(n, 1));
    else
      spec->terms[t].value = g_new(double, MAX(n, 1));
    for (size_t i = 0; i < n && !spec->terms[t].categorical; i++) spec->terms[t].value[i] = (double)NAN;
  }
  for (size_t i = 0; i < n; i++)
    if (!fill_event(spec, file, source, &study->events.rows[i], i, error)) return false;
  for (size_t t = 0; t < spec->n_terms; t++)
    if (!check_base(study, spec, &spec->terms[t], error)) return false;
  return true;
}

/* Usable events that the regression lacks something of, by name. */
static void warn_missing(cli_study *study, const aft_car_regression_spec *spec) {
  g_autofree const char **reason = g_new0(const char *, MAX(spec->n_events, 1));
  g_autofree char *prefix = g_strdup_printf("regression %s: ", spec->name);
  for (size_t i = 0; i < spec->n_events; i++)
    reason[i] = study->events.rows[i].reason == NULL ? spec->missing[i] : NULL;
  aft_events_warn_reasons(&study->events, reason, prefix, &study->warnings);
}

bool cli_covariates_load(cli_study *study, GError **error) {
  aft_config *config = &study->config;
  g_autofree aft_covariates *files = g_new0(aft_covariates, MAX(config->n_regressions, 1));
  bool ok = true;
  for (size_t r = 0; ok && r < config->n_regressions; r++) {
    aft_car_regression_spec *spec = &config->regressions[r];
    size_t f = 0;
    while (f < r && g_strcmp0(config->regressions[f].covariates, spec->covariates) != 0) f++;
    if (f == r && spec->covariates != NULL) {
      g_autofree char *place = cli_take_input(study, "covariates", spec->covariates, error);
      ok = place != NULL && aft_covariates_read_csv(&files[r], place, error);
    }
    ok = ok && fill_spec(study, spec, spec->covariates != NULL ? &files[f] : NULL, error);
    if (ok) warn_missing(study, spec);
  }
  for (size_t r = 0; r < config->n_regressions; r++) aft_covariates_clear(&files[r]);
  return ok;
}
