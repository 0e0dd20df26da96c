/* Correlations by lag: three coefficients, and four answers to how surprising they are. */
#include <aftershock/stats/correlate.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/rank.h>

#include <glib.h>
#include <math.h>
#include <stdint.h>

#include <aftershock/base/banned.h>

/* Coefficients of two shifts that differ by less are equal up to rounding. */
#define SAME 1e-12

const char *aft_correlation_name(enum aft_correlation kind) {
  static const char *const names[AFT_CORRELATION_N_KINDS] = {"pearson", "spearman", "kendall"};
  return names[kind];
}

/* The pairs of one lag, prepared so that a shift costs one pass. */
typedef struct lag_pairs {
  size_t n;
  double *x,
      *y; /* [n] Pearson: deviations from the mean; Spearman: of the mid-ranks; Kendall: places from 1, ties alike */
  double scale;  /* of the sum of products: sqrt(sxx syy), or sqrt((n0 - n1)(n0 - n2)); NaN when undefined */
  size_t *order; /* [n] Kendall: pairs by x */
  double ties_x[3], ties_y[3]; /* Kendall: sums of t(t-1)(2t+5), t(t-1), t(t-1)(t-2) */
  double r;
} lag_pairs;

static void pair_up(lag_pairs *pairs, const double *x, const double *y, size_t n, int lag) {
  size_t back = lag > 0 ? (size_t)lag : 0, ahead = lag < 0 ? (size_t)-lag : 0;
  pairs->n = 0;
  for (size_t t = back; t + ahead < n; t++) {
    double before = x[t - back + ahead], after = y[t];
    if (isnan(before) || isnan(after)) continue;
    pairs->x[pairs->n] = before;
    pairs->y[pairs->n++] = after;
  }
}

/* Deviations from the mean; the sum of their squares, 0 for a constant series. */
static double centre(double *value, size_t n) {
  double mean = aft_mean(value, n);
  if (aft_sd_is_zero(aft_sd(value, n, mean), mean)) return 0;
  aft_sum sum = {0, 0};
  for (size_t i = 0; i < n; i++) {
    value[i] -= mean;
    aft_sum_add(&sum, value[i] * value[i]);
  }
  return aft_sum_get(&sum);
}

/* Places from 1 in the order of the values, equal values alike; returns the sums over groups of ties, and pairs tied in *tied. */
static void place(double *value, size_t n, aft_rank_item *work, double ties[3], double *tied) {
  size_t m = aft_rank_sort(value, n, work), group = 0;
  ties[0] = ties[1] = ties[2] = *tied = 0;
  for (size_t i = 0, j; i < m; i = j) {
    group++;
    for (j = i; j < m && !(work[j].value > work[i].value); j++) value[work[j].index] = (double)group;
    double t = (double)(j - i);
    ties[0] += t * (t - 1) * (2 * t + 5);
    ties[1] += t * (t - 1);
    ties[2] += t * (t - 1) * (t - 2);
    *tied += t * (t - 1) / 2;
  }
}

static void prepare(enum aft_correlation kind, lag_pairs *pairs, aft_rank_item *work) {
  size_t n = pairs->n;
  pairs->scale = (double)NAN;
  if (n < 3) return;
  if (kind == AFT_CORRELATION_KENDALL) {
    double tied_x, tied_y, all = (double)n * ((double)n - 1) / 2;
    place(pairs->y, n, work, pairs->ties_y, &tied_y);
    place(pairs->x, n, work, pairs->ties_x, &tied_x);
    for (size_t i = 0; i < n; i++) pairs->order[i] = work[i].index;
    if (tied_x < all && tied_y < all) pairs->scale = sqrt(all - tied_x) * sqrt(all - tied_y);
    return;
  }
  if (kind == AFT_CORRELATION_SPEARMAN) {
    aft_rank_mid(pairs->x, n, work, pairs->x);
    aft_rank_mid(pairs->y, n, work, pairs->y);
  }
  double xx = centre(pairs->x, n), yy = centre(pairs->y, n);
  if (xx > 0 && yy > 0) pairs->scale = sqrt(xx) * sqrt(yy);
}

