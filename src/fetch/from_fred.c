/* FRED's graph CSV: index levels and rates of the Federal Reserve, without a key. */
#include "provider.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* The first column is the day, whatever its name (DATE until 2024, observation_date since), the second the value; empty and . are missing. */
static bool read_rows(fetch_session *session, const fetch_reply *reply, const char *series, size_t *n_rows,
                      GError **error) {
  g_autoptr(GError) problem = NULL;
  g_autoptr(aft_csv) csv =
      aft_csv_open_bytes(reply->download.url, reply->download.body, reply->download.size, &problem);
  const char *const *fields;
  if (csv == NULL) return fetch_fail_answer(reply, error, "not a table: %s", problem->message);
  if (aft_csv_n_columns(csv) != 2) return fetch_fail_answer(reply, error, "not two columns, date and value");
  *n_rows = 0;
  while (aft_csv_next(csv, &fields, &problem)) {
    aft_day day;
    double value;
    if (!aft_day_parse(fields[0], strlen(fields[0]), &day))
      return fetch_fail_answer(reply, error, "line %ld: \"%s\" is not a date", aft_csv_line(csv), fields[0]);
    if (*fields[1] == '\0' || strcmp(fields[1], ".") == 0) continue;
    if (!aft_number_parse(fields[1], strlen(fields[1]), &value))
      return fetch_fail_answer(reply, error, "line %ld: \"%s\" is not a number", aft_csv_line(csv), fields[1]);
    if (!fetch_in_window(session, day)) continue;
    if (value <= 0)
      return fetch_fail_answer(reply, error, "line %ld: %s is no price: this series is not one of prices",
                               aft_csv_line(csv), fields[1]);
    aft_records_add_price(session->records, series, day)->value[AFT_PRICE_CLOSE] = value;
    ++*n_rows;
  }
  return problem == NULL || fetch_fail_answer(reply, error, "not a table: %s", problem->message);
}

static bool ask_series(fetch_session *session, const char *series, GError **error) {
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  g_autofree char *url = aft_url_build(
      fetch_base(session), "graph/fredgraph.csv",
      AFT_PAIRS("id", series, "cosd", session->first != AFT_DAY_NONE ? aft_day_print(session->first, first) : NULL,
                "coed", aft_day_print(session->last, last)));
  const fetch_ask ask = {url, FETCH_TABLE, FETCH_HOURS(12), "text/csv", NULL};
  g_auto(fetch_reply) reply = {0};
  bool failed;
  size_t n_rows = 0;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (!fetch_may_read(session, series, &reply, &failed, error)) return !failed;
  if (!read_rows(session, &reply, series, &n_rows, error)) return false;
  if (n_rows == 0) fetch_warn_empty(session, series);
  return fetch_keep(session, &reply, n_rows == 0, error);
}

static bool run(fetch_session *session, GError **error) { return fetch_each_symbol(session, ask_series, error); }

const aft_provider fetch_fred = {
    .facts = {.name = "fred",
              .title = "FRED of the Federal Reserve Bank of St. Louis",
              .kind = AFT_FETCH_PRICES,
              .gives = "index levels: NASDAQCOM since 1971, NASDAQ100 since 1986, SP500 and DJIA of the last 10 years",
              .asks = "--symbols",
              .terms = "no key; SP500 and DJIA are copyrighted by their makers",
              .meaning = "close is a price index, without dividends; no single stocks",
              .base = "https://fred.stlouisfed.org"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 500,
    .max_bytes = 16 << 20,
    .run = run};
