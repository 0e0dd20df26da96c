/* Size and power of a study's tests, measured by drawing made-up events from its own panel. */
#ifndef AFTERSHOCK_STUDY_SIMULATE_H
#define AFTERSHOCK_STUDY_SIMULATE_H

#include <aftershock/study/parts.h>
#include <aftershock/study/study.h>

/* What is done to the draws of one design: nothing at all is the null. */
typedef struct aft_design {
  char *name;      /* as in size.csv: "null", "clustered", "variance:2", "clustered+shift:0.01"; owned */
  bool one_date;   /* all events of a replication share one session, of different firms */
  double variance; /* abnormal returns of the event grid are multiplied by sqrt(variance); 1: unchanged */
  double shift;    /* then this is added to that of day 0; a fraction */
  size_t n_events; /* of a replication; set by the simulation */
} aft_design;

/*
 * Reads a list of designs separated by commas, each a sum of terms: null, clustered, variance:C, shift:D. `variance` alone is
 * variance:2; `shift` alone is the designs shift:0.005, shift:0.01 and shift:0.02. Array of aft_design, owned; NULL with
 * AFT_STUDY_ERROR_CONFIG for an unknown or repeated design.
 */
GArray *aft_designs_parse(const char *list, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Rejections of one test over one window under one design. */
typedef struct aft_simulated_test {
  size_t design, window;
  const aft_test *test;
  size_t replications; /* in which the test was defined */
  size_t rejections;   /* p <= level */
  double rate, error;  /* rejections / replications = p, and sqrt(p (1 - p) / replications) */
} aft_simulated_test;

struct aft_simulation {
  char *sample;     /* whose dates were imitated; NULL: none; owned */
  double level;     /* nominal, 1 - confidence */
  int replications; /* of each design */
  int replicates;   /* of each resampling test inside a replication */
  guint64 seed;
  size_t n_firms;  /* securities that can have an event */
  size_t n_dates;  /* sessions on which some of them can */
  GArray *designs; /* of aft_design */
  GArray *tests;   /* of aft_simulated_test, by design, window, test; a test that was never defined has no row */
};

typedef struct aft_simulation_options {
  size_t n_events;  /* of a replication */
  int replications; /* 1 or more */
  guint64 seed;
  unsigned n_threads;     /* 0: one per processor; the result has the same bits for any number */
  const aft_parts *parts; /* of the replications, whose counts are put or got, and added up; NULL: all are made here */
} aft_simulation_options;

/*
 * Size and power of the study's tests under its first model and over its windows. Each replication draws n_events events, fits
 * the model to them and makes every test, as the study does for its own events. Draw 2(rN+i) of stream `simulation` picks the
 * security of event i of replication r, the next one its session, uniformly over the sessions where that security can have an
 * event: the estimation window lies inside the panel with min_obs returns, and the event window is complete, regressors
 * included. In a design with one date the session is drawn first, then different securities; when no session has N of them,
 * the design has fewer events, with a warning. The benchmark is never drawn; `symbols` of the study restricts the draws.
 *
 * Resampling tests use at most 199 replicates. designs (of aft_design) is taken. Fails when no event can be drawn, and as parts do.
 * Cost O(replications x (draws and fits + designs x tests)). Source of the design: Brown and Warner (1985), J. Financial Economics 14.
 */
bool aft_simulation_run(aft_simulation *simulation, const aft_config *config, const aft_panel *panel, GArray *designs,
                        const aft_simulation_options *options, aft_warnings *warnings,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_simulation_clear(aft_simulation *simulation);

/*
 * The null for this very study: draws with the events, dates and overlaps of the sample that the report tests (the focus story
 * when it moved several securities, else all events). Events of one session stay together, sessions whose event windows
 * overlap keep their distances, and what is apart is drawn apart; the securities of a session differ. Sets
 * result->size_card. A sample that fits nowhere else in the data is a warning, as is a headline test (bmp_kp, grank_t; sq for
 * one event) that rejects too often. options->n_events is not used.
 */
void aft_size_card_run(aft_result *result, const aft_simulation_options *options, aft_warnings *warnings);

/* Whether a rate is further above the level than a test to be trusted may be: more than 1.4 times it, 7 % at 5 %. */
bool aft_simulation_is_too_high(double rate, double level);

/* The sample that the report tells about: its index in model->samples, or -1 when nothing was fitted. */
long aft_simulation_find_sample(const aft_result *result);

#endif
