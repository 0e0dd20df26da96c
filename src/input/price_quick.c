/*
 * Rows in their plainest form, a field at a time from the bytes: no quotes, no blanks, numbers without exponent. It decides nothing: what
 * it does not take, price_rows.c reads with every check, and what it takes, price_rows.c would have read alike.
 */
#include "price_rows.h"

#include "decimal.h"
#include "fields.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_DIGITS = 18, MAX_COLUMNS = 64 };

enum field_kind { FIELD_SKIP, FIELD_DATE, FIELD_SYMBOL, FIELD_PRICE, FIELD_VOLUME, FIELD_RETURN };

typedef struct plain_field {
  enum field_kind kind;
  double *column; /* of the rows, for values */
} plain_field;

/* What a row leaves behind when it is taken. */
typedef struct plain_row {
  aft_day day;
  const char *symbol;
  size_t symbol_length;
  bool is_new_symbol;
} plain_row;

static void list_fields(const price_rows *rows, plain_field *fields) {
  const price_header *header = rows->form->header;
  for (size_t i = 0; i < header->n_columns; i++) fields[i] = (plain_field){FIELD_SKIP, rows->column[AFT_PRICE_CLOSE]};
  fields[header->date].kind = FIELD_DATE;
  fields[header->symbol].kind = FIELD_SYMBOL;
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (header->value[k] != PRICE_HEADER_NONE)
      fields[header->value[k]] = (plain_field){k == AFT_PRICE_RETURN   ? FIELD_RETURN
                                               : k == AFT_PRICE_VOLUME ? FIELD_VOLUME
                                                                       : FIELD_PRICE,
                                               rows->column[k]};
}

static inline bool is_digit(char c) { return (unsigned char)(c - '0') <= 9; }

/* The month of a date, by which the days of the same month are read from their last two digits. */
static bool learn_month(price_rows *rows, const char *p, aft_day *day) {
  int year, month, day_of_month;
  if (!aft_day_parse(p, 10, day)) return false;
  aft_day_to_ymd(*day, &year, &month, &day_of_month);
  memcpy(rows->month, p, sizeof rows->month);
  rows->month_first = *day - day_of_month + 1;
  rows->month_days = (unsigned)(aft_day_from_ymd(month == 12 ? year + 1 : year, month % 12 + 1, 1) - rows->month_first);
  return true;
}

static inline const char *take_date(price_rows *rows, const char *p, aft_day *day) {
  if (rows->month_days == 0 || memcmp(p, rows->month, sizeof rows->month) != 0 || !is_digit(p[8]) || !is_digit(p[9]))
    return p[4] == '-' ? (learn_month(rows, p, day) ? p + 10 : NULL) : aft_day_parse(p, 8, day) ? p + 8 : NULL;
  unsigned day_of_month = (unsigned)(p[8] - '0') * 10 + (unsigned)(p[9] - '0');
  *day = rows->month_first + (aft_day)day_of_month - 1;
  return day_of_month >= 1 && day_of_month <= rows->month_days ? p + 10 : NULL;
}

static inline const char *take_symbol(const char *p, plain_row *row) {
  size_t n = row->symbol_length;
  if (n > 0 && memcmp(p, row->symbol, n) == 0 && (p[n] == ',' || p[n] == '\n')) return p + n;
  const char *start = p;
  while ((unsigned char)*p > ' ' && *p != ',' && *p != '"' && *p != 0x7F) p++;
  row->symbol = start;
  row->symbol_length = (size_t)(p - start);
  row->is_new_symbol = true;
  return p > start && p - start <= INPUT_MAX_NAME ? p : NULL;
}

#if G_BYTE_ORDER == G_LITTLE_ENDIAN
/* Eight bytes, the first of them the lowest, each less '0'; *others: the top bit of each that is no digit. */
static inline uint64_t load_word(const char *p, uint64_t *others) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  word ^= UINT64_C(0x3030303030303030);
  *others = (word | (word + UINT64_C(0x7676767676767676))) & UINT64_C(0x8080808080808080);
  return word;
}

static inline unsigned find_byte(uint64_t tops) { return (unsigned)__builtin_ctzll(tops) / 8; }

/*
 * The first n digits of a word, n >= 1: moved to its end and summed in pairs, fours and eights (Lemire 2022, "Parsing series of integers with
 * SIMD").
 */
