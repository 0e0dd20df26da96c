/* Reading the result folder: result.json key by key, then the tables. */
#include "scan_section.h"

#include <aftershock/base/file.h>
#include <aftershock/base/text.h>
#include <aftershock/report/report.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define RESULT_MAX_BYTES ((size_t)256 << 20)
#define RESULT_FORMAT "aftershock-result-1"

static const char *json_text(aft_facts *facts, const json_t *object, const char *key) {
  const char *value = json_string_value(json_object_get(object, key));
  return value == NULL ? "" : g_string_chunk_insert_const(facts->text, value);
}

static double json_double(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

/* Relative days and window ends are small; anything else is a damaged folder and reads as 0. */
static int small_integer(const json_t *value) {
  json_int_t number = json_integer_value(value);
  return number < -1000000 || number > 1000000 ? 0 : (int)number;
}

static aft_fact_window json_window(const json_t *object) {
  return (aft_fact_window){.first = small_integer(json_object_get(object, "first")),
                           .last = small_integer(json_object_get(object, "last"))};
}

static aft_fact_input json_input(aft_facts *facts, const json_t *object) {
  return (aft_fact_input){.role = json_text(facts, object, "role"),
                          .path = json_text(facts, object, "path"),
                          .sha256 = json_text(facts, object, "sha256"),
                          .bytes = json_double(object, "bytes")};
}

static void read_head(aft_facts *facts, const json_t *root) {
  const json_t *study = json_object_get(root, "study"), *counts = json_object_get(root, "counts");
  const json_t *program = json_object_get(root, "program"), *calendar = json_object_get(root, "calendar");
  const json_t *resampling = json_object_get(study, "resampling"), *estimation = json_object_get(study, "estimation");
  facts->title = json_text(facts, study, "title");
  if (facts->title[0] == '\0') facts->title = json_text(facts, study, "name");
  if (facts->title[0] == '\0') facts->title = "Event study";
  facts->program = json_text(facts, program, "name");
  if (facts->program[0] == '\0') facts->program = "aftershock";
  facts->version = json_text(facts, program, "version");
  facts->started = json_text(facts, root, "started");
  facts->study_file = json_input(facts, json_object_get(root, "study_file"));
  facts->mic = json_text(facts, calendar, "mic");
  facts->exchange = json_text(facts, calendar, "name");
  facts->zone = json_text(facts, calendar, "zone");
  facts->returns = json_text(facts, study, "returns");
  facts->is_log = strcmp(facts->returns, "log") == 0;
  facts->market = json_text(facts, study, "market");
  facts->date_only = json_text(facts, study, "date_only");
  facts->adjust = json_text(facts, study, "adjust");
  const json_t *options = json_object_get(study, "options");
  facts->kp_align = json_text(facts, options, "kp_align");
  facts->missing = json_text(facts, options, "missing");
  facts->no_forecast_error = json_is_false(json_object_get(options, "forecast_correction"));
  facts->confidence = json_double(study, "confidence");
  facts->seed = json_double(resampling, "seed");
  facts->replicates = json_double(resampling, "replicates");
  facts->estimation = json_window(estimation);
  facts->min_obs = json_double(estimation, "min_obs");
  facts->event_window = json_window(json_object_get(study, "event_window"));
  facts->n_articles = json_double(counts, "articles");
  facts->n_articles_used = json_double(counts, "articles_used");
  facts->n_events = json_double(counts, "events");
  facts->n_events_used = json_double(counts, "events_used");
  facts->n_securities = json_double(counts, "securities");
  facts->n_sessions = json_double(counts, "sessions");
  facts->n_rows = json_double(counts, "rows");
  facts->n_rows_kept = json_double(json_object_get(root, "kept"), "rows");
  facts->n_securities_kept = json_double(json_object_get(root, "kept"), "securities");
}

static void read_focus(aft_facts *facts, const json_t *focus) {
  facts->focus = (aft_fact_focus){
      .event = json_text(facts, focus, "event"),
      .symbol = json_text(facts, focus, "symbol"),
      .published = json_text(facts, focus, "published"),
      .local_time = json_text(facts, focus, "local_time"),
      .rule = json_text(facts, focus, "rule"),
      .session = json_text(facts, focus, "session"),
      .previous_session = json_text(facts, focus, "previous_session"),
      .market = json_text(facts, focus, "market"),
      .close = json_double(focus, "close"),
      .previous_close = json_double(focus, "previous_close"),
      .realised = json_double(focus, "return"),
      .market_return = json_double(focus, "market_return"),
      .simple = json_double(focus, "simple_return"),
  };
  aft_fact_focus *read = &facts->focus;
  if (isnan(read->simple)) read->simple = facts->is_log ? expm1(read->realised) : read->realised;
  read->market_simple = facts->is_log ? expm1(read->market_return) : read->market_return;
  const json_t *matches = json_object_get(focus, "price_return_matches"); /* an older folder has no such key */
  read->price_matches = json_is_boolean(matches) ? json_is_true(matches)
                                                 : fabs(read->close / read->previous_close - 1 - read->simple) <= 1e-9;
}

static void read_size_card(aft_facts *facts, const json_t *card) {
  facts->size_card = (aft_fact_size_card){.group = json_text(facts, card, "group"),
                                          .n = json_double(card, "n"),
                                          .replications = json_double(card, "replications"),
                                          .level = json_double(card, "level"),
                                          .securities = json_double(card, "securities"),
                                          .sessions = json_double(card, "sessions")};
}

static void read_volume(aft_facts *facts, const json_t *volume) {
  facts->volume = (aft_fact_volume){.measure = json_text(facts, volume, "measure"),
                                    .title = json_text(facts, volume, "title"),
                                    .model = json_text(facts, volume, "model"),
                                    .events = json_double(volume, "events")};
}

static void clear_drop(gpointer data) { g_ptr_array_unref(((aft_fact_drop *)data)->events); }

static void read_provenance(aft_facts *facts, const json_t *root) {
  size_t i, j;
  const json_t *item, *event;
  const char *key;
  json_array_foreach(json_object_get(root, "inputs"), i, item) {
    aft_fact_input input = json_input(facts, item);
    g_array_append_val(facts->inputs, input);
  }
  json_t *versions = json_object_get(root, "versions");
  for (void *at = json_object_iter(versions); at != NULL; at = json_object_iter_next(versions, at)) {
    key = json_object_iter_key(at);
    aft_fact_version version = {.name = g_string_chunk_insert_const(facts->text, key),
                                .version = json_text(facts, versions, key)};
    g_array_append_val(facts->versions, version);
  }
  json_array_foreach(json_object_get(root, "dropped"), i, item) {
    aft_fact_drop drop = {.reason = json_text(facts, item, "reason"),
                          .model = json_text(facts, item, "model"),
                          .n = json_double(item, "n"),
                          .events = g_ptr_array_new()};
    json_array_foreach(json_object_get(item, "events"), j, event) {
      if (!json_is_string(event)) continue;
      g_ptr_array_add(drop.events, g_string_chunk_insert_const(facts->text, json_string_value(event)));
    }
    g_array_append_val(facts->drops, drop);
  }
  json_array_foreach(json_object_get(root, "warnings"), i, item) {
    if (json_is_string(item))
      g_ptr_array_add(facts->warnings, g_string_chunk_insert(facts->text, json_string_value(item)));
  }
}

static char *aggregate_key(const char *model, const char *group, int first, int last) {
  return g_strdup_printf("%s\x1f%s\x1f%d\x1f%d", model, group, first, last);
}

/* What a model of the study file brings itself: a window to learn from, securities to compare with. */
static void read_own(aft_facts *facts, const json_t *options, aft_fact_model *model) {
  const json_t *window = json_object_get(options, "window"), *symbols = json_object_get(options, "symbols"), *symbol;
  const char *file = json_string_value(json_object_get(options, "file"));
  model->window = json_is_object(window) ? json_window(window) : facts->estimation;
  model->benchmark = "";
  g_autoptr(GString) text = g_string_new(NULL);
  if (file != NULL) g_string_append_printf(text, "security matched in %s", file);
  size_t i, n = json_array_size(symbols);
  json_array_foreach(symbols, i, symbol) {
    const char *name = json_string_value(symbol);
    g_string_append_printf(text, "%s%s", i == 0 ? "mean of " : i + 1 == n ? " and " : ", ", name == NULL ? "" : name);
  }
  if (text->len > 0) model->benchmark = g_string_chunk_insert_const(facts->text, text->str);
}

static void read_results(aft_facts *facts, const json_t *root) {
  size_t i;
  const json_t *item;
  json_array_foreach(json_object_get(root, "markets"), i, item) {
    aft_fact_market market = {.mic = json_text(facts, item, "mic"),
                              .name = json_text(facts, item, "name"),
                              .zone = json_text(facts, item, "zone"),
                              .market = json_text(facts, item, "market"),
                              .securities = json_double(item, "securities")};
    g_array_append_val(facts->markets, market);
  }
  json_array_foreach(json_object_get(root, "models"), i, item) {
    aft_fact_model model = {
        .name = json_text(facts, item, "name"),
        .model = json_text(facts, item, "model"),
        .title = json_text(facts, item, "title"),
        .events = json_double(item, "events"),
        .n_obs_min = json_double(item, "n_obs_min"),
        .n_obs_max = json_double(item, "n_obs_max"),
        .median_kurtosis = json_double(json_array_get(json_object_get(root, "diagnostics"), i), "median_kurtosis")};
    read_own(facts, json_array_get(json_object_get(json_object_get(root, "study"), "models"), i), &model);
    g_array_append_val(facts->models, model);
  }
  json_array_foreach(json_object_get(json_object_get(root, "study"), "windows"), i, item) {
    aft_fact_window window = {.first = small_integer(json_array_get(item, 0)),
                              .last = small_integer(json_array_get(item, 1))};
    g_array_append_val(facts->windows, window);
  }
  json_array_foreach(json_object_get(root, "aggregates"), i, item) {
    aft_fact_aggregate aggregate = {.model = json_text(facts, item, "model"),
                                    .group = json_text(facts, item, "group"),
                                    .first = small_integer(json_object_get(item, "first")),
                                    .last = small_integer(json_object_get(item, "last")),
                                    .n = json_double(item, "n"),
                                    .caar = json_double(item, "caar"),
                                    .median = json_double(item, "median"),
                                    .positive = json_double(item, "positive"),
                                    .negative = json_double(item, "negative"),
                                    .significant_bh = json_double(item, "significant_bh")};
    g_array_append_val(facts->aggregates, aggregate);
    g_hash_table_insert(facts->aggregate_index,
                        aggregate_key(aggregate.model, aggregate.group, aggregate.first, aggregate.last),
                        GUINT_TO_POINTER(facts->aggregates->len));
  }
  json_array_foreach(json_object_get(root, "tests"), i, item) {
    aft_fact_test test = {.name = json_text(facts, item, "name"),
                          .title = json_text(facts, item, "title"),
                          .null_hypothesis = json_text(facts, item, "null")};
    g_array_append_val(facts->tests, test);
  }
}

static bool read_json(aft_facts *facts, const char *folder, GError **error) {
  g_autofree char *path = g_build_filename(folder, "result.json", NULL);
  g_autofree char *bytes = NULL;
  size_t size = 0;
  if (!aft_file_read(path, RESULT_MAX_BYTES, &bytes, &size, error)) {
    g_prefix_error(error, "%s is not a result folder: ", folder);
    return false;
  }
  json_error_t problem;
  json_t *root = json_loadb(bytes, size, 0, &problem);
  if (root == NULL) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s:%d: %s; run the study again", path, problem.line,
                problem.text);
    return false;
  }
  const char *format = json_string_value(json_object_get(root, "format"));
  bool is_ours = format != NULL && strcmp(format, RESULT_FORMAT) == 0;
  if (is_ours) {
    read_head(facts, root);
    read_focus(facts, json_object_get(root, "focus"));
    read_size_card(facts, json_object_get(root, "size_card"));
    read_volume(facts, json_object_get(root, "volume"));
    scan_facts_read(&facts->scan, facts->text, root);
    read_provenance(facts, root);
    read_results(facts, root);
  } else {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER,
                "%s: the format is \"%s\", not \"" RESULT_FORMAT "\"; run the study again with this version", path,
                format == NULL ? "" : format);
  }
  json_decref(root);
  return is_ours;
}

