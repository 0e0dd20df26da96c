/* candidates.csv: the sessions at which a story may have become public, each alone and as one of all. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/candidates.h>

#include <aftershock/base/banned.h>

bool result_write_candidates(const aft_result *result, const char *folder, GError **error) {
  if (result->candidates == NULL) return true;
  aft_sink *sink = aft_sink_open(
      folder, "candidates.csv",
      "event,market,symbol,n,session,what,car,standard_error,statistic,p_value,p_max,n_candidates,n_placebos,note",
      error);
  if (sink == NULL) return false;
  for (guint i = 0; i < result->candidates->len; i++) {
    const aft_candidate_row *row = &g_array_index(result->candidates, aft_candidate_row, i);
    const aft_panel *panel = result->panel;
    while (panel->number != row->market) panel = panel->next;
    aft_sink_text(sink, row->event);
    aft_sink_text(sink, aft_calendar_mic(panel->calendar));
    aft_sink_text(sink, row->symbol == NULL ? "" : row->symbol);
    aft_sink_integer(sink, (gint64)row->n);
    aft_sink_day(sink, row->session);
    aft_sink_text(sink, row->what);
    aft_sink_number(sink, row->car);
    aft_sink_number(sink, row->error);
    aft_sink_number(sink, row->statistic);
    aft_sink_number(sink, row->p_value);
    aft_sink_number(sink, row->p_max);
    aft_sink_integer(sink, (gint64)row->n_candidates);
    aft_sink_integer(sink, (gint64)row->n_placebos);
    aft_sink_text(sink, row->note == NULL ? "" : row->note);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}
