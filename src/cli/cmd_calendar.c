/* aftershock calendar: the sessions of an exchange and the reason of every closed weekday, one line a day. */
#include "commands.h"

#include <aftershock/market/calendar.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

static int fail(int code, const char *message) {
  fprintf(stderr, "aftershock calendar: %s\n", message);
  return code;
}

/* Days from first to last: as given; one day alone stands for the rest of its year; none for the whole calendar. */
static bool read_range(const aft_calendar *calendar, char **days, int n_days, aft_day *first, aft_day *last, GError **error) {
  aft_day given[2] = {aft_calendar_first(calendar), aft_calendar_last(calendar)};
  for (int i = 0; i < n_days; i++) {
    if (aft_day_parse(days[i], strlen(days[i]), &given[i])) continue;
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "\"%s\" is not a date: write it as YYYY-MM-DD", days[i]);
    return false;
  }
  if (n_days == 1) {
    int year, month, day;
    aft_day_to_ymd(given[0], &year, &month, &day);
    given[1] = aft_day_from_ymd(year, 12, 31);
  }
  if (given[0] > given[1]) {
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "%s is after %s: give the earlier day first", days[0],
                days[1]);
    return false;
  }
  if (given[0] < aft_calendar_first(calendar) || given[1] > aft_calendar_last(calendar)) {
    char begin[AFT_DAY_TEXT], end[AFT_DAY_TEXT];
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "the calendar of %s covers %s to %s only",
                aft_calendar_mic(calendar), aft_day_print(aft_calendar_first(calendar), begin),
                aft_day_print(aft_calendar_last(calendar), end));
    return false;
  }
  *first = given[0];
  *last = given[1];
  return true;
}

static void append_day(GString *out, const aft_calendar *calendar, aft_day day) {
  char text[AFT_DAY_TEXT];
  long index = aft_calendar_find_session(calendar, day);
  if (index < 0) {
    g_string_append_printf(out, "%s closed %s\n", aft_day_print(day, text), aft_calendar_closed_reason(calendar, day));
    return;
  }
  const aft_session *session = aft_calendar_get_session(calendar, (size_t)index);
  g_string_append_printf(out, "%s %02d:%02d %02d:%02d", aft_day_print(day, text), session->open_minute / 60,
                         session->open_minute % 60, session->close_minute / 60, session->close_minute % 60);
  if (session->early_close) g_string_append_printf(out, " %s", aft_calendar_early_reason(calendar, day));
  g_string_append_c(out, '\n');
}

static int print_days(const aft_calendar *calendar, aft_day first, aft_day last) {
  g_autoptr(GString) out = g_string_new(NULL);
  for (aft_day day = first; day <= last; day++)
    if (aft_day_weekday(day) < AFT_SATURDAY) append_day(out, calendar, day);
  if (fwrite(out->str, 1, out->len, stdout) != out->len || fflush(stdout) != 0)
    return fail(EXIT_FAILED, "cannot write to standard output: is the disk full?");
  return EXIT_DONE;
}

static GOptionContext *new_options(void) {
  GOptionContext *options = g_option_context_new("MIC [FIRST [LAST]]");
  g_option_context_set_summary(
      options, "Prints the sessions of an exchange from FIRST to LAST, one line a day: date, local opening and closing time,\n"
               "and the reason of an early close. Closed weekdays have the word \"closed\" and the reason; weekends are left\n"
               "out. FIRST alone: to the end of its year; no dates: the whole calendar.");
  g_autoptr(GString) known = g_string_new("Exchanges (ISO 10383 codes):");
  for (const char *const *mic = aft_calendar_mics(); *mic != NULL; mic++) g_string_append_printf(known, " %s", *mic);
  g_string_append(known, "\n\nExample:\n  aftershock calendar XNYS 2025-01-01 2025-01-31");
  g_option_context_set_description(options, known->str);
  return options;
}

int aft_cmd_calendar(int argc, char **argv) {
  g_autoptr(GOptionContext) options = new_options();
  g_autoptr(GError) error = NULL;
  if (!g_option_context_parse(options, &argc, &argv, &error)) return fail(EXIT_USAGE, error->message);
  if (argc < 2) return fail(EXIT_USAGE, "which exchange? Give its code, e.g. XNYS (--help lists them)");
  if (argc > 4) return fail(EXIT_USAGE, "too many arguments: give MIC [FIRST [LAST]]");
  bool known = g_strv_contains(aft_calendar_mics(), argv[1]);
  g_autoptr(aft_calendar) calendar = aft_calendar_new(argv[1], &error);
  if (calendar == NULL) return fail(known ? EXIT_FAILED : EXIT_USAGE, error->message);
  aft_day first, last;
  if (!read_range(calendar, argv + 2, argc - 2, &first, &last, &error)) return fail(EXIT_USAGE, error->message);
  return print_days(calendar, first, last);
}
