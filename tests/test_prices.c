/* input/prices: the scanner of price and return files against plain readings of the same bytes, and all it refuses. */
#include "support/support.h"

#include "input/decimal.h"
#include "input/price_reader.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

#include <aftershock/base/banned.h>

static const char *const column_names[AFT_PRICE_N_COLUMNS] = {"open",      "high",   "low", "close",
                                                              "adj_close", "volume", "ret"};

/* What one reading leaves behind. */
typedef struct reading {
  aft_prices prices;
  aft_warnings warnings;
  GError *error;
} reading;

static void reading_init(reading *r) {
  aft_prices_init(&r->prices);
  aft_warnings_init(&r->warnings);
  r->error = NULL;
}

static void reading_clear(reading *r) {
  aft_prices_clear(&r->prices);
  aft_warnings_clear(&r->warnings);
  g_clear_error(&r->error);
}

static bool read_source(reading *r, const price_source *source, enum price_content content, bool is_log) {
  aft_price_reading how = {.is_returns = content == PRICE_CONTENT_RETURNS, .is_log = is_log};
  return prices_read_source(&r->prices, source, &how, &r->warnings, &r->error);
}

static bool read_bytes(reading *r, const char *name, const char *bytes, size_t size, size_t block_bytes,
                       enum price_content content, bool is_log) {
  price_source source = {.path = name, .bytes = bytes, .n_bytes = size, .block_bytes = block_bytes, .n_threads = 1};
  return read_source(r, &source, content, is_log);
}

static bool read_text(reading *r, const char *text) {
  return read_bytes(r, "prices.csv", text, strlen(text), PRICE_BLOCK_BYTES, PRICE_CONTENT_PRICES, false);
}

/* One row a line: "file:line date symbol close=1"; missing values are left out, so absent and empty columns look alike. */
static char *dump(const aft_prices *p) {
  GString *out = g_string_new(NULL);
  char day[AFT_DAY_TEXT];
  for (size_t i = 0; i < p->n_rows; i++) {
    g_string_append_printf(out, "%u:%u %s %s", p->file[i], p->line[i], aft_day_print(p->day[i], day),
                           aft_symbols_name(&p->symbols, p->symbol[i]));
    for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
      if (p->column[k] == NULL || isnan(p->column[k][i])) continue;
      g_string_append_printf(out, " %s=", column_names[k]);
      aft_number_append(out, p->column[k][i]);
    }
    g_string_append_c(out, '\n');
  }
  return g_string_free(out, FALSE);
}

static void check_dump(const aft_prices *p, const char *expected) {
  g_autofree char *text = dump(p);
  g_assert_cmpstr(text, ==, expected);
}

/* ---- numbers ---- */

static bool same_bits(double a, double b) { return memcmp(&a, &b, sizeof a) == 0; }

/* Random decimals with up to 22 digits and exponents on both sides of the fast path, bit for bit. */
static void test_decimals(void) {
  g_autoptr(GRand) random = g_rand_new_with_seed(20250127);
  char text[64];
  for (int i = 0; i < 1000000; i++) {
    int n_digits = g_rand_int_range(random, 1, 23), point = g_rand_int_range(random, -1, n_digits + 1), at = 0;
    if (g_rand_int_range(random, 0, 4) == 0) text[at++] = g_rand_boolean(random) ? '-' : '+';
    for (int d = 0; d < n_digits; d++) {
      if (d == point) text[at++] = '.';
      text[at++] = (char)('0' + g_rand_int_range(random, 0, 10));
    }
    if (point == n_digits) text[at++] = '.';
    if (g_rand_int_range(random, 0, 3) == 0)
      at += g_snprintf(text + at, 16, "%c%d", g_rand_boolean(random) ? 'e' : 'E', g_rand_int_range(random, -40, 41));
    text[at] = '\0';
    double value = -1;
    if (!decimal_parse(text, (size_t)at, &value) || !same_bits(value, g_ascii_strtod(text, NULL)))
      g_error("%s was read as %.17g", text, value);
  }
}

