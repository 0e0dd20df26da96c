/* Fits in a basis that many y share, against the factorisation of each y's own observations, row by row. */
#include <aftershock/stats/basis.h>
#include <aftershock/stats/ols.h>

#include "support/support.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_N = 131, MOST_K = 9, REPEATS = 60 };

/* What is unusual about a case. */
typedef struct unusual {
  const char *name;
  double x_gaps, y_gaps;       /* shares that are missing */
  double collinear;            /* distance of column 2 from column 1, as a share of it; 0: unrelated */
  double y_outlier, x_outlier; /* added to one observation; the x_outlier's y is missing */
  double level;                /* added to all y of a fit with a constant */
  double tolerance;
  bool constant_y;
} unusual;

static const unusual cases[] = {
    {"whole", 0, 0, 0, 0, 0, 0, 1e-12, false},
    {"gaps in y", 0, 0.05, 0, 0, 0, 0, 1e-12, false},
    {"most of y missing", 0, 0.6, 0, 0, 0, 0, 1e-11, false},
    {"gaps in x", 0.02, 0, 0, 0, 0, 0, 1e-12, false},
    {"gaps in both", 0.02, 0.1, 0, 0, 0, 0, 1e-12, false},
    {"nearly collinear", 0.01, 0.1, 1e-4, 0, 0, 0, 1e-10,
     false}, /* the condition, 1e4, times rounding; squared it were 1e-8 */
    {"an outlier of y", 0.01, 0.05, 0, 1e6, 0, 0, 1e-10, false},
    {"a day that carries a regressor", 0, 0.05, 0, 0, 1e6, 0, 1e-10, false},
    {"and half of one", 0, 0.05, 0, 0, 0.1, 0, 1e-11, false},
    {"a level of y", 0.01, 0.05, 0, 0, 0, 1e6, 1e-10, false},
    {"constant y", 0.01, 0.05, 0, 0, 0, 0, 1e-10, true},
};

typedef struct sample {
  int n, k;
  bool constant;
  double x[MOST_K * MOST_N], y[MOST_N];
} sample;

static double draw(GRand *draws) {
  return 0.02 * (g_rand_double(draws) + g_rand_double(draws) + g_rand_double(draws) - 1.5);
}

static void draw_x(sample *s, const unusual *u, GRand *draws) {
  int n_x = s->k - (s->constant ? 1 : 0);
  for (int i = 0; i < n_x * s->n; i++) s->x[i] = draw(draws);
  for (int i = 0; i < s->n && u->collinear > 0 && n_x > 2; i++)
    s->x[2 * s->n + i] = s->x[s->n + i] + u->collinear * s->x[2 * s->n + i];
  for (int i = 0; i < n_x * s->n; i++)
    if (g_rand_double(draws) < u->x_gaps) s->x[i] = (double)NAN;
  s->x[(n_x - 1) * s->n + 5] = draw(draws) + u->x_outlier;
}

static void draw_y(sample *s, const unusual *u, GRand *draws) {
  for (int i = 0; i < s->n; i++) {
    s->y[i] = u->constant_y ? 0.1 : draw(draws) + u->level;
    if (!u->constant_y && !isnan(s->x[i])) s->y[i] += 1.5 * s->x[i];
    if (g_rand_double(draws) < u->y_gaps) s->y[i] = (double)NAN;
  }
  s->y[s->n / 2] += u->y_outlier;
  if (u->x_outlier > 0) s->y[5] = (double)NAN;
}

/* The observations of y, less the level, into x [k][*n] and y; in which rows they are. */
static void gather(const sample *s, double level, double *x, double *y, int *row, int *n) {
  int n_x = s->k - (s->constant ? 1 : 0), start = s->constant ? 1 : 0;
  *n = 0;
  for (int i = 0; i < s->n; i++) {
    bool whole = !isnan(s->y[i]);
    for (int j = 0; j < n_x; j++) whole = whole && !isnan(s->x[j * s->n + i]);
    if (whole) row[(*n)++] = i;
  }
  for (int t = 0; t < *n; t++) {
    y[t] = s->y[row[t]] - level;
    if (s->constant) x[t] = 1;
    for (int j = 0; j < n_x; j++) x[(start + j) * *n + t] = s->x[j * s->n + row[t]];
  }
}

