/* report/chart: what the charts say of studies without articles, of splits, gaps, many stories; and an interrupt. */
#include "support/chart_folder.h"
#include "support/support.h"

#include "report/chart.h"

#include <aftershock/base/file.h>
#include <aftershock/base/interrupt.h>
#include <aftershock/base/process.h>
#include <aftershock/report/report.h>

#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define NO_GNUPLOT "/nonexistent"
#define CAR_COLUMNS \
  "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high,bhar\n"
#define EVENT_COLUMNS "event,symbol,group,article,published,local_time,rule,session,status,reason\n"
#define CAAR_COLUMNS "model,group,rel_day,n,aar,aar_se,caar,caar_se,ci_low,ci_high,n_path\n"

/* Makes the TSV files alone and asserts that one of them holds a text. */
static void assert_says(const char *dir, const char *chart, const char *text) {
  g_autofree char *tsv = chart_folder_read(dir, chart, "tsv");
  g_assert_nonnull(tsv);
  if (strstr(tsv, text) == NULL) g_test_message("%s.tsv:\n%.1500s", chart, tsv);
  g_assert_nonnull(strstr(tsv, text));
}

static void assert_silent(const char *dir, const char *chart, const char *text) {
  g_autofree char *tsv = chart_folder_read(dir, chart, "tsv");
  g_assert_nonnull(tsv);
  g_assert_null(strstr(tsv, text));
}

/* Without a format there is nothing to draw, so gnuplot is not missed. */
static char *make_quiet(void) { return chart_folder_make("rout", "AAA", "[]"); }

static void test_no_articles(void) {
  g_autofree char *dir = chart_folder_make("rout", "AAA", "[\"svg\"]");
  g_free(support_write(
      dir, "articles.csv",
      "article,published,precision,local_time,rule,session,status,reason,event,symbols,source,title,url\n"));
  const char *path = aft_process_exists("gnuplot") ? NULL : NO_GNUPLOT;
  g_free(chart_folder_draw(dir, path, path == NULL ? 0 : 1)); /* no timeline, and no warning, without articles */
  assert_silent(dir, "price", "rticles,");
  assert_silent(dir, "price", "dots");
  assert_says(dir, "price", "# panels: prices_bottom strip_top\n165\t165\n");
  if (path == NULL) g_assert_cmpuint(chart_folder_count(dir, ".svg"), ==, 7);
  g_assert_cmpuint(chart_folder_count(dir, ".png"), ==, 0);
  support_remove(g_steal_pointer(&dir));
}

