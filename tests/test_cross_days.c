/* study/test_cross_days: events on several exchanges, pair by pair as slowly as possible, against sums by day. */
#include "support/draws.h"
#include "support/sample.h"
#include "support/support.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N = 60, N_EST = 200, FIRST_REL = -3, N_REL = 9, N_MARKETS = 3, N_ALL = N_EST + N_REL, N_LINE = 420 };

/* A sample on three exchanges whose sessions are some of the days 0 .. N_LINE-1. */
typedef struct exchanges {
  support_sample sample;
  aft_day day[N_MARKETS][N_LINE];
  const aft_day *days[N_MARKETS];
  int market[N], n_sessions[N_MARKETS];
} exchanges;

/* How the exchanges and their events are drawn. */
typedef struct plan {
  double holidays, gaps; /* shares of days on which one exchange is closed, and of residuals that are missing */
  int first, spread;     /* event days: first + i * 7 % spread */
} plan;

static int find_session(const exchanges *e, int market, int day) {
  int session = 0;
  while (e->day[market][session] < day) session++;
  return session;
}

/* Shocks common to all on a day, so that correlations are far from 0; sessions before the data have none. */
static void draw(exchanges *e, unsigned seed, plan how) {
  GRand *draws = g_rand_new_with_seed(seed);
  double common[N_LINE], x[N_ALL], y[N_ALL];
  memset(e, 0, sizeof *e);
  for (int d = 0; d < N_LINE; d++) common[d] = 0.006 * draw_normal(draws);
  for (int m = 0; m < N_MARKETS; m++) {
    e->days[m] = e->day[m];
    for (int d = 0; d < N_LINE; d++)
      if (g_rand_double(draws) >= how.holidays) e->day[m][e->n_sessions[m]++] = d;
  }
  support_sample_init(&e->sample, N, N_EST, FIRST_REL, N_REL);
  e->sample.abnormal.market = e->market;
  e->sample.abnormal.day = e->days;
  for (int i = 0; i < N; i++) {
    int m = e->market[i] = i % N_MARKETS, session = find_session(e, m, how.first + i * 7 % how.spread);
    e->sample.abnormal.session[i] = session;
    for (int t = 0; t < N_ALL; t++) {
      int column = session + FIRST_REL - N_EST + t;
      x[t] = 0.01 * draw_normal(draws);
      y[t] = 0.01 * draw_heavy(draws);
      bool gap = g_rand_double(draws) < how.gaps && t < N_EST;
      y[t] = column < 0 || gap ? (double)NAN : y[t] + common[e->day[m][column]];
    }
    support_sample_fit(&e->sample, (size_t)i, y, x);
  }
  g_rand_free(draws);
}

/* Value of the event on the day, NaN when it has none. */
static double residual_on(const exchanges *e, size_t i, int day) {
  const aft_abnormal *a = &e->sample.abnormal;
  for (int t = 0; t < N_EST; t++) {
    int column = a->session[i] + a->first_est + t;
    if (column >= 0 && e->day[e->market[i]][column] == day) return a->residual[i * N_EST + (size_t)t];
  }
  return (double)NAN;
}

static bool has_window_day(const exchanges *e, size_t i, int day) {
  const aft_window_values *w = &e->sample.window;
  for (int k = w->first_day; k <= w->last_day; k++)
    if (e->day[e->market[i]][e->sample.abnormal.session[i] + k] == day) return true;
  return false;
}

/* Pearson correlation over the days that both have; NaN with fewer than ten. */
static double correlate_slowly(double value[N][N_LINE], size_t i, size_t j) {
  double n = 0, sum_x = 0, sum_y = 0, xx = 0, yy = 0, xy = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int d = 0; d < N_LINE; d++) {
      double x = value[i][d], y = value[j][d];
      if (isnan(x) || isnan(y)) continue;
      if (pass == 0) n++, sum_x += x, sum_y += y;
      x -= sum_x / n;
      y -= sum_y / n;
      if (pass == 1) xx += x * x, yy += y * y, xy += x * y;
    }
  return n < 10 ? (double)NAN : xy / sqrt(xx * yy);
}

