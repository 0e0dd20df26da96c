/* study/test: identities that hold for any sample, and the edges: few events, no variance, missing days. */
#include "support/draws.h"
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/dist.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_EST = 119, FIRST_REL = -4, N_REL = 9 }; /* 128 days: medians lie between two values */

/* Shocks scaled by `scale`, firm i with its own beta and sd; every fourth event misses two estimation days when `gaps`. */
static void draw(support_sample *sample, guint32 seed, size_t n, double scale, bool gaps) {
  GRand *draws = g_rand_new_with_seed(seed);
  double y[N_EST + N_REL], x[N_EST + N_REL];
  support_sample_init(sample, n, N_EST, FIRST_REL, N_REL);
  for (size_t i = 0; i < n; i++) {
    double sd = 0.008 + 0.002 * (double)(i % 7), beta = 0.7 + 0.11 * (double)(i % 5);
    for (int t = 0; t < N_EST + N_REL; t++) {
      x[t] = 0.0004 + 0.011 * draw_normal(draws);
      y[t] = scale * (0.0002 + beta * x[t] + sd * draw_heavy(draws));
    }
    if (gaps && i % 4 == 1) y[17 + i] = y[60 + 2 * i] = (double)NAN;
    support_sample_fit(sample, i, y, x);
  }
  g_rand_free(draws);
}

static double statistic(support_sample *sample, const char *name) {
  aft_test_result result = support_sample_test(sample, name);
  g_assert_true(result.distribution != AFT_DIST_NONE);
  return result.statistic;
}

static void assert_undefined(support_sample *sample, const char *name) {
  aft_test_result result = support_sample_test(sample, name);
  if (!isnan(result.statistic) || !isnan(result.p_value) || result.note == NULL || result.distribution != AFT_DIST_NONE)
    g_error("%s should be undefined, with a reason", name);
}

static void test_table(void) {
  size_t n;
  const aft_test *tests = aft_tests(&n);
  g_assert_cmpuint(n, ==, 39);
  for (size_t i = 0; i < n; i++) {
    g_assert_true(aft_test_find(tests[i].name) == &tests[i]); /* so names are unique */
    g_assert_true(tests[i].title[0] != '\0' && tests[i].null_hypothesis[0] != '\0' && tests[i].compute != NULL);
  }
  g_assert_null(aft_test_find("patel"));
  g_assert_cmpstr(aft_distribution_name(AFT_DIST_NONE), ==, "none");
  g_assert_cmpstr(aft_distribution_name(AFT_DIST_NORMAL), ==, "norm");
  g_assert_cmpstr(aft_distribution_name(AFT_DIST_F), ==, "f");
  g_assert_cmpstr(aft_distribution_name(AFT_DIST_RESAMPLE), ==, "resample");
}

/* CARs 0.01, 0.02, 0.03: mean 0.02, sd 0.01, t = 2 sqrt 3; signs 3 of 3; ranks 1, 2, 3 all positive. */
static void test_by_hand(void) {
  support_sample sample;
  draw(&sample, 5, 3, 1, false);
  for (size_t i = 0; i < 3; i++) sample.abnormal.abnormal[i * N_REL + 4] = 0.01 * (double)(i + 1);
  support_sample_window(&sample, 0, 0);
  assert_close(statistic(&sample, "csect_t"), 2 * sqrt(3), 1e-14);
  assert_close(support_sample_test(&sample, "csect_t").p_value, 1 - sqrt(12.0 / 14), 1e-13); /* 1 - t/sqrt(2 + t^2) */
  assert_close(support_sample_test(&sample, "sign").p_value, 0.25, 1e-15);
  assert_close(statistic(&sample, "sign"), sqrt(3), 1e-14);
  assert_close(support_sample_test(&sample, "wilcoxon").p_value, 0.25, 1e-15);
  assert_close(statistic(&sample, "wilcoxon"), 3 / sqrt(3.5), 1e-14);
  assert_close(support_sample_test(&sample, "wild").p_value, 0.25, 1e-15); /* + + + and - - - of 8 */
  double variance = 0;
  for (size_t i = 0; i < 3; i++) variance += aft_abnormal_day_variance(&sample.abnormal, i, 4);
  assert_close(statistic(&sample, "mackinlay_j1"), 0.06 / sqrt(variance), 1e-14);
  support_sample_clear(&sample);
}

