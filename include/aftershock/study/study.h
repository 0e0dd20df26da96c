/* The study: events in, every number that is ever shown out. */
#ifndef AFTERSHOCK_STUDY_STUDY_H
#define AFTERSHOCK_STUDY_STUDY_H

#include <aftershock/base/error.h>
#include <aftershock/market/events.h>
#include <aftershock/market/panel.h>
#include <aftershock/stats/two_samples.h>
#include <aftershock/study/config.h>

/* Some events of one model that are averaged and tested together. */
typedef struct aft_sample {
  char *name;     /* "all", a group label, "event:ID", "event:ID/GROUP"; owned */
  size_t *member; /* [n] rows of the model's abnormal returns, ascending; owned */
  size_t n;
  bool single_only; /* one event of a study of one-event stories: only one-firm tests */
} aft_sample;

typedef struct aft_test_row {
  size_t sample, window;
  const aft_test *test;
  aft_test_result result;
  double p_adjusted;    /* over the windows of one model, sample and test, as the config says; NaN when undefined */
  double p_romano_wolf; /* the same by resampling events, for csect_t and bmp; NaN for others */
} aft_test_row;

/* One day of a sample's average path; the path cumulates from the first day of the event window. */
typedef struct aft_caar_row {
  size_t sample;
  int rel_day;
  size_t n, n_path; /* events with an abnormal return that day; with one on every day up to it */
  double aar, aar_se, caar, caar_se, ci_low, ci_high;
} aft_caar_row;

/* A sample and window in a few numbers. */
typedef struct aft_aggregate {
  size_t sample, window, n;
  double caar, median;
  size_t positive, negative;
  size_t
      significant_bh; /* events whose CAR differs from zero at 1 - confidence after Benjamini and Hochberg over the sample */
} aft_aggregate;

/* A comparison of two groups of a sample; welch and brown_forsythe. */
typedef struct aft_group_test {
  const char *name, *title;
  aft_comparison (*compare)(const aft_sample_moments *a, const aft_sample_moments *b);
} aft_group_test;
const aft_group_test *aft_group_tests(size_t *n);

/* Two groups of one sample over one window. */
typedef struct aft_group_row {
  size_t sample, window;
  const aft_group_test *test;
  const char *group[2]; /* labels, borrowed from the events */
  size_t n[2];          /* events with a CAR */
  aft_comparison comparison;
} aft_group_row;

/* An average over one window with one event left out; samples of three events or more. */
typedef struct aft_influence_row {
  size_t sample, window, n;  /* n: events with a CAR */
  size_t row;                /* of abnormal: the event without which the average changes most */
  double caar_without;       /* the average without it */
  double caar_min, caar_max; /* over every event left out */
  double t_min, t_max;       /* of the cross-sectional t; NaN when the others never vary */
} aft_influence_row;

/* The control of one event over one window against those of its donors. */
typedef struct aft_placebo_row {
  size_t row, window;       /* of abnormal; of the study */
  int n_donors, n_placebos; /* donors; those whose fit before the event is good enough to compare with */
  double pre, post,
      ratio;        /* roots of mean squares: residuals before the event, abnormal returns of the window; post / pre */
  double p_value;   /* (1 + number of placebos with as large a ratio) / (n_placebos + 1) */
  const char *note; /* static: why p_value is undefined; NULL */
} aft_placebo_row;

/* What a model of donors found beside the fits. Donors that did not serve an event are NaN. */
typedef struct aft_donors {
  int n, n_rel;          /* n: of the exchange with the most */
  long *security;        /* [n_markets][n] rows of the panel of each exchange; -1 where it has fewer */
  double *weight;        /* [n_events][n] */
  double *pre;           /* [n_events][n] root mean square of the donor's residuals under its own control */
  double *abnormal;      /* [n_events][n][n_rel] its abnormal returns */
  aft_placebo_row *rows; /* [n_rows] by event, window */
  size_t n_rows;
} aft_donors;

/* Root mean square of the abnormal returns over columns first..last; NaN when one is missing. */
double aft_donors_post(const double *abnormal, int first, int last);
/* Whether donor k is among the placebos of the event: its own fit is no worse than the option allows. */
bool aft_donors_is_placebo(const aft_donors *donors, size_t row, int k, double pre, const aft_model_options *options);

typedef struct aft_simulation aft_simulation; /* simulate.h */
typedef struct aft_volume aft_volume;
typedef struct aft_halves aft_halves;         /* halves.h */
typedef struct aft_diagnosis aft_diagnosis;   /* diagnose.h */
typedef struct aft_detectable aft_detectable; /* diagnose.h */
typedef struct aft_alignments aft_alignments; /* alignments.h */
typedef struct aft_parts aft_parts;           /* parts.h */

/* A coefficient of one event's fit. */
typedef struct aft_coefficient {
  double estimate, standard_error;
} aft_coefficient;

