/* The stories of a study's news: for the record, and what is to be said of them. */
#include "load_input.h"

#include <string.h>

#include <aftershock/base/banned.h>

void cli_stories_keep(cli_study *study) {
  const aft_stories *stories = &study->stories;
  size_t place = 0;
  for (size_t i = 0; i < stories->n; i++) {
    const aft_story_link *link = &stories->links[i];
    const aft_article *article = link->article;
    char local[AFT_LOCAL_TEXT];
    place = i > 0 && stories->links[i - 1].first == link->first ? place + 1 : 1;
    aft_story_fact fact = {.story = g_strdup(aft_story_name(link)),
                           .first = g_strdup(link->first->id),
                           .article = g_strdup(article->id),
                           .published = g_strdup(article->published),
                           .local_time = g_strdup(aft_calendar_print_local(study->calendar, &article->stamp, local)),
                           .source = g_strdup(article->source),
                           .title = g_strdup(article->title),
                           .url = g_strdup(article->url),
                           .relation = aft_story_relation_name(link->relation),
                           .similarity = link->similarity,
                           .place = place};
    g_array_append_val(study->provenance.stories, fact);
  }
}

void cli_stories_warn(cli_study *study) {
  const aft_stories *stories = &study->stories;
  if (stories->n_merged > 0)
    aft_warnings_add(&study->warnings,
                     "%" G_GSIZE_FORMAT " article%s counted with an earlier story for %s address or title (stories.csv "
                     "and `aftershock stories` list them; \"stories\": false keeps them apart)",
                     stories->n_merged, stories->n_merged == 1 ? " is" : "s are",
                     stories->n_merged == 1 ? "its" : "their");
  for (size_t i = 0; i < stories->n; i++) {
    const aft_article *early = stories->links[i].article;
    const aft_article *named = g_hash_table_lookup(stories->earlier, early);
    if (named != NULL)
      aft_warnings_add(&study->warnings,
                       "%s: article \"%s\" has the address or the title of story \"%s\" but came before it (give it "
                       "\"event\": \"%s\" if it tells the same; it stays a story of its own)",
                       early->file, early->id, named->event, named->event);
  }
}
