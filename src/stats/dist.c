/* Tail probabilities and quantiles of the distributions that tests refer to. */
#include <aftershock/stats/dist.h>

#include <float.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

#include <aftershock/base/banned.h>

double aft_normal_p_value(double z) { return erfc(fabs(z) * M_SQRT1_2); }

/* Continued fraction of the incomplete beta function (Abramowitz and Stegun 26.5.8), by Lentz's method. */
static double beta_fraction(double a, double b, double x) {
  const double tiny = DBL_MIN / DBL_EPSILON;
  double c = 1.0, d = 1.0 - (a + b) * x / (a + 1.0);
  if (fabs(d) < tiny) d = tiny;
  d = 1.0 / d;
  double value = d;
  for (int m = 1; m <= 100000; m++) {
    double even = m * (b - m) * x / ((a + 2.0 * m - 1.0) * (a + 2.0 * m));
    double odd = -(a + m) * (a + b + m) * x / ((a + 2.0 * m) * (a + 2.0 * m + 1.0));
    double step = 1.0;
    for (int half = 0; half < 2; half++) {
      double coefficient = half == 0 ? even : odd;
      d = 1.0 + coefficient * d;
      c = 1.0 + coefficient / c;
      if (fabs(d) < tiny) d = tiny;
      if (fabs(c) < tiny) c = tiny;
      d = 1.0 / d;
      step = d * c;
      value *= step;
    }
    if (fabs(step - 1.0) < 4.0 * DBL_EPSILON) break;
  }
  return value;
}

/*
 * log B(a, b). Events of a study have few different degrees of freedom, over and over: what was computed is kept, one pair to a place, by
 * each thread.
 */
static double log_beta(double a, double b) {
  enum { PLACES = 1024 };
  static _Thread_local struct { double a, b, value; } kept[PLACES]; /* zero at first, which is no a or b */
  double place = fmod(2 * (a + b), PLACES);
  size_t i = place >= 0 ? (size_t)place : 0;
  if (kept[i].a == a && kept[i].b == b) return kept[i].value;
  kept[i].a = a;
  kept[i].b = b;
  return kept[i].value = gsl_sf_lnbeta(a, b);
}

/*
 * Regularised incomplete beta function I_x(a, b) with y = 1 - x given too, so that neither tail loses digits. GSL's own
 * is not used: it raises an underflow in far tails and is good to 1e-7 only in parts of them.
 */
static double beta_tail(double a, double b, double x, double y) {
  if (x <= 0.0) return 0.0;
  if (y <= 0.0) return 1.0;
  double log_x = x < 0.5 ? log(x) : log1p(-y);
  double log_y = y < 0.5 ? log(y) : log1p(-x);
  double front = exp(a * log_x + b * log_y - log_beta(a, b));
  if (x < (a + 1.0) / (a + b + 2.0)) return front * beta_fraction(a, b, x) / a;
  return 1.0 - front * beta_fraction(b, a, y) / b;
}

double aft_t_p_value(double t, double df) {
  if (isnan(t) || !(df > 0.0)) return (double)NAN;
  if (isinf(t)) return 0.0;
  double ratio = t / df * t; /* t^2 / df without overflow of t^2 for any t that a statistic takes */
  return beta_tail(0.5 * df, 0.5, 1.0 / (1.0 + ratio), ratio / (1.0 + ratio));
}

/* Density of Student's t. */
static double t_density(double t, double df) {
  return exp(-0.5 * (df + 1.0) * log1p(t * t / df) - 0.5 * log(df) - log_beta(0.5 * df, 0.5));
}

double aft_t_quantile(double p, double df) {
  if (!(p >= 0.0 && p <= 1.0) || !(df > 0.0)) return (double)NAN;
  if (p == 0.0 || p == 1.0) return p == 0.0 ? (double)-INFINITY : (double)INFINITY;
  double tail = 2.0 * (p < 0.5 ? p : 1.0 - p); /* two-sided probability of |T| beyond the quantile */
  double low = 0.0, high = 1.0;
  while (aft_t_p_value(high, df) > tail && high < 1e150) {
    low = high;
    high *= 2.0;
  }
  double t = 0.5 * (low + high);
  for (int i = 0; i < 200 && high - low > 1e-15 * high; i++) {
    double excess = aft_t_p_value(t, df) - tail;
    if (excess > 0.0)
      low = t;
    else
      high = t;
    double next = t + excess / (2.0 * t_density(t, df));
    if (!(next > low && next < high)) next = 0.5 * (low + high);
    if (fabs(next - t) <= 1e-15 * t) {
      t = next;
      break;
    }
    t = next;
  }
  return p < 0.5 ? -t : t;
}

double aft_chi2_p_value(double x, double df) {
  if (!(x >= 0.0) || !(df > 0.0)) return (double)NAN;
  double lower = gsl_cdf_chisq_P(x, df), upper = gsl_cdf_chisq_Q(x, df);
  return fmin(1.0, 2.0 * fmin(lower, upper));
}

double aft_chi2_upper(double x, double df) {
  if (!(x >= 0.0) || !(df > 0.0)) return (double)NAN;
  return gsl_cdf_chisq_Q(x, df);
}

double aft_f_p_value(double f, double df1, double df2) {
  if (!(f >= 0.0) || !(df1 > 0.0) || !(df2 > 0.0)) return (double)NAN;
  if (isinf(f)) return 0.0;
  double ratio = df1 * f / df2;
  return beta_tail(0.5 * df2, 0.5 * df1, 1.0 / (1.0 + ratio), ratio / (1.0 + ratio));
}

double aft_binomial_p_value(size_t k, size_t n, double p) {
  if (k > n || !(p > 0.0 && p < 1.0)) return (double)NAN;
  double odds = p / (1.0 - p);
  size_t mode = (size_t)fmin(floor(((double)n + 1.0) * p), (double)n);
  double lower = 0.0, upper = 0.0, total = 0.0; /* in units of the mode's probability */
  double term = 1.0;
  for (size_t j = mode; j <= n && term > 0.0; j++) {
    total += term;
    lower += j <= k ? term : 0.0;
    upper += j >= k ? term : 0.0;
    term *= (double)(n - j) / ((double)j + 1.0) * odds;
  }
  term = 1.0;
  for (size_t j = mode; j > 0 && term > 0.0; j--) {
    term *= (double)j / ((double)(n - j) + 1.0) / odds;
    total += term;
    lower += j - 1 <= k ? term : 0.0;
    upper += j - 1 >= k ? term : 0.0;
  }
  return fmin(1.0, 2.0 * fmin(lower, upper) / total);
}
