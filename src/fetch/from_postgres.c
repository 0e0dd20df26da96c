/* Prices or returns of a table of one's own in PostgreSQL: one query a symbol. */
#include "database.h"
#include "provider.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_BYTES = 64 << 20 };

typedef struct own_table {
  fetch_database database;
  const char *name;              /* as --query says it: checked, so that it can stand in a query */
  bool has[AFT_PRICE_N_COLUMNS]; /* by enum aft_price_column */
  bool is_returns;               /* it has no close, but returns */
  char *series;                  /* the query of a symbol */
  guint n_left_out;              /* rows without a close */
} own_table;

static bool check_name(const char *name, GError **error) {
  if (fetch_is_table_name(name)) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL,
              "--query \"%s\": name a table or a view, as TABLE or SCHEMA.TABLE, in lower case", name);
  return false;
}

static aft_csv *open_reply(const fetch_reply *reply, GError **error) {
  return aft_csv_open_bytes(reply->download.url, reply->download.body, reply->download.size, error);
}

/* The query of a symbol, of what the table has: `date` may be an instant as well. */
static char *print_series(const own_table *t) {
  GString *sql = g_string_new("SELECT date::date AS date");
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (t->has[c] && t->is_returns == (c == AFT_PRICE_RETURN))
      g_string_append_printf(sql, ", nullif(%s::float8, 'NaN') AS %s", fetch_table_columns[c], fetch_table_columns[c]);
  g_string_append_printf(sql, " FROM %s WHERE symbol = $3 AND date >= $1::date AND date < $2::date + 1 ORDER BY date",
                         t->name);
  return g_string_free(sql, FALSE);
}

/* Which columns there are; the answer has a header and no row. */
static bool read_columns(own_table *t, GError **error) {
  g_autofree char *sql = g_strdup_printf("SELECT * FROM %s LIMIT 0", t->name),
                  *label = g_strconcat(t->name, "/columns", NULL);
  const fetch_question question = {.table = label, .sql = sql};
  g_auto(fetch_reply) reply = {0};
  if (!fetch_database_ask(&t->database, &question, &reply, error)) return false;
  g_autoptr(aft_csv) csv = open_reply(&reply, error);
  if (csv == NULL) return false;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) t->has[c] = aft_csv_find(csv, fetch_table_columns[c]) >= 0;
  t->is_returns = !t->has[AFT_PRICE_CLOSE] && !t->has[AFT_PRICE_ADJ_CLOSE];
  if (aft_csv_find(csv, "date") < 0 || aft_csv_find(csv, "symbol") < 0 || (t->is_returns && !t->has[AFT_PRICE_RETURN]))
    return fetch_fail_answer(&reply, error,
                             "%s has not the columns date, symbol, and close, adj_close or ret (a view "
                             "can give them these names)",
                             t->name);
  t->series = print_series(t);
  return fetch_keep(t->database.session, &reply, false, error);
}

static bool fail_field(const aft_csv *csv, const char *what, const char *text, GError **error) {
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, "%s:%ld: %s \"%s\" cannot be", aft_csv_path(csv),
              aft_csv_line(csv), what, text);
  return false;
}

/* place: of each column in the answer, -1 where it is not. */
static bool add_row(own_table *t, const aft_csv *csv, const char *const *fields, const int *place, const char *symbol,
                    aft_day day, GError **error) {
  aft_records *records = t->database.session->records;
  double value[AFT_PRICE_N_COLUMNS];
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    const char *text = place[c] >= 0 ? fields[place[c]] : "";
    value[c] = (double)NAN;
    if (*text != '\0' && !aft_number_parse(text, strlen(text), &value[c]))
      return fail_field(csv, fetch_table_columns[c], text, error);
  }
  if (t->is_returns) {
    aft_records_add_return(records, symbol, day, value[AFT_PRICE_RETURN]);
  } else if (value[AFT_PRICE_CLOSE] > 0 || value[AFT_PRICE_ADJ_CLOSE] > 0) {
    memcpy(aft_records_add_price(records, symbol, day)->value, value, sizeof(double) * AFT_PRICE_RETURN);
  } else {
    t->n_left_out++;
  }
  return true;
}

