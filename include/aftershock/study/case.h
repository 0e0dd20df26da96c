/* The evidence about one event of one firm: what else happened to the firm, and to other firms that day. */
#ifndef AFTERSHOCK_STUDY_CASE_H
#define AFTERSHOCK_STUDY_CASE_H

#include <aftershock/study/study.h>

/* A made-up event that the real one is compared with. */
typedef struct aft_placebo_event {
  bool is_date;  /* another session of the firm; else another firm on the session */
  long security; /* row of the panel */
  long column;
  double volatility; /* of the firm's returns before it; NaN for firms, and where there are too few returns */
  bool matched;      /* a date whose volatility is among the nearest to the event's */
  double *car;       /* [n_windows] NaN when missing; owned */
  double *scar;      /* [n_windows] */
} aft_placebo_event;

/* One window of the case. p-values: (1 + number at least as extreme) / (n + 1); NaN when n is 0. */
typedef struct aft_case_window {
  aft_window window;
  double car, standard_error, df, statistic, p_value;
  size_t n_dates, n_matched, n_firms;
  double p_dates;    /* |SCAR| among those of all placebo dates */
  double p_matched;  /* |CAR| among those of dates with a like volatility */
  double p_firms;    /* |SCAR| among those of other firms on the session */
  double threshold;  /* the smallest |CAR| that the t test rejects at 1 - confidence */
  double detectable; /* the true effect that it finds with a probability of 80 % */
} aft_case_window;

typedef struct aft_case {
  const aft_event *event;   /* borrowed */
  const aft_panel *panel;   /* of its exchange; borrowed */
  double volatility;        /* of the firm's returns before the event */
  aft_case_window *windows; /* [n_windows] those of the study; owned */
  size_t n_windows;
  GArray *placebos; /* of aft_placebo_event: dates in order, then firms in the order of the panel; owned */
} aft_case;

/* Sessions before the event window over which volatility is measured, and returns that must be there. */
enum { AFT_CASE_VOLATILITY = 20, AFT_CASE_MIN_VOLATILITY = 10 };
/* Placebo dates that match: the nearest half, but no fewer than this as long as there are so many. */
enum { AFT_CASE_MIN_MATCHED = 30 };

/*
 * Fits the first model of the study to one event, to every placebo date of its firm and to every other firm on its session.
 *
 *   placebo date  a session at which the firm could have had an event (as many observations as an event needs, and every return of the widest
 *                 window), whose estimation window and windows hold no session of the event window of an event of the firm,
 *                 and whose windows lie in the data
 *   placebo firm  with controls: a security that the story has in the group of that name; else one that is not the benchmark, nor of the
 *                 event's group of the story; without groups: nor of the story at all
 *   matched       the nearest half of the dates by |ln(v / v0)|, v the standard deviation of the AFT_CASE_VOLATILITY returns before the
 *                 event window
 *   threshold     t(1 - alpha/2, d) se;  detectable: (t(1 - alpha/2, d) + t(0.8, d)) se
 *
 * result: of a study of the event alone among all of the study (aft_study_run_among); events: those, for what must be left out. Fails when the first model was not fitted to the
 * event, or no firm is in the group. Cost O((sessions + securities) x fit). The placebo dates overlap: only about n / L of them are independent.
 */
bool aft_case_compute(aft_case *out, const aft_result *result, const aft_events *events, const char *controls,
                      unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_case_clear(aft_case *out);

#endif
