/* base/: dates, numbers, CSV records, files, processes. */
#include "support/support.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/error.h>
#include <aftershock/base/file.h>
#include <aftershock/base/process.h>
#include <aftershock/base/clock.h>
#include <aftershock/base/text.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void test_days(void) {
  char text[AFT_DAY_TEXT];
  aft_day day = 0;
  g_assert_cmpint(aft_day_from_ymd(1970, 1, 1), ==, 0);
  g_assert_cmpint(aft_day_from_ymd(2000, 3, 1), ==, 11017);
  g_assert_cmpint(aft_day_weekday(aft_day_from_ymd(2025, 1, 27)), ==, AFT_MONDAY);
  g_assert_cmpint(aft_day_weekday(aft_day_from_ymd(1969, 12, 28)), ==, AFT_SUNDAY);
  /* Every day of five centuries survives the round trip, and each is one after the day before. */
  aft_day expected = aft_day_from_ymd(1800, 1, 1);
  for (; expected < aft_day_from_ymd(2201, 1, 1); expected++) {
    aft_day_print(expected, text);
    g_assert_true(aft_day_parse(text, strlen(text), &day));
    g_assert_cmpint(day, ==, expected);
  }
  /* Counted day by day over ages, from the calendar's rules alone. */
  int year = -401, month = 1, of_month = 1;
  for (aft_day d = aft_day_from_ymd(year, month, of_month); d < aft_day_from_ymd(4001, 1, 1); d++) {
    int y, m, n;
    aft_day_to_ymd(d, &y, &m, &n);
    g_assert_true(y == year && m == month && n == of_month);
    bool is_leap = year % 4 == 0 && (year % 100 != 0 || year % 400 == 0);
    int length = month == 2 ? 28 + is_leap : 30 + (month < 8 ? month % 2 : 1 - month % 2);
    of_month = of_month < length ? of_month + 1 : 1;
    if (of_month == 1) month = month % 12 + 1;
    if (of_month == 1 && month == 1) year++;
  }
  g_assert_true(aft_day_parse("20250127", 8, &day));
  g_assert_cmpint(day, ==, 20115);
  const char *bad[] = {"2025-02-29", "2025-13-01", "2025-00-10", "2025-1-27", "01/27/2025", "1799-12-31",
                       "2201-01-01", "2025-01-2x", "",           "202501270", "2025_01_27"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) g_assert_false(aft_day_parse(bad[i], strlen(bad[i]), &day));
}

static void test_day_find(void) {
  const aft_day days[] = {-3, 0, 1, 5, 9};
  enum { N = G_N_ELEMENTS(days) };
  for (aft_day day = -5; day < 12; day++)
    for (size_t n = 0; n <= N; n++) {
      size_t expected = 0;
      while (expected < n && days[expected] < day) expected++;
      g_assert_cmpuint(aft_day_find(days, n, day), ==, expected);
    }
}

static void test_numbers(void) {
  char text[AFT_NUMBER_TEXT];
  double value = 7;
  g_assert_cmpstr(aft_number_print(0.1, text), ==, "0.1");
  g_assert_cmpstr(aft_number_print(1.0 / 3, text), ==, "0.3333333333333333");
  g_assert_cmpstr(aft_number_print(-0.0, text), ==, "0");
  g_assert_cmpstr(aft_number_print((double)NAN, text), ==, "");
  g_assert_cmpstr(aft_number_print((double)INFINITY, text), ==, "");
  g_assert_cmpstr(aft_number_print(-(double)INFINITY, text), ==, "");
  g_assert_cmpstr(aft_number_print(118.42, text), ==, "118.42");
  /* Random bits: what is printed reads back to the same double, and no shorter text would. */
  g_autoptr(GRand) random = g_rand_new_with_seed(20250127);
  for (int i = 0; i < 20000; i++) {
    guint64 bits = (guint64)g_rand_int(random) << 32 | g_rand_int(random);
    double expected;
    memcpy(&expected, &bits, sizeof expected);
    if (!isfinite(expected)) continue;
    aft_number_print(expected, text);
    g_assert_true(aft_number_parse(text, strlen(text), &value));
    g_assert_true(value == expected);
  }
  const char *bad[] = {"",    "1,5", "1.234,5", "0x10", "nan",   "inf",   "1e",
                       "--1", "1 ",  " 1",      ".",    "1.2.3", "1e999", "12%"};
  for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) g_assert_false(aft_number_parse(bad[i], strlen(bad[i]), &value));
  const char *good[] = {"1", "-1.5", "+.5", "1.", "1e3", "1E-3", "00012"};
  for (size_t i = 0; i < G_N_ELEMENTS(good); i++) g_assert_true(aft_number_parse(good[i], strlen(good[i]), &value));
}

