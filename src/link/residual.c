/* The regression behind scan and correlate. */
#include <aftershock/link/residual.h>

#include <aftershock/stats/moves.h>
#include <aftershock/stats/ols.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

bool aft_regressors_init(aft_regressors *regressors, const aft_panel *panel, const aft_config *config, GError **error) {
  const char *market = aft_config_get_market(config, panel->number).market;
  *regressors = (aft_regressors){.column = g_new0(const double *, (size_t)panel->n_factors + 2)};
  int n = 1;
  if (panel->market != NULL) {
    regressors->has_market = true;
    regressors->column[n++] = panel->market;
  }
  for (int f = 0; f < panel->n_factors; f++) {
    bool is_market = market != NULL && strcmp(panel->factor_names[f], market) == 0;
    bool is_again = regressors->has_market && g_ascii_strcasecmp(panel->factor_names[f], "mkt_rf") == 0;
    bool is_rate = g_ascii_strcasecmp(panel->factor_names[f], "rf") == 0;
    if (!is_market && !is_again && !is_rate) regressors->column[n++] = panel->factors + (size_t)f * panel->n_sessions;
  }
  regressors->n = n;
  if (n <= AFT_OLS_MAX_COEF) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: factors: %d columns are more than a regression of returns can hold (leave out some)", config->path,
              panel->n_factors);
  return false;
}

void aft_regressors_clear(aft_regressors *regressors) { g_clear_pointer(&regressors->column, g_free); }

size_t aft_residual_work_size(const aft_regressors *regressors, size_t n_sessions) {
  return (2 * (size_t)regressors->n + 4) * n_sessions * sizeof(double) + n_sessions * sizeof(size_t);
}

static bool is_whole(const aft_regressors *regressors, size_t t) {
  for (int j = 1; j < regressors->n; j++)
    if (isnan(regressors->column[j][t])) return false;
  return true;
}

double aft_residual_fit(const aft_regressors *regressors, const double *returns, size_t n_sessions, void *work,
                        double *coef, double *abnormal, double *studentized, size_t *n_used) {
  size_t k = (size_t)regressors->n, n = 0;
  double *x = work, *y = x + k * n_sessions, *copies = y + n_sessions, *residual = copies + (k + 1) * n_sessions,
         *t = residual + n_sessions;
  size_t *at = (size_t *)(void *)(t + n_sessions);
  for (size_t s = 0; s < n_sessions; s++) {
    abnormal[s] = (double)NAN;
    if (studentized != NULL) studentized[s] = (double)NAN;
    if (!isnan(returns[s]) && is_whole(regressors, s)) at[n++] = s;
  }
  *n_used = n;
  if (n < k + AFT_RESIDUAL_LEAST) return 0;
  for (size_t i = 0; i < n; i++) {
    y[i] = returns[at[i]];
    x[i] = 1;
    for (size_t j = 1; j < k; j++) x[j * n + i] = regressors->column[j][at[i]];
  }
  double df = aft_moves_studentized(x, y, n, (int)k, copies, coef, residual, t);
  for (size_t i = 0; df > 0 && i < n; i++) {
    abnormal[at[i]] = residual[i];
    if (studentized != NULL) studentized[at[i]] = t[i];
  }
  return df;
}

void aft_residual_split(const aft_regressors *regressors, const double *coef, long column, double *alpha,
                        double *market, double *factors) {
  int first = regressors->has_market ? 2 : 1;
  *alpha = coef[0];
  *market = regressors->has_market ? coef[1] * regressors->column[1][column] : (double)NAN;
  *factors = regressors->n > first ? 0 : (double)NAN;
  for (int j = first; j < regressors->n; j++) *factors += coef[j] * regressors->column[j][column];
}
