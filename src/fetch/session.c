/* One call of aft_fetch_run: store before network, keep after reading, refusals in words. */
#include "session.h"

#include <aftershock/fetch/error.h>

#include <stdarg.h>
#include <string.h>

#include <aftershock/base/banned.h>

void fetch_reply_clear(fetch_reply *reply) {
  g_free(reply->words);
  g_free(reply->link);
  aft_download_clear(&reply->download);
  *reply = (fetch_reply){0};
}

const char *fetch_base(const fetch_session *session) {
  return session->settings->base != NULL ? session->settings->base : session->provider->facts.base;
}

const char *fetch_second_base(const fetch_session *session) {
  return session->settings->base != NULL ? session->settings->base : session->provider->second_base;
}

size_t fetch_count(const char *const *texts) {
  size_t n = 0;
  while (texts[n] != NULL) n++;
  return n;
}

void fetch_progress(const fetch_session *session, size_t done, size_t total) {
  if (session->settings->progress != NULL) session->settings->progress(done, total, session->settings->progress_data);
}

bool fetch_in_window(const fetch_session *session, aft_day day) {
  return (session->first == AFT_DAY_NONE || day >= session->first) && day <= session->last;
}

bool fetch_each_symbol(fetch_session *session, fetch_symbol_call *call, GError **error) {
  const char *const *symbols = session->query->symbols;
  size_t n = fetch_count(symbols);
  for (size_t i = 0; i < n; i++) {
    fetch_progress(session, i, n);
    if (!call(session, symbols[i], error)) return false;
  }
  fetch_progress(session, n, n);
  return true;
}

static bool is_young(const fetch_session *session, gint64 max_age_ms, const aft_download *copy) {
  const aft_fetch_settings *s = session->settings;
  if (s->offline) return true;
  return !s->refresh && (max_age_ms == FETCH_FOREVER || s->now - copy->checked < max_age_ms);
}

static void take_copy(fetch_reply *reply, aft_download *copy) {
  *reply = (fetch_reply){.words = g_strdup(""), .status = 200, .link = g_strdup(""), .from_store = true};
  reply->download = *copy;
  *copy = (aft_download){0};
}

static void take_answer(const fetch_session *session, const fetch_ask *ask, aft_http_answer *answer,
                        fetch_reply *reply) {
  *reply = (fetch_reply){.status = answer->status, .retry_after_s = answer->retry_after_s};
  reply->refusal = fetch_judge(answer, ask->shape, &reply->words);
  reply->link = g_steal_pointer(&answer->link);
  reply->download = (aft_download){.provider = g_strdup(session->provider->facts.name),
                                   .url = g_strdup(ask->url),
                                   .type = g_steal_pointer(&answer->type),
                                   .etag = g_steal_pointer(&answer->etag),
                                   .last_modified = g_steal_pointer(&answer->last_modified),
                                   .fetched = session->settings->now,
                                   .checked = session->settings->now,
                                   .body = g_steal_pointer(&answer->body),
                                   .size = answer->size};
}

static bool ask_network(fetch_session *session, const fetch_ask *ask, aft_download *copy, fetch_reply *reply,
                        GError **error) {
  const aft_provider *provider = session->provider;
  const aft_http_request request = {
      .url = ask->url,
      .key = {session->key, provider->key_place, provider->key_name, provider->key_prefix},
      .accept = ask->accept,
      .header = ask->header,
      .etag = copy->etag,
      .last_modified = copy->last_modified,
      .max_bytes = session->settings->max_bytes > 0 ? MIN(session->settings->max_bytes, provider->max_bytes)
                                                    : provider->max_bytes,
      .pace_ms = provider->pace_ms};
  g_auto(aft_http_answer) answer = {0};
  if (!aft_http_get(session->http, &request, &answer, error)) return false;
  if (answer.status == 304 && copy->body != NULL) {
    if (!aft_store_confirm(session->store, ask->url, session->settings->now, error)) return false;
    copy->checked = session->settings->now;
    take_copy(reply, copy);
    return true;
  }
  take_answer(session, ask, &answer, reply);
  return true;
}

/* The stored copy, with *young whether it will do; false when there is none that will and nobody may be asked. */
static bool find_copy(fetch_session *session, const char *name, gint64 max_age_ms, aft_download *copy, bool *young,
                      GError **error) {
  bool found;
  if (!aft_store_find(session->store, name, copy, &found, session->warnings, error)) return false;
  *young = found && is_young(session, max_age_ms, copy);
  if (*young || !session->settings->offline) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_NOT_STORED,
              "%s is not in the store %s (leave out --offline to ask for it)", name, aft_store_path(session->store));
  return false;
}