static bool read_table(aft_table *table, const char *folder, const char *name, bool required, GError **error) {
  g_autofree char *path = g_build_filename(folder, name, NULL);
  if (!required && !g_file_test(path, G_FILE_TEST_EXISTS)) return true;
  return aft_table_read(table, folder, name, error);
}

/* The CSV files that are read, and where they are kept. */
typedef struct fact_table {
  size_t offset; /* of the aft_table in aft_facts */
  const char *file;
  bool required;
} fact_table;

#define TABLE(member, file, required) \
  { offsetof(aft_facts, member), file, required }
static const fact_table fact_tables[] = {
    /* clang-format off */
    TABLE(events_table, "events.csv", true),
    TABLE(articles_table, "articles.csv", false),
    TABLE(stories_table, "stories.csv", false),
    TABLE(confounders_table, "confounders.csv", false),
    TABLE(clean_table, "clean.csv", false),
    TABLE(sessions_table, "sessions.csv", false),
    TABLE(series_table, "series.csv", false),
    TABLE(fits_table, "fits.csv", true),
    TABLE(coefficients_table, "coefficients.csv", false),
    TABLE(abnormal_table, "abnormal.csv", false),
    TABLE(car_table, "car.csv", true),
    TABLE(caar_table, "caar.csv", false),
    TABLE(tests_table, "tests.csv", true),
    TABLE(groups_table, "groups.csv", false),
    TABLE(influence_table, "influence.csv", false),
    TABLE(gaps_table, "gaps.csv", false),
    TABLE(alignments_table, "alignments.csv", false),
    TABLE(candidates_table, "candidates.csv", false),
    TABLE(size_card_table, "size_card.csv", false),
    TABLE(calendar_table, "calendar_time.csv", false),
    TABLE(weights_table, "weights.csv", false),
    TABLE(synthetic_table, "synthetic.csv", false),
    TABLE(regressions_table, "regressions.csv", false),
    TABLE(regression_fits_table, "regression_fits.csv", false),
    TABLE(compat_table, "compat.csv", false),
    TABLE(diagnostics_table, "diagnostics.csv", false),
    TABLE(detectable_table, "detectable.csv", false),
    TABLE(volume_car_table, "volume_car.csv", false),
    TABLE(volume_tests_table, "volume_tests.csv", false),
    TABLE(moves_table, "moves.csv", false),
    TABLE(links_table, "links.csv", false),
    TABLE(unanswered_table, "unanswered.csv", false),
    /* clang-format on */
};
#undef TABLE

