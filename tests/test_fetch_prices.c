/* fetch/: the numbers and days that providers of prices and factors give, and what is said beside them. */
#include "support/provider_bodies.h"
#include "support/providers.h"
#include "support/support.h"

#include "fetch/json.h"
#include "fetch/judge.h"
#include "fetch/key.h"

#include <aftershock/fetch/error.h>
#include <aftershock/input/archive.h>

#include <math.h>
#include <string.h>
#include <sys/stat.h>

#include <aftershock/base/banned.h>

/* Texts of the first `n_warnings` warnings must be these; "URL" stands for the server's address. */
static void assert_warnings(const provider_stage *stage, const aft_warnings *warnings, const char *const *expected) {
  guint n = 0;
  for (; expected[n] != NULL; n++) {
    g_assert_cmpuint(n, <, warnings->messages->len);
    g_autoptr(GString) text = g_string_new(g_ptr_array_index(warnings->messages, n));
    g_string_replace(text, loopback_url(stage->server), "URL", 0);
    g_assert_cmpstr(text->str, ==, expected[n]);
  }
  g_assert_cmpuint(n, ==, warnings->messages->len);
}

static void assert_file(enum aft_fetch_kind kind, const char *name, const char *file, const char *actions,
                        const char *const *warned) {
  provider_stage stage;
  g_auto(aft_records) records;
  aft_warnings warnings;
  GError *error = NULL;
  provider_stage_init(&stage, provider_find(kind, name));
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  g_assert_true(provider_ask(&stage, &records, &warnings, &error));
  g_assert_no_error(error);
  g_autofree char *text = provider_print(stage.which, &records, stage.settings.now);
  g_autofree char *events = aft_records_print_actions(&records);
  g_assert_cmpstr(text, ==, file);
  if (actions != NULL) g_assert_cmpstr(events, ==, actions);
  assert_warnings(&stage, &warnings, warned);
  aft_warnings_clear(&warnings);
  provider_stage_clear(&stage);
}

static void test_yahoo(void) {
  const char *warned[] = {"URL/v8/finance/chart/NVDA?period1=1717113600&period2=1738454400&interval=1d&events="
                          "div%2Csplits: the JSON is not valid (invalid token near 'NaN', line 1) and was mended",
                          NULL};
  assert_file(AFT_FETCH_PRICES, "yahoo",
              "date,symbol,open,high,low,close,adj_close,volume\n"
              "2024-06-10,NVDA,120.37,123.1,117.01,121.79,121.75,314162700\n"
              "2024-11-01,NVDA,134.7,137.31,134.57,135.4,135.37,207127800\n"
              "2024-11-04,NVDA,137.21,138.96,135.57,136.05,136.02,187528200\n"
              "2025-01-27,NVDA,124.8,128.4,116.7,118.42,118.39,818830900\n",
              "date,symbol,kind,value\n2024-11-04,NVDA,dividend,0.01\n", warned);
}

static void test_others(void) {
  const char *nothing[] = {NULL}, *filler[] = {"eodhd: rows without a trade left out: 1", NULL};
  assert_file(AFT_FETCH_PRICES, "fred",
              "date,symbol,open,high,low,close,adj_close,volume\n"
              "2025-01-17,SP500,,,,5996.66,,\n2025-01-21,SP500,,,,6049.24,,\n",
              NULL, nothing);
  assert_file(AFT_FETCH_PRICES, "tiingo",
              "date,symbol,open,high,low,close,adj_close,volume\n"
              "2024-06-10,NVDA,120.37,123.1,117.01,121.79,121.75,314162700\n"
              "2025-01-27,NVDA,124.8,128.4,116.7,118.42,118.39,818830900\n",
              "date,symbol,kind,value\n2024-06-10,NVDA,split,10\n2025-01-27,NVDA,dividend,0.01\n", nothing);
  assert_file(AFT_FETCH_PRICES, "eodhd",
              "date,symbol,open,high,low,close,adj_close,volume\n"
              "2025-01-24,AAPL.US,224.78,225.63,221.41,222.78,221.9,54697900\n",
              NULL, filler);
}

