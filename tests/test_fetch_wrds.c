/* fetch/: returns of CRSP's tables from a PostgreSQL server on this machine: numbers, refusals, broken connections, Ctrl-C. */
#include "support/database.h"
#include "support/database_call.h"
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/base/process.h>
#include <aftershock/fetch/error.h>
#include <aftershock/fetch/fetch.h>
#include <aftershock/input/prices.h>

#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

enum { PATIENCE_MS = 60000 };

static database *db;

/* In the days of most cases. */
static void call_init(database_call *c, const char *symbol, const char *text) {
  database_call_init(c, db, "wrds", symbol, text);
}

static const char *const nothing[] = {NULL};

/* ---- numbers */

/* The new format: the order of days, a day without a return, NaN, a total loss that is the delisting's; the ticker keeps its name. */
static void test_ciz(void) {
  const char *missing[] = {"wrds: returns that are missing, or coded as missing: 1", NULL};
  database_call c;
  call_init(&c, "10001", NULL);
  database_assert_call(
      &c, "2024-01-02,10001,0.037037\n2024-01-03,10001,-0.0125\n2024-01-04,10001,\n2024-01-05,10001,1e-05\n", missing);
  g_autofree char *name = database_with_address(db, "URL/crsp.dsf_v2?permno=10001&first=2024-01-01&last=2024-01-10");
  g_assert_cmpuint(c.records.sources->len, ==, 1);
  g_assert_cmpstr(g_array_index(c.records.sources, aft_source_record, 0).url, ==, name);
  g_assert_cmpuint(c.records.notes->len, ==, 1);
  g_assert_cmpstr(g_ptr_array_index(c.records.notes, 0), ==, "crsp.dsf_v2, format ciz: the last row is of 2024-01-05");
  database_call_clear(&c);
  call_init(&c, "BBX", "ciz");
  c.symbols[1] = "vwretd";
  c.symbols[2] = "sprtrn";
  database_assert_call(&c,
                       "2024-01-04,BBX,0.01\n2024-01-05,BBX,-1\n2024-01-02,vwretd,-0.0061\n2024-01-03,vwretd,-0.0093\n"
                       "2024-01-02,sprtrn,-0.0057\n2024-01-03,sprtrn,-0.008\n",
                       nothing);
  database_call_clear(&c);
  call_init(&c, "DDD", NULL);
  database_assert_call(
      &c, "2024-01-02,DDD,\n",
      (const char *const[]){"wrds: returns that are missing, or coded as missing: 1",
                            "wrds: no row after 2024-01-02, though 2024-01-10 was asked for: all were delisted "
                            "by then, or crsp.dsf_v2 ends there (by your subscription)",
                            NULL});
  database_call_clear(&c);
}

/* The old one: numbers that are codes, delistings on a day of their own, on one with a return, without a return, of one that trades on. */
static void test_legacy(void) {
  const char *of_four[] = {
      "wrds: returns that are missing, or coded as missing: 3",
      "wrds: delistings without a delisting return, so that the last loss or payment is not in the "
      "returns: 1",
      NULL};
  database_call c;
  call_init(&c, "10001", "legacy");
  c.symbols[1] = "BBX";
  c.symbols[2] = "10003";
  database_assert_call(
      &c,
      "2024-01-02,10001,0.037037\n2024-01-03,10001,-0.0125\n2024-01-04,BBX,0.01\n2024-01-05,BBX,-0.56\n"
      "2024-01-04,10003,0.25\n2024-01-05,10003,-0.3\n",
      nothing);
  g_assert_cmpstr(g_ptr_array_index(c.records.notes, 0), ==,
                  "wrds: delisting returns joined to the return of their day: 2");
  database_call_clear(&c);
  call_init(&c, "10004", "legacy");
  database_assert_call(
      &c, "2024-01-02,10004,\n2024-01-03,10004,\n2024-01-04,10004,-1\n2024-01-05,10004,\n2024-01-08,10004,-0.5\n",
      of_four);
  database_call_clear(&c);
}

