/* Sums, means, standard deviations and medians that do not lose digits. */
#ifndef AFTERSHOCK_STATS_DESCRIBE_H
#define AFTERSHOCK_STATS_DESCRIBE_H

#include <math.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Running compensated sum: start from {0, 0}. The rounding error of every addition is kept exactly, by Knuth's branch-free two-sum
 * (branches on the larger addend cost more than the four operations they save).
 * Source: Neumaier (1974), ZAMM 54; Knuth (1998), The Art of Computer Programming 2, section 4.2.2.
 */
typedef struct aft_sum {
  double total, lost;
} aft_sum;

static inline void aft_sum_add(aft_sum *sum, double value) {
  double next = sum->total + value, added = next - sum->total;
  sum->lost += (sum->total - (next - added)) + (value - added);
  sum->total = next;
}

static inline double aft_sum_get(const aft_sum *sum) { return sum->total + sum->lost; }

/* Compensated sum and mean of x[n]; the mean of nothing is NaN. */
double aft_sum_of(const double *x, size_t n);
double aft_mean(const double *x, size_t n);

/* Standard deviation with divisor n - 1, two passes; NaN for n < 2. mean: of the same x. */
double aft_sd(const double *x, size_t n, double mean);

/* A dispersion that is only rounding: sd <= 1e-14 max(|mean|, 1e-300). */
bool aft_sd_is_zero(double sd, double mean);

/* Median of x[n], the mean of the middle two when n is even; NaN for n = 0. Reorders x; no NaN inside. */
double aft_median(double *x, size_t n);

#endif
