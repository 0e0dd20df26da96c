/* Names of securities, as texts call them. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void clear_name(void *data) {
  aft_name *name = data;
  g_free(name->symbol);
  g_free(name->name);
}

void aft_names_clear(aft_names *names) { g_clear_pointer(&names->rows, g_array_unref); }

static bool read_row(const aft_csv *csv, const char *symbol, const char *text, GArray *rows, GHashTable *seen,
                     GError **error) {
  const char *file = aft_csv_path(csv);
  long line = aft_csv_line(csv);
  if (!input_check_name(file, line, "symbol", symbol, error) || !input_check_name(file, line, "name", text, error))
    return false;
  const char *before = g_hash_table_lookup(seen, text);
  if (before != NULL && strcmp(before, symbol) != 0)
    return input_fail(file, line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "the name \"%s\" is also that of %s (a text could not be told apart)", text, before);
  aft_name name = {.symbol = g_strdup(symbol), .name = g_strdup(text)};
  g_array_append_val(rows, name);
  if (before == NULL) g_hash_table_insert(seen, g_strdup(text), g_strdup(symbol));
  return true;
}

bool aft_names_read_csv(aft_names *names, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  int symbol, name;
  if (csv == NULL || !input_find_column(csv, "symbol", &symbol, error) || !input_find_column(csv, "name", &name, error))
    return false;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(aft_name));
  g_array_set_clear_func(rows, clear_name);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(csv, &fields, &failure))
    if (!read_row(csv, fields[symbol], fields[name], rows, seen, error)) return false;
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  names->rows = g_steal_pointer(&rows);
  return true;
}
