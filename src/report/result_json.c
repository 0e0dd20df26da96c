/* result.json: what was asked, from what, and what came out. Numbers carry 15 digits here; the CSV files are exact. */
#include "result_json.h"

#include "result_internal.h"

#include <aftershock/base/file.h>
#include <aftershock/study/diagnose.h>
#include <aftershock/study/simulate.h>

#include <jansson.h>
#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

json_t *result_text_or_null(const char *text) { return text == NULL ? json_null() : json_string(text); }

/* JSON has no NaN. */
static json_t *number_or_null(double value) { return isnan(value) ? json_null() : json_real(value); }

static json_t *day_or_null(aft_day day) {
  char text[AFT_DAY_TEXT];
  return day == AFT_DAY_NONE ? json_null() : json_string(aft_day_print(day, text));
}

json_t *result_describe_input(const aft_input_fact *input) {
  return json_pack("{s:s, s:s, s:I, s:s}", "role", input->role, "path", input->path, "bytes", (json_int_t)input->bytes,
                   "sha256", input->sha256);
}

json_t *result_describe_inputs(const aft_provenance *provenance) {
  json_t *array = json_array();
  for (guint i = 0; i < provenance->inputs->len; i++)
    json_array_append_new(array, result_describe_input(&g_array_index(provenance->inputs, aft_input_fact, i)));
  return array;
}

json_t *result_describe_versions(const aft_provenance *provenance) {
  g_autofree char *glib = g_strdup_printf("%u.%u.%u", glib_major_version, glib_minor_version, glib_micro_version);
  return json_pack("{s:s, s:s, s:s, s:s}", "glib", glib, "gsl", provenance->gsl, "jansson", jansson_version_str(),
                   "tzdata", provenance->tzdata);
}

static bool is_used(const aft_result *result, size_t i) {
  for (size_t m = 0; m < result->config->n_models; m++)
    if (result->events->rows[i].reason == NULL && result->models[m].excluded[i] == NULL) return true;
  return false;
}

/* The exchanges of the study, its own first. */
static json_t *describe_markets(const aft_result *result) {
  json_t *array = json_array();
  for (const aft_panel *panel = result->panel; panel != NULL; panel = panel->next)
    json_array_append_new(
        array, json_pack("{s:s, s:s, s:s, s:o, s:I, s:I, s:o, s:o}", "mic", aft_calendar_mic(panel->calendar), "name",
                         aft_calendar_name(panel->calendar), "zone", aft_calendar_zone(panel->calendar), "market",
                         result_text_or_null(aft_config_get_market(result->config, panel->number).market), "securities",
                         (json_int_t)panel->n_securities, "sessions", (json_int_t)panel->n_sessions, "first_session",
                         day_or_null(result_day(panel, 0)), "last_session",
                         day_or_null(result_day(panel, (long)panel->n_sessions - 1))));
  return array;
}

static json_t *describe_counts(const aft_result *result, const aft_provenance *provenance) {
  size_t events_used = 0, articles_used = 0, n_securities = 0;
  for (const aft_panel *panel = result->panel; panel != NULL; panel = panel->next) n_securities += panel->n_securities;
  for (size_t i = 0; i < result->events->n; i++) events_used += is_used(result, i);
  for (guint i = 0; i < provenance->articles->len; i++)
    articles_used += g_array_index(provenance->articles, aft_article_fact, i).session != AFT_DAY_NONE;
  return json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I}", "articles", (json_int_t)provenance->articles->len,
                   "articles_used", (json_int_t)articles_used, "events", (json_int_t)result->events->n, "events_used",
                   (json_int_t)events_used, "securities", (json_int_t)n_securities, "sessions",
                   (json_int_t)result->panel->n_sessions, "rows", (json_int_t)provenance->n_rows);
}

