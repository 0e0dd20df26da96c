/* Shared by the files of the panel, of its cells and of the audit. */
#ifndef MARKET_PANEL_INTERNAL_H
#define MARKET_PANEL_INTERNAL_H

#include <aftershock/base/text.h>
#include <aftershock/market/panel.h>

#include <limits.h>

/* A row of a file that is on no session: sets error, with the reason; false. what: "row", "factor". */
bool panel_fail_closed(const aft_calendar *calendar, const char *file, long line, aft_day day, const char *what,
                       GError **error);

/* Fills panel->returns from panel->price and the actions. */
bool aft_panel_compute_returns(aft_panel *panel, const aft_actions *actions, const aft_panel_options *options,
                               aft_warnings *warnings, GError **error);

/* The audit of a panel's prices, whose lines the cells still know, before its returns are computed. */
void audit_run_panel(aft_audit *audit, const aft_panel *panel, const aft_cells *cells, const aft_prices *prices,
                     const aft_actions *actions, const aft_panel_options *options);

#endif
