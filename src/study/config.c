/* The study file: which keys there are, what they may hold, what they default to. */
#include <aftershock/study/config.h>

#include "config_json.h"

#include <aftershock/base/file.h>
#include <aftershock/base/json_locate.h>
#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_study_error, aft_study_error)

enum { MAX_STUDY_BYTES = 1 << 24 };

static const char *const chart_names[] = {"price",  "abnormal", "car",   "caar", "fit",
                                          "forest", "timeline", "moves", NULL};
static const char *const format_names[] = {"png", "svg", "pdf", NULL};
static const char *const tables_names[] = {
    [AFT_TABLES_ALL] = "all", [AFT_TABLES_EVENTS] = "events", [AFT_TABLES_AGGREGATE] = "aggregate", NULL};
static const char *const date_names[] = {"same", "next", NULL};
const char *const *aft_config_chart_names(void) { return chart_names; }

const char *const *aft_config_tables_names(void) { return tables_names; }

static void clear_event(void *data) {
  aft_config_event *event = data;
  g_free(event->event);
  g_free(event->symbol);
  g_free(event->published);
  g_free(event->group);
}

void aft_config_clear(aft_config *config) {
  g_free(config->path);
  g_free(config->folder);
  g_free(config->name);
  g_free(config->title);
  g_free(config->calendar);
  g_free(config->market);
  g_strfreev(config->prices);
  g_strfreev(config->returns_files);
  g_free(config->actions);
  g_free(config->factors);
  g_free(config->shares);
  config_clear_markets(config);
  g_strfreev(config->news);
  g_free(config->earnings);
  g_free(config->events_file);
  g_free(config->records);
  if (config->events != NULL) g_array_unref(config->events);
  if (config->candidates != NULL) g_array_unref(config->candidates);
  g_strfreev(config->symbols);
  g_clear_pointer(&config->scan.names, g_hash_table_unref);
  config_clear_models(&config->models, &config->n_models);
  config_clear_robust(config);
  g_free(config->windows);
  for (size_t i = 0; i < config->n_regressions; i++) aft_car_regression_spec_clear(&config->regressions[i]);
  g_free(config->regressions);
  g_free(config->compat);
  g_free(config->tests);
  g_strfreev(config->charts);
  g_strfreev(config->formats);
  g_free(config->focus_event);
  g_free(config->focus_symbol);
  memset(config, 0, sizeof *config);
}

char *aft_config_resolve(const aft_config *config, const char *path) {
  if (strcmp(path, "-") == 0 || g_path_is_absolute(path) || strstr(path, "://") != NULL) return g_strdup(path);
  return strcmp(config->folder, ".") == 0 ? g_strdup(path) : g_build_filename(config->folder, path, NULL);
}

/* A path, or a list of {event, symbol, published, group}. */
static bool read_events(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  static const char *const keys[] = {"event", "symbol", "published", "group", NULL};
  size_t i;
  json_t *item;
  c->events = g_array_new(FALSE, TRUE, sizeof(aft_config_event));
  g_array_set_clear_func(c->events, clear_event);
  if (value == NULL) return true;
  if (json_is_string(value)) return config_text(r, value, "events", &c->events_file, error);
  if (!json_is_array(value) || json_array_size(value) == 0)
    return config_fail(r, error, "events", "must be a file name, or a list of {event, symbol, published}");
  json_array_foreach(value, i, item) {
    char key[64];
    g_snprintf(key, sizeof key, "events.%" G_GSIZE_FORMAT, i);
    g_autofree char *prefix = g_strconcat(key, ".", NULL);
    if (!config_check_keys(r, item, prefix, keys, error)) return false;
    aft_config_event empty = {NULL, NULL, NULL, NULL, 0};
    g_array_append_val(c->events, empty);
    aft_config_event *event = &g_array_index(c->events, aft_config_event, i);
    char **fields[] = {&event->event, &event->symbol, &event->published, &event->group};
    for (int f = 0; keys[f] != NULL; f++) {
      g_autofree char *name = g_strconcat(prefix, keys[f], NULL);
      json_t *text = json_object_get(item, keys[f]);
      if (text == NULL && f < 3) return config_fail(r, error, key, "needs \"%s\"", keys[f]);
      if (!config_text(r, text, name, fields[f], error)) return false;
      if (*fields[f] == NULL) *fields[f] = g_strdup("");
    }
    event->line = aft_json_find_line(r->text, key);
  }
  return true;
}

