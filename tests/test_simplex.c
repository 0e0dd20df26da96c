/* stats/simplex: the conditions of a minimum, and every support tried in turn. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/simplex.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_ROWS = 240, MOST_COLUMNS = 60, MOST_TRIED = 7 };

typedef struct problem {
  int n, k;
  double target[MOST_ROWS], cell[MOST_COLUMNS][MOST_ROWS], weight[MOST_COLUMNS];
  const double *column[MOST_COLUMNS];
  int n_positive;
  bool unique;
} problem;

/* Columns with a common part, as returns of one market have; the target is a mean of some and noise. */
static problem *draw(guint32 seed, int n, int k, double noise) {
  GRand *draws = g_rand_new_with_seed(seed);
  problem *p = g_new0(problem, 1);
  p->n = n;
  p->k = k;
  for (int t = 0; t < n; t++) {
    double common = 0.01 * draw_normal(draws);
    for (int j = 0; j < k; j++) p->cell[j][t] = 0.001 * j + (0.5 + 0.1 * j) * common + 0.012 * draw_normal(draws);
    for (int j = 0; j < k; j += 3) p->target[t] += p->cell[j][t] / ((k + 2) / 3);
    p->target[t] += noise * draw_normal(draws);
  }
  for (int j = 0; j < k; j++) p->column[j] = p->cell[j];
  g_rand_free(draws);
  return p;
}

static void fit(problem *p) {
  size_t size = aft_simplex_work_size(p->k, p->n);
  double *work = g_new(double, size + 1);
  for (size_t i = 0; i <= size; i++) work[i] = 12345.678;
  p->n_positive = aft_simplex_fit(p->column, p->k, p->target, p->n, p->weight, work, &p->unique);
  g_assert_true(work[size] == 12345.678);
  g_free(work);
}

static double distance(const problem *p, const double *weight, double *gap) {
  double sum = 0;
  for (int t = 0; t < p->n; t++) {
    gap[t] = -p->target[t];
    for (int j = 0; j < p->k; j++) gap[t] += weight[j] * p->cell[j][t];
    sum += gap[t] * gap[t];
  }
  return sum;
}

/* g = D'(D w - y): equal to w'g on the support, not below it elsewhere; weights on the simplex. */
static void check_conditions(const problem *p) {
  double gap[MOST_ROWS], g[MOST_COLUMNS], mean = 0, sum = 0, scale = 0;
  int n_positive = 0;
  distance(p, p->weight, gap);
  for (int j = 0; j < p->k; j++) {
    double square = 0;
    g[j] = 0;
    for (int t = 0; t < p->n; t++) {
      g[j] += p->cell[j][t] * gap[t];
      square += pow(p->cell[j][t] - p->target[t], 2);
    }
    g_assert_true(p->weight[j] >= 0);
    n_positive += p->weight[j] > 0;
    sum += p->weight[j];
    mean += p->weight[j] * g[j];
    scale = fmax(scale, square);
  }
  g_assert_cmpint(n_positive, ==, p->n_positive);
  assert_close(sum, 1, 1e-14);
  for (int j = 0; j < p->k; j++) {
    g_assert_cmpfloat(g[j], >=, mean - 1e-9 * scale);
    if (p->weight[j] > 0) g_assert_cmpfloat(fabs(g[j] - mean), <=, 1e-9 * scale);
  }
}

/* Weights that add up to one on a support, without regard to their signs: bordered normal equations, by elimination. */
static bool solve_support(const problem *p, unsigned support, double *weight) {
  int member[MOST_TRIED], m = 0;
  long double a[MOST_TRIED + 1][MOST_TRIED + 2];
  for (int j = 0; j < p->k; j++)
    if (support >> j & 1) member[m++] = j;
  for (int i = 0; i <= m; i++)
    for (int j = 0; j <= m + 1; j++) {
      a[i][j] = i == m ? (j == m ? 0 : 1) : j == m ? 1 : 0;
      for (int t = 0; i < m && j != m && t < p->n; t++) {
        long double own = (long double)p->cell[member[i]][t];
        long double other = (long double)(j < m ? p->cell[member[j]][t] : p->target[t]);
        a[i][j] += own * other;
      }
    }
  for (int k = 0; k <= m; k++) {
    int pivot = k;
    for (int i = k; i <= m; i++)
      if (fabsl(a[i][k]) > fabsl(a[pivot][k])) pivot = i;
    if (fabsl(a[pivot][k]) < 1e-15L) return false;
    for (int j = 0; j <= m + 1; j++) {
      long double held = a[k][j];
      a[k][j] = a[pivot][j];
      a[pivot][j] = held;
    }
    for (int i = 0; i <= m; i++) {
      long double factor = i == k ? 0 : a[i][k] / a[k][k];
      for (int j = k; j <= m + 1; j++) a[i][j] -= factor * a[k][j];
    }
  }
  memset(weight, 0, sizeof *weight * (size_t)p->k);
  for (int i = 0; i < m; i++) weight[member[i]] = (double)(a[i][m + 1] / a[i][i]);
  return true;
}

