/* Whether residuals are what a test takes them for: normal, without memory, of one variance. */
#ifndef AFTERSHOCK_STATS_DIAGNOSTICS_H
#define AFTERSHOCK_STATS_DIAGNOSTICS_H

#include <stddef.h>

/* A statistic that is chi-squared under the null, with its upper tail. NaN when undefined. */
typedef struct aft_portmanteau {
  double statistic, df, p_value;
} aft_portmanteau;

/* Central moments m2, m3, m4 with divisor n: skewness m3 / m2^(3/2), excess kurtosis m4 / m2^2 - 3. */
typedef struct aft_shape {
  size_t n; /* values that are there */
  double mean, skewness, kurtosis;
} aft_shape;

/* NaN is skipped; skewness and kurtosis are NaN for fewer than 3 values and for values that are all alike. */
aft_shape aft_shape_compute(const double *x, size_t n);

/*
 * n/6 (S^2 + K^2/4) against chi-squared(2): normality. The chi-squared limit is reached slowly: of 240 normal values 4.4 % are
 * rejected at 5 %.
 * Source: Jarque and Bera (1987), International Statistical Review 55(2), 163-172.
 */
aft_portmanteau aft_jarque_bera(const aft_shape *shape);

/*
 * n (n + 2) sum_{k=1..lags} r_k^2 / n_k against chi-squared(lags): no autocorrelation. With m = x - mean,
 *
 *   r_k = (sum m_t m_{t-k}) (1 / sum m_t^2)      over the n_k pairs of which both are there
 *
 * so that lags are counted on the clock of x, whose NaN are gaps; without gaps n_k = n - k, the usual form. NaN when values are all alike,
 * or no pair has some lag.
 * Source: Ljung and Box (1978), Biometrika 65(2), 297-303.
 */
aft_portmanteau aft_ljung_box(const double *x, size_t n, int lags);

/* Lags of the two tests below that may be asked for. */
#define AFT_DIAGNOSTICS_MAX_LAGS 32

/*
 * n R^2 of x_t^2 on a constant and its first `lags` own lags, over the n sessions on which all of them are there, against
 * chi-squared(lags): a constant variance. NaN with fewer than 2 (lags + 1) sessions or collinear lags.
 * work [(lags + 2) n]. Source: Engle (1982), Econometrica 50(4), 987-1007.
 */
aft_portmanteau aft_arch_lm(const double *x, size_t n, int lags, double *work);

#endif
