/* market/align: timestamps to sessions, with the rule, the local time and the reason. */
#include "support/support.h"

#include "market/calendar_private.h"

#include <aftershock/base/zone.h>
#include <aftershock/market/calendar.h>

#include <string.h>

#include <aftershock/base/banned.h>

struct align_case {
  const char *published;
  bool date_next;
  const char *session; /* "" when there is none */
  const char *rule, *local_time;
  const char *reason; /* NULL when there is a session */
};

static void check(const struct align_case *cases, size_t n) {
  GError *error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  for (size_t i = 0; i < n; i++) {
    aft_stamp stamp;
    aft_alignment got;
    char session[AFT_DAY_TEXT] = "", local[AFT_LOCAL_TEXT];
    g_assert_true(aft_stamp_parse(cases[i].published, &stamp, NULL));
    memset(&got, 0x5a, sizeof got); /* what was there before must not show through */
    const char *reason = aft_calendar_align(calendar, &stamp, cases[i].date_next, &got);
    if (got.session >= 0) aft_day_print(aft_calendar_get_session(calendar, (size_t)got.session)->day, session);
    g_test_message("%s", cases[i].published);
    g_assert_cmpstr(session, ==, cases[i].session);
    g_assert_cmpstr(aft_align_rule_name(got.rule), ==, cases[i].rule);
    g_assert_cmpstr(aft_calendar_print_local(calendar, &stamp, local), ==, cases[i].local_time);
    g_assert_cmpstr(reason, ==, cases[i].reason);
  }
}
#define CHECK(cases) check((cases), G_N_ELEMENTS(cases))

/* Holidays, half days and offsets; sessions and rules by an independent reference, local times by hand. */
static void test_clock(void) {
  static const struct align_case cases[] = {
      {"2025-01-20T03:46:07Z", false, "2025-01-21", "non_session", "2025-01-19 22:46:07 EST", NULL},
      {"2024-11-29T17:59:59Z", false, "2024-11-29", "during", "2024-11-29 12:59:59 EST", NULL},
      {"2024-11-29T18:00:00Z", false, "2024-12-02", "after_close", "2024-11-29 13:00:00 EST", NULL},
      {"2024-07-03T13:05:00-04:00", false, "2024-07-05", "after_close", "2024-07-03 13:05:00 EDT", NULL},
      {"2025-01-09T15:00:00Z", false, "2025-01-10", "non_session", "2025-01-09 10:00:00 EST", NULL},
      {"2024-03-29T12:00:00Z", false, "2024-04-01", "non_session", "2024-03-29 08:00:00 EDT", NULL},
      {"2024-11-01T20:30:00+09:00", false, "2024-11-01", "pre_open", "2024-11-01 07:30:00 EDT", NULL},
      {"2024-12-24", false, "2024-12-24", "date_only", "2024-12-24", NULL},
  };
  CHECK(cases);
}

/* Articles of 27 January 2025, checked by hand. */
static void test_deepseek(void) {
  static const struct align_case cases[] = {
      {"2025-01-25T15:30:25Z", false, "2025-01-27", "non_session", "2025-01-25 10:30:25 EST", NULL},
      {"2025-01-27T12:28:25Z", false, "2025-01-27", "pre_open", "2025-01-27 07:28:25 EST", NULL},
      {"2025-01-27T20:22:32Z", false, "2025-01-27", "during", "2025-01-27 15:22:32 EST", NULL},
      {"2025-01-27T21:11:09Z", false, "2025-01-28", "after_close", "2025-01-27 16:11:09 EST", NULL},
      {"2025-02-06", false, "2025-02-06", "date_only", "2025-02-06", NULL},
      {"2025-02-06", true, "2025-02-07", "date_only_next", "2025-02-06", NULL},
  };
  CHECK(cases);
}

