/* Prices, factors, news and attention from providers: the table of providers, and one call that asks one of them. */
#ifndef AFTERSHOCK_FETCH_FETCH_H
#define AFTERSHOCK_FETCH_FETCH_H

#include <aftershock/fetch/http.h>
#include <aftershock/fetch/records.h>

enum aft_fetch_kind { AFT_FETCH_PRICES, AFT_FETCH_FACTORS, AFT_FETCH_NEWS, AFT_FETCH_ATTENTION, AFT_FETCH_N_KINDS };

const char *aft_fetch_kind_name(enum aft_fetch_kind kind); /* "prices" */
/* Whether name is a kind. */
bool aft_fetch_kind_find(const char *name, enum aft_fetch_kind *kind) G_GNUC_WARN_UNUSED_RESULT;

typedef struct aft_provider aft_provider;

/* What a provider is, for people. All texts borrowed. */
typedef struct aft_provider_facts {
  const char *name;  /* "yahoo" */
  const char *title; /* "Yahoo Finance, chart v8" */
  enum aft_fetch_kind kind;
  const char *gives; /* what comes */
  const char *asks;  /* the options that it wants: "--symbols" */
  const char *key;   /* environment variable of its key; NULL: it has none */
  bool key_required;
  const char *terms;   /* worth knowing before use */
  const char *missing; /* what to install before this build can ask it; NULL or "": nothing */
  const char *meaning; /* what the numbers or the times are: adjustment, clock */
  const char *base;    /* its address */
} aft_provider_facts;

/* A provider of a kind, or NULL. The same name may give several kinds. */
const aft_provider *aft_provider_find(enum aft_fetch_kind kind, const char *name);
/* Provider i of the table, NULL behind the last. */
const aft_provider *aft_provider_get(size_t i);
/*
 * A provider that a JSON file describes (docs/providers.md): its address, where the rows are, which column is what. Owned by
 * aft_provider_free. The message of a failure names the file and the key.
 */
aft_provider *aft_provider_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_provider_free(aft_provider *provider);
const aft_provider_facts *aft_provider_facts_of(const aft_provider *provider);

typedef struct aft_fetch_settings {
  aft_http_settings http;
  const char *store;   /* its path */
  bool offline;        /* the store alone */
  bool refresh;        /* ask again, however young the copy */
  const char *base;    /* asked in place of the provider's addresses; NULL: those */
  const char *netrc;   /* file of keys; NULL: none */
  size_t max_bytes;    /* of one answer, where the provider allows more; 0: the provider's */
  const char *contact; /* of the user, for providers that want one; NULL: none */
  aft_millis now;
  void (*progress)(size_t done, size_t total, void *data); /* may be NULL */
  void *progress_data;
  /*
   * Takes rows while the call goes on, so that memory is bounded by one symbol: writes those of records, which are in order, and drops them
   * (aft_records_drop_rows). May be NULL; what is left at the end is the caller's either way.
   */
  bool (*take)(aft_records *records, void *data, GError **error);
  void *take_data;
} aft_fetch_settings;

typedef struct aft_fetch_query {
  const char *const *symbols; /* NULL-terminated, possibly empty */
  aft_day first, last;        /* AFT_DAY_NONE: from the beginning, up to today */
  const char *text;           /* words to look for, a repository, a data set: what the provider's `asks` says; NULL */
  const char *const *urls;    /* of feeds; NULL-terminated, possibly empty */
  const char *input;          /* a file that a person downloaded; NULL */
} aft_fetch_query;

/*
 * Asks a provider and appends what it gives; progress counts requests, or symbols where there is one request each. A symbol that
 * it does not know, or that has no rows, is a warning; any other refusal ends the call with its words.
 * All that came before a failure is in the store, so that the next call goes on from there.
 */
bool aft_fetch_run(const aft_provider *provider, const aft_fetch_query *query, const aft_fetch_settings *settings,
                   aft_records *records, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * What stands beside the file that is written: provider, query, every answer with its digest and times, the file's own digest (SHA-256 in
 * hexadecimal). JSON with a line end; owned.
 */
char *aft_fetch_print_provenance(const aft_provider *provider, const aft_fetch_query *query, const aft_records *records,
                                 const aft_warnings *warnings, aft_millis now, const char *digest);

#endif
