/* Reading typed values out of the study file's JSON. */
#include "config_json.h"

#include <aftershock/base/json_locate.h>
#include <aftershock/base/text.h>

#include <stdarg.h>
#include <string.h>

#include <aftershock/base/banned.h>

void config_set_error(const config_reader *reader, GError **error, const char *key, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_CONFIG, "%s:%ld: %s%s%s", reader->path,
              aft_json_find_line(reader->text, key), key, *key != '\0' ? ": " : "", message);
}

static const char *type_name(const json_t *value) {
  switch (json_typeof(value)) {
  case JSON_OBJECT: return "an object";
  case JSON_ARRAY: return "a list";
  case JSON_STRING: return "a text";
  case JSON_INTEGER:
  case JSON_REAL: return "a number";
  case JSON_TRUE:
  case JSON_FALSE: return "true or false";
  default: return "null";
  }
}

bool config_check_keys(const config_reader *reader, json_t *object, const char *prefix, const char *const *known,
                       GError **error) {
  const char *key;
  json_t *value;
  if (!json_is_object(object)) {
    g_autofree char *name = g_strndup(prefix, strlen(prefix) > 0 ? strlen(prefix) - 1 : 0);
    return config_fail(reader, error, name, "must be an object, not %s", type_name(object));
  }
  json_object_foreach(object, key, value) {
    if (g_strv_contains(known, key)) continue;
    g_autofree char *name = g_strconcat(prefix, key, NULL);
    const char *closest = aft_text_find_closest(key, known);
    if (closest != NULL) return config_fail(reader, error, name, "unknown key (did you mean \"%s\"?)", closest);
    g_auto(GStrv) copy = aft_text_copy_list(known);
    g_autofree char *list = g_strjoinv(", ", copy);
    return config_fail(reader, error, name, "unknown key (known: %s)", list);
  }
  return true;
}

bool config_text(const config_reader *reader, json_t *value, const char *key, char **out, GError **error) {
  if (value == NULL) return true;
  if (!json_is_string(value)) return config_fail(reader, error, key, "must be a text, not %s", type_name(value));
  const char *text = json_string_value(value);
  if (*text == '\0') return config_fail(reader, error, key, "must not be empty");
  if (strlen(text) != json_string_length(value))
    return config_fail(reader, error, key, "must not hold a NUL character");
  g_free(*out);
  *out = g_strdup(text);
  return true;
}

bool config_texts(const config_reader *reader, json_t *value, const char *key, char ***out, GError **error) {
  if (value == NULL) return true;
  if (!json_is_array(value))
    return config_fail(reader, error, key, "must be a list of texts, not %s", type_name(value));
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  size_t i;
  json_t *item;
  json_array_foreach(value, i, item) {
    g_autofree char *name = g_strdup_printf("%s.%" G_GSIZE_FORMAT, key, i);
    g_autofree char *text = NULL;
    if (!config_text(reader, item, name, &text, error)) return false;
    g_strv_builder_add(builder, text);
  }
  if (json_array_size(value) == 0) return config_fail(reader, error, key, "must not be an empty list");
  g_strfreev(*out);
  *out = g_strv_builder_end(builder);
  return true;
}

bool config_integer(const config_reader *reader, json_t *value, const char *key, int low, int high, int *out,
                    GError **error) {
  if (value == NULL) return true;
  if (!json_is_integer(value))
    return config_fail(reader, error, key, "must be a whole number, not %s",
                       json_is_real(value) ? "a fraction" : type_name(value));
  json_int_t number = json_integer_value(value);
  if (number < low || number > high)
    return config_fail(reader, error, key, "%" JSON_INTEGER_FORMAT " is not between %d and %d", number, low, high);
  *out = (int)number;
  return true;
}

bool config_number(const config_reader *reader, json_t *value, const char *key, double low, double high, double *out,
                   GError **error) {
  if (value == NULL) return true;
  if (!json_is_number(value)) return config_fail(reader, error, key, "must be a number, not %s", type_name(value));
  double number = json_number_value(value);
  if (!(number > low && number < high))
    return config_fail(reader, error, key, "%g is not between %g and %g", number, low, high);
  *out = number;
  return true;
}

bool config_boolean(const config_reader *reader, json_t *value, const char *key, bool *out, GError **error) {
  if (value == NULL) return true;
  if (!json_is_boolean(value))
    return config_fail(reader, error, key, "must be true or false, not %s", type_name(value));
  *out = json_is_true(value);
  return true;
}

