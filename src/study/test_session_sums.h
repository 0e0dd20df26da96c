/* Events grouped by exchange and session, and sums over a group of standardised residuals: correlations without pairs. */
#ifndef AFTERSHOCK_STUDY_TEST_SESSION_SUMS_H
#define AFTERSHOCK_STUDY_TEST_SESSION_SUMS_H

#include <aftershock/study/abnormal.h>

typedef struct aft_dated_event {
  int market, session;
  bool complete; /* a residual on every estimation session */
  size_t row;
} aft_dated_event;

/* By market, session, row. */
void aft_dated_events_sort(aft_dated_event *event, size_t n);

/* Events of one session of one exchange: event[first .. last-1]. */
typedef struct aft_date_group {
  size_t first, last;
} aft_date_group;

/* The group that begins at event[first] of the n sorted ones. */
aft_date_group aft_date_group_at(const aft_dated_event *event, size_t n, size_t first);

/* A group's residuals by session: sum and number of the standardised ones. */
typedef struct aft_session_sums {
  double *total, *count; /* [n_est]; owned */
  double *work;          /* [n_est] */
  double n_values;
  size_t varying; /* series that have enough residuals, and vary */
} aft_session_sums;

void aft_session_sums_init(aft_session_sums *sums, int n_est);
void aft_session_sums_clear(aft_session_sums *sums);

/*
 * Fills the sums of the group's series over the columns [n] of the estimation window, each series standardised over the residuals
 * that it has there; a series with fewer than 10, or constant, is left out. Cost O(n) a series.
 */
void aft_session_sums_fill(const aft_abnormal *abnormal, const aft_dated_event *event, aft_date_group group,
                           const int *column, size_t n, aft_session_sums *sums);

/*
 * Sum of the correlations of the pairs of two groups whose sums are over the same n sessions, or days,
 *
 *   number of pairs times  sum_t S_t S'_t / sum_t M_t M'_t          S sum of standardised residuals, M their number
 *
 * With complete series it is the sum over all pairs; with gaps a pair weighs by its common sessions, and each series is
 * standardised over its own. *counted: pairs of series that vary; 0 when they have no session in common.
 */
double aft_session_sums_between(const aft_session_sums *a, const aft_session_sums *b, size_t n, size_t *counted);

/* The same of the pairs within one group: sum_t (S_t^2 - Q_t) / sum_t (M_t^2 - M_t), Q sum of squares. */
double aft_session_sums_within(const aft_session_sums *sums, size_t n, size_t *counted);

#endif
