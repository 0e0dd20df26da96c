/* Takes the place of postgres.c in a build without libpq: says what to install. */
#include "postgres.h"

#include <aftershock/fetch/error.h>

#include <aftershock/base/banned.h>

const char fetch_postgres_missing[] = "libpq, which this aftershock was built without: install libpq-dev (Debian), "
                                      "libpq-devel (Fedora) or libpq (macOS), and build it again";

bool fetch_postgres_find(fetch_postgres_place *place, const char *base, const char *called, const char *usual,
                         const char *database, GError **error) {
  (void)place, (void)base, (void)called, (void)usual, (void)database;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "this needs %s", fetch_postgres_missing);
  return false;
}

void fetch_postgres_place_clear(fetch_postgres_place *place) { *place = (fetch_postgres_place){0}; }

fetch_postgres *fetch_postgres_open(const fetch_postgres_place *place, int timeout_ms, GError **error) {
  (void)place, (void)timeout_ms, (void)error;
  return NULL;
}

void fetch_postgres_close(fetch_postgres *postgres) { (void)postgres; }

bool fetch_postgres_read(fetch_postgres *postgres, const char *sql, const char *const *parameters, int n,
                         size_t max_bytes, GString *out, GError **error) {
  (void)postgres, (void)sql, (void)parameters, (void)n, (void)max_bytes, (void)out, (void)error;
  return false;
}
