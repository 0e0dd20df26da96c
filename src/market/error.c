/* The error domain of market/. */
#include <aftershock/market/calendar.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_market_error, aft_market_error)
