/* case.md and case.html: the evidence about one event of one firm on one page. */
#include <aftershock/report/case.h>

#include "command_story.h"

#include <aftershock/report/report.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct story {
  command_story base;
  char *inner; /* folder/result; owned */
  aft_table windows, events;
  double alpha;
} story;

static bool read_story(story *s, GError **error) {
  s->inner = g_build_filename(s->base.folder, "result", NULL);
  if (!command_story_read(&s->base, "case.json", error) ||
      !aft_table_read(&s->windows, s->base.folder, "case.csv", error) ||
      !aft_table_read(&s->events, s->inner, "events.csv", error))
    return false;
  s->alpha = 1 - chart_json_number(s->base.root, "confidence");
  if (s->alpha > 0 && s->alpha < 1 && s->windows.n_rows > 0 && s->events.n_rows > 0) return true;
  g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s/case.json: not a case; make the case again",
              s->base.folder);
  return false;
}

static void clear_story(story *s) {
  g_free(s->inner);
  aft_table_clear(&s->windows);
  aft_table_clear(&s->events);
  command_story_clear(&s->base);
}

static double number(const story *s, size_t row, const char *column) {
  return aft_facts_number(&s->windows, row, column);
}

static const char *over(story *s, size_t row) {
  aft_fact_window window = {(int)number(s, row, "first"), (int)number(s, row, "last")};
  return aft_words_over(&s->base.words, window, false);
}

static void tell_question(story *s) {
  aft_words *words = &s->base.words;
  const char *symbol = chart_json_text(s->base.root, "symbol");
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "Did ");
  aft_line_code(line, chart_json_text(s->base.root, "event"));
  aft_line_say(line, " move %s? The story became public at %s (%s on the exchange's clock, rule ", symbol,
               aft_words_time(words, aft_facts_text(&s->events, 0, "published")),
               aft_facts_text(&s->events, 0, "local_time"));
  aft_line_code(line, aft_facts_text(&s->events, 0, "rule"));
  aft_line_say(line, "); the first session that could react is %s. Beyond what the model ",
               chart_json_text(s->base.root, "session"));
  aft_line_code(line, aft_facts_text(&s->windows, 0, "model"));
  aft_line_say(line, " explains, %s moved ", symbol);
  aft_line_strong(line, aft_words_signed_percent(words, number(s, 0, "car")));
  aft_line_say(line, " %s.", over(s, 0));
}

/* Who the placebo firms are: "firms of the group no AI story", "firms outside the group chips", "firms that the story does not name". */
static const char *say_firms(story *s) {
  const char *controls = chart_json_text(s->base.root, "controls"), *group = chart_json_text(s->base.root, "group");
  if (*controls != '\0') return aft_words_format(&s->base.words, "firms of the group %s", controls);
  if (*group != '\0') return aft_words_format(&s->base.words, "firms outside the group %s", group);
  return "firms that the story does not name";
}

/* One kind of evidence about the first window; n: the number of placebos whose p-values cannot go below 1 / (n + 1), or NULL. */
typedef struct evidence {
  const char *column, *n, *name;
} evidence;

static const evidence kinds[] = {{"p_value", NULL, "the t test"},
                                 {"p_sq", NULL, "the sample-quantile test"},
                                 {"p_matched", "n_matched", "placebo dates of like volatility"},
                                 {"p_dates", "n_dates", "all placebo dates"},
                                 {"p_firms", "n_firms", "the placebo firms"}};

/* Whether that many placebos could reject at all. */
static bool can_reject(const story *s, const evidence *kind) {
  return kind->n == NULL || 1 / (number(s, 0, kind->n) + 1) <= s->alpha + 1e-12;
}

/* Names of the kinds of evidence that reject, or that do not though they could. */
static const char *join_kinds(story *s, bool rejecting, guint *n) {
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
    double p = number(s, 0, kinds[i].column);
    if (isnan(p) || !can_reject(s, &kinds[i])) continue;
    if ((p <= s->alpha + 1e-12) == rejecting) g_ptr_array_add(names, (gpointer)(guintptr)kinds[i].name);
  }
  *n = names->len;
  return names->len == 0 ? "" : aft_words_join(&s->base.words, names, 10);
}

