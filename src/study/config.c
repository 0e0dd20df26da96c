/* The study file: which keys there are, what they may hold, what they default to. */
#include <aftershock/study/config.h>

#include "config_json.h"

#include <aftershock/base/file.h>
#include <aftershock/base/json_locate.h>
#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_study_error, aft_study_error)

enum { MAX_STUDY_BYTES = 1 << 24, MAX_REL = 20000, MAX_WINDOWS = 1000 };

static const char *const chart_names[] = {"price", "abnormal", "car", "caar", "fit", "forest", "timeline", NULL};
static const char *const format_names[] = {"png", "svg", "pdf", NULL};
static const char *const return_names[] = {"simple", "log", NULL};
static const char *const date_names[] = {"same", "next", NULL};
static const char *const align_names[] = {
    [AFT_KP_OVERLAP] = "overlap", [AFT_KP_CALENDAR] = "calendar", [AFT_KP_EVENT_TIME] = "event_time", NULL};
static const char *const missing_names[] = {
    [AFT_MISSING_EXCLUDE] = "exclude", [AFT_MISSING_SKIP] = "skip", [AFT_MISSING_ZERO] = "zero", NULL};
static const char *const study_keys[] = {
    "$schema",      "$comment", "title", "calendar",  "prices",    "returns_files", "returns_kind", "actions",
    "market",       "factors",  "news",  "events",    "symbols",   "returns",       "models",       "estimation",
    "event_window", "windows",  "tests", "adjust",    "date_only", "confidence",    "resampling",   "options",
    "charts",       "formats",  "focus", "size_card", NULL};

const char *const *aft_config_chart_names(void) { return chart_names; }

const char *aft_config_kp_align_name(const aft_config *config) { return align_names[config->kp_align]; }

const char *aft_config_missing_name(const aft_config *config) { return missing_names[config->missing]; }

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
  g_strfreev(config->news);
  g_free(config->events_file);
  if (config->events != NULL) g_array_unref(config->events);
  g_strfreev(config->symbols);
  config_clear_models(config);
  g_free(config->windows);
  g_free(config->tests);
  g_strfreev(config->charts);
  g_strfreev(config->formats);
  g_free(config->focus_event);
  g_free(config->focus_symbol);
  memset(config, 0, sizeof *config);
}

char *aft_config_resolve(const aft_config *config, const char *path) {
  if (strcmp(path, "-") == 0 || g_path_is_absolute(path)) return g_strdup(path);
  return strcmp(config->folder, ".") == 0 ? g_strdup(path) : g_build_filename(config->folder, path, NULL);
}

bool config_span(const config_reader *r, json_t *object, const char *key, int *first, int *last, int *min_obs,
                 GError **error) {
  static const char *const with_obs[] = {"first", "last", "min_obs", NULL}, *const plain[] = {"first", "last", NULL};
  if (object == NULL) return true;
  g_autofree char *prefix = g_strconcat(key, ".", NULL);
  g_autofree char *first_key = g_strconcat(prefix, "first", NULL);
  g_autofree char *last_key = g_strconcat(prefix, "last", NULL);
  g_autofree char *obs_key = g_strconcat(prefix, "min_obs", NULL);
  if (!config_check_keys(r, object, prefix, min_obs != NULL ? with_obs : plain, error)) return false;
  if (!config_integer(r, json_object_get(object, "first"), first_key, -MAX_REL, MAX_REL, first, error)) return false;
  if (!config_integer(r, json_object_get(object, "last"), last_key, -MAX_REL, MAX_REL, last, error)) return false;
  if (min_obs != NULL && !config_integer(r, json_object_get(object, "min_obs"), obs_key, 2, MAX_REL, min_obs, error))
    return false;
  if (*first > *last) return config_fail(r, error, key, "first %d is after last %d", *first, *last);
  return true;
}