/* What printing did before it had integers of its own: slow, and the definition. */
static const char *print_by_trial(double value, char *text) {
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"};
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_ascii_formatd(text, AFT_NUMBER_TEXT, formats[i], value);
    if (g_ascii_strtod(text, NULL) == value) break;
  }
  return text;
}

static void assert_printed(double value) {
  char text[AFT_NUMBER_TEXT], expected[AFT_NUMBER_TEXT];
  for (int sign = 0; sign < 2; sign++, value = -value)
    g_assert_cmpstr(aft_number_print(value, text), ==, print_by_trial(value, expected));
}

/* Full doubles, decimals of few digits and their neighbours, over the range that is printed from integers and beyond it. */
static void test_numbers_shortest(void) {
  g_autoptr(GRand) random = g_rand_new_with_seed(42);
  for (int i = 0; i < 60000; i++) {
    double decades = g_rand_double_range(random, -13, 19);
    double full = pow(10, decades) * g_rand_double_range(random, 1, 10);
    double scale = pow(10, g_rand_int_range(random, -9, 10));
    double few = (double)g_rand_int_range(random, 1, 1 << g_rand_int_range(random, 1, 31)) / scale;
    assert_printed(full);
    assert_printed(few);
    assert_printed(nextafter(few, HUGE_VAL));
    assert_printed(nextafter(few, 0));
    /* Few bits: decimals that end, and lie half way between shorter ones. */
    guint64 bits = ((guint64)g_rand_int(random) << 32 | g_rand_int(random)) >> g_rand_int_range(random, 11, 64);
    assert_printed(ldexp((double)(bits | 1), g_rand_int_range(random, -90, 10)));
  }
  for (int e = -60; e < 70; e++) {
    double power = ldexp(1, e);
    assert_printed(power);
    assert_printed(nextafter(power, HUGE_VAL));
    assert_printed(nextafter(power, 0));
  }
  for (int k = -12; k < 19; k++) { /* where the number of digits before the point changes */
    g_autofree char *text = g_strdup_printf("1e%d", k);
    double power = g_ascii_strtod(text, NULL), above = power, below = power;
    if (k > 0) assert_printed(power - 1);
    assert_printed(power + 1);
    for (int i = 0; i < 40; i++) {
      assert_printed(above);
      assert_printed(below);
      above = nextafter(above, HUGE_VAL);
      below = nextafter(below, 0);
    }
  }
  static const double edges[] = {1e-11,
                                 1e-10,
                                 1e-5,
                                 9.5e-5,
                                 1e-4,
                                 0.00011,
                                 1e15,
                                 123456789012345680.0,
                                 99999999999999.99,
                                 999999999999999.9,
                                 9999999999999998.0,
                                 9007199254740993.0,
                                 1e16 + 2,
                                 1e17,
                                 1.5e-323,
                                 0.3};
  for (size_t i = 0; i < G_N_ELEMENTS(edges); i++) {
    assert_printed(edges[i]);
    assert_printed(nextafter(edges[i], HUGE_VAL));
    assert_printed(nextafter(edges[i], 0));
  }
}

