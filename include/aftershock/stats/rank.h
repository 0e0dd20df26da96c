/* Ranks of numbers with ties and gaps. */
#ifndef AFTERSHOCK_STATS_RANK_H
#define AFTERSHOCK_STATS_RANK_H

#include <stdbool.h>
#include <stddef.h>

/* A number and its place in the input. Rankings need a workspace of two items per number. */
typedef struct aft_rank_item {
  double value;
  size_t index;
} aft_rank_item;

/*
 * Mid-ranks: 1 for the smallest of the m present values, m for the largest, tied values share the mean of their ranks.
 * x, rank  [n]; NaN is missing and gets NaN. work  [2 n]. Returns m. Cost O(n log n), no allocation.
 */
size_t aft_rank_mid(const double *x, size_t n, aft_rank_item *work, double *rank);

/* The steps of it: the m present values sorted (stably) into work[0..m-1]; the median of a sorted list, NaN for m = 0; ranks. */
size_t aft_rank_sort(const double *x, size_t n, aft_rank_item *work);
double aft_rank_median(const aft_rank_item *sorted, size_t m);
void aft_rank_assign(const aft_rank_item *sorted, size_t m, double *rank);

#endif
