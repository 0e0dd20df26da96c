/* The study file as a value: everything that was asked for, with every default filled in. */
#ifndef AFTERSHOCK_STUDY_CONFIG_H
#define AFTERSHOCK_STUDY_CONFIG_H

#include <aftershock/market/stories.h>
#include <aftershock/market/events.h>
#include <aftershock/study/adjust.h>
#include <aftershock/study/calendar_time.h>
#include <aftershock/study/car_regression.h>
#include <aftershock/study/candidates.h>
#include <aftershock/study/compat.h>
#include <aftershock/study/model.h>
#include <aftershock/study/news.h>
#include <aftershock/study/test.h>
#include <aftershock/study/volume.h>

#include <glib.h>

#define AFT_STUDY_ERROR (aft_study_error_quark())
GQuark aft_study_error_quark(void);

enum aft_study_error {
  AFT_STUDY_ERROR_CONFIG, /* the study file does not say what it must */
  AFT_STUDY_ERROR_DATA,   /* the data cannot answer what is asked */
  AFT_STUDY_ERROR_WINDOW  /* a window outside the event grid */
};

/* Which tables a run makes: of a million events those of single days and single events are most of its work. */
enum aft_tables_kept {
  AFT_TABLES_ALL,
  AFT_TABLES_EVENTS, /* not abnormal.csv, nor samples of one event but for one-firm tests that are asked for by name */
  AFT_TABLES_AGGREGATE /* nothing of single events at all */
};

/* Which prices are kept of the files, by the commands that need those of the events alone. */
enum aft_keep_prices { AFT_KEEP_ALL, AFT_KEEP_WINDOWS };

/* An event written into the study file itself. */
typedef struct aft_config_event {
  char *event, *symbol, *published, *group; /* owned; "" when absent */
  long line;                                /* in the study file */
} aft_config_event;

typedef struct aft_model_spec {
  const aft_model *model;    /* borrowed from the table */
  char *label;               /* names the model in results; unique, by default the model's name; owned */
  char *title;               /* for tables; owned */
  char **columns;            /* factor columns for `factors`; NULL for others; owned */
  aft_model_options options; /* its texts are owned */
  GHashTable *
      matches; /* symbol -> symbol of its benchmark, from options.file by whoever reads the files; owned; NULL for none */
  long line;   /* in the study file, for messages */
} aft_model_spec;

/* Which session an event may be put on: where its time says, the other one that an uncertain time may belong to, those of `candidates`. */
enum aft_robust_alignments { AFT_ROBUST_USED = 1, AFT_ROBUST_OTHER = 2, AFT_ROBUST_CANDIDATES = 4 };

/* What a specification curve varies; each list without repetition. */
typedef struct aft_robust_options {
  aft_window *windows; /* [n_windows] of the event window */
  size_t n_windows;
  aft_window *estimation; /* [n_estimation] before the event window */
  size_t n_estimation;
  aft_model_spec *models; /* [n_models] none: the study's, and the usual ones that the data allow */
  size_t n_models;
  char **benchmarks;   /* symbols or factor columns, NULL-terminated; NULL for none */
  bool returns[2];     /* simple, log */
  unsigned alignments; /* of enum aft_robust_alignments */
  int placebos;        /* no more placebo dates than these */
  long line;           /* of `robust` in the study file, for messages; 0 without it */
} aft_robust_options;

/* The files of one exchange. Of the study's own the texts are borrowed from the config, else owned. */
typedef struct aft_market_spec {
  char *calendar, *market;          /* market: NULL for none */
  long calendar_line, market_line;  /* where they stand, for messages */
  char **prices, **returns_files;   /* NULL-terminated; one of them is NULL */
  bool files_hold_log;              /* what returns_files hold */
  char *actions, *factors, *shares; /* NULL for none */
} aft_market_spec;

