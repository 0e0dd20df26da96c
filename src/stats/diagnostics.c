/* Moments, Jarque-Bera, Ljung-Box and Engle's LM test of residuals with gaps. */
#include <aftershock/stats/diagnostics.h>

#include <math.h>

#include <glib.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

static const aft_portmanteau undefined = {(double)NAN, (double)NAN, (double)NAN};

static aft_portmanteau judge(double statistic, double df) {
  return (aft_portmanteau){statistic, df, aft_chi2_upper(statistic, df)};
}

static double mean_of(const double *x, size_t n, size_t *present) {
  aft_sum sum = {0, 0};
  *present = 0;
  for (size_t t = 0; t < n; t++) {
    if (isnan(x[t])) continue;
    aft_sum_add(&sum, x[t]);
    (*present)++;
  }
  return *present > 0 ? aft_sum_get(&sum) / (double)*present : (double)NAN;
}

aft_shape aft_shape_compute(const double *x, size_t n) {
  aft_shape shape = {.skewness = (double)NAN, .kurtosis = (double)NAN};
  aft_sum power[3] = {{0, 0}, {0, 0}, {0, 0}}; /* of squares, cubes, fourth powers */
  shape.mean = mean_of(x, n, &shape.n);
  for (size_t t = 0; t < n; t++) {
    if (isnan(x[t])) continue;
    double d = x[t] - shape.mean;
    aft_sum_add(&power[0], d * d);
    aft_sum_add(&power[1], d * d * d);
    aft_sum_add(&power[2], d * d * d * d);
  }
  double count = (double)shape.n, m2 = aft_sum_get(&power[0]) / count;
  if (shape.n < 3 || aft_sd_is_zero(sqrt(m2), shape.mean)) return shape;
  shape.skewness = aft_sum_get(&power[1]) / count / pow(m2, 1.5);
  shape.kurtosis = aft_sum_get(&power[2]) / count / (m2 * m2) - 3;
  return shape;
}

aft_portmanteau aft_jarque_bera(const aft_shape *shape) {
  if (isnan(shape->kurtosis)) return undefined;
  double s = shape->skewness, k = shape->kurtosis;
  return judge((double)shape->n / 6 * (s * s + k * k / 4), 2);
}

aft_portmanteau aft_ljung_box(const double *x, size_t n, int lags) {
  size_t present;
  double mean = mean_of(x, n, &present), total = 0, sum = 0;
  g_assert(lags >= 1 && lags <= AFT_DIAGNOSTICS_MAX_LAGS);
  for (size_t t = 0; t < n; t++)
    if (!isnan(x[t])) total += (x[t] - mean) * (x[t] - mean);
  if (present < 2 || aft_sd_is_zero(sqrt(total / (double)present), mean)) return undefined;
  for (size_t k = 1; k <= (size_t)lags; k++) {
    double product = 0;
    size_t pairs = 0;
    for (size_t t = k; t < n; t++) {
      if (isnan(x[t]) || isnan(x[t - k])) continue;
      product += (x[t] - mean) * (x[t - k] - mean);
      pairs++;
    }
    if (pairs == 0) return undefined;
    double r = product / total;
    sum += r * r / (double)pairs;
  }
  return judge((double)present * ((double)present + 2) * sum, lags);
}

static bool has_lags(const double *x, size_t t, size_t lags) {
  for (size_t k = 0; k <= lags; k++)
    if (isnan(x[t - k])) return false;
  return true;
}

aft_portmanteau aft_arch_lm(const double *x, size_t n, int lags, double *work) {
  size_t q = (size_t)lags, rows = 0, used = 0;
  double coefficient[AFT_DIAGNOSTICS_MAX_LAGS + 1], r[(AFT_DIAGNOSTICS_MAX_LAGS + 1) * (AFT_DIAGNOSTICS_MAX_LAGS + 1)];
  g_assert(lags >= 1 && lags <= AFT_DIAGNOSTICS_MAX_LAGS);
  for (size_t t = q; t < n; t++) rows += has_lags(x, t, q);
  if (rows < 2 * (q + 1)) return undefined;
  double *y = work, *columns = work + rows;
  for (size_t t = q; t < n; t++) {
    if (!has_lags(x, t, q)) continue;
    y[used] = x[t] * x[t];
    columns[used] = 1;
    for (size_t k = 1; k <= q; k++) columns[k * rows + used] = x[t - k] * x[t - k];
    used++;
  }
  int n_used;
  double mean, total, rss = 0;
  aft_ols_moments(y, (int)rows, &n_used, &mean, &total);
  if (aft_ols_is_constant(total, (int)rows, mean)) return undefined;
  if (!aft_ols_fit(columns, y, (int)rows, lags + 1, coefficient, r)) return undefined;
  for (size_t i = q + 1; i < rows; i++) rss += y[i] * y[i];
  return judge((double)rows * (1 - rss / total), lags);
}
