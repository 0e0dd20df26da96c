/* The facts of a result folder that several charts need. */
#include "report/chart.h"

#include <float.h>
#include <math.h>
#include <string.h>

#include <aftershock/report/report.h>

#include <aftershock/base/banned.h>

enum { MAX_SPAN = 1000000 }; /* relative sessions; bounds what a damaged series.csv makes us allocate */

void chart_set_error(GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_CHART, message);
}

double chart_json_number(const json_t *object, const char *key) {
  const json_t *value = json_object_get(object, key);
  return json_is_number(value) ? json_number_value(value) : (double)NAN;
}

const char *chart_json_text(const json_t *object, const char *key) {
  const char *text = json_string_value(json_object_get(object, key));
  return text != NULL ? text : "";
}

static bool read_root(chart_source *source, const char *name, GError **error) {
  g_autofree char *path = g_build_filename(source->folder, name, NULL);
  json_error_t problem;
  source->root = json_load_file(path, JSON_REJECT_DUPLICATES, &problem);
  if (source->root == NULL) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s:%d: %s; make the result folder again", path,
                MAX(problem.line, 1), problem.text);
    return false;
  }
  return true;
}

static bool check_result(const chart_source *source, GError **error) {
  g_autofree char *path = g_build_filename(source->folder, "result.json", NULL);
  const json_t *focus = json_object_get(source->root, "focus");
  const json_t *model = json_array_get(json_object_get(source->root, "models"), 0);
  if ((focus == NULL || !(json_is_object(focus) || json_is_null(focus))) || !json_is_object(model)) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s: no \"%s\"; make the result folder again", path,
                json_is_object(model) ? "focus" : "models");
    return false;
  }
  return true;
}

/* Grid bounds of a damaged file are cut to what a chart can show. */
static int get_rel_day(const json_t *object, const char *key, int missing) {
  double value = chart_json_number(object, key);
  return isnan(value) ? missing : (int)CLAMP(value, -1000, 1000);
}

/*
 * The focus's return as a change of its price. Folders of older programs lack these two keys; there the return is brought
 * to its simple form and compared with the closes, which are given to the cent.
 */
static void set_return(chart_source *source, const json_t *focus) {
  double value = chart_json_number(focus, "return");
  source->simple_return = chart_json_number(focus, "simple_return");
  if (isnan(source->simple_return)) source->simple_return = source->is_log ? expm1(value) : value;
  const json_t *matches = json_object_get(focus, "price_return_matches");
  double change = source->close / source->previous_close - 1;
  bool is_near = fabs(change - source->simple_return) < 5e-4;
  source->price_return_matches = isfinite(change) && (json_is_boolean(matches) ? json_is_true(matches) : is_near);
}

static void set_facts(chart_source *source) {
  const json_t *focus = json_object_get(source->root, "focus");
  const json_t *model = json_array_get(json_object_get(source->root, "models"), 0);
  const json_t *study = json_object_get(source->root, "study");
  const json_t *window = json_object_get(study, "event_window");
  source->event = chart_json_text(focus, "event");
  source->symbol = chart_json_text(focus, "symbol");
  source->market = chart_json_text(focus, "market");
  source->session = chart_json_text(focus, "session");
  source->previous_session = chart_json_text(focus, "previous_session");
  source->close = chart_json_number(focus, "close");
  source->previous_close = chart_json_number(focus, "previous_close");
  source->is_log = strcmp(chart_json_text(study, "returns"), "log") == 0;
  set_return(source, focus);
  source->model = chart_json_text(model, "name");
  source->model_title = chart_json_text(model, "title");
  if (source->model_title[0] == '\0') source->model_title = source->model;
  source->grid_first = get_rel_day(window, "first", -10);
  source->grid_last = MAX(get_rel_day(window, "last", 10), source->grid_first);
  double confidence = chart_json_number(study, "confidence");
  if (!(confidence > 0 && confidence < 1)) confidence = 0.95;
  g_snprintf(source->confidence, sizeof source->confidence, "%.4g %%", 100 * confidence);
}

