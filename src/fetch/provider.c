/* The table of providers, and one call that asks one of them. */
#include "provider.h"

#include "key.h"

#include <aftershock/fetch/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

static const aft_provider *const providers[] = {
    &fetch_yahoo,           &fetch_fred,          &fetch_tiingo,     &fetch_eodhd,
    &fetch_stooq,           &fetch_nasdaq,        &fetch_crsp,       &fetch_wrds,
    &fetch_postgresql,      &fetch_french,        &fetch_edgar,      &fetch_gdelt,
    &fetch_gdelt_files,     &fetch_feed,          &fetch_hackernews, &fetch_finnhub,
    &fetch_finnhub_results, &fetch_arxiv,         &fetch_github,     &fetch_huggingface,
    &fetch_wikipedia,       &fetch_gdelt_timeline};

const char *aft_fetch_kind_name(enum aft_fetch_kind kind) {
  static const char *const names[] = {"prices", "factors", "news", "attention"};
  return names[kind];
}

bool aft_fetch_kind_find(const char *name, enum aft_fetch_kind *kind) {
  for (int k = 0; k < AFT_FETCH_N_KINDS; k++)
    if (strcmp(name, aft_fetch_kind_name((enum aft_fetch_kind)k)) == 0) {
      *kind = (enum aft_fetch_kind)k;
      return true;
    }
  return false;
}

const aft_provider *aft_provider_get(size_t i) { return i < G_N_ELEMENTS(providers) ? providers[i] : NULL; }

const aft_provider_facts *aft_provider_facts_of(const aft_provider *provider) { return &provider->facts; }

const aft_provider *aft_provider_find(enum aft_fetch_kind kind, const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(providers); i++)
    if (providers[i]->facts.kind == kind && strcmp(providers[i]->facts.name, name) == 0) return providers[i];
  return NULL;
}

/* Whether the query has what the provider asks for. */
static bool check_query(const aft_provider *provider, const aft_fetch_query *query, GError **error) {
  const aft_provider_facts *facts = &provider->facts;
  const struct {
    const char *option;
    bool given;
  } options[] = {{"--symbols", query->symbols[0] != NULL},
                 {"--query", query->text != NULL},
                 {"--url", query->urls[0] != NULL},
                 {"--input", query->input != NULL}};
  g_auto(GStrv) wanted = g_strsplit(facts->asks, " ", -1);
  for (size_t i = 0; i < G_N_ELEMENTS(options); i++) {
    bool is_wanted = g_strv_contains((const char *const *)wanted, options[i].option);
    if (is_wanted && !options[i].given) {
      g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "%s needs %s (see aftershock fetch --list)", facts->name,
                  options[i].option);
      return false;
    }
  }
  if (query->first != AFT_DAY_NONE && query->last != AFT_DAY_NONE && query->first > query->last) {
    g_set_error_literal(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "--first is after --last");
    return false;
  }
  return true;
}

static bool find_key(fetch_session *session, GError **error) {
  const aft_provider_facts *facts = &session->provider->facts;
  if (facts->key == NULL) return true;
  g_autofree char *host = aft_url_host(fetch_base(session));
  session->key = fetch_find_key(facts->key, host, session->settings->netrc, session->warnings);
  if (session->key != NULL || !facts->key_required || session->settings->offline) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_KEY,
              "%s wants a key: set %s, or write \"machine %s password KEY\" into ~/.netrc (%s)", facts->name,
              facts->key, host, facts->terms);
  return false;
}

static bool check_contact(const fetch_session *session, GError **error) {
  const char *contact = session->settings->contact;
  if (!session->provider->wants_contact || session->settings->offline) return true;
  if (contact != NULL && strchr(contact, '@') != NULL) return true;
  g_set_error(
      error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_KEY,
      "%s wants to know whom to write to: give --contact 'Your Name you@example.org' (or set AFTERSHOCK_CONTACT)",
      session->provider->facts.name);
  return false;
}

bool aft_fetch_run(const aft_provider *provider, const aft_fetch_query *query, const aft_fetch_settings *settings,
                   aft_records *records, aft_warnings *warnings, GError **error) {
  aft_day today = (aft_day)(settings->now / AFT_MILLIS_PER_DAY);
  fetch_session session = {.provider = provider,
                           .query = query,
                           .settings = settings,
                           .records = records,
                           .warnings = warnings,
                           .first = query->first,
                           .last = query->last != AFT_DAY_NONE ? query->last : today};
  if (!check_query(provider, query, error) || !check_contact(&session, error)) return false;
  bool ok = find_key(&session, error);
  session.store = ok ? aft_store_open(settings->store, error) : NULL;
  if (session.store != NULL) {
    session.http = aft_http_new(&settings->http);
    ok = provider->run(&session, error);
    aft_http_free(session.http);
    aft_store_close(session.store);
  } else {
    ok = false;
  }
  if (ok) aft_records_sort(records);
  g_free(session.key);
  return ok;
}
