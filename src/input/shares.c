/* Shares outstanding. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void clear_count(void *data) {
  aft_share_count *count = data;
  g_free(count->symbol);
  g_free(count->source);
}

void aft_shares_clear(aft_shares *shares) {
  g_free(shares->path);
  if (shares->rows != NULL) g_array_unref(shares->rows);
  memset(shares, 0, sizeof *shares);
}

typedef struct share_columns {
  int date, symbol, shares, source; /* source: -1 when there is none */
} share_columns;

static bool read_row(const aft_csv *csv, const char *const *fields, const share_columns *at, GArray *rows,
                     GHashTable *seen, GError **error) {
  const char *file = aft_csv_path(csv), *symbol = fields[at->symbol];
  aft_share_count count = {.line = aft_csv_line(csv)};
  if (!input_read_day(csv, fields, at->date, &count.day, error) ||
      !input_check_name(file, count.line, "symbol", symbol, error) ||
      !input_read_number(csv, fields, at->shares, &count.shares, error))
    return false;
  if (!(count.shares > 0) || !isfinite(count.shares))
    return input_fail(file, count.line, AFT_INPUT_ERROR_VALUE, error,
                      "shares \"%s\" is not a positive number (write the number of shares outstanding)",
                      fields[at->shares]);
  long first = input_note_day(seen, symbol, count.day, count.line);
  if (first != 0)
    return input_fail(file, count.line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "a second number of shares of %s on that day, first on line %ld (keep one)", symbol, first);
  g_array_append_val(rows, count);
  aft_share_count *kept = &g_array_index(rows, aft_share_count, rows->len - 1);
  kept->symbol = g_strdup(symbol);
  kept->source = g_strdup(at->source >= 0 ? fields[at->source] : "");
  return true;
}

static int compare_days(gconstpointer left, gconstpointer right) {
  const aft_share_count *a = left, *b = right;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  return a->line < b->line ? -1 : a->line > b->line;
}

bool aft_shares_read_csv(aft_shares *shares, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  share_columns at;
  if (csv == NULL || !input_find_column(csv, "date", &at.date, error) ||
      !input_find_column(csv, "symbol", &at.symbol, error) || !input_find_column(csv, "shares", &at.shares, error))
    return false;
  at.source = input_find_optional(csv, "source");
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(aft_share_count));
  g_array_set_clear_func(rows, clear_count);
  g_autoptr(GHashTable) seen = input_days_new();
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(csv, &fields, &failure))
    if (!read_row(csv, fields, &at, rows, seen, error)) return false;
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  g_array_sort(rows, compare_days);
  *shares = (aft_shares){.path = g_strdup(path), .rows = g_steal_pointer(&rows)};
  return true;
}
