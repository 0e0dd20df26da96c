/* study/test: conventions of other programs, each against its definition written out, and none of them by default. */
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/dist.h>
#include <aftershock/stats/library.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N = 13, N_EST = 61, FIRST_REL = -3, N_REL = 8 };

static void start(support_sample *sample, bool gaps) {
  support_sample_crowd(sample, 731, N, N_EST, FIRST_REL, N_REL, gaps, false);
  support_sample_window(sample, -1, 2);
}

/* Zero CARs: three of thirteen events, seven of the others positive. */
static void test_zero(void) {
  support_sample sample;
  start(&sample, false);
  for (size_t i = 0; i < N; i++)
    for (int j = 0; j < N_REL; j++)
      sample.abnormal.abnormal[i * N_REL + (size_t)j] = i < 3 ? 0 : i < 10 ? 0.01 + 0.001 * (double)i : -0.02;
  support_sample_window(&sample, -1, 2);
  aft_test_result own = support_sample_test(&sample, "sign");
  g_assert_cmpuint(own.n, ==, 10);
  assert_close(own.statistic, (7 - 5) / (0.5 * sqrt(10)), 1e-14);
  assert_close(own.p_value, aft_binomial_p_value(7, 10, 0.5), 1e-14);
  sample.options.conventions = (aft_test_conventions){.zero = AFT_ZERO_NEGATIVE, .sign_normal = true};
  aft_test_result negative = support_sample_test(&sample, "sign");
  g_assert_cmpuint(negative.n, ==, 13);
  assert_close(negative.statistic, (7 - 6.5) / (0.5 * sqrt(13)), 1e-14);
  assert_close(negative.p_value, aft_normal_p_value(negative.statistic), 1e-14);
  g_assert_cmpint(negative.distribution, ==, AFT_DIST_NORMAL);
  double share = support_sample_test(&sample, "generalized_sign").estimate;
  assert_close(share, 7.0 / 13, 1e-14);
  sample.options.conventions = (aft_test_conventions){.zero = AFT_ZERO_POSITIVE};
  assert_close(support_sample_test(&sample, "generalized_sign").estimate, 10.0 / 13, 1e-14);
  assert_close(support_sample_test(&sample, "sign").statistic, (10 - 6.5) / (0.5 * sqrt(13)), 1e-14);
  support_sample_clear(&sample);
}

static void test_references(void) {
  support_sample sample;
  start(&sample, true);
  aft_test_result bmp = support_sample_test(&sample, "bmp"), kp = support_sample_test(&sample, "patell_kp");
  aft_test_result bmp_kp = support_sample_test(&sample, "bmp_kp"), patell = support_sample_test(&sample, "patell");
  double df = 0;
  for (size_t i = 0; i < N; i++) df += sample.abnormal.fit[i].df / N;
  g_assert_cmpfloat(bmp.df, ==, N - 1);
  sample.options.conventions.bmp = AFT_REFERENCE_NORMAL;
  aft_test_result normal = support_sample_test(&sample, "bmp");
  g_assert_cmpfloat(normal.statistic, ==, bmp.statistic);
  assert_close(normal.p_value, aft_normal_p_value(bmp.statistic), 1e-14);
  sample.options.conventions.bmp = AFT_REFERENCE_T_K;
  aft_test_result t_k = support_sample_test(&sample, "bmp_kp");
  g_assert_cmpfloat(t_k.statistic, ==, bmp_kp.statistic);
  assert_close(t_k.df, df, 1e-13);
  sample.options.conventions = (aft_test_conventions){.patell_bmp_factor = true};
  aft_test_result factor = support_sample_test(&sample, "patell_kp");
  assert_close(factor.statistic, patell.statistic * bmp_kp.statistic / bmp.statistic, 1e-12);
  assert_close(support_sample_test(&sample, "patell").statistic, patell.statistic, 1e-15);
  g_assert_cmpfloat(fabs(factor.statistic - kp.statistic), >, 1e-6);
  support_sample_clear(&sample);
}

/* T' - k: sd times sqrt((T'-1)/(T'-k)); mean T - 1 with gaps. */
static void test_time_series(void) {
  support_sample sample;
  start(&sample, true);
  aft_test_result own = support_sample_test(&sample, "cda_t");
  double n_obs = 0;
  for (size_t i = 0; i < N; i++) n_obs += (double)sample.abnormal.fit[i].n_obs / N;
  sample.options.conventions.cda = AFT_REFERENCE_T_K;
  aft_test_result t_k = support_sample_test(&sample, "cda_t");
  assert_close(t_k.statistic, own.statistic * sqrt((own.df - 1) / own.df), 1e-13);
  g_assert_cmpfloat(t_k.df, ==, own.df - 1);
  sample.options.conventions.cda = AFT_REFERENCE_T_1;
  aft_test_result t_1 = support_sample_test(&sample, "cda_t");
  g_assert_cmpfloat(t_1.statistic, ==, own.statistic);
  assert_close(t_1.df, n_obs - 1, 1e-13);
  g_assert_cmpfloat(t_1.df, <, own.df);
  support_sample_clear(&sample);
}

