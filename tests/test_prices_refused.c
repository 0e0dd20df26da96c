/* input/prices: every message about a price or return file, the warnings and the limits. */
#include "support/support.h"

#include "input/price_reader.h"

#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define LONG_HEADER "date,symbol,close\n"
#define FULL_HEADER "date,symbol,open,high,low,close,adj_close,volume\n"

enum kind { KIND_PRICES, KIND_RETURNS, KIND_LOG_RETURNS };

static bool read_bytes(aft_prices *prices, enum kind kind, const char *bytes, size_t size, aft_warnings *warnings,
                       GError **error) {
  price_source source = {.path = kind == KIND_PRICES ? "prices.csv" : "returns.csv",
                         .bytes = bytes,
                         .n_bytes = size,
                         .block_bytes = PRICE_BLOCK_BYTES};
  aft_price_reading reading = {.is_returns = kind != KIND_PRICES, .is_log = kind == KIND_LOG_RETURNS};
  return prices_read_source(prices, &source, &reading, warnings, error);
}

/* The file is refused with this message and leaves nothing behind. */
static void check_refused(enum kind kind, const char *bytes, size_t size, int code, const char *message) {
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  aft_prices_init(&prices);
  aft_warnings_init(&warnings);
  if (read_bytes(&prices, kind, bytes, size, &warnings, &error)) g_error("accepted, not \"%s\"", message);
  g_assert_true(g_error_matches(error, AFT_INPUT_ERROR, code));
  assert_error(&error, message);
  g_assert_cmpuint(prices.n_rows, ==, 0);
  g_assert_cmpuint(prices.files->len, ==, 0);
  g_assert_cmpuint(prices.symbols.names->len, ==, 0);
  g_assert_cmpuint(warnings.messages->len, ==, 0);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) g_assert_true(prices.column[k] == NULL);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
}

typedef struct refusal {
  const char *text, *message;
} refusal;

static void check_refusals(enum kind kind, int code, const refusal *list, size_t n) {
  for (size_t i = 0; i < n; i++) check_refused(kind, list[i].text, strlen(list[i].text), code, list[i].message);
}

