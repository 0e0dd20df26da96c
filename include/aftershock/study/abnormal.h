/* Abnormal returns of every event of one model: residuals before the event, forecast errors around it. */
#ifndef AFTERSHOCK_STUDY_ABNORMAL_H
#define AFTERSHOCK_STUDY_ABNORMAL_H

#include <aftershock/base/clock.h>
#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aft_window {
  int first, last; /* relative sessions, both included */
} aft_window;

/* What a window's sum does about a day without an abnormal return. */
enum aft_missing {
  AFT_MISSING_EXCLUDE, /* there is no sum */
  AFT_MISSING_SKIP,    /* the day is left out of the sum and of its variance */
  AFT_MISSING_ZERO     /* the day adds 0 to the sum and its part to the variance */
};

/* Where the regressors of one exchange's events stand; the arrays are borrowed, [n_sessions] each row. */
typedef struct aft_regressor_rows {
  bool constant; /* a column of ones goes before them */
  int n;
  const double *const *row; /* [n] */
  const double *const *own; /* [n_securities] a row of the security's own in place of row[0]; or NULL */
  long n_sessions;
} aft_regressor_rows;

/* What the fit of one event is told by: side by side, as they are written and read together. */
typedef struct aft_event_fit {
  int n_obs, n_coef;         /* T_i, k_i */
  int n_terms;               /* coefficients that the model reports */
  int first_used, last_used; /* relative session of the first and last observation that the fit rests on */
  guint32 root;              /* number of its R, where events share them */
  double df;                 /* d_i */
  double sigma;              /* s_i; 0 for a perfect fit */
  double r_squared;          /* NaN when undefined */
} aft_event_fit;

/*
 * Arrays over the events that the model could be fitted to. The covariance of an event's forecast errors is kept
 * in factored form,
 *
 *   V_i = diag(h_i) + Z_i Z_i'          h_i [n_rel],  Z_i [n_rel][n_z]
 *
 * so that 1'V1 over a window costs O(L n_z): sum h + |sum of rows of Z|^2. Of least squares h = s^2 and Z = s X* R^-1: R is kept, and
 * Z made when it is asked for, which takes a tenth of the memory.
 * Times are relative sessions: column j of the estimation arrays is first_est + j, of the event arrays first_rel + j.
 */
typedef struct aft_abnormal {
  size_t n_events;
  int first_est, n_est;     /* estimation window */
  int first_rel, n_rel;     /* event grid */
  int n_z;                  /* columns of Z; 0 when nothing is forecast with error */
  enum aft_missing missing; /* with gap returns AFT_MISSING_EXCLUDE: they have a rule of their own */
  bool estimates_mean;      /* false without an estimated mean: placebo sums need no L/T correction */

  guint32 *event; /* [n_events] index in the study's events */
  int *security;  /* [n_events] row in the panel of its exchange */
  int *session;   /* [n_events] column of the event session in that panel */
  int *market;    /* [n_events] number of the exchange; NULL: one for all */
  int *firm;      /* [n_events] equal for events of one firm; NULL: each security is one */
  const aft_day *
      *day; /* [n_markets] of the columns of each exchange's panel; the days borrowed; NULL: columns stand for days */
  aft_event_fit *fit; /* [n_events] */
  double *loglik;     /* [n_events] NaN when the model has none; NULL: it never has */
  const char **note;  /* [n_events] static text or NULL; NULL: there are none */

  int *gap; /* [n_events][n_rel] sessions that the day's return covers, 0 without a trade; NULL: each day its own */
  double *residual; /* [n_events][n_est]; NaN where no observation; NULL: not kept, because no test asks for them */
  double *
      realised; /* [n_events][n_rel] returns in the form of the model's study; NaN when missing; NULL: not kept, as nobody asks */
  double *expected; /* [n_events][n_rel] likewise */
  double *abnormal; /* [n_events][n_rel] */
  double *h;        /* [n_events][n_rel]; NULL with root, as is z */
  double *z;        /* [n_events][n_rel][n_z] */
  double *
      root; /* [n_roots][k (k + 1) / 2] R of least squares with k coefficients, as aft_ols_pack; NULL: h and z are kept */
  bool shares_roots;              /* each event has a root of its own, in order, where they are not shared */
  aft_regressor_rows *regressors; /* [n_markets] of X*, with root; owned */
} aft_abnormal;