/* The sums written out, from h and Z of every day. */
static void test_sums(void) {
  support_sample sample;
  start(&sample, false);
  const aft_abnormal *a = &sample.abnormal;
  double plain[N], running[N], mean[2] = {0, 0}, squares[2] = {0, 0}, daily = 0, scale = 0;
  for (size_t i = 0; i < N; i++) {
    double car = 0;
    running[i] = 0;
    for (int j = -1; j <= 2; j++) {
      size_t at = i * N_REL + (size_t)(j - FIRST_REL);
      double v = a->h[at] + a->z[2 * at] * a->z[2 * at] + a->z[2 * at + 1] * a->z[2 * at + 1], s = a->fit[i].sigma;
      car += a->abnormal[at];
      daily += a->abnormal[at] / sqrt(v) / 2;
      running[i] += a->abnormal[at] / (s * pow(v / (s * s), 0.25)) / sqrt(j + 2);
    }
    plain[i] = car / (a->fit[i].sigma * 2);
    mean[0] += plain[i] / N;
    mean[1] += running[i] / N;
    scale += a->fit[i].df / (a->fit[i].df - 2);
  }
  for (size_t i = 0; i < N; i++) {
    squares[0] += pow(plain[i] - mean[0], 2);
    squares[1] += pow(running[i] - mean[1], 2);
  }
  sample.options.conventions = (aft_test_conventions){.plain_scar = true, .patell_daily = true};
  assert_close(support_sample_test(&sample, "bmp").statistic, mean[0] / sqrt(squares[0] / (N - 1) / N), 1e-12);
  assert_close(support_sample_test(&sample, "patell").statistic, daily / sqrt(scale), 1e-12);
  sample.options.conventions = (aft_test_conventions){.running_sum = true};
  assert_close(support_sample_test(&sample, "bmp").statistic, mean[1] / sqrt(squares[1] / (N - 1) / N), 1e-12);
  assert_close(support_sample_test(&sample, "patell").statistic, N * mean[1] / sqrt(scale), 1e-12);
  support_sample_clear(&sample);
}

/* Ranks without the rest of the grid are those of a grid that is the window; window after window, so that nothing is kept. */
static void test_ranks(void) {
  static const char *const tests[] = {"corrado", "corrado_zivney", "sign_cz", "corrado_zivney_std", "variance_rank"};
  support_sample whole, part;
  start(&whole, true);
  for (int last = 0; last <= 2; last++) {
    int days = last + 2; /* from -1 */
    support_sample_init(&part, N, N_EST, -1, days);
    memcpy(part.abnormal.residual, whole.abnormal.residual, N * N_EST * sizeof(double));
    for (size_t i = 0; i < N; i++) {
      part.abnormal.fit[i].sigma = whole.abnormal.fit[i].sigma;
      for (int j = 0; j < days; j++) {
        size_t to = i * (size_t)days + (size_t)j, from = i * N_REL + (size_t)(j - 1 - FIRST_REL);
        part.abnormal.abnormal[to] = whole.abnormal.abnormal[from];
        part.abnormal.h[to] = whole.abnormal.h[from];
        memcpy(part.abnormal.z + 2 * to, whole.abnormal.z + 2 * from, 2 * sizeof(double));
      }
    }
    support_sample_window(&part, -1, last);
    aft_window_values_fill(&whole.abnormal, -1, last, &whole.window); /* keeps the cache */
    whole.options.conventions.tested_ranks = 1;
    for (size_t t = 0; t < G_N_ELEMENTS(tests); t++)
      assert_close(support_sample_test(&whole, tests[t]).statistic, support_sample_test(&part, tests[t]).statistic,
                   1e-12);
    support_sample_clear(&part);
  }
  whole.options.conventions.tested_ranks = 2; /* windows of one day keep the whole grid */
  aft_window_values_fill(&whole.abnormal, 0, 0, &whole.window);
  double mixed = support_sample_test(&whole, "corrado").statistic;
  whole.options.conventions.tested_ranks = 0;
  g_assert_cmpfloat(support_sample_test(&whole, "corrado").statistic, ==, mixed);
  support_sample_clear(&whole);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  aft_stats_init();
  g_test_add_func("/conventions/zero", test_zero);
  g_test_add_func("/conventions/references", test_references);
  g_test_add_func("/conventions/time-series", test_time_series);
  g_test_add_func("/conventions/sums", test_sums);
  g_test_add_func("/conventions/ranks", test_ranks);
  return g_test_run();
}
