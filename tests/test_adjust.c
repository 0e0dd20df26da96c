/* study/adjust and stats/romano_wolf: the table of corrections, and stepwise p-values against a loop over their own draws. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/stats/adjust.h>
#include <aftershock/stats/random.h>
#include <aftershock/stats/romano_wolf.h>
#include <aftershock/study/adjust.h>

#include <glib.h>
#include <math.h>

#include <aftershock/base/banned.h>

enum { N = 11, M = 5, B = 199, SEED = 7 };

/* Columns hang together and lie farther and farther from zero. */
static void draw(guint32 seed, double x[N * M]) {
  GRand *draws = g_rand_new_with_seed(seed);
  for (int i = 0; i < N; i++) {
    double common = draw_normal(draws);
    for (int k = 0; k < M; k++) x[i * M + k] = 0.02 * (common + draw_heavy(draws)) + 0.008 * (k * 3 % 5);
  }
  g_rand_free(draws);
}

static double slow_t(const double *x, int n, double centre) {
  double mean = 0, squares = 0;
  for (int i = 0; i < n; i++) mean += x[i] / n;
  for (int i = 0; i < n; i++) squares += pow(x[i] - mean, 2);
  return sqrt(n) * (mean - centre) / sqrt(squares / (n - 1));
}

/* For each column: all columns no farther from zero compete with it; then no column's p is below one farther out. */
static void slow_romano_wolf(const double x[N * M], double adjusted[M]) {
  uint64_t key = aft_random_key(SEED, AFT_STREAM_ROMANO_WOLF);
  double t[M], raw[M], column[N];
  for (int k = 0; k < M; k++) {
    for (int i = 0; i < N; i++) column[i] = x[i * M + k];
    t[k] = fabs(slow_t(column, N, 0));
  }
  for (int k = 0; k < M; k++) {
    double extreme = 1;
    for (uint64_t b = 0; b < B; b++) {
      double largest = 0;
      for (int other = 0; other < M; other++) {
        double mean = 0;
        for (int i = 0; i < N; i++) mean += x[i * M + other] / N;
        for (uint64_t i = 0; i < N; i++) column[i] = x[(int)(aft_random_uniform(key, b * N + i) * N) * M + other];
        if (t[other] <= t[k]) largest = fmax(largest, fabs(slow_t(column, N, mean)));
      }
      extreme += largest >= t[k];
    }
    raw[k] = extreme / (B + 1);
  }
  for (int k = 0; k < M; k++) {
    adjusted[k] = 0;
    for (int other = 0; other < M; other++)
      if (t[other] >= t[k]) adjusted[k] = fmax(adjusted[k], raw[other]);
  }
}

static void test_definition(void) {
  double x[N * M], fast[M], slow[M], largest = 0, smallest = 1;
  for (guint32 seed = 1; seed <= 6; seed++) {
    draw(seed, x);
    aft_adjust_romano_wolf(x, N, M, B, SEED, fast);
    slow_romano_wolf(x, slow);
    for (int k = 0; k < M; k++) {
      assert_close(fast[k], slow[k], 1e-14);
      largest = fmax(largest, fast[k]);
      smallest = fmin(smallest, fast[k]);
    }
  }
  g_assert_cmpfloat(smallest, <, 0.1); /* else the check would check one corner */
  g_assert_cmpfloat(largest, >, 0.4);
}

/* Twins cost nothing: three copies of a column have its own p, which a family of strangers raises. */
static void test_dependence(void) {
  double x[N * M], one[N], copies[N * 3], alone, together[3], family[M];
  draw(3, x);
  for (int i = 0; i < N; i++)
    for (int k = 0; k < 3; k++) one[i] = copies[i * 3 + k] = x[i * M + 3];
  aft_adjust_romano_wolf(one, N, 1, B, SEED, &alone);
  aft_adjust_romano_wolf(copies, N, 3, B, SEED, together);
  for (int k = 0; k < 3; k++) g_assert_cmpfloat(together[k], ==, alone);
  aft_adjust_romano_wolf(x, N, M, B, SEED, family);
  for (int k = 0; k < M; k++) {
    for (int i = 0; i < N; i++) one[i] = x[i * M + k];
    aft_adjust_romano_wolf(one, N, 1, B, SEED, &alone);
    g_assert_cmpfloat(family[k], >=, alone);
    g_assert_cmpfloat(family[k], <=, fmin(1, M * alone + 1e-15)); /* Bonferroni: the share of a union */
  }
}

