/* Means and their t with one value left out, in constant time each. */
#ifndef AFTERSHOCK_STATS_LEAVE_OUT_H
#define AFTERSHOCK_STATS_LEAVE_OUT_H

#include <stddef.h>

/* Mean of x[n] without number i: mean - (x[i] - mean)/(n-1). mean: of all; n >= 2. */
double aft_leave_out_mean(const double *x, size_t n, double mean, size_t i);

/*
 * Mean over sd (divisor n - 2) of x[n] without number i; NaN when the others do not vary. mean, sd: of all, n >= 3. Removing x[i] takes
 * dev^2 n/(n-1) from the sum of squares; where that leaves less than a hundredth, the difference has lost its digits and two passes
 * over the others are made.
 */
double aft_leave_out_ratio(const double *x, size_t n, double mean, double sd, size_t i);

#endif
