/*
 * The steps of aft_study_run: estimate.c, donors.c, membership.c, samples.c, aggregate.c, path.c, adjust.c, groups.c, influence.c, calendar_time.c,
 * car_regressions.c, compat.c.
 */
#ifndef STUDY_STUDY_INTERNAL_H
#define STUDY_STUDY_INTERNAL_H

#include <aftershock/study/parts.h>
#include <aftershock/study/study.h>

/* What a model compares returns with, and whether the returns are in excess of the risk-free rate. */
typedef struct aft_study_regressors {
  const double **row; /* [n] over the panel's sessions, borrowed from it; the array is owned, as all here */
  const char **name;  /* [n] and NULL; borrowed */
  int n;
  bool excess;
  const double *
      *benchmark; /* [n_securities] each security's own row in place of row[0], NULL when it has none; or NULL */
  double *mean;   /* what benchmark points into when it is a portfolio */
  long *donor;    /* [n] security of each row when the rows are donors; NULL otherwise */
  GHashTable *
      stories; /* of (story, security): a security of the event's own story is no donor; NULL when every listed one is */
} aft_study_regressors;

/* Of one exchange of the study. Fails when a factor column is missing, rf for a model of excess returns, or a security that an option names. */
bool aft_study_find_regressors(aft_study_regressors *regressors, const aft_result *study, const aft_panel *panel,
                               const aft_model_spec *spec, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_study_clear_regressors(aft_study_regressors *regressors);
/* Whether there is a row k for the event: no donor is the event's own security, or has an event of the same story. */
bool aft_study_may_serve(const aft_study_regressors *regressors, int k, const aft_event *event);

/*
 * Fits the model to every usable event: fills terms, abnormal, coefficient, standard_error, excluded, windows and bhar. Of an event
 * it sees the security, the column and the reason alone: any list of (security, session) will do.
 */
bool aft_study_estimate(aft_model_result *model, const aft_result *study, unsigned n_threads,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills windows from abnormal: again after abnormal returns were changed. */
void aft_study_fill_windows(aft_model_result *out, const aft_config *config, unsigned n_threads);

/* Stories and groups of events, each numbered in order of first appearance. */
typedef struct aft_membership {
  int32_t *story;      /* [n events], owned, as all here */
  guint32 *story_size; /* [n_stories] its events: a story's kind must not depend on what a model could fit */
  size_t n_stories;
  int32_t *group;          /* [n events]; -1 for one without; NULL when all are */
  const char **group_name; /* [n_groups]; names borrowed from the events */
  size_t n_groups;
} aft_membership;

void aft_membership_init(aft_membership *members, const aft_events *events);
void aft_membership_clear(aft_membership *members);

/* Fills samples from the fitted events; members: of the study's events. */
void aft_study_sample(aft_model_result *model, const aft_result *study, const aft_membership *members);

/* Appends a row for each window and each test that applies to the sample, in that order; rows is of aft_test_row. */
void aft_study_test(const aft_model_result *model, const aft_config *config, const aft_sample *sample,
                    const aft_test_options *options, GArray *rows);

/* Fills p_adjusted, and p_romano_wolf where it is defined, of the rows of aft_study_test of one sample. */
void aft_study_adjust(const aft_model_result *model, const aft_config *config, const aft_sample *sample, GArray *rows);

/* Fills rows [n_rel]: the mean of every day over the events of a sample, and the mean CAR up to it over those that have one. */
void aft_study_average_days(const aft_model_result *model, const aft_config *config, size_t sample, unsigned n_threads,
                            aft_caar_row *rows);

/* Fills caar, aggregates and tests. */
void aft_study_aggregate(aft_model_result *model, const aft_result *study, unsigned n_threads);

#define AFT_STUDY_MAX_GROUPS 20 /* of a sample, of which every pair is compared */

/* Fills groups; false when a sample was passed over because it has more groups than that. */
bool aft_study_compare_groups(aft_model_result *model, const aft_config *config, const aft_membership *members);

/* donors.c: room for what n_events fits tell of their donors; one event's part of it; an event's part moved to another place. */
aft_donors *aft_donors_new(const aft_study_regressors *regressors, size_t n_markets, size_t n_events, int n_rel);
void aft_donors_free(aft_donors *donors);
aft_donor_fit aft_donors_row(const aft_donors *donors, size_t row);
void aft_donors_move(aft_donors *donors, size_t from, size_t to);

/* Fills the rows of donors. */
void aft_study_rank_placebos(aft_model_result *model, const aft_config *config);

/* Fills influence. */
void aft_study_measure_influence(aft_model_result *model, const aft_config *config, unsigned n_threads);

/* Fills calendar and calendar_days when the config asks for them. */
bool aft_study_make_portfolios(aft_model_result *model, const aft_result *study, unsigned n_threads,
                               GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Fills compat when the config asks for programs; after the focus was found. */
void aft_study_compare_programs(aft_model_result *model, const aft_result *study, unsigned n_threads);

/* Fills regressions. */
void aft_study_regress(aft_model_result *model, const aft_result *study);

void aft_study_clear_model(aft_model_result *model, size_t n_windows);

#endif