static aft_table *table_at(aft_facts *facts, size_t i) {
  return (aft_table *)(gpointer)((char *)facts + fact_tables[i].offset);
}

static bool read_tables(aft_facts *facts, const char *folder, GError **error) {
  for (size_t i = 0; i < G_N_ELEMENTS(fact_tables); i++)
    if (!read_table(table_at(facts, i), folder, fact_tables[i].file, fact_tables[i].required, error)) return false;
  return true;
}

bool aft_facts_read(aft_facts *facts, const char *folder, GError **error) {
  aft_facts read = {0};
  read.text = g_string_chunk_new(4096);
  read.markets = g_array_new(FALSE, FALSE, sizeof(aft_fact_market));
  read.inputs = g_array_new(FALSE, FALSE, sizeof(aft_fact_input));
  read.versions = g_array_new(FALSE, FALSE, sizeof(aft_fact_version));
  read.drops = g_array_new(FALSE, FALSE, sizeof(aft_fact_drop));
  g_array_set_clear_func(read.drops, clear_drop);
  read.models = g_array_new(FALSE, FALSE, sizeof(aft_fact_model));
  read.windows = g_array_new(FALSE, FALSE, sizeof(aft_fact_window));
  read.aggregates = g_array_new(FALSE, FALSE, sizeof(aft_fact_aggregate));
  read.tests = g_array_new(FALSE, FALSE, sizeof(aft_fact_test));
  read.warnings = g_ptr_array_new();
  read.aggregate_index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  if (!read_json(&read, folder, error) || !read_tables(&read, folder, error)) {
    aft_facts_clear(&read);
    return false;
  }
  *facts = read;
  return true;
}