/* The last millisecond before and the first of each part of the day; a Friday, so that "next" crosses a weekend. */
static void test_boundaries(void) {
  static const struct align_case cases[] = {
      {"2025-01-24T00:00:00", false, "2025-01-24", "pre_open", "2025-01-24 00:00:00 EST", NULL},
      {"2025-01-24T09:29:59.999", false, "2025-01-24", "pre_open", "2025-01-24 09:29:59 EST", NULL},
      {"2025-01-24T09:30", false, "2025-01-24", "during", "2025-01-24 09:30:00 EST", NULL},
      {"2025-01-24T15:59:59.999", false, "2025-01-24", "during", "2025-01-24 15:59:59 EST", NULL},
      {"2025-01-24T16:00:00", false, "2025-01-27", "after_close", "2025-01-24 16:00:00 EST", NULL},
      {"2025-01-24T23:59:59.999", false, "2025-01-27", "after_close", "2025-01-24 23:59:59 EST", NULL},
      {"2025-01-25T00:00:00", false, "2025-01-27", "non_session", "2025-01-25 00:00:00 EST", NULL},
      {"2025-01-24T20:59:59.999Z", false, "2025-01-24", "during", "2025-01-24 15:59:59 EST", NULL},
      {"2025-01-24T21:00:00Z", false, "2025-01-27", "after_close", "2025-01-24 16:00:00 EST", NULL},
      {"2025-01-25T04:59:59Z", false, "2025-01-27", "after_close", "2025-01-24 23:59:59 EST", NULL},
      /* The policy for dates does not touch stamps with a time. */
      {"2025-01-24T10:00:00", true, "2025-01-24", "during", "2025-01-24 10:00:00 EST", NULL},
      {"2025-01-25", false, "2025-01-27", "date_only_non_session", "2025-01-25", NULL},
      {"2025-01-25", true, "2025-01-27", "date_only_non_session", "2025-01-25", NULL},
      {"2025-01-24", true, "2025-01-27", "date_only_next", "2025-01-24", NULL},
      {"2001-09-11T12:46:00Z", false, "2001-09-17", "non_session", "2001-09-11 08:46:00 EDT", NULL},
  };
  CHECK(cases);
}

#define BEFORE "before the calendar of XNYS, which is known from 1990-01-01 on"
#define AFTER "after the calendar of XNYS, which is known until 2030-12-31"

static void test_no_session(void) {
  static const struct align_case cases[] = {
      {"", false, "", "", "", "no usable time"},
      {"2025-01", false, "", "", "2025-01", "no usable time: only the month is known"},
      {"1989-12-29T15:00:00Z", false, "", "", "1989-12-29 10:00:00 EST", BEFORE},
      {"1990-01-01T04:59:59Z", false, "", "", "1989-12-31 23:59:59 EST", BEFORE},
      {"1990-01-01T05:00:00Z", false, "1990-01-02", "non_session", "1990-01-01 00:00:00 EST", NULL},
      {"1989-12-31", false, "", "", "1989-12-31", BEFORE},
      {"2030-12-31T20:59:59Z", false, "2030-12-31", "during", "2030-12-31 15:59:59 EST", NULL},
      {"2030-12-31T21:00:00Z", false, "", "", "2030-12-31 16:00:00 EST", AFTER},
      {"2030-12-31", false, "2030-12-31", "date_only", "2030-12-31", NULL},
      {"2030-12-31", true, "", "", "2030-12-31", AFTER},
      {"2031-01-02", false, "", "", "2031-01-02", AFTER},
      {"2200-07-01T16:00:00Z", false, "", "", "2200-07-01 12:00:00 EDT", AFTER},
      /* A millisecond before a switch, before 1970: rounding towards zero would put it behind the switch. */
      {"1969-04-27T06:59:59.999Z", false, "", "", "1969-04-27 01:59:59 EST", BEFORE},
      /* Local mean time, before standard time began on 18 November 1883. */
      {"1850-06-01T12:00:00Z", false, "", "", "1850-06-01 07:03:58 LMT", BEFORE},
  };
  CHECK(cases);
}

/* Clocks went 01:59:59 EST -> 03:00 EDT on 2025-03-09 and 01:59:59 EDT -> 01:00 EST on 2025-11-02. */
static void test_daylight_saving(void) {
  static const struct align_case cases[] = {
      {"2025-03-09T06:59:59Z", false, "2025-03-10", "non_session", "2025-03-09 01:59:59 EST", NULL},
      {"2025-03-09T07:00:00Z", false, "2025-03-10", "non_session", "2025-03-09 03:00:00 EDT", NULL},
      {"2025-11-02T05:30:00Z", false, "2025-11-03", "non_session", "2025-11-02 01:30:00 EDT", NULL},
      {"2025-11-02T06:30:00Z", false, "2025-11-03", "non_session", "2025-11-02 01:30:00 EST", NULL},
      {"2025-03-09 01:59:59", false, "2025-03-10", "non_session", "2025-03-09 01:59:59 EST", NULL},
      {"2025-03-09 02:30:00", false, "2025-03-10", "non_session", "2025-03-09 02:30:00 EST", NULL}, /* skipped */
      {"2025-03-09 03:00:00", false, "2025-03-10", "non_session", "2025-03-09 03:00:00 EDT", NULL},
      {"2025-11-02 00:59:59", false, "2025-11-03", "non_session", "2025-11-02 00:59:59 EDT", NULL},
      {"2025-11-02 01:30:00", false, "2025-11-03", "non_session", "2025-11-02 01:30:00 EDT", NULL}, /* shown twice */
      {"2025-11-02 02:00:00", false, "2025-11-03", "non_session", "2025-11-02 02:00:00 EST", NULL},
      {"2025-07-01 12:00:00", false, "2025-07-01", "during", "2025-07-01 12:00:00 EDT", NULL},
  };
  CHECK(cases);
}

