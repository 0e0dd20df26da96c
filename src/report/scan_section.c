/* A scan told: the question, the moves, the articles of each, and the news that nothing followed. */
#include "scan_section.h"

#include <math.h>
#include <string.h>

#include "chart.h"

#include <aftershock/base/banned.h>

void scan_facts_read(aft_fact_scan *scan, GStringChunk *text, const json_t *root) {
  const json_t *found = json_object_get(root, "scan"), *weights = json_object_get(found, "weights");
  const json_t *asked = json_object_get(json_object_get(root, "study"), "scan");
  *scan = (aft_fact_scan){
      .detector = found == NULL ? "" : g_string_chunk_insert_const(text, chart_json_text(asked, "detector")),
      .bh = strcmp(chart_json_text(asked, "adjust"), "bh") == 0,
      .threshold = chart_json_number(asked, "threshold"),
      .min_score = chart_json_number(asked, "min_score"),
      .securities = chart_json_number(found, "securities"),
      .days = chart_json_number(found, "days"),
      .articles = chart_json_number(found, "articles"),
      .moves = chart_json_number(found, "moves"),
      .linked = chart_json_number(found, "linked"),
      .not_identified = chart_json_number(found, "not_identified"),
      .unexplained = chart_json_number(found, "unexplained"),
      .unanswered = chart_json_number(found, "unanswered"),
      .silent = chart_json_number(found, "silent"),
      .uncovered = chart_json_number(found, "uncovered"),
      .by_chance = chart_json_number(found, "by_chance"),
      .time = chart_json_number(weights, "time"),
      .mention = chart_json_number(weights, "mention"),
      .surge = chart_json_number(weights, "surge"),
      .tone = chart_json_number(weights, "tone")};
}

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

void scan_section_init(scan_section *s) {
  size_t n = s->moves->n_rows;
  s->order = g_new(size_t, n + 1);
  for (size_t i = 0; i < n; i++) s->order[i] = i;
  if (n > 1) g_qsort_with_data(s->order, (gint)n, sizeof *s->order, compare, (gpointer)(guintptr)s->moves);
}

void scan_section_clear(scan_section *s) { g_clear_pointer(&s->order, g_free); }

static const char *name_verdict(const char *verdict) {
  return strcmp(verdict, "not_identified") == 0 ? "not identified" : verdict;
}

/* What the detector would find where there is nothing to find. */
static void say_chance(scan_section *s, aft_line *line) {
  const aft_fact_scan *facts = s->facts;
  aft_words *words = s->words;
  if (isnan(facts->by_chance)) return; /* a folder of an older program */
  if (strcmp(facts->detector, "mad") == 0)
    aft_line_say(line, " If returns were normal and without news, about %s of these days would stand out by chance; ",
                 facts->by_chance < 1.95 ? aft_words_format(words, "%.1f", facts->by_chance)
                                         : aft_words_count(words, round(facts->by_chance)));
  else if (facts->bh)
    aft_line_say(line, " If returns were normal, about %s of the days found would be false; ",
                 aft_words_format(words, "%.4g" AFT_NBSP "%%", 100 * facts->threshold));
  else
    aft_line_say(line, " If returns were normal and without news, about %s of the %s would have such a day by chance; ",
                 facts->by_chance < 1.95 ? aft_words_format(words, "%.1f", facts->by_chance)
                                         : aft_words_count(words, round(facts->by_chance)),
                 aft_words_noun(words, facts->securities, "security", "securities"));
  aft_line_say(
      line, "the tails of daily returns are fatter, so that more days stand out without any news: each is a question, "
            "not a finding.");
}

void scan_tell_question(scan_section *s) {
  const aft_fact_scan *facts = s->facts;
  aft_words *words = s->words;
  aft_line *line = aft_document_add_paragraph(s->document);
  aft_line_say(line,
               "Which days of %s stand out once the market is taken off, and which of %s could have been the reason? ",
               aft_words_noun(words, facts->securities, "security", "securities"),
               aft_words_noun(words, facts->articles, "article", "articles"));
  aft_line_say(line, "Of %s, %s stood out (detector ", aft_words_noun(words, facts->days, "day", "days"),
               aft_words_count(words, facts->moves));
  aft_line_code(line, facts->detector);
  aft_line_say(
      line,
      ", threshold %s%s): %s linked to one story, %s with several stories that cannot be told apart, %s unexplained.",
      aft_words_format(words, "%.4g", facts->threshold), facts->bh ? " by Benjamini and Hochberg" : "",
      aft_words_count(words, facts->linked), aft_words_count(words, facts->not_identified),
      aft_words_count(words, facts->unexplained));
  if (facts->silent > 0 || facts->uncovered > 0)
    aft_line_say(
        line,
        " Of these %s of securities that no article is about, and %s on sessions too early or too late for any "
        "article: there the files are silent, not the market.",
        aft_words_noun(words, facts->silent, "is", "are"), aft_words_noun(words, facts->uncovered, "lies", "lie"));
  say_chance(s, line);
}

