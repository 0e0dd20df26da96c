/* The parts of loading a study: load_market.c does the files of its exchanges, load_covariates.c those of its regressions,
 * load.c the rest. */
#ifndef CLI_LOAD_INPUT_H
#define CLI_LOAD_INPUT_H

#include "load.h"

/* Records an input's digest and gives its place relative to here, owned; NULL on failure. */
char *cli_take_input(cli_study *study, const char *role, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Reads the files of every exchange: fills markets, calendar and panel. */
bool cli_markets_load(cli_study *study, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the files of the regressions and joins them to the events, which are placed. */
bool cli_covariates_load(cli_study *study, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void cli_markets_clear(cli_study *study);

#endif
