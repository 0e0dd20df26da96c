/* One call of aft_fetch_run: the client, the store and where the rows go. What an adapter works with. */
#ifndef FETCH_SESSION_H
#define FETCH_SESSION_H

#include "judge.h"

#include <aftershock/fetch/fetch.h>
#include <aftershock/fetch/store.h>
#include <aftershock/fetch/url.h>

typedef struct fetch_session fetch_session;

struct aft_provider {
  aft_provider_facts facts;
  const char *second_base; /* of providers with two hosts; NULL */
  enum aft_key_place key_place;
  const char *key_name, *key_prefix;
  int pace_ms;
  size_t max_bytes;
  bool wants_contact;
  /* Asks for all that the query names and fills session->records. */
  bool (*run)(fetch_session *session, GError **error);
};

struct fetch_session {
  const aft_provider *provider;
  const aft_fetch_query *query;
  const aft_fetch_settings *settings;
  aft_records *records;
  aft_warnings *warnings;
  aft_http *http;
  aft_store *store;
  char *key;           /* NULL: none */
  aft_day first, last; /* of the query; first AFT_DAY_NONE: from the beginning; last is set */
};

/* How old a copy may be that is used without asking. */
#define FETCH_FOREVER INT64_C(-1)
#define FETCH_MINUTES(n) ((n)*INT64_C(60000))
#define FETCH_HOURS(n) ((n)*INT64_C(3600000))

typedef struct fetch_ask {
  const char *url;
  enum fetch_shape shape;
  gint64 max_age_ms;  /* FETCH_FOREVER for what cannot change */
  const char *accept; /* NULL for any */
  const char *header; /* one more; NULL */
} fetch_ask;

typedef struct fetch_reply {
  enum fetch_refusal refusal;
  char *words; /* of a refusal */
  long status;
  long retry_after_s;
  char *link;            /* the Link header, "" */
  aft_download download; /* the body; url is the one asked for */
  bool from_store;
} fetch_reply;

void fetch_reply_clear(fetch_reply *reply);
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(fetch_reply, fetch_reply_clear)

/*
 * The answer of an address: from the store when it is young enough, else from the network, with the validators of the stored copy. A refusal
 * is an answer here. Fails when there is none: no network, a broken transfer, offline and not stored.
 */
bool fetch_get(fetch_session *session, const fetch_ask *ask, fetch_reply *reply, GError **error);

/*
 * The same for what is no web page, a database for one: call appends the answer to body, and an answer is kept under name. A refusal is an error
 * here.
 */
typedef bool fetch_other_call(fetch_session *session, const void *data, GString *body, GError **error);
bool fetch_get_other(fetch_session *session, const char *name, gint64 max_age_ms, fetch_other_call *call,
                     const void *data, fetch_reply *reply, GError **error);

/* The same for one of many documents, which may be missing: offline, one that is not stored is not known. */
bool fetch_get_optional(fetch_session *session, const fetch_ask *ask, fetch_reply *reply, GError **error);

/* Turns a refusal into an error: who, what, why, its words, what to do. Always false. */
bool fetch_fail_refused(const fetch_session *session, const char *what, const fetch_reply *reply, GError **error);

/*
 * Whether an answer about a symbol (or the like) holds something to read. When not, it was left out with a warning (unknown) and *failed is
 * false, or the call is over and *failed is true.
 */
bool fetch_may_read(fetch_session *session, const char *what, const fetch_reply *reply, bool *failed, GError **error);

/* After an answer was read without fault: keeps it and notes it as a source. empty: nothing was in it. */
bool fetch_keep(fetch_session *session, fetch_reply *reply, bool empty, GError **error);

/* Hands over what was read so far, where the caller takes it piece by piece; the symbols that came are not to come again. */
bool fetch_hand_over(fetch_session *session, GError **error);

/* Notes the query's input file as a source. */
void fetch_note_file(fetch_session *session, const char *bytes, size_t size);

/* Fails with ANSWER: "URL: message". Always false. */
bool fetch_fail_answer(const fetch_reply *reply, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

/* The provider's address, or the one that replaces it. */
const char *fetch_base(const fetch_session *session);
const char *fetch_second_base(const fetch_session *session);

/* How many texts a NULL-terminated list has. */
size_t fetch_count(const char *const *texts);

void fetch_progress(const fetch_session *session, size_t done, size_t total);

/* Calls one for each symbol of the query, with progress; ends at the first false. */
typedef bool fetch_symbol_call(fetch_session *session, const char *symbol, GError **error);
bool fetch_each_symbol(fetch_session *session, fetch_symbol_call *call, GError **error);

/* Whether a day is inside the query's window. */
bool fetch_in_window(const fetch_session *session, aft_day day);

#endif
