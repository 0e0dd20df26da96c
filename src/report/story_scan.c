/* Section "Which days stood out": the scan of a run, the study's own events first. */
#include "scan_section.h"
#include "story.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_OWN = 25, MOST_OTHERS = 15, MOST_DETAILS = 4, MOST_UNANSWERED = 15 };

/* Rows of moves.csv, the largest move first: those on the session of a used event of the security, and the others. */
typedef struct sorted_moves {
  scan_section section;
  size_t *own, *others; /* owned */
  const char **stories; /* [n_own] names of the events; owned */
  size_t n_own, n_others;
  size_t n_events; /* used events on such a session */
} sorted_moves;

static const char *event_key(const char *symbol, const char *session, aft_words *words) {
  return aft_words_format(words, "%s\x1f%s", symbol, session);
}

/* (symbol, session) -> names of the used events there; both borrowed from the story. */
static GHashTable *index_events(aft_story *story) {
  const aft_table *events = &story->facts->events_table;
  GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, NULL, (GDestroyNotify)g_ptr_array_unref);
  for (size_t row = 0; row < events->n_rows; row++) {
    if (strcmp(aft_facts_text(events, row, "status"), "used") != 0) continue;
    const char *key =
        event_key(aft_facts_text(events, row, "symbol"), aft_facts_text(events, row, "session"), &story->words);
    GPtrArray *names = g_hash_table_lookup(index, key);
    if (names == NULL) {
      names = g_ptr_array_new();
      g_hash_table_insert(index, (gpointer)(guintptr)key, names);
    }
    g_ptr_array_add(names, (gpointer)(guintptr)aft_facts_text(events, row, "event"));
  }
  return index;
}

static void sort_moves(aft_story *story, sorted_moves *moves) {
  const aft_table *table = &story->facts->moves_table;
  scan_section *section = &moves->section;
  g_autoptr(GHashTable) index = index_events(story);
  moves->own = g_new(size_t, table->n_rows + 1);
  moves->others = g_new(size_t, table->n_rows + 1);
  moves->stories = g_new(const char *, table->n_rows + 1);
  for (int pass = 0; pass < 2; pass++) /* of the others those with a story first */
    for (size_t i = 0; i < table->n_rows; i++) {
      size_t row = section->order[i];
      const char *key =
          event_key(aft_facts_text(table, row, "symbol"), aft_facts_text(table, row, "session"), &story->words);
      const GPtrArray *names = g_hash_table_lookup(index, key);
      bool has_story = strcmp(aft_facts_text(table, row, "verdict"), "unexplained") != 0;
      if (names == NULL && has_story == (pass == 0)) moves->others[moves->n_others++] = row;
      if (names == NULL || pass > 0) continue;
      moves->stories[moves->n_own] = aft_words_join(&story->words, names, 3);
      moves->own[moves->n_own++] = row;
      moves->n_events += names->len;
    }
}

static void tell_chart(aft_story *story) {
  aft_line *caption = aft_story_add_chart(story, "moves", "Abnormal moves over time, linked ones with their article");
  if (caption != NULL)
    aft_line_say(caption, "Each stem is a day whose abnormal return stood out; the largest are named.");
}

static void say_focus(aft_story *story, const sorted_moves *moves, aft_line *line) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *table = &story->facts->moves_table;
  static const char *const keys[] = {"symbol", "session"};
  const char *values[] = {focus->symbol, focus->session};
  if (!aft_story_has_focus(story)) return;
  size_t row = aft_facts_find_row(table, 0, 2, keys, values);
  aft_line_say(line, " %s on %s, the session of ", focus->symbol, focus->session);
  aft_line_code(line, focus->event);
  if (row < table->n_rows)
    aft_line_say(line, ", is %s: %s of its own, a statistic of %s.", moves->n_own == 1 ? "the one" : "one of them",
                 aft_words_signed_percent(&story->words, aft_facts_number(table, row, "abnormal")),
                 aft_words_fixed(&story->words, aft_facts_number(table, row, "statistic"), 1));
  else
    aft_line_say(line, ", is none of them: such a day is not out of the ordinary for the detector.");
}

