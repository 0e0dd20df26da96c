/* fetch/price_stream: a study that reads its prices out of a table, against the same study with a file. */
#include "support/database_call.h"
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/base/process.h>
#include <aftershock/fetch/error.h>
#include <aftershock/fetch/price_stream.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { PATIENCE_MS = 60000 };

static database *db;

static const char tables[] =
    "CREATE SCHEMA mine; CREATE TABLE mine.small (date date, symbol text, close numeric, adj_close float8, volume bigint, note text);"
    "INSERT INTO mine.small VALUES ('2024-01-03', 'BBB', 21.5, 21.25, 900, 'x'), ('2024-01-02', 'AAA', 10.5, NULL, 800, ''),"
    " ('2024-01-03', 'AAA', 0.1, NULL, NULL, NULL), ('2024-01-04', 'AAA', 'NaN', 9.75, 0, ''), ('2023-12-29', 'CCC', 9, 9, 9, ''),"
    " ('2024-01-05', 'a,\"b\\', 1e-3, NULL, 12345678901, ''), ('2024-01-05', NULL, 1, 1, 1, ''), ('2024-01-09', 'a', 7, 7, 7, '');"
    "CREATE VIEW mine.returns AS SELECT d AS date, 7 AS symbol, r AS ret FROM (VALUES (timestamp '2024-01-02 16:00', 0.01),"
    " ('2024-01-03 16:00', NULL), ('2024-01-10 16:00', -1)) v (d, r);"
    "CREATE TABLE mine.bare (date date, symbol text, price float8); CREATE TABLE mine.empty (date date, symbol text, close float8);"
    "CREATE TABLE mine.many AS SELECT date '1990-01-01' + i % 9000 AS date, 'S' || i / 9000 AS symbol, 1.5::float8 AS close"
    " FROM generate_series(0, 29999) i;"
    "CREATE TABLE mine.daily (date date, symbol varchar(12), open float8, high float8, low float8, close float8, adj_close float8,"
    " volume float8);"
    "CREATE VIEW mine.middle AS SELECT * FROM mine.daily WHERE symbol <> 'KO' OR date BETWEEN '2024-02-01' AND '2024-12-31';"
    "CREATE VIEW mine.slow AS SELECT date, symbol, CASE WHEN pg_sleep(0.1) IS NULL THEN 0 ELSE close END AS close FROM mine.many;"
    "CREATE VIEW mine.ended AS SELECT date, symbol, CASE WHEN pg_cancel_backend(pg_backend_pid()) THEN close ELSE 0 END AS close"
    " FROM mine.many;"
    "GRANT USAGE ON SCHEMA mine TO " DATABASE_USER "; GRANT SELECT ON ALL TABLES IN SCHEMA mine TO " DATABASE_USER ";"
    "CREATE TABLE mine.hidden (date date, symbol text, close float8);";

/* All of a stream, taken in pieces of a size; NULL on failure. Owned. */
static char *read_all(const char *address, bool returns, const char *const *symbols, size_t size, GError **error) {
  g_autoptr(aft_price_stream) stream = aft_price_stream_open(address, returns, symbols, error);
  g_autoptr(GString) text = g_string_new(NULL);
  g_autofree char *piece = g_malloc(size);
  ssize_t got = -1;
  if (stream == NULL) return NULL;
  while ((got = aft_price_stream_read(stream, piece, size, error)) > 0) g_string_append_len(text, piece, got);
  return got < 0 ? NULL : g_string_free(g_steal_pointer(&text), FALSE);
}

static char *address_of(const char *table) { return g_strdup_printf("%s/%s", db->url, table); }

static void assert_text(const char *table, bool returns, const char *const *symbols, const char *expected) {
  static const size_t sizes[] = {1, 7, 4096};
  g_autofree char *address = address_of(table);
  for (size_t i = 0; i < G_N_ELEMENTS(sizes); i++) {
    GError *error = NULL;
    g_autofree char *text = read_all(address, returns, symbols, sizes[i], &error);
    g_assert_no_error(error);
    g_assert_cmpstr(text, ==, expected);
  }
}

