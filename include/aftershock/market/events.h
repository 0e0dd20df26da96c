/* Dated events: (story, security) pairs with the session that could first react, and the reason of every drop. */
#ifndef AFTERSHOCK_MARKET_EVENTS_H
#define AFTERSHOCK_MARKET_EVENTS_H

#include <aftershock/input/tables.h>
#include <aftershock/market/calendar.h>
#include <aftershock/market/panel.h>

typedef struct aft_event {
  const char *event, *symbol, *group, *article, *published; /* borrowed from the texts; "" when there is none */
  const aft_panel *panel;                                   /* of the exchange where the security trades; borrowed */
  const char *reason; /* static text: why it is dropped; NULL while it is usable */
  aft_stamp stamp;    /* what `published` says; aft_calendar_print_local shows it on the exchange's clock */
  aft_alignment alignment;
  int32_t firm;     /* equal for securities of one firm, and for them alone */
  int32_t security; /* row of the panel; -1 when the symbol has no series */
  int32_t column;   /* column of the panel, may lie outside 0..n_sessions-1; meaningless without a session */
} aft_event;

typedef struct aft_events {
  size_t n;
  aft_event *rows;  /* [n] in the order of the event file, or of the articles; owned */
  aft_texts *texts; /* a reference to those of the event rows */
} aft_events;

typedef struct aft_events_options {
  const char *const *symbols; /* NULL-terminated restriction; NULL: none */
  bool date_next;             /* policy for dates without a time */
  GHashTable
      *firms; /* symbol -> firm of securities whose firm has several; others are their own; NULL: none; borrowed */
  int first_rel, last_rel; /* event grid: it must lie inside the panel */
  unsigned n_threads;      /* 0: one per processor; the events are the same for any number */
} aft_events_options;

/*
 * Aligns every row on the clock of the exchange where its security trades, panel's or one after it, and finds the security (an unknown one
 * is aligned on panel's). Sets `reason` for what cannot be used: "no usable time", outside the calendar, "no return
 * series", "event window beyond the data", "not among the study's symbols". Fails when there are several exchanges and a time
 * has no zone, so that nobody can say on which clock it is; when two stories put the same security on the same session (they
 * could not be told apart: give them one event id), or a "*" has no symbols to stand for.
 */
bool aft_events_align(aft_events *events, const aft_event_rows *rows, const aft_panel *panel,
                      const aft_events_options *options, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_events_clear(aft_events *events);

/*
 * One warning per story whose time, without zone, the exchange's clocks skip or show twice: what it is taken for; then one per reason for
 * which events are dropped, with their names; then one per unknown symbol, with the nearest known one.
 */
void aft_events_warn(const aft_events *events, const aft_panel *panel, aft_warnings *warnings);
/* The first of these for one stamp; what names it: "event \"rout\"". */
void aft_stamp_warn_clock(const aft_stamp *stamp, const aft_alignment *alignment, const aft_calendar *calendar,
                          const char *what, aft_warnings *warnings);
/* The second for reason[i] of event i (NULL: kept); prefix stands before the message ("market_model: "). */
void aft_events_warn_reasons(const aft_events *events, const char *const *reason, const char *prefix,
                             aft_warnings *warnings);

/* What becomes of two events of one security whose windows share a session. */
enum aft_overlaps {
  AFT_OVERLAPS_KEEP,
  AFT_OVERLAPS_FIRST, /* a later one is dropped when it shares a session with one that stays */
  AFT_OVERLAPS_DROP   /* both are dropped */
};

/* Gives the usable events that the policy drops their reason; their windows are first..last, relative to each. Cost O(n log n). */
void aft_events_settle_overlaps(aft_events *events, enum aft_overlaps policy, int first, int last);

#endif
