/* What is known about securities and stories: one row a symbol, an event, or a pair of them. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

void aft_covariates_clear(aft_covariates *covariates) {
  g_free(covariates->path);
  g_strfreev(covariates->names);
  if (covariates->cells != NULL) g_ptr_array_unref(covariates->cells);
  g_free(covariates->line);
  if (covariates->places != NULL) g_hash_table_unref(covariates->places);
  memset(covariates, 0, sizeof *covariates);
}

/* Where the two keys stand, -1 for one that the file lacks. */
typedef struct key_columns {
  int event, symbol;
} key_columns;

static bool find_keys(const aft_csv *csv, key_columns *keys, GError **error) {
  keys->event = input_find_optional(csv, "event");
  keys->symbol = input_find_optional(csv, "symbol");
  if (keys->event >= 0 || keys->symbol >= 0) return true;
  return input_find_column(csv, "symbol", &keys->symbol, error);
}

static char *make_place(const char *event, const char *symbol) { return g_strconcat(event, "\n", symbol, NULL); }

static bool check_key(const aft_csv *csv, const char *const *fields, int column, GError **error) {
  return column < 0 ||
         input_check_name(aft_csv_path(csv), aft_csv_line(csv), aft_csv_name(csv, column), fields[column], error);
}

static bool add_row(aft_covariates *out, GArray *lines, const aft_csv *csv, const char *const *fields,
                    const key_columns *keys, GError **error) {
  if (!check_key(csv, fields, keys->event, error) || !check_key(csv, fields, keys->symbol, error)) return false;
  const char *event = keys->event < 0 ? "" : fields[keys->event];
  const char *symbol = keys->symbol < 0 ? "" : fields[keys->symbol];
  char *place = make_place(event, symbol);
  size_t before = GPOINTER_TO_SIZE(g_hash_table_lookup(out->places, place));
  if (before != 0) {
    g_free(place);
    return input_fail(aft_csv_path(csv), aft_csv_line(csv), AFT_INPUT_ERROR_DUPLICATE, error,
                      "a second row of %s%s%s, first on line %ld (keep one)", event,
                      *event != '\0' && *symbol != '\0' ? ", " : "", symbol, g_array_index(lines, long, before - 1));
  }
  long line = aft_csv_line(csv);
  g_array_append_val(lines, line);
  for (int c = 0; c < out->n_columns; c++) g_ptr_array_add(out->cells, g_strdup(fields[c]));
  g_hash_table_insert(out->places, place, GSIZE_TO_POINTER(++out->n_rows));
  return true;
}

static bool read_rows(aft_covariates *out, aft_csv *csv, const key_columns *keys, GError **error) {
  const char *const *fields;
  GError *failure = NULL;
  GArray *lines = g_array_new(FALSE, FALSE, sizeof(long));
  bool ok = true;
  while (ok && aft_csv_next(csv, &fields, &failure)) ok = add_row(out, lines, csv, fields, keys, error);
  out->line = (long *)(gpointer)g_array_free(lines, FALSE);
  if (failure == NULL) return ok;
  g_propagate_error(error, failure);
  return false;
}

bool aft_covariates_read_csv(aft_covariates *covariates, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  key_columns keys;
  if (csv == NULL || !find_keys(csv, &keys, error)) return false;
  aft_covariates out = {.path = g_strdup(path),
                        .by_event = keys.event >= 0,
                        .by_symbol = keys.symbol >= 0,
                        .n_columns = aft_csv_n_columns(csv),
                        .cells = g_ptr_array_new_with_free_func(g_free),
                        .places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL)};
  out.names = g_new0(char *, (size_t)out.n_columns + 1);
  for (int c = 0; c < out.n_columns; c++) out.names[c] = g_strdup(aft_csv_name(csv, c));
  if (!read_rows(&out, csv, &keys, error)) {
    aft_covariates_clear(&out);
    return false;
  }
  *covariates = out;
  return true;
}

long aft_covariates_find(const aft_covariates *covariates, const char *event, const char *symbol) {
  g_autofree char *place = make_place(covariates->by_event ? event : "", covariates->by_symbol ? symbol : "");
  return (long)GPOINTER_TO_SIZE(g_hash_table_lookup(covariates->places, place)) - 1;
}

bool aft_covariates_find_column(const aft_covariates *covariates, const char *name, int *column, GError **error) {
  for (int c = 0; c < covariates->n_columns; c++)
    if (g_ascii_strcasecmp(covariates->names[c], name) == 0) {
      *column = c;
      return true;
    }
  g_autofree char *found = g_strjoinv(", ", covariates->names);
  const char *closest = aft_text_find_closest(name, (const char *const *)covariates->names);
  return input_fail(covariates->path, 1, AFT_INPUT_ERROR_COLUMN, error, "no column \"%s\"; found: %s%s%s%s", name,
                    found, closest != NULL ? " (did you mean \"" : "", closest != NULL ? closest : "",
                    closest != NULL ? "\"?)" : "");
}

const char *aft_covariates_text(const aft_covariates *covariates, size_t row, int column) {
  const char *text = g_ptr_array_index(covariates->cells, row * (size_t)covariates->n_columns + (size_t)column);
  return input_is_missing(text) ? "" : text;
}

bool aft_covariates_number(const aft_covariates *covariates, size_t row, int column, double *value, GError **error) {
  return input_parse_number(covariates->path, covariates->line[row], covariates->names[column],
                            aft_covariates_text(covariates, row, column), value, error);
}
