/* Shared by the files of the panel, of its cells and of the audit. */
#ifndef MARKET_PANEL_INTERNAL_H
#define MARKET_PANEL_INTERNAL_H

#include <aftershock/base/text.h>
#include <aftershock/market/panel.h>

#include <limits.h>
#include <math.h>

/* A row of a file that is on no session: sets error, with the reason; false. what: "row", "factor". */
bool panel_fail_closed(const aft_calendar *calendar, const char *file, long line, aft_day day, const char *what,
                       GError **error);

/* A return that was read, in the form of the panel's: NaN for the log of a total loss. */
static inline double panel_convert_return(double value, bool rows_are_log, bool log_returns) {
  if (rows_are_log && !log_returns) value = expm1(value);
  if (!rows_are_log && log_returns) value = log1p(value);
  return isfinite(value) ? value : (double)NAN;
}

/* Fills panel->kept from cells of which only a part was kept. */
void panel_set_kept(aft_panel *panel, const aft_cells *cells, bool gap_returns);
void panel_clear_kept(aft_panel *panel);

/* Makes the columns those sessions of the calendar, and the rows those symbols (copied). */
void panel_set_sessions(aft_panel *panel, long first_session, size_t n_sessions);
void panel_set_symbols(aft_panel *panel, const char *const *names, size_t n);

/* Fills panel->returns, and of a whole panel first_valid and last_valid, from panel->price and the actions. */
bool aft_panel_compute_returns(aft_panel *panel, const aft_actions *actions, const aft_panel_options *options,
                               aft_warnings *warnings, GError **error);

/* The audit of a panel's prices, whose lines the cells still know, before its returns are computed. */
void audit_run_panel(aft_audit *audit, const aft_panel *panel, const aft_cells *cells, const aft_prices *prices,
                     const aft_actions *actions, const aft_panel_options *options);

#endif
