/* Sections "The question" and "The data". */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_STORIES = 8, MOST_NAMES = 6 };

static const char *article_title(const aft_story *story, const char *article, const char **source) {
  static const char *const names[] = {"article"};
  const aft_table *table = &story->facts->articles_table;
  size_t row = article[0] == '\0' ? table->n_rows : aft_facts_find_row(table, 0, 1, names, &article);
  if (row == table->n_rows) return "";
  *source = aft_facts_text(table, row, "source");
  return aft_facts_text(table, row, "title");
}

/* ", 22 securities", and how many of them are used when not all are. */
static void say_members(aft_story *story, aft_line *line, const aft_told_event *told) {
  aft_words *words = &story->words;
  const char *all = aft_words_noun(words, (double)(told->n_used + told->n_dropped), "security", "securities");
  if (told->n_dropped == 0)
    aft_line_say(line, ", %s", all);
  else if (told->n_used > 0)
    aft_line_say(line, ", %s of %s used", aft_words_count(words, (double)told->n_used), all);
  else
    aft_line_say(line, told->n_dropped == 1 ? ", %s, not used" : ", %s, none used", all);
}

static void list_stories(aft_story *story) {
  aft_words *words = &story->words;
  aft_block *list = aft_document_add_list(story->document);
  guint n = story->events->len, shown = n > MOST_STORIES ? MOST_STORIES : n;
  for (guint i = 0; i < shown; i++) {
    const aft_told_event *told = &g_array_index(story->events, aft_told_event, i);
    const char *source = "", *title = article_title(story, told->article, &source);
    aft_line *line = aft_block_add_item(list);
    aft_line_code(line, told->event);
    if (told->published[0] != '\0') aft_line_say(line, ", published %s", aft_words_time(words, told->published));
    say_members(story, line, told);
    if (aft_story_has_markets(story) && told->market[0] != '\0') aft_line_say(line, " on %s", told->market);
    if (title[0] != '\0') aft_line_say(line, ": \xE2\x80\x9C%s\xE2\x80\x9D", title);
    if (source[0] != '\0') aft_line_say(line, " (%s)", source);
    aft_line_say(line, ".");
  }
  if (shown < n)
    aft_line_say(aft_block_add_item(list), "%s more.", aft_words_noun(words, n - shown, "story", "stories"));
}

/* "group means run from -21.12 % (power) to +3.30 % (none)", when there are groups. */
static void say_group_range(aft_story *story, aft_line *line) {
  const aft_fact_aggregate *low = NULL, *high = NULL;
  for (guint i = 0; i < story->groups->len; i++) {
    const aft_fact_aggregate *row =
        aft_facts_find_aggregate(story->facts, story->model, g_ptr_array_index(story->groups, i), story->window);
    if (row == NULL || isnan(row->caar)) continue;
    if (low == NULL || row->caar < low->caar) low = row;
    if (high == NULL || row->caar > high->caar) high = row;
  }
  if (low == high) return;
  aft_words *words = &story->words;
  aft_line_say(line, "%s the means of the groups run from %s (%s) to %s (%s)",
               low->caar < 0 && high->caar > 0 ? ", but" : ";", aft_words_signed_percent(words, low->caar),
               aft_story_group_name(story, low->group), aft_words_signed_percent(words, high->caar),
               aft_story_group_name(story, high->group));
}

/* "13.21 percentage points below what the market model expects (t = -5.05, p < 0.001).": row is one of car.csv. */
static void say_distance(aft_story *story, aft_line *line, size_t row) {
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  double value = aft_facts_number(car, row, "car"), t = aft_facts_number(car, row, "statistic");
  const char *model = aft_story_model(story, story->model);
  if (value == 0)
    aft_line_say(line, " exactly what the %s expects", model);
  else
    aft_line_say(line, " %s percentage points %s what the %s expects",
                 fabs(value) < 0.00005 ? "less than 0.01" : aft_words_hundredths(words, fabs(value)),
                 value < 0 ? "below" : "above", model);
  if (isnan(t))
    aft_line_say(line, ". %s", aft_story_no_statistic(aft_facts_number(car, row, "standard_error")));
  else
    aft_line_say(line, " (t" AFT_NBSP "=" AFT_NBSP "%s, %s).", aft_words_fixed(words, t, 2),
                 aft_words_p(words, aft_facts_number(car, row, "p_value")));
}

