/* From articles to dated (story, symbol) pairs. */
#include <aftershock/market/stories.h>

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

aft_millis aft_story_clock(const aft_calendar *calendar, const aft_stamp *stamp, bool day_start) {
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
    list[i] = (clocked){aft_story_clock(calendar, &article->stamp, true), article};
  }
  if (n > 1) qsort(list, n, sizeof *list, compare_clocked);
  for (guint i = 0; i < n; i++) g_ptr_array_index(articles->rows, i) = list[i].article;
}

const char *aft_story_name(const aft_story_link *link) {
  return link->first->event[0] != '\0' ? link->first->event : link->first->id;
}

/* A story with an `event` moves what the user said that it moves. */
static bool is_of_itself(const aft_story_link *link) {
  bool joined = link->relation == AFT_STORY_URL || link->relation == AFT_STORY_TITLE;
  return !joined || link->first->event[0] == '\0';
}

static void add_pair(aft_event_rows *rows, GHashTable *seen, const aft_story_link *link, const char *symbol) {
  if (!g_hash_table_add(seen, g_strdup_printf("%s\n%s", aft_story_name(link), symbol))) return;
  aft_event_row row = {.event = aft_texts_add(rows->texts, aft_story_name(link)),
                       .symbol = aft_texts_add(rows->texts, symbol),
                       .group = aft_texts_add(rows->texts, link->article->group),
                       .article = aft_texts_add(rows->texts, link->first->id),
                       .published = aft_texts_add(rows->texts, link->first->published),
                       .stamp = link->first->stamp,
                       .line = 0};
  aft_event_rows_append(rows, &row);
}

bool aft_stories_to_events(aft_event_rows *rows, const aft_stories *stories, const aft_articles *articles,
                           const char *const *symbols, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < articles->rows->len; i++) {
    const aft_article *article = g_ptr_array_index(articles->rows, i);
    const aft_story_link *link = &stories->links[GPOINTER_TO_SIZE(g_hash_table_lookup(stories->places, article)) - 1];
    if (!aft_stamp_is_dated(&article->stamp) || !is_of_itself(link)) continue;
    const char *const *list = (const char *const *)article->symbols;
    if (*list == NULL) list = symbols;
    if (list == NULL) {
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                  "%s: article \"%s\" names no symbols (give it some, or list \"symbols\" in the study)", article->file,
                  article->id);
      return false;
    }
    for (; *list != NULL; list++) add_pair(rows, seen, link, *list);
  }
  return true;
}
