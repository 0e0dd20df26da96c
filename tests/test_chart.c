/* report/chart: texts and numbers, geometry, the TSV that gnuplot reads, drawing from good and hostile folders. */
#include "support/chart_folder.h"
#include "support/support.h"

#include "report/chart.h"

#include <aftershock/base/file.h>
#include <aftershock/base/process.h>
#include <aftershock/base/text.h>
#include <aftershock/report/report.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *const all_charts[] = {"price", "abnormal", "car", "caar", "fit", "forest", "timeline", "moves"};

static void test_text(void) {
  const struct {
    const char *text;
    size_t max;
    const char *drawn;
  } cases[] = {{"NVDA", 9, "NVDA"},
               {"a\\nb \"c\"", 20, "a∖nb ”c”"},
               {" two\t\r\n lines \x01\x7f", 20, "two lines"},
               {"right\u202Eleft\u200Bx", 20, "right left x"},
               {"", 5, "-"},
               {"\n", 5, "-"},
               {"abcdef", 6, "abcdef"},
               {"abcdefg", 6, "abcde…"},
               {"abcd efg", 6, "abcd…"},
               {"äöüßæøå", 4, "äöü…"},
               {"bad \xff byte", 20, "bad \uFFFD byte"}};
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *drawn = chart_text_cut(cases[i].text, cases[i].max);
    g_assert_cmpstr(drawn, ==, cases[i].drawn);
  }
  g_assert_cmpfloat(chart_text_width("新聞"), ==, chart_text_width("news"));
}

static void test_numbers(void) {
  char text[CHART_NUMBER];
  g_assert_cmpstr(chart_percent(-0.13283, 1, text), ==, "−13.3 %");
  g_assert_cmpstr(chart_percent(0.0892, 1, text), ==, "+8.9 %");
  g_assert_cmpstr(chart_percent(-0.0004, 1, text), ==, "0.0 %");
  g_assert_cmpstr(chart_percent(0.0004, 1, text), ==, "0.0 %");
  g_assert_cmpstr(chart_percent((double)NAN, 1, text), ==, "n/a");
  g_assert_cmpstr(chart_percent((double)INFINITY, 1, text), ==, "n/a");
  g_assert_cmpstr(chart_percent(-1e300, 1, text), ==, "−1.0e+302 %");
  g_assert_cmpstr(chart_decimal(142.62, 2, text), ==, "142.62");
  g_assert_cmpstr(chart_decimal(-0.001, 2, text), ==, "0.00");
  const struct {
    double value;
    const char *text;
  } moves[] = {{-0.1697, "fell 17.0 %"}, {0.02, "rose 2.0 %"}, {0.0001, "did not move"}};
  for (size_t i = 0; i < G_N_ELEMENTS(moves); i++) {
    g_autofree char *move = chart_move(moves[i].value);
    g_assert_cmpstr(move, ==, moves[i].text);
  }
  g_autofree char *day = chart_day_label("2025-01-07");
  g_assert_cmpstr(day, ==, "7 Jan");
  g_autofree char *other = chart_day_label("n.d.");
  g_assert_cmpstr(other, ==, "n.d.");
}

static void test_range(void) {
  for (int i = 0; i < 2000; i++) {
    double scale = pow(10, g_test_rand_double_range(-8, 8));
    double low = scale * g_test_rand_double_range(-1, 1), high = low + scale * g_test_rand_double_range(0, 1);
    double first, last, step;
    chart_range(low, high, 7, &first, &last, &step);
    /* A millionth of a step is allowed for the rounding of first and last to whole steps. */
    g_assert_cmpfloat(first, <=, low + 1e-6 * step);
    g_assert_cmpfloat(last, >=, high - 1e-6 * step);
    g_assert_cmpfloat(last - first, <=, high - low + 2 * step);
    double mantissa = step / pow(10, floor(log10(step) + 1e-9));
    g_assert_true(fabs(mantissa - 1) < 1e-6 || fabs(mantissa - 2) < 1e-6 || fabs(mantissa - 5) < 1e-6);
  }
  double first, last, step;
  chart_range(3, 3, 7, &first, &last, &step);
  g_assert_cmpfloat(first, <, last);
  chart_range(0, 0, 7, &first, &last, &step);
  g_assert_cmpfloat(first, <, last);
}

