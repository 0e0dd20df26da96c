/* study/model_trade and gap returns in windows: against the regression written out, and the rule of the windows. */
#include "support/event.h"
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/study/abnormal.h>

#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Without gaps it is the market model, R^2 included. */
static void test_no_gaps(void) {
  event *trade = event_new(300, 1), *plain = event_new(300, 1);
  event_fit(event_model("trade_to_trade"), trade);
  event_fit(event_model("market_model"), plain);
  for (int j = 0; j < 2; j++) {
    assert_close(trade->fit.coefficient[j], plain->fit.coefficient[j], 1e-12);
    assert_close(trade->fit.standard_error[j], plain->fit.standard_error[j], 1e-12);
  }
  assert_close(trade->fit.sigma, plain->fit.sigma, 1e-13);
  assert_close(trade->fit.r_squared, plain->fit.r_squared, 1e-12);
  for (int t = 0; t < N_REL; t++) {
    assert_close(trade->expected[t], plain->expected[t], 1e-12);
    for (int u = 0; u < N_REL; u++)
      assert_close(event_covariance(trade, 2, t, u), event_covariance(plain, 2, t, u), 1e-11);
  }
  for (int t = 0; t < N_EST; t++) assert_close(trade->residual[t], plain->residual[t], 1e-11);
  g_free(trade);
  g_free(plain);
}

/* An observation of the slow version. */
typedef struct observation {
  double own, market, gap;
} observation;

static observation observe(const event *e, int session) {
  observation one = {.own = e->own[session], .gap = e->gap[session]};
  for (int t = session - e->gap[session] + 1; t <= session; t++)
    one.market = e->input.log_returns ? one.market + e->market[t] : (1 + one.market) * (1 + e->market[t]) - 1;
  return one;
}

/* Weighted least squares with weights 1/n by its normal equations: (sum n, sum Rm; sum Rm, sum Rm^2/n) b = (sum R, sum R Rm/n). */
static void check_gaps(bool log_returns) {
  event *e = event_new(310, 1);
  double nn = 0, nm = 0, mm = 0, ny = 0, my = 0, rss = 0;
  int n = 0;
  e->input.log_returns = log_returns;
  for (int t = 0; t < N_EST; t++)
    if (t % 7 == 3 || t % 7 == 4 || t % 11 == 6) e->y_est[t] = (double)NAN;
  e->y_rel[2] = e->y_rel[3] = (double)NAN;
  e->market[MARGIN + 60] = (double)NAN; /* and with it whatever covers the session */
  event_fit(event_model("trade_to_trade"), e);
  for (int t = MARGIN; t < MARGIN + N_EST; t++) {
    if (e->gap[t] == 0) continue;
    observation one = observe(e, t);
    if (isnan(one.market)) continue;
    n++;
    nn += one.gap;
    nm += one.market;
    mm += one.market * one.market / one.gap;
    ny += one.own;
    my += one.own * one.market / one.gap;
  }
  g_assert_cmpint(e->fit.n_obs, ==, n);
  double det = nn * mm - nm * nm, alpha = (ny * mm - my * nm) / det, beta = (nn * my - nm * ny) / det;
  for (int t = MARGIN; t < MARGIN + N_EST; t++) {
    observation one = observe(e, t);
    if (e->gap[t] == 0 || isnan(one.market)) {
      g_assert_true(isnan(e->residual[t - MARGIN]));
      continue;
    }
    double error = (one.own - alpha * one.gap - beta * one.market) / sqrt(one.gap);
    assert_close(e->residual[t - MARGIN], error, 1e-10); /* the normal equations lose a few digits */
    rss += error * error;
  }
  double variance = rss / (n - 2);
  assert_close(e->fit.coefficient[0], alpha, 1e-10);
  assert_close(e->fit.coefficient[1], beta, 1e-10);
  assert_close(e->fit.sigma, sqrt(variance), 1e-10);
  observation last = observe(e, MARGIN + N_EST + GAP + 4), first = observe(e, MARGIN + N_EST + GAP);
  g_assert_cmpfloat(last.gap, ==, 3);
  assert_close(e->expected[4], alpha * 3 + beta * last.market, 1e-10);
  double between = (mm * last.gap * first.gap - nm * (last.gap * first.market + first.gap * last.market) +
                    nn * last.market * first.market) /
                   det;
  double own = (mm * 9 - 2 * nm * 3 * last.market + nn * last.market * last.market) / det;
  assert_close(event_covariance(e, 2, 4, 4), variance * (3 + own), 1e-10);
  assert_close(event_covariance(e, 2, 0, 4), variance * between, 1e-9);
  g_assert_true(isnan(e->expected[2]) && isnan(e->expected[3]) && isnan(e->h[3]));
  g_free(e);
}

static void test_gaps(void) {
  check_gaps(false);
  check_gaps(true);
}

/* alpha and beta come back exactly when returns have no error, whatever the gaps. */
static void test_exact(void) {
  event *e = event_new(320, 1);
  e->input.log_returns = true;
  for (int pass = 0; pass < 2; pass++) { /* the first finds the gaps */
    for (int t = 0; t < N_EST; t++) {
      observation one = observe(e, MARGIN + t);
      e->y_est[t] = t % 5 == 1 || t % 9 == 2 ? (double)NAN : 0.002 * one.gap + 1.25 * one.market;
    }
    event_fit(event_model("trade_to_trade"), e);
  }
  assert_close(e->fit.coefficient[0], 0.002, 1e-12);
  assert_close(e->fit.coefficient[1], 1.25, 1e-12);
  g_assert_true(e->fit.sigma == 0);
  g_free(e);
}

