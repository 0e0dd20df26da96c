/* What the providers of news share: times, words of HTML, and articles with the symbols of the query. */
#ifndef FETCH_NEWS_H
#define FETCH_NEWS_H

#include "json.h"
#include "session.h"

/* An article with the query's symbols (or the one given), its time and what that means. Owned. */
aft_news_record *fetch_article_new(const fetch_session *session, const char *symbol, const char *prefix,
                                   const char *name);

/* Texts, HTML entities read, control characters and tags gone. */
void fetch_set_title(aft_news_record *article, const char *title);
void fetch_set_text(char **place, const char *text);
void fetch_set_instant(aft_news_record *article, aft_millis instant, const char *field, enum aft_time_meaning meaning,
                       enum aft_news_precision precision);

/* Whether an instant is inside the days of the query, by UTC. */
bool fetch_instant_in_window(const fetch_session *session, aft_millis instant);

/* Milliseconds of an ISO text with a zone, of 14 digits in UTC, or of either with T between; false for anything else. */
bool fetch_read_instant(const char *text, aft_millis *instant);

/* Answer, judged, as JSON. The refusal of an unknown name is *root NULL without an error. */
bool fetch_get_json(fetch_session *session, const fetch_ask *ask, const char *what, fetch_reply *reply, json_t **root,
                    GError **error);

/* First and last millisecond of the query's days, in UTC. */
aft_millis fetch_window_begin(const fetch_session *session, aft_day earliest);
aft_millis fetch_window_end(const fetch_session *session); /* behind the last */

/* How long a window's answer is good: thirty days once it has been over for two days, else ten minutes. */
gint64 fetch_window_age(const fetch_session *session, aft_millis end);

/* A symbol or a question without articles, said once. */
void fetch_warn_no_news(fetch_session *session, const char *what);

/* One line of JSON that holds an article, and back; owned. NULL for a line that holds none. */
char *fetch_print_article(const aft_news_record *article);
aft_news_record *fetch_read_article(const fetch_session *session, const char *line);

#endif