static void test_price_title(void) {
  const struct {
    const char *returns, *value, *close, *simple, *matches, *title;
  } cases[] = {
      {"\"simple\"", "-0.2", "80", "-0.2", "true", "1\tAAA fell 20.0 % on 2025-03-31: from 100.00 to 80.00\n"},
      {"\"simple\"", "-0.2", "40", "-0.2", "false", "1\tAAA: return −20.00 % on 2025-03-31\n"},
      {"\"log\"", "-0.22314355131421", "80", "-0.2", "true",
       "1\tAAA fell 20.0 % on 2025-03-31: from 100.00 to 80.00\n"},
      /* Folders of older programs have neither key. */
      {"\"simple\"", "-0.2", "80", NULL, NULL, "1\tAAA fell 20.0 % on 2025-03-31: from 100.00 to 80.00\n"},
      {"\"simple\"", "-0.2", "40", NULL, NULL, "1\tAAA: return −20.00 % on 2025-03-31\n"},
      {"\"log\"", "-0.22314355131421", "80", NULL, NULL, "1\tAAA fell 20.0 % on 2025-03-31: from 100.00 to 80.00\n"},
      {"\"simple\"", "-0.2", "null", NULL, NULL, "1\tAAA: return −20.00 % on 2025-03-31\n"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_autofree char *dir = make_quiet();
    chart_folder_set(dir, "study", "returns", cases[i].returns);
    chart_folder_set(dir, "focus", "return", cases[i].value);
    chart_folder_set(dir, "focus", "close", cases[i].close);
    if (cases[i].simple != NULL) chart_folder_set(dir, "focus", "simple_return", cases[i].simple);
    if (cases[i].matches != NULL) chart_folder_set(dir, "focus", "price_return_matches", cases[i].matches);
    g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
    assert_says(dir, "price", cases[i].title);
    assert_says(dir, "price", "31 Mar: −20.0 %");
    support_remove(g_steal_pointer(&dir));
  }
}

/* A price that never moves: every axis would be empty, and there is no interval to speak of. */
static void test_constant(void) {
  g_autofree char *dir = chart_folder_make("rout", "AAA", "[\"png\"]");
  GString *series = g_string_new("symbol,role,session,rel_day,open,high,low,close,volume,return\n");
  GString *abnormal =
      g_string_new("model,event,symbol,rel_day,session,return,expected,abnormal,standard_error,statistic,p_value\n");
  GString *paths =
      g_string_new("model,event,symbol,rel_day,session,car,standard_error,ci_low,ci_high,sim_low,sim_high\n");
  GString *caar = g_string_new(CAAR_COLUMNS);
  for (int day = 1; day <= 31; day++) {
    int rel = day - 31;
    g_string_append_printf(series, "AAA,focus,2025-03-%02d,%d,50,50,50,50,1,0\nIDX,market,2025-03-%02d,%d,,,,7,1,0\n",
                           day, rel, day, rel);
    if (rel < -10) continue;
    g_string_append_printf(abnormal, "market_model,rout,AAA,%d,x,0,0,0,0,,\n", rel);
    g_string_append_printf(paths, "market_model,rout,AAA,%d,x,0,0,,,,\n", rel);
    g_string_append_printf(caar, "market_model,event:rout,%d,2,0,,0,,,,2\n", rel);
  }
  const struct {
    const char *name;
    GString *text;
  } files[] = {{"series.csv", series}, {"abnormal.csv", abnormal}, {"paths.csv", paths}, {"caar.csv", caar}};
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
    g_free(support_write(dir, files[i].name, files[i].text->str));
    g_string_free(files[i].text, TRUE);
  }
  g_free(support_write(dir, "car.csv", CAR_COLUMNS "market_model,rout,AAA,,0,0,1,0,0,,,,,,0\n"));
  g_free(support_write(dir, "coefficients.csv",
                       "model,event,symbol,term,estimate,standard_error\n"
                       "market_model,rout,AAA,alpha,0,0\nmarket_model,rout,AAA,market,0,0\n"));
  const char *path = aft_process_exists("gnuplot") ? NULL : NO_GNUPLOT;
  g_free(chart_folder_draw(dir, path, path == NULL ? 0 : 1));
  if (path == NULL) g_assert_cmpuint(chart_folder_count(dir, ".png"), ==, 8);
  const char *charts[] = {"abnormal", "car", "caar", "forest"};
  for (size_t i = 0; i < G_N_ELEMENTS(charts); i++) assert_silent(dir, charts[i], "95 %");
  assert_silent(dir, "car", "Bonferroni");
  assert_silent(dir, "car", "band");
  assert_silent(dir, "abnormal", "t = ");
  assert_says(dir, "fit", "\t585\t0\t1\t0\t2025-03-31"); /* pixels: above its point and the line, at 545 */
  support_remove(g_steal_pointer(&dir));
}

/* One event has no average, one day has no path, and returns that are logarithmic say so. */
static void test_nothing_to_draw(void) {
  g_autofree char *dir = make_quiet();
  g_autofree char *one = g_strdup(CAAR_COLUMNS "market_model,event:rout,-1,1,0.01,,0.01,,,,1\n"
                                               "market_model,event:rout,0,1,0.01,,0.02,,,,1\n");
  g_free(support_write(dir, "caar.csv", one));
  chart_folder_set(dir, "study", "returns", "\"log\"");
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  g_assert_cmpuint(chart_folder_count(dir, "caar.tsv"), ==, 0);
  g_assert_cmpuint(chart_folder_count(dir, "car.tsv"), ==, 1);
  assert_says(dir, "car", "log returns");
  assert_silent(dir, "price", "log returns");
  chart_folder_set(dir, "study", "event_window", "{\"first\": 0, \"last\": 0}");
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  g_assert_cmpuint(chart_folder_count(dir, "car.tsv"), ==, 0);
  support_remove(g_steal_pointer(&dir));
}

/* Two stories that move a security each, and one of them again. gap: some paths are not known to their end. */
static char *make_stories(const char *group, const char *second_session, bool gap) {
  char *dir = make_quiet();
  chart_folder_set(
      dir, NULL, "aggregates",
      "[{\"model\": \"market_model\", \"group\": \"all\", \"first\": 0, \"last\": 0, \"n\": 3, \"caar\": -0.05},"
      " {\"model\": \"market_model\", \"group\": \"event:rout\", \"first\": 0, \"last\": 0, \"n\": 1}]");
  g_autofree char *events = g_strdup_printf(EVENT_COLUMNS "rout,AAA,%s,,x,x,r,2025-03-31,used,\n"
                                                          "later,BBB,%s,,x,x,r,%s,used,\n"
                                                          "last,AAA,other,,x,x,r,%s,used,\n",
                                            group, group, second_session, second_session);
  g_free(support_write(dir, "events.csv", events));
  g_autofree char *car = g_strdup_printf(CAR_COLUMNS "market_model,rout,AAA,%s,0,0,1,-0.2,0.02,1,48,0,-0.24,-0.16,0\n"
                                                     "market_model,later,BBB,%s,0,0,1,0.03,0.02,1,48,0,0,0.06,0\n"
                                                     "market_model,last,AAA,other,0,0,1,0.02,0.02,1,48,0,0,0.04,0\n",
                                         group, group);
  g_free(support_write(dir, "car.csv", car));
  const char *path = gap ? "0.01,0,,,,,0" : "0.01,0,0.01,0.02,-0.03,0.05,3";
  g_autofree char *caar = g_strdup_printf(CAAR_COLUMNS "market_model,all,-1,3,0.01,0,0.01,0.02,-0.03,0.05,3\n"
                                                       "market_model,all,0,3,%s\n"
                                                       "market_model,event:rout,-1,1,0.5,,0.5,,,,1\n"
                                                       "market_model,event:rout,0,1,0.5,,0.5,,,,1\n",
                                          path);
  g_free(support_write(dir, "caar.csv", caar));
  return dir;
}

