/* scan.md and scan.html: which moves stood out, what competes to explain them, and what stays open. */
#include <aftershock/report/scan.h>

#include "command_story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_ROWS = 40, MOST_DETAILS = 15 };

typedef struct story {
  command_story base;
  aft_table moves, links, unanswered;
  const json_t *scan, *asked; /* borrowed: scan.json's `scan`, the study's key `scan` */
  size_t *order;              /* [moves.n_rows] by size of the abnormal return */
} story;

static const char *text(const aft_table *table, size_t row, const char *column) {
  return aft_facts_text(table, row, column);
}

static double number(const aft_table *table, size_t row, const char *column) {
  return aft_facts_number(table, row, column);
}

static int compare(const void *a, const void *b, void *data) {
  const size_t *p = a, *q = b;
  double x = fabs(number(data, *p, "abnormal")), y = fabs(number(data, *q, "abnormal"));
  if (x > y || x < y) return x > y ? -1 : 1;
  return (*p > *q) - (*p < *q);
}

static bool read_story(story *s, GError **error) {
  if (!command_story_read(&s->base, "scan.json", error) ||
      !aft_table_read(&s->moves, s->base.folder, "moves.csv", error) ||
      !aft_table_read(&s->links, s->base.folder, "links.csv", error) ||
      !aft_table_read(&s->unanswered, s->base.folder, "unanswered.csv", error))
    return false;
  s->scan = json_object_get(s->base.root, "scan");
  s->asked = json_object_get(json_object_get(s->base.root, "study"), "scan");
  s->order = g_new(size_t, s->moves.n_rows + 1);
  for (size_t i = 0; i < s->moves.n_rows; i++) s->order[i] = i;
  if (s->moves.n_rows > 1) g_qsort_with_data(s->order, (gint)s->moves.n_rows, sizeof *s->order, compare, &s->moves);
  return true;
}

static void clear_story(story *s) {
  aft_table_clear(&s->moves);
  aft_table_clear(&s->links);
  aft_table_clear(&s->unanswered);
  g_free(s->order);
  command_story_clear(&s->base);
}

static void tell_question(story *s) {
  aft_words *words = &s->base.words;
  aft_line *line = aft_document_add_paragraph(s->base.document);
  aft_line_say(line,
               "Which days of %s stand out once the market is taken off, and which of %s could have been the reason? ",
               aft_words_noun(words, chart_json_number(s->scan, "securities"), "security", "securities"),
               aft_words_noun(words, chart_json_number(s->scan, "articles"), "article", "articles"));
  aft_line_say(line, "Of %s, %s stood out (detector ",
               aft_words_noun(words, chart_json_number(s->scan, "days"), "day", "days"),
               aft_words_count(words, chart_json_number(s->scan, "moves")));
  aft_line_code(line, chart_json_text(s->asked, "detector"));
  aft_line_say(
      line,
      ", threshold %s): %s linked to one story, %s with several stories that cannot be told apart, %s unexplained.",
      aft_words_format(words, "%.4g", chart_json_number(s->asked, "threshold")),
      aft_words_count(words, chart_json_number(s->scan, "linked")),
      aft_words_count(words, chart_json_number(s->scan, "not_identified")),
      aft_words_count(words, chart_json_number(s->scan, "unexplained")));
  double silent = chart_json_number(s->scan, "silent"), uncovered = chart_json_number(s->scan, "uncovered");
  if (silent > 0 || uncovered > 0)
    aft_line_say(
        line,
        " Of these %s of securities that no article is about, and %s on sessions too early or too late for any "
        "article: there the files are silent, not the market.",
        aft_words_noun(words, silent, "is", "are"), aft_words_noun(words, uncovered, "lies", "lie"));
  line = aft_document_add_paragraph(s->base.document);
  aft_line_strong(line, "A high score is a reading list, not a cause.");
  aft_line_say(
      line,
      " It says that an article was out in time, is about the firm, came with more articles than usual and has the "
      "tone of the move. Two stories on one session share its move, and prices alone do not say who gets how much.");
}