static bool read_windows(const config_reader *r, json_t *list, aft_config *c, GError **error) {
  size_t i;
  json_t *pair;
  if (list == NULL) {
    const aft_window usual[] = {{0, 0}, {-1, 1}, {0, 4}, {c->first_rel, c->last_rel}};
    c->windows = g_new(aft_window, G_N_ELEMENTS(usual));
    for (i = 0; i < G_N_ELEMENTS(usual); i++) {
      bool inside = usual[i].first >= c->first_rel && usual[i].last <= c->last_rel;
      bool repeated = c->n_windows > 0 && i == 3 && c->windows[c->n_windows - 1].first == usual[3].first &&
                      c->windows[c->n_windows - 1].last == usual[3].last;
      if (inside && !repeated) c->windows[c->n_windows++] = usual[i];
    }
    return true;
  }
  if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > MAX_WINDOWS)
    return config_fail(r, error, "windows", "must be a list of pairs, e.g. [[0, 0], [-1, 1]]");
  c->windows = g_new(aft_window, json_array_size(list));
  json_array_foreach(list, i, pair) {
    g_autofree char *key = g_strdup_printf("windows.%" G_GSIZE_FORMAT, i);
    aft_window w = {0, 0};
    if (!json_is_array(pair) || json_array_size(pair) != 2)
      return config_fail(r, error, key, "must be a pair of whole numbers, e.g. [-1, 1]");
    if (!config_integer(r, json_array_get(pair, 0), key, -MAX_REL, MAX_REL, &w.first, error)) return false;
    if (!config_integer(r, json_array_get(pair, 1), key, -MAX_REL, MAX_REL, &w.last, error)) return false;
    if (w.first > w.last) return config_fail(r, error, key, "first %d is after last %d", w.first, w.last);
    if (w.first < c->first_rel || w.last > c->last_rel)
      return config_fail(r, error, key, "[%d, %d] is not inside the event window [%d, %d]", w.first, w.last,
                         c->first_rel, c->last_rel);
    for (size_t j = 0; j < c->n_windows; j++)
      if (c->windows[j].first == w.first && c->windows[j].last == w.last)
        return config_fail(r, error, key, "[%d, %d] stands twice", w.first, w.last);
    c->windows[c->n_windows++] = w;
  }
  return true;
}

/* Names of the tests, NULL-terminated; the array is owned, the names are not. */
static const char **test_names(void) {
  size_t n;
  const aft_test *tests = aft_tests(&n);
  const char **names = g_new0(const char *, n + 1);
  for (size_t i = 0; i < n; i++) names[i] = tests[i].name;
  return names;
}

static bool read_tests(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  g_autofree const char **known = test_names();
  g_auto(GStrv) names = aft_text_copy_list(known);
  if (!config_names(r, value, "tests", known, &names, error)) return false;
  c->n_tests = g_strv_length(names);
  c->tests = g_new(const aft_test *, c->n_tests);
  for (size_t i = 0; i < c->n_tests; i++) c->tests[i] = aft_test_find(names[i]);
  return true;
}

static bool read_adjust(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  size_t n;
  int index = 0;
  const aft_adjustment *known = aft_adjustments(&n);
  g_autofree const char **names = g_new0(const char *, n + 1);
  for (size_t i = 0; i < n; i++) names[i] = known[i].name;
  if (!config_choice(r, value, "adjust", names, &index, error)) return false;
  c->adjust = &known[index];
  return true;
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

static bool read_resampling(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"replicates", "seed", NULL};
  if (object == NULL) return true;
  if (!config_check_keys(r, object, "resampling.", keys, error)) return false;
  if (!config_integer(r, json_object_get(object, "replicates"), "resampling.replicates", 1, 10000000, &c->replicates,
                      error))
    return false;
  json_t *seed = json_object_get(object, "seed");
  if (seed == NULL) return true;
  if (!json_is_integer(seed) || json_integer_value(seed) < 0)
    return config_fail(r, error, "resampling.seed", "must be a whole number, 0 or more");
  c->seed = (guint64)json_integer_value(seed);
  return true;
}

static bool read_options(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"kp_align", "missing", "forecast_correction", NULL};
  int align = 0, missing = 0;
  bool correction = true;
  if (object == NULL) return true;
  if (!config_check_keys(r, object, "options.", keys, error) ||
      !config_choice(r, json_object_get(object, "kp_align"), "options.kp_align", align_names, &align, error) ||
      !config_choice(r, json_object_get(object, "missing"), "options.missing", missing_names, &missing, error) ||
      !config_boolean(r, json_object_get(object, "forecast_correction"), "options.forecast_correction", &correction,
                      error))
    return false;
  c->kp_align = (enum aft_kp_align)align;
  c->missing = (enum aft_missing)missing;
  c->no_forecast_error = !correction;
  return true;
}

/* true, false, or {"replications": 1000} */
static bool read_size_card(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  static const char *const keys[] = {"replications", NULL};
  if (value == NULL || json_is_false(value)) return true;
  c->size_card = 1000;
  if (json_is_true(value)) return true;
  if (!json_is_object(value))
    return config_fail(r, error, "size_card", "must be true, false or {\"replications\": 1000}");
  return config_check_keys(r, value, "size_card.", keys, error) &&
         config_integer(r, json_object_get(value, "replications"), "size_card.replications", 1, 10000000, &c->size_card,
                        error);
}