/* The mean over all pairs, of one exchange or of two, by the definition; *defined: pairs that have a correlation. */
static double mean_slowly(const exchanges *e, enum aft_kp_align align, int *defined) {
  static double value[N][N_LINE];
  bool window[N][N_LINE];
  double sum = 0;
  *defined = 0;
  for (size_t i = 0; i < N; i++)
    for (int d = 0; d < N_LINE; d++) {
      value[i][d] = residual_on(e, i, d);
      window[i][d] = has_window_day(e, i, d);
    }
  for (size_t i = 0; i < N; i++)
    for (size_t j = i + 1; j < N; j++) {
      double shared = 0;
      for (int d = 0; d < N_LINE; d++) shared += window[i][d] && window[j][d];
      double weight = align == AFT_KP_OVERLAP ? shared / e->sample.window.n_days : 1;
      double r = weight > 0 ? weight * correlate_slowly(value, i, j) : 0;
      if (isnan(r)) continue;
      ++*defined;
      sum += r;
    }
  return sum / *defined;
}

/* r as `patell_kp` has it. */
static double find_mean(exchanges *e, const char *note) {
  aft_test_result kp = support_sample_test(&e->sample, "patell_kp");
  double ratio = support_sample_test(&e->sample, "patell").statistic / kp.statistic;
  g_assert_cmpstr(kp.note, ==, note);
  return (ratio * ratio - 1) / (N - 1);
}

static double find_mean_anew(exchanges *e, bool many, const char *note) {
  e->sample.options.kp_sessions = many;
  support_sample_window(&e->sample, e->sample.window.first_day, e->sample.window.last_day);
  return find_mean(e, note);
}

static const char by_day[] = "mean correlation between exchanges by day: the events are too many for pairs";
static const char by_both[] =
    "mean correlation by session, between exchanges by day: residuals have gaps, and the events are too many for pairs";

/* Without gaps both ways are the definition, whatever the holidays and the dates. */
static void test_complete(void) {
  static const plan plans[] = {
      {0.04, 0, 300, 1}, {0.04, 0, 300, 8}, {0.3, 0, 380, 11}, {0, 0, 300, 7}, {0.05, 0, 290, 29}};
  static const aft_window windows[] = {{0, 0}, {-1, 1}, {-3, 5}};
  for (size_t k = 0; k < G_N_ELEMENTS(plans); k++)
    for (int align = AFT_KP_OVERLAP; align <= AFT_KP_CALENDAR; align++) {
      exchanges e;
      draw(&e, 500 + (unsigned)k, plans[k]);
      e.sample.options.kp_align = (enum aft_kp_align)align;
      for (size_t w = 0; w < G_N_ELEMENTS(windows); w++) {
        int defined;
        support_sample_window(&e.sample, windows[w].first, windows[w].last);
        double r = mean_slowly(&e, e.sample.options.kp_align, &defined);
        g_assert_cmpfloat(fabs(r), >, 1e-4); /* else the check would check nothing */
        g_assert_cmpint(defined, ==, N * (N - 1) / 2);
        /* r is recovered from a ratio near 1: 1e-16 / (N r) of it */
        assert_close(find_mean_anew(&e, false, NULL), r, 1e-11);
        assert_close(find_mean_anew(&e, true, by_day), r, 1e-11);
      }
      support_sample_clear(&e.sample);
    }
}

/* What is missing on both sides, and too little in common: the data begin inside of some estimation windows. */
static void test_data_start(void) {
  static const plan plans[] = {{0.04, 0, 120, 1}, {0.04, 0, 110, 290}};
  for (size_t k = 0; k < G_N_ELEMENTS(plans); k++)
    for (int align = AFT_KP_OVERLAP; align <= AFT_KP_CALENDAR; align++) {
      exchanges e;
      int defined;
      draw(&e, 520 + (unsigned)k, plans[k]);
      e.sample.options.kp_align = (enum aft_kp_align)align;
      support_sample_window(&e.sample, -2, 2);
      double r = mean_slowly(&e, e.sample.options.kp_align, &defined);
      g_assert_true((defined < N * (N - 1) / 2) == (k == 1 && align == AFT_KP_CALENDAR));
      assert_close(find_mean_anew(&e, false, NULL), r, 1e-11);
      assert_close(find_mean_anew(&e, true, by_both), r, 1e-11);
      support_sample_clear(&e.sample);
    }
}

/* With one residual in twenty missing the mean is within a hundredth of that of the pairs. */
static void test_gaps(void) {
  double worst = 0;
  for (unsigned round = 0; round < 12; round++) {
    exchanges e;
    int defined;
    draw(&e, 540 + round, (plan){0.04, 0.05, 300, round % 2 ? 1 : 4});
    e.sample.options.kp_align = round % 3 ? AFT_KP_OVERLAP : AFT_KP_CALENDAR;
    support_sample_window(&e.sample, -3, 5);
    double r = mean_slowly(&e, e.sample.options.kp_align, &defined);
    assert_close(find_mean_anew(&e, false, NULL), r, 1e-11);
    worst = fmax(worst, fabs(find_mean_anew(&e, true, by_both) / r - 1));
    support_sample_clear(&e.sample);
  }
  g_test_message("largest relative difference %.4f", worst);
  g_assert_cmpfloat(worst, >, 1e-6); /* else pairs were visited after all */
  g_assert_cmpfloat(worst, <, 0.01);
}

