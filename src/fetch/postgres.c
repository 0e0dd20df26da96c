/* Queries of a PostgreSQL server over libpq. */
#include "postgres.h"

#include <aftershock/base/interrupt.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>
#include <aftershock/fetch/url.h>

#include <libpq-fe.h>
#include <poll.h>
#include <string.h>

#include <aftershock/base/banned.h>

const char fetch_postgres_missing[] = "";

enum {
  GRACE_MS = 10000,   /* for the server's own time limit to be told */
  SHORTEST_SECRET = 4 /* a shorter password would blot ordinary words out of messages */
};

/* Connecting may wait for somebody's telephone: the second factor. */
static const char patience_s[] = "120";

struct fetch_postgres {
  PGconn *connection;
  PGcancel *cancel;
  int timeout_ms;
  gint64 late; /* from when on (monotonic microseconds) the server ends the query for its time */
  char *name;
  bool in_run;
};

static const char kept_nothing[] = " (nothing of this answer was kept: the same call goes on from here)";

/* Advice to those who fetch. */
static const char *advise(const fetch_postgres *postgres, const char *text) { return postgres->in_run ? "" : text; }

/* ---- where the server is */

static bool fail(int code, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(int code, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, AFT_FETCH_ERROR, code, message);
  return false;
}

static const char *value_in(const PQconninfoOption *options, const char *keyword) {
  for (; options != NULL && options->keyword != NULL; options++)
    if (strcmp(options->keyword, keyword) == 0)
      return options->val != NULL && *options->val != '\0' ? options->val : NULL;
  return NULL;
}

/* Of the address, else of the environment and the service that it names, else libpq's own. */
static const char *value_of(const PQconninfoOption *given, const PQconninfoOption *usual, const char *keyword) {
  const char *value = value_in(given, keyword);
  return value != NULL ? value : value_in(usual, keyword);
}

/* Sockets of this machine and its loopback addresses; a list is when all in it are. */
static bool is_local(const char *hosts) {
  g_auto(GStrv) list = g_strsplit(hosts != NULL ? hosts : "", ",", -1);
  for (char **host = list; *host != NULL; host++) {
    g_autofree char *url = g_strdup_printf(strchr(*host, ':') != NULL ? "http://[%s]/" : "http://%s/", *host);
    if (**host != '\0' && **host != '/' && **host != '@' && !aft_url_is_loopback(url)) return false;
  }
  return true;
}

static bool check_address(const char *address, const char *called, const PQconninfoOption *given, GError **error) {
  static const char form[] = "postgresql://HOST:PORT/DATABASE";
  bool is_url = g_str_has_prefix(address, "postgresql://") || g_str_has_prefix(address, "postgres://");
  /* The address is not shown: what cannot be read may hold a password. */
  if (given == NULL || !is_url)
    return fail(AFT_FETCH_ERROR_URL, error, "%s is not the address of a PostgreSQL server (write %s)", called, form);
  if (value_in(given, "password") != NULL)
    return fail(AFT_FETCH_ERROR_URL, error,
                "%s holds a password, which others can see there: write %s, and the password into ~/.pgpass", called,
                form);
  if (value_in(given, "service") != NULL)
    return fail(AFT_FETCH_ERROR_URL, error, "%s names a service: name it with PGSERVICE, without %s", called, called);
  return true;
}

/* Whether the connection is, or will be made, one that nobody reads along. */
static bool check_tls(const fetch_postgres_place *place, const char *mode, GError **error) {
  if (!place->tls || mode == NULL || strcmp(mode, "prefer") == 0 || strcmp(mode, "require") == 0 ||
      g_str_has_prefix(mode, "verify-"))
    return true;
  return fail(AFT_FETCH_ERROR_URL, error, "%s is another machine, where TLS is needed: sslmode \"%s\" goes without it",
              place->name, mode);
}

static void fill_place(fetch_postgres_place *place, const char *address, const PQconninfoOption *given,
                       const PQconninfoOption *usual, const char *database) {
  const char *host = value_of(given, usual, "host"), *numeric = value_of(given, usual, "hostaddr");
  const char *port = value_of(given, usual, "port"), *named = value_of(given, usual, "dbname");
  const char *shown = host != NULL ? host : numeric != NULL ? numeric : "localhost";
  g_autofree char *encoded = *shown == '/' ? aft_url_encode(shown) : g_ascii_strdown(shown, -1);
  place->address = g_strdup(address);
  place->database = g_strdup(named != NULL ? named : database);
  g_autofree char *table = aft_url_encode(place->database);
  place->name = g_strdup_printf(strchr(encoded, ':') != NULL ? "postgresql://[%s]:%s/%s" : "postgresql://%s:%s/%s",
                                encoded, port != NULL && strspn(port, ",") < strlen(port) ? port : "5432", table);
  place->tls = !is_local(host) || !is_local(numeric);
}