static bool read_rows(own_table *t, const fetch_reply *reply, const char *symbol, bool *empty, GError **error) {
  g_autoptr(aft_csv) csv = open_reply(reply, error);
  const char *const *fields;
  GError *problem = NULL;
  aft_day day, last = AFT_DAY_NONE;
  if (csv == NULL) return false;
  int place[AFT_PRICE_N_COLUMNS];
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) place[c] = aft_csv_find(csv, fetch_table_columns[c]);
  while (aft_csv_next(csv, &fields, &problem)) {
    if (!aft_day_parse(fields[0], strlen(fields[0]), &day)) return fail_field(csv, "date", fields[0], error);
    if (day == last) return fetch_fail_answer(reply, error, "%s has two rows of %s on %s", t->name, symbol, fields[0]);
    if (!add_row(t, csv, fields, place, symbol, day, error)) return false;
    last = day;
  }
  *empty = last == AFT_DAY_NONE;
  if (problem != NULL) g_propagate_error(error, problem);
  return problem == NULL;
}

static bool read_symbol(own_table *t, const char *symbol, GError **error) {
  const fetch_question question = {.table = t->name, .key = "symbol", .value = symbol, .sql = t->series, .n = 3};
  fetch_session *session = t->database.session;
  g_auto(fetch_reply) reply = {0};
  bool empty = false;
  if (!fetch_database_ask(&t->database, &question, &reply, error) || !read_rows(t, &reply, symbol, &empty, error))
    return false;
  if (empty) fetch_warn_empty(session, symbol);
  return fetch_keep(session, &reply, empty, error) && fetch_hand_over(session, error);
}

/* All symbols of the days, in an order that no locale changes. Owned; NULL with error. */
static GPtrArray *list_symbols(own_table *t, GError **error) {
  g_autofree char *sql =
      g_strdup_printf("SELECT symbol::text COLLATE \"C\" AS symbol FROM %s WHERE date >= $1::date AND "
                      "date < $2::date + 1 AND symbol IS NOT NULL GROUP BY 1 ORDER BY 1",
                      t->name);
  g_autofree char *label = g_strconcat(t->name, "/symbols", NULL);
  const fetch_question question = {.table = label, .sql = sql, .n = 2};
  g_autoptr(GPtrArray) symbols = g_ptr_array_new_with_free_func(g_free);
  g_auto(fetch_reply) reply = {0};
  const char *const *fields;
  GError *problem = NULL;
  if (!fetch_database_ask(&t->database, &question, &reply, error)) return NULL;
  g_autoptr(aft_csv) csv = open_reply(&reply, error);
  if (csv == NULL) return NULL;
  while (aft_csv_next(csv, &fields, &problem)) g_ptr_array_add(symbols, g_strdup(fields[0]));
  if (problem != NULL) g_propagate_error(error, problem);
  if (problem != NULL || !fetch_keep(t->database.session, &reply, symbols->len == 0, error)) return NULL;
  return g_steal_pointer(&symbols);
}

static bool read_all(own_table *t, GError **error) {
  g_autoptr(GPtrArray) symbols = list_symbols(t, error);
  bool ok = symbols != NULL;
  for (guint i = 0; ok && i < symbols->len; i++) {
    fetch_progress(t->database.session, i, symbols->len);
    ok = read_symbol(t, g_ptr_array_index(symbols, i), error);
  }
  return ok;
}

static bool read_asked(own_table *t, GError **error) {
  const char *const *symbols = t->database.session->query->symbols;
  size_t n = fetch_count(symbols);
  for (size_t i = 0; i < n; i++) {
    fetch_progress(t->database.session, i, n);
    if (!read_symbol(t, symbols[i], error)) return false;
  }
  return n > 0 || read_all(t, error);
}

static bool run(fetch_session *session, GError **error) {
  own_table t = {.name = session->query->text};
  if (!check_name(t.name, error)) return false;
  bool ok =
      fetch_database_init(&t.database, session, NULL, "", error) && read_columns(&t, error) && read_asked(&t, error);
  if (ok && t.n_left_out > 0)
    aft_warnings_add(session->warnings, "postgres: rows of %s without a close left out: %u", t.name, t.n_left_out);
  fetch_database_clear(&t.database);
  g_free(t.series);
  return ok;
}

const aft_provider fetch_postgresql = {
    .facts = {.name = "postgres",
              .title = "A table of your own in PostgreSQL",
              .kind = AFT_FETCH_PRICES,
              .gives =
                  "rows of date, symbol and close, adj_close, open, high, low, volume, or ret, from the table or view "
                  "of --query; without --symbols those of all symbols",
              .asks = "--query and where the server is: --base postgresql://HOST:PORT/DATABASE, or PGHOST",
              .terms = "yours",
              .missing = fetch_postgres_missing,
              .meaning = "what the table says",
              .base = ""},
    .max_bytes = MAX_BYTES,
    .run = run};
