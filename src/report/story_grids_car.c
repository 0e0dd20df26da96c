/* The tables about the moves: the focus security, the securities of a story, the averages of samples. */
#include "story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_WINDOWS = 6 }; /* columns of windows that a page can hold */

static double find_n_obs(const aft_story *story, const char *model, const char *event, const char *symbol) {
  const aft_table *fits = &story->facts->fits_table;
  size_t row = aft_story_find_fit(story, model, event, symbol);
  return row == fits->n_rows ? (double)NAN : aft_facts_number(fits, row, "n_obs");
}

static void add_interval(aft_story *story, aft_grid *grid, size_t row) {
  const aft_table *car = &story->facts->car_table;
  double low = aft_facts_number(car, row, "ci_low"), high = aft_facts_number(car, row, "ci_high");
  aft_words *words = &story->words;
  if (isnan(low) || isnan(high))
    aft_grid_add(grid, AFT_NO_VALUE);
  else
    aft_grid_add(
        grid, aft_words_format(words, "%s to %s", aft_words_hundredths(words, low), aft_words_hundredths(words, high)));
}

static void add_car_cells(aft_story *story, aft_grid *grid, size_t row) {
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(car, row, "car")));
  aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(car, row, "standard_error")));
  aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(car, row, "statistic"), 2));
  aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(car, row, "df")));
  aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(car, row, "p_value")));
  add_interval(story, grid, row);
}

static void add_car_columns(aft_story *story, aft_grid *grid) {
  aft_words *words = &story->words;
  aft_grid_add_column(grid, "CAR, %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "s.e., %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "t", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "df", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "p", AFT_COLUMN_NUMBER);
  aft_grid_add_column(
      grid,
      aft_words_format(words, "%s%% interval, %%", aft_words_degrees(words, round((1 - story->alpha) * 1e6) / 1e4)),
      AFT_COLUMN_NUMBER);
}

