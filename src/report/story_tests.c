/* Section "Can it be told from noise?": the tests, what each assumes, and which to trust. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { TOO_FEW_FOR_SIGNS = 5, MOST_NAMES = 8 };

static double test_p(const aft_story *story, const char *sample, const char *test, size_t *row) {
  const aft_table *tests = &story->facts->tests_table;
  *row = aft_story_find_test(story, sample, story->window, test);
  return *row == tests->n_rows ? (double)NAN : aft_facts_number(tests, *row, "p_value");
}

static double adjusted_p(const aft_story *story, size_t row) {
  const aft_table *tests = &story->facts->tests_table;
  return row == tests->n_rows ? (double)NAN : aft_facts_number(tests, row, "p_adjusted");
}

const char *aft_story_level(aft_story *story) {
  return aft_words_format(&story->words, "%s" AFT_NBSP "%%",
                          aft_words_degrees(&story->words, round(story->alpha * 1e6) / 1e4));
}

static bool is_asked(const aft_story *story, const char *test) {
  static const char *const names[] = {"test", "model"};
  const char *values[] = {test, story->model};
  const aft_table *tests = &story->facts->tests_table;
  return aft_facts_find_row(tests, 0, 2, names, values) < tests->n_rows;
}

bool aft_story_has_pair(const aft_story *story) { return is_asked(story, "bmp_kp") && is_asked(story, "grank_t"); }

static void tell_dates(aft_story *story, const aft_fact_aggregate *whole) {
  aft_words *words = &story->words;
  size_t n_sessions = aft_story_count_sessions(story, story->sample, true);
  bool is_partial = (double)aft_story_count_members(story, story->sample) > whole->n;
  const char *with_car = is_partial ? " with a CAR" : "";
  aft_line *line = aft_document_add_paragraph(story->document);
  if (n_sessions == 1) {
    aft_line_say(
        line,
        "All %s of the sample (%s)%s fall on one session. Returns of one day move together, so a test that takes the "
        "events for "
        "independent rejects far too often.",
        aft_words_noun(words, whole->n, "event", "events"), aft_words_sample(words, story->sample), with_car);
  } else {
    aft_line_say(line, "The %s of the sample (%s)%s fall on %s.", aft_words_noun(words, whole->n, "event", "events"),
                 aft_words_sample(words, story->sample), with_car,
                 aft_words_noun(words, (double)n_sessions, "session", "sessions"));
    if ((double)n_sessions < whole->n)
      aft_line_say(line,
                   " Those that share a session move together, and a test that takes them for independent rejects too "
                   "often.");
  }
  aft_line_say(line, " The pair to trust is ");
  aft_line_code(line, "bmp_kp");
  aft_line_say(line, " with ");
  aft_line_code(line, "grank_t");
  aft_line_say(
      line,
      ": both allow for events that move together and for news that makes returns vary more; the first works with "
      "sizes, "
      "the second with ranks.");
  bool has_sizes = is_asked(story, "bmp_kp"), has_ranks = is_asked(story, "grank_t");
  if (!has_sizes || !has_ranks)
    aft_line_say(line, " The study asked for %s.",
                 has_sizes   ? "the first alone"
                 : has_ranks ? "the second alone"
                             : "neither");
}

/* The statistic with its letter, "t = -1.12, "; "" for exact and resampling tests, whose statistics have no common scale. */
static const char *name_statistic(aft_story *story, size_t row) {
  const aft_table *tests = &story->facts->tests_table;
  const char *distribution = aft_facts_text(tests, row, "distribution");
  if (strcmp(distribution, "exact") == 0 || strcmp(distribution, "resample") == 0) return "";
  const char *letter = strcmp(distribution, "t") == 0 ? "t" : strcmp(distribution, "norm") == 0 ? "z" : "statistic";
  return aft_words_format(&story->words, "%s" AFT_NBSP "=" AFT_NBSP "%s, ", letter,
                          aft_words_fixed(&story->words, aft_facts_number(tests, row, "statistic"), 2));
}

