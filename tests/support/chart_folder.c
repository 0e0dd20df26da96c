/* A small result folder for the tests of the charts. */
#include "chart_folder.h"

#include "support.h"

#include <aftershock/base/clock.h>
#include <aftershock/base/text.h>
#include <aftershock/base/file.h>
#include <aftershock/report/report.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

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

/* A move of each verdict on days that are close together, the linked one of the focus security. */
static void put_scan(const char *dir, const char *symbol) {
  static const char *const verdicts[] = {"linked", "not_identified", "unexplained"};
  GString *moves = g_string_new("symbol,session,verdict,abnormal,title\n");
  for (int i = 0; i < 3; i++) {
    g_autofree char *name = g_strdup_printf("00%d", i);
    aft_csv_append(moves, i == 0 ? symbol : name);
    g_string_append_printf(moves, ",2025-03-%d,%s,%g,", 31 - i, verdicts[i], -0.2 + 0.15 * i);
    aft_csv_append(moves, i < 2 ? HOSTILE : "");
    g_string_append_c(moves, '\n');
  }
  put(dir, "moves.csv", moves);
}

char *chart_folder_make(const char *event, const char *symbol, const char *formats) {
  char *dir = support_temp_dir();
  put_series(dir, symbol);
  put_articles(dir, event);
  put_estimates(dir, event, symbol);
  put_samples(dir, event, symbol);
  put_scan(dir, symbol);
  json_error_t problem;
  g_autofree char *study =
      g_strdup_printf("{\"prices\": [\"p.csv\"], \"event_window\": {\"first\": -10, \"last\": "
                      "10}, \"windows\": [[0, 0]], \"confidence\": 0.95, \"scan\": {\"detector\": \"mad\", "
                      "\"threshold\": 4}, "
                      "\"formats\": %s}",
                      formats);
  json_t *root =
      json_pack("{s:o, s:[{s:s, s:s}], s:{s:s, s:s, s:s, s:s, s:f, s:f, s:f, s:s, s:f}, s:{s:s, s:s}, s:[], s:{}}",
                "study", json_loads(study, 0, &problem), "models", "name", "market_model", "title", HOSTILE, "focus",
                "event", event, "symbol", symbol, "session", "2025-03-31", "previous_session", "2025-03-30", "close",
                80.0, "previous_close", 100.0, "return", -0.2, "market", "IDX", "market_return", -0.01, "calendar",
                "mic", "XTST", "zone", "UTC", "aggregates", "scan");
  g_assert_nonnull(root);
  char *text = json_dumps(root, JSON_INDENT(1));
  g_free(support_write(dir, "result.json", text));
  free(text);
  json_decref(root);
  return dir;
}

void chart_folder_set(const char *dir, const char *object, const char *key, const char *value) {
  g_autofree char *path = g_build_filename(dir, "result.json", NULL);
  json_error_t problem;
  json_t *root = json_load_file(path, 0, &problem), *new_value = json_loads(value, JSON_DECODE_ANY, &problem);
  g_assert_nonnull(root);
  g_assert_nonnull(new_value);
  json_t *parent = object != NULL ? json_object_get(root, object) : root;
  g_assert_cmpint(json_object_set_new(parent, key, new_value), ==, 0);
  g_assert_cmpint(json_dump_file(root, path, JSON_INDENT(1)), ==, 0);
  json_decref(root);
}

char *chart_folder_read(const char *dir, const char *chart, const char *ending) {
  g_autofree char *path = g_strdup_printf("%s/charts/%s.%s", dir, chart, ending);
  char *text = NULL;
  size_t size = 0;
  if (!aft_file_read(path, 1 << 26, &text, &size, NULL)) return NULL;
  return text;
}

guint chart_folder_count(const char *dir, const char *ending) {
  g_autofree char *charts = g_build_filename(dir, "charts", NULL);
  GDir *list = g_dir_open(charts, 0, NULL);
  guint n = 0;
  for (const char *name; list != NULL && (name = g_dir_read_name(list)) != NULL;)
    n += g_str_has_suffix(name, ending) ? 1 : 0;
  if (list != NULL) g_dir_close(list);
  return n;
}

char *chart_folder_draw(const char *dir, const char *path, guint n_warnings) {
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