/* V = I, d = 10: AR 2 and -1 give F = (4 + 1)/2, U 4 and 1 against 1.25 each with variance 2 100 9/(64 6). */
static void test_by_hand_one_event(void) {
  support_sample sample;
  draw(&sample, 6, 1, 1, false);
  memset(sample.abnormal.z, 0, N_REL * 2 * sizeof(double));
  for (int j = 0; j < N_REL; j++) sample.abnormal.h[j] = 1;
  sample.abnormal.fit[0].df = 10;
  sample.abnormal.abnormal[4] = 2;
  sample.abnormal.abnormal[5] = -1;
  support_sample_window(&sample, 0, 1);
  aft_test_result chow = support_sample_test(&sample, "chow"), beaver = support_sample_test(&sample, "beaver");
  g_assert_cmpint(chow.distribution, ==, AFT_DIST_F);
  assert_close(chow.statistic, 2.5, 1e-15);
  assert_close(chow.estimate, 1, 1e-15);
  g_assert_cmpfloat(chow.df, ==, 10);
  assert_close(chow.p_value, pow(1 + 2 * 2.5 / 10, -5), 1e-13); /* F(2, d): (1 + 2 F/d)^(-d/2) */
  assert_close(beaver.statistic, (5 - 2.5) / sqrt(2 * 1800.0 / 384), 1e-14);
  assert_close(beaver.estimate, 5 / 2.5, 1e-14);
  sample.abnormal.fit[0].df = 4;
  support_sample_window(&sample, 0, 1);
  assert_undefined(&sample, "beaver");
  support_sample_clear(&sample);
}

/* On one day with equal T every variant of a family is the same test; 1e-12: other orders of the same operations. */
static void test_one_day(void) {
  support_sample sample;
  draw(&sample, 11, 13, 1, false);
  support_sample_window(&sample, 0, 0);
  double patell = statistic(&sample, "patell"), rank = statistic(&sample, "corrado_zivney");
  assert_close(statistic(&sample, "patell_mean"), patell, 1e-12);
  assert_close(statistic(&sample, "patell_daily_sum"), patell, 1e-12);
  assert_close(statistic(&sample, "corrado"), rank, 1e-12);
  assert_close(statistic(&sample, "corrado_zivney_fpc"), rank, 1e-12);
  support_sample_window(&sample, -1, 3);
  g_assert_cmpfloat(fabs(statistic(&sample, "patell_daily_sum") - statistic(&sample, "patell")), >, 1e-6);
  double five = statistic(&sample, "corrado_zivney"), days = N_EST + N_REL;
  assert_close(statistic(&sample, "corrado_zivney_fpc"), five * sqrt((days - 1) / (days - 5)), 1e-12);
  support_sample_clear(&sample);
}

