/* A study done, for `run` and for `merge`. */
#ifndef CLI_RUN_STUDY_H
#define CLI_RUN_STUDY_H

#include "division.h"

typedef struct cli_run_options {
  char *out;     /* NULL: out/<study name>, of a shard out/<study name>-shards */
  bool has_kept; /* `kept` stands in place of what the study says */
  enum aft_tables_kept kept;
  int threads;
  gboolean strict, quiet, no_charts, no_cache;
} cli_run_options;

/* Loads the study and makes its result folder, or the part of it that the division says; returns the exit status. */
int cli_run_study(const char *path, const cli_run_options *options, cli_division *division);

#endif
