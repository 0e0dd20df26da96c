/* Finnhub: company news day by day, and the calendar of results with its flags. */
#include "news.h"
#include "provider.h"

#include <aftershock/base/zone.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_DAYS = 1100 };

static bool add_story(fetch_session *session, const fetch_reply *reply, const char *symbol, json_t *story,
                      GError **error) {
  json_t *when = json_object_get(story, "datetime"), *id = json_object_get(story, "id");
  if (!json_is_integer(when)) return fetch_fail_answer(reply, error, "a story without a time");
  if (json_integer_value(when) <= 0) return true;
  aft_millis instant = json_integer_value(when) * 1000;
  g_autofree char *number = json_is_integer(id) ? g_strdup_printf("%" JSON_INTEGER_FORMAT, json_integer_value(id))
                                                : g_strdup(fetch_json_get_text(story, "url"));
  if (!fetch_instant_in_window(session, instant)) return true;
  aft_news_record *article = fetch_article_new(session, symbol, "finnhub", number);
  fetch_set_title(article, fetch_json_get_text(story, "headline"));
  fetch_set_text(&article->source, fetch_json_get_text(story, "source"));
  fetch_set_text(&article->url, fetch_json_get_text(story, "url"));
  fetch_set_instant(article, instant, "datetime", AFT_TIME_CLAIMED, AFT_NEWS_SECOND);
  aft_records_add_article(session->records, article);
  return true;
}

/* Long windows are cut at the newest few hundred stories, so each day is asked for. */
static bool ask_day(fetch_session *session, const char *symbol, aft_day day, GError **error) {
  char text[AFT_DAY_TEXT];
  aft_day_print(day, text);
  g_autofree char *url =
      aft_url_build(fetch_base(session), "api/v1/company-news", AFT_PAIRS("symbol", symbol, "from", text, "to", text));
  const fetch_ask ask = {url, FETCH_JSON, fetch_window_age(session, (day + 1) * AFT_MILLIS_PER_DAY), "application/json",
                         NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root, *story;
  size_t i;
  if (!fetch_get_json(session, &ask, symbol, &reply, &root, error)) return false;
  if (root == NULL) return true;
  bool ok = json_is_array(root) || fetch_fail_answer(&reply, error, "not a list of stories");
  json_array_foreach(root, i, story) ok = ok && add_story(session, &reply, symbol, story, error);
  ok = ok && fetch_keep(session, &reply, json_array_size(root) == 0, error);
  json_decref(root);
  return ok;
}

/* Both calls are about days that are named. */
static bool check_days(const fetch_session *session, GError **error) {
  if (session->first != AFT_DAY_NONE && session->last - session->first < MAX_DAYS) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "%s needs --first, at most %d days before --last",
              session->provider->facts.name, MAX_DAYS);
  return false;
}

static bool run_news(fetch_session *session, GError **error) {
  if (!check_days(session, error)) return false;
  size_t n_days = (size_t)(session->last - session->first) + 1, n = fetch_count(session->query->symbols) * n_days;
  for (size_t i = 0; i < n; i++) {
    guint before = session->records->articles->len;
    fetch_progress(session, i, n);
    const char *symbol = session->query->symbols[i / n_days];
    if (!ask_day(session, symbol, session->first + (aft_day)(i % n_days), error)) return false;
    if (i % n_days == 0 && n_days == 1 && session->records->articles->len == before)
      fetch_warn_no_news(session, symbol);
  }
  if (n > 0 && session->records->articles->len == 0) fetch_warn_no_news(session, "these symbols");
  return true;
}

/* ---- results */

/* Where in the day the flag puts the announcement, by New York: before the open, at the close, in between. */
static const struct {
  const char *hour, *timing;
  int minute; /* of the day */
} flags[] = {{"bmo", "before_open", 6 * 60}, {"amc", "after_close", 16 * 60}, {"dmh", "during", 12 * 60}};

static void place_result(aft_news_record *article, const char *date, const char *hour, aft_day day) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  for (size_t i = 0; zone != NULL && i < G_N_ELEMENTS(flags); i++) {
    if (strcmp(hour, flags[i].hour) != 0) continue;
    aft_millis local = day * AFT_MILLIS_PER_DAY + flags[i].minute * INT64_C(60000);
    fetch_set_instant(article, aft_zone_to_utc(zone, local, NULL), "date, hour", AFT_TIME_CLAIMED, AFT_NEWS_DAY);
    fetch_set_text(&article->timing, flags[i].timing);
    return;
  }
  fetch_set_text(&article->published, date);
  fetch_set_text(&article->field, "date");
  article->meaning = AFT_TIME_CLAIMED;
  article->precision = AFT_NEWS_DAY;
}

