/* scan.md and scan.html: which moves stood out, what competes to explain them, and what stays open. */
#include <aftershock/report/scan.h>

#include "command_story.h"
#include "scan_section.h"

#include <aftershock/base/banned.h>

enum { MOST_ROWS = 40, MOST_DETAILS = 15 };

typedef struct story {
  command_story base;
  aft_table moves, links, unanswered;
  aft_fact_scan facts;
  scan_section section;
} story;

static bool read_story(story *s, GError **error) {
  if (!command_story_read(&s->base, "scan.json", error) ||
      !aft_table_read(&s->moves, s->base.folder, "moves.csv", error) ||
      !aft_table_read(&s->links, s->base.folder, "links.csv", error) ||
      !aft_table_read(&s->unanswered, s->base.folder, "unanswered.csv", error))
    return false;
  scan_facts_read(&s->facts, s->base.words.chunk, s->base.root);
  return true;
}

static void clear_story(story *s) {
  aft_table_clear(&s->moves);
  aft_table_clear(&s->links);
  aft_table_clear(&s->unanswered);
  command_story_clear(&s->base);
}

static void tell_chart(story *s) {
  g_autofree char *path = g_build_filename(s->base.folder, "charts", "moves.png", NULL);
  if (!g_file_test(path, G_FILE_TEST_IS_REGULAR)) return;
  aft_line *line = aft_document_add_figure(s->base.document, "charts/moves.png", CHART_WIDTH, CHART_HEIGHT,
                                           "Abnormal moves over time, linked ones with their article");
  aft_line_say(line, "Each stem is a day whose abnormal return stood out; the largest are named.");
}

static void tell_moves(story *s) {
  aft_document_add_heading(s->base.document, "moves", "The moves");
  if (s->moves.n_rows == 0) {
    aft_line_say(aft_document_add_paragraph(s->base.document), "No day stood out.");
    return;
  }
  aft_grid *grid = scan_grid_moves(&s->section, "moves", "Abnormal moves in percent, the largest first",
                                   s->section.order, NULL, MIN(s->moves.n_rows, MOST_ROWS));
  if (s->moves.n_rows > MOST_ROWS)
    aft_grid_add_note(grid, "%s more are in moves.csv.",
                      aft_words_count(&s->base.words, (double)(s->moves.n_rows - MOST_ROWS)));
  aft_document_add_grid(s->base.document, grid);
}

static void tell_links(story *s) {
  size_t told = 0;
  aft_document_add_heading(s->base.document, "links", "What could explain them");
  for (size_t i = 0; i < s->moves.n_rows && told < MOST_DETAILS; i++)
    if (scan_has_links(&s->section, s->section.order[i])) scan_tell_links(&s->section, s->section.order[i], ++told);
  if (told == 0)
    aft_line_say(aft_document_add_paragraph(s->base.document),
                 "No article about these securities lies within three sessions before a move.");
}

static void tell(story *s) {
  s->section = (scan_section){.facts = &s->facts,
                              .moves = &s->moves,
                              .links = &s->links,
                              .unanswered = &s->unanswered,
                              .words = &s->base.words,
                              .document = s->base.document};
  scan_section_init(&s->section);
  scan_tell_question(&s->section);
  scan_tell_caution(&s->section);
  tell_chart(s);
  tell_moves(s);
  tell_links(s);
  aft_document_add_heading(s->base.document, "unanswered", "News without a move");
  scan_tell_unanswered(&s->section, MOST_ROWS);
  command_story_end(&s->base, "scan");
  scan_section_clear(&s->section);
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
