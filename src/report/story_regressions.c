/* Section "What do the effects depend on?": cross-sectional regressions, when the study asked for them. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* One regression of one sample over one window: what its rows in both files have in common. */
typedef struct fit_key {
  const char *regression, *group;
  aft_fact_window window;
} fit_key;

static fit_key key_of(const aft_table *table, size_t row) {
  return (fit_key){aft_facts_text(table, row, "regression"), aft_facts_text(table, row, "group"),
                   aft_facts_window(table, row)};
}

static bool matches(const aft_table *table, size_t row, const aft_story *story, const fit_key *key) {
  fit_key own = key_of(table, row);
  return strcmp(own.regression, key->regression) == 0 && strcmp(own.group, key->group) == 0 &&
         own.window.first == key->window.first && own.window.last == key->window.last &&
         strcmp(aft_facts_text(table, row, "model"), story->model) == 0;
}

static void add_term(aft_story *story, aft_grid *grid, size_t row) {
  const aft_table *table = &story->facts->regressions_table;
  aft_words *words = &story->words;
  aft_grid_add(grid, aft_facts_text(table, row, "term"));
  aft_grid_add(grid, aft_words_fixed(words, 100 * aft_facts_number(table, row, "estimate"), 3));
  aft_grid_add(grid, aft_words_fixed(words, 100 * aft_facts_number(table, row, "standard_error"), 3));
  aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "statistic"), 2));
  aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(table, row, "df")));
  aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "p_value")));
  aft_grid_add(grid, aft_words_fixed(words, 100 * aft_facts_number(table, row, "ci_low"), 3));
  aft_grid_add(grid, aft_words_fixed(words, 100 * aft_facts_number(table, row, "ci_high"), 3));
}

static aft_grid *begin_grid(const char *name, const char *title, bool with_key) {
  static const char *const columns[] = {"Estimate", "Error", "t", "df", "p", "Low", "High"};
  aft_grid *grid = aft_grid_new(name, title);
  if (with_key) {
    aft_grid_add_column(grid, "Regression", AFT_COLUMN_WORD);
    aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
    aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  }
  aft_grid_add_column(grid, "Term", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  return grid;
}

static void add_notes(aft_story *story, aft_grid *grid) {
  aft_grid_add_note(
      grid,
      "Percentage points of the CAR for one unit of the term; a term \"name:label\" is the difference from the "
      "base label. Low, High: limits at %s %%.",
      aft_words_degrees(&story->words, 100 * (1 - story->alpha)));
  aft_grid_add_note(grid, "%s.", aft_story_basis(story));
}

aft_grid *aft_story_grid_regressions(aft_story *story) {
  const aft_table *table = &story->facts->regressions_table;
  aft_grid *grid = begin_grid("regressions", "Cross-sectional regressions of CARs", true);
  for (size_t row = 0; row < table->n_rows; row++) {
    if (strcmp(aft_facts_text(table, row, "model"), story->model) != 0) continue;
    aft_grid_add(grid, aft_facts_text(table, row, "regression"));
    aft_grid_add(grid, aft_words_sample_cell(&story->words, aft_facts_text(table, row, "group")));
    aft_grid_add(grid, aft_words_window(&story->words, aft_facts_window(table, row)));
    add_term(story, grid, row);
  }
  add_notes(story, grid);
  return grid;
}

aft_grid *aft_story_grid_regression_fits(aft_story *story) {
  static const char *const columns[] = {"N", "No CAR", "No covariates", "R²", "Adjusted R²", "F", "p"};
  const aft_table *table = &story->facts->regression_fits_table;
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("regression_fits", "Cross-sectional regressions: how well they fit");
  aft_grid_add_column(grid, "Regression", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Errors", AFT_COLUMN_CODE);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Note", AFT_COLUMN_TEXT);
  for (size_t row = 0; row < table->n_rows; row++) {
    if (strcmp(aft_facts_text(table, row, "model"), story->model) != 0) continue;
    aft_grid_add(grid, aft_facts_text(table, row, "regression"));
    aft_grid_add(grid, aft_words_sample_cell(words, aft_facts_text(table, row, "group")));
    aft_grid_add(grid, aft_words_window(words, aft_facts_window(table, row)));
    aft_grid_add(grid, aft_facts_text(table, row, "errors"));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(table, row, "n")));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(table, row, "without_car")));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(table, row, "without_covariates")));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "r_squared"), 3));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "adjusted_r_squared"), 3));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(table, row, "f"), 2));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(table, row, "f_p_value")));
    aft_grid_add(grid, aft_facts_text(table, row, "note"));
  }
  aft_grid_add_note(grid, "F: joint test of all terms but the constant, with the errors named. %s.",
                    aft_story_basis(story));
  return grid;
}

