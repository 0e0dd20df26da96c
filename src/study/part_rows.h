/* The rows of one fit over one part of the events, put away as bytes and got back. */
#ifndef STUDY_PART_ROWS_H
#define STUDY_PART_ROWS_H

#include "study_internal.h"

/* What of a fit is no column of the result: per candidate event of the part. */
typedef struct part_lists {
  size_t n;            /* candidates */
  const char **reason; /* [n] why it is excluded; NULL */
  int *n_obs;          /* [n] of an excluded one */
  size_t n_windows;    /* of the model's bhar, ... */
  size_t stride;       /* ... whose rows of one window are so far from those of the next */
} part_lists;

/* Puts the lists and every row of the model, which are those of the candidates without a reason. */
bool part_rows_put(const aft_parts *parts, const aft_model_result *model, const part_lists *lists,
                   GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Fills the lists of a part, whose n is known, and then the model's rows from `row` on, for which there is room; *n_kept is their number.
 * What places an event (event, security, session, market, firm) is not there. Fails when get does, and on bytes that cannot
 * be of this fit. Texts become static.
 */
bool part_rows_get(const aft_parts *parts, size_t part, aft_model_result *model, size_t row, part_lists *lists,
                   size_t *n_kept, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
