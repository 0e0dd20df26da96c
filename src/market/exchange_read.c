/* The text file of an exchange, line by line. */
#include "exchange.h"

#include <aftershock/base/file.h>
#include <aftershock/base/resource.h>
#include <aftershock/base/text.h>
#include <aftershock/market/calendar.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_FILE_BYTES = 1 << 20, MAX_NAME_BYTES = 80, MAX_LIKE_DEPTH = 4 };

/* Where reading has come to. */
struct reader {
  aft_exchange *exchange;
  const char *path;
  long line;
  int depth;            /* how many files stand behind a `like` */
  bool inherited_hours; /* the hours are those of `like`: the first line of our own replaces them */
};

static bool G_GNUC_PRINTF(3, 4) fail(const struct reader *r, GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "%s:%ld: %s", r->path, r->line, message);
  return false;
}

/* Cuts the first word off a text, blanks included; returns what is left. */
static char *cut_word(char *text) {
  char *end = text + strcspn(text, " \t");
  if (*end == '\0') return end;
  *end++ = '\0';
  return end + strspn(end, " \t");
}

static bool parse_minute(const char *text, int *minute) {
  if (strlen(text) != 5 || text[2] != ':') return false;
  for (int i = 0; i < 5; i++)
    if (i != 2 && !g_ascii_isdigit(text[i])) return false;
  *minute = ((text[0] - '0') * 10 + text[1] - '0') * 60 + (text[3] - '0') * 10 + text[4] - '0';
  return text[3] < '6' && *minute <= 24 * 60;
}

/* "09:30-16:00" */
static bool parse_span(const char *text, int *from, int *to) {
  if (strlen(text) != 11 || text[5] != '-') return false;
  g_autofree char *begin = g_strndup(text, 5);
  return parse_minute(begin, from) && parse_minute(text + 6, to) && *from < *to;
}

/* One span, or two with lunch between, at the start of *text; moves *text behind them. */
static bool read_hours(char **text, aft_hours *hours) {
  *hours = (aft_hours){.break_start = -1, .break_end = -1};
  char *rest = cut_word(*text);
  if (!parse_span(*text, &hours->open_minute, &hours->close_minute)) return false;
  *text = rest;
  if (!g_ascii_isdigit(*rest)) return true;
  int from, to;
  char *after = cut_word(rest);
  if (!parse_span(rest, &from, &to) || from <= hours->close_minute) return false;
  hours->break_start = hours->close_minute;
  hours->break_end = from;
  hours->close_minute = to;
  *text = after;
  return true;
}

static bool read_name(struct reader *r, char *rest, GError **error) {
  if (*rest == '\0' || strlen(rest) > MAX_NAME_BYTES)
    return fail(r, error, "name: give the exchange's name, at most %d bytes", MAX_NAME_BYTES);
  g_free(r->exchange->name);
  r->exchange->name = g_strdup(rest);
  return true;
}

static bool read_zone(struct reader *r, char *rest, GError **error) {
  GTimeZone *zone = g_time_zone_new_identifier(rest);
  if (zone == NULL)
    return fail(
        r, error,
        "\"%s\" is no time zone (write a name of the IANA data base, e.g. Europe/Zurich; the package tzdata holds them)",
        rest);
  g_time_zone_unref(zone);
  g_free(r->exchange->zone);
  r->exchange->zone = g_strdup(rest);
  return true;
}

static bool read_known(struct reader *r, char *rest, GError **error) {
  char *to = cut_word(rest), *last = cut_word(to);
  aft_day days[2];
  if (strlen(rest) != 10 || strcmp(to, "to") != 0 || strlen(last) != 10 || !aft_day_parse(rest, 10, &days[0]) ||
      !aft_day_parse(last, 10, &days[1]) || days[0] > days[1])
    return fail(r, error,
                "known: write the first and the last day that the lines cover, e.g. known 2010-01-01 to 2026-12-31");
  r->exchange->first = days[0];
  r->exchange->last = days[1];
  return true;
}

static bool read_week(struct reader *r, char *rest, GError **error) {
  static const char *const names[] = {"Monday", "Tuesday", "Wednesday", "Thursday", "Friday", "Saturday", "Sunday"};
  unsigned week = 0;
  while (*rest != '\0') {
    char *next = cut_word(rest);
    unsigned bit = 0;
    for (int i = 0; i < 7; i++)
      if (g_ascii_strcasecmp(rest, names[i]) == 0) bit = AFT_ON(i);
    if (bit == 0)
      return fail(r, error, "week: \"%s\" is no weekday (write e.g. week Sunday Monday Tuesday Wednesday Thursday)",
                  rest);
    week |= bit;
    rest = next;
  }
  if (week == 0) return fail(r, error, "week: name the weekdays that have sessions");
  r->exchange->week = week;
  return true;
}

static bool read_lines(struct reader *r, GError **error);

