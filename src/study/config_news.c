/* The keys `scan` and `correlate` of the study file. */
#include "config_json.h"

#include <string.h>

#include <aftershock/base/banned.h>

static const char *const detector_names[] = {"mad", "studentized", "lee_mykland", NULL};
static const char *const adjust_names[] = {"bonferroni", "bh", NULL};

enum { MAX_NAMES = 20 };

const char *const *aft_detector_names(void) { return detector_names; }

static void free_names(void *names) { g_strfreev(names); }

/* {"NVDA": "Nvidia", "GOOGL": ["Alphabet", "Google"]} */
static bool read_names(const config_reader *r, json_t *value, aft_scan_options *options, GError **error) {
  const char *symbol;
  json_t *item;
  if (value == NULL) return true;
  if (!json_is_object(value))
    return config_fail(r, error, "scan.names", "must be an object, e.g. {\"NVDA\": \"Nvidia\"}");
  options->names = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_names);
  json_object_foreach(value, symbol, item) {
    g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
    size_t n = json_is_array(item) ? json_array_size(item) : 1;
    bool ok = n >= 1 && n <= MAX_NAMES;
    for (size_t i = 0; ok && i < n; i++) {
      const char *name = json_string_value(json_is_array(item) ? json_array_get(item, i) : item);
      ok = name != NULL && g_ascii_isalnum(name[0]) && strlen(name) >= 2;
      if (ok) g_strv_builder_add(builder, name);
    }
    if (!ok)
      return config_fail(r, error, "scan.names",
                         "\"%s\" needs a name of two characters or more that begins with a letter or digit, or a list "
                         "of at most %d",
                         symbol, MAX_NAMES);
    g_hash_table_insert(options->names, g_strdup(symbol), g_strv_builder_end(builder));
  }
  return true;
}

/* The threshold has another meaning, and other bounds, for each detector. */
static bool read_threshold(const config_reader *r, json_t *value, aft_scan_options *options, GError **error) {
  bool is_score = options->detector == AFT_DETECTOR_MAD;
  options->threshold = is_score ? 4 : 0.05;
  return config_number(r, value, "scan.threshold", is_score ? 0.5 : 1e-9, is_score ? 1e6 : 0.5, &options->threshold,
                       error);
}

bool config_read_scan(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"detector", "threshold",      "adjust", "window", "min_score",
                                     "links",    "story_articles", "report", "names",  NULL};
  aft_scan_options *options = &c->scan;
  int detector = 0, adjust = 0;
  *options = (aft_scan_options){.min_score = 0.5, .links = 5, .story_articles = 3};
  if (object != NULL && !config_check_keys(r, object, "scan.", keys, error)) return false;
  if (!config_choice(r, json_object_get(object, "detector"), "scan.detector", detector_names, &detector, error) ||
      !config_choice(r, json_object_get(object, "adjust"), "scan.adjust", adjust_names, &adjust, error))
    return false;
  options->detector = (enum aft_detector)detector;
  options->bh = adjust == 1;
  options->window = options->detector == AFT_DETECTOR_LEE_MYKLAND ? 16 : 60;
  json_t *window = json_object_get(object, "window");
  if (window != NULL && options->detector == AFT_DETECTOR_STUDENTIZED)
    return config_fail(r, error, "scan.window", "does not apply to studentized, which takes the whole sample");
  if (json_object_get(object, "adjust") != NULL && options->detector != AFT_DETECTOR_STUDENTIZED)
    return config_fail(r, error, "scan.adjust", "applies to the detector studentized alone");
  return read_threshold(r, json_object_get(object, "threshold"), options, error) &&
         config_integer(r, window, "scan.window", 5, 1000, &options->window, error) &&
         config_number(r, json_object_get(object, "min_score"), "scan.min_score", 0, 1, &options->min_score, error) &&
         config_integer(r, json_object_get(object, "links"), "scan.links", 1, 1000, &options->links, error) &&
         config_integer(r, json_object_get(object, "story_articles"), "scan.story_articles", 1, 1000000,
                        &options->story_articles, error) &&
         config_boolean(r, json_object_get(object, "report"), "scan.report", &options->report, error) &&
         read_names(r, json_object_get(object, "names"), options, error);
}

bool config_check_scan(const config_reader *r, const aft_config *c, GError **error) {
  if (!c->scan.report || c->news != NULL) return true;
  return config_fail(r, error, "scan.report",
                     "asks for the news around each move, but the study has none (name article files under \"news\")");
}

bool config_read_correlate(const config_reader *r, json_t *object, aft_config *c, GError **error) {
  static const char *const keys[] = {"lags", "granger", "min_articles", NULL};
  aft_correlate_options *options = &c->correlate;
  *options = (aft_correlate_options){.lags = 5, .granger = 5, .min_articles = 10};
  if (object == NULL) return true;
  return config_check_keys(r, object, "correlate.", keys, error) &&
         config_integer(r, json_object_get(object, "lags"), "correlate.lags", 0, 60, &options->lags, error) &&
         config_integer(r, json_object_get(object, "granger"), "correlate.granger", 1, 30, &options->granger, error) &&
         config_integer(r, json_object_get(object, "min_articles"), "correlate.min_articles", 1, 1000000,
                        &options->min_articles, error);
}
