/* study/test: resampling against loops over its own draws, and the sample quantile by counting. */
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/random.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N = 13, N_EST = 61, FIRST_REL = -3, N_REL = 8 };

static void draw(support_sample *sample, guint32 seed, bool gaps) {
  support_sample_crowd(sample, seed, N, N_EST, FIRST_REL, N_REL, gaps, false);
}

/* Every sign pattern of the clusters, the statistic from its definition. */
static void test_wild(void) {
  support_sample sample;
  draw(&sample, 170, false);
  sample.n = 7;
  support_sample_window(&sample, 0, 1);
  double total = 0, observed = fabs(support_sample_test(&sample, "wild").statistic);
  for (unsigned pattern = 0; pattern < 128; pattern++) {
    double mean = 0, squares = 0, x[7];
    for (size_t i = 0; i < 7; i++) {
      x[i] = (pattern >> i & 1 ? -1 : 1) * sample.window.car[i];
      mean += x[i] / 7;
    }
    for (size_t i = 0; i < 7; i++) squares += (x[i] - mean) * (x[i] - mean);
    total += fabs(mean / sqrt(squares / 6 / 7)) >= observed * (1 - 1e-12) ? 1 : 0;
  }
  g_assert_cmpfloat(support_sample_test(&sample, "wild").p_value, ==, total / 128);
  support_sample_clear(&sample);
}

/* Mean over the complete events of what a window needs. */
typedef struct window_means {
  double car, scar, inflation;
} window_means;

static window_means average(const support_sample *sample) {
  window_means means = {0, 0, 0};
  for (size_t i = 0; i < N; i++) {
    means.car += sample->window.car[i] / N;
    means.scar += sample->window.scar[i] / N;
    means.inflation += sample->window.variance[i] / (sample->window.n_days * pow(sample->abnormal.fit[i].sigma, 2)) / N;
  }
  return means;
}

static double average_residual(const support_sample *sample, int t) {
  double sum = 0;
  for (size_t i = 0; i < N; i++) sum += sample->abnormal.residual[i * N_EST + (size_t)t] / N;
  return sum;
}

/* Runs of three consecutive days, each summed anew; without an estimated mean the sums of residuals are not too small. */
static void test_placebo_shift(void) {
  support_sample sample;
  draw(&sample, 180, false);
  support_sample_window(&sample, -1, 1);
  window_means means = average(&sample);
  for (int estimated = 0; estimated < 2; estimated++) {
    double extreme = 1, share = estimated ? 1 - 3.0 / N_EST : 1;
    for (int t = 0; t + 3 <= N_EST; t++) {
      double sum = 0;
      for (int u = t; u < t + 3; u++) sum += average_residual(&sample, u);
      extreme += fabs(sum) >= fabs(means.car) * sqrt(share / means.inflation) ? 1 : 0;
    }
    sample.abnormal.estimates_mean = estimated;
    assert_close(support_sample_test(&sample, "placebo_shift").p_value, extreme / (N_EST - 2 + 1), 1e-14);
    assert_close(support_sample_test(&sample, "placebo_shift").statistic, means.car, 1e-12);
  }
  support_sample_clear(&sample);
}

static void test_permutation_dates(void) {
  support_sample sample;
  draw(&sample, 181, false);
  support_sample_window(&sample, -1, 1);
  uint64_t key = aft_random_key(1, AFT_STREAM_PERMUTATION);
  double extreme = 1;
  for (uint64_t b = 0; b < 99; b++) {
    double mean = 0;
    for (uint64_t i = 0; i < N; i++) {
      int start = (int)(aft_random_uniform(key, b * N + i) * (N_EST - 2));
      for (int u = start; u < start + 3; u++)
        mean += sample.abnormal.residual[i * N_EST + (uint64_t)u] /
                (sample.abnormal.fit[i].sigma * sqrt(3 * (1 - 3.0 / N_EST)) * N);
    }
    extreme += fabs(mean) >= fabs(average(&sample).scar) ? 1 : 0;
  }
  assert_close(support_sample_test(&sample, "permutation_dates").p_value, extreme / 100, 1e-14);
  support_sample_clear(&sample);
}

