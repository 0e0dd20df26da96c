/* Section about the other securities: who rose, who fell, and what the average over all of them hides. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* MOST_DRAWN is that of chart_forest.c. */
enum { MOST_DRAWN = 60, MOST_ROWS = 40, MOST_GROUPS = 8, MOST_STORIES = 8 };

/* "chips (-x %, N = 6)": a group and its mean. */
static const char *describe_group(aft_story *story, const aft_fact_aggregate *row) {
  aft_words *words = &story->words;
  return aft_words_format(words, "%s (%s, N" AFT_NBSP "=" AFT_NBSP "%s)", aft_story_group_name(story, row->group),
                          aft_words_signed_percent(words, row->caar), aft_words_degrees(words, row->n));
}

struct directions {
  GPtrArray *up, *down; /* of const char *: described groups */
  double nearest;       /* distance of the nearest group mean from the overall mean */
  const aft_fact_aggregate *nearest_group;
};

static struct directions sort_groups(aft_story *story, const aft_fact_aggregate *whole) {
  struct directions found = {.up = g_ptr_array_new(), .down = g_ptr_array_new(), .nearest = (double)INFINITY};
  for (guint i = 0; i < story->groups->len; i++) {
    const aft_fact_aggregate *row =
        aft_facts_find_aggregate(story->facts, story->model, g_ptr_array_index(story->groups, i), story->window);
    if (row == NULL || isnan(row->caar)) continue;
    if (row->caar != 0)
      g_ptr_array_add(row->caar > 0 ? found.up : found.down, (gpointer)(guintptr)describe_group(story, row));
    if (fabs(row->caar - whole->caar) < found.nearest) {
      found.nearest = fabs(row->caar - whole->caar);
      found.nearest_group = row;
    }
  }
  return found;
}

static void tell_average(aft_story *story, const aft_fact_aggregate *whole) {
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  double n_neither = whole->n - whole->positive - whole->negative;
  const char *neither = n_neither > 0 ? aft_words_format(words, ", %s neither", aft_words_count(words, n_neither)) : "";
  aft_line_say(line,
               "%s, %s of %s did better than the %s expects and %s did worse%s. The mean CAR is %s, the median %s.",
               aft_words_over(words, story->window, true), aft_words_count(words, whole->positive),
               aft_words_noun(words, whole->n, "security", story->is_one_story ? "securities" : "events"),
               aft_story_model(story, story->model), aft_words_count(words, whole->negative), neither,
               aft_words_signed_percent(words, whole->caar), aft_words_signed_percent(words, whole->median));
  struct directions groups = sort_groups(story, whole);
  if (groups.up->len > 0 && groups.down->len > 0) {
    aft_line *warning = aft_document_add_paragraph(story->document);
    aft_line_strong(warning, "The average over all says little here.");
    aft_line_say(warning, " The groups moved in opposite directions: on average %s lost, while %s gained.",
                 aft_words_join(words, groups.down, MOST_GROUPS), aft_words_join(words, groups.up, MOST_GROUPS));
    if (groups.nearest_group != NULL) { /* there is none when the overall mean is missing */
      aft_line_say(warning, " The mean of %s depends on how many of each kind are in the sample; ",
                   aft_words_signed_percent(words, whole->caar));
      aft_line_say(warning, "the group whose mean comes nearest, %s, is %s percentage points away.",
                   describe_group(story, groups.nearest_group), aft_words_hundredths(words, groups.nearest));
    }
    aft_line_say(warning, " Read the groups, not the total.");
  } else if (groups.up->len + groups.down->len > 1) {
    aft_line_say(line, " All groups moved in the same direction on average: %s.",
                 aft_words_join(words, groups.up->len > 0 ? groups.up : groups.down, MOST_GROUPS));
  } else if (whole->positive > 0 && whole->negative > 0 && !(whole->caar * whole->median > 0)) {
    aft_line_say(line, " Mean and median do not have the same sign: a few large moves make the mean.");
  }
  g_ptr_array_unref(groups.up);
  g_ptr_array_unref(groups.down);
}

/* Lowest and highest CAR of the sample over the main window; false when there is none. */
static bool find_extremes(const aft_story *story, size_t *lowest, size_t *highest) {
  const aft_table *car = &story->facts->car_table;
  int value = aft_table_find(car, "car");
  bool found = false;
  for (size_t row = 0; row < car->n_rows; row++) {
    aft_fact_window window = aft_facts_window(car, row);
    if (window.first != story->window.first || window.last != story->window.last) continue;
    if (strcmp(aft_facts_text(car, row, "model"), story->model) != 0) continue;
    if (!aft_story_is_member(story->sample, aft_facts_text(car, row, "event"), aft_facts_text(car, row, "group")))
      continue;
    double x = aft_table_number(car, row, value);
    if (isnan(x)) continue;
    if (!found || x < aft_table_number(car, *lowest, value)) *lowest = row;
    if (!found || x > aft_table_number(car, *highest, value)) *highest = row;
    found = true;
  }
  return found;
}

/* The row of car.csv as the chart labels it: "NVDA", or "NVDA (deepseek)" where the sample holds several stories. */
static const char *name_row(aft_story *story, size_t row) {
  const aft_table *car = &story->facts->car_table;
  const char *symbol = aft_facts_text(car, row, "symbol");
  return story->is_one_story ? symbol
                             : aft_words_format(&story->words, "%s (%s)", symbol, aft_facts_text(car, row, "event"));
}

