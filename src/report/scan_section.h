/* What is told of a scan, in its own document and in the report of a run. */
#ifndef REPORT_SCAN_SECTION_H
#define REPORT_SCAN_SECTION_H

#include "document.h"
#include "story_words.h"

#include <jansson.h>

/* The scan of scan.json or result.json; texts live as long as `text`. */
void scan_facts_read(aft_fact_scan *scan, GStringChunk *text, const json_t *root);

typedef struct scan_section {
  const aft_fact_scan *facts; /* borrowed, as everything but order */
  const aft_table *moves, *links, *unanswered;
  aft_words *words;
  aft_document *document;
  size_t *order; /* [moves->n_rows] by size of the abnormal return; owned */
} scan_section;

void scan_section_init(scan_section *section);
void scan_section_clear(scan_section *section);

/* How many days stood out, what is said of them, what chance would give, and what a score is worth. */
void scan_tell_question(scan_section *section);
void scan_tell_caution(scan_section *section);

/* The moves of rows [n] in that order; stories: NULL, or the study's own story on each of them. The caller owns the grid. */
aft_grid *scan_grid_moves(scan_section *section, const char *name, const char *title, const size_t *rows,
                          const char *const *stories, size_t n);
/* Whether an article lies around the move. */
bool scan_has_links(const scan_section *section, size_t row);
/* What could explain the move: its verdict in a sentence, and its articles; order: from 1, of the table. */
void scan_tell_links(scan_section *section, size_t row, size_t order);
/* The sessions of much news that no move followed, no more than `most` of them. */
void scan_tell_unanswered(scan_section *section, size_t most);

#endif
