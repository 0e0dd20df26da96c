/* Tests of one firm's event: its CAR among past residuals, and all its days jointly. */
#include "study/test_internal.h"

#include <aftershock/stats/dist.h>
#include <aftershock/stats/ols.h>

#include <glib.h>

#include <aftershock/base/banned.h>

/*
 * Where the CAR lies among the sums of L consecutive estimation residuals:
 *
 *   p_low = (1 + #{e <= CAR})/(n + 1),  p_high = (1 + #{e >= CAR})/(n + 1),  p = min(1, 2 min)
 *
 * Makes no assumption on the distribution; the smallest p is 2/(n+1). For L > 1 the sums overlap and the test is mildly liberal.
 * Source: Gelbach, Helland and Klick (2013), American Law and Economics Review 15, 495-541 (L = 1).
 */
void aft_test_sample_quantile(const aft_test_input *input, int variant, aft_test_result *result) {
  (void)variant;
  aft_test_start(result, 0, (double)NAN);
  if (input->n != 1) {
    aft_test_undefined(result, input->n, "a test of one event");
    return;
  }
  size_t row = input->member[0];
  double *sums = aft_test_day_work(input->cache, 0), car = input->window->car[row];
  size_t n = aft_test_run_sums(input, row, sums), low = 1, high = 1;
  if (isnan(car) || n == 0) {
    aft_test_undefined(
        result, n, n == 0 ? "no run of estimation sessions as long as the window without a gap" : AFT_NOTE_NO_EVENTS);
    return;
  }
  for (size_t i = 0; i < n; i++) {
    low += sums[i] <= car ? 1 : 0;
    high += sums[i] >= car ? 1 : 0;
  }
  result->n = n;
  result->estimate = result->statistic = car;
  result->distribution = AFT_DIST_EXACT;
  result->p_value = fmin(1.0, 2.0 * (double)(low < high ? low : high) / ((double)n + 1.0));
}

/*
 * AR' V^-1 AR with V = H + Z Z', H diagonal and positive: the least value over g of |H^-1/2 (AR - Z g)|^2 + |g|^2, which is
 * a residual sum of squares. V is neither formed nor inverted. work [(L + n_z)(n_z + 1)]. Cost O(L n_z^2).
 */
static double quadratic_form(const aft_abnormal *a, size_t row, const aft_window_values *window, double *work) {
  int n_z = a->n_z, n_days = window->n_days, n = n_days + n_z;
  size_t first = row * (size_t)a->n_rel + (size_t)window->first;
  double *y = work, *x = work + n, g[AFT_OLS_MAX_COEF], r[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF];
  for (int t = 0; t < n; t++) {
    bool is_day = t < n_days;
    if (is_day &&
        !aft_abnormal_is_traded(a, row, window->first + t)) { /* between trades: a row of zeros weighs nothing */
      y[t] = 0.0;
      for (int q = 0; q < n_z; q++) x[(ptrdiff_t)q * n + t] = 0.0;
      continue;
    }
    if (!is_day) {
      y[t] = 0.0;
      for (int q = 0; q < n_z; q++) x[(ptrdiff_t)q * n + t] = t - n_days == q ? 1.0 : 0.0;
      continue;
    }
    double room[AFT_OLS_MAX_COEF], scale = sqrt(aft_abnormal_h(a, row, window->first + t));
    const double *z = aft_abnormal_z(a, row, window->first + t, room);
    y[t] = a->abnormal[first + (size_t)t] / scale;
    for (int q = 0; q < n_z; q++) x[(ptrdiff_t)q * n + t] = z[q] / scale;
  }
  if (n_z > 0 && !aft_ols_fit(x, y, n, n_z, g, r))
    return (double)NAN; /* a leverage so large that the unit rows vanish beside it */
  aft_sum squares = {0.0, 0.0};
  for (int t = n_z; t < n; t++) aft_sum_add(&squares, y[t] * y[t]);
  return aft_sum_get(&squares);
}

/*
 * F = AR' V^-1 AR / L, upper tail of F(L, d): whether all L days follow the model, whatever their sum. Exact for least-squares
 * models with normal errors; for L = 1 the square of the t of the day.
 * Sources: Chow (1960), Econometrica 28, 591-605 (prediction test); Salinger (1992), JFQA 27, 39-53.
 */
void aft_test_chow(const aft_test_input *input, int variant, aft_test_result *result) {
  (void)variant;
  aft_test_start(result, input->n, (double)NAN);
  if (input->n != 1) {
    aft_test_undefined(result, input->n, "a test of one event");
    return;
  }
  const aft_abnormal *a = input->abnormal;
  size_t row = input->member[0], n_z = (size_t)a->n_z;
  result->estimate = input->window->car[row];
  if (isnan(input->window->car[row]) || !(a->fit[row].sigma > 0.0)) {
    aft_test_undefined(result, 0, isnan(input->window->car[row]) ? AFT_NOTE_NO_EVENTS : "the residuals do not vary");
    return;
  }
  g_autofree double *work = g_new(double, ((size_t)input->window->n_days + n_z) * (n_z + 1));
  double form = quadratic_form(a, row, input->window, work);
  if (isnan(form)) {
    aft_test_undefined(result, 1, "the regressors of the window are too far from those of the estimation window");
    return;
  }
  int n_days = aft_abnormal_count_days(a, row, input->window->first, input->window->last);
  result->statistic = form / n_days;
  result->distribution = AFT_DIST_F;
  result->df = a->fit[row].df;
  result->p_value = aft_f_p_value(result->statistic, n_days, result->df);
}
