/* What the report says of studies that are small, partial or odd: every sentence must be true of its folder. */
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/report/report.h>

#include <string.h>

#include <aftershock/base/banned.h>

#define NBSP "\xC2\xA0"

/* Three stories of one security each, on two sessions; each test below changes what it is about. */
static const char result_json[] =
    "{\"format\":\"aftershock-result-1\",\"study\":{\"title\":\"Small\",\"market\":\"IDX\",\"returns\":\"simple\","
    "\"estimation\":{\"first\":-250,\"last\":-11,\"min_obs\":100},\"event_window\":{\"first\":-1,\"last\":1},"
    "\"windows\":[[0,0]],\"date_only\":\"next\",\"confidence\":0.95},"
    "\"counts\":{\"events\":3,\"events_used\":3,\"securities\":4,\"sessions\":260,\"rows\":1040},"
    "\"models\":[{\"name\":\"market_model\",\"title\":\"Market model\"}],"
    "\"focus\":{\"event\":\"a\",\"symbol\":\"AAA\",\"rule\":\"during\",\"session\":\"2025-01-27\","
    "\"previous_session\":\"2025-01-24\",\"close\":110,\"previous_close\":100,\"return\":0.1,\"market\":\"IDX\","
    "\"market_return\":0.02},"
    "\"aggregates\":[{\"model\":\"market_model\",\"group\":\"all\",\"first\":0,\"last\":0,\"n\":3,\"caar\":0.05,"
    "\"median\":0.07,\"positive\":2,\"negative\":0,\"significant_bh\":1}]}";

static const char events_csv[] = "event,symbol,group,article,published,local_time,rule,session,status,reason\n"
                                 "a,AAA,,,2025-01-27T16:00:00Z,2025-01-27 11:00:00 EST,during,2025-01-27,used,\n"
                                 "b,BBB,,,2025-01-28T16:00:00Z,2025-01-28 11:00:00 EST,during,2025-01-28,used,\n"
                                 "c,CCC,,,2025-01-29T16:00:00Z,2025-01-29 11:00:00 EST,during,2025-01-29,used,\n";

static const char fits_csv[] = "model,event,symbol,n_obs,n_coef,sigma,r_squared,first_session,last_session\n"
                               "market_model,a,AAA,240,2,0.02,0.3,2024-01-26,2025-01-08\n"
                               "market_model,b,BBB,240,2,0.02,0.3,2024-01-26,2025-01-08\n"
                               "market_model,c,CCC,240,2,0.02,0.3,2024-01-26,2025-01-08\n";

static const char coefficients_csv[] = "model,event,symbol,term,estimate,standard_error\n"
                                       "market_model,a,AAA,alpha,0.001,0.001\nmarket_model,a,AAA,market,1.5,0.2\n";

static const char abnormal_csv[] =
    "model,event,symbol,rel_day,session,return,expected,abnormal,standard_error,statistic,p_value\n"
    "market_model,a,AAA,0,2025-01-27,0.1,0.02,0.08,0.02,4,0.0001\n"
    "market_model,a,AAA,1,2025-01-28,0.01,0.02,-0.01,0.02,-0.5,0.6\n";

static const char car_csv[] =
    "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high\n"
    "market_model,a,AAA,,0,0,1,0.08,0.02,4,238,0.0001,0.04,0.12\n"
    "market_model,b,BBB,,0,0,1,0.07,0.02,3.5,238,0.0006,0.03,0.11\n"
    "market_model,c,CCC,,0,0,1,0,0.02,0,238,1,-0.04,0.04\n";

static const char tests_csv[] =
    "model,group,first,last,test,n,estimate,statistic,distribution,df,p_value,p_adjusted,note\n"
    "market_model,all,0,0,bmp_kp,3,0.14,36.07,t,1,0.0176,0.0176,\n"
    "market_model,all,0,0,grank_t,3,0.5,2.28,t,239,0.0238,0.0238,\n";

static char *make_folder(void) {
  char *folder = support_temp_dir();
  g_free(support_write(folder, "result.json", result_json));
  g_free(support_write(folder, "events.csv", events_csv));
  g_free(support_write(folder, "fits.csv", fits_csv));
  g_free(support_write(folder, "coefficients.csv", coefficients_csv));
  g_free(support_write(folder, "abnormal.csv", abnormal_csv));
  g_free(support_write(folder, "car.csv", car_csv));
  g_free(support_write(folder, "tests.csv", tests_csv));
  return folder;
}

