/* Section "Trading volume": the focus security's abnormal volume, and that of the sample, when the study asks for it. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const aft_volume_measure *find_measure(const char *name) {
  size_t n;
  const aft_volume_measure *measures = aft_volume_measures(&n);
  for (size_t i = 0; i < n; i++)
    if (strcmp(measures[i].name, name) == 0) return &measures[i];
  return NULL;
}

/* The measure inside a sentence: "log volume, ln V". */
static const char *name_series(aft_story *story) {
  g_autofree char *title = g_strdup(story->facts->volume.title);
  title[0] = g_ascii_tolower(title[0]);
  return aft_words_format(&story->words, "%s", title);
}

static size_t find_car(const aft_story *story, aft_fact_window window) {
  static const char *const names[] = {"symbol", "event", "first", "last"};
  g_autofree char *first = g_strdup_printf("%d", window.first), *last = g_strdup_printf("%d", window.last);
  const char *values[] = {story->facts->focus.symbol, story->facts->focus.event, first, last};
  return aft_facts_find_row(&story->facts->volume_car_table, 0, G_N_ELEMENTS(names), names, values);
}

static bool has_focus(const aft_story *story) {
  return find_car(story, story->window) < story->facts->volume_car_table.n_rows;
}

aft_grid *aft_story_grid_volume(aft_story *story) {
  const aft_table *car = &story->facts->volume_car_table;
  aft_words *words = &story->words;
  static const char *const columns[] = {"Abnormal", "Standard error", "t", "df", "p", "A day, times usual"};
  const aft_volume_measure *measure = find_measure(story->facts->volume.measure);
  bool is_log = measure != NULL && measure->is_log;
  aft_grid *grid = aft_grid_new("volume", "Abnormal volume of every event");
  aft_grid_add_column(grid, "Story", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(columns) - (is_log ? 0 : 1); i++)
    aft_grid_add_column(grid, columns[i], AFT_COLUMN_NUMBER);
  for (size_t row = 0; row < car->n_rows; row++) {
    double sum = aft_facts_number(car, row, "car");
    aft_grid_add(grid, aft_facts_text(car, row, "event"));
    aft_grid_add(grid, aft_facts_text(car, row, "symbol"));
    aft_grid_add(grid, aft_words_window(words, aft_facts_window(car, row)));
    aft_grid_add(grid, aft_words_fixed(words, sum, 4));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(car, row, "standard_error"), 4));
    aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(car, row, "statistic"), 2));
    aft_grid_add(grid, aft_words_degrees(words, aft_facts_number(car, row, "df")));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(car, row, "p_value")));
    if (is_log) aft_grid_add(grid, aft_words_fixed(words, exp(sum / aft_facts_number(car, row, "n_days")), 2));
  }
  aft_grid_add_note(grid, "Sums of abnormal %s over the window; expected: %s.", name_series(story),
                    story->facts->volume.model);
  return grid;
}

static void tell_measure(aft_story *story) {
  const aft_fact_volume *volume = &story->facts->volume;
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  bool is_mean = strcmp(volume->model, "constant_mean") == 0;
  aft_line_say(line, "Did the news make people trade? The series is %s (V shares traded%s); what is usual is %s ",
               name_series(story), strstr(volume->title, "/S") != NULL ? ", S shares outstanding" : "",
               is_mean ? "its mean over the estimation window."
                       : "a line in its mean over all securities, fitted on the estimation window.");
  aft_line_say(line, "%s enough volume for it.",
               aft_words_format(words, "%s of %s", aft_words_noun(words, volume->events, "event", "events"),
                                volume->events == 1 ? "the study has" : "the study have"));
}

/* The focus security on the main window. */
static void tell_focus(aft_story *story) {
  const aft_table *car = &story->facts->volume_car_table;
  aft_words *words = &story->words;
  const aft_volume_measure *measure = find_measure(story->facts->volume.measure);
  size_t row = find_car(story, story->window);
  double sum = aft_facts_number(car, row, "car"), t = aft_facts_number(car, row, "statistic");
  aft_line *line = aft_document_add_paragraph(story->document);
  if (isnan(sum)) {
    aft_line_say(line, "The volume of %s is not known on every day of %s.", story->facts->focus.symbol,
                 aft_words_window(words, story->window));
    return;
  }
  if (measure != NULL && measure->is_log)
    aft_line_say(line, "%s %s traded %s times its usual volume%s", aft_words_over(words, story->window, true),
                 story->facts->focus.symbol, aft_words_fixed(words, exp(sum / aft_facts_number(car, row, "n_days")), 2),
                 story->window.first == story->window.last ? "" : " a day");
  else
    aft_line_say(line, "%s the measure of %s was %s %s what is usual", aft_words_over(words, story->window, true),
                 story->facts->focus.symbol, aft_words_fixed(words, fabs(sum), 4), sum < 0 ? "below" : "above");
  if (isnan(t))
    aft_line_say(line, ".");
  else
    aft_line_say(line, " (t = %s, %s).", aft_words_fixed(words, t, 2),
                 aft_words_p(words, aft_facts_number(car, row, "p_value")));
}

/* The tests to trust over the sample, where there is more than one event with volume. */
static void say_tests(aft_story *story, aft_line *line) {
  static const char *const trusted[] = {"grank_t", "bmp_kp"}, *const names[] = {"group", "test", "first", "last"};
  const aft_table *tests = &story->facts->volume_tests_table;
  g_autofree char *first = g_strdup_printf("%d", story->window.first),
                  *last = g_strdup_printf("%d", story->window.last);
  bool is_first = true;
  for (size_t i = 0; i < G_N_ELEMENTS(trusted); i++) {
    const char *values[] = {story->sample, trusted[i], first, last};
    size_t row = aft_facts_find_row(tests, 0, G_N_ELEMENTS(names), names, values);
    if (row == tests->n_rows || isnan(aft_facts_number(tests, row, "p_value"))) continue;
    if (is_first)
      aft_line_say(line,
                   "Over %s events with volume: ", aft_words_count(&story->words, aft_facts_number(tests, row, "n")));
    else
      aft_line_say(line, ", ");
    is_first = false;
    aft_line_code(line, trusted[i]);
    aft_line_say(line, " %s", aft_words_p(&story->words, aft_facts_number(tests, row, "p_value")));
  }
  if (!is_first) aft_line_say(line, ". ");
}

void aft_story_tell_volume(aft_story *story) {
  if (story->facts->volume.measure[0] == '\0') return;
  aft_document_add_heading(story->document, "volume", "Trading volume");
  tell_measure(story);
  if (has_focus(story)) tell_focus(story);
  aft_line *line = aft_document_add_paragraph(story->document);
  say_tests(story, line);
  aft_line_say(line,
               "Busy days follow busy days, so t, which takes days for independent, is too large over longer windows; "
               "tests of ranks and placebo dates stand that better. Every window and test is in ");
  aft_line_code(line, "volume_car.csv");
  aft_line_say(line, " and ");
  aft_line_code(line, "volume_tests.csv");
  aft_line_say(line, ".");
}
