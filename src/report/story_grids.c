/* The tables about the data: stories and their sessions, articles, fitted models. */
#include "story.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Stops a long table and says so. */
static bool is_cut(aft_grid *grid, size_t row, size_t n_rows, size_t most_rows, const char *file) {
  if (most_rows == 0 || row < most_rows || n_rows == 0) return false;
  aft_grid_add_note(grid, "The first %zu of %zu rows; all are in %s.", most_rows, n_rows, file);
  return true;
}

static void add_count(aft_story *story, aft_grid *grid, double n) {
  aft_grid_add(grid, isnan(n) ? AFT_NO_VALUE : aft_words_count(&story->words, n));
}

aft_grid *aft_story_grid_alignment(aft_story *story, size_t most_rows) {
  aft_words *words = &story->words;
  aft_grid *grid =
      aft_grid_new("alignment", "Each story, when it was published, and the first session that could react");
  aft_grid_add_column(grid, "Story", AFT_COLUMN_WORD);
  bool several = aft_story_has_markets(story);
  if (several) aft_grid_add_column(grid, "Exchange", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Published", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Exchange time", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Rule", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Session", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "N used", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "N dropped", AFT_COLUMN_NUMBER);
  for (guint i = 0; i < story->events->len; i++) {
    if (is_cut(grid, i, story->events->len, most_rows, "tables/alignment.md")) break;
    const aft_told_event *told = &g_array_index(story->events, aft_told_event, i);
    aft_grid_add(grid, told->event);
    if (several) aft_grid_add(grid, told->market[0] == '\0' ? AFT_NO_VALUE : told->market);
    aft_grid_add(grid, told->published[0] == '\0' ? AFT_NO_VALUE : aft_words_time(words, told->published));
    aft_grid_add(grid, told->local_time[0] == '\0' ? AFT_NO_VALUE : aft_words_time(words, told->local_time));
    aft_grid_add(grid, told->rule);
    aft_grid_add(grid, told->session[0] == '\0' ? AFT_NO_VALUE : told->session);
    add_count(story, grid, (double)told->n_used);
    add_count(story, grid, (double)told->n_dropped);
  }
  aft_grid_add_note(
      grid,
      "N counts securities. Exchange time is that of %s. The session is the first whose closing price can "
      "contain the news.",
      several                         ? "each exchange"
      : story->facts->zone[0] == '\0' ? "the exchange"
                                      : story->facts->zone);
  return grid;
}

