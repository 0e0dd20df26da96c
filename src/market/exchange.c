/* Turns the rules of an exchange into marked days. */
#include "exchange.h"

#include <aftershock/base/banned.h>

/* A holiday is kept at most this far from its date; days beyond a range decide what is free within it. */
enum { MARGIN_DAYS = 14 };

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

/* The day of a rule in a year before it is moved off a weekend, or AFT_DAY_NONE. */
static aft_day find_day(const aft_exchange_rule *rule, int year) {
  if (year < rule->first_year || (rule->last_year != 0 && year > rule->last_year)) return AFT_DAY_NONE;
  for (size_t i = 0; i < G_N_ELEMENTS(rule->except) && rule->except[i] != 0; i++)
    if (rule->except[i] == year) return AFT_DAY_NONE;
  aft_day day = AFT_DAY_NONE;
  switch (rule->kind) {
  case AFT_RULE_DATES: return AFT_DAY_NONE;
  case AFT_RULE_FIXED: day = aft_day_from_ymd(year, rule->month, rule->nth); break;
  case AFT_RULE_WEEKDAY: day = find_weekday(year, rule->month, rule->nth, rule->weekday); break;
  case AFT_RULE_EASTER: day = aft_exchange_easter(year); break;
  }
  day += rule->shift;
  return rule->weekdays == 0 || (rule->weekdays & AFT_ON(aft_day_weekday(day))) ? day : AFT_DAY_NONE;
}

/* A stretch of days while it is marked. */
struct marking {
  const aft_exchange *exchange;
  aft_day first, last;
  const aft_exchange_rule **marks; /* [last - first + 1] */
};

static bool has_sessions(const struct marking *m, aft_day day) {
  return (m->exchange->week & AFT_ON(aft_day_weekday(day))) != 0;
}

static bool is_free(const struct marking *m, aft_day day) {
  if (!has_sessions(m, day)) return false;
  if (day < m->first || day > m->last) return true;
  const aft_exchange_rule *mark = m->marks[day - m->first];
  return mark == NULL || mark->effect != AFT_EFFECT_CLOSED;
}

static int month_of(aft_day day) {
  int year, month, day_of_month;
  aft_day_to_ymd(day, &year, &month, &day_of_month);
  return month;
}

/* Where a day that falls on a weekend is kept, or AFT_DAY_NONE. */
static aft_day move_day(const struct marking *m, const aft_exchange_rule *rule, aft_day day) {
  aft_day kept = day;
  switch (rule->observance) {
  case AFT_OBSERVE_NOWHERE: return AFT_DAY_NONE;
  case AFT_OBSERVE_NEAREST_IN_MONTH:
    while (!has_sessions(m, kept)) kept += aft_day_weekday(day) == AFT_SUNDAY ? 1 : -1;
    return month_of(kept) == month_of(day) ? kept : AFT_DAY_NONE;
  case AFT_OBSERVE_NEXT_AFTER_SUNDAY:
    if (aft_day_weekday(day) != AFT_SUNDAY) return AFT_DAY_NONE;
    break;
  case AFT_OBSERVE_NEXT_FREE: break;
  case AFT_OBSERVE_BEFORE:
    while (!has_sessions(m, kept)) kept--;
    return kept;
  }
  while (!is_free(m, kept) && kept < day + MARGIN_DAYS) kept++;
  return kept;
}

static void mark_day(struct marking *m, aft_day day, const aft_exchange_rule *rule) {
  if (day == AFT_DAY_NONE || day < m->first || day > m->last) return;
  const aft_exchange_rule **mark = &m->marks[day - m->first];
  bool open = rule->effect == AFT_EFFECT_OPEN;
  if (open ? *mark == NULL || (*mark)->effect != AFT_EFFECT_OPEN : *mark == NULL && has_sessions(m, day)) *mark = rule;
}

static void mark_dates(struct marking *m, enum aft_rule_effect effect) {
  for (guint i = 0; i < m->exchange->rules->len; i++) {
    const aft_exchange_rule *rule = &g_array_index(m->exchange->rules, aft_exchange_rule, i);
    if (rule->effect != effect || rule->kind != AFT_RULE_DATES) continue;
    for (aft_day day = MAX(rule->first_day, m->first); day <= MIN(rule->last_day, m->last); day++)
      mark_day(m, day, rule);
  }
}

/* Days that stay where they are, or days that are moved off a weekend: those need to know which others stay. */
static void mark_rules(struct marking *m, enum aft_rule_effect effect, bool moved) {
  int first_year, last_year, month, day_of_month;
  aft_day_to_ymd(m->first, &first_year, &month, &day_of_month);
  aft_day_to_ymd(m->last, &last_year, &month, &day_of_month);
  for (guint i = 0; i < m->exchange->rules->len; i++) {
    const aft_exchange_rule *rule = &g_array_index(m->exchange->rules, aft_exchange_rule, i);
    if (rule->effect != effect || rule->kind == AFT_RULE_DATES) continue;
    for (int year = first_year - 1; year <= last_year + 1; year++) { /* a holiday can be kept across New Year */
      aft_day day = find_day(rule, year);
      if (day == AFT_DAY_NONE || has_sessions(m, day) == moved) continue;
      mark_day(m, moved ? move_day(m, rule, day) : day, rule);
    }
  }
}

void aft_exchange_mark(const aft_exchange *exchange, aft_day first, aft_day last, const aft_exchange_rule **marks) {
  static const enum aft_rule_effect order[] = {AFT_EFFECT_CLOSED, AFT_EFFECT_HOURS, AFT_EFFECT_OPEN};
  size_t n = (size_t)(last - first) + 1;
  g_autofree const aft_exchange_rule **wide = g_new0(const aft_exchange_rule *, n + 2 * (size_t)MARGIN_DAYS);
  struct marking m = {exchange, first - MARGIN_DAYS, last + MARGIN_DAYS, wide};
  for (size_t i = 0; i < G_N_ELEMENTS(order); i++) {
    mark_dates(&m, order[i]);
    mark_rules(&m, order[i], false);
    mark_rules(&m, order[i], true);
  }
  for (size_t i = 0; i < n; i++) marks[i] = wide[i + MARGIN_DAYS];
}

aft_hours aft_exchange_get_hours(const aft_exchange *exchange, aft_day day, const aft_exchange_rule *mark) {
  guint i = exchange->hours->len - 1;
  while (i > 0 && day < g_array_index(exchange->hours, aft_exchange_hours, i).from) i--;
  aft_hours hours = g_array_index(exchange->hours, aft_exchange_hours, i).hours;
  if (mark == NULL) return hours;
  if (mark->change.open_minute >= 0 && mark->change.close_minute >= 0) return mark->change;
  if (mark->change.open_minute >= 0) hours.open_minute = mark->change.open_minute;
  if (mark->change.close_minute >= 0) hours.close_minute = mark->change.close_minute;
  if (hours.break_end >= hours.close_minute || hours.break_start <= hours.open_minute)
    hours.break_start = hours.break_end = -1;
  return hours;
}
