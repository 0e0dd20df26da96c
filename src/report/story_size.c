/* Section "How far can the tests be trusted here?": the size card, when the study asked for one. */
#include "story.h"

#include <aftershock/study/simulate.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_NAMES = 12, MOST_WINDOWS = 6, FEW_SESSIONS = 100 };

static bool has_card(const aft_story *story) {
  double level = story->facts->size_card.level;
  return story->facts->size_card_table.n_rows > 0 && level > 0 && level < 1;
}

static size_t find_rate(const aft_story *story, aft_fact_window window, const char *test) {
  static const char *const names[] = {"first", "last", "test"};
  char first[16], last[16];
  g_snprintf(first, sizeof first, "%d", window.first);
  g_snprintf(last, sizeof last, "%d", window.last);
  const char *values[] = {first, last, test};
  return aft_facts_find_row(&story->facts->size_card_table, 0, 3, names, values);
}

static bool is_too_high(const aft_story *story, size_t row) {
  double rate = aft_facts_number(&story->facts->size_card_table, row, "simulated_size");
  return aft_simulation_is_too_high(rate, story->facts->size_card.level);
}

static void tell_draws(aft_story *story) {
  const aft_fact_size_card *card = &story->facts->size_card;
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(
      line,
      "How often does each test reject in these very data when nothing happened? %s %s drawn at random with dates "
      "like those of the sample (%s): those of one session stayed together, overlaps were kept, the securities were any. "
      "They were fitted and tested as the sample was. At the %s level a test should reject in %s of the draws.",
      aft_words_noun(words, card->replications, "time", "times"),
      aft_words_noun(words, card->n, "event was", "events were"), aft_words_sample(words, card->group),
      aft_words_percent(words, card->level), aft_words_percent(words, card->level));
  if (card->sessions < FEW_SESSIONS)
    aft_line_say(
        line,
        " Only %s of the data can have an event, so the draws share most of their days, and the rates say more about those "
        "days than about the tests: longer series would say more.",
        aft_words_noun(words, card->sessions, "session", "sessions"));
}

static void say_rate(aft_story *story, aft_line *line, const char *test) {
  const aft_table *table = &story->facts->size_card_table;
  aft_words *words = &story->words;
  size_t row = find_rate(story, story->window, test);
  if (row == table->n_rows) return;
  double rate = aft_facts_number(table, row, "simulated_size"), se = aft_facts_number(table, row, "monte_carlo_se");
  aft_line_code(line, test);
  aft_line_say(line, " rejects in %s (\xC2\xB1 %s)%s. ", aft_words_percent(words, rate), aft_words_percent(words, se),
               is_too_high(story, row) ? ", too often: take its p-values with care" : "");
}

static void tell_finding(aft_story *story) {
  static const char *const headline[] = {"bmp_kp", "grank_t", "sq"};
  const aft_table *table = &story->facts->size_card_table;
  aft_words *words = &story->words;
  g_autoptr(GPtrArray) high = g_ptr_array_new();
  size_t n_tests = 0;
  for (size_t row = 0; row < table->n_rows; row++) {
    aft_fact_window window = aft_facts_window(table, row);
    if (window.first != story->window.first || window.last != story->window.last) continue;
    n_tests++;
    if (is_too_high(story, row)) g_ptr_array_add(high, (gpointer)(guintptr)aft_facts_text(table, row, "test"));
  }
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "%s: ", aft_words_over(words, story->window, true));
  for (size_t i = 0; i < G_N_ELEMENTS(headline); i++) say_rate(story, line, headline[i]);
  aft_line_say(line, "Of the %zu tests %s more than %s of the time%s%s.", n_tests,
               high->len == 0   ? "none rejects"
               : high->len == 1 ? "one rejects"
                                : aft_words_format(words, "%u reject", high->len),
               aft_words_percent(words, 1.4 * story->facts->size_card.level), high->len == 0 ? "" : ": ",
               high->len == 0 ? "" : aft_words_join(words, high, MOST_NAMES));
}

static void add_row(aft_story *story, aft_grid *grid, const char *test) {
  const aft_table *table = &story->facts->size_card_table;
  aft_words *words = &story->words;
  aft_grid_add(grid, test);
  for (size_t w = 0; w < story->n_windows && w < MOST_WINDOWS; w++) {
    size_t row = find_rate(story, story->windows[w], test);
    bool is_there = row < table->n_rows;
    aft_grid_add(grid, !is_there ? AFT_NO_VALUE
                                 : aft_words_format(
                                       words, "%s \xC2\xB1 %s%s",
                                       aft_words_fixed(words, 100 * aft_facts_number(table, row, "simulated_size"), 1),
                                       aft_words_fixed(words, 100 * aft_facts_number(table, row, "monte_carlo_se"), 1),
                                       is_too_high(story, row) ? " !" : ""));
  }
}

/* The preferred tests in their order, or all in that of the file. */
static GPtrArray *list_tests(const aft_story *story, bool preferred_only) {
  const aft_table *table = &story->facts->size_card_table;
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  GPtrArray *tests = g_ptr_array_new();
  for (size_t row = 0; row < table->n_rows; row++) {
    gpointer test = (gpointer)(guintptr)aft_facts_text(table, row, "test");
    if (g_hash_table_add(seen, test) && !preferred_only) g_ptr_array_add(tests, test);
  }
  for (const char *const *test = aft_story_preferred_tests(); preferred_only && *test != NULL; test++)
    if (g_hash_table_contains(seen, *test)) g_ptr_array_add(tests, (gpointer)(guintptr)*test);
  return tests;
}

aft_grid *aft_story_grid_size_card(aft_story *story, bool preferred_only) {
  aft_words *words = &story->words;
  aft_grid *grid =
      aft_grid_new("size_card", "False rejections when nothing happened, percent of the draws, with Monte Carlo error");
  if (!has_card(story)) return grid;
  aft_grid_add_column(grid, "Test", AFT_COLUMN_CODE);
  for (size_t w = 0; w < story->n_windows && w < MOST_WINDOWS; w++)
    aft_grid_add_column(grid, aft_words_window(words, story->windows[w]), AFT_COLUMN_NUMBER);
  g_autoptr(GPtrArray) tests = list_tests(story, preferred_only);
  for (guint i = 0; i < tests->len; i++) add_row(story, grid, g_ptr_array_index(tests, i));
  aft_grid_add_note(
      grid,
      "%s, %s on dates like those of the sample; an exclamation mark: more than %s. All draws come from one panel, "
      "and what is peculiar to it is in every rate.",
      aft_facts_model_title(story->facts, story->model),
      aft_words_noun(words, story->facts->size_card.n, "event", "events"),
      aft_words_percent(words, 1.4 * story->facts->size_card.level));
  return grid;
}

void aft_story_tell_size(aft_story *story) {
  if (!has_card(story)) return;
  aft_document_add_heading(story->document, "size", "How far can the tests be trusted here?");
  tell_draws(story);
  tell_finding(story);
  aft_grid *grid = aft_story_grid_size_card(story, true);
  if (aft_grid_n_rows(grid) > 0)
    aft_document_add_grid(story->document, grid);
  else
    aft_grid_free(grid);
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Every test and window is in ");
  aft_line_code(line, "tables/size_card.md");
  aft_line_say(line, "; ");
  aft_line_code(line, "aftershock simulate");
  aft_line_say(line, " measures power too.");
}
