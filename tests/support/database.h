/* A PostgreSQL server on this machine, with made-up rows in tables of CRSP's shape. It ends with the test, however that ends. */
#ifndef TESTS_DATABASE_H
#define TESTS_DATABASE_H

#include <glib.h>
#include <stdbool.h>

#define DATABASE_USER "reader"
#define DATABASE_PASSWORD "s3cret-0123456789abcdef"

typedef struct database {
  char *dir; /* its folder, and a place for the files of the test */
  int port;
  char *url;  /* postgresql://127.0.0.1:PORT/wrds */
  int leash;  /* the server lives while this is open */
  int keeper; /* process id of who waits for that */
  bool has_tls;
} database;

/* Starts one and fills it; NULL, with a reason (static), where no server is installed. */
database *database_new(const char **reason);
void database_free(database *db);

/* Runs SQL as its owner; prints the first column of the answer; owned. */
char *database_run(const database *db, const char *sql);

/* Whether it offers TLS, where it has a certificate. */
void database_set_tls(const database *db, bool on);

/* A wire to the server that is cut or goes dead after so many bytes of its answers. */
typedef struct wire wire;
wire *wire_new(const database *db, size_t n_bytes, bool dead); /* dead: silent; else cut */
int wire_port(const wire *w);
size_t wire_free(wire *w); /* bytes of answers that went through */

#endif