/* Any text is read, or refused, as aft_number_parse does it. */
static void test_decimal_texts(void) {
  static const char alphabet[] = "0019.-+eE x";
  g_autoptr(GRand) random = g_rand_new_with_seed(7);
  const char *texts[] = {"",
                         ".",
                         "-",
                         "1.",
                         ".5",
                         "-0",
                         "0e0",
                         "1e",
                         "1e+",
                         "0x10",
                         "inf",
                         "nan",
                         "1e999",
                         "1e-999",
                         "1e0005",
                         "1 ",
                         " 1",
                         "1,5",
                         "9007199254740992",
                         "9007199254740993",
                         "9007199254740995",
                         "4503599627370497.5",
                         "4503599627370498.5",
                         "18014398509481982.0",
                         "18014398509481986.0",
                         "18014398509481985.99",
                         "18446744073709551615",
                         "9999999999999999999",
                         "0.9999999999999999999",
                         "0.0123456789012345678",
                         "0.09999999999999999999",
                         ".9999999999999999999",
                         "1e22",
                         "1e23",
                         "123456789012345678901234567890123",
                         "0.000000000000000000000000000000000000012",
                         "1e-22",
                         "1e-23",
                         "--1"};
  for (int i = 0; i < 200000; i++) {
    char made[16];
    const char *text = made;
    if ((size_t)i < G_N_ELEMENTS(texts)) text = texts[i];
    int length = g_rand_int_range(random, 0, 12);
    for (int k = 0; k < length; k++) made[k] = alphabet[g_rand_int_range(random, 0, (int)sizeof alphabet - 1)];
    made[length] = '\0';
    double fast = 7, slow = 7;
    bool is_fast = decimal_parse(text, strlen(text), &fast), is_slow = aft_number_parse(text, strlen(text), &slow);
    if (is_fast != is_slow || (is_slow && !same_bits(fast, slow)))
      g_error("\"%s\": %.17g, not %.17g", text, fast, slow);
  }
}

/* ---- forms ---- */

static void test_forms(void) {
  const struct {
    const char *text, *rows;
  } forms[] = {
      {"date,symbol,close\n2025-01-27,NVDA,118.42\n", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"date,symbol,close\r\n2025-01-27,NVDA,118.42\r\n", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"date,symbol,close\n2025-01-27,NVDA,118.42", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"date,symbol,close\r\n2025-01-27,NVDA,118.42\r", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"\xEF\xBB\xBF"
       "date,symbol,close\n20250127,NVDA,118.42\n",
       "0:2 2025-01-27 NVDA close=118.42\n"},
      {"\xEF\xBB\xBF# a comment, \"with a quote\n\n# another\ndate,symbol,close\n2025-01-27,NVDA,1\n",
       "0:5 2025-01-27 NVDA close=1\n"},
      {"\n \t\r\ndate,symbol,close\n\n2025-01-27,NVDA,1\n\r\n  \n2025-01-28,NVDA,2\n\n",
       "0:5 2025-01-27 NVDA close=1\n0:8 2025-01-28 NVDA close=2\n"},
      {"\"date\",\"symbol\",\"close\"\n\"2025-01-27\",\"NVDA\",\"118.42\"\n", "0:2 2025-01-27 NVDA close=118.42\n"},
      {" Date , SYMBOL ,Close\n 2025-01-27 ,\tNVDA , 118.42 \n", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"date,symbol,close\n 2025-01-27, \"NVDA\" , \"118.42\" \r\n", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"symbol,close (USD),date\nNVDA,118.42,2025-01-27\n", "0:2 2025-01-27 NVDA close=118.42\n"},
      {"symbol,date,Adj Close [USD]\nNVDA,2025-01-27,118.42\n", "0:2 2025-01-27 NVDA adj_close=118.42\n"},
      {"volume,adj_close,close,low,high,open,symbol,date\n818830900,118.41,118.42,116.7,128.4,124.8,NVDA,2025-01-27\n",
       "0:2 2025-01-27 NVDA open=124.8 high=128.4 low=116.7 close=118.42 adj_close=118.41 volume=818830900\n"},
      {"date,symbol,close\n2025-01-27,\"BRK,B\",1\n2025-01-27,\"A\"\"B\"\"\",2\n2025-01-27,A\"B,3\n",
       "0:2 2025-01-27 BRK,B close=1\n0:3 2025-01-27 A\"B\" close=2\n0:4 2025-01-27 A\"B close=3\n"},
      {"date,symbol,close,name\n2025-01-27,A,1,\"two\r\nlines, and \"\"more\"\"\n\"\n2025-01-27,B,2,\"\"\n",
       "0:2 2025-01-27 A close=1\n0:5 2025-01-27 B close=2\n"},
      {"date,symbol,close,volume\n2025-01-27,A,,0\n2025-01-27,B,NA,\n2025-01-27,C,NaN,.\n2025-01-27,D,null,\"\"\n2025-01-27,E,1,\n",
       "0:2 2025-01-27 A volume=0\n0:3 2025-01-27 B\n0:4 2025-01-27 C\n0:5 2025-01-27 D\n0:6 2025-01-27 E close=1\n"},
      {"date,symbol,close\n2025-01-27,\xC3\x86T,1e2\n", "0:2 2025-01-27 \xC3\x86T close=100\n"},
      {"Date,NVDA,AMD (USD)\n2025-01-27,118.42,\n2025-01-28,128.99,114.17\n",
       "0:2 2025-01-27 NVDA close=118.42\n0:2 2025-01-27 AMD\n0:3 2025-01-28 NVDA close=128.99\n0:3 2025-01-28 AMD close=114.17\n"},
      /* Lowe's and Opendoor are securities, not columns, beside another symbol. */
      {"date,LOW,OPEN,HD\n2025-01-27,1,2,3\n",
       "0:2 2025-01-27 LOW close=1\n0:2 2025-01-27 OPEN close=2\n0:2 2025-01-27 HD close=3\n"},
      {"date,symbol,close\n", ""},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(forms); i++) {
    reading r;
    reading_init(&r);
    g_assert_true(read_text(&r, forms[i].text));
    g_assert_no_error(r.error);
    check_dump(&r.prices, forms[i].rows);
    reading_clear(&r);
  }
}

