/* The sample-quantile test of one firm's event. */
#include "study/test_internal.h"

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
    aft_test_undefined(result, n, n == 0 ? "no run of estimation sessions as long as the window without a gap"
                                         : AFT_NOTE_NO_EVENTS);
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
