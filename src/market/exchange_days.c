/* The days of a calendar's line: "first Monday of September, from 1998", "25 December, or the next free weekday", dates. */
#include "exchange.h"

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *const weekdays[] = {"Monday", "Tuesday",  "Wednesday", "Thursday",
                                       "Friday", "Saturday", "Sunday",    NULL};
static const char *const months[] = {"January", "February",  "March",   "April",    "May",      "June", "July",
                                     "August",  "September", "October", "November", "December", NULL};
static const char *const ordinals[] = {"first", "second", "third", "fourth", "fifth", NULL};

static const struct {
  const char *words;
  enum aft_rule_observance observance;
} observances[] = {
    {"or the nearest weekday of its month", AFT_OBSERVE_NEAREST_IN_MONTH},
    {"or the next free weekday", AFT_OBSERVE_NEXT_FREE},
    {"a Sunday on the next free weekday", AFT_OBSERVE_NEXT_AFTER_SUNDAY},
    {"or the weekday before", AFT_OBSERVE_BEFORE},
};

/* Index of a word in a NULL-terminated list, in any letter case; -1 when it is not there. */
static int find_word(const char *const *list, const char *word) {
  for (int i = 0; list[i] != NULL; i++)
    if (g_ascii_strcasecmp(list[i], word) == 0) return i;
  return -1;
}

static bool read_whole(const char *text, int low, int high, int *value) {
  guint64 number;
  if (!g_ascii_string_to_unsigned(text, 10, (guint64)low, (guint64)high, &number, NULL)) return false;
  *value = (int)number;
  return true;
}

static bool read_day(const char *text, aft_day *day) { return strlen(text) == 10 && aft_day_parse(text, 10, day); }

/* Words of a text that blanks part; owned. */
static char **split_words(const char *text) {
  g_autoptr(GStrvBuilder) words = g_strv_builder_new();
  g_auto(GStrv) parts = g_strsplit_set(text, " \t", -1);
  for (char **part = parts; *part != NULL; part++)
    if (**part != '\0') g_strv_builder_add(words, *part);
  return g_strv_builder_end(words);
}

