/* Correlation of events on different exchanges by the day, without visiting pairs. */
#ifndef AFTERSHOCK_STUDY_TEST_CROSS_DAYS_H
#define AFTERSHOCK_STUDY_TEST_CROSS_DAYS_H

#include "study/test_internal.h"
#include "study/test_session_sums.h"

/*
 * aft_test_cross_pairs of the n sorted events from sums of standardised residuals: of each two groups of events (one session of
 * one exchange) whose windows meet, over the days common to both estimation windows, with the weight that all pairs of the two
 * groups have. With complete residuals the same number, with gaps as of aft_session_sums_between. Pairs whose windows never meet
 * are not among those seen: their weight is 0, or they are skipped. Cost: for each group O(n T) a group near it.
 */
aft_cross_pairs aft_test_cross_days(const aft_test_input *input, const aft_dated_event *event, size_t n);

#endif