/* How many of the values up to `at` are in the tree, and how one is put there. Source: Fenwick (1994), Software 24(3). */
static int32_t tree_count(const int32_t *tree, size_t at) {
  int32_t count = 0;
  for (; at > 0; at &= at - 1) count += tree[at];
  return count;
}

static void tree_add(int32_t *tree, size_t size, size_t at) {
  for (; at <= size; at += at & (~at + 1)) tree[at]++;
}

/* Concordant less discordant pairs, x turned by s: those earlier by x with the smaller and with the larger y. */
static double score_kendall(const lag_pairs *pairs, size_t s, int32_t *tree) {
  size_t n = pairs->n;
  int64_t score = 0;
  int32_t placed = 0;
  for (size_t i = 0; i <= n; i++) tree[i] = 0;
  for (size_t i = 0, j; i < n; i = j) {
    double group = pairs->x[pairs->order[i]];
    for (j = i; j < n && !(pairs->x[pairs->order[j]] > group); j++) {
      size_t y = (size_t)pairs->y[(pairs->order[j] + s) % n];
      score += tree_count(tree, y - 1) - (placed - tree_count(tree, y));
    }
    for (size_t k = i; k < j; k++) tree_add(tree, n, (size_t)pairs->y[(pairs->order[k] + s) % n]);
    placed = (int32_t)j;
  }
  return (double)score;
}

/* Sum of x[i] y[i + s], indices taken around. Plain sums: shifts are compared with a tolerance far above their rounding. */
static double turn(const lag_pairs *pairs, size_t s) {
  double sum = 0;
  for (size_t i = 0; i + s < pairs->n; i++) sum += pairs->x[i] * pairs->y[i + s];
  for (size_t i = pairs->n - s; i < pairs->n; i++) sum += pairs->x[i] * pairs->y[i + s - pairs->n];
  return sum;
}

static double coefficient(enum aft_correlation kind, const lag_pairs *pairs, size_t s, int32_t *tree) {
  double sum = kind == AFT_CORRELATION_KENDALL ? score_kendall(pairs, s, tree) : turn(pairs, s);
  return fmax(-1, fmin(1, sum / pairs->scale));
}

static double t_p_value(double r, double n) {
  if (n <= 2) return (double)NAN;
  return r * r >= 1 ? 0 : aft_t_p_value(r * sqrt((n - 2) / (1 - r * r)), n - 2);
}

/* Variance of S under independence, with ties in both series. */
static double kendall_variance(const lag_pairs *pairs) {
  double n = (double)pairs->n;
  return (n * (n - 1) * (2 * n + 5) - pairs->ties_x[0] - pairs->ties_y[0]) / 18 +
         pairs->ties_x[1] * pairs->ties_y[1] / (2 * n * (n - 1)) +
         pairs->ties_x[2] * pairs->ties_y[2] / (9 * n * (n - 1) * (n - 2));
}

/* Autocorrelation of deviations with divisor n. */
static double autocorrelation(const double *x, size_t n, size_t k, double squares) {
  aft_sum sum = {0, 0};
  for (size_t i = 0; i + k < n; i++) aft_sum_add(&sum, x[i] * x[i + k]);
  return aft_sum_get(&sum) / squares;
}

static double effective(const lag_pairs *pairs) {
  size_t n = pairs->n;
  double xx = 0, yy = 0, m = (double)n, sum = 0;
  for (size_t i = 0; i < n; i++) {
    xx += pairs->x[i] * pairs->x[i];
    yy += pairs->y[i] * pairs->y[i];
  }
  for (size_t k = 1; k <= n / 5; k++)
    sum += (m - (double)k) / m * autocorrelation(pairs->x, n, k, xx) * autocorrelation(pairs->y, n, k, yy);
  double share = 1 / m + 2 / m * sum;
  return share <= 1 / m ? m : fmax(3, 1 / share);
}

