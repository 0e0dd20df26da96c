/* From a timestamp to the session that could first react to it. */
#include <aftershock/market/calendar.h>

#include "calendar_private.h"

#include <aftershock/base/zone.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Bytes of an abbreviation that are shown. */
enum { MOST_ABBREVIATION = 8 };

const char *aft_align_rule_name(enum aft_align_rule rule) {
  switch (rule) {
  case AFT_ALIGN_NONE: return "";
  case AFT_ALIGN_PRE_OPEN: return "pre_open";
  case AFT_ALIGN_DURING: return "during";
  case AFT_ALIGN_AFTER_CLOSE: return "after_close";
  case AFT_ALIGN_NON_SESSION: return "non_session";
  case AFT_ALIGN_DATE_ONLY: return "date_only";
  case AFT_ALIGN_DATE_ONLY_NEXT: return "date_only_next";
  case AFT_ALIGN_DATE_ONLY_NON_SESSION: return "date_only_non_session";
  }
  return "";
}

static char *put_two_digits(char *text, int value, char before) {
  text[0] = before;
  text[1] = (char)('0' + value / 10);
  text[2] = (char)('0' + value % 10);
  return text + 3;
}

/* "2025-01-19 22:46:07 EST"; the part of a second is cut off. By hand: a million events have a million of them. */
static void print_local(aft_millis local, const char *abbreviation, char *text, size_t size) {
  aft_day day = (aft_day)aft_floor_divide(local, AFT_MILLIS_PER_DAY);
  int seconds = (int)((local - (aft_millis)day * AFT_MILLIS_PER_DAY) / 1000);
  char *end = text + strlen(aft_day_print(day, text));
  end = put_two_digits(end, seconds / 3600, ' ');
  end = put_two_digits(end, seconds / 60 % 60, ':');
  end = put_two_digits(end, seconds % 60, ':');
  *end++ = ' ';
  g_strlcpy(end, abbreviation, MIN(size - (size_t)(end - text), (size_t)MOST_ABBREVIATION + 1));
}

static bool exists(const aft_calendar *calendar, long session) {
  return session >= 0 && (size_t)session < aft_calendar_n_sessions(calendar);
}

static void give_session(const aft_calendar *calendar, aft_alignment *alignment, enum aft_align_rule rule,
                         long session) {
  if (!exists(calendar, session)) {
    alignment->reason = aft_calendar_closed_reason(calendar, aft_calendar_last(calendar) + 1);
    return;
  }
  alignment->rule = rule;
  alignment->session = session;
}

static void align_day(const aft_calendar *calendar, aft_day day, bool date_next, aft_alignment *alignment) {
  long session = aft_calendar_find_session(calendar, day);
  if (session < 0) {
    give_session(calendar, alignment, AFT_ALIGN_DATE_ONLY_NON_SESSION, aft_calendar_find_next(calendar, day));
    return;
  }
  long used = date_next ? session + 1 : session, other = date_next ? session : session + 1;
  give_session(calendar, alignment, date_next ? AFT_ALIGN_DATE_ONLY_NEXT : AFT_ALIGN_DATE_ONLY, used);
  if (alignment->session >= 0 && exists(calendar, other)) alignment->other = other;
}

static void align_time(const aft_calendar *calendar, aft_day day, aft_millis time_of_day, bool to_the_minute,
                       aft_alignment *alignment) {
  long index = aft_calendar_find_session(calendar, day);
  if (index < 0) {
    give_session(calendar, alignment, AFT_ALIGN_NON_SESSION, aft_calendar_find_next(calendar, day));
    return;
  }
  const aft_session *session = aft_calendar_get_session(calendar, (size_t)index);
  aft_millis close = (aft_millis)session->close_minute * 60000;
  bool before = time_of_day < close;
  if (time_of_day < (aft_millis)session->open_minute * 60000)
    give_session(calendar, alignment, AFT_ALIGN_PRE_OPEN, index);
  else if (before)
    give_session(calendar, alignment, AFT_ALIGN_DURING, index);
  else
    give_session(calendar, alignment, AFT_ALIGN_AFTER_CLOSE, index + 1);
  bool near = to_the_minute && ABS(time_of_day - close) <= (aft_millis)AFT_NEAR_CLOSE_MINUTES * 60000;
  if (near && alignment->session >= 0 && exists(calendar, index + 1)) alignment->other = before ? index + 1 : index;
}

void aft_calendar_place(const aft_calendar *calendar, const aft_stamp *stamp, bool date_next,
                        aft_alignment *alignment) {
  alignment->rule = AFT_ALIGN_NONE;
  alignment->session = alignment->other = -1;
  alignment->wall = AFT_WALL_ONCE;
  alignment->local_time[0] = '\0';
  alignment->reason = NULL;
  aft_millis local = stamp->instant;
  aft_day day = stamp->day;
  switch (stamp->kind) {
  case AFT_STAMP_UNKNOWN: alignment->reason = "no usable time"; return;
  case AFT_STAMP_MONTH: alignment->reason = "no usable time: only the month is known"; return;
  case AFT_STAMP_DAY:
  case AFT_STAMP_LOCAL: break;
  case AFT_STAMP_INSTANT:
    local = aft_calendar_find_local(calendar, stamp->instant, NULL);
    day = (aft_day)aft_floor_divide(local, AFT_MILLIS_PER_DAY);
    break;
  }
  if (day < aft_calendar_first(calendar))
    alignment->reason = aft_calendar_closed_reason(calendar, day);
  else if (stamp->kind == AFT_STAMP_DAY)
    align_day(calendar, day, date_next, alignment);
  else
    align_time(calendar, day, local - (aft_millis)day * AFT_MILLIS_PER_DAY, stamp->precision == AFT_PRECISION_MINUTE,
               alignment);
}

void aft_calendar_align(const aft_calendar *calendar, const aft_stamp *stamp, bool date_next,
                        aft_alignment *alignment) {
  static const enum aft_wall_clock shown[] = {AFT_WALL_NEVER, AFT_WALL_ONCE, AFT_WALL_TWICE};
  GTimeZone *zone = aft_calendar_get_zone(calendar);
  const char *abbreviation = "";
  aft_millis local = stamp->instant, instant[2];
  aft_calendar_place(calendar, stamp, date_next, alignment);
  switch (stamp->kind) {
  case AFT_STAMP_UNKNOWN: return;
  case AFT_STAMP_MONTH:
    aft_day_print(stamp->day, alignment->local_time);
    alignment->local_time[strlen("YYYY-MM")] = '\0';
    return;
  case AFT_STAMP_DAY: aft_day_print(stamp->day, alignment->local_time); return;
  case AFT_STAMP_LOCAL:
    alignment->wall = shown[aft_zone_find_instants(zone, local, instant)];
    aft_zone_to_utc(zone, local, &abbreviation);
    break;
  case AFT_STAMP_INSTANT: local = aft_calendar_find_local(calendar, stamp->instant, &abbreviation); break;
  }
  print_local(local, abbreviation, alignment->local_time, sizeof alignment->local_time);
}