void scan_tell_caution(scan_section *s) {
  aft_line *line = aft_document_add_paragraph(s->document);
  aft_line_strong(line, "A high score is a reading list, not a cause.");
  aft_line_say(
      line,
      " It says that an article was out in time, is about the firm, came with more articles than usual and has the "
      "tone of the move. Two stories on one session share its move, and prices alone do not say who gets how much. An "
      "article of the move's own session may report the move: daily prices do not say which came first.");
}

/* What of the rows there is to show. */
typedef struct shown_columns {
  bool factors, best;
  bool has_silent; /* a move without an article */
} shown_columns;

static shown_columns choose_columns(const scan_section *s, const size_t *rows, size_t n) {
  shown_columns shown = {false, false, false};
  for (size_t i = 0; i < n; i++) {
    shown.factors = shown.factors || !isnan(number(s->moves, rows[i], "factors"));
    shown.best = shown.best || strcmp(text(s->moves, rows[i], "verdict"), "unexplained") != 0;
    shown.has_silent = shown.has_silent || !scan_has_links(s, rows[i]);
  }
  return shown;
}

static void add_move(scan_section *s, aft_grid *grid, size_t row, shown_columns shown) {
  static const char *const columns[] = {"return", "alpha", "market", "factors", "abnormal"};
  aft_words *words = s->words;
  const char *verdict = text(s->moves, row, "verdict");
  aft_grid_add(grid, text(s->moves, row, "symbol"));
  aft_grid_add(grid, text(s->moves, row, "session"));
  for (size_t c = 0; c < G_N_ELEMENTS(columns); c++) {
    double value = number(s->moves, row, columns[c]);
    if (c == 3 && !shown.factors) continue;
    aft_grid_add(grid, isnan(value) ? AFT_NO_VALUE : aft_words_hundredths(words, value));
  }
  aft_grid_add(grid, aft_words_fixed(words, number(s->moves, row, "statistic"), 1));
  aft_grid_add(grid, scan_has_links(s, row) ? name_verdict(verdict) : "no article");
  if (!shown.best) return;
  bool has_best = strcmp(verdict, "unexplained") != 0;
  aft_grid_add(grid, has_best ? aft_words_format(words, "%s (%s)", text(s->moves, row, "title"),
                                                 aft_words_fixed(words, number(s->moves, row, "score"), 2))
                              : "");
}

