/* stats/moves, stats/correlate: fast against slow, edges, and what the simulated threshold is for. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/correlate.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/moves.h>
#include <aftershock/stats/ols.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N = 140, WINDOW = 23, LEAST = 7 };

/* Rounded, so that values tie, with gaps. */
static void draw(GRand *draws, double *x, size_t n, double step, double missing) {
  for (size_t t = 0; t < n; t++) {
    x[t] = step * round(draw_heavy(draws) / step);
    if (g_rand_double(draws) < missing) x[t] = (double)NAN;
  }
}

static double slow_mad(const double *x, size_t t) {
  double kept[WINDOW], distance[WINDOW];
  size_t m = 0;
  for (size_t j = t >= WINDOW ? t - WINDOW : 0; j < t; j++)
    if (!isnan(x[j])) kept[m++] = x[j];
  if (m < LEAST || isnan(x[t])) return (double)NAN;
  double median = aft_median(kept, m);
  for (size_t i = 0; i < m; i++) distance[i] = fabs(kept[i] - median);
  double mad = aft_median(distance, m);
  return mad > 0 ? (x[t] - median) / (AFT_MAD_SCALE * mad) : (double)NAN;
}

static void test_mad(void) {
  GRand *draws = g_rand_new_with_seed(11);
  for (int round = 0; round < 20; round++) {
    double x[N], z[N], work[2 * WINDOW];
    draw(draws, x, N, round % 2 == 0 ? 0.5 : 1e-9, 0.1);
    if (round % 5 == 0) x[40] = 1e12; /* leaves the window without a trace */
    aft_moves_mad(x, N, WINDOW, LEAST, work, z);
    for (size_t t = 0; t < N; t++) assert_close(z[t], slow_mad(x, t), 1e-15); /* the same operations */
  }
  double flat[N], z[N], work[2 * WINDOW];
  for (size_t t = 0; t < N; t++) flat[t] = 0.01;
  flat[100] = 0.5;
  aft_moves_mad(flat, N, WINDOW, LEAST, work, z);
  g_assert_true(isnan(z[100])); /* MAD 0: undefined, not infinite */
  g_rand_free(draws);
}

/*
 * Against whole normal series through the detector itself: of 400000 scores after a full window about one in 30 reaches 2.2, a standard
 * error of 1 % with windows that overlap; the mean over 4000 windows has 0.5 % at so low a threshold. Four of both together are 5 %.
 */
static void test_mad_chance(void) {
  enum { DAYS = 400000 };
  g_autofree double *x = g_new(double, DAYS), *z = g_new(double, DAYS);
  GRand *draws = g_rand_new_with_seed(16);
  double work[2 * WINDOW], reached = 0;
  for (size_t t = 0; t < DAYS; t++) x[t] = 7 + 3 * draw_normal(draws);
  aft_moves_mad(x, DAYS, WINDOW, WINDOW, work, z);
  for (size_t t = WINDOW; t < DAYS; t++) reached += fabs(z[t]) >= 2.2;
  assert_close(aft_moves_mad_chance(WINDOW, 2.2, 4000, 1), reached / (DAYS - WINDOW), 0.05);
  /* Of a long window the estimates are nearly the truth, 2 (1 - Phi(3)): 2.6998e-3; a short one errs more, never less. */
  assert_close(aft_moves_mad_chance(4000, 3, 200, 1), 0.0026998, 0.05);
  double last = 1;
  for (size_t window = 5; window <= 80; window *= 2) {
    double chance = aft_moves_mad_chance(window, 4, 4000, 1);
    g_assert_cmpfloat(chance, <, last);
    g_assert_cmpfloat(chance, >, 6.33e-5); /* 2 (1 - Phi(4)) */
    last = chance;
  }
  g_assert_cmpfloat(aft_moves_mad_chance(60, 4, 100, 3), ==, aft_moves_mad_chance(60, 4, 100, 3));
  g_rand_free(draws);
}