static void test_values(void) {
  static const refusal list[] = {
      {LONG_HEADER "2025-01-27,A,\"12,5\"\n", "prices.csv:2: close \"12,5\" is not a number (use a point)"},
      {LONG_HEADER "2025-01-27,A,\"1,234.5\"\n",
       "prices.csv:2: close \"1,234.5\" is not a number (remove the thousands separator)"},
      {LONG_HEADER "2025-01-27,A,\"1,234,567\"\n",
       "prices.csv:2: close \"1,234,567\" is not a number (remove the thousands separator)"},
      {LONG_HEADER "2025-01-27,A,\"1,234\"\n",
       "prices.csv:2: close \"1,234\" is not a number (use a point for decimals and no thousands separator)"},
      {LONG_HEADER "2025-01-27,A,inf\n", "prices.csv:2: close \"inf\" is not a number"},
      {LONG_HEADER "2025-01-27,A,1e999\n", "prices.csv:2: close \"1e999\" is not a number"},
      {LONG_HEADER "2025-01-27,A,0x10\n", "prices.csv:2: close \"0x10\" is not a number"},
      {LONG_HEADER "2025-01-27,A,B\n", "prices.csv:2: close \"B\" is not a number"},
      {LONG_HEADER "2025-01-27,A,\" 1\"\n", "prices.csv:2: close \" 1\" is not a number"},
      {LONG_HEADER "2025-01-27,A,\"\x1B[2J\n\"\n", "prices.csv:2: close \"?[2J?\" is not a number"},
      {LONG_HEADER "2025-01-27,A,1\n\n2025-01-27,A,0\n",
       "prices.csv:4: close 0 is not positive (a missing price is an empty field)"},
      {LONG_HEADER "2025-01-27,A,-3\n",
       "prices.csv:2: close -3 is not positive (a missing price is an empty field; CRSP's minus marks "
       "the mean of bid and ask: drop the sign to use it)"},
      {FULL_HEADER "2025-01-27,A,0,,,1,,\n",
       "prices.csv:2: open 0 is not positive (a missing price is an empty field)"},
      {FULL_HEADER "2025-01-27,A,,,,1,1,-5\n", "prices.csv:2: volume -5 is negative"},
      {FULL_HEADER "2025-01-27,A,11,11,12,11,11,5\n", "prices.csv:2: low 12 is above high 11"},
      {LONG_HEADER "01/27/2025,A,1\n", "prices.csv:2: date \"01/27/2025\" is not a date (write YYYY-MM-DD)"},
      {LONG_HEADER "2025-02-29,A,1\n", "prices.csv:2: date \"2025-02-29\" is not a date (write YYYY-MM-DD)"},
      {LONG_HEADER ",A,1\n", "prices.csv:2: date \"\" is not a date (write YYYY-MM-DD)"},
      {LONG_HEADER "2025-01-27,,1\n", "prices.csv:2: symbol is empty"},
      {LONG_HEADER "2025-01-27,\"A\nB\",1\n", "prices.csv:2: symbol holds a control character"},
      {LONG_HEADER "2025-01-27,A,1\n2025-01-27,\"A\"B,1\n",
       "prices.csv:3: text after a closing quote (double the quotes inside a field)"},
      {LONG_HEADER "2025-01-27,\"A,1\n2025-01-27,B,1\n",
       "prices.csv:2: a quoted field is never closed (add the closing \")"},
      {LONG_HEADER "2025-01-27,A,1\n2025-01-27,\xFF,1\n",
       "prices.csv:3: a byte that is not UTF-8 (save the file as UTF-8)"},
      {"\xEF\xBB\xBF" LONG_HEADER "2025-01-27,A,1\n2025-01-27,\"\n\xC3\",1\n",
       "prices.csv:4: a byte that is not UTF-8 (save the file as UTF-8)"},
      {"date,A,B\n2025-01-27,1,x\n",
       "prices.csv:2: B \"x\" is not a number (without a column \"symbol\" or \"close\" each column is read "
       "as the closes of one symbol)"},
      {"date,A,B\n2025-01-27,1,-2\n",
       "prices.csv:2: B -2 is not positive (a missing price is an empty field; CRSP's minus marks the mean "
       "of bid and ask: drop the sign to use it)"},
  };
  check_refusals(KIND_PRICES, AFT_INPUT_ERROR_VALUE, list, G_N_ELEMENTS(list));
  static const char nul[] = LONG_HEADER "2025-01-27,A,1\n2025-01-27,\0,1\n";
  check_refused(KIND_PRICES, nul, sizeof nul - 1, AFT_INPUT_ERROR_VALUE,
                "prices.csv:3: a NUL byte (this is not a text file; save it as CSV in UTF-8)");
}