static void fill(enum aft_correlation kind, lag_pairs *pairs, int lag, int32_t *tree, aft_correlation_row *row) {
  const double undefined = (double)NAN;
  *row = (aft_correlation_row){lag, pairs->n, undefined, undefined, undefined, undefined, undefined, undefined};
  pairs->r = undefined;
  if (isnan(pairs->scale)) return;
  row->r = pairs->r = coefficient(kind, pairs, 0, tree);
  if (kind == AFT_CORRELATION_KENDALL) {
    double variance = kendall_variance(pairs);
    if (variance > 0) row->p_naive = aft_normal_p_value(row->r * pairs->scale / sqrt(variance));
    return;
  }
  row->p_naive = t_p_value(row->r, (double)pairs->n);
  row->n_eff = effective(pairs);
  row->p_eff = t_p_value(row->r, row->n_eff);
}

/* Turns every lag by the same s and counts where a lag, and where the largest of all, is as large as what was found. */
static void count_shifts(enum aft_correlation kind, const lag_pairs *pairs, size_t n_lags, size_t guard, int32_t *tree,
                         aft_correlation_row *rows) {
  size_t fewest = SIZE_MAX, most = 0, turned_all = 0;
  for (size_t l = 0; l < n_lags; l++) {
    if (isnan(pairs[l].r)) continue;
    fewest = MIN(fewest, pairs[l].n);
    most = MAX(most, pairs[l].n);
  }
  g_autofree size_t *alone = g_new0(size_t, n_lags), *family = g_new0(size_t, n_lags), *turned = g_new0(size_t, n_lags);
  for (size_t s = guard + 1; s + guard + 1 <= most; s++) {
    double largest = 0;
    for (size_t l = 0; l < n_lags; l++) {
      if (isnan(pairs[l].r) || s + guard + 1 > pairs[l].n) continue;
      double r = fabs(coefficient(kind, &pairs[l], s, tree));
      largest = fmax(largest, r);
      turned[l]++;
      alone[l] += r >= fabs(pairs[l].r) - SAME;
    }
    if (s + guard + 1 > fewest) continue;
    turned_all++;
    for (size_t l = 0; l < n_lags; l++) family[l] += largest >= fabs(pairs[l].r) - SAME;
  }
  for (size_t l = 0; l < n_lags; l++) {
    if (turned[l] > 0) rows[l].p_shift = (1 + (double)alone[l]) / (1 + (double)turned[l]);
    if (turned_all > 0 && !isnan(pairs[l].r)) rows[l].p_max = (1 + (double)family[l]) / (1 + (double)turned_all);
  }
}

void aft_correlate_lags(enum aft_correlation kind, const double *x, const double *y, size_t n, int max_lag,
                        aft_correlation_row *rows) {
  size_t n_lags = 2 * (size_t)max_lag + 1;
  g_autofree double *values = g_new(double, 2 * n_lags * n + 1);
  g_autofree size_t *order = g_new0(size_t, n_lags * n + 1);
  g_autofree aft_rank_item *work = g_new(aft_rank_item, 2 * n + 1);
  g_autofree int32_t *tree = g_new(int32_t, n + 1);
  g_autofree lag_pairs *pairs = g_new0(lag_pairs, n_lags);
  for (size_t l = 0; l < n_lags; l++) {
    pairs[l].x = values + 2 * l * n;
    pairs[l].y = pairs[l].x + n;
    pairs[l].order = order + l * n;
    pair_up(&pairs[l], x, y, n, (int)l - max_lag);
    prepare(kind, &pairs[l], work);
    fill(kind, &pairs[l], (int)l - max_lag, tree, &rows[l]);
  }
  count_shifts(kind, pairs, n_lags, (size_t)max_lag, tree, rows);
}
