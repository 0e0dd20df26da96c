/* Timestamps: ISO 8601, RFC 822, seconds and milliseconds since 1970, zones by offset and by name. */
#include <aftershock/base/stamp.h>

#include <aftershock/base/error.h>
#include <aftershock/base/zone.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_BYTES = 128 };

const char *aft_precision_name(enum aft_precision precision) {
  static const char *const names[] = {"unknown", "month", "day", "minute", "second"};
  return names[precision];
}

/* RFC 822, section 5.1, without its one-letter zones, whose signs it has the wrong way round (RFC 1123, section 5.2.14). */
static const struct {
  const char *name;
  int hours;
} abbreviations[] = {{"UT", 0},   {"UTC", 0},  {"GMT", 0},  {"Z", 0},    {"EST", -5}, {"EDT", -4},
                     {"CST", -6}, {"CDT", -5}, {"MST", -7}, {"MDT", -6}, {"PST", -8}, {"PDT", -7}};

static bool G_GNUC_PRINTF(2, 3) refuse(GError **error, const char *format, ...) {
  va_list args;
  va_start(args, format);
  g_autofree char *message = g_strdup_vprintf(format, args);
  va_end(args);
  g_set_error_literal(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, message);
  return false;
}

static bool refuse_text(GError **error) {
  return refuse(error, "is not a time (write 2025-01-20T03:46:07Z, with an offset, or a date alone)");
}

/* Reads exactly n digits. */
static bool read_digits(const char *text, int n, int *value) {
  int v = 0;
  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit(text[i])) return false;
    v = v * 10 + (text[i] - '0');
  }
  *value = v;
  return true;
}

/* A time of day and what it is known to. */
struct time_of_day {
  aft_millis millis;
  bool has_seconds;
};

/* HH:MM[:SS[.fraction]], or HHMM[SS] when compact; moves *text behind it. */
static bool read_time(const char **text, bool compact, struct time_of_day *time) {
  const char *p = *text;
  int hour, minute, second = 0, fraction = 0, colon = compact ? 0 : 1;
  if (!read_digits(p, 2, &hour)) return false;
  p += 2;
  if ((colon && *p != ':') || !read_digits(p + colon, 2, &minute)) return false;
  p += colon + 2;
  time->has_seconds = compact ? g_ascii_isdigit(*p) : *p == ':';
  if (time->has_seconds) {
    if (!read_digits(p + colon, 2, &second)) return false;
    p += colon + 2;
    if (*p == '.' || *p == ',') {
      int digits = 0;
      for (p++; g_ascii_isdigit(*p); p++, digits++)
        if (digits < 3) fraction = fraction * 10 + (*p - '0');
      if (digits == 0) return false;
      for (; digits < 3; digits++) fraction *= 10;
    }
  }
  if (hour > 23 || minute > 59 || second > 60) return false;
  if (second == 60) second = 59, fraction = 999;
  time->millis = (aft_millis)(hour * 3600 + minute * 60 + second) * 1000 + fraction;
  *text = p;
  return true;
}

/* +HH[[:]MM] up to the end of the text; milliseconds east of UTC. */
static bool read_offset(const char *text, aft_millis *offset) {
  int hours, minutes = 0;
  if ((text[0] != '+' && text[0] != '-') || !read_digits(text + 1, 2, &hours)) return false;
  const char *p = text + 3;
  if (*p == ':') p++;
  if (*p != '\0') {
    if (!read_digits(p, 2, &minutes) || p[2] != '\0') return false;
  } else if (p[-1] == ':') {
    return false;
  }
  if (hours > 14 || minutes > 59) return false;
  *offset = ((aft_millis)hours * 60 + minutes) * 60000 * (text[0] == '-' ? -1 : 1);
  return true;
}

static void set_instant(aft_stamp *stamp, aft_millis instant) {
  stamp->kind = AFT_STAMP_INSTANT;
  stamp->instant = instant;
  stamp->day = (aft_day)aft_floor_divide(instant, AFT_MILLIS_PER_DAY);
}

static char *print_offset(aft_millis offset) {
  int minutes = (int)(ABS(offset) / 60000);
  return g_strdup_printf("%c%02d:%02d", offset < 0 ? '-' : '+', minutes / 60, minutes % 60);
}

