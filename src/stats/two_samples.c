/* Welch's t and Brown and Forsythe's F of two samples. */
#include <aftershock/stats/two_samples.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>

#include <math.h>

#include <aftershock/base/banned.h>

aft_sample_moments aft_sample_moments_compute(double *x, size_t n) {
  aft_sample_moments out = {.n = n, .mean = aft_mean(x, n)};
  out.sd = aft_sd(x, n, out.mean);
  double median = aft_median(x, n);
  aft_sum sum = {0.0, 0.0}, squares = {0.0, 0.0};
  for (size_t i = 0; i < n; i++) aft_sum_add(&sum, fabs(x[i] - median));
  out.spread_mean = aft_sum_get(&sum) / (double)n;
  for (size_t i = 0; i < n; i++) {
    double deviation = fabs(x[i] - median) - out.spread_mean;
    aft_sum_add(&squares, deviation * deviation);
  }
  out.spread_squares = aft_sum_get(&squares);
  return out;
}

static aft_comparison undefined(double difference, const char *note) {
  return (aft_comparison){difference, (double)NAN, (double)NAN, (double)NAN, note};
}

static const char note_few[] = "a group has fewer than 2 events";

aft_comparison aft_compare_means(const aft_sample_moments *a, const aft_sample_moments *b) {
  double difference = a->mean - b->mean;
  if (a->n < 2 || b->n < 2) return undefined(difference, note_few);
  if (aft_sd_is_zero(a->sd, a->mean) && aft_sd_is_zero(b->sd, b->mean))
    return undefined(difference, "the values do not vary in either group");
  double n_a = (double)a->n, n_b = (double)b->n, va = a->sd * a->sd / n_a, vb = b->sd * b->sd / n_b;
  double t = difference / sqrt(va + vb),
         share = va / (va + vb); /* shares do not underflow as squares of variances do */
  double df = 1.0 / (share * share / (n_a - 1.0) + (1.0 - share) * (1.0 - share) / (n_b - 1.0));
  return (aft_comparison){difference, t, df, aft_t_p_value(t, df), NULL};
}

aft_comparison aft_compare_spreads(const aft_sample_moments *a, const aft_sample_moments *b) {
  double difference = a->spread_mean - b->spread_mean;
  if (a->n < 2 || b->n < 2) return undefined(difference, note_few);
  double n_a = (double)a->n, n_b = (double)b->n, df = n_a + n_b - 2.0;
  double within = (a->spread_squares + b->spread_squares) / df;
  if (aft_sd_is_zero(sqrt(within), fmax(a->spread_mean, b->spread_mean)))
    return undefined(difference, "the distances from the median do not vary within the groups");
  double between = n_a * n_b / (n_a + n_b) * difference * difference;
  return (aft_comparison){difference, between / within, df, aft_f_p_value(between / within, 1.0, df), NULL};
}
