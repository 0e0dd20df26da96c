/* Volume in the place of returns: a panel, events and a configuration of its own for the models and tests of the study. */
#include "study_internal.h"

#include <aftershock/stats/describe.h>
#include <aftershock/study/volume.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define NO_VOLUME "no volume"

static double log1p_turnover(double volume, double shares) { return log1p(volume / shares); }
/* The constant keeps a session without trade defined; it is added to turnover in percent. */
static double cw1996(double volume, double shares) { return log(100 * volume / shares + 0.000255); }
static double turnover(double volume, double shares) { return volume / shares; }
static double log1p_volume(double volume, double shares) {
  (void)shares;
  return log1p(volume);
}
static double log_volume(double volume, double shares) {
  (void)shares;
  return volume > 0 ? log(volume) : (double)NAN;
}

static const aft_volume_measure measures[] = {
    {"log1p_turnover", "Log turnover, ln(1 + V/S)", true, false, log1p_turnover},
    {"cw1996", "Log turnover, ln(100 V/S + 0.000255)", true, true, cw1996},
    {"turnover", "Turnover, V/S", true, false, turnover},
    {"log1p_volume", "Log volume, ln(1 + V)", false, true, log1p_volume},
    {"log_volume", "Log volume, ln V", false, true, log_volume},
};

const aft_volume_measure *aft_volume_measures(size_t *n) {
  *n = G_N_ELEMENTS(measures);
  return measures;
}

/* What the study of volume works on in place of the study's own; everything not listed is shared with it. */
struct aft_volume {
  aft_config config;
  aft_model_spec spec;
  aft_panel *panel; /* [n_panels] shadows of the study's, with the measure for returns */
  size_t n_panels;
  aft_events events; /* rows alone are owned */
  aft_result result;
};

void aft_volume_free(aft_volume *volume) {
  if (volume == NULL) return;
  aft_result_clear(&volume->result);
  for (size_t i = 0; i < volume->n_panels; i++) {
    g_free(volume->panel[i].returns);
    g_free(volume->panel[i].market_log);
  }
  g_free(volume->panel);
  g_free(volume->events.rows);
  g_free(volume);
}

const aft_result *aft_volume_get_result(const aft_volume *volume) { return &volume->result; }

/*
 * The measure of one security. Shares are counted as on the session, as volume is. Without them, volume is brought to the count of the last
 * session, so that a split is no change.
 */
static void fill_series(const aft_panel *panel, size_t security, const aft_volume_measure *measure, double *series) {
  size_t n = panel->n_sessions, row = security * n;
  const double *volume = panel->price[AFT_PRICE_VOLUME];
  double count = 1;
  for (size_t t = n; t-- > 0;) {
    double shares = measure->is_turnover ? panel->shares[row + t] : 1;
    double value = volume[row + t] * (measure->is_turnover ? 1 : count);
    series[t] = isnan(value) || isnan(shares) || value < 0 ? (double)NAN : measure->transform(value, shares);
    if (panel->split != NULL) count *= panel->split[row + t];
  }
}

/* Equal-weight mean of the securities that have the measure on a session, the benchmark left out. */
static double *average(const aft_panel *panel, const double *returns) {
  double *mean = g_new(double, panel->n_sessions);
  for (size_t t = 0; t < panel->n_sessions; t++) {
    aft_sum sum = {0, 0};
    size_t n = 0;
    for (size_t s = 0; s < panel->n_securities; s++) {
      double value = returns[s * panel->n_sessions + t];
      if (isnan(value) || (long)s == panel->market_security) continue;
      aft_sum_add(&sum, value);
      n++;
    }
    mean[t] = n > 0 ? aft_sum_get(&sum) / (double)n : (double)NAN;
  }
  return mean;
}

static bool has_any(const aft_panel *panel, size_t security) {
  for (size_t t = 0; t < panel->n_sessions; t++)
    if (!isnan(panel->returns[security * panel->n_sessions + t])) return true;
  return false;
}

static size_t count_securities(const aft_panel *panel) {
  size_t n = 0;
  for (size_t s = 0; s < panel->n_securities; s++) n += (long)s != panel->market_security && has_any(panel, s);
  return n;
}

/* A copy of the panel's fields with the measure for returns and its mean for the market. */
static void shadow(const aft_panel *source, const aft_volume_measure *measure, aft_panel *panel) {
  *panel = *source;
  panel->gap_returns = NULL;
  panel->gap = NULL;
  panel->rf = NULL;
  panel->returns = g_new(double, MAX(source->n_securities * source->n_sessions, 1));
  for (size_t s = 0; s < source->n_securities; s++)
    fill_series(source, s, measure, panel->returns + s * source->n_sessions);
  panel->market_log = average(source, panel->returns);
  panel->market = panel->market_log;
}

