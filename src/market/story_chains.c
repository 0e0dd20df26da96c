/* Articles put together into stories: by event, by address, by title. */
#include <aftershock/market/stories.h>

#include "story_titles.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { NOT_YET = -1 };

/* A story while they are found. */
typedef struct found_story {
  size_t first; /* article, in the articles' order */
  aft_millis clock;
  bool is_named; /* its first article has an event */
} found_story;

/* An article while stories are found. */
typedef struct found_article {
  size_t article;
  aft_millis clock; /* by which it dates a story; INT64_MAX without a usable time */
  long story;
  enum aft_story_relation relation;
  double similarity;
} found_article;

typedef struct finder {
  const aft_articles *articles;
  const aft_stories_options *options; /* NULL: only events count */
  aft_millis window;
  found_article *found; /* [n] by time, then id */
  GArray *stories;      /* of found_story */
  GHashTable *by_name;  /* event, or id of an article without one -> story + 1 */
  GHashTable *by_url;   /* normalised address -> story + 1, the last that has it */
  title_index *titles;  /* NULL: titles do not count */
  GHashTable *earlier;
} finder;

const char *aft_story_relation_name(enum aft_story_relation relation) {
  static const char *const names[] = {"first", "event", "url", "title"};
  return names[relation];
}

static const aft_article *article_of(const finder *f, size_t i) { return g_ptr_array_index(f->articles->rows, i); }

static int compare_found(const void *a, const void *b, void *data) {
  const found_article *x = a, *y = b;
  if (x->clock != y->clock) return x->clock < y->clock ? -1 : 1;
  return strcmp(article_of(data, x->article)->id, article_of(data, y->article)->id);
}

static void order_by_time(finder *f, const aft_calendar *calendar) {
  guint n = f->articles->rows->len;
  f->found = g_new(found_article, MAX(n, 1));
  for (guint i = 0; i < n; i++) {
    const aft_stamp *stamp = &article_of(f, i)->stamp;
    aft_millis clock = aft_stamp_is_dated(stamp) ? aft_story_clock(calendar, stamp, false) : INT64_MAX;
    f->found[i] = (found_article){i, clock, NOT_YET, AFT_STORY_FIRST, (double)NAN};
  }
  g_qsort_with_data(f->found, (gint)n, sizeof *f->found, compare_found, f);
}

static bool is_near(const finder *f, long story, aft_millis clock) {
  return story >= 0 && clock - g_array_index(f->stories, found_story, story).clock <= f->window;
}

/* The story that an article belongs to by its address or its title; -1 when there is none. */
static long find_like(const finder *f, found_article *a, const char *url) {
  if (url != NULL) {
    long story = (long)GPOINTER_TO_SIZE(g_hash_table_lookup(f->by_url, url)) - 1;
    a->relation = AFT_STORY_URL;
    if (is_near(f, story, a->clock)) return story;
  }
  a->relation = AFT_STORY_TITLE;
  return f->titles != NULL ? title_index_find(f->titles, a->article, a->clock, &a->similarity) : -1;
}

static void begin_story(finder *f, found_article *a) {
  const aft_article *article = article_of(f, a->article);
  found_story story = {a->article, a->clock, article->event[0] != '\0'};
  g_array_append_val(f->stories, story);
  a->story = (long)f->stories->len - 1;
  a->relation = AFT_STORY_FIRST;
  g_hash_table_insert(f->by_name, story.is_named ? article->event : article->id,
                      GSIZE_TO_POINTER((size_t)a->story + 1));
  if (f->titles != NULL && a->clock != INT64_MAX) title_index_add(f->titles, (size_t)a->story, a->article, a->clock);
}

/* A story without a name that is like a named one was first; which of several named ones is told of the first alone. */
static void note_earlier(finder *f, long story, const aft_article *named) {
  const found_story *before = &g_array_index(f->stories, found_story, story);
  const aft_article *early = article_of(f, before->first);
  if (!before->is_named && !g_hash_table_contains(f->earlier, early))
    g_hash_table_insert(f->earlier, (gpointer)(guintptr)early, (gpointer)(guintptr)named);
}

