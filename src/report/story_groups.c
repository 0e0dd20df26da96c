/* Groups against each other: the table of all pairs, and the paragraph about the pairs that differ. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_PAIRS = 6 };

aft_grid *aft_story_grid_groups(aft_story *story) {
  const aft_table *groups = &story->facts->groups_table;
  aft_words *words = &story->words;
  static const char *const columns[] = {"N", "N", "Difference, %", "Statistic", "df", "p"};
  aft_grid *grid = aft_grid_new("groups", "Every pair of groups of a sample");
  aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Test", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Group", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Against", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(columns); i++) aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Note", AFT_COLUMN_TEXT);
  for (size_t row = 0; row < groups->n_rows; row++) {
    if (strcmp(aft_facts_text(groups, row, "model"), story->model) != 0) continue;
    aft_grid_add(grid, aft_words_sample_cell(words, aft_facts_text(groups, row, "sample")));
    aft_grid_add(grid, aft_words_window(words, aft_facts_window(groups, row)));
    aft_grid_add(grid, aft_facts_text(groups, row, "test"));
    aft_grid_add(grid, aft_facts_text(groups, row, "group_a"));
    aft_grid_add(grid, aft_facts_text(groups, row, "group_b"));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(groups, row, "n_a")));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(groups, row, "n_b")));
    aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(groups, row, "difference")));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(groups, row, "statistic"), 3));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(groups, row, "df"), 1));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(groups, row, "p_value")));
    aft_grid_add(grid, aft_facts_text(groups, row, "note"));
  }
  aft_grid_add_note(
      grid, "welch: difference of the mean CARs, Welch's t, two-sided. brown_forsythe: difference of the mean "
            "distances from the group's median, Brown and Forsythe's F(1, df), upper tail. Both take events for "
            "independent; the p-values are not corrected for the number of pairs.");
  aft_grid_add_note(grid, "%s.", aft_story_basis(story));
  return grid;
}

typedef struct pair {
  size_t row;
  double p;
} pair;

static int compare_pairs(gconstpointer left, gconstpointer right) {
  const pair *a = left, *b = right;
  if (a->p != b->p) return a->p < b->p ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* The pairs of the story's sample over its main window that have a p by Welch's t, the smallest first. */
static GArray *collect_pairs(const aft_story *story) {
  const aft_table *groups = &story->facts->groups_table;
  GArray *pairs = g_array_new(FALSE, FALSE, sizeof(pair));
  for (size_t row = 0; row < groups->n_rows; row++) {
    aft_fact_window window = aft_facts_window(groups, row);
    pair found = {row, aft_facts_number(groups, row, "p_value")};
    if (isnan(found.p) || window.first != story->window.first || window.last != story->window.last) continue;
    if (strcmp(aft_facts_text(groups, row, "model"), story->model) != 0) continue;
    if (strcmp(aft_facts_text(groups, row, "sample"), story->sample) != 0) continue;
    if (strcmp(aft_facts_text(groups, row, "test"), "welch") == 0) g_array_append_val(pairs, found);
  }
  g_array_sort(pairs, compare_pairs);
  return pairs;
}

/* "chips against no AI story (-9.10 points, p = 0.003)" */
static const char *name_pair(aft_story *story, const pair *p) {
  const aft_table *groups = &story->facts->groups_table;
  aft_words *words = &story->words;
  double difference = aft_facts_number(groups, p->row, "difference");
  return aft_words_format(words, "%s against %s (%s%s" AFT_NBSP "points, %s)",
                          aft_facts_text(groups, p->row, "group_a"), aft_facts_text(groups, p->row, "group_b"),
                          difference > 0 ? "+" : "", aft_words_hundredths(words, difference), aft_words_p(words, p->p));
}

void aft_story_tell_pairs(aft_story *story) {
  aft_words *words = &story->words;
  g_autoptr(GArray) pairs = collect_pairs(story);
  if (pairs->len == 0) return;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  guint n_differ = 0, n_strict = 0;
  for (guint i = 0; i < pairs->len; i++) {
    const pair *p = &g_array_index(pairs, pair, i);
    n_differ += p->p < story->alpha;
    n_strict += p->p * pairs->len < story->alpha;
    if (i < MAX(n_differ, 1)) g_ptr_array_add(named, (gpointer)(guintptr)name_pair(story, p));
  }
  aft_line *line = aft_document_add_paragraph(story->document);
  if (pairs->len == 1) {
    aft_line_say(
        line,
        "Group against group %s, the mean CARs differ so (Welch's t, which takes the events for independent): %s.",
        aft_words_over(words, story->window, false), (const char *)g_ptr_array_index(named, 0));
  } else {
    aft_line_say(
        line,
        "Group against group %s, the mean CARs of %s of %s pairs differ at the %s level (Welch's t, which takes the events for "
        "independent): %s%s.",
        aft_words_over(words, story->window, false), n_differ == 0 ? "none" : aft_words_count(words, n_differ),
        aft_words_count(words, pairs->len), aft_story_level(story), n_differ == 0 ? "the closest to it is " : "",
        aft_words_join(words, named, MOST_PAIRS));
    if (n_differ > 0)
      aft_line_say(
          line,
          " With several pairs some may differ by chance; %s would still differ after Bonferroni's correction for their "
          "number.",
          n_strict == 0 ? "none" : aft_words_count(words, n_strict));
  }
  aft_line_say(line, " Every pair, and whether groups scatter differently, is in ");
  aft_line_code(line, "tables/groups.md");
  aft_line_say(line, ".");
}
