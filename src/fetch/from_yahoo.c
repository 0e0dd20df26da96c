/* Yahoo's chart: bars in parallel lists, days from the exchange's zone, dividends beside. */
#include "json.h"
#include "provider.h"

#include <aftershock/base/zone.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_BARS = 100000, SETTLED_HOUR = 18 };

typedef struct chart {
  const char *symbol;
  json_t *times, *close, *adjusted;
  json_t *value[AFT_PRICE_RETURN]; /* lists; NULL where there is none */
  GTimeZone *zone;
} chart;

static aft_day day_of(const chart *c, double epoch_s) {
  return (aft_day)aft_floor_divide(aft_zone_to_local(c->zone, (aft_millis)(epoch_s * 1000), NULL, NULL),
                                   AFT_MILLIS_PER_DAY);
}

/* Whether a stamp is one that the zone data base can place. */
static bool is_epoch(double seconds) { return seconds > -5e9 && seconds < 1e11; }

/* Today's bar moves until evening. */
static bool is_final(const fetch_session *session, const chart *c, aft_day day) {
  aft_millis local = aft_zone_to_local(c->zone, session->settings->now, NULL, NULL);
  aft_day today = (aft_day)aft_floor_divide(local, AFT_MILLIS_PER_DAY);
  aft_millis time = local - today * AFT_MILLIS_PER_DAY;
  return day < today || (day == today && time >= SETTLED_HOUR * INT64_C(3600000));
}

static double get_price(json_t *list, size_t i, int column) {
  double value = fetch_json_number(json_array_get(list, i));
  if (column == AFT_PRICE_VOLUME) return value >= 0 ? value : (double)NAN;
  return value > 0 ? value : (double)NAN;
}

/* Returns how many rows are in the window; -1 for a stamp that is none. */
static long add_bars(fetch_session *session, const chart *c) {
  long n = 0;
  bool unsettled = false;
  for (size_t i = 0; i < json_array_size(c->times); i++) {
    json_t *stamp = json_array_get(c->times, i);
    if (!json_is_number(stamp) || !is_epoch(json_number_value(stamp))) return -1;
    aft_day day = day_of(c, json_number_value(stamp));
    if (!fetch_in_window(session, day) || isnan(get_price(c->value[AFT_PRICE_CLOSE], i, AFT_PRICE_CLOSE))) continue;
    if (!is_final(session, c, day)) {
      unsettled = true;
      continue;
    }
    aft_price_record *row = aft_records_add_price(session->records, c->symbol, day);
    for (int k = 0; k < AFT_PRICE_RETURN; k++)
      row->value[k] = c->value[k] != NULL ? get_price(c->value[k], i, k) : (double)NAN;
    n++;
  }
  if (unsettled)
    aft_warnings_add(session->warnings, "yahoo: today's bar of %s is not final and is left out", c->symbol);
  return n;
}

/* Dividends as they are per share of today: the closes are adjusted for splits too, so the splits themselves are not written. */
static void add_dividends(fetch_session *session, const chart *c, json_t *dividends) {
  const char *key;
  json_t *event;
  json_object_foreach(dividends, key, event) {
    double when = fetch_json_number(json_object_get(event, "date"));
    double amount = fetch_json_number(json_object_get(event, "amount"));
    if (!(amount > 0) || !is_epoch(when)) continue;
    aft_day day = day_of(c, when);
    if (fetch_in_window(session, day))
      aft_records_add_action(session->records, c->symbol, day, AFT_ACTION_DIVIDEND, amount);
  }
}

/* Lists of another length than the times would put prices on wrong days. */
static bool check_lengths(const chart *c, const fetch_reply *reply, GError **error) {
  size_t n = json_array_size(c->times);
  if (n > MAX_BARS) return fetch_fail_answer(reply, error, "more than %d bars", MAX_BARS);
  for (int k = 0; k < AFT_PRICE_RETURN; k++)
    if (c->value[k] != NULL && json_array_size(c->value[k]) != n)
      return fetch_fail_answer(reply, error, "lists of unequal length");
  return true;
}

