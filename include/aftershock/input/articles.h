/* Articles from JSON (array, or object with `articles`) and NDJSON files, and from RSS and Atom feeds. */
#ifndef AFTERSHOCK_INPUT_ARTICLES_H
#define AFTERSHOCK_INPUT_ARTICLES_H

#include <aftershock/base/error.h>
#include <aftershock/base/stamp.h>
#include <aftershock/input/claims.h>

typedef struct aft_article {
  char *id;                                                   /* unique over all files */
  char *title, *source, *url, *event, *group, *timing, *body; /* "" when absent */
  char *published;                                            /* as written; "" for null */
  aft_stamp stamp;
  char **symbols; /* NULL-terminated, possibly empty */
  double tone;    /* NaN when absent */
  GArray *claims; /* of aft_claim; NULL when absent; owned */
  char *file;     /* path as given */
  long line;      /* of the object in NDJSON; 0 for JSON files */
} aft_article;

typedef struct aft_articles {
  GPtrArray *rows; /* of aft_article *, owned */
  GHashTable *ids; /* id -> aft_article *, borrowed */
} aft_articles;

void aft_articles_init(aft_articles *articles);
void aft_articles_clear(aft_articles *articles);

/*
 * Appends the articles of one file: .ndjson and .jsonl files hold one object a line; .rss, .atom and .xml files are feeds, whose entries are
 * articles without symbols; others hold one JSON value; `-` is standard input as NDJSON. Keys: id (required), published (required: text or
 * null), title, source, url, symbols (list of text), event, group, tone (number), body (text), claims (list, see claims.h), timing. Other keys are
 * ignored, but not those of a claim. Wrong types, an unparsable time, a repeated id (also across files): error with file and line or id.
 * articles is untouched on failure.
 */
bool aft_articles_read(aft_articles *articles, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An id of plain letters: "hn-42770000" for a short name, else the prefix and twenty digits of the name's SHA-256. Owned. */
char *aft_article_id(const char *prefix, const char *name);

#endif
