/* report/chart: texts and numbers, geometry, the TSV that gnuplot reads, drawing from good and hostile folders. */
#include "support/support.h"

#include "report/chart.h"

#include <aftershock/base/clock.h>
#include <aftershock/base/csv.h>
#include <aftershock/base/file.h>
#include <aftershock/base/process.h>
#include <aftershock/base/text.h>
#include <aftershock/report/report.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *const all_charts[] = {"price", "abnormal", "car", "caar", "fit", "forest", "timeline"};

/* Texts that gnuplot would run, format or take apart if they came to it in another way than as a field of data. */
#define HOSTILE "`touch pwned` <touch pwned $(touch pwned) \"\\n\" @HEADER %s%n {/Bold x}_2 #"

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

/* A result folder under construction: its parts are written by name. */
static void put(const char *dir, const char *name, GString *text) {
  g_free(support_write(dir, name, text->str));
  g_string_free(text, TRUE);
}

enum { FIRST = -60, LAST = 10, N_SECURITIES = 7 };

static void put_series(const char *dir, const char *symbol) {
  GString *series = g_string_new("symbol,role,session,rel_day,open,high,low,close,volume,return\n");
  GString *sessions = g_string_new("date,kind,open,close,reason\n");
  aft_day event = aft_day_from_ymd(2025, 3, 31);
  char iso[AFT_DAY_TEXT];
  for (int rel = FIRST; rel <= LAST; rel++) {
    aft_day_print(event + rel, iso);
    double close = 100 + 7 * sin(0.7 * rel) - (rel >= 0 ? 20 : 0), market = 50 + cos(1.3 * rel);
    aft_csv_append(series, symbol);
    g_string_append_printf(series, ",focus,%s,%d,%g,%g,%g,%g,1000,%g\n", iso, rel, close - 1, close + 2, close - 3,
                           close, 0.02 * sin(2.1 * rel) - (rel == 0 ? 0.2 : 0));
    g_string_append_printf(series, "IDX,market,%s,%d,,,,%g,,%g\n", iso, rel, market, 0.01 * cos(1.7 * rel));
    g_string_append_printf(sessions,
                           rel % 6 == 0   ? "%s,session,09:30,13:00,early\n"
                           : rel % 6 == 5 ? "%s,closed,,,rest\n"
                                          : "%s,session,09:30,16:00,\n",
                           iso);
  }
  put(dir, "series.csv", series);
  put(dir, "sessions.csv", sessions);
}

static void put_articles(const char *dir, const char *event) {
  GString *text = g_string_new(
      "article,published,precision,local_time,rule,session,status,reason,event,symbols,source,title,url\n");
  for (int i = 0; i < 17; i++) {
    g_string_append_printf(text, "a%d,x,%s,2025-03-%02d%s,r,2025-03-31,%s,,", i, i == 3 ? "day" : "instant", 15 + i,
                           i == 3       ? ""
                           : i % 2 != 0 ? " 08:15:00 EST"
                                        : " 17:01:59 EST",
                           i == 5 ? "dropped" : "used");
    aft_csv_append(text, i % 4 == 1 ? "" : i % 4 == 2 ? "other" : event);
    g_string_append(text, ",x,src,");
    aft_csv_append(text, HOSTILE);
    g_string_append(text, ",\n");
  }
  put(dir, "articles.csv", text);
}

/* The rows that belong to one security of the focus event, in every table. */
static void put_estimates(const char *dir, const char *event, const char *symbol) {
  g_autoptr(GString) key = g_string_new("market_model,");
  aft_csv_append(key, event);
  g_string_append_c(key, ',');
  aft_csv_append(key, symbol);
  GString *abnormal =
      g_string_new("model,event,symbol,rel_day,session,return,expected,abnormal,standard_error,statistic,p_value\n");
  GString *paths =
      g_string_new("model,event,symbol,rel_day,session,car,standard_error,ci_low,ci_high,sim_low,sim_high\n");
  for (int rel = -10; rel <= 10; rel++) {
    double value = rel == 0 ? -0.2 : 0.01 * sin(rel);
    g_string_append_printf(abnormal, "%s,%d,x,0,0,%g,0.02,%g,0\n", key->str, rel, value, value / 0.02);
    g_string_append_printf(paths, "%s,%d,x,%g,0.1,%g,%g,%g,%g\n", key->str, rel, value, value - 0.2, value + 0.2,
                           value - 0.3, value + 0.3);
  }
  put(dir, "abnormal.csv", abnormal);
  put(dir, "paths.csv", paths);
  GString *fits =
      g_string_new("model,event,symbol,n_obs,n_coef,sigma,r_squared,loglik,first_session,last_session,note\n");
  g_string_append_printf(fits, "%s,50,2,0.02,0.3,0,2025-01-30,2025-03-20,\n", key->str);
  put(dir, "fits.csv", fits);
  GString *coefficients = g_string_new("model,event,symbol,term,estimate,standard_error\n");
  g_string_append_printf(coefficients, "%s,alpha,0.001,0.001\n%s,market,1.5,0.2\n", key->str, key->str);
  put(dir, "coefficients.csv", coefficients);
}