/* Gaps hold, order and mean are kept, and what was far enough apart does not move. */
static void test_spread(void) {
  for (int i = 0; i < 500; i++) {
    double before[7], after[7], sum = 0;
    size_t n = (size_t)g_test_rand_int_range(1, 8);
    for (size_t k = 0; k < n; k++) before[k] = after[k] = g_test_rand_double_range(0, 200);
    chart_spread(after, n, 30);
    for (size_t a = 0; a < n; a++) {
      sum += after[a] - before[a];
      for (size_t b = 0; b < n; b++) {
        if (before[a] >= before[b]) continue;
        g_assert_cmpfloat(after[b] - after[a], >=, 30 - 1e-9); /* rounding of numbers below 500 */
      }
    }
    g_assert_cmpfloat(fabs(sum), <, 1e-9);
  }
  double apart[] = {90, 10, 50};
  chart_spread(apart, 3, 30);
  g_assert_true(apart[0] == 90 && apart[1] == 10 && apart[2] == 50);
}

static void test_labels(void) {
  g_auto(chart_labels) labels = {0};
  chart_labels_init(&labels, CHART_HEIGHT);
  chart_labels_block(&labels, (chart_box){500, 600, 500, 600});
  g_assert_true(chart_labels_try(&labels, 490, 550, CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, 0, "left of it"));
  g_assert_false(chart_labels_try(&labels, 490, 560, CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, 0, "on the first"));
  g_assert_false(chart_labels_try(&labels, 510, 550, CHART_ALIGN_LEFT, CHART_WEIGHT_PLAIN, 0, "on it"));
  g_assert_false(chart_labels_try(&labels, 1790, 100, CHART_ALIGN_LEFT, CHART_WEIGHT_PLAIN, 0, "off the canvas"));
  g_assert_true(chart_labels_try(&labels, 1790, 100, CHART_ALIGN_RIGHT, CHART_WEIGHT_PLAIN, 0, "on the canvas"));
  g_autoptr(GString) out = g_string_new(NULL);
  chart_write_labels(out, &labels);
  g_assert_cmpstr(
      out->str, ==,
      "# labels: x y align weight colour text\n490\t550\t2\t0\t0\tleft of it\n1790\t100\t2\t0\t0\ton the canvas\n");
}

/* gnuplot does not count a block without rows, so an empty one gets a row of NaN. */
static void test_blocks(void) {
  g_autoptr(GString) out = g_string_new(NULL);
  chart_block empty = chart_block_begin(out, "nothing", "x y text");
  chart_block_end(&empty);
  chart_block full = chart_block_begin(out, "something", "x y text");
  chart_row_text(out, "a\tb", 0.1, (double)NAN);
  chart_row_text(out, "c", -0.0, (double)INFINITY);
  chart_block_end(&full);
  g_assert_cmpstr(out->str, ==,
                  "# nothing: x y text\nNaN\tNaN\tNaN\n\n\n# something: x y text\n0.1\tNaN\ta b\n0\tNaN\tc\n");
}

/* Every block: a comment naming its columns, rows with as many fields, no character that gnuplot interprets. */
static void check_tsv(const char *text) {
  g_assert_null(strpbrk(text, "\\\"\r"));
  g_auto(GStrv) lines = g_strsplit(text, "\n", -1);
  guint n_fields = 0, n_blocks = 0, n_rows = 1;
  for (char **line = lines; *line != NULL; line++) {
    if ((*line)[0] == '\0') continue;
    if ((*line)[0] == '#') {
      g_assert_cmpuint(n_rows, >, 0);
      g_assert_true(line == lines || (line >= lines + 2 && line[-1][0] == '\0' && line[-2][0] == '\0'));
      g_auto(GStrv) words = g_strsplit(*line, " ", -1);
      n_fields = g_strv_length(words) - 2;
      n_rows = 0;
      n_blocks++;
      continue;
    }
    g_auto(GStrv) fields = g_strsplit(*line, "\t", -1);
    double ignored;
    g_assert_cmpuint(g_strv_length(fields), ==, n_fields);
    g_assert_true(strcmp(fields[0], "NaN") == 0 || aft_number_parse(fields[0], strlen(fields[0]), &ignored));
    n_rows++;
  }
  g_assert_cmpuint(n_blocks, >=, 5);
}

