/* Hacker News through Algolia: stories by the second of their submission. */
#include "news.h"
#include "provider.h"

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_HITS = 1000, SHORTEST_MS = 60000 };

static aft_day earliest(void) { return aft_day_from_ymd(2006, 10, 9); }

static bool add_hit(fetch_session *session, const fetch_reply *reply, json_t *hit, GError **error) {
  json_t *when = json_object_get(hit, "created_at_i");
  const char *id = fetch_json_get_text(hit, "objectID"), *url = fetch_json_get_text(hit, "url");
  if (!json_is_integer(when) || *id == '\0') return fetch_fail_answer(reply, error, "a story without id or time");
  aft_millis instant = json_integer_value(when) * 1000;
  if (!fetch_instant_in_window(session, instant)) return true;
  aft_news_record *article = fetch_article_new(session, NULL, "hn", id);
  g_autofree char *page = g_strdup_printf("https://news.ycombinator.com/item?id=%s", id);
  fetch_set_title(article, fetch_json_get_text(hit, "title"));
  fetch_set_text(&article->source, "Hacker News");
  fetch_set_text(&article->url, *url != '\0' ? url : page); /* a story of text alone has no address */
  fetch_set_instant(article, instant, "created_at_i", AFT_TIME_SUBMITTED, AFT_NEWS_SECOND);
  aft_records_add_article(session->records, article);
  return true;
}

/* Only the first thousand hits can be had: a window with more is halved. */
static bool ask_window(fetch_session *session, aft_millis begin, aft_millis end, GError **error) {
  g_autofree char *filter = g_strdup_printf("created_at_i>=%" G_GINT64_FORMAT ",created_at_i<%" G_GINT64_FORMAT,
                                            (gint64)(begin / 1000), (gint64)(end / 1000));
  g_autofree char *url = aft_url_build(fetch_base(session), "api/v1/search_by_date",
                                       AFT_PAIRS("query", session->query->text, "tags", "story", "numericFilters",
                                                 filter, "hitsPerPage", "1000", "page", "0"));
  const fetch_ask ask = {url, FETCH_JSON, fetch_window_age(session, end), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root, *hit;
  size_t i;
  if (!fetch_get_json(session, &ask, session->query->text, &reply, &root, error)) return false;
  if (root == NULL) return true;
  json_t *hits = json_object_get(root, "hits");
  json_int_t n = json_integer_value(json_object_get(root, "nbHits"));
  bool ok = json_is_array(hits) || fetch_fail_answer(&reply, error, "no list of hits in it");
  bool split = ok && n > MAX_HITS && end - begin > SHORTEST_MS;
  if (ok && !split) json_array_foreach(hits, i, hit) ok = ok && add_hit(session, &reply, hit, error);
  if (ok && n > MAX_HITS && !split)
    aft_warnings_add(session->warnings, "hackernews: more than %d stories in one minute: some are missing", MAX_HITS);
  json_decref(root);
  if (!ok || !fetch_keep(session, &reply, n == 0, error)) return false;
  aft_millis middle = begin + (end - begin) / 2 / 1000 * 1000;
  return !split || (ask_window(session, begin, middle, error) && ask_window(session, middle, end, error));
}

static bool run(fetch_session *session, GError **error) {
  bool ok = ask_window(session, fetch_window_begin(session, earliest()), fetch_window_end(session), error);
  if (ok && session->records->articles->len == 0) fetch_warn_no_news(session, session->query->text);
  return ok;
}

const aft_provider fetch_hackernews = {
    .facts = {.name = "hackernews",
              .title = "Hacker News, by Algolia",
              .kind = AFT_FETCH_NEWS,
              .gives = "stories since 2006 that hold the words of the query",
              .asks = "--query",
              .terms = "no key; about 10,000 requests an hour",
              .meaning = "the second of submission, usually after the first publication elsewhere",
              .base = "https://hn.algolia.com"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 400,
    .max_bytes = 32 << 20,
    .run = run};
