/* One event's data on a series of sessions, and a fit with room for its arrays: for tests of models. */
#include "event.h"

#include "draws.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define GUARD 12345.678

/* The regressor of a market model, or the first factor: the market itself. */
static void place(event *e, int n_x) {
  for (int t = 0; t < N_EST; t++) e->x_est[t] = e->market[MARGIN + t];
  for (int t = 0; t < N_REL; t++) e->x_rel[t] = e->market[MARGIN + N_EST + GAP + t];
  e->options = (aft_model_options)AFT_MODEL_OPTIONS_DEFAULT;
  e->options.window[0] = -(N_EST + GAP);
  e->options.window[1] = -(GAP + 1);
  e->input = (aft_model_input){.options = &e->options,
                               .n_est = N_EST,
                               .n_rel = N_REL,
                               .n_x = n_x,
                               .y_est = e->y_est,
                               .y_rel = e->y_rel,
                               .x_est = e->x_est,
                               .x_rel = e->x_rel,
                               .own = e->own,
                               .gap = e->gap,
                               .market = e->market,
                               .n_sessions = N_SESSIONS,
                               .event_column = MARGIN + N_EST + GAP,
                               .est_column = MARGIN,
                               .rel_column = MARGIN + N_EST + GAP,
                               .min_obs = 30};
  e->fit = (aft_fit){.residual = e->residual, .expected = e->expected, .h = e->h, .z = e->z};
}

event *event_new(guint32 seed, int n_x) {
  GRand *draws = g_rand_new_with_seed(seed);
  event *e = g_new0(event, 1);
  for (int t = 0; t < N_SESSIONS; t++) e->market[t] = 0.0005 + 0.011 * draw_normal(draws);
  for (int i = N_EST; i < N_X * N_EST; i++) e->x_est[i] = 0.006 * draw_normal(draws);
  for (int i = N_REL; i < N_X * N_REL; i++) e->x_rel[i] = 0.006 * draw_normal(draws);
  place(e, n_x);
  for (int t = 0; t < N_EST; t++) e->y_est[t] = 0.001 + 1.4 * e->x_est[t] + 0.018 * draw_heavy(draws) / sqrt(3);
  for (int t = 0; t < N_REL; t++) e->y_rel[t] = 0.001 + 1.4 * e->x_rel[t] + 0.018 * draw_normal(draws);
  g_rand_free(draws);
  return e;
}

int event_regressors(const aft_model *model) {
  switch (model->regressors) {
  case AFT_REGRESSORS_NONE: return 0;
  case AFT_REGRESSORS_FACTORS:
  case AFT_REGRESSORS_DONORS: return N_X;
  default: return 1;
  }
}

void event_fit(const aft_model *model, event *e) {
  int n_x = e->input.n_x;
  size_t size = model->work_size(n_x, N_EST, N_REL, &e->options);
  size_t cells = (size_t)(N_REL * model->n_z(n_x, &e->options));
  double *work = g_new(double, size + 1);
  for (size_t i = 0; i <= size; i++) work[i] = GUARD;
  for (int t = 0; t < N_EST; t++) e->residual[t] = GUARD;
  for (int t = 0; t < N_REL; t++) e->expected[t] = e->h[t] = GUARD;
  for (size_t i = 0; i < G_N_ELEMENTS(e->z); i++) e->z[i] = GUARD;
  for (int t = 0; t < N_SESSIONS; t++) e->own[t] = (double)NAN;
  memcpy(e->own + MARGIN, e->y_est, sizeof e->y_est);
  memcpy(e->own + MARGIN + N_EST + GAP, e->y_rel, sizeof e->y_rel);
  for (int t = 0, open = 1; t < N_SESSIONS; t++, open++) {
    bool starts = t == MARGIN || t == MARGIN + N_EST + GAP;
    e->gap[t] = isnan(e->own[t]) ? 0 : starts ? 1 : open;
    if (e->gap[t] > 0) open = 0;
  }
  e->fit.note = e->fit.excluded = "rubbish";
  model->fit(&e->input, model->variant, work, &e->fit);
  g_assert_true(work[size] == GUARD);
  for (int t = 0; t < N_EST; t++) g_assert_true(e->residual[t] != GUARD);
  for (int t = 0; t < N_REL; t++) g_assert_true(e->expected[t] != GUARD && e->h[t] != GUARD);
  for (size_t i = 0; i < G_N_ELEMENTS(e->z); i++) g_assert_true((e->z[i] != GUARD) == (i < cells));
  g_free(work);
}

const aft_model *event_model(const char *name) {
  const aft_model *model = aft_model_find(name);
  g_assert_nonnull(model);
  return model;
}

double event_covariance(const event *e, int n_z, int t, int u) {
  double sum = t == u ? e->h[t] : 0;
  for (int j = 0; j < n_z; j++) sum += e->z[t * n_z + j] * e->z[u * n_z + j];
  return sum;
}
