/* RSS and Atom feeds by address. A feed shows only the newest entries: what it showed before is in the store. */
#include "news.h"
#include "provider.h"

#include <aftershock/base/stamp.h>
#include <aftershock/input/feed.h>

#include <string.h>

#include <aftershock/base/banned.h>

static aft_news_record *make_article(const fetch_session *session, const aft_feed *feed, const aft_feed_entry *entry) {
  g_autofree char *published = aft_feed_entry_published(entry);
  aft_news_record *article = fetch_article_new(session, NULL, "feed", entry->id);
  aft_stamp stamp;
  fetch_set_title(article, entry->title);
  fetch_set_text(&article->source, feed->title);
  fetch_set_text(&article->url, entry->url);
  g_free(article->field);
  article->field = g_strdup(entry->field);
  article->meaning = AFT_TIME_CLAIMED;
  article->precision = AFT_NEWS_DAY;
  if (aft_stamp_parse(published, &stamp, NULL) && stamp.kind == AFT_STAMP_INSTANT) article->precision = AFT_NEWS_SECOND;
  g_free(article->published);
  article->published = g_steal_pointer(&published);
  return article;
}

static bool keep_entries(fetch_session *session, const char *url, const aft_feed *feed, aft_millis seen,
                         GError **error) {
  guint n_undated = 0;
  if (!aft_store_begin(session->store, error)) return false;
  bool ok = true;
  for (guint i = 0; ok && i < feed->entries->len; i++) {
    g_autoptr(aft_news_record) article = make_article(session, feed, g_ptr_array_index(feed->entries, i));
    g_autofree char *line = fetch_print_article(article);
    aft_millis first_seen = seen;
    n_undated += *article->published == '\0';
    ok = aft_store_keep_article(session->store, url, article->id, line, &first_seen, error);
  }
  if (n_undated > 0)
    aft_warnings_add(session->warnings, "%s: entries without a time that can be placed: %u", url, n_undated);
  return aft_store_end(session->store, ok ? error : NULL) && ok;
}

/* What is kept of the feed, in the window; an unknown time is kept, for a person to look at. */
static void add_kept(const char *id, const char *line, aft_millis first_seen, void *data) {
  fetch_session *session = data;
  aft_news_record *article = fetch_read_article(session, line);
  aft_stamp stamp;
  (void)id;
  if (article == NULL) return;
  bool dated = aft_stamp_parse(article->published, &stamp, NULL) && aft_stamp_is_dated(&stamp);
  article->first_seen = first_seen;
  if (!dated || fetch_in_window(session, stamp.day))
    aft_records_add_article(session->records, article);
  else
    aft_news_record_free(article);
}

static bool ask_feed(fetch_session *session, const char *url, GError **error) {
  const fetch_ask ask = {url, FETCH_XML, FETCH_MINUTES(5),
                         "application/atom+xml, application/rss+xml, application/xml;q=0.9, */*;q=0.5", NULL};
  g_auto(fetch_reply) reply = {0};
  g_auto(aft_feed) feed = {0};
  guint before = session->records->articles->len;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (reply.refusal != FETCH_ACCEPTED) return fetch_fail_refused(session, url, &reply, error);
  if (!aft_feed_read(&feed, url, reply.download.body, reply.download.size, error)) return false;
  if (!keep_entries(session, url, &feed, reply.download.fetched, error)) return false;
  if (!aft_store_list_articles(session->store, url, add_kept, session, error)) return false;
  if (session->records->articles->len == before) fetch_warn_no_news(session, url);
  return fetch_keep(session, &reply, feed.entries->len == 0, error);
}

static bool run(fetch_session *session, GError **error) {
  size_t n = fetch_count(session->query->urls);
  for (size_t i = 0; i < n; i++) {
    fetch_progress(session, i, n);
    if (!ask_feed(session, session->query->urls[i], error)) return false;
  }
  return true;
}

const aft_provider fetch_feed = {
    .facts = {.name = "feed",
              .title = "RSS 2.0, RSS 1.0 and Atom feeds",
              .kind = AFT_FETCH_NEWS,
              .gives = "the entries of any feed, and those that it showed when it was asked before",
              .asks = "--url",
              .terms = "no key; a feed shows its newest entries only: ask regularly to have a history",
              .meaning = "the publisher's own time, which may be that of an edit or a plan; first_seen is ours",
              .base = ""},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 500,
    .max_bytes = 16 << 20,
    .run = run};
