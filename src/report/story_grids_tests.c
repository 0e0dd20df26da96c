/* The tables about the tests: the pair to trust, a few well-known ones side by side, and the full list. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_TESTS = 6, MOST_WINDOWS = 6, MOST_STORIES = 6 };

/* In the order in which a reader should look: first what holds everywhere, then the well-known ones with their conditions. */
static const char *const preferred[] = {
    "bmp_kp",           "grank_t",  "sq",   "corrado_zivney", "cda_t",         "patell", "csect_t",
    "generalized_sign", "wilcoxon", "sign", "mackinlay_j1",   "placebo_shift", NULL};

const char *const *aft_story_preferred_tests(void) { return preferred; }

static bool is_defined(const aft_story *story, size_t row) {
  const aft_table *tests = &story->facts->tests_table;
  return row < tests->n_rows && !isnan(aft_facts_number(tests, row, "p_value"));
}

#define FEWER_NOTE \
  "N in brackets: the test is over that many of the events only; the others have no residual variance or no value on its scale."

/* "36.07", or "36.07 (N = 2)" where the test is over fewer events than the mean beside it. */
static const char *statistic_and_n(aft_story *story, size_t row, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  const char *statistic = aft_words_fixed(words, aft_facts_number(tests, row, "statistic"), 2);
  double fewer = aft_story_fewer_events(story, row, whole);
  if (isnan(fewer)) return statistic;
  return aft_words_format(words, "%s (N" AFT_NBSP "=" AFT_NBSP "%s)", statistic, aft_words_degrees(words, fewer));
}

/* Statistic, p and adjusted p of one test in three cells. */
static void add_test_cells(aft_story *story, aft_grid *grid, size_t row, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  bool is_there = row < tests->n_rows;
  aft_grid_add(grid, is_there ? statistic_and_n(story, row, whole) : AFT_NO_VALUE);
  aft_grid_add(grid, is_there ? aft_words_p_cell(words, aft_facts_number(tests, row, "p_value")) : AFT_NO_VALUE);
  aft_grid_add(grid, is_there ? aft_words_p_cell(words, aft_facts_number(tests, row, "p_adjusted")) : AFT_NO_VALUE);
}

/* A reason is said once, however many cells it explains. */
static void note_reason(aft_story *story, aft_grid *grid, GHashTable *said, size_t row) {
  const aft_table *tests = &story->facts->tests_table;
  if (row >= tests->n_rows || is_defined(story, row)) return;
  const char *note = aft_facts_text(tests, row, "note"), *test = aft_facts_text(tests, row, "test");
  const char *text = aft_words_format(&story->words, "%s is undefined (" AFT_NO_VALUE ") where it says: %s.", test,
                                      note[0] == '\0' ? "no reason recorded" : note);
  if (g_hash_table_add(said, (gpointer)(guintptr)text)) aft_grid_add_note(grid, "%s", text);
}

static void note_fewer(aft_story *story, aft_grid *grid, GHashTable *said, size_t row,
                       const aft_fact_aggregate *whole) {
  static const char note[] = FEWER_NOTE;
  if (isnan(aft_story_fewer_events(story, row, whole))) return;
  if (g_hash_table_add(said, (gpointer)(guintptr)note)) aft_grid_add_note(grid, "%s", note);
}

static void add_pair_row(aft_story *story, aft_grid *grid, GHashTable *said, const char *sample,
                         aft_fact_window window) {
  const aft_fact_aggregate *aggregate = aft_facts_find_aggregate(story->facts, story->model, sample, window);
  size_t bmp = aft_story_find_test(story, sample, window, "bmp_kp");
  size_t grank = aft_story_find_test(story, sample, window, "grank_t");
  if (aggregate == NULL) return;
  aft_words *words = &story->words;
  aft_grid_add(grid, aft_words_sample_cell(words, sample));
  aft_grid_add(grid, aft_words_window(words, window));
  aft_grid_add(grid, aft_words_degrees(words, aggregate->n));
  aft_grid_add(grid, aft_words_hundredths(words, aggregate->caar));
  add_test_cells(story, grid, bmp, aggregate);
  add_test_cells(story, grid, grank, aggregate);
  note_fewer(story, grid, said, bmp, aggregate);
  note_fewer(story, grid, said, grank, aggregate);
  note_reason(story, grid, said, bmp);
  note_reason(story, grid, said, grank);
}

