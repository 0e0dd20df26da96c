/* Portfolios in calendar time: each session, the firms whose event windows it lies in. */
#ifndef AFTERSHOCK_STUDY_CALENDAR_TIME_H
#define AFTERSHOCK_STUDY_CALENDAR_TIME_H

#include <aftershock/study/abnormal.h>
#include <aftershock/study/test.h>

#include <glib.h>

/* What a study asks for. */
typedef struct aft_calendar_time_options {
  bool wanted;
  int min_firms;   /* a session with fewer active firms has no portfolio */
  bool one_window; /* window, inside the event window, instead of every one of the study */
  aft_window window;
  int lag; /* autocovariances of `hac`; -1: aft_regression_default_lag of the sessions */
} aft_calendar_time_options;

/* The portfolio of one day. */
typedef struct aft_portfolio_day {
  aft_day day;          /* as aft_abnormal_date gives it */
  size_t firms, events; /* active on it; a firm with several events counts once */
  double abnormal;      /* p_s: mean over firms of the mean of their active events' abnormal returns */
  double realised;      /* the same of returns */
  double standardised;  /* p_s / sd of the same portfolio over the estimation window; NaN when that is not positive */
} aft_portfolio_day;

/*
 * Portfolios of the events member [n] (rows of abnormal), each active from relative session first to last: an event enters a
 * session with its abnormal return, and only where it has one. A return over several sessions counts on the last of them, when
 * all lie in the window. In order of time; array of aft_portfolio_day, owned.
 *
 *   z_s = p_s / sd_tau(q_tau),  q_tau = the portfolio of the same firms and events made of their residuals at relative session tau
 *
 * Cost O(n L log(n L) + sum over sessions with a new composition of events x estimation sessions).
 * Sources: Jaffe (1974), J. Business 47; Mandelker (1974), J. Financial Economics 1; Fama (1998), J. Financial Economics 49.
 */
GArray *aft_portfolio_build(const aft_abnormal *abnormal, const size_t *member, size_t n, int first, int last,
                            int min_firms);

/* One statistic of a portfolio. */
typedef struct aft_calendar_test {
  const char *name;            /* "calendar_time_t" */
  const char *title;           /* for tables */
  const char *null_hypothesis; /* one line */
} aft_calendar_test;
/* All of them in the order of tables; *n is their number. */
const aft_calendar_test *aft_calendar_tests(size_t *n);

/* What the portfolio's returns are explained with, for the tests of alpha. */
typedef struct aft_portfolio_factors {
  int n;
  const aft_day *day; /* [n_sessions] ascending: days of the columns; NULL: columns stand for days */
  size_t n_sessions;
  const double *const *row; /* [n][n_sessions]; NaN is missing */
  const double *rf;         /* [n_sessions] taken off the portfolio's return; NULL: none */
} aft_portfolio_factors;

typedef struct aft_calendar_row {
  size_t sample;
  int first, last; /* the window */
  const aft_calendar_test *test;
  double firms; /* mean number per session */
  int lag;      /* autocovariances taken in; -1 where there are none */
  double standard_error;
  aft_test_result result; /* n: sessions */
} aft_calendar_row;

typedef struct aft_calendar_day {
  size_t sample;
  int first, last;
  aft_portfolio_day day;
} aft_calendar_day;

/*
 * Statistic number `test` of aft_calendar_tests over a portfolio (days, of aft_portfolio_day). Fills test, firms, lag,
 * standard_error and result; lag < 0: the default.
 */
void aft_calendar_test_compute(size_t test, const GArray *days, const aft_portfolio_factors *factors, int lag,
                               aft_calendar_row *row);

#endif