static void test_missing_gnuplot(void) {
  g_autofree char *dir = chart_folder_make("rout", "AAA", "[\"png\", \"pdf\"]");
  g_autofree char *warning = chart_folder_draw(dir, "/nonexistent", 1);
  g_assert_cmpstr(
      warning, ==,
      "charts not drawn: gnuplot is not installed (Debian: apt-get install gnuplot-nox; then: aftershock report DIR)");
  g_assert_cmpuint(chart_folder_count(dir, ".tsv"), ==, G_N_ELEMENTS(all_charts));
  g_assert_cmpuint(chart_folder_count(dir, ""), ==, G_N_ELEMENTS(all_charts));
  support_remove(g_steal_pointer(&dir));
}

static void test_tsv(void) {
  g_autofree char *dir = chart_folder_make(HOSTILE, "=" HOSTILE, "[]");
  chart_folder_draw(dir, "/nonexistent", 0);
  for (size_t i = 0; i < G_N_ELEMENTS(all_charts); i++) {
    g_autofree char *text = chart_folder_read(dir, all_charts[i], "tsv");
    g_assert_nonnull(text);
    check_tsv(text);
  }
  g_autofree char *title = chart_folder_read(dir, "car", "tsv");
  g_assert_nonnull(strstr(title, "cumulative abnormal return −0.5 % from session −10 to 10\n")); /* 0.01 sin 10 */
  support_remove(g_steal_pointer(&dir));
}

