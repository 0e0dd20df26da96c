/* study/test: each fast computation against the slowest possible reading of its definition. */
#include "support/sample.h"
#include "support/support.h"

#include <math.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

enum { N = 13, N_EST = 61, FIRST_REL = -3, N_REL = 8, N_DAYS = N_EST + N_REL };

static void draw(support_sample *sample, guint32 seed, bool gaps, bool ties) {
  support_sample_crowd(sample, seed, N, N_EST, FIRST_REL, N_REL, gaps, ties);
}

/* Value of a cell of the combined series. */
static double cell(const support_sample *sample, size_t i, int t) {
  return t < N_EST ? sample->abnormal.residual[i * N_EST + (size_t)t]
                   : sample->abnormal.abnormal[i * N_REL + (size_t)(t - N_EST)];
}

/* rank/(M+1) - 1/2 of value among others [n], itself included; by counting. */
static double scaled_rank(double value, const double *others, int n) {
  double below = 0, equal = 0, present = 0;
  for (int t = 0; t < n; t++) {
    present += isnan(others[t]) ? 0 : 1;
    below += others[t] < value ? 1 : 0;
    equal += others[t] == value ? 1 : 0;
  }
  return (below + 0.5 * (equal + 1)) / (present + 1) - 0.5;
}

/* Window score over sqrt(L) times the root mean square of all day scores. */
static double slow_rank(const support_sample *sample, double scores[N][N_DAYS]) {
  double window = 0, squares = 0, days = 0;
  for (int t = 0; t < N_DAYS; t++) {
    double sum = 0, present = 0;
    for (size_t i = 0; i < N; i++) {
      if (isnan(scores[i][t])) continue;
      sum += scores[i][t];
      present++;
    }
    if (present == 0) continue;
    squares += sum * sum / present;
    days++;
    int column = t - N_EST;
    if (column >= sample->window.first && column <= sample->window.last) window += sum / sqrt(present);
  }
  return window / sqrt(sample->window.n_days * squares / days);
}

static double slow_day_sd(const support_sample *sample, int column) {
  double mean = 0, squares = 0;
  for (int pass = 0; pass < 2; pass++)
    for (size_t i = 0; i < N; i++) {
      double sar = cell(sample, i, N_EST + column) / sqrt(aft_abnormal_day_variance(&sample->abnormal, i, column));
      if (pass == 0) mean += sar / N;
      if (pass == 1) squares += (sar - mean) * (sar - mean);
    }
  return sqrt(squares / (N - 1));
}

/* Mean of the two values that have floor((m-1)/2) and floor(m/2) others below or beside them; m counts the present ones. */
static double median_of(const double *value, int n) {
  double middle[2] = {0, 0};
  for (int t = 0; t < n; t++) {
    double below = 0, equal = 0, present = 0;
    for (int u = 0; u < n; u++) {
      present += isnan(value[u]) ? 0 : 1;
      below += value[u] < value[t] ? 1 : 0;
      equal += value[u] == value[t] ? 1 : 0;
    }
    for (int side = 0; side < 2; side++) {
      double position = floor((present - 1 + side) / 2);
      if (position >= below && position < below + equal) middle[side] = value[t];
    }
  }
  return (middle[0] + middle[1]) / 2;
}

