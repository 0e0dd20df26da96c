/* Stepwise p-values of several means over the same units, by resampling the units. */
#ifndef AFTERSHOCK_STATS_ROMANO_WOLF_H
#define AFTERSHOCK_STATS_ROMANO_WOLF_H

#include <stddef.h>
#include <stdint.h>

/*
 * Romano and Wolf's adjusted p-values of the m hypotheses "the mean of column k is zero". With |t(1)| >= .. >= |t(m)|,
 * t = sqrt n mean / sd, and replicates that draw n units with all their columns together,
 *
 *   t*(k) = sqrt n (mean*(k) - mean(k)) / sd*(k)
 *   p(j) = (1 + #{b: max over k >= j of |t*_b(k)| >= |t(j)|}) / (B + 1), then the running maximum over j
 *
 * so that dependence between the columns is used and not feared. Unit i of replicate b is draw b n + i of the stream; a replicate whose
 * column has no spread counts as extreme. A column without spread has no p and leaves the family.
 *
 * x           [n][m] unit after unit; finite
 * replicates  B, at least 1
 * adjusted    [m]; all NaN for n < 2
 *
 * Cost O(B n m). Sources: Romano and Wolf (2005), Econometrica 73, 1237-1282; (2016), Statistics and Probability Letters 113, 38-40.
 */
void aft_adjust_romano_wolf(const double *x, size_t n, size_t m, int replicates, uint64_t seed, double *adjusted);

#endif
