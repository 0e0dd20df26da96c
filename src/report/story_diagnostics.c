/* Section "Is the model fit for this?": of the checks only what matters, in words, and what could have been seen. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_NAMES = 6 };

/* What one check found among the fits of the headline model. */
typedef struct finding {
  GPtrArray *named; /* of const char *: "NVDA in rout", the events it speaks of */
  size_t n;         /* of them */
} finding;

static bool is_headline(const aft_story *story, size_t row) {
  return strcmp(aft_facts_text(&story->facts->diagnostics_table, row, "model"), story->model) == 0;
}

static const char *name_event(aft_story *story, size_t row) {
  const aft_table *table = &story->facts->diagnostics_table;
  return aft_words_format(&story->words, "%s in %s", aft_facts_text(table, row, "symbol"),
                          aft_facts_text(table, row, "event"));
}

/* Events whose number in a column is below a bound (a p-value), or above it. */
static finding find(aft_story *story, const char *column, double bound, bool below) {
  const aft_table *table = &story->facts->diagnostics_table;
  finding found = {g_ptr_array_new(), 0};
  for (size_t row = 0; row < table->n_rows; row++) {
    double value = aft_facts_number(table, row, column);
    if (!is_headline(story, row) || !(below ? value < bound : value > bound)) continue;
    if (found.n++ < MOST_NAMES)
      g_ptr_array_add(found.named, (gpointer)(guintptr)name_event(story, row));
    else
      g_ptr_array_add(found.named, (gpointer)(guintptr) ""); /* the others are only counted */
  }
  return found;
}

static size_t count_fits(const aft_story *story) {
  size_t n = 0;
  for (size_t row = 0; row < story->facts->diagnostics_table.n_rows; row++) n += is_headline(story, row);
  return n;
}

/* More than two standard deviations above what chance gives. */
static bool is_beyond_chance(const aft_story *story, size_t count, size_t n) {
  double expected = (double)n * story->alpha;
  return (double)count > expected + 2 * sqrt(expected * (1 - story->alpha));
}

static aft_line *add_point(aft_block *list, const char *title) {
  aft_line *line = aft_block_add_item(list);
  aft_line_strong(line, title);
  aft_line_say(line, " ");
  return line;
}

/* "18 of 44 fits" */
static const char *of_fits(aft_story *story, size_t count, size_t n) {
  return aft_words_format(&story->words, "%s of %s", aft_words_count(&story->words, (double)count),
                          aft_words_noun(&story->words, (double)n, "fit", "fits"));
}

static bool tell_normality(aft_story *story, aft_block *list, size_t n) {
  finding found = find(story, "jarque_bera_p", story->alpha, true);
  bool matters = is_beyond_chance(story, found.n, n);
  if (matters) {
    const aft_fact_model *model = aft_facts_find_model(story->facts, story->model);
    double kurtosis = model != NULL ? model->median_kurtosis : (double)NAN;
    aft_line *line = add_point(list, kurtosis > 0 ? "Fat tails." : "Residuals are not normal.");
    aft_line_say(
        line,
        "%s leave residuals that are not normal (Jarque-Bera; median excess kurtosis %s): large moves come more "
        "often than t allows. Prefer tests of ranks (",
        of_fits(story, found.n, n), aft_words_fixed(&story->words, kurtosis, 1));
    aft_line_code(line, "grank_t");
    aft_line_say(line, "), and for single events ");
    aft_line_code(line, "sq");
    aft_line_say(line, ".");
  }
  g_ptr_array_unref(found.named);
  return matters;
}

static bool tell_memory(aft_story *story, aft_block *list, size_t n) {
  finding memory = find(story, "ljung_box_p", story->alpha, true), waves = find(story, "arch_lm_p", story->alpha, true);
  bool has_memory = is_beyond_chance(story, memory.n, n), has_waves = is_beyond_chance(story, waves.n, n);
  if (has_memory)
    aft_line_say(
        add_point(list, "Days lean on the days before."),
        "The residuals of %s are autocorrelated (Ljung-Box over ten sessions): the variance of a sum over many "
        "days is not what the model says. Trust short windows more than long ones.",
        of_fits(story, memory.n, n));
  if (has_waves) {
    aft_line *line = add_point(list, "Variance comes in waves.");
    aft_line_say(line,
                 "In %s a large residual is followed by large ones (Engle's LM test over five sessions): the usual "
                 "variance may be too low or too high for the days of the event. ",
                 of_fits(story, waves.n, n));
    aft_line_code(line, "garch");
    aft_line_say(line, " among the models shows what that changes; ");
    aft_line_code(line, "bmp_kp");
    aft_line_say(line, " allows for it over many events.");
  }
  g_ptr_array_unref(memory.named);
  g_ptr_array_unref(waves.named);
  return has_memory || has_waves;
}

static bool tell_trading(aft_story *story, aft_block *list) {
  const aft_table *table = &story->facts->diagnostics_table;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (size_t row = 0; row < table->n_rows; row++)
    if (is_headline(story, row) && strcmp(aft_facts_text(table, row, "thin"), "yes") == 0)
      g_ptr_array_add(named, (gpointer)(guintptr)name_event(story, row));
  if (named->len == 0) return false;
  aft_line *line = add_point(list, "Thin trading.");
  aft_line_say(line,
               "More than a tenth of the returns before the event are zero or missing for %s: beta is too small and ",
               aft_words_join(&story->words, named, MOST_NAMES));
  aft_line_say(line, "the reaction may come late. Look at ");
  aft_line_code(line, "trade_to_trade");
  aft_line_say(line, " or ");
  aft_line_code(line, "dimson");
  aft_line_say(line, " beside it.");
  return true;
}

