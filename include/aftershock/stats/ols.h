/* Least squares by Householder QR: the kernel of every linear model of the expected return. */
#ifndef AFTERSHOCK_STATS_OLS_H
#define AFTERSHOCK_STATS_OLS_H

#include <stdbool.h>
#include <stddef.h>

/* More columns than any model has; bounds the scratch arrays on the stack. */
#define AFT_OLS_MAX_COEF 64

/* A pivot smaller than this share of the largest one makes the columns collinear. */
#define AFT_OLS_COLLINEAR 1e-10

/*
 * Coefficients of y = X b + e by least squares, and the triangular factor of X.
 *
 *   X = Q R,  b = R^-1 Q'y,  (X'X)^-1 = R^-1 R^-T
 *
 * The columns are scaled to unit length before the factorisation, so that the units of the regressors do not matter;
 * R is that of X itself. X'X is never formed: its condition is the square of X's.
 *
 * x            [k][n] column after column, the constant included when wanted; finite; overwritten
 * y            [n] finite; overwritten with Q'y: the squares of its last n - k elements add up to the residual sum
 * n, k         n >= k, 1 <= k <= AFT_OLS_MAX_COEF
 * coefficient  [k] b
 * r            [k][k] row-major, upper triangular; below the diagonal zero
 *
 * Returns false, with outputs undefined, when the columns are collinear: min |R_jj| < 1e-10 max |R_jj| after scaling.
 * Cost O(n k^2); no allocation.
 * Source: Golub and Van Loan (2013), Matrix Computations, 4th ed., section 5.3.2.
 */
bool aft_ols_fit(double *x, double *y, int n, int k, double *coefficient, double *r);

/* Factors of one X; the arrays are the caller's. */
typedef struct aft_ols_factors {
  double *norm, *scale; /* [k] lengths of the columns; factors of the reflections */
  double *triangle;     /* [k][k] R of the scaled columns */
} aft_ols_factors;

/* The first half of aft_ols_fit: x is overwritten with reflectors, r is R. */
bool aft_ols_factor(double *x, int n, int k, aft_ols_factors *factors, double *r);

/* The first k columns of Q from the reflectors in x; q [k] columns of `stride` each, of which n elements are written. */
void aft_ols_basis(const double *x, const aft_ols_factors *factors, int n, int k, size_t stride, double *q);

/*
 * The residual sum of squares where it was made as total - explained, if at least a tenth of the total is left, so that the difference loses
 * less than a digit; NaN elsewhere: it takes a pass over the residuals.
 */
double aft_ols_check_rest(double rest, double total);

/* Residual sum of squares from Q'y, as aft_ols_fit leaves it. */
double aft_ols_residual_squares(const double *y, int n, int k);

/*
 * z = R^-T x, so that z'z = x'(X'X)^-1 x: the leverage of a new row x. A NaN in x gives NaN from there on.
 * r [k][k] as from aft_ols_fit; row [k]; z [k], may be row.
 */
void aft_ols_leverage_row(const double *r, int k, const double *row, double *z);

/* R without what stands below its diagonal, row after row: [k (k + 1) / 2]; the leverage of a row from that, to the same bits. */
void aft_ols_pack(const double *r, int k, double *packed);
void aft_ols_leverage_packed(const double *packed, int k, const double *row, double *z);

/*
 * Square roots of the diagonal of (X'X)^-1; times the residual standard deviation they are standard errors.
 * r [k][k] as from aft_ols_fit; unit_error [k].
 */
void aft_ols_unit_errors(const double *r, int k, double *unit_error);

/*
 * Mean and sum of squared deviations, in two passes. n >= 1; NaN are skipped, *n_used tells how many remain.
 * With no value left the mean is NaN and the sum 0.
 */
void aft_ols_moments(const double *value, int n, int *n_used, double *mean, double *sum_of_squares);

/* value = alpha + X slope; x [k][n], slope [k], value [n]. */
void aft_ols_predict(const double *x, int n, int k, double alpha, const double *slope, double *value);

/* out = a - b; [n] each. */
void aft_ols_subtract(const double *a, const double *b, int n, double *out);

/* Whether none of the n finite values is missing. */
bool aft_ols_is_whole(const double *value, ptrdiff_t n);

/* Whether n values with this sum of squared deviations are equal up to rounding, as aft_sd_is_zero says. */
bool aft_ols_is_constant(double sum_of_squares, int n, double mean);

#endif
