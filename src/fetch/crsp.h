/* CRSP's daily file as CSV, exported by a person or made of a query: what its codes mean. Internal to fetch/. */
#ifndef FETCH_CRSP_H
#define FETCH_CRSP_H

#include "session.h"

/* What was met while reading; may be summed over many texts. */
typedef struct fetch_crsp_counts {
  size_t n_rows;         /* of the window and the securities that are wanted */
  guint n_missing;       /* returns that are missing, or coded as missing */
  guint n_delisted;      /* delisting returns that were joined to the day's */
  guint n_unknown_exits; /* delistings without a return */
  aft_day last;          /* the latest day; AFT_DAY_NONE: none */
} fetch_crsp_counts;

void fetch_crsp_counts_init(fetch_crsp_counts *counts);

/*
 * Appends the total returns of a text with PERMNO, a day and a return: PERMNO, date, RET of the old format, PERMNO, DlyCalDt, DlyRet of the
 * new one, in any letter case.
 *
 *   return = RET;  (1 + RET) (1 + DLRET) - 1 on a day with both;  DLRET where there is no RET
 *
 * DLRET, DLSTCD  of the old format, may be absent; in the new one the return holds the delisting return already
 * missing        empty, a point, a letter, or a number below -1: CRSP's codes -44 to -99; -1 itself is a total loss
 *
 * path   for messages
 * name   what the security is called; NULL: the number, or its ticker where the query asks for that, and only what the query asks for
 *
 * Fails with ANSWER, naming the line.
 */
bool fetch_crsp_read(fetch_session *session, const char *path, const char *text, size_t size, const char *name,
                     fetch_crsp_counts *counts, GError **error);

/* Says what was met, where there is something to say. */
void fetch_crsp_warn(fetch_session *session, const char *path, const fetch_crsp_counts *counts);

#endif