static void test_same_statistic(void) {
  support_sample sample;
  draw(&sample, 12, 14, 1, true);
  support_sample_window(&sample, -1, 1);
  double t = statistic(&sample, "csect_t");
  assert_close(statistic(&sample, "jackknife"), t, 1e-12);
  assert_close(statistic(&sample, "clustered_date"), t, 1e-12); /* every event its own date, every firm one event */
  assert_close(statistic(&sample, "clustered_firm"), t, 1e-12);
  assert_close(statistic(&sample, "clustered_twoway"), t, 1e-12);
  assert_close(statistic(&sample, "wild"), t, 1e-12);
  assert_close(statistic(&sample, "wild_cluster"), t, 1e-12);
  assert_close(statistic(&sample, "block_events"), t, 1e-12);
  assert_close(statistic(&sample, "skew_bootstrap"), statistic(&sample, "skew_johnson"), 1e-12);
  double bmp = statistic(&sample, "bmp"), patell = statistic(&sample, "patell");
  for (size_t i = 0; i < 14; i++) sample.abnormal.session[i] = 500 + 40 * (int)i; /* no windows overlap */
  support_sample_window(&sample, -1, 1);
  assert_close(statistic(&sample, "bmp_kp"), bmp, 1e-14);
  assert_close(statistic(&sample, "patell_kp"), patell, 1e-14);
  size_t n;
  for (const aft_test *test = aft_tests(&n); n > 0; n--, test++) {
    aft_test_input input = {&sample.abnormal, &sample.window, sample.member, sample.n, &sample.options, sample.cache};
    bool by_firm = strcmp(test->name, "clustered_firm") == 0 || strcmp(test->name, "clustered_twoway") == 0;
    g_assert_true(test->applies == NULL ? !by_firm : by_firm && !test->applies(&input));
    sample.abnormal.security[3] = 9;
    g_assert_true(test->applies == NULL || test->applies(&input));
    sample.abnormal.security[3] = 3;
  }
  support_sample_clear(&sample);
}

/* Of one day, the F of one event is the square of its t, with the same p; of several days it is no less than the sum's. */
static void test_chow_and_t(void) {
  support_sample sample;
  draw(&sample, 13, 1, 1, true);
  for (int day = FIRST_REL; day < FIRST_REL + N_REL; day++) {
    support_sample_window(&sample, day, day);
    aft_test_result chow = support_sample_test(&sample, "chow");
    double t = sample.window.scar[0];
    assert_close(chow.statistic, t * t, 1e-12);
    assert_close(chow.p_value, aft_t_p_value(t, sample.abnormal.fit[0].df), 1e-11); /* p of the square of a rounded t */
  }
  for (int last = FIRST_REL + 1; last < FIRST_REL + N_REL; last++) {
    support_sample_window(&sample, FIRST_REL, last);
    double t = sample.window.scar[0], length = sample.window.n_days;
    g_assert_cmpfloat(length * statistic(&sample, "chow"), >=, t * t); /* Cauchy and Schwarz */
  }
  support_sample_clear(&sample);
}

/* What a test says when returns are multiplied by c: the same p-value; statistics in returns are multiplied too. */
static void test_scaling(void) {
  static const double scales[] = {0.01, 3.7, -1};
  support_sample one, other;
  draw(&one, 21, 15, 1, true);
  one.abnormal.session[4] = one.abnormal.session[9] = one.abnormal.session[2];
  support_sample_window(&one, -1, 3);
  for (size_t s = 0; s < G_N_ELEMENTS(scales); s++) {
    draw(&other, 21, 15, scales[s], true);
    other.abnormal.session[4] = other.abnormal.session[9] = other.abnormal.session[2];
    support_sample_window(&other, -1, 3);
    size_t n;
    for (const aft_test *test = aft_tests(&n); n > 0; n--, test++) {
      if (test->single_only) continue;
      aft_test_result a = support_sample_test(&one, test->name), b = support_sample_test(&other, test->name);
      bool in_returns = strcmp(test->name, "stationary") == 0 || strcmp(test->name, "placebo_shift") == 0;
      bool of_variance = g_str_has_prefix(test->name, "variance") || strcmp(test->name, "beaver") == 0;
      double factor = in_returns ? scales[s] : scales[s] < 0 && !of_variance ? -1 : 1;
      g_assert_true(a.distribution != AFT_DIST_NONE && b.distribution == a.distribution);
      assert_close(b.statistic, factor * a.statistic, 1e-9); /* fits of scaled returns differ in rounding */
      assert_close(b.p_value, a.p_value, 1e-9);
    }
    support_sample_clear(&other);
  }
  support_sample_clear(&one);
}

