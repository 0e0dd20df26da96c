/* Rows of price and return files, appended as one block or not at all. */
#include <aftershock/input/prices.h>

#include "decimal.h"
#include "fields.h"
#include "price_reader.h"

#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_FILES = 65535, FIRST_CAPACITY = 4096 };

/* Returns larger than this in size, when most are, look like percent. */
#define LARGE_RETURN 0.5

/* Beyond these no currency and no share has been; within them no square of a return overflows. */
#define SMALLEST_PRICE 1e-20
#define LARGEST_PRICE 1e20
#define LARGEST_RETURN 1e9
#define LARGEST_LOG_RETURN 20.0

void aft_prices_init(aft_prices *prices) {
  memset(prices, 0, sizeof *prices);
  aft_symbols_init(&prices->symbols);
  prices->files = g_ptr_array_new_with_free_func(g_free);
}

void aft_prices_clear(aft_prices *prices) {
  aft_symbols_clear(&prices->symbols);
  if (prices->files != NULL) g_ptr_array_unref(prices->files);
  g_free(prices->symbol);
  g_free(prices->day);
  g_free(prices->line);
  g_free(prices->file);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) g_free(prices->column[k]);
  memset(prices, 0, sizeof *prices);
}

/* A symbol seen in this file, with the one that followed it last time: files go round the same list day after day. */
typedef struct known_symbol {
  const char *name; /* borrowed from the symbols */
  size_t length;
  uint32_t next; /* AFT_SYMBOL_NONE while unknown */
} known_symbol;

typedef struct price_reader {
  aft_prices *prices;
  price_scan scan;
  price_header header;
  bool is_log;
  size_t n_rows; /* with those of this file, which prices->n_rows does not count yet */
  uint32_t n_symbols_before;
  bool had_column[AFT_PRICE_N_COLUMNS]; /* before this file */
  known_symbol *known;                  /* [n_known], by id */
  size_t n_known, known_capacity;
  uint32_t last_symbol;
  uint32_t *wide_symbol; /* [n_columns]; of a wide file */
  char last_date[16];
  size_t last_date_length;
  aft_day last_day;
  size_t n_codes, n_returns, n_large;
  uint32_t first_code_line;
} price_reader;

/* ---- messages ---- */

static bool fail(const price_reader *r, int code, GError **error, const char *format, ...) G_GNUC_PRINTF(4, 5);

static bool fail(const price_reader *r, int code, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return input_fail(r->scan.source.path, (long)r->scan.line, code, error, "%s", message);
}

/* What to change in a text that should be a number; "" when nothing can be guessed. */
static const char *advise_number(const price_reader *r, const scan_field *field) {
  const char *comma = memchr(field->text, ',', field->length), *end = field->text + field->length;
  if (comma != NULL &&
      (memchr(field->text, '.', field->length) != NULL || memchr(comma + 1, ',', (size_t)(end - comma) - 1) != NULL))
    return " (remove the thousands separator)";
  if (comma != NULL && end - comma == 4) return " (use a point for decimals and no thousands separator)";
  if (comma != NULL) return " (use a point)";
  if (memchr(field->text, '%', field->length) != NULL) return " (write a fraction: 5 % is 0.05)";
  if (r->header.is_wide)
    return " (without a column \"symbol\" or \"close\" each column is read as the closes of one symbol)";
  return "";
}

static bool fail_number(const price_reader *r, size_t column, GError **error) {
  const scan_field *field = &r->scan.fields[column];
  g_autofree char *shown = price_field_show(field);
  return fail(r, AFT_INPUT_ERROR_VALUE, error, "%s \"%s\" is not a number%s", r->header.names[column], shown,
              advise_number(r, field));
}

static bool fail_range(const price_reader *r, size_t column, const char *noun, GError **error) {
  g_autofree char *shown = price_field_show(&r->scan.fields[column]);
  return fail(r, AFT_INPUT_ERROR_VALUE, error, "%s %s is out of range for a %s (check the digits)",
              r->header.names[column], shown, noun);
}

