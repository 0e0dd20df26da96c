/* Synthetic control: a mean of other securities with weights learnt before the event, and the same for each of them in turn. */
#include "study/models.h"

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/stats/ols.h>
#include <aftershock/stats/simplex.h>

#include <aftershock/base/banned.h>

/*
 * One security against others: observations packed, without gaps, about their means when the option says so.
 * Index n_donors of `observed`, `grid` and `mean` is the event's own.
 */
typedef struct panel {
  int n, n_donors, n_rel;
  bool demean;
  const double *observed[AFT_SIMPLEX_MAX_COLUMNS + 1]; /* [n] */
  const double *grid[AFT_SIMPLEX_MAX_COLUMNS + 1];     /* [n_rel] */
  double mean[AFT_SIMPLEX_MAX_COLUMNS + 1];            /* taken off; 0 without the option */
  int place[AFT_SIMPLEX_MAX_COLUMNS];                  /* among the regressors */
  double *work;
} panel;

/* A control of one of them by the others. */
typedef struct control {
  double weight[AFT_SIMPLEX_MAX_COLUMNS]; /* of donors; 0 of the one itself */
  double gap;                             /* of the means */
  double sum_of_squares;                  /* of the residuals */
  int n_positive;
  bool unique;
} control;

/* Packed series of every donor and the event, then the solver's own. */
size_t aft_model_synthetic_work_size(int n_x, int n_est, int n_rel, const aft_model_options *options) {
  (void)n_rel, (void)options;
  return (size_t)(n_x + 1) * (size_t)n_est + aft_simplex_work_size(MAX(n_x, 1), n_est);
}

/* Whether a regressor has a return wherever the event has one: on its observations and on the event grid. */
static bool is_complete(const aft_model_input *input, const double *x_est, const double *x_rel) {
  for (int t = 0; t < input->n_est; t++)
    if (!isnan(input->y_est[t]) && isnan(x_est[t])) return false;
  for (int t = 0; t < input->n_rel; t++)
    if (!isnan(input->y_rel[t]) && isnan(x_rel[t])) return false;
  return true;
}

/* Packs a series over the event's observations and takes its mean off when asked for. */
static void add_series(panel *p, int index, const aft_model_input *input, const double *x_est, const double *x_rel) {
  double *series = p->work, mean, squares;
  int n = 0;
  for (int t = 0; t < input->n_est; t++)
    if (!isnan(input->y_est[t])) series[n++] = x_est[t];
  aft_ols_moments(series, n, &p->n, &mean, &squares);
  p->mean[index] = p->demean ? mean : 0;
  for (int t = 0; t < n; t++) series[t] -= p->mean[index];
  p->observed[index] = series;
  p->grid[index] = x_rel;
  p->work += n;
}

static void gather(panel *p, const aft_model_input *input, double *work) {
  g_assert(input->n_x <= AFT_SIMPLEX_MAX_COLUMNS);
  *p = (panel){.n_rel = input->n_rel, .demean = input->options->demean, .work = work};
  for (int k = 0; k < input->n_x; k++) {
    const double *x_est = input->x_est + (ptrdiff_t)k * input->n_est,
                 *x_rel = input->x_rel + (ptrdiff_t)k * input->n_rel;
    if (!is_complete(input, x_est, x_rel)) continue;
    p->place[p->n_donors] = k;
    add_series(p, p->n_donors++, input, x_est, x_rel);
  }
  add_series(p, p->n_donors, input, input->y_est, input->y_rel);
}

/* The control of series `treated` by the donors other than itself; at least one. */
static void find_control(const panel *p, int treated, control *c) {
  const double *column[AFT_SIMPLEX_MAX_COLUMNS];
  double weight[AFT_SIMPLEX_MAX_COLUMNS];
  int n = 0, other = 0;
  for (int j = 0; j < p->n_donors; j++)
    if (j != treated) column[n++] = p->observed[j];
  c->n_positive = aft_simplex_fit(column, n, p->observed[treated], p->n, weight, p->work, &c->unique);
  c->gap = p->mean[treated];
  for (int j = 0; j < p->n_donors; j++) {
    c->weight[j] = j == treated ? 0 : weight[other++];
    c->gap -= c->weight[j] * p->mean[j];
  }
  c->sum_of_squares = 0;
  for (int t = 0; t < p->n; t++) {
    double residual = p->observed[treated][t];
    for (int j = 0; j < p->n_donors; j++)
      if (c->weight[j] > 0) residual -= c->weight[j] * p->observed[j][t];
    c->sum_of_squares += residual * residual;
  }
}