/* What is not known about a time, and the session that it may belong to as well. */
static void test_ambiguous(void) {
  static const struct {
    const char *mic, *published;
    bool date_next;
    const char *session, *other; /* "" when the session is certain */
    enum aft_wall_clock wall;
  } cases[] = {
      {"XNYS", "2025-02-06", false, "2025-02-06", "2025-02-07", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06", true, "2025-02-07", "2025-02-06", AFT_WALL_ONCE},
      {"XNYS", "2025-02-08", false, "2025-02-10", "", AFT_WALL_ONCE}, /* a Saturday: Monday, whatever the hour */
      {"XNYS", "2025-02-06 15:54", false, "2025-02-06", "", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 15:55", false, "2025-02-06", "2025-02-07", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 15:59", false, "2025-02-06", "2025-02-07", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 16:00", false, "2025-02-07", "2025-02-06", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 16:05", false, "2025-02-07", "2025-02-06", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 16:06", false, "2025-02-07", "", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 15:59:59", false, "2025-02-06", "", AFT_WALL_ONCE}, /* known to the second */
      {"XNYS", "2025-02-06T20:58Z", false, "2025-02-06", "2025-02-07", AFT_WALL_ONCE},
      {"XNYS", "2024-11-29 12:57", false, "2024-11-29", "2024-12-02", AFT_WALL_ONCE}, /* closes at 13:00 */
      {"XNYS", "2024-11-29 15:59", false, "2024-12-02", "", AFT_WALL_ONCE},
      {"XNYS", "2025-02-06 09:29", false, "2025-02-06", "", AFT_WALL_ONCE}, /* the opening decides nothing */
      {"XNYS", "2025-03-09 02:30", false, "2025-03-10", "", AFT_WALL_NEVER},
      {"XNYS", "2025-11-02 01:30", false, "2025-11-03", "", AFT_WALL_TWICE},
      {"XNYS", "2025-11-02T05:30Z", false, "2025-11-03", "", AFT_WALL_ONCE},
      {"XNYS", "2030-12-31", false, "2030-12-31", "", AFT_WALL_ONCE},       /* the calendar has no next session */
      {"XTKS", "2024-11-05 12:00", false, "2024-11-05", "", AFT_WALL_ONCE}, /* lunch */
      {"XTKS", "2024-11-01 15:01", false, "2024-11-05", "2024-11-01", AFT_WALL_ONCE},
      {"XTKS", "2024-11-05 15:01", false, "2024-11-05", "", AFT_WALL_ONCE},    /* the close had moved to 15:30 */
      {"XTAI", "2018-12-21", true, "2018-12-22", "2018-12-21", AFT_WALL_ONCE}, /* a Saturday that was worked */
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(aft_calendar) calendar = aft_calendar_new(cases[i].mic, NULL);
    aft_stamp stamp;
    aft_alignment got;
    char day[AFT_DAY_TEXT];
    g_test_message("%s %s", cases[i].mic, cases[i].published);
    g_assert_true(aft_stamp_parse(cases[i].published, &stamp, NULL));
    aft_calendar_align(calendar, &stamp, cases[i].date_next, &got);
    g_assert_cmpstr(aft_day_print(aft_calendar_get_day(calendar, got.session), day), ==, cases[i].session);
    if (got.other >= 0)
      g_assert_cmpstr(aft_day_print(aft_calendar_get_day(calendar, got.other), day), ==, cases[i].other);
    g_assert_cmpint(got.other >= 0, ==, cases[i].other[0] != '\0');
    g_assert_cmpint(got.wall, ==, cases[i].wall);
  }
}

/* The table of offsets against the data base, at random instants of every exchange and about every switch of the clocks. */
static void test_find_local(void) {
  static const char *const mics[] = {"XNYS", "XLON", "XTKS"};
  for (size_t i = 0; i < G_N_ELEMENTS(mics); i++) {
    g_autoptr(aft_calendar) calendar = aft_calendar_new(mics[i], NULL);
    aft_millis first = (aft_millis)(aft_calendar_first(calendar) - 3) * AFT_MILLIS_PER_DAY;
    aft_millis last = (aft_millis)(aft_calendar_last(calendar) + 3) * AFT_MILLIS_PER_DAY;
    /* A millisecond short of half an hour: all of a day's. */
    for (aft_millis instant = first; instant < last; instant += 1799999) {
      const char *abbreviation, *expected;
      aft_millis local = aft_zone_to_local(aft_calendar_get_zone(calendar), instant, NULL, &expected);
      if (aft_calendar_find_local(calendar, instant, &abbreviation) != local || strcmp(abbreviation, expected) != 0)
        g_error("%s: %" G_GINT64_FORMAT, mics[i], instant);
    }
  }
}

/* Wall clock to instant: the rule for skipped and repeated times, and the round trip of all others, every half hour. */
static void test_zone_round_trip(void) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  aft_stamp stamp;
  g_assert_true(aft_stamp_parse("2025-03-09 02:30:00", &stamp, NULL));
  aft_millis skipped = aft_zone_to_utc(zone, stamp.instant, NULL);
  g_assert_cmpint(skipped - stamp.instant, ==, 5 * 3600000);
  g_assert_cmpint(aft_zone_to_local(zone, skipped, NULL, NULL) - stamp.instant, ==, 3600000);
  g_assert_true(aft_stamp_parse("2025-11-02 01:30:00", &stamp, NULL));
  g_assert_cmpint(aft_zone_to_utc(zone, stamp.instant, NULL) - stamp.instant, ==, 4 * 3600000);

  aft_millis instant = (aft_millis)aft_day_from_ymd(2025, 1, 1) * AFT_MILLIS_PER_DAY;
  int repeated = 0;
  for (; instant < (aft_millis)aft_day_from_ymd(2026, 1, 1) * AFT_MILLIS_PER_DAY; instant += 1800000) {
    aft_millis back = aft_zone_to_utc(zone, aft_zone_to_local(zone, instant, NULL, NULL), NULL);
    if (back != instant) {
      g_assert_cmpint(instant - back, ==, 3600000); /* the second showing of an hour reads as the first */
      repeated++;
    }
  }
  g_assert_cmpint(repeated, ==, 2);
}

