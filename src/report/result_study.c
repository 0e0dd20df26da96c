/* The study as result.json echoes it: every key with its default filled in, one row of a table each. */
#include "result_json.h"

#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

json_t *result_describe_texts(char *const *list) {
  if (list == NULL) return json_null();
  json_t *array = json_array();
  for (; *list != NULL; list++) json_array_append_new(array, json_string(*list));
  return array;
}

static json_t *describe_events(const aft_result *result) {
  const aft_config *config = result->config;
  if (config->events_file != NULL) return json_string(config->events_file);
  if (config->events->len == 0) return json_null();
  json_t *array = json_array();
  for (guint i = 0; i < config->events->len; i++) {
    const aft_config_event *event = &g_array_index(config->events, aft_config_event, i);
    json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "event", event->event, "symbol", event->symbol,
                                           "published", event->published, "group", event->group));
  }
  return array;
}

static json_t *describe_option(const aft_model_option *option, const aft_model_options *options) {
  const void *at = (const char *)options + option->offset;
  const int *number = at;
  switch (option->kind) {
  case AFT_OPTION_BOOL: return json_boolean(*(const bool *)at);
  case AFT_OPTION_INTEGER: return json_integer(*number);
  case AFT_OPTION_CHOICE: return json_string(option->choices[*number]);
  case AFT_OPTION_WINDOW: return json_pack("{s:i, s:i}", "first", number[0], "last", number[1]);
  case AFT_OPTION_SYMBOLS: return result_describe_texts(*(char *const *const *)at);
  case AFT_OPTION_PATH: return result_text_or_null(*(const char *const *)at);
  case AFT_OPTION_NUMBER: return *(const double *)at > 0 ? json_real(*(const double *)at) : json_null();
  }
  g_assert_not_reached();
}

json_t *result_describe_models(const aft_model_spec *models, size_t n) {
  json_t *array = json_array();
  size_t n_options;
  const aft_model_option *options = aft_model_option_table(&n_options);
  for (size_t m = 0; m < n; m++) {
    const aft_model_spec *spec = &models[m];
    json_t *model = json_pack("{s:s, s:s}", "name", spec->model->name, "label", spec->label);
    if (spec->columns != NULL) json_object_set_new(model, "columns", result_describe_texts(spec->columns));
    for (size_t i = 0; i < n_options; i++)
      if (aft_model_takes(spec->model, options[i].name))
        json_object_set_new(model, options[i].name, describe_option(&options[i], &spec->options));
    json_array_append_new(array, model);
  }
  return array;
}

static json_t *describe_markets(const aft_result *result) {
  json_t *array = json_array();
  for (size_t i = 0; i < result->config->n_further; i++) {
    const aft_market_spec *spec = &result->config->further[i];
    json_array_append_new(
        array, json_pack("{s:s, s:o, s:o, s:o, s:s, s:o, s:o, s:o}", "calendar", spec->calendar, "market",
                         result_text_or_null(spec->market), "prices", result_describe_texts(spec->prices),
                         "returns_files", result_describe_texts(spec->returns_files), "returns_kind",
                         spec->files_hold_log ? "log" : "simple", "actions", result_text_or_null(spec->actions),
                         "factors", result_text_or_null(spec->factors), "shares", result_text_or_null(spec->shares)));
  }
  return array;
}

static gint compare_texts(gconstpointer a, gconstpointer b) { return strcmp(a, b); }

static json_t *describe_candidates(const aft_result *result) {
  const GArray *candidates = result->config->candidates;
  json_t *array = json_array();
  for (guint i = 0; candidates != NULL && i < candidates->len; i++) {
    const aft_candidate *c = &g_array_index(candidates, aft_candidate, i);
    json_array_append_new(array, json_pack("{s:s, s:s, s:s, s:s}", "event", c->event, "published", c->published,
                                           "until", c->until, "what", c->what));
  }
  return array;
}

static json_t *describe_firms(const aft_result *result) {
  GHashTable *firms = result->config->firms;
  if (firms == NULL) return json_null();
  json_t *object = json_object();
  GList *symbols = g_list_sort(g_hash_table_get_keys(firms), compare_texts);
  for (const GList *l = symbols; l != NULL; l = l->next)
    json_object_set_new(object, l->data, json_string(g_hash_table_lookup(firms, l->data)));
  g_list_free(symbols);
  return object;
}

static json_t *describe_span(int first, int last) { return json_pack("{s:i, s:i}", "first", first, "last", last); }

static json_t *describe_estimation(const aft_result *result) {
  json_t *span = describe_span(result->config->first_est, result->config->last_est);
  json_object_set_new(span, "min_obs", json_integer(result->config->min_obs));
  return span;
}

