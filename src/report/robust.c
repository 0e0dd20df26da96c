/* The facts of a specification curve's folder. */
#include <aftershock/report/robust.h>

#include "result_json.h"

#include <aftershock/base/sink.h>

#include <math.h>

#include "chart.h"

#include <aftershock/base/banned.h>

static const aft_robust_session *get_session(const aft_robust *robust, size_t k) {
  return &g_array_index(robust->sessions, aft_robust_session, k);
}

static const char *alignment_name(enum aft_robust_alignments kind) {
  const char *const *names = aft_config_alignment_names();
  return kind == AFT_ROBUST_USED ? names[0] : kind == AFT_ROBUST_OTHER ? names[1] : names[2];
}

static bool has_day(const aft_robust *robust, long column) {
  return column >= 0 && column < (long)robust->panel->n_sessions;
}

static void write_session(aft_sink *sink, const aft_robust *robust, long column) {
  if (has_day(robust, column))
    aft_sink_day(sink, robust->panel->day[column]);
  else
    aft_sink_text(sink, "");
}

/* Significant at 1 - confidence, as its limits say. */
static const char *say_significant(const aft_specification *spec) {
  if (spec->reason != NULL) return "";
  return spec->ci_low > 0 || spec->ci_high < 0 ? "yes" : "no";
}

static void write_specification(aft_sink *sink, const aft_robust *robust, size_t i) {
  const aft_specification *spec = &robust->specs[i];
  const aft_robust_options *asked = robust->asked;
  const aft_robust_session *session = get_session(robust, spec->session);
  aft_window window = asked->windows[spec->window], estimation = asked->estimation[spec->estimation];
  aft_sink_integer(sink, (gint64)i + 1);
  aft_sink_text(sink, robust->models[spec->model].label);
  aft_sink_text(sink, spec->benchmark >= 0 ? asked->benchmarks[spec->benchmark] : "");
  aft_sink_text(sink, spec->is_log ? "log" : "simple");
  aft_sink_integer(sink, estimation.first);
  aft_sink_integer(sink, estimation.last);
  write_session(sink, robust, session->column);
  aft_sink_text(sink, alignment_name(session->kind));
  aft_sink_integer(sink, window.first);
  aft_sink_integer(sink, window.last);
  aft_sink_integer(sink, window.last - window.first + 1);
  aft_sink_integer(sink, spec->n_obs);
  const double numbers[] = {spec->estimate, spec->standard_error, spec->df,     spec->statistic,
                            spec->p_value,  spec->ci_low,         spec->ci_high};
  for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++) aft_sink_number(sink, numbers[k]);
  aft_sink_text(sink, say_significant(spec));
  aft_sink_text(sink, spec->reason != NULL ? spec->reason : "");
  aft_sink_end_row(sink);
}

static bool write_specifications(const aft_robust *robust, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "specifications.csv",
                                 "rank,model,benchmark,returns,first_est,last_est,session,alignment,first,last,n_days,"
                                 "n_obs,estimate,standard_error,df,statistic,p_value,ci_low,ci_high,significant,note",
                                 error);
  if (sink == NULL) return false;
  for (size_t i = 0; i < robust->n_specs; i++) write_specification(sink, robust, i);
  return aft_sink_close(sink, error);
}

