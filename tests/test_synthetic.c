/* study/model_synthetic: against the definition, its donors in the event's place, and what is no donor. */
#include "support/event.h"
#include "support/support.h"

#include <gsl/gsl_errno.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct donors {
  double weight[N_X], pre[N_X], abnormal[N_X * N_REL];
  aft_donor_fit fit;
} donors;

static event *new_event(guint32 seed, donors *d) {
  event *e = event_new(seed, N_X);
  d->fit = (aft_donor_fit){d->weight, d->pre, d->abnormal};
  e->fit.donors = &d->fit;
  return e;
}

/*
 * Weights by projected gradient: small steps down, each followed by the nearest point of the simplex. Slow, and without a thought for sets;
 * the step is below one over the largest curvature.
 */
static void slow_weights(const event *e, const double mean[N_X + 1], double *w) {
  double curvature = 0;
  for (int k = 0; k < N_X; k++) w[k] = 1.0 / N_X;
  for (int i = 0; i < N_X * N_EST; i++) curvature += e->x_est[i] * e->x_est[i];
  for (int round = 0; round < 200000; round++) {
    double gradient[N_X] = {0}, sorted[N_X], sum = 0, shift = 0;
    for (int t = 0; t < N_EST; t++) {
      if (isnan(e->y_est[t])) continue;
      double gap = -(e->y_est[t] - mean[N_X]);
      for (int k = 0; k < N_X; k++) gap += w[k] * (e->x_est[k * N_EST + t] - mean[k]);
      for (int k = 0; k < N_X; k++) gradient[k] += gap * (e->x_est[k * N_EST + t] - mean[k]);
    }
    for (int k = 0; k < N_X; k++) sorted[k] = w[k] -= gradient[k] / curvature;
    for (int i = 0; i < N_X; i++)
      for (int j = i + 1; j < N_X; j++)
        if (sorted[j] > sorted[i]) {
          double held = sorted[i];
          sorted[i] = sorted[j];
          sorted[j] = held;
        }
    for (int i = 0; i < N_X; i++) {
      sum += sorted[i];
      if (sorted[i] > (sum - 1) / (i + 1)) shift = (sum - 1) / (i + 1);
    }
    for (int k = 0; k < N_X; k++) w[k] = fmax(w[k] - shift, 0);
  }
}

static void check_definition(guint32 seed, bool demean) {
  donors d;
  event *e = new_event(seed, &d);
  double mean[N_X + 1] = {0}, w[N_X], squares = 0, gap;
  e->options.demean = demean;
  e->y_est[17] = e->y_est[90] = (double)NAN;
  e->x_est[2 * N_EST + 90] = (double)NAN; /* where the event's security has none either */
  event_fit(event_model("synthetic_control"), e);
  g_assert_null(e->fit.excluded);
  g_assert_cmpint(e->fit.n_obs, ==, N_EST - 2);
  for (int t = 0; t < N_EST && demean; t++) {
    if (isnan(e->y_est[t])) continue;
    mean[N_X] += e->y_est[t] / (N_EST - 2);
    for (int k = 0; k < N_X; k++) mean[k] += e->x_est[k * N_EST + t] / (N_EST - 2);
  }
  e->x_est[2 * N_EST + 90] = 0; /* for the sum of squares of the slow version */
  slow_weights(e, mean, w);
  gap = mean[N_X];
  for (int k = 0; k < N_X; k++) {
    g_assert_cmpfloat(fabs(d.weight[k] - w[k]), <, 1e-6);
    gap -= w[k] * mean[k];
  }
  for (int t = 0; t < N_EST; t++) {
    if (isnan(e->y_est[t])) {
      g_assert_true(isnan(e->residual[t]));
      continue;
    }
    double residual = e->y_est[t] - gap;
    for (int k = 0; k < N_X; k++) residual -= w[k] * e->x_est[k * N_EST + t];
    g_assert_cmpfloat(fabs(e->residual[t] - residual), <, 1e-8);
    squares += residual * residual;
  }
  assert_close(e->fit.sigma, sqrt(squares / (N_EST - 2)), 1e-9);
  for (int t = 0; t < N_REL; t++) {
    double expected = gap;
    for (int k = 0; k < N_X; k++) expected += w[k] * e->x_rel[k * N_REL + t];
    g_assert_cmpfloat(fabs(e->expected[t] - expected), <, 1e-8);
    assert_close(e->h[t], e->fit.sigma * e->fit.sigma, 1e-15);
  }
  g_assert_cmpint(e->fit.n_terms, ==, demean);
  if (demean) g_assert_cmpfloat(fabs(e->fit.coefficient[0] - gap), <, 1e-8);
  g_free(e);
}

