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

/* As aft_zone_find_instants, with the spans of constant offset that the instants come from. */
static int find_instants(GTimeZone *zone, aft_millis local, aft_millis instant[2], int span[2]) {
  /* A day before the wall clock, taken as UTC, is before any switch near it, and a day after it is behind that switch. */
  span[0] = aft_zone_find_span(zone, local - AFT_MILLIS_PER_DAY);
  span[1] = aft_zone_find_span(zone, local + AFT_MILLIS_PER_DAY);
  for (int i = 0; i < 2; i++) instant[i] = local - offset_of(zone, span[i]);
  if (span[0] == span[1]) return 1;
  bool before = aft_zone_find_span(zone, instant[0]) == span[0],
       after = aft_zone_find_span(zone, instant[1]) == span[1];
  if (before == after) return before ? 2 : 0;
  if (after) instant[0] = instant[1], span[0] = span[1];
  return 1;
}

int aft_zone_find_instants(GTimeZone *zone, aft_millis local, aft_millis instant[2]) {
  int span[2];
  return find_instants(zone, local, instant, span);
}

aft_millis aft_zone_to_utc(GTimeZone *zone, aft_millis local, const char **abbreviation) {
  aft_millis instant[2];
  int span[2];
  find_instants(zone, local, instant, span);
  if (abbreviation != NULL) *abbreviation = g_time_zone_get_abbreviation(zone, span[0]);
  return instant[0];
}
