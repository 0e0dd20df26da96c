/* When firms published their results. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void clear_row(void *data) {
  aft_earnings_row *row = data;
  g_free(row->symbol);
  g_free(row->published);
}

void aft_earnings_clear(aft_earnings *earnings) {
  g_free(earnings->path);
  if (earnings->rows != NULL) g_array_unref(earnings->rows);
  memset(earnings, 0, sizeof *earnings);
}

static bool read_row(const aft_csv *csv, const char *symbol, const char *published, GArray *rows, GError **error) {
  const char *file = aft_csv_path(csv);
  aft_earnings_row row = {.line = aft_csv_line(csv)};
  g_autoptr(GError) problem = NULL;
  if (!input_check_name(file, row.line, "symbol", symbol, error)) return false;
  if (!aft_stamp_parse(published, &row.stamp, &problem))
    return input_fail(file, row.line, AFT_INPUT_ERROR_VALUE, error, "published \"%s\" %s", published, problem->message);
  if (!aft_stamp_is_dated(&row.stamp))
    return input_fail(file, row.line, AFT_INPUT_ERROR_VALUE, error,
                      "published \"%s\" is no day (write the date of the results, or leave the row out)", published);
  g_array_append_val(rows, row);
  g_array_index(rows, aft_earnings_row, rows->len - 1).symbol = g_strdup(symbol);
  g_array_index(rows, aft_earnings_row, rows->len - 1).published = g_strdup(published);
  return true;
}

bool aft_earnings_read_csv(aft_earnings *earnings, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  int symbol, published;
  if (csv == NULL || !input_find_column(csv, "symbol", &symbol, error)) return false;
  published = input_find_optional(csv, "date");
  if (published < 0 && !input_find_column(csv, "published", &published, error)) return false;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(aft_earnings_row));
  g_array_set_clear_func(rows, clear_row);
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(csv, &fields, &failure))
    if (!read_row(csv, fields[symbol], fields[published], rows, error)) return false;
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  *earnings = (aft_earnings){.path = g_strdup(path), .rows = g_steal_pointer(&rows)};
  return true;
}