static void check_ranks(support_sample *sample) {
  double scores[N][N_DAYS], series[N_DAYS], deviation[N_DAYS];
  for (size_t i = 0; i < N; i++) {
    for (int t = 0; t < N_DAYS; t++) series[t] = cell(sample, i, t);
    for (int t = 0; t < N_DAYS; t++)
      scores[i][t] = isnan(series[t]) ? series[t] : scaled_rank(series[t], series, N_DAYS);
  }
  double expected = slow_rank(sample, scores), days = N_DAYS, length = sample->window.n_days;
  assert_close(support_sample_test(sample, "corrado_zivney").statistic, expected, 1e-12); /* some thousand roundings */
  assert_close(support_sample_test(sample, "corrado_zivney_fpc").statistic,
               expected * sqrt((days - 1) / (days - length)), 1e-12);

  for (size_t i = 0; i < N; i++) {
    for (int t = 0; t < N_DAYS; t++) {
      double sd =
          t < N_EST ? sample->abnormal.fit[i].sigma
                    : sqrt(aft_abnormal_day_variance(&sample->abnormal, i, t - N_EST)) * slow_day_sd(sample, t - N_EST);
      deviation[t] = cell(sample, i, t) / sd;
    }
    for (int t = 0; t < N_DAYS; t++)
      scores[i][t] = isnan(deviation[t]) ? deviation[t] : scaled_rank(deviation[t], deviation, N_DAYS);
  }
  assert_close(support_sample_test(sample, "corrado_zivney_std").statistic, slow_rank(sample, scores), 1e-12);

  for (size_t i = 0; i < N; i++) {
    for (int t = 0; t < N_DAYS; t++) series[t] = cell(sample, i, t);
    double median = median_of(series, N_DAYS);
    for (int t = 0; t < N_DAYS; t++)
      scores[i][t] = isnan(series[t]) ? series[t] : series[t] > median ? 1 : series[t] < median ? -1 : 0;
  }
  assert_close(support_sample_test(sample, "sign_cz").statistic, slow_rank(sample, scores), 1e-12);
}

/*
 * Ranks of |value - median|, event days brought to the scale of the residuals. When the median lies between two values they tie:
 * deviations are compared up to rounding.
 */
static void check_variance(support_sample *sample) {
  double scores[N][N_DAYS], series[N_DAYS], deviation[N_DAYS];
  for (size_t i = 0; i < N; i++) {
    for (int t = 0; t < N_DAYS; t++) {
      double variance = t < N_EST ? 1 : aft_abnormal_day_variance(&sample->abnormal, i, t - N_EST);
      series[t] = cell(sample, i, t) / (t < N_EST ? 1 : sqrt(variance) / sample->abnormal.fit[i].sigma);
    }
    double median = median_of(series, N_DAYS);
    for (int t = 0; t < N_DAYS; t++) deviation[t] = rint(fabs(series[t] - median) * 0x1p50) * 0x1p-50;
    for (int t = 0; t < N_DAYS; t++)
      scores[i][t] = isnan(deviation[t]) ? deviation[t] : scaled_rank(deviation[t], deviation, N_DAYS);
  }
  assert_close(support_sample_test(sample, "variance_rank").statistic, slow_rank(sample, scores), 1e-12);
}

static void test_ranks(void) {
  static const int windows[][2] = {{0, 0}, {-1, 3}};
  for (int k = 0; k < 8; k++) {
    support_sample sample;
    draw(&sample, 100 + (guint32)k, k & 1, k & 2);
    support_sample_window(&sample, windows[k >> 2][0], windows[k >> 2][1]);
    check_ranks(&sample);
    if (!(k & 2)) check_variance(&sample);
    support_sample_clear(&sample);
  }
}

/* corrado: mean over the present events of K - (M+1)/2, which is (M+1) U. */
static void test_corrado(void) {
  support_sample sample;
  draw(&sample, 120, true, true);
  support_sample_window(&sample, 1, 2);
  double series[N_DAYS], window = 0, squares = 0, sum[N_DAYS] = {0}, present[N_DAYS] = {0};
  for (size_t i = 0; i < N; i++) {
    double m = 0;
    for (int t = 0; t < N_DAYS; t++) {
      series[t] = cell(&sample, i, t);
      m += isnan(series[t]) ? 0 : 1;
    }
    for (int t = 0; t < N_DAYS; t++) {
      if (isnan(series[t])) continue;
      sum[t] += (m + 1) * scaled_rank(series[t], series, N_DAYS);
      present[t]++;
    }
  }
  for (int t = 0; t < N_DAYS; t++) squares += sum[t] * sum[t] / (present[t] * present[t]);
  for (int t = N_EST + 4; t <= N_EST + 5; t++) window += sum[t] / present[t];
  assert_close(support_sample_test(&sample, "corrado").statistic, window / sqrt(2 * squares / N_DAYS), 1e-12);
  support_sample_clear(&sample);
}

