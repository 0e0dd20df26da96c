/* Sessions of an exchange with their instants, built once; lookups by day. */
#include <aftershock/market/calendar.h>

#include "calendar_private.h"
#include "exchange.h"

#include <aftershock/base/zone.h>

#include <aftershock/base/resource.h>

#include <string.h>

#include <aftershock/base/banned.h>

struct aft_calendar {
  aft_exchange *exchange; /* owned */
  GTimeZone *zone;
  aft_day first, last;
  const aft_exchange_rule **marks; /* [last - first + 1] */
  int32_t *next; /* [last - first + 1] index of the first session on or after the day; n_sessions past the end */
  aft_session *sessions; /* [n_sessions] in order of day */
  size_t n_sessions;
  char *before, *after; /* why a day outside has no session */
  int32_t *offset;      /* [last - first + 1] seconds that local time is ahead on that UTC day; SWITCHED: it changes */
  const char **abbreviation; /* [last - first + 1] of the zone on that UTC day, "EST"; borrowed from the zone */
};

/*
 * Offset of a zone over days asked for in rising order. Spans of one offset are numbered in the order of time, so that halving finds
 * the last day of one: a year costs some thirty lookups and not five hundred (GLib searches its list of switches from the beginning
 * each time).
 */
struct offset_cursor {
  GTimeZone *zone;
  aft_day until; /* last day of the stretch */
  const char *abbreviation;
  aft_millis offset; /* local minus UTC on it */
  bool constant;     /* false: the clock is switched about that day */
};

/* Whether the offset is that of the span on the days day .. day + length - 1. Local days reach at most a day beyond the same UTC day. */
static bool is_in_span(GTimeZone *zone, int span, aft_day day, aft_day length) {
  return span == aft_zone_find_span(zone, (aft_millis)(day + length + 1) * AFT_MILLIS_PER_DAY);
}

static void move_cursor(struct offset_cursor *cursor, aft_day day) {
  int span = aft_zone_find_span(cursor->zone, (aft_millis)(day - 1) * AFT_MILLIS_PER_DAY);
  aft_day length = 1;
  cursor->constant = is_in_span(cursor->zone, span, day, length);
  for (aft_day step = 256; cursor->constant && step > 0; step /= 2)
    if (is_in_span(cursor->zone, span, day, length + step)) length += step;
  cursor->until = day + length - 1;
  cursor->abbreviation = g_time_zone_get_abbreviation(cursor->zone, span);
  cursor->offset = (aft_millis)g_time_zone_get_offset(cursor->zone, span) * 1000;
}

/* No zone is as far from UTC. */
#define SWITCHED INT32_MAX

static void build_offsets(aft_calendar *calendar) {
  calendar->offset = g_new(int32_t, (size_t)(calendar->last - calendar->first) + 1);
  calendar->abbreviation = g_new(const char *, (size_t)(calendar->last - calendar->first) + 1);
  struct offset_cursor cursor = {.zone = calendar->zone, .until = calendar->first - 1};
  for (aft_day day = calendar->first; day <= calendar->last; day++) {
    if (day > cursor.until) move_cursor(&cursor, day);
    calendar->offset[day - calendar->first] = cursor.constant ? (int32_t)(cursor.offset / 1000) : SWITCHED;
    calendar->abbreviation[day - calendar->first] = cursor.abbreviation;
  }
}

static aft_millis place(const aft_calendar *calendar, aft_day day, int minute) {
  int32_t offset = calendar->offset[day - calendar->first];
  aft_millis local = (aft_millis)day * AFT_MILLIS_PER_DAY + (aft_millis)minute * 60000;
  return offset != SWITCHED ? local - (aft_millis)offset * 1000 : aft_zone_to_utc(calendar->zone, local, NULL);
}

static bool is_session(const aft_calendar *calendar, aft_day day) {
  const aft_exchange_rule *mark = calendar->marks[day - calendar->first];
  if (mark != NULL && mark->effect != AFT_EFFECT_HOURS) return mark->effect == AFT_EFFECT_OPEN;
  return (calendar->exchange->week & AFT_ON(aft_day_weekday(day))) != 0;
}

