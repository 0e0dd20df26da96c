/* fetch/: tables of one's own in a PostgreSQL server on this machine. */
#include "support/database_call.h"
#include "support/support.h"

#include <aftershock/fetch/error.h>
#include <aftershock/input/prices.h>

#include <string.h>

#include <aftershock/base/banned.h>

static database *db;

static const char *const nothing[] = {NULL};

static const char tables[] =
    "CREATE SCHEMA mine; CREATE TABLE mine.prices (date date, symbol text, close numeric, adj_close float8, volume bigint, note text);"
    "INSERT INTO mine.prices VALUES ('2024-01-03', 'BBB', 21.5, 21.25, 900, 'x'), ('2024-01-02', 'AAA', 10.5, NULL, 800, ''),"
    " ('2024-01-03', 'AAA', 0, NULL, NULL, NULL), ('2024-01-04', 'AAA', 'NaN', 9.75, 0, ''), ('2023-12-29', 'AAA', 9, 9, 9, ''),"
    " ('2024-01-05', 'caf\xC3\xA9, \"x\"', 1e-3, NULL, 12345678901, ''), ('2024-01-05', NULL, 1, 1, 1, '');"
    "CREATE VIEW mine.returns AS SELECT d AS date, 7 AS symbol, r AS ret FROM (VALUES (timestamp '2024-01-02 16:00', 0.01),"
    " ('2024-01-03 16:00', NULL), ('2024-01-10 16:00', -1)) v (d, r);"
    "CREATE TABLE mine.twice AS SELECT date, symbol, close FROM mine.prices WHERE symbol = 'AAA' UNION ALL"
    " SELECT '2024-01-02', 'AAA', 11; CREATE TABLE mine.bare (date date, symbol text, price float8);"
    "CREATE VIEW mine.endless AS SELECT date, symbol, 'Infinity'::float8 AS close FROM mine.prices;"
    "GRANT USAGE ON SCHEMA mine TO " DATABASE_USER "; GRANT SELECT ON ALL TABLES IN SCHEMA mine TO " DATABASE_USER ";"
    "CREATE TABLE mine.hidden (date date, symbol text, close float8);";

static void call_init(database_call *c, const char *symbol, const char *text) {
  database_call_init(c, db, "postgres", symbol, text);
}