static void test_csv_append(void) {
  const struct {
    const char *text, *written;
  } cases[] = {{"plain", "plain"},      {"a,b", "\"a,b\""}, {"say \"x\"", "\"say \"\"x\"\"\""},
               {"=1+1", "'=1+1"},       {"-5.25", "-5.25"}, {"-cmd", "'-cmd"},
               {"@x,y", "\"'@x,y\""},   {"", ""},           {"two\nlines", "\"two\nlines\""},
               {" blank", "\" blank\""}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autoptr(GString) out = g_string_new(NULL);
    aft_csv_append(out, cases[i].text);
    g_assert_cmpstr(out->str, ==, cases[i].written);
  }
}

/* Piece by piece: nothing under the name before the end, the old file until then, nothing left of what was given up. */
static void test_file_draft(void) {
  char *dir = support_temp_dir();
  g_autofree char *path = support_write(dir, "a.csv", "old"), *text = NULL;
  GError *error = NULL;
  size_t size;
  for (int i = 0; i < 2; i++) {
    aft_file_draft draft;
    g_assert_true(aft_file_draft_begin(&draft, path, &error));
    g_assert_true(aft_file_draft_append(&draft, "ab", 2, &error));
    g_assert_true(aft_file_draft_append(&draft, "c\n", 2, &error));
    g_clear_pointer(&text, g_free);
    g_assert_true(aft_file_read(path, 100, &text, &size, &error));
    g_assert_cmpstr(text, ==, "old");
    if (i == 1) g_assert_true(aft_file_draft_commit(&draft, &error));
    g_autofree char *temporary = g_strdup(draft.path);
    aft_file_draft_clear(&draft);
    aft_file_draft_clear(&draft);
    g_assert_false(g_file_test(temporary, G_FILE_TEST_EXISTS));
  }
  g_clear_pointer(&text, g_free);
  g_assert_true(aft_file_read(path, 100, &text, &size, &error));
  g_assert_cmpstr(text, ==, "abc\n");
  aft_file_draft draft;
  g_assert_false(aft_file_draft_begin(&draft, "/nonexistent/a.csv", &error));
  assert_error(&error, "/nonexistent/a.csv: cannot be written: No such file or directory");
  support_remove(dir);
}

static void test_closest(void) {
  const char *const names[] = {"market_model", "market_adjusted", "constant_mean", NULL};
  g_assert_cmpstr(aft_text_find_closest("market_modle", names), ==, "market_model");
  g_assert_cmpstr(aft_text_find_closest("Constant_Mean", names), ==, "constant_mean");
  g_assert_null(aft_text_find_closest("zzz", names));
}

static void test_csv_records(void) {
  const char *text =
      "\xEF\xBB\xBF# units: percent\r\n\r\ndate , \"close (USD)\",note\r\n2025-01-02,\"1\",\"a, \"\"b\"\"\r\nc\"\r\n"
      "\r\n2025-01-03, 2 ,\r\n2025-01-06,3,last";
  GError *error = NULL;
  const char *const *f;
  g_autoptr(aft_csv) csv = aft_csv_open_bytes("t.csv", text, strlen(text), &error);
  g_assert_no_error(error);
  g_assert_cmpstr(aft_csv_comment(csv), ==, " units: percent\r\n");
  g_assert_cmpint(aft_csv_find(csv, "close"), ==, 1);
  g_assert_cmpstr(aft_csv_unit(csv, 1), ==, "USD");
  g_assert_cmpstr(aft_csv_unit(csv, 2), ==, "");
  g_assert_cmpint(aft_csv_find(csv, "open"), ==, -1);
  g_assert_true(aft_csv_next(csv, &f, &error));
  g_assert_cmpstr(f[2], ==, "a, \"b\"\r\nc");
  g_assert_cmpint(aft_csv_line(csv), ==, 4);
  g_assert_true(aft_csv_next(csv, &f, &error));
  g_assert_cmpstr(f[1], ==, "2");
  g_assert_cmpstr(f[2], ==, "");
  g_assert_cmpint(aft_csv_line(csv), ==, 7);
  g_assert_true(aft_csv_next(csv, &f, &error));
  g_assert_cmpstr(f[2], ==, "last");
  g_assert_false(aft_csv_next(csv, &f, &error));
  g_assert_no_error(error);
}