static void place_article(finder *f, found_article *a) {
  const aft_article *article = article_of(f, a->article);
  bool is_named = article->event[0] != '\0', is_timed = a->clock != INT64_MAX;
  char *url = f->options != NULL && f->options->url && is_timed ? aft_story_normalise_url(article->url) : NULL;
  a->story = (long)GPOINTER_TO_SIZE(g_hash_table_lookup(f->by_name, is_named ? article->event : article->id)) - 1;
  if (a->story >= 0) {
    a->relation = AFT_STORY_EVENT;
  } else {
    long like = is_timed ? find_like(f, a, url) : -1;
    if (is_named && like >= 0) note_earlier(f, like, article);
    if (is_named || like < 0)
      begin_story(f, a);
    else
      a->story = like;
  }
  if (a->relation != AFT_STORY_TITLE) a->similarity = (double)NAN;
  if (url != NULL) g_hash_table_insert(f->by_url, url, GSIZE_TO_POINTER((size_t)a->story + 1));
}

static int compare_links(const void *a, const void *b) {
  const found_article *x = *(found_article *const *)a, *y = *(found_article *const *)b;
  if (x->story != y->story) return x->story < y->story ? -1 : 1;
  return x < y ? -1 : 1; /* found is by time */
}

static void tell(const finder *f, aft_stories *stories) {
  guint n = f->articles->rows->len;
  g_autofree const found_article **order = g_new(const found_article *, MAX(n, 1));
  *stories = (aft_stories){.links = g_new(aft_story_link, MAX(n, 1)),
                           .n = n,
                           .n_stories = f->stories->len,
                           .n_compared = f->titles != NULL ? title_index_n_compared(f->titles) : 0,
                           .places = g_hash_table_new(g_direct_hash, g_direct_equal),
                           .earlier = f->earlier};
  for (guint i = 0; i < n; i++) order[i] = &f->found[i];
  qsort(order, n, sizeof(const found_article *), compare_links);
  for (guint i = 0; i < n; i++) {
    const found_article *a = order[i];
    const aft_article *first = article_of(f, g_array_index(f->stories, found_story, a->story).first);
    stories->links[i] = (aft_story_link){article_of(f, a->article), first, a->relation, a->similarity};
    stories->n_merged += a->relation == AFT_STORY_URL || a->relation == AFT_STORY_TITLE;
    g_hash_table_insert(stories->places, (gpointer)(guintptr)stories->links[i].article,
                        GSIZE_TO_POINTER((size_t)i + 1));
  }
}

void aft_stories_find(aft_stories *stories, const aft_calendar *calendar, const aft_articles *articles,
                      const aft_stories_options *options) {
  finder f = {.articles = articles,
              .options = options,
              .stories = g_array_new(FALSE, FALSE, sizeof(found_story)),
              .by_name = g_hash_table_new(g_str_hash, g_str_equal),
              .by_url = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
              .earlier = g_hash_table_new(g_direct_hash, g_direct_equal)};
  if (options != NULL) f.window = (aft_millis)options->window_days * AFT_MILLIS_PER_DAY;
  if (options != NULL && options->titles > 0) f.titles = title_index_new(articles, options->titles, f.window);
  order_by_time(&f, calendar);
  for (guint i = 0; i < articles->rows->len; i++) place_article(&f, &f.found[i]);
  tell(&f, stories);
  g_free(f.found);
  g_array_unref(f.stories);
  g_hash_table_unref(f.by_name);
  g_hash_table_unref(f.by_url);
  title_index_free(f.titles);
}

void aft_stories_clear(aft_stories *stories) {
  g_clear_pointer(&stories->links, g_free);
  g_clear_pointer(&stories->places, g_hash_table_unref);
  g_clear_pointer(&stories->earlier, g_hash_table_unref);
  stories->n = 0;
}