/* The order of the events means nothing to a test that draws nothing. */
static void test_permutation(void) {
  support_sample sample;
  draw(&sample, 22, 17, 1, true);
  for (size_t i = 0; i < 17; i++) {
    sample.abnormal.session[i] = 300 + (int)(i % 5);
    sample.abnormal.security[i] = (int)(i % 7);
  }
  support_sample_window(&sample, -1, 1);
  aft_test_result before[64];
  size_t n;
  const aft_test *tests = aft_tests(&n);
  for (size_t k = 0; k < n; k++) before[k] = support_sample_test(&sample, tests[k].name);
  for (size_t i = 0; i < 17; i++) sample.member[i] = (i * 5 + 3) % 17;
  support_sample_window(&sample, -1, 1);
  for (size_t k = 0; k < n; k++) {
    aft_test_result after = support_sample_test(&sample, tests[k].name);
    assert_close(after.statistic, before[k].statistic, 1e-11); /* sums in another order */
    if (after.distribution != AFT_DIST_RESAMPLE) assert_close(after.p_value, before[k].p_value, 1e-10);
  }
  support_sample_clear(&sample);
}

/* N = 0: everything is undefined. N = 1: what needs a cross-section is undefined, the others are not. */
static void test_few_events(void) {
  static const char *const defined_for_one[] = {"sq",
                                                "cda_t",
                                                "cda_forecast",
                                                "mackinlay_j1",
                                                "patell",
                                                "patell_mean",
                                                "patell_daily_sum",
                                                "corrado",
                                                "sign_cz",
                                                "corrado_zivney",
                                                "sign",
                                                "wilcoxon",
                                                "variance_rank",
                                                "corrado_zivney_fpc",
                                                "stationary",
                                                "placebo_shift",
                                                "permutation_dates",
                                                "generalized_sign",
                                                "chow",
                                                "beaver",
                                                NULL};
  static const char *const undefined_for_two[] = {
      "skew_hall", "skew_johnson", "jackknife", "jackknife_smd", "block_events", "sq", "chow", "skew_bootstrap", NULL};
  support_sample sample;
  draw(&sample, 31, 2, 1, false);
  size_t n;
  const aft_test *tests = aft_tests(&n);
  for (size_t events = 0; events <= 2; events++) {
    sample.n = events;
    support_sample_window(&sample, 0, 2);
    for (size_t k = 0; k < n; k++) {
      const char *name = tests[k].name;
      bool defined = events == 1 ? g_strv_contains(defined_for_one, name)
                                 : events == 2 && !g_strv_contains(undefined_for_two, name);
      if (!defined) {
        assert_undefined(&sample, name);
        continue;
      }
      aft_test_result result = support_sample_test(&sample, name);
      if (isnan(result.statistic))
        g_error("%s should be defined for %u events: %s", name, (unsigned)events, result.note);
      g_assert_cmpfloat(result.p_value, >=, 0);
      g_assert_cmpfloat(result.p_value, <=, 1);
      g_assert_null(result.note);
    }
  }
  support_sample_clear(&sample);
}

/* All CARs equal: nothing that divides by their spread; rank-like and time-series tests stay. */
static void test_equal_cars(void) {
  static const char *const spread[] = {"csect_t", "skew_hall",    "skew_johnson", "jackknife",      "jackknife_smd",
                                       "wild",    "wild_cluster", "block_events", "clustered_date", "skew_bootstrap"};
  support_sample sample;
  draw(&sample, 41, 6, 1, false);
  for (size_t i = 0; i < 6; i++) sample.abnormal.abnormal[i * N_REL + 4] = 0.0123;
  support_sample_window(&sample, 0, 0);
  for (size_t k = 0; k < G_N_ELEMENTS(spread); k++) assert_undefined(&sample, spread[k]);
  assert_close(support_sample_test(&sample, "wilcoxon").p_value, 2.0 / 64, 1e-15); /* ties of all ranks */
  assert_close(support_sample_test(&sample, "sign").p_value, 2.0 / 64, 1e-15);
  g_assert_false(isnan(statistic(&sample, "cda_t")) || isnan(statistic(&sample, "corrado")));
  for (size_t i = 0; i < 6; i++) sample.abnormal.abnormal[i * N_REL + 4] = 0;
  support_sample_window(&sample, 0, 0);
  assert_undefined(&sample, "sign");
  assert_undefined(&sample, "wilcoxon");
  support_sample_clear(&sample);
}

