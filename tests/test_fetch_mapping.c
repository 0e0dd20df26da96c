/* fetch/: providers that a JSON file describes, in the shapes that real ones have, and files that describe none. */
#include "support/providers.h"
#include "support/support.h"

#include <aftershock/fetch/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

typedef struct page {
  const char *type, *body;
  char *asked; /* the last path and query; owned */
  char *key;   /* its header X-Key, owned */
} page;

static void play(const loopback_request *request, loopback_answer *answer, void *data) {
  page *p = data;
  const char *key = request->header(request, "X-Key");
  g_free(p->asked);
  p->asked = g_strdup_printf("%s?%s", request->path, request->query);
  g_free(p->key);
  p->key = g_strdup(key);
  answer->type = p->type;
  answer->body = g_strdup(p->body);
}

/* Reads the mapping, asks for symbol X from 2025-01-24 to 2025-01-28, and prints what came. */
static bool ask(const char *mapping, page *p, char **text, GError **error) {
  char *dir = support_temp_dir();
  g_autofree char *path = support_write(dir, "mapping.json", mapping), *store = g_build_filename(dir, "store", NULL);
  aft_provider *provider = aft_provider_read(path, error);
  bool ok = provider != NULL;
  if (ok) {
    g_autoptr(loopback) server = loopback_new(play, p);
    const char *symbols[] = {"X&Y", NULL}, *none[] = {NULL};
    const aft_fetch_query query = {.symbols = symbols,
                                   .text = "a query",
                                   .urls = none,
                                   .first = aft_day_from_ymd(2025, 1, 24),
                                   .last = aft_day_from_ymd(2025, 1, 28)};
    aft_fetch_settings settings = {.http = aft_http_defaults("aftershock/test"),
                                   .store = store,
                                   .base = loopback_url(server),
                                   .now = aft_day_from_ymd(2025, 3, 1) * AFT_MILLIS_PER_DAY};
    g_auto(aft_records) records;
    aft_warnings warnings;
    settings.http.pace = 0;
    settings.http.tries = 1;
    aft_records_init(&records);
    aft_warnings_init(&warnings);
    ok = aft_fetch_run(provider, &query, &settings, &records, &warnings, error);
    const provider_case which = {.kind = aft_provider_facts_of(provider)->kind};
    if (ok) *text = provider_print(&which, &records, settings.now);
    if (!ok) {
      g_autoptr(GString) message = g_string_new((*error)->message);
      g_string_replace(message, loopback_url(server), "URL", 0);
      g_clear_error(error);
      g_set_error_literal(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, message->str);
    }
    aft_warnings_clear(&warnings);
    aft_provider_free(provider);
  } else {
    g_autofree char *message =
        g_strdup((*error)->message + (g_str_has_prefix((*error)->message, dir) ? strlen(dir) + 1 : 0));
    g_clear_error(error);
    g_set_error_literal(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, message);
  }
  support_remove(dir);
  return ok;
}

#define HEAD "date,symbol,open,high,low,close,adj_close,volume\n"