/* The studentized residual of day i is its prediction error from a fit without it, over that error's deviation. */
static void test_studentized(void) {
  enum { K = 3, DAYS = 40 };
  GRand *draws = g_rand_new_with_seed(12);
  double x[K * DAYS], y[DAYS], own_x[K * DAYS], own_y[DAYS], work[(K + 1) * DAYS], coef[K], residual[DAYS], t[DAYS];
  for (size_t i = 0; i < DAYS; i++) {
    x[i] = 1;
    for (size_t j = 1; j < K; j++) x[j * DAYS + i] = draw_normal(draws);
    y[i] = 0.1 + 0.7 * x[DAYS + i] + draw_heavy(draws);
  }
  memcpy(own_x, x, sizeof x);
  memcpy(own_y, y, sizeof y);
  g_assert_cmpfloat(aft_moves_studentized(own_x, own_y, DAYS, K, work, coef, residual, t), ==, DAYS - K - 1);
  for (size_t skip = 0; skip < DAYS; skip++) {
    double part_x[K * DAYS], part_y[DAYS], b[K], r[K * K], row[K], rss = 0, h = 0, error = y[skip];
    size_t m = DAYS - 1;
    for (size_t i = 0, at = 0; i < DAYS; i++) {
      if (i == skip) continue;
      for (size_t j = 0; j < K; j++) part_x[j * m + at] = x[j * DAYS + i];
      part_y[at++] = y[i];
    }
    g_assert_true(aft_ols_fit(part_x, part_y, (int)m, K, b, r));
    for (size_t i = K; i < m; i++) rss += part_y[i] * part_y[i];
    for (size_t j = 0; j < K; j++) {
      row[j] = x[j * DAYS + skip];
      error -= b[j] * row[j];
    }
    aft_ols_leverage_row(r, K, row, row);
    for (size_t j = 0; j < K; j++) h += row[j] * row[j];
    assert_close(t[skip], error / sqrt(rss / (double)(m - K) * (1 + h)), 1e-11); /* two fits, of condition about 2 */
  }
  for (size_t i = 0; i < DAYS; i++) y[i] = 2 + 3 * x[DAYS + i];
  g_assert_cmpfloat(aft_moves_studentized(x, y, DAYS, K, work, coef, residual, t), ==, 0);
  g_rand_free(draws);
}

static void test_lee_mykland(void) {
  GRand *draws = g_rand_new_with_seed(13);
  double r[N], l[N];
  draw(draws, r, N, 1e-6, 0);
  r[60] = (double)NAN;
  g_assert_cmpuint(aft_moves_lee_mykland(r, N, 16, l), ==, N - 15 - 16);
  for (size_t t = 60; t < 76; t++) g_assert_true(isnan(l[t]));
  g_assert_false(isnan(l[76]));
  for (size_t t = 0; t < N; t++) r[t] = 0;
  g_assert_cmpuint(aft_moves_lee_mykland(r, N, 16, l), ==, 0);
  g_rand_free(draws);
}

/*
 * 485 days, K = 16, 5 %: 7.1 by an independent simulation. Of 2000 draws the quantile has a standard error near 0.06. The limit says 4.9.
 * A size asked for beside others is as it is alone.
 */
static void test_threshold(void) {
  const size_t sizes[] = {145, 485};
  double both[2], alone;
  aft_moves_lee_mykland_threshold(sizes, 2, 16, 0.05, 2000, 1, both);
  aft_moves_lee_mykland_threshold(&sizes[0], 1, 16, 0.05, 2000, 1, &alone);
  g_assert_cmpfloat(fabs(both[1] - 7.1), <, 0.2);
  g_assert_cmpfloat(both[0], ==, alone);
  g_assert_cmpfloat(both[0], <, both[1]);
}

static int sign(double x) { return (x > 0) - (x < 0); }

/* Every pair, in the words of the definition. */
static double slow_tau(const double *x, const double *y, size_t n) {
  double score = 0, in_x = 0, in_y = 0;
  for (size_t i = 0; i < n; i++)
    for (size_t j = 0; j < i; j++) {
      int a = sign(x[i] - x[j]), b = sign(y[i] - y[j]);
      score += a * b;
      in_x += a * a;
      in_y += b * b;
    }
  return score / sqrt(in_x * in_y);
}

