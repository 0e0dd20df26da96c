/* claims.md and claims.html: what was claimed, what was measured, and the verdict. */
#include <aftershock/report/claims.h>

#include "command_story.h"

#include <aftershock/base/text.h>
#include <aftershock/report/report.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct story {
  command_story base;
  aft_table claims;
} story;

static bool read_story(story *s, GError **error) {
  if (!command_story_read(&s->base, "claims.json", error)) return false;
  if (!json_is_object(json_object_get(s->base.root, "verdicts"))) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s/claims.json: not a verification; verify again",
                s->base.folder);
    return false;
  }
  return aft_table_read(&s->claims, s->base.folder, "claims.csv", error);
}

static void clear_story(story *s) {
  aft_table_clear(&s->claims);
  command_story_clear(&s->base);
}

static const char *text(const story *s, size_t row, const char *column) {
  return aft_facts_text(&s->claims, row, column);
}

static void tell_question(story *s) {
  aft_words *words = &s->base.words;
  const json_t *verdicts = json_object_get(s->base.root, "verdicts");
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "Is what they wrote true? The study's articles make %s: ",
               aft_words_noun(words, (double)s->claims.n_rows, "claim", "claims"));
  aft_line_strong(
      line, aft_words_format(words, "%.0f exact, %.0f consistent, %.0f contradicted, %.0f undetermined",
                             chart_json_number(verdicts, "exact"), chart_json_number(verdicts, "consistent"),
                             chart_json_number(verdicts, "contradicted"), chart_json_number(verdicts, "undetermined")));
  aft_line_say(line, ".");
  aft_block *list = aft_document_add_list(s->base.document);
  static const char *const meanings[][2] = {
      {"exact", "the measured number rounds to the printed one, or the word, the place or the date is right"},
      {"consistent",
       "it does not, but the claim's own words leave room for it (about, nearly, more than); or nothing that is "
       "known speaks against it, in a list with members missing"},
      {"contradicted", "the data say otherwise"},
      {"undetermined", "the data of this study cannot decide it"}};
  for (size_t i = 0; i < G_N_ELEMENTS(meanings); i++) {
    line = aft_block_add_item(list);
    aft_line_strong(line, meanings[i][0]);
    aft_line_say(line, ": %s.", meanings[i][1]);
  }
}

/* As few decimals as say the number, at most two. */
static const char *say_number(story *s, double value) {
  int decimals = 0;
  while (decimals < 2 && fabs(value * pow(10, decimals) - round(value * pow(10, decimals))) > 1e-9 * fabs(value))
    decimals++;
  return aft_words_fixed(&s->base.words, value, decimals);
}

/* "-592.66 billion USD"; what is no number as it is. */
static const char *say_amount(story *s, const char *value, const char *unit) {
  double number = (double)NAN;
  if (!aft_number_parse(value, strlen(value), &number)) return *value == '\0' ? AFT_NO_VALUE : value;
  if (strcmp(unit, "percent") == 0) return aft_words_format(&s->base.words, "%s" AFT_NBSP "%%", say_number(s, number));
  if (*unit == '\0') return value;
  double size = fabs(number) >= 1e12 ? 1e12 : fabs(number) >= 1e9 ? 1e9 : fabs(number) >= 1e6 ? 1e6 : 1;
  const char *word = size == 1e12 ? "trillion " : size == 1e9 ? "billion " : size == 1e6 ? "million " : "";
  return aft_words_format(&s->base.words, "%s" AFT_NBSP "%s%s", say_number(s, number / size), word, unit);
}

static const char *say_stated(story *s, size_t row) {
  const char *amount = say_amount(s, text(s, row, "stated"), text(s, row, "unit"));
  const char *qualifier = text(s, row, "qualifier");
  bool is_plain = *qualifier == '\0' || strcmp(qualifier, "exactly") == 0;
  return is_plain ? amount : aft_words_format(&s->base.words, "%s %s", qualifier, amount);
}

static void tell_table(story *s) {
  aft_grid *grid = aft_grid_new("claims", "Claims and what the data say");
  aft_grid_add_column(grid, "Claim", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "About", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "What", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "Stated", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Measured", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Verdict", AFT_COLUMN_WORD);
  for (size_t row = 0; row < s->claims.n_rows; row++) {
    g_autofree char *kind = g_strdelimit(g_strdup(text(s, row, "kind")), "_", ' ');
    aft_grid_add(grid, text(s, row, "claim"));
    aft_grid_add(grid, text(s, row, "subject"));
    aft_grid_add(grid, kind);
    aft_grid_add(grid, say_stated(s, row));
    aft_grid_add(grid, say_amount(s, text(s, row, "measured"), text(s, row, "unit")));
    aft_grid_add(grid, text(s, row, "verdict"));
  }
  aft_grid_add_note(
      grid, "A number agrees exactly when it lies within half of the last place that was printed. The unrounded "
            "numbers are in claims.csv.");
  aft_document_add_grid(s->base.document, grid);
}

static void tell_chart(story *s) {
  g_autofree char *path = g_build_filename(s->base.folder, "charts", "value.png", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line *line = aft_document_add_figure(s->base.document, "charts/value.png", CHART_WIDTH, CHART_HEIGHT,
                                           "Market value that each firm gained or lost, and their sum");
  aft_line_say(
      line, "Each bar is the change of price on the session times the shares in effect the day before; firms without a "
            "number of shares are left out, and the total is of those that are shown.");
}

/* Each article with its claims and how they were measured. */
static void tell_articles(story *s) {
  const json_t *articles = json_object_get(s->base.root, "articles"), *article;
  size_t i;
  aft_document_add_heading(s->base.document, "how", "How each claim was measured");
  json_array_foreach(articles, i, article) {
    const char *id = chart_json_text(article, "id"), *source = chart_json_text(article, "source");
    aft_line *line = aft_document_add_paragraph(s->base.document);
    aft_line_code(line, id);
    aft_line_say(line, ": %s%s%s%s", chart_json_text(article, "title"), *source != '\0' ? " (" : "", source,
                 *source != '\0' ? ")" : "");
    aft_block *list = aft_document_add_list(s->base.document);
    for (size_t row = 0; row < s->claims.n_rows; row++) {
      if (strcmp(text(s, row, "article"), id) != 0) continue;
      line = aft_block_add_item(list);
      aft_line_code(line, text(s, row, "claim"));
      aft_line_say(line, " ");
      aft_line_strong(line, text(s, row, "verdict"));
      aft_line_say(line, ": %s.", text(s, row, "how"));
    }
  }
}

static void tell_care(story *s) {
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(
      line,
      "A verdict is about the words and the data of this study alone: about official closes, the numbers of shares and "
      "the lists that it names. It does not say who was first, or what caused what.");
  line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line, "The same command gives the same bytes:");
  const char *path = chart_json_text(json_object_get(s->base.root, "study_file"), "path");
  aft_line_say(aft_block_add_item(aft_document_add_commands(s->base.document)), "aftershock verify %s",
               aft_words_shell(&s->base.words, path));
}

bool aft_claims_documents_write(const char *folder, GError **error) {
  story s = {.base = {.folder = folder}};
  aft_words_init(&s.base.words);
  bool ok = read_story(&s, error);
  if (ok) {
    command_story_begin(&s.base, "What was claimed");
    tell_question(&s);
    tell_table(&s);
    tell_chart(&s);
    tell_articles(&s);
    tell_care(&s);
    ok = command_story_write(&s.base, "claims", error);
  }
  clear_story(&s);
  return ok;
}
