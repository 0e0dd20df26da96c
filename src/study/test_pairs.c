/* Correlations of pairs of series with gaps. */
#include "study/test_pairs.h"

#include <aftershock/stats/describe.h>
#include <glib.h>

#include <aftershock/base/banned.h>

double aft_pair_correlation(const double *x, const double *y, size_t n) {
  aft_sum sum_x = {0.0, 0.0}, sum_y = {0.0, 0.0};
  size_t m = 0;
  for (size_t t = 0; t < n; t++) {
    if (isnan(x[t]) || isnan(y[t])) continue;
    aft_sum_add(&sum_x, x[t]);
    aft_sum_add(&sum_y, y[t]);
    m++;
  }
  if (m < AFT_PAIR_MIN_COMMON) return (double)NAN;
  double mean_x = aft_sum_get(&sum_x) / (double)m, mean_y = aft_sum_get(&sum_y) / (double)m;
  double xx = 0.0, yy = 0.0, xy = 0.0;
  for (size_t t = 0; t < n; t++) {
    if (isnan(x[t]) || isnan(y[t])) continue;
    double dx = x[t] - mean_x, dy = y[t] - mean_y;
    xx += dx * dx;
    yy += dy * dy;
    xy += dx * dy;
  }
  double free = (double)m - 1.0;
  if (aft_sd_is_zero(sqrt(xx / free), mean_x) || aft_sd_is_zero(sqrt(yy / free), mean_y)) return (double)NAN;
  return xy / (sqrt(xx) * sqrt(yy));
}

/* Sums over the present elements of a stretch of one centred series. */
typedef struct stretch {
  double sum, square;
  size_t present;
} stretch;

struct aft_gap_series {
  size_t n, n_days, shift;
  const double **row;      /* [n] as given */
  double *filled;          /* [n][n_days] own mean removed, gaps 0 */
  size_t *gap, *first_gap; /* gaps of series i: gap[first_gap[i]] .. gap[first_gap[i + 1] - 1], ascending */
  stretch *early, *late;   /* [n] elements shift .. n_days-1, and 0 .. n_days-1-shift */
};

aft_gap_series *aft_gap_series_new(size_t n, size_t n_days, const double *(*row)(size_t i, const void *data),
                                   const void *data) {
  aft_gap_series *series = g_new0(aft_gap_series, 1);
  *series = (aft_gap_series){.n = n,
                             .n_days = n_days,
                             .row = g_new(const double *, n),
                             .filled = g_new(double, n *n_days),
                             .first_gap = g_new(size_t, n + 1),
                             .early = g_new(stretch, n),
                             .late = g_new(stretch, n)};
  size_t n_gaps = 0;
  for (size_t i = 0; i < n; i++) {
    series->row[i] = row(i, data);
    for (size_t t = 0; t < n_days; t++) n_gaps += isnan(series->row[i][t]) ? 1 : 0;
  }
  series->gap = g_new(size_t, n_gaps);
  series->first_gap[0] = n_gaps = 0;
  for (size_t i = 0; i < n; i++) {
    aft_sum sum = {0.0, 0.0};
    size_t present = 0;
    for (size_t t = 0; t < n_days; t++) {
      if (isnan(series->row[i][t])) {
        series->gap[n_gaps++] = t;
        continue;
      }
      aft_sum_add(&sum, series->row[i][t]);
      present++;
    }
    series->first_gap[i + 1] = n_gaps;
    double mean = present > 0 ? aft_sum_get(&sum) / (double)present : 0.0;
    for (size_t t = 0; t < n_days; t++)
      series->filled[i * n_days + t] = isnan(series->row[i][t]) ? 0.0 : series->row[i][t] - mean;
  }
  return series;
}

void aft_gap_series_free(aft_gap_series *series) {
  if (series == NULL) return;
  g_free(series->row);
  g_free(series->filled);
  g_free(series->gap);
  g_free(series->first_gap);
  g_free(series->early);
  g_free(series->late);
  g_free(series);
}

static stretch measure(const aft_gap_series *series, size_t i, size_t first, size_t last) {
  const double *x = series->filled + i * series->n_days;
  stretch out = {0.0, 0.0, last - first};
  for (size_t t = first; t < last; t++) {
    out.sum += x[t];
    out.square += x[t] * x[t];
  }
  for (size_t k = series->first_gap[i]; k < series->first_gap[i + 1]; k++)
    out.present -= series->gap[k] >= first && series->gap[k] < last ? 1 : 0;
  return out;
}

void aft_gap_series_shift(aft_gap_series *series, size_t shift) {
  series->shift = shift;
  for (size_t i = 0; i < series->n; i++) {
    series->early[i] = measure(series, i, shift, series->n_days);
    series->late[i] = measure(series, i, 0, series->n_days - shift);
  }
}

/* Takes from x what falls on gaps of the other series: element t of the other is element t + offset of x. */
static void remove_gaps(const aft_gap_series *series, size_t x, size_t other, long offset, stretch *left) {
  const double *filled = series->filled + x * series->n_days, *raw = series->row[x];
  for (size_t k = series->first_gap[other]; k < series->first_gap[other + 1]; k++) {
    long t = (long)series->gap[k] + offset;
    if (t < 0 || t >= (long)series->n_days || isnan(raw[t])) continue;
    left->sum -= filled[t];
    left->square -= filled[t] * filled[t];
    left->present--;
  }
}

/* Eight running sums, so that additions need not wait for each other. */
static double dot(const double *x, const double *y, size_t n) {
  double part[8] = {0.0};
  size_t t = 0;
  for (; t + 8 <= n; t += 8)
    for (size_t k = 0; k < 8; k++) part[k] += x[t + k] * y[t + k];
  double sum = ((part[0] + part[1]) + (part[2] + part[3])) + ((part[4] + part[5]) + (part[6] + part[7]));
  for (; t < n; t++) sum += x[t] * y[t];
  return sum;
}

double aft_gap_series_correlate(const aft_gap_series *series, size_t i, size_t j) {
  size_t shift = series->shift, n = series->n_days - shift;
  stretch x = series->early[i], y = series->late[j];
  double all_x = x.square, all_y = y.square;
  remove_gaps(series, i, j, (long)shift, &x);
  remove_gaps(series, j, i, -(long)shift, &y);
  double m = (double)x.present;
  double xx = x.square - x.sum * x.sum / m, yy = y.square - y.sum * y.sum / m;
  /* Where little is left of a sum of squares the differences have lost digits, and constants must be told from noise. */
  if (x.present < AFT_PAIR_MIN_COMMON || !(xx > 1e-3 * all_x) || !(yy > 1e-3 * all_y))
    return aft_pair_correlation(series->row[i] + shift, series->row[j], n);
  double product = dot(series->filled + i * series->n_days + shift, series->filled + j * series->n_days, n);
  return (product - x.sum * y.sum / m) / (sqrt(xx) * sqrt(yy));
}