aft_grid *scan_grid_moves(scan_section *s, const char *name, const char *title, const size_t *rows,
                          const char *const *stories, size_t n) {
  static const char *const titles[] = {"Return, %", "Constant", "Market", "Factors", "Own part"};
  shown_columns shown = choose_columns(s, rows, n);
  aft_grid *grid = aft_grid_new(name, aft_words_format(s->words, "%s; return = constant + market + %sown part", title,
                                                       shown.factors ? "factors + " : ""));
  if (stories != NULL) aft_grid_add_column(grid, "Story", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Security", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Session", AFT_COLUMN_WORD);
  for (size_t c = 0; c < G_N_ELEMENTS(titles); c++)
    if (c != 3 || shown.factors) aft_grid_add_column(grid, titles[c], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Statistic", AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "Verdict", AFT_COLUMN_WORD);
  if (shown.best) aft_grid_add_column(grid, "Best article (score)", AFT_COLUMN_TEXT);
  for (size_t i = 0; i < n; i++) {
    if (stories != NULL) aft_grid_add(grid, stories[i]);
    add_move(s, grid, rows[i], shown);
  }
  if (shown.has_silent)
    aft_grid_add_note(grid, "No article: unexplained, and no article from three sessions before to one after is about "
                            "the security.");
  return grid;
}

bool scan_has_links(const scan_section *s, size_t row) { return number(s->moves, row, "candidates") >= 1; }

static void add_link(scan_section *s, aft_grid *grid, size_t row) {
  static const char *const components[] = {"time", "mention", "surge", "tone"};
  aft_words *words = s->words;
  bool is_rival = number(s->links, row, "rival") > 0;
  aft_grid_add_link(grid, text(s->links, row, "title"), text(s->links, row, "url"));
  aft_grid_add(grid, text(s->links, row, "story"));
  aft_grid_add(grid, aft_words_time(words, text(s->links, row, "published")));
  aft_grid_add(grid, aft_words_format(words, "%s [%s, %s]", aft_words_fixed(words, number(s->links, row, "score"), 2),
                                      aft_words_fixed(words, number(s->links, row, "low"), 2),
                                      aft_words_fixed(words, number(s->links, row, "high"), 2)));
  for (size_t c = 0; c < G_N_ELEMENTS(components); c++) {
    double value = number(s->links, row, components[c]);
    aft_grid_add(grid, isnan(value) ? AFT_NO_VALUE : aft_words_fixed(words, value, 2));
  }
  aft_grid_add(grid, is_rival ? "rival" : number(s->links, row, "sessions_before") < 0 ? "came after" : "");
}

/* The articles of one move as rows: each score between its bounds, and what it is made of. */
static aft_grid *make_links(scan_section *s, size_t move, size_t order) {
  static const char *const titles[] = {"Time", "Mention", "Surge", "Tone"};
  static const char *const keys[] = {"symbol", "session"};
  const char *values[] = {text(s->moves, move, "symbol"), text(s->moves, move, "session")};
  aft_words *words = s->words;
  g_autofree char *name = g_strdup_printf("links-%zu", order);
  aft_grid *grid = aft_grid_new(
      name, aft_words_format(words, "Articles around the move of %s on %s, score with its bounds, and its components",
                             values[0], values[1]));
  aft_grid_add_column(grid, "Article", AFT_COLUMN_TEXT);
  aft_grid_add_column(grid, "Story", AFT_COLUMN_CODE);
  aft_grid_add_column(grid, "Published", AFT_COLUMN_WORD);
  aft_grid_add_column(grid, "Score", AFT_COLUMN_WORD);
  for (size_t c = 0; c < G_N_ELEMENTS(titles); c++) aft_grid_add_column(grid, titles[c], AFT_COLUMN_NUMBER);
  aft_grid_add_column(grid, "", AFT_COLUMN_WORD);
  for (size_t row = aft_facts_find_row(s->links, 0, 2, keys, values); row < s->links->n_rows;
       row = aft_facts_find_row(s->links, row + 1, 2, keys, values))
    add_link(s, grid, row);
  double all = number(s->moves, move, "candidates"), listed = (double)aft_grid_n_rows(grid);
  if (listed < all)
    aft_grid_add_note(grid, "%s of %s are listed.", aft_words_count(words, listed),
                      aft_words_noun(words, all, "article", "articles"));
  if (order == 1 && !isnan(s->facts->time))
    aft_grid_add_note(grid,
                      "Score: the mean of its components, weighted %.2f (time), %.2f (mention), %.2f (surge) and %.2f "
                      "(tone); in brackets the least and the most of it when one of them is left out. Articles of one "
                      "story count once.",
                      s->facts->time, s->facts->mention, s->facts->surge, s->facts->tone);
  return grid;
}

/* Whether every article around the move is listed, and those in time are one story. */
static bool is_alone(const scan_section *s, size_t move) {
  static const char *const keys[] = {"symbol", "session"};
  const char *values[] = {text(s->moves, move, "symbol"), text(s->moves, move, "session")}, *first = NULL;
  size_t listed = 0;
  for (size_t row = aft_facts_find_row(s->links, 0, 2, keys, values); row < s->links->n_rows;
       row = aft_facts_find_row(s->links, row + 1, 2, keys, values)) {
    const char *story = text(s->links, row, "story");
    listed++;
    if (number(s->links, row, "sessions_before") < 0) continue;
    if (first != NULL && (story[0] == '\0' || strcmp(story, first) != 0)) return false;
    first = story;
  }
  return (double)listed >= number(s->moves, move, "candidates");
}

static void say_verdict(scan_section *s, aft_line *line, size_t row) {
  aft_words *words = s->words;
  const char *verdict = text(s->moves, row, "verdict");
  if (strcmp(verdict, "not_identified") == 0)
    aft_line_say(
        line,
        ". The best story does not stay ahead of %s when one component of the score is left out: which of them moved the price is not identified.",
        aft_words_noun(words, number(s->moves, row, "rivals"), "other story", "other stories"));
  else if (strcmp(verdict, "unexplained") == 0)
    aft_line_say(line, ". No article that was out in time reaches a score of %s.",
                 aft_words_format(words, "%.4g", s->facts->min_score));
  else if (is_alone(s, row))
    aft_line_say(line,
                 ". It is the only story about the security that was out in time: there was none to compare it with.");
  else
    aft_line_say(line, ". One story stays ahead of all others, whichever component of the score is left out.");
}

void scan_tell_links(scan_section *s, size_t row, size_t order) {
  aft_line *line = aft_document_add_paragraph(s->document);
  aft_line_strong(line, aft_words_format(s->words, "%s, %s: %s", text(s->moves, row, "symbol"),
                                         text(s->moves, row, "session"), name_verdict(text(s->moves, row, "verdict"))));
  say_verdict(s, line, row);
  aft_document_add_grid(s->document, make_links(s, row, order));
}

void scan_tell_unanswered(scan_section *s, size_t most) {
  aft_words *words = s->words;
  const aft_table *table = s->unanswered;
  if (table->n_rows == 0) {
    aft_line_say(
        aft_document_add_paragraph(s->document),
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
  for (size_t row = 0; row < MIN(table->n_rows, most); row++) {
    double own = number(table, row, "abnormal");
    aft_grid_add(grid, text(table, row, "symbol"));
    aft_grid_add(grid, text(table, row, "session"));
    aft_grid_add(grid, text(table, row, "articles"));
    aft_grid_add(grid, isnan(own) ? AFT_NO_VALUE : aft_words_hundredths(words, own));
    aft_grid_add(grid, text(table, row, "title"));
  }
  if (table->n_rows > most)
    aft_grid_add_note(grid, "%s more are in unanswered.csv.", aft_words_count(words, (double)(table->n_rows - most)));
  aft_document_add_grid(s->document, grid);
}
