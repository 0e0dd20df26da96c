/* The report of a small result folder: what it says, in which order, with which numbers, and what it does with hostile text. */
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/report/report.h>

#include <string.h>

#include <aftershock/base/banned.h>

/*
 * Two stories of one title: `news` moves five securities of two groups on one date, `early` one of them four sessions before.
 * All numbers are made up and of full length; the report must round them, not cut them.
 */
static const char result_json[] =
    "{\"format\":\"aftershock-result-1\",\"program\":{\"name\":\"aftershock\",\"version\":\"9.8.7\"},"
    "\"started\":\"2025-03-01T00:00:00Z\","
    "\"study_file\":{\"role\":\"study\",\"path\":\"my study.json\",\"bytes\":523,"
    "\"sha256\":\"00112233445566778899aabbccddeeff00112233445566778899aabbccddeeff\"},"
    "\"inputs\":[{\"role\":\"prices\",\"path\":\"prices.csv\",\"bytes\":1234567,"
    "\"sha256\":\"ffeeddccbbaa99887766554433221100ffeeddccbbaa99887766554433221100\"}],"
    "\"versions\":{\"glib\":\"2.74.6\",\"gsl\":\"2.7.1\"},"
    "\"study\":{\"title\":\"A <script>alert(1)</script> | 50% & _odd_ `title`\",\"market\":\"IDX\",\"returns\":\"simple\","
    "\"estimation\":{\"first\":-250,\"last\":-11,\"min_obs\":100},\"event_window\":{\"first\":-1,\"last\":1},"
    "\"windows\":[[0,0],[-1,4]],\"date_only\":\"same\",\"confidence\":0.95,\"resampling\":{\"replicates\":999,\"seed\":7}},"
    "\"counts\":{\"articles\":3,\"articles_used\":2,\"events\":7,\"events_used\":6,\"securities\":6,\"sessions\":291,\"rows\":"
    "1746},"
    "\"dropped\":[{\"reason\":\"too few estimation observations (42)\",\"model\":\"\",\"n\":1,\"events\":[\"news/ZZZ\"]}],"
    "\"warnings\":[\"prices.csv:7: <b>odd</b>\"],"
    "\"calendar\":{\"mic\":\"XTST\",\"name\":\"Test Exchange\",\"zone\":\"America/New_York\"},"
    "\"models\":[{\"name\":\"market_model\",\"title\":\"Market model\",\"events\":6,\"n_obs_min\":200,\"n_obs_max\":240}],"
    "\"focus\":{\"event\":\"news\",\"symbol\":\"AAA\",\"published\":\"2025-01-25T15:30:25Z\",\"local_time\":\"2025-01-25T10:30:"
    "25\","
    "\"rule\":\"non_session\",\"session\":\"2025-01-27\",\"previous_session\":\"2025-01-24\",\"close\":118.42,"
    "\"previous_close\":142.62,\"return\":-0.16968167157481417,\"market\":\"IDX\",\"market_return\":-0.0145806426234667},"
    "\"aggregates\":["
    "{\"model\":\"market_model\",\"group\":\"event:news\",\"first\":0,\"last\":0,\"n\":5,\"caar\":-0.0312345,\"median\":0.0101,"
    "\"positive\":3,\"negative\":2,\"significant_bh\":2},"
    "{\"model\":\"market_model\",\"group\":\"event:news/up | "
    "side\",\"first\":0,\"last\":0,\"n\":3,\"caar\":0.0212345,\"median\":0.02,"
    "\"positive\":3,\"negative\":0,\"significant_bh\":0},"
    "{\"model\":\"market_model\",\"group\":\"event:news/"
    "down_side\",\"first\":0,\"last\":0,\"n\":2,\"caar\":-0.1099381,\"median\":-0.11,"
    "\"positive\":0,\"negative\":2,\"significant_bh\":2}],"
    "\"tests\":[{\"name\":\"bmp_kp\",\"title\":\"BMP adjusted\",\"null\":\"\"}]}";