static void test_wide_is_long(void) {
  reading wide, tall;
  reading_init(&wide);
  reading_init(&tall);
  g_assert_true(read_text(&wide, "date,A,B,C\n2025-01-27,1,.,3\n2025-01-28,4,5,6\n"));
  g_assert_true(read_text(&tall, "close,symbol,date\n1,A,2025-01-27\n.,B,2025-01-27\n3,C,2025-01-27\n"
                                 "4,A,2025-01-28\n5,B,2025-01-28\n6,C,2025-01-28\n"));
  for (size_t i = 0; i < 6; i++) tall.prices.line[i] = i < 3 ? 2 : 3;
  g_autofree char *text = dump(&tall.prices);
  check_dump(&wide.prices, text);
  reading_clear(&wide);
  reading_clear(&tall);
}

/* ---- the plain reading ---- */

static bool plain_number(const char *text, enum aft_price_column k, double *value) {
  *value = (double)NAN;
  bool is_missing = *text == '\0' || strcmp(text, ".") == 0 || g_ascii_strcasecmp(text, "na") == 0 ||
                    g_ascii_strcasecmp(text, "nan") == 0 || g_ascii_strcasecmp(text, "null") == 0;
  if (is_missing) return true;
  if (!aft_number_parse(text, strlen(text), value)) return false;
  return k == AFT_PRICE_VOLUME ? *value >= 0 : *value > 0;
}

/* Long files with lower-case names only, as the generator below writes them; the rows in the words of dump, or NULL. */
static char *read_plainly(const char *bytes, size_t size) {
  g_autoptr(aft_csv) csv = aft_csv_open_bytes("plain", bytes, size, NULL);
  g_autoptr(GString) out = g_string_new(NULL);
  g_autoptr(GError) error = NULL;
  const char *const *fields;
  if (csv == NULL) return NULL;
  int date = aft_csv_find(csv, "date"), symbol = aft_csv_find(csv, "symbol");
  bool has_price = false;
  while (aft_csv_next(csv, &fields, &error)) {
    aft_day day;
    char text[AFT_DAY_TEXT];
    double value[AFT_PRICE_N_COLUMNS];
    size_t length = strlen(fields[symbol]);
    if (!aft_day_parse(fields[date], strlen(fields[date]), &day) || length < 1 || length > 64) return NULL;
    if (strchr(fields[symbol], '\n') != NULL) return NULL;
    g_string_append_printf(out, "0:%ld %s %s", aft_csv_line(csv), aft_day_print(day, text), fields[symbol]);
    for (int k = 0; k < AFT_PRICE_RETURN; k++) {
      int column = aft_csv_find(csv, column_names[k]);
      value[k] = (double)NAN;
      if (column >= 0 && !plain_number(fields[column], (enum aft_price_column)k, &value[k])) return NULL;
      if (isnan(value[k])) continue;
      g_string_append_printf(out, " %s=", column_names[k]);
      aft_number_append(out, value[k]);
    }
    if (value[AFT_PRICE_LOW] > value[AFT_PRICE_HIGH]) return NULL;
    has_price = has_price || !isnan(value[AFT_PRICE_CLOSE]) || !isnan(value[AFT_PRICE_ADJ_CLOSE]);
    g_string_append_c(out, '\n');
  }
  if (error != NULL || (out->len > 0 && !has_price)) return NULL;
  return g_string_free(g_steal_pointer(&out), FALSE);
}

static void append_field(GString *out, GRand *random, const char *text, bool is_bare) {
  bool is_plain = strpbrk(text, ",\"\r\n") == NULL;
  if (is_plain && is_bare) {
    g_string_append(out, text);
    return;
  }
  if (is_plain && g_rand_int_range(random, 0, 4) > 0) {
    g_string_append_printf(out, "%s%s%s", g_rand_int_range(random, 0, 6) == 0 ? " " : "", text,
                           g_rand_int_range(random, 0, 6) == 0 ? " \t" : "");
    return;
  }
  g_auto(GStrv) parts = g_strsplit(text, "\"", -1);
  g_autofree char *doubled = g_strjoinv("\"\"", parts);
  g_string_append_printf(out, "\"%s\"", doubled);
}

