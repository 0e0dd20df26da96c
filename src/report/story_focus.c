/* Section about the focus security: its move, what was expected of it, and what is left. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_DAYS = 5, MOST_STORIES = 8 };

/* The return after the two closes, which give it only when no split, dividend or adjustment lies between them. */
static void say_return(aft_story *story, aft_line *line, bool has_closes) {
  const aft_fact_focus *focus = &story->facts->focus;
  aft_words *words = &story->words;
  const char *kind = story->facts->is_log ? "log return" : "return";
  if (!has_closes) {
    aft_line_say(line, " %s", aft_story_returned(story, focus->realised, focus->simple));
    return;
  }
  if (focus->price_matches)
    aft_line_say(line, ": a %s of ", kind);
  else
    aft_line_say(line, ". Its %s for that session, which includes splits and dividends, was ", kind);
  aft_line_say(line, "%s", aft_words_signed_percent(words, focus->realised));
  if (story->facts->is_log) aft_line_say(line, " (simple return %s)", aft_words_signed_percent(words, focus->simple));
}

static void tell_prices(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  aft_words *words = &story->words;
  bool has_closes = !isnan(focus->close) && !isnan(focus->previous_close);
  if (!has_closes && isnan(focus->realised)) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  if (has_closes)
    aft_line_say(line, "%s closed at %s on %s, after %s on %s", focus->symbol, aft_words_price(words, focus->close),
                 focus->session, aft_words_price(words, focus->previous_close),
                 focus->previous_session[0] == '\0' ? "the session before" : focus->previous_session);
  else
    aft_line_say(line, "On %s, %s", focus->session, focus->symbol);
  if (!isnan(focus->realised)) say_return(story, line, has_closes);
  if (!isnan(focus->market_return) && focus->market[0] != '\0')
    aft_line_say(line, "; the benchmark %s %s", focus->market,
                 aft_story_returned(story, focus->market_return, focus->market_simple));
  aft_line_say(line, ".");
}

/* ": beta = 2.697 (standard error 0.210)"; the constant only where it is all there is. */
static void say_coefficients(aft_story *story, aft_line *line) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *terms = &story->facts->coefficients_table;
  aft_words *words = &story->words;
  static const char *const names[] = {"model", "event", "symbol"};
  const char *values[] = {story->model, focus->event, focus->symbol};
  bool is_mean = aft_story_regressors(story, story->model) == AFT_REGRESSORS_NONE, is_first = true;
  for (size_t at = aft_facts_find_row(terms, 0, 3, names, values); at < terms->n_rows;
       at = aft_facts_find_row(terms, at + 1, 3, names, values)) {
    const char *term = aft_facts_text(terms, at, "term");
    double estimate = aft_facts_number(terms, at, "estimate"), error = aft_facts_number(terms, at, "standard_error");
    bool is_beta = strcmp(term, "market") == 0;
    if (strcmp(term, "alpha") == 0 && !is_mean) continue;
    aft_line_say(line, "%s%s = %s", is_first ? ": " : ", ",
                 is_mean   ? "mean return"
                 : is_beta ? "beta"
                           : term,
                 is_mean ? aft_words_signed_percent(words, estimate) : aft_words_fixed(words, estimate, 3));
    if (!isnan(error))
      aft_line_say(line, " (standard error %s)",
                   is_mean ? aft_words_percent(words, error) : aft_words_fixed(words, error, 3));
    is_first = false;
  }
}

