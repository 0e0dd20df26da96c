/* Articles placed on the sessions and securities of a panel. */
#ifndef AFTERSHOCK_LINK_NEWS_H
#define AFTERSHOCK_LINK_NEWS_H

#include <aftershock/input/articles.h>
#include <aftershock/market/panel.h>

typedef struct aft_news_entry {
  long column;   /* of the panel: the first session that could react */
  guint article; /* place in articles */
} aft_news_entry;

typedef struct aft_news {
  const aft_articles *articles; /* by time; borrowed */
  size_t n_securities;
  size_t *start;           /* [n_securities + 1] of a security's entries; owned */
  aft_news_entry *entries; /* by security, then column, then time; owned */
  size_t n_outside;        /* articles without a session of the panel */
  size_t n_nobody;         /* articles about no security of the panel */
} aft_news;

/*
 * Places every article on the first session whose close could contain it: those of a weekend or after the close count for the next
 * session. An article is about the securities that its symbols name; one without symbols about those whose name, or cashtag, stands in
 * its title. names: symbol -> NULL-terminated names; may be NULL. Cost O(articles + entries log entries).
 */
void aft_news_build(aft_news *news, const aft_articles *articles, const aft_panel *panel, bool date_next,
                    GHashTable *names);
void aft_news_clear(aft_news *news);

/* Entries of a security on columns first..last; their number in *n. Borrowed. Cost O(log entries). */
const aft_news_entry *aft_news_find(const aft_news *news, size_t security, long first, long last, size_t *n);

/* Articles of a security by session. counts [n_sessions] */
void aft_news_count(const aft_news *news, size_t security, double *counts, size_t n_sessions);

const aft_article *aft_news_article(const aft_news *news, guint article);

#endif