static char *read_text(const char *folder, const char *name) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  GError *error = NULL;
  char *text = NULL;
  size_t size = 0;
  g_assert_true(aft_file_read(path, (size_t)1 << 24, &text, &size, &error));
  g_assert_no_error(error);
  return text;
}

/* Replaces every `old`, of which there must be one, in a file of the folder. */
static void edit(const char *folder, const char *name, const char *old, const char *new) {
  g_autofree char *text = read_text(folder, name);
  g_auto(GStrv) parts = g_strsplit(text, old, -1);
  if (g_strv_length(parts) < 2) g_error("%s has no \"%s\"", name, old);
  g_autofree char *changed = g_strjoinv(new, parts);
  g_free(support_write(folder, name, changed));
}

static char *report(const char *folder) {
  GError *error = NULL;
  g_assert_true(aft_documents_write(folder, &error));
  g_assert_no_error(error);
  return read_text(folder, "report.md");
}

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) g_error("missing \"%s\" in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part) {
  if (strstr(text, part) != NULL) g_error("unwanted \"%s\" in:\n%s", part, text);
}

static void test_a_test_counts_its_own_events(void) {
  char *folder = make_folder();
  edit(folder, "car.csv", "c,CCC,,0,0,1,0,0.02,0,238,1,-0.04,0.04", "c,CCC,,0,0,1,0,0,,,,,");
  edit(folder, "tests.csv", "bmp_kp,3", "bmp_kp,2");
  g_autofree char *text = report(folder);
  assert_has(text,
             "the mean CAR is +5.00" NBSP "% (N" NBSP "=" NBSP "3). `bmp_kp` gives t" NBSP "=" NBSP "36.07, p" NBSP
             "=" NBSP "0.018, N" NBSP "=" NBSP "2; `grank_t` gives t" NBSP "=" NBSP "2.28, p" NBSP "=" NBSP "0.024. ");
  assert_has(text, "the model of CCC in c has zero residual variance");
  assert_has(text, "| all | \\[0, 0\\] | 3 | 5.00 | 36.07 (N" NBSP "=" NBSP "2) | 0.0176 | 0.0176 | 2.28 | 0.0238 |");
  assert_has(text, "36.07 (0.0176; N" NBSP "=" NBSP "2) |");
  assert_has(text, "2 of 3 events did better than the market model expects and 0 did worse, 1 neither.");
  GError *error = NULL;
  g_assert_true(aft_tables_write(folder, &error));
  g_assert_no_error(error);
  g_autofree char *tests = read_text(folder, "tables/tests.md");
  assert_has(tests, "| `bmp_kp` | t | 2 | 5.00 | 3 | 36.070 |");
  support_remove(folder);
}

static void test_small_samples_carry_a_caution(void) {
  char *folder = make_folder();
  g_autofree char *tiny = report(folder);
  assert_has(tiny,
             "**Both reject a mean effect of zero at the 5" NBSP "% level; with 3 events a test is defined but hardly "
             "meaningful.**");
  assert_has(tiny, "**The sample is small.** 3 events in the sample (all events) with a CAR");
  edit(folder, "result.json", "\"n\":3", "\"n\":7");
  edit(folder, "tests.csv", ",3,", ",7,");
  g_autofree char *small = report(folder);
  assert_has(small,
             "**Both reject a mean effect of zero at the 5" NBSP "% level.** With fewer than 10 events `grank_t` "
             "rejects too often");
  assert_has(small, "**The sample is small.**");
  assert_lacks(small, "hardly meaningful");
  edit(folder, "result.json", "\"n\":7", "\"n\":10");
  edit(folder, "tests.csv", ",7,", ",10,");
  g_autofree char *enough = report(folder);
  assert_lacks(enough, "With fewer than 10 events");
  assert_lacks(enough, "The sample is small");
  support_remove(folder);
}

