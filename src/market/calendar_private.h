/* What the alignment needs of a calendar beyond its public face. */
#ifndef MARKET_CALENDAR_PRIVATE_H
#define MARKET_CALENDAR_PRIVATE_H

#include <aftershock/market/calendar.h>

/* Borrowed until the calendar is freed. Immutable, so threads may share it. */
GTimeZone *aft_calendar_get_zone(const aft_calendar *calendar);

/* Wall clock of an instant, as if it were UTC; a table lookup but on days when clocks are switched. */
aft_millis aft_calendar_find_local(const aft_calendar *calendar, aft_millis instant, const char **abbreviation);

/* How often the exchange's clocks show that time, which is written as if it were UTC. */
enum aft_wall_clock aft_calendar_find_wall(const aft_calendar *calendar, aft_millis local);

#endif
