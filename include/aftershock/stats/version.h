/* Which numerical library stands behind stats/. */
#ifndef AFTERSHOCK_STATS_VERSION_H
#define AFTERSHOCK_STATS_VERSION_H

/* Version of GSL at run time, e.g. "2.7.1"; static. */
const char *aft_stats_library_version(void);

#endif
