/* data/: the example's figures against what is known of them, and the schema of study files against the program's tables. */
#include "support/support.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/file.h>
#include <aftershock/base/text.h>
#include <aftershock/input/tables.h>
#include <aftershock/market/calendar.h>
#include <aftershock/study/config.h>
#include <aftershock/study/model.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static aft_csv *open_csv(const char *name) {
  GError *error = NULL;
  g_autofree char *path = support_source(name);
  aft_csv *csv = aft_csv_open(path, &error);
  g_assert_no_error(error);
  return csv;
}

static json_t *load_json(const char *name) {
  g_autofree char *path = support_source(name);
  json_error_t error;
  json_t *json = json_load_file(path, JSON_REJECT_DUPLICATES, &error);
  if (json == NULL) g_error("%s:%d: %s", path, error.line, error.text);
  return json;
}

static double number_of(const char *text) {
  double value = (double)NAN;
  if (*text != '\0') g_assert_true(aft_number_parse(text, strlen(text), &value));
  return value;
}

/* Closes that newspapers printed; every price on a session, each series in order, without a gap; NVDA's bars consistent. */
static void test_prices(void) {
  static const struct {
    const char *date, *symbol;
    double close;
  } printed[] = {{"2025-01-24", "NVDA", 142.62}, {"2025-01-27", "NVDA", 118.42}, {"2025-01-28", "NVDA", 128.99},
                 {"2025-01-24", "SPX", 6101.24}, {"2025-01-27", "SPX", 6012.28}, {"2025-01-28", "SPX", 6067.70}};
  GError *error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  g_assert_no_error(error);
  g_autoptr(aft_csv) csv = open_csv("../data/deepseek/prices.csv");
  g_autofree char *symbol = g_strdup("");
  long previous = -1, n_series = 0, n_rows = 0, n_printed = 0;
  for (const char *const *f; aft_csv_next(csv, &f, &error); n_rows++) {
    aft_day day = AFT_DAY_NONE;
    g_assert_true(aft_day_parse(f[0], strlen(f[0]), &day));
    long session = aft_calendar_find_session(calendar, day);
    g_assert_cmpint(session, >=, 0);
    if (!g_str_equal(symbol, f[1])) {
      const char *begin = g_str_equal(f[1], "GEV") ? "2024-04-01" : "2024-01-02";
      g_assert_cmpstr(f[0], ==, begin);
      g_free(symbol);
      symbol = g_strdup(f[1]);
      n_series++;
    } else {
      g_assert_cmpint(session, ==, previous + 1);
    }
    previous = session;
    double open = number_of(f[2]), high = number_of(f[3]), low = number_of(f[4]), close = number_of(f[5]);
    g_assert_true(close > 0 || number_of(f[6]) > 0);
    g_assert_cmpint(isnan(open), ==, !g_str_equal(symbol, "NVDA"));
    if (!isnan(open)) g_assert_true(low <= MIN(open, close) && high >= MAX(open, close));
    for (size_t i = 0; i < G_N_ELEMENTS(printed); i++) {
      if (!g_str_equal(printed[i].date, f[0]) || !g_str_equal(printed[i].symbol, f[1])) continue;
      assert_close(close, printed[i].close, 0);
      n_printed++;
    }
  }
  g_assert_no_error(error);
  g_assert_cmpint(n_rows, ==, 6923);
  g_assert_cmpint(n_series, ==, 24);
  g_assert_cmpint(n_printed, ==, G_N_ELEMENTS(printed));
}

/* Each story is dated by its earliest article with a time. */
static void test_events_follow_articles(void) {
  GError *error = NULL;
  json_t *articles = load_json("../data/deepseek/articles.json");
  g_assert_cmpuint(json_array_size(articles), ==, 21);
  g_autoptr(aft_csv) csv = open_csv("../data/deepseek/events.csv");
  int n_events = 0;
  for (const char *const *f; aft_csv_next(csv, &f, &error); n_events++) {
    aft_stamp stamp;
    g_assert_true(aft_stamp_parse(f[2], &stamp, NULL));
    aft_millis earliest = INT64_MAX;
    for (size_t i = 0; i < json_array_size(articles); i++) {
      const json_t *article = json_array_get(articles, i);
      const char *published = json_string_value(json_object_get(article, "published"));
      aft_stamp other = {.kind = AFT_STAMP_UNKNOWN};
      if (published != NULL) g_assert_true(aft_stamp_parse(published, &other, NULL));
      bool same = g_str_equal(json_string_value(json_object_get(article, "event")), f[0]);
      if (same && other.kind == AFT_STAMP_INSTANT) earliest = MIN(earliest, other.instant);
    }
    g_assert_cmpint(stamp.instant, ==, earliest);
  }
  g_assert_no_error(error);
  g_assert_cmpint(n_events, ==, 44);
  json_decref(articles);
}

