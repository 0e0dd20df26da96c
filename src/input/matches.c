/* Matched securities: for each symbol the one that it is compared with. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

static bool add_row(GHashTable *matches, GHashTable *lines, const aft_csv *csv, const char *symbol,
                    const char *benchmark, GError **error) {
  const char *file = aft_csv_path(csv);
  long line = aft_csv_line(csv), before = (long)GPOINTER_TO_SIZE(g_hash_table_lookup(lines, symbol)); /* 0: none */
  if (!input_check_name(file, line, "symbol", symbol, error) ||
      !input_check_name(file, line, "benchmark", benchmark, error))
    return false;
  if (strcmp(symbol, benchmark) == 0)
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error, "%s is its own benchmark (name another security)",
                      symbol);
  if (before != 0)
    return input_fail(file, line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "a second benchmark of %s, first on line %ld (keep one)", symbol, before);
  char *copy = g_strdup(symbol);
  g_hash_table_insert(matches, copy, g_strdup(benchmark));
  g_hash_table_insert(lines, copy, GSIZE_TO_POINTER((gsize)line));
  return true;
}

bool aft_matches_read_csv(GHashTable **matches, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  int symbol, benchmark;
  if (csv == NULL || !input_find_column(csv, "symbol", &symbol, error) ||
      !input_find_column(csv, "benchmark", &benchmark, error))
    return false;
  g_autoptr(GHashTable) read = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  g_autoptr(GHashTable) lines = g_hash_table_new(g_str_hash, g_str_equal);
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(csv, &fields, &failure))
    if (!add_row(read, lines, csv, fields[symbol], fields[benchmark], error)) return false;
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  *matches = g_steal_pointer(&read);
  return true;
}
