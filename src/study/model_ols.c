/* Linear models by least squares: market model, CAPM, Fama and French, Carhart, any factors. */
#include "study/models.h"

#include <math.h>
#include <string.h>

#include <aftershock/stats/basis.h>
#include <aftershock/stats/blocks.h>
#include <aftershock/stats/line.h>
#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

/* Parts of the workspace: what all events with the same regressors share; then what passes. */
typedef struct workspace {
  double *head; /* [3] whether there is a basis, its n_whole and is_firm */
  aft_basis basis;
  double *unit;      /* [k] as aft_ols_unit_errors, of its R */
  double *y, *r, *x; /* [4][stride], [k][k], [k][n_est] */
} workspace;

size_t aft_model_ols_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_rel, (void)options;
  size_t k = (size_t)n_x + 1, n = (size_t)n_est;
  return 3 + aft_basis_size(n_est, n_x + 1) + k + 4 * aft_basis_stride(n_est) + k * k + k * n;
}

static workspace divide(double *work, int k, int n_est) {
  workspace w = {.head = work};
  aft_basis_place(&w.basis, n_est, k, work + 3);
  w.unit = work + 3 + aft_basis_size(n_est, k);
  w.r = w.unit + k;
  w.y = w.r + (ptrdiff_t)k * k;
  w.x = w.y + 4 * aft_basis_stride(n_est);
  return w;
}

/* Whether the regressors have a basis; it is made once for all events that share them. */
static bool share(const aft_model_input *input, workspace *w) {
  if (!input->same_x) {
    bool found = aft_basis_build(&w->basis, input->x_est, input->options->alpha, w->x);
    w->head[0] = found;
    w->head[1] = w->basis.n_whole;
    w->head[2] = found && w->basis.is_firm;
    if (found) aft_ols_unit_errors(w->basis.r, w->basis.k, w->unit);
  }
  w->basis.constant = input->options->alpha;
  w->basis.n_whole = (int)w->head[1];
  w->basis.is_firm = w->head[2] > 0;
  return w->head[0] > 0;
}

/* Copies the complete observations, y to y[T], the constant if any and the regressors to columns of length T; returns T. */
static int gather(const aft_model_input *input, double *y, double *x) {
  int n = input->n_est, n_used = 0;
  for (int t = 0; t < n; t++) {
    double sum = input->y_est[t];
    for (int j = 0; j < input->n_x; j++) sum += input->x_est[(ptrdiff_t)j * n + t];
    y[t] = sum; /* NaN when anything is missing */
    if (!isnan(sum)) n_used++;
  }
  for (int i = 0; i < n_used && input->options->alpha; i++) *x++ = 1;
  for (int j = 0; j < input->n_x; j++, x += n_used) {
    const double *source = input->x_est + (ptrdiff_t)j * n;
    for (int t = 0, i = 0; t < n; t++)
      if (!isnan(y[t])) x[i++] = source[t];
  }
  for (int t = 0, i = 0; t < n; t++)
    if (!isnan(y[t])) y[i++] = input->y_est[t];
  return n_used;
}

/* residual = y - X b on the estimation window; slope: of the regressors; returns the sum of their squares. */
static double residuals(const aft_model_input *input, double alpha, const double *slope, double *residual) {
  double sum = 0;
  int n = input->n_est;
  for (int t = 0; t < n; t++) residual[t] = input->y_est[t] - alpha;
  for (int j = 0; j < input->n_x; j++) {
    const double *column = input->x_est + (ptrdiff_t)j * n;
    for (int t = 0; t < n; t++) residual[t] -= slope[j] * column[t];
  }
  for (int t = 0; t < n; t++)
    if (!isnan(residual[t])) sum += residual[t] * residual[t];
  return sum;
}

bool aft_model_is_least_squares(const aft_model *model) { return model->fit == aft_model_ols_fit; }

