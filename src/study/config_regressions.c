/* The key `regressions` of the study file: cross-sectional regressions of CARs. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_REGRESSIONS = 100, MAX_WINDOWS = 100, MAX_NAME = 60 };

/* [0, 1] or [[0, 0], [0, 1]] */
static bool read_windows(const config_reader *r, json_t *value, const char *key, const aft_config *c,
                         aft_car_regression_spec *spec, GError **error) {
  if (value == NULL) return true;
  bool several = json_is_array(json_array_get(value, 0));
  size_t n = several ? json_array_size(value) : 1;
  if (n > MAX_WINDOWS) return config_fail(r, error, key, "more than %d windows", MAX_WINDOWS);
  spec->windows = g_new0(aft_window, n);
  for (; spec->n_windows < n; spec->n_windows++) {
    json_t *pair = several ? json_array_get(value, spec->n_windows) : value;
    if (!config_window(r, pair, key, c, &spec->windows[spec->n_windows], error)) return false;
  }
  return true;
}

static bool read_terms(const config_reader *r, json_t *value, const char *key, aft_car_regression_spec *spec,
                       GError **error) {
  g_auto(GStrv) names = NULL;
  if (value == NULL) return config_fail(r, error, key, "is missing (a list of columns, e.g. [\"size\", \"leverage\"])");
  if (!config_texts(r, value, key, &names, error)) return false;
  spec->n_terms = g_strv_length(names);
  spec->terms = g_new0(aft_car_term, spec->n_terms);
  for (size_t t = 0; t < spec->n_terms; t++) {
    spec->terms[t].name = g_strdup(names[t]);
    for (size_t u = 0; u < t; u++)
      if (strcmp(names[u], names[t]) == 0) return config_fail(r, error, key, "\"%s\" stands twice", names[t]);
    if (strcmp(names[t], "constant") == 0)
      return config_fail(r, error, key, "\"constant\" is in every regression: leave it out");
  }
  return true;
}

static aft_car_term *find_term(const aft_car_regression_spec *spec, const char *name) {
  for (size_t t = 0; t < spec->n_terms; t++)
    if (strcmp(spec->terms[t].name, name) == 0) return &spec->terms[t];
  return NULL;
}

static bool mark(const config_reader *r, const char *key, const aft_car_regression_spec *spec, const char *name,
                 json_t *base, GError **error) {
  aft_car_term *term = find_term(spec, name);
  if (term == NULL) return config_fail(r, error, key, "\"%s\" is not among the terms", name);
  term->categorical = true;
  return base == NULL || json_is_null(base) || config_text(r, base, key, &term->base, error);
}

/* ["sector"], or {"sector": "banks"} with the base; null: the first label. */
static bool read_categorical(const config_reader *r, json_t *value, const char *key, aft_car_regression_spec *spec,
                             GError **error) {
  const char *name;
  json_t *base;
  aft_car_term *group = find_term(spec, "group");
  if (group != NULL && spec->covariates == NULL) group->categorical = true;
  if (value == NULL) return true;
  if (json_is_object(value)) {
    json_object_foreach(value, name, base) if (!mark(r, key, spec, name, base, error)) return false;
    return true;
  }
  g_auto(GStrv) names = NULL;
  if (!json_is_array(value))
    return config_fail(r, error, key,
                       "must be a list of terms, or an object of terms and bases, e.g. {\"group\": \"chips\"}");
  if (!config_texts(r, value, key, &names, error)) return false;
  for (char **one = names; *one != NULL; one++)
    if (!mark(r, key, spec, *one, NULL, error)) return false;
  return true;
}

static bool read_errors(const config_reader *r, json_t *value, const char *key, aft_car_regression_spec *spec,
                        GError **error) {
  size_t n;
  int index = 0;
  const aft_car_errors *known = aft_car_errors_table(&n);
  g_autofree const char **names = g_new0(const char *, n + 1);
  for (size_t i = 0; i < n; i++) names[i] = known[i].name;
  if (!config_choice(r, value, key, names, &index, error)) return false;
  spec->errors = &known[index];
  return true;
}

