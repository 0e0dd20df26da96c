/* Moments of many windows of the same two series, from sums of blocks of sessions that are kept. */
#ifndef AFTERSHOCK_STATS_BLOCKS_H
#define AFTERSHOCK_STATS_BLOCKS_H

#include <aftershock/stats/line.h>

#include <stddef.h>

/* Pairs of a block: how many, their means, and squares and products about these; a mean is the sum of two numbers, the second its rounding. */
typedef struct aft_blocks {
  const double *x, *y; /* [n] NaN is missing; borrowed */
  long n;
  double *count; /* [n_blocks]; -1: not yet known */
  double *x_mean, *x_rest, *y_mean, *y_rest, *xx, *xy, *yy;
} aft_blocks;

/* Doubles for series of at most n, which aft_blocks_place puts into room. */
size_t aft_blocks_size(long n);
void aft_blocks_place(aft_blocks *blocks, long n, double *room);

/* Two other series, of no more than the n that there is room for. */
void aft_blocks_begin(aft_blocks *blocks, const double *x, const double *y, long n);

/*
 * What aft_line_moments_compute gives for the pairs of first .. first+n-1, which lie in the series, without those where a value is missing;
 * returns their number, and leaves the moments as they are when it is 0.
 *
 *   xy = sum over blocks of [ xy_b + n_b (xbar_b - xbar)(ybar_b - ybar) ] + what lies before the first whole block and after the last
 *
 * Blocks begin at multiples of their length, so that the bits depend on the series and the window alone. No sum is ever taken from another:
 * an outlier touches the windows it is in. Cost of a window a fifth of the plain passes, and of all blocks as much as ten windows.
 * Source: Chan, Golub and LeVeque (1983), The American Statistician 37(3), 242-247.
 */
int aft_blocks_moments(aft_blocks *blocks, long first, int n, aft_line_moments *moments);

#endif
