/* Timestamps as they come: what they say, and how precisely. */
#ifndef AFTERSHOCK_BASE_STAMP_H
#define AFTERSHOCK_BASE_STAMP_H

#include <aftershock/base/clock.h>

/* What a timestamp says: nothing, a month, a day, a wall-clock time without zone, or an instant. */
enum aft_stamp_kind { AFT_STAMP_UNKNOWN, AFT_STAMP_MONTH, AFT_STAMP_DAY, AFT_STAMP_LOCAL, AFT_STAMP_INSTANT };

/* How precisely. */
enum aft_precision {
  AFT_PRECISION_UNKNOWN,
  AFT_PRECISION_MONTH,
  AFT_PRECISION_DAY,
  AFT_PRECISION_MINUTE,
  AFT_PRECISION_SECOND
};
const char *aft_precision_name(enum aft_precision precision); /* "minute" */

typedef struct aft_stamp {
  enum aft_stamp_kind kind : 8; /* bytes, as there are millions of stamps */
  enum aft_precision precision : 8;
  aft_day day;        /* MONTH: its first; DAY: that day; LOCAL: the local day; INSTANT: the UTC day */
  aft_millis instant; /* INSTANT: UTC; LOCAL: as if the wall clock were UTC; else 0 */
} aft_stamp;

/* Whether a stamp can be placed among days. */
static inline bool aft_stamp_is_dated(const aft_stamp *stamp) { return stamp->kind >= AFT_STAMP_DAY; }

/*
 * Parses a timestamp, from the first byte to the last:
 *
 *   ISO 8601     2025-01-20, 20250120, 2025-01; a day, T or a blank, and 03:46[:07[.125]]; 20250120T034607, 20250120034607
 *     then       nothing (local time), Z, +01:00, +0100, +01, or after a blank a zone: America/New_York, UTC, EST
 *   RFC 822      [Mon, ]20 Jan 2025 03:46[:07] GMT
 *   epoch        9 or 10 digits: seconds since 1970, with a fraction or without; 13: milliseconds
 *   nothing      UNKNOWN
 *
 * Abbreviations of zones are those of RFC 822, others are refused: several zones share them. A time in a named zone that its clocks
 * skip or show twice is refused with the offsets that it may mean. Leap second 60 is read as 59.999; the fraction is cut to
 * milliseconds. Years 1800..2200 only.
 *
 * Fails with AFT_BASE_ERROR_FORMAT; the message continues a sentence that begins with the text: "is not a time (write ...)".
 * stamp is untouched on failure.
 */
bool aft_stamp_parse(const char *text, aft_stamp *stamp, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