static void test_shapes(void) {
  const struct {
    const char *mapping, *type, *body, *asked, *text;
  } cases[] = {
      /* An object with a date for each key, numbers as texts, newest first. */
      {"{\"name\": \"av\", \"kind\": \"prices\", \"url\": \"https://a.example/query?symbol={symbol}\", \"format\": \"keyed\","
       " \"path\": \"Time Series (Daily)\", \"columns\": {\"date\": true, \"open\": \"1. open\", \"close\": \"4. close\"}}",
       NULL,
       "{\"Meta Data\":{\"2. Symbol\":\"X\"},\"Time Series (Daily)\":{\"2025-01-27\":{\"1. open\":\"222.2500\",\"4. close\":\"224.1300\"},"
       "\"2025-01-24\":{\"1. open\":\"226.0000\",\"4. close\":\"224.8000\"},\"2025-01-23\":{\"4. close\":\"1\"}}}",
       "/query?symbol=X&Y", HEAD "2025-01-24,X&Y,226,,,224.8,,\n2025-01-27,X&Y,222.25,,,224.13,,\n"},
      /* Rows, days as milliseconds of New York's midnight in winter. */
      {"{\"name\": \"massive\", \"kind\": \"prices\", \"url\": \"https://a.example/{symbol}/{first}/{last}\", \"format\": \"rows\","
       " \"path\": \"results\", \"date\": \"epoch_ms\", \"zone\": \"America/New_York\","
       " \"columns\": {\"date\": \"t\", \"close\": \"c\", \"volume\": \"v\"}}",
       NULL,
       "{\"results\":[{\"v\":234657400.0,\"c\":142.62,\"t\":1737694800000},{\"v\":818830900.0,\"c\":118.42,\"t\":1737954000000}]}",
       "/X&Y/2025-01-24/2025-01-28?",
       HEAD "2025-01-24,X&Y,,,,142.62,,234657400\n2025-01-27,X&Y,,,,118.42,,818830900\n"},
      /* Parallel lists. */
      {"{\"name\": \"candles\", \"kind\": \"prices\", \"url\": \"https://a.example/c?from={first_epoch}&to={last_epoch}\","
       " \"format\": \"columns\", \"path\": \"\", \"date\": \"epoch\", \"columns\": {\"date\": \"t\", \"close\": \"c\", \"open\": \"o\"}}",
       NULL, "{\"s\":\"ok\",\"t\":[1737676800,1737936000],\"c\":[142.62,118.42],\"o\":[148.37,null]}",
       "/c?from=1737676800&to=1738108800", HEAD "2025-01-24,X&Y,148.37,,,142.62,,\n2025-01-27,X&Y,,,,118.42,,\n"},
      /* Rows that are lists, columns by place. */
      {"{\"name\": \"tables\", \"kind\": \"prices\", \"url\": \"https://a.example/t.json\", \"format\": \"rows\","
       " \"path\": \"datatable.data\", \"columns\": {\"date\": 1, \"close\": 2}}",
       NULL, "{\"datatable\":{\"data\":[[\"X\",\"2025-01-24\",142.62]]}}", "/t.json?",
       HEAD "2025-01-24,X&Y,,,,142.62,,\n"},
      /* Texts with signs, the month first. */
      {"{\"name\": \"quotes\", \"kind\": \"prices\", \"url\": \"https://a.example/q\", \"format\": \"rows\","
       " \"path\": \"data.tradesTable.rows\", \"date\": \"MM/DD/YYYY\", \"missing\": [\"N/A\"],"
       " \"columns\": {\"date\": \"date\", \"close\": \"close\", \"volume\": \"volume\"}}",
       NULL,
       "{\"data\":{\"tradesTable\":{\"rows\":[{\"date\":\"01/27/2025\",\"close\":\"$1,118.42\",\"volume\":\"818,830,900\"},"
       "{\"date\":\"01/24/2025\",\"close\":\"$142.62\",\"volume\":\"N/A\"}]}}}",
       "/q?", HEAD "2025-01-24,X&Y,,,,142.62,,\n2025-01-27,X&Y,,,,1118.42,,818830900\n"},
      /* A table with semicolons. */
      {"{\"name\": \"twelve\", \"kind\": \"prices\", \"url\": \"https://a.example/t\", \"format\": \"csv\", \"delimiter\": \";\","
       " \"columns\": {\"date\": \"datetime\", \"close\": \"close\"}}",
       "text/csv", "datetime;open;close\r\n2025-01-27;1;118.42\r\n2025-01-24;\"2;3\";142.62\r\n", "/t?",
       HEAD "2025-01-24,X&Y,,,,142.62,,\n2025-01-27,X&Y,,,,118.42,,\n"},
      /* Factors in percent below a preamble, with a note behind. */
      {"{\"name\": \"q5\", \"kind\": \"factors\", \"url\": \"https://a.example/q5.csv?x={first_compact}\", \"format\": \"csv\","
       " \"header\": \"R_MKT\", \"date\": \"YYYYMMDD\", \"percent\": true, \"columns\": {\"date\": \"DATE\", \"mkt_rf\": \"R_MKT\", \"rf\": \"R_F\"}}",
       "text/csv", "Some words, first\n\nDATE,R_F,R_MKT\n20250124,0.017,-0.39\n20250127, 1.7e-2 ,-1.77\n\nCopyright\n",
       "/q5.csv?x=20250124", "date,mkt_rf,rf\n2025-01-24,-0.0039,0.00017\n2025-01-27,-0.0177,0.00017\n"},
      /* A table without a header, the day first. */
      {"{\"name\": \"bare\", \"kind\": \"attention\", \"url\": \"https://a.example/b\", \"format\": \"csv\", \"delimiter\": \"\\t\","
       " \"date\": \"DD/MM/YYYY\", \"columns\": {\"date\": 0, \"searches\": 2}}",
       "text/plain", "27/01/2025\tx\t100\n28/01/2025\ty\t55\n", "/b?",
       "date,series,value\n2025-01-27,X&Y searches,100\n2025-01-28,X&Y searches,55\n"},
      /* News, a time with a zone and one without. */
      {"{\"name\": \"newsapi\", \"kind\": \"news\", \"url\": \"https://a.example/e?q={query}\", \"format\": \"rows\","
       " \"path\": \"articles\", \"zone\": \"America/New_York\", \"columns\": {\"published\": \"publishedAt\", \"title\": \"title\", \"source\": \"source.name\", \"url\": \"url\"}}",
       NULL,
       "{\"status\":\"ok\",\"articles\":[{\"source\":{\"id\":null,\"name\":\"Example\"},\"title\":\"caf\xC3\xA9\",\"url\":\"u1\",\"publishedAt\":\"2025-01-27T14:30:00Z\"},"
       "{\"source\":{\"name\":\"E2\"},\"title\":\"t2\",\"url\":\"u2\",\"publishedAt\":\"20250127T103000\"},"
       "{\"title\":\"[Removed]\",\"publishedAt\":\"1970-01-01T00:00:00Z\"}]}",
       "/e?q=a query",
       "{\"id\":\"newsapi-u1\",\"published\":\"2025-01-27T14:30:00Z\",\"time_meaning\":\"claimed\",\"time_precision\":\"second\","
       "\"time_field\":\"published\",\"title\":\"caf\xC3\xA9\",\"source\":\"Example\",\"url\":\"u1\",\"symbols\":[\"X&Y\"],"
       "\"first_seen\":\"2025-03-01T00:00:00Z\"}\n"
       "{\"id\":\"newsapi-u2\",\"published\":\"2025-01-27T15:30:00Z\",\"time_meaning\":\"claimed\",\"time_precision\":\"second\","
       "\"time_field\":\"published\",\"title\":\"t2\",\"source\":\"E2\",\"url\":\"u2\",\"symbols\":[\"X&Y\"],"
       "\"first_seen\":\"2025-03-01T00:00:00Z\"}\n"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    page p = {.type = cases[i].type, .body = cases[i].body};
    g_autofree char *text = NULL;
    GError *error = NULL;
    bool ok = ask(cases[i].mapping, &p, &text, &error);
    if (!ok) g_error("case %zu: %s", i, error->message);
    g_assert_cmpstr(p.asked, ==, cases[i].asked);
    g_assert_cmpstr(text, ==, cases[i].text);
    g_free(p.asked);
    g_free(p.key);
  }
}

#define ROWS "\"name\": \"x\", \"kind\": \"prices\", \"url\": \"https://a.example/\", \"format\": \"rows\""
#define COLUMNS ", \"columns\": {\"date\": \"d\", \"close\": \"c\"}"

static void test_keys(void) {
  page p = {.body = "[{\"d\":\"2025-01-24\",\"c\":1}]"};
  g_autofree char *text = NULL, *again = NULL;
  GError *error = NULL;
  static const char in_header[] =
      "{" ROWS COLUMNS ", \"key\": {\"variable\": \"AFT_MAPPED_KEY\", \"header\": \"X-Key\", \"prefix\": \"K \"}}";
  static const char in_query[] =
      "{" ROWS COLUMNS ", \"key\": {\"variable\": \"AFT_MAPPED_KEY\", \"parameter\": \"apikey\"}}";
  g_unsetenv("AFT_MAPPED_KEY");
  g_assert_false(ask(in_header, &p, &text, &error));
  g_assert_true(g_str_has_prefix(error->message, "x wants a key: set AFT_MAPPED_KEY, "));
  g_clear_error(&error);
  g_setenv("AFT_MAPPED_KEY", PROVIDER_KEY, TRUE);
  g_assert_true(ask(in_header, &p, &text, &error));
  g_assert_cmpstr(p.key, ==, "K " PROVIDER_KEY);
  g_assert_true(ask(in_query, &p, &again, &error));
  g_assert_cmpstr(p.asked, ==, "/?apikey=" PROVIDER_KEY);
  g_free(p.asked);
  g_free(p.key);
}

static void test_bad_mappings(void) {
  const struct {
    const char *mapping, *message;
  } cases[] = {
      {"[1]", "mapping.json: is not a JSON object"},
      {"{\"name\": ", "mapping.json: not JSON: unexpected token near end of file, line 1"},
      {"{\"nam\": \"x\"}", "mapping.json: unknown key \"nam\"; did you mean \"name\"?"},
      {"{\"kind\": \"prices\"}", "mapping.json: no \"name\""},
      {"{\"name\": 1}", "mapping.json: name is not a text"},
      {"{\"name\": \"a b\", \"kind\": \"prices\", \"url\": \"u\"}",
       "mapping.json: name \"a b\" holds more than letters, digits and -"},
      {"{\"name\": \"x\", \"kind\": \"weather\", \"url\": \"u\"}",
       "mapping.json: kind \"weather\" is none of prices, factors, news, attention"},
      {"{\"name\": \"x\", \"kind\": \"prices\", \"url\": \"u\", \"format\": \"xml\"}",
       "mapping.json: format \"xml\" is none of csv, rows, columns, keyed"},
      {"{" ROWS ", \"date\": \"D.M.Y\"}",
       "mapping.json: date \"D.M.Y\" is none of YYYY-MM-DD, YYYYMMDD, MM/DD/YYYY, DD/MM/YYYY, epoch, epoch_ms"},
      {"{" ROWS ", \"zone\": \"Mars\"}", "mapping.json: zone \"Mars\" is not known (write it as America/New_York)"},
      {"{" ROWS ", \"delimiter\": \"ab\"}", "mapping.json: delimiter \"ab\" is not one character"},
      {"{" ROWS ", \"missing\": \"x\"}", "mapping.json: missing is not a list of texts"},
      {"{" ROWS ", \"percent\": 1}", "mapping.json: percent is neither true nor false"},
      {"{" ROWS ", \"pace_ms\": -1}", "mapping.json: pace_ms is not a number of milliseconds up to 600000"},
      {"{" ROWS "}", "mapping.json: no \"columns\" with \"date\" in it"},
      {"{" ROWS ", \"columns\": {\"date\": \"d\", \"clos\": \"c\"}}",
       "mapping.json: unknown key \"clos\" in columns; did you mean \"close\"?"},
      {"{" ROWS ", \"columns\": {\"date\": \"d\", \"open\": \"c\"}}",
       "mapping.json: columns: neither close nor adj_close"},
      {"{" ROWS ", \"columns\": {\"date\": true, \"close\": \"c\"}}",
       "mapping.json: column date: give the name in the answer, or its place, from 0"},
      {"{" ROWS COLUMNS ", \"key\": \"abc\"}", "mapping.json: key is not an object"},
      {"{" ROWS COLUMNS ", \"key\": {\"value\": \"abc\"}}", "mapping.json: unknown key \"value\" in key"},
      {"{" ROWS COLUMNS ", \"key\": {\"variable\": \"A\"}}", "mapping.json: no \"parameter\""},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    page p = {0};
    char *text = NULL;
    GError *error = NULL;
    g_assert_false(ask(cases[i].mapping, &p, &text, &error));
    assert_error(&error, cases[i].message);
    g_assert_null(p.asked);
  }
}

static void test_bad_answers(void) {
  const struct {
    const char *mapping, *body, *message;
  } cases[] = {
      {"{" ROWS COLUMNS "}", "{\"a\": 1}", "URL/: no list of rows at \"\""},
      {"{" ROWS COLUMNS "}", "[{\"c\": 1}]", "URL/: row 1: \"\" is not a date"},
      {"{" ROWS COLUMNS "}", "[{\"d\": \"2025-01-24\", \"c\": \"one\"}]", "URL/: row 1: close \"one\" is not a number"},
      {"{\"name\": \"x\", \"kind\": \"prices\", \"url\": \"https://a.example/\", \"format\": \"columns\", \"path\": \"a\"" COLUMNS
       "}",
       "{\"a\": {\"d\": [1, 2], \"c\": [1]}}", "URL/: the list \"c\" is not there, or of another length"},
      {"{\"name\": \"x\", \"kind\": \"prices\", \"url\": \"https://a.example/\", \"format\": \"keyed\", \"path\": \"a\", \"columns\": {\"date\": true, \"close\": \"c\"}}",
       "{\"b\": {}}", "URL/: no object at \"a\""},
      {"{\"name\": \"x\", \"kind\": \"prices\", \"url\": \"https://a.example/\", \"format\": \"csv\"" COLUMNS "}",
       "e,f\n1,2\n", "URL/: no column \"d\" in the header"},
      {"{\"name\": \"x\", \"kind\": \"prices\", \"url\": \"https://a.example/\", \"format\": \"csv\"" COLUMNS "}",
       "d,c\nnever,2\n", "URL/: row 1: \"never\" is not a date"},
      {"{\"name\": \"x\", \"kind\": \"news\", \"url\": \"https://a.example/\", \"format\": \"rows\", \"columns\": {\"published\": \"p\", \"title\": \"t\"}}",
       "[{\"p\": \"soon\"}]", "URL/: row 1: published \"soon\" is not a time"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    page p = {.body = cases[i].body, .type = "text/plain"};
    char *text = NULL;
    GError *error = NULL;
    g_assert_false(ask(cases[i].mapping, &p, &text, &error));
    assert_error(&error, cases[i].message);
    g_free(p.asked);
    g_free(p.key);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/mapping/shapes", test_shapes);
  g_test_add_func("/mapping/keys", test_keys);
  g_test_add_func("/mapping/bad-mappings", test_bad_mappings);
  g_test_add_func("/mapping/bad-answers", test_bad_answers);
  return g_test_run();
}
