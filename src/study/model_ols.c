/* Linear models by least squares: market model, CAPM, Fama and French, Carhart, any factors. */
#include "study/models.h"

#include <math.h>
#include <string.h>

#include <aftershock/stats/line.h>
#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

/* What is known of the regressors that events of one day share. */
enum shared_state { SHARED_UNKNOWN, SHARED_READY, SHARED_GAPS, SHARED_COLLINEAR };

/* Parts of the workspace: factors of X where no session is missing, for all events with the same regressors; then the event's own. */
typedef struct workspace {
  double *state;           /* [1] an enum shared_state */
  aft_ols_factors factors; /* norm [k], scale [k], triangle [k][k] */
  double *root;            /* [k][k] R */
  double *unit;            /* [k] as aft_ols_unit_errors */
  double *shared;          /* [k][n_est] what aft_ols_solve takes */
  double *y, *r, *x;       /* [n_est], [k][k], [k][n_est] */
} workspace;

size_t aft_model_ols_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_rel, (void)options;
  size_t k = (size_t)n_x + 1, n = (size_t)n_est;
  return 1 + 3 * k + 3 * k * k + n * (2 * k + 1);
}

static workspace divide(double *work, int k, int n_est) {
  workspace w = {.state = work};
  ptrdiff_t square = (ptrdiff_t)k * k, columns = (ptrdiff_t)k * n_est;
  w.factors.norm = work + 1;
  w.factors.scale = w.factors.norm + k;
  w.factors.triangle = w.factors.scale + k;
  w.root = w.factors.triangle + square;
  w.unit = w.root + square;
  w.r = w.unit + k;
  w.shared = w.r + square;
  w.y = w.shared + columns;
  w.x = w.y + n_est;
  return w;
}

