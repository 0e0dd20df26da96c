/* The JSON file that describes a provider, checked to the last key. */
#include "mapping.h"

#include <aftershock/base/file.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_MAPPING_BYTES = 1 << 18, MAX_ANSWER_BYTES = 64 << 20 };

static bool fail(const char *path, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(const char *path, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "%s: %s", path, message);
  return false;
}

static const char *const known_keys[] = {"name",      "kind",    "url",     "key",  "format", "path",
                                         "delimiter", "header",  "columns", "date", "zone",   "missing",
                                         "percent",   "meaning", "pace_ms", NULL};
static const char *const key_keys[] = {"variable", "header", "parameter", "prefix", NULL};

static bool check_keys(const char *path, json_t *object, const char *what, const char *const *known, GError **error) {
  const char *key;
  json_t *value;
  json_object_foreach(object, key, value) {
    if (g_strv_contains(known, key)) continue;
    const char *closest = aft_text_find_closest(key, known);
    return fail(path, error, "unknown key \"%s\"%s%s%s%s", key, what, closest != NULL ? "; did you mean \"" : "",
                closest != NULL ? closest : "", closest != NULL ? "\"?" : "");
  }
  return true;
}

/* A text; needed unless usual is given. Owned; NULL on failure. */
static bool take_text(const char *path, json_t *object, const char *key, const char *usual, char **out,
                      GError **error) {
  json_t *value = json_object_get(object, key);
  const char *text = value != NULL ? json_string_value(value) : usual;
  if (text == NULL) fail(path, error, value == NULL ? "no \"%s\"" : "%s is not a text", key);
  *out = g_strdup(text);
  return text != NULL;
}

/* One word of a list, as its index. */
static bool take_choice(const char *path, json_t *root, const char *key, const char *const *words, int *choice,
                        GError **error) {
  g_autofree char *text = NULL;
  if (!take_text(path, root, key, words[0], &text, error)) return false;
  for (*choice = 0; words[*choice] != NULL; ++*choice)
    if (strcmp(text, words[*choice]) == 0) return true;
  g_autofree char *list = g_strjoinv(", ", (char **)(uintptr_t)words);
  return fail(path, error, "%s \"%s\" is none of %s", key, text, list);
}

static void clear_column(void *data) {
  fetch_column *column = data;
  g_free(column->target);
  g_free(column->name);
}

static bool add_column(fetch_mapping *m, const char *path, const char *target, json_t *value, GError **error) {
  bool key = json_is_true(value) && m->format == FETCH_KEYED;
  bool index = json_is_integer(value) && json_integer_value(value) >= 0 && json_integer_value(value) < 512 &&
               (m->format == FETCH_CSV || m->format == FETCH_ROWS);
  if (!json_is_string(value) && !index && !key)
    return fail(path, error, "column %s: give the name in the answer%s", target,
                m->format == FETCH_KEYED ? ", or true for the key" : ", or its place, from 0");
  fetch_column column = {.target = g_strdup(target), .name = g_strdup(json_string_value(value))};
  if (index) column.index = (size_t)json_integer_value(value);
  g_array_append_val(m->columns, column);
  return true;
}

/* The day or time first; of prices and news only what they have. */
static bool take_columns(fetch_mapping *m, const char *path, json_t *root, GError **error) {
  static const char *const prices[] = {"date", "open", "high", "low", "close", "adj_close", "volume", NULL};
  static const char *const news[] = {"published", "id", "title", "source", "url", NULL};
  json_t *columns = json_object_get(root, "columns"), *value;
  enum aft_fetch_kind kind = m->provider.facts.kind;
  const char *lead = kind == AFT_FETCH_NEWS ? "published" : "date", *target;
  if (!json_is_object(columns) || json_object_get(columns, lead) == NULL)
    return fail(path, error, "no \"columns\" with \"%s\" in it", lead);
  if (kind == AFT_FETCH_PRICES && !check_keys(path, columns, " in columns", prices, error)) return false;
  if (kind == AFT_FETCH_NEWS && !check_keys(path, columns, " in columns", news, error)) return false;
  if (kind == AFT_FETCH_PRICES && json_object_get(columns, "close") == NULL &&
      json_object_get(columns, "adj_close") == NULL)
    return fail(path, error, "columns: neither close nor adj_close");
  if (!add_column(m, path, lead, json_object_get(columns, lead), error)) return false;
  json_object_foreach(columns, target,
                      value) if (strcmp(target, lead) != 0 && !add_column(m, path, target, value, error)) return false;
  return m->columns->len > 1 || fail(path, error, "columns: nothing but \"%s\"", lead);
}

static bool take_key(fetch_mapping *m, const char *path, json_t *root, GError **error) {
  json_t *key = json_object_get(root, "key");
  if (key == NULL) return true;
  if (!json_is_object(key)) return fail(path, error, "key is not an object");
  bool header = json_object_get(key, "header") != NULL;
  if (!check_keys(path, key, " in key", key_keys, error) || !take_text(path, key, "variable", NULL, &m->key, error) ||
      !take_text(path, key, header ? "header" : "parameter", NULL, &m->key_name, error) ||
      !take_text(path, key, "prefix", "", &m->key_prefix, error))
    return false;
  m->provider.key_place = header ? AFT_KEY_HEADER : AFT_KEY_PARAMETER;
  return true;
}