static const char events_csv[] =
    "event,symbol,group,article,published,local_time,rule,session,status,reason\n"
    "early,AAA,down_side,a0,2025-01-20T03:46:07Z,2025-01-19T22:46:07,non_session,2025-01-21,used,\n"
    "news,AAA,down_side,a1,2025-01-25T15:30:25Z,2025-01-25T10:30:25,non_session,2025-01-27,used,\n"
    "news,BBB,down_side,a1,2025-01-25T15:30:25Z,2025-01-25T10:30:25,non_session,2025-01-27,used,\n"
    "news,CCC,up | side,a1,2025-01-25T15:30:25Z,2025-01-25T10:30:25,non_session,2025-01-27,used,\n"
    "news,DDD,up | side,a1,2025-01-25T15:30:25Z,2025-01-25T10:30:25,non_session,2025-01-27,used,\n"
    "news,EEE,up | side,a1,2025-01-25T15:30:25Z,2025-01-25T10:30:25,non_session,2025-01-27,used,\n"
    "news,ZZZ,up | "
    "side,a1,2025-01-25T15:30:25Z,2025-01-25T10:30:25,non_session,2025-01-27,dropped,too few\n";

static const char articles_csv[] =
    "article,published,precision,local_time,rule,session,status,reason,event,symbols,source,title,url\n"
    "a1,2025-01-25T15:30:25Z,instant,2025-01-25T10:30:25,non_session,2025-01-27,used,,news,AAA,Wire,"
    "\"[x](javascript:alert(1)) <img src=x>\",javascript:alert(1)\n"
    "a2,2025-01-28,day,2025-01-28,date_only,2025-01-28,used,,news,AAA,Paper,Plain title,https://example.org/a_b?c=1&d=<2>\n"
    "a3,,unknown,,,,dropped,no publication time,news,AAA,Blog,Undated,\n";

static const char sessions_csv[] =
    "date,kind,open,close,reason\n2025-01-19,closed,,,weekend\n2025-01-20,closed,,,A holiday\n"
    "2025-01-21,session,09:30,16:00,\n2025-01-25,closed,,,weekend\n2025-01-26,closed,,,weekend\n"
    "2025-01-27,session,09:30,16:00,\n";

static const char fits_csv[] =
    "model,event,symbol,n_obs,n_coef,sigma,r_squared,loglik,first_session,last_session,note\n"
    "market_model,early,AAA,240,2,0.0258,0.40,,2024-01-22,2025-01-02,\n"
    "market_model,news,AAA,240,2,0.0259,0.41,,2024-01-26,2025-01-08,\n"
    "market_model,news,CCC,200,2,0.0159,0.31,,2024-03-26,2025-01-08,\n";

static const char coefficients_csv[] =
    "model,event,symbol,term,estimate,standard_error\n"
    "market_model,news,AAA,alpha,0.001,0.001\nmarket_model,news,AAA,market,2.69712,0.2071\n";

static const char abnormal_csv[] =
    "model,event,symbol,rel_day,session,return,expected,abnormal,standard_error,statistic,p_"
    "value\n"
    "market_model,early,AAA,0,2025-01-21,0.01,0.012,-0.002471,0.02595,-0.0952,0.92421\n"
    "market_model,early,AAA,4,2025-01-27,-0.16968,-0.03756,-0.13212,0.02617,-5.048,0.00000088\n"
    "market_model,news,AAA,-1,2025-01-24,-0.01,-0.02,0.01,0.026,0.385,0.70\n"
    "market_model,news,AAA,0,2025-01-27,-0.16968167,-0.03755788,-0.13212379,0.02617198,-5.04829,0."
    "000000886\n"
    "market_model,news,AAA,1,2025-01-28,0.02,0.01,0.01,0.026,0.385,0.70\n";

static const char car_csv[] =
    "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high,bhar\n"
    "market_model,early,AAA,down_side,0,0,1,-0.002471,0.02595,-0.0952,238,0.92421,-0.0536,0.0486,-0.0025\n"
    "market_model,early,AAA,down_side,-1,4,6,-0.1496,0.05839,-2.562,238,0.011,-0.2646,-0.0346,-0.1555\n"
    "market_model,news,AAA,down_side,0,0,1,-0.13212379,0.02617198,-5.04829,238,0.000000886,-0.18368,-0.08057,-0.13212\n"
    "market_model,news,AAA,down_side,-1,4,6,,,,,,,,\n"
    "market_model,news,BBB,down_side,0,0,1,-0.0877,0.02,-4.385,238,0.0000174,-0.1271,-0.0483,-0.0877\n"
    "market_model,news,CCC,up | side,0,0,1,0.0101,0.0159,0.635,198,0.526,-0.0213,0.0415,0.0101\n"
    "market_model,news,DDD,up | side,0,0,1,0.0200,0.02,1,238,0.318,-0.0194,0.0594,0.02\n"
    "market_model,news,EEE,up | side,0,0,1,0.0336,0.02,1.68,238,0.0943,-0.0058,0.073,0.0336\n";

