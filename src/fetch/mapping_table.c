/* Answers of a mapped provider as records of cells: CSV, and the three shapes that JSON comes in. */
#include "mapping.h"

#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_RECORDS = 2000000, MAX_FIELDS = 512 };

/* One record of CSV from *text on, which is moved behind it; quotes as in RFC 4180. Owned. */
static char **cut_record(const char **text, const char *end, char delimiter) {
  g_autoptr(GPtrArray) fields = g_ptr_array_new();
  g_autoptr(GString) field = g_string_new(NULL);
  const char *p = *text;
  bool quoted = false;
  for (;; p++) {
    bool over = p >= end || (!quoted && (*p == '\n' || *p == '\r'));
    if (over || (!quoted && *p == delimiter)) {
      g_ptr_array_add(fields, g_strdup(g_strstrip(field->str)));
      g_string_truncate(field, 0);
      if (over || fields->len > MAX_FIELDS) break;
    } else if (*p == '"' && quoted && p + 1 < end && p[1] == '"') {
      g_string_append_c(field, *p++);
    } else if (*p == '"') {
      quoted = !quoted;
    } else if (*p != '\0') {
      g_string_append_c(field, *p);
    }
  }
  while (p < end && *p != '\n' && *p != '\r') p++;
  while (p < end && (*p == '\n' || *p == '\r')) p++;
  *text = p;
  g_ptr_array_add(fields, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&fields), FALSE);
}

/* The line that holds the word, else the first. */
static const char *find_header(const char *text, const char *end, const char *word) {
  for (const char *line = text; word != NULL && line < end;) {
    const char *stop = line + strcspn(line, "\r\n");
    if (g_strstr_len(line, stop - line, word) != NULL) return line;
    line = stop + strspn(stop, "\r\n");
  }
  return text + strspn(text, "\r\n");
}

static void free_record(void *record) { g_strfreev(record); }

static bool read_csv(fetch_table *table, const fetch_reply *reply, GError **error) {
  const fetch_mapping *m = table->mapping;
  g_autofree char *valid = g_utf8_make_valid(reply->download.body, (gssize)reply->download.size);
  const char *p = g_str_has_prefix(valid, "\xEF\xBB\xBF") ? valid + 3 : valid, *end = valid + strlen(valid);
  bool named = false;
  for (guint c = 0; c < m->columns->len; c++) named = named || g_array_index(m->columns, fetch_column, c).name != NULL;
  table->records = g_ptr_array_new_with_free_func(free_record);
  p = find_header(p, end, m->header);
  if (named || m->header != NULL) table->header = cut_record(&p, end, m->delimiter);
  while (p < end && table->records->len < MAX_RECORDS)
    g_ptr_array_add(table->records, cut_record(&p, end, m->delimiter));
  table->n = table->records->len;
  for (guint c = 0; c < m->columns->len; c++) {
    const fetch_column *column = &g_array_index(m->columns, fetch_column, c);
    if (column->name != NULL && !g_strv_contains((const char *const *)table->header, column->name))
      return fetch_fail_answer(reply, error, "no column \"%s\" in the header", column->name);
  }
  return true;
}

static bool read_json(fetch_table *table, const fetch_reply *reply, aft_warnings *warnings, GError **error) {
  const fetch_mapping *m = table->mapping;
  const fetch_column *first = &g_array_index(m->columns, fetch_column, 0);
  const char *key;
  json_t *value;
  table->root = fetch_json_read(reply->download.body, reply->download.size, reply->download.url, warnings, error);
  if (table->root == NULL) return false;
  table->rows = json_object_get(table->root, m->path); /* a key may hold points */
  if (table->rows == NULL) table->rows = fetch_json_at(table->root, m->path);
  if (m->format == FETCH_ROWS) {
    if (!json_is_array(table->rows)) return fetch_fail_answer(reply, error, "no list of rows at \"%s\"", m->path);
    table->n = json_array_size(table->rows);
    return true;
  }
  if (!json_is_object(table->rows)) return fetch_fail_answer(reply, error, "no object at \"%s\"", m->path);
  if (m->format == FETCH_KEYED) {
    table->keys = g_ptr_array_new();
    json_object_foreach(table->rows, key, value) { g_ptr_array_add(table->keys, (void *)(uintptr_t)key); }
    table->n = table->keys->len;
    return true;
  }
  table->n = json_array_size(json_object_get(table->rows, first->name));
  for (guint c = 0; c < m->columns->len; c++) {
    const char *name = g_array_index(m->columns, fetch_column, c).name;
    if (json_array_size(json_object_get(table->rows, name)) != table->n)
      return fetch_fail_answer(reply, error, "the list \"%s\" is not there, or of another length", name);
  }
  return true;
}

bool fetch_table_read(fetch_table *table, const fetch_mapping *mapping, const fetch_reply *reply,
                      aft_warnings *warnings, GError **error) {
  *table = (fetch_table){.mapping = mapping};
  bool ok = mapping->format == FETCH_CSV ? read_csv(table, reply, error) : read_json(table, reply, warnings, error);
  if (!ok) fetch_table_clear(table);
  return ok;
}

void fetch_table_clear(fetch_table *table) {
  json_decref(table->root);
  g_clear_pointer(&table->records, g_ptr_array_unref);
  g_clear_pointer(&table->keys, g_ptr_array_unref);
  g_clear_pointer(&table->header, g_strfreev);
  *table = (fetch_table){0};
}

static char *print_value(const json_t *value) {
  char number[AFT_NUMBER_TEXT];
  if (json_is_string(value)) return g_strdup(json_string_value(value));
  if (json_is_integer(value)) return g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(value));
  return json_is_real(value) ? g_strdup(aft_number_print(json_real_value(value), number)) : NULL;
}

static char *csv_cell(const fetch_table *table, size_t row, const fetch_column *column) {
  char **fields = g_ptr_array_index(table->records, row);
  size_t at = column->index;
  if (column->name != NULL)
    for (at = 0; strcmp(table->header[at], column->name) != 0;) at++;
  for (size_t i = 0; i <= at; i++)
    if (fields[i] == NULL) return NULL;
  return g_strdup(fields[at]);
}

char *fetch_table_cell(const fetch_table *table, size_t row, const fetch_column *column) {
  json_t *value;
  switch (table->mapping->format) {
  case FETCH_CSV: return csv_cell(table, row, column);
  case FETCH_COLUMNS: return print_value(json_array_get(json_object_get(table->rows, column->name), row));
  case FETCH_KEYED: {
    const char *key = g_ptr_array_index(table->keys, row);
    if (column->name == NULL) return g_strdup(key);
    return print_value(json_object_get(json_object_get(table->rows, key), column->name));
  }
  default:
    value = json_array_get(table->rows, row);
    if (column->name == NULL) return print_value(json_array_get(value, column->index));
    if (json_object_get(value, column->name) != NULL) return print_value(json_object_get(value, column->name));
    return print_value(fetch_json_at(value, column->name));
  }
}