static void test_stories(void) {
  g_autofree char *dir = make_stories("early", "2025-03-20", false);
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  assert_says(dir, "caar", "1\tAverage abnormal return on day 0: +1.0 %\n");
  assert_says(dir, "caar", "band: 95 %");
  assert_says(dir, "caar", "\tall (3): +1.0 %\n");
  assert_silent(dir, "caar", "50.0 %");
  assert_says(dir, "forest", "1\tAbnormal returns on day 0: from AAA −20.0 % to BBB +3.0 %\n");
  support_remove(g_steal_pointer(&dir));
}

static void test_one_session(void) {
  g_autofree char *dir = make_stories("early", "2025-03-31", true);
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  assert_says(dir, "caar", "1\tAverage abnormal return on 2025-03-31: +1.0 %\n");
  assert_says(dir, "caar", "\tall (3): +1.0 %\n"); /* of the day; the line ends the day before */
  assert_says(dir, "caar", "\n0\tNaN\tNaN\tNaN\n");
  support_remove(g_steal_pointer(&dir));
}

/* A place among the labels of a chart's TSV: the x of the label with this text. */
static double find_label(const char *tsv, const char *text) {
  g_auto(GStrv) lines = g_strsplit(tsv, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    g_auto(GStrv) fields = g_strsplit(*line, "\t", -1);
    if (g_strv_length(fields) == 6 && strcmp(fields[5], text) == 0) return g_ascii_strtod(fields[0], NULL);
  }
  g_test_message("no label %s", text);
  g_test_fail();
  return (double)NAN;
}

static void test_long_labels(void) {
  g_autofree char *dir = make_stories("an early group with a very long label", "2025-03-20", false);
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  g_autofree char *tsv = chart_folder_read(dir, "forest", "tsv");
  g_autofree char *group = chart_text_fit("an early group with a very long label", 270 / 1.12);
  double left = find_label(tsv, group), right = find_label(tsv, "AAA · rout");
  g_assert_cmpfloat(left + 1.12 * chart_text_width(group), <, right - 1.12 * chart_text_width("AAA · rout"));
  g_assert_cmpfloat(right, <, 800); /* pixels: the panel keeps a third of the canvas */
  g_autofree char *wide = chart_text_fit("新聞新聞新聞新聞新聞", 8 * CHART_CHAR);
  g_assert_cmpfloat(chart_text_width(wide), <=, 8 * CHART_CHAR);
  support_remove(g_steal_pointer(&dir));
}

/* The simultaneous band was made for the whole event window, even where its last days have no return. */
static void test_window(void) {
  g_autofree char *dir = make_quiet();
  GString *paths =
      g_string_new("model,event,symbol,rel_day,session,car,standard_error,ci_low,ci_high,sim_low,sim_high\n");
  for (int rel = -10; rel <= 1; rel++)
    g_string_append_printf(paths, "market_model,rout,AAA,%d,x,0.01,0.1,-0.2,0.2,-0.3,0.3\n", rel);
  g_free(support_write(dir, "paths.csv", paths->str));
  g_string_free(paths, TRUE);
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  assert_says(dir, "car", "Bonferroni over 21 sessions");
  assert_says(dir, "car", "on 0 of 12 sessions taken singly");
  support_remove(g_steal_pointer(&dir));
}

static void test_fit_model(void) {
  g_autofree char *dir = make_quiet();
  chart_folder_set(
      dir, NULL, "models",
      "[{\"name\": \"factors\", \"title\": \"Factors\"}, {\"name\": \"market_model\", \"title\": \"Market model\"}]");
  chart_folder_set(dir, "study", "charts", "[\"fit\"]");
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 0));
  assert_says(dir, "fit", "2\tMarket model (line) through daily returns:");
  assert_says(dir, "fit", "market_model (the other charts: factors), estimated");
  support_remove(g_steal_pointer(&dir));
}

