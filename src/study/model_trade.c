/* The market model of shares that do not trade every day: returns from trade to trade. */
#include "study/models.h"

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

/* y and two columns */
size_t aft_model_trade_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_x, (void)n_rel, (void)options;
  return 3 * (size_t)n_est;
}

/* The market over the gap that ends on a session: compounded, or the sum of log returns; NaN when any of it is missing. */
static double market_over(const aft_model_input *input, long session, int gap) {
  double sum = 0, product = 1;
  if (gap == 1) return input->market[session];
  for (long t = session - gap + 1; t <= session; t++) {
    double market = t >= 0 ? input->market[t] : (double)NAN;
    sum += market;
    product *= 1 + market;
  }
  return input->log_returns ? sum : product - 1;
}

/* The return of a session, the sessions it covers and the market over them; false when there is no trade or no market. */
static bool read_trade(const aft_model_input *input, long session, double *own, int *gap, double *market) {
  if (session < 0 || session >= input->n_sessions || input->gap[session] == 0) return false;
  *own = input->own[session];
  *gap = input->gap[session];
  *market = market_over(input, session, *gap);
  return !isnan(*own + *market);
}

/* Observations over the square root of what they cover; residual marks them with 0, others NaN. Returns their number. */
static int gather(const aft_model_input *input, double *y, double *root, double *market, double *residual) {
  int n = 0, gap;
  double own, over;
  for (int t = 0; t < input->n_est; t++) {
    residual[t] = (double)NAN;
    if (!read_trade(input, input->est_column + t, &own, &gap, &over)) continue;
    root[n] = sqrt(gap);
    y[n] = own / root[n];
    market[n] = over / root[n];
    residual[t] = 0;
    n++;
  }
  return n;
}

/* Residuals of the weighted regression; returns the sum of their squares. */
static double fill_residuals(const aft_model_input *input, const double b[2], double *residual) {
  int gap;
  double own, market, rss = 0;
  for (int t = 0; t < input->n_est; t++) {
    if (isnan(residual[t]) || !read_trade(input, input->est_column + t, &own, &gap, &market)) continue;
    residual[t] = (own - b[0] * gap - b[1] * market) / sqrt(gap);
    rss += residual[t] * residual[t];
  }
  return rss;
}

static void forecast(const aft_model_input *input, const double b[2], const double *r, aft_fit *fit) {
  for (int t = 0; t < input->n_rel; t++) {
    double own, market, *z = fit->z + 2 * (ptrdiff_t)t;
    long session = input->rel_column + t;
    int gap = session >= 0 && session < input->n_sessions ? input->gap[session] : 0;
    bool known = read_trade(input, session, &own, &gap, &market);
    double row[2] = {known ? gap : (double)NAN, known ? market : (double)NAN};
    aft_ols_leverage_row(r, 2, row, z);
    for (int j = 0; j < 2; j++) z[j] *= fit->sigma;
    fit->expected[t] = b[0] * row[0] + b[1] * row[1];
    fit->h[t] = fit->sigma * fit->sigma * row[0];
  }
}

/*
 * y about the best drift alone, what the market has to explain: sum (y - a sqrt n)^2, a = sum R / sum n. Without gaps these are the
 * squares about the mean.
 */
static double squares_about_drift(const double *y, const double *root, int n, double *drift) {
  double sum = 0, sessions = 0, squares = 0;
  for (int i = 0; i < n; i++) {
    sum += y[i] * root[i];
    sessions += root[i] * root[i];
  }
  *drift = sum / sessions;
  for (int i = 0; i < n; i++) squares += (y[i] - *drift * root[i]) * (y[i] - *drift * root[i]);
  return squares;
}

/*
 * R over n sessions, Rm compounded (log: summed) over the same ones:
 *
 *   R/sqrt n = alpha sqrt n + beta Rm/sqrt n + e,  s^2 = e'e / (T - 2)
 *   E[R] = alpha n + beta Rm,  V_tu = s^2 (n_t 1[t = u] + x_t'(X'X)^-1 x_u),  x = (n, Rm)
 *
 * n daily alphas over sqrt n make the first regressor sqrt n. Without gaps this is the market model. Residuals are e, of equal
 * variance. A return is an observation of the session that ends it, wherever it began.
 * Source: Dyckman, Philbrick and Stephan (1984), J. Accounting Research 22 supplement, 1-30;
 * Maynes and Rumsey (1993), J. Banking and Finance 17, 145-157.
 */
void aft_model_trade_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  double *y = work, *x = y + input->n_est, *market = x + input->n_est, r[4], unit_error[2], drift;

  g_assert(input->gap != NULL && input->market != NULL);
  aft_model_reset(fit);
  fit->n_coef = fit->n_terms = 2;
  fit->n_obs = gather(input, y, x, market, fit->residual);
  fit->df = fit->n_obs - 2;
  if (aft_model_too_few(input, fit->n_obs, 2)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  double total = squares_about_drift(y, x, fit->n_obs, &drift);
  bool constant = aft_ols_is_constant(total, fit->n_obs, drift);
  memmove(x + fit->n_obs, market, (size_t)fit->n_obs * sizeof *market); /* the columns must follow one another */
  if (!aft_ols_fit(x, y, fit->n_obs, 2, fit->coefficient, r)) {
    aft_model_exclude(input, 2, AFT_EXCLUDED_COLLINEAR, fit);
    return;
  }
  double rss = fill_residuals(input, fit->coefficient, fit->residual);
  fit->sigma = sqrt(rss / fit->df);
  if (constant || fit->sigma <= 1e-14 * sqrt(total / (fit->n_obs - 1))) fit->sigma = 0;
  if (!constant) fit->r_squared = 1 - rss / total;
  aft_ols_unit_errors(r, 2, unit_error);
  for (int j = 0; j < 2; j++) fit->standard_error[j] = fit->sigma * unit_error[j];
  forecast(input, fit->coefficient, r, fit);
}
