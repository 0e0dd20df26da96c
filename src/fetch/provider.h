/* The providers, one file each; internal to fetch/. A new one is a new file, a line here and a row in provider.c. */
#ifndef FETCH_PROVIDER_H
#define FETCH_PROVIDER_H

#include "session.h"

/* Prices. */
extern const aft_provider fetch_yahoo, fetch_fred, fetch_tiingo, fetch_eodhd, fetch_stooq, fetch_nasdaq, fetch_crsp,
    fetch_wrds, fetch_postgresql;
/* News. */
extern const aft_provider fetch_edgar, fetch_gdelt, fetch_gdelt_files, fetch_feed, fetch_hackernews, fetch_finnhub,
    fetch_finnhub_results, fetch_arxiv, fetch_github, fetch_huggingface;
/* Attention. */
extern const aft_provider fetch_wikipedia, fetch_gdelt_timeline;
/* Factors. */
extern const aft_provider fetch_french;

/* Names of the fields of a row of prices; NULL: it has none. */
typedef struct fetch_price_keys {
  const char *date;
  const char *value[AFT_PRICE_RETURN]; /* by enum aft_price_column */
} fetch_price_keys;

/*
 * Appends the rows of a list of JSON objects; rows without a close, or a close that is no price, are left out, as are days outside the
 * window. Fails with ANSWER on something that is no list, or a row without a date. *n_rows: how many the list holds.
 */
bool fetch_add_json_rows(fetch_session *session, const fetch_reply *reply, const char *symbol,
                         const fetch_price_keys *keys, size_t *n_rows, GError **error);

/* A symbol without rows in the window, said once. */
void fetch_warn_empty(fetch_session *session, const char *symbol);

#endif
