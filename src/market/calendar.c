/* Sessions of an exchange with their instants, built once; lookups by day. */
#include <aftershock/market/calendar.h>

#include "calendar_private.h"
#include "exchange.h"

#include <aftershock/base/zone.h>

#include <aftershock/base/banned.h>

struct aft_calendar {
  const aft_exchange *exchange;
  GTimeZone *zone;
  aft_day first, last;
  aft_day_mark *marks; /* [last - first + 1] */
  int32_t *next;       /* [last - first + 1] index of the first session on or after the day; n_sessions past the end */
  aft_session *sessions; /* [n_sessions] in order of day */
  size_t n_sessions;
};

const char *const *aft_calendar_mics(void) {
#define AFT_MIC_OF(name, mic) mic,
  static const char *const mics[] = {AFT_EXCHANGES(AFT_MIC_OF) NULL};
#undef AFT_MIC_OF
  return mics;
}

static const aft_exchange *find_exchange(const char *mic) {
#define AFT_RECORD_OF(name, mic) &aft_exchange_##name,
  static const aft_exchange *const exchanges[] = {AFT_EXCHANGES(AFT_RECORD_OF)};
#undef AFT_RECORD_OF
  for (size_t i = 0; i < G_N_ELEMENTS(exchanges); i++)
    if (g_str_equal(exchanges[i]->mic, mic)) return exchanges[i];
  return NULL;
}

/*
 * Offset of a zone over days asked for in rising order. Two lookups prove that a stretch of days has one offset, so a year
 * costs some twenty lookups and not five hundred (GLib searches its list of switches from the beginning each time).
 */
struct offset_cursor {
  GTimeZone *zone;
  aft_day until;     /* last day of the stretch */
  aft_millis offset; /* local minus UTC on it */
  bool constant;     /* false: the clock is switched about that day */
};

static void move_cursor(struct offset_cursor *cursor, aft_day day) {
  /* Local days reach at most a day beyond the same UTC day on either side. */
  aft_millis begin = (aft_millis)(day - 1) * AFT_MILLIS_PER_DAY;
  int span = aft_zone_find_span(cursor->zone, begin);
  aft_day length = 64;
  do {
    length /= 2;
    cursor->constant = span == aft_zone_find_span(cursor->zone, begin + (length + 2) * AFT_MILLIS_PER_DAY);
  } while (!cursor->constant && length > 1);
  cursor->until = day + length - 1;
  cursor->offset = (aft_millis)g_time_zone_get_offset(cursor->zone, span) * 1000;
}

static aft_millis place(struct offset_cursor *cursor, aft_day day, int minute) {
  if (day > cursor->until) move_cursor(cursor, day);
  aft_millis local = (aft_millis)day * AFT_MILLIS_PER_DAY + (aft_millis)minute * 60000;
  return cursor->constant ? local - cursor->offset : aft_zone_to_utc(cursor->zone, local, NULL);
}

static void build_sessions(aft_calendar *calendar) {
  size_t n_days = (size_t)(calendar->last - calendar->first) + 1;
  calendar->marks = g_new0(aft_day_mark, n_days);
  calendar->next = g_new(int32_t, n_days);
  calendar->sessions = g_new(aft_session, n_days);
  aft_exchange_mark(calendar->exchange, calendar->first, calendar->last, calendar->marks);
  struct offset_cursor cursor = {.zone = calendar->zone, .until = calendar->first - 1};
  int32_t n = 0;
  for (aft_day day = calendar->first; day <= calendar->last; day++) {
    const aft_day_mark *mark = &calendar->marks[day - calendar->first];
    bool closed = mark->reason != NULL && mark->close_minute == 0;
    calendar->next[day - calendar->first] = n;
    if (closed || aft_day_weekday(day) >= AFT_SATURDAY) continue;
    const aft_exchange_hours *hours = aft_exchange_get_hours(calendar->exchange, day);
    int close_minute = mark->reason != NULL ? mark->close_minute : hours->close_minute;
    calendar->sessions[n++] = (aft_session){
        .day = day,
        .open_minute = hours->open_minute,
        .close_minute = close_minute,
        .open = place(&cursor, day, hours->open_minute),
        .close = place(&cursor, day, close_minute),
        .early_close = mark->reason != NULL,
    };
  }
  calendar->n_sessions = (size_t)n;
  calendar->sessions = g_renew(aft_session, calendar->sessions, calendar->n_sessions);
}

