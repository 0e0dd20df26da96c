/* How far long work is: one line on a terminal, nothing anywhere else. */
#ifndef CLI_PROGRESS_H
#define CLI_PROGRESS_H

#include <stdbool.h>

/* From now on steps that take longer than a moment are shown: done/total, rate, time left. shown is false for work that shall be quiet. */
void cli_progress_start(bool shown);
/* Wipes the line away; called before something else is printed. */
void cli_progress_wipe(void);
/* Wipes it and shows no more. */
void cli_progress_stop(void);

#endif
