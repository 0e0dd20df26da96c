/* The keys of the study file that say over which windows abnormal returns are summed, and how they are tested. */
#include "config_json.h"

#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

enum { MAX_WINDOWS = 1000 };

static const char *const align_names[] = {
    [AFT_KP_OVERLAP] = "overlap", [AFT_KP_CALENDAR] = "calendar", [AFT_KP_EVENT_TIME] = "event_time", NULL};
static const char *const missing_names[] = {
    [AFT_MISSING_EXCLUDE] = "exclude", [AFT_MISSING_SKIP] = "skip", [AFT_MISSING_ZERO] = "zero", NULL};
const char *aft_config_kp_align_name(const aft_config *config) { return align_names[config->kp_align]; }

const char *aft_config_missing_name(const aft_config *config) { return missing_names[config->missing]; }

bool config_read_windows(const config_reader *r, json_t *list, aft_config *c, GError **error) {
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
    if (!config_window(r, pair, key, c, &w, error)) return false;
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

bool config_read_tests(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  g_autofree const char **known = test_names();
  g_auto(GStrv) names = aft_text_copy_list(known);
  if (!config_names(r, value, "tests", known, &names, error)) return false;
  c->n_tests = g_strv_length(names);
  c->tests = g_new(const aft_test *, c->n_tests);
  for (size_t i = 0; i < c->n_tests; i++) c->tests[i] = aft_test_find(names[i]);
  return true;
}

bool config_read_adjust(const config_reader *r, json_t *value, aft_config *c, GError **error) {
  size_t n;
  int index = 0;
  const aft_adjustment *known = aft_adjustments(&n);
  g_autofree const char **names = g_new0(const char *, n + 1);
  for (size_t i = 0; i < n; i++) names[i] = known[i].name;
  if (!config_choice(r, value, "adjust", names, &index, error)) return false;
  c->adjust = &known[index];
  return true;
}

bool config_read_resampling(const config_reader *r, json_t *object, aft_config *c, GError **error) {
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

bool config_read_options(const config_reader *r, json_t *object, aft_config *c, GError **error) {
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
bool config_read_size_card(const config_reader *r, json_t *value, aft_config *c, GError **error) {
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