/* What a verdict of "unexplained" is worth where no article is about the security. */
static void warn_silent(aft_story *story, const sorted_moves *moves) {
  size_t n = 0;
  for (size_t i = 0; i < moves->n_own; i++) n += !scan_has_links(&moves->section, moves->own[i]);
  if (n == 0) return;
  aft_line_say(aft_document_add_paragraph(story->document),
               "%s unexplained for want of an article about the security: that the story "
               "concerns it is what the events of the study say, and the articles here neither confirm nor deny it.",
               aft_words_noun(&story->words, (double)n, "of them is", "of them are"));
}

static void tell_own(aft_story *story, sorted_moves *moves) {
  aft_words *words = &story->words;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_strong(line, "The study's events among these days.");
  if (story->facts->n_events_used == 0) {
    aft_line_say(line, " No event of the study was used.");
    return;
  }
  aft_line_say(
      line,
      " The scan knows nothing of the events: it looks at every day alike. Of the study's %s, %s on a day that stood out.",
      aft_words_noun(words, story->facts->n_events_used, "event", "events"),
      moves->n_events == 0 ? "none fell" : aft_words_noun(words, (double)moves->n_events, "fell", "fell"));
  say_focus(story, moves, line);
  if (moves->n_own == 0) return;
  aft_grid *grid = scan_grid_moves(&moves->section, "moves-events", "Events on days that stood out, in percent",
                                   moves->own, moves->stories, MIN(moves->n_own, MOST_OWN));
  if (moves->n_own > MOST_OWN)
    aft_grid_add_note(grid, "%s more are in moves.csv.", aft_words_count(words, (double)(moves->n_own - MOST_OWN)));
  aft_grid_add_note(
      grid,
      "Own part: the residual of one regression over all sessions of the security, so that it differs from "
      "the abnormal return of the event, whose model was fitted %s it.",
      aft_story_where(story));
  aft_document_add_grid(story->document, grid);
  warn_silent(story, moves);
}

/* Articles of the move's session, of those that are listed, that came out while the exchange was open. */
static void warn_during(aft_story *story, const sorted_moves *moves, size_t move) {
  static const char *const keys[] = {"symbol", "session", "sessions_before"}, *const id[] = {"article"};
  const aft_table *links = moves->section.links, *articles = &story->facts->articles_table;
  const char *values[] = {aft_facts_text(moves->section.moves, move, "symbol"),
                          aft_facts_text(moves->section.moves, move, "session"), "0"};
  size_t n = 0, during = 0;
  if (aft_story_has_markets(story)) return; /* articles.csv tells the hours of the study's own exchange */
  for (size_t row = aft_facts_find_row(links, 0, 3, keys, values); row < links->n_rows;
       row = aft_facts_find_row(links, row + 1, 3, keys, values)) {
    const char *article[] = {aft_facts_text(links, row, "article")};
    size_t at = aft_facts_find_row(articles, 0, 1, id, article);
    n++;
    during += at < articles->n_rows && strcmp(aft_facts_text(articles, at, "rule"), "during") == 0;
  }
  if (during == 0) return;
  aft_line_say(
      aft_document_add_paragraph(story->document),
      "Of the listed articles of that session %s out while the exchange was open, and may report the move rather "
      "than cause it; %s before it opened.",
      aft_words_noun(&story->words, (double)during, "came", "came"),
      n == during ? "none came" : aft_words_noun(&story->words, (double)(n - during), "came", "came"));
}

/* What could explain moves of the list, the focus event's first; returns the number told so far. */
static size_t tell_details(aft_story *story, sorted_moves *moves, const size_t *rows, size_t n, size_t told) {
  const aft_fact_focus *focus = &story->facts->focus;
  const aft_table *table = &story->facts->moves_table;
  size_t most = told + MOST_DETAILS;
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < n && told < most; i++) {
      bool is_focus = strcmp(aft_facts_text(table, rows[i], "symbol"), focus->symbol) == 0 &&
                      strcmp(aft_facts_text(table, rows[i], "session"), focus->session) == 0;
      if (is_focus != (pass == 0) || !scan_has_links(&moves->section, rows[i])) continue;
      scan_tell_links(&moves->section, rows[i], ++told);
      warn_during(story, moves, rows[i]);
    }
  return told;
}

