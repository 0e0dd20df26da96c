/* What an exchange is made of: hours, holiday rules, and the days that follow no rule. One file and one line each. */
#ifndef MARKET_EXCHANGE_H
#define MARKET_EXCHANGE_H

#include <aftershock/base/clock.h>
#include <stddef.h>

/* Every exchange known: the name of its record aft_exchange_<name>, and its ISO 10383 code. */
#define AFT_EXCHANGES(X) X(xnys, "XNYS")

#define AFT_MINUTE(hour, minute) ((hour)*60 + (minute))

/* How a rule finds its date in a year. */
enum aft_rule_kind {
  AFT_RULE_FIXED,   /* month, nth = day of the month */
  AFT_RULE_WEEKDAY, /* the nth weekday of the month; nth = -1 is the last one */
  AFT_RULE_EASTER   /* nth days after Easter Sunday of the Western churches */
};

/* Where a date that falls on a weekend is kept. */
enum aft_rule_observance {
  AFT_OBSERVE_NOWHERE, /* it is lost */
  AFT_OBSERVE_NEAREST  /* Sunday: on Monday; Saturday: on Friday, but not on one that ends a month */
};

typedef struct aft_exchange_rule {
  const char *reason;
  int first_year, last_year; /* both included; last_year 0: still in force */
  enum aft_rule_kind kind;
  int month, nth;
  enum aft_weekday weekday; /* AFT_RULE_WEEKDAY only */
  int shift;                /* days added to the date found */
  enum aft_rule_observance observance;
  unsigned weekdays; /* AFT_ON bits: the rule holds on these weekdays only; 0: on all */
  int close_minute;  /* an early close at this local minute; 0: no session */
} aft_exchange_rule;

#define AFT_ON(weekday) (1u << (weekday))

/* One day that no rule gives. */
typedef struct aft_exchange_exception {
  int year, month, day;
  int close_minute; /* as in aft_exchange_rule */
  const char *reason;
} aft_exchange_exception;

/* Regular hours from a date on. */
typedef struct aft_exchange_hours {
  int year, month, day;
  int open_minute, close_minute; /* local minutes after midnight */
} aft_exchange_hours;

typedef struct aft_exchange {
  const char *mic, *name;
  const char *zone;                /* of the IANA time-zone data base */
  int first_year, last_year;       /* covered: 1 January of the first to 31 December of the last */
  const aft_exchange_hours *hours; /* [n_hours] in order of date; the first reaches back to the beginning */
  size_t n_hours;
  const aft_exchange_rule *rules;
  size_t n_rules;
  const aft_exchange_exception *exceptions;
  size_t n_exceptions;
} aft_exchange;

#define AFT_DECLARE_EXCHANGE(name, mic) extern const aft_exchange aft_exchange_##name;
AFT_EXCHANGES(AFT_DECLARE_EXCHANGE)
#undef AFT_DECLARE_EXCHANGE

/* What is special about a weekday: nothing (reason NULL), no session (close_minute 0), or an early close. */
typedef struct aft_day_mark {
  const char *reason; /* static */
  int close_minute;
} aft_day_mark;

/*
 * Applies rules and exceptions to the days [first, last]; marks [last - first + 1] is zero on entry. Weekends stay unmarked.
 * A closure beats an early close; of two reasons for the same day the exception stays, else the first rule.
 */
void aft_exchange_mark(const aft_exchange *exchange, aft_day first, aft_day last, aft_day_mark *marks);

/* Regular hours on a day; borrowed. */
const aft_exchange_hours *aft_exchange_get_hours(const aft_exchange *exchange, aft_day day);

/* Easter Sunday of a year of the Gregorian calendar. */
aft_day aft_exchange_easter(int year);

#endif
