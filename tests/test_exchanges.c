/* market/calendar: every exchange session by session against dates written down apart, and the minutes about every close. */
#include "support/support.h"

#include <aftershock/base/csv.h>
#include <aftershock/market/calendar.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Regular hours from a day on, as the exchanges announced them; tests/calendars/ holds the days that differ. */
static const struct regular {
  const char *mic, *from, *open, *close, *lunch;
} regulars[] = {
    {"XNYS", "1990-01-01", "09:30", "16:00", ""},
    {"XLON", "1991-01-01", "08:30", "16:30", ""},
    {"XLON", "1998-07-20", "09:00", "16:30", ""},
    {"XLON", "1999-09-20", "08:00", "16:30", ""},
    {"XETR", "2005-01-01", "09:00", "17:30", ""},
    {"XPAR", "2002-01-01", "09:00", "17:30", ""},
    {"XAMS", "2002-01-01", "09:00", "17:30", ""},
    {"XTKS", "1997-01-01", "09:00", "15:00", "11:00-12:30"},
    {"XTKS", "2011-11-21", "09:00", "15:00", "11:30-12:30"},
    {"XTKS", "2024-11-05", "09:00", "15:30", "11:30-12:30"},
    {"XHKG", "2001-01-01", "10:00", "16:00", "12:30-14:30"},
    {"XHKG", "2011-03-07", "09:30", "16:00", "12:00-13:30"},
    {"XHKG", "2012-03-05", "09:30", "16:00", "12:00-13:00"},
    {"XSHG", "2001-01-01", "09:30", "15:00", "11:30-13:00"},
    {"XTAI", "2010-01-01", "09:00", "13:30", ""},
    {"XKRX", "1998-12-07", "09:00", "15:00", "12:00-13:00"},
    {"XKRX", "2000-05-22", "09:00", "15:00", ""},
    {"XKRX", "2016-08-01", "09:00", "15:30", ""},
};

static const struct known {
  const char *mic, *first, *last, *zone;
  int n_listed; /* lines of its file: one cut short would pass for a tail of regular days */
} exchanges[] = {
    {"XNYS", "1990-01-01", "2030-12-31", "America/New_York", 463},
    {"XLON", "1991-01-01", "2030-12-31", "Europe/London", 406},
    {"XETR", "2005-01-01", "2030-12-31", "Europe/Berlin", 203},
    {"XPAR", "2002-01-01", "2030-12-31", "Europe/Paris", 184},
    {"XAMS", "2002-01-01", "2030-12-31", "Europe/Amsterdam", 184},
    {"XTKS", "1997-01-01", "2030-12-31", "Asia/Tokyo", 567},
    {"XHKG", "2001-01-01", "2030-12-31", "Asia/Hong_Kong", 497},
    {"XSHG", "2001-01-01", "2026-12-31", "Asia/Shanghai", 480},
    {"XTAI", "2010-01-01", "2026-12-31", "Asia/Taipei", 296},
    {"XKRX", "1998-12-07", "2026-12-31", "Asia/Seoul", 435},
};

static aft_calendar *open_exchange(const char *mic) {
  GError *error = NULL;
  aft_calendar *calendar = aft_calendar_new(mic, &error);
  g_assert_no_error(error);
  return calendar;
}

static aft_day day_of(const char *text) {
  aft_day day = AFT_DAY_NONE;
  g_assert_true(aft_day_parse(text, strlen(text), &day));
  return day;
}

static const struct regular *find_regular(const char *mic, aft_day day) {
  const struct regular *found = NULL;
  for (size_t i = 0; i < G_N_ELEMENTS(regulars); i++)
    if (g_str_equal(regulars[i].mic, mic) && day_of(regulars[i].from) <= day) found = &regulars[i];
  g_assert_nonnull(found);
  return found;
}

/* "09:00-15:00 lunch 11:00-12:30" */
static char *describe(const aft_session *s) {
  g_autofree char *lunch = s->break_start < 0
                               ? g_strdup("")
                               : g_strdup_printf("%02d:%02d-%02d:%02d", s->break_start / 60, s->break_start % 60,
                                                 s->break_end / 60, s->break_end % 60);
  return g_strdup_printf("%02d:%02d-%02d:%02d lunch %s", s->open_minute / 60, s->open_minute % 60, s->close_minute / 60,
                         s->close_minute % 60, lunch);
}

static int year_of(aft_day day) {
  int year, month, day_of_month;
  aft_day_to_ymd(day, &year, &month, &day_of_month);
  return year;
}

/*
 * A day against what is listed for it: "closed", a closing time, or NULL. A closing time before lunch ends leaves no lunch; one after the
 * regular close is a day of later hours altogether, which opens an hour late,
 * as does the first session of a year in Korea.
 */
