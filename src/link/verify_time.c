/* Claims about time: what came after an event, when it was, and how long after another. */
#include "verify_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Price moves of the sessions from the event's on: their product, the first, and the largest with its session. */
typedef struct path {
  double total, first, largest;
  long largest_at; /* sessions after the first */
} path;

static path follow(const aft_panel *panel, long security, long column, int horizon) {
  path out = {.total = 1, .largest = 0};
  for (int i = 0; i < horizon; i++) {
    double before = verify_close(panel, security, column + i - 1), now = verify_close(panel, security, column + i);
    double move = now * verify_split(panel, security, column + i) / before;
    out.total *= move;
    if (i == 0) out.first = move - 1;
    if (fabs(move - 1) <= fabs(out.largest)) continue;
    out.largest = move - 1;
    out.largest_at = i;
  }
  out.total -= 1;
  return out;
}

void verify_direction(const aft_verify_data *data, aft_verified *v) {
  char from[AFT_DAY_TEXT], to[AFT_DAY_TEXT], day[AFT_DAY_TEXT];
  int horizon = v->claim->horizon_sessions;
  long security;
  if (verify_session(data, v) == AFT_DAY_NONE) return;
  const aft_panel *panel = aft_panel_find_market(data->panel, v->claim->subject, &security);
  long column = panel == NULL ? -1 : verify_find_column(panel, v->session);
  if (column < 1 || (size_t)(column + horizon) > panel->n_sessions) {
    verify_say(v, "the prices of %s do not cover %d sessions from %s and the one before", v->claim->subject, horizon,
               aft_day_print(v->session, day));
    return;
  }
  path p = follow(panel, security, column, horizon);
  if (isnan(p.total)) {
    verify_say(v, "a close of %s is missing in the %d sessions from %s", v->claim->subject, horizon,
               aft_day_print(v->session, day));
    return;
  }
  g_free(v->measured);
  v->measured = g_strdup(p.total < 0 ? "down" : p.total > 0 ? "up" : "unchanged");
  v->verdict = strcmp(v->measured, v->claim->stated) == 0 ? AFT_VERDICT_EXACT : AFT_VERDICT_CONTRADICTED;
  verify_say(v, "close of %s to close of %s (%d sessions): %+.2f %%", aft_day_print(panel->day[column - 1], from),
             aft_day_print(panel->day[column + horizon - 1], to), horizon, 100 * p.total);
  if (horizon > 1)
    verify_say(v, "; the event's own session %s: %+.2f %%; the largest move: %+.2f %% on %s, %ld sessions later",
               aft_day_print(v->session, from), 100 * p.first, 100 * p.largest,
               aft_day_print(panel->day[column + p.largest_at], to), p.largest_at);
  verify_say(v, "; that it came after the event does not say that it came of it");
}

void verify_event_date(const aft_verify_data *data, aft_verified *v) {
  char day[AFT_DAY_TEXT], shown[AFT_LOCAL_TEXT];
  const aft_event *event = verify_find_event(data, v->claim->subject, "");
  if (event == NULL || strlen(event->published) < 10) {
    verify_say(v, event == NULL ? "the study has no event \"%s\"" : "the time of \"%s\" is not known",
               v->claim->subject);
    return;
  }
  bool written = strncmp(event->published, v->claim->stated, 10) == 0;
  aft_calendar_print_local(event->panel->calendar, &event->stamp, shown);
  bool local = strncmp(shown, v->claim->stated, 10) == 0;
  v->session = verify_event_session(data, event);
  g_free(v->measured);
  v->measured = g_strndup(event->published, 10);
  v->verdict = written ? AFT_VERDICT_EXACT : local ? AFT_VERDICT_CONSISTENT : AFT_VERDICT_CONTRADICTED;
  verify_say(v, "published %s, on the exchange's clock %s", event->published, shown);
  if (v->session != AFT_DAY_NONE)
    verify_say(v, "; the first session that could react: %s", aft_day_print(v->session, day));
}

/* A date as written, or the session of an event; AFT_DAY_NONE with a reason. */
static aft_day find_day(const aft_verify_data *data, aft_verified *v, const char *date, const char *name) {
  aft_day day;
  if (aft_day_parse(date, strlen(date), &day)) return day;
  const aft_event *event = verify_find_event(data, name, "");
  day = event == NULL ? AFT_DAY_NONE : verify_event_session(data, event);
  if (day == AFT_DAY_NONE)
    verify_say(v, event == NULL ? "the study has no event \"%s\"" : "the event \"%s\" has no session", name);
  return day;
}

/* Sessions after the day `from` up to and with `to`; negative when that is earlier. */
static long count_sessions(const aft_calendar *calendar, aft_day from, aft_day to) {
  if (to < from) return -count_sessions(calendar, to, from);
  long first = aft_calendar_find_next(calendar, from + 1), last = aft_calendar_find_next(calendar, to + 1);
  return first < 0 || last < 0 ? -1 : last - first;
}

void verify_elapsed(const aft_verify_data *data, aft_verified *v) {
  char first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  const aft_claim *claim = v->claim;
  const aft_calendar *calendar = data->panel->calendar;
  aft_day from = find_day(data, v, claim->from, claim->from_event);
  if (from == AFT_DAY_NONE) return;
  aft_day to = find_day(data, v, claim->to, claim->to_event);
  if (to == AFT_DAY_NONE) return;
  if (MIN(from, to) < aft_calendar_first(calendar) || MAX(from, to) >= aft_calendar_last(calendar)) {
    verify_say(v, "a date lies outside the calendar of %s", aft_calendar_mic(calendar));
    return;
  }
  long days = (long)to - from, sessions = count_sessions(calendar, from, to);
  verify_judge(v, (double)(claim->kind == AFT_CLAIM_ELAPSED_DAYS ? days : sessions));
  verify_say(v, "from %s to %s%s%s%s: %ld calendar days, %ld sessions of %s", aft_day_print(from, first),
             aft_day_print(to, last), *claim->to == '\0' ? ", the session of \"" : "",
             *claim->to == '\0' ? claim->to_event : "", *claim->to == '\0' ? "\"" : "", days, sessions,
             aft_calendar_mic(calendar));
}
