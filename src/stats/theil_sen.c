/* The Theil-Sen line over all pairs; medians by selection, not by sorting. */
#include <aftershock/stats/theil_sen.h>

#include <math.h>
#include <string.h>

#include <gsl/gsl_statistics_double.h>

#include <aftershock/base/banned.h>

#define MAD_TO_SIGMA 1.482602218505602 /* 1 / (third quartile of the standard normal) */

size_t aft_theil_sen_work_size(int n) {
  size_t points = n > 0 ? (size_t)n : 0;
  return points < 3 ? 3 : points * (points - 1) / 2; /* at least n, for the residuals */
}

/* Median of x[n], which stays as it is; work [n]. */
static double median_of(const double *x, size_t n, double *work) {
  memcpy(work, x, n * sizeof *x);
  return gsl_stats_median(work, 1, n);
}

bool aft_theil_sen_fit(const double *x, const double *y, int n, bool separate, double *work, double *alpha,
                       double *beta, double *sigma) {
  size_t pairs = 0, points = (size_t)n;
  for (int i = 0; i < n; i++)
    for (int j = i + 1; j < n; j++)
      if (x[i] != x[j]) work[pairs++] = (y[j] - y[i]) / (x[j] - x[i]);
  if (pairs == 0) return false;
  double slope = gsl_stats_median(work, 1, pairs);
  double intercept = separate ? median_of(y, points, work) - slope * median_of(x, points, work) : 0;
  if (!separate) {
    for (int i = 0; i < n; i++) work[i] = y[i] - slope * x[i];
    intercept = gsl_stats_median(work, 1, points);
  }
  for (int i = 0; i < n; i++) work[i] = fabs(y[i] - intercept - slope * x[i]);
  *sigma = MAD_TO_SIGMA * gsl_stats_median(work, 1, points);
  *alpha = intercept;
  *beta = slope;
  return true;
}