/* Factors of the regressors of every session, made once for all events that share them. */
static enum shared_state share(const aft_model_input *input, int k, const workspace *w) {
  ptrdiff_t n = input->n_est, cells = n * input->n_x;
  if (!input->same_x) *w->state = SHARED_UNKNOWN;
  if (*w->state != SHARED_UNKNOWN) return (enum shared_state) * w->state;
  if (n < k || !aft_ols_is_whole(input->x_est, cells)) {
    *w->state = SHARED_GAPS;
    return SHARED_GAPS;
  }
  double *x = w->shared;
  aft_ols_factors factors = w->factors;
  for (ptrdiff_t i = 0; i < n && input->options->alpha; i++) *x++ = 1;
  memcpy(x, input->x_est, (size_t)cells * sizeof *x);
  *w->state = aft_ols_factor(w->shared, (int)n, k, &factors, w->root) ? SHARED_READY : SHARED_COLLINEAR;
  if (*w->state == SHARED_READY) aft_ols_unit_errors(w->root, k, w->unit);
  return (enum shared_state) * w->state;
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

static void keep_root(const double *r, int k, double *root) {
  for (int i = 0; i < k; i++)
    for (int j = 0; j < k; j++) root[i * k + j] = j < i ? 0 : r[i * k + j];
}

/* Expected values on the event grid and V = s^2 (I + X* (X'X)^-1 X*'), or its root. */
static void forecast(const aft_model_input *input, double alpha, const double *slope, const double *r, aft_fit *fit) {
  int first = input->options->alpha ? 1 : 0, k = input->n_x + first, n = input->n_rel;
  double row[AFT_MODEL_MAX_COEF];
  if (fit->root != NULL) keep_root(r, k, fit->root);
  for (int t = 0; t < n; t++) {
    double expected = alpha;
    row[0] = 1;
    for (int j = 0; j < input->n_x; j++) {
      row[first + j] = input->x_rel[(ptrdiff_t)j * n + t];
      expected += slope[j] * row[first + j];
    }
    fit->expected[t] = expected;
    if (fit->root != NULL) continue;
    double *z = fit->z + (ptrdiff_t)t * k;
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

/* Least squares of one model: coefficients and R; returns false when the regressors are collinear. */
static bool solve(const aft_model_input *input, enum shared_state state, const workspace *w, aft_fit *fit) {
  int k = fit->n_coef, n = fit->n_obs;
  if (n < input->n_est || state == SHARED_GAPS) return aft_ols_fit(w->x, w->y, n, k, fit->coefficient, w->r);
  if (state == SHARED_COLLINEAR) return false;
  aft_ols_solve(w->shared, &w->factors, n, k, w->y, fit->coefficient);
  fit->shares_root = true;
  return true;
}

/* Residuals where they are asked for, or where sessions are missing among them; returns the sum of their squares. */
static double take_residuals(const aft_model_input *input, bool is_line, double alpha, const double *slope,
                             const workspace *w, aft_fit *fit) {
  bool whole = fit->n_obs == input->n_est;
  int n = input->n_est;
  if (fit->passing && whole) {
    fit->first_used = (int)(input->est_column - input->event_column);
    fit->last_used = fit->first_used + n - 1;
    return is_line ? aft_line_residual_squares(input->x_est, input->y_est, n, alpha, slope[0])
                   : aft_ols_residual_squares(w->y, n, fit->n_coef);
  }
  if (is_line && whole) return aft_line_residuals(input->x_est, input->y_est, n, alpha, slope[0], fit->residual);
  double rss = residuals(input, alpha, slope, fit->residual);
  return is_line ? rss : aft_ols_residual_squares(w->y, fit->n_obs, fit->n_coef);
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
  bool with_alpha = input->options->alpha, is_line = with_alpha && input->n_x == 1, perfect;
  int k = input->n_x + (with_alpha ? 1 : 0), n = input->n_est;
  workspace w = divide(work, k, n);
  enum shared_state state = is_line ? SHARED_UNKNOWN : share(input, k, &w);
  aft_line_moments line;
  double y_mean, y_squares, unit_error[AFT_MODEL_MAX_COEF];
  int n_returns = n;
  if (!is_line) aft_ols_moments(input->y_est, n, &n_returns, &y_mean, &y_squares);
  bool whole =
      is_line ? aft_line_moments_compute(input->x_est, input->y_est, n, &line) : state != SHARED_GAPS && n_returns == n;

  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = k;
  if (whole && !is_line) memcpy(w.y, input->y_est, (size_t)n * sizeof *w.y);
  fit->n_obs = whole ? n : gather(input, w.y, w.x);
  fit->df = fit->n_obs - k;
  int divisor = aft_model_sigma_divisor(input->options, fit->n_obs, k);
  if (aft_model_too_few(input, fit->n_obs, k) || divisor < 1) {
    aft_model_exclude(input, k, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  if (!whole && is_line) aft_line_moments_compute(w.x + fit->n_obs, w.y, fit->n_obs, &line);
  if (!whole && !is_line) aft_ols_moments(w.y, fit->n_obs, &n_returns, &y_mean, &y_squares);
  if (!(is_line ? aft_line_fit(&line, fit->n_obs, fit->coefficient, w.r) : solve(input, state, &w, fit))) {
    aft_model_exclude(input, k, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  double total =
      total_squares(is_line ? line.y_mean : y_mean, is_line ? line.yy : y_squares, fit->n_obs, with_alpha, &perfect);
  double alpha = with_alpha ? fit->coefficient[0] : 0;
  const double *slope = fit->coefficient + (with_alpha ? 1 : 0);
  double rss = take_residuals(input, is_line, alpha, slope, &w, fit);
  fit->sigma = sqrt(rss / divisor);
  if (!perfect) fit->r_squared = 1 - rss / total;
  if (perfect || fit->sigma <= 1e-14 * sqrt(total / (fit->n_obs - 1))) fit->sigma = 0;
  const double *unit = fit->shares_root ? w.unit : unit_error;
  if (!fit->shares_root) aft_ols_unit_errors(w.r, k, unit_error);
  for (int j = 0; j < k; j++) fit->standard_error[j] = fit->sigma * unit[j];
  forecast(input, alpha, slope, fit->shares_root ? w.root : w.r, fit);
}
