/* One event's data on a series of sessions, and a fit with room for its arrays: for tests of models. */
#ifndef TESTS_EVENT_H
#define TESTS_EVENT_H

#include <aftershock/study/model.h>

#include <glib.h>

#define N_EST 130
#define N_REL 7
#define N_X 4
#define GAP 5    /* sessions between the windows */
#define MARGIN 3 /* sessions of the market before and after */
#define N_SESSIONS (MARGIN + N_EST + GAP + N_REL + MARGIN)
#define MAX_Z 24

typedef struct event {
  double market[N_SESSIONS];
  double own[N_SESSIONS]; /* y_est and y_rel at their sessions, NaN elsewhere: filled by event_fit, */
  int gap[N_SESSIONS];    /* with the sessions since the one before, 1 for the first of each window */
  double y_est[N_EST], y_rel[N_REL], x_est[N_X * N_EST], x_rel[N_X * N_REL];
  double residual[N_EST], expected[N_REL], h[N_REL], z[N_REL * MAX_Z];
  aft_model_options options; /* the defaults, to be changed before event_fit */
  aft_model_input input;
  aft_fit fit;
} event;

/*
 * Heavy-tailed returns of a market model; x of n_x regressors, the first of which is the market. The event is on the first
 * session of the grid, a comparison window is the estimation window. Freed by g_free.
 */
event *event_new(guint32 seed, int n_x);

/* How many regressors a model wants: none, the market, or N_X factors or donors. */
int event_regressors(const aft_model *model);

/* Fits with arrays and workspace full of rubbish, and asserts that all is filled and nothing behind the workspace. */
void event_fit(const aft_model *model, event *e);

/* A model that exists. */
const aft_model *event_model(const char *name);

/* V[t, u] of the fit. */
double event_covariance(const event *e, int n_z, int t, int u);

#endif
