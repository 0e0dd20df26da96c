/* Section "Why do we differ?": what other programs would print, and which of their conventions moves each number. */
#include "story.h"

#include <aftershock/study/compat.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const aft_compat_profile *find_profile(const char *name) {
  size_t n;
  const aft_compat_profile *profiles = aft_compat_profiles(&n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(profiles[i].name, name) == 0) return &profiles[i];
  return NULL;
}

/* What a convention is, in words; its name where this version does not know it, "" for none. */
static const char *convention_words(const char *program, const char *name) {
  const aft_compat_profile *profile = find_profile(program);
  for (size_t c = 0; profile != NULL && profile->conventions[c] != NULL; c++)
    if (strcmp(profile->conventions[c]->name, name) == 0) return profile->conventions[c]->what;
  return name;
}

static const char *program_title(const char *name) {
  const aft_compat_profile *profile = find_profile(name);
  return profile == NULL ? name : profile->title;
}

static bool is_average(const aft_table *table, size_t row) {
  return strcmp(aft_facts_text(table, row, "test"), "caar") == 0;
}

/* A statistic with three decimals, or an average in percent. */
static const char *value_cell(aft_story *story, size_t row, const char *column) {
  const aft_table *table = &story->facts->compat_table;
  double value = aft_facts_number(table, row, column);
  if (!is_average(table, row) || isnan(value)) return aft_words_fixed(&story->words, value, 4);
  return aft_words_format(&story->words, "%s" AFT_NBSP "%%", aft_words_fixed(&story->words, 100 * value, 4));
}

/* Columns that name the statistic are empty where the row before is about the same one. */
static void add_row(aft_story *story, aft_grid *grid, size_t row, bool again, bool with_sample) {
  const aft_table *table = &story->facts->compat_table;
  aft_words *words = &story->words;
  const char *program = aft_facts_text(table, row, "program");
  aft_grid_add(grid, again ? "" : program_title(program));
  if (with_sample) {
    aft_grid_add(grid, again ? "" : aft_words_sample_cell(words, aft_facts_text(table, row, "group")));
    aft_grid_add(grid, again ? "" : aft_words_window(words, aft_facts_window(table, row)));
  }
  aft_grid_add(grid, again ? "" : aft_facts_text(table, row, "test"));
  aft_grid_add(grid, again ? "" : value_cell(story, row, "ours"));
  aft_grid_add(grid, again ? "" : value_cell(story, row, "theirs"));
  aft_grid_add(grid, again ? "" : aft_words_p_cell(words, aft_facts_number(table, row, "ours_p_value")));
  aft_grid_add(grid, again ? "" : aft_words_p_cell(words, aft_facts_number(table, row, "theirs_p_value")));
  const char *convention = aft_facts_text(table, row, "convention");
  aft_grid_add(grid, convention[0] == '\0' ? "the same" : convention_words(program, convention));
  aft_grid_add(grid, value_cell(story, row, "effect"));
}

static aft_grid *begin_grid(bool with_sample) {
  aft_grid *grid = aft_grid_new("compat", "What other programs would print, and what moves each number");
  aft_grid_add_column(grid, "Program", AFT_COLUMN_WORD);
  if (with_sample) {
    aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
    aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  }
  aft_grid_add_column(grid, "Statistic", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Here", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "There", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "p here", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "p there", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Convention", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "Moves it by", AFT_COLUMN_NUMBER);
  return grid;
}

static void add_notes(aft_story *story, aft_grid *grid) {
  aft_grid_add_note(
      grid,
      "There: this program's own code with all conventions of the other one, not the other program run. Moves it by: "
      "the change of the statistic when that convention alone is taken over; together they need not add up. A "
      "convention with 0 moves only p. car_t: t of the focus event's CAR; caar: the average CAR itself.");
  aft_grid_add_note(grid, "%s.", aft_story_basis(story));
}

static bool same_statistic(const aft_table *table, size_t a, size_t b) {
  static const char *const columns[] = {"program", "model", "group", "first", "last", "test"};
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++)
    if (strcmp(aft_facts_text(table, a, columns[i]), aft_facts_text(table, b, columns[i])) != 0) return false;
  return true;
}