aft_grid *aft_story_grid_focus(aft_story *story) {
  const aft_facts *facts = story->facts;
  const aft_table *car = &facts->car_table;
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("focus", aft_words_format(words, "Cumulative abnormal return (CAR) of %s, story %s",
                                                          facts->focus.symbol, facts->focus.event));
  aft_grid_add_column(grid, "Model", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  add_car_columns(story, grid);
  aft_grid_add_column(grid, "BHAR, %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "N sessions", AFT_COLUMN_NUMBER);
  for (guint m = 0; m < facts->models->len; m++) {
    const char *model = g_array_index(facts->models, aft_fact_model, m).name;
    for (size_t w = 0; w < story->n_windows; w++) {
      size_t row = aft_story_find_car(story, model, facts->focus.event, facts->focus.symbol, story->windows[w]);
      if (row == car->n_rows) continue;
      aft_grid_add(grid, aft_facts_model_title(facts, model));
      aft_grid_add(grid, aft_words_window(words, story->windows[w]));
      add_car_cells(story, grid, row);
      aft_grid_add(grid, aft_words_hundredths(words, aft_facts_number(car, row, "bhar")));
      aft_grid_add(grid, aft_words_degrees(words, find_n_obs(story, model, facts->focus.event, facts->focus.symbol)));
    }
  }
  aft_grid_add_note(
      grid,
      "Windows are sessions relative to the event's, both ends included. N sessions is the number that the model "
      "was fitted on, in %s. The standard error includes the error of the fitted coefficients. BHAR is "
      "the buy-and-hold abnormal return.",
      aft_story_windows(story));
  aft_grid_add_note(grid, "A p-value here belongs to one window; it is not corrected for looking at several.");
  return grid;
}

struct ranked_row {
  size_t row;
  double value;
};

/* Largest fall first; without a value last; ties in the order of the file. */
static int compare_ranked(const void *a, const void *b) {
  const struct ranked_row *x = a, *y = b;
  bool x_missing = isnan(x->value), y_missing = isnan(y->value);
  if (x_missing != y_missing) return x_missing - y_missing;
  if (!x_missing && x->value != y->value) return x->value < y->value ? -1 : 1;
  return (x->row > y->row) - (x->row < y->row);
}

/* Rows of car.csv of the headline model, of the sample and of the main window, ranked; owned. */
static GArray *rank_members(const aft_story *story) {
  const aft_table *car = &story->facts->car_table;
  GArray *ranked = g_array_new(FALSE, FALSE, sizeof(struct ranked_row));
  int first = aft_table_find(car, "first"), last = aft_table_find(car, "last"), value = aft_table_find(car, "car");
  for (size_t row = 0; row < car->n_rows; row++) {
    if (aft_table_number(car, row, first) != story->window.first ||
        aft_table_number(car, row, last) != story->window.last)
      continue;
    if (strcmp(aft_facts_text(car, row, "model"), story->model) != 0) continue;
    if (!aft_story_is_member(story->sample, aft_facts_text(car, row, "event"), aft_facts_text(car, row, "group")))
      continue;
    struct ranked_row entry = {.row = row, .value = aft_table_number(car, row, value)};
    g_array_append_val(ranked, entry);
  }
  g_array_sort(ranked, compare_ranked);
  return ranked;
}

static void add_security(aft_story *story, aft_grid *grid, size_t row) {
  const aft_table *car = &story->facts->car_table;
  const char *event = aft_facts_text(car, row, "event"), *symbol = aft_facts_text(car, row, "symbol");
  const char *group = aft_facts_text(car, row, "group");
  aft_grid_add(grid, symbol);
  aft_grid_add(grid, group[0] == '\0' ? AFT_NO_VALUE : group);
  if (!story->is_one_story) aft_grid_add(grid, event);
  add_car_cells(story, grid, row);
  aft_grid_add(grid, aft_words_degrees(&story->words, find_n_obs(story, story->model, event, symbol)));
}

aft_grid *aft_story_grid_securities(aft_story *story, size_t most_rows) {
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("securities", aft_words_format(words, "CAR over %s of every %s, %s",
                                                               aft_words_window(words, story->window),
                                                               story->is_one_story ? "security" : "event",
                                                               aft_words_sample(words, story->sample)));
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Group", AFT_COLUMN_WORD);
  if (!story->is_one_story) aft_grid_add_column(grid, "Story", AFT_COLUMN_WORD);
  add_car_columns(story, grid);
  aft_grid_add_column(grid, "N sessions", AFT_COLUMN_NUMBER);
  g_autoptr(GArray) ranked = rank_members(story);
  size_t half = most_rows / 2;
  for (size_t i = 0; i < ranked->len; i++) {
    if (most_rows > 0 && ranked->len > most_rows && i >= half && i < ranked->len - half) continue;
    add_security(story, grid, g_array_index(ranked, struct ranked_row, i).row);
  }
  if (most_rows > 0 && ranked->len > most_rows)
    aft_grid_add_note(grid, "The %zu lowest and the %zu highest of %u; all are in tables/securities.md.", half, half,
                      ranked->len);
  aft_grid_add_note(grid, "%s. N sessions is the number that the model was fitted on. Sorted from the largest fall.",
                    aft_story_basis(story));
  return grid;
}

static void add_window_cells(aft_story *story, aft_grid *grid, size_t first_row) {
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  const char *event = aft_facts_text(car, first_row, "event"), *symbol = aft_facts_text(car, first_row, "symbol");
  for (size_t w = 0; w < story->n_windows && w < MOST_WINDOWS; w++) {
    size_t row = aft_story_find_car(story, story->model, event, symbol, story->windows[w]);
    bool is_there = row < car->n_rows;
    aft_grid_add(grid, is_there ? aft_words_hundredths(words, aft_facts_number(car, row, "car")) : AFT_NO_VALUE);
    aft_grid_add(grid, is_there ? aft_words_fixed(words, aft_facts_number(car, row, "statistic"), 2) : AFT_NO_VALUE);
  }
}

aft_grid *aft_story_grid_car(aft_story *story) {
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("car", aft_words_format(words, "CAR in percent, with t, over every window, %s",
                                                        aft_words_sample(words, story->sample)));
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Group", AFT_COLUMN_WORD);
  if (!story->is_one_story) aft_grid_add_column(grid, "Story", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "N sessions", AFT_COLUMN_NUMBER);
  for (size_t w = 0; w < story->n_windows && w < MOST_WINDOWS; w++) {
    aft_grid_add_column(grid, aft_words_window(words, story->windows[w]), AFT_COLUMN_NUMBER);
    aft_grid_add_column(grid, "t", AFT_COLUMN_NUMBER);
  }
  g_autoptr(GArray) ranked = rank_members(story);
  for (size_t i = 0; i < ranked->len; i++) {
    size_t row = g_array_index(ranked, struct ranked_row, i).row;
    const char *event = aft_facts_text(car, row, "event"), *symbol = aft_facts_text(car, row, "symbol");
    const char *group = aft_facts_text(car, row, "group");
    aft_grid_add(grid, symbol);
    aft_grid_add(grid, group[0] == '\0' ? AFT_NO_VALUE : group);
    if (!story->is_one_story) aft_grid_add(grid, event);
    aft_grid_add(grid, aft_words_degrees(words, find_n_obs(story, story->model, event, symbol)));
    add_window_cells(story, grid, row);
  }
  aft_grid_add_note(grid, "%s. N sessions is the number that the model was fitted on.", aft_story_basis(story));
  if (story->n_windows > MOST_WINDOWS)
    aft_grid_add_note(grid, "The first %d of %zu windows; all are in car.csv.", MOST_WINDOWS, story->n_windows);
  return grid;
}

static void add_aggregate(aft_story *story, aft_grid *grid, const aft_fact_aggregate *row) {
  aft_words *words = &story->words;
  aft_grid_add(grid, aft_words_degrees(words, row->n));
  aft_grid_add(grid, aft_words_hundredths(words, row->caar));
  aft_grid_add(grid, aft_words_hundredths(words, row->median));
  aft_grid_add(grid, aft_words_degrees(words, row->positive));
  aft_grid_add(grid, aft_words_degrees(words, row->negative));
  aft_grid_add(grid, aft_words_degrees(words, row->significant_bh));
}

static void add_aggregate_columns(aft_story *story, aft_grid *grid) {
  aft_grid_add_column(grid, "N", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Mean CAR, %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Median CAR, %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Up", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Down", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Significant", AFT_COLUMN_NUMBER);
  aft_grid_add_note(grid, "%s.", aft_story_basis(story));
  aft_grid_add_note(
      grid,
      "Significant counts the securities whose own CAR differs from zero at the %s%s%% level after Benjamini and "
      "Hochberg's "
      "correction over the securities of the sample.",
      aft_words_degrees(&story->words, round(story->alpha * 1e6) / 1e4), AFT_NBSP);
}

aft_grid *aft_story_grid_caar(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_grid *grid = aft_grid_new("caar", "Average CAR of every sample and window");
  aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  add_aggregate_columns(story, grid);
  for (guint i = 0; i < facts->aggregates->len; i++) {
    const aft_fact_aggregate *row = &g_array_index(facts->aggregates, aft_fact_aggregate, i);
    if (strcmp(row->model, story->model) != 0) continue;
    aft_grid_add(grid, aft_words_sample_cell(&story->words, row->group));
    aft_grid_add(grid, aft_words_window(&story->words, (aft_fact_window){row->first, row->last}));
    add_aggregate(story, grid, row);
  }
  return grid;
}

/* The sample whole, then its groups from the largest fall. */
aft_grid *aft_story_grid_caar_window(aft_story *story, aft_fact_window window) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  aft_grid *grid =
      aft_grid_new("groups", aft_words_format(words, "Average CAR over %s by group, %s",
                                              aft_words_window(words, window), aft_words_sample(words, story->sample)));
  aft_grid_add_column(grid, "Sample", AFT_COLUMN_WORD);
  add_aggregate_columns(story, grid);
  g_autoptr(GArray) ranked = g_array_new(FALSE, FALSE, sizeof(struct ranked_row));
  for (guint i = 0; i < story->groups->len; i++) {
    const aft_fact_aggregate *row =
        aft_facts_find_aggregate(facts, story->model, g_ptr_array_index(story->groups, i), window);
    struct ranked_row entry = {.row = i, .value = row == NULL ? (double)NAN : row->caar};
    if (row != NULL) g_array_append_val(ranked, entry);
  }
  g_array_sort(ranked, compare_ranked);
  for (guint i = 0; i < ranked->len; i++) {
    const char *group = g_ptr_array_index(story->groups, g_array_index(ranked, struct ranked_row, i).row);
    aft_grid_add(grid, aft_story_group_name(story, group));
    add_aggregate(story, grid, aft_facts_find_aggregate(facts, story->model, group, window));
  }
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(facts, story->model, story->sample, window);
  if (whole != NULL) {
    aft_grid_add(grid, "all together");
    add_aggregate(story, grid, whole);
  }
  return grid;
}
