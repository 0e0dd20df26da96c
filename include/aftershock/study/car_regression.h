/* Cross-sectional regressions of CARs on what is known about the events. */
#ifndef AFTERSHOCK_STUDY_CAR_REGRESSION_H
#define AFTERSHOCK_STUDY_CAR_REGRESSION_H

#include <aftershock/stats/regression.h>
#include <aftershock/study/abnormal.h>

#include <glib.h>

/* Errors of a regression as study files name them. */
typedef struct aft_car_errors {
  const char *name;
  enum aft_regression_errors errors;
  bool by_firm; /* clusters are firms; else, for AFT_ERRORS_CLUSTER, dates */
} aft_car_errors;
/* All of them, the default first; *n is their number. */
const aft_car_errors *aft_car_errors_table(size_t *n);

/* One explanatory variable, with its value for each event of the study once the files are read. */
typedef struct aft_car_term {
  char *name;       /* column of the covariates, or "group" for the events' own; owned */
  bool categorical; /* one dummy a label but for the base */
  char *base;       /* owned; NULL: the first label in alphabetical order */
  double *value;    /* [n study events] NaN is missing; NULL for a categorical term; owned */
  char **label;     /* [n study events] NULL is missing; of a categorical term; owned, with its texts */
} aft_car_term;

/* One regression that the study asks for. */
typedef struct aft_car_regression_spec {
  char *name;       /* owned, unique */
  char *covariates; /* file; NULL when the only term is the events' group; owned */
  aft_car_term *terms;
  size_t n_terms;
  aft_window *windows; /* [n_windows] inside the event window; n_windows 0: those of the study; owned */
  size_t n_windows;
  const aft_car_errors *errors; /* borrowed from the table */
  bool by_variance;             /* weighted by 1 / Var(CAR) */
  size_t n_events;              /* events that the terms have values for */
  char *
      *missing; /* [n_events] why an event has no place in the regression: "no row in firms.csv"; NULL: it has; owned */
  long line;    /* in the study file */
} aft_car_regression_spec;
void aft_car_regression_spec_clear(aft_car_regression_spec *spec);

/* Events of a regression as arrays: the complete ones of a sample over one window. */
typedef struct aft_car_regression_row {
  const aft_car_regression_spec *spec; /* borrowed from the config */
  size_t sample;
  aft_window window;
  size_t n, without_car, without_covariates; /* events that enter; of the sample those that do not */
  char **terms;                              /* [k] and NULL: "constant", "size", "group:chips"; owned */
  int k;                                     /* coefficients; 0 when there is no regression */
  aft_regression fit;
} aft_car_regression_row;
void aft_car_regression_row_clear(aft_car_regression_row *row);

/*
 * CAR_i = b'x_i + e_i over the members [n] of abnormal that have a CAR over row->window and every value, x_i the constant, numeric
 * terms as they are, and for a categorical one a dummy for each label among these events but the base. With by_variance,
 * weighted by 1 / Var(CAR_i); an event without residual variance has no CAR then. Fills n, the two counts, terms, k and fit of a row whose spec and window are set.
 * Undefined as aft_regression_fit says; also when no event has the base, or there are more than AFT_OLS_MAX_COEF columns.
 */
void aft_car_regression_fit(const aft_abnormal *abnormal, const size_t *member, size_t n, aft_car_regression_row *row);

#endif
