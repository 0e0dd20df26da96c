/* The Theil-Sen line: the median of the slopes through all pairs of points. */
#ifndef AFTERSHOCK_STATS_THEIL_SEN_H
#define AFTERSHOCK_STATS_THEIL_SEN_H

#include <stdbool.h>
#include <stddef.h>

/* Doubles of work that n points need: one for each pair. */
size_t aft_theil_sen_work_size(int n);

/*
 * beta = median over i < j with x_i != x_j of (y_j - y_i) / (x_j - x_i),  alpha = median (y - beta x),
 * separate: alpha = median y - beta median x,
 * sigma = 1.482602218505602 median |y - alpha - beta x|
 *
 * The median of an even number of values is the mean of the middle two; the median residual is zero, unless the intercept is
 * separate; sigma estimates the standard deviation of normal errors.
 *
 * x, y  [n] finite; borrowed
 * work  [aft_theil_sen_work_size(n)]
 *
 * Returns false, with outputs untouched, when no two x differ. Cost O(n^2).
 * Source: Theil (1950); Sen (1968), J. American Statistical Association 63, 1379-1389.
 */
bool aft_theil_sen_fit(const double *x, const double *y, int n, bool separate, double *work, double *alpha,
                       double *beta, double *sigma);

#endif