/* An event without residual variance leaves the standardised tests only; one with a missing day leaves that window only. */
static void test_dropped_events(void) {
  support_sample sample;
  draw(&sample, 42, 8, 1, false);
  double flat[N_EST + N_REL] = {0}, x[N_EST + N_REL];
  for (int t = 0; t < N_EST + N_REL; t++) x[t] = 0.01 * sin(t * t);
  support_sample_fit(&sample, 3, flat, x);
  sample.abnormal.abnormal[5 * N_REL + 6] = (double)NAN; /* event 5, day +2 */
  sample.abnormal.fit[6].df = 2;                         /* no variance of a SAR */
  support_sample_window(&sample, 0, 1);
  g_assert_cmpuint(support_sample_test(&sample, "csect_t").n, ==, 8);
  g_assert_cmpuint(support_sample_test(&sample, "corrado").n, ==, 8);
  g_assert_cmpuint(support_sample_test(&sample, "bmp").n, ==, 7);
  g_assert_cmpuint(support_sample_test(&sample, "grank_t").n, ==, 7);
  g_assert_cmpuint(support_sample_test(&sample, "mackinlay_j1").n, ==, 7);
  g_assert_cmpuint(support_sample_test(&sample, "permutation_dates").n, ==, 7);
  g_assert_cmpuint(support_sample_test(&sample, "sign").n, ==, 7); /* a CAR of zero has no sign */
  g_assert_cmpuint(support_sample_test(&sample, "patell").n, ==, 6);
  g_assert_cmpuint(support_sample_test(&sample, "variance_chi2").n, ==, 6);
  g_assert_cmpuint(support_sample_test(&sample, "beaver").n, ==, 6);
  support_sample_window(&sample, 1, 2);
  g_assert_cmpuint(support_sample_test(&sample, "csect_t").n, ==, 7);
  g_assert_cmpuint(support_sample_test(&sample, "patell").n, ==, 5);
  support_sample_clear(&sample);
}

static void expect_car(const support_sample *sample, double car, double variance) {
  assert_close(sample->window.car[0], car, 1e-15);
  assert_close(sample->window.variance[0], variance, 1e-14);
}

/* Days 0.01, missing, 0.03; V = diag(1, 2, 3) + z z' with z = (1, 2, 4) and another column of zeros. */
static void test_missing_days(void) {
  support_sample sample;
  draw(&sample, 44, 1, 1, false);
  aft_abnormal *a = &sample.abnormal;
  for (int j = 0; j < 3; j++) {
    a->abnormal[4 + j] = 0.01 * (j + 1);
    a->h[4 + j] = j + 1;
    a->z[2 * (4 + j)] = 1 << j;
    a->z[2 * (4 + j) + 1] = 0;
  }
  for (int policy = AFT_MISSING_EXCLUDE; policy <= AFT_MISSING_ZERO;
       policy++) { /* nothing is missing: one and the same */
    a->missing = (enum aft_missing)policy;
    support_sample_window(&sample, 0, 2);
    expect_car(&sample, 0.06, 6 + 49);
  }
  a->abnormal[5] = (double)NAN;
  a->missing = AFT_MISSING_EXCLUDE;
  support_sample_window(&sample, 0, 2);
  g_assert_true(isnan(sample.window.car[0]) && isnan(sample.window.variance[0]) && isnan(sample.window.scar[0]));
  a->missing = AFT_MISSING_SKIP;
  support_sample_window(&sample, 0, 2);
  expect_car(&sample, 0.04, 4 + 25);
  support_sample_window(&sample, 1, 2); /* a missing day at the edge: the shorter window */
  double car = sample.window.car[0], variance = sample.window.variance[0];
  support_sample_window(&sample, 2, 2);
  expect_car(&sample, car, variance);
  a->missing = AFT_MISSING_ZERO;
  support_sample_window(&sample, 0, 2);
  expect_car(&sample, 0.04, 6 + 49);
  for (int policy = AFT_MISSING_EXCLUDE; policy <= AFT_MISSING_ZERO; policy++) { /* of nothing there is no sum */
    a->missing = (enum aft_missing)policy;
    support_sample_window(&sample, 1, 1);
    g_assert_true(isnan(sample.window.car[0]) && isnan(sample.window.variance[0]));
  }
  support_sample_clear(&sample);
}

