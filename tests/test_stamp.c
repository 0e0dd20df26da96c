/* base/stamp: timestamps as they come, what they mean and how precisely, and what is refused with which advice. */
#include "support/support.h"

#include <aftershock/base/stamp.h>

#include <aftershock/base/banned.h>

/* kind, precision and instant of a text; the instants by hand. */
struct good {
  const char *text;
  enum aft_stamp_kind kind;
  enum aft_precision precision;
  const char *instant;
};

static void check(const struct good *good, size_t n) {
  char text[AFT_MILLIS_TEXT];
  for (size_t i = 0; i < n; i++) {
    aft_stamp stamp;
    GError *error = NULL;
    g_test_message("%s", good[i].text);
    bool ok = aft_stamp_parse(good[i].text, &stamp, &error);
    g_assert_no_error(error);
    g_assert_true(ok);
    g_assert_cmpint(stamp.kind, ==, good[i].kind);
    g_assert_cmpint(stamp.precision, ==, good[i].precision);
    g_assert_cmpstr(aft_millis_print(stamp.instant, text), ==, good[i].instant);
  }
}
#define CHECK(good) check((good), G_N_ELEMENTS(good))

#define INSTANT AFT_STAMP_INSTANT
#define LOCAL AFT_STAMP_LOCAL
#define SECOND AFT_PRECISION_SECOND
#define MINUTE AFT_PRECISION_MINUTE

static void test_iso(void) {
  static const struct good good[] = {
      {"2025-01-20T03:46:07Z", INSTANT, SECOND, "2025-01-20T03:46:07Z"},
      {"2025-01-19T22:46:07-05:00", INSTANT, SECOND, "2025-01-20T03:46:07Z"},
      {"2025-01-20 12:46+0900", INSTANT, MINUTE, "2025-01-20T03:46:00Z"},
      {"2025-01-20T12:46:07.1259+09", INSTANT, SECOND, "2025-01-20T03:46:07.125Z"},
      {"2025-01-20t03:46:07,5z", INSTANT, SECOND, "2025-01-20T03:46:07.500Z"},
      {"2025-01-20T03:46:07", LOCAL, SECOND, "2025-01-20T03:46:07Z"},
      {"2025-01-20 03:46", LOCAL, MINUTE, "2025-01-20T03:46:00Z"},
      {"2016-12-31T23:59:60Z", INSTANT, SECOND, "2016-12-31T23:59:59.999Z"},
      {"1969-12-31T23:59:59.5Z", INSTANT, SECOND, "1969-12-31T23:59:59.500Z"},
      {"2025-01-20", AFT_STAMP_DAY, AFT_PRECISION_DAY, "1970-01-01T00:00:00Z"},
      {"2025-01", AFT_STAMP_MONTH, AFT_PRECISION_MONTH, "1970-01-01T00:00:00Z"},
      {"", AFT_STAMP_UNKNOWN, AFT_PRECISION_UNKNOWN, "1970-01-01T00:00:00Z"},
      {"20250120", AFT_STAMP_DAY, AFT_PRECISION_DAY, "1970-01-01T00:00:00Z"},
      {"20250120T034607Z", INSTANT, SECOND, "2025-01-20T03:46:07Z"},
      {"20250120T0346+0100", INSTANT, MINUTE, "2025-01-20T02:46:00Z"},
      {"20250120T034607.25", LOCAL, SECOND, "2025-01-20T03:46:07.250Z"},
      {"20250120034607", LOCAL, SECOND, "2025-01-20T03:46:07Z"},
      {"20250120034607Z", INSTANT, SECOND, "2025-01-20T03:46:07Z"},
  };
  CHECK(good);
}

