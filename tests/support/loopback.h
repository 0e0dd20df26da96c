/* An HTTP server on this machine that plays a provider, faults included. Its requests are counted and bounded. */
#ifndef TESTS_LOOPBACK_H
#define TESTS_LOOPBACK_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct loopback loopback;

/* What the transport does with the body. */
enum loopback_fault {
  LOOPBACK_WHOLE,
  LOOPBACK_GZIP,      /* compressed */
  LOOPBACK_CHUNKED,   /* without Content-Length */
  LOOPBACK_STALL,     /* headers and half the body, then nothing until the client gives up */
  LOOPBACK_TRUNCATED, /* headers and half the body, then the connection is closed */
  LOOPBACK_ENDLESS,   /* chunks for as long as the client listens */
  LOOPBACK_BOMB,      /* 4 MiB of blanks, compressed to 4 KiB */
  LOOPBACK_BAD_GZIP,  /* says gzip and is not */
  LOOPBACK_CLOSE      /* whole, but the connection is not kept */
};

typedef struct loopback_request {
  const char *path;  /* without the query; borrowed */
  const char *query; /* without the mark; "" for none; borrowed */
  const char *(*header)(const struct loopback_request *request, const char *name); /* NULL when absent */
  void *connection;
  unsigned number; /* from 1 */
} loopback_request;

enum { LOOPBACK_MAX_HEADERS = 4 };

typedef struct loopback_answer {
  unsigned status;                                                /* 200 */
  char *body;                                                     /* owned by the answer; NULL for none */
  size_t size;                                                    /* 0: strlen */
  const char *type;                                               /* Content-Type; "application/json" */
  char *name[LOOPBACK_MAX_HEADERS], *value[LOOPBACK_MAX_HEADERS]; /* more headers; owned; NULL from the end on */
  enum loopback_fault fault;
} loopback_answer;

/* Fills in the answer; called from one thread at a time. */
typedef void loopback_route(const loopback_request *request, loopback_answer *answer, void *data);

/* Listens on a free port of 127.0.0.1. After 20000 requests it answers 599 only. */
loopback *loopback_new(loopback_route *route, void *data);
void loopback_free(loopback *server);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(loopback, loopback_free)

const char *loopback_url(const loopback *server); /* "http://127.0.0.1:PORT"; borrowed */
unsigned loopback_n_requests(loopback *server);
unsigned loopback_n_connections(loopback *server);
/* All that was sent so far: request lines with queries, headers; owned. */
char *loopback_log(loopback *server);

/* Adds a header to an answer; texts are copied. */
void loopback_add_header(loopback_answer *answer, const char *name, const char *value);

/* A zip archive with n members, deflated. Owned, *size bytes. */
char *loopback_zip(const char *const *names, const char *const *texts, size_t n, size_t *size);

#endif
