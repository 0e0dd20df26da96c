/* Least squares as a short program has it, in the lanes of the project's own sums. */
#include "plain_fit.h"

#include <aftershock/base/lanes.h>

#include <math.h>
#include <stddef.h>

#include <aftershock/base/banned.h>

enum {
  N_EST = PLAIN_LAST_EST - PLAIN_FIRST_EST + 1,
  N_CAR = PLAIN_LAST_CAR - PLAIN_FIRST_CAR + 1,
  REST = N_EST % LANES
};

plain_design plain_design_make(const plain_regressors *r, int session, const double *y) {
  int k = r->n_terms;
  plain_design d = {.n = 0};
  for (int t = session + PLAIN_FIRST_EST; t <= session + PLAIN_LAST_EST; t++) {
    if (y != NULL && isnan(y[t])) continue;
    d.n++;
    for (int i = 0; i < k; i++)
      for (int j = 0; j <= i; j++) d.l[i][j] += r->x[i][t] * r->x[j][t];
  }
  for (int i = 0; i < k; i++) {
    for (int j = 0; j <= i; j++) {
      double sum = d.l[i][j];
      for (int m = 0; m < j; m++) sum -= d.l[i][m] * d.l[j][m];
      d.l[i][j] = i == j ? sqrt(sum) : sum / d.l[j][j];
    }
    for (int t = session + PLAIN_FIRST_CAR; t <= session + PLAIN_LAST_CAR; t++) d.z[i] += r->x[i][t];
    for (int m = 0; m < i; m++) d.z[i] -= d.l[i][m] * d.z[m];
    d.z[i] /= d.l[i][i];
    d.zz += d.z[i] * d.z[i];
  }
  return d;
}

static void substitute(const plain_design *d, int n_terms, double *w) {
  for (int i = 0; i < n_terms; i++) {
    for (int m = 0; m < i; m++) w[i] -= d->l[i][m] * w[m];
    w[i] /= d->l[i][i];
  }
}

/* From w = L^-1 X'y, y'y and the sum of y over the CAR. */
static plain_outcome finish(const plain_design *d, int n_terms, const double *w, double yy, double car) {
  int df = d->n - n_terms;
  for (int i = 0; i < n_terms; i++) {
    yy -= w[i] * w[i];
    car -= d->z[i] * w[i];
  }
  return (plain_outcome){car, sqrt(yy / df * (N_CAR + d->zz)), df};
}

/* L is sqrt(n), sum x / sqrt(n), sqrt(xx); y and x begin with the window. */
WIDEST static void fit_line(const plain_design *d, const double *y, const double *x, plain_outcome *out) {
  lanes sum = {0}, xy = {0}, yy = {0}, u, v;
  for (int t = 0; t < N_EST - REST; t += LANES) {
    lanes_load(&v, y + t);
    sum += v;
  }
  lanes_load_rest(&v, y + N_EST - REST, REST, 0);
  sum += v;
  double mean = lanes_sum(&sum) / N_EST, x_mean = d->l[1][0] / d->l[0][0], car = 0;
  for (int t = 0; t < N_EST - REST; t += LANES) {
    lanes_load(&v, y + t);
    lanes_load(&u, x + t);
    v -= mean;
    xy += (u - x_mean) * v;
    yy += v * v;
  }
  lanes_load_rest(&v, y + N_EST - REST, REST, mean);
  lanes_load_rest(&u, x + N_EST - REST, REST, x_mean);
  v -= mean;
  xy += (u - x_mean) * v;
  yy += v * v;
  for (int t = PLAIN_FIRST_CAR; t <= PLAIN_LAST_CAR; t++) car += y[t - PLAIN_FIRST_EST] - mean;
  *out = finish(d, 2, (double[]){0, lanes_sum(&xy) / d->l[1][1]}, lanes_sum(&yy), car);
}

WIDEST static void fit_factors(const plain_regressors *r, const plain_design *d, const double *returns, int first,
                               plain_outcome *out) {
  lanes sum[PLAIN_MOST_TERMS] = {{0}}, yy = {0}, u, v;
  const double *y = returns + first, *rf = r->rf + first;
  for (int t = 0; t < N_EST; t += LANES) {
    if (t + LANES > N_EST) {
      lanes_load_rest(&v, y + t, REST, 0);
      lanes_load_rest(&u, rf + t, REST, 0);
    } else {
      lanes_load(&v, y + t);
      lanes_load(&u, rf + t);
    }
    v -= u;
    yy += v * v;
    sum[0] += v;
    for (int k = 1; k < PLAIN_MOST_TERMS; k++) {
      lanes_load(&u, r->x[k] + first + t); /* days behind the window times 0 */
      sum[k] += u * v;
    }
  }
  double w[PLAIN_MOST_TERMS], car = 0;
  for (int k = 0; k < PLAIN_MOST_TERMS; k++) w[k] = lanes_sum(&sum[k]);
  substitute(d, PLAIN_MOST_TERMS, w);
  for (int t = PLAIN_FIRST_CAR; t <= PLAIN_LAST_CAR; t++) car += y[t - PLAIN_FIRST_EST] - rf[t - PLAIN_FIRST_EST];
  *out = finish(d, PLAIN_MOST_TERMS, w, lanes_sum(&yy), car);
}

/* With days missing. */
static plain_outcome fit_rows(const plain_regressors *r, const double *y, int session) {
  double w[PLAIN_MOST_TERMS] = {0}, yy = 0, car = 0;
  plain_design d = plain_design_make(r, session, y);
  for (int t = session + PLAIN_FIRST_EST; t <= session + PLAIN_LAST_EST; t++) {
    double v = y[t] - r->rf[t];
    if (isnan(v)) continue;
    yy += v * v;
    for (int k = 0; k < r->n_terms; k++) w[k] += r->x[k][t] * v;
  }
  substitute(&d, r->n_terms, w);
  for (int t = session + PLAIN_FIRST_CAR; t <= session + PLAIN_LAST_CAR; t++) car += y[t] - r->rf[t];
  return finish(&d, r->n_terms, w, yy, car);
}

plain_outcome plain_fit(const plain_regressors *r, const plain_design *design, const double *y, int session) {
  int first = session + PLAIN_FIRST_EST;
  plain_outcome o;
  if (r->n_terms == 2)
    fit_line(design, y + first, r->x[1] + first, &o);
  else
    fit_factors(r, design, y, first, &o);
  return isnan(o.se) ? fit_rows(r, y, session) : o;
}
