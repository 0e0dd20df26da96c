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

/* FIELD_PRICE and what follows are the numbers that most fields are. */
enum field_kind { FIELD_SKIP, FIELD_DATE, FIELD_SYMBOL, FIELD_RETURN, FIELD_PRICE, FIELD_VOLUME };

typedef struct plain_field {
  enum field_kind kind;
  double *column; /* of the rows, for values */
} plain_field;

/* The symbol of the last row, and what a row leaves behind when it is taken. */
typedef struct plain_row {
  aft_day day;
  const char *symbol;
  size_t symbol_length;
  uint64_t symbol_word,
      symbol_mask; /* the symbol with the byte behind it, where both are within a word; mask 0: they are not */
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

/* Where a month is kept that begins with those bytes, "2025-01-". */
static inline price_month *place_month(price_rows *rows, const char *p) {
  uint64_t word;
  memcpy(&word, p, sizeof word);
  return &rows->month[word * UINT64_C(0x9E3779B97F4A7C15) >> (64 - PRICE_MONTH_BITS)];
}

/* The month of a date, by which the days of the same month are read from their last two digits. */
static bool learn_month(price_month *known, const char *p, aft_day *day) {
  int year, month, day_of_month;
  if (!aft_day_parse(p, 10, day)) return false;
  aft_day_to_ymd(*day, &year, &month, &day_of_month);
  memcpy(known->text, p, sizeof known->text);
  known->first = *day - day_of_month + 1;
  known->n_days = (unsigned)(aft_day_from_ymd(month == 12 ? year + 1 : year, month % 12 + 1, 1) - known->first);
  return true;
}

static inline const char *take_date(price_rows *rows, const char *p, aft_day *day) {
  price_month *known = place_month(rows, p);
  unsigned tens = (unsigned char)p[8] - (unsigned)'0', units = (unsigned char)p[9] - (unsigned)'0';
  if (memcmp(p, known->text, sizeof known->text) != 0 || tens > 9 || units > 9)
    return p[4] == '-' ? (learn_month(known, p, day) ? p + 10 : NULL) : aft_day_parse(p, 8, day) ? p + 8 : NULL;
  unsigned before = tens * 10 + units - 1; /* days of the month; day 0 is more than there are */
  *day = known->first + (aft_day)before;
  return before < known->n_days ? p + 10 : NULL;
}

/* Keeps a symbol that stands in the text, with the byte behind it, so that the next one is compared at once. */
static void keep_symbol(plain_row *row, const char *start, size_t length) {
  row->symbol = start;
  row->symbol_length = length;
  row->symbol_mask = 0;
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  if (length >= sizeof row->symbol_word) return;
  memcpy(&row->symbol_word, start, sizeof row->symbol_word);
  row->symbol_mask = UINT64_MAX >> (56 - 8 * length);
#endif
}

static inline const char *take_symbol(const char *p, plain_row *row) {
  size_t n = row->symbol_length;
  uint64_t word;
  memcpy(&word, p, sizeof word);
  if (row->symbol_mask != 0 && ((word ^ row->symbol_word) & row->symbol_mask) == 0) return p + n;
  if (n > 0 && memcmp(p, row->symbol, n) == 0 && (p[n] == ',' || p[n] == '\n')) return p + n;
  const char *start = p;
  while ((unsigned char)*p > ' ' && *p != ',' && *p != '"' && *p != 0x7F) p++;
  if (p == start || p - start > INPUT_MAX_NAME) return NULL;
  keep_symbol(row, start, (size_t)(p - start));
  row->is_new_symbol = true;
  return p;
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

/* Eight digits, or fewer at the end of a word of zeros, in pairs, fours and eights (Lemire 2022, "Parsing series of integers with SIMD"). */
static inline uint64_t sum_word(uint64_t word) {
  word = (word * 10 + (word >> 8)) & UINT64_C(0x00FF00FF00FF00FF);
  word = (word * 100 + (word >> 16)) & UINT64_C(0x0000FFFF0000FFFF);
  return (word * 10000 + (word >> 32)) & UINT64_C(0xFFFFFFFF);
}

/* The first n digits of a word, n >= 1. */
static inline uint64_t sum_digits(uint64_t word, unsigned n) { return sum_word(word << (64 - 8 * n)); }
#endif

static const double powers_of_ten[MAX_DIGITS + 1] = {1e0,  1e1,  1e2,  1e3,  1e4,  1e5,  1e6,  1e7,  1e8, 1e9,
                                                     1e10, 1e11, 1e12, 1e13, 1e14, 1e15, 1e16, 1e17, 1e18};

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
static const char *take_long_number(const char *p, double *value, uint64_t *m) {
  const char *start = p;
  *m = 0;
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
  *value = n_digits == 0 ? (double)NAN : (double)*m / powers_of_ten[n_decimals];
  return p;
}

/* The same; a number that ends within a word is read at once, its point taken out. */
static inline const char *take_number(const char *p, double *value, uint64_t *m) {
#if G_BYTE_ORDER == G_LITTLE_ENDIAN
  uint64_t others, word = load_word(p, &others);
  if (others == 0) return take_long_number(p, value, m);
  unsigned end = (unsigned)__builtin_ctzll(others) - 7, point = end; /* bits before the first byte that is no digit */
  bool has_point = (word >> end & 0xFF) == ('.' ^ '0');
  if (has_point) {
    uint64_t before = (UINT64_C(1) << point) - 1, rest = others & (others - 1);
    if (rest == 0) return take_long_number(p, value, m);
    word = (word & before) | (word >> 8 & ~before);
    end = (unsigned)__builtin_ctzll(rest) - 7;
  }
  unsigned n = has_point ? end - 8 : end; /* of digits */
  if (n == 0) return take_long_number(p, value, m);
  *m = sum_word(word << (64 - n));
  *value = (double)(int64_t)*m;
  if (has_point) *value /= powers_of_ten[(n - point) / 8];
  return p + end / 8;
#else
  return take_long_number(p, value, m);
#endif
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

/* A price is positive; with no more than MAX_DIGITS digits it and a volume are within the other bounds. */
static inline const char *take_field(price_rows *rows, const plain_field *field, const char *p, plain_row *row) {
  double *value = field->column + rows->n;
  if (field->kind >= FIELD_PRICE) {
    uint64_t m;
    const char *end = take_number(p, value, &m);
    return m == 0 && field->kind == FIELD_PRICE && end != p ? NULL : end;
  }
  switch (field->kind) {
  case FIELD_DATE: return take_date(rows, p, &row->day);
  case FIELD_SYMBOL: return take_symbol(p, row);
  case FIELD_RETURN: return take_return(rows, p, value);
  default: return skip_field(p);
  }
}

/* Adds the row that the fields have left. */
static inline void take_row(price_rows *rows, const plain_row *row) {
  size_t n = rows->n;
  if (row->is_new_symbol) price_rows_note_symbol(rows, row->symbol, row->symbol_length);
  rows->day[n] = row->day;
  rows->line[n] = (uint32_t)rows->scan.next_line++;
  rows->n++;
}

/* Counts what the returns of row n look like. */
static void count_return(price_rows *rows, size_t n) {
  double value = rows->column[AFT_PRICE_RETURN][n];
  rows->n_returns += isnan(value) ? 0 : 1;
  rows->n_large += fabs(value) > RETURN_LARGE ? 1 : 0;
}

/* Whether low and high of row n are both there and the wrong way round. */
static inline bool is_reversed(const price_rows *rows) {
  return rows->column[AFT_PRICE_LOW][rows->n] > rows->column[AFT_PRICE_HIGH][rows->n];
}

/* The row at `begin` of the scan, up to its line end; false when it is not plain. */
static inline bool take_fields(price_rows *rows, const plain_field *fields, const plain_field *last, bool has_range,
                               plain_row *row) {
  const char *p = rows->scan.begin;
  row->is_new_symbol = false;
  for (const plain_field *field = fields;; field++, p++) {
    p = take_field(rows, field, p, row);
    if (p == NULL) return false;
    if (field == last) break;
    if (*p != ',') return false;
  }
  if (*p == '\r') p++;
  if (*p != '\n' || p - rows->scan.begin > PRICE_SCAN_MAX_RECORD_BYTES || (has_range && is_reversed(rows)))
    return false;
  rows->scan.begin = p + 1;
  return true;
}

/* The symbol of the last row, which may stand elsewhere than in the text. */
static void recall_symbol(const price_rows *rows, plain_row *row) {
  *row = (plain_row){.symbol = NULL};
  if (rows->runs->len == 0) return;
  const symbol_run *run = &g_array_index(rows->runs, symbol_run, rows->runs->len - 1);
  row->symbol = run->text;
  row->symbol_length = run->length;
}

void price_rows_read_plain(price_rows *rows) {
  plain_field fields[MAX_COLUMNS];
  plain_row row;
  price_scan *scan = &rows->scan;
  size_t n_columns = rows->form->header->n_columns;
  bool is_returns = rows->form->is_returns;
  if (n_columns > MAX_COLUMNS || scan->begin == scan->limit) return;
  recall_symbol(rows, &row);
  list_fields(rows, fields);
  while (scan->begin < scan->limit && scan->next_line < scan->last_line) {
    if (rows->n == rows->capacity) {
      price_rows_reserve(rows, 1);
      list_fields(rows, fields);
    }
    bool has_range = rows->column[AFT_PRICE_LOW] != NULL && rows->column[AFT_PRICE_HIGH] != NULL;
    if (!take_fields(rows, fields, &fields[n_columns - 1], has_range, &row)) return;
    take_row(rows, &row);
    if (is_returns) count_return(rows, rows->n - 1);
  }
}