/* The answer first: what the focus security did, in the numbers of the main window. */
static void answer_for_focus(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  size_t row = aft_story_find_car(story, story->model, focus->event, focus->symbol, story->window);
  if (row == car->n_rows || isnan(aft_facts_number(car, row, "car"))) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_strong(line, "In short.");
  bool is_that_day = !isnan(focus->realised) && story->window.first == 0 && story->window.last == 0;
  if (!isnan(focus->realised))
    aft_line_say(line, " On %s %s %s%s", focus->session, focus->symbol,
                 aft_story_returned(story, focus->realised, focus->simple), is_that_day ? "," : ".");
  if (!is_that_day)
    aft_line_say(line, " %s the %sreturn of %s was", aft_words_over(words, story->window, true),
                 story->facts->is_log ? "log " : "", focus->symbol);
  say_distance(story, line, row);
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(story->facts, story->model, story->sample, story->window);
  if (whole == NULL || whole->n < 2) return;
  const char *one = story->is_one_story ? "security" : "event", *many = story->is_one_story ? "securities" : "events";
  aft_line_say(line, " Of the %s of %s%s, %s rose and %s fell against that yardstick; their mean is %s",
               aft_words_noun(words, whole->n, one, many),
               story->is_one_story ? aft_words_sample(words, story->sample) : "the sample",
               (double)aft_story_count_members(story, story->sample) > whole->n ? " with a CAR" : "",
               aft_words_count(words, whole->positive), aft_words_count(words, whole->negative),
               aft_words_signed_percent(words, whole->caar));
  say_group_range(story, line);
  aft_line_say(line, ".");
}

void aft_story_tell_question(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  aft_document_add_heading(story->document, "question", "The question");
  aft_line *line = aft_document_add_paragraph(story->document);
  if (story->events->len == 0) {
    aft_line_say(line, "The study has no event; there is nothing to measure.");
    return;
  }
  aft_line_say(
      line,
      "How much more than expected did %s move when %s became public, and can the %s be told from the noise of "
      "ordinary days? ",
      aft_words_noun(words, (double)story->n_symbols, "security", "securities"),
      story->n_stories == 1 ? "this story" : aft_words_noun(words, (double)story->n_stories, "story", "stories"),
      story->n_symbols == 1 && story->n_stories == 1 ? "move" : "moves");
  if (aft_story_has_focus(story)) {
    aft_line_say(line, "The report follows %s through the story ", facts->focus.symbol);
    aft_line_code(line, facts->focus.event);
    aft_line_say(line, story->n_symbols > 1 || story->n_stories > 1 ? " first, then the others." : ".");
  }
  list_stories(story);
  if (aft_story_has_focus(story)) answer_for_focus(story);
}

/* What a study that keeps the windows alone cannot know. */
static void say_kept(aft_story *story, aft_line *line) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  if (isnan(facts->n_rows_kept)) return;
  aft_line_say(line,
               "Of the rows %s of %s were kept, those that the windows of the events need; of the others nothing was "
               "looked at but their form and their day. Two values for one day, prices that cannot be and splits that "
               "nobody recorded were looked for in what was kept. ",
               facts->n_rows_kept == 0 ? "none" : aft_words_count(words, facts->n_rows_kept),
               aft_words_noun(words, facts->n_securities_kept, "security", "securities"));
}

static void tell_counts(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "The input files hold %s of prices or returns; the study spans %s. ",
               aft_words_noun(words, facts->n_rows, "row", "rows"),
               aft_words_noun(words, facts->n_sessions, "session", "sessions"));
  say_kept(story, line);
  if (facts->exchange[0] != '\0')
    aft_line_say(line, "Sessions are those of the %s (%s, time zone %s). ", facts->exchange, facts->mic, facts->zone);
  aft_story_say_markets(story, line);
  if (!isnan(facts->n_articles) && facts->n_articles > 0)
    aft_line_say(
        line, "Of %s, %s a time that can be used. ", aft_words_noun(words, facts->n_articles, "article", "articles"),
        aft_words_format(words, facts->n_articles_used == 1 ? "%s has" : "%s have",
                         facts->n_articles_used == 0 ? "none" : aft_words_count(words, facts->n_articles_used)));
  aft_line_say(
      line, "An event is one security of one story; of %s, %s used.",
      aft_words_noun(words, facts->n_events, "event", "events"),
      facts->n_events_used == facts->n_events && facts->n_events > 1
          ? "all are"
          : aft_words_format(words, facts->n_events_used == 1 ? "%s is" : "%s are",
                             facts->n_events_used == 0 ? "none" : aft_words_count(words, facts->n_events_used)));
}