/* Expected values on the event grid and V = s^2 (I + X* (X'X)^-1 X*'), or its root. */
static void forecast(const aft_model_input *input, double alpha, const double *slope, const double *r, aft_fit *fit) {
  int first = input->options->alpha ? 1 : 0, k = input->n_x + first, n = input->n_rel;
  double row[AFT_MODEL_MAX_COEF];
  aft_ols_predict(input->x_rel, n, input->n_x, alpha, slope, fit->expected);
  fit->root = fit->wants_root ? r : NULL;
  if (fit->wants_root) return;
  for (int t = 0; t < n; t++) {
    double *z = fit->z + (ptrdiff_t)t * k;
    row[0] = 1;
    for (int j = 0; j < input->n_x; j++) row[first + j] = input->x_rel[(ptrdiff_t)j * n + t];
    aft_ols_leverage_row(r, k, row, z);
    for (int j = 0; j < k; j++) z[j] *= fit->sigma;
    fit->h[t] = fit->sigma * fit->sigma;
  }
}

/*
 * Spread of y, from its moments, that the fit is judged by: squares about the mean, or about zero for a fit through the origin; *perfect
 * when y is constant, or zero, so that there is nothing to explain.
 */
static double total_squares(double mean, double squares, int n, bool alpha, bool *perfect) {
  double total = alpha ? squares : squares + n * mean * mean;
  *perfect = alpha ? aft_ols_is_constant(total, n, mean) : total == 0;
  return total;
}

/* Observations of one event, and how they are fitted. */
typedef struct observations {
  enum { BY_LINE, BY_BASIS, ALONE } way;
  bool whole; /* every session is one */
  int n;
  double mean, squares;    /* of the returns; squares about the mean */
  aft_line_moments line;   /* BY_LINE */
  aft_basis_sample sample; /* BY_BASIS */
} observations;

/* The observations side by side in w. */
static void observe_alone(const aft_model_input *input, const workspace *w, observations *o) {
  int used;
  o->n = gather(input, w->y, w->x);
  o->whole = o->n == input->n_est;
  if (o->n == 0) return;
  if (o->way == BY_LINE)
    aft_line_moments_compute(w->x + o->n, w->y, o->n, &o->line);
  else
    aft_ols_moments(w->y, o->n, &used, &o->mean, &o->squares);
}

static void observe(const aft_model_input *input, workspace *w, observations *o) {
  bool is_line = input->options->alpha && input->n_x == 1;
  o->whole = true;
  o->n = input->n_est;
  o->way = is_line ? BY_LINE : input->shares_x && share(input, w) ? BY_BASIS : ALONE;
  if (o->way == BY_BASIS) {
    aft_basis_take(&w->basis, input->y_est, w->y, &o->sample);
    o->n = o->sample.n_used;
    o->mean = o->sample.mean;
    o->squares = o->sample.squares;
  } else if (is_line && input->blocks != NULL) {
    o->n = aft_blocks_moments(input->blocks, input->est_column, input->n_est, &o->line);
    o->whole = o->n == input->n_est;
  } else if (o->way == ALONE || !aft_line_moments_compute(input->x_est, input->y_est, o->n, &o->line)) {
    observe_alone(input, w, o);
  }
  if (o->way != BY_LINE) return;
  o->mean = o->line.y_mean;
  o->squares = o->line.yy;
}

/* Sessions of the first and last observation; a fit that keeps residuals may leave them to be found there. */
static void set_span(const aft_model_input *input, int first, int last, aft_fit *fit) {
  int start = (int)(input->est_column - input->event_column);
  fit->first_used = start + first;
  fit->last_used = start + last;
}

/* e'e, and e where residuals are kept or there are gaps. */
static double take_residuals(const aft_model_input *input, bool whole, aft_fit *fit) {
  const double *x = input->x_est, *y = input->y_est, alpha = fit->coefficient[0], beta = fit->coefficient[1];
  if (!whole) return residuals(input, alpha, &beta, fit->residual);
  return fit->passing ? aft_line_residual_squares(x, y, input->n_est, alpha, beta)
                      : aft_line_residuals(x, y, input->n_est, alpha, beta, fit->residual);
}

/* e'e = yy - xy^2 / xx; each of the three has but a few roundings. NaN where that is not accurate. */
static double find_rest(const aft_line_moments *m) {
  return aft_ols_check_rest(m->yy - m->xy * (m->xy / m->xx), m->yy);
}

