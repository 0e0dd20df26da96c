/* Section "What did a portfolio of the firms earn?": calendar-time portfolios, when the study asked for them. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Below it, a portfolio has hardly any day to be judged by. */
enum { FEW_SESSIONS = 10 };

static bool is_window(const aft_table *table, size_t row, aft_fact_window window) {
  aft_fact_window found = aft_facts_window(table, row);
  return found.first == window.first && found.last == window.last;
}

/* The row of a statistic of the story's sample over a window; n_rows when there is none. */
static size_t find_row(const aft_story *story, aft_fact_window window, const char *test) {
  static const char *const names[] = {"test", "group", "model"};
  const char *values[] = {test, story->sample, story->model};
  const aft_table *table = &story->facts->calendar_table;
  size_t row = aft_facts_find_row(table, 0, 3, names, values);
  while (row < table->n_rows && !is_window(table, row, window))
    row = aft_facts_find_row(table, row + 1, 3, names, values);
  return row;
}

/* The story's main window, or the one that the study chose for its portfolios; false without a portfolio of the sample. */
static bool choose_window(const aft_story *story, aft_fact_window *window) {
  static const char *const names[] = {"group", "model"};
  const char *values[] = {story->sample, story->model};
  const aft_table *table = &story->facts->calendar_table;
  *window = story->window;
  if (find_row(story, *window, "calendar_time_t") < table->n_rows) return true;
  size_t row = aft_facts_find_row(table, 0, 2, names, values);
  if (row >= table->n_rows) return false;
  *window = aft_facts_window(table, row);
  return true;
}

static bool is_standardised(const char *test) { return strstr(test, "jaffe") != NULL; }

static const char *estimate_cell(aft_story *story, double estimate, const char *test) {
  aft_words *words = &story->words;
  if (isnan(estimate)) return AFT_NO_VALUE;
  return is_standardised(test) ? aft_words_format(words, "%s sd", aft_words_fixed(words, estimate, 3))
                               : aft_words_format(words, "%s" AFT_NBSP "%%", aft_words_fixed(words, 100 * estimate, 3));
}

static void add_row(aft_story *story, aft_grid *grid, size_t row, bool with_sample) {
  const aft_table *table = &story->facts->calendar_table;
  aft_words *words = &story->words;
  const char *test = aft_facts_text(table, row, "test");
  if (with_sample) {
    aft_grid_add(grid, aft_words_sample_cell(words, aft_facts_text(table, row, "group")));
    aft_grid_add(grid, aft_words_window(words, aft_facts_window(table, row)));
  }
  aft_grid_add(grid, test);
  aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(table, row, "n")));
  aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "firms"), 1));
  aft_grid_add(grid, estimate_cell(story, aft_facts_number(table, row, "estimate"), test));
  aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "statistic"), 3));
  aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(table, row, "df")));
  aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "p_value")));
  aft_grid_add(grid, aft_facts_text(table, row, "note"));
}

static aft_grid *begin_grid(bool with_sample) {
  static const char *const columns[] = {"Sessions", "Firms", "Mean a session", "Statistic", "df", "p"};
  aft_grid *grid = aft_grid_new("calendar_time", "Portfolios in calendar time");
  if (with_sample) {
    aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
    aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  }
  aft_grid_add_column(grid, "Test", AFT_COLUMN_CODE);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Note", AFT_COLUMN_TEXT);
  return grid;
}

static void add_notes(aft_story *story, aft_grid *grid) {
  aft_grid_add_note(
      grid, "Each session: the mean over firms whose event window holds it. t, hac, wls: mean abnormal return; jaffe: "
            "in units of the same portfolio's sd before the events; alpha: intercept of its returns on the "
            "model's factors. Firms: mean number a session.");
  aft_grid_add_note(grid, "%s.", aft_story_basis(story));
}

aft_grid *aft_story_grid_calendar_time(aft_story *story) {
  const aft_table *table = &story->facts->calendar_table;
  aft_grid *grid = begin_grid(true);
  for (size_t row = 0; row < table->n_rows; row++)
    if (strcmp(aft_facts_text(table, row, "model"), story->model) == 0) add_row(story, grid, row, true);
  add_notes(story, grid);
  return grid;
}

/* "+0.46 % (t 2.10, p = 0.044)" */
static const char *finding(aft_story *story, size_t row) {
  const aft_table *table = &story->facts->calendar_table;
  aft_words *words = &story->words;
  double statistic = aft_facts_number(table, row, "statistic");
  const char *mean = aft_words_signed_percent(words, aft_facts_number(table, row, "estimate"));
  if (isnan(statistic))
    return aft_words_format(words, "%s (no statistic: %s)", mean, aft_facts_text(table, row, "note"));
  return aft_words_format(words, "%s (t" AFT_NBSP "%s, %s)", mean, aft_words_fixed(words, statistic, 2),
                          aft_words_p(words, aft_facts_number(table, row, "p_value")));
}

static void tell_portfolio(aft_story *story, aft_fact_window window) {
  const aft_table *table = &story->facts->calendar_table;
  aft_words *words = &story->words;
  size_t t = find_row(story, window, "calendar_time_t"), hac = find_row(story, window, "calendar_time_hac");
  size_t alpha = find_row(story, window, "calendar_time_alpha");
  double n = aft_facts_number(table, t, "n");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(
      line,
      "Holding each firm only on the sessions of its window %s, a portfolio of %s would have existed on %s. Here days are "
      "the observations, not events: news that overlaps, or that moves many firms at once, counts once a "
      "session.",
      aft_words_window(words, window), aft_words_sample(words, story->sample),
      aft_words_noun(words, n, "session", "sessions"));
  if (!(n > 0)) return;
  aft_line_say(line, " It held %s firms on average and earned an abnormal %s a session",
               aft_words_fixed(words, aft_facts_number(table, t, "firms"), 1), finding(story, t));
  double p = aft_facts_number(table, hac, "p_value");
  if (!isnan(p)) aft_line_say(line, "; with Newey and West's errors, %s", aft_words_p(words, p));
  aft_line_say(line, ".");
  if (!isnan(aft_facts_number(table, alpha, "statistic")))
    aft_line_say(line, " The alpha of its returns is %s.", finding(story, alpha));
  if (n < FEW_SESSIONS)
    aft_line_say(line, " So few sessions say little: the tests across events above are what this study rests on.");
}

void aft_story_tell_calendar_time(aft_story *story) {
  const aft_table *table = &story->facts->calendar_table;
  aft_fact_window window;
  if (table->n_rows == 0 || !choose_window(story, &window)) return;
  aft_document_add_heading(story->document, "calendar-time", "What did a portfolio of the firms earn?");
  tell_portfolio(story, window);
  aft_grid *grid = begin_grid(false);
  for (size_t row = 0; row < table->n_rows; row++)
    if (is_window(table, row, window) && strcmp(aft_facts_text(table, row, "group"), story->sample) == 0 &&
        strcmp(aft_facts_text(table, row, "model"), story->model) == 0)
      add_row(story, grid, row, false);
  add_notes(story, grid);
  aft_document_add_grid(story->document, grid);
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Every sample and window is in ");
  aft_line_code(line, "tables/calendar_time.md");
  aft_line_say(line, ", the portfolios day by day in calendar_portfolio.csv.");
}
