/* Wall clocks: instants to local time and back, by the time-zone data base. For the calendar, the alignment and providers that write local time. */
#ifndef AFTERSHOCK_BASE_ZONE_H
#define AFTERSHOCK_BASE_ZONE_H

#include <aftershock/base/clock.h>

/*
 * Wall clock of an instant, as if it were UTC.
 * offset_seconds  local minus UTC; may be NULL
 * abbreviation    "EST"; borrowed from zone; may be NULL
 */
aft_millis aft_zone_to_local(GTimeZone *zone, aft_millis instant, int *offset_seconds, const char **abbreviation);

/*
 * Instant of a wall clock. Of a time that the clock shows twice (autumn) the first is meant; a time that it skips (spring)
 * counts on the offset before the switch: 02:30 on 2025-03-09 in New York is 02:30 EST, when clocks show 03:30 EDT.
 * abbreviation  of the offset used; borrowed from zone; may be NULL
 */
aft_millis aft_zone_to_utc(GTimeZone *zone, aft_millis local, const char **abbreviation);

/*
 * The instants at which clocks show a wall clock time: one; two when they are set back over it, the earlier first; none when they
 * skip it: then instant holds what the offsets before and after the switch make of it. Returns how many: 1, 2 or 0.
 */
int aft_zone_find_instants(GTimeZone *zone, aft_millis local, aft_millis instant[2]);

/* Number of the span of constant offset that holds an instant; it never falls as time goes on. */
int aft_zone_find_span(GTimeZone *zone, aft_millis instant);

/* n / d rounded down, for d > 0. */
static inline int64_t aft_floor_divide(int64_t n, int64_t d) { return n / d - (n % d < 0); }

#endif