/* Everything of one model. */
typedef struct aft_model_result {
  const aft_model_spec *spec;              /* borrowed from the config */
  char **terms;                            /* names of coefficients, NULL-terminated; owned */
  int n_terms, width;                      /* coefficients reported; room for them */
  struct aft_study_regressors *regressors; /* [n_markets] what the events were fitted to; owned */
  size_t n_markets;
  aft_abnormal abnormal;        /* fitted events only; owned */
  aft_coefficient *coefficient; /* [n_events][width] NaN where the model has no more */
  aft_window_values *windows;   /* [n_windows] */
  aft_window_values
      *complete; /* [n_windows] of events with every abnormal return; windows itself when CARs exclude missing ones */
  double *bhar;  /* [n_windows][n_events] */
  const char **excluded; /* [n study events] static reason; NULL when fitted or dropped before */
  int *excluded_obs;     /* [n study events] observations that an excluded event had */
  aft_sample *samples;   /* [n_samples] */
  size_t n_samples;
  aft_test_row *tests; /* [n_tests] by sample, window, test */
  size_t n_tests;
  aft_caar_row *caar; /* [n_caar] by sample, day */
  size_t n_caar;
  aft_aggregate *aggregates; /* [n_samples * n_windows] */
  aft_group_row *groups;     /* [n_groups] by sample, window, pair, test; only of samples with two or more groups */
  size_t n_groups;
  aft_influence_row *influence; /* [n_influence] by sample, window; of the first model alone */
  size_t n_influence;
  aft_calendar_row *calendar; /* [n_calendar] by sample, window, test; none unless the config asks */
  size_t n_calendar;
  aft_calendar_day *calendar_days; /* [n_calendar_days] by sample, window, session */
  size_t n_calendar_days;
  bool wants_donors;      /* asked of models of donors: placebos cost a fit each */
  aft_donors *donors;     /* of models of donors, when asked for; NULL otherwise; owned */
  aft_compat_row *compat; /* [n_compat] by program, sample, window, test; strongest convention first */
  size_t n_compat;
  aft_diagnosis *diagnoses;   /* [n_events] NULL until aft_study_diagnose; owned, as the next */
  aft_detectable *detectable; /* [n_detectable] samples, then events, by window */
  size_t n_detectable;
  aft_car_regression_row *regressions; /* [n_regressions] by spec, sample, window */
  size_t n_regressions;
} aft_model_result;

typedef struct aft_result {
  const aft_config *config; /* borrowed, as panel and events */
  const aft_panel *panel;   /* of the study's own exchange; it leads to those of others */
  const aft_events *events;
  const aft_events *known; /* whose sessions estimation passes over, and whose securities are no donors; NULL: events */
  aft_model_result *models; /* [config->n_models] */
  long focus;         /* index in events of the event that the story is told about; -1 when nothing could be used */
  GArray *candidates; /* of aft_candidate_row; NULL when the study has none; owned */
  aft_halves *halves; /* NULL when no event's security has opening prices; owned */
  aft_alignments *alignments; /* NULL when the session of every usable event is certain; owned */
  aft_simulation *size_card;  /* NULL until aft_size_card_run made it; owned */
  aft_volume *volume;         /* NULL until aft_volume_run made it; owned */
  const aft_parts *parts;     /* of the fits, while they are made; NULL: all are made here; borrowed */
  unsigned n_threads;         /* that it was made with, and may be written with; 0: one per processor */
} aft_result;

/* All events that are known to have happened, also when others are studied. */
static inline const aft_events *aft_result_get_known(const aft_result *result) {
  return result->known != NULL ? result->known : result->events;
}

/* The panel of the event's exchange; of an event that was drawn in it, the study's own. */
static inline const aft_panel *aft_result_get_panel(const aft_result *result, const aft_event *event) {
  return event->panel != NULL ? event->panel : result->panel;
}

/*
 * Fits every model to every usable event and makes all tests. Events that a model cannot be fitted to carry a reason. n_threads 0:
 * one per processor; the result has the same bits for any number.
 *
 * Fails when a factor column is missing, an excess-return model has no rf, or the focus names no event. A study in which no event is usable
 * succeeds with empty tables and a warning. Cost O(models x events x (estimation window + grid)) and the tests'.
 */
bool aft_study_run(aft_result *result, const aft_config *config, const aft_panel *panel, const aft_events *events,
                   unsigned n_threads, aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same of some of the known events: what the others did is known, see aft_result. known is borrowed by the result. */
bool aft_study_run_among(aft_result *result, const aft_config *config, const aft_panel *panel, const aft_events *events,
                         const aft_events *known, unsigned n_threads, aft_warnings *warnings,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same with fits divided among processes: parts gets those of others, and is needed for aft_volume_run too. NULL: none are. */
bool aft_study_run_parts(aft_result *result, const aft_config *config, const aft_panel *panel, const aft_events *events,
                         const aft_parts *parts, unsigned n_threads, aft_warnings *warnings,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_result_clear(aft_result *result);

/*
 * Studies volume as the config asks: the measure in the place of returns, for the same events, windows and tests; nothing when it does not
 * ask. Fails when a price file has no volume, or the model needs more securities with volume than there are.
 */
bool aft_volume_run(aft_result *result, unsigned n_threads, aft_warnings *warnings,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_volume_free(aft_volume *volume); /* NULL too */

/* The result, with the measure where that of returns has returns, and no BHAR; borrowed. */
const aft_result *aft_volume_get_result(const aft_volume *volume);

#endif
