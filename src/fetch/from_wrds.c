/* CRSP's daily returns from WRDS, or from any PostgreSQL server with tables of that shape: one query a security. */
#include "crsp.h"
#include "database.h"
#include "provider.h"

#include <aftershock/base/csv.h>
#include <aftershock/fetch/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

static const char server[] = "postgresql://wrds-pgdata.wharton.upenn.edu:9737/wrds", usual_name[] = "wrds";

/* The longest series has 26,000 days of 40 bytes; the list of all securities 40,000 lines. */
enum { MAX_BYTES = 16 << 20, LATE_DAYS = 7 };

/*
 * One generation of CRSP's tables. In the queries {schema} stands for a name that was checked; everything else that a user says is a
 * parameter. $1 and $2: first and last day, $3: what is asked for, $4: the same, where its type is that of another column.
 */
typedef struct format {
  const char *name;
  const char *names, *daily; /* tables, for the names of the answers */
  const char *find;          /* permno, first, last: of a ticker */
  const char *list;          /* permno: of all; $3 is true for common stocks of US firms on the three exchanges alone */
  const char *series;        /* permno, day, return: of a number */
} format;

static const format formats[] = {
    {.name = "ciz",
     .names = "stksecurityinfohist",
     .daily = "dsf_v2",
     .find = "SELECT permno, min(secinfostartdt)::date AS first, max(secinfoenddt)::date AS last"
             " FROM {schema}.stksecurityinfohist WHERE ticker = $3 AND secinfoenddt >= $1::date"
             " AND secinfostartdt <= $2::date GROUP BY permno ORDER BY permno",
     .list = "SELECT permno FROM {schema}.stksecurityinfohist WHERE secinfoenddt >= $1::date"
             " AND secinfostartdt <= $2::date AND (NOT $3::boolean OR (sharetype = 'NS' AND securitytype = 'EQTY'"
             " AND securitysubtype = 'COM' AND usincflg = 'Y' AND issuertype IN ('ACOR', 'CORP')"
             " AND primaryexch IN ('N', 'A', 'Q') AND conditionaltype IN ('RW', 'NW') AND tradingstatusflg = 'A'))"
             " GROUP BY permno ORDER BY permno",
     .series = "SELECT permno, dlycaldt::date AS dlycaldt, nullif(dlyret::float8, 'NaN') AS dlyret"
               " FROM {schema}.dsf_v2 WHERE permno = $3 AND dlycaldt BETWEEN $1::date AND $2::date ORDER BY 2"},
    {.name = "legacy",
     .names = "dsenames",
     .daily = "dsf",
     .find = "SELECT permno, min(namedt)::date AS first, max(nameendt)::date AS last FROM {schema}.dsenames"
             " WHERE ticker = $3 AND nameendt >= $1::date AND namedt <= $2::date GROUP BY permno ORDER BY permno",
     .list = "SELECT permno FROM {schema}.dsenames WHERE nameendt >= $1::date AND namedt <= $2::date"
             " AND (NOT $3::boolean OR (shrcd IN (10, 11) AND exchcd IN (1, 2, 3))) GROUP BY permno ORDER BY permno",
     /* A delisting may fall on a day without a row. */
     .series = "SELECT coalesce(d.permno, e.permno) AS permno, coalesce(d.date, e.dlstdt)::date AS date,"
               " nullif(d.ret::float8, 'NaN') AS ret, nullif(e.dlret::float8, 'NaN') AS dlret, e.dlstcd"
               " FROM (SELECT * FROM {schema}.dsf WHERE permno = $3 AND date BETWEEN $1::date AND $2::date) d"
               " FULL JOIN (SELECT * FROM {schema}.dsedelist WHERE permno = $4 AND dlstcd >= 200"
               " AND dlstdt BETWEEN $1::date AND $2::date) e ON e.dlstdt = d.date ORDER BY 2"}};

/* The market, by the names of its columns in both generations' table of indexes. */
static const char *const indexes[] = {"vwretd", "vwretx", "ewretd", "ewretx", "sprtrn", NULL};
static const char index_series[] =
    "SELECT 0 AS permno, date::date AS date, nullif((CASE $3::text WHEN 'vwretd' THEN vwretd WHEN 'vwretx' THEN vwretx"
    " WHEN 'ewretd' THEN ewretd WHEN 'ewretx' THEN ewretx ELSE sprtrn END)::float8, 'NaN') AS ret"
    " FROM {schema}.dsi WHERE date BETWEEN $1::date AND $2::date ORDER BY 2";

