/* Bonferroni, Holm, Hochberg, Benjamini-Hochberg and Benjamini-Yekutieli adjusted p-values. */
#include <aftershock/stats/adjust.h>

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

typedef struct ranked {
  double p;
  size_t index;
} ranked;

static int compare_ranked(const void *left, const void *right) {
  const ranked *a = left, *b = right;
  if (a->p != b->p) return a->p < b->p ? -1 : 1;
  return a->index < b->index ? -1 : a->index > b->index;
}

/* The finite p-values in ascending order, ties in input order; NaN are written to adjusted. Owned. */
static ranked *sort_finite(const double *p, size_t n, double *adjusted, size_t *m) {
  ranked *sorted = g_new(ranked, n);
  size_t count = 0;
  for (size_t i = 0; i < n; i++) {
    if (isnan(p[i]))
      adjusted[i] = (double)NAN;
    else
      sorted[count++] = (ranked){p[i], i};
  }
  if (count > 1) qsort(sorted, count, sizeof *sorted, compare_ranked);
  *m = count;
  return sorted;
}

void aft_adjust_bonferroni(const double *p, size_t n, double *adjusted) {
  size_t m = 0;
  for (size_t i = 0; i < n; i++) m += isnan(p[i]) ? 0 : 1;
  for (size_t i = 0; i < n; i++) adjusted[i] = isnan(p[i]) ? (double)NAN : fmin(1.0, (double)m * p[i]);
}

void aft_adjust_holm(const double *p, size_t n, double *adjusted) {
  size_t m;
  g_autofree ranked *sorted = sort_finite(p, n, adjusted, &m);
  double largest = 0.0;
  for (size_t k = 0; k < m; k++) {
    largest = fmax(largest, (double)(m - k) * sorted[k].p);
    adjusted[sorted[k].index] = fmin(1.0, largest);
  }
}

/* Step-up procedures: running minimum of factor(k) p(k) from the largest p down. */
static void step_up(const double *p, size_t n, double scale, bool by_rank, double *adjusted) {
  size_t m;
  g_autofree ranked *sorted = sort_finite(p, n, adjusted, &m);
  double smallest = 1.0;
  for (size_t k = m; k-- > 0;) {
    double factor = by_rank ? scale * (double)m / (double)(k + 1) : (double)(m - k);
    smallest = fmin(smallest, factor * sorted[k].p);
    adjusted[sorted[k].index] = smallest;
  }
}

void aft_adjust_hochberg(const double *p, size_t n, double *adjusted) { step_up(p, n, 1.0, false, adjusted); }

void aft_adjust_bh(const double *p, size_t n, double *adjusted) { step_up(p, n, 1.0, true, adjusted); }

static int compare_numbers(const void *left, const void *right) {
  double a = *(const double *)left, b = *(const double *)right;
  return a < b ? -1 : a > b;
}

size_t aft_adjust_count_bh(double *p, size_t n_small, size_t n, double level) {
  if (n_small > 1) qsort(p, n_small, sizeof *p, compare_numbers);
  size_t k = n_small;
  while (k > 0 && (double)n / (double)k * p[k - 1] > level) k--;
  return k;
}

void aft_adjust_by(const double *p, size_t n, double *adjusted) {
  double harmonic = 0.0;
  for (size_t i = 0, m = 0; i < n; i++)
    if (!isnan(p[i])) harmonic += 1.0 / (double)++m;
  step_up(p, n, harmonic, true, adjusted);
}
