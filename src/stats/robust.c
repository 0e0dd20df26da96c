/* M-estimation through the GNU Scientific Library. */
#include <aftershock/stats/robust.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_multifit.h>

#include <aftershock/base/banned.h>

#define MAX_ROUNDS 100

/* GSL's objects for one fit. */
typedef struct workspace {
  gsl_matrix *x, *covariance;
  gsl_vector *y, *coefficient;
  gsl_multifit_robust_workspace *robust;
} workspace;

static void workspace_clear(workspace *w) {
  if (w->x != NULL) gsl_matrix_free(w->x);
  if (w->covariance != NULL) gsl_matrix_free(w->covariance);
  if (w->y != NULL) gsl_vector_free(w->y);
  if (w->coefficient != NULL) gsl_vector_free(w->coefficient);
  if (w->robust != NULL) gsl_multifit_robust_free(w->robust);
}

static bool workspace_init(workspace *w, enum aft_robust_kind kind, size_t n, size_t k) {
  w->x = gsl_matrix_alloc(n, k);
  w->covariance = gsl_matrix_alloc(k, k);
  w->y = gsl_vector_alloc(n);
  w->coefficient = gsl_vector_alloc(k);
  w->robust = gsl_multifit_robust_alloc(
      kind == AFT_ROBUST_HUBER ? gsl_multifit_robust_huber : gsl_multifit_robust_bisquare, n, k);
  return w->x != NULL && w->covariance != NULL && w->y != NULL && w->coefficient != NULL && w->robust != NULL;
}

static bool solve(workspace *w, double *coefficient, aft_robust_fit *fit) {
  gsl_multifit_robust_maxiter(MAX_ROUNDS, w->robust);
  int status = gsl_multifit_robust(w->x, w->y, w->coefficient, w->covariance, w->robust);
  if (status != GSL_SUCCESS && status != GSL_EMAXITER) return false;
  gsl_multifit_robust_stats stats = gsl_multifit_robust_statistics(w->robust);
  for (size_t j = 0; j < w->coefficient->size; j++) coefficient[j] = gsl_vector_get(w->coefficient, j);
  fit->sigma = stats.sigma;
  fit->n_iterations = (int)stats.numit;
  fit->converged = status == GSL_SUCCESS;
  return true;
}

bool aft_robust_fit_columns(enum aft_robust_kind kind, const double *x, const double *y, int n, int k,
                            double *coefficient, aft_robust_fit *fit) {
  workspace w = {0};
  bool done = workspace_init(&w, kind, (size_t)n, (size_t)k);
  if (done) {
    for (size_t i = 0; i < (size_t)n; i++) {
      gsl_vector_set(w.y, i, y[i]);
      for (size_t j = 0; j < (size_t)k; j++) gsl_matrix_set(w.x, i, j, x[j * (size_t)n + i]);
    }
    done = solve(&w, coefficient, fit);
  }
  workspace_clear(&w);
  return done;
}