static bool read_weights(const config_reader *r, json_t *value, const char *key, aft_car_regression_spec *spec,
                         GError **error) {
  static const char *const names[] = {"equal", "variance", NULL};
  int index = 0;
  if (value == NULL || json_is_null(value)) return true;
  if (!config_choice(r, value, key, names, &index, error)) return false;
  spec->by_variance = index == 1;
  return true;
}

/* A name stands in tables and sentences. */
static bool read_name(const config_reader *r, json_t *value, const char *key, size_t i, const aft_config *c,
                      aft_car_regression_spec *spec, GError **error) {
  spec->name = value == NULL ? g_strdup_printf("%zu", i + 1) : NULL;
  if (!config_text(r, value, key, &spec->name, error)) return false;
  g_assert(spec->name != NULL); /* the number, or the text that was read */
  if (!g_unichar_isalnum(g_utf8_get_char(spec->name)))
    return config_fail(r, error, key, "must begin with a letter or a digit");
  if (g_utf8_strlen(spec->name, -1) > MAX_NAME)
    return config_fail(r, error, key, "is longer than %d characters", MAX_NAME);
  for (const char *p = spec->name; *p != '\0'; p = g_utf8_find_next_char(p, NULL))
    if (g_unichar_iscntrl(g_utf8_get_char(p))) return config_fail(r, error, key, "must not hold control characters");
  for (size_t j = 0; j < i; j++)
    if (strcmp(c->regressions[j].name, spec->name) == 0)
      return config_fail(r, error, key, "\"%s\" stands twice (give each regression a \"name\" of its own)", spec->name);
  return true;
}

static bool read_regression(const config_reader *r, json_t *object, size_t i, aft_config *c, GError **error) {
  static const char *const keys[] = {"name", "covariates", "terms", "categorical", "window", "errors", "weights", NULL};
  aft_car_regression_spec *spec = &c->regressions[i];
  g_autofree char *prefix = g_strdup_printf("regressions.%zu.", i);
  g_auto(GStrv) key = g_new0(char *, G_N_ELEMENTS(keys));
  bool ok = config_check_keys(r, object, prefix, keys, error);
  for (size_t k = 0; keys[k] != NULL; k++) key[k] = g_strconcat(prefix, keys[k], NULL);
  spec->line = aft_json_find_line(r->text, key[2]);
  ok = ok && read_name(r, json_object_get(object, keys[0]), key[0], i, c, spec, error) &&
       config_text(r, json_object_get(object, keys[1]), key[1], &spec->covariates, error) &&
       read_terms(r, json_object_get(object, keys[2]), key[2], spec, error) &&
       read_categorical(r, json_object_get(object, keys[3]), key[3], spec, error) &&
       read_windows(r, json_object_get(object, keys[4]), key[4], c, spec, error) &&
       read_errors(r, json_object_get(object, keys[5]), key[5], spec, error) &&
       read_weights(r, json_object_get(object, keys[6]), key[6], spec, error);
  if (ok && spec->covariates == NULL && !(spec->n_terms == 1 && strcmp(spec->terms[0].name, "group") == 0))
    ok = config_fail(r, error, key[2], "needs \"covariates\", a CSV file of event or symbol and these columns");
  return ok;
}

bool config_read_regressions(const config_reader *r, json_t *list, aft_config *c, GError **error) {
  size_t i;
  json_t *object;
  if (list == NULL) return true;
  if (!json_is_array(list) || json_array_size(list) == 0 || json_array_size(list) > MAX_REGRESSIONS)
    return config_fail(r, error, "regressions",
                       "must be a list of objects, e.g. [{\"covariates\": \"firms.csv\", \"terms\": [\"size\"]}]");
  c->regressions = g_new0(aft_car_regression_spec, json_array_size(list));
  json_array_foreach(list, i, object) {
    c->n_regressions = i + 1;
    if (!read_regression(r, object, i, c, error)) return false;
  }
  return true;
}
