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

static const char car_csv[] = "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high\n"
                              "market_model,a,AAA,,0,0,1,0.08,0.02,4,238,0.0001,0.04,0.12\n"
                              "market_model,b,BBB,,0,0,1,0.07,0.02,3.5,238,0.0006,0.03,0.11\n"
                              "market_model,c,CCC,,0,0,1,0,0.02,0,238,1,-0.04,0.04\n";

static const char tests_csv[] = "model,group,first,last,test,n,estimate,statistic,distribution,df,p_value,p_adjusted,note\n"
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

static void test_a_date_alone_decides_nothing_about_its_day(void) {
  char *folder = make_folder();
  g_free(support_write(folder, "articles.csv",
                       "article,published,precision,local_time,rule,session,status,reason,event,symbols,source,title,url\n"
                       "x,2025-01-27T16:00:00Z,instant,2025-01-27 11:00:00 EST,during,2025-01-27,used,,a,AAA,,,\n"
                       "y,2025-01-27,day,2025-01-27,date_only_next,2025-01-28,used,,a,AAA,,,\n"));
  g_autofree char *same_day = report(folder);
  assert_has(same_day, "Of the 2 articles on `a` (1 with a date alone), none is known to have reached the market only in a "
                       "session after 2025-01-27. 1 article is dated 2025-01-27 without an hour");
  assert_lacks(same_day, "cannot have caused it");
  edit(folder, "articles.csv", "y,2025-01-27,day,2025-01-27,date_only_next,2025-01-28",
       "y,2025-01-28,day,2025-01-28,date_only_next,2025-01-29");
  g_autofree char *later = report(folder);
  assert_has(later, "1 reached the market only in a session after 2025-01-27: it can tell of that day's move but cannot have "
                    "caused it.");
  assert_lacks(later, "without an hour");
  support_remove(folder);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/story/a_date_alone_decides_nothing_about_its_day", test_a_date_alone_decides_nothing_about_its_day);
  return g_test_run();
}