static bool fail_price(const price_reader *r, size_t column, double value, GError **error) {
  g_autofree char *shown = price_field_show(&r->scan.fields[column]);
  if (value > 0) return fail_range(r, column, "price", error);
  return fail(r, AFT_INPUT_ERROR_VALUE, error, "%s %s is not positive (a missing price is an empty field%s)",
              r->header.names[column], shown,
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
static inline bool read_number(const price_reader *r, size_t column, double *value, GError **error) {
  const scan_field *field = &r->scan.fields[column];
  if (decimal_parse(field->text, field->length, value)) return true;
  *value = (double)NAN;
  return is_missing(field) || fail_number(r, column, error);
}

static inline bool read_price(const price_reader *r, size_t column, double *value, GError **error) {
  if (!read_number(r, column, value, error)) return false;
  return !(*value < SMALLEST_PRICE || *value > LARGEST_PRICE) || fail_price(r, column, *value, error);
}

static bool read_volume(const price_reader *r, size_t column, double *value, GError **error) {
  if (!read_number(r, column, value, error)) return false;
  if (!(*value < 0)) return true;
  g_autofree char *shown = price_field_show(&r->scan.fields[column]);
  return fail(r, AFT_INPUT_ERROR_VALUE, error, "%s %s is negative", r->header.names[column], shown);
}

static bool read_return(price_reader *r, size_t column, double *value, GError **error) {
  const scan_field *field = &r->scan.fields[column];
  if (field->length == 1 && g_ascii_isalpha(field->text[0])) {
    if (r->n_codes++ == 0) r->first_code_line = r->scan.line;
    *value = (double)NAN;
    return true;
  }
  if (!read_number(r, column, value, error)) return false;
  if (!r->is_log && *value < -1) {
    g_autofree char *shown = price_field_show(field);
    return fail(r, AFT_INPUT_ERROR_VALUE, error, "%s %s is below -1 (returns are fractions; a loss of 5 %% is -0.05)",
                r->header.names[column], shown);
  }
  if (fabs(*value) > (r->is_log ? LARGEST_LOG_RETURN : LARGEST_RETURN)) return fail_range(r, column, "return", error);
  r->n_returns += isnan(*value) ? 0 : 1;
  r->n_large += fabs(*value) > LARGE_RETURN ? 1 : 0;
  return true;
}

/* The day of the row; a file in date order, and one in symbol order, repeats few texts, so only the last one is kept. */
static inline bool read_day(price_reader *r, aft_day *day, GError **error) {
  const scan_field *field = &r->scan.fields[r->header.date];
  if (field->length == r->last_date_length && memcmp(field->text, r->last_date, field->length) == 0) {
    *day = r->last_day;
    return true;
  }
  if (!aft_day_parse(field->text, field->length, day)) {
    g_autofree char *shown = price_field_show(field);
    return fail(r, AFT_INPUT_ERROR_VALUE, error, "%s \"%s\" is not a date (write YYYY-MM-DD)",
                r->header.names[r->header.date], shown);
  }
  memcpy(r->last_date, field->text, field->length); /* 8 or 10 bytes, as the parser has checked */
  r->last_date_length = field->length;
  r->last_day = *day;
  return true;
}

/* ---- symbols ---- */

static void learn_symbols(price_reader *r) {
  size_t n = r->prices->symbols.names->len;
  if (n > r->known_capacity) {
    r->known_capacity = MAX(n, r->known_capacity * 2);
    r->known = g_renew(known_symbol, r->known, r->known_capacity);
  }
  for (; r->n_known < n; r->n_known++) {
    const char *name = aft_symbols_name(&r->prices->symbols, (uint32_t)r->n_known);
    r->known[r->n_known] = (known_symbol){.name = name, .length = strlen(name), .next = AFT_SYMBOL_NONE};
  }
}

static inline bool is_symbol(const price_reader *r, uint32_t id, const scan_field *field) {
  return r->known[id].length == field->length && memcmp(r->known[id].name, field->text, field->length) == 0;
}

static bool look_symbol_up(price_reader *r, const scan_field *field, uint32_t *id, GError **error) {
  char name[INPUT_MAX_NAME + 2];
  size_t length = MIN(field->length, sizeof name - 1);
  memcpy(name, field->text, length);
  name[length] = '\0';
  *id = aft_symbols_find(&r->prices->symbols, name);
  if (*id != AFT_SYMBOL_NONE) return true;
  if (!input_check_name(r->scan.source.path, (long)r->scan.line, r->header.names[r->header.symbol], name, error))
    return false;
  *id = aft_symbols_add(&r->prices->symbols, name, length);
  learn_symbols(r);
  return true;
}

static inline bool read_symbol(price_reader *r, uint32_t *id, GError **error) {
  const scan_field *field = &r->scan.fields[r->header.symbol];
  uint32_t last = r->last_symbol;
  if (last != AFT_SYMBOL_NONE) {
    uint32_t next = r->known[last].next;
    if (is_symbol(r, last, field)) {
      *id = last;
      return true;
    }
    if (next != AFT_SYMBOL_NONE && is_symbol(r, next, field)) {
      *id = r->last_symbol = next;
      return true;
    }
  }
  if (!look_symbol_up(r, field, id, error)) return false;
  if (last != AFT_SYMBOL_NONE) r->known[last].next = *id;
  r->last_symbol = *id;
  return true;
}

/* ---- rows ---- */

static void reserve(price_reader *r, size_t n_more) {
  aft_prices *p = r->prices;
  size_t wanted = r->n_rows + n_more;
  if (wanted <= p->capacity) return;
  p->capacity = MAX(wanted, MAX(p->capacity * 2, (size_t)FIRST_CAPACITY));
  p->symbol = g_renew(uint32_t, p->symbol, p->capacity);
  p->day = g_renew(aft_day, p->day, p->capacity);
  p->line = g_renew(uint32_t, p->line, p->capacity);
  p->file = g_renew(uint16_t, p->file, p->capacity);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (p->column[k] != NULL) p->column[k] = g_renew(double, p->column[k], p->capacity);
}

/* A column that no file had before: NaN in all the rows that are there. */
static void add_column(price_reader *r, enum aft_price_column k) {
  if (r->prices->column[k] != NULL) return;
  reserve(r, 1);
  r->prices->column[k] = g_new(double, r->prices->capacity);
  for (size_t i = 0; i < r->n_rows; i++) r->prices->column[k][i] = (double)NAN;
}

static inline size_t append_row(price_reader *r, uint32_t symbol, aft_day day) {
  size_t row = r->n_rows++;
  aft_prices *p = r->prices;
  p->symbol[row] = symbol;
  p->day[row] = day;
  p->line[row] = r->scan.line;
  p->file[row] = (uint16_t)p->files->len;
  return row;
}

static bool check_range(const price_reader *r, size_t row, GError **error) {
  const int *value = r->header.value;
  if (value[AFT_PRICE_LOW] == PRICE_HEADER_NONE || value[AFT_PRICE_HIGH] == PRICE_HEADER_NONE) return true;
  if (!(r->prices->column[AFT_PRICE_LOW][row] > r->prices->column[AFT_PRICE_HIGH][row])) return true;
  g_autofree char *low = price_field_show(&r->scan.fields[value[AFT_PRICE_LOW]]);
  g_autofree char *high = price_field_show(&r->scan.fields[value[AFT_PRICE_HIGH]]);
  return fail(r, AFT_INPUT_ERROR_VALUE, error, "low %s is above high %s", low, high);
}

static bool read_long_row(price_reader *r, GError **error) {
  uint32_t symbol;
  aft_day day;
  if (!read_day(r, &day, error) || !read_symbol(r, &symbol, error)) return false;
  reserve(r, 1);
  size_t row = append_row(r, symbol, day);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
    if (r->header.value[k] == PRICE_HEADER_NONE) continue;
    size_t column = (size_t)r->header.value[k];
    double *value = &r->prices->column[k][row];
    bool ok = k == AFT_PRICE_RETURN   ? read_return(r, column, value, error)
              : k == AFT_PRICE_VOLUME ? read_volume(r, column, value, error)
                                      : read_price(r, column, value, error);
    if (!ok) return false;
  }
  return check_range(r, row, error);
}

static bool read_wide_row(price_reader *r, GError **error) {
  aft_day day;
  if (!read_day(r, &day, error)) return false;
  reserve(r, r->header.n_columns);
  for (size_t column = 1; column < r->header.n_columns; column++) {
    size_t row = append_row(r, r->wide_symbol[column], day);
    if (!read_price(r, column, &r->prices->column[AFT_PRICE_CLOSE][row], error)) return false;
  }
  return true;
}

static bool read_rows(price_reader *r, GError **error) {
  enum price_scan_state state;
  while ((state = price_scan_next(&r->scan, error)) == PRICE_SCAN_RECORD) {
    if (r->scan.n_fields != r->header.n_columns)
      return fail(r, AFT_INPUT_ERROR_COLUMN, error, "%" G_GSIZE_FORMAT " fields where the header has %" G_GSIZE_FORMAT,
                  r->scan.n_fields, r->header.n_columns);
    if (!(r->header.is_wide ? read_wide_row(r, error) : read_long_row(r, error))) return false;
  }
  return state == PRICE_SCAN_END;
}

/* ---- files ---- */

static void prepare(price_reader *r) {
  if (r->header.is_wide) {
    r->wide_symbol = g_new(uint32_t, r->header.n_columns);
    for (size_t i = 1; i < r->header.n_columns; i++)
      r->wide_symbol[i] = aft_symbols_add(&r->prices->symbols, r->header.names[i], strlen(r->header.names[i]));
    add_column(r, AFT_PRICE_CLOSE);
  }
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (r->header.value[k] != PRICE_HEADER_NONE) add_column(r, (enum aft_price_column)k);
  learn_symbols(r);
}

static void roll_back(price_reader *r) {
  aft_symbols *symbols = &r->prices->symbols;
  for (guint i = r->n_symbols_before; i < symbols->names->len; i++)
    g_hash_table_remove(symbols->index, g_ptr_array_index(symbols->names, i));
  g_ptr_array_set_size(symbols->names, (gint)r->n_symbols_before);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (!r->had_column[k]) g_clear_pointer(&r->prices->column[k], g_free);
}

static void warn(const price_reader *r, aft_warnings *warnings) {
  const char *path = r->scan.source.path;
  if (r->n_rows == r->prices->n_rows) aft_warnings_add(warnings, "%s: no rows below the header", path);
  if (r->header.unused != NULL)
    aft_warnings_add(warnings, "%s:%u: columns that are not read: %s", path, r->header.line, r->header.unused);
  if (r->n_codes > 0)
    aft_warnings_add(warnings,
                     "%s:%u: %" G_GSIZE_FORMAT " %s of a letter instead of a number, the first here, taken as missing",
                     path, r->first_code_line, r->n_codes, r->n_codes == 1 ? "return consists" : "returns consist");
  if (2 * r->n_large > r->n_returns)
    aft_warnings_add(warnings,
                     "%s: most returns are above 0.5 in size, as if in percent (returns are fractions: 5 %% is 0.05)",
                     path);
}

/* The columns that this file lacks are NaN in its rows. */
static void commit(price_reader *r) {
  aft_prices *p = r->prices;
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
    bool is_given = r->header.is_wide ? k == AFT_PRICE_CLOSE : r->header.value[k] != PRICE_HEADER_NONE;
    if (p->column[k] == NULL || is_given) continue;
    for (size_t i = p->n_rows; i < r->n_rows; i++) p->column[k][i] = (double)NAN;
  }
  p->n_rows = r->n_rows;
  g_ptr_array_add(p->files, g_strdup(r->scan.source.path));
}

