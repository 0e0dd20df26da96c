/*
 * Size of the tests that allow for correlated events, by simulation under the null, with events on two exchanges and the
 * mean correlation by day, not by pair.
 *
 * Two exchanges with holidays of their own; a shock common to all securities on each calendar day. A rejection rate fails when it
 * is farther than four Monte Carlo errors sqrt(p(1-p)/M) from 5 %; measured 5.2 to 5.4. Without the adjustment it must be far above
 * (measured 53 to 55), or the design shows nothing.
 */
#include "support/sample.h"
#include "support/support.h"

#include <aftershock/stats/random.h>

#include <math.h>

#include <aftershock/base/banned.h>

enum { N = 40, N_EST = 110, FIRST_REL = -5, N_REL = 11, N_ALL = N_EST + N_REL, N_LINE = 160, EVENT_DAY = 145 };

typedef struct exchange_days {
  aft_day day[2][N_LINE];
  int event[2]; /* session of the event day, on which both are open */
} exchange_days;

/* Each is closed on one day in fifteen, near the event too. */
static void draw_days(exchange_days *e, uint64_t key) {
  uint64_t index = 0;
  for (int m = 0; m < 2; m++) {
    int n = 0;
    for (int d = 0; d < N_LINE; d++) {
      bool closed = aft_random_uniform(key, index++) < 1.0 / 15 && d != EVENT_DAY;
      if (d == EVENT_DAY) e->event[m] = n;
      if (!closed) e->day[m][n++] = d;
    }
  }
}

static void simulate(support_sample *sample, exchange_days *e, double gaps, uint64_t seed) {
  double common[N_LINE], x[N_ALL], y[N_ALL];
  uint64_t key = aft_random_key(seed, AFT_STREAM_SIMULATION), closed = aft_random_key(seed, AFT_STREAM_BLOCK),
           index = 0;
  uint64_t gap = aft_random_key(seed, AFT_STREAM_PERMUTATION);
  draw_days(e, closed);
  for (int d = 0; d < N_LINE; d++) common[d] = aft_random_normal(key, index++);
  for (size_t i = 0; i < N; i++) {
    int m = (int)(i % 2);
    sample->abnormal.session[i] = e->event[m];
    for (int t = 0; t < N_ALL; t++) {
      int day = e->day[m][e->event[m] + FIRST_REL - N_EST + t];
      x[t] = 0.01 * aft_random_normal(key, index++);
      y[t] = x[t] + 0.02 * (sqrt(0.2) * common[day] + sqrt(0.8) * aft_random_normal(key, index++));
      if (aft_random_uniform(gap, i * N_ALL + (size_t)t) < gaps && t < N_EST) y[t] = (double)NAN;
    }
    support_sample_fit(sample, i, y, x);
  }
}

static void check_size(int first, int last, double gaps) {
  enum { REPLICATIONS = 4000 };
  static const char *const tests[] = {"patell_kp", "bmp_kp", "bmp"};
  int rejections[G_N_ELEMENTS(tests)] = {0};
  exchange_days e;
  const aft_day *days[] = {e.day[0], e.day[1]};
  int market[N];
  support_sample sample;
  for (int i = 0; i < N; i++) market[i] = i % 2;
  support_sample_init(&sample, N, N_EST, FIRST_REL, N_REL);
  sample.abnormal.market = market;
  sample.abnormal.day = days;
  sample.options.kp_sessions = true;
  for (int r = 0; r < REPLICATIONS; r++) {
    simulate(&sample, &e, gaps, (uint64_t)r);
    support_sample_window(&sample, first, last);
    for (size_t k = 0; k < G_N_ELEMENTS(tests); k++)
      rejections[k] += support_sample_test(&sample, tests[k]).p_value <= 0.05;
    g_assert_nonnull(support_sample_test(&sample, "bmp_kp").note); /* says that it was by day */
  }
  support_sample_clear(&sample);
  double error = sqrt(0.05 * 0.95 / REPLICATIONS), rate[G_N_ELEMENTS(tests)];
  for (size_t k = 0; k < G_N_ELEMENTS(tests); k++) {
    rate[k] = (double)rejections[k] / REPLICATIONS;
    g_test_message("[%d, %d], gaps %.2f: %-10s %5.2f %% (+- %.2f)", first, last, gaps, tests[k], 100 * rate[k],
                   100 * error);
  }
  g_assert_cmpfloat(fabs(rate[0] - 0.05), <, 4 * error);
  g_assert_cmpfloat(fabs(rate[1] - 0.05), <, 4 * error);
  g_assert_cmpfloat(rate[2], >, 0.25);
}

static void test_one_day(void) {
  check_size(0, 0, 0);
  check_size(0, 0, 0.05);
}

static void test_five_days(void) {
  check_size(-2, 2, 0);
  check_size(-2, 2, 0.05);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/exchanges/size/one-day", test_one_day);
  g_test_add_func("/exchanges/size/five-days", test_five_days);
  return g_test_run();
}
