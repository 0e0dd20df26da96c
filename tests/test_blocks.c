/* Moments from kept blocks against the plain two passes over the window's own pairs, and against extended precision. */
#include <aftershock/stats/blocks.h>

#include "support/draws.h"
#include "support/support.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N = 333 };

typedef struct series {
  double x[N], y[N];
} series;

/* What is unusual about the series. */
typedef struct unusual {
  double gaps, level, outlier; /* share that is missing; added to all of both; added to one y and one x */
  double tolerance;            /* of sums, beside the products of the spreads; the window's own rounding */
} unusual;

static const unusual cases[] = {
    {0, 0, 0, 1e-14},      {0.1, 0, 0, 1e-14},       {0.7, 0, 0, 1e-14},
    {0, 1e6, 0, 1e-14},    {0.1, 1e6, 0, 1e-14}, /* the level costs nothing: block means have two parts */
    {0.05, 0, 1e6, 1e-14}, {0.05, 0.1, -1e6, 1e-14},
};

static void draw_series(series *s, const unusual *u, GRand *draws) {
  for (int t = 0; t < N; t++) {
    s->x[t] = u->level + 0.01 * draw_heavy(draws);
    s->y[t] = 1.3 * s->x[t] + 0.02 * draw_heavy(draws);
    if (g_rand_double(draws) < u->gaps) s->x[t] = (double)NAN;
    if (g_rand_double(draws) < u->gaps) s->y[t] = (double)NAN;
  }
  s->y[150] += u->outlier;
  s->x[203] += u->outlier;
}

typedef struct sums {
  int n;
  long double x, y, xx, xy, yy;
} sums;

static sums add_up(const series *s, int first, int n) {
  sums m = {0, 0, 0, 0, 0, 0};
  for (int t = first; t < first + n; t++) {
    if (isnan(s->x[t] + s->y[t])) continue;
    m.n++;
    m.x += (long double)s->x[t];
    m.y += (long double)s->y[t];
  }
  if (m.n == 0) return m;
  m.x /= m.n;
  m.y /= m.n;
  for (int t = first; t < first + n; t++) {
    if (isnan(s->x[t] + s->y[t])) continue;
    m.xx += ((long double)s->x[t] - m.x) * ((long double)s->x[t] - m.x);
    m.xy += ((long double)s->x[t] - m.x) * ((long double)s->y[t] - m.y);
    m.yy += ((long double)s->y[t] - m.y) * ((long double)s->y[t] - m.y);
  }
  return m;
}

/* Some machines have no longer doubles, and checkers of memory may compute them in short ones: nothing to compare with. */
static bool is_extended(void) {
  volatile long double one = 1, step = LDBL_EPSILON, sum = one + step;
  return LDBL_MANT_DIG >= 64 && sum > one;
}

static void check_window(aft_blocks *blocks, const series *s, const unusual *u, int first, int n) {
  aft_line_moments m = {0, 0, 0, 0, 0}, plain;
  sums exact = add_up(s, first, n);
  g_assert_cmpint(aft_blocks_moments(blocks, first, n, &m), ==, exact.n);
  if (exact.n == 0 || !is_extended()) return;
  double xx = (double)exact.xx, yy = (double)exact.yy, tolerance = u->tolerance;
  g_assert_cmpfloat(fabs(m.x_mean - (double)exact.x), <=, 1e-15 * (fabs((double)exact.x) + sqrt(xx)));
  g_assert_cmpfloat(fabs(m.y_mean - (double)exact.y), <=, 1e-15 * (fabs((double)exact.y) + sqrt(yy)));
  g_assert_cmpfloat(fabs(m.xx - xx), <=, tolerance * xx);
  g_assert_cmpfloat(fabs(m.yy - yy), <=, tolerance * yy);
  g_assert_cmpfloat(fabs(m.xy - (double)exact.xy), <=, tolerance * sqrt(xx * yy));
  if (aft_line_moments_compute(s->x + first, s->y + first, n, &plain)) {
    g_assert_cmpint(exact.n, ==, n);
    g_assert_cmpfloat(fabs(m.xy - plain.xy), <=, 2 * tolerance * sqrt(xx * yy));
  }
}

static void test_windows(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(53);
  g_autofree double *room = g_new(double, aft_blocks_size(N));
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++)
    for (int repeat = 0; repeat < 10; repeat++) {
      series s;
      aft_blocks blocks;
      draw_series(&s, &cases[c], draws);
      aft_blocks_place(&blocks, N, room);
      aft_blocks_begin(&blocks, s.x, s.y, N);
      for (int i = 0; i < 200; i++) {
        int n = g_rand_int_range(draws, 1, i % 3 > 0 ? N + 1 : 80);
        check_window(&blocks, &s, &cases[c], g_rand_int_range(draws, 0, N - n + 1), n);
      }
      check_window(&blocks, &s, &cases[c], 0, N);
    }
}

/* The bits do not depend on which windows came before, on the series before, or on what stands behind the series. */
static void test_bits(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(59);
  g_autofree double *room = g_new(double, aft_blocks_size(N)), *other = g_new(double, aft_blocks_size(N));
  series s, t;
  aft_blocks kept, alone;
  draw_series(&s, &cases[1], draws);
  draw_series(&t, &cases[6], draws);
  aft_blocks_place(&kept, N, room);
  aft_blocks_begin(&kept, t.x, t.y, N);
  check_window(&kept, &t, &cases[6], 0, N);
  aft_blocks_begin(&kept, s.x, s.y, N - 5);
  for (int first = 0; first < 250; first += 3)
    for (int n = 20; first + n <= N - 5; n += 41) {
      aft_line_moments a, b;
      double *x = g_memdup2(s.x, sizeof *x * (N - 5)), *y = g_memdup2(s.y, sizeof *y * (N - 5));
      aft_blocks_place(&alone, N - 5, other);
      aft_blocks_begin(&alone, x, y, N - 5);
      g_assert_cmpint(aft_blocks_moments(&kept, first, n, &a), ==, aft_blocks_moments(&alone, first, n, &b));
      g_assert_true(memcmp(&a, &b, sizeof a) == 0);
      g_free(x);
      g_free(y);
    }
}

/* A series that never varies is found constant, whatever the window. */
static void test_constant(void) {
  g_autofree double *room = g_new(double, aft_blocks_size(N));
  static const double values[] = {0, 0.1, 1e6 / 3, -1e-9};
  for (size_t i = 0; i < G_N_ELEMENTS(values); i++) {
    series s;
    aft_blocks blocks;
    for (int t = 0; t < N; t++) s.x[t] = t % 7, s.y[t] = values[i];
    aft_blocks_place(&blocks, N, room);
    aft_blocks_begin(&blocks, s.x, s.y, N);
    for (int first = 0; first < 100; first++) {
      aft_line_moments m;
      g_assert_cmpint(aft_blocks_moments(&blocks, first, 200, &m), ==, 200);
      g_assert_true(sqrt(m.yy / 199) <= 1e-15 * fabs(values[i]));
      g_assert_cmpfloat(fabs(m.xy), <=, 1e-13 * fabs(values[i]));
      assert_close(m.y_mean, values[i], 1e-15);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/blocks/windows", test_windows);
  g_test_add_func("/blocks/bits", test_bits);
  g_test_add_func("/blocks/constant", test_constant);
  return g_test_run();
}