/* A field of column k: most are right, some are missing, and few are wrong, so that whole files are right as often as not. */
static char *make_field(GRand *random, int k, bool is_bare) {
  static const char *const symbols[] = {"NVDA",     "AMD",       "A\"B",   "BRK,B", "\xC3\x86T", "ABCDEFG",
                                        "ABCDEFGH", "ABCDEFGHI", "ABCDEF", "X",     "NVDAX"};
  static const char *const odd[] = {"", "NA", "null", ".", "nan", "1e2", "+3.25", "0.1e1", "12345678901234567890.5"};
  static const char *const wrong[] = {"-1", "1,5",        "0x1",  "inf",  "2025-02-30", "1 2",
                                      "",   "two\nlines", "\xFF", "0.00", "2025-01-00"};
  if (g_rand_int_range(random, 0, 300) == 0) return g_strdup(wrong[g_rand_int_range(random, 0, G_N_ELEMENTS(wrong))]);
  if (k == -2) { /* of many years, so that months must share the places in which the scanner keeps them */
    int year = g_rand_boolean(random) ? 2025 : g_rand_int_range(random, 1900, 2100);
    int month = g_rand_int_range(random, 1, 13);
    int day = g_rand_int_range(random, 1, g_rand_int_range(random, 0, 300) > 0 ? 29 : 33);
    return g_rand_int_range(random, 0, 8) > 0 ? g_strdup_printf("%d-%02d-%02d", year, month, day)
                                              : g_strdup_printf("%d%02d%02d", year, month, day);
  }
  if (k == -1 && g_rand_int_range(random, 0, 3) > 0) return g_strdup(symbols[g_rand_int_range(random, 0, 2) * 6]);
  if (k == -1) return g_strdup(symbols[g_rand_int_range(random, 0, G_N_ELEMENTS(symbols))]);
  if (is_bare && g_rand_int_range(random, 0, 8) > 0) { /* as most files are */
    if (k == -3) return g_strdup("a note");
    double middle = k == AFT_PRICE_HIGH ? 150 : k == AFT_PRICE_LOW ? 25 : 75;
    if (k == AFT_PRICE_VOLUME) return g_strdup_printf("%d", g_rand_int_range(random, 0, 99999999));
    return g_strdup_printf("%.*f", g_rand_int_range(random, 0, 7), middle + g_rand_double_range(random, -20, 20));
  }
  if (k == -3) return g_strdup(g_rand_boolean(random) ? "a \"note\",\r\nof two lines" : "note");
  if (g_rand_int_range(random, 0, 5) == 0)
    return g_strdup(odd[g_rand_int_range(random, 0, 5 + (k == AFT_PRICE_CLOSE) * 4)]);
  double low = k == AFT_PRICE_HIGH ? 100 : k == AFT_PRICE_LOW ? 1 : 50;
  return g_strdup_printf("%.*f", g_rand_int_range(random, 0, 9), low + g_rand_double_range(random, 0, 49));
}

/* A long file of random shape: columns of a random order, random line ends, blank lines, quotes; every other one mostly bare. */
static GString *make_file(GRand *random) {
  int order[] = {-3, -2, -1, 0, 1, 2, 3, 4, 5}, n = G_N_ELEMENTS(order);
  static const char *const names[] = {"note", "date", "symbol"};
  bool is_bare = g_rand_boolean(random);
  GString *out = g_string_new(g_rand_boolean(random) ? "\xEF\xBB\xBF# comment\n\n" : "");
  for (int i = n - 1; i > 0; i--) {
    int j = g_rand_int_range(random, 0, i + 1), kept = order[i];
    order[i] = order[j];
    order[j] = kept;
  }
  int n_rows = g_rand_int_range(random, 0, 30);
  for (int row = -1; row < n_rows; row++) {
    for (int i = 0; i < n; i++) {
      g_autofree char *field = row < 0 ? g_strdup(order[i] < 0 ? names[order[i] + 3] : column_names[order[i]])
                                       : make_field(random, order[i], is_bare);
      if (i > 0) g_string_append_c(out, ',');
      append_field(out, random, field, is_bare && g_rand_int_range(random, 0, 100) > 0);
    }
    if (g_rand_int_range(random, 0, 900) == 0) g_string_append(out, ",extra");
    if (row + 1 < n_rows || g_rand_boolean(random)) g_string_append(out, g_rand_boolean(random) ? "\n" : "\r\n");
    if (g_rand_int_range(random, 0, 10) == 0 && out->str[out->len - 1] == '\n') g_string_append(out, " \r\n\n");
  }
  return out;
}

