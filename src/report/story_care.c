/* Section "What to be careful about": the limits of this study, found in its own facts. */
#include "story.h"
#include "story_overlap.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_NAMES = 6, MOST_OVERLAPS = 6, MOST_WARNINGS = 20 };

static aft_line *add_point(aft_block *list, const char *title) {
  aft_line *line = aft_block_add_item(list);
  aft_line_strong(line, title);
  aft_line_say(line, " ");
  return line;
}

/* The whole sample; its groups are judged beside their tests. */
static void warn_few(aft_story *story, aft_block *list) {
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(story->facts, story->model, story->sample, story->window);
  if (whole == NULL || whole->n < 2 || whole->n >= AFT_FEW_EVENTS) return;
  aft_line *line = add_point(list, "The sample is small.");
  aft_line_say(line, "%s in the sample (%s) with a CAR: a test across them %s.",
               aft_words_noun(&story->words, whole->n, "event", "events"),
               aft_words_sample(&story->words, story->sample),
               whole->n < AFT_TOO_FEW_EVENTS ? "is defined but hardly meaningful"
                                             : "is right only roughly, as said beside the tests");
}

static void warn_dates(aft_story *story, aft_block *list) {
  aft_words *words = &story->words;
  size_t n_sessions = aft_story_count_sessions(story, "all", false);
  double n_events = story->facts->n_events_used;
  if (n_sessions == 0 || !(n_events > (double)n_sessions)) return;
  aft_line *line = add_point(list, n_sessions == 1                     ? "One event day is one draw."
                                   : n_events > 2 * (double)n_sessions ? "Few event days are few draws."
                                                                       : "Some events share a day.");
  aft_line_say(
      line,
      "The %s fall on %s. Everything else that happened on such a day is in the abnormal returns of all of them, and "
      "more "
      "securities do not make more days.",
      aft_words_noun(words, n_events, "event", "events"),
      aft_words_noun(words, (double)n_sessions, "session", "sessions"));
}

static size_t count_rule(const aft_story *story, const char *rule) {
  size_t n = 0;
  for (guint i = 0; i < story->events->len; i++)
    n += strcmp(g_array_index(story->events, aft_told_event, i).rule, rule) == 0;
  return n;
}

static void warn_stamps(aft_story *story, aft_block *list) {
  aft_words *words = &story->words;
  const aft_table *articles = &story->facts->articles_table;
  size_t n_day = 0, n_local = 0, n_unknown = 0;
  for (size_t row = 0; row < articles->n_rows; row++) {
    const char *precision = aft_facts_text(articles, row, "precision");
    if (strcmp(precision, "day") == 0) n_day++;
    if (strcmp(precision, "local") == 0) n_local++;
    if (strcmp(precision, "unknown") == 0) n_unknown++;
  }
  size_t n_same = count_rule(story, "date_only"), n_next = count_rule(story, "date_only_next");
  size_t n_closed = count_rule(story, "date_only_non_session");
  if (n_day + n_local + n_unknown + n_same + n_next + n_closed == 0) return;
  aft_line *line = add_point(list, "Times are only as good as their stamps.");
  if (n_day > 0)
    aft_line_say(line, "%s only a date; the policy of the study is to take %s. ",
                 aft_words_noun(words, (double)n_day, "article has", "articles have"),
                 strcmp(story->facts->date_only, "next") == 0 ? "the next session" : "that day's session");
  if (n_local > 0)
    aft_line_say(line, "%s a time without zone, read as exchange time. ",
                 aft_words_noun(words, (double)n_local, "article has", "articles have"));
  if (n_unknown > 0)
    aft_line_say(line, "%s no time at all and %s left out. ",
                 aft_words_noun(words, (double)n_unknown, "article has", "articles have"),
                 n_unknown == 1 ? "is" : "are");
  if (n_same > 0)
    aft_line_say(line, "%s dated by a day alone: for %s read a window that includes day" AFT_NBSP "+1, not [0, 0]. ",
                 aft_words_noun(words, (double)n_same, "story is", "stories are"), n_same == 1 ? "it" : "them");
  if (n_next > 0)
    aft_line_say(line,
                 "%s dated by a day alone and placed in the session after it: for %s read a window that includes "
                 "day" AFT_NBSP AFT_MINUS "1, not [0, 0]. ",
                 aft_words_noun(words, (double)n_next, "story is", "stories are"), n_next == 1 ? "it" : "them");
  if (n_closed > 0)
    aft_line_say(line, "%s dated by a day on which the exchange was closed; day" AFT_NBSP "0 is certain for %s.",
                 aft_words_noun(words, (double)n_closed, "story is", "stories are"), n_closed == 1 ? "it" : "them");
  if (n_same + n_next + n_closed == 0) aft_line_say(line, "No story is dated by a day alone.");
}

