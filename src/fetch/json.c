/* JSON as providers write it. */
#include "json.h"

#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { FLAGS = JSON_ALLOW_NUL };

/* A word outside of texts that JSON does not have, at p: its length, else 0. */
static size_t bare_word(const char *p) {
  static const char *const words[] = {"-Infinity", "Infinity", "NaN", "nan", "None"};
  for (size_t i = 0; i < G_N_ELEMENTS(words); i++)
    if (g_str_has_prefix(p, words[i])) return strlen(words[i]);
  return 0;
}

/* One character of a text into out; returns how many bytes of p it took. */
static size_t mend_in_text(GString *out, const char *p) {
  if ((unsigned char)*p < 0x20) {
    g_string_append_c(out, ' ');
    return 1;
  }
  if (*p != '\\') {
    g_string_append_c(out, *p);
    return 1;
  }
  bool known = p[1] != '\0' && strchr("\"\\/bfnrtu", p[1]) != NULL;
  if (p[1] == 'u')
    for (int i = 2; i < 6; i++) known = known && g_ascii_isxdigit(p[i]);
  g_string_append(out, known ? "\\" : "\\\\");
  if (known) g_string_append_c(out, p[1]);
  return known ? 2 : 1;
}

static char *mend(const char *body, size_t size) {
  g_autofree char *valid = g_utf8_make_valid(body, (gssize)size);
  GString *out = g_string_sized_new(size + 16);
  bool in_text = false;
  for (const char *p = valid; *p != '\0';) {
    size_t word = in_text ? 0 : bare_word(p);
    if (word > 0) {
      g_string_append(out, "null");
      p += word;
    } else if (*p == '"') {
      in_text = !in_text;
      g_string_append_c(out, *p++);
    } else if (in_text) {
      p += mend_in_text(out, p);
    } else {
      g_string_append_c(out, *p++);
    }
  }
  return g_string_free(out, FALSE);
}

json_t *fetch_json_read(const char *body, size_t size, const char *url, aft_warnings *warnings, GError **error) {
  json_error_t first, second;
  if (size >= 3 && memcmp(body, "\xEF\xBB\xBF", 3) == 0) {
    body += 3;
    size -= 3;
  }
  json_t *root = json_loadb(body, size, FLAGS, &first);
  if (root != NULL) return root;
  g_autofree char *mended = mend(body, size);
  root = json_loads(mended, FLAGS, &second);
  if (root != NULL)
    aft_warnings_add(warnings, "%s: the JSON is not valid (%s, line %d) and was mended", url, first.text, first.line);
  else
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, "%s: not JSON: %s, line %d", url, first.text,
                first.line);
  return root;
}

json_t *fetch_json_at(json_t *root, const char *path) {
  if (*path == '\0') return root;
  g_auto(GStrv) parts = g_strsplit(path, ".", -1);
  for (char **part = parts; *part != NULL && root != NULL; part++)
    root = json_is_array(root) ? json_array_get(root, (size_t)g_ascii_strtoull(*part, NULL, 10))
                               : json_object_get(root, *part);
  return root;
}

double fetch_json_number(const json_t *value) {
  double number = (double)NAN;
  if (json_is_number(value)) return json_number_value(value);
  if (!json_is_string(value)) return number;
  g_autoptr(GString) text = g_string_new(NULL);
  for (const char *p = json_string_value(value); *p != '\0'; p++)
    if (strchr("$,% ", *p) == NULL) g_string_append_c(text, *p);
  return aft_number_parse(text->str, text->len, &number) ? number : (double)NAN;
}

const char *fetch_json_text(const json_t *value) {
  const char *text = json_string_value(value);
  return text != NULL ? text : "";
}

const char *fetch_json_get_text(const json_t *object, const char *key) {
  return fetch_json_text(json_object_get(object, key));
}