/* Blocks of any size, scanned by any number of threads, leave the same rows, warnings and error, and the plain reading of the bytes agrees. */
static void test_plain_reading(void) {
  static const struct {
    size_t block;
    unsigned n_threads;
  } ways[] = {{1 << 20, 1}, {1, 1}, {7, 1}, {64, 1}, {64, 2}, {200, 7}};
  g_autoptr(GRand) random = g_rand_new_with_seed(118);
  int n_good = 0, n_bad = 0;
  for (int i = 0; i < 3000; i++) {
    g_autoptr(GString) file = make_file(random);
    g_autofree char *expected = read_plainly(file->str, file->len);
    g_autofree char *message = NULL;
    for (size_t w = 0; w < G_N_ELEMENTS(ways); w++) {
      if (ways[w].n_threads > 1 && i % 5 != 0) continue; /* threads are slow to start */
      price_source source = {.path = "prices.csv",
                             .bytes = file->str,
                             .n_bytes = file->len,
                             .block_bytes = ways[w].block,
                             .n_threads = ways[w].n_threads};
      reading r;
      reading_init(&r);
      bool ok = read_source(&r, &source, PRICE_CONTENT_PRICES, false);
      if (ok != (expected != NULL)) g_error("%s: %s", ok ? "accepted" : r.error->message, file->str);
      check_dump(&r.prices, ok ? expected : "");
      if (w > 0 && !ok) g_assert_cmpstr(r.error->message, ==, message);
      if (w == 0 && !ok) message = g_strdup(r.error->message);
      reading_clear(&r);
    }
    *(expected != NULL ? &n_good : &n_bad) += 1;
  }
  /* Both kinds must be there for the comparison to mean anything. */
  g_assert_cmpint(n_good, >, 500);
  g_assert_cmpint(n_bad, >, 500);
}

/* ---- threads ---- */

/* Rows of returns, each field in quotes or none: the ways through the scanner differ, what comes out does not. */
static GString *make_returns(GRand *random, size_t n_rows, bool is_quoted) {
  const char *q = is_quoted ? "\"" : "";
  GString *out = g_string_new("symbol,date,ret\n");
  for (size_t i = 0; i < n_rows; i++) {
    g_autofree char *value =
        i % 17 == 0   ? g_strdup("")
        : i % 19 == 0 ? g_strdup("C")
                      : g_strdup_printf("%.*f", g_rand_int_range(random, 0, 9), g_rand_double_range(random, -0.9, 3));
    g_string_append_printf(out, "%sS%d%s,%s20%02d-%02d-%02d%s,%s%s%s%s\n", q, g_rand_int_range(random, 0, 40), q, q,
                           g_rand_int_range(random, 0, 30), g_rand_int_range(random, 1, 13),
                           g_rand_int_range(random, 1, 29), q, q, value, q, i % 5 == 0 ? "\r" : "");
  }
  return out;
}

static void check_same(const reading *a, const reading *b) {
  g_autofree char *x = dump(&a->prices), *y = dump(&b->prices);
  g_assert_cmpstr(x, ==, y);
  g_assert_cmpuint(a->warnings.messages->len, ==, b->warnings.messages->len);
  for (guint i = 0; i < a->warnings.messages->len; i++)
    g_assert_cmpstr(g_ptr_array_index(a->warnings.messages, i), ==, g_ptr_array_index(b->warnings.messages, i));
}

static void test_returns_ways(void) {
  g_autoptr(GRand) first = g_rand_new_with_seed(5), second = g_rand_new_with_seed(5);
  g_autoptr(GString) bare = make_returns(first, 3000, false), quoted = make_returns(second, 3000, true);
  reading one;
  reading_init(&one);
  g_assert_true(read_bytes(&one, "r.csv", bare->str, bare->len, 1 << 20, PRICE_CONTENT_RETURNS, false));
  g_assert_cmpuint(one.prices.n_rows, ==, 3000);
  g_assert_cmpuint(one.warnings.messages->len, ==, 2); /* letters, and what looks like percent */
  for (unsigned n_threads = 1; n_threads <= 7; n_threads += 3) {
    const GString *texts[] = {bare, quoted};
    for (size_t i = 0; i < 2; i++) {
      price_source source = {.path = "r.csv",
                             .bytes = texts[i]->str,
                             .n_bytes = texts[i]->len,
                             .block_bytes = 1000,
                             .n_threads = n_threads};
      reading r;
      reading_init(&r);
      g_assert_true(read_source(&r, &source, PRICE_CONTENT_RETURNS, false));
      check_same(&one, &r);
      reading_clear(&r);
    }
  }
  reading_clear(&one);
}