/* What was fitted on which sessions, and how far ordinary days stray from it. */
static void tell_fit(aft_story *story) {
  const aft_facts *facts = story->facts;
  const aft_fact_focus *focus = &facts->focus;
  aft_words *words = &story->words;
  size_t row = aft_story_find_fit(story, story->model, focus->event, focus->symbol);
  if (row == facts->fits_table.n_rows) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  const char *sessions =
      aft_words_format(words, "%s, from %s to %s",
                       aft_words_noun(words, aft_facts_number(&facts->fits_table, row, "n_obs"), "session", "sessions"),
                       aft_facts_text(&facts->fits_table, row, "first_session"),
                       aft_facts_text(&facts->fits_table, row, "last_session"));
  if (!aft_story_is_fitted(story, story->model)) {
    aft_line_say(line,
                 "The %s has nothing to fit: it expects the return of the %s. Over %s the residual standard deviation "
                 "was %s a session.",
                 aft_story_model(story, story->model), aft_story_yardstick(story, story->model), sessions,
                 aft_words_percent(words, aft_facts_number(&facts->fits_table, row, "sigma")));
    return;
  }
  aft_line_say(line, "The %s was fitted on %s", aft_story_model(story, story->model), sessions);
  say_coefficients(story, line);
  /* Without a regressor there is nothing that could explain a part of the variance. */
  double r_squared = aft_story_regressors(story, story->model) == AFT_REGRESSORS_NONE
                         ? (double)NAN
                         : aft_facts_number(&facts->fits_table, row, "r_squared");
  aft_line_say(line, "; residual standard deviation %s a session",
               aft_words_percent(words, aft_facts_number(&facts->fits_table, row, "sigma")));
  if (!isnan(r_squared)) aft_line_say(line, ", R\xC2\xB2 = %s", aft_words_fixed(words, r_squared, 3));
  aft_line_say(line, ".");
}

static void tell_day(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *days = &story->facts->abnormal_table;
  aft_words *words = &story->words;
  size_t row = aft_story_find_day(story, story->model, focus->event, focus->symbol, 0);
  if (row == days->n_rows || isnan(aft_facts_number(days, row, "abnormal"))) return;
  double p = aft_facts_number(days, row, "p_value");
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "For that session the model expected %s%s; ", story->facts->is_log ? "a log return of " : "",
               aft_words_signed_percent(words, aft_facts_number(days, row, "expected")));
  aft_line_strong(line, aft_words_format(words, "the abnormal return is %s",
                                         aft_words_signed_percent(words, aft_facts_number(days, row, "abnormal"))));
  if (isnan(aft_facts_number(days, row, "statistic"))) {
    aft_line_say(line, ". %s", aft_story_no_statistic(aft_facts_number(days, row, "standard_error")));
    return;
  }
  aft_line_say(line, " (standard error %s, t" AFT_NBSP "=" AFT_NBSP "%s, %s).",
               aft_words_percent(words, aft_facts_number(days, row, "standard_error")),
               aft_words_fixed(words, aft_facts_number(days, row, "statistic"), 2), aft_words_p(words, p));
  if (isnan(p)) return;
  aft_line_say(line, p < story->alpha
                         ? " An ordinary day of this security seldom strays that far from the model."
                         : " Ordinary days of this security stray that far from the model often enough: by itself "
                           "this is no "
                           "evidence of a reaction.");
}

/* Days of the focus event's window that stand out one by one, against the number that chance alone would give. */
static void tell_other_days(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *days = &story->facts->abnormal_table;
  aft_words *words = &story->words;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  size_t n_days = 0;
  for (int day = story->facts->event_window.first; day <= story->facts->event_window.last; day++) {
    size_t row = aft_story_find_day(story, story->model, focus->event, focus->symbol, day);
    if (row == days->n_rows || isnan(aft_facts_number(days, row, "p_value"))) continue;
    n_days++;
    if (!(aft_facts_number(days, row, "p_value") < story->alpha)) continue;
    const char *text =
        aft_words_format(words, "%s (%s) with %s", aft_facts_text(days, row, "session"), aft_words_day(words, day),
                         aft_words_signed_percent(words, aft_facts_number(days, row, "abnormal")));
    g_ptr_array_add(named, (gpointer)(guintptr)text);
  }
  if (n_days < 2) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  double level = round(story->alpha * 1e6) / 1e4;
  const aft_fact_window window = story->facts->event_window;
  /* Days without a return of the security or of what it is measured against have no abnormal return. */
  const char *which = (double)n_days < window.last - window.first + 1 ? " with an abnormal return" : "";
  if (named->len == 0) {
    aft_line_say(line, "None of the %zu days of the event window%s stands out at the %s" AFT_NBSP "%% level.", n_days,
                 which, aft_words_degrees(words, level));
    return;
  }
  aft_line_say(line,
               "Of the %zu days of the event window%s, %s at the %s" AFT_NBSP "%% level: %s. Chance alone would give "
               "about %s.",
               n_days, which, aft_words_noun(words, named->len, "stands out", "stand out"),
               aft_words_degrees(words, level), aft_words_join(words, named, MOST_DAYS),
               aft_words_fixed(words, (double)n_days * story->alpha, 1));
}

