/* Models in words: their names, what each measures a return against, and what it fits. */
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_FACTORS = 8 };

/* Titles that begin with a common noun, which only a table's cell writes with a capital letter. */
static const char *const common_nouns[] = {"constant_mean", "comparison_mean", "market_adjusted",
                                           "benchmark",     "market_model",    "trade_to_trade",
                                           "factors",       "bisquare",        "synthetic_control"};

const char *aft_story_model(aft_story *story, const char *model) {
  const char *title = aft_facts_model_title(story->facts, model), *kind = aft_facts_model_kind(story->facts, model);
  g_autofree char *name = g_strdup(title);
  for (size_t i = 0; i < G_N_ELEMENTS(common_nouns); i++)
    if (strcmp(common_nouns[i], kind) == 0) name[0] = g_ascii_tolower(name[0]);
  bool is_complete = strstr(name, "model") != NULL || strcmp(kind, "capm") == 0;
  return aft_words_format(&story->words, "%s%s", name, is_complete ? "" : " model");
}

enum aft_model_regressors aft_story_regressors(const aft_story *story, const char *model) {
  const aft_model *known = aft_model_find(aft_facts_model_kind(story->facts, model));
  return known == NULL ? AFT_REGRESSORS_MARKET : known->regressors;
}

bool aft_story_is_fitted(const aft_story *story, const char *model) {
  const aft_model *known = aft_model_find(aft_facts_model_kind(story->facts, model));
  return known == NULL || known->estimates_mean || known->regressors == AFT_REGRESSORS_DONORS;
}

/* The terms of the model's first fit without the constant: "mkt_rf, smb and hml"; "" when the folder has none. */
static const char *list_factors(aft_story *story, const char *model) {
  const aft_table *terms = &story->facts->coefficients_table;
  static const char *const names[] = {"model", "event", "symbol"};
  size_t at = aft_facts_find_row(terms, 0, 1, names, &model);
  if (at == terms->n_rows) return "";
  const char *values[] = {model, aft_facts_text(terms, at, "event"), aft_facts_text(terms, at, "symbol")};
  g_autoptr(GPtrArray) factors = g_ptr_array_new();
  for (; at < terms->n_rows; at = aft_facts_find_row(terms, at + 1, 3, names, values)) {
    const char *term = aft_facts_text(terms, at, "term");
    if (strcmp(term, "alpha") != 0) g_ptr_array_add(factors, (gpointer)(guintptr)term);
  }
  return factors->len == 0 ? "" : aft_words_join(&story->words, factors, MOST_FACTORS);
}

const char *aft_story_yardstick(aft_story *story, const char *model) {
  enum aft_model_regressors kind = aft_story_regressors(story, model);
  if (kind == AFT_REGRESSORS_FACTORS) {
    const char *factors = list_factors(story, model);
    return factors[0] == '\0' ? "the study's factors" : aft_words_format(&story->words, "factors %s", factors);
  }
  const aft_fact_model *known = aft_facts_find_model(story->facts, model);
  if (kind == AFT_REGRESSORS_BENCHMARK)
    return known == NULL || known->benchmark[0] == '\0' ? "benchmark of each security" : known->benchmark;
  if (kind == AFT_REGRESSORS_DONORS) return "a weighted mean of donors";
  const char *market = story->facts->market;
  if (kind == AFT_REGRESSORS_NONE || market[0] == '\0') return "no benchmark";
  return aft_words_format(&story->words, "benchmark %s", market);
}

aft_fact_window aft_story_window(const aft_story *story) {
  const aft_fact_model *known = aft_facts_find_model(story->facts, story->model);
  return known == NULL ? story->facts->estimation : known->window;
}

const char *aft_story_windows(aft_story *story) {
  const aft_facts *facts = story->facts;
  bool is_shared = true;
  for (guint i = 0; i < facts->models->len; i++) {
    aft_fact_window own = g_array_index(facts->models, aft_fact_model, i).window;
    if (own.first != facts->estimation.first || own.last != facts->estimation.last) is_shared = false;
  }
  return aft_words_format(&story->words, "%s%s", aft_words_window(&story->words, facts->estimation),
                          is_shared ? "" : " or the model's own window");
}

const char *aft_story_where(const aft_story *story) { return aft_story_window(story).last < 0 ? "before" : "around"; }

const char *aft_story_returned(aft_story *story, double value, double simple) {
  aft_words *words = &story->words;
  if (!story->facts->is_log) return aft_words_format(words, "returned %s", aft_words_signed_percent(words, value));
  return aft_words_format(words, "had a log return of %s (simple return %s)", aft_words_signed_percent(words, value),
                          aft_words_signed_percent(words, simple));
}

const char *aft_story_no_statistic(double standard_error) {
  return standard_error == 0 ? "Its model leaves no variance in the estimation window (a price that did not move does "
                               "that), so there is no t and no p-value."
                             : "There is no t and no p-value.";
}

const char *aft_story_basis(aft_story *story) {
  const aft_facts *facts = story->facts;
  return aft_words_format(
      &story->words, "%s, %s returns, %s; estimation window %s, at least %s",
      aft_facts_model_title(facts, story->model), facts->returns[0] == '\0' ? "simple" : facts->returns,
      aft_story_yardstick(story, story->model), aft_words_window(&story->words, aft_story_window(story)),
      aft_words_noun(&story->words, facts->min_obs, "session", "sessions"));
}
