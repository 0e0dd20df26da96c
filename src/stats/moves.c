/* Detectors of abnormal days. */
#include <aftershock/stats/moves.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/ols.h>
#include <aftershock/stats/random.h>
#include <aftershock/stats/rank.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* First place in a sorted list whose value is not below. */
static size_t find_place(const double *sorted, size_t m, double value) {
  size_t low = 0, high = m;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (sorted[middle] < value)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static void put(double *sorted, size_t *m, double value) {
  size_t at = find_place(sorted, *m, value);
  memmove(sorted + at + 1, sorted + at, (*m - at) * sizeof *sorted);
  sorted[at] = value;
  ++*m;
}

static void take(double *sorted, size_t *m, double value) {
  size_t at = find_place(sorted, *m, value);
  --*m;
  memmove(sorted + at, sorted + at + 1, (*m - at) * sizeof *sorted);
}

static double middle_of(const double *sorted, size_t m) {
  return m % 2 == 1 ? sorted[m / 2] : (sorted[m / 2 - 1] + sorted[m / 2]) / 2;
}

/* Median distance from the median: distances grow away from it on both sides, so the two sides are merged as far as the middle. */
static double distance_of(const double *sorted, size_t m, double median, double *distance) {
  size_t right = find_place(sorted, m, median), left = right;
  for (size_t i = 0; i <= m / 2; i++) {
    double below = left > 0 ? median - sorted[left - 1] : (double)INFINITY;
    double above = right < m ? sorted[right] - median : (double)INFINITY;
    if (below <= above)
      left--;
    else
      right++;
    distance[i] = fmin(below, above);
  }
  return m % 2 == 1 ? distance[m / 2] : (distance[m / 2 - 1] + distance[m / 2]) / 2;
}

void aft_moves_mad(const double *x, size_t n, size_t window, size_t least, double *work, double *z) {
  double *sorted = work, *distance = work + window;
  size_t m = 0;
  for (size_t t = 0; t < n; t++) {
    z[t] = (double)NAN;
    if (!isnan(x[t]) && m >= MAX(least, 1)) {
      double median = middle_of(sorted, m), mad = distance_of(sorted, m, median, distance);
      if (mad > 0) z[t] = (x[t] - median) / (AFT_MAD_SCALE * mad);
    }
    if (t >= window && !isnan(x[t - window])) take(sorted, &m, x[t - window]);
    if (!isnan(x[t])) put(sorted, &m, x[t]);
  }
}

/* P(Z >= z) of a standard normal. */
static double upper_tail(double z) { return erfc(z / G_SQRT2) / 2; }

double aft_moves_mad_chance(size_t window, double threshold, size_t draws, uint64_t seed) {
  uint64_t key = aft_random_key(seed, AFT_STREAM_MAD);
  g_autofree double *sorted = g_new(double, 2 * window);
  aft_sum sum = {0, 0};
  for (size_t d = 0; d < draws; d++) {
    uint64_t own = aft_random_bits(key, d);
    size_t m = 0;
    for (size_t i = 0; i < window; i++) put(sorted, &m, aft_random_normal(own, i));
    double median = middle_of(sorted, m), reach = threshold * AFT_MAD_SCALE;
    reach *= distance_of(sorted, m, median, sorted + window);
    aft_sum_add(&sum, upper_tail(reach + median) + upper_tail(reach - median));
  }
  return aft_sum_get(&sum) / (double)draws;
}

double aft_moves_studentized(double *x, double *y, size_t n, int k, double *work, double *coef, double *residual,
                             double *t) {
  size_t width = (size_t)k;
  double r[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF], row[AFT_OLS_MAX_COEF];
  if (n < width + 2) return 0;
  memcpy(work, x, width * n * sizeof *work);
  double *target = work + width * n;
  memcpy(target, y, n * sizeof *target);
  if (!aft_ols_fit(x, y, (int)n, k, coef, r)) return 0;
  aft_sum squares = {0, 0};
  for (size_t i = 0; i < n; i++) {
    aft_sum error = {target[i], 0};
    for (size_t j = 0; j < width; j++) aft_sum_add(&error, -coef[j] * work[j * n + i]);
    residual[i] = aft_sum_get(&error);
    aft_sum_add(&squares, residual[i] * residual[i]);
  }
  double rss = aft_sum_get(&squares), mean = aft_mean(target, n), df = (double)(n - width - 1);
  if (aft_sd_is_zero(sqrt(rss / (double)n), fmax(fabs(mean), aft_sd(target, n, mean)))) return 0;
  for (size_t i = 0; i < n; i++) {
    double h = 0;
    for (size_t j = 0; j < width; j++) row[j] = work[j * n + i];
    aft_ols_leverage_row(r, k, row, row);
    for (size_t j = 0; j < width; j++) h += row[j] * row[j];
    double left = rss * (1 - h) - residual[i] * residual[i];
    t[i] = 1 - h > 1e-12 && left > 1e-12 * rss ? residual[i] * sqrt(df / left) : (double)NAN;
  }
  return df;
}

size_t aft_moves_lee_mykland(const double *r, size_t n, size_t k, double *l) {
  size_t defined = 0;
  for (size_t t = 0; t < n; t++) {
    l[t] = (double)NAN;
    if (t + 1 < k) continue;
    double sum = 0; /* of k - 2 products, formed anew: a running sum would keep the digits that an outlier took */
    for (size_t j = t - k + 2; j < t; j++) sum += fabs(r[j]) * fabs(r[j - 1]);
    double s = sqrt(sum / (double)(k - 2));
    if (!(s > 0) || isnan(r[t])) continue;
    l[t] = r[t] / s;
    defined++;
  }
  return defined;
}

void aft_moves_gumbel(size_t n, double *centre, double *scale) {
  *centre = *scale = (double)NAN;
  if (n < 2) return;
  double c = sqrt(2 / G_PI), root = sqrt(2 * log((double)n));
  *centre = root / c - (log(G_PI) + log(log((double)n))) / (2 * c * root);
  *scale = 1 / (c * root);
}

double aft_moves_gumbel_p_value(double l, double centre, double scale) {
  return -expm1(-exp(-(fabs(l) - centre) / scale));
}

void aft_moves_lee_mykland_threshold(const size_t *n, size_t n_sizes, size_t k, double q, size_t draws, uint64_t seed,
                                     double *threshold) {
  size_t days = n[n_sizes - 1] + k - 1;
  uint64_t key = aft_random_key(seed, AFT_STREAM_LEE_MYKLAND);
  g_autofree double *r = g_new(double, 2 * days), *largest = g_new(double, draws *n_sizes);
  g_autofree aft_rank_item *work = g_new(aft_rank_item, 2 * draws);
  double *l = r + days;
  for (size_t d = 0; d < draws; d++) {
    uint64_t own = aft_random_bits(key, d);
    for (size_t t = 0; t < days; t++) r[t] = aft_random_normal(own, t);
    aft_moves_lee_mykland(r, days, k, l);
    double most = 0;
    size_t at = k - 1;
    for (size_t i = 0; i < n_sizes; i++) {
      for (; at < n[i] + k - 1; at++) most = fmax(most, fabs(l[at]));
      largest[i * draws + d] = most;
    }
  }
  size_t rank = (size_t)ceil((1 - q) * ((double)draws + 1));
  for (size_t i = 0; i < n_sizes; i++) {
    aft_rank_sort(largest + i * draws, draws, work);
    threshold[i] = work[CLAMP(rank, 1, draws) - 1].value;
  }
}
