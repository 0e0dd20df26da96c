/* Do two samples differ in their mean, or in how far their values scatter? */
#ifndef AFTERSHOCK_STATS_TWO_SAMPLES_H
#define AFTERSHOCK_STATS_TWO_SAMPLES_H

#include <stddef.h>

/* What the comparisons need of a sample: found once, however many others it is compared with. */
typedef struct aft_sample_moments {
  size_t n;
  double mean, sd;                    /* sd with n - 1; NaN for n < 2 */
  double spread_mean, spread_squares; /* of |x - median|: mean, and sum of squares about it */
} aft_sample_moments;

/* x [n] is reordered; no NaN inside. */
aft_sample_moments aft_sample_moments_compute(double *x, size_t n);

typedef struct aft_comparison {
  double difference;             /* of the means, a - b; NaN when a sample is empty */
  double statistic, df, p_value; /* NaN when undefined */
  const char *note;              /* static text: why it is undefined; NULL when it is not */
} aft_comparison;

/*
 * Welch's t for two means with variances of their own, va = sd_a^2/n_a:
 *
 *   t = (mean_a - mean_b) / sqrt(va + vb),  df = (va + vb)^2 / (va^2/(n_a-1) + vb^2/(n_b-1)),  two-sided
 *
 * Undefined when a sample has fewer than two values or none of the two varies. Source: Welch (1947), Biometrika 34, 28-35;
 * Satterthwaite (1946), Biometrics Bulletin 2, 110-114.
 */
aft_comparison aft_compare_means(const aft_sample_moments *a, const aft_sample_moments *b);

/*
 * Brown and Forsythe's F: the analysis of variance of |x - median of its sample|, upper tail of F(1, n_a + n_b - 2). The difference is
 * that of the mean distances. Undefined as above, and when no distance varies. Source: Brown and Forsythe (1974), JASA 69, 364-367.
 */
aft_comparison aft_compare_spreads(const aft_sample_moments *a, const aft_sample_moments *b);

#endif
