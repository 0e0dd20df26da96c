/* Compensated sums, two-pass moments and the median. */
#include <aftershock/stats/describe.h>

#include <gsl/gsl_statistics_double.h>

#include <aftershock/base/banned.h>

double aft_sum_of(const double *x, size_t n) {
  aft_sum sum = {0.0, 0.0};
  for (size_t i = 0; i < n; i++) aft_sum_add(&sum, x[i]);
  return aft_sum_get(&sum);
}

double aft_mean(const double *x, size_t n) { return n == 0 ? (double)NAN : aft_sum_of(x, n) / (double)n; }

double aft_sd(const double *x, size_t n, double mean) {
  if (n < 2) return (double)NAN;
  aft_sum squares = {0.0, 0.0};
  for (size_t i = 0; i < n; i++) aft_sum_add(&squares, (x[i] - mean) * (x[i] - mean));
  return sqrt(aft_sum_get(&squares) / (double)(n - 1));
}

bool aft_sd_is_zero(double sd, double mean) { return sd <= 1e-14 * fmax(fabs(mean), 1e-300); }

double aft_median(double *x, size_t n) { return n == 0 ? (double)NAN : gsl_stats_median(x, 1, n); }