/* Whether clocks show a time once is mostly told by the calendar's own table: every half hour, against the time-zone data. */
static void test_walls(void) {
  const char *const mics[] = {"XNYS", "XLON", "XTKS", "XETR"};
  for (size_t i = 0; i < G_N_ELEMENTS(mics); i++) {
    g_autoptr(aft_calendar) calendar = aft_calendar_new(mics[i], NULL);
    g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(aft_calendar_zone(calendar));
    const enum aft_wall_clock shown[] = {AFT_WALL_NEVER, AFT_WALL_ONCE, AFT_WALL_TWICE};
    aft_millis first = aft_day_from_ymd(2023, 1, 1) * AFT_MILLIS_PER_DAY;
    for (int half = 0; half < 2 * 24 * 800; half++) {
      aft_stamp stamp = {.kind = AFT_STAMP_LOCAL, .precision = AFT_PRECISION_SECOND};
      aft_alignment got;
      aft_millis instant[2];
      stamp.instant = first + (aft_millis)half * 1800000;
      stamp.day = (aft_day)(stamp.instant / AFT_MILLIS_PER_DAY);
      aft_calendar_align(calendar, &stamp, false, &got);
      g_assert_cmpint(got.wall, ==, shown[aft_zone_find_instants(zone, stamp.instant, instant)]);
    }
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/align/clock", test_clock);
  g_test_add_func("/align/deepseek", test_deepseek);
  g_test_add_func("/align/boundaries", test_boundaries);
  g_test_add_func("/align/no-session", test_no_session);
  g_test_add_func("/align/ambiguous", test_ambiguous);
  g_test_add_func("/align/find-local", test_find_local);
  g_test_add_func("/align/daylight-saving", test_daylight_saving);
  g_test_add_func("/align/zone-round-trip", test_zone_round_trip);
  g_test_add_func("/align/walls", test_walls);
  return g_test_run();
}