static void warn_currency(fetch_session *session, const char *symbol, const char *currency) {
  if (strcmp(currency, "GBp") == 0 || strcmp(currency, "ZAc") == 0 || strcmp(currency, "ILA") == 0)
    aft_warnings_add(session->warnings, "yahoo: prices of %s are in %s, a hundredth of the currency", symbol, currency);
}

static bool read_chart(fetch_session *session, const fetch_reply *reply, const char *symbol, json_t *root, long *n_rows,
                       GError **error) {
  static const char *const names[] = {"open", "high", "low", "close", NULL, "volume"};
  json_t *result = fetch_json_at(root, "chart.result.0"), *quote = fetch_json_at(result, "indicators.quote.0");
  const char *zone = fetch_json_text(fetch_json_at(result, "meta.exchangeTimezoneName"));
  chart c = {.symbol = symbol, .times = json_object_get(result, "timestamp")};
  if (result == NULL || quote == NULL) return fetch_fail_answer(reply, error, "no chart in it");
  *n_rows = 0;
  if (c.times == NULL) return true;
  g_autoptr(GTimeZone) known = g_time_zone_new_identifier(zone);
  if (*zone == '\0' || known == NULL) return fetch_fail_answer(reply, error, "time zone \"%s\" is not known", zone);
  c.zone = known;
  for (int k = 0; k < AFT_PRICE_RETURN; k++)
    c.value[k] =
        names[k] != NULL ? json_object_get(quote, names[k]) : fetch_json_at(result, "indicators.adjclose.0.adjclose");
  if (c.value[AFT_PRICE_CLOSE] == NULL) return fetch_fail_answer(reply, error, "no closes in it");
  if (!check_lengths(&c, reply, error)) return false;
  warn_currency(session, symbol, fetch_json_text(fetch_json_at(result, "meta.currency")));
  *n_rows = add_bars(session, &c);
  if (*n_rows < 0) return fetch_fail_answer(reply, error, "a time in it is none");
  add_dividends(session, &c, fetch_json_at(result, "events.dividends"));
  return true;
}

/* A day more on both sides: the window is of local days, the request of instants. */
static char *build_url(const fetch_session *session, const char *symbol) {
  g_autofree char *name = aft_url_encode(symbol), *path = g_strdup_printf("v8/finance/chart/%s", name);
  aft_day first = session->first != AFT_DAY_NONE ? session->first - 1 : aft_day_from_ymd(1900, 1, 1);
  g_autofree char *from = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)first * 86400);
  g_autofree char *to = g_strdup_printf("%" G_GINT64_FORMAT, ((gint64)session->last + 2) * 86400);
  return aft_url_build(fetch_base(session), path,
                       AFT_PAIRS("period1", from, "period2", to, "interval", "1d", "events", "div,splits"));
}

static bool ask_symbol(fetch_session *session, const char *symbol, GError **error) {
  g_autofree char *url = build_url(session, symbol);
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(12), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  bool failed;
  long n_rows = 0;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (!fetch_may_read(session, symbol, &reply, &failed, error)) return !failed;
  json_t *root = fetch_json_read(reply.download.body, reply.download.size, url, session->warnings, error);
  bool ok = root != NULL && read_chart(session, &reply, symbol, root, &n_rows, error);
  json_decref(root);
  if (!ok) return false;
  if (n_rows == 0) fetch_warn_empty(session, symbol);
  return fetch_keep(session, &reply, n_rows == 0, error);
}

static bool run(fetch_session *session, GError **error) { return fetch_each_symbol(session, ask_symbol, error); }

const aft_provider fetch_yahoo = {
    .facts = {.name = "yahoo",
              .title = "Yahoo Finance, chart v8",
              .kind = AFT_FETCH_PRICES,
              .gives = "daily prices worldwide with full history; indexes as ^GSPC, class shares as BRK-B",
              .asks = "--symbols",
              .terms = "no key and no promise: an unofficial interface for personal use, which may refuse at any time",
              .meaning = "close is adjusted for splits (not raw), adj_close for splits and dividends",
              .base = "https://query1.finance.yahoo.com"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 700,
    .max_bytes = 32 << 20,
    .run = run};