static void test_closes_and_return_agree_or_are_apart(void) {
  char *folder = make_folder();
  g_autofree char *plain = report(folder);
  assert_has(plain, "AAA closed at 110.00 on 2025-01-27, after 100.00 on 2025-01-24: a return of +10.00" NBSP "%; the "
                    "benchmark IDX returned +2.00" NBSP "%.");
  edit(folder, "result.json", "\"return\":0.1", "\"return\":0.0953101798043249");
  edit(folder, "result.json", "\"returns\":\"simple\"", "\"returns\":\"log\"");
  g_autofree char *logs = report(folder);
  assert_has(logs, "after 100.00 on 2025-01-24: a log return of +9.53" NBSP "% (simple return +10.00" NBSP
                   "%); the benchmark "
                   "IDX had a log return of +2.00" NBSP "% (simple return +2.02" NBSP "%).");
  assert_has(logs, "On 2025-01-27 AAA had a log return of +9.53" NBSP "% (simple return +10.00" NBSP
                   "%), 8.00 percentage points");
  assert_has(logs, "the model expected a log return of +2.00" NBSP "%");
  edit(folder, "result.json", "\"previous_close\":100",
       "\"previous_close\":200,\"simple_return\":0.1,"
       "\"price_return_matches\":false");
  g_autofree char *split = report(folder);
  assert_has(split,
             "AAA closed at 110.00 on 2025-01-27, after 200.00 on 2025-01-24. Its log return for that session, which "
             "includes splits and dividends, was +9.53" NBSP "% (simple return +10.00" NBSP "%);");
  support_remove(folder);
}

/* An older folder does not say whether the closes give the return: they are compared. */
static void test_split_of_an_older_folder(void) {
  char *folder = make_folder();
  edit(folder, "result.json", "\"previous_close\":100", "\"previous_close\":200");
  g_autofree char *text = report(folder);
  assert_has(
      text, "after 200.00 on 2025-01-24. Its return for that session, which includes splits and dividends, was +10.00");
  support_remove(folder);
}

static void test_no_event_has_a_car(void) {
  char *folder = make_folder();
  edit(folder, "result.json", "\"n\":3,\"caar\":0.05,\"median\":0.07,\"positive\":2",
       "\"n\":0,\"caar\":null,\"median\":null,\"positive\":0");
  g_free(support_write(folder, "car.csv",
                       "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,p_value\n"
                       "market_model,a,AAA,,0,0,1,,,,\nmarket_model,b,BBB,,0,0,1,,,,\n"
                       "market_model,c,CCC,,0,0,1,,,,\n"));
  g_autofree char *none = report(folder);
  assert_has(none, "None of the 3 events of the sample (all events) has a CAR on day" NBSP "0; there are no others");
  assert_has(none,
             "None of the 3 events of the sample (all events) has a CAR on day" NBSP "0, so there is nothing to test");
  assert_lacks(none, "The sample is one event");
  edit(folder, "result.json", "\"n\":0,\"caar\":null", "\"n\":1,\"caar\":0.07");
  edit(folder, "car.csv", "b,BBB,,0,0,1,,,,", "b,BBB,,0,0,1,0.07,0.02,3.5,0.0006");
  g_autofree char *one = report(folder);
  assert_has(one, "Only 1 of the 3 events of the sample has a CAR on day" NBSP "0.");
  assert_has(one, "the t of the security's own CAR, in car.csv");
  assert_lacks(one, "given above");
  support_remove(folder);
}

static void test_missing_cars_are_counted(void) {
  char *folder = make_folder();
  g_autoptr(GString) car = g_string_new(car_csv);
  for (int window = 1; window <= 8; window++)
    g_string_append_printf(car, "market_model,b,BBB,,0,%d,%d,,,,,,,\n", window, window + 1);
  g_free(support_write(folder, "car.csv", car->str));
  g_autofree char *text = report(folder);
  assert_has(
      text,
      "A CAR is missing where a return of its window, or of the benchmark, is missing: BBB in b over \\[0, 1\\], ");
  assert_has(text, "BBB in b over \\[0, 6\\] and 2 more. N beside");
  support_remove(folder);
}

static void test_sessions_are_those_of_events_with_a_car(void) {
  char *folder = make_folder();
  edit(folder, "result.json", "\"n\":3", "\"n\":2");
  edit(folder, "car.csv", "b,BBB,,0,0,1,0.07,0.02,3.5,238,0.0006,0.03,0.11", "b,BBB,,0,0,1,,,,,,,");
  g_autofree char *text = report(folder);
  assert_has(text, "The 2 events of the sample (all events) with a CAR fall on 2 sessions.");
  support_remove(folder);
}

