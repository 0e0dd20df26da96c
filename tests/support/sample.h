/* Abnormal returns of made-up events, for tests of the tests. */
#ifndef TESTS_SAMPLE_H
#define TESTS_SAMPLE_H

#include <aftershock/study/test.h>

/* Events of one market model with all rows as members; window values of the window asked for last. */
typedef struct support_sample {
  aft_abnormal abnormal;
  aft_window_values window;
  aft_test_options options;
  size_t *member;
  size_t n;
  struct aft_test_cache *cache;
} support_sample;

/* All residuals and abnormal returns missing; 99 replicates, seed 1, one thread. Event i is security i on session i. */
void support_sample_init(support_sample *sample, size_t n_events, int n_est, int first_rel, int n_rel);
void support_sample_clear(support_sample *sample);

/*
 * Market model of event i by least squares in the textbook's formulas: y, x [n_est + n_rel], estimation sessions first; NaN in
 * y is missing.
 */
void support_sample_fit(support_sample *sample, size_t i, const double *y, const double *x);

/*
 * Initialises a sample of correlated events: common shocks, several events a date (sessions 400 to 404) and a firm (nine of them),
 * residuals missing when `gaps`, values rounded to 0.2 % so that ranks tie when `ties`.
 */
void support_sample_crowd(support_sample *sample, unsigned seed, size_t n_events, int n_est, int first_rel, int n_rel,
                          bool gaps, bool ties);

/* Fills the window first..last and forgets what was kept for another state of the sample. */
void support_sample_window(support_sample *sample, int first, int last);

/* The result of a test over the current window; the test must exist. */
aft_test_result support_sample_test(support_sample *sample, const char *name);

#endif