void aft_facts_clear(aft_facts *facts) {
  if (facts->text == NULL) return;
  GArray *arrays[] = {facts->markets, facts->inputs,  facts->versions,   facts->drops,
                      facts->models,  facts->windows, facts->aggregates, facts->tests};
  for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) g_array_unref(arrays[i]);
  for (size_t i = 0; i < G_N_ELEMENTS(fact_tables); i++)
    if (table_at(facts, i)->text != NULL) aft_table_clear(table_at(facts, i));
  g_ptr_array_unref(facts->warnings);
  g_hash_table_unref(facts->aggregate_index);
  g_string_chunk_free(facts->text);
  *facts = (aft_facts){0};
}

const char *aft_facts_headline_model(const aft_facts *facts) {
  return facts->models->len == 0 ? "" : g_array_index(facts->models, aft_fact_model, 0).name;
}

const aft_fact_model *aft_facts_find_model(const aft_facts *facts, const char *model) {
  for (guint i = 0; i < facts->models->len; i++) {
    const aft_fact_model *known = &g_array_index(facts->models, aft_fact_model, i);
    if (strcmp(known->name, model) == 0) return known;
  }
  return NULL;
}

const char *aft_facts_model_title(const aft_facts *facts, const char *model) {
  const aft_fact_model *known = aft_facts_find_model(facts, model);
  return known != NULL && known->title[0] != '\0' ? known->title : model;
}