/* In a process of its own, whose gnuplot sends it a signal while the first chart is drawn. Does not come back. */
static void report_until_interrupted(const char *dir) {
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  aft_interrupt_watch();
  bool ok = aft_charts_write(dir, &warnings, NULL);
  aft_warnings_clear(&warnings);
  g_assert_false(ok);
}

static void test_interrupt(void) {
  if (g_test_subprocess()) {
    report_until_interrupted(g_getenv("INTERRUPTED_FOLDER"));
    return;
  }
  g_autofree char *dir = chart_folder_make("rout", "AAA", "[\"png\"]");
  g_autofree char *program = support_write(dir, "bin/gnuplot", "#!/bin/sh\nkill -TERM $PPID\nsleep 5\n");
  g_assert_cmpint(g_chmod(program, 0755), ==, 0);
  g_free(support_write(dir, "charts/price.png", "old"));
  g_free(support_write(dir, "charts/mine.txt", "note"));
  g_autofree char *old_path = g_strdup(g_getenv("PATH"));
  g_autofree char *path = g_strdup_printf("%s/bin:%s", dir, old_path);
  g_setenv("INTERRUPTED_FOLDER", dir, TRUE);
  g_setenv("PATH", path, TRUE);
  g_test_trap_subprocess(NULL, 30000000, G_TEST_SUBPROCESS_DEFAULT);
  g_setenv("PATH", old_path, TRUE);
  g_unsetenv("INTERRUPTED_FOLDER");
  g_test_trap_assert_failed(); /* status 130 */
  g_test_trap_assert_stderr("*interrupted*");
  g_autofree char *kept = chart_folder_read(dir, "price", "png");
  g_assert_cmpstr(kept, ==, "old");
  g_assert_cmpuint(chart_folder_count(dir, ""), ==, 2);
  GDir *list = g_dir_open(dir, 0, NULL);
  for (const char *name; (name = g_dir_read_name(list)) != NULL;) g_assert_null(strstr(name, ".partial-"));
  g_dir_close(list);
  g_free(chart_folder_draw(dir, NO_GNUPLOT, 1)); /* a whole report replaces the charts and nothing else */
  g_autofree char *mine = chart_folder_read(dir, "mine", "txt");
  g_assert_cmpstr(mine, ==, "note");
  g_assert_cmpuint(chart_folder_count(dir, ".png"), ==, 0);
  g_assert_cmpuint(chart_folder_count(dir, ""), ==, 9);
  support_remove(g_steal_pointer(&dir));
}

/* The linked move is named by its article, below the stem that is in its way; a label that stands away from its dot has a line to it; a study that was not scanned has none. */
static void test_moves(void) {
  g_autofree char *dir = make_quiet();
  g_free(support_write(dir, "moves.csv",
                       "symbol,session,verdict,abnormal,title\nAAA,2025-03-31,linked,-0.2,News of AAA\n"
                       "BBB,2025-03-30,unexplained,-0.21,\n"));
  chart_folder_draw(dir, NULL, 0);
  assert_says(dir, "moves", "2 abnormal moves, 1 of them linked to one story\n");
  assert_says(dir, "moves", "AAA −20.0 %: News of AAA\n");
  assert_says(dir, "moves", "# moves: day abnormal_percent kind\n20177\t-21\t0\n20178\t-20\t2\n");
  assert_says(dir, "moves", "# leaders: day abnormal_percent label_day label_percent\n20178\t-20\t");
  g_free(support_write(dir, "moves.csv",
                       "symbol,session,verdict,abnormal,title\nAAA,2025-03-31,linked,-0.2,News of AAA\n"));
  chart_folder_draw(dir, NULL, 0);
  assert_says(dir, "moves", "# leaders: day abnormal_percent label_day label_percent\nNaN\tNaN\tNaN\tNaN\n");
  chart_folder_set(dir, NULL, "scan", "null");
  chart_folder_draw(dir, NULL, 0);
  g_assert_cmpuint(chart_folder_count(dir, "moves.tsv"), ==, 0);
  support_remove(g_steal_pointer(&dir));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/chart-content/no-articles", test_no_articles);
  g_test_add_func("/report/chart-content/price-title", test_price_title);
  g_test_add_func("/report/chart-content/constant", test_constant);
  g_test_add_func("/report/chart-content/nothing-to-draw", test_nothing_to_draw);
  g_test_add_func("/report/chart-content/stories", test_stories);
  g_test_add_func("/report/chart-content/one-session", test_one_session);
  g_test_add_func("/report/chart-content/long-labels", test_long_labels);
  g_test_add_func("/report/chart-content/window", test_window);
  g_test_add_func("/report/chart-content/fit-model", test_fit_model);
  g_test_add_func("/report/chart-content/moves", test_moves);
  g_test_add_func("/report/chart-content/interrupt", test_interrupt);
  return g_test_run();
}
