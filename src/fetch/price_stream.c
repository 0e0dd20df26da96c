/* A table in PostgreSQL as the text of a price file: a cursor on the server, of which a few thousand rows at a time come here. */
#include <aftershock/fetch/price_stream.h>

#include "database.h"

#include <aftershock/base/csv.h>
#include <aftershock/fetch/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum {
  TIMEOUT_MS = 3600000, /* the server may have to sort a large table before the first row */
  MAX_BYTES = 64 << 20  /* of what comes at once */
};

static const char fetch_sql[] = "FETCH FORWARD 5000 FROM aftershock_prices";
static const char *const schemes[] = {"postgresql://", "postgres://", NULL};

struct aft_price_stream {
  fetch_postgres_place place;
  fetch_postgres *postgres;
  char *table;
  GString *text; /* the part that came last */
  size_t at;     /* how much of it was given out */
  bool is_begun, is_over;
};

bool aft_price_stream_is_address(const char *path) {
  for (size_t i = 0; schemes[i] != NULL; i++)
    if (g_str_has_prefix(path, schemes[i])) return true;
  return false;
}

void aft_price_stream_free(aft_price_stream *stream) {
  if (stream == NULL) return;
  fetch_postgres_close(stream->postgres);
  fetch_postgres_place_clear(&stream->place);
  g_free(stream->table);
  g_string_free(stream->text, TRUE);
  g_free(stream);
}

/* Splits the table off the address: what is left is the server's, or "" where the surroundings name it. */
static bool find_table(aft_price_stream *stream, const char *address, char **base, GError **error) {
  size_t length = strcspn(address, "?");
  g_autofree char *place = g_strndup(address, length);
  const char *host = strstr(place, "://") + 3;
  char *slash = strrchr(host, '/');
  if (slash == NULL || !fetch_is_table_name(slash + 1)) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL,
                "the address of prices does not end in a table or a view, TABLE or SCHEMA.TABLE in lower case (write "
                "postgresql://HOST:PORT/DATABASE/TABLE)");
    return false;
  }
  stream->table = g_strdup(slash + 1);
  *slash = '\0';
  *base = *host == '\0' ? g_strdup("") : g_strconcat(place, address + length, NULL);
  return true;
}

/* An answer of one column that has one row, or none; owned. */
static char *read_word(aft_price_stream *stream, const char *sql, GError **error) {
  g_autoptr(GString) answer = g_string_new(NULL);
  const char *const parameters[] = {stream->table};
  if (!fetch_postgres_read(stream->postgres, sql, parameters, 1, MAX_BYTES, answer, error)) return NULL;
  const char *line = strchr(answer->str, '\n');
  return g_strchomp(g_strdup(line != NULL ? line + 1 : ""));
}

static bool run_command(aft_price_stream *stream, const char *sql, GError **error) {
  g_autoptr(GString) ignored = g_string_new(NULL);
  return fetch_postgres_read(stream->postgres, sql, NULL, 0, MAX_BYTES, ignored, error);
}

/* Which of the columns the table has; false with error when they are too few. */
static bool find_columns(aft_price_stream *stream, bool returns, bool *has, GError **error) {
  g_autofree char *sql = g_strdup_printf("SELECT * FROM %s LIMIT 0", stream->table);
  g_autoptr(GString) answer = g_string_new(NULL);
  if (!fetch_postgres_read(stream->postgres, sql, NULL, 0, MAX_BYTES, answer, error)) return false;
  g_autoptr(aft_csv) csv = aft_csv_open_bytes(stream->table, answer->str, answer->len, error);
  if (csv == NULL) return false;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    has[c] = returns == (c == AFT_PRICE_RETURN) && aft_csv_find(csv, fetch_table_columns[c]) >= 0;
  if (aft_csv_find(csv, "date") >= 0 && aft_csv_find(csv, "symbol") >= 0 &&
      (has[AFT_PRICE_CLOSE] || has[AFT_PRICE_ADJ_CLOSE] || has[AFT_PRICE_RETURN]))
    return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER,
              "%s: %s has not the columns date, symbol, and %s (a view can give them these names)", stream->place.name,
              stream->table, returns ? "ret" : "close or adj_close");
  return false;
}