/* (R'R)_ij: rows of R may differ in sign. */
static double square(const double *r, int k, int i, int j) {
  double sum = 0;
  for (int m = 0; m <= i && m <= j; m++) sum += r[m * k + i] * r[m * k + j];
  return sum;
}

static void check_root(const double *r, const double *expected, int k, double tolerance) {
  for (int i = 0; i < k; i++)
    for (int j = i; j < k; j++) {
      double lengths = sqrt(square(expected, k, i, i) * square(expected, k, j, j));
      g_assert_cmpfloat(fabs(square(r, k, i, j) - square(expected, k, i, j)), <=, tolerance * lengths);
    }
}

static void check_residuals(const sample *s, const double *residual, const int *row, int n, double rss, double spread) {
  double sum = 0;
  for (int i = 0, t = 0; i < s->n; i++) {
    bool used = t < n && row[t] == i;
    g_assert_true(isnan(residual[i]) != used);
    if (used) sum += residual[i] * residual[i];
    t += used;
  }
  g_assert_cmpfloat(fabs(sum - rss), <=, 1e-13 * rss + 1e-28 * spread * spread);
}

/* Returns whether the basis could do it. */
static bool check_fit(const aft_basis *basis, const sample *s, const unusual *u) {
  double x[MOST_K * MOST_N], y[MOST_N], b[MOST_K], expected[MOST_K], r[MOST_K * MOST_K], r_expected[MOST_K * MOST_K];
  double room[4 * (MOST_N + 8)], residual[MOST_N], mean, squares, rss, unit[MOST_K], unit_expected[MOST_K];
  int row[MOST_N], n, n_used, k = s->k;
  aft_basis_sample taken;
  gather(s, u->level, x, y, row, &n);
  aft_basis_take(basis, s->y, room, &taken);
  g_assert_cmpint(taken.n_used, ==, n);
  if (n <= k) return true;
  g_assert_cmpint(taken.first, ==, row[0]);
  g_assert_cmpint(taken.last, ==, row[n - 1]);
  aft_ols_moments(y, n, &n_used, &mean, &squares);
  double spread = 0;
  for (int t = 0; t < n; t++) spread = fmax(spread, fabs(y[t]));
  assert_close(taken.mean, mean + u->level, 1e-12);
  g_assert_cmpfloat(fabs(taken.squares - squares), <=, 1e-12 * squares + 1e-30);
  g_assert_true(aft_ols_is_constant(taken.squares, n, taken.mean) == u->constant_y);
  if (!aft_basis_solve(basis, &taken, b, r, &rss, residual)) return false;
  const double *root = n < basis->n_whole ? r : basis->r;
  check_residuals(s, residual, row, n, rss, spread);
  g_assert_true(aft_ols_fit(x, y, n, k, expected, r_expected));
  double rss_expected = aft_ols_residual_squares(y, n, k);
  aft_ols_unit_errors(root, k, unit);
  aft_ols_unit_errors(r_expected, k, unit_expected);
  check_root(root, r_expected, k, 1e-12);
  if (s->constant) expected[0] += u->level;
  for (int j = 0; j < k; j++) { /* beside the coefficient's own size, what rounding of y can do to it */
    double scale = fmax(fabs(expected[j]), unit_expected[j] * spread);
    g_assert_cmpfloat(fabs(b[j] - expected[j]), <=, u->tolerance * scale);
    assert_close(unit[j] / unit_expected[j], 1, u->tolerance);
  }
  g_assert_cmpfloat(fabs(rss - rss_expected), <=, u->tolerance * rss_expected + 1e-27 * n * spread * spread);
  double again;
  g_assert_true(aft_basis_solve(basis, &taken, expected, r_expected, &again, NULL));
  g_assert_true(again == rss && memcmp(expected, b, sizeof *b * (size_t)k) == 0); /* kept or not */
  return true;
}