typedef struct wrds {
  fetch_session *session;
  const format *format;
  char *schema;
  bool common;
  fetch_database database;
  fetch_crsp_counts counts;
  size_t n_done, n_all;
} wrds;

/* Asks table for what `key` and `value` say, in the days of the query. */
static bool ask(wrds *w, const char *table, const char *sql, int n, const char *key, const char *value,
                fetch_reply *reply, GError **error) {
  g_autofree char *whole = g_strdup_printf("%s.%s", w->schema, table);
  g_autoptr(GString) text = g_string_new(sql);
  g_string_replace(text, "{schema}", w->schema, 0);
  const fetch_question question = {.table = whole, .key = key, .value = value, .sql = text->str, .n = n};
  return fetch_database_ask(&w->database, &question, reply, error);
}

/* ---- series */

static bool read_series(wrds *w, const char *table, const char *sql, int n, const char *number, const char *name,
                        GError **error) {
  g_auto(fetch_reply) reply = {0};
  size_t before = w->counts.n_rows;
  fetch_progress(w->session, w->n_done, MAX(w->n_all, w->n_done));
  w->n_done++;
  if (!ask(w, table, sql, n, strcmp(table, "dsi") == 0 ? "index" : "permno", number, &reply, error) ||
      !fetch_crsp_read(w->session, reply.download.url, reply.download.body, reply.download.size, name, &w->counts,
                       error))
    return false;
  bool empty = w->counts.n_rows == before;
  if (empty && w->session->query->symbols[0] != NULL) fetch_warn_empty(w->session, name);
  return fetch_keep(w->session, &reply, empty, error) && fetch_hand_over(w->session, error);
}

/* The series that takes three parameters has two columns to compare with the number. */
static bool read_security(wrds *w, const char *number, const char *name, GError **error) {
  return read_series(w, w->format->daily, w->format->series, w->format == &formats[1] ? 4 : 3, number, name, error);
}

static bool fail_ambiguous(const wrds *w, const char *ticker, GPtrArray *numbers, const GString *when, GError **error) {
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER,
              "%s: \"%s\" was the ticker of %u securities in these days: %s: ask for one by its number",
              w->database.place.name, ticker, numbers->len, when->str);
  return false;
}

/* Column `permno` of an answer; `when` (may be NULL) gets each with its first and last day. */
static bool read_numbers(const fetch_reply *reply, GPtrArray *numbers, GString *when, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open_bytes(reply->download.url, reply->download.body, reply->download.size, error);
  const char *const *fields;
  GError *problem = NULL;
  if (csv == NULL) return false;
  if (aft_csv_find(csv, "permno") != 0 || (when != NULL && aft_csv_n_columns(csv) != 3))
    return fetch_fail_answer(reply, error, "no column permno in it");
  while (aft_csv_next(csv, &fields, &problem)) {
    g_ptr_array_add(numbers, g_strdup(fields[0]));
    if (when != NULL)
      g_string_append_printf(when, "%s%s (%s to %s)", when->len > 0 ? ", " : "", fields[0], fields[1], fields[2]);
  }
  if (problem != NULL) g_propagate_error(error, problem);
  return problem == NULL;
}

static bool read_ticker(wrds *w, const char *ticker, GError **error) {
  g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
  g_autoptr(GString) when = g_string_new(NULL);
  g_auto(fetch_reply) reply = {0};
  if (!ask(w, w->format->names, w->format->find, 3, "ticker", ticker, &reply, error) ||
      !read_numbers(&reply, numbers, when, error) || !fetch_keep(w->session, &reply, numbers->len == 0, error))
    return false;
  if (numbers->len > 1) return fail_ambiguous(w, ticker, numbers, when, error);
  if (numbers->len == 1) return read_security(w, g_ptr_array_index(numbers, 0), ticker, error);
  aft_warnings_add(w->session->warnings, "wrds does not know the ticker %s in these days: it is left out", ticker);
  return true;
}

static bool read_symbol(wrds *w, const char *symbol, GError **error) {
  if (g_strv_contains(indexes, symbol)) return read_series(w, "dsi", index_series, 3, symbol, symbol, error);
  if (strspn(symbol, "0123456789") == strlen(symbol)) return read_security(w, symbol, symbol, error);
  return read_ticker(w, symbol, error);
}

