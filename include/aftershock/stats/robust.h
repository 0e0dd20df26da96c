/* M-estimates of a linear regression: Huber's and Tukey's bisquare. */
#ifndef AFTERSHOCK_STATS_ROBUST_H
#define AFTERSHOCK_STATS_ROBUST_H

#include <stdbool.h>

enum aft_robust_kind { AFT_ROBUST_HUBER, AFT_ROBUST_BISQUARE };

typedef struct aft_robust_fit {
  double sigma; /* scale with the corrections below */
  int n_iterations;
  bool converged; /* within 100 rounds */
} aft_robust_fit;

/*
 * Iteratively reweighted least squares from the least-squares start, with leverage-adjusted residuals.
 *
 *   u = r / (c s sqrt(1 - h)),  weights: Huber min(1, 1/|u|), c = 1.345; bisquare (1 - u^2)^2 for |u| < 1, c = 4.685
 *   s = median |r| / 0.6745 over the residuals without the k - 1 smallest
 *   sigma = max(sigma_rob, sqrt((k^2 sigma_ols^2 + n sigma_rob^2) / (k^2 + n)))
 *
 * x            [k][n] column after column, the constant included; of full rank; borrowed
 * y            [n]; borrowed
 * n > k >= 1
 * coefficient  [k]
 *
 * This is the GNU Scientific Library's gsl_multifit_robust, whose workspace is allocated and freed in each call.
 * Returns false, outputs untouched, when that fails. The GSL error handler must be off.
 * Source: Huber (1981); Street, Carroll and Ruppert (1988), American Statistician 42, 152-154;
 * DuMouchel and O'Brien (1989).
 */
bool aft_robust_fit_columns(enum aft_robust_kind kind, const double *x, const double *y, int n, int k,
                            double *coefficient, aft_robust_fit *fit);

#endif