/* Mean block 4 = round(61^(1/3)). */
static void test_stationary(void) {
  support_sample sample;
  draw(&sample, 182, false);
  support_sample_window(&sample, 0, 4);
  uint64_t key = aft_random_key(1, AFT_STREAM_STATIONARY);
  window_means means = average(&sample);
  double extreme = 1;
  for (uint64_t b = 0; b < 99; b++) {
    double sum = 0;
    int day = 0;
    for (uint64_t j = 0; j < 5; j++) {
      uint64_t draw_index = 2 * (b * 5 + j);
      bool jump = j == 0 || aft_random_uniform(key, draw_index) < 0.25;
      day = jump ? (int)(aft_random_uniform(key, draw_index + 1) * N_EST) : (day + 1) % N_EST;
      sum += average_residual(&sample, day); /* least squares leaves their mean at zero */
    }
    extreme += fabs(sum) >= fabs(means.car) / sqrt(means.inflation) ? 1 : 0;
  }
  assert_close(support_sample_test(&sample, "stationary").p_value, extreme / 100, 1e-14);
  support_sample_clear(&sample);
}

/* 13 events on dates 0..4 sessions apart: blocks of 2 in the order of date, then of the sample. */
static void test_block(void) {
  support_sample sample;
  draw(&sample, 183, false);
  support_sample_window(&sample, 0, 1);
  double mean = average(&sample).car, sorted[N], extreme = 1,
         observed = support_sample_test(&sample, "csect_t").statistic;
  size_t n_sorted = 0;
  for (int session = 400; session < 405; session++)
    for (size_t i = 0; i < N; i++)
      if (sample.abnormal.session[i] == session) sorted[n_sorted++] = sample.window.car[i] - mean;
  uint64_t key = aft_random_key(1, AFT_STREAM_BLOCK);
  for (uint64_t b = 0; b < 99; b++) {
    double x[14], centre = 0, squares = 0;
    for (uint64_t k = 0; k < 7; k++) {
      size_t start = (size_t)(aft_random_uniform(key, b * 7 + k) * N);
      x[2 * k] = sorted[start];
      x[2 * k + 1] = sorted[(start + 1) % N];
    }
    for (int i = 0; i < N; i++) centre += x[i] / N;
    for (int i = 0; i < N; i++) squares += (x[i] - centre) * (x[i] - centre);
    extreme += fabs(centre / sqrt(squares / (N - 1) / N)) >= fabs(observed) ? 1 : 0;
  }
  assert_close(support_sample_test(&sample, "block_events").p_value, extreme / 100, 1e-14);
  support_sample_clear(&sample);
}

/* Johnson's t of x [n] from its definition. */
static double johnson(const double *x, int n) {
  double mean = 0, squares = 0, cubes = 0;
  for (int i = 0; i < n; i++) mean += x[i] / n;
  for (int i = 0; i < n; i++) squares += pow(x[i] - mean, 2);
  for (int i = 0; i < n; i++) cubes += pow(x[i] - mean, 3);
  double sd = sqrt(squares / (n - 1)), s = mean / sd, g = cubes / (n * pow(sd, 3));
  return sqrt(n) * (s + g * s * s / 3 + g / (6 * n));
}