/* The best of all supports whose weights are not negative. */
static void try_all(const problem *p, double *best) {
  double shortest = HUGE_VAL, gap[MOST_ROWS], weight[MOST_TRIED];
  for (unsigned support = 1; support < 1u << p->k; support++) {
    bool inside = solve_support(p, support, weight);
    for (int j = 0; j < p->k; j++) inside = inside && weight[j] >= -1e-12;
    if (!inside || distance(p, weight, gap) >= shortest) continue;
    shortest = distance(p, weight, gap);
    memcpy(best, weight, sizeof weight);
  }
}

static void check_against_all(problem *p) {
  double best[MOST_TRIED], gap[MOST_ROWS], best_gap[MOST_ROWS];
  fit(p);
  check_conditions(p);
  try_all(p, best);
  double length = distance(p, p->weight, gap), best_length = distance(p, best, best_gap);
  g_assert_cmpfloat(length, <=, best_length * (1 + 1e-9) + 1e-18);
  for (int t = 0; t < p->n; t++) g_assert_cmpfloat(fabs(gap[t] - best_gap[t]), <, 1e-8);
  for (int j = 0; p->unique && j < p->k; j++) g_assert_cmpfloat(fabs(p->weight[j] - best[j]), <, 1e-6);
}

static void test_all_supports(void) {
  int n_unique = 0, n_corner = 0, n_inside = 0;
  for (guint32 seed = 0; seed < 120; seed++) {
    int k = 1 + (int)(seed % MOST_TRIED), n = 12 + (int)(seed % 5) * 7;
    problem *p = draw(1000 + seed, n, k, seed % 3 == 0 ? 0.03 : 0.004);
    check_against_all(p);
    n_unique += p->unique;
    n_corner += p->n_positive == 1 && k > 1;
    n_inside += p->n_positive == k && k > 1;
    g_free(p);
  }
  g_assert_cmpint(n_unique, ==, 120);
  g_assert_cmpint(n_corner, >, 3); /* the cases are of every kind */
  g_assert_cmpint(n_inside, >, 3);
}

/* More columns than rows, a column twice, a column that is the mean of two: the path is found, the weights are not called unique. */
static void test_not_unique(void) {
  for (guint32 seed = 0; seed < 20; seed++) {
    problem *p = draw(2000 + seed, 3, 7, 0.002);
    fit(p);
    check_conditions(p);
    g_assert_cmpint(p->n_positive, <=, 4);
    g_free(p);

    p = draw(2100 + seed, 40, 6, 0.004);
    memcpy(p->cell[3], p->cell[0], sizeof p->cell[0]);
    for (int t = 0; t < p->n; t++) p->cell[4][t] = 0.5 * (p->cell[0][t] + p->cell[1][t]);
    fit(p);
    check_conditions(p);
    if (p->weight[0] > 0 || p->weight[3] > 0) g_assert_false(p->unique);
    g_free(p);
  }
}

/* A target inside the hull is met exactly, one that is a column gives that column; units and order do not matter. */
static void test_identities(void) {
  problem *p = draw(3000, 60, 5, 0);
  double gap[MOST_ROWS];
  fit(p);
  g_assert_cmpfloat(distance(p, p->weight, gap), <, 1e-28);
  assert_close(p->weight[0], 0.5, 1e-11);
  assert_close(p->weight[3], 0.5, 1e-11);
  memcpy(p->target, p->cell[2], sizeof p->target);
  fit(p);
  g_assert_true(p->weight[2] == 1 && p->n_positive == 1);
  g_free(p);

  p = draw(3001, 60, 5, 0.01);
  problem *turned = draw(3001, 60, 5, 0.01);
  for (int j = 0; j < 5; j++) {
    turned->column[j] = turned->cell[4 - j];
    for (int t = 0; t < p->n; t++) turned->cell[j][t] *= 1e8;
  }
  for (int t = 0; t < p->n; t++) turned->target[t] *= 1e8;
  fit(p);
  fit(turned);
  for (int j = 0; j < 5; j++) assert_close(turned->weight[4 - j], p->weight[j], 1e-11);
  g_free(turned);
  g_free(p);
}

/* As large as a study's: the conditions alone. */
static void test_large(void) {
  for (guint32 seed = 0; seed < 6; seed++) {
    problem *p = draw(4000 + seed, seed % 2 == 0 ? MOST_ROWS : 45, MOST_COLUMNS, seed < 3 ? 0.015 : 1e-7);
    fit(p);
    check_conditions(p);
    g_assert_cmpint(p->n_positive, >, 3);
    g_free(p);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/simplex/all-supports", test_all_supports);
  g_test_add_func("/simplex/not-unique", test_not_unique);
  g_test_add_func("/simplex/identities", test_identities);
  g_test_add_func("/simplex/large", test_large);
  return g_test_run();
}