aft_grid *aft_story_grid_compat(aft_story *story) {
  const aft_table *table = &story->facts->compat_table;
  aft_grid *grid = begin_grid(true);
  for (size_t row = 0; row < table->n_rows; row++)
    if (strcmp(aft_facts_text(table, row, "model"), story->model) == 0)
      add_row(story, grid, row, row > 0 && same_statistic(table, row - 1, row), true);
  add_notes(story, grid);
  return grid;
}

/* Rows that the report shows: the story's sample, or the focus event's t, over the main window. */
static bool is_told(const aft_story *story, size_t row) {
  const aft_table *table = &story->facts->compat_table;
  aft_fact_window window = aft_facts_window(table, row);
  if (strcmp(aft_facts_text(table, row, "model"), story->model) != 0) return false;
  if (window.first != story->window.first || window.last != story->window.last) return false;
  return strcmp(aft_facts_text(table, row, "test"), "car_t") == 0 ||
         strcmp(aft_facts_text(table, row, "group"), story->sample) == 0;
}

/* Statistics that the level of the study judges otherwise here and there. */
static guint count_judged(const aft_story *story, const char **example) {
  const aft_table *table = &story->facts->compat_table;
  guint n = 0;
  for (size_t row = 0; row < table->n_rows; row++) {
    if (!is_told(story, row) || (row > 0 && same_statistic(table, row - 1, row))) continue;
    double ours = aft_facts_number(table, row, "ours_p_value"), theirs = aft_facts_number(table, row, "theirs_p_value");
    if (isnan(ours) || isnan(theirs) || (ours < story->alpha) == (theirs < story->alpha)) continue;
    if (n++ == 0) *example = aft_facts_text(table, row, "test");
  }
  return n;
}

static void tell_sources(aft_story *story) {
  const aft_table *table = &story->facts->compat_table;
  g_autoptr(GHashTable) told = g_hash_table_new(g_str_hash, g_str_equal);
  aft_block *list = NULL;
  for (size_t row = 0; row < table->n_rows; row++) {
    const aft_compat_profile *profile = find_profile(aft_facts_text(table, row, "program"));
    if (profile == NULL || !g_hash_table_add(told, (gpointer)(guintptr)profile->name)) continue;
    if (list == NULL) list = aft_document_add_list(story->document);
    aft_line *line = aft_block_add_item(list);
    aft_line_strong(line, profile->title);
    aft_line_say(line, ": %s.", profile->source);
  }
}

void aft_story_tell_compat(aft_story *story) {
  const aft_table *table = &story->facts->compat_table;
  if (table->n_rows == 0) return;
  const char *example = "";
  aft_document_add_heading(story->document, "compat", "Why do we differ?");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(
      line,
      "Other programs make the same tests with other conventions. For each statistic %s the table says what theirs would "
      "be, and which convention moves it. Where each is known from:",
      aft_words_over(&story->words, story->window, false));
  tell_sources(story);
  guint n = count_judged(story, &example);
  line = aft_document_add_paragraph(story->document);
  if (n == 0)
    aft_line_say(line, "None of these differences changes what is significant at the %s level.",
                 aft_story_level(story));
  else
    aft_line_say(line, "At the %s level %s would be judged otherwise, %s among them.", aft_story_level(story),
                 aft_words_noun(&story->words, n, "statistic", "statistics"), example);
  aft_grid *grid = begin_grid(false);
  for (size_t row = 0, last = table->n_rows; row < table->n_rows; row++) {
    if (!is_told(story, row)) continue;
    add_row(story, grid, row, last < table->n_rows && same_statistic(table, last, row), false);
    last = row;
  }
  add_notes(story, grid);
  aft_document_add_grid(story->document, grid);
  line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Every sample and window is in ");
  aft_line_code(line, "tables/compat.md");
  aft_line_say(line, "; ");
  aft_line_code(line, "aftershock explain compat");
  aft_line_say(line, " says what each convention is.");
}