static bool read_like(struct reader *r, char *rest, GError **error) {
  aft_exchange *exchange = r->exchange;
  if (exchange->hours->len > 0 || exchange->rules->len > 0 || exchange->name != NULL)
    return fail(r, error, "like must stand before everything else");
  if (r->depth >= MAX_LIKE_DEPTH) return fail(r, error, "like leads through more than %d calendars", MAX_LIKE_DEPTH);
  g_autofree char *path = aft_calendar_find_file(rest, NULL);
  if (path == NULL)
    return fail(r, error, "like \"%s\": that is no exchange of the program's (see aftershock calendar --help)", rest);
  struct reader other = {.exchange = exchange, .path = path, .depth = r->depth + 1};
  if (!read_lines(&other, error)) return false;
  r->inherited_hours = true;
  return true;
}

/* Name and days behind a keyword: "Labor Day: first Monday of September". */
static bool read_rule(struct reader *r, char *rest, aft_exchange_rule pattern, GError **error) {
  char *colon = strstr(rest, ": ");
  if (colon == NULL || colon == rest || colon - rest > MAX_NAME_BYTES)
    return fail(r, error, "give the reason, a colon and the days, e.g. closed Labor Day: first Monday of September");
  *colon = '\0';
  pattern.reason = g_string_chunk_insert_const(r->exchange->names, g_strchomp(rest));
  g_autofree char *problem = NULL;
  if (!aft_exchange_parse_days(r->exchange->rules, &pattern, colon + 2, &problem)) return fail(r, error, "%s", problem);
  return true;
}

static const aft_hours UNCHANGED = {-1, -1, -1, -1};

static bool read_closed(struct reader *r, char *rest, GError **error) {
  return read_rule(r, rest, (aft_exchange_rule){.effect = AFT_EFFECT_CLOSED, .change = UNCHANGED}, error);
}

static bool read_open(struct reader *r, char *rest, GError **error) {
  aft_exchange_rule pattern = {.effect = AFT_EFFECT_OPEN, .change = UNCHANGED};
  if (g_ascii_isdigit(*rest) && !read_hours(&rest, &pattern.change))
    return fail(r, error, "open: \"%s\" are no hours (write e.g. 09:30-16:00)", rest);
  return read_rule(r, rest, pattern, error);
}

static bool read_moved(struct reader *r, char *rest, bool opens, GError **error) {
  aft_exchange_rule pattern = {.effect = AFT_EFFECT_HOURS, .change = UNCHANGED};
  char *after = cut_word(rest);
  if (!parse_minute(rest, opens ? &pattern.change.open_minute : &pattern.change.close_minute))
    return fail(r, error, "\"%s\" is no time of day (write e.g. 13:00)", rest);
  return read_rule(r, after, pattern, error);
}

static bool read_opens(struct reader *r, char *rest, GError **error) { return read_moved(r, rest, true, error); }

static bool read_closes(struct reader *r, char *rest, GError **error) { return read_moved(r, rest, false, error); }

/* Regular hours, from a day on; or, with a reason and days, those of single days. */
static bool read_hours_line(struct reader *r, char *rest, GError **error) {
  aft_exchange_hours hours = {.from = AFT_DAY_NONE};
  GArray *list = r->exchange->hours;
  if (!read_hours(&rest, &hours.hours))
    return fail(r, error, "hours: \"%s\" (write 09:30-16:00, or 09:00-11:30 12:30-15:00 with lunch between)", rest);
  if (strstr(rest, ": ") != NULL)
    return read_rule(r, rest, (aft_exchange_rule){.effect = AFT_EFFECT_HOURS, .change = hours.hours}, error);
  if (r->inherited_hours) g_array_set_size(list, 0);
  r->inherited_hours = false;
  if (*rest != '\0') {
    char *day = cut_word(rest);
    if (strcmp(rest, "from") != 0 || strlen(day) != 10 || !aft_day_parse(day, 10, &hours.from))
      return fail(r, error, "hours: \"%s\" (write from and a day, e.g. from 2011-11-21)", rest);
  }
  if (list->len > 0 && hours.from <= g_array_index(list, aft_exchange_hours, list->len - 1).from)
    return fail(r, error, "hours must follow each other in time, each but the first with a day from which it holds");
  g_array_append_val(list, hours);
  return true;
}

static const struct {
  const char *word;
  bool (*read)(struct reader *r, char *rest, GError **error);
} keywords[] = {
    {"name", read_name},   {"zone", read_zone},        {"known", read_known},   {"like", read_like},
    {"week", read_week},   {"hours", read_hours_line}, {"closed", read_closed}, {"closes", read_closes},
    {"opens", read_opens}, {"open", read_open},
};

static bool read_entry(struct reader *r, char *text, GError **error) {
  for (const char *p = text; *p != '\0'; p++)
    if ((guchar)*p < ' ') return fail(r, error, "a control character stands in the line");
  char *rest = cut_word(text);
  const char *names[G_N_ELEMENTS(keywords) + 1] = {NULL};
  for (size_t i = 0; i < G_N_ELEMENTS(keywords); i++) {
    if (strcmp(text, keywords[i].word) == 0) return keywords[i].read(r, rest, error);
    names[i] = keywords[i].word;
  }
  const char *closest = aft_text_find_closest(text, names);
  g_autofree char *known = g_strjoinv(", ", (char **)(guintptr)names);
  return fail(r, error, "unknown word \"%s\"%s%s%s; a line begins with one of %s", text,
              closest != NULL ? " (did you mean \"" : "", closest != NULL ? closest : "", closest != NULL ? "\"?)" : "",
              known);
}