/* Exchanges with the same sessions are one; windows that never meet count for nothing; in event time there is nothing to match. */
static void test_identities(void) {
  for (int align = AFT_KP_OVERLAP; align <= AFT_KP_EVENT_TIME; align++) {
    exchanges e;
    draw(&e, 560, (plan){0, 0, 300, 7});
    e.sample.options.kp_align = (enum aft_kp_align)align;
    support_sample_window(&e.sample, -1, 1);
    double r = find_mean_anew(&e, true, align == AFT_KP_EVENT_TIME ? NULL : by_day);
    e.sample.abnormal.market = NULL;
    assert_close(find_mean_anew(&e, true, NULL), r, 1e-11);
    support_sample_clear(&e.sample);
  }
  exchanges e;
  draw(&e, 561, (plan){0.04, 0, 230, 180});
  for (size_t i = 0; i < N; i++) e.sample.abnormal.session[i] = 205 + 3 * (int)i;
  e.sample.options.kp_sessions = true;
  support_sample_window(&e.sample, 0, 0);
  for (int m = 0; m < N_MARKETS; m++)
    for (int d = 0; d < N_LINE; d++) e.day[m][d] = N_MARKETS * d + m; /* no day in common */
  assert_close(support_sample_test(&e.sample, "bmp_kp").statistic, support_sample_test(&e.sample, "bmp").statistic,
               1e-14);
  support_sample_clear(&e.sample);
}

/* What is kept for one window is not taken for another. */
static void test_windows(void) {
  static const aft_window windows[] = {{0, 0}, {-1, 1}, {0, 1}, {-1, 0}};
  for (int many = 0; many < 2; many++) {
    exchanges e;
    draw(&e, 570, (plan){0.1, 0, 300, 6});
    e.sample.options.kp_sessions = many;
    double kept[G_N_ELEMENTS(windows)];
    support_sample_window(&e.sample, 0, 0);
    for (size_t w = 0; w < G_N_ELEMENTS(windows); w++) {
      aft_window_values_fill(&e.sample.abnormal, windows[w].first, windows[w].last, &e.sample.window);
      kept[w] = support_sample_test(&e.sample, "bmp_kp").statistic;
    }
    for (size_t w = 0; w < G_N_ELEMENTS(windows); w++) {
      support_sample_window(&e.sample, windows[w].first, windows[w].last);
      g_assert_cmpfloat(support_sample_test(&e.sample, "bmp_kp").statistic, ==, kept[w]);
    }
    support_sample_clear(&e.sample);
  }
}

/* More events than are visited in pairs. */
static void test_many(void) {
  enum { MANY = AFT_KP_MOST_EVENTS + 1, DAYS = 20 };
  GRand *draws = g_rand_new_with_seed(580);
  support_sample sample;
  g_autofree int *market = g_new(int, MANY);
  support_sample_init(&sample, MANY, DAYS, 0, 1);
  sample.abnormal.market = market;
  double common[DAYS + 1], x[DAYS + 1], y[DAYS + 1];
  for (int t = 0; t <= DAYS; t++) common[t] = draw_normal(draws);
  for (size_t i = 0; i < MANY; i++) {
    market[i] = (int)(i % 2);
    sample.abnormal.session[i] = 100;
    for (int t = 0; t <= DAYS; t++) {
      x[t] = draw_normal(draws);
      y[t] = common[t] + draw_normal(draws);
    }
    support_sample_fit(&sample, i, y, x);
  }
  support_sample_window(&sample, 0, 0);
  aft_test_result two = support_sample_test(&sample, "bmp_kp");
  g_assert_cmpstr(two.note, ==, by_day);
  sample.abnormal.market = NULL;
  support_sample_window(&sample, 0, 0);
  assert_close(two.statistic, support_sample_test(&sample, "bmp_kp").statistic, 1e-12);
  support_sample_clear(&sample);
  g_rand_free(draws);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/cross-days/complete", test_complete);
  g_test_add_func("/cross-days/data-start", test_data_start);
  g_test_add_func("/cross-days/gaps", test_gaps);
  g_test_add_func("/cross-days/identities", test_identities);
  g_test_add_func("/cross-days/windows", test_windows);
  g_test_add_func("/cross-days/many", test_many);
  return g_test_run();
}
