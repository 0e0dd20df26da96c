/* Exchange calendars: sessions with opening and closing instants, and the reason of every closed weekday. */
#ifndef AFTERSHOCK_MARKET_CALENDAR_H
#define AFTERSHOCK_MARKET_CALENDAR_H

#include <aftershock/base/stamp.h>
#include <stddef.h>

#define AFT_MARKET_ERROR (aft_market_error_quark())
GQuark aft_market_error_quark(void);

enum aft_market_error {
  AFT_MARKET_ERROR_CALENDAR,  /* unknown exchange, or a date outside the calendar */
  AFT_MARKET_ERROR_PANEL,     /* rows that cannot be placed on the calendar */
  AFT_MARKET_ERROR_BENCHMARK, /* no series of that name */
  AFT_MARKET_ERROR_EVENTS
};

typedef struct aft_session {
  aft_day day;
  int open_minute, close_minute; /* local wall clock, minutes after midnight */
  int break_start, break_end;    /* lunch, likewise; -1 when there is none */
  aft_millis open, close;        /* UTC */
  bool early_close;              /* before the regular close of its time */
} aft_session;

typedef struct aft_calendar aft_calendar; /* opaque: holds the time zone */

/*
 * Calendar of an ISO 10383 MIC, from data/calendars/MIC.txt among the program's files. Fails for unknown codes, naming the known
 * ones. Owned.
 */
aft_calendar *aft_calendar_new(const char *mic, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Calendar of a text file, in the form of data/calendars/README.md; its code is the file's name without what follows the last point. Owned. */
aft_calendar *aft_calendar_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_calendar_free(aft_calendar *calendar);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_calendar, aft_calendar_free)

/* Whether a study's `calendar` is the path of a file, not a MIC: it holds a point or a slash. */
bool aft_calendar_is_file(const char *name);
/* The MICs that aft_calendar_new knows, sorted, NULL-terminated; owned. */
char **aft_calendar_list_mics(GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Path of the file behind a MIC; owned. */
char *aft_calendar_find_file(const char *mic, GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *aft_calendar_mic(const aft_calendar *calendar);  /* "XNYS"; borrowed */
const char *aft_calendar_name(const aft_calendar *calendar); /* "New York Stock Exchange" */
const char *aft_calendar_zone(const aft_calendar *calendar); /* "America/New_York" */
aft_day aft_calendar_first(const aft_calendar *calendar);    /* first day known */
aft_day aft_calendar_last(const aft_calendar *calendar);     /* last day known */

size_t aft_calendar_n_sessions(const aft_calendar *calendar);
const aft_session *aft_calendar_get_session(const aft_calendar *calendar, size_t index); /* borrowed */
/* Day of a session; AFT_DAY_NONE for -1, which stands for none. */
aft_day aft_calendar_get_day(const aft_calendar *calendar, long index);
/* Index of the session on that day, or -1. */
long aft_calendar_find_session(const aft_calendar *calendar, aft_day day);
/* Index of the first session on or after day, or -1 past the end. */
long aft_calendar_find_next(const aft_calendar *calendar, aft_day day);
/* Why no session: "Martin Luther King Jr. Day", "weekend", or until when the calendar is known; NULL on a session day. Borrowed. */
const char *aft_calendar_closed_reason(const aft_calendar *calendar, aft_day day);
/* Why a session has hours of its own ("day after Thanksgiving") or stands on a weekend, or NULL. Borrowed. */
const char *aft_calendar_special_reason(const aft_calendar *calendar, aft_day day);
/* Whether that weekday regularly has sessions. */
bool aft_calendar_has_sessions_on(const aft_calendar *calendar, enum aft_weekday weekday);
/* Exchange wall clock of an instant as if it were UTC (so aft_millis functions print it), and offset in minutes. */
aft_millis aft_calendar_to_local(const aft_calendar *calendar, aft_millis instant, int *offset_minutes);

/* The table of methods: which session could first react to a stamp. */
enum aft_align_rule {
  AFT_ALIGN_NONE,
  AFT_ALIGN_PRE_OPEN,
  AFT_ALIGN_DURING,
  AFT_ALIGN_AFTER_CLOSE,
  AFT_ALIGN_NON_SESSION,
  AFT_ALIGN_DATE_ONLY,
  AFT_ALIGN_DATE_ONLY_NEXT,
  AFT_ALIGN_DATE_ONLY_NON_SESSION
};
const char *aft_align_rule_name(enum aft_align_rule rule); /* "pre_open"; "" for NONE */

/* Whether the exchange's clocks show a time without zone once, never (they skip it), or twice. */
enum aft_wall_clock { AFT_WALL_ONCE, AFT_WALL_NEVER, AFT_WALL_TWICE };

/* A stamp to the minute this near the close may stand for a time on the other side of it. */
#define AFT_NEAR_CLOSE_MINUTES 5

typedef struct aft_alignment {
  int32_t session; /* index in the calendar; -1 when none */
  int32_t other;   /* the session that it may belong to as well, for what is not known; -1: there is none */
  enum aft_align_rule rule : 8; /* NONE when there is no session; bytes, as every event has them */
  enum aft_wall_clock wall : 8; /* of a stamp without zone */
} aft_alignment;

/*
 * First session whose closing price can contain news of that time: local time < open -> `pre_open`, < close (early close respected)
 * -> `during`, >= close -> next session `after_close`; not a session day -> next, `non_session`; a date alone -> `date_only` (that
 * session; with date_next: the next one, `date_only_next`), `date_only_non_session`. A stamp without zone is exchange local time; one
 * that clocks show twice is the first of them.
 *
 * The session is uncertain for a date alone that is a session (the other one of that day's and the next), and for a time to the minute
 * within AFT_NEAR_CLOSE_MINUTES of the close.
 *
 * Returns why there is no session, borrowed from the calendar; NULL when there is one. Cost O(1) inside the calendar, but for a time without
 * zone about a day on which clocks are switched.
 */
const char *aft_calendar_align(const aft_calendar *calendar, const aft_stamp *stamp, bool date_next,
                               aft_alignment *alignment);

/* Writes what the exchange's clocks show: "2025-01-19 22:46:07 EST", "2025-01-24" for a date, "2025-01" for a month, "" when unknown. */
#define AFT_LOCAL_TEXT 40
char *aft_calendar_print_local(const aft_calendar *calendar, const aft_stamp *stamp, char text[AFT_LOCAL_TEXT]);

#endif