bool fetch_postgres_find(fetch_postgres_place *place, const char *base, const char *called, const char *usual,
                         const char *database, GError **error) {
  bool surroundings = g_getenv("PGSERVICE") != NULL || g_getenv("PGHOST") != NULL || g_getenv("PGHOSTADDR") != NULL;
  const char *address = base != NULL ? base : surroundings ? NULL : usual;
  PQconninfoOption *given = address != NULL ? PQconninfoParse(address, NULL) : NULL, *defaults = PQconndefaults();
  *place = (fetch_postgres_place){0};
  bool ok = address == NULL || check_address(address, called, given, error);
  if (ok) {
    fill_place(place, address, given, defaults, database);
    ok = check_tls(place, value_of(given, defaults, "sslmode"), error);
  }
  PQconninfoFree(given);
  PQconninfoFree(defaults);
  if (!ok) fetch_postgres_place_clear(place);
  return ok;
}

void fetch_postgres_place_clear(fetch_postgres_place *place) {
  char *const texts[] = {place->address, place->name, place->database};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  *place = (fetch_postgres_place){0};
}

/* ---- what it says when it fails */

/* The server's words in one line, without the password, whatever it sends. Owned. */
static char *clean_words(const PGconn *connection, const char *words) {
  g_autofree char *valid = g_utf8_make_valid(words != NULL ? words : "", -1);
  const char *secret = PQpass(connection);
  GString *line = g_string_new(NULL);
  for (const char *p = valid; *p != '\0'; p++)
    if (!g_ascii_iscntrl(*p) && *p != ' ')
      g_string_append_c(line, *p);
    else if (line->len > 0 && line->str[line->len - 1] != ' ')
      g_string_append_c(line, ' ');
  if (secret != NULL && strlen(secret) >= SHORTEST_SECRET) g_string_replace(line, secret, "***", 0);
  return g_strchomp(g_string_free(line, FALSE));
}

static bool fail_connection(const fetch_postgres *postgres, int code, const char *advice, GError **error) {
  g_autofree char *words = clean_words(postgres->connection, PQerrorMessage(postgres->connection));
  return fail(code, error, "%s: %s%s", postgres->name, *words != '\0' ? words : "the connection broke off", advice);
}

static bool fail_opening(const fetch_postgres *postgres, GError **error) {
  const PGconn *connection = postgres->connection;
  if (PQconnectionNeedsPassword(connection))
    return fail(AFT_FETCH_ERROR_KEY, error,
                "%s wants a password of user \"%s\": write \"HOST:PORT:DATABASE:USER:PASSWORD\" into ~/.pgpass "
                "(chmod 600), or set PGPASSWORD; PGUSER names the user",
                postgres->name, PQuser(connection));
  if (PQconnectionUsedPassword(connection) && strstr(PQerrorMessage(connection), "authentication failed") != NULL)
    return fail_connection(postgres, AFT_FETCH_ERROR_KEY,
                           " (PGUSER names the user; the password comes from PGPASSWORD or ~/.pgpass)", error);
  return fail_connection(postgres, AFT_FETCH_ERROR_NETWORK, "", error);
}

static bool fail_late(fetch_postgres *postgres, GError **error) {
  return fail(AFT_FETCH_ERROR_NETWORK, error, "%s: no answer within %g s%s", postgres->name,
              postgres->timeout_ms / 1000.0,
              advise(postgres, " (give it longer with --timeout, or ask for fewer days)"));
}

/* What an error's code means for us, and what to do; a code that stands for its class ends with *. */
static const struct {
  const char *state;
  int code;
  const char *advice;
} meanings[] = {
    {"42501", AFT_FETCH_ERROR_REFUSED, " (this account may not read it: is it in your subscription?)"},
    {"42P01", AFT_FETCH_ERROR_REFUSED,
     " (what --query says of the format and the schema decides which tables are asked)"},
    {"3F000", AFT_FETCH_ERROR_REFUSED, " (--query schema=NAME names another schema)"},
    {"42703", AFT_FETCH_ERROR_ANSWER, " (the table has another shape than expected)"},
    {"08*", AFT_FETCH_ERROR_NETWORK, ""},
    {"53*", AFT_FETCH_ERROR_NETWORK, " (try again later)"},
    {"57014", AFT_FETCH_ERROR_NETWORK, " (somebody ended the query on the server: try again)"},
    {"57P*", AFT_FETCH_ERROR_NETWORK, " (the server closed the connection: try again later)"},
};

