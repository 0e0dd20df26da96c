/* stats: distributions, corrections, moments, standardised series, ranks, signed ranks and the generator. */
#include "support/support.h"

#include <aftershock/stats/adjust.h>
#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/random.h>
#include <aftershock/stats/signed_rank.h>
#include <aftershock/stats/standardise.h>

#include <math.h>

#include <aftershock/base/banned.h>

/* support's comparison has an absolute floor; tails need a relative one. */
static void assert_ratio(double actual, double expected, double rel) {
  if (!(fabs(actual / expected - 1) <= rel)) g_error("%.17g is not %.17g within %g", actual, expected, rel);
}

/* Student with 1, 2, 3 and 4 degrees of freedom has closed forms, written here so that far tails do not cancel. */
static double t_closed_form(double t, int df) {
  double angle = atan2(sqrt(df), t), sine = sin(angle), cosine = cos(angle); /* angle shrinks as t grows */
  if (df == 1) return 2 * angle / G_PI;
  if (df == 2) return 1 - cosine;
  if (df == 3) return 2 * (angle - sine * cosine) / G_PI;
  return 1 - cosine * (1 + sine * sine / 2);
}

static void test_student(void) {
  /* 1e-13: a dozen roundings; df 2 and 4 cancel for large t, hence the small t there. */
  static const double small[] = {0.013, 0.4, 1, 1.7, 2.9}, large[] = {17.3, 251, 4.1e4};
  for (int df = 1; df <= 4; df++)
    for (size_t i = 0; i < G_N_ELEMENTS(small); i++) {
      assert_ratio(aft_t_p_value(small[i], df), t_closed_form(small[i], df), 1e-13);
      assert_ratio(aft_t_p_value(-small[i], df), t_closed_form(small[i], df), 1e-13);
    }
  for (size_t i = 0; i < G_N_ELEMENTS(large); i++)
    assert_ratio(aft_t_p_value(large[i], 1), t_closed_form(large[i], 1), 1e-13);
  /* mpmath 1.3.0: betainc(df/2, 0.5, 0, df/(df + t*t), regularized=True) at 40 digits. The far tail is exp(-246),
     whose exponent is rounded; 1e-14 elsewhere: 45 units of the last digit, of which 1 - 0.92 takes a dozen. */
  assert_ratio(aft_t_p_value(12, 31), 3.4779268004197403515e-13, 1e-14);
  assert_ratio(aft_t_p_value(40, 239), 6.9707812171446496901e-108, 1e-13);
  assert_ratio(aft_t_p_value(4.336747442625223, 239), 2.1332712520939858e-05, 1e-14);
  static const struct {
    double t, df, p;
  } cases[] = {{0.25, 5000, 0.80259761923695908907},   {1.75, 1e5, 0.08012138061739486374},
               {3.5, 5000, 0.00046931643073253228966}, {8.5, 1000, 6.8191148946641609982e-17},
               {1.25, 4.5, 0.27236503841682927141},    {0.0009765625, 248, 0.99922160105280303458}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_ratio(aft_t_p_value(cases[i].t, cases[i].df), cases[i].p, 1e-14);
  g_assert_cmpfloat(aft_t_p_value((double)INFINITY, 7), ==, 0);
  g_assert_cmpfloat(aft_t_p_value(1e200, 7), ==, 0);
  g_assert_cmpfloat(aft_t_p_value(0, 7), ==, 1);
  assert_ratio(aft_t_p_value(2, 1e300), aft_normal_p_value(2), 1e-13);
  g_assert_true(isnan(aft_t_p_value((double)NAN, 7)) && isnan(aft_t_p_value(1, 0)));
}

static void test_quantile(void) {
  /* Tables print t(0.975) for 10 degrees of freedom as 2.228 and for 1 as 12.706. */
  assert_close(aft_t_quantile(0.975, 10), 2.2281388519862747, 1e-13);
  assert_close(aft_t_quantile(0.975, 1), tan(0.475 * G_PI), 1e-13);
  g_assert_cmpfloat(fabs(aft_t_quantile(0.5, 3)), <, 1e-15);
  for (int df = 1; df < 2000; df = 3 * df + 1)
    for (double tail = 1e-9; tail < 0.5; tail *= 7) {
      double t = aft_t_quantile(1 - tail, df);
      /* 1 - tail itself is off by 1e-16, which is 1e-7 of the smallest tail. */
      assert_ratio(0.5 * aft_t_p_value(t, df), 1 - (1 - tail), 1e-11);
      assert_close(aft_t_quantile(tail, df), -aft_t_quantile(1 - tail, df), 1e-6);
    }
  g_assert_cmpfloat(aft_t_quantile(1, 3), ==, (double)INFINITY);
  g_assert_cmpfloat(aft_t_quantile(0, 3), ==, -(double)INFINITY);
  g_assert_true(isnan(aft_t_quantile(1.1, 3)) && isnan(aft_t_quantile(0.3, -1)));
}

static void test_other_distributions(void) {
  assert_close(aft_normal_p_value(-1.959963984540054), 0.05, 1e-14);
  /* Chi-squared with 2 degrees of freedom is exponential; F(2, d) has the tail (1 + 2f/d)^(-d/2). */
  assert_close(aft_chi2_p_value(7.3, 2), 2 * exp(-3.65), 1e-13);
  assert_close(aft_chi2_p_value(0.11, 2), -2 * expm1(-0.055), 1e-13);
  assert_ratio(aft_f_p_value(31.7, 2, 17), pow(1 + 2 * 31.7 / 17, -8.5), 1e-13);
  /* As above; 1e-13: exponents near 8 that are rounded, and what log B costs. */
  assert_ratio(aft_f_p_value(1.5, 3, 5000), 0.21243073284457753875, 1e-13);
  assert_ratio(aft_f_p_value(0.125, 1, 5000), 0.72368851586867743883, 1e-13);
  assert_ratio(aft_f_p_value(4.25, 7, 5000), 0.00010884067580219566917, 1e-13);
  assert_close(aft_f_p_value(2.3 * 2.3, 1, 13), aft_t_p_value(2.3, 13), 1e-13);
  g_assert_true(isnan(aft_chi2_p_value(-1, 3)) && isnan(aft_f_p_value((double)NAN, 3, 3)));
}

static void test_binomial(void) {
  assert_ratio(aft_binomial_p_value(0, 6, 0.5), 2.0 / 64, 1e-15); /* six factors, each rounded */
  g_assert_cmpfloat(aft_binomial_p_value(3, 6, 0.5), ==, 1);
  assert_ratio(aft_binomial_p_value(9, 9, 0.31), 2 * pow(0.31, 9), 1e-14);
  assert_ratio(aft_binomial_p_value(1000, 1000, 0.5), ldexp(1, -999), 1e-12); /* 1000 factors, each rounded */
  /* Slow and obvious: every term from factorials. */
  double row[24];
  for (int n = 0; n <= 23; n++)
    row[n] = exp(lgamma(24) - lgamma(n + 1) - lgamma(24 - n)) * pow(0.43, n) * pow(0.57, 23 - n);
  for (size_t k = 0; k <= 23; k++) {
    double lower = 0, upper = 0;
    for (size_t j = 0; j <= 23; j++) {
      lower += j <= k ? row[j] : 0;
      upper += j >= k ? row[j] : 0;
    }
    assert_ratio(aft_binomial_p_value(k, 23, 0.43), fmin(1, 2 * fmin(lower, upper)), 1e-12); /* lgamma's rounding */
  }
}

/* Benjamini and Hochberg (1995), section 4.1: 15 comparisons, 4 rejected by their procedure, 3 by Bonferroni and Hochberg. */
static void test_adjust_published(void) {
  static const double p[] = {0.0001, 0.0004, 0.0019, 0.0095, 0.0201, 0.0278, 0.0298, 0.0344,
                             0.0459, 0.3240, 0.4262, 0.5719, 0.6528, 0.7590, 1.0000};
  enum { M = G_N_ELEMENTS(p) };
  double bonferroni[M], hochberg[M], bh[M];
  int n_bonferroni = 0, n_hochberg = 0, n_bh = 0;
  aft_adjust_bonferroni(p, M, bonferroni);
  aft_adjust_hochberg(p, M, hochberg);
  aft_adjust_bh(p, M, bh);
  for (int i = 0; i < M; i++) {
    n_bonferroni += bonferroni[i] <= 0.05;
    n_hochberg += hochberg[i] <= 0.05;
    n_bh += bh[i] <= 0.05;
  }
  g_assert_cmpint(n_bonferroni, ==, 3);
  g_assert_cmpint(n_hochberg, ==, 3);
  g_assert_cmpint(n_bh, ==, 4);
}

/* The definitions, in O(m^3), on p-values with ties and gaps. */
static void slow_adjust(const double *p, size_t n, size_t i, double *holm, double *bh, double *by) {
  double m = 0, harmonic = 0, above = 0;
  for (size_t j = 0; j < n; j++) m += isnan(p[j]) ? 0 : 1;
  for (int j = 1; j <= (int)m; j++) harmonic += 1.0 / j;
  *holm = 0;
  *bh = 1;
  for (size_t j = 0; j < n; j++) {
    if (isnan(p[j])) continue;
    double below = 0, upto = 0;
    for (size_t k = 0; k < n; k++) {
      below += p[k] < p[j] ? 1 : 0;
      upto += p[k] <= p[j] ? 1 : 0;
    }
    if (p[j] <= p[i])
      *holm = fmax(*holm, fmin(1, (m - below) * p[j])); /* of tied values the first has the largest factor */
    if (p[j] >= p[i]) *bh = fmin(*bh, m * p[j] / upto);
    if (p[j] >= p[i]) above = above == 0 ? harmonic * m * p[j] / upto : fmin(above, harmonic * m * p[j] / upto);
  }
  *by = fmin(1, above);
}

/* Counting without adjusting: the same number on p-values of every kind of sample, ties among them. */
static void test_adjust_count(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(17);
  enum { MOST = 300 };
  for (int round = 0; round < 400; round++) {
    double p[MOST], adjusted[MOST], small[MOST], level = round % 3 == 0 ? 0.05 : 0.2;
    size_t n = (size_t)g_rand_int_range(draws, 0, MOST), n_small = 0, expected = 0, finite = 0;
    for (size_t i = 0; i < n; i++) {
      p[i] = pow(g_rand_double(draws), 1 + round % 4);
      if (round % 5 == 0) p[i] = floor(p[i] * 40) / 40;
      if (round % 7 == 0 && i % 6 == 0) p[i] = (double)NAN;
      if (!isnan(p[i])) finite++;
      if (p[i] <= level) small[n_small++] = p[i];
    }
    aft_adjust_bh(p, n, adjusted);
    for (size_t i = 0; i < n; i++) expected += adjusted[i] <= level ? 1 : 0;
    g_assert_cmpuint(aft_adjust_count_bh(small, n_small, finite, level), ==, expected);
  }
}

static void test_adjust_definition(void) {
  double p[] = {0.031, (double)NAN, 0.0007, 0.031, 0.44, 0.0213, (double)NAN, 0.00011, 0.93, 0.0213, 0.0213};
  enum { M = G_N_ELEMENTS(p) };
  double holm[M], bh[M], by[M], slow[3];
  aft_adjust_holm(p, M, holm);
  aft_adjust_bh(p, M, bh);
  aft_adjust_by(p, M, by);
  for (size_t i = 0; i < M; i++) {
    if (isnan(p[i])) {
      g_assert_true(isnan(holm[i]) && isnan(bh[i]) && isnan(by[i]));
      continue;
    }
    slow_adjust(p, M, i, &slow[0], &slow[1], &slow[2]);
    assert_close(holm[i], slow[0], 1e-14);
    assert_close(bh[i], slow[1], 1e-14);
    assert_close(by[i], slow[2], 1e-14);
  }
  aft_adjust_holm(p, M, p); /* in place */
  for (size_t i = 0; i < M; i++) g_assert_true(isnan(p[i]) || p[i] == holm[i]);
  aft_adjust_bh(p, 0, bh);
}

static void test_describe(void) {
  double hard[] = {1, 1e100, 1, -1e100}, odd[] = {3.1, -7, 0.2}, even[] = {9, 1, 4, 2};
  g_assert_cmpfloat(aft_sum_of(hard, 4), ==, 2);
  g_assert_cmpfloat(aft_median(odd, 3), ==, 0.2);
  g_assert_cmpfloat(aft_median(even, 4), ==, 3);
  g_assert_true(isnan(aft_median(even, 0)) && isnan(aft_mean(even, 0)) && isnan(aft_sd(even, 1, 9)));
  /* A large mean must not eat the spread: sd of {0, 1, 2} + 2^40 is 1. */
  double shifted[] = {0x1p40, 0x1p40 + 1, 0x1p40 + 2};
  g_assert_cmpfloat(aft_sd(shifted, 3, aft_mean(shifted, 3)), ==, 1);
  g_assert_true(aft_sd_is_zero(1e-17, 0.03) && !aft_sd_is_zero(1e-15, 0.03) && aft_sd_is_zero(0, 0));
}

static void test_ranks(void) {
  const double x[] = {2, (double)NAN, 2, -1, 5, 2, (double)NAN, 5};
  const double expected[] = {3, (double)NAN, 3, 1, 5.5, 3, (double)NAN, 5.5};
  double rank[G_N_ELEMENTS(x)];
  aft_rank_item work[2 * G_N_ELEMENTS(x)];
  g_assert_cmpuint(aft_rank_mid(x, G_N_ELEMENTS(x), work, rank), ==, 6);
  for (size_t i = 0; i < G_N_ELEMENTS(x); i++) g_assert_true(isnan(x[i]) ? isnan(rank[i]) : rank[i] == expected[i]);
}

static aft_signed_rank signed_rank(const double *x, size_t n) {
  double magnitude[100], rank[100];
  aft_rank_item work[200];
  aft_signed_rank result;
  aft_signed_rank_compute(x, n, magnitude, rank, work, &result);
  return result;
}

/* Wilcoxon's table: with 10 pairs the smaller rank sum is significant at 5 % two-sided up to 8. */
static void test_signed_rank_published(void) {
  double at_8[] = {-1, -7, 2, 3, 4, 5, 6, 8, 9, 10}, at_9[] = {-2, -7, 1, 3, 4, 5, 6, 8, 9, 10};
  g_assert_cmpfloat(signed_rank(at_8, 10).p_value, <=, 0.05);
  g_assert_cmpfloat(signed_rank(at_9, 10).p_value, >, 0.05);
  g_assert_cmpfloat(signed_rank(at_8, 10).w, ==, 47);
}

/* All 2^n sign patterns, one by one, with ties and zeros. */
static void test_signed_rank_enumeration(void) {
  const double x[] = {0.3, -0.1, 0.3, 0, -0.3, 0.7, 0.1, 0.9, 0, 0.9, -0.2};
  const double rank[] = {5, 1.5, 5, 5, 7, 1.5, 8.5, 8.5, 3}; /* of the nine that are not zero */
  aft_signed_rank result = signed_rank(x, G_N_ELEMENTS(x));
  double lower = 0, upper = 0, squares = 0;
  g_assert_cmpuint(result.n, ==, 9);
  g_assert_cmpfloat(result.w, ==, 5 + 5 + 7 + 1.5 + 8.5 + 8.5);
  for (unsigned pattern = 0; pattern < 512; pattern++) {
    double w = 0;
    for (unsigned i = 0; i < 9; i++) w += pattern >> i & 1 ? rank[i] : 0;
    lower += w <= result.w ? 1 : 0;
    upper += w >= result.w ? 1 : 0;
  }
  g_assert_cmpfloat(result.p_value, ==, 2 * fmin(lower, upper) / 512);
  for (unsigned i = 0; i < 9; i++) squares += rank[i] * rank[i];
  assert_close(result.z, (result.w - 22.5) / sqrt(squares / 4), 1e-14);
}

/* At the change from exact to normal the two p-values agree to the normal's error, about 1e-3 at n = 50. */
static void test_signed_rank_limit(void) {
  double x[51];
  for (int i = 0; i < 51; i++) x[i] = (i % 3 == 0 ? -1 : 1) * (1 + 0.37 * i);
  aft_signed_rank exact = signed_rank(x, 50), normal = signed_rank(x, 51);
  g_assert_true(exact.exact && !normal.exact);
  double error = (fabs(exact.w - 637.5) - 0.5) / sqrt(50 * 51 * 101 / 24.0);
  g_assert_cmpfloat(fabs(aft_normal_p_value(error) - exact.p_value), <, 2e-3);
  double z = (fabs(normal.w - 663) - 0.5) / sqrt(51 * 52 * 103 / 24.0);
  assert_close(normal.p_value, aft_normal_p_value(z), 1e-14);
  double zeros[3] = {0, 0, 0};
  g_assert_true(isnan(signed_rank(zeros, 3).z) && signed_rank(zeros, 3).n == 0);
}

/* SplitMix64's published first outputs for seed 0 are draws of key 0; the others are the generator's own contract. */
static void test_generator(void) {
  g_assert_cmphex(aft_random_bits(0, 0), ==, G_GUINT64_CONSTANT(0xE220A8397B1DCDAF));
  g_assert_cmphex(aft_random_bits(0, 1), ==, G_GUINT64_CONSTANT(0x6E789E6AA1B965F4));
  g_assert_cmphex(aft_random_bits(0, 2), ==, G_GUINT64_CONSTANT(0x06C45D188009454F));
  uint64_t key = aft_random_key(42, AFT_STREAM_SIMULATION);
  g_assert_cmphex(aft_random_bits(key, 0), ==, G_GUINT64_CONSTANT(0x20b5e4b43efae811));
  g_assert_cmpfloat(aft_random_uniform(key, 2), ==, 0.9641928068445977);
  const uint64_t below[] = {1, 0, 9, 6, 6, 5, 7, 8};
  const double signs[] = {1, 1, -1, -1, -1, -1, -1, -1};
  for (uint64_t i = 0; i < 8; i++) {
    g_assert_cmpuint(aft_random_below(key, i, 10), ==, below[i]);
    for (uint64_t n = 0; i + n <= 8; n++) {
      double drawn[8];
      aft_random_rademachers(key, i, n, drawn);
      for (uint64_t j = 0; j < n; j++) g_assert_cmpfloat(drawn[j], ==, signs[i + j]);
    }
  }
  assert_close(aft_random_normal(key, 1), -1.0928132458802777, 1e-14);
}

/* Any length and gaps, at any address, against two plain passes; what stands in the totals stays under it. */
static void test_standardise(void) {
  enum { MOST = 41, LEAST = 3 };
  uint64_t key = aft_random_key(3, AFT_STREAM_SIMULATION);
  for (size_t round = 0; round < 400; round++) {
    size_t n = round % (MOST + 1), shift = round % 3, present = 0;
    double x[MOST + 3], total[MOST + 3], count[MOST + 3], mean = 0, square = 0;
    for (size_t t = 0; t < n; t++) {
      x[shift + t] = 100 + aft_random_normal(key, 64 * round + t);
      if (aft_random_below(key, 64 * (round + 1000) + t, 4) == 0) x[shift + t] = (double)NAN;
      if (round % 9 == 5) x[shift + t] = 100;
      total[shift + t] = 7;
      count[shift + t] = (double)t;
      present += isnan(x[shift + t]) ? 0 : 1;
      mean += isnan(x[shift + t]) ? 0 : x[shift + t];
    }
    mean /= (double)present;
    for (size_t t = 0; t < n; t++) square += isnan(x[shift + t]) ? 0 : pow(x[shift + t] - mean, 2) / (double)present;
    bool left_out = present < LEAST || round % 9 == 5;
    g_assert_cmpuint(aft_standardise_add(x + shift, n, LEAST, total + shift, count + shift), ==,
                     left_out ? 0 : present);
    for (size_t t = shift; t < shift + n; t++) {
      bool added = !left_out && !isnan(x[t]);
      assert_close(total[t], 7 + (added ? (x[t] - mean) / sqrt(square) : 0),
                   1e-12); /* the mean is a hundred times sd */
      g_assert_cmpfloat(count[t], ==, (double)(t - shift) + (added ? 1 : 0));
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stats/dist/student", test_student);
  g_test_add_func("/stats/dist/quantile", test_quantile);
  g_test_add_func("/stats/dist/others", test_other_distributions);
  g_test_add_func("/stats/dist/binomial", test_binomial);
  g_test_add_func("/stats/adjust/published", test_adjust_published);
  g_test_add_func("/stats/adjust/definition", test_adjust_definition);
  g_test_add_func("/stats/adjust/count", test_adjust_count);
  g_test_add_func("/stats/describe", test_describe);
  g_test_add_func("/stats/standardise", test_standardise);
  g_test_add_func("/stats/rank", test_ranks);
  g_test_add_func("/stats/signed-rank/published", test_signed_rank_published);
  g_test_add_func("/stats/signed-rank/enumeration", test_signed_rank_enumeration);
  g_test_add_func("/stats/signed-rank/limit", test_signed_rank_limit);
  g_test_add_func("/stats/random", test_generator);
  return g_test_run();
}