static inline uint64_t sum_digits(uint64_t word, unsigned n) {
  word <<= 64 - 8 * n;
  word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
  word = (word * 100 + (word >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
  return (word * 10000 + (word >> 32)) & UINT64_C(0xFFFFFFFF);
}

/*
 * A number that ends within a word, at once: its point is taken out and its digits summed. Returns its length, 0 when it is longer or nothing but
 * a point; *n_decimals is of it.
 */
static inline unsigned take_short(const char *p, uint64_t *m, unsigned *n_decimals) {
  uint64_t others, word = load_word(p, &others);
  if (others == 0) return 0;
  unsigned n = find_byte(others), end = n;
  *n_decimals = 0;
  if (p[n] == '.') {
    others &= others - 1;
    if (others == 0) return 0;
    end = find_byte(others);
    *n_decimals = end - n - 1;
    uint64_t before = (UINT64_C(1) << 8 * n) - 1;
    word = (word & before) | (word >> 8 & ~before);
    n = end - 1;
  }
  if (n > 0) *m = sum_digits(word, n);
  return n > 0 ? end : 0;
}
#endif

/* Digits from p on, appended to *m; returns the byte behind them. Eight at a time where the first byte of a word is its lowest. */
static inline const char *take_digits(const char *p, uint64_t *m) {
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  static const uint64_t powers[] = {1, 10, 100, 1000, 10000, 100000, 1000000, 10000000, 100000000};
  uint64_t others, word = load_word(p, &others);
  unsigned n = others == 0 ? 8 : find_byte(others);
  if (n == 0) return p;
  *m = *m * powers[n] + sum_digits(word, n);
  p += n;
  if (n < 8) return p;
#endif
  for (; is_digit(*p); p++) *m = *m * 10 + (uint64_t)(*p - '0');
  return p;
}

/* Digits with a point or without, as decimal_parse reads them; an empty field is NaN. *m is the number without its point. */
static inline const char *take_number(const char *p, double *value, uint64_t *m) {
  static const double powers[MAX_DIGITS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                                1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};
  const char *start = p;
  *m = 0;
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  unsigned decimals, length = take_short(p, m, &decimals);
  if (length > 0) {
    *value = (double)*m / powers[decimals];
    return p + length;
  }
#endif
  p = take_digits(p, m);
  ptrdiff_t n_digits = p - start, n_decimals = 0;
  if (*p == '.') {
    start = ++p;
    p = take_digits(p, m);
    n_decimals = p - start;
    n_digits += n_decimals;
    if (n_digits == 0) return NULL;
  }
  if (n_digits > MAX_DIGITS || *m > UINT64_C(1) << 53) return NULL;
  *value = n_digits == 0 ? (double)NAN : (double)*m / powers[n_decimals];
  return p;
}

/* A price is positive; with no more than MAX_DIGITS digits it is within the other bounds. */
static inline const char *take_price(const char *p, double *value) {
  uint64_t m;
  const char *end = take_number(p, value, &m);
  return m != 0 || end == p ? end : NULL;
}

static inline const char *take_return(const price_rows *rows, const char *p, double *value) {
  bool negative = *p == '-';
  uint64_t m;
  p = take_number(p + negative, value, &m);
  if (p == NULL || (negative && isnan(*value))) return NULL;
  if (negative) *value = -*value;
  return (rows->form->is_log || !(*value < -1)) &&
                 !(fabs(*value) > (rows->form->is_log ? RETURN_LARGEST_LOG : RETURN_LARGEST))
             ? p
             : NULL;
}

static const char *skip_field(const char *p) {
  while (*p == ' ') p++;
  if (*p == '"') return NULL;
  while (*p != ',' && *p != '\n') p++;
  return p;
}

static inline const char *take_field(price_rows *rows, const plain_field *field, const char *p, plain_row *row) {
  double *value = field->column + rows->n;
  uint64_t m;
  switch (field->kind) {
  case FIELD_DATE: return take_date(rows, p, &row->day);
  case FIELD_SYMBOL: return take_symbol(p, row);
  case FIELD_PRICE: return take_price(p, value);
  case FIELD_VOLUME: return take_number(p, value, &m);
  case FIELD_RETURN: return take_return(rows, p, value);
  case FIELD_SKIP: return skip_field(p);
  }
  return NULL;
}

/* Adds the row that the fields have left. */
static inline void take_row(price_rows *rows, const plain_row *row) {
  size_t n = rows->n;
  if (row->is_new_symbol) price_rows_note_symbol(rows, row->symbol, row->symbol_length);
  rows->day[n] = row->day;
  rows->line[n] = (uint32_t)rows->scan.next_line++;
  if (rows->form->is_returns) {
    double value = rows->column[AFT_PRICE_RETURN][n];
    rows->n_returns += isnan(value) ? 0 : 1;
    rows->n_large += fabs(value) > RETURN_LARGE ? 1 : 0;
  }
  rows->n++;
}

/* Whether low and high of row n are both there and the wrong way round. */
static inline bool is_reversed(const price_rows *rows) {
  const double *low = rows->column[AFT_PRICE_LOW], *high = rows->column[AFT_PRICE_HIGH];
  return low != NULL && high != NULL && low[rows->n] > high[rows->n];
}

/* The row at `begin` of the scan, up to its line end; false when it is not plain. */
static inline bool take_fields(price_rows *rows, const plain_field *fields, plain_row *row) {
  size_t last = rows->form->header->n_columns - 1;
  const char *p = rows->scan.begin;
  row->is_new_symbol = false;
  for (size_t i = 0;; i++, p++) {
    p = take_field(rows, &fields[i], p, row);
    if (p == NULL) return false;
    if (i == last) break;
    if (*p != ',') return false;
  }
  if (*p == '\r') p++;
  if (*p != '\n' || p - rows->scan.begin > PRICE_SCAN_MAX_RECORD_BYTES || is_reversed(rows)) return false;
  rows->scan.begin = p + 1;
  return true;
}

void price_rows_read_plain(price_rows *rows) {
  plain_field fields[MAX_COLUMNS];
  plain_row row = {.symbol = NULL, .symbol_length = 0};
  price_scan *scan = &rows->scan;
  if (rows->form->header->n_columns > MAX_COLUMNS || scan->begin == scan->limit) return;
  if (rows->runs->len > 0) {
    const symbol_run *run = &g_array_index(rows->runs, symbol_run, rows->runs->len - 1);
    row.symbol = run->text;
    row.symbol_length = run->length;
  }
  list_fields(rows, fields);
  while (scan->begin < scan->limit && scan->next_line < scan->last_line) {
    if (rows->n == rows->capacity) {
      price_rows_reserve(rows, 1);
      list_fields(rows, fields);
    }
    if (!take_fields(rows, fields, &row)) return;
    take_row(rows, &row);
  }
}
