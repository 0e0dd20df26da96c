/* confounders.csv: what else happened to the firm of an event in its windows. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/confounders.h>

#include <aftershock/base/banned.h>

bool result_write_confounders(const aft_result *result, const aft_provenance *provenance, const char *folder,
                              GError **error) {
  if (provenance->occurrences->len == 0 || result->config->tables == AFT_TABLES_AGGREGATE) return true;
  aft_sink *sink =
      aft_sink_open(folder, "confounders.csv", "event,symbol,window,rel_day,session,kind,source,of_symbol", error);
  if (sink == NULL) return false;
  g_autoptr(GArray) found = aft_confounders_find(result, provenance->occurrences);
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