static void test_csv_errors(void) {
  const struct {
    const char *text, *message;
  } cases[] = {
      {"", "t.csv:1: the file is empty (a header line is needed)"},
      {"# only\n", "t.csv:2: the file is empty (a header line is needed)"},
      {"a,b,a\n", "t.csv:1: column \"a\" stands twice in the header"},
      {"a,,b\n", "t.csv:1: column 2 has no name"},
      {"a,b\n1\n", "t.csv:2: 1 fields where the header has 2"},
      {"a,b\n1,2\n1,2,3\n", "t.csv:3: 3 fields where the header has 2"},
      {"a,b\n1,\"2\n", "t.csv:2: a quoted field is never closed (add the closing \")"},
      {"a,b\n\"1\"x,2\n", "t.csv:2: text after a closing quote (double the quotes inside a field)"},
      {"a,b\n1,\xff\n", "t.csv:2: a byte that is not UTF-8 (save the file as UTF-8)"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    GError *error = NULL;
    const char *const *fields;
    g_autoptr(aft_csv) csv = aft_csv_open_bytes("t.csv", cases[i].text, strlen(cases[i].text), &error);
    while (csv != NULL && aft_csv_next(csv, &fields, &error)) continue;
    assert_error(&error, cases[i].message);
  }
}

static void test_files(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  g_autofree char *path = support_write(dir, "a.txt", "abc");
  uint64_t size = 0;
  g_autofree char *digest = aft_file_digest(path, &size, &error);
  /* FIPS 180-2, appendix B.1. */
  g_assert_cmpstr(digest, ==, "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad");
  g_assert_cmpuint(size, ==, 3);
  char *text = NULL;
  size_t length = 0;
  g_assert_false(aft_file_read(path, 2, &text, &length, &error));
  g_assert_null(text);
  g_clear_error(&error);
  g_assert_false(aft_file_read(dir, 2, &text, &length, &error));
  g_clear_error(&error);
  g_assert_false(aft_file_write("/dev/null/x", "a", 1, &error));
  g_clear_error(&error);
  support_remove(dir);
}

static const char *const form_names[] = {"result.json", "old", NULL};
static const aft_folder_form form = {"result.json", "made by us", form_names};

static bool exists(const char *dir, const char *name) {
  g_autofree char *path = g_build_filename(dir, name, NULL);
  return g_file_test(path, G_FILE_TEST_EXISTS);
}

/* A folder of ours is made anew; what somebody put there stays. */
static void test_folder_draft(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  g_autofree char *final_path = g_build_filename(dir, "out", "study", NULL);
  for (int round = 0; round < 2; round++) {
    aft_folder_draft draft = {.path = NULL};
    g_assert_true(aft_folder_draft_begin(&draft, final_path, &form, &error));
    g_free(support_write(draft.path, "result.json", round == 0 ? "made by us, 1" : "made by us, 2"));
    if (round == 0) g_free(support_write(draft.path, "old/file", "x"));
    g_assert_true(aft_folder_draft_commit(&draft, &error));
    g_assert_no_error(error);
    aft_folder_draft_clear(&draft);
    if (round == 0) g_free(support_write(final_path, "notes.txt", "mine"));
  }
  g_assert_false(exists(final_path, "old"));
  g_assert_true(exists(final_path, "notes.txt"));
  /* Not committed: nothing is left. */
  aft_folder_draft draft = {.path = NULL};
  g_assert_true(aft_folder_draft_begin(&draft, final_path, &form, &error));
  g_autofree char *partial = g_strdup(draft.path);
  aft_folder_draft_clear(&draft);
  g_assert_false(g_file_test(partial, G_FILE_TEST_EXISTS));
  support_remove(dir);
}

/* Somebody's folder is refused, also when it has a file of the marker's name. */
static void test_folder_refused(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  aft_folder_draft draft = {.path = NULL};
  g_free(support_write(dir, "mine/thesis.tex", "x"));
  g_autofree char *mine = g_build_filename(dir, "mine", NULL);
  for (int round = 0; round < 2; round++) {
    g_assert_false(aft_folder_draft_begin(&draft, mine, &form, &error));
    g_assert_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_EXISTS);
    g_clear_error(&error);
    g_free(support_write(dir, "mine/result.json", "{\"hello\": 1}"));
  }
  g_assert_false(aft_folder_draft_begin(&draft, mine, NULL, &error));
  g_clear_error(&error);
  g_assert_true(exists(mine, "thesis.tex"));
  support_remove(dir);
}