static void test_a_date_alone_decides_nothing_about_its_day(void) {
  char *folder = make_folder();
  g_free(
      support_write(folder, "articles.csv",
                    "article,published,precision,local_time,rule,session,status,reason,event,symbols,source,title,url\n"
                    "x,2025-01-27T16:00:00Z,instant,2025-01-27 11:00:00 EST,during,2025-01-27,used,,a,AAA,,,\n"
                    "y,2025-01-27,day,2025-01-27,date_only_next,2025-01-28,used,,a,AAA,,,\n"));
  g_autofree char *same_day = report(folder);
  assert_has(same_day,
             "Of the 2 articles on `a` (1 with a date alone), none is known to have reached the market only in a "
             "session after 2025-01-27. 1 article is dated 2025-01-27 without an hour");
  assert_lacks(same_day, "cannot have caused it");
  edit(folder, "articles.csv", "y,2025-01-27,day,2025-01-27,date_only_next,2025-01-28",
       "y,2025-01-28,day,2025-01-28,date_only_next,2025-01-29");
  g_autofree char *later = report(folder);
  assert_has(later,
             "1 reached the market only in a session after 2025-01-27: it can tell of that day's move but cannot have "
             "caused it.");
  assert_lacks(later, "without an hour");
  support_remove(folder);
}

static void test_advice_follows_the_rule_of_the_date(void) {
  char *folder = make_folder();
  edit(folder, "events.csv", "during", "date_only_next");
  g_autofree char *next = report(folder);
  assert_has(next, "3 stories are dated by a day alone and placed in the session after it: for them read a window that "
                   "includes day" NBSP "−1");
  assert_lacks(next, "day" NBSP "+1, not");
  edit(folder, "events.csv", "date_only_next", "date_only_non_session");
  g_autofree char *closed = report(folder);
  assert_has(closed, "day" NBSP "0 is certain for them.");
  assert_lacks(closed, "read a window");
  support_remove(folder);
}

static void test_each_model_has_its_own_yardstick(void) {
  char *folder = make_folder();
  const char *const files[] = {"result.json", "fits.csv", "coefficients.csv", "abnormal.csv", "car.csv", "tests.csv"};
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) edit(folder, files[i], "market_model", "constant_mean");
  edit(folder, "result.json", "Market model", "Constant mean");
  edit(folder, "coefficients.csv", "constant_mean,a,AAA,market,1.5,0.2\n", "");
  g_autofree char *mean = report(folder);
  assert_has(mean, "from the constant mean model, which needs no benchmark, fitted for each event");
  assert_has(mean, "Constant mean, simple returns, no benchmark;");
  assert_has(mean, "mean return = +0.10" NBSP "% (standard error 0.10" NBSP "%)");
  assert_has(mean, "if a security's mean return was another on the days of");
  assert_lacks(mean, "contains the securities themselves");
  for (size_t i = 0; i < G_N_ELEMENTS(files); i++) edit(folder, files[i], "constant_mean", "market_adjusted");
  edit(folder, "coefficients.csv", "market_adjusted,a,AAA,alpha,0.001,0.001\n", "");
  g_autofree char *adjusted = report(folder);
  assert_has(adjusted, "they are those of the benchmark IDX, with nothing to fit.");
  assert_has(adjusted, "has nothing to fit: it expects the return of the benchmark IDX.");
  assert_has(adjusted, "**The yardstick is an assumption.**");
  assert_lacks(adjusted, "was fitted on 240 sessions");
  for (size_t i = 0; i < G_N_ELEMENTS(files) - 4; i++) edit(folder, files[i], "market_adjusted", "ff3");
  g_free(support_write(folder, "coefficients.csv",
                       "model,event,symbol,term,estimate,standard_error\nff3,a,AAA,alpha,0,1\n"
                       "ff3,a,AAA,mkt_rf,1,1\nff3,a,AAA,smb,1,1\nff3,a,AAA,hml,1,1\n"));
  g_autofree char *factors = report(folder);
  assert_has(factors, "with factors mkt\\_rf, smb and hml, fitted for each event");
  assert_has(factors, "if a security's link to the factors was another on the days of");
  assert_lacks(factors, "benchmark IDX,");
  support_remove(folder);
}

