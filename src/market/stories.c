/* From articles to stories. */
#include <aftershock/market/stories.h>

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* An article on the exchange's wall clock, as if that were UTC. day_start: where a day alone stands. */
static aft_millis clock_of(const aft_calendar *calendar, const aft_stamp *stamp, bool day_start) {
  int offset;
  switch (stamp->kind) {
  case AFT_STAMP_INSTANT: return aft_calendar_to_local(calendar, stamp->instant, &offset);
  case AFT_STAMP_LOCAL: return stamp->instant;
  case AFT_STAMP_MONTH: return stamp->day * AFT_MILLIS_PER_DAY;
  case AFT_STAMP_DAY: return (stamp->day + (day_start ? 0 : 1)) * AFT_MILLIS_PER_DAY - (day_start ? 0 : 1);
  default: return INT64_MAX;
  }
}

/* An article with its place on the clock, which is looked up once, not at every comparison. */
typedef struct clocked {
  aft_millis at;
  aft_article *article;
} clocked;

static int compare_clocked(const void *a, const void *b) {
  const clocked *x = a, *y = b;
  return x->at < y->at ? -1 : x->at > y->at ? 1 : strcmp(x->article->id, y->article->id);
}

void aft_stories_sort_articles(const aft_calendar *calendar, aft_articles *articles) {
  guint n = articles->rows->len;
  g_autofree clocked *list = g_new(clocked, n + 1);
  for (guint i = 0; i < n; i++) {
    aft_article *article = g_ptr_array_index(articles->rows, i);
    list[i] = (clocked){clock_of(calendar, &article->stamp, true), article};
  }
  if (n > 1) qsort(list, n, sizeof *list, compare_clocked);
  for (guint i = 0; i < n; i++) g_ptr_array_index(articles->rows, i) = list[i].article;
}

static const char *story_of(const aft_article *article) {
  return article->event[0] != '\0' ? article->event : article->id;
}

/* Story -> the article that dates it. */
static GHashTable *find_first_articles(const aft_calendar *calendar, const aft_articles *articles) {
  GHashTable *first = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < articles->rows->len; i++) {
    aft_article *article = g_ptr_array_index(articles->rows, i);
    if (!aft_stamp_is_dated(&article->stamp)) continue;
    const aft_article *best = g_hash_table_lookup(first, story_of(article));
    if (best == NULL || clock_of(calendar, &article->stamp, false) < clock_of(calendar, &best->stamp, false))
      g_hash_table_replace(first, (gpointer)(guintptr)story_of(article), article);
  }
  return first;
}

static void add_pair(aft_event_rows *rows, GHashTable *seen, const aft_article *named_by, const aft_article *dated_by,
                     const char *symbol) {
  if (!g_hash_table_add(seen, g_strdup_printf("%s\n%s", story_of(named_by), symbol))) return;
  aft_event_row row = {.event = g_strdup(story_of(named_by)),
                       .symbol = g_strdup(symbol),
                       .group = g_strdup(named_by->group),
                       .article = g_strdup(dated_by->id),
                       .published = g_strdup(dated_by->published),
                       .stamp = dated_by->stamp,
                       .line = 0};
  g_array_append_val(rows->rows, row);
}

bool aft_stories_to_events(aft_event_rows *rows, const aft_calendar *calendar, const aft_articles *articles,
                           const char *const *symbols, GError **error) {
  g_autoptr(GHashTable) first = find_first_articles(calendar, articles);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < articles->rows->len; i++) {
    const aft_article *article = g_ptr_array_index(articles->rows, i);
    if (!aft_stamp_is_dated(&article->stamp)) continue;
    const char *const *list = (const char *const *)article->symbols;
    if (*list == NULL) list = symbols;
    if (list == NULL) {
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                  "%s: article \"%s\" names no symbols (give it some, or list \"symbols\" in the study)", article->file,
                  article->id);
      return false;
    }
    for (; *list != NULL; list++) add_pair(rows, seen, article, g_hash_table_lookup(first, story_of(article)), *list);
  }
  return true;
}
