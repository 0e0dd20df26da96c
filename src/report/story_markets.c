/* What the story says of a study on several exchanges. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

bool aft_story_has_markets(const aft_story *story) { return story->facts->markets->len > 1; }

bool aft_story_is_home(const aft_story *story, const aft_told_event *told) {
  return told->market[0] == '\0' || strcmp(told->market, story->facts->mic) == 0;
}

void aft_story_say_markets(aft_story *story, aft_line *line) {
  aft_words *words = &story->words;
  g_autoptr(GPtrArray) others = g_ptr_array_new();
  if (!aft_story_has_markets(story)) return;
  for (guint i = 1; i < story->facts->markets->len; i++) {
    const aft_fact_market *market = &g_array_index(story->facts->markets, aft_fact_market, i);
    const char *benchmark =
        market->market[0] == '\0' ? "no benchmark" : aft_words_format(words, "benchmark %s", market->market);
    g_ptr_array_add(others, (gpointer)(guintptr)aft_words_format(
                                words, "%s (%s, time zone %s, %s, %s)", market->name, market->mic, market->zone,
                                benchmark, aft_words_noun(words, market->securities, "series", "series")));
  }
  aft_line_say(line,
               "Securities of other exchanges keep those exchanges' sessions, clocks and benchmarks, and day" AFT_NBSP
               "0 is their own first session that could react: %s. ",
               aft_words_join(words, others, others->len));
}

void aft_story_warn_markets(aft_line *line) {
  aft_line_say(
      line, "Day" AFT_NBSP "0 of one story is not the same date, nor the same hours, on every exchange: where one "
            "closes before another opens, news of the day between them reaches the first a session later. Returns of "
            "one date overlap only in part, so that correlations between exchanges, matched by date, are lower "
            "than those of the news in them.");
}
