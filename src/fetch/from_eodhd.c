/* EODHD end of day: exchanges of the world, delisted names too. */
#include "provider.h"

#include <string.h>

#include <aftershock/base/banned.h>

static const fetch_price_keys keys = {"date", {"open", "high", "low", "close", "adjusted_close", "volume"}};

/* Days without a trade are filled with rows of volume 0; prices of indexes have no volume anywhere. */
static void drop_filler_rows(fetch_session *session, guint from) {
  GArray *rows = session->records->prices;
  bool traded = false;
  for (guint i = from; i < rows->len; i++)
    traded = traded || g_array_index(rows, aft_price_record, i).value[AFT_PRICE_VOLUME] > 0;
  guint kept = from;
  for (guint i = from; i < rows->len; i++) {
    aft_price_record *row = &g_array_index(rows, aft_price_record, i);
    if (traded && row->value[AFT_PRICE_VOLUME] == 0) continue;
    g_array_index(rows, aft_price_record, kept) = *row;
    kept++;
  }
  if (kept < rows->len)
    aft_warnings_add(session->warnings, "eodhd: rows without a trade left out: %u", rows->len - kept);
  g_array_set_size(rows, kept);
}

static bool ask_symbol(fetch_session *session, const char *symbol, GError **error) {
  g_autofree char *full = strchr(symbol, '.') != NULL ? g_strdup(symbol) : g_strconcat(symbol, ".US", NULL);
  g_autofree char *name = aft_url_encode(full), *path = g_strdup_printf("api/eod/%s", name);
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  g_autofree char *url =
      aft_url_build(fetch_base(session), path,
                    AFT_PAIRS("from", session->first != AFT_DAY_NONE ? aft_day_print(session->first, first) : NULL,
                              "to", aft_day_print(session->last, last), "period", "d", "fmt", "json"));
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(12), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  bool failed;
  guint before = session->records->prices->len;
  size_t n_rows = 0;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (!fetch_may_read(session, symbol, &reply, &failed, error)) return !failed;
  if (!fetch_add_json_rows(session, &reply, symbol, &keys, &n_rows, error)) return false;
  drop_filler_rows(session, before);
  if (n_rows == 0) fetch_warn_empty(session, symbol);
  return fetch_keep(session, &reply, n_rows == 0, error);
}

static bool run(fetch_session *session, GError **error) { return fetch_each_symbol(session, ask_symbol, error); }

const aft_provider fetch_eodhd = {
    .facts = {.name = "eodhd",
              .title = "EODHD end of day",
              .kind = AFT_FETCH_PRICES,
              .gives = "daily prices worldwide, delisted names kept; symbols as NVDA.US, SAP.XETRA, GSPC.INDX",
              .asks = "--symbols",
              .key = "EODHD_API_TOKEN",
              .key_required = true,
              .terms =
                  "the token demo works for AAPL.US, MSFT.US, TSLA.US, VTI.US; a free key: 20 calls a day, one year",
              .meaning = "close is raw, adj_close is adjusted for splits and dividends, volume for splits",
              .base = "https://eodhd.com"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "api_token",
    .key_prefix = "",
    .pace_ms = 100,
    .max_bytes = 64 << 20,
    .run = run};