/* One event of five days, each with an abnormal return of 2^day, so that a sum tells its terms; V = diag(gap) + 1 1'. */
static double car(const int gap[5], int first, int last, double *variance) {
  double abnormal[5], h[5], z[5], sum;
  aft_abnormal a = {
      .n_events = 1, .n_rel = 5, .n_z = 1, .gap = (int *)(guintptr)gap, .abnormal = abnormal, .h = h, .z = z};
  for (int j = 0; j < 5; j++) {
    abnormal[j] = gap[j] == 0 ? (double)NAN : 1 << j;
    h[j] = gap[j] == 0 ? (double)NAN : gap[j];
    z[j] = gap[j] == 0 ? (double)NAN : 1;
  }
  aft_abnormal_car(&a, 0, first, last, &sum, variance);
  double path[5];
  aft_abnormal_fill_path(&a, 0, path);
  if (first == 0) assert_close(path[last], sum, 1e-15); /* powers of two add exactly */
  return sum;
}

static void test_window(void) {
  double variance;
  static const int all[5] = {1, 1, 1, 1, 1}, holes[5] = {1, 0, 0, 3, 1}, before[5] = {0, 3, 1, 0, 2};
  g_assert_true(car(all, 0, 4, &variance) == 31 && variance == 5 + 25);
  g_assert_true(car(holes, 0, 4, &variance) == 25 && variance == 5 + 9); /* three trades over five sessions */
  g_assert_true(car(holes, 1, 3, &variance) == 8 && variance == 3 + 1);
  g_assert_true(isnan(car(holes, 0, 1, &variance)) && isnan(variance)); /* the last session did not trade */
  g_assert_true(isnan(car(holes, 2, 3, &variance)));                    /* the return reaches back to day 1 */
  g_assert_true(isnan(car(holes, 1, 2, &variance)));                    /* nothing traded */
  g_assert_true(isnan(car(before, 0, 4, &variance)));                   /* reaches back before the grid */
  g_assert_true(isnan(car(before, 0, 1, &variance)));
  g_assert_true(car(before, 2, 4, &variance) == 20 && variance == 3 + 4);
  g_assert_true(car(before, 2, 2, &variance) == 4);
}

/*
 * Tests that look at single days see the trades alone: with days between them as if those were not there. AR and V are the same
 * in both samples; residuals too.
 */
static void test_tests(void) {
  static const char *const names[] = {"chow", "beaver", "patell_daily_sum", "patell", "bmp", "csect_t", "grank_t"};
  static const int days[4] = {0, 1, 4, 6};
  static int gap[7] = {1, 1, 0, 0, 3, 0, 2};
  for (size_t n = 1; n <= 6; n += 5) {
    support_sample idle, dense;
    int *gaps = g_new(int, n * 7);
    support_sample_crowd(&dense, 400, n, 60, 0, 4, false, false);
    support_sample_init(&idle, n, 60, 0, 7);
    aft_abnormal *a = &idle.abnormal, *b = &dense.abnormal;
    g_assert_cmpint(a->n_z, ==, b->n_z);
    size_t n_z = (size_t)a->n_z;
    for (size_t i = 0; i < n; i++) {
      memcpy(gaps + 7 * i, gap, sizeof gap);
      memcpy(a->residual + 60 * i, b->residual + 60 * i, 60 * sizeof(double));
      a->fit[i].sigma = b->fit[i].sigma;
      a->fit[i].df = b->fit[i].df;
      a->fit[i].n_obs = b->fit[i].n_obs;
      a->fit[i].n_coef = b->fit[i].n_coef;
      a->session[i] = b->session[i];
      a->security[i] = b->security[i];
      for (size_t j = 0; j < 7; j++) a->abnormal[7 * i + j] = a->h[7 * i + j] = (double)NAN;
      for (size_t j = 0; j < 7 * n_z; j++) a->z[7 * n_z * i + j] = (double)NAN;
      for (size_t j = 0; j < 4; j++) {
        size_t to = 7 * i + (size_t)days[j], from = 4 * i + j;
        a->abnormal[to] = b->abnormal[from];
        a->h[to] = b->h[from];
        memcpy(a->z + to * n_z, b->z + from * n_z, n_z * sizeof(double));
      }
    }
    a->gap = gaps;
    support_sample_window(&idle, 0, 6);
    support_sample_window(&dense, 0, 3);
    for (size_t t = 0; t < G_N_ELEMENTS(names); t++) {
      aft_test_result x = support_sample_test(&idle, names[t]), y = support_sample_test(&dense, names[t]);
      g_assert_cmpuint(x.n, ==, y.n);
      assert_close(x.statistic, y.statistic, 1e-13);
      assert_close(x.p_value, y.p_value, 1e-12);
      if (n == 1 && t < 4) g_assert_true(isfinite(x.statistic));
      if (n > 1 && t > 0) g_assert_true(isfinite(x.statistic));
    }
    a->gap = NULL;
    g_free(gaps);
    support_sample_clear(&idle);
    support_sample_clear(&dense);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/trade/no-gaps", test_no_gaps);
  g_test_add_func("/trade/gaps", test_gaps);
  g_test_add_func("/trade/exact", test_exact);
  g_test_add_func("/trade/window", test_window);
  g_test_add_func("/trade/tests", test_tests);
  return g_test_run();
}
