/* Price files examined for what makes returns wrong: findings with their place, before anything is computed. */
#ifndef AFTERSHOCK_MARKET_AUDIT_H
#define AFTERSHOCK_MARKET_AUDIT_H

#include <aftershock/input/articles.h>
#include <aftershock/input/prices.h>
#include <aftershock/input/tables.h>
#include <aftershock/market/calendar.h>

enum aft_severity {
  AFT_SEVERITY_NOTE,    /* to be known */
  AFT_SEVERITY_WARNING, /* probably wrong, or made up */
  AFT_SEVERITY_ERROR    /* a return, or its date, is wrong */
};
const char *aft_severity_name(enum aft_severity severity); /* "note"; static */

typedef struct aft_finding {
  enum aft_severity severity;
  const char *check; /* static: which examination found it */
  char *file;        /* owned, as the texts below; "" when it is about no single file */
  long line;         /* 0 when it is about no single line */
  char *symbol;      /* "" when it is about no single one */
  aft_day day;       /* AFT_DAY_NONE when it is about no single day */
  char *what, *advice;
} aft_finding;

typedef struct aft_audit {
  GArray *findings; /* of aft_finding, in the order of symbols, checks, days */
  size_t n_symbols, n_rows;
  enum aft_severity
      least; /* what is less is not looked for; NOTE at first. Of a panel's prices ERROR alone (market/panel.h) */
} aft_audit;

void aft_audit_init(aft_audit *audit);
void aft_audit_clear(aft_audit *audit);

/* What is audited together: the files of one exchange. */
typedef struct aft_audit_input {
  const aft_calendar *calendar;
  const aft_prices *prices; /* or returns */
  bool rows_are_returns;
  const aft_actions *actions; /* NULL for none */
  const char *market;         /* symbol of the benchmark; NULL for none */
  unsigned n_threads;         /* 0: one per processor; findings do not depend on it */
} aft_audit_input;

/*
 * Examines every series; docs/methods.md says how, under "Price audit". Names of checks:
 *
 *   closed, missing       rows on days without a session, sessions without a row
 *   conflict, drift       two values for one day: of other returns; of the same returns on another basis, also within a series
 *   ohlc, basis           open, high, low and close that cannot be; that are on different bases
 *   split, split_twice    a jump that looks like a split nobody recorded; a recorded split that the prices already allow for
 *   unit                  a jump of 100 or 1000 times, or one that is taken back, as of another unit or currency
 *   stale, halt, repeated closes that stand still; without volume; whole rows that equal the one before
 *   shifted               returns that go with the benchmark's of the session before or after
 *   twin                  two symbols with the same series
 *   benchmark             a benchmark without dividends beside securities with them
 *
 * Appends to audit. Cost O(rows), O(rows log rows) where days are out of order; one series a thread is held at a time.
 */
void aft_audit_run(aft_audit *audit, const aft_audit_input *input);

/*
 * Compares the dates of events with the articles that have their name, by session: an event before the earliest of them (`look_ahead`), or after
 * it (`told_before`).
 */
void aft_audit_check_events(aft_audit *audit, const aft_calendar *calendar, bool date_next, const aft_event_rows *rows,
                            const aft_articles *articles);

/* Appends a finding; the texts are copied, what and advice taken. */
void aft_audit_add(aft_audit *audit, enum aft_severity severity, const char *check, const char *file, long line,
                   const char *symbol, aft_day day, char *what, char *advice);

/* Number of findings of at least that severity. */
size_t aft_audit_count(const aft_audit *audit, enum aft_severity severity);

#endif