/* A program that claims success must have left an image; what it left otherwise is removed. */
static void test_bad_gnuplot(void) {
  const struct {
    const char *script, *warning;
  } cases[] = {
      {"#!/bin/sh\nn=${3##*name=\\'}; echo junk > ${n%\\'}.partial.png\n",
       "chart price.png not drawn: gnuplot wrote 5 bytes that are no png; is gnuplot-nox complete?"},
      {"#!/bin/sh\necho no such terminal >&2; exit 3\n",
       "chart price.png not drawn: gnuplot: ended with status 3: no such terminal"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *dir = chart_folder_make("rout", "AAA", "[\"png\"]");
    g_autofree char *program = support_write(dir, "bin/gnuplot", cases[i].script);
    g_assert_cmpint(g_chmod(program, 0755), ==, 0);
    g_free(support_write(dir, "charts/price.png", "of older facts"));
    g_autofree char *path = g_strdup_printf("%s/bin", dir);
    g_autofree char *found = g_find_program_in_path("sh");
    g_assert_nonnull(found);
    g_autofree char *warning = chart_folder_draw(dir, path, G_N_ELEMENTS(all_charts));
    g_assert_cmpstr(warning, ==, cases[i].warning);
    g_assert_cmpuint(chart_folder_count(dir, ".png"), ==, 0);
    support_remove(g_steal_pointer(&dir));
  }
}

static void test_draw(void) {
  if (!aft_process_exists("gnuplot")) {
    g_test_skip("gnuplot is not installed");
    return;
  }
  g_autofree char *dir = chart_folder_make(HOSTILE, HOSTILE, "[\"png\", \"svg\", \"pdf\"]");
  chart_folder_draw(dir, NULL, 0);
  g_assert_cmpuint(chart_folder_count(dir, ""), ==,
                   4 * G_N_ELEMENTS(all_charts)); /* three formats and the TSV; nothing was touched */
  g_assert_false(g_file_test("pwned", G_FILE_TEST_EXISTS));
  char *digests[3 * G_N_ELEMENTS(all_charts)];
  const char *endings[] = {"png", "svg", "pdf"};
  for (int run = 0; run < 2; run++) {
    for (size_t i = 0; i < G_N_ELEMENTS(digests); i++) {
      g_autofree char *path = g_strdup_printf("%s/charts/%s.%s", dir, all_charts[i / 3], endings[i % 3]);
      uint64_t size;
      char *digest = aft_file_digest(path, &size, NULL);
      g_assert_nonnull(digest);
      g_assert_cmpuint(size, >, 5000);
      if (run == 0) {
        digests[i] = digest;
        continue;
      }
      g_assert_cmpstr(digest, ==, digests[i]); /* the same bytes, a second or more later */
      g_free(digest);
      g_free(digests[i]);
    }
    if (run == 1) break;
    g_usleep(1100000); /* a date in a file would have seconds */
    chart_folder_draw(dir, NULL, 0);
  }
  support_remove(g_steal_pointer(&dir));
}

static void test_missing_facts(void) {
  g_autofree char *dir = chart_folder_make("rout", "AAA", "[]");
  g_autofree char *paths = g_build_filename(dir, "paths.csv", NULL);
  g_assert_cmpint(g_remove(paths), ==, 0);
  g_autofree char *warning = chart_folder_draw(dir, NULL, 1);
  g_assert_true(g_str_has_prefix(warning, "chart car left out: "));
  g_assert_nonnull(strstr(warning, "paths.csv"));
  g_assert_cmpuint(chart_folder_count(dir, ".tsv"), ==, G_N_ELEMENTS(all_charts) - 1);
  g_free(support_write(dir, "coefficients.csv", "model,event,symbol,term,estimate,standard_error\n"));
  g_free(support_write(dir, "articles.csv", "article,session,status\n"));
  g_free(chart_folder_draw(dir, NULL, 2)); /* car, fit; no articles is no matter for a warning */
  g_free(support_write(dir, "result.json", "{\"focus\": null, \"models\": [{\"name\": \"m\"}], \"study\": {}}"));
  g_autofree char *none = chart_folder_draw(dir, NULL, 1);
  g_assert_cmpstr(none, ==, "charts left out: no event was used, so there is none to tell about; see events.csv");
  g_assert_cmpuint(chart_folder_count(dir, ""), ==, 0);
  g_free(support_write(dir, "result.json",
                       "{\"focus\": null, \"models\": [{\"name\": \"m\"}], \"study\": {}, \"scan\": {}}"));
  g_free(chart_folder_draw(dir, NULL, 1)); /* moves are no event's */
  g_autofree char *moves = chart_folder_read(dir, "moves", "tsv");
  g_assert_nonnull(moves);
  g_assert_cmpuint(chart_folder_count(dir, ".tsv"), ==, 1);
  support_remove(g_steal_pointer(&dir));
}

static void test_asked(void) {
  g_autofree char *dir = chart_folder_make("rout", "AAA", "[], \"charts\": [\"forest\", \"fit\"]");
  chart_folder_draw(dir, NULL, 0);
  g_assert_cmpuint(chart_folder_count(dir, ""), ==, 2);
  g_autofree char *fit = chart_folder_read(dir, "fit", "tsv");
  g_assert_nonnull(fit);
  support_remove(g_steal_pointer(&dir));
}

static void test_damaged(void) {
  const char *results[] = {
      "", "[]", "{}", "{\"focus\": 3, \"models\": [{}]}", "{\"focus\": {}, \"models\": []}", "{\"focus\": {}"};
  for (size_t i = 0; i < G_N_ELEMENTS(results); i++) {
    g_autofree char *dir = chart_folder_make("rout", "AAA", "[]");
    g_free(support_write(dir, "result.json", results[i]));
    GError *error = NULL;
    aft_warnings warnings;
    aft_warnings_init(&warnings);
    g_assert_false(aft_charts_write(dir, &warnings, &error));
    g_assert_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER);
    g_assert_nonnull(strstr(error->message, "result.json"));
    g_clear_error(&error);
    aft_warnings_clear(&warnings);
    support_remove(g_steal_pointer(&dir));
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/chart/text", test_text);
  g_test_add_func("/report/chart/numbers", test_numbers);
  g_test_add_func("/report/chart/range", test_range);
  g_test_add_func("/report/chart/spread", test_spread);
  g_test_add_func("/report/chart/labels", test_labels);
  g_test_add_func("/report/chart/blocks", test_blocks);
  g_test_add_func("/report/chart/tsv", test_tsv);
  g_test_add_func("/report/chart/missing-gnuplot", test_missing_gnuplot);
  g_test_add_func("/report/chart/bad-gnuplot", test_bad_gnuplot);
  g_test_add_func("/report/chart/draw", test_draw);
  g_test_add_func("/report/chart/missing-facts", test_missing_facts);
  g_test_add_func("/report/chart/asked", test_asked);
  g_test_add_func("/report/chart/damaged", test_damaged);
  return g_test_run();
}