static void test_columns(void) {
  static const refusal list[] = {
      {"", "prices.csv:1: the file is empty (a header line is needed)"},
      {"# only\n\n", "prices.csv:3: the file is empty (a header line is needed)"},
      {"date,ticker,close\n", "prices.csv:1: no column \"symbol\"; found: date, ticker, close (rename \"ticker\")"},
      {"PERMNO,date,PRC\n", "prices.csv:1: no column \"symbol\"; found: PERMNO, date, PRC (rename \"PERMNO\")"},
      {"date,symbl,close\n", "prices.csv:1: no column \"symbol\"; found: date, symbl, close (rename \"symbl\")"},
      {"date,close\n", "prices.csv:1: no column \"symbol\"; found: date, close (add a column \"symbol\")"},
      {"date,price\n", "prices.csv:1: no column \"symbol\"; found: date, price (add a column \"symbol\")"},
      {"caldt,symbol,close\n", "prices.csv:1: no column \"date\"; found: caldt, symbol, close (rename \"caldt\")"},
      {"NVDA,AMD\n", "prices.csv:1: no column \"date\"; found: NVDA, AMD (add a column \"date\")"},
      {"date,symbol,prc\n",
       "prices.csv:1: no column \"close\" or \"adj_close\"; found: date, symbol, prc (rename \"prc\")"},
      /* spelt right and empty, beside the prices that are spelt wrong */
      {"date,symbol,closee,adj_close\n2025-01-27,A,1,\n2025-01-28,A,2,NA\n",
       "prices.csv:1: no row has a price: \"adj_close\" is empty; found: date, symbol, closee, adj_close (rename "
       "\"closee\")"},
      {"date,symbol,adjusted_close,close,adj_close\n2025-01-27,A,1,,\n",
       "prices.csv:1: no row has a price: \"close\" and \"adj_close\" are empty; found: date, symbol, adjusted_close, "
       "close, adj_close (rename \"adjusted_close\")"},
      {"# c\ndate,symbol,close,volume\n2025-01-27,A,,5\n",
       "prices.csv:2: no row has a price: \"close\" is empty; found: date, symbol, close, volume (fill in closes, or "
       "leave the file out)"},
      {"date,NVDA,AMD\n2025-01-27,,.\n", "prices.csv:1: no row has a price (fill in closes, or leave the file out)"},
      {"date,symbol,open\n",
       "prices.csv:1: no column \"close\" or \"adj_close\"; found: date, symbol, open (add a column \"close\")"},
      {"date,symbol,ret\n",
       "prices.csv:1: no column \"close\" or \"adj_close\"; found: date, symbol, ret (name a file of returns under "
       "\"returns_files\")"},
      {"date;symbol;close\n2025-01-27;A;1\n",
       "prices.csv:1: no column \"date\"; found: date;symbol;close (separate the columns by commas)"},
      {"a,b,c,d,e,f,g,h,i,j,k,l,m\n",
       "prices.csv:1: no column \"date\"; found: a, b, c, d, e, f, g, h, i, j, k, l, ... (13 columns) (add a "
       "column \"date\")"},
      {"date,symbol,close,close\n", "prices.csv:1: column \"close\" stands twice"},
      {"# c\ndate,symbol,Close,close (USD)\n",
       "prices.csv:2: column \"close\" stands twice, as \"Close\" and \"close\" (keep one)"},
      {"date,A,B,A\n", "prices.csv:1: column \"A\" stands twice"},
      {"date,A,\n", "prices.csv:1: column 3 has no name (name it, or remove it)"},
      {"date,symbol,close\r2025-01-27,A,1\r",
       "prices.csv:1: the name of column 3 holds a control character (end the lines by LF or CRLF)"},
      {"date,symbol,close,x\n2025-01-27,A,1\n", "prices.csv:2: 3 fields where the header has 4"},
      {"date,A,B\n2025-01-27,1,2\n\n2025-01-28,1,2,3\n", "prices.csv:4: 4 fields where the header has 3"},
  };
  check_refusals(KIND_PRICES, AFT_INPUT_ERROR_COLUMN, list, G_N_ELEMENTS(list));
  static const refusal returns[] = {
      {"date,ret\n", "returns.csv:1: no column \"symbol\"; found: date, ret (add a column \"symbol\")"},
      {"date,symbol,close\n", "returns.csv:1: no column \"ret\"; found: date, symbol, close (add a column \"ret\")"},
      {"date,symbol,returns\n", "returns.csv:1: no column \"ret\"; found: date, symbol, returns (rename \"returns\")"},
      {"date,symbol,ret,return\n",
       "returns.csv:1: column \"return\" stands twice, as \"ret\" and \"return\" (keep one)"},
      {"date,symbol,ret (%)\n", "returns.csv:1: column \"ret\" is in percent (returns are fractions: divide by 100)"},
  };
  check_refusals(KIND_RETURNS, AFT_INPUT_ERROR_COLUMN, returns, G_N_ELEMENTS(returns));
}

static void test_returns(void) {
  static const refusal list[] = {
      {"date,symbol,ret\n2025-01-27,A,-0.17\n2025-01-27,B,-1.2\n",
       "returns.csv:3: ret -1.2 is below -1 (returns are fractions; a loss of 5 % is -0.05)"},
      {"date,symbol,Return\n2025-01-27,A,5%\n",
       "returns.csv:2: Return \"5%\" is not a number (write a fraction: 5 % is 0.05)"},
      {"date,symbol,ret\n2025-01-27,A,inf\n", "returns.csv:2: ret \"inf\" is not a number"},
  };
  check_refusals(KIND_RETURNS, AFT_INPUT_ERROR_VALUE, list, G_N_ELEMENTS(list));
  check_refusals(KIND_LOG_RETURNS, AFT_INPUT_ERROR_VALUE, list + 1, G_N_ELEMENTS(list) - 1);
}