/* What must be there together, or not. */
static bool check_whole(const config_reader *r, json_t *root, const aft_config *c, GError **error) {
  if (c->title == NULL) return config_fail(r, error, "", "\"title\" is missing (one line that says what is studied)");
  if (c->calendar == NULL)
    return config_fail(r, error, "", "\"calendar\" is missing (the exchange's MIC, e.g. \"XNYS\")");
  if (c->prices == NULL && c->returns_files == NULL)
    return config_fail(r, error, "", "\"prices\" is missing (a list of CSV files; or \"returns_files\")");
  if (c->prices != NULL && c->returns_files != NULL)
    return config_fail(r, error, "returns_files", "stands beside \"prices\": give one of them");
  if (json_object_get(root, "returns_kind") != NULL && c->returns_files == NULL)
    return config_fail(r, error, "returns_kind", "says what \"returns_files\" hold, but there are none");
  if (c->actions != NULL && c->prices == NULL)
    return config_fail(r, error, "actions", "splits and dividends apply to \"prices\", but the study has returns");
  if (c->shares != NULL && c->prices == NULL)
    return config_fail(r, error, "shares",
                       "counts the shares behind the volume of \"prices\", but the study has returns");
  if (c->events_file == NULL && c->events->len == 0 && c->news == NULL)
    return config_fail(r, error, "", "\"events\" is missing (a CSV file; or \"news\" from which events come)");
  if (c->last_est >= c->first_rel)
    return config_fail(r, error, "estimation", "[%d, %d] overlaps the event window [%d, %d]", c->first_est, c->last_est,
                       c->first_rel, c->last_rel);
  if (c->min_obs > c->last_est - c->first_est + 1)
    return config_fail(r, error, "estimation", "min_obs %d is more than the %d sessions of [%d, %d]", c->min_obs,
                       c->last_est - c->first_est + 1, c->first_est, c->last_est);
  return config_check_models(r, json_object_get(root, "models") != NULL, c, error) &&
         config_check_markets(r, c, error) && config_check_volume(r, c, error) && config_check_keep(r, c, error) &&
         config_check_scan(r, c, error);
}

static bool read_nothing(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  (void)r, (void)value, (void)c, (void)error;
  return true;
}

static bool read_title(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_text(r, value, "title", &c->title, error);
}

static bool read_calendar(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  c->calendar_line = aft_json_find_line(r->text, "calendar");
  return config_text(r, value, "calendar", &c->calendar, error);
}

static bool read_market(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  c->market_line = aft_json_find_line(r->text, "market");
  return config_text(r, value, "market", &c->market, error);
}

static bool read_prices(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_texts(r, value, "prices", &c->prices, error);
}

static bool read_returns_files(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_texts(r, value, "returns_files", &c->returns_files, error);
}

static bool read_actions(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_text(r, value, "actions", &c->actions, error);
}

static bool read_factors(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_text(r, value, "factors", &c->factors, error);
}

static bool read_shares(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_text(r, value, "shares", &c->shares, error);
}

static bool read_news(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_texts(r, value, "news", &c->news, error);
}

static bool read_records(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_text(r, value, "records", &c->records, error);
}

static bool read_clean_only(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_boolean(r, value, "clean_only", &c->clean_only, error);
}

static bool read_earnings(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_text(r, value, "earnings", &c->earnings, error);
}

static bool read_symbols(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_texts(r, value, "symbols", &c->symbols, error);
}

static bool read_returns(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_returns_form(r, value, "returns", &c->log_returns, error);
}

static bool read_returns_kind(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_returns_form(r, value, "returns_kind", &c->files_hold_log, error);
}

static bool read_date_only(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  int index = 0;
  if (!config_choice(r, value, "date_only", date_names, &index, error)) return false;
  c->date_next = index == 1;
  return true;
}

static bool read_estimation(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_span(r, value, "estimation", &c->first_est, &c->last_est, &c->min_obs, error);
}

static bool read_event_window(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_span(r, value, "event_window", &c->first_rel, &c->last_rel, NULL, error);
}

static bool read_confidence(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_number(r, value, "confidence", 0.5, 0.999999, &c->confidence, error);
}

static bool read_charts(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_names(r, value, "charts", chart_names, &c->charts, error);
}

static bool read_tables(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  int index = 0;
  if (!config_choice(r, value, "tables", tables_names, &index, error)) return false;
  c->tables = (enum aft_tables_kept)index;
  return true;
}

static bool read_formats(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  return config_names(r, value, "formats", format_names, &c->formats, error);
}

static bool read_focus(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"event", "symbol", NULL};
  if (object == NULL) return true;
  if (!config_check_keys(r, object, "focus.", keys, error)) return false;
  if (!config_text(r, json_object_get(object, "event"), "focus.event", &c->focus_event, error)) return false;
  return config_text(r, json_object_get(object, "symbol"), "focus.symbol", &c->focus_symbol, error);
}

