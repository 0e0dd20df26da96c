/* Days and instants. No local time here: it is in base/zone, and that of exchanges in market/calendar. */
#ifndef AFTERSHOCK_BASE_CLOCK_H
#define AFTERSHOCK_BASE_CLOCK_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef int32_t aft_day;    /* days since 1970-01-01, proleptic Gregorian */
typedef int64_t aft_millis; /* milliseconds since 1970-01-01T00:00:00Z, without leap seconds */

#define AFT_DAY_NONE INT32_MIN
#define AFT_MILLIS_PER_DAY INT64_C(86400000)

enum aft_weekday { AFT_MONDAY, AFT_TUESDAY, AFT_WEDNESDAY, AFT_THURSDAY, AFT_FRIDAY, AFT_SATURDAY, AFT_SUNDAY };

/* Day of a proleptic Gregorian date; the caller gives a valid date (month 1..12). */
aft_day aft_day_from_ymd(int year, int month, int day);
void aft_day_to_ymd(aft_day day, int *year, int *month, int *day_of_month);
enum aft_weekday aft_day_weekday(aft_day day);
/* Place of the first of n rising days on the day or after it; n when there is none. Cost O(log n). */
size_t aft_day_find(const aft_day *days, size_t n, aft_day day);

/*
 * Parses YYYY-MM-DD, or YYYYMMDD when compact is allowed by the text's length (8 digits).
 * text need not be NUL-terminated. Returns false for anything else, impossible dates included;
 * years 1800..2200 only, so that a garbled year is caught.
 */
bool aft_day_parse(const char *text, size_t length, aft_day *day) G_GNUC_WARN_UNUSED_RESULT;

/* Writes YYYY-MM-DD and NUL into buffer and returns it. */
#define AFT_DAY_TEXT 16
char *aft_day_print(aft_day day, char buffer[AFT_DAY_TEXT]);
size_t aft_day_write(aft_day day, char buffer[AFT_DAY_TEXT]); /* the same; returns its length */

/* Writes YYYY-MM-DDTHH:MM:SS[.mmm]Z (milliseconds only when there are any). */
#define AFT_MILLIS_TEXT 32
char *aft_millis_print(aft_millis instant, char buffer[AFT_MILLIS_TEXT]);

#endif