/* What was kept of the prices, where that is not all. */
static json_t *describe_kept(const aft_result *result) {
  const aft_reach reach = aft_config_get_reach(result->config);
  size_t n_rows = 0, n_securities = 0;
  for (const aft_panel *panel = result->panel; panel != NULL; panel = panel->next) {
    n_rows += panel->kept->n_rows;
    n_securities += panel->kept->n_securities;
  }
  return json_pack("{s:I, s:I, s:o, s:o}", "rows", (json_int_t)n_rows, "securities", (json_int_t)n_securities, "first",
                   reach.whole ? json_null() : json_integer(reach.first), "last",
                   reach.whole ? json_null() : json_integer(reach.last));
}

/* Adds an event to the drop of that reason and model, making it when it is the first. */
static void add_drop(json_t *drops, const char *model, const char *reason, const aft_event *event) {
  g_autofree char *label = g_strdup_printf("%s/%s", event->event, event->symbol);
  size_t i;
  json_t *drop = NULL;
  json_array_foreach(drops, i, drop) {
    if (strcmp(json_string_value(json_object_get(drop, "model")), model) == 0 &&
        strcmp(json_string_value(json_object_get(drop, "reason")), reason) == 0)
      break;
  }
  if (i == json_array_size(drops)) {
    drop = json_pack("{s:s, s:s, s:i, s:[]}", "reason", reason, "model", model, "n", 0, "events");
    json_array_append_new(drops, drop);
  }
  json_t *events = json_object_get(drop, "events");
  json_array_append_new(events, json_string(label));
  json_object_set_new(drop, "n", json_integer((json_int_t)json_array_size(events)));
}

static json_t *describe_drops(const aft_result *result) {
  json_t *drops = json_array();
  for (size_t i = 0; i < result->events->n; i++)
    if (result->events->rows[i].reason != NULL)
      add_drop(drops, "", result->events->rows[i].reason, &result->events->rows[i]);
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->events->n; i++) {
      const char *reason = result->models[m].excluded[i];
      if (reason == NULL) continue;
      g_autofree char *counted = g_strdup_printf("%s (%d)", reason, result->models[m].excluded_obs[i]);
      add_drop(drops, result->config->models[m].label, counted, &result->events->rows[i]);
    }
  return drops;
}

json_t *result_describe_warnings(const aft_warnings *warnings) {
  json_t *array = json_array();
  for (guint i = 0; i < warnings->messages->len; i++)
    json_array_append_new(array, json_string(g_ptr_array_index(warnings->messages, i)));
  return array;
}

static json_t *describe_models(const aft_result *result) {
  json_t *array = json_array();
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_abnormal *a = &result->models[m].abnormal;
    int low = a->n_events > 0 ? a->fit[0].n_obs : 0, high = low;
    for (size_t i = 0; i < a->n_events; i++) {
      low = MIN(low, a->fit[i].n_obs);
      high = MAX(high, a->fit[i].n_obs);
    }
    const aft_model_spec *spec = &result->config->models[m];
    json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:I, s:i, s:i}", "name", spec->label, "model",
                                           spec->model->name, "title", spec->title, "events", (json_int_t)a->n_events,
                                           "n_obs_min", low, "n_obs_max", high));
  }
  return array;
}

/* The focus event's session in prices and returns. */
static void describe_focus_prices(const aft_result *result, const aft_event *event, json_t *focus) {
  const aft_panel *panel = aft_result_get_panel(result, event);
  size_t row = (size_t)event->security * panel->n_sessions, t = (size_t)event->column;
  const double *closes = panel->price[AFT_PRICE_CLOSE];
  double close = closes != NULL ? closes[row + t] : (double)NAN;
  double previous = closes != NULL && t > 0 ? closes[row + t - 1] : (double)NAN;
  double returned = panel->returns[row + t], simple = result->config->log_returns ? expm1(returned) : returned;
  json_object_set_new(focus, "close", number_or_null(close));
  json_object_set_new(focus, "previous_close", number_or_null(previous));
  json_object_set_new(focus, "return", number_or_null(returned));
  json_object_set_new(focus, "simple_return", number_or_null(simple));
  /* False when a split, a dividend or an adjusted price stands between the two closes and the return. */
  json_object_set_new(focus, "price_return_matches", json_boolean(fabs(close / previous - 1 - simple) <= 1e-9));
  json_object_set_new(focus, "market",
                      result_text_or_null(aft_config_get_market(result->config, panel->number).market));
  json_object_set_new(focus, "market_return", number_or_null(panel->market != NULL ? panel->market[t] : (double)NAN));
}