/* Zones behind a blank: names of the data base, in winter and in summer, and what RFC 822 abbreviates. */
static void test_zones(void) {
  static const struct good good[] = {
      {"2025-01-27 07:28 America/New_York", INSTANT, MINUTE, "2025-01-27T12:28:00Z"},
      {"2025-07-01T09:30:00 America/New_York", INSTANT, SECOND, "2025-07-01T13:30:00Z"},
      {"2025-07-01 09:30 Asia/Tokyo", INSTANT, MINUTE, "2025-07-01T00:30:00Z"},
      {"2025-07-01 09:30 Europe/London", INSTANT, MINUTE, "2025-07-01T08:30:00Z"},
      {"2025-07-01 09:30 America/Argentina/Buenos_Aires", INSTANT, MINUTE, "2025-07-01T12:30:00Z"},
      {"2025-01-27 07:28 UTC", INSTANT, MINUTE, "2025-01-27T07:28:00Z"},
      {"2025-01-27 07:28:01 GMT", INSTANT, SECOND, "2025-01-27T07:28:01Z"},
      {"2025-01-27 07:28 EST", INSTANT, MINUTE, "2025-01-27T12:28:00Z"},
      {"2025-07-01 07:28 EST", INSTANT, MINUTE, "2025-07-01T12:28:00Z"}, /* EST is -05:00 in summer too */
      {"2025-07-01 07:28 pdt", INSTANT, MINUTE, "2025-07-01T14:28:00Z"},
      {"2025-01-27 07:28 -0500", INSTANT, MINUTE, "2025-01-27T12:28:00Z"},
      {"2025-01-27 07:28 Z", INSTANT, MINUTE, "2025-01-27T07:28:00Z"},
      {"20250127T0728 Asia/Kolkata", INSTANT, MINUTE, "2025-01-27T01:58:00Z"},
  };
  CHECK(good);
}

static void test_rfc822(void) {
  static const struct good good[] = {
      {"Mon, 27 Jan 2025 12:28:25 GMT", INSTANT, SECOND, "2025-01-27T12:28:25Z"},
      {"Mon, 27 Jan 2025 07:28:25 -0500", INSTANT, SECOND, "2025-01-27T12:28:25Z"},
      {"27 Jan 2025 07:28 EST", INSTANT, MINUTE, "2025-01-27T12:28:00Z"},
      {"Sat, 1 Feb 25 00:00:00 UT", INSTANT, SECOND, "2025-02-01T00:00:00Z"},
      {"1 Feb 99 00:00 Z", INSTANT, MINUTE, "1999-02-01T00:00:00Z"},
      {"mon, 27 JAN 2025 07:28:25 Europe/Paris", INSTANT, SECOND, "2025-01-27T06:28:25Z"},
      {"Mon, 27 Jan 2025 07:28:25", LOCAL, SECOND, "2025-01-27T07:28:25Z"},
  };
  CHECK(good);
}

static void test_epoch(void) {
  static const struct good good[] = {
      {"1737980905", INSTANT, SECOND, "2025-01-27T12:28:25Z"},
      {"1737980905.25", INSTANT, SECOND, "2025-01-27T12:28:25.250Z"},
      {"1737980905.123456789", INSTANT, SECOND, "2025-01-27T12:28:25.123Z"},
      {"1737980905123", INSTANT, SECOND, "2025-01-27T12:28:25.123Z"},
      {"999999999", INSTANT, SECOND, "2001-09-09T01:46:39Z"},
  };
  CHECK(good);
}

#define NO_TIME "is not a time (write 2025-01-20T03:46:07Z, with an offset, or a date alone)"
#define NO_NUMBER \
  "is a number that may mean several things (seconds since 1970 have 9 or 10 digits, milliseconds 13, " \
  "YYYYMMDD 8, YYYYMMDDHHMMSS 14; else write 2025-01-20T03:46)"

