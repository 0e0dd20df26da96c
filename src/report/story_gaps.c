/* The paragraph about the two halves of the focus security's day. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Row of the focus event's day 0; n_rows when there is none. */
static size_t find_half(const aft_story *story, const char *half) {
  static const char *const names[] = {"half", "rel_day", "symbol", "event"};
  const char *values[] = {half, "0", story->facts->focus.symbol, story->facts->focus.event};
  return aft_facts_find_row(&story->facts->gaps_table, 0, 4, names, values);
}

/* "-12.49 % overnight (abnormal -12.52 %, t = -7.40, p < 0.001)" */
static void say_half(aft_story *story, aft_line *line, size_t row, const char *when) {
  const aft_table *gaps = &story->facts->gaps_table;
  aft_words *words = &story->words;
  aft_line_say(line, "%s %s", aft_words_signed_percent(words, aft_facts_number(gaps, row, "return")), when);
  double t = aft_facts_number(gaps, row, "statistic");
  if (isnan(t)) return;
  aft_line_say(line, " (abnormal %s, t" AFT_NBSP "=" AFT_NBSP "%s, %s)",
               aft_words_signed_percent(words, aft_facts_number(gaps, row, "abnormal")), aft_words_fixed(words, t, 2),
               aft_words_p(words, aft_facts_number(gaps, row, "p_value")));
}

void aft_story_tell_gap(aft_story *story) {
  const aft_table *gaps = &story->facts->gaps_table;
  size_t gap = find_half(story, "gap"), session = find_half(story, "session");
  if (gap == gaps->n_rows || session == gaps->n_rows) return;
  if (isnan(aft_facts_number(gaps, gap, "return")) || isnan(aft_facts_number(gaps, session, "return"))) return;
  const char *symbol = story->facts->focus.symbol, *can = aft_facts_text(gaps, gap, "can_react");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Split at the opening, %s moved ", symbol);
  say_half(story, line, gap, "between the close before and the opening");
  aft_line_say(line, " and ");
  say_half(story, line, session, "from there to the close");
  aft_line_say(line, ". ");
  if (strcmp(can, "yes") == 0)
    aft_line_say(line, "The story was public before the opening, so the gap is where it could show first. ");
  else if (strcmp(can, "no") == 0)
    aft_line_say(line, "The story became public after the opening: the gap came before it and cannot be its doing. ");
  else
    aft_line_say(line, "The hour of the story is not known, so neither half can be ruled out. ");
  aft_line_say(
      line, "%s",
      strcmp(aft_facts_text(gaps, gap, "model"), "market_model") == 0
          ? "Each half is measured against the same half of the benchmark."
          : "The benchmark has no openings here, so each half is measured against its own mean before the event, "
            "and what the whole market did is still in it.");
}
