/* The numerical library behind stats/: set-up and version. */
#ifndef AFTERSHOCK_STATS_LIBRARY_H
#define AFTERSHOCK_STATS_LIBRARY_H

/*
 * Turns off GSL's error handler, which would end the process; every call checks what it gets instead. Call once, before
 * threads start.
 */
void aft_stats_init(void);

/* Version of GSL at run time, e.g. "2.7.1"; static. */
const char *aft_stats_library_version(void);

#endif