/* Units of measurement and signs mean nothing, nor does a column that does not vary. */
static void test_invariance(void) {
  double x[N * M], other[N * (M + 1)], plain[M], changed[M + 1];
  draw(4, x);
  for (int i = 0; i < N; i++) {
    for (int k = 0; k < M; k++) other[i * (M + 1) + k] = x[i * M + k] * (k % 2 == 0 ? -512 : 0.25);
    other[i * (M + 1) + M] = 0.03;
  }
  aft_adjust_romano_wolf(x, N, M, B, SEED, plain);
  aft_adjust_romano_wolf(other, N, M + 1, B, SEED, changed);
  for (int k = 0; k < M; k++) g_assert_cmpfloat(changed[k], ==, plain[k]);
  g_assert_true(isnan(changed[M]));
  aft_adjust_romano_wolf(x, 1, M, B, SEED, changed);
  for (int k = 0; k < M; k++) g_assert_true(isnan(changed[k]));
  aft_adjust_romano_wolf(x, N, 0, B, SEED, changed);
}

/* Two units: half of the draws are one unit twice, which counts as extreme, and the other half has t* = 0. */
static void test_two_units(void) {
  const double x[] = {0.03, 0.01};
  double p, flat = 1;
  uint64_t key = aft_random_key(SEED, AFT_STREAM_ROMANO_WOLF);
  for (uint64_t b = 0; b < B; b++)
    flat += (aft_random_uniform(key, 2 * b) < 0.5) == (aft_random_uniform(key, 2 * b + 1) < 0.5);
  aft_adjust_romano_wolf(x, 2, 1, B, SEED, &p);
  assert_close(p, flat / (B + 1), 1e-15);
}

/* Each name does what it says, by hand: p = 0.01, 0.02, 0.04. */
static void test_table(void) {
  static const struct {
    const char *name;
    double adjusted[3];
  } cases[] = {{"holm", {0.03, 0.04, 0.04}},
               {"bonferroni", {0.03, 0.06, 0.12}},
               {"hochberg", {0.03, 0.04, 0.04}},
               {"bh", {0.03, 0.03, 0.04}},
               {"by", {0.03 * 11 / 6, 0.03 * 11 / 6, 0.04 * 11 / 6}}};
  const double p[] = {0.01, 0.02, 0.04};
  size_t n;
  const aft_adjustment *known = aft_adjustments(&n);
  g_assert_cmpuint(n, ==, G_N_ELEMENTS(cases));
  for (size_t i = 0; i < n; i++) {
    double adjusted[3];
    g_assert_cmpstr(known[i].name, ==, cases[i].name);
    g_assert_true(aft_adjustment_find(cases[i].name) == &known[i]);
    known[i].apply(p, 3, adjusted);
    for (int k = 0; k < 3; k++) assert_close(adjusted[k], cases[i].adjusted[k], 1e-15);
  }
  const double close[] = {0.03, 0.04}; /* where Hochberg's step up and Holm's step down part */
  double holm[2], hochberg[2];
  aft_adjustment_find("holm")->apply(close, 2, holm);
  aft_adjustment_find("hochberg")->apply(close, 2, hochberg);
  assert_close(holm[0], 0.06, 1e-15);
  assert_close(hochberg[0], 0.04, 1e-15);
  g_assert_null(aft_adjustment_find("fdr"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/adjust/table", test_table);
  g_test_add_func("/adjust/romano-wolf/definition", test_definition);
  g_test_add_func("/adjust/romano-wolf/dependence", test_dependence);
  g_test_add_func("/adjust/romano-wolf/invariance", test_invariance);
  g_test_add_func("/adjust/romano-wolf/two-units", test_two_units);
  return g_test_run();
}
