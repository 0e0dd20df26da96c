/* robust.md and robust.html: one event under every choice, and what all of them say together. */
#include <aftershock/report/robust.h>

#include "command_story.h"

#include <aftershock/report/report.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct story {
  command_story base;
  aft_table choices; /* row 0: all specifications */
  const json_t *robust;
  double alpha;
} story;

static bool read_story(story *s, GError **error) {
  if (!command_story_read(&s->base, "robust.json", error) ||
      !aft_table_read(&s->choices, s->base.folder, "robust_choices.csv", error))
    return false;
  s->robust = json_object_get(s->base.root, "robust");
  s->alpha = 1 - chart_json_number(json_object_get(s->base.root, "study"), "confidence");
  if (s->alpha > 0 && s->alpha < 1 && s->choices.n_rows > 0) return true;
  g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s: not a specification curve; make it again",
              s->base.folder);
  return false;
}

static double number(const story *s, size_t row, const char *column) {
  return aft_facts_number(&s->choices, row, column);
}

static const char *text(const story *s, size_t row, const char *column) {
  return aft_facts_text(&s->choices, row, column);
}

/* What is measured: "NVDA", "the average of 6 firms (chips)". */
static const char *say_subject(story *s) {
  size_t n = json_array_size(json_object_get(s->robust, "members"));
  const char *group = chart_json_text(s->robust, "group");
  if (n == 0) return chart_json_text(s->robust, "symbol");
  const char *count = aft_words_count(&s->base.words, (double)n);
  if (strcmp(group, "all") == 0) return aft_words_format(&s->base.words, "the average of %s firms", count);
  return aft_words_format(&s->base.words, "the average of %s firms (%s)", count, group);
}

static void tell_question(story *s) {
  aft_words *words = &s->base.words;
  const char *symbol = say_subject(s);
  double n = number(s, 0, "n"), defined = number(s, 0, "n_defined");
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "Does what ");
  aft_line_code(line, chart_json_text(s->robust, "event"));
  aft_line_say(line, " did to %s hang on how it is measured? The abnormal return was estimated under %s", symbol,
               aft_words_noun(words, n, "specification", "specifications"));
  if (defined < n)
    aft_line_say(line, ", of which %s are defined (the others have their reason in specifications.csv)",
                 aft_words_count(words, defined));
  aft_line_say(
      line,
      ": every combination of model, benchmark, form of the returns, estimation window, event window and "
      "session below. The median estimate is %s; %s are below zero, %s differ from zero at the %s level on the "
      "negative side and %s on the positive.",
      aft_words_signed_percent(words, number(s, 0, "median_estimate")),
      aft_words_count(words, number(s, 0, "n_negative")), aft_words_count(words, number(s, 0, "significant_negative")),
      aft_words_percent(words, s->alpha), aft_words_count(words, number(s, 0, "significant_positive")));
}

static double statistic_p(const story *s, size_t i) {
  return chart_json_number(json_array_get(json_object_get(s->robust, "statistics"), i), "p_value");
}

static void tell_conclusion(story *s) {
  aft_words *words = &s->base.words;
  double n = chart_json_number(s->robust, "placebos"), p = statistic_p(s, 0);
  aft_line *line = aft_document_add_paragraph(s->base.document);
  if (isnan(p)) {
    aft_line_strong(line, "There is no joint test: no other date of the security is clear of its events.");
    aft_line_say(line, " What single specifications say must not be counted as so many tests: they share the data.");
    return;
  }
  if (p <= s->alpha + 1e-12) {
    aft_line_strong(line, "Taken together, the specifications say that the move is no noise.");
  } else if (1 / (n + 1) > s->alpha + 1e-12) {
    aft_line_strong(line, "There are too few placebo dates for a joint test.");
  } else {
    aft_line_strong(line, "Taken together, the specifications do not tell the move from ordinary dates.");
  }
  aft_line_say(line,
               " The same specifications, fitted anew at %s, give a median t as far from zero with "
               "%s. That is one test of all of them together.",
               aft_words_noun(words, n, "placebo date", "placebo dates"), aft_words_p(words, p));
}

/* The largest median t over the sessions is the statistic: say which session it is on. */
static void tell_sessions(story *s) {
  aft_words *words = &s->base.words;
  size_t best = 0, n = 0;
  for (size_t row = 0; row < s->choices.n_rows; row++) {
    if (strcmp(text(s, row, "axis"), "session") != 0 || isnan(number(s, row, "median_statistic"))) continue;
    if (n++ == 0 || fabs(number(s, row, "median_statistic")) > fabs(number(s, best, "median_statistic"))) best = row;
  }
  if (n < 2) return;
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(
      line,
      "The event may lie on %s sessions. They are rivals, not variants of one measurement: the joint test takes the one "
      "where the median t is largest, for each placebo date too, and so pays for the choice. Here that is %s, with a median of %s "
      "and a median t of %s. Windows around neighbouring sessions share days, so a neighbour may come out on top.",
      aft_words_count(words, (double)n), text(s, best, "choice"),
      aft_words_signed_percent(words, number(s, best, "median_estimate")),
      aft_words_fixed(words, number(s, best, "median_statistic"), 2));
}