static int find_name(const char *const *names, const char *name) {
  for (int i = 0; names[i] != NULL; i++)
    if (strcmp(names[i], name) == 0) return i;
  return -1;
}

static bool fail_name(const config_reader *reader, const char *key, const char *name, const char *const *known,
                      GError **error) {
  const char *closest = aft_text_find_closest(name, known);
  if (closest != NULL)
    return config_fail(reader, error, key, "\"%s\" is not known (did you mean \"%s\"?)", name, closest);
  g_auto(GStrv) copy = aft_text_copy_list(known);
  g_autofree char *list = g_strjoinv(", ", copy);
  return config_fail(reader, error, key, "\"%s\" is not known (known: %s)", name, list);
}

bool config_choice(const config_reader *reader, json_t *value, const char *key, const char *const *names, int *out,
                   GError **error) {
  g_autofree char *text = NULL;
  if (value == NULL) return true;
  if (!config_text(reader, value, key, &text, error)) return false;
  int index = find_name(names, text);
  if (index < 0) return fail_name(reader, key, text, names, error);
  *out = index;
  return true;
}

bool config_names(const config_reader *reader, json_t *value, const char *key, const char *const *known, char ***out,
                  GError **error) {
  g_auto(GStrv) names = NULL;
  if (value == NULL) return true;
  if (json_is_string(value) && strcmp(json_string_value(value), "all") == 0) {
    names = aft_text_copy_list(known);
  } else if (json_is_string(value)) {
    return config_fail(reader, error, key, "must be a list of names, or \"all\"");
  } else {
    if (!config_texts(reader, value, key, &names, error)) return false;
    if (g_strv_length(names) == 1 && strcmp(names[0], "all") == 0) {
      g_strfreev(names);
      names = aft_text_copy_list(known);
    }
    for (int i = 0; names[i] != NULL; i++) {
      g_autofree char *name = g_strdup_printf("%s.%d", key, i);
      if (find_name(known, names[i]) < 0) return fail_name(reader, name, names[i], known, error);
      if (find_name((const char *const *)names, names[i]) < i)
        return config_fail(reader, error, name, "\"%s\" stands twice", names[i]);
    }
  }
  g_strfreev(*out);
  *out = g_steal_pointer(&names);
  return true;
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
  if (!config_integer(r, json_object_get(object, "first"), first_key, -CONFIG_MAX_REL, CONFIG_MAX_REL, first, error))
    return false;
  if (!config_integer(r, json_object_get(object, "last"), last_key, -CONFIG_MAX_REL, CONFIG_MAX_REL, last, error))
    return false;
  if (min_obs != NULL &&
      !config_integer(r, json_object_get(object, "min_obs"), obs_key, 2, CONFIG_MAX_REL, min_obs, error))
    return false;
  if (*first > *last) return config_fail(r, error, key, "first %d is after last %d", *first, *last);
  return true;
}

bool config_returns_form(const config_reader *r, json_t *value, const char *key, bool *is_log, GError **error) {
  static const char *const names[] = {"simple", "log", NULL};
  int index = 0;
  if (!config_choice(r, value, key, names, &index, error)) return false;
  *is_log = index == 1;
  return true;
}

bool config_window(const config_reader *r, json_t *pair, const char *key, const aft_config *c, aft_window *out,
                   GError **error) {
  aft_window w = {0, 0};
  if (!json_is_array(pair) || json_array_size(pair) != 2)
    return config_fail(r, error, key, "must be a pair of whole numbers, e.g. [-1, 1]");
  if (!config_integer(r, json_array_get(pair, 0), key, -CONFIG_MAX_REL, CONFIG_MAX_REL, &w.first, error) ||
      !config_integer(r, json_array_get(pair, 1), key, -CONFIG_MAX_REL, CONFIG_MAX_REL, &w.last, error))
    return false;
  if (w.first > w.last) return config_fail(r, error, key, "first %d is after last %d", w.first, w.last);
  if (w.first < c->first_rel || w.last > c->last_rel)
    return config_fail(r, error, key, "[%d, %d] is not inside the event window [%d, %d]", w.first, w.last, c->first_rel,
                       c->last_rel);
  *out = w;
  return true;
}