/* Of the five documents one has a day and none an instant. */
static void test_documents(void) {
  json_t *articles = load_json("../data/deepseek/articles.json");
  for (size_t i = 0; i < 5; i++) {
    const json_t *article = json_array_get(articles, i);
    char id[8];
    g_snprintf(id, sizeof id, "doc-%u", (unsigned)i + 1);
    g_assert_cmpstr(json_string_value(json_object_get(article, "id")), ==, id);
    const char *published = json_string_value(json_object_get(article, "published"));
    g_assert_cmpstr(published, ==, i == 1 ? "2025-02-06" : NULL);
    g_assert_nonnull(json_string_value(json_object_get(article, "timing")));
    g_assert_cmpuint(json_array_size(json_object_get(article, "claims")), >, 0);
  }
  json_decref(articles);
}

static void test_study_reads(void) {
  GError *error = NULL;
  aft_config config;
  g_autofree char *path = support_source("../data/deepseek/study.json");
  g_assert_true(aft_config_read(&config, path, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(config.n_models, ==, 3);
  g_assert_cmpstr(config.focus_event, ==, "rout");
  g_assert_cmpstr(config.focus_symbol, ==, "NVDA");
  aft_config_clear(&config);
}

/* Asserts that the list at path ("$defs", "model_name", "enum") of the schema holds exactly names[0..n). */
static void assert_enum(const json_t *schema, const char *definition, const char *const *names, size_t n) {
  const json_t *list = json_object_get(json_object_get(json_object_get(schema, "$defs"), definition), "enum");
  g_assert_cmpuint(json_array_size(list), ==, n);
  for (size_t i = 0; i < n; i++) {
    bool found = false;
    for (size_t j = 0; j < n; j++) found = found || g_str_equal(json_string_value(json_array_get(list, j)), names[i]);
    if (!found) g_error("data/study.schema.json: %s lacks \"%s\"", definition, names[i]);
  }
}

/* What an editor offers is what the program takes. */
static void test_schema_names(void) {
  static const char *const needy[] = {"factors", "comparison_mean", "benchmark", NULL}; /* not by their names alone */
  json_t *schema = load_json("../data/study.schema.json");
  size_t n_models, n_tests, n = 0;
  const aft_model *models = aft_models(&n_models);
  g_autofree const char **names = g_new0(const char *, n_models);
  for (size_t i = 0; i < n_models; i++)
    if (!g_strv_contains(needy, models[i].name)) names[n++] = models[i].name;
  g_assert_cmpuint(n, ==, n_models - 3);
  assert_enum(schema, "model_name", names, n);

  const aft_test *tests = aft_tests(&n_tests);
  g_autofree const char **test_names = g_new0(const char *, n_tests);
  for (size_t i = 0; i < n_tests; i++) test_names[i] = tests[i].name;
  assert_enum(schema, "test_name", test_names, n_tests);

  size_t n_adjust;
  const aft_adjustment *adjust = aft_adjustments(&n_adjust);
  g_autofree const char **adjust_names = g_new0(const char *, n_adjust);
  for (size_t i = 0; i < n_adjust; i++) adjust_names[i] = adjust[i].name;
  assert_enum(schema, "adjust_name", adjust_names, n_adjust);

  size_t n_measures;
  const aft_volume_measure *measures = aft_volume_measures(&n_measures);
  g_autofree const char **measure_names = g_new0(const char *, n_measures);
  for (size_t i = 0; i < n_measures; i++) measure_names[i] = measures[i].name;
  assert_enum(schema, "volume_measure", measure_names, n_measures);

  const char *const *charts = aft_config_chart_names();
  for (n = 0; charts[n] != NULL; n++) continue;
  assert_enum(schema, "chart_name", charts, n);
  g_auto(GStrv) mics = aft_calendar_list_mics(NULL);
  assert_enum(schema, "mic", (const char *const *)mics, g_strv_length(mics));
  json_decref(schema);
}

/* docs/methods.md has an entry for every model and test, under the title of the tables. */
static void test_methods_entries(void) {
  size_t n_models, n_tests, size;
  char *text = NULL;
  GError *error = NULL;
  g_autofree char *path = support_source("../docs/methods.md");
  g_assert_true(aft_file_read(path, 1 << 22, &text, &size, &error));
  const aft_model *models = aft_models(&n_models);
  const aft_test *tests = aft_tests(&n_tests);
  for (size_t i = 0; i < n_models + n_tests; i++) {
    bool is_model = i < n_models;
    const char *name = is_model ? models[i].name : tests[i - n_models].name;
    const char *title = is_model ? models[i].title : tests[i - n_models].title;
    g_autofree char *heading = g_strdup_printf("\n### `%s` - %s\n", name, title);
    if (strstr(text, heading) == NULL) g_error("docs/methods.md has no entry:%s", heading);
  }
  size_t n_measures;
  const aft_volume_measure *measures = aft_volume_measures(&n_measures);
  for (size_t i = 0; i < n_measures; i++) {
    g_autofree char *heading = g_strdup_printf("\n### `%s` - %s\n", measures[i].name, measures[i].title);
    if (strstr(text, heading) == NULL) g_error("docs/methods.md has no entry:%s", heading);
  }
  g_free(text);
}

/* The page that every study folder gets names all that a study file may hold. */
static void test_study_page(void) {
  static const char *const lists[] = {"test_name", "adjust_name", "chart_name", "mic", "volume_measure"};
  size_t size, n_options, n_models;
  GError *error = NULL;
  g_autofree char *path = support_source("../data/init/README.md"), *text = NULL;
  g_assert_true(aft_file_read(path, 1 << 22, &text, &size, &error));
  json_t *schema = load_json("../data/study.schema.json"), *value;
  const char *key;
  g_autoptr(GPtrArray) names = g_ptr_array_new();
  json_object_foreach(json_object_get(schema, "properties"), key, value)
      g_ptr_array_add(names, (gpointer)(guintptr)key);
  const aft_model *models = aft_models(&n_models);
  for (size_t i = 0; i < n_models; i++) g_ptr_array_add(names, (gpointer)(guintptr)models[i].name);
  const aft_model_option *options = aft_model_option_table(&n_options);
  for (size_t i = 0; i < n_options; i++) g_ptr_array_add(names, (gpointer)(guintptr)options[i].name);
  for (size_t i = 0; i < G_N_ELEMENTS(lists); i++) {
    const json_t *list = json_object_get(json_object_get(json_object_get(schema, "$defs"), lists[i]), "enum");
    for (size_t j = 0; j < json_array_size(list); j++)
      g_ptr_array_add(names, (gpointer)(guintptr)json_string_value(json_array_get(list, j)));
  }
  g_assert_cmpuint(names->len, >, 80);
  for (guint i = 0; i < names->len; i++) {
    g_autofree char *quoted = g_strdup_printf("`%s`", (const char *)names->pdata[i]);
    if (strstr(text, quoted) == NULL) g_error("data/init/README.md does not name %s", quoted);
  }
  json_decref(schema);
}

/* The form of the schema that holds a model's object: the one whose `name` is it, or lists it. */
static const json_t *find_form(const json_t *forms, const char *name) {
  for (size_t i = 0; i < json_array_size(forms); i++) {
    const json_t *form = json_array_get(forms, i), *rule = json_object_get(json_object_get(form, "properties"), "name");
    const json_t *list = json_object_get(rule, "enum");
    if (g_strcmp0(json_string_value(json_object_get(rule, "const")), name) == 0) return form;
    for (size_t j = 0; j < json_array_size(list); j++)
      if (g_str_equal(json_string_value(json_array_get(list, j)), name)) return form;
  }
  g_error("data/study.schema.json: no form of an object for the model %s", name);
}

/* An editor offers for each model the options that it takes, with the program's defaults, and no others. */
static void test_schema_options(void) {
  json_t *schema = load_json("../data/study.schema.json");
  const json_t *forms = json_object_get(json_object_get(json_object_get(schema, "$defs"), "model"), "oneOf");
  const aft_model_options defaults = AFT_MODEL_OPTIONS_DEFAULT;
  size_t n_models, n_options;
  const aft_model *models = aft_models(&n_models);
  const aft_model_option *options = aft_model_option_table(&n_options);
  for (size_t m = 0; m < n_models; m++) {
    json_t *properties = json_object_get(find_form(forms, models[m].name), "properties"), *value;
    size_t n_known = 2 + (json_object_get(properties, "columns") != NULL); /* name and label */
    for (size_t i = 0; i < n_options; i++) {
      const json_t *rule = json_object_get(properties, options[i].name);
      if (aft_model_takes(&models[m], options[i].name) != (rule != NULL))
        g_error("data/study.schema.json: %s of %s", options[i].name, models[m].name);
      if (rule == NULL) continue;
      const char *at = (const char *)&defaults + options[i].offset;
      n_known++;
      value = json_object_get(rule, "default");
      if (options[i].kind == AFT_OPTION_BOOL) g_assert_true(json_is_true(value) == *(const bool *)at);
      if (options[i].kind == AFT_OPTION_INTEGER) {
        g_assert_cmpint(json_integer_value(value), ==, *(const int *)(const void *)at);
        g_assert_cmpint(json_integer_value(json_object_get(rule, "minimum")), ==, options[i].low);
        g_assert_cmpint(json_integer_value(json_object_get(rule, "maximum")), ==, options[i].high);
      }
      if (options[i].kind > AFT_OPTION_CHOICE) g_assert_null(value); /* empty unless given */
      if (options[i].kind == AFT_OPTION_CHOICE)
        g_assert_cmpstr(json_string_value(value), ==, options[i].choices[*(const int *)(const void *)at]);
    }
    g_assert_cmpuint(json_object_size(properties), ==, n_known);
    g_assert_nonnull(json_object_get(properties, "label"));
  }
  json_decref(schema);
}

static const json_t *definition_of(const json_t *schema, const char *name) {
  return json_object_get(json_object_get(schema, "$defs"), name);
}

/* What an editor says of a text: the rules maxLength, in characters, and pattern. */
static bool schema_takes(const json_t *schema, const char *definition, const char *text) {
  const json_t *rule = definition_of(schema, definition);
  const char *pattern = json_string_value(json_object_get(rule, "pattern"));
  const json_t *longest = json_object_get(rule, "maxLength");
  g_assert_nonnull(pattern);
  if (longest != NULL && g_utf8_strlen(text, -1) > json_integer_value(longest)) return false;
  return g_regex_match_simple(pattern, text, G_REGEX_DOLLAR_ENDONLY, 0);
}

/* Names as the parts of an event: the program takes what the schema takes. */
static void test_schema_event_names(void) {
  g_autofree char *longest = g_strnfill(64, 'x'), *longer = g_strnfill(65, 'x');
  const char *const samples[] = {"rout",      "",           "a/b",        "all",       "allied",
                                 "event:",    "event:rout", "events",     "an event:", "two words",
                                 "tab\there", "line\nhere", "delete\x7f", "*",         "\xc3\xa9t\xc3\xa9",
                                 longest,     longer};
  json_t *schema = load_json("../data/study.schema.json");
  for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
    for (int part = 0; part < 3; part++) {
      const char *const definitions[] = {"event_name", "name", "group_name"};
      const char *texts[] = {"e", "s", "g"};
      if (part == 2 && *samples[i] == '\0') continue; /* no group: the key is left out */
      texts[part] = samples[i];
      g_autoptr(GError) error = NULL;
      aft_event_rows rows;
      aft_event_rows_init(&rows);
      bool taken = aft_event_rows_add(&rows, texts[0], texts[1], texts[2], "2025-01-27", 1, &error);
      aft_event_rows_clear(&rows);
      if (taken != schema_takes(schema, definitions[part], samples[i]))
        g_error("data/study.schema.json: %s: \"%s\" is %s by the program", definitions[part], samples[i],
                taken ? "taken" : "refused");
    }
  }
  json_decref(schema);
}

/* Dates that do not exist, such as 2025-02-30, are beyond a pattern. */
static void test_schema_times(void) {
  static const char *const samples[] = {"2025-01-20",
                                        "2025-01-20T03:46",
                                        "2025-01-20 03:46",
                                        "2025-01-20t03:46:07",
                                        "2025-01-20T03:46:07Z",
                                        "2025-01-20T03:46:07.25z",
                                        "2025-01-20T03:46:07,25+01",
                                        "2025-01-20T03:46-0500",
                                        "2025-01-20T03:46-05:00",
                                        "20250120",
                                        "2025-01",
                                        "20250120T0346Z",
                                        "20250120T034607.5",
                                        "20250120034607",
                                        "2025-01-20 03:46 America/New_York",
                                        "2025-01-20 03:46:07 EST",
                                        "2025-01-20 03:46 JST",
                                        "1737344767",
                                        "1737344767.5",
                                        "1737344767000",
                                        "202501200346",
                                        "Mon, 20 Jan 2025 03:46:07 GMT",
                                        "20 Jan 2025 03:46 +0100",
                                        "Mon 20 Jan 2025 03:46 GMT",
                                        "2025-1-20",
                                        "2025-01-20T",
                                        "2025-01-20T3:46",
                                        "2025-01-20T03",
                                        "2025-01-20T03:46:",
                                        "2025-01-20T03:46:07.",
                                        "2025-01-20T03:46:07 Z",
                                        "2025-01-20T03:46:07+1",
                                        "2025-01-20T03:46:07+01:",
                                        "2025-01-20T03:46:07+01:0",
                                        "2025-01-20Z",
                                        "2025-01-20T03:46Zulu",
                                        "2025-01-20\n",
                                        " 2025-01-20",
                                        "yesterday"};
  json_t *schema = load_json("../data/study.schema.json");
  for (size_t i = 0; i < G_N_ELEMENTS(samples); i++) {
    aft_stamp stamp;
    bool taken = aft_stamp_parse(samples[i], &stamp, NULL);
    if (taken != schema_takes(schema, "time", samples[i]))
      g_error("data/study.schema.json: time: \"%s\" is %s by the program", samples[i], taken ? "taken" : "refused");
  }
  json_decref(schema);
}

/* Whether the program finds the number of object.key within its bounds; whatever else is wrong does not matter here. Takes value. */
static bool is_in_bounds(const char *folder, const char *object, const char *key, json_t *value) {
  json_t *study = json_pack("{s:s, s:s, s:[s], s:s, s:[s]}", "title", "t", "calendar", "XNYS", "prices", "p.csv",
                            "events", "e.csv", "models", "constant_mean");
  if (object != NULL)
    json_object_set_new(study, object, json_pack("{s:o}", key, value));
  else
    json_object_set_new(study, key, value);
  char *text = json_dumps(study, 0);
  json_decref(study);
  g_autofree char *path = support_write(folder, "study.json", text);
  free(text);
  aft_config config;
  g_autoptr(GError) error = NULL;
  if (aft_config_read(&config, path, &error)) {
    aft_config_clear(&config);
    return true;
  }
  return strstr(error->message, "is not between") == NULL;
}

static void test_schema_bounds(void) {
  static const char *const keys[][2] = {{"estimation", "first"},   {"estimation", "last"},
                                        {"estimation", "min_obs"}, {"event_window", "first"},
                                        {"event_window", "last"},  {"resampling", "replicates"}};
  json_t *schema = load_json("../data/study.schema.json");
  const json_t *properties = json_object_get(schema, "properties");
  char *folder = support_temp_dir();
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    const char *object = keys[i][0], *key = keys[i][1];
    const json_t *rule = json_object_get(json_object_get(json_object_get(properties, object), "properties"), key);
    const char *reference = json_string_value(json_object_get(rule, "$ref"));
    if (reference != NULL) rule = definition_of(schema, strrchr(reference, '/') + 1);
    json_int_t low = json_integer_value(json_object_get(rule, "minimum"));
    json_int_t high = json_integer_value(json_object_get(rule, "maximum"));
    g_assert_cmpint(low, <, high);
    g_assert_true(is_in_bounds(folder, object, key, json_integer(low)));
    g_assert_true(is_in_bounds(folder, object, key, json_integer(high)));
    g_assert_false(is_in_bounds(folder, object, key, json_integer(low - 1)));
    g_assert_false(is_in_bounds(folder, object, key, json_integer(high + 1)));
  }
  const json_t *rule = json_object_get(properties, "confidence");
  double low = json_number_value(json_object_get(rule, "exclusiveMinimum"));
  double high = json_number_value(json_object_get(rule, "exclusiveMaximum"));
  g_assert_false(is_in_bounds(folder, NULL, "confidence", json_real(low)));
  g_assert_false(is_in_bounds(folder, NULL, "confidence", json_real(high)));
  g_assert_true(
      is_in_bounds(folder, NULL, "confidence", json_real(low + 1e-9))); /* far above the spacing of doubles there */
  g_assert_true(is_in_bounds(folder, NULL, "confidence", json_real(high - 1e-9)));
  support_remove(folder);
  json_decref(schema);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/data/prices", test_prices);
  g_test_add_func("/data/events-follow-articles", test_events_follow_articles);
  g_test_add_func("/data/documents", test_documents);
  g_test_add_func("/data/study-reads", test_study_reads);
  g_test_add_func("/data/schema-names", test_schema_names);
  g_test_add_func("/data/methods-entries", test_methods_entries);
  g_test_add_func("/data/study-page", test_study_page);
  g_test_add_func("/data/schema-options", test_schema_options);
  g_test_add_func("/data/schema-event-names", test_schema_event_names);
  g_test_add_func("/data/schema-times", test_schema_times);
  g_test_add_func("/data/schema-bounds", test_schema_bounds);
  return g_test_run();
}