typedef struct aft_config {
  char *path;   /* as given; owned, like all texts here */
  char *folder; /* of the study file: other paths are relative to it */
  char *name;   /* of the result folder: the file's name without .json, or its folder's for study.json */

  char *title, *calendar, *market;  /* market: NULL for none */
  long calendar_line, market_line;  /* where they stand, for messages */
  char **prices, **returns_files;   /* NULL-terminated; one of them is empty */
  char *actions, *factors, *shares; /* NULL for none */
  aft_market_spec *further;         /* [n_further] other exchanges: `markets` */
  size_t n_further;
  GHashTable *firms; /* symbol -> firm, where one has several; NULL for none; owned */
  char **news;       /* NULL-terminated */
  aft_stories_options stories;
  char *earnings;     /* file of earnings dates; NULL for none */
  char *events_file;  /* NULL for none */
  char *records;      /* largest changes of market value, for claims; NULL for none */
  GArray *events;     /* of aft_config_event, from the study file itself */
  char **symbols;     /* NULL for no restriction */
  GArray *candidates; /* of aft_candidate */
  bool log_returns, files_hold_log;

  aft_model_spec *models;
  size_t n_models;
  int first_est, last_est, min_obs; /* estimation window */
  int first_rel, last_rel;          /* event window, the grid of abnormal returns */
  aft_window *windows;
  size_t n_windows;
  const aft_test **tests; /* [n_tests] borrowed from the table */
  size_t n_tests;
  const aft_adjustment *adjust; /* of p-values over windows; borrowed from the table */
  bool date_next;
  enum aft_kp_align kp_align;
  enum aft_missing missing;
  bool no_forecast_error; /* V leaves out the error of estimated coefficients: forecast_correction false */
  double confidence;
  int replicates;
  guint64 seed;
  aft_calendar_time_options calendar_time;
  const aft_compat_profile **compat; /* [n_compat] programs to compare with; borrowed from the table */
  size_t n_compat;
  aft_car_regression_spec *regressions; /* [n_regressions] values of their terms from whoever reads the files */
  size_t n_regressions;
  aft_scan_options scan;
  aft_correlate_options correlate;
  aft_robust_options robust;
  aft_volume_options volume;
  long volume_line; /* where it stands, for messages */
  int size_card;    /* replications of the size card; 0: none */
  enum aft_overlaps overlaps;
  bool excludes_others;              /* estimation passes over sessions around other events of the security, */
  int first_excluded, last_excluded; /* relative to these */
  bool clean_only;                   /* also the tests without confounded events */
  enum aft_tables_kept tables;
  enum aft_keep_prices keep;
  char **charts, **formats;         /* NULL-terminated */
  char *focus_event, *focus_symbol; /* NULL: to be found */
} aft_config;

/*
 * Reads and checks a study file. Unknown keys, wrong types and impossible values are errors that name the line, the key and the
 * nearest known word; nothing is ignored. config is untouched on failure; cleared by aft_config_clear.
 */
bool aft_config_read(aft_config *config, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_config_clear(aft_config *config);

/* Market i: 0 is the study's own, 1 and on those of `markets`. What it holds is borrowed. */
aft_market_spec aft_config_get_market(const aft_config *config, size_t i);

/* From the first to the last day of any window. */
aft_window aft_config_get_span(const aft_config *config);

/* Names of enum aft_overlaps as in study files, NULL-terminated. */
const char *const *aft_config_overlaps_names(void);

/* A path of the study file, relative to its folder; owned. "-", absolute paths and addresses stay as they are. */
char *aft_config_resolve(const aft_config *config, const char *path);

/* The model of `volume` as in study files. */
const char *aft_config_volume_model_name(const aft_config *config);

/* The choices of `options` as in study files. */
const char *aft_config_kp_align_name(const aft_config *config);
const char *aft_config_missing_name(const aft_config *config);

/* Names of enum aft_tables_kept as in study files, NULL-terminated. */
const char *const *aft_config_tables_names(void);

/* Names of enum aft_keep_prices as in study files, NULL-terminated. */
const char *const *aft_config_keep_names(void);

/* Sessions, relative to an event's, whose prices the result of a run depends on: first to last; whole: the whole series. */
typedef struct aft_reach {
  bool whole;
  int first, last;
} aft_reach;
aft_reach aft_config_get_reach(const aft_config *config);

/* Names of enum aft_robust_alignments as in study files, from the lowest bit on; NULL-terminated. */
const char *const *aft_config_alignment_names(void);
/* Observations that a fit on an estimation window needs: min_obs of the study, of a short window nine tenths. */
int aft_config_min_obs(const aft_config *config, aft_window estimation);

/* Names that `charts` may hold, NULL-terminated. */
const char *const *aft_config_chart_names(void);

#endif