/* Whether the sign depends on the model. */
static void compare_models(aft_story *story) {
  const aft_facts *facts = story->facts;
  const aft_table *car = &facts->car_table;
  aft_words *words = &story->words;
  g_autoptr(GPtrArray) named = g_ptr_array_new();
  size_t n_positive = 0, n_negative = 0;
  for (guint m = 0; m < facts->models->len; m++) {
    const char *model = g_array_index(facts->models, aft_fact_model, m).name;
    size_t row = aft_story_find_car(story, model, facts->focus.event, facts->focus.symbol, story->window);
    double value = row == car->n_rows ? (double)NAN : aft_facts_number(car, row, "car");
    if (isnan(value)) continue;
    if (value > 0) n_positive++;
    if (value < 0) n_negative++;
    const char *text = aft_words_format(words, "%s under the %s", aft_words_signed_percent(words, value),
                                        aft_story_model(story, model));
    g_ptr_array_add(named, (gpointer)(guintptr)text);
  }
  if (named->len < 2) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_say(line, "%s the CAR is %s. %s", aft_words_over(words, story->window, true),
               aft_words_join(words, named, 8),
               n_positive == 0 || n_negative == 0 ? "The sign does not depend on the model."
                                                  : "The sign depends on the model: the finding is not robust.");
}

/* Other stories that move the same security: what it did on their session. */
static void tell_other_stories(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *days = &story->facts->abnormal_table;
  aft_words *words = &story->words;
  aft_block *list = NULL;
  int n = 0;
  for (guint i = 0; i < story->events->len && n < MOST_STORIES; i++) {
    const aft_told_event *told = &g_array_index(story->events, aft_told_event, i);
    if (told->is_repeat || strcmp(told->event, focus->event) == 0) continue;
    size_t row = aft_story_find_day(story, story->model, told->event, focus->symbol, 0);
    if (row == days->n_rows || isnan(aft_facts_number(days, row, "abnormal"))) continue;
    if (list == NULL) {
      aft_line_say(aft_document_add_paragraph(story->document),
                   "On the sessions of the other stories, %s moved like this:", focus->symbol);
      list = aft_document_add_list(story->document);
    }
    double p = aft_facts_number(days, row, "p_value");
    aft_line *line = aft_block_add_item(list);
    aft_line_code(line, told->event);
    aft_line_say(line, ", %s: abnormal return %s (t" AFT_NBSP "=" AFT_NBSP "%s, %s)%s.",
                 aft_facts_text(days, row, "session"),
                 aft_words_signed_percent(words, aft_facts_number(days, row, "abnormal")),
                 aft_words_fixed(words, aft_facts_number(days, row, "statistic"), 2), aft_words_p(words, p),
                 isnan(p)           ? ""
                 : p < story->alpha ? ", beyond the noise of ordinary days"
                                    : ", within the noise of ordinary days");
    n++;
  }
}

static void add_price_chart(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  aft_words *words = &story->words;
  const char *alt = aft_words_format(
      words,
      "Price of %s and of the benchmark around %s: the %sreturn of %s was %s that day, that of the "
      "benchmark %s.",
      focus->symbol, focus->session, story->facts->is_log ? "log " : "", focus->symbol,
      aft_words_signed_percent(words, focus->realised), aft_words_signed_percent(words, focus->market_return));
  aft_line *caption = aft_story_add_chart(story, "price", alt);
  if (caption != NULL)
    aft_line_say(caption, "Price of %s around the event, with the benchmark%s.", focus->symbol,
                 story->facts->n_articles > 0 ? " and the articles' sessions" : "");
}

/* "The CAR on day 0 is -13.21 %, t = -5.05.": the main window under a model. */
static const char *describe_car(aft_story *story, const char *model) {
  const aft_table *car = &story->facts->car_table;
  aft_words *words = &story->words;
  const char *over = aft_words_over(words, story->window, false);
  size_t row = aft_story_find_car(story, model, story->facts->focus.event, story->facts->focus.symbol, story->window);
  double value = row == car->n_rows ? (double)NAN : aft_facts_number(car, row, "car");
  double t = row == car->n_rows ? (double)NAN : aft_facts_number(car, row, "statistic");
  if (isnan(value)) return aft_words_format(words, "There is no CAR %s.", over);
  const char *percent = aft_words_signed_percent(words, value);
  if (isnan(t)) return aft_words_format(words, "The CAR %s is %s, without a t.", over, percent);
  return aft_words_format(words, "The CAR %s is %s, t" AFT_NBSP "=" AFT_NBSP "%s.", over, percent,
                          aft_words_fixed(words, t, 2));
}

