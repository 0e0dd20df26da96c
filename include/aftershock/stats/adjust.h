/* Corrections of p-values for multiple testing. */
#ifndef AFTERSHOCK_STATS_ADJUST_H
#define AFTERSHOCK_STATS_ADJUST_H

#include <stddef.h>

/*
 * Adjusted p-values of n tests, in the order of the input; NaN entries stay NaN and do not count (m finite ones remain).
 * With p(1) <= .. <= p(m) sorted stably:
 *
 *   Bonferroni          min(1, m p)
 *   Holm                max over j <= k of (m-j+1) p(j), at most 1
 *   Hochberg            min over j >= k of (m-j+1) p(j)                   independence or positive dependence
 *   Benjamini-Hochberg  min over j >= k of m p(j) / j                     the same; false discovery rate
 *   Benjamini-Yekutieli the same times sum_{j=1}^m 1/j, at most 1         any dependence
 *
 * p, adjusted  [n]; adjusted may be p. Cost O(n log n).
 * Sources: Holm (1979), Scand. J. Statistics 6; Hochberg (1988), Biometrika 75; Benjamini and Hochberg (1995), J. Royal
 * Statistical Society B 57; Benjamini and Yekutieli (2001), Annals of Statistics 29.
 */
void aft_adjust_bonferroni(const double *p, size_t n, double *adjusted);
void aft_adjust_holm(const double *p, size_t n, double *adjusted);
void aft_adjust_hochberg(const double *p, size_t n, double *adjusted);
void aft_adjust_bh(const double *p, size_t n, double *adjusted);
void aft_adjust_by(const double *p, size_t n, double *adjusted);

/*
 * How many of n p-values aft_adjust_bh leaves at most at the level, from those that are at most the level themselves: p [n_small], which
 * are sorted here. n counts finite ones.
 */
size_t aft_adjust_count_bh(double *p, size_t n_small, size_t n, double level);

#endif