static void check_day(const aft_calendar *calendar, aft_day day, const char *listed) {
  const char *mic = aft_calendar_mic(calendar);
  const struct regular *regular = find_regular(mic, day);
  long index = aft_calendar_find_session(calendar, day);
  bool weekend = aft_day_weekday(day) >= AFT_SATURDAY;
  char text[AFT_DAY_TEXT];
  g_autofree char *actual =
      index >= 0 ? describe(aft_calendar_get_session(calendar, (size_t)index)) : g_strdup("closed");
  g_autofree char *expected = NULL;
  if (g_strcmp0(listed, "closed") == 0 || (listed == NULL && weekend)) {
    expected = g_strdup("closed");
    const char *reason = aft_calendar_closed_reason(calendar, day);
    g_assert_nonnull(reason); /* each closure has a name */
    g_assert_cmpint(g_str_equal(reason, "weekend"), ==, weekend);
  } else {
    const char *close = listed != NULL ? listed : regular->close;
    bool short_day = strcmp(close, regular->close)<0, late = strcmp(close, regular->close)> 0;
    bool first_of_year = g_str_equal(mic, "XKRX") && index > 0 &&
                         year_of(aft_calendar_get_session(calendar, (size_t)index - 1)->day) < year_of(day);
    expected = g_strdup_printf("%s-%s lunch %s", late || first_of_year ? "10:00" : regular->open, close,
                               short_day ? "" : regular->lunch);
    bool plain = g_str_equal(close, regular->close) && !weekend && !first_of_year;
    if (index >= 0) g_assert_cmpint(aft_calendar_special_reason(calendar, day) == NULL, ==, plain);
    if (index >= 0) g_assert_cmpint(aft_calendar_get_session(calendar, (size_t)index)->early_close, ==, short_day);
  }
  if (strcmp(actual, expected) != 0)
    g_error("%s %s: %s, but the file says %s", mic, aft_day_print(day, text), actual, expected);
}

/* Every day, in both directions: listed days as listed, all others regular. */
static void test_days(void) {
  for (size_t i = 0; i < G_N_ELEMENTS(exchanges); i++) {
    const struct known *e = &exchanges[i];
    g_autoptr(aft_calendar) calendar = open_exchange(e->mic);
    g_assert_cmpint(aft_calendar_first(calendar), ==, day_of(e->first));
    g_assert_cmpint(aft_calendar_last(calendar), ==, day_of(e->last));
    g_assert_cmpstr(aft_calendar_zone(calendar), ==, e->zone);
    g_autofree char *name = g_strdup_printf("calendars/%s.csv", e->mic), *path = support_source(name);
    GError *error = NULL;
    g_autoptr(aft_csv) csv = aft_csv_open(path, &error);
    g_assert_no_error(error);
    aft_day day = day_of(e->first);
    const char *const *fields;
    int n_listed = 0;
    for (; aft_csv_next(csv, &fields, &error); n_listed++) {
      aft_day listed = day_of(fields[0]);
      g_assert_cmpint(listed, >=, day);
      for (; day < listed; day++) check_day(calendar, day, NULL);
      check_day(calendar, day++, fields[1]);
    }
    g_assert_no_error(error);
    for (; day <= day_of(e->last); day++) check_day(calendar, day, NULL);
    g_assert_cmpint(n_listed, ==, e->n_listed);
  }
}

static void assert_aligned(const aft_calendar *calendar, aft_millis instant, long session, enum aft_align_rule rule) {
  aft_stamp stamp = {.kind = AFT_STAMP_INSTANT, .day = AFT_DAY_NONE, .instant = instant};
  aft_alignment got;
  aft_calendar_align(calendar, &stamp, false, &got);
  g_assert_cmpint(got.session, ==, session);
  g_assert_cmpint(got.rule, ==, rule);
}

/*
 * The minutes about the closing and opening of every session whose hours are not the regular ones, in winter and in summer, as instants
 * that GLib makes of the wall clock; and one session a month besides.
 */
