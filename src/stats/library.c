/* The numerical library behind stats/. */
#include <aftershock/stats/library.h>

#include <gsl/gsl_errno.h>
#include <gsl/gsl_version.h>

#include <aftershock/base/banned.h>

void aft_stats_init(void) { gsl_set_error_handler_off(); }

const char *aft_stats_library_version(void) { return gsl_version; }
