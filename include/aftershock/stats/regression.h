/* Linear regression with standard errors that hold when errors differ in variance, cluster or are serially correlated. */
#ifndef AFTERSHOCK_STATS_REGRESSION_H
#define AFTERSHOCK_STATS_REGRESSION_H

#include <aftershock/stats/ols.h>

#include <stddef.h>

/* What the covariance of the coefficients is made of. */
enum aft_regression_errors {
  AFT_ERRORS_OLS,     /* one variance for all observations */
  AFT_ERRORS_HC0,     /* e^2 */
  AFT_ERRORS_HC1,     /* e^2 n/(n-k) */
  AFT_ERRORS_HC2,     /* e^2/(1-h) */
  AFT_ERRORS_HC3,     /* e^2/(1-h)^2 */
  AFT_ERRORS_CLUSTER, /* sums over clusters, G/(G-1) (n-1)/(n-k): CR1 */
  AFT_ERRORS_HAC      /* Newey and West, times n/(n-k) */
};

/* Observations in the order of time for AFT_ERRORS_HAC, in any order for the others. */
typedef struct aft_regression_data {
  size_t n;             /* at most INT_MAX */
  int k;                /* 1 .. AFT_OLS_MAX_COEF */
  const double *y;      /* [n] finite */
  const double *x;      /* [k][n] column after column, the first the constant; finite */
  const double *weight; /* [n] > 0: weighted least squares; NULL: all alike */
  enum aft_regression_errors errors;
  const size_t *cluster; /* [n] cluster of each observation, 0 .. n_clusters - 1; of AFT_ERRORS_CLUSTER alone */
  size_t n_clusters;
  int lag; /* of AFT_ERRORS_HAC alone: 0 .. n - 1 autocovariances */
} aft_regression_data;

typedef struct aft_regression {
  double coefficient[AFT_OLS_MAX_COEF];    /* [k] NaN when there is no fit */
  double standard_error[AFT_OLS_MAX_COEF]; /* [k] NaN when undefined */
  double df;                               /* of Student's t of each coefficient: n - k, or clusters - 1 */
  double r_squared, adjusted_r_squared;    /* about the (weighted) mean of y; NaN when y is constant */
  double f, f_df, f_p_value; /* joint F of all coefficients but the first: F(f_df, df); NaN when undefined or k is 1 */
  const char *note;          /* static text: why there are no coefficients, or no errors; NULL */
  const char *f_note;        /* the same for the joint F */
} aft_regression;

/*
 * b = (X'WX)^-1 X'Wy and its covariance in sandwich form,
 *
 *   V = (X'WX)^-1 M (X'WX)^-1,   g_i = w_i e_i x_i,   h_i = w_i x_i'(X'WX)^-1 x_i
 *
 *   OLS      M = s^2 X'WX,  s^2 = sum w e^2 / (n-k)
 *   HC0-HC3  M = sum_i c_i g_i g_i',  c = 1, n/(n-k), 1/(1-h), 1/(1-h)^2
 *   cluster  M = G/(G-1) (n-1)/(n-k) sum_c (sum_{i in c} g_i)(sum_{i in c} g_i)'
 *   HAC      M = n/(n-k) (S_0 + sum_{j=1..lag} (1 - j/(lag+1)) (S_j + S_j')),  S_j = sum_t g_t g_{t-j}'
 *
 * The joint F is b'V^-1 b/(k-1) over the coefficients behind the first. Undefined, with the reason: n <= k, collinear columns,
 * no residual variance (s <= 1e-14 sd(y)), HC2 and HC3 when an observation has h = 1, fewer than two clusters; the F also when
 * V is singular, as with fewer clusters than coefficients. Cost O(n k^2), HAC O(lag n k^2).
 *
 * Sources: White (1980), Econometrica 48; MacKinnon and White (1985), J. Econometrics 29; Long and Ervin (2000), American
 * Statistician 54; Cameron, Gelbach and Miller (2011), J. Business and Economic Statistics 29; Newey and West (1987), Econometrica 55.
 */
void aft_regression_fit(const aft_regression_data *data, aft_regression *out);

/* floor(4 (n/100)^(2/9)), at most n - 1: autocovariances that Newey and West take in. Newey and West (1994), Rev. Econ. Studies 61. */
int aft_regression_default_lag(size_t n);

/* "ols", "hc0", ... as study files and results write it; "cluster" and "hac" without what they go by. */
const char *aft_regression_errors_name(enum aft_regression_errors errors);

#endif
