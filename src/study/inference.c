/* From an estimate and its variance to everything that is said about it. */
#include <aftershock/study/inference.h>

#include <aftershock/stats/dist.h>

#include <math.h>

#include <aftershock/base/banned.h>

aft_inference aft_inference_compute(double estimate, double variance, double df, double quantile) {
  const double missing = (double)NAN;
  aft_inference out = {sqrt(variance), missing, missing, missing, missing, missing};
  if (!(variance > 0) || isnan(estimate)) return out;
  out.statistic = estimate / out.standard_error;
  out.df = df;
  out.p_value = aft_t_p_value(out.statistic, df);
  out.ci_low = estimate - quantile * out.standard_error;
  out.ci_high = estimate + quantile * out.standard_error;
  return out;
}

double aft_inference_quantile(double df, double confidence, int n_joint) {
  enum { PLACES = 1024 };
  static _Thread_local struct {
    double df, p, quantile;
  } kept[PLACES]; /* where returns are missing, the next event has other degrees of freedom, but the same come again */
  double p = 1 - (1 - confidence) / 2 / n_joint, place = fmod(df, PLACES);
  size_t i = place >= 0 ? (size_t)place : 0;
  if (kept[i].df == df && kept[i].p == p) return kept[i].quantile;
  double quantile = aft_t_quantile(p, df);
  kept[i].df = df;
  kept[i].p = p;
  return kept[i].quantile = quantile;
}