static void test_kendall(void) {
  enum { LAG = 2, LENGTH = 31 };
  GRand *draws = g_rand_new_with_seed(14);
  double x[LENGTH], y[LENGTH], turned[LENGTH];
  aft_correlation_row rows[2 * LAG + 1];
  draw(draws, x, LENGTH, 1, 0);
  draw(draws, y, LENGTH, 0.7, 0);
  aft_correlate_lags(AFT_CORRELATION_KENDALL, x, y, LENGTH, LAG, rows);
  for (int lag = -LAG; lag <= LAG; lag++) {
    size_t n = LENGTH - (size_t)ABS(lag), count = 0, shifts = 0;
    const double *a = lag < 0 ? x - lag : x, *b = lag > 0 ? y + lag : y;
    double r = slow_tau(a, b, n);
    assert_close(rows[lag + LAG].r, r, 1e-14);
    for (size_t s = LAG + 1; s + LAG + 1 <= n; s++, shifts++) {
      for (size_t i = 0; i < n; i++) turned[i] = a[(i + s) % n];
      count += fabs(slow_tau(turned, b, n)) >= fabs(r) - 1e-12;
    }
    assert_close(rows[lag + LAG].p_shift, (1 + (double)count) / (1 + (double)shifts), 1e-15);
  }
  g_rand_free(draws);
}

/* x leads y by two sessions: found there and nowhere else; scale and sign leave what they should. */
static void test_lead(void) {
  enum { LAG = 4 };
  GRand *draws = g_rand_new_with_seed(15);
  double x[N], y[N], scaled[N];
  aft_correlation_row rows[2 * LAG + 1], again[2 * LAG + 1];
  for (size_t t = 0; t < N; t++) {
    x[t] = draw_normal(draws);
    y[t] = (t >= 2 ? 0.8 * x[t - 2] : 0) + draw_normal(draws);
    scaled[t] = -1e6 * x[t] + 5;
  }
  for (int kind = 0; kind < AFT_CORRELATION_N_KINDS; kind++) {
    aft_correlate_lags((enum aft_correlation)kind, x, y, N, LAG, rows);
    aft_correlate_lags((enum aft_correlation)kind, scaled, y, N, LAG, again);
    for (int l = 0; l <= 2 * LAG; l++) {
      if (rows[l].lag == 2)
        g_assert_cmpfloat(rows[l].p_max, <, 0.02);
      else
        g_assert_cmpfloat(rows[l].p_max, >, 0.05);
      g_assert_cmpfloat(rows[l].p_max, >=, rows[l].p_shift - 0.02); /* other numbers of shifts */
      assert_close(again[l].r, -rows[l].r, 1e-11);
      assert_close(again[l].p_max, rows[l].p_max, 1e-15);
    }
  }
  aft_granger leads, follows;
  aft_granger_compute(y, x, N, 3, &leads);
  aft_granger_compute(x, y, N, 3, &follows);
  g_assert_cmpfloat(leads.p_value, <, 1e-6);
  g_assert_cmpfloat(follows.p_value, >, 0.05);
  g_rand_free(draws);
}

static void test_undefined(void) {
  double x[10], y[10];
  aft_correlation_row rows[3];
  for (size_t i = 0; i < 10; i++) {
    x[i] = 0.1;
    y[i] = (double)(i % 4);
  }
  for (int kind = 0; kind < AFT_CORRELATION_N_KINDS; kind++) {
    aft_correlate_lags((enum aft_correlation)kind, x, y, 10, 1, rows);
    for (int l = 0; l < 3; l++) g_assert_true(isnan(rows[l].r) && isnan(rows[l].p_max) && isnan(rows[l].p_naive));
    aft_correlate_lags((enum aft_correlation)kind, y, y, 3, 1, rows); /* two pairs at the outer lags */
    g_assert_true(isnan(rows[0].r) && !isnan(rows[1].r));
    assert_close(rows[1].r, 1, 1e-14);
    g_assert_true(isnan(rows[1].p_shift)); /* no room for a shift */
    aft_correlate_lags((enum aft_correlation)kind, y, y, 0, 1, rows);
    g_assert_cmpuint(rows[1].n, ==, 0);
  }
  aft_granger granger;
  aft_granger_compute(y, x, 10, 2, &granger); /* x repeats the constant */
  g_assert_true(isnan(granger.f) && isnan(granger.p_value));
  aft_granger_compute(y, x, 1, 2, &granger);
  g_assert_cmpuint(granger.n, ==, 0);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/moves/mad", test_mad);
  g_test_add_func("/moves/mad-chance", test_mad_chance);
  g_test_add_func("/moves/studentized", test_studentized);
  g_test_add_func("/moves/lee-mykland", test_lee_mykland);
  g_test_add_func("/moves/threshold", test_threshold);
  g_test_add_func("/correlate/kendall", test_kendall);
  g_test_add_func("/correlate/lead", test_lead);
  g_test_add_func("/correlate/undefined", test_undefined);
  return g_test_run();
}
