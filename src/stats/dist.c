/* Tail probabilities and quantiles of the distributions that tests refer to. */
#include <aftershock/stats/dist.h>

#include <float.h>
#include <glib.h>
#include <gsl/gsl_cdf.h>
#include <gsl/gsl_math.h>
#include <gsl/gsl_sf_gamma.h>
#include <math.h>
#include <stdbool.h>

#include <aftershock/base/banned.h>

double aft_normal_p_value(double z) { return erfc(fabs(z) * M_SQRT1_2); }

/*
 * I_x(a, b) B(a, b) / (x^a y^b), y = 1 - x, for x up to about the mean a / (a + b): 1 / (B[0] + A[1] / (B[1] + A[2] / (B[2] + ...))) with
 *
 *   A[n] = n (b - n) (a + n - 1) (a + b + n - 1) x^2 / s^2,   s = a + 2 n - 1
 *   B[n] = n + n (b - n) x / s + (a + n) / (s + 2) (L + 1 + n (1 + y)),   L = a - (a + b) x = (a + b) y - b
 *
 * L is taken from the smaller of x and y, which has all its digits. Steed's method: one convergent after the other is added to the first.
 * Source: DiDonato and Morris (1992), Algorithm 708, ACM Transactions on Mathematical Software 18(3), 360-373.
 */
static double beta_fraction(double a, double b, double x, double y) {
  double base = (x < y ? a - (a + b) * x : (a + b) * y - b) + 1.0, s = a + 1.0;
  double below = 1.0 / (a / s * base), step = below, value = below;
  for (int n = 1; n <= 100000; n++, s += 2.0) {
    double w = n * (b - n) * x / s, numerator = w * ((a + n - 1.0) / s * ((a + b + n - 1.0) * x)) * below;
    below = 1.0 / (n + w + (a + n) / (s + 2.0) * (base + n * (1.0 + y)) + numerator);
    step *= -numerator * below;
    value += step;
    if (fabs(step) < 0.25 * DBL_EPSILON * fabs(value)) break;
  }
  return value;
}

/* The same as a series, sum[n >= 0] x^n (a + b)[n] / (a)[n + 1] with (a)[n] = a (a + 1) ... (a + n - 1): all above 0, few when a is small. */
static double beta_series(double a, double b, double x) {
  double term = 1.0 / a, sum = term;
  for (double n = 0.0; term > 0.125 * DBL_EPSILON * sum; n++) {
    term *= (a + b + n) * x / (a + 1.0 + n);
    sum += term;
  }
  return sum;
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
  if (x < (a + 1.0) / (a + b + 2.0)) return front * beta_fraction(a, b, x, y);
  return 1.0 - front * beta_fraction(b, a, y, x);
}

/*
 * 1 / B(a, 1/2) = gamma(a + 1/2) / gamma(a) / sqrt(pi), to a few units of the last digit, kept as above. With w = a - 1/4 the ratio is
 * sqrt(w) over a series in 1 / w^2; below 12 it is a / (a + 1/2) times that of a + 1.
 */
static double inverse_beta_half(double a) {
  enum { PLACES = 1024 };
  static _Thread_local struct { double a, value; } kept[PLACES];
  double place = fmod(2 * a, PLACES);
  size_t i = place >= 0 ? (size_t)place : 0;
  if (kept[i].a == a) return kept[i].value;
  double above = 1.0, below = 1.0, w = a;
  while (w < 12.0) {
    above *= 2.0 * w;
    below *= 2.0 * w + 1.0;
    w += 1.0;
  }
  w -= 0.25;
  static const double terms[] = {1.0,
                                 -1.0 / 64,
                                 21.0 / 8192,
                                 -671.0 / 524288,
                                 180323.0 / 134217728,
                                 -20898423.0 / 8589934592,
                                 7426362705.0 / 1099511627776};
  double series = 0.0;
  for (int k = (int)G_N_ELEMENTS(terms) - 1; k >= 0; k--) series = series / (w * w) + terms[k];
  kept[i].a = a;
  return kept[i].value = above / below * sqrt(w / M_PI) / series;
}

/* I_x(df/2, 1/2) and x = 1 / (1 + t^2 / df), with all that depends on 1 - x taken from t^2 / df. */
double aft_t_p_value(double t, double df) {
  if (isnan(t) || !(df > 0.0)) return (double)NAN;
  double ratio = t / df * t; /* t^2 / df without overflow of t^2 for any t that a statistic takes */
  if (isinf(ratio)) return 0.0;
  if (ratio <= 0.0) return 1.0;
  double a = 0.5 * df, x = 1.0 / (1.0 + ratio), y = ratio / (1.0 + ratio);
  double front = inverse_beta_half(a) * sqrt(y) * exp(-a * log1p(ratio)); /* x^a y^(1/2) / B(a, 1/2) */
  if (y * (a + 2.5) > 1.5) return front * beta_fraction(a, 0.5, x, y);
  return 1.0 - front * beta_series(0.5, a, y);
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