/* One test in words: "bmp_kp gives t = -1.12, p = 0.275 (after Holm's correction over the windows p = 0.857)". */
static void say_test(aft_story *story, aft_line *line, const char *test, size_t row, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  aft_line_code(line, test);
  if (row == tests->n_rows) {
    aft_line_say(line, " was not asked for");
    return;
  }
  double p = aft_facts_number(tests, row, "p_value"), adjusted = aft_facts_number(tests, row, "p_adjusted");
  if (isnan(p)) {
    const char *note = aft_facts_text(tests, row, "note");
    aft_line_say(line, " is undefined (%s)", note[0] == '\0' ? "no reason recorded" : note);
    return;
  }
  aft_line_say(line, " gives %s%s", name_statistic(story, row), aft_words_p(words, p));
  double fewer = aft_story_fewer_events(story, row, whole);
  if (!isnan(fewer)) aft_line_say(line, ", N" AFT_NBSP "=" AFT_NBSP "%s", aft_words_degrees(words, fewer));
  if (!isnan(adjusted) && story->n_windows > 1)
    aft_line_say(line, " (after %s correction over the windows %s)", aft_story_adjustment(story)->owner,
                 aft_words_p(words, adjusted));
}

/* Events in a test: those of its row, or those of the sample with a CAR where the row counts something else. */
static double count_events(const aft_story *story, size_t row, const aft_fact_aggregate *whole) {
  double fewer = aft_story_fewer_events(story, row, whole);
  return isnan(fewer) ? whole->n : fewer;
}

/* Why a test counts fewer events than the mean: a CAR without a standard error above 0 cannot be standardised. */
static void say_left_out(aft_story *story, aft_line *line, double n, const aft_fact_aggregate *whole) {
  if (isnan(n)) return;
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  for (size_t row = 0; row < car->n_rows; row++) {
    aft_fact_window window = aft_facts_window(car, row);
    const char *event = aft_facts_text(car, row, "event");
    if (window.first != story->window.first || window.last != story->window.last) continue;
    if (strcmp(aft_facts_text(car, row, "model"), story->model) != 0) continue;
    if (!aft_story_is_member(story->sample, event, aft_facts_text(car, row, "group"))) continue;
    if (isnan(aft_facts_number(car, row, "car")) || aft_facts_number(car, row, "standard_error") != 0) continue;
    const char *text = aft_words_format(words, "%s in %s", aft_facts_text(car, row, "symbol"), event);
    g_ptr_array_add(named, (gpointer)(guintptr)text);
  }
  aft_line_say(line, " The mean is over %s, the tests are over fewer",
               aft_words_noun(words, whole->n, "event", "events"));
  if (named->len > 0)
    aft_line_say(line,
                 ": the model of %s has zero residual variance, so there is nothing to "
                 "standardise that CAR with",
                 aft_words_join(words, named, MOST_NAMES));
  aft_line_say(line, ".");
}

static aft_line *begin_verdict(aft_story *story, const aft_fact_aggregate *whole) {
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "%s the mean CAR is %s (N" AFT_NBSP "=" AFT_NBSP "%s).",
               aft_words_over(words, story->window, true), aft_words_signed_percent(words, whole->caar),
               aft_words_degrees(words, whole->n));
  return line;
}

/* The verdict, with a caution when n events are too few for it, and what not rejecting means. */
static void say_verdict(aft_story *story, aft_line *line, const char *verdict, double n, bool rejects) {
  aft_words *words = &story->words;
  if (n < AFT_TOO_FEW_EVENTS)
    verdict = aft_words_format(words, "%s at the %s level; with %s a test is defined but hardly meaningful.", verdict,
                               aft_story_level(story), aft_words_noun(words, n, "event", "events"));
  else
    verdict = aft_words_format(words, "%s at the %s level.", verdict, aft_story_level(story));
  aft_line_strong(line, verdict);
  if (!rejects)
    aft_line_say(line, " That is not evidence that nothing moved: it is the mean that cannot be told from zero.");
  if (n < AFT_FEW_EVENTS) {
    aft_line_say(line, " ");
    aft_story_say_few(line);
  }
}

