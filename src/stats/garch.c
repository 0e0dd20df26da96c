/* The likelihood of a line with GARCH errors, and its variance forecast. */
#include <aftershock/stats/garch.h>

#include <math.h>

#include <aftershock/base/banned.h>

#define LOG_2_PI 1.8378770664093454836
#define MEAN_ABSOLUTE_NORMAL 0.79788456080286535588 /* sqrt(2/pi) */

/* Variances outside cannot come from returns and would overflow sums. */
#define SMALLEST_VARIANCE 1e-100
#define LARGEST_VARIANCE 1e100

int aft_garch_n_parameters(enum aft_garch_kind kind, bool with_regressor) {
  return (kind == AFT_GARCH_PLAIN ? 4 : 5) + (with_regressor ? 1 : 0);
}

static double residual(const aft_garch *model, const double *x, const double *y, int t) {
  double e = y[t] - model->alpha;
  return x != NULL ? e - model->beta * x[t] : e;
}

static double mean_square(const aft_garch *model, const double *x, const double *y, int n) {
  double sum = 0;
  for (int t = 0; t < n; t++) {
    double e = residual(model, x, y, t);
    sum += e * e;
  }
  return sum / n;
}

static bool usable(double h) { return h > SMALLEST_VARIANCE && h < LARGEST_VARIANCE; }

/* plain and gjr */
static double loglik_linear(const aft_garch *model, const double *x, const double *y, int n, double *contribution,
                            double *next) {
  double h = mean_square(model, x, y, n), sum = 0;
  double news = (model->a + model->g / 2) * h;
  for (int t = 0; t < n; t++) {
    double e = residual(model, x, y, t), square = e * e;
    h = model->w + news + model->c * h;
    if (!usable(h)) return -HUGE_VAL;
    double term = log(h) + square / h;
    if (contribution != NULL) contribution[t] = -0.5 * (LOG_2_PI + term);
    sum += term;
    news = (e < 0 ? model->a + model->g : model->a) * square;
  }
  if (next != NULL) *next = model->w + news + model->c * h;
  return -0.5 * (n * LOG_2_PI + sum);
}

static double loglik_egarch(const aft_garch *model, const double *x, const double *y, int n, double *contribution,
                            double *next) {
  double log_h = log(mean_square(model, x, y, n)), news = 0, sum = 0;
  for (int t = 0; t < n; t++) {
    double e = residual(model, x, y, t);
    log_h = model->w + model->c * log_h + news;
    double h = exp(log_h);
    if (!usable(h)) return -HUGE_VAL;
    double z = e / sqrt(h), term = log_h + z * z;
    if (contribution != NULL) contribution[t] = -0.5 * (LOG_2_PI + term);
    sum += term;
    news = model->a * (fabs(z) - MEAN_ABSOLUTE_NORMAL) + model->g * z;
  }
  if (next != NULL) *next = exp(model->w + model->c * log_h + news);
  return -0.5 * (n * LOG_2_PI + sum);
}

double aft_garch_loglik(const aft_garch *model, const double *x, const double *y, int n, double *contribution,
                        double *next) {
  double loglik = model->kind == AFT_GARCH_EGARCH ? loglik_egarch(model, x, y, n, contribution, next)
                                                  : loglik_linear(model, x, y, n, contribution, next);
  return isnan(loglik) ? -HUGE_VAL : loglik;
}

double aft_garch_forecast(const aft_garch *model, double next, int m) {
  double persistence = model->a + model->g / 2 + model->c, log_h = log(next), h = next;
  if (model->kind == AFT_GARCH_EGARCH) {
    for (int step = 1; step < m; step++) log_h = model->w + model->c * log_h;
    return m > 1 ? exp(log_h) : next;
  }
  for (int step = 1; step < m; step++) h = model->w + persistence * h;
  return h;
}
