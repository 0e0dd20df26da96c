/* Where a value stands in a JSON text. The text has been parsed before, so this walk may trust its form. */
#include <aftershock/base/json_locate.h>

#include <glib.h>
#include <stdbool.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *skip_blanks(const char *p) {
  while (*p != '\0' && strchr(" \t\r\n,:", *p) != NULL) p++;
  return p;
}

/* From an opening quote to behind the closing one. */
static const char *skip_string(const char *p) {
  for (p++; *p != '\0' && *p != '"'; p++)
    if (*p == '\\' && p[1] != '\0') p++;
  return *p == '"' ? p + 1 : p;
}

/* Behind any value; depth is counted, not recursed, so hostile nesting cannot exhaust the stack. */
static const char *skip_value(const char *p) {
  size_t depth = 0;
  do {
    p = skip_blanks(p);
    if (*p == '\0') return p;
    if (*p == '"') {
      p = skip_string(p);
    } else if (*p == '{' || *p == '[') {
      depth++;
      p++;
    } else if (*p == '}' || *p == ']') {
      if (depth == 0) return p;
      depth--;
      p++;
    } else {
      p += strcspn(p, " \t\r\n,:}]");
    }
  } while (depth > 0);
  return p;
}

/* The value of a key of the object, or the element of the array, at p; NULL when there is none. */
static const char *find_child(const char *p, const char *key, size_t length) {
  bool is_object = *p == '{';
  guint64 index = is_object ? 0 : g_ascii_strtoull(key, NULL, 10);
  if (!is_object && *p != '[') return NULL;
  p = skip_blanks(p + 1);
  for (guint64 i = 0; *p != '\0' && *p != '}' && *p != ']'; i++) {
    bool found = !is_object && i == index;
    if (is_object) {
      const char *end = skip_string(p);
      found = (size_t)(end - p) == length + 2 && memcmp(p + 1, key, length) == 0;
      p = skip_blanks(end);
    }
    if (found) return p;
    p = skip_blanks(skip_value(p));
  }
  return NULL;
}

long aft_json_find_line(const char *text, const char *path) {
  const char *p = skip_blanks(text);
  while (*path != '\0') {
    size_t length = strcspn(path, ".");
    p = find_child(p, path, length);
    if (p == NULL) return 1;
    path += length + (path[length] == '.');
  }
  long line = 1;
  for (const char *q = text; q < p; q++) line += *q == '\n';
  return line;
}
