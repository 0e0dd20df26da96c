/* Rows of one block of a price or return file, with every check and message. */
#include "price_rows.h"

#include "decimal.h"
#include "fields.h"

#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { FIRST_CAPACITY = 4096 };

void price_rows_init(price_rows *rows, const price_form *form) {
  *rows = (price_rows){.form = form,
                       .runs = g_array_new(FALSE, FALSE, sizeof(symbol_run)),
                       .names = g_string_chunk_new(256),
                       .last_date_length = SIZE_MAX};
}

void price_rows_clear(price_rows *rows) {
  price_scan_clear(&rows->scan);
  g_free(rows->symbol);
  g_free(rows->day);
  g_free(rows->line);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) g_free(rows->column[k]);
  if (rows->runs != NULL) g_array_unref(rows->runs);
  if (rows->names != NULL) g_string_chunk_free(rows->names);
  memset(rows, 0, sizeof *rows);
}

static bool has_column(const price_form *form, int k) {
  return form->header->is_wide ? k == AFT_PRICE_CLOSE : form->header->value[k] != PRICE_HEADER_NONE;
}

void price_rows_reserve(price_rows *rows, size_t n) {
  if (rows->n + n <= rows->capacity) return;
  rows->capacity = MAX(rows->n + n, MAX(rows->capacity * 2, (size_t)FIRST_CAPACITY));
  rows->symbol = g_renew(uint32_t, rows->symbol, rows->capacity);
  rows->day = g_renew(aft_day, rows->day, rows->capacity);
  rows->line = g_renew(uint32_t, rows->line, rows->capacity);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (has_column(rows->form, k)) rows->column[k] = g_renew(double, rows->column[k], rows->capacity);
}

/* ---- messages ---- */

