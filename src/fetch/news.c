/* What the providers of news share. */
#include "news.h"

#include <aftershock/base/stamp.h>
#include <aftershock/base/text.h>
#include <aftershock/input/articles.h>

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { DIGITS = 14, SETTLED_DAYS = 2, MAX_TEXT = 4096 };

aft_news_record *fetch_article_new(const fetch_session *session, const char *symbol, const char *prefix,
                                   const char *name) {
  aft_news_record *article = aft_news_record_new();
  const char *const one[] = {symbol, NULL};
  g_free(article->id);
  article->id = aft_article_id(prefix, name);
  g_strfreev(article->symbols);
  article->symbols = aft_text_copy_list(symbol != NULL ? one : session->query->symbols);
  return article;
}

void fetch_set_text(char **place, const char *text) {
  g_free(*place);
  *place = fetch_clean_text(text, strlen(text), MAX_TEXT, false);
}

/* Entities of XML and numbers, once; an unknown one stays. Owned. */
static char *read_entities(const char *text) {
  static const struct {
    const char *name, *text;
  } names[] = {{"&amp;", "&"}, {"&lt;", "<"}, {"&gt;", ">"}, {"&quot;", "\""}, {"&apos;", "'"}, {"&nbsp;", " "}};
  GString *out = g_string_new(NULL);
  while (*text != '\0') {
    size_t taken = 0;
    for (size_t i = 0; i < G_N_ELEMENTS(names) && taken == 0; i++)
      if (g_str_has_prefix(text, names[i].name)) {
        g_string_append(out, names[i].text);
        taken = strlen(names[i].name);
      }
    if (taken == 0 && text[0] == '&' && text[1] == '#') {
      bool hex = text[2] == 'x' || text[2] == 'X';
      char *end;
      guint64 code = g_ascii_strtoull(text + (hex ? 3 : 2), &end, hex ? 16 : 10);
      if (*end == ';' && code >= 0x20 && code <= 0x10FFFF && g_unichar_validate((gunichar)code)) {
        g_string_append_unichar(out, (gunichar)code);
        taken = (size_t)(end + 1 - text);
      }
    }
    if (taken == 0) g_string_append_c(out, *text);
    text += MAX(taken, 1);
  }
  return g_string_free(out, FALSE);
}

void fetch_set_title(aft_news_record *article, const char *title) {
  g_autofree char *plain =
      fetch_clean_text(title, strlen(title), MAX_TEXT, true); /* tags before entities: "&lt;b&gt;" is no tag */
  g_free(article->title);
  article->title = read_entities(plain);
}

void fetch_set_instant(aft_news_record *article, aft_millis instant, const char *field, enum aft_time_meaning meaning,
                       enum aft_news_precision precision) {
  char text[AFT_MILLIS_TEXT];
  g_free(article->published);
  article->published = g_strdup(aft_millis_print(instant, text));
  g_free(article->field);
  article->field = g_strdup(field);
  article->meaning = meaning;
  article->precision = precision;
}

bool fetch_instant_in_window(const fetch_session *session, aft_millis instant) {
  return fetch_in_window(session, (aft_day)(instant / AFT_MILLIS_PER_DAY - (instant % AFT_MILLIS_PER_DAY < 0)));
}

bool fetch_read_instant(const char *text, aft_millis *instant) {
  aft_stamp stamp;
  size_t n = strspn(text, "0123456789T");
  bool bare = text[n] == '\0' && (n == DIGITS || n == DIGITS + 1); /* of these providers UTC */
  g_autofree char *zoned = g_strconcat(text, bare ? "Z" : "", NULL);
  if (!aft_stamp_parse(zoned, &stamp, NULL) || stamp.kind != AFT_STAMP_INSTANT) return false;
  *instant = stamp.instant;
  return true;
}

bool fetch_get_json(fetch_session *session, const fetch_ask *ask, const char *what, fetch_reply *reply, json_t **root,
                    GError **error) {
  bool failed;
  *root = NULL;
  if (!fetch_get(session, ask, reply, error)) return false;
  if (!fetch_may_read(session, what, reply, &failed, error)) return !failed;
  *root = fetch_json_read(reply->download.body, reply->download.size, ask->url, session->warnings, error);
  return *root != NULL;
}

aft_millis fetch_window_begin(const fetch_session *session, aft_day earliest) {
  return MAX(session->first, earliest) * AFT_MILLIS_PER_DAY;
}

aft_millis fetch_window_end(const fetch_session *session) { return (session->last + 1) * AFT_MILLIS_PER_DAY; }

gint64 fetch_window_age(const fetch_session *session, aft_millis end) {
  bool settled = end + SETTLED_DAYS * AFT_MILLIS_PER_DAY < session->settings->now;
  return settled ? FETCH_HOURS(720) : FETCH_MINUTES(10);
}

void fetch_warn_no_news(fetch_session *session, const char *what) {
  aft_warnings_add(session->warnings, "%s has nothing on %s in these days", session->provider->facts.name, what);
}

/* ---- articles of feeds in the store */

static const struct {
  const char *key;
  size_t place;
} kept_texts[] = {{"id", offsetof(aft_news_record, id)},         {"published", offsetof(aft_news_record, published)},
                  {"field", offsetof(aft_news_record, field)},   {"title", offsetof(aft_news_record, title)},
                  {"source", offsetof(aft_news_record, source)}, {"url", offsetof(aft_news_record, url)}};

static char **text_at(aft_news_record *article, size_t place) { return (char **)(void *)((char *)article + place); }

char *fetch_print_article(const aft_news_record *article) {
  json_t *object = json_object();
  for (size_t i = 0; i < G_N_ELEMENTS(kept_texts); i++) {
    const char *const *text = (const char *const *)(const void *)((const char *)article + kept_texts[i].place);
    json_object_set_new(object, kept_texts[i].key, json_string(*text));
  }
  json_object_set_new(object, "meaning", json_integer(article->meaning));
  json_object_set_new(object, "precision", json_integer(article->precision));
  char *dumped = json_dumps(object, JSON_COMPACT), *line = g_strdup(dumped);
  free(dumped);
  json_decref(object);
  return line;
}

aft_news_record *fetch_read_article(const fetch_session *session, const char *line) {
  json_t *object = json_loads(line, 0, NULL);
  if (object == NULL) return NULL;
  aft_news_record *article = fetch_article_new(session, NULL, "feed", "");
  for (size_t i = 0; i < G_N_ELEMENTS(kept_texts); i++) {
    char **place = text_at(article, kept_texts[i].place);
    g_free(*place);
    *place = g_strdup(fetch_json_get_text(object, kept_texts[i].key));
  }
  json_int_t meaning = json_integer_value(json_object_get(object, "meaning"));
  json_int_t precision = json_integer_value(json_object_get(object, "precision"));
  article->meaning = (enum aft_time_meaning)CLAMP(meaning, AFT_TIME_PUBLISHED, AFT_TIME_SUBMITTED);
  article->precision = (enum aft_news_precision)CLAMP(precision, AFT_NEWS_SECOND, AFT_NEWS_DAY);
  json_decref(object);
  return article;
}