/* The model of the chart of the fit, which is a line: the first with the terms alpha and market alone; NULL if none. */
static const char *find_line_model(const aft_story *story) {
  const aft_facts *facts = story->facts;
  const aft_table *terms = &facts->coefficients_table;
  static const char *const names[] = {"model", "event", "symbol"};
  for (guint m = 0; m < facts->models->len; m++) {
    const char *values[] = {g_array_index(facts->models, aft_fact_model, m).name, facts->focus.event,
                            facts->focus.symbol};
    size_t n_line = 0, n_all = 0;
    for (size_t at = aft_facts_find_row(terms, 0, 3, names, values); at < terms->n_rows;
         at = aft_facts_find_row(terms, at + 1, 3, names, values)) {
      const char *term = aft_facts_text(terms, at, "term");
      bool is_of_line = strcmp(term, "alpha") == 0 || strcmp(term, "market") == 0;
      n_line += is_of_line && !isnan(aft_facts_number(terms, at, "estimate"));
      n_all++;
    }
    if (n_line == 2 && n_all == 2) return values[0];
  }
  return NULL;
}

static void add_model_charts(aft_story *story) {
  aft_words *words = &story->words;
  const char *symbol = story->facts->focus.symbol, *line_model = find_line_model(story);
  if (line_model != NULL) {
    const char *alt = aft_words_format(words,
                                       "Returns of %s against the benchmark before the event with the fitted line, and "
                                       "the event day's distance from it. %s",
                                       symbol, describe_car(story, line_model));
    aft_line *caption = aft_story_add_chart(story, "fit", alt);
    if (caption != NULL)
      aft_line_say(caption, "%s of %s: estimation days, fitted line and the event day.",
                   aft_facts_model_title(story->facts, line_model), symbol);
  }
  const char *finding = describe_car(story, story->model), *model = aft_story_model(story, story->model);
  aft_line *caption = aft_story_add_chart(
      story, "abnormal",
      aft_words_format(words, "Daily abnormal returns of %s around the event with limits. %s", symbol, finding));
  if (caption != NULL) aft_line_say(caption, "Daily abnormal returns of %s under the %s.", symbol, model);
  caption = aft_story_add_chart(
      story, "car",
      aft_words_format(words, "Cumulative abnormal return of %s through the event window with bands. %s", symbol,
                       finding));
  if (caption != NULL)
    aft_line_say(
        caption,
        "Cumulative abnormal return of %s from the first day of the event window on, under the %s; the bands are "
        "for that cumulation.",
        symbol, model);
}

void aft_story_tell_focus(aft_story *story) {
  const aft_fact_focus *focus = &story->facts->focus;
  bool has_focus = aft_story_has_focus(story);
  aft_document_add_heading(story->document, "focus",
                           has_focus ? aft_words_format(&story->words, "What happened to %s", focus->symbol)
                                     : "What happened to the focus security");
  if (!has_focus) {
    aft_line_say(aft_document_add_paragraph(story->document), "The study has no usable event to follow.");
    return;
  }
  tell_prices(story);
  add_price_chart(story);
  tell_fit(story);
  tell_day(story);
  aft_story_tell_gap(story);
  add_model_charts(story);
  tell_other_days(story);
  aft_story_tell_confounders(story);
  aft_grid *grid = aft_story_grid_focus(story);
  if (aft_grid_n_rows(grid) > 0) {
    aft_document_add_grid(story->document, grid);
  } else {
    aft_grid_free(grid);
    aft_line_say(aft_document_add_paragraph(story->document),
                 "No model could be fitted to %s for this story; the reasons are listed "
                 "under \xE2\x80\x9CWhat to be careful about\xE2\x80\x9D.",
                 focus->symbol);
  }
  compare_models(story);
  tell_other_stories(story);
}