/* Windows of the study that contain a relative day, as text; "" when none does. */
static const char *windows_with(aft_story *story, int rel_day) {
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (size_t w = 0; w < story->n_windows; w++) {
    if (rel_day < story->windows[w].first || rel_day > story->windows[w].last) continue;
    g_ptr_array_add(named, (gpointer)(guintptr)aft_words_window(&story->words, story->windows[w]));
  }
  return named->len == 0 ? "" : aft_words_join(&story->words, named, MOST_NAMES);
}

static void warn_overlap(aft_story *story, aft_block *list) {
  aft_words *words = &story->words;
  g_autoptr(GArray) overlaps = aft_overlap_find(story);
  if (overlaps->len == 0) return;
  aft_line *line = add_point(list, "Windows overlap.");
  for (guint i = 0; i < overlaps->len && i < MOST_OVERLAPS; i++) {
    const aft_overlap *overlap = &g_array_index(overlaps, aft_overlap, i);
    const char *windows = windows_with(story, overlap->rel_day);
    aft_line_say(line, "The session of ");
    aft_line_code(line, overlap->other);
    aft_line_say(line, " is %s of ", aft_words_day(words, overlap->rel_day));
    aft_line_code(line, overlap->event);
    aft_line_say(line, " for %s", aft_words_noun(words, (double)overlap->n_securities, "security", "securities"));
    if (windows[0] == '\0')
      aft_line_say(line, "; no window of the study contains it. ");
    else {
      aft_line_say(line, ": what is measured over %s for ", windows);
      aft_line_code(line, overlap->event);
      aft_line_say(line, " contains that day and cannot be credited to ");
      aft_line_code(line, overlap->event);
      aft_line_say(line, " alone. ");
    }
  }
  if (overlaps->len > MOST_OVERLAPS)
    aft_line_say(line, "There are %s more such pairs.", aft_words_count(words, overlaps->len - MOST_OVERLAPS));
}

/* What the expected return rests on, and what would make it wrong. */
static aft_line *say_yardstick(aft_story *story, aft_block *list, double longest) {
  enum aft_model_regressors kind = aft_story_regressors(story, story->model);
  const char *sessions = aft_words_noun(&story->words, longest, "session", "sessions");
  if (!aft_story_is_fitted(story, story->model)) {
    aft_line *line = add_point(list, "The yardstick is an assumption.");
    aft_line_say(
        line,
        "Every security is expected to return what its benchmark returns; where its ordinary link is weaker or "
        "stronger, the abnormal return is wrong by that much. The size of ordinary deviations rests on at most "
        "%s %s each event.",
        sessions, aft_story_where(story));
    return line;
  }
  aft_line *line = add_point(list, "The yardstick is an estimate.");
  aft_line_say(line,
               "What is \xE2\x80\x9C"
               "expected\xE2\x80\x9D rests on at most %s %s each event; if a security's %s was another on the days of "
               "the event, its abnormal return is wrong by that much.",
               sessions, aft_story_where(story),
               kind == AFT_REGRESSORS_NONE     ? "mean return"
               : kind == AFT_REGRESSORS_MARKET ? "link to the benchmark"
               : kind == AFT_REGRESSORS_DONORS ? "likeness to its donors"
                                               : "link to the factors");
  if (kind == AFT_REGRESSORS_NONE)
    aft_line_say(line, " There is no benchmark: what moved the whole market that day is in the abnormal return.");
  return line;
}

/* Securities fitted on fewer sessions than the longest fit of the model. */
static void warn_estimation(aft_story *story, aft_block *list) {
  const aft_facts *facts = story->facts;
  const aft_table *fits = &facts->fits_table;
  aft_words *words = &story->words;
  double longest = 0;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (int pass = 0; pass < 2; pass++) {
    for (size_t row = 0; row < fits->n_rows; row++) {
      if (strcmp(aft_facts_text(fits, row, "model"), story->model) != 0) continue;
      double n = aft_facts_number(fits, row, "n_obs");
      if (pass == 0 && n > longest) longest = n;
      if (pass == 0 || !(n < longest)) continue;
      const char *text = aft_words_format(words, "%s in %s (%s)", aft_facts_text(fits, row, "symbol"),
                                          aft_facts_text(fits, row, "event"), aft_words_count(words, n));
      g_ptr_array_add(named, (gpointer)(guintptr)text);
    }
  }
  if (longest == 0) return;
  aft_line *line = say_yardstick(story, list, longest);
  if (named->len > 0) aft_line_say(line, " Fitted on fewer: %s.", aft_words_join(words, named, MOST_NAMES));
  if (aft_story_regressors(story, story->model) == AFT_REGRESSORS_MARKET && facts->market[0] != '\0')
    aft_line_say(
        line,
        " If the benchmark %s contains the securities themselves, part of their move is in the yardstick, and the "
        "abnormal "
        "returns are too small in size.",
        facts->market);
}

