/* Shared by panel.c and panel_returns.c. */
#ifndef MARKET_PANEL_INTERNAL_H
#define MARKET_PANEL_INTERNAL_H

#include <aftershock/base/text.h>
#include <aftershock/market/panel.h>

#include <limits.h>

/* Fills panel->returns from panel->price and the actions. */
bool aft_panel_compute_returns(aft_panel *panel, const aft_actions *actions, const aft_panel_options *options,
                               aft_warnings *warnings, GError **error);

#endif