/* A series without any variance, alone: nothing may divide by zero. */
static void test_no_variance_at_all(void) {
  support_sample sample;
  draw(&sample, 43, 1, 1, false);
  double flat[N_EST + N_REL] = {0}, x[N_EST + N_REL];
  for (int t = 0; t < N_EST + N_REL; t++) x[t] = 0.01 * cos(t * t);
  support_sample_fit(&sample, 0, flat, x);
  support_sample_window(&sample, -1, 1);
  static const char *const names[] = {"cda_t",         "mackinlay_j1",     "patell", "bmp",
                                      "corrado",       "sign_cz",          "sign",   "grank_t",
                                      "variance_rank", "generalized_sign", "chow",   "beaver"};
  for (size_t k = 0; k < G_N_ELEMENTS(names); k++) assert_undefined(&sample, names[k]);
  assert_close(support_sample_test(&sample, "placebo_shift").p_value, 1, 1e-15);
  assert_close(support_sample_test(&sample, "sq").p_value, 1, 1e-15);
  support_sample_clear(&sample);
}

/* Kept values must not leak from one window, with its own complete events, into another. */
static void test_cache(void) {
  static const int windows[][2] = {{0, 0}, {-4, 4}, {1, 2}, {-1, 1}, {0, 0}, {2, 2}};
  support_sample kept, fresh;
  draw(&kept, 51, 12, 1, true);
  draw(&fresh, 51, 12, 1, true);
  for (size_t i = 0; i < 12; i++) kept.abnormal.session[i] = fresh.abnormal.session[i] = 200 + (int)(i % 3);
  kept.abnormal.abnormal[2 * N_REL + 6] = fresh.abnormal.abnormal[2 * N_REL + 6] = (double)NAN;
  support_sample_window(&kept, 0, 0);
  size_t n;
  const aft_test *tests = aft_tests(&n);
  for (size_t w = 0; w < G_N_ELEMENTS(windows); w++) {
    aft_window_values_fill(&kept.abnormal, windows[w][0], windows[w][1], &kept.window);
    for (size_t k = 0; k < n; k++) {
      support_sample_window(&fresh, windows[w][0], windows[w][1]); /* a new cache for every test */
      aft_test_result a = support_sample_test(&kept, tests[k].name), b = support_sample_test(&fresh, tests[k].name);
      g_assert_cmpuint(a.n, ==, b.n);
      g_assert_true(a.statistic == b.statistic || (isnan(a.statistic) && isnan(b.statistic)));
      g_assert_true(a.p_value == b.p_value || (isnan(a.p_value) && isnan(b.p_value)));
    }
  }
  support_sample_clear(&kept);
  support_sample_clear(&fresh);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/tests/table", test_table);
  g_test_add_func("/tests/by-hand", test_by_hand);
  g_test_add_func("/tests/by-hand-one-event", test_by_hand_one_event);
  g_test_add_func("/tests/identity/chow-and-t", test_chow_and_t);
  g_test_add_func("/tests/identity/one-day", test_one_day);
  g_test_add_func("/tests/identity/same-statistic", test_same_statistic);
  g_test_add_func("/tests/identity/scaling", test_scaling);
  g_test_add_func("/tests/identity/permutation", test_permutation);
  g_test_add_func("/tests/edge/few-events", test_few_events);
  g_test_add_func("/tests/edge/equal-cars", test_equal_cars);
  g_test_add_func("/tests/edge/dropped-events", test_dropped_events);
  g_test_add_func("/tests/edge/missing-days", test_missing_days);
  g_test_add_func("/tests/edge/no-variance", test_no_variance_at_all);
  g_test_add_func("/tests/cache", test_cache);
  return g_test_run();
}