static void warn_missing(aft_story *story, aft_block *list) {
  static const char *const missing_too[] = {[AFT_REGRESSORS_NONE] = "",
                                            [AFT_REGRESSORS_MARKET] = ", or of the benchmark,",
                                            [AFT_REGRESSORS_BENCHMARK] = ", or of its benchmark,",
                                            [AFT_REGRESSORS_FACTORS] = ", or a factor,",
                                            [AFT_REGRESSORS_DONORS] = ", or of a donor with weight,"};
  const aft_facts *facts = story->facts;
  const aft_table *car = &facts->car_table;
  aft_words *words = &story->words;
  size_t n_missing = 0;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (size_t row = 0; row < car->n_rows; row++) {
    if (strcmp(aft_facts_text(car, row, "model"), story->model) != 0 || !isnan(aft_facts_number(car, row, "car")))
      continue;
    const char *text = "";
    if (n_missing++ < MOST_NAMES) /* the others are only counted */
      text = aft_words_format(words, "%s in %s over %s", aft_facts_text(car, row, "symbol"),
                              aft_facts_text(car, row, "event"), aft_words_window(words, aft_facts_window(car, row)));
    g_ptr_array_add(named, (gpointer)(guintptr)text);
  }
  if (n_missing == 0 && facts->drops->len == 0) {
    aft_line *line = add_point(list, "Nothing is missing.");
    aft_line_say(line, "No event was dropped, and every used event has a return on every day of every window.");
    return;
  }
  aft_line *line = add_point(list, "Not every event is in every number.");
  for (guint i = 0; i < facts->drops->len; i++) {
    const aft_fact_drop *drop = &g_array_index(facts->drops, aft_fact_drop, i);
    aft_line_say(line, "%s dropped%s%s: %s", aft_words_noun(words, drop->n, "event was", "events were"),
                 drop->model[0] == '\0' ? "" : " by the model ", drop->model[0] == '\0' ? "" : drop->model,
                 drop->reason);
    if (drop->events->len > 0) aft_line_say(line, " (%s)", aft_words_join(words, drop->events, MOST_NAMES));
    aft_line_say(line, ". ");
  }
  if (n_missing > 0)
    aft_line_say(line, "A CAR is missing where a return of its window%s is missing: %s. ",
                 missing_too[aft_story_regressors(story, story->model)], aft_words_join(words, named, MOST_NAMES));
  aft_line_say(line, "N beside a number says how many events are in it.");
}

/* A t that no 5 % level of a sample of more than a few events reaches. */
#define FIRM_T 3.0

/* The sample's mean over the main window with any one event left out. */
static void warn_influence(aft_story *story, aft_block *list) {
  const aft_table *table = &story->facts->influence_table;
  aft_words *words = &story->words;
  g_autofree char *first = g_strdup_printf("%d", story->window.first),
                  *last = g_strdup_printf("%d", story->window.last);
  static const char *const names[] = {"model", "group", "first", "last"};
  const char *const values[] = {story->model, story->sample, first, last};
  size_t row = aft_facts_find_row(table, 0, G_N_ELEMENTS(values), names, values);
  if (row == table->n_rows) return;
  double low = aft_facts_number(table, row, "caar_min"), high = aft_facts_number(table, row, "caar_max");
  double t_low = aft_facts_number(table, row, "t_min"), t_high = aft_facts_number(table, row, "t_max");
  bool firm = low * high > 0 && (t_low > FIRM_T || t_high < -FIRM_T);
  aft_line *line = add_point(list, firm ? "No single event carries the mean." : "One event can carry a mean.");
  aft_line_say(line, "Without %s in ", aft_facts_text(table, row, "most_influential_symbol"));
  aft_line_code(line, aft_facts_text(table, row, "most_influential_event"));
  aft_line_say(line, " the mean CAR %s would be %s. Whichever one event is left out, it lies between %s and %s",
               aft_words_over(words, story->window, false),
               aft_words_signed_percent(words, aft_facts_number(table, row, "caar_without")),
               aft_words_signed_percent(words, low), aft_words_signed_percent(words, high));
  if (!isnan(t_low) && !isnan(t_high))
    aft_line_say(line, ", its cross-sectional t between %s and %s", aft_words_fixed(words, t_low, 2),
                 aft_words_fixed(words, t_high, 2));
  aft_line_say(line, low < 0 && high > 0 ? ": its sign hangs on one event." : ".");
}

