/* Tiingo end of day: raw and adjusted prices, dividends and splits on the ex-date, in one request for all years. */
#include "json.h"
#include "provider.h"

#include <string.h>

#include <aftershock/base/banned.h>

static const fetch_price_keys keys = {"date", {"open", "high", "low", "close", "adjClose", "volume"}};

/* The actions stand in the rows: cash on the ex-date, new shares for an old one. */
static void add_actions(fetch_session *session, const fetch_reply *reply, const char *symbol) {
  json_t *root = json_loadb(reply->download.body, reply->download.size, 0, NULL), *row;
  size_t i;
  json_array_foreach(root, i, row) {
    const char *date = fetch_json_get_text(row, "date");
    double cash = fetch_json_number(json_object_get(row, "divCash"));
    double split = fetch_json_number(json_object_get(row, "splitFactor"));
    aft_day day;
    if (!aft_day_parse(date, MIN(strlen(date), 10), &day) || !fetch_in_window(session, day)) continue;
    if (cash > 0) aft_records_add_action(session->records, symbol, day, AFT_ACTION_DIVIDEND, cash);
    if (split > 0 && split != 1) aft_records_add_action(session->records, symbol, day, AFT_ACTION_SPLIT, split);
  }
  json_decref(root);
}

static bool ask_symbol(fetch_session *session, const char *symbol, GError **error) {
  g_autofree char *name = aft_url_encode(symbol), *path = g_strdup_printf("tiingo/daily/%s/prices", name);
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  /* Without a first day only the newest row comes. */
  aft_day_print(session->first != AFT_DAY_NONE ? session->first : aft_day_from_ymd(1960, 1, 1), first);
  g_autofree char *url = aft_url_build(fetch_base(session), path,
                                       AFT_PAIRS("startDate", first, "endDate", aft_day_print(session->last, last)));
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(12), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  bool failed;
  size_t n_rows = 0;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (!fetch_may_read(session, symbol, &reply, &failed, error)) return !failed;
  if (!fetch_add_json_rows(session, &reply, symbol, &keys, &n_rows, error)) return false;
  add_actions(session, &reply, symbol);
  if (n_rows == 0) fetch_warn_empty(session, symbol);
  return fetch_keep(session, &reply, n_rows == 0, error);
}

static bool run(fetch_session *session, GError **error) { return fetch_each_symbol(session, ask_symbol, error); }

const aft_provider fetch_tiingo = {
    .facts = {.name = "tiingo",
              .title = "Tiingo end of day",
              .kind = AFT_FETCH_PRICES,
              .gives =
                  "daily prices of US stocks, funds and Chinese stocks, raw and adjusted, with dividends and splits",
              .asks = "--symbols",
              .key = "TIINGO_API_KEY",
              .key_required = true,
              .terms = "a free key: about 50 requests an hour, 500 symbols a month, for internal use",
              .meaning = "close is raw, adj_close is adjusted for splits and dividends",
              .base = "https://api.tiingo.com"},
    .key_place = AFT_KEY_HEADER,
    .key_name = "Authorization",
    .key_prefix = "Token ",
    .pace_ms = 100,
    .max_bytes = 64 << 20,
    .run = run};
