/* Wall clocks by GTimeZone. */
#include <aftershock/base/zone.h>

#include <aftershock/base/banned.h>

static aft_millis offset_of(GTimeZone *zone, int span) { return (aft_millis)g_time_zone_get_offset(zone, span) * 1000; }

int aft_zone_find_span(GTimeZone *zone, aft_millis instant) {
  return g_time_zone_find_interval(zone, G_TIME_TYPE_UNIVERSAL, aft_floor_divide(instant, 1000));
}

aft_millis aft_zone_to_local(GTimeZone *zone, aft_millis instant, int *offset_seconds, const char **abbreviation) {
  int span = aft_zone_find_span(zone, instant);
  if (offset_seconds != NULL) *offset_seconds = g_time_zone_get_offset(zone, span);
  if (abbreviation != NULL) *abbreviation = g_time_zone_get_abbreviation(zone, span);
  return instant + offset_of(zone, span);
}

aft_millis aft_zone_to_utc(GTimeZone *zone, aft_millis local, const char **abbreviation) {
  /* A day before the wall clock, taken as UTC, is before any switch near it, and a day after it is behind that switch. */
  int span = aft_zone_find_span(zone, local - AFT_MILLIS_PER_DAY);
  int later = aft_zone_find_span(zone, local + AFT_MILLIS_PER_DAY);
  if (span != later) {
    aft_millis by_earlier = local - offset_of(zone, span);
    aft_millis by_later = local - offset_of(zone, later);
    /* The earlier offset wins where both fit (first occurrence) and where none does (skipped time). */
    if (aft_zone_find_span(zone, by_earlier) != span && aft_zone_find_span(zone, by_later) == later) span = later;
  }
  if (abbreviation != NULL) *abbreviation = g_time_zone_get_abbreviation(zone, span);
  return local - offset_of(zone, span);
}