static const char tests_csv[] =
    "model,group,first,last,test,n,estimate,statistic,distribution,df,p_value,p_adjusted,note\n"
    "market_model,event:news,0,0,csect_t,5,-0.0312345,-2.9,t,4,0.0441,0.0882,\n"
    "market_model,event:news,0,0,patell,5,-0.0312345,-4.48799,norm,,0.00000719,0.0000144,\n"
    "market_model,event:news,0,0,bmp_kp,5,-0.0312345,-1.11976,t,4,0.27546,0.55092,\n"
    "market_model,event:news,0,0,grank_t,5,-0.0312345,,none,,,,fewer than 3 events\n"
    "market_model,event:news,0,0,wild,5,-0.0312345,-2.9,resample,,0.033,0.066,\n";

struct file {
  const char *name, *text;
};

static const struct file whole_folder[] = {
    {"result.json", result_json},   {"events.csv", events_csv}, {"articles.csv", articles_csv},
    {"sessions.csv", sessions_csv}, {"fits.csv", fits_csv},     {"coefficients.csv", coefficients_csv},
    {"abnormal.csv", abnormal_csv}, {"car.csv", car_csv},       {"tests.csv", tests_csv},
};

static char *make_folder(void) {
  char *folder = support_temp_dir();
  for (size_t i = 0; i < G_N_ELEMENTS(whole_folder); i++)
    g_free(support_write(folder, whole_folder[i].name, whole_folder[i].text));
  return folder;
}