static void put_samples(const char *dir, const char *event, const char *symbol) {
  GString *events = g_string_new("event,symbol,group,article,published,local_time,rule,session,status,reason\n");
  GString *car = g_string_new(
      "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high,bhar\n");
  GString *caar = g_string_new("model,group,rel_day,n,aar,aar_se,caar,caar_se,ci_low,ci_high\n");
  for (int i = 0; i < N_SECURITIES; i++) {
    g_autofree char *name = i == 0 ? g_strdup(symbol) : g_strdup_printf("00%d", i);
    g_autoptr(GString) key = g_string_new(NULL);
    aft_csv_append(key, event);
    g_string_append_c(key, ',');
    aft_csv_append(key, name);
    g_string_append_printf(key, ",group %d", i % 3);
    g_string_append_printf(events, "%s,a,x,x,r,2025-03-31,used,\n", key->str);
    double value = -0.2 + 0.05 * i;
    g_string_append_printf(car, "market_model,%s,0,0,1,%g,0.02,1,48,0,%g,%g,0\n", key->str, value, value - 0.04,
                           value + 0.04);
  }
  for (int group = -1; group < 3; group++)
    for (int rel = -10; rel <= 10; rel++) {
      g_autofree char *sample =
          group < 0 ? g_strdup_printf("event:%s", event) : g_strdup_printf("event:%s/group %d", event, group);
      g_string_append(caar, "market_model,");
      aft_csv_append(caar, sample);
      double value = 0.01 * (group + 1) * rel;
      g_string_append_printf(caar, ",%d,3,0.01,0.01,%g,0.02,%g,%g\n", rel, value, value - 0.04, value + 0.04);
    }
  put(dir, "events.csv", events);
  put(dir, "car.csv", car);
  put(dir, "caar.csv", caar);
}

/* formats: a JSON list. */
static char *make_folder(const char *event, const char *symbol, const char *formats) {
  char *dir = support_temp_dir();
  put_series(dir, symbol);
  put_articles(dir, event);
  put_estimates(dir, event, symbol);
  put_samples(dir, event, symbol);
  json_error_t problem;
  g_autofree char *study = g_strdup_printf("{\"prices\": [\"p.csv\"], \"event_window\": {\"first\": -10, \"last\": "
                                           "10}, \"windows\": [[0, 0]], \"confidence\": 0.95, "
                                           "\"formats\": %s}",
                                           formats);
  json_t *root = json_pack("{s:o, s:[{s:s, s:s}], s:{s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:s, s:f}, s:{s:s, s:s}, s:[]}",
                           "study", json_loads(study, 0, &problem), "models", "name", "market_model", "title", HOSTILE,
                           "focus", "event", event, "symbol", symbol, "session", "2025-03-31", "previous_session",
                           "2025-03-30", "close", 80.0, "previous_close", 100.0, "return", -0.2, "market", "IDX",
                           "market_return", -0.01, "calendar", "mic", "XTST", "zone", "UTC", "aggregates");
  g_assert_nonnull(root);
  char *text = json_dumps(root, JSON_INDENT(1));
  g_free(support_write(dir, "result.json", text));
  free(text);
  json_decref(root);
  return dir;
}

static char *read_chart(const char *dir, const char *chart, const char *ending) {
  g_autofree char *path = g_strdup_printf("%s/charts/%s.%s", dir, chart, ending);
  char *text = NULL;
  size_t size = 0;
  if (!aft_file_read(path, 1 << 26, &text, &size, NULL)) return NULL;
  return text;
}

static guint count_files(const char *dir, const char *ending) {
  g_autofree char *charts = g_build_filename(dir, "charts", NULL);
  GDir *list = g_dir_open(charts, 0, NULL);
  guint n = 0;
  for (const char *name; list != NULL && (name = g_dir_read_name(list)) != NULL;)
    n += g_str_has_suffix(name, ending) ? 1 : 0;
  if (list != NULL) g_dir_close(list);
  return n;
}

