/* A line with GARCH errors: likelihood, maximum, standard errors and variance forecast. */
#ifndef AFTERSHOCK_STATS_GARCH_H
#define AFTERSHOCK_STATS_GARCH_H

#include <stdbool.h>
#include <stddef.h>

enum aft_garch_kind { AFT_GARCH_PLAIN, AFT_GARCH_GJR, AFT_GARCH_EGARCH };

/*
 * y_t = alpha + beta x_t + e_t,  e_t = sqrt(h_t) z_t
 *
 *   plain   h_t = w + a e_{t-1}^2 + c h_{t-1}                              w > 0, a, c >= 0, a + c < 1
 *   gjr     h_t = w + (a + g 1[e_{t-1} < 0]) e_{t-1}^2 + c h_{t-1}         a, a + g, c >= 0, a + g/2 + c < 1
 *   egarch  ln h_t = w + c ln h_{t-1} + a (|z_{t-1}| - sqrt(2/pi)) + g z_{t-1}                    |c| < 1
 *
 * Before the first observation e^2 = h = mean of e^2, half of it with e < 0; egarch: no news.
 * Source: Bollerslev (1986), J. Econometrics 31; Glosten, Jagannathan and Runkle (1993), J. Finance 48; Nelson (1991),
 * Econometrica 59; start: Fiorentini, Calzolari and Panattoni (1996), J. Applied Econometrics 11.
 */
typedef struct aft_garch {
  enum aft_garch_kind kind;
  double alpha, beta; /* beta 0 without regressor */
  double w, a, g, c;  /* g 0 for plain */
} aft_garch;

/* Parameters in the order alpha, beta, w, a, g, c; those that a model does not have are skipped. */
#define AFT_GARCH_MAX_PARAMETERS 6
int aft_garch_n_parameters(enum aft_garch_kind kind, bool with_regressor);

/*
 * Gaussian log-likelihood -1/2 sum (ln 2 pi + ln h + e^2/h); -HUGE_VAL where a variance is not positive and finite.
 *
 * x             [n] or NULL: no regressor
 * y             [n]; both finite, in the order of time
 * contribution  [n] its terms, or NULL
 * next          h of the observation after the last, or NULL
 */
double aft_garch_loglik(const aft_garch *model, const double *x, const double *y, int n, double *contribution,
                        double *next);

/*
 * Variance m >= 1 steps after the last observation, given that of the first step.
 *
 *   h_m = w + P h_{m-1}, P = a + c (plain), a + g/2 + c (gjr);  egarch: ln h_m = w + c ln h_{m-1}
 */
double aft_garch_forecast(const aft_garch *model, double next, int m);

typedef struct aft_garch_result {
  aft_garch model;
  double loglik;
  double next;      /* variance of the first step after the sample */
  double sigma;     /* sqrt(e'e / (n - mean parameters)) */
  bool at_boundary; /* of the admissible set */
  bool converged;
  double standard_error[AFT_GARCH_MAX_PARAMETERS]; /* sandwich; NaN where it cannot be formed, as at the boundary */
  double line_covariance
      [3]; /* of the same sandwich: var alpha, cov(alpha, beta), var beta; NaN likewise or without regressor */
} aft_garch_result;

/* Fewer observations have no likelihood worth a search. */
#define AFT_GARCH_MIN_OBS 10

/* Doubles of work that n observations need. */
size_t aft_garch_work_size(int n);

/*
 * Maximises the likelihood over all parameters jointly: a grid of starts with the sample's variance, Nelder-Mead from the
 * best of them, quasi-Newton steps, and Newton's at the end, on a parametrisation without constraints and data in units of
 * their spread. A maximum inside the set is found to some eight digits; an egarch on a kink, where a residual is zero, to
 * fewer. Standard errors are Bollerslev and Wooldridge's (1992, Econometric Reviews 11) from central differences.
 *
 * x, y  as above; y not explained perfectly by the line, x not constant; n >= AFT_GARCH_MIN_OBS
 * work  [aft_garch_work_size(n)]
 *
 * Returns false, outputs untouched, when no start has a finite likelihood. GSL's minimisers allocate a few hundred bytes
 * in each call; the GSL error handler must be off.
 */
bool aft_garch_fit(enum aft_garch_kind kind, const double *x, const double *y, int n, double *work,
                   aft_garch_result *result);

#endif
