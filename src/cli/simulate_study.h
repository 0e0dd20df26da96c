/* A simulation done, for `simulate` and for `merge`. */
#ifndef CLI_SIMULATE_STUDY_H
#define CLI_SIMULATE_STUDY_H

#include "division.h"

#include <aftershock/study/simulate.h>

enum { CLI_MAX_REPLICATIONS = 10000000, CLI_MAX_EVENTS = 1000000 };

typedef struct cli_simulate_options {
  char *out; /* NULL: out/<study name>-simulation, of a shard out/<study name>-simulation-shards */
  const char *design;
  int replications, n, threads; /* n 0: as many events as the study's main sample has */
  bool has_seed;                /* `seed` stands in place of the study's */
  guint64 seed;
  gboolean no_charts, no_cache, quiet;
} cli_simulate_options;

/* designs, which `design` lists, is taken. Loads the study and makes the folder of its simulation, or the part of it that the division says;
 * returns the exit status. */
int cli_simulate_study(const char *path, GArray *designs, const cli_simulate_options *options, cli_division *division);

#endif
