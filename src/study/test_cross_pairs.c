/* Correlation of estimation residuals of events on different exchanges. */
#include "study/test_internal.h"

#include "study/test_pairs.h"

#include <glib.h>

#include <aftershock/base/banned.h>

static bool has_several_markets(const aft_abnormal *abnormal, const aft_selection *events) {
  for (size_t i = 1; i < events->n; i++)
    if (aft_abnormal_market(abnormal, events->row[i]) != aft_abnormal_market(abnormal, events->row[0])) return true;
  return false;
}

double aft_test_window_share(const aft_test_input *input, size_t a, size_t b) {
  const aft_abnormal *abnormal = input->abnormal;
  int first = input->window->first_day, last = input->window->last_day, shared = 0;
  for (int i = first, j = first; i <= last && j <= last;) {
    aft_day x = aft_abnormal_date(abnormal, a, i), y = aft_abnormal_date(abnormal, b, j);
    shared += x == y;
    if (x <= y) i++;
    if (y <= x) j++;
  }
  return (double)shared / input->window->n_days;
}

/* First day of the estimation window, from t on, on which the event has a residual; n_est when there is none. */
static int find_present(const aft_abnormal *abnormal, size_t row, int t) {
  const double *residual = abnormal->residual + row * (size_t)abnormal->n_est;
  while (t < abnormal->n_est && isnan(residual[t])) t++;
  return t;
}

/* Over the days that both have; work [2 n_est]. NaN as of aft_pair_correlation. */
static double correlate(const aft_abnormal *abnormal, size_t a, size_t b, double *work) {
  size_t n_est = (size_t)abnormal->n_est, n = 0;
  double *x = work, *y = work + n_est;
  int i = find_present(abnormal, a, 0), j = find_present(abnormal, b, 0);
  while (i < abnormal->n_est && j < abnormal->n_est) {
    aft_day day = aft_abnormal_date(abnormal, a, abnormal->first_est + i);
    aft_day other = aft_abnormal_date(abnormal, b, abnormal->first_est + j);
    if (day == other) {
      x[n] = abnormal->residual[a * n_est + (size_t)i];
      y[n++] = abnormal->residual[b * n_est + (size_t)j];
    }
    if (day <= other) i = find_present(abnormal, a, i + 1);
    if (other <= day) j = find_present(abnormal, b, j + 1);
  }
  return aft_pair_correlation(x, y, n);
}

aft_cross_pairs aft_test_cross_pairs(const aft_test_input *input, const aft_selection *events) {
  const aft_abnormal *abnormal = input->abnormal;
  enum aft_kp_align align = input->options->kp_align;
  aft_cross_pairs pairs = {0, 0, 0};
  if (align == AFT_KP_EVENT_TIME || !has_several_markets(abnormal, events)) return pairs;
  g_autofree double *work = g_new(double, 2 * (size_t)abnormal->n_est);
  aft_sum sum = {0, 0};
  for (size_t i = 0; i < events->n; i++)
    for (size_t j = i + 1; j < events->n; j++) {
      size_t a = events->row[i], b = events->row[j];
      if (aft_abnormal_market(abnormal, a) == aft_abnormal_market(abnormal, b)) continue;
      double weight = align == AFT_KP_OVERLAP ? aft_test_window_share(input, a, b) : 1;
      if (weight == 0) continue;
      double r = correlate(abnormal, a, b, work);
      pairs.seen++;
      if (isnan(r))
        pairs.skipped++;
      else
        aft_sum_add(&sum, weight * r);
    }
  pairs.sum = aft_sum_get(&sum);
  return pairs;
}
