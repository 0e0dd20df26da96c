/* One call of a provider that is a database, as the tests make it. */
#ifndef TESTS_DATABASE_CALL_H
#define TESTS_DATABASE_CALL_H

#include "database.h"

#include <aftershock/fetch/fetch.h>

enum { DATABASE_MAX_SYMBOLS = 4 };

/* One call: what is asked, and what came. */
typedef struct database_call {
  const database *db; /* borrowed */
  const char *provider;
  const char *symbols[DATABASE_MAX_SYMBOLS], *text, *first, *last;
  aft_fetch_settings settings;
  char *store;
  GString *told, *taken; /* lines of --verbose; what was handed over piece by piece */
  unsigned n_pieces;
  bool in_pieces;
  aft_records records;
  aft_warnings warnings;
  GError *error;
  char *rows; /* without the header */
} database_call;

/*
 * Runs the tests against a new server that holds what sql says besides; skips them with a reason where none is installed. Where the program
 * was built without libpq, absent runs in their place (NULL: they are skipped). For main; returns its status.
 */
typedef struct database_test {
  const char *path;
  GTestFunc run;
} database_test;
int database_test_main(int argc, char **argv, database **db, const char *sql, const database_test *tests, size_t n,
                       const database_test *absent);

/* A call for the days from 2024-01-01 to 2024-01-10, with a store of its own. symbol, text: NULL for none. */
void database_call_init(database_call *c, const database *db, const char *provider, const char *symbol,
                        const char *text);
/* Asks; the password must be nowhere: not in messages, provenance, the store, or what --verbose shows. */
bool database_call_run(database_call *c);
void database_call_clear(database_call *c);

/* Asks, and gets these rows and these warnings (NULL-terminated). */
void database_assert_call(database_call *c, const char *rows, const char *const *warned);
/* Asks, and fails with this code and a message that begins so; URL stands for the server's address. */
void database_assert_fails(database_call *c, int code, const char *message);
/* The text with the server's address for URL; owned. */
char *database_with_address(const database *db, const char *text);

#endif
