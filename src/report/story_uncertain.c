/* What of the headline rests on sessions that are uncertain: its paragraph and table. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_ROWS = 20 };

/* The row of an event on one of its sessions over the main window, "" for the average; n_rows when there is none. */
static size_t find_row(const aft_story *story, const char *event, const char *symbol, const char *alignment) {
  static const char *const names[] = {"alignment", "event", "symbol"};
  const char *values[] = {alignment, event, symbol};
  const aft_table *table = &story->facts->alignments_table;
  size_t row = aft_facts_find_row(table, 0, 3, names, values);
  for (; row < table->n_rows; row = aft_facts_find_row(table, row + 1, 3, names, values)) {
    aft_fact_window window = aft_facts_window(table, row);
    if (window.first == story->window.first && window.last == story->window.last) break;
  }
  return row;
}

static void add_numbers(aft_story *story, aft_grid *grid, size_t row) {
  const aft_table *table = &story->facts->alignments_table;
  aft_words *words = &story->words;
  double car = aft_facts_number(table, row, "car"), t = aft_facts_number(table, row, "t");
  const char *session = aft_facts_text(table, row, "session");
  aft_grid_add(grid, session[0] == '\0' ? AFT_NO_VALUE : session);
  aft_grid_add(grid, isnan(car) ? AFT_NO_VALUE : aft_words_percent(words, car));
  aft_grid_add(grid, isnan(t) ? AFT_NO_VALUE : aft_words_fixed(words, t, 2));
  aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "p")));
}

aft_grid *aft_story_grid_uncertain(aft_story *story, size_t most) {
  static const char *const numbers[] = {"CAR", "t", "p"};
  const aft_table *table = &story->facts->alignments_table;
  aft_grid *grid = aft_grid_new("alignments", "Events of uncertain session, on either one");
  aft_grid_add_column(grid, "Event", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Security", AFT_COLUMN_CODE);
  for (int k = 0; k < 2; k++) {
    aft_grid_add_column(grid, k == 0 ? "Session used" : "Other session", AFT_COLUMN_WORD);
    for (size_t c = 0; c < G_N_ELEMENTS(numbers); c++) aft_grid_add_column(grid, numbers[c], AFT_COLUMN_NUMBER);
  }
  size_t left_out = 0;
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *event = aft_facts_text(table, row, "event"), *symbol = aft_facts_text(table, row, "symbol");
    if (find_row(story, event, symbol, "used") != row) continue;
    size_t other = find_row(story, event, symbol, "other");
    if (other == table->n_rows) continue;
    bool average = event[0] == '\0';
    if (most > 0 && !average && aft_grid_n_rows(grid) >= most) {
      left_out++;
      continue;
    }
    aft_grid_add(grid, average ? "average" : event);
    aft_grid_add(grid, average ? "all" : symbol);
    add_numbers(story, grid, row);
    add_numbers(story, grid, other);
  }
  if (aft_grid_n_rows(grid) > 0)
    aft_grid_add_note(grid, "%s; model %s.", aft_words_window(&story->words, story->window), story->model);
  if (left_out > 0) aft_grid_add_note(grid, "%zu more are in alignments.csv.", left_out);
  return grid;
}

static size_t count_uncertain(const aft_table *events, size_t *n_used) {
  size_t n = 0;
  *n_used = 0;
  for (size_t row = 0; row < events->n_rows; row++) {
    if (strcmp(aft_facts_text(events, row, "status"), "used") != 0) continue;
    ++*n_used;
    n += aft_facts_text(events, row, "ambiguous")[0] != '\0';
  }
  return n;
}

/* "-2.31 % (p = 0.041)" */
static void say_average(aft_story *story, aft_line *line, size_t row) {
  const aft_table *table = &story->facts->alignments_table;
  double p = aft_facts_number(table, row, "p");
  aft_line_say(line, "%s", aft_words_percent(&story->words, aft_facts_number(table, row, "car")));
  if (!isnan(p)) aft_line_say(line, " (%s)", aft_words_p(&story->words, p));
}

void aft_story_tell_uncertain(aft_story *story) {
  const aft_table *table = &story->facts->alignments_table;
  size_t n_used, n = count_uncertain(&story->facts->events_table, &n_used);
  if (table->n_rows == 0 || n == 0) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(
      line,
      "The session of %zu of the %s is uncertain: only the day is known, or the time to the minute lies within "
      "five minutes of the close, so that the news may belong to another session. The table has the result on "
      "either one.",
      n, aft_words_noun(&story->words, (double)n_used, "event", "events"));
  size_t used = find_row(story, "", "", "used"), other = find_row(story, "", "", "other");
  if (used < table->n_rows && other < table->n_rows) {
    aft_line_say(line, " The average over all events is ");
    say_average(story, line, used);
    aft_line_say(line, " as they were placed, and ");
    say_average(story, line, other);
    aft_line_say(line, " when every uncertain one falls on its other session.");
  }
  aft_document_add_grid(story->document, aft_story_grid_uncertain(story, MOST_ROWS));
}