static bool take_details(fetch_mapping *m, const char *path, json_t *root, GError **error) {
  json_t *missing = json_object_get(root, "missing"), *percent = json_object_get(root, "percent"), *text;
  json_t *pace = json_object_get(root, "pace_ms");
  g_autofree char *zone = NULL, *delimiter = NULL;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  size_t i;
  json_array_foreach(missing, i, text) { g_strv_builder_add(builder, fetch_json_text(text)); }
  m->missing = g_strv_builder_end(builder);
  if (missing != NULL && !json_is_array(missing)) return fail(path, error, "missing is not a list of texts");
  if (percent != NULL && !json_is_boolean(percent)) return fail(path, error, "percent is neither true nor false");
  if (pace != NULL && (!json_is_integer(pace) || json_integer_value(pace) < 0 || json_integer_value(pace) > 600000))
    return fail(path, error, "pace_ms is not a number of milliseconds up to 600000");
  m->percent = json_is_true(percent);
  m->provider.pace_ms = pace != NULL ? (int)json_integer_value(pace) : 1000;
  if (!take_text(path, root, "zone", "UTC", &zone, error) ||
      !take_text(path, root, "delimiter", ",", &delimiter, error))
    return false;
  if (strlen(delimiter) != 1) return fail(path, error, "delimiter \"%s\" is not one character", delimiter);
  m->delimiter = *delimiter;
  m->zone = g_time_zone_new_identifier(zone);
  return m->zone != NULL || fail(path, error, "zone \"%s\" is not known (write it as America/New_York)", zone);
}

static bool read_root(fetch_mapping *m, const char *path, json_t *root, GError **error) {
  static const char *const formats[] = {"csv", "rows", "columns", "keyed", NULL};
  static const char *const dates[] = {"YYYY-MM-DD", "YYYYMMDD", "MM/DD/YYYY", "DD/MM/YYYY", "epoch", "epoch_ms", NULL};
  g_autofree char *kind = NULL;
  int format, date;
  if (!json_is_object(root)) return fail(path, error, "is not a JSON object");
  if (!check_keys(path, root, "", known_keys, error) || !take_text(path, root, "name", NULL, &m->name, error) ||
      !take_text(path, root, "kind", NULL, &kind, error) || !take_text(path, root, "url", NULL, &m->url, error) ||
      !take_text(path, root, "path", "", &m->path, error) ||
      !take_text(path, root, "meaning", "", &m->meaning, error) ||
      !take_choice(path, root, "format", formats, &format, error) ||
      !take_choice(path, root, "date", dates, &date, error))
    return false;
  if (json_object_get(root, "header") != NULL && !take_text(path, root, "header", NULL, &m->header, error))
    return false;
  if (!aft_fetch_kind_find(kind, &m->provider.facts.kind))
    return fail(path, error, "kind \"%s\" is none of prices, factors, news, attention", kind);
  for (const char *p = m->name; *p != '\0'; p++)
    if (!g_ascii_isalnum(*p) && *p != '-')
      return fail(path, error, "name \"%s\" holds more than letters, digits and -", m->name);
  m->format = (enum fetch_format)format;
  m->dates = (enum fetch_dates)date;
  return *m->name != '\0' ? take_key(m, path, root, error) && take_details(m, path, root, error) &&
                                take_columns(m, path, root, error)
                          : fail(path, error, "name is empty");
}

/* The facts point into the mapping's own texts. */
static void fill_provider(fetch_mapping *m) {
  const char *host = strstr(m->url, "://");
  m->base = g_strndup(m->url, host != NULL ? (gsize)(host - m->url) + 3 + strcspn(host + 3, "/?") : strlen(m->url));
  aft_provider_facts *facts = &m->provider.facts;
  facts->name = m->name;
  facts->title = m->name;
  facts->gives = "what its mapping says";
  facts->asks = strstr(m->url, "{symbol}") != NULL ? "--symbols" : strstr(m->url, "{query}") != NULL ? "--query" : "";
  facts->key = m->key;
  facts->key_required = m->key != NULL;
  facts->terms = "those of its maker";
  facts->meaning = m->meaning;
  facts->base = m->base;
  m->provider.key_name = m->key_name != NULL ? m->key_name : "";
  m->provider.key_prefix = m->key_prefix != NULL ? m->key_prefix : "";
  m->provider.max_bytes = MAX_ANSWER_BYTES;
  m->provider.run = fetch_run_mapping;
}

aft_provider *aft_provider_read(const char *path, GError **error) {
  g_autofree char *text = NULL;
  size_t size;
  json_error_t problem;
  if (!aft_file_read(path, MAX_MAPPING_BYTES, &text, &size, error)) return NULL;
  json_t *root = json_loadb(text, size, JSON_REJECT_DUPLICATES, &problem);
  if (root == NULL) {
    fail(path, error, "not JSON: %s, line %d", problem.text, problem.line);
    return NULL;
  }
  fetch_mapping *m = g_new0(fetch_mapping, 1);
  m->columns = g_array_new(FALSE, FALSE, sizeof(fetch_column));
  g_array_set_clear_func(m->columns, clear_column);
  bool ok = read_root(m, path, root, error);
  json_decref(root);
  if (ok)
    fill_provider(m);
  else
    aft_provider_free(&m->provider);
  return ok ? &m->provider : NULL;
}

void aft_provider_free(aft_provider *provider) {
  if (provider == NULL) return;
  fetch_mapping *m = (fetch_mapping *)(void *)((char *)provider - offsetof(fetch_mapping, provider));
  char *const texts[] = {m->name, m->url, m->key, m->key_name, m->key_prefix, m->meaning, m->path, m->header, m->base};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  g_array_unref(m->columns);
  g_strfreev(m->missing);
  if (m->zone != NULL) g_time_zone_unref(m->zone);
  g_free(m);
}
