/* aftershock calendar: the sessions of an exchange and the reason of every closed weekday, one line a day. */
#include "commands.h"

#include <aftershock/market/calendar.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static int fail(int code, const char *message) {
  fprintf(stderr, "aftershock calendar: %s\n", message);
  return code;
}

/* Days from first to last: as given; one day alone stands for the rest of its year; none for the whole calendar. */
static bool read_range(const aft_calendar *calendar, char **days, int n_days, aft_day *first, aft_day *last,
                       GError **error) {
  aft_day given[2] = {aft_calendar_first(calendar), aft_calendar_last(calendar)};
  for (int i = 0; i < n_days; i++) {
    if (aft_day_parse(days[i], strlen(days[i]), &given[i])) continue;
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "\"%s\" is not a date: write it as YYYY-MM-DD",
                days[i]);
    return false;
  }
  if (n_days == 1) {
    int year, month, day;
    aft_day_to_ymd(given[0], &year, &month, &day);
    given[1] = aft_day_from_ymd(year, 12, 31);
  }
  if (given[0] > given[1]) {
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "%s is after %s: give the earlier day first",
                days[0], days[1]);
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
  const char *reason = aft_calendar_special_reason(calendar, day);
  g_string_append_printf(out, "%s %02d:%02d %02d:%02d", aft_day_print(day, text), session->open_minute / 60,
                         session->open_minute % 60, session->close_minute / 60, session->close_minute % 60);
  if (session->break_start >= 0)
    g_string_append_printf(out, " lunch %02d:%02d-%02d:%02d", session->break_start / 60, session->break_start % 60,
                           session->break_end / 60, session->break_end % 60);
  if (reason != NULL) g_string_append_printf(out, " %s", reason);
  g_string_append_c(out, '\n');
}

static int print_days(const aft_calendar *calendar, aft_day first, aft_day last) {
  g_autoptr(GString) out = g_string_new(NULL);
  for (aft_day day = first; day <= last; day++)
    if (aft_calendar_has_sessions_on(calendar, aft_day_weekday(day)) || aft_calendar_find_session(calendar, day) >= 0)
      append_day(out, calendar, day);
  fwrite(out->str, 1, out->len, stdout);
  return cli_finish(EXIT_DONE);
}

/* What --help says below the options. */
static char *describe(void) {
  g_auto(GStrv) mics = aft_calendar_list_mics(NULL);
  g_autofree char *known = mics != NULL ? g_strjoinv(" ", mics) : g_strdup("");
  return g_strdup_printf(
      "Prints one line a day from FIRST to LAST: date, local opening and closing time, the lunch break, and the reason\n"
      "of hours that are not the regular ones. Closed weekdays have the word \"closed\" and the reason; weekends are\n"
      "left out unless there is a session. FIRST alone: to the end of its year; no dates: the whole calendar.\n\n"
      "EXCHANGE is an ISO 10383 code (%s)\nor the path of a calendar file of your own, e.g. ./mine.txt\n\n"
      "Example: aftershock calendar XNYS 2025-01-01 2025-01-31",
      known);
}

int aft_cmd_calendar(int argc, char **argv) {
  g_autofree char *details = describe();
  g_autoptr(GError) error = NULL;
  int status;
  if (!cli_parse(&argc, &argv, "calendar", details, NULL, 1, 3, &status)) return status;
  g_autofree char *known = NULL;
  if (!aft_calendar_is_file(argv[1])) {
    known = aft_calendar_find_file(argv[1], &error);
    if (known == NULL) return fail(EXIT_USAGE, error->message);
  }
  g_autoptr(aft_calendar) calendar = aft_calendar_read(known != NULL ? known : argv[1], &error);
  if (calendar == NULL) return fail(EXIT_FAILED, error->message);
  aft_day first, last;
  if (!read_range(calendar, argv + 2, argc - 2, &first, &last, &error)) return fail(EXIT_USAGE, error->message);
  return print_days(calendar, first, last);
}