static void tell_pair(aft_story *story, const aft_fact_aggregate *whole) {
  size_t bmp_row, grank_row;
  double bmp = test_p(story, story->sample, "bmp_kp", &bmp_row),
         grank = test_p(story, story->sample, "grank_t", &grank_row);
  aft_line *line = begin_verdict(story, whole);
  aft_line_say(line, " ");
  say_test(story, line, "bmp_kp", bmp_row, whole);
  aft_line_say(line, "; ");
  say_test(story, line, "grank_t", grank_row, whole);
  aft_line_say(line, ". ");
  if (isnan(bmp) && isnan(grank)) return;
  int n_reject = (bmp < story->alpha) + (grank < story->alpha); /* a comparison with NaN is false */
  bool both_defined = !isnan(bmp) && !isnan(grank);
  const char *verdict = n_reject == 2 ? "Both reject a mean effect of zero"
                        : n_reject == 1 && both_defined
                            ? "The evidence is mixed: only one of the two rejects a mean effect "
                              "of zero"
                        : n_reject == 1 ? "The one that is defined rejects a mean effect of zero"
                        : both_defined  ? "Neither rejects a mean effect of zero"
                                        : "The one that is defined does not reject a mean effect of zero";
  double n = fmin(isnan(bmp) ? (double)NAN : count_events(story, bmp_row, whole),
                  isnan(grank) ? (double)NAN : count_events(story, grank_row, whole)); /* fmin leaves NaN out */
  say_verdict(story, line, verdict, n, n_reject > 0);
  say_left_out(story, line,
               fmin(aft_story_fewer_events(story, bmp_row, whole), aft_story_fewer_events(story, grank_row, whole)),
               whole);
}

/*
 * The row that speaks for a study without the pair: the one of the two that there is, or else the first test of the mean that the
 * study asked for. tests.csv keeps the study's order. n_rows when there is none.
 */
static size_t find_told_test(const aft_story *story) {
  const aft_table *tests = &story->facts->tests_table;
  size_t row =
      aft_story_find_test(story, story->sample, story->window, is_asked(story, "bmp_kp") ? "bmp_kp" : "grank_t");
  if (row < tests->n_rows) return row;
  for (row = 0; row < tests->n_rows; row++) {
    aft_fact_window window = aft_facts_window(tests, row);
    if (window.first != story->window.first || window.last != story->window.last) continue;
    if (strcmp(aft_facts_text(tests, row, "group"), story->sample) != 0) continue;
    if (strcmp(aft_facts_text(tests, row, "model"), story->model) != 0) continue;
    const aft_known_test *known = aft_story_known_test(aft_facts_text(tests, row, "test"));
    if (known != NULL && known->about_mean) break;
  }
  return row;
}

/* The verdict of a study that did not ask for the pair: that of one test, with what it takes for granted. */
static void tell_one_test(aft_story *story, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  aft_line *line = begin_verdict(story, whole);
  size_t row = find_told_test(story);
  if (row == tests->n_rows) {
    aft_line_say(line, " The study asked for no test of that mean.");
    return;
  }
  const char *test = aft_facts_text(tests, row, "test");
  const aft_known_test *known = aft_story_known_test(test);
  double p = aft_facts_number(tests, row, "p_value");
  aft_line_say(line, " ");
  say_test(story, line, test, row, whole);
  aft_line_say(line, ". ");
  if (isnan(p)) return;
  bool rejects = p < story->alpha;
  say_verdict(story, line, rejects ? "It rejects a mean effect of zero" : "It does not reject a mean effect of zero",
              count_events(story, row, whole), rejects);
  if (!known->holds_one_date || !known->holds_variance) aft_line_say(line, " The test assumes: %s.", known->assumes);
  say_left_out(story, line, aft_story_fewer_events(story, row, whole), whole);
}

struct tally {
  int n, reject;
};