/* The sample over every window, its groups over the main one, and the other stories that moved several securities. */
aft_grid *aft_story_grid_pair(aft_story *story) {
  aft_grid *grid = aft_grid_new("pair", "The two tests to trust: does the mean effect differ from zero?");
  const aft_adjustment *adjust = aft_story_adjustment(story);
  const char *adjusted = aft_words_format(&story->words, "p, %s", adjust->label);
  const char *const columns[] = {"N", "Mean CAR, %", "bmp_kp t", "p", adjusted, "grank_t t", "p", adjusted};
  aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t w = 0; w < story->n_windows; w++) add_pair_row(story, grid, said, story->sample, story->windows[w]);
  for (guint i = 0; i < story->groups->len; i++)
    add_pair_row(story, grid, said, g_ptr_array_index(story->groups, i), story->window);
  int n_stories = 0;
  for (guint i = 0; story->is_one_story && i < story->events->len && n_stories < MOST_STORIES; i++) {
    const aft_told_event *told = &g_array_index(story->events, aft_told_event, i);
    const char *sample = aft_words_format(&story->words, "event:%s", told->event);
    if (strcmp(sample, story->sample) == 0 || told->n_used < 2 || told->is_repeat) continue;
    for (size_t w = 0; w < story->n_windows; w++) add_pair_row(story, grid, said, sample, story->windows[w]);
    n_stories++;
  }
  if (story->is_one_story) aft_grid_add_note(grid, "A sample is a story, or one group of a story.");
  aft_grid_add_note(grid, "%s. Two-sided p-values. %s: corrected over the windows of one sample and test.",
                    aft_story_basis(story), adjust->note);
  return grid;
}

static const char *statistic_and_p(aft_story *story, size_t row, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  if (!is_defined(story, row)) return AFT_NO_VALUE;
  const char *distribution = aft_facts_text(tests, row, "distribution");
  const char *p = aft_words_p_cell(words, aft_facts_number(tests, row, "p_value"));
  /* For exact and resampling tests the statistic has no scale that a reader knows; the p-value says it all. */
  double fewer = aft_story_fewer_events(story, row, whole);
  if (!isnan(fewer))
    p = aft_words_format(words, "%s; N" AFT_NBSP "=" AFT_NBSP "%s", p, aft_words_degrees(words, fewer));
  if (strcmp(distribution, "exact") == 0 || strcmp(distribution, "resample") == 0)
    return aft_words_format(words, "(%s)", p);
  return aft_words_format(words, "%s (%s)", aft_words_fixed(words, aft_facts_number(tests, row, "statistic"), 2), p);
}

static void add_headline_row(aft_story *story, aft_grid *grid, GHashTable *said, const char *name) {
  const aft_known_test *known = aft_story_known_test(name);
  aft_grid_add(grid, name);
  aft_grid_add(grid, known->assumes);
  aft_grid_add(grid, known->holds_one_date ? "yes" : "no");
  aft_grid_add(grid, known->holds_variance ? "yes" : "no");
  for (size_t w = 0; w < story->n_windows && w < MOST_WINDOWS; w++) {
    size_t row = aft_story_find_sample_test(story, story->windows[w], name);
    const aft_fact_aggregate *whole =
        aft_facts_find_aggregate(story->facts, story->model, story->sample, story->windows[w]);
    aft_grid_add(grid, statistic_and_p(story, row, whole));
    note_fewer(story, grid, said, row, whole);
    note_reason(story, grid, said, row);
  }
}

/* A test's title where it says more than its name. */
static const char *find_title(const aft_facts *facts, const char *name) {
  for (guint i = 0; i < facts->tests->len; i++) {
    const aft_fact_test *test = &g_array_index(facts->tests, aft_fact_test, i);
    if (strcmp(test->name, name) == 0)
      return test->title[0] == '\0' || strcmp(test->title, name) == 0 ? NULL : test->title;
  }
  return NULL;
}