static void test_grank(void) {
  for (int k = 0; k < 4; k++) {
    support_sample sample;
    draw(&sample, 130 + (guint32)k, k & 1, k & 2);
    support_sample_window(&sample, -1, 1);
    double mean = 0, squares = 0, sum[N_EST + 1] = {0}, present[N_EST + 1] = {0}, null = 0, series[N_EST + 1];
    for (size_t i = 0; i < N; i++) mean += sample.window.scar[i] / N;
    for (size_t i = 0; i < N; i++) squares += pow(sample.window.scar[i] - mean, 2);
    double sd = sqrt(squares / (N - 1)), scale = 0;
    for (size_t i = 0; i < N; i++) {
      for (int t = 0; t < N_EST; t++) series[t] = cell(&sample, i, t) / sample.abnormal.fit[i].sigma;
      series[N_EST] = sample.window.scar[i] / sd;
      double m = 0;
      for (int t = 0; t <= N_EST; t++) {
        if (isnan(series[t])) continue;
        m++;
        present[t]++;
        sum[t] += scaled_rank(series[t], series, N_EST + 1);
      }
      null += (m - 1) / (12 * (m + 1)) / (N * N);
    }
    for (int t = 0; t <= N_EST; t++) scale += present[t] / N * pow(sum[t] / present[t], 2) / (N_EST + 1);
    double u = sum[N_EST] / N, z = u / sqrt(scale), t_days = N_EST + 1;
    assert_close(support_sample_test(&sample, "grank_z").statistic, u / sqrt(null), 1e-12);
    assert_close(support_sample_test(&sample, "grank_t").statistic, z * sqrt((t_days - 2) / (t_days - 1 - z * z)),
                 1e-12);
    g_assert_cmpfloat(support_sample_test(&sample, "grank_t").df, ==, N_EST - 1);
    support_sample_clear(&sample);
  }
}

/* Pearson correlation of two events over common calendar sessions, or over equal relative days; NaN when there are fewer than ten. */
static double slow_correlation(const support_sample *sample, size_t i, size_t j, bool event_time) {
  const aft_abnormal *a = &sample->abnormal;
  double n = 0, mx = 0, my = 0, xx = 0, yy = 0, xy = 0;
  for (int pass = 0; pass < 2; pass++) {
    for (int t = 0; t < N_EST; t++) {
      int u = event_time ? t : a->session[i] + t - a->session[j];
      if (u < 0 || u >= N_EST) continue;
      double x = a->residual[i * N_EST + (size_t)t], y = a->residual[j * N_EST + (size_t)u];
      if (isnan(x) || isnan(y)) continue;
      n += pass == 0;
      mx += pass == 0 ? x : 0;
      my += pass == 0 ? y : 0;
      xx += pass == 1 ? (x - mx) * (x - mx) : 0;
      yy += pass == 1 ? (y - my) * (y - my) : 0;
      xy += pass == 1 ? (x - mx) * (y - my) : 0;
    }
    mx /= pass == 0 ? n : 1;
    my /= pass == 0 ? n : 1;
  }
  return n < 10 || xx < 1e-30 || yy < 1e-30 ? (double)NAN : xy / sqrt(xx * yy);
}

/* All pairs, by default with the shared days of the two tested windows as weights; and the two factors. */
static void check_alignment(support_sample *sample, int first, int last, enum aft_kp_align align) {
  support_sample_window(sample, first, last);
  sample->options.kp_align = align;
  double sum = 0, pairs = 0, length = last - first + 1;
  for (size_t i = 0; i < N; i++)
    for (size_t j = i + 1; j < N; j++) {
      double shared = fmax(0, length - abs(sample->abnormal.session[i] - sample->abnormal.session[j]));
      if (align != AFT_KP_OVERLAP) shared = length;
      double r = shared > 0 ? slow_correlation(sample, i, j, align == AFT_KP_EVENT_TIME) : 0;
      if (isnan(r)) continue;
      pairs++;
      sum += shared / length * r;
    }
  double r = sum / pairs, inflation = 1 + (N - 1) * r;
  g_assert_cmpfloat(fabs(r), >, 1e-6); /* else the check would check nothing */
  assert_close(support_sample_test(sample, "patell_kp").statistic,
               support_sample_test(sample, "patell").statistic / sqrt(inflation), 1e-12);
  assert_close(support_sample_test(sample, "bmp_kp").statistic,
               support_sample_test(sample, "bmp").statistic * sqrt((1 - r) / inflation), 1e-12);
}

