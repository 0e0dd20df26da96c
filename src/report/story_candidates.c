/* Section "Which date carries the move?": stories whose moment is not certain. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_SHOWN = 40 };

/* Whether a row belongs to the table: of the focus story's security, or an average. */
static bool is_shown(const aft_story *story, size_t row) {
  const aft_table *table = &story->facts->candidates_table;
  const char *symbol = aft_facts_text(table, row, "symbol");
  return symbol[0] == '\0' || strcmp(symbol, story->facts->focus.symbol) == 0;
}

aft_grid *aft_story_grid_candidates(aft_story *story, bool focus_only) {
  const aft_table *table = &story->facts->candidates_table;
  aft_words *words = &story->words;
  static const char *const columns[] = {"N", "CAR, %", "s.e., %", "Statistic", "p, this session", "p, all sessions"};
  aft_grid *grid = aft_grid_new("candidates", "Sessions at which a story may have become public");
  aft_grid_add_column(grid, "Story", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Session", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "What", AFT_COLUMN_TEXT);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  for (size_t row = 0; row < table->n_rows; row++) {
    if (focus_only && (!is_shown(story, row) || aft_grid_n_rows(grid) >= MOST_SHOWN)) continue;
    const char *symbol = aft_facts_text(table, row, "symbol");
    aft_grid_add(grid, aft_facts_text(table, row, "event"));
    aft_grid_add(grid, symbol[0] == '\0' ? "average" : symbol);
    aft_grid_add(grid, aft_facts_text(table, row, "session"));
    aft_grid_add(grid, aft_facts_text(table, row, "what"));
    aft_grid_add(grid, aft_facts_text(table, row, "n"));
    aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(table, row, "car")));
    aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(table, row, "standard_error")));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "statistic"), 2));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "p_value")));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "p_max")));
  }
  aft_grid_add_note(
      grid,
      "CAR over %s around each session, forecast from before the first of them. p, all sessions: for having "
      "looked at every one, by the largest value of the same pattern of sessions at each place before the "
      "event; it cannot be smaller than 1 / (places + 1).",
      aft_words_window(words, story->window));
  return grid;
}

/* The row of a story and security with the smallest p of all sessions, the farther CAR of two; n_rows when there is none. */
static size_t find_best(const aft_table *table, const char *event, const char *symbol) {
  size_t best = table->n_rows;
  for (size_t row = 0; row < table->n_rows; row++) {
    double p = aft_facts_number(table, row, "p_max"), car = fabs(aft_facts_number(table, row, "car"));
    if (strcmp(aft_facts_text(table, row, "event"), event) != 0 || isnan(p)) continue;
    if (strcmp(aft_facts_text(table, row, "symbol"), symbol) != 0) continue;
    double least = best == table->n_rows ? HUGE_VAL : aft_facts_number(table, best, "p_max");
    if (p < least || (p == least && car > fabs(aft_facts_number(table, best, "car")))) best = row;
  }
  return best;
}

static void tell_best(aft_story *story, const char *event, const char *symbol) {
  const aft_table *table = &story->facts->candidates_table;
  aft_words *words = &story->words;
  size_t best = find_best(table, event, symbol);
  if (best == table->n_rows) return;
  double p = aft_facts_number(table, best, "p_max");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Of the %s at which ",
               aft_words_noun(words, aft_facts_number(table, best, "n_candidates"), "session", "sessions"));
  aft_line_code(line, event);
  aft_line_say(line, " may have become public, the one that moved %s most is %s, with %s. ",
               symbol[0] == '\0' ? "the average of its securities" : symbol, aft_facts_text(table, best, "session"),
               aft_words_signed_percent(words, aft_facts_number(table, best, "car")));
  if (p < story->alpha)
    aft_line_strong(line, aft_words_format(words,
                                           "That is more than chance even for the largest of so many (%s): the "
                                           "move belongs to that session.",
                                           aft_words_p(words, p)));
  else
    aft_line_say(line,
                 "The largest of so many sessions is often that large without news (%s): no date can be said to carry "
                 "the move.",
                 aft_words_p(words, p));
}

void aft_story_tell_candidates(aft_story *story) {
  const aft_table *table = &story->facts->candidates_table;
  if (table->n_rows == 0) return;
  aft_document_add_heading(story->document, "candidates", "Which date carries the move?");
  aft_line_say(
      aft_document_add_paragraph(story->document),
      "When a story became news is not always one moment: a paper, an announcement, the first report and the peak "
      "of attention can be days apart. To pick the date after seeing the prices would find a move in any "
      "story, so all candidates are tested together.");
  const char *last = "";
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *event = aft_facts_text(table, row, "event");
    if (strcmp(event, last) == 0) continue;
    tell_best(story, event, story->facts->focus.symbol);
    tell_best(story, event, "");
    last = event;
  }
  aft_document_add_grid(story->document, aft_story_grid_candidates(story, true));
}
