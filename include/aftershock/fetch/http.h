/*
 * One HTTP client over libcurl: GET only, https only (http to this machine alone), with limits on time, size, pace, retries and
 * redirects, and with keys that never show.
 */
#ifndef AFTERSHOCK_FETCH_HTTP_H
#define AFTERSHOCK_FETCH_HTTP_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aft_http aft_http;

typedef struct aft_http_settings {
  const char *agent;      /* User-Agent: program, version and whom to write to */
  int connect_ms;         /* to connect, names and TLS included */
  int stall_s;            /* without a byte */
  int total_ms;           /* for one answer */
  int tries;              /* at most, the first included */
  int backoff_ms;         /* before the second try; doubles, drawn between 0 and that */
  int backoff_cap_ms;     /* but never more */
  int retry_after_cap_ms; /* a provider that asks for a longer pause is not asked again */
  int budget_ms;          /* waiting between tries in all, of one client */
  int redirects;          /* followed at most */
  double pace;            /* multiplies the pace of every request; 1, and 0 where the server is a test */
  /* Told one line for each answer, without keys; may be NULL. */
  void (*tell)(const char *line, void *data);
  void *data;
} aft_http_settings;

/* What aftershock uses: 10 s to connect, 30 s of silence, 300 s in all, 4 tries, pauses of at most 120 s, 5 redirects. */
aft_http_settings aft_http_defaults(const char *agent);

/* Where a key travels; value NULL: there is none. */
enum aft_key_place { AFT_KEY_HEADER, AFT_KEY_PARAMETER };

typedef struct aft_http_key {
  const char *value;
  enum aft_key_place place;
  const char *name;   /* of the header or of the query parameter */
  const char *prefix; /* of the header's value, "Bearer "; "" for none */
} aft_http_key;

typedef struct aft_http_request {
  const char *url; /* without the key */
  aft_http_key key;
  const char *accept;        /* of the Accept header; NULL for any */
  const char *header;        /* one more, "Name: value"; NULL for none */
  const char *etag;          /* of the copy that we have; NULL or "" for none */
  const char *last_modified; /* the same */
  size_t max_bytes;          /* of the answer, as it comes and unpacked */
  int pace_ms;               /* least time between two requests to this host */
} aft_http_request;

typedef struct aft_http_answer {
  long status; /* 200; 304: the copy that we have is current */
  char *body;  /* NUL-terminated; keys in it are blotted out */
  size_t size;
  char *url;  /* that answered, without the key */
  char *type; /* Content-Type; these are "" when absent */
  char *etag, *last_modified, *link;
  long retry_after_s; /* the pause that the provider asks for; 0 when it says nothing */
  int n_tries;
} aft_http_answer;

/* settings is copied, its texts too. Owned. */
aft_http *aft_http_new(const aft_http_settings *settings);
void aft_http_free(aft_http *http);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_http, aft_http_free)

/*
 * Asks. Any HTTP status is an answer: what it means is the caller's to judge. Connection failures, 408, 425, 429, 500, 502, 503 and 504
 * are tried again after a pause; what comes back is the last of them.
 *
 * A redirect is followed to the same host and port, or one with names added in front (example.org to www.example.org), never from
 * https to http; a request with a key stays on its host.
 *
 * Fails with URL, NETWORK, LIMIT or REDIRECT; the message holds the address without the key. answer is untouched on failure.
 */
bool aft_http_get(aft_http *http, const aft_http_request *request, aft_http_answer *answer,
                  GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_http_answer_clear(aft_http_answer *answer);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(aft_http_answer, aft_http_answer_clear)

/* Requests sent and connections opened so far. */
unsigned aft_http_n_requests(const aft_http *http);
unsigned aft_http_n_connections(const aft_http *http);

#endif