static aft_session build_session(const aft_calendar *calendar, aft_day day) {
  const aft_exchange_rule *mark = calendar->marks[day - calendar->first];
  aft_hours hours = aft_exchange_get_hours(calendar->exchange, day, mark);
  aft_hours regular = aft_exchange_get_hours(calendar->exchange, day, NULL);
  return (aft_session){
      .day = day,
      .open_minute = hours.open_minute,
      .close_minute = hours.close_minute,
      .break_start = hours.break_start,
      .break_end = hours.break_end,
      .open = place(calendar, day, hours.open_minute),
      .close = place(calendar, day, hours.close_minute),
      .early_close = hours.close_minute < regular.close_minute,
  };
}

static void build_sessions(aft_calendar *calendar) {
  size_t n_days = (size_t)(calendar->last - calendar->first) + 1;
  calendar->marks = g_new0(const aft_exchange_rule *, n_days);
  calendar->next = g_new(int32_t, n_days);
  calendar->sessions = g_new(aft_session, n_days);
  aft_exchange_mark(calendar->exchange, calendar->first, calendar->last, calendar->marks);
  int32_t n = 0;
  for (aft_day day = calendar->first; day <= calendar->last; day++) {
    calendar->next[day - calendar->first] = n;
    if (is_session(calendar, day)) calendar->sessions[n++] = build_session(calendar, day);
  }
  calendar->n_sessions = (size_t)n;
  calendar->sessions = g_renew(aft_session, calendar->sessions, MAX(calendar->n_sessions, 1));
}

/* Codes are four capital letters or digits (ISO 10383). */
static bool is_mic(const char *text) {
  size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789");
  return n == 4 && text[4] == '\0';
}

bool aft_calendar_is_file(const char *name) { return strpbrk(name, "./") != NULL; }

static int compare_texts(const void *a, const void *b) { return strcmp(*(char *const *)a, *(char *const *)b); }

char **aft_calendar_list_mics(GError **error) {
  g_autofree char *folder = aft_resource_find("data/calendars", error);
  if (folder == NULL) return NULL;
  GDir *dir = g_dir_open(folder, 0, error);
  if (dir == NULL) return NULL;
  g_autoptr(GPtrArray) mics = g_ptr_array_new_with_free_func(g_free);
  for (const char *name; (name = g_dir_read_name(dir)) != NULL;) {
    g_autofree char *mic = g_strndup(name, 4);
    if (is_mic(mic) && strcmp(name + 4, ".txt") == 0) g_ptr_array_add(mics, g_steal_pointer(&mic));
  }
  g_dir_close(dir);
  g_ptr_array_sort(mics, compare_texts);
  g_ptr_array_add(mics, NULL);
  return (char **)g_ptr_array_free(g_steal_pointer(&mics), FALSE);
}

char *aft_calendar_find_file(const char *mic, GError **error) {
  g_autofree char *name = g_strdup_printf("data/calendars/%s.txt", mic);
  char *path = is_mic(mic) ? aft_resource_find(name, NULL) : NULL;
  if (path != NULL) return path;
  g_auto(GStrv) mics = aft_calendar_list_mics(error);
  if (mics == NULL) return NULL;
  g_autofree char *known = g_strjoinv(", ", mics);
  g_set_error(
      error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR,
      "unknown exchange \"%s\": give its ISO 10383 code, one of: %s; or the path of a calendar file of your own", mic,
      known);
  return NULL;
}

aft_calendar *aft_calendar_new(const char *mic, GError **error) {
  g_return_val_if_fail(mic != NULL, NULL);
  g_autofree char *path = aft_calendar_find_file(mic, error);
  return path != NULL ? aft_calendar_read(path, error) : NULL;
}