/* Of two bad lines, far apart, the first is named, whoever meets which first; a quote that is never closed is told with its line. */
static void test_first_error(void) {
  static const struct {
    const char *early, *late, *message;
  } cases[] = {
      {"2025-01-27,A,-5\n", "2025-02-30,A,1\n", "p.csv:202: close -5 is not positive"},
      {"2025-01-27,A,\"1\n", "2025-02-30,A,1\n", "p.csv:202: a quoted field is never closed"},
      {"2025-01-27,A,\xFF\n", "2025-01-27,A,-5\n", "p.csv:202: a byte that is not UTF-8"},
      {"2025-01-27,\"A\nB\",1\n", "2025-02-30,A,1\n", "p.csv:202: symbol holds a control character"},
      {"2025-01-27,A,\"\n\n5\"\n", "2025-02-30,A,1\n", "p.csv:202: close \"??5\" is not a number"},
      {"\n\n2025-01-27,A,\"5\"\r\n", "2025-02-30,A,1\n", "p.csv:505: date \"2025-02-30\" is not a date"},
  };
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++)
    for (unsigned n_threads = 1; n_threads <= 7; n_threads += 3) {
      g_autoptr(GString) file = g_string_new("date,symbol,close\n");
      reading r;
      for (int i = 0; i < 200; i++) g_string_append(file, "2025-01-27,A,1\n");
      g_string_append(file, cases[c].early);
      for (int i = 0; i < 300; i++) g_string_append(file, "2025-01-27,A,1\n");
      g_string_append(file, cases[c].late);
      price_source source = {
          .path = "p.csv", .bytes = file->str, .n_bytes = file->len, .block_bytes = 300, .n_threads = n_threads};
      reading_init(&r);
      g_assert_false(read_source(&r, &source, PRICE_CONTENT_PRICES, false));
      if (!g_str_has_prefix(r.error->message, cases[c].message)) g_error("%s", r.error->message);
      g_assert_cmpuint(r.prices.n_rows + r.prices.files->len + r.prices.symbols.names->len, ==, 0);
      reading_clear(&r);
    }
}

/* ---- several files ---- */

static void test_files(void) {
  reading r;
  reading_init(&r);
  g_assert_true(read_text(&r, "date,symbol,close\n2025-01-27,A,1\n2025-01-27,B,2\n"));
  g_assert_true(r.prices.column[AFT_PRICE_VOLUME] == NULL);
  g_assert_true(read_text(&r, "date,symbol,adj_close,volume\n2025-01-28,C,3,4\n2025-01-28,A,5,6\n"));
  g_assert_true(read_text(&r, "date,B,D\n2025-01-29,7,8\n"));
  check_dump(&r.prices, "0:2 2025-01-27 A close=1\n0:3 2025-01-27 B close=2\n1:2 2025-01-28 C adj_close=3 volume=4\n"
                        "1:3 2025-01-28 A adj_close=5 volume=6\n2:2 2025-01-29 B close=7\n2:2 2025-01-29 D close=8\n");
  g_assert_cmpuint(r.prices.files->len, ==, 3);
  g_assert_cmpuint(r.prices.symbols.names->len, ==, 4);
  g_assert_true(r.prices.column[AFT_PRICE_OPEN] == NULL);

  /* A file that fails on its last line leaves rows, files, symbols and columns as they were. */
  g_autofree char *before = dump(&r.prices);
  g_assert_false(read_text(&r, "date,symbol,close,open\n2025-01-30,E,9,9\n2025-01-30,F,-9,9\n"));
  g_clear_error(&r.error);
  g_assert_false(read_text(&r, "date,A,E,F\n2025-01-30,9,9\n"));
  g_clear_error(&r.error);
  check_dump(&r.prices, before);
  g_assert_cmpuint(r.prices.files->len, ==, 3);
  g_assert_cmpuint(r.prices.symbols.names->len, ==, 4);
  g_assert_cmpuint(g_hash_table_size(r.prices.symbols.index), ==, 4);
  g_assert_cmpuint(aft_symbols_find(&r.prices.symbols, "E"), ==, AFT_SYMBOL_NONE);
  g_assert_true(r.prices.column[AFT_PRICE_OPEN] == NULL);
  g_assert_cmpuint(r.warnings.messages->len, ==, 0);
  g_assert_true(read_text(&r, "date,symbol,close\n2025-01-30,E,9\n"));
  g_assert_cmpstr(aft_symbols_name(&r.prices.symbols, r.prices.symbol[6]), ==, "E");
  reading_clear(&r);
}

