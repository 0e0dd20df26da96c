/* Returns of a whole panel split into what moves all securities and what is a security's own. */
#ifndef AFTERSHOCK_LINK_RESIDUAL_H
#define AFTERSHOCK_LINK_RESIDUAL_H

#include <aftershock/market/panel.h>
#include <aftershock/study/config.h>

enum { AFT_RESIDUAL_LEAST = 30 }; /* sessions beyond the coefficients that a regression needs */

/* The regressors of a panel: a constant, the market, and the factors that are not the market once more. */
typedef struct aft_regressors {
  int n;                 /* with the constant */
  bool has_market;       /* it is column 1 */
  const double **column; /* [n] of [n_sessions]; column 0 is NULL; owned, what it leads to borrowed */
} aft_regressors;

/*
 * Fails with AFT_STUDY_ERROR_DATA when there are more than a regression can hold; to be cleared all the same. mkt_rf is left out beside a
 * benchmark.
 */
bool aft_regressors_init(aft_regressors *regressors, const aft_panel *panel, const aft_config *config,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_regressors_clear(aft_regressors *regressors);

/* Bytes of workspace for one security. */
size_t aft_residual_work_size(const aft_regressors *regressors, size_t n_sessions);

/*
 * Full-sample regression of one security.
 *
 * coef         [n]
 * abnormal     [n_sessions] residuals; NaN where the return or a regressor is missing
 * studentized  [n_sessions] each against a fit without its day; NULL: not wanted
 * n_used       sessions in the regression
 *
 * Returns the degrees of freedom of studentized; 0, all NaN, when there are fewer than AFT_RESIDUAL_LEAST + n sessions, or no fit.
 */
double aft_residual_fit(const aft_regressors *regressors, const double *returns, size_t n_sessions, void *work,
                        double *coef, double *abnormal, double *studentized, size_t *n_used);

/* Shares of one session's return: coef times its regressors; market NaN without one, factors NaN when there are none. */
void aft_residual_split(const aft_regressors *regressors, const double *coef, long column, double *alpha,
                        double *market, double *factors);

#endif