aft_grid *aft_story_grid_articles(aft_story *story, size_t most_rows) {
  const aft_table *table = &story->facts->articles_table;
  aft_words *words = &story->words;
  aft_grid *grid = aft_grid_new("articles", "Articles in order of publication");
  aft_grid_add_column(grid, "Article", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "Source", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "Exchange time", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Rule", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Session", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Story", AFT_COLUMN_WORD);
  for (size_t row = 0; row < table->n_rows; row++) {
    if (is_cut(grid, row, table->n_rows, most_rows, "tables/articles.md")) break;
    const char *title = aft_facts_text(table, row, "title"), *local = aft_facts_text(table, row, "local_time");
    const char *session = aft_facts_text(table, row, "session"), *event = aft_facts_text(table, row, "event");
    aft_grid_add_link(grid, title[0] == '\0' ? aft_facts_text(table, row, "article") : title,
                      aft_facts_text(table, row, "url"));
    aft_grid_add(grid, aft_facts_text(table, row, "source"));
    aft_grid_add(grid, local[0] == '\0' ? AFT_NO_VALUE : aft_words_time(words, local));
    aft_grid_add(grid, aft_facts_text(table, row, "rule"));
    aft_grid_add(grid, session[0] == '\0' ? "left out" : session);
    aft_grid_add(grid, event[0] == '\0' ? AFT_NO_VALUE : event);
  }
  return grid;
}

static int compare_numbers(const void *a, const void *b) {
  double x = *(const double *)a, y = *(const double *)b;
  return (x > y) - (x < y);
}

/* Median of the finite values; sorts them. */
static double median_of(GArray *values) {
  if (values->len == 0) return (double)NAN;
  double *x = (double *)(void *)values->data;
  qsort(x, values->len, sizeof *x, compare_numbers);
  return (x[(values->len - 1) / 2] + x[values->len / 2]) / 2;
}

struct fit_summary {
  size_t n;
  double n_obs_min, n_obs_max;
  const char *first_session, *last_session;
  GArray *sigma, *r_squared; /* of double, finite only */
};

static void add_finite(GArray *values, double value) {
  if (isfinite(value)) g_array_append_val(values, value);
}

static void summarise_fits(const aft_table *fits, const char *model, const char *event, struct fit_summary *out) {
  for (size_t row = 0; row < fits->n_rows; row++) {
    if (strcmp(aft_facts_text(fits, row, "model"), model) != 0) continue;
    if (event != NULL && strcmp(aft_facts_text(fits, row, "event"), event) != 0) continue;
    double n_obs = aft_facts_number(fits, row, "n_obs");
    const char *first = aft_facts_text(fits, row, "first_session"), *last = aft_facts_text(fits, row, "last_session");
    out->n_obs_min = out->n == 0 ? n_obs : fmin(out->n_obs_min, n_obs);
    out->n_obs_max = out->n == 0 ? n_obs : fmax(out->n_obs_max, n_obs);
    if (out->n == 0 || strcmp(first, out->first_session) < 0) out->first_session = first;
    if (out->n == 0 || strcmp(last, out->last_session) > 0) out->last_session = last;
    add_finite(out->sigma, aft_facts_number(fits, row, "sigma"));
    add_finite(out->r_squared, aft_facts_number(fits, row, "r_squared"));
    out->n++;
  }
}

static void add_fit_row(aft_story *story, aft_grid *grid, const char *model, const char *event) {
  aft_words *words = &story->words;
  struct fit_summary summary = {.sigma = g_array_new(FALSE, FALSE, sizeof(double)),
                                .r_squared = g_array_new(FALSE, FALSE, sizeof(double))};
  summarise_fits(&story->facts->fits_table, model, event, &summary);
  if (summary.n > 0) {
    aft_grid_add(grid, aft_facts_model_title(story->facts, model));
    aft_grid_add(grid, event == NULL ? "all" : event);
    add_count(story, grid, (double)summary.n);
    aft_grid_add(grid, summary.n_obs_min == summary.n_obs_max
                           ? aft_words_count(words, summary.n_obs_min)
                           : aft_words_format(words, "%s" AFT_NO_VALUE "%s", aft_words_count(words, summary.n_obs_min),
                                              aft_words_count(words, summary.n_obs_max)));
    aft_grid_add(grid, aft_words_hundredths(words, median_of(summary.sigma)));
    aft_grid_add(grid, aft_words_fixed(words, median_of(summary.r_squared), 3));
    aft_grid_add(grid, summary.first_session);
    aft_grid_add(grid, summary.last_session);
  }
  g_array_unref(summary.sigma);
  g_array_unref(summary.r_squared);
}

aft_grid *aft_story_grid_fits(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_grid *grid = aft_grid_new("fits", "Models of the normal return, fitted before the event");
  aft_grid_add_column(grid, "Model", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Story", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "N fits", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Sessions", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Median residual s.d., %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Median R\xC2\xB2", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "First session", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Last session", AFT_COLUMN_WORD);
  bool by_story = story->n_stories <= 8; /* more would hide the models behind their number of stories */
  for (guint m = 0; m < facts->models->len; m++) {
    const char *model = g_array_index(facts->models, aft_fact_model, m).name;
    if (!by_story) add_fit_row(story, grid, model, NULL);
    for (guint i = 0; by_story && i < story->events->len; i++) {
      const aft_told_event *told = &g_array_index(story->events, aft_told_event, i);
      if (!told->is_repeat) add_fit_row(story, grid, model, told->event);
    }
  }
  aft_grid_add_note(
      grid,
      "N fits counts securities with a fitted model; Sessions is the smallest and largest number of sessions used; "
      "estimation window %s, at least %s.",
      aft_story_windows(story), aft_words_noun(&story->words, facts->min_obs, "session", "sessions"));
  return grid;
}