/* Percent to decimals, both codes of a missing value, both line ends, the annual table left alone. */
static void test_french(void) {
  const char *nothing[] = {NULL};
  assert_file(AFT_FETCH_FACTORS, "french",
              "date,mkt_rf,smb,hml,rf,mom\n"
              "2025-01-24,-0.0039,-0.0017,-0.0021,0.00017,0.005\n"
              "2025-01-27,-0.0177,-0.0002,0.0241,0.00017,-0.031\n"
              "2025-01-28,0.008,,,0.00017,0.01\n",
              NULL, nothing);
}

/* A case of a test's own: the body of one page and the query of another case. */
static bool ask_body(const char *name, const char *symbol, const char *path, const char *body, const char *first,
                     const char *last, aft_millis now, char **text, aft_warnings *warnings, GError **error) {
  const provider_case which = {.name = name,
                               .kind = AFT_FETCH_PRICES,
                               .symbols = {symbol},
                               .first = first,
                               .last = last,
                               .pages = {{.path = path, .good = body}}};
  provider_stage stage;
  g_auto(aft_records) records;
  provider_stage_init(&stage, &which);
  if (now != 0) stage.settings.now = now;
  aft_records_init(&records);
  bool ok = provider_ask(&stage, &records, warnings, error);
  if (ok) *text = provider_print(&which, &records, stage.settings.now);
  provider_stage_clear(&stage);
  return ok;
}

#define CHART(zone, currency, times, closes) \
  "{\"chart\":{\"result\":[{\"meta\":{\"currency\":\"" currency "\",\"exchangeTimezoneName\":\"" zone "\"}," \
  "\"timestamp\":[" times "],\"indicators\":{\"quote\":[{\"close\":[" closes "]}]}}],\"error\":null}}"