static bool write_choices(const aft_robust *robust, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "robust_choices.csv",
                                 "axis,choice,n,n_defined,n_negative,significant_negative,significant_positive,"
                                 "median_estimate,median_statistic,p_value",
                                 error);
  if (sink == NULL) return false;
  for (guint i = 0; i < robust->choices->len; i++) {
    const aft_robust_choice *choice = &g_array_index(robust->choices, aft_robust_choice, i);
    aft_sink_text(sink, choice->axis);
    aft_sink_text(sink, choice->choice);
    aft_sink_integer(sink, (gint64)choice->n);
    aft_sink_integer(sink, (gint64)choice->n_defined);
    aft_sink_integer(sink, (gint64)choice->n_negative);
    for (int sign = 0; sign < 2; sign++) aft_sink_integer(sink, (gint64)choice->n_significant[sign]);
    aft_sink_number(sink, choice->median_estimate);
    aft_sink_number(sink, choice->median_statistic);
    aft_sink_number(sink, choice->p_value);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static double get_statistic(const aft_robust *robust, int statistic, size_t date) {
  return robust->statistic[(size_t)statistic * (1 + robust->n_placebos) + date];
}

static bool write_placebos(const aft_robust *robust, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "robust_placebos.csv", "session,median_t,significant_share,mean_t", error);
  if (sink == NULL) return false;
  for (size_t d = 0; d < robust->n_placebos; d++) {
    write_session(sink, robust, robust->placebo[d]);
    for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++) aft_sink_number(sink, get_statistic(robust, s, 1 + d));
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static json_t *describe_statistics(const aft_robust *robust) {
  json_t *list = json_array();
  for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++) {
    double p = robust->p_value[s];
    json_array_append_new(
        list, json_pack("{s:s, s:f, s:o}", "name", aft_robust_statistic_name((enum aft_robust_statistic)s), "value",
                        get_statistic(robust, s, 0), "p_value", isnan(p) ? json_null() : json_real(p)));
  }
  return list;
}

static json_t *describe_sessions(const aft_robust *robust) {
  json_t *list = json_array();
  for (guint k = 0; k < robust->sessions->len; k++) {
    const aft_robust_session *session = get_session(robust, k);
    char day[AFT_DAY_TEXT];
    bool known = has_day(robust, session->column);
    json_array_append_new(
        list, json_pack("{s:o, s:s, s:s}", "session",
                        known ? json_string(aft_day_print(robust->panel->day[session->column], day)) : json_null(),
                        "alignment", alignment_name(session->kind), "what", session->what));
  }
  return list;
}

/* Symbols that are averaged; null for one security. */
static json_t *describe_members(const aft_robust *robust) {
  if (robust->n_members == 0) return json_null();
  json_t *list = json_array();
  for (size_t i = 0; i < robust->n_members; i++)
    json_array_append_new(list, json_string(robust->panel->symbols[robust->members[i]]));
  return list;
}

static json_t *describe_robust(const aft_robust *robust) {
  char day[AFT_DAY_TEXT];
  return json_pack("{s:s, s:o, s:o, s:o, s:s, s:s, s:I, s:I, s:I, s:o, s:o}", "event", robust->event->event, "symbol",
                   result_text_or_null(robust->n_members > 0 ? NULL : robust->event->symbol), "group",
                   result_text_or_null(robust->group), "members", describe_members(robust), "session",
                   aft_day_print(robust->panel->day[robust->event->column], day), "published", robust->event->published,
                   "specifications", (json_int_t)robust->n_specs, "defined", (json_int_t)robust->n_defined, "placebos",
                   (json_int_t)robust->n_placebos, "statistics", describe_statistics(robust), "sessions",
                   describe_sessions(robust));
}

bool aft_robust_write(const aft_robust *robust, const aft_result *result, const aft_provenance *provenance,
                      const aft_warnings *warnings, const char *folder, GError **error) {
  if (!write_specifications(robust, folder, error) || !write_choices(robust, folder, error) ||
      !write_placebos(robust, folder, error))
    return false;
  json_t *root = result_describe_command("aftershock-robust-1", result, provenance, warnings);
  json_object_set_new(root, "robust", describe_robust(robust));
  return result_save_json(root, folder, "robust.json", error);
}

const aft_folder_form *aft_robust_folder_form(void) {
  static const char *const names[] = {"robust.json",
                                      "specifications.csv",
                                      "robust_choices.csv",
                                      "robust_placebos.csv",
                                      "robust.md",
                                      "robust.html",
                                      "charts",
                                      NULL};
  static const aft_folder_form form = {"robust.json", "\"format\": \"aftershock-robust-1\"", names};
  return &form;
}

bool aft_robust_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "robust.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_robust_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return chart_robust_write(folder, warnings, error) && aft_robust_documents_write(folder, error);
}