static bool fail_result(fetch_postgres *postgres, const PGresult *result, GError **error) {
  const char *state = PQresultErrorField(result, PG_DIAG_SQLSTATE);
  if (state == NULL || PQstatus(postgres->connection) == CONNECTION_BAD) {
    const char *primary = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    g_autofree char *words =
        clean_words(postgres->connection, primary != NULL ? primary : PQresultErrorMessage(result));
    return fail(AFT_FETCH_ERROR_NETWORK, error, "%s: %s%s", postgres->name, words, advise(postgres, kept_nothing));
  }
  if (strcmp(state, "57014") == 0 && g_get_monotonic_time() >= postgres->late) return fail_late(postgres, error);
  g_autofree char *words = clean_words(postgres->connection, PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY));
  for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++)
    if (g_pattern_match_simple(meanings[i].state, state))
      return fail(meanings[i].code, error, "%s: %s%s", postgres->name, words, advise(postgres, meanings[i].advice));
  return fail(AFT_FETCH_ERROR_ANSWER, error, "%s: %s (SQLSTATE %s)", postgres->name, words, state);
}

/* ---- the connection */

static void cancel_query(void *data) {
  char words[256];
  PQcancel(data, words, sizeof words); /* when it fails, closing the connection is all that is left */
}

static void ignore_notice(void *data, const PGresult *result) {
  (void)data;
  (void)result;
}

static PGconn *connect_to(const fetch_postgres_place *place) {
  PQconninfoOption *given = place->address != NULL ? PQconninfoParse(place->address, NULL) : NULL;
  PQconninfoOption *defaults = PQconndefaults();
  const char *mode = value_of(given, defaults, "sslmode");
  bool raise = place->tls && (mode == NULL || strcmp(mode, "prefer") == 0);
  bool patient = value_of(given, defaults, "connect_timeout") == NULL;
  /* A later name replaces an earlier one; NULL leaves it as it is. */
  const char *const names[] = {"dbname",          "dbname",          "fallback_application_name",
                               "client_encoding", "keepalives_idle", "sslmode",
                               "gssencmode",      "connect_timeout", NULL};
  const char *const values[] = {place->address,
                                place->database,
                                "aftershock",
                                "UTF8",
                                "30",
                                raise ? "require" : NULL,
                                place->tls ? "disable" : NULL,
                                patient ? patience_s : NULL,
                                NULL};
  PGconn *connection = PQconnectdbParams(names, values, 1);
  PQconninfoFree(given);
  PQconninfoFree(defaults);
  return connection;
}

/*
 * What holds for all queries, whatever server, database or role prefer: their time, reading alone, days as YYYY-MM-DD, all digits of
 * a double. Servers before 12 print 15 of them unless they are asked; later ones print the shortest text for whatever is above 0.
 */
static bool set_up(fetch_postgres *postgres, GError **error) {
  static const char sql[] =
      "SELECT set_config('statement_timeout', $1, false), set_config('default_transaction_read_only', 'on', false),"
      " set_config('datestyle', 'ISO', false), set_config('timezone', 'UTC', false),"
      " set_config('extra_float_digits', '3', false)";
  g_autofree char *limit = g_strdup_printf("%d", postgres->timeout_ms);
  g_autoptr(GString) ignored = g_string_new(NULL);
  return fetch_postgres_read(postgres, sql, (const char *const[]){limit}, 1, 4096, ignored, error);
}

fetch_postgres *fetch_postgres_open(const fetch_postgres_place *place, int timeout_ms, GError **error) {
  fetch_postgres *postgres = g_new0(fetch_postgres, 1);
  postgres->name = g_strdup(place->name);
  postgres->timeout_ms = timeout_ms;
  postgres->in_run = place->in_run;
  postgres->connection = connect_to(place);
  bool ok = PQstatus(postgres->connection) == CONNECTION_OK || fail_opening(postgres, error);
  if (ok && place->tls && !PQsslInUse(postgres->connection))
    ok = fail(AFT_FETCH_ERROR_NETWORK, error, "%s: the connection is not encrypted", place->name);
  if (ok) {
    PQsetNoticeReceiver(postgres->connection, ignore_notice, NULL);
    postgres->cancel = PQgetCancel(postgres->connection);
    aft_interrupt_set_call(cancel_query, postgres->cancel);
    ok = set_up(postgres, error);
  }
  if (ok) return postgres;
  fetch_postgres_close(postgres);
  return NULL;
}