static bool read_focus(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"event", "symbol", NULL};
  if (object == NULL) return true;
  if (!config_check_keys(r, object, "focus.", keys, error)) return false;
  if (!config_text(r, json_object_get(object, "event"), "focus.event", &c->focus_event, error)) return false;
  return config_text(r, json_object_get(object, "symbol"), "focus.symbol", &c->focus_symbol, error);
}

static bool read_files(const config_reader *r, json_t *root, aft_config *c, GError **error) {
  return config_texts(r, json_object_get(root, "prices"), "prices", &c->prices, error) &&
         config_texts(r, json_object_get(root, "returns_files"), "returns_files", &c->returns_files, error) &&
         config_text(r, json_object_get(root, "actions"), "actions", &c->actions, error) &&
         config_text(r, json_object_get(root, "factors"), "factors", &c->factors, error) &&
         config_texts(r, json_object_get(root, "news"), "news", &c->news, error) &&
         config_texts(r, json_object_get(root, "symbols"), "symbols", &c->symbols, error) &&
         read_events(r, json_object_get(root, "events"), c, error);
}

static bool read_choices(const config_reader *r, json_t *root, aft_config *c, GError **error) {
  int returns = 0, kind = 0, date_only = 0;
  if (!config_choice(r, json_object_get(root, "returns"), "returns", return_names, &returns, error) ||
      !config_choice(r, json_object_get(root, "returns_kind"), "returns_kind", return_names, &kind, error) ||
      !config_choice(r, json_object_get(root, "date_only"), "date_only", date_names, &date_only, error) ||
      !config_names(r, json_object_get(root, "charts"), "charts", chart_names, &c->charts, error) ||
      !config_names(r, json_object_get(root, "formats"), "formats", format_names, &c->formats, error) ||
      !config_number(r, json_object_get(root, "confidence"), "confidence", 0.5, 1, &c->confidence, error))
    return false;
  c->log_returns = returns == 1;
  c->files_hold_log = kind == 1;
  c->date_next = date_only == 1;
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
  if (c->events_file == NULL && c->events->len == 0 && c->news == NULL)
    return config_fail(r, error, "", "\"events\" is missing (a CSV file; or \"news\" from which events come)");
  if (c->last_est >= c->first_rel)
    return config_fail(r, error, "estimation", "[%d, %d] overlaps the event window [%d, %d]", c->first_est, c->last_est,
                       c->first_rel, c->last_rel);
  if (c->min_obs > c->last_est - c->first_est + 1)
    return config_fail(r, error, "estimation", "min_obs %d is more than the %d sessions of [%d, %d]", c->min_obs,
                       c->last_est - c->first_est + 1, c->first_est, c->last_est);
  return config_check_models(r, json_object_get(root, "models") != NULL, c, error);
}

static bool read_root(const config_reader *r, json_t *root, aft_config *c, GError **error) {
  return config_check_keys(r, root, "", study_keys, error) &&
         config_text(r, json_object_get(root, "title"), "title", &c->title, error) &&
         config_text(r, json_object_get(root, "calendar"), "calendar", &c->calendar, error) &&
         config_text(r, json_object_get(root, "market"), "market", &c->market, error) &&
         read_files(r, root, c, error) && read_choices(r, root, c, error) &&
         config_read_models(r, json_object_get(root, "models"), c, error) &&
         config_span(r, json_object_get(root, "estimation"), "estimation", &c->first_est, &c->last_est, &c->min_obs,
                     error) &&
         config_span(r, json_object_get(root, "event_window"), "event_window", &c->first_rel, &c->last_rel, NULL,
                     error) &&
         read_windows(r, json_object_get(root, "windows"), c, error) &&
         read_tests(r, json_object_get(root, "tests"), c, error) &&
         read_adjust(r, json_object_get(root, "adjust"), c, error) &&
         read_resampling(r, json_object_get(root, "resampling"), c, error) &&
         read_options(r, json_object_get(root, "options"), c, error) &&
         read_size_card(r, json_object_get(root, "size_card"), c, error) &&
         read_focus(r, json_object_get(root, "focus"), c, error) && check_whole(r, root, c, error);
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
  json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &problem);
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
  config_reader reader = {path, text};
  read.calendar_line = aft_json_find_line(text, "calendar");
  read.market_line = aft_json_find_line(text, "market");
  bool ok = read_root(&reader, root, &read, error);
  json_decref(root);
  if (!ok) {
    aft_config_clear(&read);
    return false;
  }
  *config = read;
  return true;
}
