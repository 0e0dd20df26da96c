/* Mean abnormal returns and mean CARs day by day, against the plain definition. */
#include "study/study_internal.h"

#include "support/support.h"

#include <aftershock/stats/dist.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { N = 9001, N_REL = 7 };

/* Abnormal returns with a common drift and gaps; every third event belongs to the sample of index 1. */
static void fill(aft_model_result *model, aft_sample *samples, enum aft_missing missing) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(11);
  *model = (aft_model_result){.samples = samples, .n_samples = 2};
  model->abnormal = (aft_abnormal){.n_events = N, .first_rel = -3, .n_rel = N_REL, .missing = missing};
  model->abnormal.abnormal = g_new(double, N *N_REL);
  for (size_t i = 0; i < N * N_REL; i++)
    model->abnormal.abnormal[i] =
        g_rand_double(draws) < 0.03 ? (double)NAN : 0.001 + 0.04 * (g_rand_double(draws) - 0.5);
  for (size_t s = 0; s < 2; s++) samples[s] = (aft_sample){.member = g_new(size_t, N)};
  for (size_t i = 0; i < N; i++) {
    samples[0].member[samples[0].n++] = i;
    if (i % 3 == 0) samples[1].member[samples[1].n++] = N - 1 - i; /* in another order */
  }
}

/* CAR over columns 0..j as the policy has it, from the definition. */
static double find_car(const aft_abnormal *a, size_t row, int j) {
  double sum = 0;
  int n = 0;
  for (int k = 0; k <= j; k++) {
    double ar = a->abnormal[row * N_REL + (size_t)k];
    if (isnan(ar) && a->missing == AFT_MISSING_EXCLUDE) return (double)NAN;
    if (isnan(ar)) continue;
    sum += ar;
    n++;
  }
  return n == 0 ? (double)NAN : sum;
}

static void check(const double *value, size_t n, size_t n_told, double mean_told, double error_told) {
  long double sum = 0, squares = 0;
  for (size_t i = 0; i < n; i++) sum += (long double)value[i];
  long double mean = sum / (long double)n;
  for (size_t i = 0; i < n; i++) squares += ((long double)value[i] - mean) * ((long double)value[i] - mean);
  g_assert_cmpuint(n_told, ==, n);
  assert_close(mean_told, (double)mean, 1e-11);
  assert_close(error_told, (double)sqrtl(squares / (long double)(n - 1) / (long double)n), 1e-12);
}

static void test_definition(void) {
  const enum aft_missing policies[] = {AFT_MISSING_EXCLUDE, AFT_MISSING_SKIP, AFT_MISSING_ZERO};
  const aft_config config = {.confidence = 0.9};
  for (size_t p = 0; p < G_N_ELEMENTS(policies); p++) {
    aft_model_result model;
    aft_sample samples[2];
    fill(&model, samples, policies[p]);
    const aft_abnormal *a = &model.abnormal;
    for (size_t s = 0; s < 2; s++) {
      aft_caar_row rows[N_REL], other[N_REL];
      double ar[N], car[N];
      aft_study_average_days(&model, &config, s, 1, rows);
      aft_study_average_days(&model, &config, s, 3, other);
      for (int j = 0; j < N_REL; j++) {
        size_t n = 0, n_path = 0;
        for (size_t i = 0; i < samples[s].n; i++) {
          size_t row = samples[s].member[i];
          double value = a->abnormal[row * N_REL + (size_t)j], path = find_car(a, row, j);
          if (!isnan(value)) ar[n++] = value;
          if (!isnan(path)) car[n_path++] = path;
        }
        check(ar, n, rows[j].n, rows[j].aar, rows[j].aar_se);
        check(car, n_path, rows[j].n_path, rows[j].caar, rows[j].caar_se);
        double half = aft_t_quantile(0.95, (double)n_path - 1) * rows[j].caar_se;
        assert_close(rows[j].ci_low, rows[j].caar - half, 1e-12);
        assert_close(rows[j].ci_high, rows[j].caar + half, 1e-12);
        g_assert_cmpint(rows[j].rel_day, ==, j - 3);
        /* Blocks are summed apart and in order: no bit depends on the threads. */
        g_assert_true(rows[j].aar == other[j].aar && rows[j].aar_se == other[j].aar_se);
        g_assert_true(rows[j].caar == other[j].caar && rows[j].caar_se == other[j].caar_se);
      }
      g_free(samples[s].member);
    }
    g_free(model.abnormal.abnormal);
  }
}

static void test_few(void) {
  double abnormal[] = {0.01, (double)NAN, 0.03};
  size_t member[] = {0};
  aft_sample sample = {.member = member, .n = 1};
  aft_model_result model = {.samples = &sample, .n_samples = 1};
  const aft_config config = {.confidence = 0.95};
  aft_caar_row rows[3];
  model.abnormal = (aft_abnormal){.n_events = 1, .n_rel = 3, .abnormal = abnormal};
  aft_study_average_days(&model, &config, 0, 2, rows);
  g_assert_true(rows[0].aar == 0.01 && rows[0].n == 1 && isnan(rows[0].aar_se) && isnan(rows[0].ci_low));
  g_assert_true(rows[1].n == 0 && isnan(rows[1].aar) && rows[1].n_path == 0 && isnan(rows[1].caar));
  g_assert_true(rows[2].aar == 0.03 && rows[2].n_path == 0);
  sample.n = 0;
  aft_study_average_days(&model, &config, 0, 2, rows);
  g_assert_true(rows[0].n == 0 && isnan(rows[0].aar) && isnan(rows[0].caar));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/path/definition", test_definition);
  g_test_add_func("/path/few", test_few);
  return g_test_run();
}
