/* Sign tests and Wilcoxon's signed-rank test on CARs. */
#include "study/test_internal.h"

#include <aftershock/stats/dist.h>
#include <aftershock/stats/signed_rank.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define NOTE_ALL_ZERO "every CAR is zero"

/* Whether a CAR counts as positive. */
static bool is_positive(const aft_test_input *input, double car) {
  return car > 0.0 || (car == 0.0 && input->options->conventions.zero == AFT_ZERO_POSITIVE);
}

/* Exact Binomial(n, 1/2) of the positive CARs, zeros dropped; the statistic is (w - n/2)/(sqrt n/2). */
static void compute_sign(const aft_test_input *input, const aft_selection *events, aft_test_result *result) {
  const aft_test_conventions *conventions = &input->options->conventions;
  size_t n = 0, positive = 0;
  for (size_t i = 0; i < events->n; i++) {
    n += events->value[i] != 0.0 || conventions->zero != AFT_ZERO_OWN ? 1 : 0;
    positive += is_positive(input, events->value[i]) ? 1 : 0;
  }
  if (n == 0) {
    aft_test_undefined(result, 0, NOTE_ALL_ZERO);
    return;
  }
  result->n = n;
  result->estimate = (double)positive / (double)n;
  aft_test_normal(result, ((double)positive - 0.5 * (double)n) / (0.5 * sqrt((double)n)));
  if (conventions->sign_normal) return;
  result->distribution = AFT_DIST_EXACT;
  result->p_value = aft_binomial_p_value(positive, n, 0.5);
}

/*
 * z = (w - n p)/sqrt(n p (1-p)), N(0,1), p the mean over events of the share of positive estimation residuals.
 * Source: Cowan (1992), Review of Quantitative Finance and Accounting 2.
 */
static void compute_generalized(const aft_test_input *input, const aft_selection *events, aft_test_result *result) {
  size_t n_est = (size_t)input->abnormal->n_est, positive = 0, all_present = 0, all_above = 0;
  aft_sum shares = {0.0, 0.0};
  for (size_t i = 0; i < events->n; i++) {
    const double *residual = input->abnormal->residual + events->row[i] * n_est;
    size_t present = 0, above = 0;
    for (size_t t = 0; t < n_est; t++) {
      present += isnan(residual[t]) ? 0 : 1;
      above += residual[t] > 0.0 ? 1 : 0;
    }
    aft_sum_add(&shares, present > 0 ? (double)above / (double)present : 0.0);
    all_present += present;
    all_above += above;
    positive += is_positive(input, events->value[i]) ? 1 : 0;
  }
  double n = (double)events->n, share = aft_sum_get(&shares) / n;
  if (input->options->conventions.pooled_share && all_present > 0) share = (double)all_above / (double)all_present;
  result->estimate = (double)positive / n;
  if (!(share > 0.0 && share < 1.0)) {
    aft_test_undefined(result, events->n, "the estimation residuals all have one sign");
    return;
  }
  aft_test_normal(result, ((double)positive - n * share) / sqrt(n * share * (1.0 - share)));
}

static void compute_wilcoxon(const aft_test_input *input, const aft_selection *events, aft_test_result *result) {
  aft_signed_rank ranks;
  struct aft_test_cache *cache = input->cache;
  double *magnitude = aft_test_event_work(cache, 0);
  memcpy(magnitude, events->value, events->n * sizeof *magnitude);
  result->estimate = aft_median(magnitude, events->n);
  aft_signed_rank_compute(events->value, events->n, magnitude, aft_test_event_work(cache, 1),
                          aft_test_event_rank(cache), &ranks);
  if (ranks.n == 0) {
    aft_test_undefined(result, 0, NOTE_ALL_ZERO);
    return;
  }
  result->n = ranks.n;
  result->statistic = ranks.z;
  result->distribution = ranks.exact ? AFT_DIST_EXACT : AFT_DIST_NORMAL;
  result->p_value = ranks.p_value;
}

void aft_test_sign(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_selection *events = aft_test_complete(input);
  aft_test_start(result, events->n, (double)NAN);
  if (events->n == 0)
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
  else if (variant == AFT_SIGN)
    compute_sign(input, events, result);
  else if (variant == AFT_GENERALIZED_SIGN)
    compute_generalized(input, events, result);
  else
    compute_wilcoxon(input, events, result);
}