static json_t *describe_focus(const aft_result *result) {
  if (result->focus < 0) return json_null();
  const aft_event *event = &result->events->rows[result->focus];
  const aft_panel *panel = aft_result_get_panel(result, event);
  char local[AFT_LOCAL_TEXT];
  json_t *focus =
      json_pack("{s:s, s:s, s:s, s:s, s:s, s:o, s:o}", "event", event->event, "symbol", event->symbol, "published",
                event->published, "local_time", aft_calendar_print_local(panel->calendar, &event->stamp, local), "rule",
                aft_align_rule_name(event->alignment.rule), "session", day_or_null(result_day(panel, event->column)),
                "previous_session", day_or_null(result_day(panel, event->column - 1)));
  describe_focus_prices(result, event, focus);
  return focus;
}

static json_t *describe_aggregates(const aft_result *result) {
  const aft_config *config = result->config;
  json_t *array = json_array();
  for (size_t m = 0; m < config->n_models; m++) {
    const aft_model_result *model = &result->models[m];
    for (size_t i = 0; i < model->n_samples * config->n_windows; i++) {
      const aft_aggregate *a = &model->aggregates[i];
      const aft_window *w = &config->windows[a->window];
      json_array_append_new(array,
                            json_pack("{s:s, s:s, s:i, s:i, s:I, s:o, s:o, s:I, s:I, s:I}", "model", model->spec->label,
                                      "group", model->samples[a->sample].name, "first", w->first, "last", w->last, "n",
                                      (json_int_t)a->n, "caar", number_or_null(a->caar), "median",
                                      number_or_null(a->median), "positive", (json_int_t)a->positive, "negative",
                                      (json_int_t)a->negative, "significant_bh", (json_int_t)a->significant_bh));
    }
  }
  return array;
}

static json_t *describe_tests(const aft_config *config) {
  json_t *array = json_array();
  for (size_t t = 0; t < config->n_tests; t++)
    json_array_append_new(array, json_pack("{s:s, s:s, s:s}", "name", config->tests[t]->name, "title",
                                           config->tests[t]->title, "null", config->tests[t]->null_hypothesis));
  return array;
}

static json_t *describe_size_card(const aft_result *result) {
  const aft_simulation *card = result->size_card;
  return json_pack("{s:s, s:s, s:I, s:i, s:i, s:I, s:f, s:I, s:I}", "model", result->config->models[0].label, "group",
                   card->sample, "n", (json_int_t)g_array_index(card->designs, aft_design, 0).n_events, "replications",
                   card->replications, "replicates", card->replicates, "seed", (json_int_t)card->seed, "level",
                   card->level, "securities", (json_int_t)card->n_firms, "sessions", (json_int_t)card->n_dates);
}

static json_t *describe_volume(const aft_result *result) {
  const aft_result *volume = aft_volume_get_result(result->volume);
  json_t *models = describe_models(volume), *model = json_array_get(models, 0);
  const aft_volume_measure *measure = result->config->volume.measure;
  json_t *described = json_pack("{s:s, s:s, s:s, s:O, s:O, s:O, s:o}", "measure", measure->name, "title",
                                measure->title, "model", volume->config->models[0].model->name, "events",
                                json_object_get(model, "events"), "n_obs_min", json_object_get(model, "n_obs_min"),
                                "n_obs_max", json_object_get(model, "n_obs_max"), "dropped", describe_drops(volume));
  json_decref(models);
  return described;
}

