/* Least squares of many y on one X, each with observations of its own missing. */
#ifndef AFTERSHOCK_STATS_BASIS_H
#define AFTERSHOCK_STATS_BASIS_H

#include <stdbool.h>
#include <stddef.h>

/*
 * An orthonormal basis of the columns of X, rows with a missing value left out: X = Q R. It is made once; a y costs O(n k), whether or not
 * some of its observations are missing.
 */
typedef struct aft_basis {
  int n, k;      /* rows and columns of X */
  bool constant; /* the first column is one of ones */
  int n_whole;   /* rows without a missing value */
  double *q;     /* [k] columns of aft_basis_stride(n) each; 0 in the rows left out, and behind the last */
  double *row;   /* [n] rows of q, aft_basis_stride(k) each */
  double *r;     /* [k][k] row-major, upper triangular */
  double *hole;  /* [n] 0; NaN for a row left out */
  bool is_firm;  /* the columns are so far from collinear that they stay so without some of the rows */
} aft_basis;

/* n filled up to whole lanes; doubles that these take together, which aft_basis_place puts into room. */
size_t aft_basis_stride(int n);
size_t aft_basis_size(int n, int k);
void aft_basis_place(aft_basis *basis, int n, int k, double *room);

/*
 * Fills the basis from Householder's reflectors of X; X is a column of ones, if `constant`, and k or k - 1 columns x [..][n], NaN where missing.
 * room [k][n]. False, basis undefined, when columns are collinear as aft_ols_fit says, or fewer than k rows are whole. Cost O(n k^2).
 * Source: Golub and Van Loan (2013), Matrix Computations, 4th ed., sections 5.1.6 and 5.3.2.
 */
bool aft_basis_build(aft_basis *basis, const double *x, bool constant, double *room);

/* One y: what is there of it. */
typedef struct aft_basis_sample {
  int n_used;           /* rows where X is whole and y is there */
  int first, last;      /* of them; 0 and -1 when there are none */
  double mean, squares; /* of y over them; squares about the mean */
  double centre;        /* taken off y, where there is a constant: a level of y costs no digits */
  double *y, *there;    /* [stride] y, 0 where it does not count; 1 and 0, undefined when all of it counts */
  double *e;            /* [stride] room */
  int *gap, n_gaps;     /* [n_gaps] rows that do not count, ascending */
} aft_basis_sample;

/* y [n]; room of 4 strides, for as long as the sample is used. */
void aft_basis_take(const aft_basis *basis, const double *y, double *room, aft_basis_sample *sample);

/*
 * b and R of the least squares of the sample's observations, as from aft_ols_fit on them alone.
 *
 *   Without the rows M that lack y:  Q'Q = I - sum_M q q' = L L',  X'X = (L'R)'(L'R),  b = R^-1 (L L')^-1 Q'y
 *
 * and one step of refinement: what the residuals have left of Q'e goes into b. Every pivot of L L' is at least a tenth, so that no digit is
 * lost that matters; missing rows that carry more of a direction make it fail.
 *
 * coefficient  [k]
 * r            [k][k] when rows are missing; else untouched: R is that of the basis
 * rss          residual sum of squares
 * residual     [n], NaN where no observation; or NULL
 *
 * False, outputs undefined: too much is missing, do it by aft_ols_fit.
 * Source: Bjorck (1996), Numerical Methods for Least Squares Problems, sections 3.2 (deleting rows) and 2.9 (refinement).
 */
bool aft_basis_solve(const aft_basis *basis, const aft_basis_sample *sample, double *coefficient, double *r,
                     double *rss, double *residual);

#endif
