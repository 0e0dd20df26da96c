/* From an estimate and its variance to everything that is said about it. */
#ifndef AFTERSHOCK_STUDY_INFERENCE_H
#define AFTERSHOCK_STUDY_INFERENCE_H

typedef struct aft_inference {
  double standard_error;  /* sqrt variance */
  double statistic;       /* estimate / standard_error; NaN when the error is 0 or anything is missing */
  double df, p_value;     /* Student, two-sided; NaN with the statistic */
  double ci_low, ci_high; /* estimate -+ quantile x standard_error; NaN with the statistic */
} aft_inference;

/*
 * Student inference about one estimate with d degrees of freedom; exact for abnormal returns of least-squares models.
 * quantile  of aft_inference_quantile: found once for all estimates with the same d, because finding it costs more than all the rest
 */
aft_inference aft_inference_compute(double estimate, double variance, double df, double quantile);

/*
 * t_{df, 1 - (1 - confidence) / (2 n_joint)}: limits at it are pointwise for n_joint 1, and simultaneous for n_joint estimates by
 * Bonferroni's inequality.
 */
double aft_inference_quantile(double df, double confidence, int n_joint);

#endif
