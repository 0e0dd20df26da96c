/* The parts of a simulation: which events can be drawn, which are drawn together, and the loop over the draws. */
#ifndef STUDY_SIMULATE_INTERNAL_H
#define STUDY_SIMULATE_INTERNAL_H

#include "study_internal.h"

#include <aftershock/study/simulate.h>

/* Every (security, session) that can have an event. */
typedef struct simulate_pool {
  size_t n_firms, n_sessions, n_dates;
  size_t *firm;        /* [n_firms] rows of the panel with at least one possible event */
  unsigned char *open; /* [n_firms][n_sessions] 1 where an event is possible */
  size_t *n_open;      /* [n_firms] */
  size_t *crowd;       /* [n_sessions] firms that can have an event */
} simulate_pool;

/* Fails when no event is possible, or as aft_study_find_regressors does. Cost O(securities x sessions x regressors). */
bool simulate_pool_build(simulate_pool *pool, const aft_config *config, const aft_panel *panel,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;
void simulate_pool_clear(simulate_pool *pool);

/* Sessions that are drawn together, at fixed distances. */
typedef struct simulate_date {
  long offset;  /* sessions after the first of the block */
  size_t count; /* events, of different securities */
} simulate_date;

typedef struct simulate_block {
  size_t n_events;
  GArray *dates; /* of simulate_date, ascending */
  GArray *
      places; /* of long: columns that the first date can take; NULL for a single event, whose security is drawn first */
} simulate_block;

/* The events of one replication: blocks that are drawn apart. */
typedef struct simulate_pattern {
  size_t n_events;
  GArray *blocks; /* of simulate_block */
} simulate_pattern;

void simulate_pattern_init(simulate_pattern *pattern);
void simulate_pattern_clear(simulate_pattern *pattern);
void simulate_pattern_apart(simulate_pattern *pattern, size_t n_events); /* n events, each drawn alone */
/* Adds events of the sessions column[n], ascending; two that are more than `reach` apart are drawn apart. */
void simulate_pattern_imitate(simulate_pattern *pattern, const long *column, size_t n, long reach);
/* Finds the places of every block; false when one has none. */
bool simulate_pattern_place(simulate_pattern *pattern, const simulate_pool *pool);

/* Draws the events of a replication; work [n_firms]; rows [n_events], of which security and column are set. */
void simulate_draw(const simulate_pool *pool, const simulate_pattern *pattern, uint64_t key, uint64_t replication,
                   size_t *work, aft_event *rows);

/* How often a test was defined and rejected in some replications. */
typedef struct simulate_tally {
  size_t defined, rejected;
} simulate_tally;

/* simulate_parts.c: the replications first .. last-1 that this process makes. */
void simulate_parts_own(const aft_simulation_options *options, size_t *first, size_t *last);
/* Puts the counts of the own replications away, or adds those of the others to them; nothing when there are no parts. */
bool simulate_parts_exchange(const aft_simulation_options *options, simulate_tally *total, size_t n_cells,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Fills a simulation, but not its sample: pattern[0] for designs of many dates, pattern[1] for those
 * of one. Takes designs. Fails as the parts of the options do; the simulation is to be cleared all the same.
 */
bool simulate_run(aft_simulation *simulation, const aft_config *config, const aft_panel *panel,
                  const simulate_pool *pool, const simulate_pattern *const *pattern, GArray *designs,
                  const aft_simulation_options *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* An array for aft_design that clears what it holds. */
GArray *simulate_designs_new(void);

#endif
