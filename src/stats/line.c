/* A straight line by least squares, a dozen times as fast as a factorisation. */
#include <aftershock/stats/line.h>

#include <aftershock/stats/ols.h>

#include <math.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

/* Sums of the deviations from the means so far, and of their squares and products. */
typedef struct deviations {
  lanes x, y, xx, xy, yy;
} deviations;

LANES_INLINE void add_deviations(deviations *d, const lanes *x, const lanes *y, double x_mean, double y_mean) {
  lanes u = *x - x_mean, v = *y - y_mean;
  d->x += u;
  d->y += v;
  d->xx += u * u;
  d->xy += u * v;
  d->yy += v * v;
}

WIDEST bool aft_line_moments_compute(const double *x, const double *y, int n, aft_line_moments *m) {
  lanes x_sum = {0}, y_sum = {0}, a, b;
  deviations d = {{0}, {0}, {0}, {0}, {0}};
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&a, x + i);
    lanes_load(&b, y + i);
    x_sum += a;
    y_sum += b;
  }
  lanes_load_rest(&a, x + whole, n - whole, 0);
  lanes_load_rest(&b, y + whole, n - whole, 0);
  x_sum += a;
  y_sum += b;
  double x_mean = lanes_sum(&x_sum) / n, y_mean = lanes_sum(&y_sum) / n;
  if (isnan(x_mean + y_mean)) return false;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&a, x + i);
    lanes_load(&b, y + i);
    add_deviations(&d, &a, &b, x_mean, y_mean);
  }
  lanes_load_rest(&a, x + whole, n - whole, x_mean);
  lanes_load_rest(&b, y + whole, n - whole, y_mean);
  add_deviations(&d, &a, &b, x_mean, y_mean);
  double x_drift = lanes_sum(&d.x), y_drift = lanes_sum(&d.y);
  *m = (aft_line_moments){.x_mean = x_mean + x_drift / n,
                          .y_mean = y_mean + y_drift / n,
                          .xx = fmax(0, lanes_sum(&d.xx) - x_drift * (x_drift / n)),
                          .xy = lanes_sum(&d.xy) - x_drift * (y_drift / n),
                          .yy = fmax(0, lanes_sum(&d.yy) - y_drift * (y_drift / n))};
  return true;
}

/* One loop for both, so that the bits do not depend on whether residuals are kept. */
LANES_INLINE double compute_residuals(const double *x, const double *y, int n, double alpha, double beta,
                                      double *residual) {
  lanes sum = {0}, a, b;
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&a, x + i);
    lanes_load(&b, y + i);
    lanes e = b - alpha - beta * a;
    if (residual != NULL) memcpy(residual + i, &e, sizeof e);
    sum += e * e;
  }
  for (int i = whole; i < n; i++) {
    double e = y[i] - alpha - beta * x[i];
    if (residual != NULL) residual[i] = e;
    sum[i - whole] += e * e;
  }
  return lanes_sum(&sum);
}

WIDEST double aft_line_residual_squares(const double *x, const double *y, int n, double alpha, double beta) {
  return compute_residuals(x, y, n, alpha, beta, NULL);
}

WIDEST double aft_line_residuals(const double *x, const double *y, int n, double alpha, double beta, double *residual) {
  return compute_residuals(x, y, n, alpha, beta, residual);
}

bool aft_line_fit(const aft_line_moments *m, int n, double coefficient[2], double r[4]) {
  double spread = sqrt(m->xx), length = sqrt(m->xx + n * m->x_mean * m->x_mean), root = sqrt((double)n);
  if (!(m->xx > 0) || !(spread >= AFT_OLS_COLLINEAR * length)) return false;
  coefficient[1] = m->xy / m->xx;
  coefficient[0] = m->y_mean - coefficient[1] * m->x_mean;
  r[0] = root;
  r[1] = root * m->x_mean;
  r[2] = 0;
  r[3] = spread;
  return true;
}