static json_t *describe_event_window(const aft_result *result) {
  return describe_span(result->config->first_rel, result->config->last_rel);
}

static json_t *describe_exclude_other_events(const aft_result *result) {
  const aft_config *config = result->config;
  return config->excludes_others ? describe_span(config->first_excluded, config->last_excluded) : json_null();
}

static json_t *describe_windows(const aft_result *result) {
  const aft_config *config = result->config;
  json_t *array = json_array();
  for (size_t w = 0; w < config->n_windows; w++)
    json_array_append_new(array, json_pack("[i, i]", config->windows[w].first, config->windows[w].last));
  return array;
}

static json_t *describe_tests(const aft_result *result) {
  json_t *array = json_array();
  for (size_t t = 0; t < result->config->n_tests; t++)
    json_array_append_new(array, json_string(result->config->tests[t]->name));
  return array;
}

static json_t *describe_resampling(const aft_result *result) {
  return json_pack("{s:i, s:I}", "replicates", result->config->replicates, "seed", (json_int_t)result->config->seed);
}

static json_t *describe_options(const aft_result *result) {
  const aft_config *config = result->config;
  return json_pack("{s:s, s:s, s:b}", "kp_align", aft_config_kp_align_name(config), "missing",
                   aft_config_missing_name(config), "forecast_correction", (int)!config->no_forecast_error);
}

static json_t *describe_focus(const aft_result *result) {
  if (result->focus < 0) return json_null();
  const aft_event *event = &result->events->rows[result->focus];
  return json_pack("{s:s, s:s}", "event", event->event, "symbol", event->symbol);
}

static json_t *describe_calendar_time(const aft_result *result) {
  const aft_calendar_time_options *options = &result->config->calendar_time;
  if (!options->wanted) return json_false();
  json_t *window = options->one_window ? json_pack("[i, i]", options->window.first, options->window.last) : json_null();
  json_t *lag = options->lag < 0 ? json_null() : json_integer(options->lag);
  return json_pack("{s:i, s:o, s:o}", "min_firms", options->min_firms, "window", window, "lag", lag);
}

static json_t *describe_terms(const aft_car_regression_spec *spec) {
  json_t *terms = json_array();
  for (size_t t = 0; t < spec->n_terms; t++) json_array_append_new(terms, json_string(spec->terms[t].name));
  return terms;
}

/* The categorical terms with their bases; null: the first label. */
static json_t *describe_categorical(const aft_car_regression_spec *spec) {
  json_t *categorical = json_object();
  for (size_t t = 0; t < spec->n_terms; t++)
    if (spec->terms[t].categorical)
      json_object_set_new(categorical, spec->terms[t].name, result_text_or_null(spec->terms[t].base));
  return categorical;
}

static json_t *describe_regressions(const aft_result *result) {
  const aft_config *config = result->config;
  json_t *array = json_array();
  for (size_t r = 0; r < config->n_regressions; r++) {
    const aft_car_regression_spec *spec = &config->regressions[r];
    json_t *windows = spec->n_windows > 0 ? json_array() : json_null();
    for (size_t w = 0; w < spec->n_windows; w++)
      json_array_append_new(windows, json_pack("[i, i]", spec->windows[w].first, spec->windows[w].last));
    json_array_append_new(array, json_pack("{s:s, s:o, s:o, s:o, s:o, s:s, s:s}", "name", spec->name, "covariates",
                                           result_text_or_null(spec->covariates), "terms", describe_terms(spec),
                                           "categorical", describe_categorical(spec), "window", windows, "errors",
                                           spec->errors->name, "weights", spec->by_variance ? "variance" : "equal"));
  }
  return array;
}

static json_t *describe_volume(const aft_result *result) {
  const aft_config *config = result->config;
  if (config->volume.measure == NULL) return json_false();
  return json_pack("{s:s, s:s}", "measure", config->volume.measure->name, "model",
                   aft_config_volume_model_name(config));
}

static json_t *describe_compat(const aft_result *result) {
  json_t *array = json_array();
  for (size_t i = 0; i < result->config->n_compat; i++)
    json_array_append_new(array, json_string(result->config->compat[i]->name));
  return array;
}

/* Symbol -> list of names, in the order of the symbols. */
static json_t *describe_names(GHashTable *names) {
  json_t *object = json_object();
  if (names == NULL) return object;
  g_autoptr(GList) symbols = g_list_sort(g_hash_table_get_keys(names), (GCompareFunc)strcmp);
  for (GList *symbol = symbols; symbol != NULL; symbol = symbol->next)
    json_object_set_new(object, symbol->data, result_describe_texts(g_hash_table_lookup(names, symbol->data)));
  return object;
}

