/* Queries of a PostgreSQL server over libpq, where this build has it; answers as CSV. Internal to fetch/. */
#ifndef FETCH_POSTGRES_H
#define FETCH_POSTGRES_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/* "" where the program was built with libpq, else what to install for it. */
extern const char fetch_postgres_missing[];

typedef struct fetch_postgres fetch_postgres;

/* Where a server is. Texts owned. */
typedef struct fetch_postgres_place {
  char *address; /* as libpq takes it; NULL: the environment alone (PGSERVICE, PGHOST and their kin) */
  char *name;    /* postgresql://HOST:PORT/DATABASE, without a user: for messages and the store */
  char *database;
  bool tls;    /* it is not this machine, so nothing goes there in the clear */
  bool in_run; /* asked by a run, for which the advice to those who fetch is none; false until it is set */
} fetch_postgres_place;

/*
 * Finds the server without asking it: `base` (NULL: none; called so in messages), else what PGSERVICE, PGHOST or PGHOSTADDR say, else `usual`; the database is
 * `database` where none of them names one. Fails with URL on an address that is none, that holds a password (it would be seen in the list of
 * processes), or that switches TLS off for another machine.
 */
bool fetch_postgres_find(fetch_postgres_place *place, const char *base, const char *called, const char *usual,
                         const char *database, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void fetch_postgres_place_clear(fetch_postgres_place *place);

/*
 * Connects, once: user and password as libpq finds them (PGUSER, PGPASSWORD, ~/.pgpass, a service file). The session only reads, and each
 * query has timeout_ms on the server. A signal cancels the query that runs. Fails with KEY (no password, a wrong one) or NETWORK. Owned.
 */
fetch_postgres *fetch_postgres_open(const fetch_postgres_place *place, int timeout_ms,
                                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void fetch_postgres_close(fetch_postgres *postgres); /* NULL too */

/*
 * Runs one query and appends its answer as CSV: a header with the columns' names, then the rows as they come, one at a time. A command
 * without an answer appends nothing.
 *
 * parameters  texts for $1, $2, ...; n of them
 * max_bytes   of `out`; more is a failure
 *
 * Fails with REFUSED (no permission, no such table), ANSWER, LIMIT or NETWORK (no answer in time, the connection broke off); what `out`
 * holds then is a part of the answer, to be thrown away.
 */
bool fetch_postgres_read(fetch_postgres *postgres, const char *sql, const char *const *parameters, int n,
                         size_t max_bytes, GString *out, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
