/* A CSV file of the result folder in memory. */
#include <aftershock/report/table.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/csv.h>
#include <aftershock/base/error.h>
#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

enum { MAX_FILTER = 8, CHUNK_BYTES = 1 << 16 };

/* What every kept row must hold. */
struct filter {
  int n;
  int columns[MAX_FILTER];
  const char *texts[MAX_FILTER];
};

/* The text that was meant: without the apostrophe that keeps a spreadsheet from running it. */
static const char *unguard(const char *text) {
  return text[0] == '\'' && text[1] != '\0' && strchr("=+-@\t\r", text[1]) != NULL ? text + 1 : text;
}

static bool find_filter(struct filter *filter, const aft_csv *csv, const char *const *pairs, GError **error) {
  filter->n = 0;
  for (; pairs != NULL && pairs[0] != NULL; pairs += 2) {
    g_assert(filter->n < MAX_FILTER && pairs[1] != NULL);
    int column = aft_csv_find(csv, pairs[0]);
    if (column < 0) {
      g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s: no column \"%s\"; make the result folder again",
                  aft_csv_path(csv), pairs[0]);
      return false;
    }
    filter->columns[filter->n] = column;
    filter->texts[filter->n++] = pairs[1];
  }
  return true;
}

static bool is_kept(const struct filter *filter, const char *const *fields) {
  for (int i = 0; i < filter->n; i++)
    if (strcmp(unguard(fields[filter->columns[i]]), filter->texts[i]) != 0) return false;
  return true;
}

static void take_header(aft_table *table, const aft_csv *csv) {
  int n = aft_csv_n_columns(csv);
  table->n_rows = 0;
  table->n_columns = n;
  table->names = g_new0(char *, (gsize)n + 1);
  for (int column = 0; column < n; column++) table->names[column] = g_strdup(aft_csv_name(csv, column));
  table->cells = g_ptr_array_new();
  table->text = g_string_chunk_new(CHUNK_BYTES);
}

/*
 * Equal texts are kept once: a table of a million rows repeats few models, events and symbols. What begins like a number and has a point is
 * mostly a fraction, which hardly comes again, and is not looked for; a symbol such as 600519.SS is kept once a row.
 */
static char *keep(GStringChunk *text, const char *field) {
  bool is_fraction = strchr(field, '.') != NULL && (g_ascii_isdigit(field[0]) || field[0] == '-');
  return is_fraction ? g_string_chunk_insert(text, field) : g_string_chunk_insert_const(text, field);
}

bool aft_table_read_matching(aft_table *table, const char *folder, const char *name, const char *const *filter,
                             GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  struct filter wanted;
  if (csv == NULL || !find_filter(&wanted, csv, filter, error)) return false;

  g_auto(aft_table) read = {0};
  take_header(&read, csv);
  const char *const *fields = NULL;
  GError *row_error = NULL;
  while (aft_csv_next(csv, &fields, &row_error)) {
    if (!is_kept(&wanted, fields)) continue;
    for (int column = 0; column < read.n_columns; column++)
      g_ptr_array_add(read.cells, keep(read.text, unguard(fields[column])));
    read.n_rows++;
  }
  if (row_error != NULL) {
    g_propagate_error(error, row_error);
    return false;
  }
  *table = read;
  memset(&read, 0, sizeof read);
  return true;
}

bool aft_table_read(aft_table *table, const char *folder, const char *name, GError **error) {
  return aft_table_read_matching(table, folder, name, NULL, error);
}

void aft_table_clear(aft_table *table) {
  g_clear_pointer(&table->names, g_strfreev);
  g_clear_pointer(&table->cells, g_ptr_array_unref);
  g_clear_pointer(&table->text, g_string_chunk_free);
  table->n_rows = 0;
  table->n_columns = 0;
}

int aft_table_find(const aft_table *table, const char *column) {
  for (int i = 0; i < table->n_columns; i++)
    if (strcmp(table->names[i], column) == 0) return i;
  return -1;
}

const char *aft_table_text(const aft_table *table, size_t row, int column) {
  g_assert(row < table->n_rows && column < table->n_columns);
  if (column < 0) return "";
  return (const char *)g_ptr_array_index(table->cells, row * (size_t)table->n_columns + (size_t)column);
}

double aft_table_number(const aft_table *table, size_t row, int column) {
  const char *text = aft_table_text(table, row, column);
  double value;
  return aft_number_parse(text, strlen(text), &value) ? value : (double)NAN;
}
