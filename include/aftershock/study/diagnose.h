/* Whether the models fit: residuals, trading, neighbouring events, drift before the event, and the smallest effect that would be seen. */
#ifndef AFTERSHOCK_STUDY_DIAGNOSE_H
#define AFTERSHOCK_STUDY_DIAGNOSE_H

#include <aftershock/stats/diagnostics.h>
#include <aftershock/study/study.h>

/* Lags of the tests of residuals, in sessions. */
enum { AFT_DIAGNOSE_LJUNG_BOX_LAGS = 10, AFT_DIAGNOSE_ARCH_LAGS = 5 };

/* A security whose returns are 0 or missing on more than this share of its sessions trades thinly. */
#define AFT_DIAGNOSE_THIN 0.1

/* The power at which an effect counts as detectable. */
#define AFT_DIAGNOSE_POWER 0.8

/* One fitted event. Statistics of residuals are NaN for a perfect fit and with too few of them. */
struct aft_diagnosis {
  aft_shape shape; /* of the residuals of the estimation window, as are the next three */
  aft_portmanteau jarque_bera, ljung_box, arch_lm;
  double zero_share,
      missing_share; /* of the sessions of the estimation window between the security's first and last return */
  bool is_thin;
  int n_overlapping;              /* other events of the firm whose event windows meet this one's */
  int n_inside;                   /* other events of the firm whose session lies in the estimation window */
  double drift, drift_t, drift_p; /* CAR from the first day of the event window to day -1; NaN when it begins later */
};

/*
 * The effect that a two-sided test at 1 - confidence finds with a probability of 0.8,
 *
 *   detectable = (t_{d, 1 - alpha/2} + t_{d, 0.8}) standard error
 *
 * of one event or of the mean of a sample.
 */
struct aft_detectable {
  bool is_sample;
  size_t which, window; /* row of abnormal, or sample */
  size_t n;             /* events in it */
  double standard_error, df, effect;
};

/* Fills diagnoses and detectable of every model. n_threads 0: one per processor; the result has the same bits for any number. */
void aft_study_diagnose(aft_result *result, unsigned n_threads);

/* Of how many events of a model a check says something at the level: named as the columns of diagnostics.csv. */
typedef struct aft_diagnosis_counts {
  size_t n, jarque_bera, ljung_box, arch_lm, thin, overlapping, inside_estimation, drift;
  double median_kurtosis; /* NaN when none is defined */
} aft_diagnosis_counts;
aft_diagnosis_counts aft_diagnosis_count(const aft_model_result *model, double level);

#endif