/* The wall clock of stamp in a zone of the data base. */
static bool apply_named_zone(const char *name, aft_stamp *stamp, GError **error) {
  g_autoptr(GTimeZone) zone = g_time_zone_new_identifier(name);
  if (zone == NULL)
    return refuse(
        error,
        "names the zone \"%s\", which the time-zone data do not have (e.g. America/New_York; they are in the package tzdata)",
        name);
  aft_millis instant[2];
  int n = aft_zone_find_instants(zone, stamp->instant, instant);
  if (n == 1) {
    set_instant(stamp, instant[0]);
    return true;
  }
  g_autofree char *first = print_offset(stamp->instant - instant[0]),
                  *second = print_offset(stamp->instant - instant[1]);
  if (n == 2)
    return refuse(error, "is shown twice by clocks of %s (write the offset: %s for the first time, %s for the second)",
                  name, first, second);
  return refuse(error, "does not exist: clocks of %s skip it (write the offset that is meant, %s or %s)", name, first,
                second);
}

/* What stands behind a time: nothing, an offset, or a name. blank: a blank stood before it, as names need. */
static bool apply_zone(const char *text, bool blank, aft_stamp *stamp, GError **error) {
  aft_millis offset;
  if (*text == '\0') return blank ? refuse_text(error) : true;
  if (read_offset(text, &offset)) {
    set_instant(stamp, stamp->instant - offset);
    return true;
  }
  if (!blank && g_ascii_strcasecmp(text, "Z") != 0) return refuse_text(error);
  for (size_t i = 0; i < G_N_ELEMENTS(abbreviations); i++)
    if (g_ascii_strcasecmp(text, abbreviations[i].name) == 0) {
      set_instant(stamp, stamp->instant - (aft_millis)abbreviations[i].hours * 3600000);
      return true;
    }
  size_t n = strspn(text, "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789_+-/");
  if (text[n] != '\0' || !g_ascii_isalpha(*text)) return refuse_text(error);
  if (strchr(text, '/') != NULL) return apply_named_zone(text, stamp, error);
  return refuse(
      error,
      "ends in \"%s\", an abbreviation that zones share or that hides the season (write the offset, e.g. +09:00, or the zone, e.g. Asia/Tokyo)",
      text);
}

/* A time of day and a zone behind stamp->day. */
static bool read_clock(const char *text, bool compact, aft_stamp *stamp, GError **error) {
  struct time_of_day time;
  if (!read_time(&text, compact, &time)) return refuse_text(error);
  stamp->kind = AFT_STAMP_LOCAL;
  stamp->precision = time.has_seconds ? AFT_PRECISION_SECOND : AFT_PRECISION_MINUTE;
  stamp->instant = stamp->day * AFT_MILLIS_PER_DAY + time.millis;
  bool blank = *text == ' ';
  return apply_zone(blank ? text + 1 : text, blank, stamp, error);
}

/* Digits alone: a day, a day and a time, or the time since 1970, told apart by their number. */
static bool read_number(const char *text, size_t digits, aft_stamp *stamp, GError **error) {
  const char *rest = text + digits;
  if (digits == 14 && aft_day_parse(text, 8, &stamp->day)) return read_clock(text + 8, true, stamp, error);
  if (*rest != '\0' && *rest != '.') return refuse_text(error);
  if (digits == 8 && *rest == '\0' && aft_day_parse(text, 8, &stamp->day)) {
    stamp->kind = AFT_STAMP_DAY;
    stamp->precision = AFT_PRECISION_DAY;
    return true;
  }
  bool seconds = digits == 9 || digits == 10;
  size_t n_fraction = *rest == '.' ? strspn(rest + 1, "0123456789") : 0;
  bool ends = *rest == '\0' || (n_fraction > 0 && n_fraction <= 9 && rest[1 + n_fraction] == '\0');
  if ((!seconds && digits != 13) || !ends)
    return refuse(error,
                  "is a number that may mean several things (seconds since 1970 have 9 or 10 digits, milliseconds 13, "
                  "YYYYMMDD 8, YYYYMMDDHHMMSS 14; else write 2025-01-20T03:46)");
  aft_millis value = 0, scale = seconds ? 1000 : 1;
  for (size_t i = 0; i < digits; i++) value = value * 10 + (text[i] - '0');
  value *= scale;
  for (size_t i = 1; i <= n_fraction && scale > 1; i++) value += (scale /= 10) * (rest[i] - '0');
  set_instant(stamp, value);
  stamp->precision = AFT_PRECISION_SECOND;
  return stamp->day < aft_day_from_ymd(2201, 1, 1) || refuse_text(error);
}

static int find_name(const char *text, const char *const *names, int n) {
  for (int i = 0; i < n; i++)
    if (g_ascii_strncasecmp(text, names[i], 3) == 0) return i;
  return -1;
}

