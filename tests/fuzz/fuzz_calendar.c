/* Calendar files from any bytes: a calendar whose sessions and reasons hold together, or refused. */
#include "fuzz.h"
#include "fuzz_file.h"

#include <aftershock/market/calendar.h>

#include <aftershock/base/banned.h>

static void check_calendar(const aft_calendar *calendar) {
  size_t n = 0;
  for (aft_day day = aft_calendar_first(calendar); day <= aft_calendar_last(calendar); day++) {
    long index = aft_calendar_find_session(calendar, day);
    g_assert_true((index >= 0) == (aft_calendar_closed_reason(calendar, day) == NULL));
    if (index < 0) continue;
    const aft_session *session = aft_calendar_get_session(calendar, n++);
    g_assert_cmpint(session->day, ==, day);
    g_assert_cmpint(session->open_minute, <, session->close_minute);
    g_assert_cmpint(session->close_minute, <=, 24 * 60);
    if (session->break_start < 0) continue;
    g_assert_true(session->open_minute < session->break_start && session->break_start < session->break_end &&
                  session->break_end < session->close_minute);
  }
  g_assert_cmpuint(n, ==, aft_calendar_n_sessions(calendar));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autofree char *path = fuzz_file_new("aftershock-fuzz-XXXXXX.txt", data, size);
  g_autoptr(GError) error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_read(path, &error);
  g_assert_true((calendar == NULL) == (error != NULL));
  if (calendar != NULL) check_calendar(calendar);
  unlink(path);
  return 0;
}