static void tell_chart(story *s) {
  g_autofree char *path = g_build_filename(s->base.folder, "charts", "specification.png", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line *line = aft_document_add_figure(s->base.document, "charts/specification.png", CHART_WIDTH, CHART_HEIGHT,
                                           "Every specification by its estimate, above the choices that make it");
  aft_line_say(
      line,
      "Each column is one specification: its estimate with its limits on top, its choices below. On the right the "
      "median of the specifications with a choice, and the joint p-value of these alone.");
}

static void tell_choices(story *s) {
  static const char *const titles[] = {"Specifications", "Below zero", "Significant",
                                       "Median, %",      "Median t",   "Joint p"};
  aft_words *words = &s->base.words;
  aft_document_add_heading(s->base.document, "choices", "What each choice does");
  aft_grid *grid = aft_grid_new("choices", "Specifications that share a choice");
  aft_grid_add_column(grid, "Of", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Choice", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) aft_grid_add_column(grid, titles[i], AFT_COLUMN_NUMBER);
  for (size_t row = 0; row < s->choices.n_rows; row++) {
    double significant = number(s, row, "significant_negative") + number(s, row, "significant_positive");
    double median = number(s, row, "median_estimate"), t = number(s, row, "median_statistic"),
           p = number(s, row, "p_value");
    aft_grid_add(grid, text(s, row, "axis"));
    aft_grid_add(grid, text(s, row, "choice"));
    aft_grid_add(grid, aft_words_count(words, number(s, row, "n_defined")));
    aft_grid_add(grid, aft_words_count(words, number(s, row, "n_negative")));
    aft_grid_add(grid, aft_words_count(words, significant));
    aft_grid_add(grid, isnan(median) ? AFT_NO_VALUE : aft_words_hundredths(words, median));
    aft_grid_add(grid, isnan(t) ? AFT_NO_VALUE : aft_words_fixed(words, t, 2));
    aft_grid_add(grid, isnan(p) ? AFT_NO_VALUE : aft_words_p_cell(words, p));
  }
  aft_grid_add_note(
      grid,
      "The joint p of a choice is that of the specifications with it alone, not corrected for the number of rows. A "
      "model without a benchmark stands under no benchmark.");
  aft_document_add_grid(s->base.document, grid);
}

static void tell_statistics(story *s) {
  static const char *const meanings[] = {"median t, in size", "share significant with one sign", "mean t, in size"};
  aft_words *words = &s->base.words;
  const json_t *list = json_object_get(s->robust, "statistics");
  aft_document_add_heading(s->base.document, "joint", "The joint test");
  aft_grid *grid = aft_grid_new("joint", "The event against its placebo dates, by three summaries of the curve");
  aft_grid_add_column(grid, "Statistic", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Meaning", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "Event", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "p", AFT_COLUMN_NUMBER);
  for (size_t i = 0; i < G_N_ELEMENTS(meanings) && i < json_array_size(list); i++) {
    const json_t *row = json_array_get(list, i);
    double p = chart_json_number(row, "p_value");
    aft_grid_add(grid, chart_json_text(row, "name"));
    aft_grid_add(grid, meanings[i]);
    aft_grid_add(grid, aft_words_fixed(words, chart_json_number(row, "value"), 2));
    aft_grid_add(grid, isnan(p) ? AFT_NO_VALUE : aft_words_p_cell(words, p));
  }
  aft_grid_add_note(
      grid, "The first is the headline, fixed beforehand; do not choose the smallest of the three. Each is the largest "
            "over the sessions on which the event may lie.");
  aft_document_add_grid(s->base.document, grid);
}

static void tell_limits(story *s) {
  aft_words *words = &s->base.words;
  double n = chart_json_number(s->robust, "placebos");
  aft_document_add_heading(s->base.document, "limits", "What this cannot show");
  aft_block *list = aft_document_add_list(s->base.document);
  aft_line_say(
      aft_block_add_item(list),
      "A choice that is wrong counts as much as one that is right. Leave out of the study's key robust what nobody would defend.");
  aft_line_say(
      aft_block_add_item(list),
      "Specifications share their data: many significant ones are not so many confirmations. The joint p-value alone "
      "takes that into account.");
  aft_line_say(
      aft_block_add_item(list),
      "Placebo dates near each other share returns, so %s of them are worth fewer independent ones; they are dates without an "
      "event of this study, but not without news. The smallest p they can give is %s.",
      aft_words_count(words, n), aft_words_p_cell(words, 1 / (n + 1)));
  aft_line_say(aft_block_add_item(list),
               "The test says that the sessions of the event stand out, not that this news is the reason.");
}

static void tell_end(story *s) {
  aft_words *words = &s->base.words;
  const char *group = chart_json_text(s->robust, "group"), *symbol = chart_json_text(s->robust, "symbol");
  g_autofree char *command =
      g_strdup_printf("robust --event %s --%s %s", aft_words_shell(words, chart_json_text(s->robust, "event")),
                      *group != '\0' ? "group" : "symbol", aft_words_shell(words, *group != '\0' ? group : symbol));
  command_story_end(&s->base, command);
}

bool aft_robust_documents_write(const char *folder, GError **error) {
  story s = {.base = {.folder = folder}};
  aft_words_init(&s.base.words);
  bool ok = read_story(&s, error);
  if (ok) {
    g_autofree char *title =
        g_strdup_printf("%s and %s under every choice", chart_json_text(s.robust, "event"), say_subject(&s));
    command_story_begin(&s.base, title);
    tell_question(&s);
    tell_conclusion(&s);
    tell_sessions(&s);
    tell_chart(&s);
    tell_choices(&s);
    tell_statistics(&s);
    tell_limits(&s);
    tell_end(&s);
    ok = command_story_write(&s.base, "robust", error);
  }
  aft_table_clear(&s.choices);
  command_story_clear(&s.base);
  return ok;
}
