/* Tests of a change of variance in the window. */
#include "study/test_internal.h"

#include <aftershock/stats/dist.h>

#include <aftershock/base/banned.h>

/* (n-1) sd(z)^2 / mean(d/(d-2)), chi-squared(n-1), two-sided; not robust to fat tails. The estimate is the variance ratio. */
static void compute_chi2(const aft_test_input *input, aft_test_result *result) {
  const aft_selection *events = aft_test_standardised(input);
  double *z = aft_test_event_work(input->cache, 0);
  aft_sum expected = {0.0, 0.0};
  size_t n = 0;
  for (size_t i = 0; i < events->n; i++) {
    double d = input->abnormal->fit[events->row[i]].df;
    if (!(d > 2.0)) continue;
    z[n++] = events->value[i];
    aft_sum_add(&expected, d / (d - 2.0));
  }
  aft_test_start(result, n, (double)NAN);
  if (n < 2) {
    aft_test_undefined(result, n, AFT_NOTE_FEWER_THAN_2);
    return;
  }
  double free = (double)n - 1.0, sd = aft_sd(z, n, aft_mean(z, n));
  result->estimate = sd * sd / (aft_sum_get(&expected) / (double)n);
  result->statistic = free * result->estimate;
  result->distribution = AFT_DIST_CHI2;
  result->df = free;
  result->p_value = aft_chi2_p_value(result->statistic, free);
}

/* Ranks of |value - median| over residuals and AR / sqrt(V/s^2), summed as Corrado and Zivney (1992) do. */
static void compute_rank(const aft_test_input *input, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  aft_test_start(result, events->n, (double)NAN);
  if (events->n == 0) {
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
    return;
  }
  aft_test_rank_window(input, AFT_SCORE_VARIANCE, false, result);
}

/*
 * z = sum (U - E) / sqrt(sum Var) over events and days, U = AR^2/V: F(1, d) under the null, so that
 *
 *   E = d/(d-2),  Var = 2 d^2 (d-1) / ((d-2)^2 (d-4))
 *
 * Events with d <= 4 leave: their U has no variance. The estimate is mean U over its expectation. Right-skewed in small samples.
 * Sources: Beaver (1968), J. Accounting Research 6 supplement; Patell (1976), J. Accounting Research 14, 246-276.
 */
static void compute_beaver(const aft_test_input *input, aft_test_result *result) {
  const aft_abnormal *a = input->abnormal;
  const aft_selection *events = aft_test_standardised(input);
  aft_sum total = {0.0, 0.0}, expected = {0.0, 0.0}, excess = {0.0, 0.0}, variance = {0.0, 0.0};
  size_t n = 0;
  for (size_t i = 0; i < events->n; i++) {
    size_t row = events->row[i];
    double d = a->fit[row].df;
    if (!(d > 4.0)) continue;
    n++;
    for (int j = input->window->first; j <= input->window->last; j++) {
      if (!aft_abnormal_is_traded(a, row, j)) continue;
      double ar = a->abnormal[row * (size_t)a->n_rel + (size_t)j];
      double u = ar * ar / aft_abnormal_day_variance(a, row, j), mean = d / (d - 2.0);
      aft_sum_add(&total, u);
      aft_sum_add(&expected, mean);
      aft_sum_add(&excess, u - mean);
      aft_sum_add(&variance, 2.0 * mean * mean * (d - 1.0) / (d - 4.0));
    }
  }
  aft_test_start(result, n, (double)NAN);
  if (n == 0) {
    aft_test_undefined(result, 0,
                       events->n == 0 ? AFT_NOTE_NO_STANDARDISED : "no event has more than 4 degrees of freedom");
    return;
  }
  result->estimate = aft_sum_get(&total) / aft_sum_get(&expected);
  aft_test_normal(result, aft_sum_get(&excess) / sqrt(aft_sum_get(&variance)));
}

void aft_test_variance(const aft_test_input *input, int variant, aft_test_result *result) {
  if (variant == AFT_VARIANCE_CHI2)
    compute_chi2(input, result);
  else if (variant == AFT_BEAVER)
    compute_beaver(input, result);
  else
    compute_rank(input, result);
}
