/* What the providers that are databases share. */
#include "database.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_AGE_H = 12, MAX_NAME = 63 };

const char *const fetch_table_columns[AFT_PRICE_N_COLUMNS] = {
    [AFT_PRICE_OPEN] = "open",   [AFT_PRICE_HIGH] = "high",           [AFT_PRICE_LOW] = "low",
    [AFT_PRICE_CLOSE] = "close", [AFT_PRICE_ADJ_CLOSE] = "adj_close", [AFT_PRICE_VOLUME] = "volume",
    [AFT_PRICE_RETURN] = "ret"};

bool fetch_database_init(fetch_database *database, fetch_session *session, const char *usual, const char *name,
                         GError **error) {
  *database = (fetch_database){.session = session, .first = "-infinity"};
  if (session->first != AFT_DAY_NONE) aft_day_print(session->first, database->first);
  aft_day_print(session->last, database->last);
  return fetch_postgres_find(&database->place, session->settings->base, "--base", usual, name, error);
}

void fetch_database_clear(fetch_database *database) {
  fetch_postgres_close(database->postgres);
  fetch_postgres_place_clear(&database->place);
}

typedef struct asked {
  fetch_database *database;
  const fetch_question *question;
  const char *url;
} asked;

static bool put_question(fetch_session *session, const void *data, GString *body, GError **error) {
  const asked *a = data;
  fetch_database *d = a->database;
  const aft_fetch_settings *settings = session->settings;
  const char *value = a->question->value != NULL ? a->question->value : "";
  const char *parameters[] = {d->first, d->last, value, value};
  size_t usual = session->provider->max_bytes, given = settings->max_bytes;
  if (d->postgres == NULL) d->postgres = fetch_postgres_open(&d->place, settings->http.total_ms, error);
  if (d->postgres == NULL || !fetch_postgres_read(d->postgres, a->question->sql, parameters, a->question->n,
                                                  given > 0 ? MIN(given, usual) : usual, body, error))
    return false;
  g_autofree char *line = g_strdup_printf("%s: %" G_GSIZE_FORMAT " bytes", a->url, body->len);
  if (settings->http.tell != NULL) settings->http.tell(line, settings->http.data);
  return true;
}

bool fetch_database_ask(fetch_database *database, const fetch_question *question, fetch_reply *reply, GError **error) {
  fetch_session *session = database->session;
  const char *first = session->first != AFT_DAY_NONE ? database->first : NULL, *key = question->key;
  g_autofree char *path = g_strconcat("/", question->table, NULL);
  g_autofree char *url =
      key != NULL ? aft_url_build(database->place.name, path,
                                  AFT_PAIRS(key, question->value, "first", first, "last", database->last))
                  : aft_url_build(database->place.name, path, AFT_PAIRS("first", first, "last", database->last));
  const asked a = {database, question, url};
  return fetch_get_other(session, url, FETCH_HOURS(MAX_AGE_H), put_question, &a, reply, error);
}

bool fetch_is_plain_name(const char *name) {
  size_t n = strlen(name);
  return n > 0 && n <= MAX_NAME && strspn(name, "abcdefghijklmnopqrstuvwxyz0123456789_") == n &&
         !g_ascii_isdigit(*name);
}

bool fetch_is_table_name(const char *name) {
  g_auto(GStrv) parts = g_strsplit(name, ".", -1);
  guint n = g_strv_length(parts);
  bool ok = n == 1 || n == 2;
  for (guint i = 0; ok && i < n; i++) ok = fetch_is_plain_name(parts[i]);
  return ok;
}