aft_calendar *aft_calendar_read(const char *path, GError **error) {
  g_autoptr(aft_exchange) exchange = aft_exchange_read(path, error);
  if (exchange == NULL) return NULL;
  aft_calendar *calendar = g_new0(aft_calendar, 1);
  calendar->zone = g_time_zone_new_identifier(exchange->zone); /* there: reading has looked */
  calendar->first = exchange->first;
  calendar->last = exchange->last;
  char day[AFT_DAY_TEXT];
  calendar->before = g_strdup_printf("before the calendar of %s, which is known from %s on", exchange->code,
                                     aft_day_print(exchange->first, day));
  calendar->after = g_strdup_printf("after the calendar of %s, which is known until %s", exchange->code,
                                    aft_day_print(exchange->last, day));
  calendar->exchange = g_steal_pointer(&exchange);
  build_offsets(calendar);
  build_sessions(calendar);
  return calendar;
}

void aft_calendar_free(aft_calendar *calendar) {
  if (calendar == NULL) return;
  g_time_zone_unref(calendar->zone);
  g_free(calendar->marks);
  g_free(calendar->next);
  g_free(calendar->sessions);
  g_free(calendar->offset);
  g_free(calendar->abbreviation);
  g_free(calendar->before);
  g_free(calendar->after);
  aft_exchange_free(calendar->exchange);
  g_free(calendar);
}

const char *aft_calendar_mic(const aft_calendar *calendar) { return calendar->exchange->code; }

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

aft_day aft_calendar_get_day(const aft_calendar *calendar, long index) {
  return index < 0 ? AFT_DAY_NONE : aft_calendar_get_session(calendar, (size_t)index)->day;
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
  if (!covers(calendar, day)) return day < calendar->first ? calendar->before : calendar->after;
  if (is_session(calendar, day)) return NULL;
  const aft_exchange_rule *mark = calendar->marks[day - calendar->first];
  return mark != NULL ? mark->reason : "weekend";
}

const char *aft_calendar_special_reason(const aft_calendar *calendar, aft_day day) {
  const aft_exchange_rule *mark = covers(calendar, day) ? calendar->marks[day - calendar->first] : NULL;
  return mark != NULL && mark->effect != AFT_EFFECT_CLOSED ? mark->reason : NULL;
}

bool aft_calendar_has_sessions_on(const aft_calendar *calendar, enum aft_weekday weekday) {
  return (calendar->exchange->week & AFT_ON(weekday)) != 0;
}

aft_millis aft_calendar_find_local(const aft_calendar *calendar, aft_millis instant, const char **abbreviation) {
  aft_millis day = aft_floor_divide(instant, AFT_MILLIS_PER_DAY);
  bool inside = day >= calendar->first && day <= calendar->last;
  int32_t offset = inside ? calendar->offset[day - calendar->first] : SWITCHED;
  if (offset == SWITCHED) return aft_zone_to_local(calendar->zone, instant, NULL, abbreviation);
  if (abbreviation != NULL) *abbreviation = calendar->abbreviation[day - calendar->first];
  return instant + (aft_millis)offset * 1000;
}

enum aft_wall_clock aft_calendar_find_wall(const aft_calendar *calendar, aft_millis local) {
  static const enum aft_wall_clock shown[] = {AFT_WALL_NEVER, AFT_WALL_ONCE, AFT_WALL_TWICE};
  aft_millis instant[2], day = aft_floor_divide(local, AFT_MILLIS_PER_DAY);
  bool constant =
      day >= calendar->first && day <= calendar->last && calendar->offset[day - calendar->first] != SWITCHED;
  return constant ? AFT_WALL_ONCE : shown[aft_zone_find_instants(calendar->zone, local, instant)];
}

aft_millis aft_calendar_to_local(const aft_calendar *calendar, aft_millis instant, int *offset_minutes) {
  int offset_seconds;
  aft_millis local = aft_zone_to_local(calendar->zone, instant, &offset_seconds, NULL);
  if (offset_minutes != NULL) *offset_minutes = offset_seconds / 60;
  return local;
}