/* "Easter", "25 December", "first Monday of September". */
static bool read_base(aft_exchange_rule *rule, char *const *word, guint n) {
  int month, day, nth, weekday;
  if (n == 1 && g_ascii_strcasecmp(word[0], "Easter") == 0) {
    rule->kind = AFT_RULE_EASTER;
    return true;
  }
  if (n == 2 && read_whole(word[0], 1, 31, &day) && (month = find_word(months, word[1])) >= 0) {
    static const int longest[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
    rule->kind = AFT_RULE_FIXED;
    rule->month = month + 1;
    rule->nth = day;
    return day <= longest[month]; /* 29 February is not in every year */
  }
  if (n != 4 || g_ascii_strcasecmp(word[2], "of") != 0) return false;
  nth = g_ascii_strcasecmp(word[0], "last") == 0 ? -1 : find_word(ordinals, word[0]) + 1;
  weekday = find_word(weekdays, word[1]);
  month = find_word(months, word[3]);
  if (nth == 0 || nth == 5 || weekday < 0 || month < 0) return false;
  rule->kind = AFT_RULE_WEEKDAY;
  rule->nth = nth;
  rule->weekday = (enum aft_weekday)weekday;
  rule->month = month + 1;
  return true;
}

/* A base, or "2 days before" or "1 day after" one. */
static bool read_when(aft_exchange_rule *rule, const char *text) {
  g_auto(GStrv) words = split_words(text);
  guint n = g_strv_length(words);
  int shift;
  if (n > 3 && read_whole(words[0], 1, 60, &shift) && g_ascii_strncasecmp(words[1], "day", 3) == 0) {
    if (g_ascii_strcasecmp(words[2], "before") == 0)
      rule->shift = -shift;
    else if (g_ascii_strcasecmp(words[2], "after") == 0)
      rule->shift = shift;
    else
      return false;
    return read_base(rule, words + 3, n - 3);
  }
  return read_base(rule, words, n);
}

/* "from 1998", "until 2012", "except 1999 2005", "only Monday Tuesday", or where a weekend day is kept. */
static bool read_clause(aft_exchange_rule *rule, const char *text) {
  for (size_t i = 0; i < G_N_ELEMENTS(observances); i++)
    if (g_ascii_strcasecmp(text, observances[i].words) == 0) {
      rule->observance = observances[i].observance;
      return true;
    }
  g_auto(GStrv) words = split_words(text);
  guint n = g_strv_length(words);
  if (n < 2) return false;
  if (g_ascii_strcasecmp(words[0], "from") == 0) return n == 2 && read_whole(words[1], 1800, 2200, &rule->first_year);
  if (g_ascii_strcasecmp(words[0], "until") == 0) return n == 2 && read_whole(words[1], 1800, 2200, &rule->last_year);
  if (g_ascii_strcasecmp(words[0], "except") == 0) {
    bool ok = n - 1 <= G_N_ELEMENTS(rule->except);
    for (guint i = 1; i < n && ok; i++) ok = read_whole(words[i], 1800, 2200, &rule->except[i - 1]);
    return ok;
  }
  bool ok = g_ascii_strcasecmp(words[0], "only") == 0;
  for (guint i = 1; i < n && ok; i++) {
    int weekday = find_word(weekdays, words[i]);
    ok = weekday >= 0;
    if (ok) rule->weekdays |= AFT_ON(weekday);
  }
  return ok;
}

/* A date, or two with "to" between them. */
static bool read_dates(aft_exchange_rule *rule, const char *text) {
  g_auto(GStrv) words = split_words(text);
  guint n = g_strv_length(words);
  rule->kind = AFT_RULE_DATES;
  if (n == 1 && read_day(words[0], &rule->first_day)) {
    rule->last_day = rule->first_day;
    return true;
  }
  return n == 3 && strcmp(words[1], "to") == 0 && read_day(words[0], &rule->first_day) &&
         read_day(words[2], &rule->last_day) && rule->last_day >= rule->first_day &&
         rule->last_day - rule->first_day <= 366;
}

static bool add_dates(GArray *rules, const aft_exchange_rule *pattern, char **parts, char **problem) {
  for (char **part = parts; *part != NULL; part++) {
    aft_exchange_rule rule = *pattern;
    if (!read_dates(&rule, *part)) {
      *problem = g_strdup_printf(
          "\"%s\" is not a date of a list (write 2001-09-11, or 2001-09-11 to 2001-09-14, with commas between)", *part);
      return false;
    }
    g_array_append_val(rules, rule);
  }
  return true;
}

bool aft_exchange_parse_days(GArray *rules, const aft_exchange_rule *pattern, const char *text, char **problem) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  for (char **part = parts; *part != NULL; part++) g_strstrip(*part);
  aft_day day;
  if (parts[0] != NULL && strlen(parts[0]) >= 10) {
    g_autofree char *start = g_strndup(parts[0], 10);
    if (read_day(start, &day)) return add_dates(rules, pattern, parts, problem);
  }
  aft_exchange_rule rule = *pattern;
  if (parts[0] == NULL || !read_when(&rule, parts[0])) {
    *problem = g_strdup_printf(
        "\"%s\" is no day (write 25 December, first Monday of September, last Friday of May, Easter, 2 days before Easter, or 2001-09-11)",
        parts[0] != NULL ? parts[0] : "");
    return false;
  }
  for (char **part = parts + 1; *part != NULL; part++)
    if (!read_clause(&rule, *part)) {
      *problem = g_strdup_printf(
          "\"%s\" is no condition (write from 1998, until 2012, except 1999 2005, only Monday Friday, %s, %s, %s or %s)",
          *part, observances[0].words, observances[1].words, observances[2].words, observances[3].words);
      return false;
    }
  g_array_append_val(rules, rule);
  return true;
}