static bool fail(price_rows *rows, int code, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(price_rows *rows, int code, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  (void)price_scan_fail(&rows->scan, rows->scan.line, code, g_strdup_vprintf(format, arguments));
  va_end(arguments);
  return false;
}

/* What to change in a text that should be a number; "" when nothing can be guessed. */
static const char *advise_number(const price_rows *rows, const scan_field *field) {
  const char *comma = memchr(field->text, ',', field->length), *end = field->text + field->length;
  if (comma != NULL &&
      (memchr(field->text, '.', field->length) != NULL || memchr(comma + 1, ',', (size_t)(end - comma) - 1) != NULL))
    return " (remove the thousands separator)";
  if (comma != NULL && end - comma == 4) return " (use a point for decimals and no thousands separator)";
  if (comma != NULL) return " (use a point)";
  if (memchr(field->text, '%', field->length) != NULL) return " (write a fraction: 5 % is 0.05)";
  if (rows->form->header->is_wide)
    return " (without a column \"symbol\" or \"close\" each column is read as the closes of one symbol)";
  return "";
}

static const char *name_of(const price_rows *rows, size_t column) { return rows->form->header->names[column]; }

static bool fail_number(price_rows *rows, size_t column) {
  const scan_field *field = &rows->scan.fields[column];
  g_autofree char *shown = price_field_show(field);
  return fail(rows, AFT_INPUT_ERROR_VALUE, "%s \"%s\" is not a number%s", name_of(rows, column), shown,
              advise_number(rows, field));
}

static bool fail_range(price_rows *rows, size_t column, const char *noun) {
  g_autofree char *shown = price_field_show(&rows->scan.fields[column]);
  return fail(rows, AFT_INPUT_ERROR_VALUE, "%s %s is out of range for a %s (check the digits)", name_of(rows, column),
              shown, noun);
}

static bool fail_price(price_rows *rows, size_t column, double value) {
  g_autofree char *shown = price_field_show(&rows->scan.fields[column]);
  if (value > 0) return fail_range(rows, column, "price");
  return fail(rows, AFT_INPUT_ERROR_VALUE, "%s %s is not positive (a missing price is an empty field%s)",
              name_of(rows, column), shown,
              value < 0 ? "; CRSP's minus marks the mean of bid and ask: drop the sign to use it" : "");
}

/* ---- fields ---- */

static bool is_word(const scan_field *field, const char *word) {
  return field->length == strlen(word) && g_ascii_strncasecmp(field->text, word, field->length) == 0;
}

static bool is_missing(const scan_field *field) {
  return field->length == 0 || (field->length == 1 && field->text[0] == '.') || is_word(field, "na") ||
         is_word(field, "nan") || is_word(field, "null");
}

/* A number or NaN. */
static inline bool read_number(price_rows *rows, size_t column, double *value) {
  const scan_field *field = &rows->scan.fields[column];
  if (decimal_parse(field->text, field->length, value)) return true;
  *value = (double)NAN;
  return is_missing(field) || fail_number(rows, column);
}

static inline bool read_price(price_rows *rows, size_t column, double *value) {
  if (!read_number(rows, column, value)) return false;
  return !(*value < PRICE_SMALLEST || *value > PRICE_LARGEST) || fail_price(rows, column, *value);
}

static bool read_volume(price_rows *rows, size_t column, double *value) {
  if (!read_number(rows, column, value)) return false;
  if (!(*value < 0)) return true;
  g_autofree char *shown = price_field_show(&rows->scan.fields[column]);
  return fail(rows, AFT_INPUT_ERROR_VALUE, "%s %s is negative", name_of(rows, column), shown);
}

static bool read_return(price_rows *rows, size_t column, double *value) {
  const scan_field *field = &rows->scan.fields[column];
  if (field->length == 1 && g_ascii_isalpha(field->text[0])) {
    if (rows->n_codes++ == 0) rows->first_code_line = rows->scan.line;
    *value = (double)NAN;
    return true;
  }
  if (!read_number(rows, column, value)) return false;
  if (!rows->form->is_log && *value < -1) {
    g_autofree char *shown = price_field_show(field);
    return fail(rows, AFT_INPUT_ERROR_VALUE, "%s %s is below -1 (returns are fractions; a loss of 5 %% is -0.05)",
                name_of(rows, column), shown);
  }
  if (fabs(*value) > (rows->form->is_log ? RETURN_LARGEST_LOG : RETURN_LARGEST))
    return fail_range(rows, column, "return");
  rows->n_returns += isnan(*value) ? 0 : 1;
  rows->n_large += fabs(*value) > RETURN_LARGE ? 1 : 0;
  return true;
}

/* The day of the row; a file in date order repeats few texts, so the last one is kept. */
static inline bool read_day(price_rows *rows, aft_day *day) {
  size_t column = (size_t)rows->form->header->date;
  const scan_field *field = &rows->scan.fields[column];
  if (field->length == rows->last_date_length && memcmp(field->text, rows->last_date, field->length) == 0) {
    *day = rows->last_day;
    return true;
  }
  if (!aft_day_parse(field->text, field->length, day)) {
    g_autofree char *shown = price_field_show(field);
    return fail(rows, AFT_INPUT_ERROR_VALUE, "%s \"%s\" is not a date (write YYYY-MM-DD)", name_of(rows, column),
                shown);
  }
  memcpy(rows->last_date, field->text, field->length); /* 8 or 10 bytes, as the parser has checked */
  rows->last_date_length = field->length;
  rows->last_day = *day;
  return true;
}

static bool is_last_symbol(const price_rows *rows, const scan_field *field) {
  if (rows->runs->len == 0) return false;
  const symbol_run *run = &g_array_index(rows->runs, symbol_run, rows->runs->len - 1);
  return run->length == field->length && memcmp(run->text, field->text, field->length) == 0;
}

static bool read_symbol(price_rows *rows) {
  size_t column = (size_t)rows->form->header->symbol;
  const scan_field *field = &rows->scan.fields[column];
  char name[INPUT_MAX_NAME + 2];
  size_t length = MIN(field->length, sizeof name - 1);
  int code;
  if (is_last_symbol(rows, field)) return true;
  memcpy(name, field->text, length);
  name[length] = '\0';
  g_autofree char *problem = input_judge_name(name_of(rows, column), name, &code);
  if (problem != NULL) return fail(rows, code, "%s", problem);
  bool is_copy = rows->scan.unquoted != NULL && field->text >= rows->scan.unquoted &&
                 field->text < rows->scan.unquoted + rows->scan.unquoted_capacity;
  price_rows_note_symbol(rows, is_copy ? g_string_chunk_insert_len(rows->names, name, (gssize)length) : field->text,
                         length);
  return true;
}

/* ---- rows ---- */

static bool check_range(price_rows *rows, size_t row) {
  const int *value = rows->form->header->value;
  if (value[AFT_PRICE_LOW] == PRICE_HEADER_NONE || value[AFT_PRICE_HIGH] == PRICE_HEADER_NONE) return true;
  if (!(rows->column[AFT_PRICE_LOW][row] > rows->column[AFT_PRICE_HIGH][row])) return true;
  g_autofree char *low = price_field_show(&rows->scan.fields[value[AFT_PRICE_LOW]]);
  g_autofree char *high = price_field_show(&rows->scan.fields[value[AFT_PRICE_HIGH]]);
  return fail(rows, AFT_INPUT_ERROR_VALUE, "low %s is above high %s", low, high);
}

static bool read_long_row(price_rows *rows) {
  const price_header *header = rows->form->header;
  aft_day day;
  if (!read_day(rows, &day) || !read_symbol(rows)) return false;
  price_rows_reserve(rows, 1);
  size_t row = rows->n++;
  rows->day[row] = day;
  rows->line[row] = (uint32_t)rows->scan.line;
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
    if (header->value[k] == PRICE_HEADER_NONE) continue;
    size_t column = (size_t)header->value[k];
    double *value = &rows->column[k][row];
    bool ok = k == AFT_PRICE_RETURN   ? read_return(rows, column, value)
              : k == AFT_PRICE_VOLUME ? read_volume(rows, column, value)
                                      : read_price(rows, column, value);
    if (!ok) return false;
  }
  return check_range(rows, row);
}

