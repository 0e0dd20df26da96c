/* The steps of aft_study_run: estimate.c, samples.c, aggregate.c. */
#ifndef STUDY_STUDY_INTERNAL_H
#define STUDY_STUDY_INTERNAL_H

#include <aftershock/study/study.h>

/* Fits the model to every usable event: fills terms, abnormal, coefficient, standard_error, excluded, windows and bhar. */
bool aft_study_estimate(aft_model_result *model, const aft_result *study, unsigned n_threads, GError **error);

/* Fills samples from the fitted events. */
void aft_study_sample(aft_model_result *model, const aft_result *study);

/* Fills caar, aggregates and tests. */
void aft_study_aggregate(aft_model_result *model, const aft_result *study, unsigned n_threads);

#endif
