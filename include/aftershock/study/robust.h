/* Specification curve: one event, or the average of a story's firms, under every reasonable choice, and one p-value for all of them. */
#ifndef AFTERSHOCK_STUDY_ROBUST_H
#define AFTERSHOCK_STUDY_ROBUST_H

#include <aftershock/study/study.h>

/* A session on which the event may lie. */
typedef struct aft_robust_session {
  enum aft_robust_alignments kind; /* the first reason that puts it here */
  long column;                     /* of the panel */
  char *what;                      /* "release; paper", "other session"; owned */
  bool inside;                     /* every window lies in the data */
} aft_robust_session;

/* One way to do the study. Numbers are NaN, and reason is there, when it cannot be done so. */
typedef struct aft_specification {
  size_t model, estimation, window, session; /* places in the lists of the curve */
  long benchmark;                            /* -1 for a model that has none */
  bool is_log;
  double estimate; /* CAR over the window, in the form of the returns */
  double standard_error, df, statistic, p_value, ci_low, ci_high;
  int n_obs; /* of the fit */
  const char *reason;
} aft_specification;

/* What is compared between the event and the placebo dates: each is the largest over the sessions of the event. */
enum aft_robust_statistic {
  AFT_ROBUST_MEDIAN,      /* |median t| of the specifications: the headline */
  AFT_ROBUST_SIGNIFICANT, /* share that is significant with one sign, the sign with more of them */
  AFT_ROBUST_MEAN,        /* |mean t| */
  AFT_ROBUST_N_STATISTICS
};
const char *aft_robust_statistic_name(enum aft_robust_statistic statistic);

/* Specifications that share one choice. */
typedef struct aft_robust_choice {
  const char *axis;                /* "all", "model", "benchmark", "returns", "estimation", "window", "session" */
  char *choice;                    /* owned */
  size_t n, n_defined, n_negative; /* n_negative: estimates below zero */
  size_t n_significant[2];         /* negative, positive */
  double median_estimate, median_statistic;
  double p_value; /* of AFT_ROBUST_MEDIAN over these alone */
} aft_robust_choice;

typedef struct aft_robust {
  const aft_event *event;          /* of the security, or of the first that is averaged; borrowed */
  long *members;                   /* [n_members] rows of the panel that are averaged; owned, NULL for one security */
  size_t n_members;                /* 0 for one security */
  const char *group;               /* whose firms are averaged, or "all"; borrowed; NULL for one security */
  const aft_panel *panel;          /* of its exchange; borrowed */
  const aft_robust_options *asked; /* of the study; borrowed */
  aft_model_spec *models;          /* [n_models] what they hold is borrowed */
  size_t n_models;
  GArray *sessions;         /* of aft_robust_session, ascending */
  aft_specification *specs; /* [n_specs] by estimate, undefined ones last; owned */
  size_t n_specs, n_defined;
  long *placebo; /* [n_placebos] columns: where the event's own session is put; owned */
  size_t n_placebos;
  double *statistic; /* [AFT_ROBUST_N_STATISTICS][1 + n_placebos] of the event, then of the placebos; owned */
  double p_value[AFT_ROBUST_N_STATISTICS]; /* NaN without placebos */
  GArray *choices;                         /* of aft_robust_choice: all, then by axis */
} aft_robust;

typedef struct aft_robust_run {
  unsigned n_threads; /* 0: one per processor; the result has the same bits for any number */
} aft_robust_run;

enum { AFT_ROBUST_MAX_SPECIFICATIONS = 5000 };

/*
 * Estimates the event's CAR under every combination of model x benchmark x return form x estimation window x window x session of
 * config->robust; a model without benchmark is there once, and the comparison-period mean, which has its own window, with the first estimation window.
 *
 *   models    config->robust.models; else those of the study, and of the usual ones those that the data allow
 *   sessions  `used`: where the time puts the event; `other`: the other session of an uncertain time; `candidates`: those of the story
 *
 * A placebo puts the whole pattern of sessions elsewhere in the series of the same security and runs through the same combinations,
 * fitted anew. It may lie wherever every return of the span is there, every estimation window has its observations, and neither
 * windows nor estimation windows hold a session of the event window of an event of the security. Of more than
 * config->robust.placebos evenly spread ones are taken, and those where every specification is defined that is defined for the event. With T the statistic,
 *
 *   T = max over sessions |median over specifications t|,   p = (1 + #{T of a placebo >= T}) / (1 + placebos)
 *
 * is one test of all specifications together: the null is that nothing sets the event's sessions apart from other ones of the security. Sign and session are
 * chosen anew for each placebo, so that p is two-sided and pays for the choice. Placebos overlap: about sessions / span are independent.
 *
 * With a group, the security is the equal-weight mean of the returns of the firms that have the story in that group ("all": in any) on the event's
 * exchange, there on sessions where all of them have one, in each form of its own: linear models fitted to it give the mean of the firms' CARs,
 * with a variance that knows their correlation. Models of donors, of a security's own benchmark and of gap returns have no average.
 *
 * events: all of the study, of which event is one. group: NULL for the event's security. Fails when a benchmark or column is missing, there are more than
 * AFT_ROBUST_MAX_SPECIFICATIONS, or none is defined. Cost: a fit for each combination but windows, and each date.
 * Source: Simonsohn, Simmons and Nelson (2020), Nature Human Behaviour 4, 1208-1214.
 */
bool aft_robust_compute(aft_robust *robust, const aft_config *config, const aft_panel *first, const aft_events *events,
                        const aft_event *event, const char *group, const aft_robust_run *run,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_robust_clear(aft_robust *robust);

#endif
