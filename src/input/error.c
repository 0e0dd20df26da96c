/* The error domain of input/. */
#include <aftershock/input/error.h>

#include <aftershock/base/banned.h>

G_DEFINE_QUARK(aft_input_error, aft_input_error)