/* Some columns of a table that has others too, in any order; what a study reads is what was written. */
static void test_prices(void) {
  const char *warned[] = {"postgres: rows of mine.prices without a close left out: 1", NULL};
  database_call c;
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  call_init(&c, "AAA", "mine.prices");
  c.symbols[1] = "BBB";
  database_assert_call(&c, "2024-01-02,AAA,,,,10.5,,800\n2024-01-04,AAA,,,,,9.75,0\n2024-01-03,BBB,,,,21.5,21.25,900\n",
                       warned);
  g_autofree char *name = database_with_address(db, "URL/mine.prices?symbol=AAA&first=2024-01-01&last=2024-01-10");
  g_assert_cmpuint(c.records.sources->len, ==, 3);
  g_assert_cmpstr(g_array_index(c.records.sources, aft_source_record, 1).url, ==, name);
  g_autofree char *text = aft_records_print_prices(&c.records), *path = support_write(db->dir, "prices.csv", text);
  aft_warnings_init(&warnings);
  aft_prices_init(&prices);
  g_assert_true(aft_prices_read_csv(&prices, path, &warnings, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(prices.n_rows, ==, 3);
  g_assert_cmpuint(warnings.messages->len, ==, 0);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
  database_call_clear(&c);
}

/* Returns where there is no close; instants are the days that they are of, the last one too; a symbol may be a number there. */
static void test_returns(void) {
  database_call c;
  call_init(&c, NULL, "mine.returns");
  database_assert_call(&c, "2024-01-02,7,0.01\n2024-01-03,7,\n2024-01-10,7,-1\n", nothing);
  database_call_clear(&c);
}

/* All symbols in the order of their letters, piece by piece as in one; and from the store without the server. */
static void test_all(void) {
  static const char rows[] =
      "2024-01-02,AAA,,,,10.5,,800\n2024-01-04,AAA,,,,,9.75,0\n2024-01-03,BBB,,,,21.5,21.25,900\n"
      "2024-01-05,\"caf\xC3\xA9, \"\"x\"\"\",,,,0.001,,12345678901\n";
  const char *warned[] = {"postgres: rows of mine.prices without a close left out: 1", NULL};
  database_call whole, pieces, offline;
  call_init(&whole, NULL, "mine.prices");
  database_assert_call(&whole, rows, warned);
  call_init(&offline, NULL, "mine.prices");
  offline.settings.offline = true;
  database_assert_call(&offline, rows, warned);
  g_assert_cmpstr(offline.told->str, ==, "");
  database_call_clear(&offline);
  database_call_clear(&whole);
  call_init(&pieces, NULL, "mine.prices");
  pieces.in_pieces = true;
  database_assert_call(&pieces, "", warned);
  g_assert_cmpstr(pieces.taken->str, ==, rows);
  g_assert_cmpuint(pieces.n_pieces, ==, 3);
  database_call_clear(&pieces);
}

static void test_refusals(void) {
  const struct {
    const char *text, *symbol;
    int code;
    const char *message;
  } cases[] = {
      {"mine.prices; DROP TABLE mine.prices", NULL, AFT_FETCH_ERROR_URL,
       "--query \"mine.prices; DROP TABLE mine.prices\": name a"},
      {"a.b.c", NULL, AFT_FETCH_ERROR_URL,
       "--query \"a.b.c\": name a table or a view, as TABLE or SCHEMA.TABLE, in lower"},
      {"mine.", NULL, AFT_FETCH_ERROR_URL, "--query \"mine.\": name a table"},
      {"\"Mine\"", NULL, AFT_FETCH_ERROR_URL, "--query \"\"Mine\"\": name a table"},
      {"mine.nothing", "AAA", AFT_FETCH_ERROR_REFUSED, "URL: relation \"mine.nothing\" does not exist"},
      {"mine.hidden", "AAA", AFT_FETCH_ERROR_REFUSED, "URL: permission denied for table hidden"},
      {"mine.bare", "AAA", AFT_FETCH_ERROR_ANSWER,
       "URL/mine.bare/columns?first=2024-01-01&last=2024-01-10: mine.bare has not the columns date, symbol, and close, "
       "adj_close or ret (a view can give them these names)"},
      {"mine.twice", "AAA", AFT_FETCH_ERROR_ANSWER,
       "URL/mine.twice?symbol=AAA&first=2024-01-01&last=2024-01-10: mine.twice has two rows of AAA on 2024-01-02"},
      {"mine.endless", "AAA", AFT_FETCH_ERROR_ANSWER,
       "URL/mine.endless?symbol=AAA&first=2024-01-01&last=2024-01-10:2: close \"Infinity\" cannot be"},
  };
  database_call c;
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    call_init(&c, cases[i].symbol, cases[i].text);
    database_assert_fails(&c, cases[i].code, cases[i].message);
    g_assert_cmpuint(c.records.prices->len, <=, 1);
    database_call_clear(&c);
  }
  call_init(&c, "x' OR 'x' = 'x", "mine.prices"); /* a symbol is a parameter */
  database_assert_call(&c, "", (const char *const[]){"postgres has no rows of x' OR 'x' = 'x in these days", NULL});
  database_call_clear(&c);
}

int main(int argc, char **argv) {
  static const database_test tests[] = {{"/postgres/prices", test_prices},
                                        {"/postgres/returns", test_returns},
                                        {"/postgres/all", test_all},
                                        {"/postgres/refusals", test_refusals}};
  return database_test_main(argc, argv, &db, tables, tests, G_N_ELEMENTS(tests), NULL);
}