static void check_correlation(support_sample *sample, int first, int last) {
  for (int align = AFT_KP_OVERLAP; align <= AFT_KP_EVENT_TIME; align++)
    check_alignment(sample, first, last, (enum aft_kp_align)align);
}

/* r as `patell_kp` has it. */
static double mean_correlation(support_sample *sample, bool by_session) {
  sample->options.kp_sessions = by_session;
  support_sample_window(sample, -1, 1);
  aft_test_result kp = support_sample_test(sample, "patell_kp");
  double ratio = support_sample_test(sample, "patell").statistic / kp.statistic;
  g_assert_true((kp.note != NULL) == (by_session && isnan(sample->abnormal.residual[3])));
  return (ratio * ratio - 1) / ((double)sample->n - 1);
}

/* Sums by session: all pairs where nothing is missing; close to them where one residual in twenty is. */
static void test_session_sums(void) {
  enum { MANY = 60, DAYS = 200 };
  GRand *draws = g_rand_new_with_seed(171);
  double worst = 0;
  for (int round = 0; round < 12; round++) {
    support_sample sample;
    support_sample_crowd(&sample, 172 + (unsigned)round, MANY, DAYS, -2, 5, false, false);
    assert_close(mean_correlation(&sample, true), mean_correlation(&sample, false), 1e-12);
    for (size_t i = 0; i < (size_t)MANY * DAYS; i++)
      if (i == 3 || g_rand_double(draws) < 0.05) sample.abnormal.residual[i] = (double)NAN;
    double by_pair = mean_correlation(&sample, false), by_session = mean_correlation(&sample, true);
    worst = fmax(worst, fabs(by_session / by_pair - 1));
    support_sample_clear(&sample);
  }
  g_test_message("largest relative difference %.4f", worst);
  g_assert_cmpfloat(worst, >, 1e-6); /* else pairs were visited after all */
  g_assert_cmpfloat(worst, <, 0.01);
  g_rand_free(draws);
}

/* Dates spread over more than the estimation window: some pairs have no common session, some fewer than ten. */
static void test_alignments(void) {
  for (int gaps = 0; gaps < 2; gaps++) {
    support_sample sample;
    draw(&sample, 145 + (guint32)gaps, gaps, false);
    for (size_t i = 0; i < N; i++) sample.abnormal.session[i] = 300 + (int)(i * i * 7 % 97);
    sample.abnormal.session[4] = sample.abnormal.session[9] + 1; /* one pair of windows that overlap */
    check_correlation(&sample, -1, 1);
    check_correlation(&sample, 0, 4);
    /* On one date the three are one. */
    double statistic[3];
    for (size_t i = 0; i < N; i++) sample.abnormal.session[i] = 77;
    support_sample_window(&sample, 0, 1);
    for (int align = 0; align < 3; align++) { /* and nothing is kept from one alignment for another */
      sample.options.kp_align = (enum aft_kp_align)align;
      statistic[align] = support_sample_test(&sample, "bmp_kp").statistic;
    }
    assert_close(statistic[1], statistic[0], 1e-14);
    assert_close(statistic[2], statistic[0], 1e-14);
    /* So far apart that no pair has a common session: nothing to count in the calendar, no overlap, and event time as before. */
    for (size_t i = 0; i < N; i++) sample.abnormal.session[i] = 77 + 100 * (int)i;
    support_sample_window(&sample, 0, 1);
    sample.options.kp_align = AFT_KP_CALENDAR;
    g_assert_true(isnan(support_sample_test(&sample, "bmp_kp").statistic));
    sample.options.kp_align = AFT_KP_OVERLAP;
    assert_close(support_sample_test(&sample, "bmp_kp").statistic, support_sample_test(&sample, "bmp").statistic,
                 1e-14);
    sample.options.kp_align = AFT_KP_EVENT_TIME;
    assert_close(support_sample_test(&sample, "bmp_kp").statistic, statistic[2], 1e-14);
    support_sample_clear(&sample);
  }
}

