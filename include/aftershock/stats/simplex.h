/* Least squares with weights that are not negative and add up to one. */
#ifndef AFTERSHOCK_STATS_SIMPLEX_H
#define AFTERSHOCK_STATS_SIMPLEX_H

#include <stdbool.h>
#include <stddef.h>

/* More columns than this are refused by callers; bounds the scratch arrays on the stack. */
#define AFT_SIMPLEX_MAX_COLUMNS 200

/*
 * The weights that bring a mean of columns closest to a target.
 *
 *   w = argmin |y - D w|^2,  w >= 0,  sum w = 1
 *
 * An active-set method: the shortest vector in the convex hull of the points D_j - y. It keeps a set of points that are
 * affinely independent, goes to the shortest vector of their affine hull (by QR with two orthogonalisations and a refinement),
 * drops the point whose weight would become negative, and takes in the point that the shortest vector leans on least, until
 * none is left. The length falls with every step, so that the end is reached in finitely many and does not depend on a step size.
 * With g = D'(D w - y) the result has g_j = w'g where w_j > 0 and g_j >= w'g elsewhere, within 1e-12 max |D_j - y|^2 or so.
 *
 * columns   [n_columns] pointers to columns [n]; finite
 * target    [n] finite
 * weight    [n_columns]; exactly 0 outside the set
 * work      aft_simplex_work_size doubles, contents undefined
 * unique    set when not NULL: whether no other weights give the same D w
 *
 * Returns the number of positive weights. 1 <= n_columns <= AFT_SIMPLEX_MAX_COLUMNS, n >= 1. Cost O(steps n (n_columns + size of
 * the set)); no allocation.
 * Source: Wolfe (1976), Mathematical Programming 11(1), 128-149.
 */
int aft_simplex_fit(const double *const *columns, int n_columns, const double *target, int n, double *weight,
                    double *work, bool *unique);

size_t aft_simplex_work_size(int n_columns, int n);

#endif
