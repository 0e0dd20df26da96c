/* Stories whose moment is not certain: which of several sessions carries the move, with a p-value for having looked at all of them. */
#ifndef AFTERSHOCK_STUDY_CANDIDATES_H
#define AFTERSHOCK_STUDY_CANDIDATES_H

#include <aftershock/base/error.h>
#include <aftershock/base/stamp.h>
#include <glib.h>
#include <stdbool.h>

/* A moment at which a story may have become public, or every session from one to another. Texts are owned; "" when there is none. */
typedef struct aft_candidate {
  char *event, *published, *until, *what;
  aft_stamp stamp, last; /* of published, of until; last UNKNOWN without one */
  long line;             /* in the study file */
} aft_candidate;

/* One candidate session of one security of a story, or of the average over the story's securities of one exchange. */
typedef struct aft_candidate_row {
  const char *event, *symbol; /* borrowed from the events; symbol NULL: the average */
  size_t market;              /* number of the exchange */
  aft_day session;
  char *what;       /* "paper", "release; first report": what stands for the session; owned */
  size_t n;         /* events in it */
  double car;       /* over the study's first window around the session; of the average their mean */
  double error;     /* its standard error: sqrt(1'V1); of the average by the spread of the placebo means */
  double statistic; /* car / error */
  double p_value;   /* of this session alone: Student's of a security; by the placebos of the average */
  double p_max;     /* of this session as one of all candidates */
  size_t n_candidates, n_placebos;
  const char *note; /* static, or NULL */
} aft_candidate_row;

struct aft_result;

/*
 * For each story of config->candidates: its own time and the candidates become sessions c_1 < ... < c_K of each exchange. The first
 * model is fitted once, on the estimation window before c_1, so that no candidate is in it, and forecasts all. With the first window
 * of the study around each session, L days long, and T estimation sessions,
 *
 *   z_k = CAR_k sqrt(g / c_k),   g = 1 - L/T,   c_k = Var_k / (L s^2)
 *
 * stands on the scale of sums of estimation residuals. A placebo sets the pattern of sessions c_k - c_1 on the estimation window, at every
 * place where it fits with a residual on every day, and keeps M = max_k |sum of residuals around c_k|:
 *
 *   p_max(k) = (1 + #{M >= |z_k|}) / (1 + placebos)
 *
 * holds for all candidates together (single-step maximum). The smallest p_max tests whether any of them moved the price. For the
 * average of several securities residuals are averaged first, all at the same place, so that what they have in common stays.
 * Neighbouring places overlap: about T / (c_K - c_1 + L) of them are independent.
 *
 * Fills result->candidates. Fails when a story is not in the study, a time falls outside a calendar, or until is before published.
 * Source: Westfall and Young (1993), Resampling-Based Multiple Testing, for the maximum; the scale is that of placebo_shift.
 */
bool aft_study_test_candidates(struct aft_result *result, unsigned n_threads, aft_warnings *warnings,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