static void tell_chart(story *s) {
  g_autofree char *path = g_build_filename(s->base.folder, "charts", "moves.png", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line *line = aft_document_add_figure(s->base.document, "charts/moves.png", CHART_WIDTH, CHART_HEIGHT,
                                           "Abnormal moves over time, linked ones with their article");
  aft_line_say(line, "Each stem is a day whose abnormal return stood out; the largest are named.");
}

static const char *say_verdict(const char *verdict) {
  return strcmp(verdict, "not_identified") == 0 ? "not identified" : verdict;
}

static void tell_moves(story *s) {
  static const char *const columns[] = {"return", "alpha", "market", "factors", "abnormal"};
  static const char *const titles[] = {"Return, %", "Constant", "Market", "Factors", "Own part"};
  aft_words *words = &s->base.words;
  aft_document_add_heading(s->base.document, "moves", "The moves");
  if (s->moves.n_rows == 0) {
    aft_line_say(aft_document_add_paragraph(s->base.document), "No day stood out.");
    return;
  }
  aft_grid *grid =
      aft_grid_new("moves", "Abnormal moves, the largest first: return = constant + market + factors + own part");
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Session", AFT_COLUMN_WORD);
  for (size_t c = 0; c < G_N_ELEMENTS(titles); c++) aft_grid_add_column(grid, titles[c], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Statistic", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Verdict", AFT_COLUMN_TEXT);
  for (size_t i = 0; i < MIN(s->moves.n_rows, MOST_ROWS); i++) {
    size_t row = s->order[i];
    aft_grid_add(grid, text(&s->moves, row, "symbol"));
    aft_grid_add(grid, text(&s->moves, row, "session"));
    for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
      double value = number(&s->moves, row, columns[c]);
      aft_grid_add(grid, isnan(value) ? AFT_NO_VALUE : aft_words_hundredths(words, value));
    }
    aft_grid_add(grid, aft_words_fixed(words, number(&s->moves, row, "statistic"), 1));
    aft_grid_add(grid, say_verdict(text(&s->moves, row, "verdict")));
  }
  if (s->moves.n_rows > MOST_ROWS)
    aft_grid_add_note(grid, "%s more are in moves.csv.", aft_words_count(words, (double)(s->moves.n_rows - MOST_ROWS)));
  aft_document_add_grid(s->base.document, grid);
}

/* The articles of one move as rows: each score between its bounds, and what it is made of. */
static void add_links(story *s, aft_grid *grid, size_t move) {
  static const char *const components[] = {"time", "mention", "surge", "tone"};
  static const char *const keys[] = {"symbol", "session"};
  aft_words *words = &s->base.words;
  const char *values[] = {text(&s->moves, move, "symbol"), text(&s->moves, move, "session")};
  for (size_t row = aft_facts_find_row(&s->links, 0, 2, keys, values); row < s->links.n_rows;
       row = aft_facts_find_row(&s->links, row + 1, 2, keys, values)) {
    bool is_rival = number(&s->links, row, "rival") > 0;
    aft_grid_add_link(grid, text(&s->links, row, "title"), text(&s->links, row, "url"));
    aft_grid_add(grid, text(&s->links, row, "published"));
    aft_grid_add(grid,
                 aft_words_format(words, "%s [%s, %s]", aft_words_fixed(words, number(&s->links, row, "score"), 2),
                                  aft_words_fixed(words, number(&s->links, row, "low"), 2),
                                  aft_words_fixed(words, number(&s->links, row, "high"), 2)));
    for (size_t c = 0; c < G_N_ELEMENTS(components); c++) {
      double value = number(&s->links, row, components[c]);
      aft_grid_add(grid, isnan(value) ? AFT_NO_VALUE : aft_words_fixed(words, value, 2));
    }
    aft_grid_add(grid, is_rival ? "rival" : number(&s->links, row, "sessions_before") < 0 ? "came after" : "");
  }
}