/* One row a key of the study file. A reader also sees a key that is absent: value is NULL then. */
typedef struct study_key {
  const char *name;
  bool (*read)(const config_reader *reader, json_t *value, aft_config *config, GError **error);
} study_key;

/* In the order of reading: windows lie inside event_window. */
static const study_key study_keys[] = {
    {"$schema", read_nothing},
    {"$comment", read_nothing},
    {"title", read_title},
    {"calendar", read_calendar},
    {"market", read_market},
    {"prices", read_prices},
    {"returns_files", read_returns_files},
    {"returns_kind", read_returns_kind},
    {"actions", read_actions},
    {"factors", read_factors},
    {"shares", read_shares},
    {"markets", config_read_markets},
    {"firms", config_read_firms},
    {"news", read_news},
    {"records", read_records},
    {"stories", config_read_stories},
    {"earnings", read_earnings},
    {"clean_only", read_clean_only},
    {"overlaps", config_read_overlaps},
    {"exclude_other_events", config_read_excluded},
    {"symbols", read_symbols},
    {"events", read_events},
    {"candidates", config_read_candidates},
    {"returns", read_returns},
    {"date_only", read_date_only},
    {"models", config_read_models},
    {"estimation", read_estimation},
    {"event_window", read_event_window},
    {"windows", config_read_windows},
    {"tests", config_read_tests},
    {"adjust", config_read_adjust},
    {"confidence", read_confidence},
    {"resampling", config_read_resampling},
    {"options", config_read_options},
    {"size_card", config_read_size_card},
    {"regressions", config_read_regressions},
    {"compat", config_read_compat},
    {"calendar_time", config_read_calendar_time},
    {"tables", read_tables},
    {"keep", config_read_keep},
    {"volume", config_read_volume},
    {"scan", config_read_scan},
    {"correlate", config_read_correlate},
    {"robust", config_read_robust},
    {"charts", read_charts},
    {"formats", read_formats},
    {"focus", read_focus},
};

static bool read_root(const config_reader *r, json_t *root, aft_config *c, GError **error) {
  const char *known[G_N_ELEMENTS(study_keys) + 1] = {NULL};
  for (size_t i = 0; i < G_N_ELEMENTS(study_keys); i++) known[i] = study_keys[i].name;
  if (!config_check_keys(r, root, "", known, error)) return false;
  for (size_t i = 0; i < G_N_ELEMENTS(study_keys); i++)
    if (!study_keys[i].read(r, json_object_get(root, study_keys[i].name), c, error)) return false;
  return check_whole(r, root, c, error);
}

/* study.json takes its folder's name, any other file its own. */
static char *derive_name(const char *path) {
  g_autofree char *file = g_path_get_basename(path);
  if (strcmp(file, "study.json") == 0) {
    g_autofree char *full = g_canonicalize_filename(path, NULL);
    g_autofree char *folder = g_path_get_dirname(full);
    return g_path_get_basename(folder);
  }
  if (g_str_has_suffix(file, ".json")) file[strlen(file) - strlen(".json")] = '\0';
  return g_steal_pointer(&file);
}

bool aft_config_read(aft_config *config, const char *path, GError **error) {
  g_autofree char *text = NULL;
  size_t size;
  json_error_t problem;
  if (!aft_file_read(path, MAX_STUDY_BYTES, &text, &size, error)) return false;
  size_t mark = g_str_has_prefix(text, "\xEF\xBB\xBF") ? 3 : 0; /* a byte-order mark, as some editors write */
  json_t *root = json_loadb(text + mark, size - mark, JSON_REJECT_DUPLICATES, &problem);
  if (root == NULL) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG, "%s:%d: not JSON: %s", path, problem.line,
                problem.text);
    return false;
  }
  static const char *const default_formats[] = {"png", NULL};
  aft_config read = {.path = g_strdup(path),
                     .folder = g_path_get_dirname(path),
                     .name = derive_name(path),
                     .first_est = -250,
                     .last_est = -11,
                     .min_obs = 100,
                     .first_rel = -10,
                     .last_rel = 10,
                     .confidence = 0.95,
                     .replicates = 999,
                     .seed = 1,
                     .charts = aft_text_copy_list(chart_names),
                     .formats = aft_text_copy_list(default_formats)};
  config_reader reader = {path, text + mark};
  bool ok = read_root(&reader, root, &read, error);
  json_decref(root);
  if (!ok) {
    aft_config_clear(&read);
    return false;
  }
  *config = read;
  return true;
}