/* How the tests divide over the sample and main window: those that hold on a common date against those that do not. */
static void compare_kinds(aft_story *story, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  struct tally naive = {0}, robust = {0};
  for (size_t row = 0; row < tests->n_rows; row++) {
    aft_fact_window window = aft_facts_window(tests, row);
    if (window.first != story->window.first || window.last != story->window.last) continue;
    if (strcmp(aft_facts_text(tests, row, "group"), story->sample) != 0) continue;
    if (strcmp(aft_facts_text(tests, row, "model"), story->model) != 0) continue;
    const aft_known_test *known = aft_story_known_test(aft_facts_text(tests, row, "test"));
    double p = aft_facts_number(tests, row, "p_value");
    if (known == NULL || !known->about_mean || isnan(p)) continue;
    bool holds = known->holds_one_date && known->holds_variance;
    struct tally *kind = holds ? &robust : &naive;
    kind->n++;
    if (p < story->alpha) kind->reject++;
  }
  if (naive.n == 0 || robust.n == 0) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line,
               "%s, of the %s independent events or an unchanged variance, %s at the %s level; of the %s neither, %s.",
               aft_words_over(words, story->window, true),
               aft_words_noun(words, naive.n, "test that assumes", "tests that assume"),
               aft_words_format(words, naive.reject == 1 ? "%s rejects" : "%s reject",
                                naive.reject == 0 ? "none" : aft_words_count(words, naive.reject)),
               aft_story_level(story), aft_words_noun(words, robust.n, "test that assumes", "tests that assume"),
               aft_words_format(words, robust.reject == 1 ? "%s does" : "%s do",
                                robust.reject == 0 ? "none" : aft_words_count(words, robust.reject)));
  bool shares_dates = (double)aft_story_count_sessions(story, story->sample, true) < whole->n;
  if (shares_dates && naive.reject * robust.n > robust.reject * naive.n)
    aft_line_say(line, " A surplus among the first kind is what broken assumptions produce; it should not be quoted as "
                       "evidence.");
}

double aft_story_fewer_events(const aft_story *story, size_t test_row, const aft_fact_aggregate *whole) {
  const aft_table *tests = &story->facts->tests_table;
  if (whole == NULL || test_row >= tests->n_rows || isnan(aft_facts_number(tests, test_row, "p_value")))
    return (double)NAN;
  double n = aft_facts_number(tests, test_row, "n");
  return n < whole->n ? n : (double)NAN;
}

void aft_story_say_few(aft_line *line) {
  aft_line_say(line, "With fewer than %d events ", AFT_FEW_EVENTS);
  aft_line_code(line, "grank_t");
  aft_line_say(line,
               " rejects too often (about twice the nominal rate with 5 events), and a test of signs or signed ranks "
               "cannot reject at all at the 5" AFT_NBSP "%% level with %d or fewer.",
               TOO_FEW_FOR_SIGNS);
}

static void tell_groups(aft_story *story) {
  aft_words *words = &story->words;
  g_autoptr(GPtrArray) reject = g_ptr_array_new(), strict = g_ptr_array_new(), few = g_ptr_array_new();
  for (guint i = 0; i < story->groups->len; i++) {
    const char *group = g_ptr_array_index(story->groups, i);
    const aft_fact_aggregate *row = aft_facts_find_aggregate(story->facts, story->model, group, story->window);
    if (row == NULL) continue;
    const char *name = aft_words_format(words, "%s (N" AFT_NBSP "=" AFT_NBSP "%s)", aft_story_group_name(story, group),
                                        aft_words_degrees(words, row->n));
    size_t bmp_row, grank_row;
    double bmp = test_p(story, group, "bmp_kp", &bmp_row), grank = test_p(story, group, "grank_t", &grank_row);
    if (bmp < story->alpha && grank < story->alpha) g_ptr_array_add(reject, (gpointer)(guintptr)name);
    if (adjusted_p(story, bmp_row) < story->alpha && adjusted_p(story, grank_row) < story->alpha)
      g_ptr_array_add(strict, (gpointer)(guintptr)name);
    if (row->n < AFT_FEW_EVENTS) g_ptr_array_add(few, (gpointer)(guintptr)name);
  }
  if (story->groups->len < 2) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Group by group %s, both tests reject for %s.", aft_words_over(words, story->window, false),
               reject->len == 0 ? "no group" : aft_words_join(words, reject, MOST_NAMES));
  if (reject->len > 0 && story->n_windows > 1)
    aft_line_say(line, " After %s correction over the windows they still do for %s.",
                 aft_story_adjustment(story)->owner,
                 strict->len == 0             ? "no group"
                 : strict->len == reject->len ? "the same"
                                              : aft_words_join(words, strict, MOST_NAMES));
  if (few->len > 0) {
    aft_line_say(line, " Small samples: %s. ", aft_words_join(words, few, MOST_NAMES));
    aft_story_say_few(line);
  }
}

