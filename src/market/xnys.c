/*
 * New York Stock Exchange, 1990-2030.
 *
 * Holidays: NYSE Rule 7.2 (earlier Rule 51): a holiday on a Saturday closes the Friday before it "unless unusual business
 * conditions exist, such as the ending of a monthly or yearly accounting period", one on a Sunday the Monday after it. So New
 * Year's Day on a Saturday closes nothing. Martin Luther King Jr. Day is kept since 1998, Juneteenth since 2022.
 * Early closes, closures without a rule: the exchange's yearly announcements; data/calendars/README.md lists the sources.
 * Interruptions within a session (halts, late openings, a stop before the scheduled close) do not change its hours here.
 */
#include "exchange.h"

#include <aftershock/base/banned.h>

static const aft_exchange_hours hours[] = {
    {1985, 9, 30, AFT_MINUTE(9, 30), AFT_MINUTE(16, 0)},
};

#define NEAREST .observance = AFT_OBSERVE_NEAREST
#define NTH(month_, nth_, weekday_) .kind = AFT_RULE_WEEKDAY, .month = (month_), .nth = (nth_), .weekday = (weekday_)
#define ON_DATE(month_, day_) .kind = AFT_RULE_FIXED, .month = (month_), .nth = (day_)
#define MON_TUE (AFT_ON(AFT_MONDAY) | AFT_ON(AFT_TUESDAY))
#define WED AFT_ON(AFT_WEDNESDAY)
#define THU AFT_ON(AFT_THURSDAY)
#define FRI AFT_ON(AFT_FRIDAY)

static const aft_exchange_rule rules[] = {
    {.reason = "New Year's Day", ON_DATE(1, 1), NEAREST},
    {.reason = "Martin Luther King Jr. Day", .first_year = 1998, NTH(1, 3, AFT_MONDAY)},
    {.reason = "Washington's Birthday", NTH(2, 3, AFT_MONDAY)},
    {.reason = "Good Friday", .kind = AFT_RULE_EASTER, .nth = -2},
    {.reason = "Memorial Day", NTH(5, -1, AFT_MONDAY)},
    {.reason = "Juneteenth", .first_year = 2022, ON_DATE(6, 19), NEAREST},
    {.reason = "Independence Day", ON_DATE(7, 4), NEAREST},
    {.reason = "Labor Day", NTH(9, 1, AFT_MONDAY)},
    {.reason = "Thanksgiving Day", NTH(11, 4, AFT_THURSDAY)},
    {.reason = "Christmas Day", ON_DATE(12, 25), NEAREST},

    /* Before 2013 a Thursday holiday moved the short day to the Friday after it; none was kept before 1995. */
    {.reason = "day before Independence Day",
     .first_year = 1995,
     .last_year = 2012,
     ON_DATE(7, 3),
     .weekdays = MON_TUE | THU,
     .close_minute = AFT_MINUTE(13, 0)},
    {.reason = "day before Independence Day",
     .first_year = 2013,
     ON_DATE(7, 3),
     .weekdays = MON_TUE | WED | THU,
     .close_minute = AFT_MINUTE(13, 0)},
    {.reason = "day after Independence Day",
     .first_year = 1995,
     .last_year = 2012,
     ON_DATE(7, 5),
     .weekdays = FRI,
     .close_minute = AFT_MINUTE(13, 0)},
    {.reason = "day after Thanksgiving",
     .first_year = 1992,
     .last_year = 1992,
     NTH(11, 4, AFT_THURSDAY),
     .shift = 1,
     .close_minute = AFT_MINUTE(14, 0)},
    {.reason = "day after Thanksgiving",
     .first_year = 1993,
     NTH(11, 4, AFT_THURSDAY),
     .shift = 1,
     .close_minute = AFT_MINUTE(13, 0)},
    {.reason = "Christmas Eve",
     .first_year = 1990,
     .last_year = 1992,
     ON_DATE(12, 24),
     .close_minute = AFT_MINUTE(14, 0)},
    {.reason = "Christmas Eve", .first_year = 1993, ON_DATE(12, 24), .close_minute = AFT_MINUTE(13, 0)},
};

static const aft_exchange_exception exceptions[] = {
    {1994, 4, 27, 0, "funeral of Richard Nixon"},
    {1997, 12, 26, AFT_MINUTE(13, 0), "day after Christmas"},
    {1999, 12, 31, AFT_MINUTE(13, 0), "eve of the year 2000"},
    {2001, 9, 11, 0, "attack on the World Trade Center"},
    {2001, 9, 12, 0, "attack on the World Trade Center"},
    {2001, 9, 13, 0, "attack on the World Trade Center"},
    {2001, 9, 14, 0, "attack on the World Trade Center"},
    {2003, 12, 26, AFT_MINUTE(13, 0), "day after Christmas"},
    {2004, 6, 11, 0, "National Day of Mourning for Ronald Reagan"},
    {2007, 1, 2, 0, "National Day of Mourning for Gerald Ford"},
    {2012, 10, 29, 0, "Hurricane Sandy"},
    {2012, 10, 30, 0, "Hurricane Sandy"},
    {2018, 12, 5, 0, "National Day of Mourning for George H. W. Bush"},
    {2025, 1, 9, 0, "National Day of Mourning for Jimmy Carter"},
};

const aft_exchange aft_exchange_xnys = {
    .mic = "XNYS",
    .name = "New York Stock Exchange",
    .zone = "America/New_York",
    .first_year = 1990,
    .last_year = 2030,
    .hours = hours,
    .n_hours = G_N_ELEMENTS(hours),
    .rules = rules,
    .n_rules = G_N_ELEMENTS(rules),
    .exceptions = exceptions,
    .n_exceptions = G_N_ELEMENTS(exceptions),
};