/* Dates by relative session, from the rows of both securities: one of them may miss a session. */
static void index_sessions(chart_source *source) {
  const aft_table *series = &source->series;
  int rel = aft_table_find(series, "rel_day"), date = aft_table_find(series, "session");
  double low = DBL_MAX, high = -DBL_MAX;
  for (size_t row = 0; row < series->n_rows; row++) {
    double day = aft_table_number(series, row, rel);
    if (isnan(day) || fabs(day) > MAX_SPAN) continue;
    low = fmin(low, day);
    high = fmax(high, day);
  }
  if (low > high) low = high = 0;
  source->first_rel = (int)low;
  source->n_sessions = (int)high - (int)low + 1;
  source->sessions = g_new0(const char *, (gsize)source->n_sessions);
  for (int i = 0; i < source->n_sessions; i++) source->sessions[i] = "";
  for (size_t row = 0; row < series->n_rows; row++) {
    double day = aft_table_number(series, row, rel);
    if (isnan(day) || fabs(day) > MAX_SPAN) continue;
    source->sessions[(int)day - source->first_rel] = aft_table_text(series, row, date);
  }
}

bool chart_source_read(chart_source *source, const char *folder, GError **error) {
  *source = (chart_source){.folder = folder};
  if (!read_root(source, "result.json", error) || !check_result(source, error) ||
      !aft_table_read(&source->series, folder, "series.csv", error)) {
    chart_source_clear(source);
    return false;
  }
  set_facts(source);
  index_sessions(source);
  chart_sample_choose(source);
  return true;
}

bool chart_source_read_other(chart_source *source, const char *folder, const char *name, GError **error) {
  *source = (chart_source){.folder = folder};
  if (!read_root(source, name, error)) return false;
  set_facts(source);
  return true;
}

void chart_source_clear(chart_source *source) {
  g_clear_pointer(&source->root, json_decref);
  aft_table_clear(&source->series);
  g_clear_pointer(&source->sessions, g_free);
  g_clear_pointer(&source->sample, g_free);
}

const char *chart_source_session(const chart_source *source, int rel_day) {
  int i = rel_day - source->first_rel;
  return i >= 0 && i < source->n_sessions ? source->sessions[i] : "";
}

bool chart_source_find(const chart_source *source, const char *session, int *rel_day) {
  if (session[0] == '\0') return false;
  for (int i = 0; i < source->n_sessions; i++) {
    if (strcmp(source->sessions[i], session) != 0) continue;
    *rel_day = source->first_rel + i;
    return true;
  }
  return false;
}

bool chart_source_has_focus(const chart_source *source) {
  return json_is_object(json_object_get(source->root, "focus"));
}

bool chart_source_read_focus(const chart_source *source, const char *file, const char *model, aft_table *rows,
                             GError **error) {
  const char *filter[] = {"model", model, "event", source->event, "symbol", source->symbol, NULL};
  return aft_table_read_matching(rows, source->folder, file, filter, error);
}

double chart_source_n_obs(const chart_source *source, const char *model) {
  g_auto(aft_table) fits = {0};
  if (!chart_source_read_focus(source, "fits.csv", model, &fits, NULL) || fits.n_rows == 0) return (double)NAN;
  return aft_table_number(&fits, 0, aft_table_find(&fits, "n_obs"));
}

/* The first file that the study names under key, and how many more. */
static void append_files(GString *out, const json_t *study, const char *key) {
  const json_t *value = json_object_get(study, key);
  const char *name = json_is_string(value) ? json_string_value(value) : json_string_value(json_array_get(value, 0));
  if (name == NULL) return;
  g_autofree char *base = g_path_get_basename(name);
  g_autofree char *cut = chart_text_cut(base, 40);
  g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", cut);
  if (json_array_size(value) > 1) g_string_append_printf(out, " and %zu more", json_array_size(value) - 1);
}

char *chart_footer(const chart_source *source, const char *files, const char *extra) {
  const json_t *study = json_object_get(source->root, "study");
  g_autoptr(GString) names = g_string_new(NULL);
  g_auto(GStrv) keys = g_strsplit(files, " ", -1);
  for (char **key = keys; *key != NULL; key++) append_files(names, study, *key);
  GString *out = g_string_new(NULL);
  if (names->len > 0) g_string_append_printf(out, "Data: %s · ", names->str);
  if (source->is_log && strstr(files, "returns_files") != NULL) g_string_append(out, "log returns · ");
  if (extra[0] != '\0') g_string_append_printf(out, "%s · ", extra);
  const char *mic = chart_json_text(json_object_get(source->root, "calendar"), "mic");
  if (mic[0] != '\0') g_string_append_printf(out, "sessions: %s · ", mic);
  const json_t *program = json_object_get(source->root, "program");
  g_string_append_printf(out, "aftershock %s", chart_json_text(program, "version"));
  return g_string_free(out, FALSE);
}