const char *aft_facts_model_kind(const aft_facts *facts, const char *model) {
  const aft_fact_model *known = aft_facts_find_model(facts, model);
  return known != NULL && known->model[0] != '\0' ? known->model : model;
}

const aft_fact_aggregate *aft_facts_find_aggregate(const aft_facts *facts, const char *model, const char *group,
                                                   aft_fact_window window) {
  g_autofree char *key = aggregate_key(model, group, window.first, window.last);
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(facts->aggregate_index, key));
  return place == 0 ? NULL : &g_array_index(facts->aggregates, aft_fact_aggregate, place - 1);
}

size_t aft_facts_find_row(const aft_table *table, size_t start, int n, const char *const *names,
                          const char *const *values) {
  int columns[8];
  g_assert(n <= (int)G_N_ELEMENTS(columns));
  if (table->n_rows == 0) return 0;
  for (int i = 0; i < n; i++) columns[i] = aft_table_find(table, names[i]);
  for (size_t row = start; row < table->n_rows; row++) {
    int i = 0;
    while (i < n && strcmp(aft_table_text(table, row, columns[i]), values[i]) == 0) i++;
    if (i == n) return row;
  }
  return table->n_rows;
}

const char *aft_facts_text(const aft_table *table, size_t row, const char *column) {
  return aft_table_text(table, row, aft_table_find(table, column));
}

double aft_facts_number(const aft_table *table, size_t row, const char *column) {
  return aft_table_number(table, row, aft_table_find(table, column));
}

static int whole_day(double value) { return fabs(value) <= 1e6 ? (int)value : 0; /* false for NaN */ }

aft_fact_window aft_facts_window(const aft_table *table, size_t row) {
  return (aft_fact_window){.first = whole_day(aft_facts_number(table, row, "first")),
                           .last = whole_day(aft_facts_number(table, row, "last"))};
}