/* The draft of a process that was killed is removed by the next one. */
static void test_folder_stale(void) {
  char *dir = support_temp_dir();
  GError *error = NULL;
  aft_folder_draft draft = {.path = NULL};
  g_free(support_write(dir, "out.partial-2147483646/file", "x"));
  g_autofree char *out = g_build_filename(dir, "out", NULL);
  g_assert_true(aft_folder_draft_begin(&draft, out, NULL, &error));
  g_assert_false(exists(dir, "out.partial-2147483646"));
  aft_folder_draft_clear(&draft);
  support_remove(dir);
}

static void test_process(void) {
  GError *error = NULL;
  g_autofree char *output = NULL;
  const char *const echo[] = {"sh", "-c", "printf '%s' \"$A$1\"", "sh", "$(id)`id`", NULL};
  const char *const environment[] = {"A=b", NULL};
  g_assert_true(aft_process_run(echo, "/", environment, 5000, &output, &error));
  g_assert_cmpstr(output, ==, "b$(id)`id`");
  const char *const failing[] = {"sh", "-c", "echo why >&2; exit 3", NULL};
  g_assert_false(aft_process_run(failing, NULL, NULL, 5000, NULL, &error));
  assert_error(&error, "sh: ended with status 3: why");
  const char *const slow[] = {"sleep", "10", NULL};
  g_assert_false(aft_process_run(slow, NULL, NULL, 50, NULL, &error));
  assert_error(&error, "sleep: stopped after 50 ms");
  g_assert_true(aft_process_exists("sh"));
  g_assert_false(aft_process_exists("no-such-program-here"));
}

/* Every byte at every place of texts of every length. */
static void test_ascii(void) {
  char text[80];
  for (size_t length = 0; length <= sizeof text; length++)
    for (size_t at = 0; at < sizeof text; at++)
      for (int byte = 0; byte < 256; byte += byte < 2 || byte > 124 ? 1 : 41) {
        memset(text, 'x', sizeof text);
        text[at] = (char)byte;
        g_assert_true(aft_text_is_ascii(text, length) == (at >= length || (byte > 0 && byte < 128)));
      }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/base/days", test_days);
  g_test_add_func("/base/day_find", test_day_find);
  g_test_add_func("/base/numbers", test_numbers);
  g_test_add_func("/base/ascii", test_ascii);
  g_test_add_func("/base/numbers_shortest", test_numbers_shortest);
  g_test_add_func("/base/csv_append", test_csv_append);
  g_test_add_func("/base/file-draft", test_file_draft);
  g_test_add_func("/base/closest", test_closest);
  g_test_add_func("/base/csv_records", test_csv_records);
  g_test_add_func("/base/csv_errors", test_csv_errors);
  g_test_add_func("/base/files", test_files);
  g_test_add_func("/base/folder_draft", test_folder_draft);
  g_test_add_func("/base/folder_refused", test_folder_refused);
  g_test_add_func("/base/folder_stale", test_folder_stale);
  g_test_add_func("/base/process", test_process);
  return g_test_run();
}
