/* Corrections for the number of windows that are tested. */
#ifndef AFTERSHOCK_STUDY_ADJUST_H
#define AFTERSHOCK_STUDY_ADJUST_H

#include <stddef.h>

/* What p_adjusted of tests.csv can be. */
typedef struct aft_adjustment {
  const char *name;  /* as in study files: "holm" */
  const char *label; /* of a column: "Holm" */
  const char *owner; /* before "correction": "Holm's" */
  const char *note;  /* of a table: what the label stands for and what it controls */
  void (*apply)(const double *p, size_t n, double *adjusted);
} aft_adjustment;

/* All of them, the default first; *n is their number. */
const aft_adjustment *aft_adjustments(size_t *n);
const aft_adjustment *aft_adjustment_find(const char *name); /* NULL when unknown */

#endif