static void replace(const char *folder, const char *name, const char *text) {
  g_free(support_write(folder, name, text));
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

static void write_documents(const char *folder) {
  GError *error = NULL;
  g_assert_true(aft_documents_write(folder, &error));
  g_assert_no_error(error);
}

static void write_tables(const char *folder) {
  GError *error = NULL;
  g_assert_true(aft_tables_write(folder, &error));
  g_assert_no_error(error);
}

static void assert_has(const char *text, const char *part) {
  if (strstr(text, part) == NULL) g_error("missing \"%s\" in:\n%s", part, text);
}

static void assert_lacks(const char *text, const char *part) {
  if (strstr(text, part) != NULL) g_error("unwanted \"%s\" in:\n%s", part, text);
}

/* The parts stand in the text, each after the one before. */
static void assert_order(const char *text, const char *const *parts) {
  const char *at = text;
  for (; *parts != NULL; parts++) {
    const char *found = strstr(at, *parts);
    if (found == NULL) g_error("\"%s\" is missing or too early", *parts);
    at = found + strlen(*parts);
  }
}

static void test_sections_in_order(void) {
  static const char *const sections[] = {"## The question",
                                         "## The data",
                                         "## From the clock to the session",
                                         "## What happened to AAA",
                                         "## What happened to the others",
                                         "## Can it be told from noise?",
                                         "## What to be careful about",
                                         "## How to make it again",
                                         NULL};
  static const char *const anchors[] = {"id=\"question\"", "id=\"data\"",   "id=\"alignment\"",
                                        "id=\"focus\"",    "id=\"others\"", "id=\"tests\"",
                                        "id=\"care\"",     "id=\"again\"",  NULL};
  char *folder = make_folder();
  write_documents(folder);
  g_autofree char *markdown = read_text(folder, "report.md"), *html = read_text(folder, "report.html");
  assert_order(markdown, sections);
  assert_order(html, anchors);
  support_remove(folder);
}

static void test_numbers_of_the_focus(void) {
  char *folder = make_folder();
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(text, "AAA closed at 118.42 on 2025-01-27, after 142.62 on 2025-01-24: a return of −16.97\xC2\xA0%");
  assert_has(text, "the benchmark IDX returned −1.46\xC2\xA0%");
  assert_has(text, "fitted on 240 sessions, from 2024-01-26 to 2025-01-08: beta = 2.697 (standard error 0.207)");
  assert_has(text, "**the abnormal return is −13.21\xC2\xA0%** (standard error 2.62\xC2\xA0%, t\xC2\xA0=\xC2\xA0−5.05, "
                   "p\xC2\xA0<\xC2\xA0"
                   "0.001)");
  assert_has(text, "| Market model | \\[0, 0\\] | −13.21 | 2.62 | −5.05 | 238 | 8.86e−07 |");
  assert_has(text, "- `early`, 2025-01-21: abnormal return −0.25\xC2\xA0% (t\xC2\xA0=\xC2\xA0−0.10, p\xC2\xA0=\xC2\xA0"
                   "0.924), within the noise");
  support_remove(folder);
}

static void test_groups_against_average(void) {
  char *folder = make_folder();
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(
      text,
      "3 of 5 securities did better than the market model expects and 2 did worse. The mean CAR is −3.12\xC2\xA0%");
  assert_has(text, "**The average over all says little here.**");
  assert_has(text, "on average down\\_side (−10.99\xC2\xA0%, N\xC2\xA0=\xC2\xA0"
                   "2) lost, while up \\| side (+2.12\xC2\xA0%, N\xC2\xA0=\xC2\xA0"
                   "3) gained");
  /* |2.12345 - -3.12345| = 5.2469 */
  assert_has(text, "comes nearest, up \\| side (+2.12\xC2\xA0%, N\xC2\xA0=\xC2\xA0"
                   "3), is 5.25 percentage points away");
  support_remove(folder);
}

static void test_tests_and_reasons(void) {
  char *folder = make_folder();
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(text, "both tests reject for no group");
  assert_has(text, "The two tests to trust");
  assert_has(text, "the second with ranks.\n");
  assert_has(text, "All 5 events of the sample (story news) fall on one session.");
  assert_has(text, "`grank_t` is undefined (fewer than 3 events)");
  assert_has(text, "The one that is defined does not reject a mean effect of zero at the 5\xC2\xA0% level.");
  assert_has(text, "of the 3 tests that assume independent events or an unchanged variance, 3 reject");
  assert_has(text, "of the 1 test that assumes neither, none do");
  assert_has(text, "| news | \\[0, 0\\] | 5 | −3.12 | −1.12 | 0.275 | 0.551 | – | – | – |");
  assert_has(text, "grank\\_t is undefined (–) where it says: fewer than 3 events.");
  support_remove(folder);
}

/* A study may ask for other tests than the pair: its report tells the first of them, and no row of dashes. */
static void test_studies_without_the_pair(void) {
  static const char head[] =
      "model,group,first,last,test,n,estimate,statistic,distribution,df,p_value,p_adjusted,note\n";
  static const char beaver[] = "market_model,event:news,0,0,beaver,5,1,2.9,norm,,0.001,0.002,\n";
  static const char patell[] = "market_model,event:news,0,0,patell,5,-0.0312345,-4.48799,norm,,0.00000719,0.0000144,\n";
  static const char wild[] = "market_model,event:news,0,0,wild,5,-0.0312345,-2.9,resample,,0.333,0.666,\n";
  static const char grank[] = "market_model,event:news,0,0,grank_t,5,-0.0312345,-1.5,t,239,0.135,0.27,\n";
  static const char mean[] = "On day\xC2\xA0"
                             "0 the mean CAR is −3.12\xC2\xA0% (N\xC2\xA0=\xC2\xA0"
                             "5). ";
  const struct {
    const char *first, *second, *asked, *told;
  } cases[] = {
      {beaver, patell, "neither",
       "`patell` gives z\xC2\xA0=\xC2\xA0−4.49, p\xC2\xA0<\xC2\xA0"
       "0.001 (after Holm's correction over the windows p\xC2\xA0<\xC2\xA0"
       "0.001). **It rejects a mean effect of zero at the 5\xC2\xA0% level.** "},
      {wild, patell, "neither",
       "`wild` gives p\xC2\xA0=\xC2\xA0"
       "0.333 (after Holm's correction over the windows p\xC2\xA0=\xC2\xA0"
       "0.666). **It does not reject a mean effect of zero at the 5\xC2\xA0% level.** "},
      {patell, grank, "the second alone",
       "`grank_t` gives t\xC2\xA0=\xC2\xA0−1.50, p\xC2\xA0=\xC2\xA0"
       "0.135 (after"},
      {beaver, "", "neither", "The study asked for no test of that mean.\n"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    char *folder = make_folder();
    g_autofree char *tests = g_strconcat(head, cases[i].first, cases[i].second, NULL);
    g_autofree char *told = g_strconcat(mean, cases[i].told, NULL),
                    *pair = g_build_filename(folder, "tables", "pair.md", NULL);
    g_autofree char *asked = g_strdup_printf("with ranks. The study asked for %s.\n", cases[i].asked);
    replace(folder, "tests.csv", tests);
    write_tables(folder);
    write_documents(folder);
    g_autofree char *text = read_text(folder, "report.md");
    assert_has(text, asked);
    assert_has(text, told);
    assert_lacks(text, "was not asked for");
    assert_lacks(text, "The two tests to trust");
    assert_lacks(text, "both tests reject");
    if (cases[i].first == beaver && cases[i].second == patell)
      assert_has(text, "The test assumes: independent events, variance as before the event.\n");
    g_assert_false(g_file_test(pair, G_FILE_TEST_EXISTS));
    support_remove(folder);
  }
}

static void test_cautions_are_computed(void) {
  char *folder = make_folder();
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(text, "The 6 events fall on 2 sessions.");
  assert_has(text,
             "The session of `news` is day\xC2\xA0+4 of `early` for 1 security: what is measured over \\[−1, 4\\] for "
             "`early`");
  assert_has(text, "1 article has only a date; the policy of the study is to take that day's session.");
  assert_has(text, "1 article has no time at all and is left out.");
  assert_has(text, "1 event was dropped: too few estimation observations (42) (news/ZZZ).");
  assert_has(text, "AAA in news over \\[−1, 4\\]");
  assert_has(text, "Fitted on fewer: CCC in news (200).");
  assert_has(
      text,
      "Of the 2 articles on `news` (1 with a date alone), 1 reached the market only in a session after 2025-01-27: it can tell");
  assert_has(text, "The exchange was closed on 2025-01-19 (weekend) and 2025-01-20 (A holiday).");
  support_remove(folder);
}

static void test_how_to_make_it_again(void) {
  char *folder = make_folder();
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(text, "aftershock run 'my study.json' --out DIR");
  assert_has(text, "Random draws: seed 7, 999 replicates.");
  assert_has(text,
             "scripts/reproduce DIR   # runs it again and compares every byte (installed: aftershock-reproduce DIR)\n");
  assert_has(text, "threads, but for the recorded time of the run, which `SOURCE_DATE_EPOCH` fixes.");
  assert_has(text, "| study | `my study.json` | 523 | `001122334455` |");
  assert_has(text, "| prices | `prices.csv` | 1,234,567 | `ffeeddccbbaa` |");
  assert_lacks(text, folder); /* the report must not depend on where the folder stands */
  support_remove(folder);
}

/* Three groups, one of them too small to compare; another window and another sample are not told about. */
static void test_groups_against_each_other(void) {
  char *folder = make_folder();
  replace(folder, "groups.csv",
          "model,sample,first,last,test,group_a,group_b,n_a,n_b,difference,statistic,df,p_value,note\n"
          "market_model,event:news,0,0,welch,down_side,up | side,2,3,-0.1311,-5.6,1.2,0.0402,\n"
          "market_model,event:news,0,0,brown_forsythe,down_side,up | side,2,3,0.01,3.1,3,0.17,\n"
          "market_model,event:news,0,0,welch,down_side,rest,2,1,-0.1,,,,a group has fewer than 2 events\n"
          "market_model,event:news,0,0,welch,up | side,rest,3,4,0.0236,2,3.9,0.0123,\n"
          "market_model,event:news,-1,4,welch,up | side,down_side,3,2,0.7,2,3.9,0.001,\n"
          "capm,event:news,0,0,welch,up | side,down_side,3,2,0.7,2,3.9,0.001,\n");
  write_tables(folder);
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md"), *table = read_text(folder, "tables/groups.md");
  assert_has(
      text,
      "Group against group on day\xC2\xA0"
      "0, the mean CARs of 2 of 2 pairs differ at the 5\xC2\xA0% level (Welch's t, which takes the events for independent): up \\| side against rest "
      "(+2.36\xC2\xA0points, p\xC2\xA0=\xC2\xA0"
      "0.012) and down\\_side against up \\| side (−13.11\xC2\xA0points, p\xC2\xA0=\xC2\xA0"
      "0.040). With several pairs some may differ by chance; 1 would still differ after Bonferroni's correction");
  assert_has(
      table,
      "| news | \\[0, 0\\] | `welch` | down\\_side | rest | 2 | 1 | −10.00 | – | – | – | a group has fewer than 2 "
      "events |");
  assert_has(table, "| news | \\[−1, 4\\] | `welch` | up \\| side | down\\_side | 3 | 2 | 70.00 |");
  replace(folder, "groups.csv",
          "model,sample,first,last,test,group_a,group_b,n_a,n_b,difference,statistic,df,p_value,note\n"
          "market_model,event:news,0,0,welch,a,b,2,3,0.0111,0.5,1.2,0.402,\n"
          "market_model,event:news,0,0,welch,a,c,2,3,-0.0311,-1.5,1.2,0.302,\n");
  write_documents(folder);
  g_autofree char *none = read_text(folder, "report.md");
  assert_has(
      none,
      "the mean CARs of none of 2 pairs differ at the 5\xC2\xA0% level (Welch's t, which takes the events for independent): the closest to it is a against c "
      "(−3.11\xC2\xA0points, p\xC2\xA0=\xC2\xA0"
      "0.302). Every pair");
  replace(folder, "groups.csv",
          "model,sample,first,last,test,group_a,group_b,n_a,n_b,difference,statistic,df,p_value,note\n"
          "market_model,event:news,0,0,welch,a,b,2,3,0.0111,0.5,1.2,0.402,\n");
  write_documents(folder);
  g_autofree char *one = read_text(folder, "report.md");
  assert_has(
      one,
      "0, the mean CARs differ so (Welch's t, which takes the events for independent): a against b (+1.11\xC2\xA0points, p\xC2\xA0=\xC2\xA0"
      "0.402). Every pair");
  support_remove(folder);
}

static void test_hostile_text_is_escaped(void) {
  char *folder = make_folder();
  write_documents(folder);
  write_tables(folder);
  g_autofree char *markdown = read_text(folder, "report.md"), *html = read_text(folder, "report.html");
  g_autofree char *latex = read_text(folder, "tables/securities.tex"),
                  *articles = read_text(folder, "tables/articles.tex");
  assert_has(markdown, "# A &lt;script&gt;alert(1)&lt;/script&gt; \\| 50% &amp; \\_odd\\_ \\`title\\`\n");
  assert_has(markdown, "\\[x\\](javascript:alert(1)) &lt;img src=x&gt;");
  assert_has(markdown, "[Plain title](<https://example.org/a_b?c=1&d=%3C2%3E>)");
  assert_lacks(markdown, "<script");
  assert_has(html, "<title>A &lt;script&gt;alert(1)&lt;/script&gt; | 50% &amp; _odd_ `title`</title>");
  assert_has(html, "href=\"https://example.org/a_b?c=1&amp;d=&lt;2&gt;\"");
  assert_has(html, "prices.csv:7: &lt;b&gt;odd&lt;/b&gt;");
  assert_lacks(html, "<script");
  assert_lacks(html, "<img src=x");
  assert_lacks(html, "href=\"javascript");
  assert_has(latex, "CCC & up \\textbar{} side & 1.01 &");
  assert_has(latex, "AAA & down\\_side & $-$13.21 &");
  assert_has(articles, "{[}x{]}(javascript:alert(1)) \\textless{}img src=x\\textgreater{} & Wire &");
  support_remove(folder);
}

static void test_tables_say_what_they_rest_on(void) {
  static const char *const names[] = {"alignment", "fits", "focus",          "securities", "car",
                                      "caar",      "pair", "headline_tests", "tests"};
  char *folder = make_folder();
  write_tables(folder);
  for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
    g_autofree char *md_name = g_strdup_printf("tables/%s.md", names[i]),
                    *tex_name = g_strdup_printf("tables/%s.tex", names[i]);
    g_autofree char *markdown = read_text(folder, md_name), *latex = read_text(folder, tex_name);
    static const char *const shape[] = {"% Needs \\usepackage{booktabs}.",
                                        "\\begin{tabular}",
                                        "\\toprule",
                                        "\\midrule",
                                        "\\bottomrule",
                                        "\\end{tabular}",
                                        NULL};
    assert_order(latex, shape);
    assert_has(markdown, "N"); /* every table has a count beside its numbers */
    if (strcmp(names[i], "alignment") != 0) assert_has(markdown, "\\[−250, −11\\]");
  }
  g_autofree char *tests = read_text(folder, "tables/tests.md");
  assert_has(tests, "| news | \\[0, 0\\] | `grank_t` | none | 5 | −3.12 | 5 | – | – | – | – | fewer than 3 events |");
  support_remove(folder);
}

static void test_two_renders_give_the_same_bytes(void) {
  char *folder = make_folder();
  write_tables(folder);
  write_documents(folder);
  g_autofree char *markdown = read_text(folder, "report.md"), *html = read_text(folder, "report.html");
  g_autofree char *table = read_text(folder, "tables/pair.tex");
  write_tables(folder);
  write_documents(folder);
  g_autofree char *markdown_again = read_text(folder, "report.md"), *html_again = read_text(folder, "report.html");
  g_autofree char *table_again = read_text(folder, "tables/pair.tex");
  g_assert_cmpstr(markdown, ==, markdown_again);
  g_assert_cmpstr(html, ==, html_again);
  g_assert_cmpstr(table, ==, table_again);
  support_remove(folder);
}

/* One event of one firm, returns without prices or benchmark, no news, no charts. */
static void test_one_event_study(void) {
  char *folder = support_temp_dir();
  replace(
      folder, "result.json",
      "{\"format\":\"aftershock-result-1\",\"study\":{\"title\":\"One\",\"windows\":[[0,1]]},"
      "\"counts\":{\"events\":1,\"events_used\":1,\"sessions\":1,\"rows\":300},"
      "\"models\":[{\"name\":\"constant_mean\",\"title\":\"Constant mean\"}],"
      "\"focus\":{\"event\":\"e\",\"symbol\":\"S\",\"session\":\"2024-05-06\",\"close\":null,\"return\":0.031,\"market\":"
      "null},"
      "\"aggregates\":[{\"model\":\"constant_mean\",\"group\":\"all\",\"first\":0,\"last\":1,\"n\":1,\"caar\":0.025,"
      "\"median\":0.025,"
      "\"positive\":1,\"negative\":0,\"significant_bh\":0}]}");
  replace(folder, "events.csv",
          "event,symbol,group,article,published,local_time,rule,session,status,reason\n"
          "e,S,,,2024-05-06,2024-05-06,date_only,2024-05-06,used,\n");
  replace(folder, "fits.csv", "model,event,symbol,n_obs\nconstant_mean,e,S,120\n");
  replace(folder, "car.csv",
          "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high,bhar\n"
          "constant_mean,e,S,,0,1,2,0.025,0.02,1.25,119,0.2137,-0.0146,0.0646,0.0251\n");
  replace(folder, "tests.csv",
          "model,group,first,last,test,n,estimate,statistic,distribution,df,p_value,p_adjusted,note\n"
          "constant_mean,event:e,0,1,sq,1,0.025,3,exact,,0.182,0.182,\n"
          "constant_mean,all,0,1,bmp_kp,1,0.025,,none,,,,fewer than 2 events\n");
  write_tables(folder);
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(
      text,
      "How much more than expected did 1 security move when this story became public, and can the move be told from");
  assert_has(text, "On 2024-05-06, S returned +3.10\xC2\xA0%.");
  assert_has(text, "of 1 event, 1 is used");
  assert_has(text, "there are no others to compare with");
  assert_has(text, "The sample is one event.");
  assert_has(text, "past residuals: p\xC2\xA0=\xC2\xA0"
                   "0.182");
  assert_has(text, "1 story is dated by a day alone: for it read a window that includes day\xC2\xA0+1");
  assert_has(text, "| `sq` | one firm; its past residuals are a fair sample | yes | no | (0.182) |");
  assert_lacks(text, "| `bmp_kp` |"); /* no test across events for one event */
  assert_lacks(text, "nan");
  assert_lacks(text, "![");
  support_remove(folder);
}

static void test_study_without_events(void) {
  char *folder = support_temp_dir();
  replace(folder, "result.json", "{\"format\":\"aftershock-result-1\",\"study\":{\"title\":\"None\"},\"focus\":null}");
  replace(folder, "events.csv", "event,symbol,status\n");
  replace(folder, "fits.csv", "model,event,symbol,n_obs\n");
  replace(folder, "car.csv", "model,event,symbol,first,last,car\n");
  replace(folder, "tests.csv", "model,group,first,last,test,n,p_value\n");
  write_tables(folder);
  write_documents(folder);
  g_autofree char *text = read_text(folder, "report.md");
  assert_has(text, "The study has no event; there is nothing to measure.");
  assert_has(text, "The study has no usable event to follow.");
  assert_has(text, "No test could be made.");
  support_remove(folder);
}

static void test_charts_are_linked_and_embedded(void) {
  /* The smallest thing that counts as a PNG of 3 x 2 pixels here: signature, length, IHDR, width, height. */
  static const char png[] = "\x89PNG\r\n\x1A\n\0\0\0\x0DIHDR\0\0\0\x03\0\0\0\x02";
  char *folder = make_folder();
  replace(folder, "charts/price.png", "x");
  g_autofree char *path = g_build_filename(folder, "charts", "forest.png", NULL);
  GError *error = NULL;
  g_assert_true(aft_file_write(path, png, sizeof png - 1, &error));
  g_assert_no_error(error);
  write_documents(folder);
  g_autofree char *markdown = read_text(folder, "report.md"), *html = read_text(folder, "report.html");
  assert_has(markdown, "![CAR on day\xC2\xA0"
                       "0 of 5 securities, sorted: 3 above zero, 2 below; from AAA with −13.21\xC2\xA0% to EEE with "
                       "+3.36\xC2\xA0%.](charts/forest.png)");
  assert_lacks(markdown, "charts/price.png"); /* it is no PNG */
  assert_has(html, "<img width=\"3\" height=\"2\" alt=\"CAR on day\xC2\xA0"
                   "0 of 5 securities");
  g_autofree char *data = g_base64_encode((const guchar *)png, sizeof png - 1);
  assert_has(html, data);
  support_remove(folder);
}

/* A study may ask for other formats than PNG; its report has its figures all the same, or says where they are. */
static void test_charts_without_png(void) {
  static const char svg[] = "<?xml version=\"1.0\" encoding=\"utf-8\"?>\n<svg \n width=\"1800\" height=\"1125\"\n"
                            " viewBox=\"0 0 1800 1125\">\n</svg>\n";
  static const char *const sizeless[] = {"<svg viewBox=\"0 0 9 9\" >", "<svg width=\"9\" height=\"0\">",
                                         "<svg width=\"9\"", "<p width=\"9\" height=\"9\">"};
  static const char sentence[] =
      "Figures that were drawn as PDF alone are not shown here: they are in `charts/*.pdf`.\n";
  char *folder = make_folder();
  replace(folder, "charts/forest.svg", svg);
  replace(folder, "charts/forest.pdf", "%PDF-");
  write_documents(folder);
  g_autofree char *markdown = read_text(folder, "report.md"), *html = read_text(folder, "report.html");
  g_autofree char *data = g_base64_encode((const guchar *)svg, sizeof svg - 1);
  g_autofree char *source = g_strdup_printf("src=\"data:image/svg+xml;base64,%s\">", data);
  assert_has(markdown, "](charts/forest.svg)\n\n**Figure 1.** ");
  assert_lacks(markdown, sentence);
  assert_has(html, "<img width=\"1800\" height=\"1125\" alt=\"CAR on day");
  assert_has(html, source);
  replace(folder, "charts/price.pdf", "%PDF-");
  for (size_t i = 0; i < G_N_ELEMENTS(sizeless); i++) {
    replace(folder, "charts/forest.svg", sizeless[i]);
    write_documents(folder);
    g_autofree char *without = read_text(folder, "report.md");
    assert_lacks(without, "charts/forest");
    const char *once = strstr(without, sentence);
    g_assert_nonnull(once);
    assert_lacks(once + strlen(sentence), sentence); /* two charts, one sentence */
  }
  support_remove(folder);
}

static void test_refuses_what_is_no_result(void) {
  char *folder = support_temp_dir();
  GError *error = NULL;
  g_assert_false(aft_documents_write(folder, &error));
  g_assert_nonnull(error);
  assert_has(error->message, "is not a result folder");
  g_clear_error(&error);
  g_autofree char *path = support_write(folder, "result.json", "{\"format\":\"something-else\"}");
  g_autofree char *wrong =
      g_strdup_printf("%s: the format is \"something-else\", not \"aftershock-result-1\"; run the study "
                      "again with "
                      "this version",
                      path);
  g_assert_false(aft_documents_write(folder, &error));
  g_assert_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER);
  assert_error(&error, wrong);
  replace(folder, "result.json", "{\"format\":");
  g_assert_false(aft_tables_write(folder, &error));
  g_assert_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER);
  g_clear_error(&error);
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/report/sections_in_order", test_sections_in_order);
  g_test_add_func("/report/numbers_of_the_focus", test_numbers_of_the_focus);
  g_test_add_func("/report/groups_against_average", test_groups_against_average);
  g_test_add_func("/report/tests_and_reasons", test_tests_and_reasons);
  g_test_add_func("/report/studies_without_the_pair", test_studies_without_the_pair);
  g_test_add_func("/report/cautions_are_computed", test_cautions_are_computed);
  g_test_add_func("/report/how_to_make_it_again", test_how_to_make_it_again);
  g_test_add_func("/report/groups_against_each_other", test_groups_against_each_other);
  g_test_add_func("/report/hostile_text_is_escaped", test_hostile_text_is_escaped);
  g_test_add_func("/report/tables_say_what_they_rest_on", test_tables_say_what_they_rest_on);
  g_test_add_func("/report/two_renders_give_the_same_bytes", test_two_renders_give_the_same_bytes);
  g_test_add_func("/report/one_event_study", test_one_event_study);
  g_test_add_func("/report/study_without_events", test_study_without_events);
  g_test_add_func("/report/charts_are_linked_and_embedded", test_charts_are_linked_and_embedded);
  g_test_add_func("/report/charts_without_png", test_charts_without_png);
  g_test_add_func("/report/refuses_what_is_no_result", test_refuses_what_is_no_result);
  return g_test_run();
}
