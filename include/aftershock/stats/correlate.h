/* Correlation of two daily series lag by lag, with p-values that allow for serial dependence and for the search over lags. */
#ifndef AFTERSHOCK_STATS_CORRELATE_H
#define AFTERSHOCK_STATS_CORRELATE_H

#include <stddef.h>

enum aft_correlation { AFT_CORRELATION_PEARSON, AFT_CORRELATION_SPEARMAN, AFT_CORRELATION_KENDALL };
enum { AFT_CORRELATION_N_KINDS = 3 };

/* "pearson", "spearman", "kendall": what results call them. */
const char *aft_correlation_name(enum aft_correlation kind);

typedef struct aft_correlation_row {
  int lag;        /* x of `lag` sessions before y's: positive when x comes first */
  size_t n;       /* pairs */
  double r;       /* NaN when n < 3 or a series is constant, and so is all below */
  double p_naive; /* as if days were independent */
  double n_eff;   /* independent pairs that say as much; NaN for Kendall */
  double p_eff;   /* with them; NaN for Kendall */
  double p_shift; /* against circular shifts of x; NaN when there are none */
  double p_max;   /* the same against the largest |r| of all lags at each shift: familywise */
} aft_correlation_row;

/*
 * Correlations of x[t-l] with y[t], l = -max_lag .. max_lag, over the pairs without a missing member.
 *
 *   Pearson; Spearman = Pearson of mid-ranks; Kendall tau-b = S / sqrt((n0 - n1)(n0 - n2))
 *   p_naive   t = r sqrt((n-2)/(1-r^2)) with n - 2 degrees of freedom; Kendall: S / sd(S), normal, ties in both series counted
 *   n_eff     1/n_eff = 1/n + (2/n) sum_{k=1..n/5} ((n-k)/n) rho_x(k) rho_y(k), rho with divisor n, kept in [3, n]
 *   p_shift   (1 + #{|r_s| >= |r|}) / (1 + #shifts), x turned by s = max_lag + 1 .. n - max_lag - 1 against y
 *   p_max     likewise with max over lags of |r_s|, s up to the smallest n of the lags that are defined
 *
 * x, y  [n]; NaN is missing. rows  [2 max_lag + 1]; max_lag >= 0. Pairs are put together before they are turned, so that gaps
 * distort the shifts slightly. Cost O(lags n^2), Kendall O(lags n^2 log n). Not to be called without a workspace of O(lags n), which
 * it allocates once.
 * Sources: Bartlett (1935), J. Royal Statistical Society 98; Pyper and Peterman (1998), Canadian J. Fisheries and Aquatic Sciences
 * 55; Kendall (1970), Rank Correlation Methods, 4th ed., sections 3.3 and 4.7.
 */
void aft_correlate_lags(enum aft_correlation kind, const double *x, const double *y, size_t n, int max_lag,
                        aft_correlation_row *rows);

typedef struct aft_granger {
  size_t n;           /* sessions with all their lags */
  double f, df1, df2; /* F(df1, df2); NaN when undefined */
  double p_value;
} aft_granger;

enum { AFT_GRANGER_MAX_LAGS = 30 };

/*
 * Whether x helps to foretell y beyond y's own past: y on a constant and p lags of its own against the same with p lags of x,
 *
 *   F = ((RSS_r - RSS_f)/p) / (RSS_f/(n - 2p - 1))
 *
 * over the sessions where all of them are present. x, y  [n]; 1 <= p <= AFT_GRANGER_MAX_LAGS. Undefined with fewer than 2p + 2
 * sessions, collinear lags or a perfect fit. Cost O(n p^2).
 * Source: Granger (1969), Econometrica 37(3), 424-438.
 */
void aft_granger_compute(const double *y, const double *x, size_t n, int p, aft_granger *out);

#endif