void fetch_postgres_close(fetch_postgres *postgres) {
  if (postgres == NULL) return;
  if (postgres->cancel != NULL) {
    aft_interrupt_set_call(NULL, NULL);
    PQfreeCancel(postgres->cancel);
  }
  PQfinish(postgres->connection);
  g_free(postgres->name);
  g_free(postgres);
}

/* ---- a query */

/* The next result, or NULL behind the last; false when none comes until `end` (monotonic microseconds) or the connection breaks off. */
static bool next_result(fetch_postgres *postgres, gint64 end, PGresult **result, GError **error) {
  while (PQisBusy(postgres->connection)) {
    struct pollfd socket = {.fd = PQsocket(postgres->connection), .events = POLLIN};
    gint64 left = (end - g_get_monotonic_time()) / 1000;
    if (left <= 0) return fail_late(postgres, error); /* cancelling would wait too, and the server has the same limit */
    if (poll(&socket, 1, (int)MIN(left + 1, 1000)) > 0 && !PQconsumeInput(postgres->connection))
      return fail_connection(postgres, AFT_FETCH_ERROR_NETWORK, advise(postgres, kept_nothing), error);
  }
  *result = PQgetResult(postgres->connection);
  return true;
}

static void append_rows(const PGresult *result, bool header, GString *out) {
  int n = PQnfields(result);
  for (int c = 0; header && c < n; c++) {
    if (c > 0) g_string_append_c(out, ',');
    aft_csv_append(out, PQfname(result, c));
  }
  if (header) g_string_append_c(out, '\n');
  for (int r = 0; r < PQntuples(result); r++) {
    for (int c = 0; c < n; c++) {
      if (c > 0) g_string_append_c(out, ',');
      aft_csv_append(out, PQgetvalue(result, r, c)); /* of NULL it is empty */
    }
    g_string_append_c(out, '\n');
  }
}

/* Takes in one result: a row, or the end, without which the answer is not whole. */
static bool take_result(fetch_postgres *postgres, const PGresult *result, size_t max_bytes, bool *begun, bool *whole,
                        GString *out, GError **error) {
  ExecStatusType status = PQresultStatus(result);
  bool is_command = status == PGRES_COMMAND_OK; /* has no answer */
  if (status != PGRES_SINGLE_TUPLE && status != PGRES_TUPLES_OK && !is_command)
    return fail_result(postgres, result, error);
  if (!is_command) append_rows(result, !*begun, out);
  *begun = true;
  *whole = status != PGRES_SINGLE_TUPLE;
  return out->len <= max_bytes ||
         fail(AFT_FETCH_ERROR_LIMIT, error, "%s: an answer larger than %" G_GSIZE_FORMAT " bytes", postgres->name,
              max_bytes);
}

bool fetch_postgres_read(fetch_postgres *postgres, const char *sql, const char *const *parameters, int n,
                         size_t max_bytes, GString *out, GError **error) {
  gint64 limit_ms = (gint64)postgres->timeout_ms + MIN(postgres->timeout_ms, GRACE_MS);
  gint64 now = g_get_monotonic_time(), end = now + limit_ms * 1000;
  postgres->late = now + (gint64)postgres->timeout_ms * 1000;
  bool begun = false, whole = false, more = true;
  if (!PQsendQueryParams(postgres->connection, sql, n, NULL, parameters, NULL, NULL, 0) ||
      !PQsetSingleRowMode(postgres->connection))
    return fail_connection(postgres, AFT_FETCH_ERROR_NETWORK, "", error);
  while (more) {
    PGresult *result = NULL;
    if (!next_result(postgres, end, &result, error)) return false;
    more = result != NULL;
    bool ok = !more || take_result(postgres, result, max_bytes, &begun, &whole, out, error);
    PQclear(result);
    if (!ok) return false;
  }
  return whole || fail_connection(postgres, AFT_FETCH_ERROR_NETWORK, "", error);
}