/* What the placebo firms say beside the others. */
static void tell_firms(story *s, aft_line *line) {
  aft_words *words = &s->base.words;
  double p = number(s, 0, "p_firms"), n = number(s, 0, "n_firms");
  if (isnan(p)) return;
  double n_extreme = round(p * (n + 1)) - 1;
  aft_line_say(line, " Of the %s %s %s moved at least as unusually on that session", aft_words_count(words, n),
               say_firms(s), n_extreme == 0 ? "none" : aft_words_count(words, n_extreme));
  if (!can_reject(s, &kinds[G_N_ELEMENTS(kinds) - 1]))
    aft_line_say(line, "; so few firms cannot give a p below %s.", aft_words_p_cell(words, 1 / (n + 1)));
  else if (p > s->alpha)
    aft_line_say(line, ": what moved %s moved others too, by this news or by another cause.",
                 chart_json_text(s->base.root, "symbol"));
  else
    aft_line_say(line, ".");
}

static void tell_conclusion(story *s) {
  aft_words *words = &s->base.words;
  guint n_for, n_against;
  const char *found = join_kinds(s, true, &n_for), *not_found = join_kinds(s, false, &n_against);
  const char *level = aft_words_percent(words, s->alpha);
  aft_line *line = aft_document_add_paragraph(s->base.document);
  if (n_for + n_against == 0) {
    aft_line_strong(line, "Nothing can be said: no test is defined over the first window.");
  } else if (n_against == 0) {
    aft_line_strong(line, "The move is not noise by any of the measures taken.");
    aft_line_say(line, " At the %s level %s %s it.", level, found, n_for == 1 ? "rejects" : "all reject");
  } else if (n_for == 0) {
    aft_line_strong(line, "The move cannot be told from noise.");
    aft_line_say(
        line,
        " At the %s level nothing rejects: not %s. That is no proof that nothing happened: an effect of %s is what the t test would "
        "find four times out of five, and a smaller one it would often miss.",
        level, not_found, aft_words_percent(words, number(s, 0, "detectable")));
  } else {
    aft_line_strong(line, "The measures disagree.");
    aft_line_say(line, " At the %s level %s %s, but not %s. Do not report the first without the second.", level, found,
                 n_for == 1 ? "rejects" : "reject", not_found);
  }
  tell_firms(s, line);
}

static void add_p(story *s, aft_grid *grid, size_t row, const char *column) {
  double p = number(s, row, column);
  aft_grid_add(grid, isnan(p) ? AFT_NO_VALUE : aft_words_p_cell(&s->base.words, p));
}

static void tell_windows(story *s) {
  aft_words *words = &s->base.words;
  static const char *const titles[] = {
      "CAR, %", "t", "p: t", "p: quantile", "p: like dates", "p: all dates", "p: firms", "Rejects from, %", "Finds, %"};
  aft_grid *grid = aft_grid_new("case", "The evidence over each window");
  aft_grid_add_column(grid, "Window", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) aft_grid_add_column(grid, titles[i], AFT_COLUMN_NUMBER);
  for (size_t row = 0; row < s->windows.n_rows; row++) {
    aft_fact_window window = {(int)number(s, row, "first"), (int)number(s, row, "last")};
    double t = number(s, row, "statistic");
    aft_grid_add(grid, aft_words_window(words, window));
    aft_grid_add(grid,
                 isnan(number(s, row, "car")) ? AFT_NO_VALUE : aft_words_hundredths(words, number(s, row, "car")));
    aft_grid_add(grid, isnan(t) ? AFT_NO_VALUE : aft_words_fixed(words, t, 2));
    add_p(s, grid, row, "p_value");
    add_p(s, grid, row, "p_sq");
    add_p(s, grid, row, "p_matched");
    add_p(s, grid, row, "p_dates");
    add_p(s, grid, row, "p_firms");
    aft_grid_add(grid, aft_words_hundredths(words, number(s, row, "threshold")));
    aft_grid_add(grid, aft_words_hundredths(words, number(s, row, "detectable")));
  }
  aft_grid_add_note(
      grid,
      "Like dates: %.0f of %.0f placebo dates of the firm, those whose volatility over the %.0f sessions before the event "
      "window is nearest to the event's, compared by CAR; all dates, and the %.0f placebo firms (%s): by standardised CAR.",
      number(s, 0, "n_matched"), number(s, 0, "n_dates"), chart_json_number(s->base.root, "volatility_sessions"),
      number(s, 0, "n_firms"), say_firms(s));
  aft_grid_add_note(
      grid,
      "Rejects from: the smallest CAR, in size, that the t test rejects. Finds: the true effect that it finds with a "
      "probability of 80 %%. The p-values are not corrected for the number of windows or of measures.");
  aft_document_add_grid(s->base.document, grid);
}

