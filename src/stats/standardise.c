/* Standardising a series that has gaps, without a branch an element. */
#include <aftershock/stats/standardise.h>

#include <aftershock/stats/describe.h>

#include <math.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

typedef long long lane_bits __attribute__((vector_size(LANES * sizeof(long long))));

/* What of v belongs to elements of x that are numbers, and 0 elsewhere. */
LANES_INLINE void keep_present(const lanes *x, const lanes *v, lanes *out) {
  lane_bits present = (lane_bits)(*x == *x); /* NOLINT(misc-redundant-expression): not of NaN */
  *out = (lanes)((lane_bits)*v & present);
}

/* Eight elements from i on, NaN beyond the last. */
LANES_INLINE void load_eight(const double *x, size_t i, size_t n, lanes *out) {
  if (i + LANES <= n)
    lanes_load(out, x + i);
  else
    lanes_load_rest(out, x + i, (int)(n - i), (double)NAN);
}

LANES_INLINE void add_eight(double *sum, size_t i, size_t n, const lanes *v) {
  lanes old;
  if (i + LANES <= n) {
    lanes_load(&old, sum + i);
    old += *v;
    memcpy(sum + i, &old, sizeof old);
    return;
  }
  for (size_t k = i; k < n; k++) sum[k] += (*v)[k - i];
}

WIDEST size_t aft_standardise_add(const double *x, size_t n, size_t least, double *total, double *count) {
  const lanes one = {1, 1, 1, 1, 1, 1, 1, 1};
  lanes sum = {0}, number = {0}, squares = {0}, value, kept;
  for (size_t i = 0; i < n; i += LANES) {
    load_eight(x, i, n, &value);
    keep_present(&value, &value, &kept);
    sum += kept;
    keep_present(&value, &one, &kept);
    number += kept;
  }
  double n_own = lanes_sum(&number), mean = lanes_sum(&sum) / n_own;
  if (n_own < (double)least) return 0;
  for (size_t i = 0; i < n; i += LANES) {
    load_eight(x, i, n, &value);
    lanes deviation = value - mean;
    keep_present(&value, &deviation, &kept);
    squares += kept * kept;
  }
  double sd = sqrt(lanes_sum(&squares) / n_own);
  if (aft_sd_is_zero(sd, mean)) return 0;
  double scale = 1 / sd;
  for (size_t i = 0; i < n; i += LANES) {
    load_eight(x, i, n, &value);
    lanes z = (value - mean) * scale;
    keep_present(&value, &z, &kept);
    add_eight(total, i, n, &kept);
    keep_present(&value, &one, &kept);
    add_eight(count, i, n, &kept);
  }
  return (size_t)n_own;
}
