/* How far long work is: one line on a terminal, nothing anywhere else. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct cli_progress {
  const char *what; /* "replications" */
  bool shown;       /* standard error is a terminal */
  GMutex lock;
  gint64 began, drawn; /* monotonic microseconds, guarded by lock */
} cli_progress;

/* shown is false for work that shall be quiet. */
void cli_progress_init(cli_progress *progress, const char *what, bool shown);
/* data is the cli_progress. Any thread; draws at most ten times a second: done/total, rate, time left. */
void cli_progress_tell(size_t done, size_t total, void *data);
/* Wipes the line away. */
void cli_progress_clear(cli_progress *progress);

#endif
