/* The facts of a case's folder. */
#include <aftershock/report/case.h>

#include "result_json.h"

#include <aftershock/base/sink.h>
#include <aftershock/report/report.h>

#include <errno.h>
#include <glib/gstdio.h>
#include <math.h>
#include <string.h>

#include "chart.h"

#include <aftershock/base/banned.h>

/* p-value of the sample-quantile test over a window; NaN when the study does not make it. */
static double find_quantile_p(const aft_model_result *model, size_t window) {
  for (size_t i = 0; i < model->n_tests; i++)
    if (model->tests[i].window == window && strcmp(model->tests[i].test->name, "sq") == 0)
      return model->tests[i].result.p_value;
  return (double)NAN;
}

static bool write_windows(const aft_case *one, const aft_result *result, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "case.csv",
                    "model,event,symbol,first,last,car,standard_error,df,statistic,p_value,p_sq,n_dates,p_dates,"
                    "n_matched,p_matched,n_firms,p_firms,threshold,detectable",
                    error);
  if (sink == NULL) return false;
  for (size_t w = 0; w < one->n_windows; w++) {
    const aft_case_window *row = &one->windows[w];
    aft_sink_text(sink, result->models[0].spec->label);
    aft_sink_text(sink, one->event->event);
    aft_sink_text(sink, one->event->symbol);
    aft_sink_integer(sink, row->window.first);
    aft_sink_integer(sink, row->window.last);
    const double before[] = {row->car,       row->standard_error, row->df,
                             row->statistic, row->p_value,        find_quantile_p(&result->models[0], w)};
    for (size_t i = 0; i < G_N_ELEMENTS(before); i++) aft_sink_number(sink, before[i]);
    aft_sink_integer(sink, (gint64)row->n_dates);
    aft_sink_number(sink, row->p_dates);
    aft_sink_integer(sink, (gint64)row->n_matched);
    aft_sink_number(sink, row->p_matched);
    aft_sink_integer(sink, (gint64)row->n_firms);
    aft_sink_number(sink, row->p_firms);
    aft_sink_number(sink, row->threshold);
    aft_sink_number(sink, row->detectable);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_placebos(const aft_case *one, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "case_placebos.csv", "kind,symbol,session,volatility,matched,first,last,car,scar", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < one->placebos->len; i++) {
    const aft_placebo_event *placebo = &g_array_index(one->placebos, aft_placebo_event, i);
    for (size_t w = 0; w < one->n_windows; w++) {
      aft_sink_text(sink, placebo->is_date ? "date" : "firm");
      aft_sink_text(sink, one->panel->symbols[placebo->security]);
      aft_sink_day(sink, one->panel->day[placebo->column]);
      aft_sink_number(sink, placebo->volatility);
      aft_sink_text(sink, !placebo->is_date ? "" : placebo->matched ? "yes" : "no");
      aft_sink_integer(sink, one->windows[w].window.first);
      aft_sink_integer(sink, one->windows[w].window.last);
      aft_sink_number(sink, placebo->car[w]);
      aft_sink_number(sink, placebo->scar[w]);
      aft_sink_end_row(sink);
    }
  }
  return aft_sink_close(sink, error);
}

bool aft_case_write(const aft_case *one, const aft_result *result, const char *controls,
                    const aft_provenance *provenance, const aft_warnings *warnings, const char *folder,
                    GError **error) {
  const aft_calendar *calendar = one->panel->calendar;
  g_autofree char *inner = g_build_filename(folder, "result", NULL);
  char day[AFT_DAY_TEXT];
  if (g_mkdir(inner, 0777) != 0) {
    g_set_error(error, AFT_REPORT_ERROR, AFT_REPORT_ERROR_FOLDER, "%s: cannot be made: %s", inner, g_strerror(errno));
    return false;
  }
  if (!aft_result_write(result, NULL, provenance, warnings, inner, error) ||
      !write_windows(one, result, folder, error) || !write_placebos(one, folder, error))
    return false;
  json_t *volatility = isnan(one->volatility) ? json_null() : json_real(one->volatility);
  json_t *root = json_pack("{s:s, s:{s:s, s:s}, s:s, s:o, s:o, s:{s:s}, s:s, s:s, s:s, s:o, s:i, s:f, s:o, s:s}",
                           "format", "aftershock-case-1", "program", "name", "aftershock", "version", AFT_VERSION,
                           "started", provenance->started, "study_file", result_describe_input(&provenance->study_file),
                           "study", result_describe_study(result), "calendar", "mic", aft_calendar_mic(calendar),
                           "event", one->event->event, "symbol", one->event->symbol, "session",
                           aft_day_print(one->panel->day[one->event->column], day), "volatility", volatility,
                           "volatility_sessions", AFT_CASE_VOLATILITY, "confidence", result->config->confidence,
                           "controls", result_text_or_null(controls), "group", one->event->group);
  return result_save_json(root, folder, "case.json", error);
}

const aft_folder_form *aft_case_folder_form(void) {
  static const char *const names[] = {"case.json", "case.csv", "case_placebos.csv", "case.md", "case.html", "charts",
                                      "result",    NULL};
  static const aft_folder_form form = {"case.json", "\"format\": \"aftershock-case-1\"", names};
  return &form;
}

bool aft_case_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "case.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_case_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  g_autofree char *inner = g_build_filename(folder, "result", NULL);
  return aft_report_write(inner, warnings, error) && chart_case_write(folder, warnings, error) &&
         aft_case_documents_write(folder, error);
}