/* The columns that a price file may have, by symbol and day; of symbols that are named, with the ends of the table. */
static void test_text(void) {
  static const char *const some[] = {"AAA", "x\" OR \\", NULL}, *const odd[] = {"a,\"b\\", NULL},
                           *const none[] = {NULL};
  static const char *const preferences[] = {"extra_float_digits = -12", "datestyle = 'SQL, DMY'",
                                            "timezone = 'Asia/Tokyo'"};
  static const char head[] = "date,symbol,close,adj_close,volume\n", first[] = "2023-12-29,CCC,9,9,9\n",
                    last[] = "2024-01-09,a,7,7,7\n",
                    aaa[] = "2024-01-02,AAA,10.5,,800\n2024-01-03,AAA,0.1,,\n2024-01-04,AAA,,9.75,0\n",
                    bbb[] = "2024-01-03,BBB,21.5,21.25,900\n",
                    quoted[] = "2024-01-05,\"a,\"\"b\\\",0.001,,12345678901\n";
  g_autofree char *all = g_strconcat(head, aaa, bbb, first, last, quoted, NULL),
                  *two = g_strconcat(head, aaa, first, last, NULL), *one = g_strconcat(head, first, last, quoted, NULL),
                  *ends = g_strconcat(head, first, last, NULL);
  assert_text("mine.small", false, NULL, all);
  assert_text("mine.small", false, some, two);
  assert_text("mine.small", false, odd, one);
  assert_text("mine.small", false, none, ends);
  assert_text("mine.empty", false, NULL, "date,symbol,close\n");
  assert_text("mine.returns", true, NULL, "date,symbol,ret\n2024-01-02,7,0.01\n2024-01-03,7,\n2024-01-10,7,-1\n");
  assert_text("mine.returns", true, some, "date,symbol,ret\n2024-01-02,7,0.01\n2024-01-10,7,-1\n");
  for (size_t i = 0; i < G_N_ELEMENTS(preferences); i++) { /* how the role likes to see numbers and days changes none */
    g_autofree char *set = g_strdup_printf("ALTER ROLE " DATABASE_USER " SET %s", preferences[i]);
    g_free(database_run(db, set));
  }
  assert_text("mine.small", false, NULL, all);
  g_free(database_run(db, "ALTER ROLE " DATABASE_USER " RESET ALL"));
}

/* More rows than come at once: none twice, none lost. */
static void test_many(void) {
  GError *error = NULL;
  g_autofree char *address = address_of("mine.many"), *text = read_all(address, false, NULL, 1 << 16, &error);
  g_assert_no_error(error);
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  g_assert_cmpuint(g_strv_length(lines), ==, 30002);
  g_assert_cmpstr(lines[30001], ==, "");
  for (guint i = 2; i < 30001; i++) {
    g_auto(GStrv) before = g_strsplit(lines[i - 1], ",", -1), now = g_strsplit(lines[i], ",", -1);
    int symbols = strcmp(before[1], now[1]);
    g_assert_true(symbols < 0 || (symbols == 0 && strcmp(before[0], now[0]) < 0));
  }
}

