/* Wikipedia: how often an article was read, by days of UTC. */
#include "json.h"
#include "news.h"
#include "provider.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { KEY_DIGITS = 8 };

static char *compact_day(aft_day day) {
  int year, month, of_month;
  aft_day_to_ymd(day, &year, &month, &of_month);
  return g_strdup_printf("%04d%02d%02d00", year, month, of_month);
}

/* "de:Nvidia" is of the German one. */
static char *build_url(const fetch_session *session, const char *title) {
  const char *colon = strchr(title, ':');
  bool other = colon != NULL && colon - title >= 2 && colon - title <= 3 &&
               strspn(title, "abcdefghijklmnopqrstuvwxyz") == (size_t)(colon - title);
  g_autofree char *language = other ? g_strndup(title, (gsize)(colon - title)) : g_strdup("en");
  g_autofree char *name = g_strdelimit(g_strdup(other ? colon + 1 : title), " ", '_');
  g_autofree char *encoded = aft_url_encode(name);
  g_autofree char *first = compact_day(MAX(session->first, aft_day_from_ymd(2015, 7, 1))),
                  *last = compact_day(session->last);
  g_autofree char *path =
      g_strdup_printf("api/rest_v1/metrics/pageviews/per-article/%s.wikipedia/all-access/user/%s/daily/%s/%s", language,
                      encoded, first, last);
  return aft_url_build(fetch_base(session), path, NULL);
}

static bool read_views(fetch_session *session, const fetch_reply *reply, const char *title, json_t *rows,
                       GError **error) {
  json_t *row;
  size_t i;
  if (!json_is_array(rows)) return fetch_fail_answer(reply, error, "no list of days in it");
  json_array_foreach(rows, i, row) {
    const char *stamp = fetch_json_get_text(row, "timestamp");
    double views = fetch_json_number(json_object_get(row, "views"));
    aft_day day;
    if (strlen(stamp) < KEY_DIGITS || !aft_day_parse(stamp, KEY_DIGITS, &day) || isnan(views))
      return fetch_fail_answer(reply, error, "a day without date or views");
    if (fetch_in_window(session, day)) aft_records_add_value(session->records, title, day, views);
  }
  return true;
}

static bool ask_title(fetch_session *session, const char *title, GError **error) {
  g_autofree char *url = build_url(session, title);
  const fetch_ask ask = {url, FETCH_JSON, fetch_window_age(session, fetch_window_end(session)), "application/json",
                         NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root;
  if (!fetch_get_json(session, &ask, title, &reply, &root, error)) return false;
  if (root == NULL) return true;
  json_t *rows = json_object_get(root, "items");
  bool empty = json_array_size(rows) == 0;
  bool ok = read_views(session, &reply, title, rows, error) && fetch_keep(session, &reply, empty, error);
  json_decref(root);
  if (ok && empty) fetch_warn_empty(session, title);
  return ok;
}

static bool run(fetch_session *session, GError **error) {
  g_auto(GStrv) titles = g_strsplit(session->query->text, ",", -1);
  guint n = g_strv_length(titles);
  for (guint i = 0; i < n; i++) {
    fetch_progress(session, i, n);
    if (!ask_title(session, g_strstrip(titles[i]), error)) return false;
  }
  return true;
}

const aft_provider fetch_wikipedia = {
    .facts =
        {.name = "wikipedia",
         .title = "Wikipedia, page views",
         .kind = AFT_FETCH_ATTENTION,
         .gives = "daily views since July 2015 of each article of --query (Nvidia,de:Nvidia), by people",
         .asks = "--query",
         .terms = "no key, but your --contact; about one day behind",
         .meaning =
             "days of UTC, which hold parts of two sessions; a day without views is left out; redirects count apart",
         .base = "https://wikimedia.org"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 200,
    .max_bytes = 16 << 20,
    .wants_contact = true,
    .run = run};
