/* The paragraph about what else happened to the focus firm. */
#include "story.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* Most occurrences that are named; the file has all. */
enum { MOST_NAMED = 6 };

/* Kinds in the order of the ledger, as one and as several. */
static const struct {
  const char *kind, *one, *several;
} kinds[] = {{"event", "other event of the study", "other events of the study"},
             {"earnings", "publication of results", "publications of results"},
             {"dividend", "ex-dividend day", "ex-dividend days"},
             {"split", "split", "splits"},
             {"article", "article on something else", "articles on something else"}};

static bool is_in(const aft_story *story, size_t row, const char *window) {
  const aft_table *table = &story->facts->confounders_table;
  return strcmp(aft_facts_text(table, row, "event"), story->facts->focus.event) == 0 &&
         strcmp(aft_facts_text(table, row, "symbol"), story->facts->focus.symbol) == 0 &&
         strcmp(aft_facts_text(table, row, "window"), window) == 0;
}

/* "1 other event of the study and 2 ex-dividend days", "" for nothing. */
static const char *count(aft_story *story, const char *window) {
  const aft_table *table = &story->facts->confounders_table;
  g_autoptr(GPtrArray) parts = g_ptr_array_new();
  for (size_t k = 0; k < G_N_ELEMENTS(kinds); k++) {
    size_t n = 0;
    for (size_t row = 0; row < table->n_rows; row++)
      n += is_in(story, row, window) && strcmp(aft_facts_text(table, row, "kind"), kinds[k].kind) == 0;
    if (n > 0)
      g_ptr_array_add(parts,
                      (gpointer)(guintptr)aft_words_noun(&story->words, (double)n, kinds[k].one, kinds[k].several));
  }
  return parts->len == 0 ? "" : aft_words_join(&story->words, parts, parts->len);
}

static void name_each(aft_story *story) {
  const aft_table *table = &story->facts->confounders_table;
  aft_block *list = aft_document_add_list(story->document);
  size_t n = 0;
  for (size_t row = 0; row < table->n_rows; row++) {
    if (!is_in(story, row, "event") || ++n > MOST_NAMED) continue;
    aft_line *line = aft_block_add_item(list);
    aft_line_say(line, "%s (day %s): %s ", aft_facts_text(table, row, "session"), aft_facts_text(table, row, "rel_day"),
                 aft_facts_text(table, row, "kind"));
    aft_line_code(line, aft_facts_text(table, row, "source"));
  }
  if (n > MOST_NAMED)
    aft_line_say(aft_block_add_item(list), "%s more; all are in confounders.csv.",
                 aft_words_count(&story->words, (double)(n - MOST_NAMED)));
}

/* "csect_t: mean -1.20 % (N = 12) with all, -0.90 % (N = 8) without": the headline test of the sample over the main window. */
static void tell_clean(aft_story *story) {
  static const char *const names[] = {"test", "group"}, *const preferred[] = {"csect_t", "bmp_kp", "bmp", "patell"};
  const aft_table *table = &story->facts->clean_table;
  aft_words *words = &story->words;
  size_t row = table->n_rows;
  for (size_t i = 0; i < G_N_ELEMENTS(preferred) && row == table->n_rows; i++) {
    const char *values[] = {preferred[i], story->sample};
    for (row = aft_facts_find_row(table, 0, 2, names, values); row < table->n_rows;
         row = aft_facts_find_row(table, row + 1, 2, names, values)) {
      aft_fact_window window = aft_facts_window(table, row);
      if (window.first == story->window.first && window.last == story->window.last) break;
    }
  }
  if (row == table->n_rows) return;
  double n = aft_facts_number(table, row, "n"), left = aft_facts_number(table, row, "n_clean");
  const char *over = aft_words_over(words, story->window, false);
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_strong(line, "Clean events only.");
  if (!(left > 0)) {
    aft_line_say(line,
                 " None of the %s events of the sample has its event window to itself; clean.csv has nothing to show.",
                 aft_words_count(words, n));
    return;
  }
  aft_line_say(line, " %s of the %s events of the sample have their event window to themselves. ",
               aft_words_count(words, left), aft_words_count(words, n));
  aft_line_code(line, aft_facts_text(table, row, "test"));
  bool is_mean = strcmp(aft_facts_text(table, row, "test"), "csect_t") == 0;
  aft_line_say(line, " %s gives %s (%s) with all and %s (%s) with these alone. Every test is in clean.csv.", over,
               is_mean ? aft_words_signed_percent(words, aft_facts_number(table, row, "estimate"))
                       : aft_words_fixed(words, aft_facts_number(table, row, "statistic"), 2),
               aft_words_p(words, aft_facts_number(table, row, "p_value")),
               is_mean ? aft_words_signed_percent(words, aft_facts_number(table, row, "estimate_clean"))
                       : aft_words_fixed(words, aft_facts_number(table, row, "statistic_clean"), 2),
               aft_words_p(words, aft_facts_number(table, row, "p_value_clean")));
}

void aft_story_tell_confounders(aft_story *story) {
  tell_clean(story);
  if (story->facts->confounders_table.n_columns == 0 || !aft_story_has_focus(story)) return;
  const char *around = count(story, "event"), *before = count(story, "estimation");
  aft_line *line = aft_document_add_paragraph(story->document);
  if (around[0] == '\0')
    aft_line_say(line, "Nothing else that the study knows of happened to %s in the event window.",
                 story->facts->focus.symbol);
  else
    aft_line_say(line, "In the event window of %s there is also %s: its CAR may owe something to that.",
                 story->facts->focus.symbol, around);
  if (before[0] != '\0') aft_line_say(line, " In its estimation window there is %s.", before);
  if (around[0] != '\0') name_each(story);
}
