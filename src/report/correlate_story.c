/* correlate.md and correlate.html: whether news and moves go together, and what that does not say. */
#include <aftershock/report/correlate.h>

#include "command_story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_ROWS = 60, LEAST_SESSIONS = 10 };

typedef struct story {
  command_story base;
  aft_table rows, granger;
  const json_t *facts, *asked; /* borrowed: correlate.json's and the study's `correlate` */
} story;

static bool read_story(story *s, GError **error) {
  static const char *const spearman[] = {"coefficient", "spearman", NULL};
  if (!command_story_read(&s->base, "correlate.json", error) ||
      !aft_table_read_matching(&s->rows, s->base.folder, "correlation.csv", spearman, error) ||
      !aft_table_read(&s->granger, s->base.folder, "granger.csv", error))
    return false;
  s->facts = json_object_get(s->base.root, "correlate");
  s->asked = json_object_get(json_object_get(s->base.root, "study"), "correlate");
  return true;
}

static void tell_question(story *s) {
  aft_words *words = &s->base.words;
  double lags = chart_json_number(s->asked, "lags");
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(
      line,
      "Do news and moves go together, and which comes first? For %s with at least %s, articles, their novelty and their tone are "
      "set against the abnormal return, its size and the abnormal volume, up to %s apart. An article counts for the "
      "first session that could react to it: one of a weekend, or after the close, for the next.",
      aft_words_noun(words, chart_json_number(s->facts, "securities"), "security", "securities"),
      aft_words_noun(words, chart_json_number(s->asked, "min_articles"), "article", "articles"),
      aft_words_noun(words, lags, "session", "sessions"));
  line = aft_document_add_paragraph(s->base.document);
  aft_line_strong(line, "Correlation is not cause.");
  aft_line_say(
      line,
      " At lag 0 and below, articles about the move are among those that are counted; only lags of one session and more, news "
      "first, can foretell. The p-value to read is familywise over the lags: it compares with the same series turned "
      "against each other, so that neither their own persistence nor the search for the best lag is taken for news.");
}

static void tell_chart(story *s, const char *file, const char *alt, const char *caption) {
  g_autofree char *name = g_strdup_printf("charts/%s", file);
  g_autofree char *path = g_build_filename(s->base.folder, name, NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line_say(aft_document_add_figure(s->base.document, name, CHART_WIDTH, CHART_HEIGHT, alt), "%s", caption);
}

/* The lag with the largest coefficient of the rows of one security and pair; n_rows when none is defined on enough sessions. */
static size_t find_best(const aft_table *rows, size_t first, size_t end) {
  size_t best = rows->n_rows;
  for (size_t row = first; row < end; row++) {
    if (!(aft_facts_number(rows, row, "n") >= LEAST_SESSIONS)) continue;
    double r = fabs(aft_facts_number(rows, row, "value"));
    if (!isnan(r) && (best == rows->n_rows || r > fabs(aft_facts_number(rows, best, "value")))) best = row;
  }
  return best;
}

static void add_best(story *s, aft_grid *grid, size_t row) {
  static const char *const p[] = {"p_value", "p_eff", "p_naive"};
  aft_words *words = &s->base.words;
  const aft_table *rows = &s->rows;
  aft_grid_add(grid, aft_facts_text(rows, row, "symbol"));
  aft_grid_add(grid, aft_facts_text(rows, row, "series"));
  aft_grid_add(grid, aft_facts_text(rows, row, "lag"));
  aft_grid_add(grid, aft_facts_text(rows, row, "n"));
  aft_grid_add(grid, aft_words_fixed(words, aft_facts_number(rows, row, "value"), 2));
  for (size_t i = 0; i < G_N_ELEMENTS(p); i++) {
    double value = aft_facts_number(rows, row, p[i]);
    aft_grid_add(grid, isnan(value) ? AFT_NO_VALUE : aft_words_p_cell(words, value));
  }
}

static void tell_rows(story *s) {
  static const char *const titles[] = {"Lag", "Sessions", "Spearman", "p, familywise", "p, effective", "p, naive"};
  const aft_table *rows = &s->rows;
  aft_document_add_heading(s->base.document, "lags", "The strongest lag of each pair");
  aft_grid *grid = aft_grid_new("lags", "Rank correlation at the lag where it is largest; lags above 0: news first");
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "News/market", AFT_COLUMN_WORD);
  for (size_t i = 0; i < G_N_ELEMENTS(titles); i++) aft_grid_add_column(grid, titles[i], AFT_COLUMN_NUMBER);
  size_t shown = 0, undefined = 0, more = 0;
  for (size_t first = 0, end; first < rows->n_rows; first = end) {
    for (end = first; end < rows->n_rows &&
                      strcmp(aft_facts_text(rows, end, "series"), aft_facts_text(rows, first, "series")) == 0 &&
                      strcmp(aft_facts_text(rows, end, "symbol"), aft_facts_text(rows, first, "symbol")) == 0;
         end++)
      continue;
    size_t best = find_best(rows, first, end);
    if (best == rows->n_rows) {
      undefined++;
    } else if (shown < MOST_ROWS) {
      shown++;
      add_best(s, grid, best);
    } else {
      more++;
    }
  }
  if (more > 0)
    aft_grid_add_note(grid, "%zu more pairs are in correlation.csv, as are all lags and coefficients.", more);
  if (undefined > 0)
    aft_grid_add_note(grid, "%zu pairs are left out: fewer than %d sessions with both, or one of them constant.",
                      undefined, LEAST_SESSIONS);
  aft_grid_add_note(
      grid, "The naive p-value takes days as independent and this lag as the only one looked at; it is shown for "
            "comparison.");
  aft_document_add_grid(s->base.document, grid);
}

