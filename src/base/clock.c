/* Days and instants. */
#include <aftershock/base/clock.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Days from civil date, by counting 400-year eras from 1 March of year 0. */
aft_day aft_day_from_ymd(int year, int month, int day) {
  int y = month <= 2 ? year - 1 : year;
  int era = (y >= 0 ? y : y - 399) / 400;
  int year_of_era = y - era * 400;
  int day_of_year = (153 * (month + (month > 2 ? -3 : 9)) + 2) / 5 + day - 1;
  int day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
  return era * 146097 + day_of_era - 719468;
}

/*
 * Years begin in March, so that leap days end them. All counts are rounded-down linear functions, multiplied and shifted rather than divided.
 * Source: Neri and Schneider (2023), Software: Practice and Experience 53(4), 937-970.
 */
void aft_day_to_ymd(aft_day day, int *year, int *month, int *day_of_month) {
  enum { ERAS = 16000 }; /* of 400 years, put before the first of all days */
  const int64_t era_days = 146097;
  uint64_t quarters = 4 * (uint64_t)((int64_t)day + 719468 + ERAS * era_days) + 3,
           century = quarters / (uint64_t)era_days;
  uint64_t years = (quarters % (uint64_t)era_days | 3) * 2939745; /* of the century; 2^32 / 1461 */
  uint32_t day_of_year = (uint32_t)years / 2939745 / 4, months = 2141 * day_of_year + 197913;
  int is_late = months >> 16 > 12; /* January or February */
  *day_of_month = (int)((months & 0xffff) / 2141) + 1;
  *month = (int)(months >> 16) - 12 * is_late;
  *year = (int)((int64_t)(100 * century + (years >> 32)) - ERAS * INT64_C(400)) + is_late;
}

enum aft_weekday aft_day_weekday(aft_day day) {
  /* 1970-01-01 was a Thursday. */
  return (enum aft_weekday)(((day + 3) % 7 + 7) % 7);
}

size_t aft_day_find(const aft_day *days, size_t n, aft_day day) {
  size_t low = 0, high = n;
  while (low < high) {
    size_t middle = low + (high - low) / 2;
    if (days[middle] < day)
      low = middle + 1;
    else
      high = middle;
  }
  return low;
}

static int days_in_month(int year, int month) {
  static const int days[] = {31, 28, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31};
  bool leap = (year % 4 == 0 && year % 100 != 0) || year % 400 == 0;
  return month == 2 && leap ? 29 : days[month - 1];
}

/* Reads exactly n digits. */
static bool parse_digits(const char *text, int n, int *value) {
  int v = 0;
  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit(text[i])) return false;
    v = v * 10 + (text[i] - '0');
  }
  *value = v;
  return true;
}

bool aft_day_parse(const char *text, size_t length, aft_day *day) {
  int year, month, day_of_month;
  bool dashed = length == 10 && text[4] == '-' && text[7] == '-';
  if (!dashed && length != 8) return false;
  size_t month_at = dashed ? 5 : 4, day_at = dashed ? 8 : 6;
  if (!parse_digits(text, 4, &year) || !parse_digits(text + month_at, 2, &month) ||
      !parse_digits(text + day_at, 2, &day_of_month))
    return false;
  if (year < 1800 || year > 2200 || month < 1 || month > 12 || day_of_month < 1) return false;
  if (day_of_month > days_in_month(year, month)) return false;
  *day = aft_day_from_ymd(year, month, day_of_month);
  return true;
}

static void put_two_digits(char *out, int value) {
  out[0] = (char)('0' + value / 10);
  out[1] = (char)('0' + value % 10);
}

size_t aft_day_write(aft_day day, char buffer[AFT_DAY_TEXT]) {
  int year, month, day_of_month;
  aft_day_to_ymd(day, &year, &month, &day_of_month);
  if (year < 0 || year > 9999)
    return (size_t)g_snprintf(buffer, AFT_DAY_TEXT, "%04d-%02d-%02d", year, month, day_of_month);
  put_two_digits(buffer, year / 100); /* tables have millions */
  put_two_digits(buffer + 2, year % 100);
  buffer[4] = buffer[7] = '-';
  put_two_digits(buffer + 5, month);
  put_two_digits(buffer + 8, day_of_month);
  buffer[10] = '\0';
  return 10;
}

char *aft_day_print(aft_day day, char buffer[AFT_DAY_TEXT]) {
  aft_day_write(day, buffer);
  return buffer;
}

static aft_millis floor_day(aft_millis instant) {
  aft_millis day = instant / AFT_MILLIS_PER_DAY;
  return instant % AFT_MILLIS_PER_DAY < 0 ? day - 1 : day;
}

char *aft_millis_print(aft_millis instant, char buffer[AFT_MILLIS_TEXT]) {
  aft_day day = (aft_day)floor_day(instant);
  int millis = (int)(instant - day * AFT_MILLIS_PER_DAY);
  char date[AFT_DAY_TEXT];
  int seconds = millis / 1000, rest = millis % 1000;
  aft_day_print(day, date);
  if (rest != 0)
    g_snprintf(buffer, AFT_MILLIS_TEXT, "%sT%02d:%02d:%02d.%03dZ", date, seconds / 3600, seconds / 60 % 60,
               seconds % 60, rest);
  else
    g_snprintf(buffer, AFT_MILLIS_TEXT, "%sT%02d:%02d:%02dZ", date, seconds / 3600, seconds / 60 % 60, seconds % 60);
  return buffer;
}
