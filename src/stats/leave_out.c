/* Means and their t with one value left out. */
#include <aftershock/stats/leave_out.h>

#include <aftershock/stats/describe.h>

#include <math.h>

#include <aftershock/base/banned.h>

double aft_leave_out_mean(const double *x, size_t n, double mean, size_t i) {
  return mean - (x[i] - mean) / ((double)n - 1.0);
}

/* In two passes over the others. */
static double ratio_without(const double *x, size_t n, size_t skip) {
  aft_sum sum = {0.0, 0.0}, squares = {0.0, 0.0};
  double count = (double)n - 1.0;
  for (size_t i = 0; i < n; i++)
    if (i != skip) aft_sum_add(&sum, x[i]);
  double mean = aft_sum_get(&sum) / count;
  for (size_t i = 0; i < n; i++)
    if (i != skip) aft_sum_add(&squares, (x[i] - mean) * (x[i] - mean));
  double sd = sqrt(aft_sum_get(&squares) / (count - 1.0));
  return aft_sd_is_zero(sd, mean) ? (double)NAN : mean / sd;
}

double aft_leave_out_ratio(const double *x, size_t n, double mean, double sd, size_t i) {
  if (aft_sd_is_zero(sd, mean)) return (double)NAN;
  double count = (double)n, deviation = x[i] - mean, squares = sd * sd * (count - 1.0);
  double rest = squares - deviation * deviation * count / (count - 1.0);
  if (rest < 0.01 * squares) return ratio_without(x, n, i);
  return aft_leave_out_mean(x, n, mean, i) / sqrt(rest / (count - 2.0));
}