static void tell_chart(story *s, const char *file, const char *alt, const char *caption) {
  g_autofree char *path = g_build_filename(s->base.folder, file, NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line_say(aft_document_add_figure(s->base.document, file, CHART_WIDTH, CHART_HEIGHT, alt), "%s", caption);
}

static void tell_halves(story *s) {
  g_auto(aft_table) gaps = {0};
  aft_words *words = &s->base.words;
  const char *filter[] = {"rel_day", "0", NULL};
  g_autofree char *path = g_build_filename(s->inner, "gaps.csv", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR) ||
      !aft_table_read_matching(&gaps, s->inner, "gaps.csv", filter, NULL) || gaps.n_rows == 0)
    return;
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "The day in two halves:");
  for (size_t row = 0; row < gaps.n_rows; row++) {
    bool is_gap = strcmp(aft_facts_text(&gaps, row, "half"), "gap") == 0;
    aft_line_say(line, "%s %s abnormal %s (%s)%s", row == 0 ? "" : ";",
                 is_gap ? "from the close before to the opening" : "from the opening to the close",
                 aft_words_signed_percent(words, aft_facts_number(&gaps, row, "abnormal")),
                 aft_words_p(words, aft_facts_number(&gaps, row, "p_value")),
                 strcmp(aft_facts_text(&gaps, row, "can_react"), "no") == 0 ? ", before the news" : "");
  }
  aft_line_say(line, ".");
}

static void tell_limits(story *s) {
  aft_words *words = &s->base.words;
  double n = number(s, 0, "n_dates"), length = number(s, 0, "last") - number(s, 0, "first") + 1;
  aft_document_add_heading(s->base.document, "limits", "What this cannot show");
  aft_block *list = aft_document_add_list(s->base.document);
  aft_line_say(
      aft_block_add_item(list),
      "One firm and one session. Everything else that happened then is in the move; that it is no noise does not say that "
      "this news made it.");
  aft_line_say(
      aft_block_add_item(list),
      "The t test is exact when residuals are normal. Heavy tails make it reject too often far out: read the quantile test and the "
      "placebo dates beside it.");
  aft_line_say(
      aft_block_add_item(list),
      "Placebo dates overlap: %s of them over windows of %s are worth about %s independent ones, and the smallest p they can give is %s. "
      "Dates whose learning or event windows hold an event of the firm in this study are left out; other news of those days is not.",
      aft_words_count(words, n), aft_words_noun(words, length, "session", "sessions"),
      aft_words_count(words, floor(n / length)), aft_words_p_cell(words, 1 / (n + 1)));
  aft_line_say(
      aft_block_add_item(list),
      "Placebo firms share the day: where the news moves them too, the comparison is too strict. Firms that the news cannot touch are the "
      "ones to take (--controls).");
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "All days, models' fits and figures of this event are in ");
  aft_line_code(line, "result/report.html");
  aft_line_say(line, ". The same command gives the same bytes:");
  const char *path = chart_json_text(json_object_get(s->base.root, "study_file"), "path");
  const char *controls = chart_json_text(s->base.root, "controls");
  aft_line_say(aft_block_add_item(aft_document_add_commands(s->base.document)),
               "aftershock case %s --event %s --symbol %s%s%s", aft_words_shell(words, path),
               aft_words_shell(words, chart_json_text(s->base.root, "event")),
               aft_words_shell(words, chart_json_text(s->base.root, "symbol")), *controls != '\0' ? " --controls " : "",
               *controls != '\0' ? aft_words_shell(words, controls) : "");
}

bool aft_case_documents_write(const char *folder, GError **error) {
  story s = {.base = {.folder = folder}};
  aft_words_init(&s.base.words);
  bool ok = read_story(&s, error);
  if (ok) {
    g_autofree char *title = g_strdup_printf("%s and %s: the evidence", chart_json_text(s.base.root, "symbol"),
                                             chart_json_text(s.base.root, "event"));
    command_story_entitle(&s.base, title);
    tell_question(&s);
    tell_conclusion(&s);
    tell_windows(&s);
    tell_chart(
        &s, "charts/placebo.png", "Abnormal returns on placebo dates and on the event's",
        "Each bar counts placebo dates of the firm by their abnormal return; the orange line is the event, dashed lines are the limits of the t test.");
    tell_chart(&s, "result/charts/fit.png", "Returns of the firm against those of the benchmark",
               "What the model learnt before the event, and how far off its line the event's session lies.");
    tell_halves(&s);
    tell_limits(&s);
    ok = command_story_write(&s.base, "case", error);
  }
  clear_story(&s);
  return ok;
}