static void test_definition(void) {
  for (guint32 seed = 400; seed < 404; seed++) check_definition(seed, seed % 2 == 1);
}

/* The placebo of a donor is the fit of that donor as an event, without the event among its donors. */
static void test_placebos(void) {
  for (int demean = 0; demean < 2; demean++) {
    donors d, own;
    event *e = new_event(410, &d);
    e->options.demean = demean;
    event_fit(event_model("synthetic_control"), e);
    for (int k = 0; k < N_X; k++) {
      event *turned = new_event(410, &own);
      turned->options.demean = demean;
      memcpy(turned->y_est, e->x_est + k * N_EST, sizeof e->y_est);
      memcpy(turned->y_rel, e->x_rel + k * N_REL, sizeof e->y_rel);
      for (int t = 0; t < N_EST; t++) turned->x_est[k * N_EST + t] = (double)NAN;
      event_fit(event_model("synthetic_control"), turned);
      assert_close(d.pre[k], turned->fit.sigma, 1e-12);
      for (int t = 0; t < N_REL; t++)
        assert_close(d.abnormal[k * N_REL + t], turned->y_rel[t] - turned->expected[t], 1e-12);
      g_assert_true(isnan(own.weight[k]) && isnan(own.pre[k]) && isnan(own.abnormal[k * N_REL]));
      g_free(turned);
    }
    g_free(e);
  }
}

/* A donor without a return where the event has one is none; an only donor has no placebo; without any the event is left out. */
static void test_donors(void) {
  donors d, all;
  event *e = new_event(420, &d), *full = new_event(420, &all);
  event_fit(event_model("synthetic_control"), full);
  e->x_est[1 * N_EST + 40] = (double)NAN;
  e->x_rel[3 * N_REL + 6] = (double)NAN;
  event_fit(event_model("synthetic_control"), e);
  g_assert_true(isnan(d.weight[1]) && isnan(d.weight[3]) && isnan(d.pre[1]) && isnan(d.abnormal[3 * N_REL]));
  assert_close(d.weight[0] + d.weight[2], 1, 1e-15);
  g_assert_true(isfinite(d.pre[0]) && isfinite(d.abnormal[2 * N_REL + 6]));

  e->y_est[40] = e->y_rel[6] = (double)NAN; /* nor has the event */
  event_fit(event_model("synthetic_control"), e);
  g_assert_true(isfinite(d.weight[1]) && isfinite(d.weight[3]));
  g_assert_true(isnan(e->expected[6]) == (d.weight[3] > 0));

  for (int k = 0; k < 3; k++) e->x_est[k * N_EST] = (double)NAN;
  event_fit(event_model("synthetic_control"), e);
  g_assert_true(d.weight[3] == 1 && isnan(d.pre[3]) && e->fit.n_coef == 0);
  e->x_est[3 * N_EST] = (double)NAN;
  event_fit(event_model("synthetic_control"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "no donor with a return on every session");
  e->input.n_x = 0;
  event_fit(event_model("synthetic_control"), e);
  g_assert_cmpstr(e->fit.excluded, ==, "no donor with a return on every session");
  g_free(full);
  g_free(e);
}

/* A mean of donors is met exactly; with a constant beside it only after the means are taken off. A donor twice gives no weights of its own. */
static void test_exact(void) {
  donors d;
  event *e = new_event(430, &d);
  for (int demean = 0; demean < 2; demean++) {
    e->options.demean = demean;
    for (int t = 0; t < N_EST; t++)
      e->y_est[t] = 0.25 * e->x_est[t] + 0.75 * e->x_est[2 * N_EST + t] + (demean ? 0.003 : 0);
    event_fit(event_model("synthetic_control"), e);
    g_assert_true(e->fit.sigma == 0 && e->fit.note == NULL);
    assert_close(d.weight[0], 0.25, 1e-10);
    assert_close(d.weight[2], 0.75, 1e-10);
    if (demean) assert_close(e->fit.coefficient[0], 0.003, 1e-10);
  }
  memcpy(e->x_est + N_EST, e->x_est, N_EST * sizeof *e->x_est);
  event_fit(event_model("synthetic_control"), e);
  g_assert_cmpstr(e->fit.note, ==, "other weights give the same control");
  assert_close(d.weight[0] + d.weight[1], 0.25, 1e-10);
  g_free(e);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  gsl_set_error_handler_off();
  g_test_add_func("/synthetic/definition", test_definition);
  g_test_add_func("/synthetic/placebos", test_placebos);
  g_test_add_func("/synthetic/donors", test_donors);
  g_test_add_func("/synthetic/exact", test_exact);
  return g_test_run();
}
