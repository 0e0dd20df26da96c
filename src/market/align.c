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
static void print_clock(aft_millis local, const char *abbreviation, char text[AFT_LOCAL_TEXT]) {
  aft_day day = (aft_day)aft_floor_divide(local, AFT_MILLIS_PER_DAY);
  int seconds = (int)((local - (aft_millis)day * AFT_MILLIS_PER_DAY) / 1000);
  char *end = text + aft_day_write(day, text);
  end = put_two_digits(end, seconds / 3600, ' ');
  end = put_two_digits(end, seconds / 60 % 60, ':');
  end = put_two_digits(end, seconds % 60, ':');
  *end++ = ' ';
  g_strlcpy(end, abbreviation, MIN((size_t)(AFT_LOCAL_TEXT - (end - text)), (size_t)MOST_ABBREVIATION + 1));
}

char *aft_calendar_print_local(const aft_calendar *calendar, const aft_stamp *stamp, char text[AFT_LOCAL_TEXT]) {
  const char *abbreviation = "";
  aft_millis local = stamp->instant;
  text[0] = '\0';
  switch (stamp->kind) {
  case AFT_STAMP_UNKNOWN: return text;
  case AFT_STAMP_MONTH:
    aft_day_print(stamp->day, text);
    text[strlen("YYYY-MM")] = '\0';
    return text;
  case AFT_STAMP_DAY: return aft_day_print(stamp->day, text);
  case AFT_STAMP_LOCAL: aft_zone_to_utc(aft_calendar_get_zone(calendar), local, &abbreviation); break;
  case AFT_STAMP_INSTANT: local = aft_calendar_find_local(calendar, stamp->instant, &abbreviation); break;
  }
  print_clock(local, abbreviation, text);
  return text;
}

static bool exists(const aft_calendar *calendar, long session) {
  return session >= 0 && (size_t)session < aft_calendar_n_sessions(calendar);
}

/* Takes a session if the calendar has it; else returns why not. */
static const char *give_session(const aft_calendar *calendar, aft_alignment *alignment, enum aft_align_rule rule,
                                long session) {
  if (!exists(calendar, session)) return aft_calendar_closed_reason(calendar, aft_calendar_last(calendar) + 1);
  alignment->rule = rule;
  alignment->session = (int32_t)session;
  return NULL;
}

static const char *align_day(const aft_calendar *calendar, aft_day day, bool date_next, aft_alignment *alignment) {
  long session = aft_calendar_find_session(calendar, day);
  if (session < 0)
    return give_session(calendar, alignment, AFT_ALIGN_DATE_ONLY_NON_SESSION, aft_calendar_find_next(calendar, day));
  long used = date_next ? session + 1 : session, other = date_next ? session : session + 1;
  const char *reason =
      give_session(calendar, alignment, date_next ? AFT_ALIGN_DATE_ONLY_NEXT : AFT_ALIGN_DATE_ONLY, used);
  if (reason == NULL && exists(calendar, other)) alignment->other = (int32_t)other;
  return reason;
}

static const char *align_time(const aft_calendar *calendar, aft_day day, aft_millis time_of_day, bool to_the_minute,
                              aft_alignment *alignment) {
  long index = aft_calendar_find_session(calendar, day);
  if (index < 0) return give_session(calendar, alignment, AFT_ALIGN_NON_SESSION, aft_calendar_find_next(calendar, day));
  const aft_session *session = aft_calendar_get_session(calendar, (size_t)index);
  aft_millis close = (aft_millis)session->close_minute * 60000;
  bool before = time_of_day < close;
  enum aft_align_rule rule = !before                                                  ? AFT_ALIGN_AFTER_CLOSE
                             : time_of_day < (aft_millis)session->open_minute * 60000 ? AFT_ALIGN_PRE_OPEN
                                                                                      : AFT_ALIGN_DURING;
  const char *reason = give_session(calendar, alignment, rule, before ? index : index + 1);
  bool near = to_the_minute && ABS(time_of_day - close) <= (aft_millis)AFT_NEAR_CLOSE_MINUTES * 60000;
  if (near && reason == NULL && exists(calendar, index + 1)) alignment->other = (int32_t)(before ? index + 1 : index);
  return reason;
}

const char *aft_calendar_align(const aft_calendar *calendar, const aft_stamp *stamp, bool date_next,
                               aft_alignment *alignment) {
  *alignment = (aft_alignment){.rule = AFT_ALIGN_NONE, .session = -1, .other = -1, .wall = AFT_WALL_ONCE};
  aft_millis local = stamp->instant;
  aft_day day = stamp->day;
  switch (stamp->kind) {
  case AFT_STAMP_UNKNOWN: return "no usable time";
  case AFT_STAMP_MONTH: return "no usable time: only the month is known";
  case AFT_STAMP_DAY: break;
  case AFT_STAMP_LOCAL: alignment->wall = aft_calendar_find_wall(calendar, local); break;
  case AFT_STAMP_INSTANT:
    local = aft_calendar_find_local(calendar, stamp->instant, NULL);
    day = (aft_day)aft_floor_divide(local, AFT_MILLIS_PER_DAY);
    break;
  }
  if (day < aft_calendar_first(calendar)) return aft_calendar_closed_reason(calendar, day);
  if (stamp->kind == AFT_STAMP_DAY) return align_day(calendar, day, date_next, alignment);
  return align_time(calendar, day, local - (aft_millis)day * AFT_MILLIS_PER_DAY,
                    stamp->precision == AFT_PRECISION_MINUTE, alignment);
}
