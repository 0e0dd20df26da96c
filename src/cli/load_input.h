/* The parts of loading a study: load_market.c does the files of its exchanges, load_covariates.c those of its regressions,
 * load_keep.c which prices its events need, load_cache.c keeps panels for the next time, load_stories.c tells of its stories,
 * load_confounders.c of what else happened, load.c the rest. */
#ifndef CLI_LOAD_INPUT_H
#define CLI_LOAD_INPUT_H

#include "load.h"

/* Records an input's digest and gives its place relative to here, owned; NULL on failure. */
char *cli_take_input(cli_study *study, const char *role, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Role of an exchange's price files among the inputs: "prices" or "returns"; static. */
const char *cli_prices_role(const aft_market_spec *spec);

/* Opens the calendar of every exchange: fills markets and calendar. */
bool cli_markets_open(cli_study *study, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Whether only the prices that events need are kept: the events are read first then. */
bool cli_keep_is_asked(const cli_study *study);
/* Says which they are. rows: the events as read. */
void cli_keep_plan(cli_study *study, const aft_event_rows *rows);
/* Reads the files of every exchange: fills the panels. */
bool cli_markets_load(cli_study *study, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads them and audits their prices, without a panel. */
bool cli_markets_audit(cli_study *study, aft_audit *audit, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Reads the files of the regressions and joins them to the events, which are placed. */
bool cli_covariates_load(cli_study *study, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Records what happened to the firms: splits and dividends of a file; articles, events, which are placed, and results. */
void cli_occurrences_add_actions(cli_study *study, const aft_actions *actions);
/* Keeps the stories for the record. */
void cli_stories_keep(cli_study *study);
/* Says what addresses and titles did to events that are made of the news. */
void cli_stories_warn(cli_study *study);
void cli_markets_clear(cli_study *study);

#endif
