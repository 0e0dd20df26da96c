/* CSV files that are written row by row, and by several threads in blocks. */
#include "support/support.h"

#include <aftershock/base/error.h>
#include <aftershock/base/sink.h>
#include <aftershock/base/text.h>

#include <math.h>
#include <string.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

static char *folder;

/* Fields of every kind; five rows begin alike, and every 97th is long. */
static void put_rows(aft_sink *sink, size_t first, size_t last, const void *data) {
  const char *const texts[] = {"plain", "", "a,b", "say \"no\"", " ends ", "=1+1", "-7", "-7x", "two\nlines", "\tx"};
  size_t shift = *(const size_t *)data;
  for (size_t i = first; i < last; i++) {
    if (i > first && i % 5 != 0) {
      aft_sink_repeat(sink);
    } else {
      aft_sink_integer(sink, (gint64)(i / 5) - 1000);
      aft_sink_text(sink, texts[(i / 5 + shift) % G_N_ELEMENTS(texts)]);
      aft_sink_mark(sink);
    }
    aft_sink_word(sink, "words", i % 6);
    aft_sink_integer(sink, i % 2 == 0 ? G_MININT64 + (gint64)i : G_MAXINT64 >> i % 64);
    aft_sink_number(sink, i % 5 == 0 ? (double)NAN : sqrt((double)i) / 7);
    aft_sink_day(sink, i % 11 == 0 ? AFT_DAY_NONE : (aft_day)(20000 + i % 3000));
    for (int k = 0; i % 97 == 0 && k < 40; k++) aft_sink_number(sink, 1.0 / (double)(i + 3 + (size_t)k));
    aft_sink_end_row(sink);
  }
}

/* The same rows as text, from what a field's text is. */
static char *expect(size_t n, size_t shift) {
  const char *const texts[] = {"plain", "",   "\"a,b\"", "\"say \"\"no\"\"\"", "\" ends \"",
                               "'=1+1", "-7", "'-7x",    "\"two\nlines\"",     "'\tx"};
  GString *text = g_string_new("i,text,word,large,number,day\n");
  char day[AFT_DAY_TEXT], number[AFT_NUMBER_TEXT];
  for (size_t i = 0; i < n; i++) {
    g_string_append_printf(text, "%ld,%s,%.*s,%" G_GINT64_FORMAT ",%s,%s", (long)(i / 5) - 1000,
                           texts[(i / 5 + shift) % G_N_ELEMENTS(texts)], (int)(i % 6), "words",
                           i % 2 == 0 ? G_MININT64 + (gint64)i : G_MAXINT64 >> i % 64,
                           i % 5 == 0 ? "" : aft_number_print(sqrt((double)i) / 7, number),
                           i % 11 == 0 ? "" : aft_day_print((aft_day)(20000 + i % 3000), day));
    for (int k = 0; i % 97 == 0 && k < 40; k++)
      g_string_append_printf(text, ",%s", aft_number_print(1.0 / (double)(i + 3 + (size_t)k), number));
    g_string_append_c(text, '\n');
  }
  return g_string_free(text, FALSE);
}

/* One table after another into one file, as models follow each other: the same bytes for any number of threads. */
static void test_threads(void) {
  static const size_t sizes[] = {0, 1, 1023, 1024, 1025, 16384, 16385, 40000};
  static const unsigned threads[] = {1, 2, 7};
  for (size_t s = 0; s < G_N_ELEMENTS(sizes); s++)
    for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
      GError *error = NULL;
      size_t shifts[] = {0, 3}, length;
      aft_sink *sink = aft_sink_open(folder, "table.csv", "i,text,word,large,number,day", &error);
      g_assert_no_error(error);
      for (int k = 0; k < 2; k++) aft_sink_fill(sink, sizes[s], threads[t], put_rows, &shifts[k]);
      put_rows(sink, 0, 2, &shifts[1]); /* a row after the blocks */
      g_assert_true(aft_sink_close(sink, &error));
      g_autofree char *path = g_build_filename(folder, "table.csv", NULL), *read = NULL, *one = expect(sizes[s], 0),
                      *two = expect(sizes[s], 3), *rest = expect(2, 3);
      g_assert_true(g_file_get_contents(path, &read, &length, NULL));
      g_autofree char *all = g_strconcat(one, strchr(two, '\n') + 1, strchr(rest, '\n') + 1, NULL);
      g_assert_cmpuint(length, ==, strlen(all));
      g_assert_true(memcmp(read, all, length) == 0);
    }
}

/* What cannot be written is told when the file is closed, whoever filled it. */
static void test_full(void) {
  static const unsigned threads[] = {1, 2};
  g_autofree char *path = g_build_filename(folder, "full.csv", NULL);
  size_t shift = 0;
  if (access("/dev/full", W_OK) != 0 || symlink("/dev/full", path) != 0) {
    g_test_skip("no /dev/full");
    return;
  }
  for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
    GError *error = NULL;
    aft_sink *sink = aft_sink_open(folder, "full.csv", "i,text,word,large,number,day", &error);
    g_assert_no_error(error);
    aft_sink_fill(sink, 40000, threads[t], put_rows, &shift);
    g_assert_false(aft_sink_close(sink, &error));
    g_assert_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO);
    g_assert_true(g_str_has_prefix(error->message, "full.csv: cannot be written: "));
    g_clear_error(&error);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  folder = support_temp_dir();
  g_test_add_func("/sink/threads", test_threads);
  g_test_add_func("/sink/full", test_full);
  int status = g_test_run();
  support_remove(folder);
  return status;
}