static bool fit_line(const aft_model_input *input, const workspace *w, const observations *o, aft_fit *fit,
                     double *rss) {
  int first = 0, last = input->n_est - 1;
  if (!aft_line_fit(&o->line, o->n, fit->coefficient, w->r)) return false;
  *rss = input->blocks != NULL ? find_rest(&o->line) : (double)NAN;
  if (!fit->passing || isnan(*rss)) {
    double sum = take_residuals(input, o->whole, fit);
    if (isnan(*rss)) *rss = sum;
  }
  while (!o->whole && isnan(input->y_est[first] + input->x_est[first])) first++;
  while (!o->whole && isnan(input->y_est[last] + input->x_est[last])) last--;
  set_span(input, first, last, fit);
  fit->shares_root = input->blocks != NULL && o->whole;
  return true;
}

static bool fit_alone(const aft_model_input *input, const workspace *w, aft_fit *fit, double *rss) {
  bool with_alpha = input->options->alpha;
  if (!aft_ols_fit(w->x, w->y, fit->n_obs, fit->n_coef, fit->coefficient, w->r)) return false;
  residuals(input, with_alpha ? fit->coefficient[0] : 0, fit->coefficient + (with_alpha ? 1 : 0), fit->residual);
  *rss = aft_ols_residual_squares(w->y, fit->n_obs, fit->n_coef);
  return true;
}

/* Coefficients, R, residuals where they are asked for, and the sum of their squares; false when the regressors are collinear. */
static bool solve(const aft_model_input *input, workspace *w, const observations *o, aft_fit *fit, double *rss) {
  if (o->way == BY_LINE) return fit_line(input, w, o, fit, rss);
  if (o->way == ALONE) return fit_alone(input, w, fit, rss);
  if (aft_basis_solve(&w->basis, &o->sample, fit->coefficient, w->r, rss, fit->passing ? NULL : fit->residual)) {
    fit->shares_root = o->n == w->basis.n_whole;
    set_span(input, o->sample.first, o->sample.last, fit);
    return true;
  }
  gather(input, w->y, w->x);
  return fit_alone(input, w, fit, rss);
}

/*
 * y = X b + e with X = (1, regressors), or the regressors alone for alpha = false (Sharpe and Lintner's restriction):
 *
 *   b = (X'X)^-1 X'y,  s^2 = e'e / (T - k),  V = s^2 (I + X* (X'X)^-1 X*')
 *
 * Exact Student(T - k) for iid normal errors. sqrt(s^2) <= 1e-14 sd(y) counts as a perfect fit, sigma 0. Through the origin,
 * R^2 and the spread of y are about zero; sigma_dof changes the divisor of s^2 alone.
 * Source: MacKinlay (1997), J. Economic Literature 35(1), 13-39; Salinger (1992), JFQA 27(1), 39-53.
 */
void aft_model_ols_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  bool with_alpha = input->options->alpha, perfect;
  int k = input->n_x + (with_alpha ? 1 : 0);
  workspace w = divide(work, k, input->n_est);
  observations o = {.way = ALONE};
  double rss = 0, unit_error[AFT_MODEL_MAX_COEF];
  aft_model_start(fit);
  observe(input, &w, &o);
  fit->n_coef = fit->n_terms = k;
  fit->n_obs = o.n;
  fit->df = o.n - k;
  int divisor = aft_model_sigma_divisor(input->options, o.n, k);
  if (aft_model_too_few(input, o.n, k) || divisor < 1) {
    aft_model_exclude(input, k, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  if (!solve(input, &w, &o, fit, &rss)) {
    aft_model_exclude(input, k, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  double total = total_squares(o.mean, o.squares, o.n, with_alpha, &perfect);
  fit->sigma = sqrt(rss / divisor);
  if (!perfect) fit->r_squared = 1 - rss / total;
  if (perfect || fit->sigma <= 1e-14 * sqrt(total / (o.n - 1))) fit->sigma = 0;
  bool by_basis = o.way == BY_BASIS && fit->shares_root;
  const double *unit = by_basis ? w.unit : unit_error;
  if (!by_basis) aft_ols_unit_errors(w.r, k, unit_error);
  for (int j = 0; j < k; j++) fit->standard_error[j] = fit->sigma * unit[j];
  forecast(input, with_alpha ? fit->coefficient[0] : 0, fit->coefficient + (with_alpha ? 1 : 0),
           by_basis ? w.basis.r : w.r, fit);
}