/* Midnight bars, east and west, on both sides of a change of clocks: the offset of now would put some on the day before. */
static void test_days_of_exchanges(void) {
  const struct {
    const char *body, *rows;
  } cases[] = {
      /* London midnight: 2025-03-28 00:00Z in winter time, 2025-03-31 00:00 BST = 2025-03-30 23:00Z. */
      {CHART("Europe/London", "GBp", "1743120000,1743375600", "250.5,251"),
       "2025-03-28,X.L,,,,250.5,,\n2025-03-31,X.L,,,,251,,\n"},
      /* Tokyo opens at 09:00 = 00:00Z; Auckland midnight is 11:00Z of the day before. */
      {CHART("Asia/Tokyo", "JPY", "1743120000", "100"), "2025-03-28,X.L,,,,100,,\n"},
      {CHART("Pacific/Auckland", "NZD", "1743159600", "100"), "2025-03-29,X.L,,,,100,,\n"},
      {CHART("America/New_York", "USD", "1741359600,1741615200", "1,2"), /* 10:00 EST, 10:00 EDT */
       "2025-03-07,X.L,,,,1,,\n2025-03-10,X.L,,,,2,,\n"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = NULL;
    aft_warnings warnings;
    GError *error = NULL;
    aft_warnings_init(&warnings);
    g_assert_true(ask_body("yahoo", "X.L", "/chart/X.L", cases[i].body, "2025-03-01", "2025-04-01",
                           aft_day_from_ymd(2025, 5, 1) * AFT_MILLIS_PER_DAY, &text, &warnings, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(strchr(text, '\n') + 1, ==, cases[i].rows);
    g_assert_cmpuint(warnings.messages->len, ==, i == 0 ? 1 : 0); /* pence are said */
    aft_warnings_clear(&warnings);
  }
}

/* Today's bar is left out until the evening of the exchange. */
static void test_unfinished_bar(void) {
  for (int evening = 0; evening < 2; evening++) {
    g_autofree char *text = NULL;
    aft_warnings warnings;
    GError *error = NULL;
    aft_millis noon = aft_day_from_ymd(2025, 1, 27) * AFT_MILLIS_PER_DAY + INT64_C(17) * 3600000; /* New York */
    aft_warnings_init(&warnings);
    g_assert_true(ask_body("yahoo", "NVDA", "/chart/NVDA",
                           CHART("America/New_York", "USD", "1737729000,1737988200", "142.62,120"), "2025-01-20", NULL,
                           noon + evening * INT64_C(6) * 3600000, &text, &warnings, &error));
    g_assert_cmpstr(strchr(text, '\n') + 1, ==,
                    evening ? "2025-01-24,NVDA,,,,142.62,,\n2025-01-27,NVDA,,,,120,,\n"
                            : "2025-01-24,NVDA,,,,142.62,,\n");
    g_assert_cmpuint(warnings.messages->len, ==, evening ? 0 : 1);
    aft_warnings_clear(&warnings);
  }
}

static void test_bad_answers(void) {
  const struct {
    const char *name, *path, *body, *message; /* message: end of the error */
  } cases[] = {
      {"yahoo", "/chart/", "{\"chart\":{\"result\":[]}}", ": no chart in it"},
      {"yahoo", "/chart/", CHART("Mars/Olympus", "USD", "1", "1"), ": time zone \"Mars/Olympus\" is not known"},
      {"yahoo", "/chart/", CHART("America/New_York", "USD", "1,2", "1"), ": lists of unequal length"},
      {"yahoo", "/chart/", CHART("America/New_York", "USD", "1e300", "1"), ": a time in it is none"},
      {"yahoo", "/chart/", CHART("America/New_York", "USD", "\"x\"", "1"), ": a time in it is none"},
      {"tiingo", "/daily/", "{\"a\": 1}", ": not a list of rows"},
      {"tiingo", "/daily/", "[{\"date\": \"2025-02-30\", \"close\": 1}]", ": row 1 has no date in \"date\""},
      {"fred", "/graph/", "a,b,c\n1,2,3\n", ": not two columns, date and value"},
      {"fred", "/graph/", "observation_date,X\n2025-13-01,1\n", ": line 2: \"2025-13-01\" is not a date"},
      {"fred", "/graph/", "observation_date,X\n2025-01-01,1x\n", ": line 2: \"1x\" is not a number"},
      {"fred", "/graph/", "observation_date,X\n2025-01-01,-0.5\n",
       ": line 2: -0.5 is no price: this series is not one of prices"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *text = NULL;
    aft_warnings warnings;
    g_autoptr(GError) error = NULL;
    aft_warnings_init(&warnings);
    g_assert_false(ask_body(cases[i].name, "X", cases[i].path, cases[i].body, "2025-01-01", "2025-01-31", 0, &text,
                            &warnings, &error));
    if (!g_error_matches(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER) ||
        !g_str_has_suffix(error->message, cases[i].message))
      g_error("case %zu: %s", i, error->message);
    aft_warnings_clear(&warnings);
  }
}

static void test_queries(void) {
  const struct {
    const char *name;
    aft_fetch_query query;
    const char *message;
  } cases[] = {
      {"yahoo", {.symbols = (const char *[]){NULL}}, "yahoo needs --symbols (see aftershock fetch --list)"},
      {"stooq", {.symbols = (const char *[]){"A", NULL}}, "stooq needs --input (see aftershock fetch --list)"},
      {"yahoo", {.symbols = (const char *[]){"A", NULL}, .first = 10, .last = 9}, "--first is after --last"},
  };
  const char *none[] = {NULL};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const aft_fetch_settings settings = {.store = "/nonexistent/store"};
    aft_fetch_query query = cases[i].query;
    aft_records records;
    aft_warnings warnings;
    GError *error = NULL;
    query.urls = none;
    g_assert_false(aft_fetch_run(aft_provider_find(AFT_FETCH_PRICES, cases[i].name), &query, &settings, &records,
                                 &warnings, &error));
    assert_error(&error, cases[i].message);
  }
}

/* ---- files that a person saved */

static bool read_saved(const char *name, const char *body, char **text, GError **error) {
  const char *symbols[] = {"NVDA", NULL}, *none[] = {NULL};
  char *dir = support_temp_dir();
  g_autofree char *path = support_write(dir, "saved.csv", body), *store = g_build_filename(dir, "store", NULL);
  const aft_fetch_query query = {
      .symbols = symbols, .urls = none, .input = path, .first = AFT_DAY_NONE, .last = AFT_DAY_NONE};
  const aft_fetch_settings settings = {.store = store, .now = aft_day_from_ymd(2025, 3, 1) * AFT_MILLIS_PER_DAY};
  g_auto(aft_records) records;
  aft_warnings warnings;
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  bool ok = aft_fetch_run(aft_provider_find(AFT_FETCH_PRICES, name), &query, &settings, &records, &warnings, error);
  if (ok) {
    const char *lines = strchr(*text = aft_records_print_prices(&records), '\n') + 1;
    memmove(*text, lines, strlen(lines) + 1);
  } else {
    g_autofree char *plain = g_strdup((*error)->message + strlen(g_str_has_prefix((*error)->message, dir) ? dir : ""));
    g_clear_error(error);
    g_set_error_literal(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, plain);
  }
  aft_warnings_clear(&warnings);
  support_remove(dir);
  return ok;
}

static void test_saved_files(void) {
  static const char two[] = "2025-01-24,NVDA,148.37,148.97,141.88,142.62,,234657000\n"
                            "2025-01-27,NVDA,124.8,128.4,116.7,118.42,,818830000\n";
  const struct {
    const char *name, *body, *rows;
  } good[] = {
      {"stooq",
       "Date,Open,High,Low,Close,Volume\r\n2025-01-24,148.37,148.97,141.88,142.62,234657000\r\n"
       "2025-01-27,124.80,128.40,116.70,118.42,818830000\r\n",
       two},
      {"stooq",
       "Data,Otwarcie,Najwyzszy,Najnizszy,Zamkniecie,Wolumen\n2025-01-24,148.37,148.97,141.88,142.62,234657000\n"
       "2025-01-27,124.80,128.40,116.70,118.42,818830000\n",
       two},
      {"stooq",
       "<TICKER>,<PER>,<DATE>,<TIME>,<OPEN>,<HIGH>,<LOW>,<CLOSE>,<VOL>,<OPENINT>\n"
       "NVDA.US,D,20250124,000000,148.37,148.97,141.88,142.62,234657000,0\n"
       "NVDA.US,D,20250127,000000,124.8,128.4,116.7,118.42,818830000,0\n",
       two},
      {"stooq", "Date,Open,High,Low,Close\n2025-01-24,1,2,0.5,1.5\n", "2025-01-24,NVDA,1,2,0.5,1.5,,\n"},
      {"nasdaq",
       "Date,Close/Last,Volume,Open,High,Low\n01/27/2025,$118.42,\"818,830,000\",$124.80,$128.40,$116.70\n"
       "01/24/2025,$142.62,234657000,$148.37,$148.97,$141.88\n",
       two},
      {"nasdaq", "Date,Close/Last,Volume,Open,High,Low\n01/27/2025,5000.1,--,N/A,N/A,N/A\n",
       "2025-01-27,NVDA,,,,5000.1,,\n"},
  };
  const struct {
    const char *name, *body, *message;
  } bad[] = {
      {"stooq", "<html><script src=/__verify></script>",
       "/saved.csv: a web page, not a table: save the CSV file itself from the page in a browser"},
      {"stooq", "No data",
       "/saved.csv: no columns of dates and closes (is it a price file of Stooq, a file that you saved?)"},
      {"stooq", "Get your apikey:\n",
       "/saved.csv: no columns of dates and closes (is it a price file of Stooq, a file that you saved?)"},
      {"stooq", "Date,Close\n27.01.2025,1\n", "/saved.csv:2: \"27.01.2025\" is not a date"},
      {"nasdaq", "Date,Close/Last\n01/27/2025,abc\n", "/saved.csv:2: \"abc\" is not a number"},
      {"nasdaq", "Date,Close/Last\n13/27/2025,1\n", "/saved.csv:2: \"13/27/2025\" is not a date"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(good); i++) {
    g_autofree char *text = NULL;
    GError *error = NULL;
    g_assert_true(read_saved(good[i].name, good[i].body, &text, &error));
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, good[i].rows);
  }
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    char *text = NULL;
    GError *error = NULL;
    g_assert_false(read_saved(bad[i].name, bad[i].body, &text, &error));
    assert_error(&error, bad[i].message);
  }
}

/* CRSP: letters, numbers that are codes, a blank, a total loss, a day twice; by number, or by the ticker that was asked for. */
static void test_crsp(void) {
  static const char old[] =
      "PERMNO,date,TICKER,PRC,VOL,RET\r\n99999,20240102,ABCD,-10.125,.,C\r\n99999,20240103,ABCD,10.500,12800,"
      "0.037037\r\n99999,20240104,ABCD,,,B\r\n99999,20240105,ABCE,1,1,-66.0\r\n99999,20240108,ABCE,0,1,-1.0\r\n"
      "99999,20240109,ABCE,1,1,0.5\r\n99999,20240109,ABCF,1,1,0.25\r\n88888,20240102,ZZ,1,1,0.125\r\n";
  static const char new[] = "PERMNO,DlyCalDt,Ticker,DlyRet\n99999,2024-01-03,ABCD,0.037037\n99999,04/01/2024,ABCD,\n";
  const struct {
    const char *body, *symbol, *rows;
    guint n_warnings;
  } cases[] = {
      {old, NULL,
       "2024-01-02,99999,\n2024-01-03,99999,0.037037\n2024-01-04,99999,\n2024-01-05,99999,\n2024-01-08,99999,-1\n"
       "2024-01-09,99999,0.25\n2024-01-02,88888,0.125\n",
       1},
      {old, "ABCD", "2024-01-02,ABCD,\n2024-01-03,ABCD,0.037037\n2024-01-04,ABCD,\n", 1},
      {old, "88888", "2024-01-02,88888,0.125\n", 0},
      {new, NULL, "2024-01-03,99999,0.037037\n2024-01-04,99999,\n", 1},
      /* A delisting's return is joined to that of its day; of a security that trades on it means nothing. */
      {"PERMNO,date,RET,DLRET,DLSTCD\n1,20240102,0.5,-0.5,574\n1,20240103,,-0.25,574\n1,20240104,0.5,0.5,100\n"
       "1,20240105,0.1,A,\n1,20240108,0.125,S,560\n1,20240109,0.1,-1,580\n",
       NULL,
       "2024-01-02,1,-0.25\n2024-01-03,1,-0.25\n2024-01-04,1,0.5\n2024-01-05,1,0.1\n2024-01-08,1,0.125\n"
       "2024-01-09,1,-1\n",
       1},
      {"permno,date,ret,dlret\n1,20240102,0.5,-0.5\n1,20240103,0.5,P\n", NULL, "2024-01-02,1,-0.25\n2024-01-03,1,0.5\n",
       0},
      {"PERMNO,date,RET,DLRET\n1,20240102,0,gone\n", NULL, ":2: \"gone\" is not a delisting return", 9},
      {"PERMNO,date,RET\nx,20240102,0\n", NULL, ":2: \"x\" is not a PERMNO", 9},
      {"PERMNO,date,RET\n1,2024,0\n", NULL, ":2: \"2024\" is not a date", 9},
      {"PERMNO,date,RET\n1,20240102,zero\n", NULL, ":2: \"zero\" is not a return", 9},
      {"PERMNO,date,PRC\n", NULL, ": no columns PERMNO, date and RET (export them from the daily file of CRSP)", 9},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const char *symbols[] = {cases[i].symbol, NULL}, *none[] = {NULL};
    char *dir = support_temp_dir();
    g_autofree char *path = support_write(dir, "crsp.csv", cases[i].body),
                    *store = g_build_filename(dir, "store", NULL);
    const aft_fetch_query query = {
        .symbols = symbols, .urls = none, .input = path, .first = AFT_DAY_NONE, .last = AFT_DAY_NONE};
    const aft_fetch_settings settings = {.store = store, .now = aft_day_from_ymd(2025, 3, 1) * AFT_MILLIS_PER_DAY};
    g_auto(aft_records) records;
    aft_warnings warnings, read_warnings;
    g_autoptr(GError) error = NULL;
    aft_records_init(&records);
    aft_warnings_init(&warnings);
    aft_warnings_init(&read_warnings);
    bool ok =
        aft_fetch_run(aft_provider_find(AFT_FETCH_PRICES, "crsp"), &query, &settings, &records, &warnings, &error);
    if (ok) {
      g_autofree char *text = aft_records_print_returns(&records), *out = support_write(dir, "out.csv", text);
      aft_prices prices;
      g_assert_cmpstr(strchr(text, '\n') + 1, ==, cases[i].rows);
      g_assert_cmpuint(warnings.messages->len, ==, cases[i].n_warnings);
      aft_prices_init(&prices); /* and a study takes it for returns */
      g_assert_true(aft_returns_read_csv(&prices, out, false, &read_warnings, &error));
      g_assert_cmpuint(prices.n_rows, ==, records.returns->len);
      aft_prices_clear(&prices);
    } else {
      g_assert_true(g_str_has_suffix(error->message, cases[i].rows));
    }
    g_assert_cmpint(ok, ==, cases[i].n_warnings != 9);
    aft_warnings_clear(&warnings);
    aft_warnings_clear(&read_warnings);
    support_remove(dir);
  }
}

/* ---- the parts */

static void test_json(void) {
  const struct {
    const char *text, *path, *expected; /* expected NULL: not mended */
  } cases[] = {
      {"\xEF\xBB\xBF{\"a\": \"b\"}", "a", "b"},
      {"{\"a\": \"x\ty\x01z\"}", "a", "x y z"},
      {"{\"a\": \"50\\% of C:\\x \\u12\"}", "a", "50\\% of C:\\x \\u12"},
      {"{\"a\": [\"NaN\", NaN, Infinity, -Infinity, \"b\"]}", "a.4", "b"},
      {"{\"a\": \"caf\xE9\"}", "a", "caf\xEF\xBF\xBD"},
      {"{\"a\": \"b\"", "a", NULL},
      {"{\"a\": NaNs}", "a", NULL},
      {"", "a", NULL},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    aft_warnings warnings;
    g_autoptr(GError) error = NULL;
    aft_warnings_init(&warnings);
    json_t *root = fetch_json_read(cases[i].text, strlen(cases[i].text), "URL", &warnings, &error);
    g_assert_cmpint(root != NULL, ==, cases[i].expected != NULL);
    if (root != NULL) g_assert_cmpstr(fetch_json_text(fetch_json_at(root, cases[i].path)), ==, cases[i].expected);
    g_assert_cmpuint(warnings.messages->len, ==, i > 0 && root != NULL ? 1 : 0);
    g_assert_cmpint(error != NULL, ==, root == NULL);
    json_decref(root);
    aft_warnings_clear(&warnings);
  }
  json_t *price = json_string("$1,234.50"), *word = json_string("N/A"), *whole = json_integer(187);
  assert_close(fetch_json_number(price), 1234.5, 0);
  assert_close(fetch_json_number(word), (double)NAN, 0);
  assert_close(fetch_json_number(whole), 187, 0);
  assert_close(fetch_json_number(NULL), (double)NAN, 0);
  json_decref(price);
  json_decref(word);
  json_decref(whole);
}

static void test_judgements(void) {
  const struct {
    long status;
    enum fetch_shape shape;
    const char *body;
    enum fetch_refusal refusal;
    const char *words;
  } cases[] = {
      {200, FETCH_JSON, "{\"a\": 1}", FETCH_ACCEPTED, ""},
      {200, FETCH_JSON, "\xEF\xBB\xBF []", FETCH_ACCEPTED, ""},
      {200, FETCH_JSON, "", FETCH_SERVER, ""},
      {200, FETCH_JSON, "{\"Note\": \"5 calls per minute\"}", FETCH_THROTTLED, "5 calls per minute"},
      {200, FETCH_JSON, "{\"Information\": \"25 requests per day; premium plans have more\"}", FETCH_PLAN,
       "25 requests per day; premium plans have more"},
      {200, FETCH_JSON, "{\"Error Message\": \"the parameter apikey is invalid\"}", FETCH_KEY,
       "the parameter apikey is invalid"},
      {200, FETCH_JSON, "{\"quandl_error\": {\"code\": \"QECx02\", \"message\": \"Not found\"}}", FETCH_UNKNOWN,
       "Not found"},
      {200, FETCH_JSON, "Please limit requests to one every 5 seconds", FETCH_THROTTLED,
       "Please limit requests to one every 5 seconds"},
      {200, FETCH_JSON, "Your query was too short", FETCH_REQUEST, "Your query was too short"},
      {200, FETCH_TABLE, "date,close\n2025-01-27,1\n", FETCH_ACCEPTED, ""},
      {200, FETCH_TABLE, "token,close\n", FETCH_KEY, "token,close"},
      {200, FETCH_TABLE, "Exceeded the daily hits limit", FETCH_PLAN, "Exceeded the daily hits limit"},
      {200, FETCH_TABLE, "Error: no such ticker", FETCH_REQUEST, "Error: no such ticker"},
      {200, FETCH_XML, "<?xml version=\"1.0\"?><rss/>", FETCH_ACCEPTED, ""},
      {200, FETCH_XML, "<!DOCTYPE html><p>Hi", FETCH_BARRIER, "Hi"},
      {200, FETCH_ZIP, "PK\3\4...", FETCH_ACCEPTED, ""},
      {200, FETCH_ZIP, "<html><body>no</body></html>", FETCH_BARRIER, "no"},
      {403, FETCH_JSON, "<html>Request Rate Threshold Exceeded</html>", FETCH_THROTTLED,
       "Request Rate Threshold Exceeded"},
      {403, FETCH_JSON, "<html>Your Request Originates from an Undeclared Automated Tool</html>", FETCH_BARRIER,
       "Your Request Originates from an Undeclared Automated Tool"},
      {403, FETCH_JSON, "{\"message\": \"Forbidden\"}", FETCH_KEY, "Forbidden"},
      {403, FETCH_JSON, "{\"error\": \"You don't have access to this resource.\"}", FETCH_PLAN,
       "You don't have access to this resource."},
      {404, FETCH_JSON, "{\"chart\":{\"result\":null,\"error\":{\"code\":\"Not Found\",\"description\":\"No data\"}}}",
       FETCH_UNKNOWN, "No data"},
      {302, FETCH_JSON, "", FETCH_SERVER, ""},
      {426, FETCH_JSON, "{\"message\": \"too far back\"}", FETCH_PLAN, "too far back"},
      {503, FETCH_JSON,
       "a\x01\n\xFF"
       "b",
       FETCH_SERVER,
       "a \xEF\xBF\xBD"
       "b"},
      {500, FETCH_JSON, "<style>p{}</style><p>1 &lt; 2</p><script>x</script> <a", FETCH_SERVER, "1 &lt; 2"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *body = g_strdup(cases[i].body), *words = NULL;
    const aft_http_answer answer = {.status = cases[i].status, .body = body, .size = strlen(body)};
    enum fetch_refusal refusal = fetch_judge(&answer, cases[i].shape, &words);
    if (refusal != cases[i].refusal || strcmp(words, cases[i].words) != 0)
      g_error("case %zu: %s, \"%s\"", i, fetch_refusal_name(refusal), words);
  }
}

static void test_netrc(void) {
  static const char text[] = "# keys\nmachine api.tiingo.com\n  login me password first-key\n"
                             "macdef init\n machine evil.example password no\n\n"
                             "machine Other.Example password second # no login\nmachine half";
  g_autofree char *first = fetch_read_netrc(text, "api.tiingo.com"), *second = fetch_read_netrc(text, "other.example");
  g_autofree char *third = fetch_read_netrc(text, "evil.example");
  g_autofree char *any = fetch_read_netrc("machine a password b default login x password c", "z");
  g_assert_cmpstr(first, ==, "first-key");
  g_assert_cmpstr(second, ==, "second");
  g_assert_null(third);
  g_assert_cmpstr(any, ==, "c");
  char *dir = support_temp_dir();
  g_autofree char *path = support_write(dir, "netrc", text);
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  chmod(path, 0600);
  g_unsetenv("AFT_TEST_KEY");
  g_autofree char *quiet = fetch_find_key("AFT_TEST_KEY", "api.tiingo.com", path, &warnings);
  g_assert_cmpstr(quiet, ==, "first-key");
  g_assert_cmpuint(warnings.messages->len, ==, 0);
  chmod(path, 0644);
  g_autofree char *open = fetch_find_key("AFT_TEST_KEY", "api.tiingo.com", path, &warnings);
  g_assert_cmpstr(open, ==, "first-key");
  g_assert_cmpuint(warnings.messages->len, ==, 1);
  g_setenv("AFT_TEST_KEY", "of-the-environment", TRUE);
  g_autofree char *env = fetch_find_key("AFT_TEST_KEY", "api.tiingo.com", path, &warnings);
  g_assert_cmpstr(env, ==, "of-the-environment");
  g_unsetenv("AFT_TEST_KEY");
  g_assert_null(fetch_find_key("AFT_TEST_KEY", "a.org", NULL, &warnings));
  g_assert_null(fetch_find_key("AFT_TEST_KEY", "a.org", dir, &warnings));
  aft_warnings_clear(&warnings);
  support_remove(dir);
}

static void test_archives(void) {
  const char *names[] = {"a.CSV", "b.csv"}, *texts[] = {"caf\xC3\xA9 0123456789 0123456789 0123456789\n", "second"};
  size_t size, got_size;
  char *text = NULL;
  GError *error = NULL;
  g_autofree char *one = loopback_zip(names, texts, 1, &size);
  g_assert_true(aft_archive_read_only("a.zip", one, size, 1000, &text, &got_size, &error));
  g_assert_no_error(error);
  g_assert_cmpstr(text, ==, texts[0]);
  g_assert_cmpuint(got_size, ==, strlen(texts[0]));
  g_free(text);
  g_assert_false(aft_archive_read_only("a.zip", one, size, 20, &text, &got_size, &error));
  assert_error(&error, "a.zip: what is in it is too large");
  /* Every cut, and every byte of what is stored turned over, is refused or unharmed: never a wrong text. */
  for (size_t cut = 0; cut < size; cut++) {
    g_assert_false(aft_archive_read_only("a.zip", one, cut, 1000, &text, &got_size, &error));
    g_clear_error(&error);
  }
  for (size_t i = 0; i < size; i++) {
    one[i] = (char)(one[i] ^ 0x55);
    if (aft_archive_read_only("a.zip", one, size, 1000, &text, &got_size, &error)) {
      g_assert_cmpstr(text, ==, texts[0]);
      g_free(text);
    }
    g_clear_error(&error);
    one[i] = (char)(one[i] ^ 0x55);
  }
  g_autofree char *two = loopback_zip(names, texts, 2, &size);
  g_assert_false(aft_archive_read_only("a.zip", two, size, 1000, &text, &got_size, &error));
  assert_error(&error, "a.zip: the archive does not hold exactly one file");
}

/* A text that looks like a formula, and a name with a comma. */
static void test_printing(void) {
  g_auto(aft_records) records;
  aft_records_init(&records);
  aft_records_add_value(&records, "=1+1, \"x\"", 20115, 0.25);
  aft_records_add_value(&records, "b", 20115, (double)NAN);
  g_autofree char *text = aft_records_print_series(&records);
  g_assert_cmpstr(text, ==, "date,series,value\n2025-01-27,\"'=1+1, \"\"x\"\"\",0.25\n2025-01-27,b,\n");
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  provider_set_keys();
  g_test_add_func("/fetch/yahoo", test_yahoo);
  g_test_add_func("/fetch/others", test_others);
  g_test_add_func("/fetch/french", test_french);
  g_test_add_func("/fetch/days-of-exchanges", test_days_of_exchanges);
  g_test_add_func("/fetch/unfinished-bar", test_unfinished_bar);
  g_test_add_func("/fetch/bad-answers", test_bad_answers);
  g_test_add_func("/fetch/queries", test_queries);
  g_test_add_func("/fetch/saved-files", test_saved_files);
  g_test_add_func("/fetch/crsp", test_crsp);
  g_test_add_func("/fetch/json", test_json);
  g_test_add_func("/fetch/judgements", test_judgements);
  g_test_add_func("/fetch/netrc", test_netrc);
  g_test_add_func("/fetch/archives", test_archives);
  g_test_add_func("/fetch/printing", test_printing);
  return g_test_run();
}
