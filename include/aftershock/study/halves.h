/* Abnormal returns of the two halves of a day: from the close before to the opening, and from the opening to the close. */
#ifndef AFTERSHOCK_STUDY_HALVES_H
#define AFTERSHOCK_STUDY_HALVES_H

#include <aftershock/study/study.h>

enum aft_half { AFT_HALF_GAP, AFT_HALF_SESSION, AFT_N_HALVES };
const char *aft_half_name(enum aft_half half); /* "gap", "session" */

/* One model's results for each half; nothing but terms, abnormal, coefficients, exclusions and windows is filled. */
struct aft_halves {
  aft_model_spec spec; /* market_model where the benchmarks have openings too, else constant_mean */
  aft_model_result part[AFT_N_HALVES];
  GPtrArray *returns; /* of double *: the halves' returns, to which the results go back; owned */
};

/*
 * Splits every return R of a session at the opening,
 *
 *   session = close / open - 1,   gap = (1 + R) / (1 + session) - 1        log: r - ln(close / open)
 *
 * so that the gap holds what splits and dividends of the day do to R, and (1 + gap)(1 + session) = 1 + R. Each half is fitted on the same
 * halves of the estimation window: on the benchmark's halves where every exchange with an event has them, else on their
 * mean, because what the market did by the opening is not known then.
 *
 * Fills result->halves; leaves it NULL when no event's security has an opening price. Sessions without one have no halves.
 */
bool aft_study_split_sessions(aft_result *result, unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_halves_free(aft_halves *halves, const aft_config *config);

/* Whether the half of the event's own session can contain news with that rule: yes, no, or NULL when the hour is not known. */
const char *aft_half_can_react(enum aft_half half, enum aft_align_rule rule);

#endif