static void test_minutes(void) {
  int n_special = 0, n_summer = 0;
  for (size_t i = 0; i < G_N_ELEMENTS(exchanges); i++) {
    g_autoptr(aft_calendar) calendar = open_exchange(exchanges[i].mic);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(exchanges[i].zone);
    long n = (long)aft_calendar_n_sessions(calendar);
    for (long k = 0; k + 1 < n; k++) {
      const aft_session *session = aft_calendar_get_session(calendar, (size_t)k);
      bool special = aft_calendar_special_reason(calendar, session->day) != NULL;
      if (!special && k % 21 != 0) continue;
      int year, month, day;
      aft_day_to_ymd(session->day, &year, &month, &day);
      g_autoptr(GDateTime) open =
          g_date_time_new(zone, year, month, day, session->open_minute / 60, session->open_minute % 60, 0);
      g_autoptr(GDateTime) close =
          g_date_time_new(zone, year, month, day, session->close_minute / 60, session->close_minute % 60, 0);
      aft_millis opens = g_date_time_to_unix(open) * 1000, closes = g_date_time_to_unix(close) * 1000;
      assert_aligned(calendar, opens - 60000, k, AFT_ALIGN_PRE_OPEN);
      assert_aligned(calendar, opens, k, AFT_ALIGN_DURING);
      assert_aligned(calendar, closes - 60000, k, AFT_ALIGN_DURING);
      assert_aligned(calendar, closes, k + 1, AFT_ALIGN_AFTER_CLOSE);
      assert_aligned(calendar, closes + 60000, k + 1, AFT_ALIGN_AFTER_CLOSE);
      if (session->break_start >= 0) /* lunch is within the session */
        assert_aligned(calendar,
                       opens + ((session->break_start + session->break_end) / 2 - session->open_minute) * 60000, k,
                       AFT_ALIGN_DURING);
      n_special += special;
      n_summer += special && g_date_time_is_daylight_savings(close);
    }
  }
  /* Nothing may be left out unseen: 88 early closes in New York alone, 19 of them in July. */
  g_assert_cmpint(n_special, >, 400);
  g_assert_cmpint(n_summer, >, 15);
}

/* Nasdaq keeps New York's days. */
static void test_like(void) {
  g_autoptr(aft_calendar) new_york = open_exchange("XNYS");
  g_autoptr(aft_calendar) nasdaq = open_exchange("XNAS");
  g_assert_cmpstr(aft_calendar_name(nasdaq), ==, "Nasdaq Stock Market");
  g_assert_cmpstr(aft_calendar_mic(nasdaq), ==, "XNAS");
  g_assert_cmpuint(aft_calendar_n_sessions(nasdaq), ==, aft_calendar_n_sessions(new_york));
  for (size_t i = 0; i < aft_calendar_n_sessions(nasdaq); i++) {
    const aft_session *a = aft_calendar_get_session(nasdaq, i), *b = aft_calendar_get_session(new_york, i);
    g_assert_cmpint(a->open, ==, b->open);
    g_assert_cmpint(a->close, ==, b->close);
  }
}

/* Closures and hours whose names are known. */
static void test_reasons(void) {
  static const struct {
    const char *mic, *day, *closed, *special;
  } cases[] = {
      {"XLON", "2022-09-19", "state funeral of Elizabeth II", NULL},
      {"XLON", "2021-12-27", "Christmas Day", NULL}, /* the 25th was a Saturday, the 26th a Sunday */
      {"XLON", "2021-12-28", "Boxing Day", NULL},
      {"XLON", "2022-12-26", "Boxing Day", NULL}, /* the 25th was a Sunday: its day comes after Boxing Day */
      {"XLON", "2022-12-27", "Christmas Day", NULL},
      {"XLON", "2016-12-23", NULL, "Christmas Eve"}, /* the 24th was a Saturday */
      {"XETR", "2017-10-31", "500 years of the Reformation", NULL},
      {"XETR", "2022-10-03", NULL, NULL},
      {"XTKS", "2020-10-01", "failure of the trading system", NULL},
      {"XTKS", "2019-05-06", "Children's Day", NULL}, /* the 5th was a Sunday */
      {"XTKS", "2009-05-06", "Constitution Memorial Day",
       NULL}, /* the 3rd was a Sunday, the 4th and 5th holidays too */
      {"XTKS", "2009-01-05", NULL, "first session of the year"},
      {"XHKG", "2023-09-08", "black rainstorm", NULL},
      {"XHKG", "2024-02-09", NULL, "Lunar New Year's Eve"},
      {"XTAI", "2024-10-31", "typhoon", NULL},
      {"XTAI", "2018-12-22", NULL, "make-up session"},
      {"XKRX", "2025-06-03", "presidential election", NULL},
      {"XKRX", "2024-11-14", NULL, "university entrance examination"},
      {"XKRX", "2027-01-04", "after the calendar of XKRX, which is known until 2026-12-31", NULL},
      {"XTKS", "1996-12-30", "before the calendar of XTKS, which is known from 1997-01-01 on", NULL},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(aft_calendar) calendar = open_exchange(cases[i].mic);
    g_assert_cmpstr(aft_calendar_closed_reason(calendar, day_of(cases[i].day)), ==, cases[i].closed);
    g_assert_cmpstr(aft_calendar_special_reason(calendar, day_of(cases[i].day)), ==, cases[i].special);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/exchanges/days", test_days);
  g_test_add_func("/exchanges/minutes", test_minutes);
  g_test_add_func("/exchanges/like", test_like);
  g_test_add_func("/exchanges/reasons", test_reasons);
  return g_test_run();
}
