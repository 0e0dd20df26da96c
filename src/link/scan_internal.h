/* Parts of the scan; internal to scan*.c. */
#ifndef LINK_SCAN_INTERNAL_H
#define LINK_SCAN_INTERNAL_H

#include <aftershock/link/residual.h>
#include <aftershock/link/scan.h>

/* What one security gives; links count its own moves. */
typedef struct scan_found {
  GArray *moves, *links, *unanswered; /* owned */
} scan_found;

/* One security while its moves are linked. */
typedef struct scan_security {
  const aft_scan_options *options;
  const aft_panel *panel;
  const aft_news *news;
  size_t security;
  const double *abnormal, *statistic; /* [n_sessions] */
  double *counts;                     /* [n_sessions] workspace */
} scan_security;

/* Fills links and unanswered, and the verdicts of the moves. */
void scan_link_moves(const scan_security *s, scan_found *found);

#endif
