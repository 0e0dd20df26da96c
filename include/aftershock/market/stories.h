/* From articles to stories: which articles tell the same, and which publication counts, in the exchange's clock. */
#ifndef AFTERSHOCK_MARKET_STORIES_H
#define AFTERSHOCK_MARKET_STORIES_H

#include <aftershock/input/articles.h>
#include <aftershock/input/tables.h>
#include <aftershock/market/calendar.h>

/* Which articles that share no `event` are one story all the same. */
typedef struct aft_stories_options {
  bool url;        /* those of one normalised address */
  double titles;   /* those whose titles are alike by this much, above 0; 0: titles do not count */
  int window_days; /* within so many days of the story's first article */
} aft_stories_options;

#define AFT_STORIES_DEFAULT \
  { .url = true, .titles = 0.8, .window_days = 3 }

/* Titles of fewer words are too short to say that two articles are one story. */
enum { AFT_STORY_MIN_WORDS = 4 };

enum aft_story_relation {
  AFT_STORY_FIRST, /* the article that the story is dated by */
  AFT_STORY_EVENT, /* has the event of the story */
  AFT_STORY_URL,   /* has the address of one of its articles */
  AFT_STORY_TITLE  /* has a title like the first one's */
};
const char *aft_story_relation_name(enum aft_story_relation relation); /* "first"; static */

/* An article of a story. */
typedef struct aft_story_link {
  const aft_article *article; /* borrowed from the articles, as all here */
  const aft_article *first;   /* of its story */
  enum aft_story_relation relation;
  double similarity; /* of the title and the first one's; NaN unless the relation is that */
} aft_story_link;

typedef struct aft_stories {
  aft_story_link *links; /* [n] story by story, in order of their first articles; in a story by time */
  size_t n, n_stories;
  size_t n_merged;    /* links by address or title */
  size_t n_compared;  /* pairs of titles that were looked at */
  GHashTable *places; /* article -> place in links + 1; owned */
  GHashTable *
      earlier; /* article -> article: has the address or the title of a story with an `event`, but came before it; owned */
} aft_stories;

/* Where a stamp stands on the exchange's wall clock, as if that were UTC; day_start: a day alone at its start, else at its end. */
aft_millis aft_story_clock(const aft_calendar *calendar, const aft_stamp *stamp, bool day_start);

/*
 * Sorts articles by the exchange's wall clock: instants are turned into it, times without zone are in it already, a day alone stands at
 * its start, unknown times last; equal times by id.
 */
void aft_stories_sort_articles(const aft_calendar *calendar, aft_articles *articles);

/*
 * Puts articles together that tell the same story. Those that share an `event` are one story, whatever their texts. In order of
 * time (a day alone counts as its end), an article without `event` joins
 *
 *   the story that has an article of its address, else
 *   the story whose first title is most like its own, of equal ones the earliest,
 *       J(A, B) = |A and B| / |A or B| >= titles      A, B: the sets of words of both titles
 *
 * when that story began at most window_days before, else it is a story of its own. Titles count from AFT_STORY_MIN_WORDS words on, when
 * the words with a digit are the same, and when both articles name a common symbol or none at all. Articles with
 * an `event` never join another one, and no article joins a story that began after it. An article without a usable time is in the story
 * of its event, else on its own.
 *
 * options NULL: only `event` counts. Cost: O(words), and the comparisons with first titles of the same symbol within the window that
 * share one of the rarest words (Bayardo, Ma and Srikant (2007), WWW, 131-140: prefix filter).
 */
void aft_stories_find(aft_stories *stories, const aft_calendar *calendar, const aft_articles *articles,
                      const aft_stories_options *options);
void aft_stories_clear(aft_stories *stories);

/* The story's name: the event of its first article, else that article's id. Borrowed. */
const char *aft_story_name(const aft_story_link *link);

/*
 * (story, symbol) pairs of articles, all of a story dated by its first article: the earliest usable publication on the exchange's clock; a
 * day alone counts as its end, so that a known hour of that day wins. Articles without a usable time are passed over, and those that
 * address or title put into a story with an `event`, whose symbols are those that its own articles name. One without symbols
 * stands for every one of symbols (NULL-terminated; NULL: then it is refused). A pair's group is that of the first article that names
 * it. rows is appended to.
 */
bool aft_stories_to_events(aft_event_rows *rows, const aft_stories *stories, const aft_articles *articles,
                           const char *const *symbols, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * What the address of a page is without scheme, "www.", default port, fragment, tracking parameters and a last slash; parameters in
 * alphabetical order. NULL for what is no page on the web, or a site's home page. Owned.
 */
char *aft_story_normalise_url(const char *url);
/*
 * The different words of a title, in its order, NULL-terminated, owned: runs of letters and digits in folded case; a character of a
 * script without blanks is a word. A last part " - Source" does not count.
 */
char **aft_story_title_words(const char *title, const char *source);

#endif