/* A file by its path, standard input through a pipe, and what is not a file. */
static void test_sources(void) {
  static const char text[] = "date,symbol,close\n2025-01-27,A,1\n";
  char *dir = support_temp_dir();
  g_autofree char *path = support_write(dir, "p.csv", text), *absent = g_build_filename(dir, "none.csv", NULL);
  g_autofree char *folder_message = g_strdup_printf("%s: is a folder, not a file", dir);
  g_autofree char *absent_message = g_strdup_printf("%s: cannot be read: No such file or directory", absent);
  int ends[2], kept = dup(STDIN_FILENO);
  reading r;
  reading_init(&r);
  g_assert_true(aft_prices_read_csv(&r.prices, path, &r.warnings, &r.error));
  g_assert_cmpint(pipe(ends), ==, 0);
  g_assert_cmpint(write(ends[1], text, sizeof text - 1), ==, sizeof text - 1);
  close(ends[1]);
  g_assert_cmpint(dup2(ends[0], STDIN_FILENO), ==, STDIN_FILENO);
  g_assert_true(aft_prices_read_csv(&r.prices, "-", &r.warnings, &r.error));
  if (kept >= 0) dup2(kept, STDIN_FILENO);
  close(ends[0]);
  close(kept);
  check_dump(&r.prices, "0:2 2025-01-27 A close=1\n1:2 2025-01-27 A close=1\n");
  g_assert_cmpstr(g_ptr_array_index(r.prices.files, 0), ==, path);
  g_assert_cmpstr(g_ptr_array_index(r.prices.files, 1), ==, "-");
  g_assert_false(aft_prices_read_csv(&r.prices, dir, &r.warnings, &r.error));
  assert_error(&r.error, folder_message);
  g_assert_false(aft_prices_read_csv(&r.prices, absent, &r.warnings, &r.error));
  assert_error(&r.error, absent_message);
  reading_clear(&r);
  support_remove(dir);
}

/* The bytes as gzip, appended. */
static void append_packed(GByteArray *out, const char *text, size_t size) {
  z_stream stream = {.zalloc = NULL};
  guint8 packed[8192];
  g_assert_cmpint(deflateInit2(&stream, 6, Z_DEFLATED, MAX_WBITS + 16, 8, Z_DEFAULT_STRATEGY), ==, Z_OK);
  stream.next_in = (Bytef *)(guintptr)text;
  stream.avail_in = (uInt)size;
  int state;
  do {
    stream.next_out = packed;
    stream.avail_out = sizeof packed;
    state = deflate(&stream, Z_FINISH);
    g_byte_array_append(out, packed, (guint)(sizeof packed - stream.avail_out));
  } while (state == Z_OK);
  g_assert_cmpint(state, ==, Z_STREAM_END);
  deflateEnd(&stream);
}

static bool read_path(reading *r, const char *path, char **sha256) {
  aft_price_reading how = {.n_threads = 2};
  bool ok = aft_prices_read(&r->prices, path, &how, &r->warnings, &r->error);
  *sha256 = how.sha256;
  return ok;
}

/* Text, and the same in one gzip member and in two, under any name: the same rows; the digest is of the file as it stands. */
static void test_packed(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "p.csv", NULL),
                  *early = g_strdup_printf("%s: the gzip data end too early (copy or fetch the file again)", path);
  g_autofree char *damaged = g_strdup_printf("%s: the gzip data are damaged (copy or fetch the file again)", path);
  g_autoptr(GRand) random = g_rand_new_with_seed(9);
  g_autoptr(GString) text = g_string_new("date,symbol,close\n");
  for (int i = 0; i < 30000; i++)
    g_string_append_printf(text, "2025-01-%02d,S%d,%.3f\n", 1 + i % 28, i % 97, g_rand_double_range(random, 1, 900));
  reading plain;
  reading_init(&plain);
  g_assert_true(read_bytes(&plain, path, text->str, text->len, 1 << 20, PRICE_CONTENT_PRICES, false));
  for (int members = 1; members <= 2; members++) {
    g_autoptr(GByteArray) packed = g_byte_array_new();
    size_t cut = members == 1 ? text->len : 100001;
    append_packed(packed, text->str, cut);
    if (members == 2) append_packed(packed, text->str + cut, text->len - cut);
    g_assert_true(g_file_set_contents(path, (const char *)packed->data, packed->len, NULL));
    reading r;
    char *sha256;
    reading_init(&r);
    g_assert_true(read_path(&r, path, &sha256));
    g_autofree char *expected = g_compute_checksum_for_data(G_CHECKSUM_SHA256, packed->data, packed->len);
    g_assert_cmpstr(sha256, ==, expected);
    g_free(sha256);
    check_same(&plain, &r);
    reading_clear(&r);
    /* Cut anywhere, it ends too early; a changed byte of the check sum, or bytes behind the end, are damage. */
    for (int k = 0; k < 20; k++) {
      gsize length = k == 0 ? 3 : k == 1 ? packed->len - 1 : (gsize)g_rand_int_range(random, 20, (int)packed->len);
      g_assert_true(g_file_set_contents(path, (const char *)packed->data, (gssize)length, NULL));
      reading_init(&r);
      g_assert_false(read_path(&r, path, &sha256));
      g_assert_cmpstr(r.error->message, ==, early);
      g_assert_cmpuint(r.prices.n_rows + r.prices.files->len, ==, 0);
      reading_clear(&r);
    }
    packed->data[packed->len - 5] ^= 1;
    g_assert_true(g_file_set_contents(path, (const char *)packed->data, packed->len, NULL));
    reading_init(&r);
    g_assert_false(read_path(&r, path, &sha256));
    assert_error(&r.error, damaged);
    packed->data[packed->len - 5] ^= 1;
    g_byte_array_append(packed, (const guint8 *)"trailing", 8);
    g_assert_true(g_file_set_contents(path, (const char *)packed->data, packed->len, NULL));
    g_assert_false(read_path(&r, path, &sha256));
    assert_error(&r.error, damaged);
    reading_clear(&r);
  }
  reading_clear(&plain);
  support_remove(dir);
}