/* How many returns each series has, and between which sessions, in one sentence. */
static void tell_span(aft_story *story) {
  const aft_table *series = &story->facts->series_table;
  aft_words *words = &story->words;
  aft_line *line = NULL;
  for (size_t row = 0; row < series->n_rows;) {
    const char *symbol = aft_facts_text(series, row, "symbol"), *role = aft_facts_text(series, row, "role");
    const char *first = "", *last = "";
    size_t n = 0;
    for (; row < series->n_rows && strcmp(aft_facts_text(series, row, "symbol"), symbol) == 0 &&
           strcmp(aft_facts_text(series, row, "role"), role) == 0;
         row++) {
      if (isnan(aft_facts_number(series, row, "return"))) continue;
      last = aft_facts_text(series, row, "session");
      if (n++ == 0) first = last;
    }
    if (line == NULL) line = aft_document_add_paragraph(story->document);
    aft_line_say(line, "%s (%s) has %s", symbol, strcmp(role, "market") == 0 ? "the benchmark" : "the focus security",
                 aft_words_noun(words, (double)n, "return", "returns"));
    if (n == 1)
      aft_line_say(line, ", on %s", first);
    else if (n > 1)
      aft_line_say(line, ", from %s to %s", first, last);
    aft_line_say(line, ". ");
  }
}

/* Where the expected returns come from and on which sessions that is learnt. */
static void say_model(aft_story *story, aft_line *line) {
  aft_words *words = &story->words;
  const char *yardstick = aft_story_yardstick(story, story->model);
  aft_line_say(line, "Expected returns come from the %s", aft_story_model(story, story->model));
  if (!aft_story_is_fitted(story, story->model)) {
    aft_line_say(line,
                 ": they are those of the %s, with nothing to fit. How far ordinary days stray from them is learnt for "
                 "each event on the sessions",
                 yardstick);
  } else if (aft_story_regressors(story, story->model) == AFT_REGRESSORS_NONE) {
    aft_line_say(line, ", which needs %s, fitted for each event on the sessions", yardstick);
  } else {
    aft_line_say(line, " with %s, fitted for each event on the sessions", yardstick);
  }
  aft_line_say(line, " %s %s it (at least %s); ", aft_words_window(words, aft_story_window(story)),
               aft_story_where(story), aft_words_count(words, story->facts->min_obs));
}

static void tell_method(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  say_model(story, line);
  aft_line_say(
      line,
      "day 0 is the event's session. An abnormal return is the return minus the expected one; a CAR is the sum of "
      "abnormal returns over a window. Returns are %s.",
      facts->is_log ? "logarithmic" : "simple");
  g_autoptr(GPtrArray) others = g_ptr_array_new();
  for (guint m = 1; m < facts->models->len; m++) {
    const char *name = g_array_index(facts->models, aft_fact_model, m).name;
    g_ptr_array_add(others, (gpointer)(guintptr)aft_words_format(words, "the %s", aft_story_model(story, name)));
  }
  if (others->len > 0)
    aft_line_say(line, " For comparison the study also uses %s.", aft_words_join(words, others, MOST_NAMES));
}

static void add_input(aft_words *words, aft_grid *grid, const aft_fact_input *input) {
  aft_grid_add(grid, input->role);
  aft_grid_add(grid, input->path);
  aft_grid_add(grid, isnan(input->bytes) ? AFT_NO_VALUE : aft_words_count(words, input->bytes));
  aft_grid_add(grid, aft_words_format(words, "%.12s", input->sha256));
}

static void add_inputs(aft_story *story) {
  const aft_facts *facts = story->facts;
  if (facts->inputs->len == 0 && facts->study_file.path[0] == '\0') return;
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("inputs", "Files that were read");
  aft_grid_add_column(grid, "Role", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "File", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Bytes", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "SHA-256, first 12 digits", AFT_COLUMN_CODE);
  bool has_study = false;
  for (guint i = 0; i < facts->inputs->len; i++)
    if (strcmp(g_array_index(facts->inputs, aft_fact_input, i).path, facts->study_file.path) == 0) has_study = true;
  if (!has_study && facts->study_file.path[0] != '\0') add_input(words, grid, &facts->study_file);
  for (guint i = 0; i < facts->inputs->len; i++)
    add_input(words, grid, &g_array_index(facts->inputs, aft_fact_input, i));
  aft_grid_add_note(grid, "The full digests stand in result.json.");
  aft_document_add_grid(story->document, grid);
}

void aft_story_tell_data(aft_story *story) {
  aft_document_add_heading(story->document, "data", "The data");
  tell_counts(story);
  tell_span(story);
  if (story->facts->models->len > 0) tell_method(story);
  add_inputs(story);
  aft_grid *fits = aft_story_grid_fits(story);
  if (aft_grid_n_rows(fits) > 0)
    aft_document_add_grid(story->document, fits);
  else
    aft_grid_free(fits);
}
