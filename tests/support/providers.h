/* The providers as a server on this machine plays them: good answers, empty ones, broken ones, and every fault. */
#ifndef TESTS_PROVIDERS_H
#define TESTS_PROVIDERS_H

#include "loopback.h"

#include <aftershock/fetch/fetch.h>

/* One path of a provider and what it answers; the first whose path is a part of the request's path and query counts. */
typedef struct provider_page {
  const char *path;
  const char *type; /* NULL: JSON */
  const char *good;
  const char *member; /* the body is a zip archive with this member; NULL: as it stands */
  const char *empty;  /* what stands there when there are no rows; NULL: the case's */
} provider_page;

typedef struct provider_case {
  const char *name; /* of the provider */
  enum aft_fetch_kind kind;
  const char *symbols[4], *text, *urls[2]; /* of the query; urls are paths below the server */
  const char *first, *last;
  provider_page pages[6];
  const char
      *empty; /* what a valid answer without rows looks like, on every page; NULL: its pages say, or there is none */
  const char *broken;  /* what is nothing like it, but has the right beginning */
  const char *refusal; /* a 200 that says no */
  size_t n_rows;       /* of the good answer */
  unsigned n_absent;   /* requests for documents that are not there */
} provider_case;

/* Ended by a row without a name. */
extern const provider_case provider_cases[];

/* What happens to every request of a stage. */
enum provider_fault {
  PROVIDER_GOOD,
  PROVIDER_EMPTY,
  PROVIDER_BROKEN,
  PROVIDER_REFUSAL,   /* in a 200 */
  PROVIDER_PAGE,      /* HTML in a 200 */
  PROVIDER_STATUS,    /* stage.status, with HTML */
  PROVIDER_FOREIGN,   /* 403, in words of other alphabets, with a byte that is no text */
  PROVIDER_TRANSPORT, /* stage.transport */
  PROVIDER_REDIRECT   /* to stage.target */
};

/* A server that plays one provider, a store, and the settings of calls. */
typedef struct provider_stage {
  const provider_case *which;
  enum provider_fault fault;
  unsigned status;
  enum loopback_fault transport;
  const char *target;
  loopback *server;
  char *dir, *store;
  GString *told; /* what --verbose would show */
  aft_fetch_settings settings;
  char *urls[2];
} provider_stage;

#define PROVIDER_FOREIGN_WORDS "acc\xC3\xA8s refus\xC3\xA9 \xE2\x80\x93 \xE7\xA6\x81\xE6\xAD\xA2"
#define PROVIDER_KEY "k3y-0123456789abcdef"

/* Sets the variables of all keys to PROVIDER_KEY. */
void provider_set_keys(void);
void provider_stage_init(provider_stage *stage, const provider_case *which);
void provider_stage_clear(provider_stage *stage);
const provider_case *provider_find(enum aft_fetch_kind kind, const char *name);

/* Asks what the case asks. records and warnings are initialised. */
bool provider_ask(provider_stage *stage, aft_records *records, aft_warnings *warnings, GError **error);

/* Rows of the case's kind. */
size_t provider_count(const provider_case *which, const aft_records *records);

/* The text of the case's file; owned. */
char *provider_print(const provider_case *which, const aft_records *records, aft_millis now);

#endif
