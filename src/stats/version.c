/* Which numerical library stands behind stats/. */
#include <aftershock/stats/version.h>

#include <gsl/gsl_version.h>

#include <aftershock/base/banned.h>

const char *aft_stats_library_version(void) { return gsl_version; }
