/* Whether one series helps to foretell another. */
#include <aftershock/stats/correlate.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/ols.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Residual sum of squares of y on the first k columns; NaN when they are collinear. Works on copies. */
static double residual_sum(const double *columns, const double *y, size_t n, int k, double *work) {
  double coefficient[AFT_OLS_MAX_COEF], r[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF];
  double *own = work, *own_y = work + (size_t)k * n;
  memcpy(own, columns, (size_t)k * n * sizeof *own);
  memcpy(own_y, y, n * sizeof *own_y);
  if (!aft_ols_fit(own, own_y, (int)n, k, coefficient, r)) return (double)NAN;
  aft_sum sum = {0, 0};
  for (size_t i = (size_t)k; i < n; i++) aft_sum_add(&sum, own_y[i] * own_y[i]);
  return aft_sum_get(&sum);
}

static bool is_whole(const double *series, size_t t, size_t lags, bool itself) {
  for (size_t k = itself ? 0 : 1; k <= lags; k++)
    if (isnan(series[t - k])) return false;
  return true;
}

void aft_granger_compute(const double *y, const double *x, size_t n, int p, aft_granger *out) {
  size_t lags = (size_t)p, k = 2 * lags + 1, m = 0, most = n > lags ? n - lags : 0;
  *out = (aft_granger){0, (double)NAN, (double)NAN, (double)NAN, (double)NAN};
  g_autofree size_t *at = g_new(size_t, most + 1);
  for (size_t t = lags; t < n; t++)
    if (is_whole(y, t, lags, true) && is_whole(x, t, lags, false)) at[m++] = t;
  out->n = m;
  if (m < k + 1) return;
  g_autofree double *columns = g_new(double, (2 * k + 2) * m);
  double *target = columns + k * m, *work = target + m;
  for (size_t i = 0; i < m; i++) {
    target[i] = y[at[i]];
    columns[i] = 1;
    for (size_t j = 1; j <= lags; j++) {
      columns[j * m + i] = y[at[i] - j];
      columns[(lags + j) * m + i] = x[at[i] - j];
    }
  }
  double restricted = residual_sum(columns, target, m, p + 1, work),
         full = residual_sum(columns, target, m, (int)k, work);
  double mean = aft_mean(target, m), sd = aft_sd(target, m, mean);
  /* A fit without error leaves rounding alone, relative to the series' own scale. */
  if (!(full > 1e-28 * (double)m * (sd * sd + mean * mean))) return;
  out->df1 = p;
  out->df2 = (double)(m - k);
  out->f = fmax(0, (restricted - full) / out->df1) / (full / out->df2);
  out->p_value = aft_f_p_value(out->f, out->df1, out->df2);
}