static void tell_others(aft_story *story, sorted_moves *moves) {
  aft_words *words = &story->words;
  if (moves->n_others == 0) return;
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_strong(line, "The other days.");
  aft_line_say(line, " %s out on which the study has no event: news that it does not know of, or none.",
               aft_words_noun(words, (double)moves->n_others, "day stood", "days stood"));
  aft_grid *grid = scan_grid_moves(&moves->section, "moves",
                                   "Other days that stood out, in percent: those with a story, then the largest",
                                   moves->others, NULL, MIN(moves->n_others, MOST_OTHERS));
  if (moves->n_others > MOST_OTHERS)
    aft_grid_add_note(grid, "%s more are in moves.csv.",
                      aft_words_count(words, (double)(moves->n_others - MOST_OTHERS)));
  aft_document_add_grid(story->document, grid);
}

/* Events of the study whose own news nothing followed. */
static void name_unanswered(aft_story *story, aft_line *line) {
  const aft_table *table = &story->facts->unanswered_table;
  g_autoptr(GHashTable) index = index_events(story);
  size_t told = 0;
  for (size_t row = 0; row < table->n_rows && told < 3; row++) {
    const char *symbol = aft_facts_text(table, row, "symbol"), *session = aft_facts_text(table, row, "session");
    const GPtrArray *names = g_hash_table_lookup(index, event_key(symbol, session, &story->words));
    if (names == NULL) continue;
    told++;
    aft_line_say(line, " The news of ");
    aft_line_code(line, g_ptr_array_index(names, 0));
    aft_line_say(line, ", %s on its session %s, was followed by no move of %s within three sessions.",
                 aft_words_noun(&story->words, aft_facts_number(table, row, "articles"), "article", "articles"),
                 session, symbol);
  }
}

static void tell_unanswered(aft_story *story, sorted_moves *moves) {
  aft_line *line = aft_document_add_paragraph(story->document);
  aft_line_strong(line, "News without a move.");
  name_unanswered(story, line);
  scan_tell_unanswered(&moves->section, MOST_UNANSWERED);
}

aft_grid *aft_story_grid_moves(aft_story *story) {
  const aft_facts *facts = story->facts;
  scan_section section = {.facts = &facts->scan,
                          .moves = &facts->moves_table,
                          .links = &facts->links_table,
                          .unanswered = &facts->unanswered_table,
                          .words = &story->words};
  scan_section_init(&section);
  aft_grid *grid = scan_grid_moves(&section, "moves", "Days that stood out, in percent, the largest first",
                                   section.order, NULL, facts->moves_table.n_rows);
  scan_section_clear(&section);
  return grid;
}

void aft_story_tell_scan(aft_story *story) {
  const aft_facts *facts = story->facts;
  if (facts->scan.detector[0] == '\0') return;
  sorted_moves moves = {.section = {.facts = &facts->scan,
                                    .moves = &facts->moves_table,
                                    .links = &facts->links_table,
                                    .unanswered = &facts->unanswered_table,
                                    .words = &story->words,
                                    .document = story->document}};
  scan_section_init(&moves.section);
  sort_moves(story, &moves);
  aft_document_add_heading(story->document, "moves", "Which days stood out, and which news was there");
  scan_tell_question(&moves.section);
  scan_tell_caution(&moves.section);
  tell_chart(story);
  tell_own(story, &moves);
  size_t told = tell_details(story, &moves, moves.own, moves.n_own, 0);
  tell_others(story, &moves);
  tell_details(story, &moves, moves.others, moves.n_others, told);
  tell_unanswered(story, &moves);
  scan_section_clear(&moves.section);
  g_free(moves.own);
  g_free(moves.others);
  g_free(moves.stories);
}
