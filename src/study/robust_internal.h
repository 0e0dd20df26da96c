/* The parts of a specification curve: robust.c lists the choices, robust_fit.c estimates, robust_test.c tests. */
#ifndef STUDY_ROBUST_INTERNAL_H
#define STUDY_ROBUST_INTERNAL_H

#include "study_internal.h"

#include <aftershock/study/robust.h>

/* Choices that need a fit of their own; windows and sessions do not. */
typedef struct robust_combination {
  size_t model, estimation;
  long benchmark;
  bool is_log;
} robust_combination;

/* What every date has under every specification; date 0 is the event, the placebos follow. */
typedef struct robust_values {
  size_t n_dates;
  double *t;        /* [n_specs][n_dates] NaN when undefined */
  signed char *hit; /* [n_specs][n_dates] sign of a significant t, else 0 */
} robust_values;

/*
 * Fills robust->placebo, values, and the numbers of robust->specs, which stand by combination, window, session. values is
 * cleared by robust_values_clear also after a failure.
 */
bool robust_estimate(aft_robust *robust, robust_values *values, const robust_combination *combinations,
                     size_t n_combinations, const aft_config *config, const aft_panel *first, const aft_events *events,
                     const aft_robust_run *run, GError **error);
void robust_values_clear(robust_values *values);

/* Fills n_defined, statistic, p_value and choices. */
void robust_test(aft_robust *robust, const robust_values *values);

#endif
