/* From an estimate and its variance to everything that is said about it. */
#include <aftershock/study/inference.h>

#include <aftershock/stats/dist.h>

#include <math.h>

#include <aftershock/base/banned.h>

aft_inference aft_inference_compute(double estimate, double variance, double df, double confidence, int n_joint) {
  const double missing = (double)NAN;
  aft_inference out = {sqrt(variance), missing, missing, missing, missing, missing};
  if (!(variance > 0) || isnan(estimate)) return out;
  double reach = aft_t_quantile(1 - (1 - confidence) / 2 / n_joint, df) * out.standard_error;
  out.statistic = estimate / out.standard_error;
  out.df = df;
  out.p_value = aft_t_p_value(out.statistic, df);
  out.ci_low = estimate - reach;
  out.ci_high = estimate + reach;
  return out;
}
