/* confounders.csv, clean.csv: what else happened to the firm of an event in its windows, and the tests without such events. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/clean.h>

#include <aftershock/base/banned.h>

static void write_result(aft_sink *sink, const aft_test_result *r) {
  aft_sink_integer(sink, (gint64)r->n);
  aft_sink_number(sink, r->estimate);
  aft_sink_number(sink, r->statistic);
  aft_sink_number(sink, r->p_value);
}

static bool write_clean(const aft_result *result, const GArray *found, const char *folder, GError **error) {
  if (!result->config->clean_only) return true;
  aft_sink *sink = aft_sink_open(folder, "clean.csv",
                                 "model,group,first,last,test,n,estimate,statistic,p_value,n_clean,estimate_clean,"
                                 "statistic_clean,p_value_clean,note",
                                 error);
  if (sink == NULL) return false;
  g_autoptr(GArray) rows = aft_clean_compare(result, found);
  for (guint i = 0; i < rows->len; i++) {
    const aft_clean_row *row = &g_array_index(rows, aft_clean_row, i);
    aft_sink_text(sink, result->models[0].spec->label);
    aft_sink_text(sink, result->models[0].samples[row->sample].name);
    aft_sink_integer(sink, result->config->windows[row->window].first);
    aft_sink_integer(sink, result->config->windows[row->window].last);
    aft_sink_text(sink, row->test->name);
    write_result(sink, &row->all);
    write_result(sink, &row->clean);
    aft_sink_text(sink, row->clean.note == NULL ? "" : row->clean.note);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

bool result_write_confounders(const aft_result *result, const aft_provenance *provenance, const char *folder,
                              GError **error) {
  bool all = result->config->tables == AFT_TABLES_ALL;
  if (!all && !result->config->clean_only) return true;
  g_autoptr(GArray) found = aft_confounders_find(result, provenance->occurrences);
  if (!write_clean(result, found, folder, error)) return false;
  if (provenance->occurrences->len == 0 || !all) return true;
  aft_sink *sink =
      aft_sink_open(folder, "confounders.csv", "event,symbol,window,rel_day,session,kind,source,of_symbol", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < found->len; i++) {
    const aft_confounder *confounder = &g_array_index(found, aft_confounder, i);
    const aft_event *event = &result->events->rows[confounder->event];
    const aft_occurrence *o = &g_array_index(provenance->occurrences, aft_occurrence, confounder->occurrence);
    aft_sink_text(sink, event->event);
    aft_sink_text(sink, event->symbol);
    aft_sink_text(sink, confounder->in_estimation ? "estimation" : "event");
    aft_sink_integer(sink, confounder->rel_day);
    aft_sink_day(sink, result_day(aft_result_get_panel(result, event), event->column + confounder->rel_day));
    aft_sink_text(sink, aft_occurrence_name(o->kind));
    aft_sink_text(sink, o->source);
    aft_sink_text(sink, o->symbol);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}