static void test_the_fit_is_captioned_with_its_model(void) {
  /* The smallest thing that counts as a PNG of 3 x 2 pixels here: signature, length, IHDR, width, height. */
  static const char png[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x03\0\0\0\x02";
  char *folder = make_folder();
  GError *error = NULL;
  g_free(support_write(folder, "charts/note", "x"));
  g_autofree char *path = g_build_filename(folder, "charts", "fit.png", NULL);
  g_assert_true(aft_file_write(path, png, sizeof png - 1, &error));
  g_assert_no_error(error);
  edit(folder, "result.json", "\"models\":[", "\"models\":[{\"name\":\"ff3\",\"title\":\"Three factors\"},");
  edit(folder, "coefficients.csv", "market_model,a,AAA,alpha",
       "ff3,a,AAA,alpha,0,1\nff3,a,AAA,mkt_rf,1,1\nff3,a,AAA,smb,1,1\n"
       "market_model,a,AAA,alpha");
  g_autofree char *text = report(folder);
  assert_has(text, "Market model of AAA: estimation days, fitted line and the event day.");
  assert_has(text, "The CAR on day" NBSP "0 is +8.00" NBSP "%, t" NBSP "=" NBSP "4.00.](charts/fit.png)");
  support_remove(folder);
}

static void test_charts_of_many_stories_show_events(void) {
  static const char png[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x03\0\0\0\x02";
  char *folder = make_folder();
  GError *error = NULL;
  g_free(support_write(folder, "charts/note", "x"));
  const char *const names[] = {"forest.png", "caar.png"};
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *path = g_build_filename(folder, "charts", names[i], NULL);
    g_assert_true(aft_file_write(path, png, sizeof png - 1, &error));
    g_assert_no_error(error);
  }
  g_autofree char *text = report(folder);
  assert_has(text, "of 3 events, sorted: 2 above zero, 0 below; from CCC (c) with 0.00" NBSP
                   "% to AAA (a) with +8.00" NBSP "%.");
  assert_has(text, "of every event with its 95" NBSP "% interval, all events (N" NBSP "=" NBSP "3).");
  assert_has(text, "return of the sample (all events) from the first day");
  support_remove(folder);
}

static void test_spans_are_those_of_returns(void) {
  char *folder = make_folder();
  g_free(support_write(folder, "series.csv",
                       "symbol,role,session,rel_day,close,return\nAAA,focus,2025-01-22,-3,,\n"
                       "AAA,focus,2025-01-23,-2,9,\nAAA,focus,2025-01-24,-1,10,0.1\n"
                       "AAA,focus,2025-01-27,0,11,0.1\nAAA,focus,2025-01-28,1,,\n"
                       "IDX,market,2025-01-27,0,5,0.02\n"));
  g_autofree char *text = report(folder);
  assert_has(
      text,
      "AAA (the focus security) has 2 returns, from 2025-01-24 to 2025-01-27. IDX (the benchmark) has 1 return, on "
      "2025-01-27.");
  support_remove(folder);
}

static void test_days_without_a_return_are_not_counted(void) {
  char *folder = make_folder();
  g_autofree char *text = report(folder);
  assert_has(text, "Of the 2 days of the event window with an abnormal return, 1 stands out");
  edit(folder, "abnormal.csv", "market_model,a,AAA,1,",
       "market_model,a,AAA,-1,2025-01-24,0,0,0,0.02,0,1\nmarket_model,a,AAA,1,");
  g_autofree char *whole = report(folder);
  assert_has(whole, "Of the 3 days of the event window, 1 stands out");
  support_remove(folder);
}

static void test_a_price_that_did_not_move(void) {
  char *folder = make_folder();
  edit(folder, "result.json", "\"close\":110,\"previous_close\":100,\"return\":0.1",
       "\"close\":50,\"previous_close\":50,\"return\":0");
  edit(folder, "car.csv", "a,AAA,,0,0,1,0.08,0.02,4,238,0.0001,0.04,0.12", "a,AAA,,0,0,1,0,0,,,,,");
  edit(folder, "abnormal.csv", "0.1,0.02,0.08,0.02,4,0.0001", "0,0,0,0,,");
  g_autofree char *text = report(folder);
  assert_has(text,
             "AAA returned 0.00" NBSP "%, exactly what the market model expects. Its model leaves no variance in the "
             "estimation window");
  assert_has(text, "**the abnormal return is 0.00" NBSP "%**. Its model leaves no variance");
  assert_lacks(text, "0.00 percentage points");
  assert_lacks(text, "p undefined");
  support_remove(folder);
}

/* Models that learn from a window of their own, or compare with securities of their own. */
static void test_models_with_a_window_or_benchmark_of_their_own(void) {
  char *folder = make_folder();
  edit(folder, "result.json", "\"name\":\"market_model\",", "\"name\":\"market_model\",\"model\":\"comparison_mean\",");
  edit(folder, "result.json", "\"study\":{", "\"study\":{\"models\":[{\"window\":{\"first\":50,\"last\":250}}],");
  g_autofree char *later = report(folder);
  assert_has(later,
             "which needs no benchmark, fitted for each event on the sessions \\[50, 250\\] around it (at least 100)");
  assert_has(later, "no benchmark; estimation window \\[50, 250\\], at least 100 sessions");
  assert_has(later, "fitted on, in \\[−250, −11\\] or the model's own window.");
  assert_has(later, "rests on at most 240 sessions around each event");
  edit(folder, "result.json", "comparison_mean", "benchmark");
  edit(folder, "result.json", "\"window\":{\"first\":50,\"last\":250}", "\"symbols\":[\"XXX\",\"YYY\"]");
  edit(folder, "car.csv", "b,BBB,,0,0,1,0.07,0.02,3.5,238,0.0006,0.03,0.11", "b,BBB,,0,0,1,,,,,,,");
  g_autofree char *own = report(folder);
  assert_has(own, "they are those of the mean of XXX and YYY, with nothing to fit.");
  assert_has(own, "A CAR is missing where a return of its window, or of its benchmark, is missing: BBB in b");
  assert_lacks(own, "with benchmark IDX");
  assert_lacks(own, "contains the securities themselves");
  edit(folder, "result.json", "\"symbols\":[\"XXX\",\"YYY\"]", "\"file\":\"peers.csv\"");
  g_autofree char *matched = report(folder);
  assert_has(matched, "they are those of the security matched in peers.csv, with nothing to fit.");
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/story/a_test_counts_its_own_events", test_a_test_counts_its_own_events);
  g_test_add_func("/story/small_samples_carry_a_caution", test_small_samples_carry_a_caution);
  g_test_add_func("/story/closes_and_return_agree_or_are_apart", test_closes_and_return_agree_or_are_apart);
  g_test_add_func("/story/split_of_an_older_folder", test_split_of_an_older_folder);
  g_test_add_func("/story/no_event_has_a_car", test_no_event_has_a_car);
  g_test_add_func("/story/missing_cars_are_counted", test_missing_cars_are_counted);
  g_test_add_func("/story/sessions_are_those_of_events_with_a_car", test_sessions_are_those_of_events_with_a_car);
  g_test_add_func("/story/a_date_alone_decides_nothing_about_its_day", test_a_date_alone_decides_nothing_about_its_day);
  g_test_add_func("/story/advice_follows_the_rule_of_the_date", test_advice_follows_the_rule_of_the_date);
  g_test_add_func("/story/each_model_has_its_own_yardstick", test_each_model_has_its_own_yardstick);
  g_test_add_func("/story/the_fit_is_captioned_with_its_model", test_the_fit_is_captioned_with_its_model);
  g_test_add_func("/story/charts_of_many_stories_show_events", test_charts_of_many_stories_show_events);
  g_test_add_func("/story/spans_are_those_of_returns", test_spans_are_those_of_returns);
  g_test_add_func("/story/days_without_a_return_are_not_counted", test_days_without_a_return_are_not_counted);
  g_test_add_func("/story/a_price_that_did_not_move", test_a_price_that_did_not_move);
  g_test_add_func("/story/models_with_a_window_or_benchmark_of_their_own",
                  test_models_with_a_window_or_benchmark_of_their_own);
  return g_test_run();
}
