/* Romano and Wolf's stepwise p-values of several means over the same units. */
#include <aftershock/stats/romano_wolf.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/random.h>

#include <glib.h>
#include <math.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

/* A column with its statistic; those that have one come first, the farthest from zero before the others. */
typedef struct column {
  size_t index;
  double t;
} column;

static int compare_columns(const void *left, const void *right) {
  const column *a = left, *b = right;
  double size_a = isnan(a->t) ? -1.0 : fabs(a->t), size_b = isnan(b->t) ? -1.0 : fabs(b->t);
  if (size_a != size_b) return size_a > size_b ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

typedef struct stepdown {
  size_t n, m;
  const double *centred; /* [n][m] x minus its column's mean */
  uint64_t key;
  size_t *drawn;              /* [n] units of the replicate */
  double *mean, *squares, *t; /* [m] of the replicate; t by column */
} stepdown;

/* Statistics of one replicate. Units are the outer loop: their columns are contiguous. */
static void fill_replicate(const stepdown *s, uint64_t b) {
  double n = (double)s->n;
  for (size_t k = 0; k < s->m; k++) s->mean[k] = s->squares[k] = 0.0;
  for (size_t i = 0; i < s->n; i++) {
    s->drawn[i] = (size_t)aft_random_below(s->key, b * s->n + i, s->n);
    const double *unit = s->centred + s->drawn[i] * s->m;
    for (size_t k = 0; k < s->m; k++) s->mean[k] += unit[k];
  }
  for (size_t k = 0; k < s->m; k++) s->mean[k] /= n;
  for (size_t i = 0; i < s->n; i++) {
    const double *unit = s->centred + s->drawn[i] * s->m;
    for (size_t k = 0; k < s->m; k++) s->squares[k] += (unit[k] - s->mean[k]) * (unit[k] - s->mean[k]);
  }
  for (size_t k = 0; k < s->m; k++) {
    double sd = sqrt(s->squares[k] / (n - 1.0));
    s->t[k] = aft_sd_is_zero(sd, s->mean[k]) ? (double)INFINITY : fabs(s->mean[k] / (sd / sqrt(n)));
  }
}

/* Centres x and finds the statistic of every column; NaN where it does not vary. */
static void fill_columns(const double *x, size_t n, size_t m, double *centred, double *work, column *columns) {
  for (size_t k = 0; k < m; k++) {
    for (size_t i = 0; i < n; i++) work[i] = x[i * m + k];
    double mean = aft_mean(work, n), sd = aft_sd(work, n, mean);
    bool varies = n >= 2 && !aft_sd_is_zero(sd, mean);
    for (size_t i = 0; i < n; i++) centred[i * m + k] = work[i] - mean;
    columns[k] = (column){k, varies ? mean / (sd / sqrt((double)n)) : (double)NAN};
  }
  qsort(columns, m, sizeof *columns, compare_columns);
}

void aft_adjust_romano_wolf(const double *x, size_t n, size_t m, int replicates, uint64_t seed, double *adjusted) {
  if (m == 0) return;
  g_autofree double *work = g_new(double, MAX(n, 1) * (m + 1) + 3 * m);
  g_autofree column *columns = g_new(column, m);
  g_autofree size_t *drawn = g_new(size_t, MAX(n, 1));
  g_autofree size_t *extreme = g_new0(size_t, m);
  double *centred = work, *scratch = centred + n * m, *mean = scratch + MAX(n, 1);
  fill_columns(x, n, m, centred, scratch, columns);
  size_t family = 0;
  while (family < m && !isnan(columns[family].t)) family++;
  stepdown s = {n, m, centred, aft_random_key(seed, AFT_STREAM_ROMANO_WOLF), drawn, mean, mean + m, mean + 2 * m};
  for (uint64_t b = 0; family > 0 && b < (uint64_t)replicates; b++) {
    double largest = 0.0;
    fill_replicate(&s, b);
    for (size_t j = family; j-- > 0;) {
      double size = fabs(columns[j].t);
      largest = fmax(largest, s.t[columns[j].index]);
      extreme[j] += largest >= size - 1e-12 * fmax(1.0, size) ? 1 : 0;
    }
  }
  double p = 0.0;
  for (size_t j = 0; j < m; j++) {
    p = fmax(p, (1.0 + (double)extreme[j]) / ((double)replicates + 1.0));
    adjusted[columns[j].index] = j < family ? p : (double)NAN;
  }
}