aft_grid *aft_story_grid_headline_tests(aft_story *story) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(story->facts, story->model, story->sample, story->window);
  aft_grid *grid = aft_grid_new(
      "headline_tests",
      aft_words_format(words, "Statistic and two-sided p-value by window, %s (N" AFT_NBSP "=" AFT_NBSP "%s)",
                       aft_words_sample(words, story->sample),
                       whole == NULL ? AFT_NO_VALUE : aft_words_degrees(words, whole->n)));
  aft_grid_add_column(grid, "Test", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Assumes", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "One date?", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Variance?", AFT_COLUMN_WORD);
  for (size_t w = 0; w < story->n_windows && w < MOST_WINDOWS; w++)
    aft_grid_add_column(grid, aft_words_window(words, story->windows[w]), AFT_COLUMN_NUMBER);
  g_autoptr(GHashTable) said = g_hash_table_new(g_str_hash, g_str_equal);
  g_autoptr(GPtrArray) titles = g_ptr_array_new();
  int n_shown = 0;
  for (size_t i = 0; preferred[i] != NULL && n_shown < MOST_TESTS; i++) {
    size_t row = aft_story_find_sample_test(story, story->window, preferred[i]);
    bool is_pair = i < 2 && whole != NULL && whole->n > 1; /* shown even when undefined, with the reason */
    if (row == tests->n_rows || (!is_pair && !is_defined(story, row))) continue;
    add_headline_row(story, grid, said, preferred[i]);
    const char *title = find_title(story->facts, preferred[i]);
    if (title != NULL)
      g_ptr_array_add(titles, (gpointer)(guintptr)aft_words_format(words, "%s: %s", preferred[i], title));
    n_shown++;
  }
  if (titles->len > 0) {
    g_ptr_array_add(titles, NULL);
    g_autofree char *list = g_strjoinv("; ", (char **)titles->pdata);
    aft_grid_add_note(grid, "%s.", list);
  }
  aft_grid_add_note(
      grid, "One date: right when the events share a date and returns move together. Variance: right when the news "
            "also makes "
            "returns vary more. A p-value alone, in brackets: an exact or a resampling test.");
  aft_grid_add_note(grid, "%s.", aft_story_basis(story));
  return grid;
}

aft_grid *aft_story_grid_tests(aft_story *story) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("tests", "Every test of every sample and window");
  const aft_adjustment *adjust = aft_story_adjustment(story);
  const char *const columns[] = {
      "N", "Mean CAR, %", "over N", "Statistic", "df", "p", aft_words_format(words, "p, %s", adjust->label)};
  aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Test", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Reference", AFT_COLUMN_TEXT);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Note", AFT_COLUMN_TEXT);
  for (size_t row = 0; row < tests->n_rows; row++) {
    if (strcmp(aft_facts_text(tests, row, "model"), story->model) != 0) continue;
    aft_fact_window window = aft_facts_window(tests, row);
    const char *sample = aft_facts_text(tests, row, "group");
    const aft_fact_aggregate *aggregate = aft_facts_find_aggregate(story->facts, story->model, sample, window);
    aft_grid_add(grid, aft_words_sample_cell(words, sample));
    aft_grid_add(grid, aft_words_window(words, window));
    aft_grid_add(grid, aft_facts_text(tests, row, "test"));
    aft_grid_add(grid, aft_facts_text(tests, row, "distribution"));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(tests, row, "n")));
    aft_grid_add(grid, aggregate == NULL ? AFT_NO_VALUE : aft_words_hundredths(words, aggregate->caar));
    aft_grid_add(grid, aggregate == NULL ? AFT_NO_VALUE : aft_words_degrees(words, aggregate->n));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(tests, row, "statistic"), 3));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(tests, row, "df")));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(tests, row, "p_value")));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(tests, row, "p_adjusted")));
    aft_grid_add(grid, aft_facts_text(tests, row, "note"));
  }
  aft_grid_add_note(
      grid,
      "%s. N counts the events that entered the test (for sq: the past windows that the event's is compared with); "
      "the mean CAR is over all events with one, counted beside it. Two-sided p-values (f: upper tail); %s: corrected over the "
      "windows of one sample and test; an undefined value is " AFT_NO_VALUE
      " and its reason stands in the last column.",
      aft_story_basis(story), adjust->note);
  return grid;
}