/* A sample of which at most one event has a CAR over the main window: n_members of them could be fitted. */
static void tell_one_event(aft_story *story, double n, size_t n_members) {
  const aft_table *tests = &story->facts->tests_table;
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  const char *over = aft_words_over(words, story->window, false);
  if (n < 1) {
    aft_line_say(line, "%s of the sample (%s) %s a CAR %s, so there is nothing to test there.",
                 n_members < 2 ? "The one event" : aft_words_format(words, "None of the %zu events", n_members),
                 aft_words_sample(words, story->sample), n_members < 2 ? "lacks" : "has", over);
    return;
  }
  if (n_members < 2)
    aft_line_say(line, "The sample is one event.");
  else
    aft_line_say(line, "Only 1 of the %zu events of the sample has a CAR %s.", n_members, over);
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *car = &story->facts->car_table;
  size_t own = aft_story_find_car(story, story->model, focus->event, focus->symbol, story->window);
  bool has_t = own < car->n_rows && !isnan(aft_facts_number(car, own, "statistic"));
  bool is_other = own == car->n_rows || isnan(aft_facts_number(car, own, "car")); /* the CAR is another security's */
  aft_line_say(line, " Tests across events need at least two; what remains is the t of the security's own CAR, %s",
               is_other ? "in car.csv, which trusts normal residuals"
               : has_t  ? "given above, which trusts normal residuals"
                        : "which is undefined here");
  size_t row = aft_story_find_sample_test(story, story->window, "sq");
  if (row < tests->n_rows && !isnan(aft_facts_number(tests, row, "p_value"))) {
    aft_line_say(line, ", and the sample-quantile test ");
    aft_line_code(line, "sq");
    aft_line_say(line, ", which ranks the move among the security's own past residuals: %s",
                 aft_words_p(words, aft_facts_number(tests, row, "p_value")));
  }
  aft_line_say(line, ".");
}

void aft_story_tell_tests(aft_story *story) {
  const aft_facts *facts = story->facts;
  aft_document_add_heading(story->document, "tests", "Can it be told from noise?");
  const aft_fact_aggregate *whole = aft_facts_find_aggregate(facts, story->model, story->sample, story->window);
  if (facts->tests_table.n_rows == 0 || whole == NULL) {
    aft_line_say(aft_document_add_paragraph(story->document), "No test could be made.");
    return;
  }
  if (whole->n < 2) {
    tell_one_event(story, whole->n, aft_story_count_members(story, story->sample));
  } else {
    tell_dates(story, whole);
    bool has_pair = aft_story_has_pair(story);
    if (has_pair)
      tell_pair(story, whole);
    else
      tell_one_test(story, whole);
    if (has_pair) aft_document_add_grid(story->document, aft_story_grid_pair(story));
    compare_kinds(story, whole);
    if (has_pair) tell_groups(story);
    aft_story_tell_pairs(story);
  }
  aft_grid *grid = aft_story_grid_headline_tests(story);
  if (aft_grid_n_rows(grid) > 0)
    aft_document_add_grid(story->document, grid);
  else
    aft_grid_free(grid);
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "Every test of every sample and window is in ");
  aft_line_code(line, "tables/tests.md");
  aft_line_say(line, "; tests.csv has them for the other models too.");
}
