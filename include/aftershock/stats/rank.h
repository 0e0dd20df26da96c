/* Ranks of numbers with ties and gaps. */
#ifndef AFTERSHOCK_STATS_RANK_H
#define AFTERSHOCK_STATS_RANK_H

#include <stddef.h>

/* Workspace of a ranking, one item per number. */
typedef struct aft_rank_item {
  double value;
  size_t index;
} aft_rank_item;

/*
 * Mid-ranks: 1 for the smallest of the m present values, m for the largest, tied values share the mean of their ranks.
 * x, rank  [n]; NaN is missing and gets NaN. work  [n]. Returns m. Cost O(n log n).
 */
size_t aft_rank_mid(const double *x, size_t n, aft_rank_item *work, double *rank);

#endif