static bool shadow_panels(aft_volume *volume, const aft_result *study, GError **error) {
  const aft_config *config = study->config;
  for (const aft_panel *source = study->panel; source != NULL; source = source->next) volume->n_panels++;
  volume->panel = g_new0(aft_panel, volume->n_panels);
  for (const aft_panel *source = study->panel; source != NULL; source = source->next) {
    aft_panel *panel = &volume->panel[source->number];
    const char *mic = aft_calendar_mic(source->calendar);
    if (source->price[AFT_PRICE_VOLUME] == NULL) {
      g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                  "%s:%ld: volume: the price files of %s have no column \"volume\" (add it, or leave volume out)",
                  config->path, config->volume_line, mic);
      return false;
    }
    shadow(source, config->volume.measure, panel);
    if (source->number > 0) volume->panel[source->number - 1].next = panel;
    size_t n = count_securities(panel);
    if (!config->volume.market_model || n > 1) continue;
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                "%s:%ld: volume: the model market_model needs the volume of two securities or more, and %s has that of "
                "%" G_GSIZE_FORMAT " (take constant_mean)",
                config->path, config->volume_line, mic, n);
    return false;
  }
  return true;
}

/* The study's events on the shadow panels; those of a security without any volume are dropped. */
static void shadow_events(aft_volume *volume, const aft_events *events) {
  volume->events.n = events->n;
  volume->events.rows = g_new(aft_event, MAX(events->n, 1));
  for (size_t i = 0; i < events->n; i++) {
    aft_event *event = &volume->events.rows[i];
    *event = events->rows[i];
    size_t number = event->panel != NULL ? event->panel->number : 0;
    event->panel = &volume->panel[number];
    if (event->reason == NULL && !has_any(event->panel, (size_t)event->security)) event->reason = NO_VOLUME;
  }
}

static void configure(aft_volume *volume, const aft_config *config) {
  const aft_model_options defaults = AFT_MODEL_OPTIONS_DEFAULT;
  const aft_model *model = aft_model_find(aft_config_volume_model_name(config));
  volume->spec = (aft_model_spec){.model = model,
                                  .label = (char *)(guintptr)model->name,
                                  .title = (char *)(guintptr)model->title,
                                  .options = defaults,
                                  .line = config->volume_line};
  volume->config = *config;
  volume->config.models = &volume->spec;
  volume->config.n_models = 1;
  volume->config.focus_event = volume->config.focus_symbol = NULL;
  volume->config.volume = (aft_volume_options){NULL, false};
  volume->config.calendar_time.wanted = false;
  volume->config.n_regressions = 0;
  volume->config.n_compat = 0;
  volume->config.candidates = NULL;
}

/* A buy-and-hold return of volume means nothing. */
static void clear_bhar(aft_volume *volume) {
  aft_model_result *model = &volume->result.models[0];
  for (size_t i = 0; i < volume->config.n_windows * model->abnormal.n_events; i++) model->bhar[i] = (double)NAN;
}

bool aft_volume_run(aft_result *result, unsigned n_threads, aft_warnings *warnings, GError **error) {
  if (result->config->volume.measure == NULL) return true;
  aft_volume *volume = g_new0(aft_volume, 1);
  aft_warnings own;
  aft_warnings_init(&own);
  configure(volume, result->config);
  bool ok = shadow_panels(volume, result, error);
  if (ok) shadow_events(volume, result->events);
  ok = ok && aft_study_run_parts(&volume->result, &volume->config, volume->panel, &volume->events, result->parts,
                                 n_threads, &own, error);
  if (ok) {
    clear_bhar(volume);
    for (guint i = 0; i < own.messages->len; i++)
      aft_warnings_add(warnings, "volume: %s", (const char *)g_ptr_array_index(own.messages, i));
    result->volume = volume;
  } else {
    aft_volume_free(volume);
  }
  aft_warnings_clear(&own);
  return ok;
}

bool aft_volume_put_fits(const aft_config *config, const aft_panel *panel, const aft_events *events,
                         const aft_parts *parts, unsigned n_threads, GError **error) {
  const aft_result study = {.config = config, .panel = panel, .events = events};
  if (config->volume.measure == NULL) return true;
  aft_volume *volume = g_new0(aft_volume, 1);
  configure(volume, config);
  bool ok = shadow_panels(volume, &study, error);
  if (ok) shadow_events(volume, events);
  ok = ok && aft_study_put_fits(&volume->config, volume->panel, &volume->events, parts, n_threads, error);
  aft_volume_free(volume);
  return ok;
}
