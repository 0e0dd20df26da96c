/* The facts of a simulation's folder: written here, and read again by its views. */
#include "report/simulation.h"

#include "result_json.h"

#include <aftershock/base/sink.h>
#include <aftershock/report/report.h>

#include <math.h>
#include <string.h>

#include "chart.h"

#include <aftershock/base/banned.h>

static bool write_rows(const aft_simulation *simulation, const aft_config *config, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(
      folder, "size.csv", "design,model,first,last,test,n,replications,rejections,rate,monte_carlo_se,nominal", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < simulation->tests->len; i++) {
    const aft_simulated_test *row = &g_array_index(simulation->tests, aft_simulated_test, i);
    const aft_design *design = &g_array_index(simulation->designs, aft_design, row->design);
    aft_sink_text(sink, design->name);
    aft_sink_text(sink, config->models[0].label);
    aft_sink_integer(sink, config->windows[row->window].first);
    aft_sink_integer(sink, config->windows[row->window].last);
    aft_sink_text(sink, row->test->name);
    aft_sink_integer(sink, (gint64)design->n_events);
    aft_sink_integer(sink, (gint64)row->replications);
    aft_sink_integer(sink, (gint64)row->rejections);
    aft_sink_number(sink, row->rate);
    aft_sink_number(sink, row->error);
    aft_sink_number(sink, simulation->level);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static json_t *describe_designs(const GArray *designs) {
  json_t *array = json_array();
  for (guint i = 0; i < designs->len; i++) {
    const aft_design *design = &g_array_index(designs, aft_design, i);
    json_array_append_new(array, json_pack("{s:s, s:b, s:f, s:f, s:I}", "name", design->name, "one_date",
                                           design->one_date, "variance", design->variance, "shift", design->shift, "n",
                                           (json_int_t)design->n_events));
  }
  return array;
}

bool aft_simulation_write(const aft_simulation *simulation, const aft_result *result, const aft_provenance *provenance,
                          const aft_warnings *warnings, const char *folder, GError **error) {
  const aft_calendar *calendar = result->panel->calendar;
  const aft_model *model = result->config->models[0].model;
  if (!write_rows(simulation, result->config, folder, error)) return false;
  json_t *root = json_pack(
      "{s:s, s:{s:s, s:s}, s:s, s:o, s:o, s:o, s:o, s:o, s:{s:s, s:s, s:s}, s:{s:s, s:s}, s:{s:i, s:i, s:I, s:f, s:I, s:I, s:o}}",
      "format", "aftershock-simulation-1", "program", "name", "aftershock", "version", AFT_VERSION, "started",
      provenance->started, "study_file", result_describe_input(&provenance->study_file), "inputs",
      result_describe_inputs(provenance), "versions", result_describe_versions(provenance), "study",
      result_describe_study(result), "warnings", result_describe_warnings(warnings), "calendar", "mic",
      aft_calendar_mic(calendar), "name", aft_calendar_name(calendar), "zone", aft_calendar_zone(calendar), "model",
      "name", result->config->models[0].label, "title", model->title, "simulation", "replications",
      simulation->replications, "replicates", simulation->replicates, "seed", (json_int_t)simulation->seed, "level",
      simulation->level, "securities", (json_int_t)simulation->n_firms, "sessions", (json_int_t)simulation->n_dates,
      "designs", describe_designs(simulation->designs));
  return result_save_json(root, folder, "simulation.json", error);
}

const aft_folder_form *aft_simulation_folder_form(void) {
  static const char *const names[] = {"simulation.json", "size.csv", "simulation.md",
                                      "simulation.html", "charts",   NULL};
  static const aft_folder_form form = {"simulation.json", "\"format\": \"aftershock-simulation-1\"", names};
  return &form;
}

bool aft_simulation_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "simulation.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_simulation_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return chart_simulation_write(folder, warnings, error) && aft_simulation_documents_write(folder, error);
}

size_t simulation_read_designs(const json_t *root, simulation_design *designs) {
  const json_t *list = json_object_get(json_object_get(root, "simulation"), "designs"), *item;
  size_t i, n = 0;
  json_array_foreach(list, i, item) {
    const char *name = json_string_value(json_object_get(item, "name"));
    if (name == NULL || n == SIMULATION_MAX_DESIGNS) continue;
    designs[n++] = (simulation_design){.name = name,
                                       .one_date = json_is_true(json_object_get(item, "one_date")),
                                       .variance = chart_json_number(item, "variance"),
                                       .shift = chart_json_number(item, "shift"),
                                       .n_events = chart_json_number(item, "n")};
  }
  return n;
}

char *simulation_design_title(const simulation_design *design, const char *separator) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  char number[CHART_NUMBER];
  if (design->one_date) g_strv_builder_add(builder, "one date");
  if (design->variance != 1) {
    g_autofree char *text = g_strdup_printf("variance \xC3\x97 %.4g", design->variance);
    g_strv_builder_add(builder, text);
  }
  if (design->shift != 0) {
    g_autofree char *text = g_strdup_printf("effect %s", chart_percent(design->shift, 1, number));
    g_strv_builder_add(builder, text);
  }
  g_auto(GStrv) terms = g_strv_builder_end(builder);
  return terms[0] == NULL ? g_strdup("no effect") : g_strjoinv(separator, terms);
}

void simulation_first_window(const json_t *root, int *first, int *last) {
  const json_t *window = json_array_get(json_object_get(json_object_get(root, "study"), "windows"), 0);
  *first = (int)CLAMP(json_integer_value(json_array_get(window, 0)), -100000, 100000);
  *last = (int)CLAMP(json_integer_value(json_array_get(window, 1)), -100000, 100000);
}

bool simulation_read_rows(aft_table *rows, const char *folder, const json_t *root, const char *design, GError **error) {
  int first, last;
  simulation_first_window(root, &first, &last);
  g_autofree char *from = g_strdup_printf("%d", first), *to = g_strdup_printf("%d", last);
  const char *filter[] = {"design", design, "first", from, "last", to, NULL};
  return aft_table_read_matching(rows, folder, "size.csv", filter, error);
}
