/* market/calendar: sessions of XNYS against the dates in tests/calendars, against GDateTime, and against figures known apart. */
#include "support/support.h"

#include "market/exchange.h"

#include <aftershock/base/csv.h>
#include <aftershock/market/calendar.h>

#include <string.h>

#include <aftershock/base/banned.h>

static aft_calendar *new_xnys(void) {
  GError *error = NULL;
  aft_calendar *calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  g_assert_nonnull(calendar);
  return calendar;
}

static aft_day day_of(const char *text) {
  aft_day day = AFT_DAY_NONE;
  g_assert_true(aft_day_parse(text, strlen(text), &day));
  return day;
}

static const aft_session *session_of(const aft_calendar *calendar, const char *text) {
  long index = aft_calendar_find_session(calendar, day_of(text));
  g_assert_cmpint(index, >=, 0);
  return aft_calendar_get_session(calendar, (size_t)index);
}

/* Asserts that the code says of a day what the file says: "closed" or a time, and the reason; NULL: a regular session. */
static void assert_day(const aft_calendar *calendar, aft_day day, const char *close, const char *reason) {
  char text[AFT_DAY_TEXT];
  g_autofree char *expected = g_strdup_printf("%s %s %s", aft_day_print(day, text), close, reason);
  const char *closed = aft_calendar_closed_reason(calendar, day);
  long index = aft_calendar_find_session(calendar, day);
  g_assert_cmpint(closed == NULL, ==, index >= 0);
  g_autofree char *actual = NULL;
  if (closed != NULL) {
    g_assert_null(aft_calendar_special_reason(calendar, day));
    actual = g_strdup_printf("%s closed %s", text, closed);
  } else {
    const aft_session *session = aft_calendar_get_session(calendar, (size_t)index);
    const char *early = aft_calendar_special_reason(calendar, day);
    g_assert_cmpint(session->early_close, ==, early != NULL);
    g_assert_cmpint(session->open_minute, ==, 9 * 60 + 30);
    actual = g_strdup_printf("%s %02d:%02d %s", text, session->close_minute / 60, session->close_minute % 60,
                             early != NULL ? early : "");
  }
  g_assert_cmpstr(actual, ==, expected);
}

/* Every weekday of 41 years, in both directions: listed days as listed, all others regular sessions. */
static void test_data_file(void) {
  g_autoptr(aft_calendar) calendar = new_xnys();
  g_autofree char *path = support_source("calendars/XNYS.csv");
  GError *error = NULL;
  g_autoptr(aft_csv) csv = aft_csv_open(path, &error);
  g_assert_no_error(error);
  aft_day day = aft_calendar_first(calendar);
  const char *const *fields;
  int n_listed = 0;
  for (; aft_csv_next(csv, &fields, &error); n_listed++) {
    aft_day listed = day_of(fields[0]);
    g_assert_cmpint(listed, >=, day);
    g_assert_cmpint(aft_day_weekday(listed), <=, AFT_FRIDAY);
    for (; day < listed; day++)
      if (aft_day_weekday(day) <= AFT_FRIDAY) assert_day(calendar, day, "16:00", "");
    assert_day(calendar, day++, fields[1], fields[2]);
  }
  g_assert_no_error(error);
  for (; day <= aft_calendar_last(calendar); day++)
    if (aft_day_weekday(day) <= AFT_FRIDAY) assert_day(calendar, day, "16:00", "");
  /* 375 closures and 88 early closes; a file cut short would otherwise pass for its missing tail of regular days. */
  g_assert_cmpint(n_listed, ==, 463);
}

/* Sessions per year as the exchange itself and yearbooks count them. */
static void test_counts(void) {
  static const struct {
    const char *first, *last;
    long n;
  } years[] = {{"1990-01-01", "1990-12-31", 253}, {"1994-01-01", "1994-12-31", 252}, {"1996-01-01", "1996-12-31", 254},
               {"2001-01-01", "2001-12-31", 248}, {"2012-01-01", "2012-12-31", 250}, {"2020-01-01", "2020-12-31", 253},
               {"2024-01-01", "2024-12-31", 252}, {"2025-01-01", "2025-12-31", 250}, {"2024-01-02", "2025-02-28", 291}};
  g_autoptr(aft_calendar) calendar = new_xnys();
  for (size_t i = 0; i < G_N_ELEMENTS(years); i++) {
    long first = aft_calendar_find_next(calendar, day_of(years[i].first));
    long after = aft_calendar_find_next(calendar, day_of(years[i].last) + 1);
    g_assert_cmpint(after - first, ==, years[i].n);
  }
  g_assert_cmpuint(aft_calendar_n_sessions(calendar), ==, 10322);
}

