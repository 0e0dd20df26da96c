/* Standardising a series that has gaps. */
#ifndef AFTERSHOCK_STATS_STANDARDISE_H
#define AFTERSHOCK_STATS_STANDARDISE_H

#include <stddef.h>

/*
 * Adds to total the standardised values of x, and to count 1 for each,
 *
 *   z[t] = (x[t] - m) / s,   m mean and s root mean square deviation of the values that are there
 *
 * so that the z sum to 0 and their squares to their number.
 *
 * x            [n] NaN where there is no value; borrowed
 * total, count [n] nothing is added where there is none
 *
 * Returns the number of values; 0, and nothing is added, when there are fewer than `least`, which is at least 1, or when they do not
 * vary. Two passes; sums run in eight lanes, so that the bits do not depend on the machine's vectors.
 */
size_t aft_standardise_add(const double *x, size_t n, size_t least, double *total, double *count);

#endif