static void test_refused(void) {
  static const struct {
    const char *text, *message;
  } bad[] = {
      {"2025-01-20T", NO_TIME},
      {"2025-01-20T3:46", NO_TIME},
      {"2025-01-20T24:00:00Z", NO_TIME},
      {"2025-01-20T03:60Z", NO_TIME},
      {"2025-01-20T03:46:07EST", NO_TIME},
      {"20 January 2025", NO_TIME},
      {"2025-13", NO_TIME},
      {"2025", NO_TIME},
      {"2025-1", NO_TIME},
      {"2025-02-29", NO_TIME},
      {"2025-01-20T03:46:07+", NO_TIME},
      {"2025-01-20T03:46:07+5", NO_TIME},
      {"2025-01-20T03:46:07+05:", NO_TIME},
      {"2025-01-20T03:46:07.Z", NO_TIME},
      {"2025-01-20T03:46:07Zz", NO_TIME},
      {"2025-01-20T03:46:07+15:00", NO_TIME},
      {"2025-01-20 03:46 ", NO_TIME},
      {"2025-01-20  03:46", NO_TIME},
      {" 2025-01-20", NO_TIME},
      {"Mon 27 Jan 2025 12:28 GMT", NO_TIME},
      {"Mon, 27 Foo 2025 12:28 GMT", NO_TIME},
      {"27 Jan 2025", NO_TIME},
      {"31 Feb 2025 12:28 GMT", NO_TIME},
      {"-1737980905", NO_TIME},
      {"1737980905.", NO_NUMBER},
      {"202501200346", NO_NUMBER}, /* a minute, or milliseconds of 1976 */
      {"202501", NO_NUMBER},
      {"1737980905123456", NO_NUMBER},
      {"20259999", NO_NUMBER},
      {"99999999999999", NO_NUMBER},
      {"9999999999999", NO_TIME}, /* the year 2286 */
      {"Tue, 27 Jan 2025 12:28 GMT", "says Tue, but 2025-01-27 is a Mon (one of them is wrong)"},
      {"2025-01-20 03:46 JST", "ends in \"JST\", an abbreviation that zones share or that hides the season (write the "
                               "offset, e.g. +09:00, or the zone, e.g. Asia/Tokyo)"},
      {"2025-01-20 03:46 Asia/Tokio", "names the zone \"Asia/Tokio\", which the time-zone data do not have (e.g. "
                                      "America/New_York; they are in the package tzdata)"},
      {"2025-03-09 02:30 America/New_York",
       "does not exist: clocks of America/New_York skip it (write the offset that is "
       "meant, -05:00 or -04:00)"},
      {"2025-11-02 01:30 America/New_York",
       "is shown twice by clocks of America/New_York (write the offset: -04:00 for the "
       "first time, -05:00 for the second)"},
      {"2025-03-30 02:30 Europe/Berlin",
       "does not exist: clocks of Europe/Berlin skip it (write the offset that is meant, +01:00 or +02:00)"},
      {"2025-01-20 03:46 ../etc/passwd", NO_TIME},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
    aft_stamp stamp = {.kind = AFT_STAMP_LOCAL};
    GError *error = NULL;
    g_test_message("%s", bad[i].text);
    g_assert_false(aft_stamp_parse(bad[i].text, &stamp, &error));
    assert_error(&error, bad[i].message);
    g_assert_cmpint(stamp.kind, ==, AFT_STAMP_LOCAL);
  }
  g_autofree char *endless = g_strnfill(200, '2');
  aft_stamp stamp;
  GError *error = NULL;
  g_assert_false(aft_stamp_parse(endless, &stamp, &error));
  assert_error(&error, "is longer than 128 bytes");
}

/* Every hour that New York's clocks show in a year, written with its zone's name, comes back as the instant it was. */
static void test_round_trip(void) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier("America/New_York");
  int refused = 0;
  for (gint64 second = 1735689600 + 900; second < 1767225600; second += 3600) {
    g_autoptr(GDateTime) utc = g_date_time_new_from_unix_utc(second);
    g_autoptr(GDateTime) local = g_date_time_to_timezone(utc, zone);
    g_autofree char *text = g_date_time_format(local, "%Y-%m-%d %H:%M:%S America/New_York");
    aft_stamp stamp;
    if (aft_stamp_parse(text, &stamp, NULL))
      g_assert_cmpint(stamp.instant, ==, second * 1000);
    else
      refused++;
  }
  g_assert_cmpint(refused, ==, 2); /* the hour that is shown twice */
}

/* The plainest form has a way of its own: it says what the same time says with an offset, and is refused where that is. */
static void test_plain(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(19);
  for (int i = 0; i < 200000; i++) {
    char plain[40], offset[40];
    aft_stamp got, told;
    g_snprintf(plain, sizeof plain, "%04d-%02d-%02dT%02d:%02d:%02dZ", g_rand_int_range(draws, 1790, 2210),
               g_rand_int_range(draws, 0, 14), g_rand_int_range(draws, 0, 33), g_rand_int_range(draws, 0, 26),
               g_rand_int_range(draws, 0, 62), g_rand_int_range(draws, 0, 62));
    if (i % 7 == 0) plain[g_rand_int_range(draws, 0, 20)] = "x:-T9 Z.+"[g_rand_int_range(draws, 0, 9)];
    bool at_end = plain[19] == 'Z';
    g_snprintf(offset, sizeof offset, "%.19s+00:00", plain);
    bool ok = aft_stamp_parse(plain, &got, NULL);
    if (!at_end) continue;
    g_assert_true(ok == aft_stamp_parse(offset, &told, NULL));
    if (ok)
      g_assert_true(got.kind == told.kind && got.precision == told.precision && got.day == told.day &&
                    got.instant == told.instant);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/stamp/iso", test_iso);
  g_test_add_func("/stamp/zones", test_zones);
  g_test_add_func("/stamp/rfc822", test_rfc822);
  g_test_add_func("/stamp/epoch", test_epoch);
  g_test_add_func("/stamp/refused", test_refused);
  g_test_add_func("/stamp/round-trip", test_round_trip);
  g_test_add_func("/stamp/plain", test_plain);
  return g_test_run();
}
