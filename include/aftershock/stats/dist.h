/* Distributions: two-sided p-values that stay exact far into the tails, and the Student quantile. */
#ifndef AFTERSHOCK_STATS_DIST_H
#define AFTERSHOCK_STATS_DIST_H

#include <stddef.h>

/* All functions give NaN when an argument is NaN or a parameter is outside its domain. */

/* P(|Z| >= |z|) of a standard normal, erfc(|z| / sqrt 2). */
double aft_normal_p_value(double z);

/*
 * P(|T| >= |t|) of Student's t with df > 0 degrees of freedom, I_{df/(df+t^2)}(df/2, 1/2). Relative error below 2e-14 where p is
 * above 1e-20, below 1e-13 in farther tails.
 */
double aft_t_p_value(double t, double df);

/* The value below which Student's t with df > 0 lies with probability p; -inf and +inf at 0 and 1. */
double aft_t_quantile(double p, double df);

/* min(1, 2 min(P(X <= x), P(X >= x))) of a chi-squared with df > 0; x >= 0. */
double aft_chi2_p_value(double x, double df);

/* P(X >= x) of a chi-squared with df > 0; x >= 0. One-sided, as portmanteau tests are. */
double aft_chi2_upper(double x, double df);

/* P(X >= f) of F(df1, df2); f >= 0. One-sided, as F tests are. */
double aft_f_p_value(double f, double df1, double df2);

/*
 * Exact two-sided p-value of k successes in n trials, min(1, 2 min(P(X <= k), P(X >= k))), 0 < p < 1, k <= n.
 * The terms are built by their ratios from the mode, so the result keeps full precision for every n. Cost O(n).
 */
double aft_binomial_p_value(size_t k, size_t n, double p);

#endif