/* Draws, looking for gnuplot in path only (NULL: where it is). Checks the number of warnings; returns the first, owned. */
static char *draw(const char *dir, const char *path, guint n_warnings) {
  GError *error = NULL;
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  g_autofree char *old = g_strdup(g_getenv("PATH"));
  if (path != NULL) g_setenv("PATH", path, TRUE);
  bool ok = aft_charts_write(dir, &warnings, &error);
  if (path != NULL) g_setenv("PATH", old, TRUE);
  g_assert_no_error(error);
  g_assert_true(ok);
  for (guint i = n_warnings; i < warnings.messages->len; i++)
    g_test_message("%s", (const char *)g_ptr_array_index(warnings.messages, i));
  g_assert_cmpuint(warnings.messages->len, ==, n_warnings);
  char *first = n_warnings > 0 ? g_strdup((const char *)g_ptr_array_index(warnings.messages, 0)) : NULL;
  aft_warnings_clear(&warnings);
  return first;
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
  g_autofree char *dir = make_folder("rout", "AAA", "[\"png\", \"pdf\"]");
  g_autofree char *warning = draw(dir, "/nonexistent", 1);
  g_assert_cmpstr(
      warning, ==,
      "charts not drawn: gnuplot is not installed (Debian: apt-get install gnuplot-nox; then: aftershock report DIR)");
  g_assert_cmpuint(count_files(dir, ".tsv"), ==, G_N_ELEMENTS(all_charts));
  g_assert_cmpuint(count_files(dir, ""), ==, G_N_ELEMENTS(all_charts));
  support_remove(g_steal_pointer(&dir));
}

static void test_tsv(void) {
  g_autofree char *dir = make_folder(HOSTILE, "=" HOSTILE, "[]");
  draw(dir, "/nonexistent", 0);
  for (size_t i = 0; i < G_N_ELEMENTS(all_charts); i++) {
    g_autofree char *text = read_chart(dir, all_charts[i], "tsv");
    g_assert_nonnull(text);
    check_tsv(text);
  }
  g_autofree char *title = read_chart(dir, "car", "tsv");
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
    g_autofree char *dir = make_folder("rout", "AAA", "[\"png\"]");
    g_autofree char *program = support_write(dir, "bin/gnuplot", cases[i].script);
    g_assert_cmpint(g_chmod(program, 0755), ==, 0);
    g_free(support_write(dir, "charts/price.png", "of older facts"));
    g_autofree char *path = g_strdup_printf("%s/bin", dir);
    g_autofree char *found = g_find_program_in_path("sh");
    g_assert_nonnull(found);
    g_autofree char *warning = draw(dir, path, G_N_ELEMENTS(all_charts));
    g_assert_cmpstr(warning, ==, cases[i].warning);
    g_assert_cmpuint(count_files(dir, ".png"), ==, 0);
    support_remove(g_steal_pointer(&dir));
  }
}

static void test_draw(void) {
  if (!aft_process_exists("gnuplot")) {
    g_test_skip("gnuplot is not installed");
    return;
  }
  g_autofree char *dir = make_folder(HOSTILE, HOSTILE, "[\"png\", \"svg\", \"pdf\"]");
  draw(dir, NULL, 0);
  g_assert_cmpuint(count_files(dir, ""), ==,
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
    draw(dir, NULL, 0);
  }
  support_remove(g_steal_pointer(&dir));
}

static void test_missing_facts(void) {
  g_autofree char *dir = make_folder("rout", "AAA", "[]");
  g_autofree char *paths = g_build_filename(dir, "paths.csv", NULL);
  g_assert_cmpint(g_remove(paths), ==, 0);
  g_autofree char *warning = draw(dir, NULL, 1);
  g_assert_true(g_str_has_prefix(warning, "chart car left out: "));
  g_assert_nonnull(strstr(warning, "paths.csv"));
  g_assert_cmpuint(count_files(dir, ".tsv"), ==, G_N_ELEMENTS(all_charts) - 1);
  g_free(support_write(dir, "coefficients.csv", "model,event,symbol,term,estimate,standard_error\n"));
  g_free(support_write(dir, "articles.csv", "article,session,status\n"));
  g_free(draw(dir, NULL, 3)); /* car, fit, timeline */
  g_free(support_write(dir, "result.json", "{\"focus\": null, \"models\": [{\"name\": \"m\"}], \"study\": {}}"));
  g_autofree char *none = draw(dir, NULL, 1);
  g_assert_cmpstr(none, ==, "charts left out: no event was used, so there is none to tell about; see events.csv");
  g_assert_cmpuint(count_files(dir, ""), ==, 0);
  support_remove(g_steal_pointer(&dir));
}

static void test_asked(void) {
  g_autofree char *dir = make_folder("rout", "AAA", "[], \"charts\": [\"forest\", \"fit\"]");
  draw(dir, NULL, 0);
  g_assert_cmpuint(count_files(dir, ""), ==, 2);
  g_autofree char *fit = read_chart(dir, "fit", "tsv");
  g_assert_nonnull(fit);
  support_remove(g_steal_pointer(&dir));
}

static void test_damaged(void) {
  const char *results[] = {
      "", "[]", "{}", "{\"focus\": 3, \"models\": [{}]}", "{\"focus\": {}, \"models\": []}", "{\"focus\": {}"};
  for (size_t i = 0; i < G_N_ELEMENTS(results); i++) {
    g_autofree char *dir = make_folder("rout", "AAA", "[]");
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
