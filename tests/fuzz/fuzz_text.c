/* Numbers, days, timestamps and JSON lines from any text: what is read is written back as the same value. */
#include "fuzz.h"

#include <aftershock/base/stamp.h>
#include <aftershock/base/json_locate.h>
#include <aftershock/base/text.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* The C library reads every number that we read, and to the same bits; ours come back from their shortest text. */
static void check_number(const char *text, size_t size) {
  double value;
  char printed[AFT_NUMBER_TEXT];
  if (!aft_number_parse(text, size, &value)) return;
  double expected = g_ascii_strtod(text, NULL);
  g_assert_true(memcmp(&value, &expected, sizeof value) == 0);
  double again;
  aft_number_print(value, printed);
  g_assert_true(aft_number_parse(printed, strlen(printed), &again));
  g_assert_true(again == value);
}

static void check_day(const char *text, size_t size) {
  aft_day day, again;
  char printed[AFT_DAY_TEXT];
  if (!aft_day_parse(text, size, &day)) return;
  aft_day_print(day, printed);
  g_assert_true(aft_day_parse(printed, strlen(printed), &again));
  g_assert_cmpint(again, ==, day);
}

static void check_stamp(const char *text) {
  aft_stamp stamp, again;
  char printed[AFT_MILLIS_TEXT];
  if (!aft_stamp_parse(text, &stamp, NULL) || stamp.kind != AFT_STAMP_INSTANT) return;
  aft_millis_print(stamp.instant, printed);
  g_assert_true(aft_stamp_parse(printed, &again, NULL));
  g_assert_cmpint(again.kind, ==, AFT_STAMP_INSTANT);
  g_assert_cmpint(again.instant, ==, stamp.instant);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  g_autofree char *text = g_strndup((const char *)data, size);
  g_autoptr(GString) field = g_string_new(NULL);
  size_t length = strlen(text);
  check_number(text, length);
  check_day(text, length);
  check_stamp(text);
  g_assert_cmpint(aft_json_find_line(text, "a.0.b"), >=, 1);
  aft_csv_append(field, text);
  g_assert_cmpuint(field->len, >=, length);
  return 0;
}
