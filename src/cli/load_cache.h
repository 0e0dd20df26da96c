/* The panel of an exchange from the cache of panels, or into it; docs/performance.md says what is believed. */
#ifndef CLI_LOAD_CACHE_H
#define CLI_LOAD_CACHE_H

#include "load_input.h"

#include <aftershock/base/known.h>

/* One exchange's files on their way. */
typedef struct cli_cache {
  char *folder;                /* NULL: nothing is kept of these files, and nothing looked for */
  const aft_market_spec *spec; /* borrowed */
  const aft_calendar *calendar;
  size_t n_files;
  char **places;                    /* [n_files] of the prices, and NULL; owned */
  aft_file_stamp *stamps;           /* [n_files] before a byte of them was read; owned */
  int64_t start_ns;                 /* when those were taken */
  uint64_t most_bytes;              /* of all panels together */
  guint first_input, first_warning; /* of this exchange in the study's */
  size_t n_rows_before;             /* of the exchanges before it */
} cli_cache;

/*
 * Looks at the price files, which are worth it from AFTERSHOCK_CACHE_LEAST_BYTES on, unless only some prices are kept (market->keep). Fails when a
 * variable of the environment is no number. Clear it also after a failure.
 */
bool cli_cache_begin(cli_cache *cache, const cli_study *study, const aft_market_spec *spec, const cli_market *market,
                     GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Records the price files among the study's inputs, with digests known from earlier or made anew; false when there is nothing to be
 * expected of that.
 */
bool cli_cache_identify(cli_cache *cache, cli_study *study);

/*
 * The panel before factors are placed, and what was warned of when it was made, once the inputs of the exchange are recorded. options: of the
 * panel. False when it is not there.
 */
bool cli_cache_recall(cli_cache *cache, cli_study *study, const aft_panel_options *options, aft_panel *panel);

/* Takes back what identify and recall recorded. */
void cli_cache_forget(const cli_cache *cache, cli_study *study);

/* Keeps a panel that was made of the files, and their digests. That it cannot is no failure of the study. */
void cli_cache_keep(const cli_cache *cache, const cli_study *study, const aft_panel_options *options,
                    const aft_panel *panel, size_t n_rows);

void cli_cache_clear(cli_cache *cache);

#endif