static bool add_result(fetch_session *session, const fetch_reply *reply, const char *symbol, json_t *row,
                       GError **error) {
  const char *date = fetch_json_get_text(row, "date"), *hour = fetch_json_get_text(row, "hour");
  double actual = fetch_json_number(json_object_get(row, "epsActual"));
  double estimate = fetch_json_number(json_object_get(row, "epsEstimate"));
  aft_day day;
  if (!aft_day_parse(date, strlen(date), &day)) return fetch_fail_answer(reply, error, "a result without a date");
  if (!fetch_in_window(session, day)) return true;
  g_autofree char *name = g_strdup_printf("%s-%s", symbol, date);
  g_autofree char *title =
      g_strdup_printf("%s: results of quarter %.0f of %.0f", symbol, fetch_json_number(json_object_get(row, "quarter")),
                      fetch_json_number(json_object_get(row, "year")));
  aft_news_record *article = fetch_article_new(session, symbol, "result", name);
  fetch_set_title(article, title);
  fetch_set_text(&article->source, "Finnhub");
  if (isfinite(actual) && isfinite(estimate)) {
    g_autofree char *detail = g_strdup_printf("earnings per share %g, expected %g (as known today)", actual, estimate);
    fetch_set_text(&article->detail, detail);
  }
  place_result(article, date, hour, day);
  aft_records_add_article(session->records, article);
  return true;
}

static bool ask_results(fetch_session *session, const char *symbol, GError **error) {
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  g_autofree char *url = aft_url_build(fetch_base(session), "api/v1/calendar/earnings",
                                       AFT_PAIRS("from", aft_day_print(session->first, first), "to",
                                                 aft_day_print(session->last, last), "symbol", symbol));
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(12), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root, *row;
  size_t i;
  if (!fetch_get_json(session, &ask, symbol, &reply, &root, error)) return false;
  if (root == NULL) return true;
  json_t *rows = json_object_get(root, "earningsCalendar");
  bool ok = json_is_array(rows) || fetch_fail_answer(&reply, error, "no calendar in it");
  json_array_foreach(rows, i, row) ok = ok && add_result(session, &reply, symbol, row, error);
  bool empty = json_array_size(rows) == 0;
  json_decref(root);
  if (ok && empty) fetch_warn_no_news(session, symbol);
  return ok && fetch_keep(session, &reply, empty, error);
}

static bool run_results(fetch_session *session, GError **error) {
  return check_days(session, error) && fetch_each_symbol(session, ask_results, error);
}

#define FINNHUB_ACCESS \
  .key_place = AFT_KEY_HEADER, .key_name = "X-Finnhub-Token", .key_prefix = "", .pace_ms = 1000, .max_bytes = 16 << 20

const aft_provider fetch_finnhub = {
    .facts = {.name = "finnhub",
              .title = "Finnhub company news",
              .kind = AFT_FETCH_NEWS,
              .gives =
                  "stories with the symbol they are about, of North American companies; one request a day and symbol",
              .asks = "--symbols",
              .key = "FINNHUB_API_KEY",
              .key_required = true,
              .terms = "a free key: 60 requests a minute, one year back",
              .meaning = "the time that the source states",
              .base = "https://finnhub.io"},
    FINNHUB_ACCESS,
    .run = run_news};

const aft_provider fetch_finnhub_results = {
    .facts = {.name = "finnhub-results",
              .title = "Finnhub calendar of results",
              .kind = AFT_FETCH_NEWS,
              .gives = "days on which companies announced results, before the open or after the close",
              .asks = "--symbols",
              .key = "FINNHUB_API_KEY",
              .key_required = true,
              .terms = "a free key: 60 requests a minute; entries are corrected afterwards",
              .meaning = "a day with a flag: 06:00 in New York stands for before the open, 16:00 for after the close",
              .base = "https://finnhub.io"},
    FINNHUB_ACCESS,
    .run = run_results};