static json_t *describe_diagnostics(const aft_result *result) {
  json_t *array = json_array();
  double level = 1 - result->config->confidence;
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_diagnosis_counts c = aft_diagnosis_count(&result->models[m], level);
    json_array_append_new(array, json_pack("{s:s, s:f, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "model",
                                           result->config->models[m].label, "level", level, "fits", (json_int_t)c.n,
                                           "jarque_bera", (json_int_t)c.jarque_bera, "ljung_box",
                                           (json_int_t)c.ljung_box, "arch_lm", (json_int_t)c.arch_lm, "thin",
                                           (json_int_t)c.thin, "overlapping", (json_int_t)c.overlapping,
                                           "inside_estimation", (json_int_t)c.inside_estimation, "drift",
                                           (json_int_t)c.drift, "median_kurtosis", number_or_null(c.median_kurtosis)));
  }
  return array;
}

json_t *result_describe_command(const char *format, const aft_result *result, const aft_provenance *provenance,
                                const aft_warnings *warnings) {
  const aft_calendar *calendar = result->panel->calendar;
  return json_pack("{s:s, s:{s:s, s:s}, s:s, s:o, s:o, s:o, s:o, s:o, s:{s:s, s:s, s:s}}", "format", format, "program",
                   "name", "aftershock", "version", AFT_VERSION, "started", provenance->started, "study_file",
                   result_describe_input(&provenance->study_file), "inputs", result_describe_inputs(provenance),
                   "versions", result_describe_versions(provenance), "study", result_describe_study(result), "warnings",
                   result_describe_warnings(warnings), "calendar", "mic", aft_calendar_mic(calendar), "name",
                   aft_calendar_name(calendar), "zone", aft_calendar_zone(calendar));
}

bool result_save_json(json_t *root, const char *folder, const char *name, GError **error) {
  g_assert(root != NULL);
  char *text = json_dumps(root, JSON_INDENT(2) | JSON_REAL_PRECISION(15));
  json_decref(root);
  g_autofree char *with_newline = g_strconcat(text, "\n", NULL);
  free(text);
  g_autofree char *path = g_build_filename(folder, name, NULL);
  return aft_file_write(path, with_newline, strlen(with_newline), error);
}

bool result_write_json(const aft_result *result, const aft_scan *scan, const aft_provenance *provenance,
                       const aft_warnings *warnings, const char *folder, GError **error) {
  const aft_calendar *calendar = result->panel->calendar;
  json_t *root = json_pack(
      "{s:s, s:{s:s, s:s}, s:s, s:o, s:o, s:o, s:o, s:o, s:o, s:o, s:{s:s, s:s, s:s}, s:o, s:o, s:o, s:o, s:o}",
      "format", "aftershock-result-1", "program", "name", "aftershock", "version", AFT_VERSION, "started",
      provenance->started, "study_file", result_describe_input(&provenance->study_file), "inputs",
      result_describe_inputs(provenance), "versions", result_describe_versions(provenance), "study",
      result_describe_study(result), "counts", describe_counts(result, provenance), "dropped", describe_drops(result),
      "warnings", result_describe_warnings(warnings), "calendar", "mic", aft_calendar_mic(calendar), "name",
      aft_calendar_name(calendar), "zone", aft_calendar_zone(calendar), "markets", describe_markets(result), "models",
      describe_models(result), "focus", describe_focus(result), "aggregates", describe_aggregates(result), "tests",
      describe_tests(result->config));
  if (result->panel->kept != NULL) json_object_set_new(root, "kept", describe_kept(result));
  if (result->config->n_models > 0 && result->models[0].diagnoses != NULL)
    json_object_set_new(root, "diagnostics", describe_diagnostics(result));
  if (result->volume != NULL) json_object_set_new(root, "volume", describe_volume(result));
  if (scan != NULL) json_object_set_new(root, "scan", result_describe_scan(scan));
  if (result->size_card != NULL) json_object_set_new(root, "size_card", describe_size_card(result));
  return result_save_json(root, folder, "result.json", error);
}
