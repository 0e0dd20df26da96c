/* Correlations of pairs of series with gaps, fast: one product of gap-filled series and a correction for each gap. */
#ifndef AFTERSHOCK_STUDY_TEST_PAIRS_H
#define AFTERSHOCK_STUDY_TEST_PAIRS_H

#include <stddef.h>

#define AFT_PAIR_MIN_COMMON 10 /* fewer common elements give no correlation */

/*
 * Pearson correlation over the elements where both are present, own means removed on them; NaN when fewer than 10 are common or
 * one of the two is constant there. x, y [n]; NaN is missing. Two passes: slow, and the definition of what the rest computes.
 */
double aft_pair_correlation(const double *x, const double *y, size_t n);

/* Series prepared for many pairs; owned. */
typedef struct aft_gap_series aft_gap_series;

/* row(i, data) gives series i [n_days], borrowed for the call's result's life. */
aft_gap_series *aft_gap_series_new(size_t n, size_t n_days, const double *(*row)(size_t i, const void *data),
                                   const void *data);
void aft_gap_series_free(aft_gap_series *series);

/* Prepares for pairs at this distance: element t of the earlier series meets element t - shift of the later one. */
void aft_gap_series_shift(aft_gap_series *series, size_t shift);

/* aft_pair_correlation of series i, from element shift on, with series j up to its last but shift. */
double aft_gap_series_correlate(const aft_gap_series *series, size_t i, size_t j);

#endif