static bool tell_neighbours(aft_story *story, aft_block *list, size_t n) {
  finding overlap = find(story, "overlapping", 0.5, false), inside = find(story, "inside_estimation", 0.5, false);
  bool matters = overlap.n + inside.n > 0;
  if (overlap.n > 0) {
    aft_line *line = add_point(list, "Events of one firm meet.");
    aft_line_say(line,
                 "The event windows of %s overlap those of another event of the same firm (%s): they share days, ",
                 of_fits(story, overlap.n, n), aft_words_join(&story->words, overlap.named, MOST_NAMES));
    aft_line_say(line, "and are not independent. ");
    aft_line_code(line, "clustered_firm");
    aft_line_say(line, " allows for that where firms are many.");
  }
  if (inside.n > 0)
    aft_line_say(
        add_point(list, "Other news in the estimation window."),
        "The estimation window of %s holds the session of another event of the same firm (%s): what is taken for "
        "ordinary includes it.",
        of_fits(story, inside.n, n), aft_words_join(&story->words, inside.named, MOST_NAMES));
  g_ptr_array_unref(overlap.named);
  g_ptr_array_unref(inside.named);
  return matters;
}

static bool tell_drift(aft_story *story, aft_block *list, size_t n) {
  const aft_table *table = &story->facts->diagnostics_table;
  aft_words *words = &story->words;
  finding found = find(story, "drift_p", story->alpha, true);
  bool matters = is_beyond_chance(story, found.n, n);
  aft_fact_window before = {story->facts->event_window.first, -1};
  if (matters)
    aft_line_say(
        add_point(list, "It began before."),
        "Already %s the CAR of %s differs from zero (%s): news may have been known early, or the model expects the "
        "wrong return.",
        aft_words_over(words, before, false), of_fits(story, found.n, n),
        aft_words_join(words, found.named, MOST_NAMES));
  g_ptr_array_unref(found.named);
  static const char *const names[] = {"model", "event", "symbol"};
  const char *values[] = {story->model, story->facts->focus.event, story->facts->focus.symbol};
  size_t row = aft_facts_find_row(table, 0, 3, names, values);
  if (row == table->n_rows || !(aft_facts_number(table, row, "drift_p") < story->alpha)) return matters;
  aft_line_say(add_point(list, "The focus had moved before."),
               "%s, before the event, the CAR of %s was %s (t = %s, %s).", aft_words_over(words, before, true),
               story->facts->focus.symbol, aft_words_signed_percent(words, aft_facts_number(table, row, "drift")),
               aft_words_fixed(words, aft_facts_number(table, row, "drift_t"), 2),
               aft_words_p(words, aft_facts_number(table, row, "drift_p")));
  return true;
}

static double find_detectable(const aft_story *story, const char *group, const char *event, const char *symbol) {
  static const char *const names[] = {"model", "group", "event", "symbol", "first", "last"};
  const aft_table *table = &story->facts->detectable_table;
  g_autofree char *first = g_strdup_printf("%d", story->window.first),
                  *last = g_strdup_printf("%d", story->window.last);
  const char *values[] = {story->model, group, event, symbol, first, last};
  size_t row = aft_facts_find_row(table, 0, G_N_ELEMENTS(names), names, values);
  return row == table->n_rows ? (double)NAN : aft_facts_number(table, row, "detectable");
}

static void tell_detectable(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  aft_words *words = &story->words;
  double own = find_detectable(story, "", focus->event, focus->symbol);
  double mean = find_detectable(story, story->sample, "", "");
  if (isnan(own) && isnan(mean)) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "What could have been seen %s: ", aft_words_over(words, story->window, false));
  if (!isnan(own))
    aft_line_say(line, "an abnormal return of %s in size for %s", aft_words_percent(words, own), focus->symbol);
  if (!isnan(mean))
    aft_line_say(line, "%sa mean of %s over %s", isnan(own) ? "" : ", and ", aft_words_percent(words, mean),
                 aft_words_sample(words, story->sample));
  aft_line_say(line, " would be found at the %s level in four of five cases; of smaller effects more are missed.",
               aft_story_level(story));
}

void aft_story_tell_diagnostics(aft_story *story) {
  size_t n = count_fits(story);
  if (n == 0) return;
  aft_document_add_heading(story->document, "diagnostics", "Is the model fit for this?");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Of the %s of the %s the residuals, the trading and the neighbouring events were looked at.",
               aft_words_noun(&story->words, (double)n, "fit", "fits"), aft_story_model(story, story->model));
  aft_block *list = aft_document_add_list(story->document);
  bool any = tell_normality(story, list, n);
  any = tell_memory(story, list, n) || any;
  any = tell_trading(story, list) || any;
  any = tell_neighbours(story, list, n) || any;
  any = tell_drift(story, list, n) || any;
  if (!any)
    aft_line_say(
        add_point(list, "Nothing speaks against it."),
        "Tails, autocorrelation and variance of the residuals are those of chance, and no event of a firm is near "
        "another of it.");
  tell_detectable(story);
  line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Every event is in ");
  aft_line_code(line, "diagnostics.csv");
  aft_line_say(line, ", every window in ");
  aft_line_code(line, "detectable.csv");
  aft_line_say(line, ".");
}
