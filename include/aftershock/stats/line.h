/* A straight line by least squares: the market model's kernel. */
#ifndef AFTERSHOCK_STATS_LINE_H
#define AFTERSHOCK_STATS_LINE_H

#include <stdbool.h>

typedef struct aft_line_moments {
  double x_mean, y_mean;
  double xx, xy, yy; /* sums of squares and products of deviations from the means */
} aft_line_moments;

/*
 * Moments of n >= 1 pairs in two passes: means, then deviations, whose own sums correct what rounding left in the means.
 *
 *   xx = sum (x - xbar)^2 - (sum (x - xbar))^2 / n,   xy, yy likewise
 *
 * x, y  [n] borrowed. Sums run in eight lanes: the bits do not depend on alignment, threads, or the machine's vectors.
 *
 * False, moments untouched, when a value is missing. Cost O(n); no allocation. Source: Chan, Golub and LeVeque (1983), The American Statistician 37(3), 242-247.
 */
bool aft_line_moments_compute(const double *x, const double *y, int n, aft_line_moments *moments);

/*
 * What aft_ols_fit gives for X = (1, x), from the moments: b = (ybar - beta xbar, beta), beta = xy / xx, and R with R'R = X'X.
 *
 * coefficient  [2]
 * r            [2][2] row-major, upper triangular
 *
 * False, outputs untouched, when x is constant: sqrt(xx) < 1e-10 |x|, the bound of aft_ols_fit after scaling.
 */
bool aft_line_fit(const aft_line_moments *moments, int n, double coefficient[2], double r[4]);

/* Sum of squares of e = y - alpha - beta x; x, y [n] finite. The second writes e to residual [n], with the same sum. */
double aft_line_residual_squares(const double *x, const double *y, int n, double alpha, double beta);
double aft_line_residuals(const double *x, const double *y, int n, double alpha, double beta, double *residual);

#endif