aft_calendar *aft_calendar_new(const char *mic, GError **error) {
  g_return_val_if_fail(mic != NULL, NULL);
  const aft_exchange *exchange = find_exchange(mic);
  if (exchange == NULL) {
    g_autoptr(GString) known = g_string_new(NULL);
    for (const char *const *name = aft_calendar_mics(); *name != NULL; name++)
      g_string_append_printf(known, "%s%s", known->len > 0 ? ", " : "", *name);
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR,
                "unknown exchange \"%s\": give its ISO 10383 code, one of: %s", mic, known->str);
    return NULL;
  }
  GTimeZone *zone = g_time_zone_new_identifier(exchange->zone);
  if (zone == NULL) {
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR,
                "no time-zone data for %s (exchange %s): install the package tzdata", exchange->zone, mic);
    return NULL;
  }
  aft_calendar *calendar = g_new0(aft_calendar, 1);
  calendar->exchange = exchange;
  calendar->zone = zone;
  calendar->first = aft_day_from_ymd(exchange->first_year, 1, 1);
  calendar->last = aft_day_from_ymd(exchange->last_year, 12, 31);
  build_sessions(calendar);
  return calendar;
}

void aft_calendar_free(aft_calendar *calendar) {
  if (calendar == NULL) return;
  g_time_zone_unref(calendar->zone);
  g_free(calendar->marks);
  g_free(calendar->next);
  g_free(calendar->sessions);
  g_free(calendar);
}

const char *aft_calendar_mic(const aft_calendar *calendar) { return calendar->exchange->mic; }

const char *aft_calendar_name(const aft_calendar *calendar) { return calendar->exchange->name; }

const char *aft_calendar_zone(const aft_calendar *calendar) { return calendar->exchange->zone; }

aft_day aft_calendar_first(const aft_calendar *calendar) { return calendar->first; }

aft_day aft_calendar_last(const aft_calendar *calendar) { return calendar->last; }

GTimeZone *aft_calendar_get_zone(const aft_calendar *calendar) { return calendar->zone; }

size_t aft_calendar_n_sessions(const aft_calendar *calendar) { return calendar->n_sessions; }

const aft_session *aft_calendar_get_session(const aft_calendar *calendar, size_t index) {
  g_assert(index < calendar->n_sessions);
  return &calendar->sessions[index];
}

static bool covers(const aft_calendar *calendar, aft_day day) {
  return day >= calendar->first && day <= calendar->last;
}

long aft_calendar_find_next(const aft_calendar *calendar, aft_day day) {
  if (day > calendar->last) return -1;
  int32_t index = day <= calendar->first ? 0 : calendar->next[day - calendar->first];
  return (size_t)index < calendar->n_sessions ? index : -1;
}

long aft_calendar_find_session(const aft_calendar *calendar, aft_day day) {
  long index = covers(calendar, day) ? aft_calendar_find_next(calendar, day) : -1;
  return index >= 0 && calendar->sessions[index].day == day ? index : -1;
}

const char *aft_calendar_closed_reason(const aft_calendar *calendar, aft_day day) {
  if (!covers(calendar, day)) return "outside the calendar";
  if (aft_day_weekday(day) >= AFT_SATURDAY) return "weekend";
  const aft_day_mark *mark = &calendar->marks[day - calendar->first];
  return mark->close_minute == 0 ? mark->reason : NULL;
}

const char *aft_calendar_early_reason(const aft_calendar *calendar, aft_day day) {
  if (!covers(calendar, day)) return NULL;
  const aft_day_mark *mark = &calendar->marks[day - calendar->first];
  return mark->close_minute != 0 ? mark->reason : NULL;
}

aft_millis aft_calendar_to_local(const aft_calendar *calendar, aft_millis instant, int *offset_minutes) {
  int offset_seconds;
  aft_millis local = aft_zone_to_local(calendar->zone, instant, &offset_seconds, NULL);
  if (offset_minutes != NULL) *offset_minutes = offset_seconds / 60;
  return local;
}