/* The file is read; its warnings, joined by a line end, are these. */
static void check_warned(enum kind kind, const char *text, size_t n_rows, const char *expected) {
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  aft_prices_init(&prices);
  aft_warnings_init(&warnings);
  bool ok = read_bytes(&prices, kind, text, strlen(text), &warnings, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
  g_assert_cmpuint(prices.n_rows, ==, n_rows);
  g_ptr_array_add(warnings.messages, NULL);
  g_autofree char *joined = g_strjoinv("\n", (char **)warnings.messages->pdata);
  g_assert_cmpstr(joined, ==, expected);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
}

static void test_warnings(void) {
  check_warned(KIND_PRICES, "date,symbol,close\n2025-01-27,A,1\n", 1, "");
  check_warned(KIND_PRICES, "date,symbol,close\n", 0, "prices.csv: no rows below the header");
  check_warned(KIND_PRICES, "# c\nsector,date,symbol,ret,close\nx,2025-01-27,A,0.1,1\n", 1,
               "prices.csv:2: columns that are not read: sector, ret");
  check_warned(KIND_RETURNS, "date,symbol,ret\n2025-01-27,A,0.1\n2025-01-27,B,B\n2025-01-27,C,C\n2025-01-28,A,\n", 4,
               "returns.csv:3: 2 returns consist of a letter instead of a number, the first here, taken as missing");
  check_warned(KIND_RETURNS, "date,symbol,ret\n2025-01-27,A,C\n", 1,
               "returns.csv:2: 1 return consists of a letter instead of a number, the first here, taken as missing");
  /* One large return among three is a return; two are a file in percent. */
  check_warned(KIND_RETURNS, "date,symbol,ret\n2025-01-27,A,12\n2025-01-27,B,-0.5\n2025-01-27,C,0.02\n", 3, "");
  check_warned(
      KIND_RETURNS, "date,symbol,ret\n2025-01-27,A,1.2\n2025-01-27,B,-0.51\n2025-01-27,C,0.02\n", 3,
      "returns.csv: most returns are above 0.5 in size, as if in percent (returns are fractions: 5 % is 0.05)");
}

static void test_lower_bound(void) {
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  static const char simple[] = "date,symbol,ret\n2025-01-27,A,-1\n", log[] = "date,symbol,return\n2025-01-27,A,-1.2\n";
  aft_prices_init(&prices);
  aft_warnings_init(&warnings);
  g_assert_true(read_bytes(&prices, KIND_RETURNS, simple, sizeof simple - 1, &warnings, &error));
  g_assert_true(read_bytes(&prices, KIND_LOG_RETURNS, log, sizeof log - 1, &warnings, &error));
  g_assert_cmpfloat(prices.column[AFT_PRICE_RETURN][0], ==, -1);
  g_assert_cmpfloat(prices.column[AFT_PRICE_RETURN][1], ==, -1.2);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
}

/* ---- limits ---- */

/* A record of n_bytes without its line end, in front of a second one. */
static GString *make_record(size_t n_bytes, char fill) {
  GString *file = g_string_new("date,symbol,close,note\n");
  gsize start = file->len;
  g_string_append(file, "2025-01-27,A,1,\"");
  while (file->len - start < n_bytes - 1) g_string_append_c(file, fill);
  g_string_append(file, "\"\n2025-01-28,A,1,\n");
  return file;
}

static void test_long_records(void) {
  static const size_t blocks[] = {1000, PRICE_BLOCK_BYTES, 1 << 22};
  for (size_t b = 0; b < G_N_ELEMENTS(blocks); b++)
    for (size_t extra = 0; extra < 2; extra++)
      for (int fill = 0; fill < 2; fill++) {
        g_autoptr(GString) file = make_record(PRICE_SCAN_MAX_RECORD_BYTES + extra, fill == 0 ? 'x' : '\n');
        price_source source = {.path = "p.csv", .bytes = file->str, .n_bytes = file->len, .block_bytes = blocks[b]};
        aft_prices prices;
        aft_warnings warnings;
        GError *error = NULL;
        aft_prices_init(&prices);
        aft_warnings_init(&warnings);
        aft_price_reading reading = {.is_returns = false};
        bool ok = prices_read_source(&prices, &source, &reading, &warnings, &error);
        g_assert_true(ok == (extra == 0));
        if (!ok) assert_error(&error, "p.csv:2: a line longer than 1 MiB, or a quoted field that is never closed");
        g_assert_cmpuint(prices.n_rows, ==, ok ? 2 : 0);
        aft_prices_clear(&prices);
        aft_warnings_clear(&warnings);
      }
}

static void test_long_symbol(void) {
  g_autofree char *longest = g_strnfill(64, 'S'), *longer = g_strnfill(65, 'S');
  g_autofree char *good = g_strdup_printf(LONG_HEADER "2025-01-27,%s,1\n", longest);
  g_autofree char *bad = g_strdup_printf(LONG_HEADER "2025-01-27,%s,1\n2025-01-27,%s,1\n", longest, longer);
  g_autofree char *wide = g_strdup_printf("date,%s\n", longer);
  g_autofree char *much = g_strnfill(100000, '7');
  g_autofree char *digits = g_strdup_printf(LONG_HEADER "2025-01-27,A,%s\n", much);
  check_warned(KIND_PRICES, good, 1, "");
  check_refused(KIND_PRICES, bad, strlen(bad), AFT_INPUT_ERROR_LIMIT, "prices.csv:3: symbol is longer than 64 bytes");
  check_refused(KIND_PRICES, wide, strlen(wide), AFT_INPUT_ERROR_LIMIT,
                "prices.csv:1: a symbol in the header is longer than 64 bytes");
  check_refused(
      KIND_PRICES, digits, strlen(digits), AFT_INPUT_ERROR_VALUE,
      "prices.csv:2: close \"777777777777777777777777777777777777777777777777777777777777...\" is not a number");
}

static void test_many_files(void) {
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  aft_prices_init(&prices);
  aft_warnings_init(&warnings);
  for (int i = 0; i < 65534; i++) g_ptr_array_add(prices.files, NULL);
  g_assert_true(read_bytes(&prices, KIND_PRICES, LONG_HEADER "2025-01-27,A,1\n", 33, &warnings, &error));
  g_assert_cmpuint(prices.file[0], ==, 65534);
  g_assert_false(read_bytes(&prices, KIND_PRICES, LONG_HEADER "2025-01-27,A,1\n", 33, &warnings, &error));
  assert_error(&error, "prices.csv: more than 65535 price files (join some of them)");
  g_assert_cmpuint(prices.n_rows, ==, 1);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
}

/* Line numbers end where their type does. */
static void test_many_lines(void) {
  static const char text[6 + PRICE_SCAN_PADDING] = "a\nb\nc\n";
  price_scan scan = {.begin = NULL};
  price_scan_start(&scan, text, 6, 1);
  g_assert_cmpint(price_scan_next_header(&scan), ==, PRICE_SCAN_RECORD);
  scan.next_line = UINT32_MAX;
  g_assert_cmpint(price_scan_next(&scan), ==, PRICE_SCAN_RECORD);
  g_assert_cmpuint(scan.line, ==, UINT32_MAX);
  g_assert_cmpint(price_scan_next(&scan), ==, PRICE_SCAN_FAILED);
  g_assert_cmpuint(scan.failure.line, ==, UINT32_MAX);
  g_assert_cmpstr(scan.failure.message, ==, "more than 4294967295 lines (split the file)");
  price_scan_clear(&scan);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/prices-refused/values", test_values);
  g_test_add_func("/prices-refused/columns", test_columns);
  g_test_add_func("/prices-refused/returns", test_returns);
  g_test_add_func("/prices-refused/warnings", test_warnings);
  g_test_add_func("/prices-refused/lower-bound", test_lower_bound);
  g_test_add_func("/prices-refused/long-records", test_long_records);
  g_test_add_func("/prices-refused/long-symbol", test_long_symbol);
  g_test_add_func("/prices-refused/many-files", test_many_files);
  g_test_add_func("/prices-refused/many-lines", test_many_lines);
  return g_test_run();
}
