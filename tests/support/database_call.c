/* One call of a provider that is a database. */
#include "database_call.h"
#include "support.h"

#include <aftershock/base/file.h>
#include <aftershock/fetch/error.h>

#include <string.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

/* Takes what the user's surroundings say of PostgreSQL out of the way, and sets the user and password of the tests. */
static void set_surroundings(void) {
  static const char *const gone[] = {"PGHOST",    "PGHOSTADDR", "PGPORT",   "PGDATABASE",
                                     "PGSERVICE", "PGSSLMODE",  "PGOPTIONS"};
  for (size_t i = 0; i < G_N_ELEMENTS(gone); i++) g_unsetenv(gone[i]);
  g_setenv("PGUSER", DATABASE_USER, TRUE);
  g_setenv("PGPASSWORD", DATABASE_PASSWORD, TRUE);
  g_setenv("PGPASSFILE", "/nonexistent", TRUE);
  g_setenv("PGSYSCONFDIR", "/nonexistent", TRUE);
}

static void add_line(const char *line, void *data) { g_string_append_printf(data, "%s\n", line); }

static char *print_rows(const aft_records *records) {
  return records->prices->len > 0 ? aft_records_print_prices(records) : aft_records_print_returns(records);
}

static bool take_piece(aft_records *records, void *data, GError **error) {
  database_call *c = data;
  (void)error;
  g_autofree char *text = print_rows(records);
  g_string_append(c->taken, strchr(text, '\n') + 1);
  aft_records_drop_rows(records);
  c->n_pieces++;
  return true;
}

void database_call_init(database_call *c, const database *db, const char *provider, const char *symbol,
                        const char *text) {
  *c = (database_call){
      .db = db, .provider = provider, .symbols = {symbol}, .text = text, .first = "2024-01-01", .last = "2024-01-10"};
  c->told = g_string_new(NULL);
  c->taken = g_string_new(NULL);
  c->store = g_build_filename(db->dir, "store.sqlite", NULL);
  c->settings = (aft_fetch_settings){.http = aft_http_defaults("aftershock/test"),
                                     .store = c->store,
                                     .base = db->url,
                                     .now = aft_day_from_ymd(2025, 3, 1) * AFT_MILLIS_PER_DAY};
  c->settings.http.tell = add_line;
  c->settings.http.data = c->told;
}

static aft_day day_of(const char *text) {
  aft_day day = AFT_DAY_NONE;
  if (text != NULL) g_assert_true(aft_day_parse(text, strlen(text), &day));
  return day;
}

/* Asks; the password must be nowhere. */
bool database_call_run(database_call *c) {
  const char *none[] = {NULL};
  const aft_provider *provider = aft_provider_find(AFT_FETCH_PRICES, c->provider);
  const aft_fetch_query query = {
      .symbols = c->symbols, .urls = none, .text = c->text, .first = day_of(c->first), .last = day_of(c->last)};
  g_autofree char *bytes = NULL;
  size_t size = 0;
  if (c->in_pieces) c->settings.take = take_piece;
  c->settings.take_data = c;
  aft_records_init(&c->records);
  aft_warnings_init(&c->warnings);
  bool ok = aft_fetch_run(provider, &query, &c->settings, &c->records, &c->warnings, &c->error);
  g_assert_cmpint(ok, ==, c->error == NULL);
  g_autofree char *text = print_rows(&c->records);
  c->rows = g_strdup(strchr(text, '\n') + 1);
  g_autofree char *origin =
      aft_fetch_print_provenance(provider, &query, &c->records, &c->warnings, c->settings.now, "");
  if (aft_file_read(c->store, 1 << 28, &bytes, &size, NULL))
    g_assert_null(g_strstr_len(bytes, (gssize)size, DATABASE_PASSWORD));
  g_assert_null(strstr(origin, DATABASE_PASSWORD));
  g_assert_null(strstr(c->told->str, DATABASE_PASSWORD));
  if (c->error != NULL) g_assert_null(strstr(c->error->message, DATABASE_PASSWORD));
  return ok;
}

void database_call_clear(database_call *c) {
  unlink(c->store);
  aft_records_clear(&c->records);
  aft_warnings_clear(&c->warnings);
  g_clear_error(&c->error);
  g_string_free(c->told, TRUE);
  g_string_free(c->taken, TRUE);
  g_free(c->store);
  g_free(c->rows);
}

/* What the server's address stands before in messages. */
char *database_with_address(const database *db, const char *text) {
  GString *out = g_string_new(text);
  g_string_replace(out, "URL", db->url, 0);
  return g_string_free(out, FALSE);
}

void database_assert_call(database_call *c, const char *rows, const char *const *warned) {
  bool ok = database_call_run(c);
  g_assert_no_error(c->error);
  g_assert_true(ok);
  g_assert_cmpstr(c->rows, ==, rows);
  guint n = 0;
  for (; warned[n] != NULL; n++) {
    g_assert_cmpuint(n, <, c->warnings.messages->len);
    g_assert_cmpstr(g_ptr_array_index(c->warnings.messages, n), ==, warned[n]);
  }
  g_assert_cmpuint(c->warnings.messages->len, ==, n);
}

void database_assert_fails(database_call *c, int code, const char *message) {
  g_autofree char *text = database_with_address(c->db, message);
  bool ok = database_call_run(c);
  if (ok || !g_error_matches(c->error, AFT_FETCH_ERROR, code) || !g_str_has_prefix(c->error->message, text))
    g_error("%s, expected \"%s\"", ok ? "succeeds" : c->error->message, text);
}

static const char *skip_reason;
static void test_skipped(void) { g_test_skip(skip_reason); }

int database_test_main(int argc, char **argv, database **db, const char *sql, const database_test *tests, size_t n,
                       const database_test *absent) {
  g_test_init(&argc, &argv, NULL);
  bool built = *aft_provider_facts_of(aft_provider_find(AFT_FETCH_PRICES, "wrds"))->missing == '\0';
  skip_reason = "built without libpq";
  set_surroundings();
  *db = built ? database_new(&skip_reason) : NULL;
  if (*db != NULL && sql != NULL) {
    g_autofree char *said = database_run(*db, sql);
    g_assert_cmpstr(said, ==, "");
  }
  for (size_t i = 0; i < n && (built || absent == NULL); i++)
    g_test_add_func(tests[i].path, *db != NULL ? tests[i].run : test_skipped);
  if (!built && absent != NULL) g_test_add_func(absent->path, absent->run);
  int status = g_test_run();
  database_free(*db);
  return status;
}
