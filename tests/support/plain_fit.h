/* Fits of the study in plain C that the program is measured beside: the estimation window [-260, -11], the CAR over [-1, 1]. */
#ifndef TESTS_PLAIN_FIT_H
#define TESTS_PLAIN_FIT_H

enum { PLAIN_FIRST_EST = -260, PLAIN_LAST_EST = -11, PLAIN_FIRST_CAR = -1, PLAIN_LAST_CAR = 1, PLAIN_MOST_TERMS = 6 };

/* Columns of all sessions: x[0] is 1; two terms are a line, six five factors. The returns are fitted less rf. */
typedef struct plain_regressors {
  int n_terms;
  double *x[PLAIN_MOST_TERMS], *rf;
} plain_regressors;

/* X'X = L L' of the n days of the estimation window of a session, and z = L^-1 X*'1 of its CAR. */
typedef struct plain_design {
  int n;
  double l[PLAIN_MOST_TERMS][PLAIN_MOST_TERMS], z[PLAIN_MOST_TERMS], zz;
} plain_design;

/* A CAR with its whole prediction error, s sqrt(days + z'z); NaN where a return of the CAR is missing. */
typedef struct plain_outcome {
  double car, se;
  int df;
} plain_outcome;

/* From the days of y that there are; y NULL: from all. */
plain_design plain_design_make(const plain_regressors *r, int session, const double *y);

/*
 * One event of a security with returns y; design is its session's, of all days. A line takes two passes: the mean, then squares and products about it.
 * Five factors take one: y'y less the square of L^-1 X'y. A missing return takes the event to a design of its own.
 */
plain_outcome plain_fit(const plain_regressors *r, const plain_design *design, const double *y, int session);

#endif