static void test_reasons(void) {
  static const struct {
    const char *day, *close, *reason;
  } cases[] = {
      {"1990-12-24", "14:00", "Christmas Eve"},
      {"1991-11-29", "16:00", ""}, /* the short day after Thanksgiving began in 1992 */
      {"1994-04-27", "closed", "funeral of Richard Nixon"},
      {"1996-07-05", "13:00", "day after Independence Day"},
      {"1997-01-20", "16:00", ""}, /* a session: Martin Luther King Jr. Day is kept since 1998 */
      {"1998-01-19", "closed", "Martin Luther King Jr. Day"},
      {"1999-12-24", "closed",
       "Christmas Day"}, /* the 25th was a Saturday; the closure beats Christmas Eve's short day */
      {"1999-12-31", "13:00", "eve of the year 2000"},
      {"2001-09-14", "closed", "attack on the World Trade Center"},
      {"2010-12-31", "16:00", ""}, /* New Year's Day on a Saturday is not kept on the last day of the year */
      {"2012-07-03", "13:00", "day before Independence Day"},
      {"2012-10-30", "closed", "Hurricane Sandy"},
      {"2020-07-03", "closed", "Independence Day"},
      {"2021-06-18", "16:00", ""},
      {"2022-06-20", "closed", "Juneteenth"},
      {"2023-01-02", "closed", "New Year's Day"},
      {"2025-01-09", "closed", "National Day of Mourning for Jimmy Carter"},
      {"2025-01-20", "closed", "Martin Luther King Jr. Day"},
      {"2025-01-25", "closed", "weekend"},
      {"2025-12-26", "16:00", ""},
      {"2027-12-31", "16:00", ""},
  };
  g_autoptr(aft_calendar) calendar = new_xnys();
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    assert_day(calendar, day_of(cases[i].day), cases[i].close, cases[i].reason);
}

/* Opening and closing instants of every session against GLib's own date arithmetic, one call per session. */
static void test_instants(void) {
  g_autoptr(aft_calendar) calendar = new_xnys();
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  for (size_t i = 0; i < aft_calendar_n_sessions(calendar); i++) {
    const aft_session *session = aft_calendar_get_session(calendar, i);
    int year, month, day;
    aft_day_to_ymd(session->day, &year, &month, &day);
    g_autoptr(GDateTime) open = g_date_time_new(zone, year, month, day, 9, 30, 0);
    g_autoptr(GDateTime) close =
        g_date_time_new(zone, year, month, day, session->close_minute / 60, session->close_minute % 60, 0);
    g_assert_cmpint(session->open, ==, g_date_time_to_unix(open) * 1000);
    g_assert_cmpint(session->close, ==, g_date_time_to_unix(close) * 1000);
  }
}

/* The weeks of the switch, whose dates changed in 2007, and a summer beyond the last switch that old zone files list. */
static void test_daylight_saving(void) {
  static const struct {
    const char *day, *open;
  } cases[] = {{"2006-03-31", "2006-03-31T14:30:00Z"}, {"2006-04-03", "2006-04-03T13:30:00Z"},
               {"2006-10-27", "2006-10-27T13:30:00Z"}, {"2006-10-30", "2006-10-30T14:30:00Z"},
               {"2025-03-07", "2025-03-07T14:30:00Z"}, {"2025-03-10", "2025-03-10T13:30:00Z"},
               {"2025-10-31", "2025-10-31T13:30:00Z"}, {"2025-11-03", "2025-11-03T14:30:00Z"},
               {"2030-07-01", "2030-07-01T13:30:00Z"}};
  g_autoptr(aft_calendar) calendar = new_xnys();
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    char text[AFT_MILLIS_TEXT];
    g_assert_cmpstr(aft_millis_print(session_of(calendar, cases[i].day)->open, text), ==, cases[i].open);
  }
  int offset = 0;
  aft_millis instant = session_of(calendar, "2025-07-01")->open;
  g_assert_cmpint(aft_calendar_to_local(calendar, instant, &offset), ==, instant - 4 * 3600000);
  g_assert_cmpint(offset, ==, -240);
}

/* The lookups against a walk over the list of sessions. */
static void test_lookups(void) {
  g_autoptr(aft_calendar) calendar = new_xnys();
  long n = (long)aft_calendar_n_sessions(calendar), next = 0;
  for (aft_day day = aft_calendar_first(calendar); day <= aft_calendar_last(calendar); day++) {
    while (next < n && aft_calendar_get_session(calendar, (size_t)next)->day < day) next++;
    bool is_session = next < n && aft_calendar_get_session(calendar, (size_t)next)->day == day;
    g_assert_cmpint(aft_calendar_find_next(calendar, day), ==, next < n ? next : -1);
    g_assert_cmpint(aft_calendar_find_session(calendar, day), ==, is_session ? next : -1);
  }
  g_assert_cmpint(next, ==, n - 1); /* 31 December 2030 is a session: the walk ends on the last one */
}