static json_t *describe_scan(const aft_result *result) {
  const aft_scan_options *scan = &result->config->scan;
  bool studentized = scan->detector == AFT_DETECTOR_STUDENTIZED;
  return json_pack("{s:s, s:f, s:o, s:o, s:f, s:i, s:i, s:b, s:o}", "detector", aft_detector_names()[scan->detector],
                   "threshold", scan->threshold, "adjust",
                   result_text_or_null(!studentized ? NULL
                                       : scan->bh   ? "bh"
                                                    : "bonferroni"),
                   "window", studentized ? json_null() : json_integer(scan->window), "min_score", scan->min_score,
                   "links", scan->links, "story_articles", scan->story_articles, "report", (int)scan->report, "names",
                   describe_names(scan->names));
}

static json_t *describe_correlate(const aft_result *result) {
  const aft_correlate_options *correlate = &result->config->correlate;
  return json_pack("{s:i, s:i, s:i}", "lags", correlate->lags, "granger", correlate->granger, "min_articles",
                   correlate->min_articles);
}

static json_t *describe_size_card(const aft_result *result) {
  int replications = result->config->size_card;
  return replications > 0 ? json_pack("{s:i}", "replications", replications) : json_false();
}

/* Keys that are one value. */
#define VALUE(key, made) \
  static json_t *describe_##key(const aft_result *result) { \
    const aft_config *config = result->config; \
    return made; \
  }
VALUE(name, json_string(config->name))
VALUE(title, json_string(config->title))
VALUE(calendar, json_string(config->calendar))
VALUE(prices, result_describe_texts(config->prices))
VALUE(returns_files, result_describe_texts(config->returns_files))
VALUE(returns_kind, json_string(config->files_hold_log ? "log" : "simple"))
VALUE(actions, result_text_or_null(config->actions))
VALUE(market, result_text_or_null(config->market))
VALUE(factors, result_text_or_null(config->factors))
VALUE(shares, result_text_or_null(config->shares))
VALUE(news, result_describe_texts(config->news))
VALUE(records, result_text_or_null(config->records))
VALUE(stories, json_pack("{s:b, s:o, s:i}", "url", (int)config->stories.url, "titles",
                         config->stories.titles > 0 ? json_real(config->stories.titles) : json_false(), "window_days",
                         config->stories.window_days))
VALUE(earnings, result_text_or_null(config->earnings))
VALUE(symbols, result_describe_texts(config->symbols))
VALUE(models, result_describe_models(config->models, config->n_models))
VALUE(returns, json_string(config->log_returns ? "log" : "simple"))
VALUE(adjust, json_string(config->adjust->name))
VALUE(date_only, json_string(config->date_next ? "next" : "same"))
VALUE(confidence, json_real(config->confidence))
VALUE(overlaps, json_string(aft_config_overlaps_names()[config->overlaps]))
VALUE(clean_only, json_boolean(config->clean_only))
VALUE(tables, json_string(aft_config_tables_names()[config->tables]))
VALUE(keep, json_string(aft_config_keep_names()[config->keep]))
VALUE(charts, result_describe_texts(config->charts))
VALUE(formats, result_describe_texts(config->formats))
#undef VALUE

typedef struct echoed_key {
  const char *name;
  json_t *(*describe)(const aft_result *result);
} echoed_key;

#define KEY(name) \
  { #name, describe_##name }
/* clang-format off */
static const echoed_key keys[] = {
    KEY(name),
    KEY(title),
    KEY(calendar),
    KEY(prices),
    KEY(returns_files),
    KEY(returns_kind),
    KEY(actions),
    KEY(market),
    KEY(factors),
    KEY(shares),
    KEY(markets),
    KEY(firms),
    KEY(news),
    KEY(records),
    KEY(stories),
    KEY(earnings),
    KEY(events),
    KEY(candidates),
    KEY(symbols),
    KEY(returns),
    KEY(models),
    KEY(estimation),
    KEY(event_window),
    KEY(windows),
    KEY(tests),
    KEY(adjust),
    KEY(date_only),
    KEY(confidence),
    KEY(resampling),
    KEY(options),
    KEY(overlaps),
    KEY(exclude_other_events),
    KEY(clean_only),
    KEY(tables),
    KEY(keep),
    KEY(charts),
    KEY(formats),
    KEY(focus),
    KEY(volume),
    KEY(scan),
    KEY(correlate),
    {"robust", result_describe_robust},
    KEY(compat),
    KEY(regressions),
    KEY(calendar_time),
    KEY(size_card),
};
/* clang-format on */
#undef KEY

json_t *result_describe_study(const aft_result *result) {
  json_t *study = json_object();
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) json_object_set_new(study, keys[i].name, keys[i].describe(result));
  return study;
}