static inline int aft_abnormal_market(const aft_abnormal *abnormal, size_t row) {
  return abnormal->market == NULL ? 0 : abnormal->market[row];
}

static inline int aft_abnormal_firm(const aft_abnormal *abnormal, size_t row) {
  return abnormal->firm == NULL ? abnormal->security[row] : abnormal->firm[row];
}

/* Day of the session rel_day sessions from the event's, which must lie in the data; comparable between exchanges. */
static inline aft_day aft_abnormal_date(const aft_abnormal *abnormal, size_t row, int rel_day) {
  int column = abnormal->session[row] + rel_day;
  return abnormal->day == NULL ? column : abnormal->day[aft_abnormal_market(abnormal, row)][column];
}

/* h[j], and row j of Z: n_z numbers, in the abnormal returns themselves or in room [n_z]. */
double aft_abnormal_h(const aft_abnormal *abnormal, size_t row, int j);
const double *aft_abnormal_z(const aft_abnormal *abnormal, size_t row, int j, double *room);

/* Variance of one day's forecast error, V[j][j]. */
double aft_abnormal_day_variance(const aft_abnormal *abnormal, size_t row, int j);

/* Whether the day has a return of its own; false only between the trades of gap returns. */
static inline bool aft_abnormal_is_traded(const aft_abnormal *abnormal, size_t row, int j) {
  return abnormal->gap == NULL || abnormal->gap[row * (size_t)abnormal->n_rel + (size_t)j] > 0;
}

/* Days of the columns first..last that have a return of their own. */
int aft_abnormal_count_days(const aft_abnormal *abnormal, size_t row, int first, int last);

/*
 * CAR of one event over columns first..last of the grid, and its variance.
 *   CAR = sum AR,  variance = sum h + |sum of rows of Z|^2
 * over the days that `missing` of the abnormal returns takes in. Both NaN when an abnormal return of the window is missing and
 * sums exclude it, or when all are missing. With gap returns the sum is over the trades, and NaN also when the first of them
 * reaches back before the window or the last day has none: the returns must cover the window and nothing else.
 * Source: Salinger (1992), JFQA 27(1), 39-53; Maynes and Rumsey (1993), J. Banking and Finance 17, 145-157.
 */
void aft_abnormal_car(const aft_abnormal *abnormal, size_t row, int first, int last, double *car, double *variance);

/*
 * path[j] = CAR over columns 0..j of the event; [n_rel]. NaN from the first missing abnormal return on, where sums exclude missing days;
 * between trades NaN until the next one.
 */
void aft_abnormal_fill_path(const aft_abnormal *abnormal, size_t row, double *path);

/* Everything that tests over one window share, computed once per model and window. */
typedef struct aft_window_values {
  int first_day, last_day; /* relative sessions as asked for */
  int first, last;         /* columns of the event grid */
  int n_days;
  double *car;      /* [n_events]; NaN when missing */
  double *variance; /* [n_events] */
  double *scar;     /* [n_events] CAR / sqrt(variance); NaN when missing or when the fit has zero residual variance */
} aft_window_values;

/* Fills values for the window first_day..last_day, which lies inside the event grid; car, variance and scar are the caller's. */
void aft_window_values_fill(const aft_abnormal *abnormal, int first_day, int last_day, aft_window_values *values);
/* The same in two steps: which window it is, and the events first .. last-1 of it. */
void aft_window_values_place(const aft_abnormal *abnormal, int first_day, int last_day, aft_window_values *values);
void aft_window_values_fill_rows(const aft_abnormal *abnormal, size_t first, size_t last, aft_window_values *values);

#endif