static void test_correlation(void) {
  for (int gaps = 0; gaps < 2; gaps++) {
    support_sample sample;
    draw(&sample, 140 + (guint32)gaps, gaps, false);
    check_correlation(&sample, 0, 0);
    check_correlation(&sample, -1, 1);
    check_correlation(&sample, -3, 4);
    for (size_t i = 0; i < N; i++) sample.abnormal.session[i] = 77; /* one date */
    check_correlation(&sample, 0, 2);
    for (size_t t = 0; t < N_EST; t++) sample.abnormal.residual[2 * N_EST + t] = 0; /* no correlation with a constant */
    check_correlation(&sample, 0, 2);
    for (size_t t = 5; t < N_EST; t++)
      sample.abnormal.residual[7 * N_EST + t] = (double)NAN; /* nor with five sessions */
    check_correlation(&sample, 0, 2);
    support_sample_clear(&sample);
  }
}

/* V = sum over all pairs of one cluster of products of deviations; two-way keeps pairs that share either. */
static void test_clusters(void) {
  support_sample sample;
  draw(&sample, 150, true, false);
  support_sample_window(&sample, 0, 3);
  double mean = 0, by[3] = {0}, groups[3] = {0};
  for (size_t i = 0; i < N; i++) mean += sample.window.car[i] / N;
  for (size_t i = 0; i < N; i++) {
    bool first[3] = {true, true, true};
    for (size_t j = 0; j < N; j++) {
      bool date = sample.abnormal.session[i] == sample.abnormal.session[j];
      bool firm = sample.abnormal.security[i] == sample.abnormal.security[j];
      bool same[3] = {date, firm, date && firm};
      double product = (sample.window.car[i] - mean) * (sample.window.car[j] - mean) / (N * N);
      for (int k = 0; k < 3; k++) {
        by[k] += same[k] ? product : 0;
        first[k] = first[k] && !(same[k] && j < i);
      }
    }
    for (int k = 0; k < 3; k++) groups[k] += first[k] ? 1 : 0;
  }
  for (int k = 0; k < 3; k++) by[k] *= groups[k] / (groups[k] - 1);
  g_assert_cmpfloat(groups[2], >, groups[1]);
  aft_test_result date = support_sample_test(&sample, "clustered_date");
  aft_test_result twoway = support_sample_test(&sample, "clustered_twoway");
  assert_close(date.statistic, mean / sqrt(by[0]), 1e-12);
  g_assert_cmpfloat(date.df, ==, groups[0] - 1);
  assert_close(support_sample_test(&sample, "clustered_firm").statistic, mean / sqrt(by[1]), 1e-12);
  assert_close(twoway.statistic, mean / sqrt(by[0] + by[1] - by[2]), 1e-12);
  g_assert_cmpfloat(twoway.df, ==, fmin(groups[0], groups[1]) - 1);
  support_sample_clear(&sample);
}

/* Leave-one-out mean over sd, each made from scratch; one far outlier spoils a downdated sum of squares. */
static void test_jackknife(void) {
  for (int outlier = 0; outlier < 2; outlier++) {
    support_sample sample;
    draw(&sample, 160, false, false);
    if (outlier) sample.abnormal.abnormal[4 * N_REL + 3] = 1e7;
    support_sample_window(&sample, 0, 0);
    double pseudo[N], mean = 0, squares = 0;
    for (size_t skip = 0; skip <= N; skip++) { /* skip = N leaves nothing out */
      double n = skip < N ? N - 1 : N, m = 0, s = 0;
      for (size_t i = 0; i < N; i++) m += i == skip ? 0 : sample.window.car[i] / n;
      for (size_t i = 0; i < N; i++) s += i == skip ? 0 : pow(sample.window.car[i] - m, 2) / (n - 1);
      double theta = m / sqrt(s);
      if (skip < N) pseudo[skip] = -(N - 1) * theta;
      for (size_t i = 0; skip == N && i < N; i++) pseudo[i] += N * theta;
    }
    for (size_t i = 0; i < N; i++) mean += pseudo[i] / N;
    for (size_t i = 0; i < N; i++) squares += pow(pseudo[i] - mean, 2) / (N - 1);
    assert_close(support_sample_test(&sample, "jackknife_smd").statistic, mean / sqrt(squares / N), 1e-9);
    support_sample_clear(&sample);
  }
}