/* Options that are not the usual ones: what they do to the numbers. */
static void warn_options(aft_story *story, aft_block *list) {
  const aft_facts *facts = story->facts;
  bool skips = strcmp(facts->missing, "skip") == 0, zeroes = strcmp(facts->missing, "zero") == 0;
  bool by_date = strcmp(facts->kp_align, "calendar") == 0, by_day = strcmp(facts->kp_align, "event_time") == 0;
  if (!skips && !zeroes && !by_date && !by_day && !facts->no_forecast_error) return;
  aft_line *line = add_point(list, "Conventions of this study.");
  if (facts->no_forecast_error)
    aft_line_say(
        line,
        " Variances leave out the error of the estimated coefficients, so t is too large, the more the longer the "
        "window.");
  if (skips)
    aft_line_say(
        line,
        " A CAR is the sum of the days that a security has; a missing one is left out of it and of its variance.");
  if (zeroes) aft_line_say(line, " A missing abnormal return counts as 0 in a CAR and with its usual variance.");
  if (by_date)
    aft_line_say(line,
                 " The mean correlation of events counts every pair alike, also of events whose windows never meet.");
  if (by_day)
    aft_line_say(line,
                 " The mean correlation of events pairs equal days before the event; with different dates it measures "
                 "nothing that the adjusted tests need.");
}

static void warn_multiplicity(aft_story *story, aft_block *list) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  size_t n = 0;
  for (size_t row = 0; row < tests->n_rows; row++)
    if (!isnan(aft_facts_number(tests, row, "p_value"))) n++;
  if (n < 2) return;
  aft_line *line = add_point(list, "Many tests were made.");
  aft_line_say(
      line,
      "The folder holds %s p-values; were no effect anywhere, about %s would still be below %s. %s correction covers "
      "the windows of one sample, model and test, and nothing beyond. Choose the sample, the window and the test before "
      "looking.",
      aft_words_count(words, (double)n), aft_words_count(words, round((double)n * story->alpha)),
      aft_words_fixed(words, story->alpha, 2), aft_story_adjustment(story)->owner);
}

static void warn_causes(aft_story *story, aft_block *list) {
  aft_line *line = add_point(list, "Timing does not show a cause.");
  aft_line_say(
      line, "An abnormal return says that a security moved on a session beyond what its model expects. That the story "
            "moved it is a "
            "conclusion of the reader: whatever else became public between the close before and the close of that "
            "session is in the "
            "same number.");
  if (aft_story_has_focus(story))
    aft_line_say(line, " If %s or its day was chosen because the move was large, its p-value overstates the evidence.",
                 story->facts->focus.symbol);
}

static void list_warnings(aft_story *story) {
  const GPtrArray *warnings = story->facts->warnings;
  if (warnings->len == 0) return;
  aft_line_say(aft_document_add_paragraph(story->document),
               "The run gave %s:", aft_words_noun(&story->words, warnings->len, "warning", "warnings"));
  aft_block *list = aft_document_add_list(story->document);
  for (guint i = 0; i < warnings->len && i < MOST_WARNINGS; i++)
    aft_line_say(aft_block_add_item(list), "%s", (const char *)g_ptr_array_index(warnings, i));
  if (warnings->len > MOST_WARNINGS)
    aft_line_say(aft_block_add_item(list), "%s more; all are in result.json.",
                 aft_words_count(&story->words, warnings->len - MOST_WARNINGS));
}

void aft_story_tell_care(aft_story *story) {
  aft_document_add_heading(story->document, "care", "What to be careful about");
  aft_block *list = aft_document_add_list(story->document);
  warn_few(story, list);
  warn_dates(story, list);
  warn_overlap(story, list);
  if (aft_story_has_markets(story)) aft_story_warn_markets(add_point(list, "Exchanges keep different hours."));
  warn_stamps(story, list);
  warn_estimation(story, list);
  warn_missing(story, list);
  warn_influence(story, list);
  warn_options(story, list);
  warn_multiplicity(story, list);
  warn_causes(story, list);
  list_warnings(story);
}