static void test_refusals(void) {
  static const struct {
    const char *address;
    int code;
    const char *message;
  } cases[] = {
      {"postgresql://127.0.0.1", AFT_FETCH_ERROR_URL, "the address of prices does not end in a table or a view"},
      {"URL/mine.Small", AFT_FETCH_ERROR_URL, "the address of prices does not end in a table or a view"},
      {"URL/a;b", AFT_FETCH_ERROR_URL, "the address of prices does not end in a table or a view"},
      {"postgresql://u:s3cret@127.0.0.1/wrds/mine.small", AFT_FETCH_ERROR_URL,
       "the address of prices holds a password"},
      {"postgresql://db.invalid/wrds/mine.small?sslmode=disable", AFT_FETCH_ERROR_URL,
       "postgresql://db.invalid:5432/wrds is another machine, where TLS is needed"},
      {"URL/mine.nothing", AFT_FETCH_ERROR_REFUSED, "URL: relation \"mine.nothing\" does not exist"},
      {"URL/mine.hidden", AFT_FETCH_ERROR_REFUSED, "URL: permission denied for table hidden"},
      {"URL/mine.ended", AFT_FETCH_ERROR_NETWORK, "URL: canceling statement due to user request"},
      {"URL/mine.bare", AFT_FETCH_ERROR_ANSWER,
       "URL: mine.bare has not the columns date, symbol, and close or adj_close (a view can give them these names)"},
      {"URL/mine.returns", AFT_FETCH_ERROR_ANSWER, "URL: mine.returns has not the columns date, symbol, and close or"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    GError *error = NULL;
    g_autofree char *address = database_with_address(db, cases[i].address),
                    *message = database_with_address(db, cases[i].message);
    g_assert_null(read_all(address, false, NULL, 100, &error));
    if (!g_error_matches(error, AFT_FETCH_ERROR, cases[i].code) || !g_str_has_prefix(error->message, message))
      g_error("%s, expected \"%s\"", error->message, message);
    g_assert_null(strstr(error->message, "s3cret"));
    g_assert_null(strstr(error->message, "--")); /* options of fetch */
    g_clear_error(&error);
  }
  g_assert_true(aft_price_stream_is_address("postgres://x/y/z") && !aft_price_stream_is_address("prices.csv"));
}

/* A wire that is cut in the middle: an error, and not fewer rows. */
static void test_cut(void) {
  wire *w = wire_new(db, 300000, false);
  GError *error = NULL;
  g_autofree char *address = g_strdup_printf("postgresql://127.0.0.1:%d/wrds/mine.many", wire_port(w));
  g_assert_null(read_all(address, false, NULL, 5000, &error));
  g_assert_true(g_error_matches(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_NETWORK));
  g_clear_error(&error);
  wire_free(w);
}

/* ---- whole studies */

static void run(const char *dir, const char *command) {
  const char *program = g_getenv("AFTERSHOCK");
  g_autofree char *path = g_canonicalize_filename(program != NULL ? program : "build/release/aftershock", NULL);
  g_autofree char *environment[] = {g_strdup_printf("A=%s", path), NULL};
  const char *const variables[] = {environment[0], "SOURCE_DATE_EPOCH=1740787200", NULL};
  const char *argv[] = {"/bin/sh", "-c", command, NULL};
  GError *error = NULL;
  bool ok = aft_process_run(argv, dir, variables, PATIENCE_MS, NULL, &error);
  g_assert_no_error(error);
  g_assert_true(ok);
}

static void write_study(const char *dir, const char *name, const char *keep, const char *prices) {
  g_autofree char *text = g_strdup_printf(
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"keep\": \"%s\", \"prices\": [\"%s\"], \"market\": \"SPX\","
      " \"tests\": [\"csect_t\", \"patell\"], \"models\": [\"market_model\", \"constant_mean\"], \"symbols\": [\"NVDA\", \"AMD\", \"GEV\"],"
      " \"events\": [{\"event\": \"rout\", \"symbol\": \"*\", \"published\": \"2025-01-25T15:30:25Z\"},"
      " {\"event\": \"late\", \"symbol\": \"NVDA\", \"published\": \"2025-02-20T15:30:25Z\"},"
      " {\"event\": \"beyond\", \"symbol\": \"AMD\", \"published\": \"2025-02-27T15:30:25Z\"}]}",
      keep, prices);
  g_free(support_write(dir, name, text));
}

static void fill_daily(void) {
  g_autofree char
      *source = support_source("../data/deepseek/prices.csv"),
      *path = g_canonicalize_filename(source, NULL),
      *copy = g_strdup_printf(
          "\\copy mine.daily (date, symbol, open, high, low, close, adj_close, volume) FROM '%s' CSV HEADER", path);
  g_free(database_run(db, copy));
}

static char *read_text(const char *dir, const char *name) {
  g_autofree char *path = g_build_filename(dir, name, NULL);
  char *text = NULL;
  size_t size;
  g_assert_true(aft_file_read(path, 1 << 24, &text, &size, NULL));
  return text;
}

/* The tables are those of the file, whatever is kept, also by shards; the digest tells when the table has changed. */
static void test_study(void) {
  char *dir = support_temp_dir();
  g_autofree char *address = address_of("mine.daily"), *source = support_source("../data/deepseek/prices.csv"),
                  *path = g_canonicalize_filename(source, NULL);
  fill_daily();
  write_study(dir, "file.json", "all", path);
  write_study(dir, "whole.json", "all", address);
  write_study(dir, "kept.json", "windows", address);
  run(dir, "set -e; for s in file whole kept; do \"$A\" run $s.json --out $s --no-charts --quiet; done;"
           " for s in whole kept; do for f in file/*.csv; do cmp $f $s/${f#file/}; done; done");
  run(dir, "set -e; for k in 1 2; do \"$A\" run kept.json --shard $k/2 --out shards --quiet; done;"
           " \"$A\" merge shards --out merged --no-charts --quiet; diff -r kept merged");
  g_autofree char *before = read_text(dir, "kept/result.json"), *all = read_text(dir, "whole/result.json");
  g_assert_nonnull(strstr(before, "\"role\": \"prices\""));
  g_assert_nonnull(strstr(before, "\"kept\": {"));
  g_assert_nonnull(strstr(all, "\"rows\": 6923"));
  g_assert_null(strstr(before, DATABASE_PASSWORD));
  run(dir, "\"$A\" run kept.json --out again --no-charts --quiet && diff -r kept again");
  g_autofree char *script = support_source("../scripts/reproduce"), *place = g_canonicalize_filename(script, NULL);
  g_autofree char *reproduce = g_strdup_printf("AFTERSHOCK=\"$A\" '%s' kept", place);
  run(dir, reproduce);
  g_free(database_run(db, "UPDATE mine.daily SET close = close + 0.01 WHERE symbol = 'KO' AND date = '2024-06-03'"));
  run(dir, "\"$A\" run kept.json --out again --no-charts --quiet && diff -r kept again"); /* KO was not asked for */
  g_free(database_run(db, "UPDATE mine.daily SET close = close + 0.01 WHERE symbol = 'NVDA' AND date = '2023-12-29'"));
  g_free(database_run(db, "UPDATE mine.daily SET close = close + 0.01 WHERE symbol = 'NVDA' AND date = '2024-06-03'"));
  run(dir, "\"$A\" run kept.json --out changed --no-charts --quiet; ! cmp -s kept/result.json changed/result.json");
  support_remove(dir);
}

/* What was not asked for is not missed: a dividend of a security without an event that has no row at the ends of the table. */
static void test_actions(void) {
  static const char actions[] =
      "date,symbol,kind,value\n2024-06-11,NVDA,dividend,0.01\n2024-03-04,KO,dividend,0.485\n2024-03-04,NONE,dividend,1\n";
  char *dir = support_temp_dir();
  g_autofree char *address = address_of("mine.middle");
  g_free(support_write(dir, "actions.csv", actions));
  write_study(dir, "plain.json", "windows", address);
  run(dir,
      "set -e; sed 's/\"market\"/\"actions\": \"actions.csv\", &/' plain.json >kept.json; sed 's/windows/all/' kept.json >all.json;"
      " for s in kept all; do \"$A\" run $s.json --out $s --no-charts --quiet 2>$s.said; done; cmp all/car.csv kept/car.csv;"
      " grep -q 'no price file has the symbol \"NONE\"' all.said; ! grep 'no price file' kept.said");
  support_remove(dir);
}

/* A signal cancels the query, and leaves nothing behind; other commands read the table too. */
static void test_commands(void) {
  char *dir = support_temp_dir();
  g_autofree char *slow = address_of("mine.slow"), *address = address_of("mine.daily");
  write_study(dir, "slow.json", "windows", slow);
  write_study(dir, "whole.json", "windows", address);
  run(dir, "\"$A\" run slow.json --out gone --quiet & p=$!; sleep 1; kill -TERM $p; wait $p; s=$?;"
           " [ $s -ge 128 ] && [ -z \"$(ls -d gone* 2>&1 | grep -v 'No such')\" ]");
  g_autofree char *left = database_run(db, "SELECT count(*) FROM pg_stat_activity WHERE usename = '" DATABASE_USER
                                           "' AND query LIKE '%FETCH FORWARD%'");
  g_assert_cmpstr(left, ==, "0");
  run(dir,
      "\"$A\" audit whole.json >said && grep -q '^24 symbols, 6923 rows' said && \"$A\" align whole.json | grep -q rout");
  support_remove(dir);
}

int main(int argc, char **argv) {
  static const database_test tests[] = {
      {"/run-postgres/text", test_text},         {"/run-postgres/many", test_many},
      {"/run-postgres/refusals", test_refusals}, {"/run-postgres/cut", test_cut},
      {"/run-postgres/study", test_study},       {"/run-postgres/actions", test_actions},
      {"/run-postgres/commands", test_commands}};
  return database_test_main(argc, argv, &db, tables, tests, G_N_ELEMENTS(tests), NULL);
}