static void add_forest(aft_story *story, const aft_fact_aggregate *whole) {
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  size_t lowest = 0, highest = 0;
  if (!find_extremes(story, &lowest, &highest)) return;
  const char *alt = aft_words_format(
      words, "CAR %s of %s, sorted: %s above zero, %s below; from %s with %s to %s with %s.",
      aft_words_over(words, story->window, false),
      aft_words_noun(words, whole->n, "security", story->is_one_story ? "securities" : "events"),
      aft_words_count(words, whole->positive), aft_words_count(words, whole->negative), name_row(story, lowest),
      aft_words_signed_percent(words, aft_facts_number(car, lowest, "car")), name_row(story, highest),
      aft_words_signed_percent(words, aft_facts_number(car, highest, "car")));
  aft_line *caption = aft_story_add_chart(story, "forest", alt);
  if (caption != NULL)
    aft_line_say(
        caption, "CAR %s of every %s with its %s" AFT_NBSP "%% interval, %s (N" AFT_NBSP "=" AFT_NBSP "%s%s). %s.",
        aft_words_over(words, story->window, false), story->is_one_story ? "security" : "event",
        aft_words_degrees(words, round((1 - story->alpha) * 1e6) / 1e4), aft_words_sample(words, story->sample),
        aft_words_degrees(words, whole->n), whole->n > MOST_DRAWN ? "; the lowest and the highest are drawn" : "",
        aft_facts_model_title(story->facts, story->model));
}

static void add_paths(aft_story *story, const aft_fact_aggregate *whole) {
  aft_words *words = &story->words;
  const char *whose = aft_words_format(words, "the sample (%s)", aft_words_sample(words, story->sample));
  const char *what = story->groups->len > 1 ? aft_words_format(words, "each group of %s", whose) : whose;
  const char *alt =
      aft_words_format(words,
                       "Average cumulative abnormal return of %s through the event window; %s the mean of "
                       "all %s is %s.",
                       what, aft_words_over(words, story->window, false), aft_words_degrees(words, whole->n),
                       aft_words_signed_percent(words, whole->caar));
  aft_line *caption = aft_story_add_chart(story, "caar", alt);
  if (caption != NULL)
    aft_line_say(caption,
                 "Average cumulative abnormal return of %s from the first day of the event window on, under the %s.",
                 what, aft_story_model(story, story->model));
}

/* The same two numbers for each of the other stories that moved several securities. */
static void tell_other_stories(aft_story *story) {
  aft_words *words = &story->words;
  aft_block *list = NULL;
  int n = 0;
  for (guint i = 0; story->is_one_story && i < story->events->len && n < MOST_STORIES; i++) {
    const aft_told_event *told = &g_array_index(story->events, aft_told_event, i);
    const char *sample = aft_words_format(words, "event:%s", told->event);
    const aft_fact_aggregate *row = aft_facts_find_aggregate(story->facts, story->model, sample, story->window);
    if (row == NULL || row->n < 2 || strcmp(sample, story->sample) == 0 || told->is_repeat) continue;
    if (list == NULL) {
      aft_line_say(aft_document_add_paragraph(story->document),
                   "The other stories, over the same window around their own "
                   "sessions:");
      list = aft_document_add_list(story->document);
    }
    aft_line *line = aft_block_add_item(list);
    aft_line_code(line, told->event);
    aft_line_say(line, " (%s): %s up, %s down, mean %s, median %s (N" AFT_NBSP "=" AFT_NBSP "%s).", told->session,
                 aft_words_count(words, row->positive), aft_words_count(words, row->negative),
                 aft_words_signed_percent(words, row->caar), aft_words_signed_percent(words, row->median),
                 aft_words_degrees(words, row->n));
    n++;
  }
}

/* Why there is nothing to compare: one event, or several of which at most one has a CAR. */
static void tell_alone(aft_story *story, const aft_fact_aggregate *whole) {
  aft_line *line = aft_document_add_paragraph(story->document);
  size_t n_members = whole == NULL ? 0 : aft_story_count_members(story, story->sample);
  if (n_members < 2) {
    aft_line_say(line, "The study has no sample of two or more events; there are no others to compare with.");
    return;
  }
  aft_line_say(line, "%s of the %zu events of the sample (%s) has a CAR %s; there are no others to compare with.",
               whole->n < 1 ? "None" : "Only 1", n_members, aft_words_sample(&story->words, story->sample),
               aft_words_over(&story->words, story->window, false));
}

void aft_story_tell_others(aft_story *story) {
  aft_document_add_heading(story->document, "others", "What happened to the others");
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(story->facts, story->model, story->sample, story->window);
  if (whole == NULL || whole->n < 2) {
    tell_alone(story, whole);
    return;
  }
  tell_average(story, whole);
  add_forest(story, whole);
  if (story->groups->len > 1) aft_document_add_grid(story->document, aft_story_grid_caar_window(story, story->window));
  aft_document_add_grid(story->document, aft_story_grid_securities(story, MOST_ROWS));
  add_paths(story, whole);
  tell_other_stories(story);
}