/* [Mon, ]20 Jan 2025 03:46[:07] GMT; years of two digits as RFC 2822 reads them. */
static bool read_rfc822(const char *text, aft_stamp *stamp, GError **error) {
  static const char *const weekdays[] = {"Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"};
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  const char *p = text;
  int weekday = -1, month, day, year;
  if (g_ascii_isalpha(*p)) {
    weekday = find_name(p, weekdays, 7);
    if (weekday < 0 || strncmp(p + 3, ", ", 2) != 0) return refuse_text(error);
    p += 5;
  }
  int n = g_ascii_isdigit(*p) && g_ascii_isdigit(p[1]) ? 2 : 1;
  if (!read_digits(p, n, &day) || p[n] != ' ') return refuse_text(error);
  p += n + 1;
  month = find_name(p, months, 12);
  if (month < 0 || p[3] != ' ') return refuse_text(error);
  p += 4;
  n = (int)strspn(p, "0123456789");
  if ((n != 2 && n != 4) || !read_digits(p, n, &year) || p[n] != ' ') return refuse_text(error);
  if (n == 2) year += year < 50 ? 2000 : 1900;
  p += n + 1;
  char iso[AFT_DAY_TEXT];
  g_snprintf(iso, sizeof iso, "%04d-%02d-%02d", year, month + 1, day);
  if (!aft_day_parse(iso, 10, &stamp->day)) return refuse_text(error);
  if (weekday >= 0 && (int)aft_day_weekday(stamp->day) != weekday)
    return refuse(error, "says %s, but %s is a %s (one of them is wrong)", weekdays[weekday], iso,
                  weekdays[aft_day_weekday(stamp->day)]);
  return read_clock(p, false, stamp, error);
}

/* YYYY-MM */
static bool read_month(const char *text, aft_stamp *stamp, GError **error) {
  g_autofree char *first = g_strconcat(text, "-01", NULL);
  if (!aft_day_parse(first, 10, &stamp->day)) return refuse_text(error);
  stamp->kind = AFT_STAMP_MONTH;
  stamp->precision = AFT_PRECISION_MONTH;
  return true;
}

static bool read_iso(const char *text, size_t length, bool compact, aft_stamp *stamp, GError **error) {
  size_t n = compact ? 8 : 10;
  if (length < n || (text[4] == '-') == compact || !aft_day_parse(text, n, &stamp->day)) return refuse_text(error);
  if (length == n) {
    stamp->kind = AFT_STAMP_DAY;
    stamp->precision = AFT_PRECISION_DAY;
    return true;
  }
  if (text[n] != 'T' && text[n] != 't' && (text[n] != ' ' || compact)) return refuse_text(error);
  return read_clock(text + n + 1, compact, stamp, error);
}

/* 2025-01-20T03:46:07Z, of which event files are full. It decides nothing: what is anything else goes the general way. */
static bool read_plain(const char *text, size_t length, aft_stamp *stamp) {
  aft_day day;
  int hour, minute, second;
  if (length != strlen("2025-01-20T03:46:07Z") || text[10] != 'T' || text[13] != ':' || text[16] != ':' ||
      text[19] != 'Z')
    return false;
  if (!aft_day_parse(text, 10, &day) || !read_digits(text + 11, 2, &hour) || !read_digits(text + 14, 2, &minute) ||
      !read_digits(text + 17, 2, &second) || hour > 23 || minute > 59 || second > 59)
    return false;
  *stamp = (aft_stamp){.kind = AFT_STAMP_INSTANT,
                       .precision = AFT_PRECISION_SECOND,
                       .day = day,
                       .instant = day * AFT_MILLIS_PER_DAY + (aft_millis)(hour * 3600 + minute * 60 + second) * 1000};
  return true;
}

bool aft_stamp_parse(const char *text, aft_stamp *stamp, GError **error) {
  aft_stamp parsed = {.kind = AFT_STAMP_UNKNOWN, .day = AFT_DAY_NONE};
  size_t length = strlen(text);
  if (read_plain(text, length, stamp)) return true;
  size_t digits = strspn(text, "0123456789");
  bool ok = true;
  if (length > MAX_BYTES)
    ok = refuse(error, "is longer than %d bytes", MAX_BYTES);
  else if (length == 7 && text[4] == '-')
    ok = read_month(text, &parsed, error);
  else if (digits == 8 && g_ascii_toupper(text[8]) == 'T')
    ok = read_iso(text, length, true, &parsed, error);
  else if (digits > 4)
    ok = read_number(text, digits, &parsed, error);
  else if (digits == 4)
    ok = read_iso(text, length, false, &parsed, error);
  else if (length > 0)
    ok = read_rfc822(text, &parsed, error);
  if (ok) *stamp = parsed;
  return ok;
}
