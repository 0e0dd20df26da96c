/* What an exchange is made of, as its text file says it: hours, holiday rules, and days that follow no rule. */
#ifndef MARKET_EXCHANGE_H
#define MARKET_EXCHANGE_H

#include <aftershock/base/clock.h>
#include <stddef.h>

/* Hours of a session in local minutes after midnight. */
typedef struct aft_hours {
  int open_minute, close_minute;
  int break_start, break_end; /* lunch; -1 when there is none */
} aft_hours;

/* Regular hours from a day on. */
typedef struct aft_exchange_hours {
  aft_day from; /* AFT_DAY_NONE: from the beginning */
  aft_hours hours;
} aft_exchange_hours;

/* How a rule finds its day. */
enum aft_rule_kind {
  AFT_RULE_DATES,   /* the days first_day .. last_day */
  AFT_RULE_FIXED,   /* month, nth = day of the month */
  AFT_RULE_WEEKDAY, /* the nth weekday of the month; nth = -1 is the last one */
  AFT_RULE_EASTER   /* Easter Sunday of the Western churches */
};

/* Where a day that falls on a weekend is kept. */
enum aft_rule_observance {
  AFT_OBSERVE_NOWHERE,           /* it is lost */
  AFT_OBSERVE_NEAREST_IN_MONTH,  /* Sunday: on Monday; Saturday: on Friday; but only within the month */
  AFT_OBSERVE_NEXT_FREE,         /* the next weekday that is not closed for another reason */
  AFT_OBSERVE_NEXT_AFTER_SUNDAY, /* likewise, but a Saturday is lost */
  AFT_OBSERVE_BEFORE             /* the weekday before */
};

/* What a rule makes of its days. */
enum aft_rule_effect { AFT_EFFECT_CLOSED, AFT_EFFECT_HOURS, AFT_EFFECT_OPEN };

typedef struct aft_exchange_rule {
  const char *reason; /* borrowed from the exchange */
  enum aft_rule_effect effect;
  aft_hours
      change; /* HOURS, OPEN: -1 is as on a regular day; with open and close both given the break is replaced too */
  enum aft_rule_kind kind;
  aft_day first_day, last_day; /* DATES */
  int month, nth;
  enum aft_weekday weekday;  /* WEEKDAY */
  int shift;                 /* days added to the day found */
  int first_year, last_year; /* both included; 0: without a bound */
  int except[4];             /* years without it; 0 ends the list */
  unsigned weekdays;         /* AFT_ON bits: the rule holds on these weekdays only; 0: on all */
  enum aft_rule_observance observance;
} aft_exchange_rule;

#define AFT_ON(weekday) (1u << (weekday))

typedef struct aft_exchange {
  char *code, *name, *zone; /* owned; zone of the IANA time-zone data base */
  aft_day first, last;      /* known days, both included */
  unsigned week;            /* AFT_ON bits of the weekdays that have sessions */
  GArray *hours;            /* of aft_exchange_hours in order of date */
  GArray *rules;            /* of aft_exchange_rule in order of the file */
  GStringChunk *names;      /* reasons */
} aft_exchange;

/*
 * Reads an exchange's text file; data/calendars/README.md describes the form. `like MIC` inside it reads data/calendars/MIC.txt
 * first. Owned. Fails with file:line and what to write.
 */
aft_exchange *aft_exchange_read(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_exchange_free(aft_exchange *exchange);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_exchange, aft_exchange_free)

/*
 * "first Monday of September, from 1998" or "2001-09-11 to 2001-09-14, 2012-10-29" into rules that are appended with reason, effect and
 * change of pattern. On failure sets *problem (owned), a text for the user, and returns false.
 */
bool aft_exchange_parse_days(GArray *rules, const aft_exchange_rule *pattern, const char *text,
                             char **problem) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Which rule decides on each day of [first, last]: marks [last - first + 1], NULL for a regular day. Weekends are marked by nothing but
 * `open`. `open` beats a closure, a closure beats special hours; among equals dates beat rules, then the earlier line wins.
 */
void aft_exchange_mark(const aft_exchange *exchange, aft_day first, aft_day last, const aft_exchange_rule **marks);

/* Hours of a session on a day, changed by the rule that marks it (NULL: none). */
aft_hours aft_exchange_get_hours(const aft_exchange *exchange, aft_day day, const aft_exchange_rule *mark);

/* Easter Sunday of a year of the Gregorian calendar. */
aft_day aft_exchange_easter(int year);

#endif
