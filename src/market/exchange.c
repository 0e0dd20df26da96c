/* Turns the rules of an exchange into marked days. */
#include "exchange.h"

#include <aftershock/base/banned.h>

static bool is_weekend(aft_day day) { return aft_day_weekday(day) >= AFT_SATURDAY; }

/*
 * Gregorian Easter: the golden number gives the age of the moon, corrected for the dropped leap days (solar) and the drift
 * of the 19-year cycle (lunar); Easter is the Sunday after the full moon that falls on or next after 21 March.
 * Source: Gauss (1800), Monatliche Correspondenz 2, 121-130, with his correction of the lunar term of 1816.
 */
aft_day aft_exchange_easter(int year) {
  int golden = year % 19;
  int century = year / 100;
  int solar = century - century / 4;
  int lunar = (8 * century + 13) / 25;
  int days_to_moon = (19 * golden + solar - lunar + 15) % 30;
  /* The two epacts that would put the full moon on 19 April, or twice on 18 April in one cycle, count one day less. */
  if (days_to_moon == 29 || (days_to_moon == 28 && golden > 10)) days_to_moon--;
  aft_day full_moon = aft_day_from_ymd(year, 3, 21) + days_to_moon;
  return full_moon + 1 + (AFT_SUNDAY - (int)aft_day_weekday(full_moon + 1));
}

static aft_day find_weekday(int year, int month, int nth, enum aft_weekday weekday) {
  if (nth > 0) {
    aft_day first = aft_day_from_ymd(year, month, 1);
    return first + ((int)weekday - (int)aft_day_weekday(first) + 7) % 7 + 7 * (nth - 1);
  }
  aft_day last = (month == 12 ? aft_day_from_ymd(year + 1, 1, 1) : aft_day_from_ymd(year, month + 1, 1)) - 1;
  return last - ((int)aft_day_weekday(last) - (int)weekday + 7) % 7;
}

static bool ends_month(aft_day day) {
  int year, month, day_of_month;
  aft_day_to_ymd(day + 1, &year, &month, &day_of_month);
  return day_of_month == 1;
}

/* The weekday on which the exchange keeps a date, or AFT_DAY_NONE. */
static aft_day observe(enum aft_rule_observance observance, aft_day day) {
  if (!is_weekend(day)) return day;
  if (observance == AFT_OBSERVE_NOWHERE) return AFT_DAY_NONE;
  if (aft_day_weekday(day) == AFT_SUNDAY) return day + 1;
  return ends_month(day - 1) ? AFT_DAY_NONE : day - 1;
}

static aft_day find_rule_day(const aft_exchange_rule *rule, int year) {
  if (year < rule->first_year || (rule->last_year != 0 && year > rule->last_year)) return AFT_DAY_NONE;
  aft_day day = AFT_DAY_NONE;
  switch (rule->kind) {
  case AFT_RULE_FIXED: day = aft_day_from_ymd(year, rule->month, rule->nth); break;
  case AFT_RULE_WEEKDAY: day = find_weekday(year, rule->month, rule->nth, rule->weekday); break;
  case AFT_RULE_EASTER: day = aft_exchange_easter(year) + rule->nth; break;
  }
  day = observe(rule->observance, day + rule->shift);
  if (day != AFT_DAY_NONE && rule->weekdays != 0 && !(rule->weekdays & AFT_ON(aft_day_weekday(day))))
    return AFT_DAY_NONE;
  return day;
}

static void mark_day(aft_day_mark *mark, int close_minute, const char *reason) {
  bool closes_marked_session = mark->close_minute != 0 && close_minute == 0;
  if (mark->reason == NULL || closes_marked_session) *mark = (aft_day_mark){reason, close_minute};
}

void aft_exchange_mark(const aft_exchange *exchange, aft_day first, aft_day last, aft_day_mark *marks) {
  int first_year, last_year, month, day_of_month;
  aft_day_to_ymd(first, &first_year, &month, &day_of_month);
  aft_day_to_ymd(last, &last_year, &month, &day_of_month);
  for (size_t i = 0; i < exchange->n_exceptions; i++) {
    const aft_exchange_exception *exception = &exchange->exceptions[i];
    aft_day day = aft_day_from_ymd(exception->year, exception->month, exception->day);
    if (day >= first && day <= last) mark_day(&marks[day - first], exception->close_minute, exception->reason);
  }
  /* One year more on both sides: a holiday can be kept across New Year. */
  for (size_t i = 0; i < exchange->n_rules; i++) {
    const aft_exchange_rule *rule = &exchange->rules[i];
    for (int year = first_year - 1; year <= last_year + 1; year++) {
      aft_day day = find_rule_day(rule, year);
      if (day >= first && day <= last) mark_day(&marks[day - first], rule->close_minute, rule->reason);
    }
  }
}

const aft_exchange_hours *aft_exchange_get_hours(const aft_exchange *exchange, aft_day day) {
  size_t i = exchange->n_hours - 1;
  while (i > 0) {
    const aft_exchange_hours *hours = &exchange->hours[i];
    if (day >= aft_day_from_ymd(hours->year, hours->month, hours->day)) break;
    i--;
  }
  return &exchange->hours[i];
}