static bool read_wide_row(price_rows *rows) {
  size_t n_columns = rows->form->header->n_columns;
  aft_day day;
  if (!read_day(rows, &day)) return false;
  price_rows_reserve(rows, n_columns);
  for (size_t column = 1; column < n_columns; column++) {
    size_t row = rows->n++;
    rows->symbol[row] = rows->form->wide_symbol[column];
    rows->day[row] = day;
    rows->line[row] = (uint32_t)rows->scan.line;
    if (!read_price(rows, column, &rows->column[AFT_PRICE_CLOSE][row])) return false;
  }
  return true;
}

static bool read_row(price_rows *rows) {
  size_t n_columns = rows->form->header->n_columns;
  if (rows->scan.n_fields != n_columns)
    return fail(rows, AFT_INPUT_ERROR_COLUMN, "%" G_GSIZE_FORMAT " fields where the header has %" G_GSIZE_FORMAT,
                rows->scan.n_fields, n_columns);
  return rows->form->header->is_wide ? read_wide_row(rows) : read_long_row(rows);
}

void price_rows_read(price_rows *rows, const char *text, size_t length) {
  rows->n = rows->n_codes = rows->n_returns = rows->n_large = 0;
  g_array_set_size(rows->runs, 0);
  g_string_chunk_clear(rows->names);
  price_scan_start(&rows->scan, text, length, 1);
  do {
    if (!rows->form->header->is_wide) price_rows_read_plain(rows);
    rows->state = price_scan_next(&rows->scan);
    if (rows->state == PRICE_SCAN_RECORD && !read_row(rows)) rows->state = PRICE_SCAN_FAILED;
  } while (rows->state == PRICE_SCAN_RECORD);
}