/* 64 MiB without a line end from some 64 KiB: refused at the first MiB. */
static void test_bomb(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = g_build_filename(dir, "bomb.csv", NULL);
  g_autofree char *nothing = g_malloc0(64 << 20);
  g_autoptr(GByteArray) packed = g_byte_array_new();
  g_autofree char *message =
      g_strdup_printf("%s:2: a line longer than 1 MiB, or a quoted field that is never closed", path);
  reading r;
  char *sha256;
  memcpy(nothing, "date,symbol,close\n", 18);
  append_packed(packed, nothing, 64 << 20);
  g_assert_true(g_file_set_contents(path, (const char *)packed->data, packed->len, NULL));
  reading_init(&r);
  g_assert_false(read_path(&r, path, &sha256));
  assert_error(&r.error, message);
  reading_clear(&r);
  support_remove(dir);
}

/* A thousand symbols in changing order: the guesses never give a wrong one. */
static void test_symbols(void) {
  g_autoptr(GRand) random = g_rand_new_with_seed(42);
  g_autoptr(GString) file = g_string_new("date,symbol,close\n");
  g_autoptr(GArray) expected = g_array_new(FALSE, FALSE, sizeof(int));
  for (int i = 0; i < 20000; i++) {
    /* In turn, the same twice, and anything: the three ways in which the scanner finds a symbol. */
    int k = i % 3 == 0            ? i % 1000
            : i % 7 == 0 && i > 0 ? g_array_index(expected, int, i - 1)
                                  : g_rand_int_range(random, 0, 1000);
    g_array_append_val(expected, k);
    g_string_append_printf(file, "2025-01-27,S%d,%d\n", k, k + 1);
  }
  reading r;
  reading_init(&r);
  g_assert_true(read_bytes(&r, "prices.csv", file->str, file->len, 1000, PRICE_CONTENT_PRICES, false));
  g_assert_cmpuint(r.prices.n_rows, ==, 20000);
  for (guint i = 0; i < 20000; i++) {
    char name[16];
    int k = g_array_index(expected, int, i);
    g_snprintf(name, sizeof name, "S%d", k);
    g_assert_cmpstr(aft_symbols_name(&r.prices.symbols, r.prices.symbol[i]), ==, name);
    g_assert_cmpfloat(r.prices.column[AFT_PRICE_CLOSE][i], ==, k + 1);
    g_assert_cmpuint(r.prices.line[i], ==, i + 2);
  }
  reading_clear(&r);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/prices/decimals", test_decimals);
  g_test_add_func("/prices/decimal-texts", test_decimal_texts);
  g_test_add_func("/prices/forms", test_forms);
  g_test_add_func("/prices/wide-is-long", test_wide_is_long);
  g_test_add_func("/prices/plain-reading", test_plain_reading);
  g_test_add_func("/prices/symbols", test_symbols);
  g_test_add_func("/prices/files", test_files);
  g_test_add_func("/prices/sources", test_sources);
  g_test_add_func("/prices/packed", test_packed);
  g_test_add_func("/prices/bomb", test_bomb);
  g_test_add_func("/prices/returns-ways", test_returns_ways);
  g_test_add_func("/prices/first-error", test_first_error);
  return g_test_run();
}
