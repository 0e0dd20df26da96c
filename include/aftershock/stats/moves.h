/* Which days of a series stand out: three detectors. */
#ifndef AFTERSHOCK_STATS_MOVES_H
#define AFTERSHOCK_STATS_MOVES_H

#include <stddef.h>
#include <stdint.h>

/* This times MAD estimates the standard deviation of a normal distribution: 1 / the normal quantile of 3/4. */
#define AFT_MAD_SCALE 1.482602218505602

/*
 * Robust scores against the days before:
 *
 *   z[t] = (x[t] - median) / (1.4826 MAD)     over the present values of x[t-window .. t-1]
 *
 * NaN where x is missing, fewer than `least` values came before, or MAD is 0. x, z  [n], apart; work  [2 window].
 * Cost O(n window); no allocation.
 */
void aft_moves_mad(const double *x, size_t n, size_t window, size_t least, double *work, double *z);

/*
 * Chance that the score of a normal day reaches the threshold, after `window` independent normal days of the same variance:
 *
 *   P(|z| >= c) = E[1 - Phi(m + c s) + Phi(m - c s)],   m the median of the window, s = 1.4826 MAD
 *
 * above 2 (1 - Phi(c)), because m and s are estimates. The mean over `draws` windows, which depend on (seed, draw) alone; its relative
 * error is near 2 / sqrt(draws) at window 60 and c = 4. window >= 2, draws >= 1. Cost O(draws window^2), by moving sorted values.
 */
double aft_moves_mad_chance(size_t window, double threshold, size_t draws, uint64_t seed);

/*
 * Externally studentized residuals of a regression: each day against a fit without it.
 *
 *   t[i] = e[i] sqrt((n-k-1) / (RSS (1-h[i]) - e[i]^2)),  Student's t with n - k - 1 degrees of freedom
 *
 * x         [k][n] column after column, the constant included; finite; overwritten
 * y         [n] finite; overwritten
 * work      [(k + 1) n]
 * coef      [k]
 * residual  [n] e;  t  [n], NaN for a day that decides its own fit (h = 1)
 *
 * Returns the degrees of freedom; 0, with all outputs undefined, when n < k + 2, the columns are collinear or the fit leaves no error.
 * Cost O(n k^2). Source: Cook and Weisberg (1982), Residuals and Influence in Regression, section 2.2.1.
 */
double aft_moves_studentized(double *x, double *y, size_t n, int k, double *work, double *coef, double *residual,
                             double *t);

/*
 * Returns over their local volatility, by bipower variation of the k - 2 products before the day:
 *
 *   L[t] = r[t] / s[t],  s[t]^2 = (1/(k-2)) sum_{j=t-k+2..t-1} |r[j]| |r[j-1]|
 *
 * NaN in the first k - 1 days, where one of the k returns is missing, and where s is 0. Returns how many are defined. r, l  [n], apart; k >= 3.
 * Source: Lee and Mykland (2008), Review of Financial Studies 21(6), 2535-2563, for daily data.
 */
size_t aft_moves_lee_mykland(const double *r, size_t n, size_t k, double *l);

/* Centre and scale of the largest of n |L| in the limit, and the p-value of one: 1 - exp(-exp(-x)), x = (|L| - C)/S. NaN for n < 2. */
void aft_moves_gumbel(size_t n, double *centre, double *scale);
double aft_moves_gumbel_p_value(double l, double centre, double scale);

enum { AFT_MOVES_MAX_DRAWS = 100000 };

/*
 * The (1-q) quantile of the largest of n |L| of independent normal returns, by simulation: the limit is far off at daily k.
 *
 * n          [n_sizes] ascending, each >= 1: the sizes that are asked for
 * draws      replications; their order statistic ceil((1-q)(draws+1)) is taken, so that it errs to the high side
 * threshold  [n_sizes]
 *
 * One path of each replication serves every size, and draws depend on (seed, replication) alone. Cost O(draws n[n_sizes-1]).
 */
void aft_moves_lee_mykland_threshold(const size_t *n, size_t n_sizes, size_t k, double q, size_t draws, uint64_t seed,
                                     double *threshold);

#endif
