/* How other programs would have it: their conventions, one by one and together, as parameters of the same code. */
#ifndef AFTERSHOCK_STUDY_COMPAT_H
#define AFTERSHOCK_STUDY_COMPAT_H

#include <stddef.h>

typedef struct aft_compat_setting aft_compat_setting;

/* One thing that a program does otherwise. */
typedef struct aft_convention {
  const char *name; /* "residual_n_1" */
  const char *what; /* in a table: "residual variance over T - 1" */
  void (*apply)(aft_compat_setting *setting);
} aft_convention;

/* A program. */
typedef struct aft_compat_profile {
  const char *name;   /* as in study files: "stata-estudy" */
  const char *title;  /* in sentences: "estudy (Stata)" */
  const char *source; /* how its conventions are known, a clause: "read in its source, version 2.1.2" */
  const aft_convention *conventions[12]; /* NULL-terminated */
  const char *tests[10];       /* that it makes over windows of any length, NULL-terminated; car_t, caar too */
  const char *daily_tests[10]; /* that it makes for single days alone, NULL-terminated */
} aft_compat_profile;

/* All of them; *n is their number. */
const aft_compat_profile *aft_compat_profiles(size_t *n);

/*
 * A statistic of the study as the program would have it, and what one of its conventions alone does to ours. A statistic that several
 * conventions move has a row for each, the strongest first; one that none moves has a single row without a convention.
 */
typedef struct aft_compat_row {
  const aft_compat_profile *profile;
  size_t sample, window;
  const char *test; /* a test's name; "car_t": the t of the focus event's CAR; "caar": the average CAR itself */
  double ours, ours_p, theirs, theirs_p; /* statistics and p-values; of caar the average and no p */
  const aft_convention *convention;      /* NULL for none */
  double effect, effect_p;               /* of the convention alone, minus ours; NaN without one */
} aft_compat_row;

#endif