/* What a study reads is what was written; days outside of the window stay there; without --first all days come. */
static void test_window(void) {
  database_call c;
  aft_prices prices;
  aft_warnings warnings;
  GError *error = NULL;
  call_init(&c, "10001", NULL);
  c.first = NULL;
  c.last = "2024-01-03";
  database_assert_call(&c, "2023-12-29,10001,0.5\n2024-01-02,10001,0.037037\n2024-01-03,10001,-0.0125\n", nothing);
  g_autofree char *text = aft_records_print_returns(&c.records), *path = support_write(db->dir, "ret.csv", text);
  aft_warnings_init(&warnings);
  aft_prices_init(&prices);
  g_assert_true(aft_returns_read_csv(&prices, path, false, &warnings, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(prices.n_rows, ==, 3);
  assert_close(prices.column[AFT_PRICE_RETURN][1], 0.037037, 0);
  aft_prices_clear(&prices);
  aft_warnings_clear(&warnings);
  database_call_clear(&c);
}

/* All securities, one at a time: what is handed over is what comes in one piece. */
static void test_all(void) {
  const struct {
    const char *text, *first;
    unsigned n_pieces, n_rows;
  } cases[] = {{"ciz", NULL, 5, 3009},
               {"ciz,common", NULL, 3, 8},
               {"legacy", "2024-01-01", 4, 11},
               {"common,legacy", NULL, 3, 9},
               {"ciz", "2024-01-05", 5, 2}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    database_call whole, pieces;
    unsigned n_rows = 0;
    call_init(&whole, NULL, cases[i].text);
    call_init(&pieces, NULL, cases[i].text);
    whole.first = pieces.first = cases[i].first;
    pieces.in_pieces = true;
    g_assert_true(database_call_run(&whole));
    g_assert_true(database_call_run(&pieces));
    for (const char *p = whole.rows; *p != '\0'; p++) n_rows += *p == '\n';
    g_assert_cmpuint(n_rows, ==, cases[i].n_rows);
    g_assert_cmpuint(pieces.n_pieces, ==, cases[i].n_pieces);
    g_assert_cmpstr(pieces.taken->str, ==, whole.rows);
    g_assert_cmpstr(pieces.rows, ==, "");
    database_call_clear(&pieces);
    database_call_clear(&whole);
  }
}

/* Within twelve hours, and offline for ever, the store answers; the server may be gone. */
static void test_store(void) {
  database_call first, again, offline;
  call_init(&first, "BBX", "legacy");
  g_assert_true(database_call_run(&first));
  g_assert_cmpuint(first.records.sources->len, ==, 2);
  g_assert_nonnull(strstr(first.told->str, "/crsp.dsf?permno=10002&first=2024-01-01&last=2024-01-10: "));
  call_init(&again, "BBX", "legacy");
  again.settings.now += INT64_C(11) * 3600000;
  g_assert_true(database_call_run(&again));
  g_assert_cmpstr(again.told->str, ==, "");
  call_init(&offline, "BBX", "legacy");
  offline.settings.now += INT64_C(400) * AFT_MILLIS_PER_DAY;
  offline.settings.offline = true;
  g_assert_true(database_call_run(&offline));
  g_assert_cmpstr(offline.told->str, ==, "");
  g_assert_cmpstr(offline.rows, ==, first.rows);
  database_call_clear(&offline);
  database_call_clear(&again);
  call_init(&again, "10001", "legacy");
  again.settings.offline = true;
  database_assert_fails(&again, AFT_FETCH_ERROR_NOT_STORED,
                        "URL/crsp.dsf?permno=10001&first=2024-01-01&last=2024-01-10 is not");
  database_call_clear(&again);
  database_call_clear(&first);
}

/* ---- names */

static void test_names(void) {
  database_call c;
  call_init(&c, "BBB", NULL);
  c.first = "2023-01-01";
  database_assert_fails(
      &c, AFT_FETCH_ERROR_ANSWER,
      "URL: \"BBB\" was the ticker of 2 securities in these days: 10002 (2015-01-02 to 2023-06-30), 10003 "
      "(2023-09-01 to 2024-12-31): ask for one by its number");
  database_call_clear(&c);
  call_init(&c, "BBB", NULL); /* in these days it is one */
  database_assert_call(
      &c, "2024-01-02,BBB,0.25\n",
      (const char *const[]){"wrds: no row after 2024-01-02, though 2024-01-10 was asked for: all were delisted "
                            "by then, or crsp.dsf_v2 ends there (by your subscription)",
                            NULL});
  database_call_clear(&c);
  /* Neither a table nor a query comes out of a name. */
  call_init(&c, "x'; DROP TABLE crsp.dsf_v2; --", NULL);
  c.symbols[1] = "99999";
  database_assert_call(
      &c, "",
      (const char *const[]){"wrds does not know the ticker x'; DROP TABLE crsp.dsf_v2; -- in these days: it is "
                            "left out",
                            "wrds has no rows of 99999 in these days", NULL});
  g_autofree char *n = database_run(db, "SELECT count(*) FROM crsp.dsf_v2");
  g_assert_cmpstr(n, ==, "3009");
  database_call_clear(&c);
}

static void test_words(void) {
  static const char *const texts[] = {"monthly",   "schema=", "schema=crsp\"; DROP",
                                      "schema=1a", "Legacy",  "schema=Crsp"};
  database_call c;
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
    g_autofree char *message = g_strdup_printf("--query \"%s\": wrds takes ciz or legacy", texts[i]);
    call_init(&c, "10001", texts[i]);
    database_assert_fails(&c, AFT_FETCH_ERROR_URL, message);
    database_call_clear(&c);
  }
  call_init(&c, "10001", "legacy, common");
  database_assert_fails(&c, AFT_FETCH_ERROR_URL, "--query common chooses among all: leave out --symbols");
  database_call_clear(&c);
}

/* ---- refusals */

static void test_refusals(void) {
  const struct {
    const char *text, *symbol;
    int code;
    const char *message;
  } cases[] = {
      {"schema=closed", "10001", AFT_FETCH_ERROR_REFUSED,
       "URL: permission denied for schema closed (this account may not read it: is it in your subscription?)"},
      {"schema=nowhere", "10001", AFT_FETCH_ERROR_REFUSED, "URL: relation \"nowhere.dsf_v2\" does not exist (what "},
      {"schema=odd", "10001", AFT_FETCH_ERROR_ANSWER, "URL: column \"dlycaldt\" does not exist (the table has another"},
      {"schema=odd", "AAA", AFT_FETCH_ERROR_REFUSED, "URL: relation \"odd.stksecurityinfohist\" does not exist"},
      {"ciz", "99999999999999", AFT_FETCH_ERROR_ANSWER,
       "URL: value \"99999999999999\" is out of range for type integer"},
      {"schema=slow", "10001", AFT_FETCH_ERROR_NETWORK,
       "URL: no answer within 0.3 s (give it longer with --timeout, or ask for fewer days)"},
      {"schema=dying", "10001", AFT_FETCH_ERROR_NETWORK, "URL: terminating connection due to administrator command"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    database_call c;
    call_init(&c, cases[i].symbol, cases[i].text);
    if (strcmp(cases[i].text, "schema=slow") == 0) c.settings.http.total_ms = 300;
    database_assert_fails(&c, cases[i].code, cases[i].message);
    c.settings.offline = true; /* and nothing was kept */
    aft_records_clear(&c.records);
    aft_warnings_clear(&c.warnings);
    g_clear_error(&c.error);
    g_clear_pointer(&c.rows, g_free);
    database_assert_fails(&c, AFT_FETCH_ERROR_NOT_STORED, "URL/");
    database_call_clear(&c);
  }
  database_call c;
  call_init(&c, "10005", NULL);
  c.first = NULL;
  c.settings.max_bytes = 10000;
  database_assert_fails(&c, AFT_FETCH_ERROR_LIMIT, "URL: an answer larger than 10000 bytes");
  database_call_clear(&c);
}

/* Who one is: without a password, with a wrong one, from ~/.pgpass, and a database that is not there. */
static void test_login(void) {
  database_call c;
  g_autofree char *line = g_strdup_printf("127.0.0.1:*:wrds:" DATABASE_USER ":" DATABASE_PASSWORD "\n");
  g_autofree char *path = support_write(db->dir, "pgpass", line);
  g_autofree char *other = g_strdup_printf("postgresql://127.0.0.1:%d/other", db->port);
  g_unsetenv("PGPASSWORD");
  call_init(&c, "10001", NULL);
  database_assert_fails(&c, AFT_FETCH_ERROR_KEY,
                        "URL wants a password of user \"" DATABASE_USER
                        "\": write \"HOST:PORT:DATABASE:USER:PASSWORD\" into "
                        "~/.pgpass (chmod 600), or set PGPASSWORD; PGUSER names the user");
  database_call_clear(&c);
  g_assert_cmpint(chmod(path, 0600), ==, 0);
  g_setenv("PGPASSFILE", path, TRUE);
  call_init(&c, "10001", NULL);
  g_assert_true(database_call_run(&c));
  database_call_clear(&c);
  g_setenv("PGPASSFILE", "/nonexistent", TRUE);
  g_setenv("PGPASSWORD", "wr0ng-0123456789", TRUE);
  call_init(&c, "10001", NULL);
  database_assert_fails(&c, AFT_FETCH_ERROR_KEY, "URL: ");
  g_assert_nonnull(strstr(c.error->message, "password authentication failed for user \"" DATABASE_USER "\""));
  g_assert_null(strstr(c.error->message, "wr0ng"));
  database_call_clear(&c);
  g_setenv("PGPASSWORD", DATABASE_PASSWORD, TRUE);
  call_init(&c, "10001", NULL);
  c.settings.base = other;
  database_assert_fails(&c, AFT_FETCH_ERROR_NETWORK, "postgresql://127.0.0.1:");
  g_assert_nonnull(strstr(c.error->message, "database \"other\" does not exist"));
  database_call_clear(&c);
}

static void test_addresses(void) {
  const struct {
    const char *base, *message;
  } cases[] = {
      {"http://127.0.0.1/", "--base is not the address of a PostgreSQL server (write postgresql://HOST:PORT/DATABASE)"},
      {"host=a password=b", "--base is not the address of a PostgreSQL server"},
      {"postgresql://u:topsecret@[::1", "--base is not the address of a PostgreSQL server"},
      {"postgresql://u:topsecret@127.0.0.1/wrds", "--base holds a password, which others can see there: write "},
      {"postgresql://127.0.0.1/wrds?password=topsecret", "--base holds a password, which others can see there: write "},
      {"postgresql://127.0.0.1/wrds?service=x", "--base names a service: name it with PGSERVICE, without --base"},
      {"postgresql://db.example/wrds?sslmode=disable",
       "postgresql://db.example:5432/wrds is another machine, where TLS"},
      {"postgresql://127.0.0.1,db.example/wrds?sslmode=allow",
       "postgresql://127.0.0.1,db.example:5432/wrds is another"},
      {"postgresql:///wrds?hostaddr=192.0.2.1&sslmode=disable", "postgresql://192.0.2.1:5432/wrds is another machine"},
      {"postgresql://127.0.0.1.example/wrds?sslmode=disable", "postgresql://127.0.0.1.example:5432/wrds is another"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    database_call c;
    call_init(&c, "10001", NULL);
    c.settings.base = cases[i].base;
    database_assert_fails(&c, AFT_FETCH_ERROR_URL, cases[i].message);
    g_assert_null(strstr(c.error->message, "topsecret"));
    database_call_clear(&c);
  }
}

/* The environment stands for the address; a service file too. */
static void test_environment(void) {
  g_autofree char *port = g_strdup_printf("%d", db->port);
  g_autofree char *text =
      g_strdup_printf("[mine]\nhost=127.0.0.1\nport=%d\ndbname=wrds\nuser=" DATABASE_USER "\n", db->port);
  g_autofree char *services = support_write(db->dir, "services.conf", text);
  database_call c;
  g_setenv("PGHOST", "127.0.0.1", TRUE);
  g_setenv("PGPORT", port, TRUE);
  call_init(&c, "10001", NULL);
  c.settings.base = NULL;
  g_assert_true(database_call_run(&c));
  database_call_clear(&c);
  g_unsetenv("PGHOST");
  g_unsetenv("PGPORT");
  g_unsetenv("PGUSER");
  g_setenv("PGSERVICE", "mine", TRUE);
  g_setenv("PGSERVICEFILE", services, TRUE);
  call_init(&c, "10001", NULL);
  c.settings.base = NULL;
  g_assert_true(database_call_run(&c));
  g_assert_true(g_str_has_prefix(g_array_index(c.records.sources, aft_source_record, 0).url, db->url));
  database_call_clear(&c);
  g_unsetenv("PGSERVICE");
  g_setenv("PGUSER", DATABASE_USER, TRUE);
}

/* Another machine by its name, here by its address: encrypted, or not at all; and with the certificate verified where one asks for it. */
static void test_tls(void) {
  g_autofree char *base = g_strdup_printf("postgresql://wrds.example:%d/wrds?hostaddr=127.0.0.1", db->port);
  g_autofree char *root = g_build_filename(db->dir, "data", "server.crt", NULL);
  g_autofree char *verified = g_strdup_printf("%s&sslmode=verify-full&sslrootcert=%s", base, root);
  g_autofree char *wrong = g_strdup_printf(
      "postgresql://other.example:%d/wrds?hostaddr=127.0.0.1&sslmode=verify-full&sslrootcert=%s", db->port, root);
  database_call c;
  if (!db->has_tls) {
    g_test_skip("openssl is not installed");
    return;
  }
  for (int i = 0; i < 2; i++) {
    call_init(&c, "10001", NULL);
    c.settings.base = i == 0 ? base : verified;
    g_assert_true(database_call_run(&c));
    database_call_clear(&c);
  }
  call_init(&c, "10001", NULL);
  c.settings.base = wrong;
  database_assert_fails(&c, AFT_FETCH_ERROR_NETWORK, "postgresql://other.example:");
  g_assert_nonnull(strstr(c.error->message, "certificate"));
  database_call_clear(&c);
  database_set_tls(db, false);
  call_init(&c, "10001", NULL);
  c.settings.base = base;
  database_assert_fails(&c, AFT_FETCH_ERROR_NETWORK, "postgresql://wrds.example:");
  g_assert_nonnull(strstr(c.error->message, "server does not support SSL, but SSL was required"));
  database_call_clear(&c);
  database_set_tls(db, true);
}

/* ---- broken connections */

static char *wire_url(const wire *w) {
  return g_strdup_printf("postgresql://127.0.0.1:%d/wrds?sslmode=disable", wire_port(w));
}

/* Cut anywhere, also between two rows: never a short series, never a kept one. */
static void test_cuts(void) {
  wire *w = wire_new(db, G_MAXUINT32, false);
  g_autofree char *url = wire_url(w);
  database_call c;
  call_init(&c, "10005", NULL);
  c.first = NULL;
  c.settings.base = url;
  g_assert_true(database_call_run(&c));
  g_assert_cmpuint(c.records.returns->len, ==, 3000);
  database_call_clear(&c);
  size_t whole = wire_free(w);
  g_assert_cmpuint(whole, >, 3000 * 20);
  for (size_t cut = 1; cut < whole; cut += cut < 1200 ? 97 : 9973) {
    w = wire_new(db, cut, false);
    g_autofree char *cut_url = wire_url(w);
    call_init(&c, "10005", NULL);
    c.first = NULL;
    c.settings.base = cut_url;
    database_assert_fails(&c, AFT_FETCH_ERROR_NETWORK, "postgresql://127.0.0.1:");
    g_assert_cmpuint(c.records.returns->len, ==, 0);
    g_assert_cmpuint(c.records.sources->len, ==, 0);
    database_call_clear(&c);
    wire_free(w);
  }
}

/* A server that falls silent in the middle: the time limit is ours as well. */
static void test_silence(void) {
  wire *w = wire_new(db, 20000, true);
  g_autofree char *url = wire_url(w);
  database_call c;
  call_init(&c, "10005", NULL);
  c.first = NULL;
  c.settings.base = url;
  c.settings.http.total_ms = 150;
  database_assert_fails(&c, AFT_FETCH_ERROR_NETWORK, "postgresql://127.0.0.1:");
  g_assert_nonnull(strstr(c.error->message, ": no answer within 0.15 s"));
  database_call_clear(&c);
  wire_free(w);
}

/* ---- the program */

static char *find_program(void) {
  const char *path = g_getenv("AFTERSHOCK");
  return g_canonicalize_filename(path != NULL ? path : "build/release/aftershock", NULL);
}

static char *read_text(const char *name) {
  g_autofree char *path = g_build_filename(db->dir, name, NULL);
  char *text = NULL;
  size_t size;
  g_assert_true(aft_file_read(path, 1 << 20, &text, &size, NULL));
  return text;
}

static void test_program(void) {
  g_autofree char *program = find_program(), *said = NULL;
  const char *argv[] = {program,          "fetch",  "prices",     "--from",  "wrds",    "--query",
                        "legacy,common",  "--last", "2024-01-10", "--out",   "all.csv", "--store",
                        "program.sqlite", "--base", db->url,      "--quiet", NULL};
  GError *error = NULL;
  g_assert_true(aft_process_run(argv, db->dir, NULL, PATIENCE_MS, &said, &error));
  g_assert_no_error(error);
  g_autofree char *text = read_text("all.csv"), *origin = read_text("all.csv.provenance.json");
  g_assert_cmpstr(
      text, ==,
      "date,symbol,ret\n2024-01-02,10001,0.037037\n2024-01-03,10001,-0.0125\n2024-01-04,10002,0.01\n"
      "2024-01-05,10002,-0.56\n2024-01-02,10004,\n2024-01-03,10004,\n2024-01-04,10004,-1\n2024-01-05,10004,\n"
      "2024-01-08,10004,-0.5\n");
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, text, -1);
  g_assert_nonnull(strstr(origin, digest));
  g_assert_nonnull(strstr(origin, "/crsp.dsf?permno=10004&last=2024-01-10\""));
  g_assert_null(strstr(origin, DATABASE_PASSWORD));
}

/* How many queries the server works on for us. */
static unsigned count_queries(void) {
  g_autofree char *n = database_run(db, "SELECT count(*) FROM pg_stat_activity WHERE usename = '" DATABASE_USER
                                        "' AND state = 'active'");
  return (unsigned)g_ascii_strtoull(n, NULL, 10);
}

/* Ctrl-C while the server works: status 130, no file, and the server stops working on it. */
static void test_interrupt(void) {
  g_autofree char *program = find_program(), *out = g_build_filename(db->dir, "slow.csv", NULL);
  int status;
  pid_t child = fork();
  if (child == 0) {
    if (chdir(db->dir) != 0 || freopen("/dev/null", "w", stderr) == NULL) _exit(9);
    execl(program, program, "fetch", "prices", "--from", "wrds", "--query", "schema=slow", "--symbols", "10001",
          "--out", "slow.csv", "--store", "program.sqlite", "--base", db->url, (char *)NULL);
    _exit(9);
  }
  for (int i = 0; i < PATIENCE_MS / 20 && count_queries() == 0; i++) g_usleep(20000);
  g_assert_cmpuint(count_queries(), ==, 1);
  g_assert_cmpint(kill(child, SIGINT), ==, 0);
  g_assert_cmpint(waitpid(child, &status, 0), ==, child);
  g_assert_true(WIFEXITED(status));
  g_assert_cmpint(WEXITSTATUS(status), ==, 130);
  for (int i = 0; i < 100 && count_queries() > 0; i++) g_usleep(20000); /* it would sleep for minutes */
  g_assert_cmpuint(count_queries(), ==, 0);
  g_assert_false(g_file_test(out, G_FILE_TEST_EXISTS));
}

/* A build without libpq lists the provider with what to install, and says so when it is asked. */
static void test_absent(void) {
  const char *none[] = {NULL};
  const aft_provider *provider = aft_provider_find(AFT_FETCH_PRICES, "wrds");
  const aft_fetch_query query = {.symbols = none, .urls = none, .first = AFT_DAY_NONE, .last = AFT_DAY_NONE};
  g_autofree char *dir = support_temp_dir(), *store = g_build_filename(dir, "store", NULL);
  const aft_fetch_settings settings = {.store = store};
  aft_warnings warnings;
  g_auto(aft_records) records;
  GError *error = NULL;
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  g_assert_false(aft_fetch_run(provider, &query, &settings, &records, &warnings, &error));
  g_autofree char *expected = g_strdup_printf("this needs %s", aft_provider_facts_of(provider)->missing);
  assert_error(&error, expected);
  aft_warnings_clear(&warnings);
  support_remove(g_steal_pointer(&dir));
}

int main(int argc, char **argv) {
  static const database_test tests[] = {{"/wrds/ciz", test_ciz},
                                        {"/wrds/legacy", test_legacy},
                                        {"/wrds/window", test_window},
                                        {"/wrds/all", test_all},
                                        {"/wrds/store", test_store},
                                        {"/wrds/names", test_names},
                                        {"/wrds/words", test_words},
                                        {"/wrds/refusals", test_refusals},
                                        {"/wrds/login", test_login},
                                        {"/wrds/addresses", test_addresses},
                                        {"/wrds/environment", test_environment},
                                        {"/wrds/tls", test_tls},
                                        {"/wrds/cuts", test_cuts},
                                        {"/wrds/silence", test_silence},
                                        {"/wrds/program", test_program},
                                        {"/wrds/interrupt", test_interrupt}};
  static const database_test absent = {"/wrds/absent", test_absent};
  return database_test_main(argc, argv, &db, NULL, tests, G_N_ELEMENTS(tests), &absent);
}