/* What the control returns on a session of the grid; NaN when one of its donors has none. */
static double expect(const panel *p, const control *c, int t) {
  double sum = c->gap;
  for (int j = 0; j < p->n_donors; j++)
    if (c->weight[j] > 0) sum += c->weight[j] * p->grid[j][t];
  return sum;
}

static void fill_donors(const panel *p, const control *own, const aft_donor_fit *donors, int n_x) {
  for (int k = 0; k < n_x; k++) donors->weight[k] = donors->pre[k] = (double)NAN;
  for (ptrdiff_t i = 0; i < (ptrdiff_t)n_x * p->n_rel; i++) donors->abnormal[i] = (double)NAN;
  for (int j = 0; j < p->n_donors; j++) {
    control placebo;
    int k = p->place[j];
    donors->weight[k] = own->weight[j];
    if (p->n_donors < 2) continue;
    find_control(p, j, &placebo);
    donors->pre[k] = sqrt(placebo.sum_of_squares / p->n);
    for (int t = 0; t < p->n_rel; t++)
      donors->abnormal[(ptrdiff_t)k * p->n_rel + t] = p->grid[j][t] - expect(p, &placebo, t);
  }
}

static void fill_residuals(const aft_model_input *input, const panel *p, const control *c, double *residual) {
  int n = 0;
  for (int t = 0; t < input->n_est; t++) {
    residual[t] = (double)NAN;
    if (isnan(input->y_est[t])) continue;
    residual[t] = p->observed[p->n_donors][n];
    for (int j = 0; j < p->n_donors; j++)
      if (c->weight[j] > 0) residual[t] -= c->weight[j] * p->observed[j][n];
    n++;
  }
}

/*
 * E[R] = gap + D w,  w = argmin |R - D w|^2 over w >= 0, sum w = 1;  V = s^2 I,  s^2 = e'e / T
 *
 * D are the donors: the regressors that have a return wherever the event's security has one. With `demean` the series are taken about
 * their means and gap is the difference of the means, else it is 0. k is the number of weights that can move: one less than those that
 * are positive, and one more for the gap. V leaves out the error of the weights: a description, not a test.
 * Source: Abadie and Gardeazabal (2003), American Economic Review 93(1), 113-132; Abadie, Diamond and Hainmueller (2010), JASA 105,
 * 493-505.
 */
void aft_model_synthetic_fit(const aft_model_input *input, int variant, double *work, aft_fit *fit) {
  (void)variant;
  panel p;
  control c;
  aft_model_reset(fit);
  for (int t = 0; t < input->n_est; t++) fit->n_obs += !isnan(input->y_est[t]);
  if (aft_model_too_few(input, fit->n_obs, 1)) {
    aft_model_exclude(input, 0, AFT_EXCLUDED_TOO_FEW, fit);
    return;
  }
  gather(&p, input, work);
  if (p.n_donors == 0) {
    aft_model_exclude(input, 0, AFT_EXCLUDED_NO_DONORS, fit);
    return;
  }
  find_control(&p, p.n_donors, &c);
  double mean, total;
  int used;
  aft_ols_moments(input->y_est, input->n_est, &used, &mean, &total);
  bool is_constant = aft_ols_is_constant(total, used, mean);
  fit->n_coef = c.n_positive - 1 + (p.demean ? 1 : 0);
  fit->df = fit->n_obs - fit->n_coef;
  fit->n_terms = p.demean ? 1 : 0;
  fit->coefficient[0] = c.gap;
  fit->sigma = sqrt(c.sum_of_squares / p.n);
  if (fit->sigma <= 1e-14 * sqrt(total / p.n + mean * mean)) fit->sigma = 0;
  if (!is_constant) fit->r_squared = 1 - c.sum_of_squares / total;
  if (!c.unique) fit->note = "other weights give the same control";
  for (int t = 0; t < input->n_rel; t++) {
    fit->expected[t] = expect(&p, &c, t);
    fit->h[t] = fit->sigma * fit->sigma;
  }
  fill_residuals(input, &p, &c, fit->residual);
  if (fit->donors != NULL) fill_donors(&p, &c, fit->donors, input->n_x);
}