/* {"A","B"}, as PostgreSQL writes arrays. Owned. */
static char *print_array(const char *const *symbols) {
  GString *array = g_string_new("{");
  for (size_t i = 0; symbols[i] != NULL; i++) {
    g_string_append(array, i > 0 ? ",\"" : "\"");
    for (const char *p = symbols[i]; *p != '\0'; p++) {
      if (*p == '"' || *p == '\\') g_string_append_c(array, '\\');
      g_string_append_c(array, *p);
    }
    g_string_append_c(array, '"');
  }
  g_string_append_c(array, '}');
  return g_string_free(array, FALSE);
}

/* The rows, which nothing but their table decides: numbers as doubles in their shortest form. An index on symbol serves where it is a text. */
static char *print_cursor(const aft_price_stream *stream, const bool *has, bool all, const char *type) {
  const char *table = stream->table, *compared = strcmp(type, "text") == 0 || strcmp(type, "character varying") == 0
                                                     ? "symbol"
                                                     : "symbol::text";
  GString *sql =
      g_string_new("DECLARE aftershock_prices NO SCROLL CURSOR FOR SELECT date::date AS date, symbol::text AS symbol");
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (has[c])
      g_string_append_printf(sql, ", nullif(%s::float8, 'NaN') AS %s", fetch_table_columns[c], fetch_table_columns[c]);
  g_string_append_printf(sql, " FROM %s WHERE symbol IS NOT NULL", table);
  if (!all)
    g_string_append_printf(sql,
                           " AND (%s = ANY($1::text[]) OR date::date IN (SELECT min(date)::date FROM %s WHERE symbol "
                           "IS NOT NULL UNION ALL SELECT max(date)::date FROM %s WHERE symbol IS NOT NULL))",
                           compared, table, table);
  g_string_append(sql, " ORDER BY symbol::text COLLATE \"C\", date");
  return g_string_free(sql, FALSE);
}

static bool declare(aft_price_stream *stream, bool returns, const char *const *symbols, GError **error) {
  bool has[AFT_PRICE_N_COLUMNS];
  if (!find_columns(stream, returns, has, error)) return false;
  g_autofree char *type = read_word(
      stream, "SELECT atttypid::regtype FROM pg_attribute WHERE attrelid = $1::regclass AND attname = 'symbol'", error);
  if (type == NULL) return false;
  g_autofree char *array = symbols != NULL ? print_array(symbols) : NULL,
                  *sql = print_cursor(stream, has, symbols == NULL, type);
  const char *const parameters[] = {array};
  return run_command(stream, "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY", error) &&
         fetch_postgres_read(stream->postgres, sql, parameters, symbols != NULL ? 1 : 0, MAX_BYTES, stream->text,
                             error);
}

aft_price_stream *aft_price_stream_open(const char *address, bool returns, const char *const *symbols, GError **error) {
  g_autoptr(aft_price_stream) stream = g_new0(aft_price_stream, 1);
  g_autofree char *base = NULL;
  stream->text = g_string_new(NULL);
  if (!find_table(stream, address, &base, error) ||
      !fetch_postgres_find(&stream->place, *base != '\0' ? base : NULL, "the address of prices", NULL, "", error))
    return NULL;
  stream->place.in_run = true;
  stream->postgres = fetch_postgres_open(&stream->place, TIMEOUT_MS, error);
  if (stream->postgres == NULL || !declare(stream, returns, symbols, error)) return NULL;
  return g_steal_pointer(&stream);
}

/* The next rows; each part has the header, of which one is enough. */
static bool read_part(aft_price_stream *stream, GError **error) {
  g_string_truncate(stream->text, 0);
  stream->at = 0;
  if (!fetch_postgres_read(stream->postgres, fetch_sql, NULL, 0, MAX_BYTES, stream->text, error)) return false;
  size_t header = (size_t)(strchr(stream->text->str, '\n') + 1 - stream->text->str);
  stream->is_over = stream->text->len == header;
  if (stream->is_begun) stream->at = header;
  stream->is_begun = true;
  return true;
}

ssize_t aft_price_stream_read(void *stream_data, char *target, size_t size, GError **error) {
  aft_price_stream *stream = stream_data;
  if (stream->at == stream->text->len && !stream->is_over && !read_part(stream, error)) return -1;
  size_t n = MIN(size, stream->text->len - stream->at);
  if (n > 0) memcpy(target, stream->text->str + stream->at, n);
  stream->at += n;
  return (ssize_t)n;
}