static void test_rows(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(41);
  for (size_t c = 0; c < G_N_ELEMENTS(cases); c++) {
    int n_done = 0, n_failed = 0;
    for (int repeat = 0; repeat < REPEATS; repeat++) {
      sample s = {.n = g_rand_int_range(draws, 60, MOST_N + 1),
                  .k = 2 + repeat % (MOST_K - 1),
                  .constant = repeat % 3 > 0 || cases[c].level > 0};
      double room[MOST_K * MOST_N];
      aft_basis basis;
      aft_basis_place(&basis, s.n, s.k, g_new0(double, aft_basis_size(s.n, s.k)));
      draw_x(&s, &cases[c], draws);
      g_assert_true(aft_basis_build(&basis, s.x, s.constant, room));
      for (int i = 0; i < 5; i++) {
        draw_y(&s, &cases[c], draws);
        if (check_fit(&basis, &s, &cases[c]))
          n_done++;
        else
          n_failed++;
      }
      g_free(basis.q);
    }
    g_test_message("%s: %d fits, %d left to a factorisation", cases[c].name, n_done, n_failed);
    if (cases[c].x_outlier > 1) /* all of them */
      g_assert_cmpint(n_done, ==, 0);
    else if (cases[c].y_gaps < 0.5)
      g_assert_cmpint(n_failed, <, cases[c].x_outlier> 0 ? 5 * REPEATS : 30);
  }
}

static void test_orthonormal(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(43);
  sample s = {.n = MOST_N, .k = MOST_K, .constant = true};
  double room[MOST_K * MOST_N];
  aft_basis basis;
  aft_basis_place(&basis, s.n, s.k, g_new0(double, aft_basis_size(s.n, s.k)));
  draw_x(&s, &cases[5], draws);
  g_assert_true(aft_basis_build(&basis, s.x, true, room));
  size_t stride = aft_basis_stride(s.n);
  for (int a = 0; a < s.k; a++)
    for (int b = 0; b < s.k; b++) {
      double sum = 0;
      for (int i = 0; i < s.n; i++)
        sum += basis.q[stride * (size_t)a + (size_t)i] * basis.q[stride * (size_t)b + (size_t)i];
      g_assert_cmpfloat(fabs(sum - (a == b)), <=, 1e-14); /* a few roundings, whatever the columns */
    }
  for (int i = 0; i < s.n; i++) { /* X = Q R */
    bool whole = !isnan(basis.hole[i]);
    for (int j = 1; j < s.k; j++) {
      double sum = 0, value = s.x[(j - 1) * s.n + i];
      for (int m = 0; m <= j; m++) sum += basis.q[stride * (size_t)m + (size_t)i] * basis.r[m * s.k + j];
      if (whole) g_assert_cmpfloat(fabs(sum - value), <=, 1e-15);
    }
  }
  g_free(basis.q);
}

/* No basis: a column twice, a column of zeros, fewer whole rows than columns. */
static void test_none(void) {
  double x[3 * 8], room[4 * 8];
  aft_basis basis;
  aft_basis_place(&basis, 8, 3, g_new0(double, aft_basis_size(8, 3)));
  for (int i = 0; i < 8; i++) x[i] = i * i, x[8 + i] = 2 * i * i, x[16 + i] = 1 + i;
  g_assert_false(aft_basis_build(&basis, x, true, room));
  for (int i = 0; i < 8; i++) x[i] = 0;
  g_assert_false(aft_basis_build(&basis, x, true, room));
  for (int i = 0; i < 8; i++) x[i] = i < 2 ? i : (double)NAN;
  g_assert_false(aft_basis_build(&basis, x, true, room));
  for (int i = 0; i < 8; i++) x[i] = 1 + i % 3;
  g_assert_true(aft_basis_build(&basis, x, true, room));
  g_free(basis.q);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/basis/rows", test_rows);
  g_test_add_func("/basis/orthonormal", test_orthonormal);
  g_test_add_func("/basis/none", test_none);
  return g_test_run();
}