bool prices_read_source(aft_prices *prices, const price_source *source, enum price_content content, bool is_log,
                        aft_warnings *warnings, GError **error) {
  price_reader r = {.prices = prices,
                    .is_log = is_log,
                    .n_rows = prices->n_rows,
                    .last_symbol = AFT_SYMBOL_NONE,
                    .last_date_length = SIZE_MAX};
  if (prices->files->len >= MAX_FILES) {
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_LIMIT, "%s: more than %d price files (join some of them)",
                source->path, MAX_FILES);
    return false;
  }
  r.n_symbols_before = prices->symbols.names->len;
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) r.had_column[k] = prices->column[k] != NULL;
  bool ok = price_scan_open(&r.scan, source, error) && price_header_read(&r.header, &r.scan, content, error);
  if (ok) {
    prepare(&r);
    ok = read_rows(&r, error);
  }
  if (ok) {
    warn(&r, warnings);
    commit(&r);
  } else {
    roll_back(&r);
  }
  g_free(r.known);
  g_free(r.wide_symbol);
  price_header_clear(&r.header);
  price_scan_clear(&r.scan);
  return ok;
}

bool aft_prices_read_csv(aft_prices *prices, const char *path, aft_warnings *warnings, GError **error) {
  price_source source = {.path = path, .block_bytes = PRICE_SCAN_BLOCK_BYTES};
  return prices_read_source(prices, &source, PRICE_CONTENT_PRICES, false, warnings, error);
}

bool aft_returns_read_csv(aft_prices *prices, const char *path, bool is_log, aft_warnings *warnings, GError **error) {
  price_source source = {.path = path, .block_bytes = PRICE_SCAN_BLOCK_BYTES};
  return prices_read_source(prices, &source, PRICE_CONTENT_RETURNS, is_log, warnings, error);
}