/* AR' V^-1 AR / L with V written out and solved by elimination. */
static double slow_chow(const support_sample *sample, size_t row) {
  const aft_abnormal *a = &sample->abnormal;
  double v[N_REL][N_REL + 1], sum = 0;
  int n = sample->window.n_days;
  for (int i = 0; i < n; i++) {
    size_t p = row * N_REL + (size_t)(sample->window.first + i);
    for (int j = 0; j < n; j++) {
      size_t q = row * N_REL + (size_t)(sample->window.first + j);
      v[i][j] = (i == j ? a->h[p] : 0) + a->z[2 * p] * a->z[2 * q] + a->z[2 * p + 1] * a->z[2 * q + 1];
    }
    v[i][n] = a->abnormal[p];
  }
  for (int k = 0; k < n; k++)
    for (int i = 0; i < n; i++) {
      double factor = i == k ? 0 : v[i][k] / v[k][k];
      for (int j = k; j <= n; j++) v[i][j] -= factor * v[k][j];
    }
  for (int i = 0; i < n; i++) sum += a->abnormal[row * N_REL + (size_t)(sample->window.first + i)] * v[i][n] / v[i][i];
  return sum / n;
}

static void test_chow(void) {
  support_sample sample;
  draw(&sample, 165, true, false);
  for (size_t i = 0; i < N; i++) {
    sample.member[0] = i;
    sample.n = 1;
    for (int last = FIRST_REL; last < FIRST_REL + N_REL; last++) {
      support_sample_window(&sample, FIRST_REL, last);
      assert_close(support_sample_test(&sample, "chow").statistic, slow_chow(&sample, i),
                   1e-11); /* V is well conditioned */
    }
  }
  sample.abnormal.abnormal[(N - 1) * N_REL + 2] = (double)NAN; /* of the last event */
  support_sample_window(&sample, FIRST_REL, FIRST_REL + 1);
  g_assert_false(isnan(support_sample_test(&sample, "chow").statistic));
  support_sample_window(&sample, FIRST_REL, FIRST_REL + 2);
  g_assert_true(isnan(support_sample_test(&sample, "chow").statistic));
  support_sample_clear(&sample);
}

/* Daily values of every event, summed in the order of days. */
static void test_beaver(void) {
  support_sample sample;
  draw(&sample, 166, true, false);
  sample.abnormal.fit[3].df = 4.5;
  sample.abnormal.fit[8].df = 4; /* leaves */
  support_sample_window(&sample, -2, 2);
  double excess = 0, variance = 0, total = 0, expected = 0;
  for (int j = sample.window.first; j <= sample.window.last; j++)
    for (size_t i = 0; i < N; i++) {
      if (i == 8) continue;
      double d = sample.abnormal.fit[i].df, ar = cell(&sample, i, N_EST + j);
      double u = ar * ar / aft_abnormal_day_variance(&sample.abnormal, i, j);
      total += u;
      expected += d / (d - 2);
      excess += u - d / (d - 2);
      variance += 2 * d * d * (d - 1) / ((d - 2) * (d - 2) * (d - 4));
    }
  aft_test_result result = support_sample_test(&sample, "beaver");
  g_assert_cmpuint(result.n, ==, N - 1);
  assert_close(result.statistic, excess / sqrt(variance), 1e-12);
  assert_close(result.estimate, total / expected, 1e-12);
  support_sample_clear(&sample);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/definitions/ranks", test_ranks);
  g_test_add_func("/definitions/corrado", test_corrado);
  g_test_add_func("/definitions/grank", test_grank);
  g_test_add_func("/definitions/correlation", test_correlation);
  g_test_add_func("/definitions/alignments", test_alignments);
  g_test_add_func("/definitions/session-sums", test_session_sums);
  g_test_add_func("/definitions/clusters", test_clusters);
  g_test_add_func("/definitions/jackknife", test_jackknife);
  g_test_add_func("/definitions/chow", test_chow);
  g_test_add_func("/definitions/beaver", test_beaver);
  return g_test_run();
}
