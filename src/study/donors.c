/* Models of donors: what they found beside the fits, and each event against its donors. */
#include "study_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static double *new_doubles(size_t n) { return g_new(double, MAX(n, 1)); }

aft_donors *aft_donors_new(const aft_study_regressors *regressors, size_t n_markets, size_t n_events, int n_rel) {
  aft_donors *donors = g_new0(aft_donors, 1);
  for (size_t i = 0; i < n_markets; i++) donors->n = MAX(donors->n, regressors[i].n);
  size_t n = (size_t)donors->n;
  donors->n_rel = n_rel;
  donors->security = g_new(long, MAX(n_markets * n, 1));
  for (size_t i = 0; i < n_markets; i++)
    for (size_t k = 0; k < n; k++) donors->security[i * n + k] = (int)k < regressors[i].n ? regressors[i].donor[k] : -1;
  donors->weight = new_doubles(n_events * n);
  donors->pre = new_doubles(n_events * n);
  donors->abnormal = new_doubles(n_events * n * (size_t)n_rel);
  return donors;
}

void aft_donors_free(aft_donors *donors) {
  if (donors == NULL) return;
  void *const owned[] = {donors->security, donors->weight, donors->pre, donors->abnormal, donors->rows, donors};
  for (size_t i = 0; i < G_N_ELEMENTS(owned); i++) g_free(owned[i]);
}

aft_donor_fit aft_donors_row(const aft_donors *donors, size_t row) {
  size_t at = row * (size_t)donors->n;
  return (aft_donor_fit){.weight = donors->weight + at,
                         .pre = donors->pre + at,
                         .abnormal = donors->abnormal + at * (size_t)donors->n_rel};
}

void aft_donors_move(aft_donors *donors, size_t from, size_t to) {
  aft_donor_fit source = aft_donors_row(donors, from), place = aft_donors_row(donors, to);
  size_t n = (size_t)donors->n;
  memmove(place.weight, source.weight, n * sizeof *place.weight);
  memmove(place.pre, source.pre, n * sizeof *place.pre);
  memmove(place.abnormal, source.abnormal, n * (size_t)donors->n_rel * sizeof *place.abnormal);
}

double aft_donors_post(const double *abnormal, int first, int last) {
  double sum = 0;
  for (int j = first; j <= last; j++) sum += abnormal[j] * abnormal[j];
  return sqrt(sum / (last - first + 1));
}

bool aft_donors_is_placebo(const aft_donors *donors, size_t row, int k, double pre, const aft_model_options *options) {
  double own = donors->pre[row * (size_t)donors->n + (size_t)k];
  return own > 0 && (options->pre_rmspe_limit == 0 || own <= options->pre_rmspe_limit * pre);
}

/* As extreme as the event's, equal up to rounding included. */
static bool is_as_large(double value, double own) { return value >= own - 1e-12 * fmax(1, fabs(own)); }

static aft_placebo_row rank(const aft_model_result *model, size_t row, size_t w) {
  const aft_donors *donors = model->donors;
  const aft_abnormal *a = &model->abnormal;
  const aft_window_values *window = &model->windows[w];
  const aft_donor_fit own = aft_donors_row(donors, row);
  int n_as_large = 0;
  aft_placebo_row r = {.row = row, .window = w, .pre = a->fit[row].sigma, .p_value = (double)NAN};
  r.post = aft_donors_post(a->abnormal + row * (size_t)a->n_rel, window->first, window->last);
  r.ratio = r.pre > 0 ? r.post / r.pre : (double)NAN;
  for (int k = 0; k < donors->n; k++) {
    if (isnan(own.weight[k])) continue;
    r.n_donors++;
    double post = aft_donors_post(own.abnormal + (ptrdiff_t)k * donors->n_rel, window->first, window->last);
    if (!aft_donors_is_placebo(donors, row, k, r.pre, &model->spec->options) || isnan(post)) continue;
    r.n_placebos++;
    n_as_large += is_as_large(post / own.pre[k], r.ratio);
  }
  r.note = isnan(r.post)       ? "missing"
           : !(r.pre > 0)      ? "the control fits without error before the event"
           : r.n_placebos == 0 ? "no placebo"
                               : NULL;
  if (r.note == NULL) r.p_value = (1.0 + n_as_large) / (r.n_placebos + 1.0);
  return r;
}

/*
 * ratio = RMSPE of the window / RMSPE before,  p = (1 + #{ratio of a placebo >= ratio}) / (placebos + 1)
 * Source: Abadie, Diamond and Hainmueller (2010), JASA 105, 493-505.
 */
void aft_study_rank_placebos(aft_model_result *model, const aft_config *config) {
  aft_donors *donors = model->donors;
  donors->rows = g_new(aft_placebo_row, MAX(model->abnormal.n_events * config->n_windows, 1));
  for (size_t row = 0; row < model->abnormal.n_events; row++)
    for (size_t w = 0; w < config->n_windows; w++) donors->rows[donors->n_rows++] = rank(model, row, w);
}