static void tell_granger(story *s) {
  aft_words *words = &s->base.words;
  const aft_table *rows = &s->granger;
  size_t shown = 0, undefined = 0;
  aft_document_add_heading(s->base.document, "granger", "Who foretells whom");
  aft_grid *grid =
      aft_grid_new("granger", "Granger tests: does the first series help to foretell the second beyond its own past?");
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "From", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "To", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Sessions", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "F", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "p", AFT_COLUMN_NUMBER);
  for (size_t row = 0; row < rows->n_rows; row++) {
    double f = aft_facts_number(rows, row, "f");
    if (isnan(f)) {
      undefined++;
      continue;
    }
    if (shown == MOST_ROWS) continue;
    shown++;
    aft_grid_add(grid, aft_facts_text(rows, row, "symbol"));
    aft_grid_add(grid, aft_facts_text(rows, row, "cause"));
    aft_grid_add(grid, aft_facts_text(rows, row, "effect"));
    aft_grid_add(grid, aft_facts_text(rows, row, "n"));
    aft_grid_add(grid, aft_words_fixed(words, f, 2));
    aft_grid_add(grid, aft_words_p_cell(words, aft_facts_number(rows, row, "p_value")));
  }
  aft_grid_add_note(grid, "%s of both series; the number is fixed beforehand. All are in granger.csv.",
                    aft_words_noun(words, chart_json_number(s->asked, "granger"), "lag", "lags"));
  if (undefined > 0)
    aft_grid_add_note(grid, "%zu are undefined: too few sessions, or series that their own lags explain.", undefined);
  aft_document_add_grid(s->base.document, grid);
}

bool aft_correlate_documents_write(const char *folder, GError **error) {
  story s = {.base = {.folder = folder}};
  aft_words_init(&s.base.words);
  bool ok = read_story(&s, error);
  if (ok) {
    command_story_begin(&s.base, "News and moves by lag");
    tell_question(&s);
    tell_chart(&s, "attention.png", "Abnormal returns and articles by session", "The security with the most articles.");
    tell_chart(&s, "correlogram.png", "Correlation of news and market by lag",
               "A stem is the correlation at one lag, dashes its bounds.");
    tell_rows(&s);
    tell_granger(&s);
    command_story_end(&s.base, "correlate");
    ok = command_story_write(&s.base, "correlate", error);
  }
  aft_table_clear(&s.rows);
  aft_table_clear(&s.granger);
  command_story_clear(&s.base);
  return ok;
}