static void tell_links(story *s) {
  aft_words *words = &s->base.words;
  static const char *const titles[] = {"Time", "Mention", "Surge", "Tone"};
  size_t told = 0;
  aft_document_add_heading(s->base.document, "links", "What could explain them");
  for (size_t i = 0; i < s->moves.n_rows && told < MOST_DETAILS; i++) {
    size_t row = s->order[i];
    if (number(&s->moves, row, "candidates") < 1) continue;
    told++;
    const char *verdict = text(&s->moves, row, "verdict");
    aft_line *line = aft_document_add_paragraph(s->base.document);
    aft_line_strong(line, aft_words_format(words, "%s, %s: %s", text(&s->moves, row, "symbol"),
                                           text(&s->moves, row, "session"), say_verdict(verdict)));
    if (strcmp(verdict, "not_identified") == 0)
      aft_line_say(
          line,
          ". The best story does not stay ahead of %s when one component of the score is left out: which of them moved the price is not identified.",
          aft_words_noun(words, number(&s->moves, row, "rivals"), "other story", "other stories"));
    else if (strcmp(verdict, "linked") == 0)
      aft_line_say(line, ". One story stays ahead of all others, whichever component of the score is left out.");
    else
      aft_line_say(line, ". No article that was out in time reaches a score of %s.",
                   aft_words_format(words, "%.4g", chart_json_number(s->asked, "min_score")));
    g_autofree char *name = g_strdup_printf("links-%zu", told);
    aft_grid *grid = aft_grid_new(name, "Articles around the move, score with its bounds, and its components");
    aft_grid_add_column(grid, "Article", AFT_COLUMN_TEXT);
    aft_grid_add_column(grid, "Published", AFT_COLUMN_WORD);
    aft_grid_add_column(grid, "Score", AFT_COLUMN_WORD);
    for (size_t c = 0; c < G_N_ELEMENTS(titles); c++) aft_grid_add_column(grid, titles[c], AFT_COLUMN_NUMBER);
    aft_grid_add_column(grid, "", AFT_COLUMN_TEXT);
    add_links(s, grid, row);
    aft_document_add_grid(s->base.document, grid);
  }
  if (told == 0)
    aft_line_say(aft_document_add_paragraph(s->base.document),
                 "No article about these securities lies within three sessions before a move.");
}

static void tell_unanswered(story *s) {
  aft_words *words = &s->base.words;
  aft_document_add_heading(s->base.document, "unanswered", "News without a move");
  if (s->unanswered.n_rows == 0) {
    aft_line_say(
        aft_document_add_paragraph(s->base.document),
        "Every session with far more articles than usual was followed by a move within three sessions, or there was none.");
    return;
  }
  aft_grid *grid =
      aft_grid_new("unanswered", "Sessions with far more articles than usual that no abnormal move followed");
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Session", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Articles", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Own part, %", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "First article", AFT_COLUMN_TEXT);
  for (size_t row = 0; row < MIN(s->unanswered.n_rows, MOST_ROWS); row++) {
    double own = number(&s->unanswered, row, "abnormal");
    aft_grid_add(grid, text(&s->unanswered, row, "symbol"));
    aft_grid_add(grid, text(&s->unanswered, row, "session"));
    aft_grid_add(grid, text(&s->unanswered, row, "articles"));
    aft_grid_add(grid, isnan(own) ? AFT_NO_VALUE : aft_words_hundredths(words, own));
    aft_grid_add(grid, text(&s->unanswered, row, "title"));
  }
  if (s->unanswered.n_rows > MOST_ROWS)
    aft_grid_add_note(grid, "%s more are in unanswered.csv.",
                      aft_words_count(words, (double)(s->unanswered.n_rows - MOST_ROWS)));
  aft_document_add_grid(s->base.document, grid);
}

static void tell(story *s) {
  tell_question(s);
  tell_chart(s);
  tell_moves(s);
  tell_links(s);
  tell_unanswered(s);
  command_story_end(&s->base, "scan");
}

bool aft_scan_documents_write(const char *folder, GError **error) {
  story s = {.base = {.folder = folder}};
  aft_words_init(&s.base.words);
  bool ok = read_story(&s, error);
  if (ok) {
    command_story_begin(&s.base, "Moves and the news around them");
    tell(&s);
    ok = command_story_write(&s.base, "scan", error);
  }
  clear_story(&s);
  return ok;
}
