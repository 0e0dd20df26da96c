/* Wilcoxon's signed-rank test, exact for small samples. */
#ifndef AFTERSHOCK_STATS_SIGNED_RANK_H
#define AFTERSHOCK_STATS_SIGNED_RANK_H

#include <aftershock/stats/rank.h>
#include <stdbool.h>
#include <stddef.h>

#define AFT_SIGNED_RANK_EXACT 50 /* largest n with an exact distribution */

typedef struct aft_signed_rank {
  size_t n;       /* values that are not zero */
  double w;       /* sum of the ranks of the positive values */
  double z;       /* (w - n(n+1)/4) / sqrt(sum rank^2 / 4); NaN for n = 0 */
  double p_value; /* two-sided; NaN for n = 0 */
  bool exact;
} aft_signed_rank;

/*
 * Zeros are dropped, |x| gets mid-ranks. For n <= 50 the conditional distribution of w given the ranks (so valid with ties)
 * by dynamic programming over doubled ranks; above, the normal limit with a continuity correction of 1/2.
 * x [n]; magnitude, rank [n] and work [2 n] are workspaces. Cost O(n log n) + O(n^3) in the exact case.
 * Source: Wilcoxon (1945), Biometrics Bulletin 1(6), 80-83.
 */
void aft_signed_rank_compute(const double *x, size_t n, double *magnitude, double *rank, aft_rank_item *work,
                             aft_signed_rank *result);

#endif
