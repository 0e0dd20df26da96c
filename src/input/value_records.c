/* Records of market value: the largest changes of one day, in the order of the file. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char value_column[] = "market_value_change";

static void clear_record(void *data) { g_free(((aft_value_record *)data)->symbol); }

void aft_value_records_clear(aft_value_records *records) {
  g_free(records->path);
  if (records->rows != NULL) g_array_unref(records->rows);
  memset(records, 0, sizeof *records);
}

typedef struct record_columns {
  int date, symbol, change;
} record_columns;

/* The column of the changes, alone or with its currency. */
static bool find_change(const aft_csv *csv, int *column, GError **error) {
  g_autofree char *prefix = g_strconcat(value_column, "_", NULL);
  for (int c = 0; c < aft_csv_n_columns(csv); c++) {
    g_autofree char *name = g_ascii_strdown(aft_csv_name(csv, c), -1);
    if (!g_str_has_prefix(name, prefix)) continue;
    *column = c;
    return true;
  }
  return input_find_column(csv, value_column, column, error);
}

static bool read_row(const aft_csv *csv, const char *const *fields, const record_columns *at, GArray *rows,
                     GHashTable *seen, GError **error) {
  const char *file = aft_csv_path(csv), *symbol = fields[at->symbol];
  aft_value_record record = {.line = aft_csv_line(csv)};
  if (!input_read_day(csv, fields, at->date, &record.day, error) ||
      !input_check_name(file, record.line, "symbol", symbol, error) ||
      !input_read_number(csv, fields, at->change, &record.change, error))
    return false;
  if (!isfinite(record.change))
    return input_fail(file, record.line, AFT_INPUT_ERROR_VALUE, error,
                      "%s \"%s\" is not a number (a record needs its size)", aft_csv_name(csv, at->change),
                      fields[at->change]);
  long first = input_note_day(seen, symbol, record.day, record.line);
  if (first != 0)
    return input_fail(file, record.line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "a second record of %s on that day, first on line %ld (keep one)", symbol, first);
  g_array_append_val(rows, record);
  g_array_index(rows, aft_value_record, rows->len - 1).symbol = g_strdup(symbol);
  return true;
}

bool aft_value_records_read_csv(aft_value_records *records, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  record_columns at;
  if (csv == NULL || !input_find_column(csv, "date", &at.date, error) ||
      !input_find_column(csv, "symbol", &at.symbol, error) || !find_change(csv, &at.change, error))
    return false;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(aft_value_record));
  g_array_set_clear_func(rows, clear_record);
  g_autoptr(GHashTable) seen = input_days_new();
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(csv, &fields, &failure))
    if (!read_row(csv, fields, &at, rows, seen, error)) return false;
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  *records = (aft_value_records){.path = g_strdup(path), .rows = g_steal_pointer(&rows)};
  return true;
}
