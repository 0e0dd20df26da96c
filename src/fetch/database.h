/* What the providers that are databases share: a server asked when the store has no answer, over one connection. Internal to fetch/. */
#ifndef FETCH_DATABASE_H
#define FETCH_DATABASE_H

#include "postgres.h"
#include "session.h"

typedef struct fetch_database {
  fetch_session *session;
  fetch_postgres_place place;
  fetch_postgres *postgres;                     /* NULL until something is asked */
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT]; /* of the query, as parameters */
} fetch_database;

/* Finds the server as fetch_postgres_find does, without asking it. clear it, also after a failure. */
bool fetch_database_init(fetch_database *database, fetch_session *session, const char *usual, const char *name,
                         GError **error);
void fetch_database_clear(fetch_database *database);

typedef struct fetch_question {
  const char *table; /* for the name of the answer: "crsp.dsf_v2" */
  const char *key;   /* what value is: "permno"; NULL: nothing but the days */
  const char *value; /* NULL: "" */
  const char *sql;   /* with $1 and $2 the days, $3 and $4 the value */
  int n;             /* how many of these it has */
} fetch_question;

/* The answer as CSV, from the store when it is less than twelve hours old; keep it with fetch_keep after it was read without fault. */
bool fetch_database_ask(fetch_database *database, const fetch_question *question, fetch_reply *reply, GError **error);

/* Whether PostgreSQL takes the name without quotes, so that it can stand in a query. */
bool fetch_is_plain_name(const char *name);
/* The same of TABLE or SCHEMA.TABLE. */
bool fetch_is_table_name(const char *name);

/* Columns that are read of a table of one's own where it has them, by enum aft_price_column. */
extern const char *const fetch_table_columns[AFT_PRICE_N_COLUMNS];

#endif