/* The row to tell of a regression: the story's sample and main window where they are, else the first one. */
static size_t choose_fit(const aft_story *story, const char *regression) {
  const aft_table *table = &story->facts->regression_fits_table;
  size_t chosen = table->n_rows;
  int best = -1;
  for (size_t row = 0; row < table->n_rows; row++) {
    fit_key key = key_of(table, row);
    if (strcmp(key.regression, regression) != 0 || strcmp(aft_facts_text(table, row, "model"), story->model) != 0)
      continue;
    int score = 2 * (strcmp(key.group, story->sample) == 0) +
                (key.window.first == story->window.first && key.window.last == story->window.last);
    if (score <= best) continue;
    best = score;
    chosen = row;
  }
  return chosen;
}

static void say_left_out(aft_story *story, aft_line *line, size_t row) {
  const aft_table *table = &story->facts->regression_fits_table;
  double no_car = aft_facts_number(table, row, "without_car"),
         none = aft_facts_number(table, row, "without_covariates");
  if (none > 0)
    aft_line_say(line, " %s left out for want of a row or value.",
                 aft_words_noun(&story->words, none, "event is", "events are"));
  if (no_car > 0)
    aft_line_say(line, " %s no CAR over the window.",
                 aft_words_noun(&story->words, no_car, "event has", "events have"));
}

static void tell_fit(aft_story *story, size_t row) {
  const aft_table *table = &story->facts->regression_fits_table, *terms = &story->facts->regressions_table;
  aft_words *words = &story->words;
  fit_key key = key_of(table, row);
  const char *note = aft_facts_text(table, row, "note");
  double r_squared = aft_facts_number(table, row, "r_squared"), f = aft_facts_number(table, row, "f");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Regression %s, %s, %s: CARs of %s, ", key.regression, aft_words_sample(words, key.group),
               aft_words_over(words, key.window, false),
               aft_words_noun(words, aft_facts_number(table, row, "n"), "event", "events"));
  if (strcmp(aft_facts_text(table, row, "weights"), "variance") == 0)
    aft_line_say(line, "weighted by the inverse of their variance, ");
  aft_line_say(line, "errors ");
  aft_line_code(line, aft_facts_text(table, row, "errors"));
  aft_line_say(line, ".");
  if (!isnan(r_squared))
    aft_line_say(line, " The terms explain %s of the spread (adjusted %s).", aft_words_percent(words, r_squared),
                 aft_words_percent(words, aft_facts_number(table, row, "adjusted_r_squared")));
  if (!isnan(f))
    aft_line_say(line, " Jointly: F(%s, %s) = %s, %s.", aft_words_degrees(words, aft_facts_number(table, row, "f_df1")),
                 aft_words_degrees(words, aft_facts_number(table, row, "f_df2")), aft_words_fixed(words, f, 2),
                 aft_words_p(words, aft_facts_number(table, row, "f_p_value")));
  if (note[0] != '\0') aft_line_say(line, " Not everything could be computed: %s.", note);
  say_left_out(story, line, row);
  aft_grid *grid = begin_grid("regression", aft_words_format(words, "Regression %s", key.regression), false);
  for (size_t t = 0; t < terms->n_rows; t++)
    if (matches(terms, t, story, &key)) add_term(story, grid, t);
  add_notes(story, grid);
  if (aft_grid_n_rows(grid) > 0)
    aft_document_add_grid(story->document, grid);
  else
    aft_grid_free(grid);
}

void aft_story_tell_regressions(aft_story *story) {
  const aft_table *table = &story->facts->regression_fits_table;
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  if (table->n_rows == 0) return;
  aft_document_add_heading(story->document, "regressions", "What do the effects depend on?");
  for (size_t row = 0; row < table->n_rows; row++) {
    const char *regression = aft_facts_text(table, row, "regression");
    if (!g_hash_table_add(told, (gpointer)(guintptr)regression)) continue;
    size_t chosen = choose_fit(story, regression);
    if (chosen < table->n_rows) tell_fit(story, chosen);
  }
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(
      line,
      "CARs are estimates, and a regression over events takes them for independent unless its errors are clustered: on one "
      "date, a term that divides firms into two sides is also a bet on what else moved them that day. Every sample and "
      "window is in ");
  aft_line_code(line, "tables/regressions.md");
  aft_line_say(line, " and ");
  aft_line_code(line, "tables/regression_fits.md");
  aft_line_say(line, ".");
}