/* 13 events: resamples of max(3, 13/4) = 3, of which some are one value three times and count as extreme. */
static void test_skew_bootstrap(void) {
  support_sample sample;
  draw(&sample, 184, false);
  support_sample_window(&sample, 0, 1);
  double mean = average(&sample).car, observed = johnson(sample.window.car, N), extreme = 1, flat = 0;
  uint64_t key = aft_random_key(1, AFT_STREAM_SKEW);
  sample.options.replicates = 999;
  for (uint64_t b = 0; b < 999; b++) {
    double x[3];
    for (uint64_t j = 0; j < 3; j++) x[j] = sample.window.car[(size_t)(aft_random_uniform(key, b * 3 + j) * N)] - mean;
    bool is_flat = x[0] == x[1] && x[1] == x[2];
    flat += is_flat;
    extreme += is_flat || fabs(johnson(x, 3)) >= fabs(observed) ? 1 : 0;
  }
  g_assert_cmpfloat(flat, >, 0);
  aft_test_result result = support_sample_test(&sample, "skew_bootstrap");
  assert_close(result.statistic, observed, 1e-12);
  assert_close(result.p_value, extreme / 1000, 1e-14);
  support_sample_clear(&sample);
}

/* With 99 sums the smallest two-sided p is 2 %, and the fifth smallest is at 10 %: Gelbach, Helland and Klick (2013). */
static void test_sample_quantile(void) {
  support_sample sample;
  support_sample_init(&sample, 1, 99, 0, 2);
  for (int t = 0; t < 99; t++) sample.abnormal.residual[t] = 0.001 * ((t * 37) % 99 - 49);
  sample.abnormal.h[0] = sample.abnormal.h[1] = sample.abnormal.fit[0].sigma = 1;
  memset(sample.abnormal.z, 0, 4 * sizeof(double));
  static const double car[] = {-0.2, -0.0455, 0.2}, p[] = {0.02, 0.1, 0.02};
  for (int k = 0; k < 3; k++) {
    sample.abnormal.abnormal[0] = car[k];
    support_sample_window(&sample, 0, 0);
    assert_close(support_sample_test(&sample, "sq").p_value, p[k], 1e-14);
  }
  g_assert_cmpuint(support_sample_test(&sample, "sq").n, ==, 99);
  sample.abnormal.residual[40] = (double)NAN; /* two of the 98 sums of two days are gone */
  sample.abnormal.abnormal[1] = 0.01;
  support_sample_window(&sample, 0, 1);
  g_assert_cmpuint(support_sample_test(&sample, "sq").n, ==, 96);
  support_sample_clear(&sample);
}

/* Same seed, same p, however many threads; another seed, another p. */
static void test_threads(void) {
  static const char *const names[] = {"wild",         "wild_cluster",      "stationary",
                                      "block_events", "permutation_dates", "skew_bootstrap"};
  support_sample sample;
  draw(&sample, 190, true);
  for (size_t i = 0; i < N; i++) sample.abnormal.session[i] = 300 + (int)i;
  sample.options.replicates = 1999;
  support_sample_window(&sample, 0, 1);
  for (size_t k = 0; k < G_N_ELEMENTS(names); k++) {
    sample.options = (aft_test_options){.replicates = 1999, .seed = 5, .n_threads = 1};
    double one = support_sample_test(&sample, names[k]).p_value;
    sample.options.n_threads = 4;
    g_assert_cmpfloat(support_sample_test(&sample, names[k]).p_value, ==, one);
    sample.options.seed = 6;
    double other = support_sample_test(&sample, names[k]).p_value;
    g_assert_cmpfloat(other, !=, one);
    g_assert_cmpfloat(fabs(other - one), <, 6 * sqrt(2 * 0.25 / 2000)); /* six Monte Carlo errors */
  }
  support_sample_clear(&sample);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/resampling/wild", test_wild);
  g_test_add_func("/resampling/placebo-shift", test_placebo_shift);
  g_test_add_func("/resampling/permutation-dates", test_permutation_dates);
  g_test_add_func("/resampling/stationary", test_stationary);
  g_test_add_func("/resampling/block-events", test_block);
  g_test_add_func("/resampling/skew-bootstrap", test_skew_bootstrap);
  g_test_add_func("/resampling/sample-quantile", test_sample_quantile);
  g_test_add_func("/resampling/threads", test_threads);
  return g_test_run();
}