bool fetch_get(fetch_session *session, const fetch_ask *ask, fetch_reply *reply, GError **error) {
  g_auto(aft_download) copy = {0};
  bool young;
  if (!find_copy(session, ask->url, ask->max_age_ms, &copy, &young, error)) return false;
  if (!young) return ask_network(session, ask, &copy, reply, error);
  take_copy(reply, &copy);
  return true;
}

bool fetch_get_other(fetch_session *session, const char *name, gint64 max_age_ms, fetch_other_call *call,
                     const void *data, fetch_reply *reply, GError **error) {
  g_auto(aft_download) copy = {0};
  bool young;
  if (!find_copy(session, name, max_age_ms, &copy, &young, error)) return false;
  if (young) {
    take_copy(reply, &copy);
    return true;
  }
  g_autoptr(GString) body = g_string_new(NULL);
  if (!call(session, data, body, error)) return false;
  *reply = (fetch_reply){.words = g_strdup(""), .link = g_strdup("")};
  reply->download = (aft_download){.provider = g_strdup(session->provider->facts.name),
                                   .url = g_strdup(name),
                                   .type = g_strdup("text/csv"),
                                   .etag = g_strdup(""),
                                   .last_modified = g_strdup(""),
                                   .fetched = session->settings->now,
                                   .checked = session->settings->now,
                                   .size = body->len};
  reply->download.body = g_string_free(g_steal_pointer(&body), FALSE);
  return true;
}

bool fetch_get_optional(fetch_session *session, const fetch_ask *ask, fetch_reply *reply, GError **error) {
  g_autoptr(GError) problem = NULL;
  if (fetch_get(session, ask, reply, &problem)) return true;
  if (!g_error_matches(problem, AFT_FETCH_ERROR, AFT_FETCH_ERROR_NOT_STORED)) {
    g_propagate_error(error, g_steal_pointer(&problem));
    return false;
  }
  *reply = (fetch_reply){.refusal = FETCH_UNKNOWN, .words = g_strdup(""), .link = g_strdup("")};
  return true;
}

bool fetch_fail_refused(const fetch_session *session, const char *what, const fetch_reply *reply, GError **error) {
  g_autofree char *words = *reply->words != '\0' ? g_strdup_printf(": \"%s\"", reply->words) : g_strdup("");
  g_autofree char *pause =
      reply->retry_after_s > 0 ? g_strdup_printf("; it asks to wait %ld s", reply->retry_after_s) : g_strdup("");
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_REFUSED, "%s refuses %s: %s (HTTP %ld)%s%s%s",
              session->provider->facts.name, what, fetch_refusal_name(reply->refusal), reply->status, words, pause,
              fetch_refusal_advice(reply->refusal));
  return false;
}

bool fetch_may_read(fetch_session *session, const char *what, const fetch_reply *reply, bool *failed, GError **error) {
  *failed = false;
  if (reply->refusal == FETCH_ACCEPTED) return true;
  if (reply->refusal == FETCH_UNKNOWN) {
    g_autofree char *words = *reply->words != '\0' ? g_strdup_printf(" (\"%s\")", reply->words) : g_strdup("");
    aft_warnings_add(session->warnings, "%s does not know %s%s: it is left out", session->provider->facts.name, what,
                     words);
    return false;
  }
  *failed = true;
  return fetch_fail_refused(session, what, reply, error);
}

bool fetch_fail_answer(const fetch_reply *reply, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, "%s: %s", reply->download.url, message);
  return false;
}

static void note_source(fetch_session *session, const fetch_reply *reply) {
  const aft_download *d = &reply->download;
  aft_source_record source = {.url = g_strdup(d->url),
                              .digest = g_strdup(d->digest),
                              .etag = g_strdup(d->etag),
                              .last_modified = g_strdup(d->last_modified),
                              .fetched = d->fetched,
                              .checked = d->checked,
                              .size = d->size,
                              .from_store = reply->from_store};
  g_array_append_val(session->records->sources, source);
}

bool fetch_keep(fetch_session *session, fetch_reply *reply, bool empty, GError **error) {
  reply->download.empty = empty;
  if (!reply->from_store && !aft_store_keep(session->store, &reply->download, error)) return false;
  note_source(session, reply);
  return true;
}

bool fetch_hand_over(fetch_session *session, GError **error) {
  const aft_fetch_settings *settings = session->settings;
  if (settings->take == NULL) return true;
  aft_records_sort(session->records);
  return settings->take(session->records, settings->take_data, error);
}

void fetch_note_file(fetch_session *session, const char *bytes, size_t size) {
  aft_source_record source = {.url = g_strdup(session->query->input),
                              .digest = g_compute_checksum_for_data(G_CHECKSUM_SHA256, (const guchar *)bytes, size),
                              .etag = g_strdup(""),
                              .last_modified = g_strdup(""),
                              .fetched = session->settings->now,
                              .checked = session->settings->now,
                              .size = size};
  g_array_append_val(session->records->sources, source);
}