static void test_bounds(void) {
  g_autoptr(aft_calendar) calendar = new_xnys();
  aft_day first = day_of("1990-01-01"), last = day_of("2030-12-31");
  g_assert_cmpint(aft_calendar_first(calendar), ==, first);
  g_assert_cmpint(aft_calendar_last(calendar), ==, last);
  g_assert_cmpstr(aft_calendar_closed_reason(calendar, first - 1), ==,
                  "before the calendar of XNYS, which is known from 1990-01-01 on");
  g_assert_cmpstr(aft_calendar_closed_reason(calendar, last + 1), ==,
                  "after the calendar of XNYS, which is known until 2030-12-31");
  g_assert_null(aft_calendar_special_reason(calendar, last + 1));
  g_assert_cmpint(aft_calendar_find_session(calendar, first - 1), ==, -1);
  g_assert_cmpint(aft_calendar_find_session(calendar, last + 1), ==, -1);
  g_assert_cmpint(aft_calendar_find_next(calendar, first - 1000), ==, 0);
  g_assert_cmpint(aft_calendar_find_next(calendar, last + 1), ==, -1);
  g_assert_cmpint(aft_calendar_find_next(calendar, AFT_DAY_NONE), ==, 0);
  g_assert_cmpint(aft_calendar_find_next(calendar, INT32_MAX), ==, -1);
  g_assert_cmpstr(aft_calendar_mic(calendar), ==, "XNYS");
  g_assert_cmpstr(aft_calendar_name(calendar), ==, "New York Stock Exchange");
  g_assert_cmpstr(aft_calendar_zone(calendar), ==, "America/New_York");
}

/* Easter Sundays printed in almanacs: the earliest and the latest date, and the two exceptional epacts (1954, 1981, 2076). */
static void test_easter(void) {
  static const char *const sundays[] = {"1818-03-22", "1954-04-18", "1981-04-19", "1990-04-15", "2000-04-23",
                                        "2008-03-23", "2019-04-21", "2025-04-20", "2038-04-25", "2076-04-19"};
  for (size_t i = 0; i < G_N_ELEMENTS(sundays); i++) {
    int year, month, day;
    aft_day_to_ymd(day_of(sundays[i]), &year, &month, &day);
    char text[AFT_DAY_TEXT];
    g_assert_cmpstr(aft_day_print(aft_exchange_easter(year), text), ==, sundays[i]);
  }
}

static void test_unknown_exchange(void) {
  GError *error = NULL;
  g_assert_null(aft_calendar_new("XNYX", &error));
  g_assert_true(g_error_matches(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR));
  assert_error(&error,
               "unknown exchange \"XNYX\": give its ISO 10383 code, one of: XAMS, XETR, XHKG, XKRX, XLON, XNAS, XNYS, "
               "XPAR, XSHG, XTAI, XTKS; or the path of a calendar file of your own");
  g_assert_null(aft_calendar_new("../X", &error)); /* no way out of the folder */
  g_clear_error(&error);
}

/* A machine without time-zone data: in a process of its own, because GLib remembers zones. */
static void test_no_time_zones(void) {
  if (g_test_subprocess()) {
    GError *error = NULL;
    g_setenv("TZDIR", "/nonexistent", TRUE);
    g_assert_null(aft_calendar_new("XNYS", &error));
    g_assert_nonnull(strstr(error->message, "XNYS.txt:3: \"America/New_York\" is no time zone"));
    g_assert_nonnull(strstr(error->message, "tzdata"));
    g_clear_error(&error);
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/calendar/data-file", test_data_file);
  g_test_add_func("/calendar/counts", test_counts);
  g_test_add_func("/calendar/reasons", test_reasons);
  g_test_add_func("/calendar/instants", test_instants);
  g_test_add_func("/calendar/daylight-saving", test_daylight_saving);
  g_test_add_func("/calendar/lookups", test_lookups);
  g_test_add_func("/calendar/bounds", test_bounds);
  g_test_add_func("/calendar/easter", test_easter);
  g_test_add_func("/calendar/unknown-exchange", test_unknown_exchange);
  g_test_add_func("/calendar/no-time-zones", test_no_time_zones);
  return g_test_run();
}
