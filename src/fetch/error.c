/* The error domain of fetch/. */
#include <aftershock/fetch/error.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_fetch_error, aft_fetch_error)