/* An entry is a line and the indented ones after it. */
static bool read_text(struct reader *r, char *text, GError **error) {
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  for (guint i = 0; lines[i] != NULL;) {
    g_autoptr(GString) entry = g_string_new(NULL);
    r->line = (long)i + 1;
    if (lines[i][0] == ' ' || lines[i][0] == '\t') {
      if (*g_strstrip(lines[i]) != '\0' && lines[i][0] != '#')
        return fail(r, error, "an indented line continues the one before it, but there is none");
      i++;
      continue;
    }
    do {
      char *comment = strchr(lines[i], '#');
      if (comment != NULL) *comment = '\0';
      g_strdelimit(lines[i], "\t\r", ' ');
      g_string_append_printf(entry, "%s%s", entry->len > 0 ? " " : "", g_strstrip(lines[i]));
      i++;
    } while (entry->len > 0 && lines[i] != NULL && (lines[i][0] == ' ' || lines[i][0] == '\t'));
    if (entry->len > 0 && !read_entry(r, g_strstrip(entry->str), error)) return false;
  }
  return true;
}

static bool read_lines(struct reader *r, GError **error) {
  g_autofree char *text = NULL;
  size_t size;
  if (!aft_file_read(r->path, MAX_FILE_BYTES, &text, &size, error)) return false;
  r->line = 1;
  if (strlen(text) != size || !g_utf8_validate(text, -1, NULL)) return fail(r, error, "the file is not text in UTF-8");
  return read_text(r, text, error);
}

/* A late opening or an early close must leave something of the regular hours, whenever those hold. */
static bool check_cuts(const aft_exchange *exchange, const char *path, GError **error) {
  for (guint i = 0; i < exchange->rules->len; i++) {
    const aft_exchange_rule *rule = &g_array_index(exchange->rules, aft_exchange_rule, i);
    for (guint j = 0; j < exchange->hours->len; j++) {
      const aft_hours *regular = &g_array_index(exchange->hours, aft_exchange_hours, j).hours;
      int open = rule->change.open_minute >= 0 ? rule->change.open_minute : regular->open_minute;
      int close = rule->change.close_minute >= 0 ? rule->change.close_minute : regular->close_minute;
      if (open < close) continue;
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR,
                  "%s: \"%s\" leaves nothing of the hours %02d:%02d-%02d:%02d (give that day hours of its own: hours "
                  "08:00-12:00 %s: ...)",
                  path, rule->reason, regular->open_minute / 60, regular->open_minute % 60, regular->close_minute / 60,
                  regular->close_minute % 60, rule->reason);
      return false;
    }
  }
  return true;
}

static bool check_complete(const aft_exchange *exchange, const char *path, GError **error) {
  const char *missing = exchange->zone == NULL            ? "zone\" is missing, e.g. zone Europe/Zurich"
                        : exchange->hours->len == 0       ? "hours\" is missing, e.g. hours 09:00-17:30"
                        : exchange->first == AFT_DAY_NONE ? "known\" is missing, e.g. known 2010-01-01 to 2026-12-31"
                                                          : NULL;
  if (missing == NULL) return check_cuts(exchange, path, error);
  g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_CALENDAR, "%s: the line \"%s", path, missing);
  return false;
}

aft_exchange *aft_exchange_read(const char *path, GError **error) {
  g_autoptr(aft_exchange) exchange = g_new0(aft_exchange, 1);
  exchange->first = exchange->last = AFT_DAY_NONE;
  exchange->week =
      AFT_ON(AFT_MONDAY) | AFT_ON(AFT_TUESDAY) | AFT_ON(AFT_WEDNESDAY) | AFT_ON(AFT_THURSDAY) | AFT_ON(AFT_FRIDAY);
  exchange->hours = g_array_new(FALSE, FALSE, sizeof(aft_exchange_hours));
  exchange->rules = g_array_new(FALSE, FALSE, sizeof(aft_exchange_rule));
  exchange->names = g_string_chunk_new(1024);
  g_autofree char *base = g_path_get_basename(path);
  char *dot = strrchr(base, '.');
  if (dot != NULL && dot != base) *dot = '\0';
  exchange->code = g_steal_pointer(&base);
  struct reader r = {.exchange = exchange, .path = path};
  if (!read_lines(&r, error) || !check_complete(exchange, path, error)) return NULL;
  if (exchange->name == NULL) exchange->name = g_strdup(exchange->code);
  return g_steal_pointer(&exchange);
}

void aft_exchange_free(aft_exchange *exchange) {
  if (exchange == NULL) return;
  g_free(exchange->code);
  g_free(exchange->name);
  g_free(exchange->zone);
  g_array_unref(exchange->hours);
  g_array_unref(exchange->rules);
  g_string_chunk_free(exchange->names);
  g_free(exchange);
}