static bool read_all(wrds *w, GError **error) {
  g_autoptr(GPtrArray) numbers = g_ptr_array_new_with_free_func(g_free);
  g_auto(fetch_reply) reply = {0};
  if (!ask(w, w->format->names, w->format->list, 3, "common", w->common ? "true" : "false", &reply, error) ||
      !read_numbers(&reply, numbers, NULL, error) || !fetch_keep(w->session, &reply, numbers->len == 0, error))
    return false;
  w->n_all = numbers->len;
  for (guint i = 0; i < numbers->len; i++) {
    const char *number = g_ptr_array_index(numbers, i);
    if (!read_security(w, number, number, error)) return false;
  }
  return true;
}

/* ---- the call */

static bool fail_word(const char *word, GError **error) {
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL,
              "--query \"%s\": wrds takes ciz or legacy (the format), common (of all securities, the common stocks), "
              "schema=NAME [crsp]",
              word);
  return false;
}

static bool read_words(wrds *w, const char *text, GError **error) {
  g_auto(GStrv) words = g_strsplit(text != NULL ? text : "", ",", -1);
  for (char **word = words; *word != NULL; word++) {
    const char *said = g_strstrip(*word), *schema = g_str_has_prefix(said, "schema=") ? said + strlen("schema=") : NULL;
    bool known = strcmp(said, "common") == 0;
    if (known) w->common = true;
    for (size_t f = 0; f < G_N_ELEMENTS(formats); f++)
      if (strcmp(said, formats[f].name) == 0) {
        w->format = &formats[f];
        known = true;
      }
    if (schema != NULL && fetch_is_plain_name(schema)) {
      g_free(w->schema);
      w->schema = g_strdup(schema);
      known = true;
    }
    if (!known) return fail_word(said, error);
  }
  if (!w->common || w->session->query->symbols[0] == NULL) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "--query common chooses among all: leave out --symbols");
  return false;
}

/* A subscription that ends early gives short series without a word. */
static void judge_end(const wrds *w) {
  const aft_day asked = w->session->query->last;
  char end[AFT_DAY_TEXT];
  if (w->counts.last == AFT_DAY_NONE) return;
  aft_day_print(w->counts.last, end);
  if (asked != AFT_DAY_NONE && w->counts.last < asked - LATE_DAYS)
    aft_warnings_add(w->session->warnings,
                     "wrds: no row after %s, though %s was asked for: all were delisted by then, or %s.%s ends there%s",
                     end, w->database.last, w->schema, w->format->daily,
                     w->format == &formats[1] ? " (the old format ends with 2024)" : " (by your subscription)");
  g_ptr_array_add(w->session->records->notes, g_strdup_printf("%s.%s, format %s: the last row is of %s", w->schema,
                                                              w->format->daily, w->format->name, end));
}

static bool read_them(wrds *w, GError **error) {
  const char *const *symbols = w->session->query->symbols;
  bool ok = true;
  w->n_all = fetch_count(symbols);
  if (w->n_all == 0) return read_all(w, error);
  for (; ok && *symbols != NULL; symbols++) ok = read_symbol(w, *symbols, error);
  return ok;
}

static bool run(fetch_session *session, GError **error) {
  wrds w = {.session = session, .format = &formats[0], .schema = g_strdup("crsp")};
  fetch_crsp_counts_init(&w.counts);
  bool ok = read_words(&w, session->query->text, error) &&
            fetch_database_init(&w.database, session, session->provider->facts.base, usual_name, error) &&
            read_them(&w, error);
  if (ok) {
    fetch_progress(session, w.n_done, w.n_done);
    fetch_crsp_warn(session, "wrds", &w.counts);
    judge_end(&w);
  }
  fetch_database_clear(&w.database);
  g_free(w.schema);
  return ok;
}

const aft_provider fetch_wrds = {
    .facts = {.name = "wrds",
              .title = "CRSP daily stock file from WRDS, or another PostgreSQL server with its tables",
              .kind = AFT_FETCH_PRICES,
              .gives = "returns, for a study's returns_files: by PERMNO or ticker, vwretd and sprtrn for the market; "
                       "without symbols those of all securities",
              .asks = "an account there: PGUSER, and ~/.pgpass or PGPASSWORD",
              .terms = "for subscribers; not to be passed on; the first login from a place waits for your telephone",
              .missing = fetch_postgres_missing,
              .meaning = "total returns with delisting returns",
              .base = server},
    .max_bytes = MAX_BYTES,
    .run = run};
