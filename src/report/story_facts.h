/* The facts of a result folder in memory, read once and told in several forms. */
#ifndef AFTERSHOCK_REPORT_STORY_FACTS_H
#define AFTERSHOCK_REPORT_STORY_FACTS_H

#include <aftershock/report/table.h>
#include <glib.h>
#include <stdbool.h>

typedef struct aft_fact_input {
  const char *role, *path, *sha256;
  double bytes;
} aft_fact_input;

typedef struct aft_fact_version {
  const char *name, *version;
} aft_fact_version;

typedef struct aft_fact_drop {
  const char *reason, *model; /* model "": before any model */
  double n;
  GPtrArray *events; /* of const char *: "ID/SYMBOL" */
} aft_fact_drop;

typedef struct aft_fact_window {
  int first, last;
} aft_fact_window;

typedef struct aft_fact_model {
  const char *name, *model,
      *title; /* name: its label in every table; model: as study files call it, "" when not given */
  double events, n_obs_min, n_obs_max; /* NaN when not given */
  aft_fact_window window;              /* sessions that it learns from: its own, else the study's estimation window */
  double median_kurtosis;              /* of its residuals, in excess of a normal's; NaN when not given */
  const char *benchmark;               /* its own: "mean of AMD and AVGO"; "" when it has none */
} aft_fact_model;

typedef struct aft_fact_aggregate {
  const char *model, *group;
  int first, last;
  double n, caar, median, positive, negative, significant_bh;
} aft_fact_aggregate;

typedef struct aft_fact_test {
  const char *name, *title, *null_hypothesis;
} aft_fact_test;

/* The event and the security that the story is told about; texts are "" and numbers NaN where the folder has none. */
typedef struct aft_fact_focus {
  const char *event, *symbol, *published, *local_time, *rule, *session, *previous_session, *market;
  double close, previous_close, realised, market_return; /* returns as the study takes them: simple or log */
  double simple, market_simple;                          /* the same two returns in simple form */
  bool price_matches; /* the two closes alone give the simple return: no split, dividend or adjustment between them */
} aft_fact_focus;

/* How the size card was made; numbers are NaN when there is none. */
typedef struct aft_fact_size_card {
  const char *group;
  double n, replications, level, securities, sessions;
} aft_fact_size_card;

/* An exchange of the study; market "": it has no benchmark. */
typedef struct aft_fact_market {
  const char *mic, *name, *zone, *market;
  double securities;
} aft_fact_market;

/* What was studied of volume; measure is "" when nothing was. */
typedef struct aft_fact_volume {
  const char *measure, *title, *model;
  double events;
} aft_fact_volume;

/* What was scanned and found; detector is "" when nothing was, and numbers are NaN. */
typedef struct aft_fact_scan {
  const char *detector;
  bool bh; /* of studentized: Benjamini-Hochberg in place of Bonferroni */
  double threshold, min_score;
  double securities, days, articles, moves, linked, not_identified, unexplained, unanswered, silent, uncovered;
  double by_chance;                  /* as link/scan.h says */
  double time, mention, surge, tone; /* weights of the score */
} aft_fact_scan;

/* Texts are never NULL and belong to `text`. */
typedef struct aft_facts {
  GStringChunk *text;
  const char *title, *program, *version, *started;
  aft_fact_input study_file;
  const char *mic, *exchange, *zone;
  const char *returns, *market, *date_only, *adjust;
  const char *kp_align, *missing; /* options of the study */
  bool no_forecast_error;
  bool is_log; /* returns is "log" */
  double confidence, seed, replicates;
  aft_fact_window estimation, event_window;
  double min_obs;
  double n_articles, n_articles_used, n_events, n_events_used, n_securities, n_sessions, n_rows;
  double n_rows_kept, n_securities_kept; /* NaN: all */
  aft_fact_focus focus;
  aft_fact_size_card size_card;
  aft_fact_volume volume;
  aft_fact_scan scan;
  GArray *markets; /* the study's own first; empty in an older folder */
  GArray *inputs, *versions, *drops, *models, *windows, *aggregates, *tests;
  GPtrArray *warnings;         /* of const char * */
  GHashTable *aggregate_index; /* model, group, first, last -> place in aggregates + 1 */
  aft_table events_table, articles_table, stories_table, confounders_table, clean_table, sessions_table, fits_table;
  aft_table coefficients_table, gaps_table, alignments_table, candidates_table;
  aft_table abnormal_table, car_table, caar_table, tests_table, series_table, groups_table, influence_table,
      size_card_table, calendar_table, weights_table, synthetic_table, regressions_table, regression_fits_table,
      volume_car_table, volume_tests_table, compat_table, diagnostics_table, detectable_table, moves_table, links_table,
      unanswered_table;
} aft_facts;

/*
 * Reads folder/result.json and the CSV files beside it. A file that this kind of study does not write counts as empty;
 * result.json, events.csv, fits.csv, car.csv and tests.csv must be there. Fails with AFT_REPORT_ERROR_FOLDER on anything that is
 * no result folder of this format. facts is the caller's; aft_facts_clear also accepts zeroed facts.
 */
bool aft_facts_read(aft_facts *facts, const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_facts_clear(aft_facts *facts);

/* The first model that the study names, "" when there is none: all prose is about it. */
const char *aft_facts_headline_model(const aft_facts *facts);
const char *aft_facts_model_title(const aft_facts *facts, const char *model);
/* The model by its label; NULL when there is none. Borrowed. */
const aft_fact_model *aft_facts_find_model(const aft_facts *facts, const char *model);
/* Name of the model in study files, which stands behind a label; the label itself when the folder does not say. Borrowed. */
const char *aft_facts_model_kind(const aft_facts *facts, const char *model);
/* Aggregate of a sample over a window, or NULL. */
const aft_fact_aggregate *aft_facts_find_aggregate(const aft_facts *facts, const char *model, const char *group,
                                                   aft_fact_window window);
/* First row whose columns `names` hold `values` (n of them), from row `start` on; n_rows when there is none. */
size_t aft_facts_find_row(const aft_table *table, size_t start, int n, const char *const *names,
                          const char *const *values);

/* Text and number of a cell by column name; "" and NaN when the table has no such column. */
const char *aft_facts_text(const aft_table *table, size_t row, const char *column);
double aft_facts_number(const aft_table *table, size_t row, const char *column);
/* Columns first and last of a row; [0, 0] when they are no days. */
aft_fact_window aft_facts_window(const aft_table *table, size_t row);

#endif
