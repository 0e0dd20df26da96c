/* gaps.csv: abnormal returns from the close before to the opening, and from the opening to the close. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/halves.h>
#include <aftershock/study/inference.h>

#include <math.h>

#include <aftershock/base/banned.h>

static void write_day(aft_sink *sink, const aft_result *result, enum aft_half half, size_t row, int j) {
  const aft_abnormal *a = &result->halves->part[half].abnormal;
  const aft_event *event = &result->events->rows[a->event[row]];
  size_t at = row * (size_t)a->n_rel + (size_t)j;
  int rel_day = a->first_rel + j;
  const char *can = rel_day == 0 ? aft_half_can_react(half, event->alignment.rule) : rel_day < 0 ? "no" : "yes";
  aft_inference i =
      aft_inference_compute(a->abnormal[at], aft_abnormal_day_variance(a, row, j), a->fit[row].df, (double)NAN);
  aft_sink_text(sink, event->event);
  aft_sink_text(sink, event->symbol);
  aft_sink_integer(sink, rel_day);
  aft_sink_day(sink, result_event_day(result, a, row, rel_day));
  aft_sink_text(sink, aft_half_name(half));
  aft_sink_text(sink, can == NULL ? "unknown" : can);
  aft_sink_text(sink, result->halves->spec.label);
  aft_sink_integer(sink, a->fit[row].n_obs);
  aft_sink_number(sink, a->realised[at]);
  aft_sink_number(sink, a->expected[at]);
  aft_sink_number(sink, a->abnormal[at]);
  aft_sink_number(sink, i.standard_error);
  aft_sink_number(sink, i.statistic);
  aft_sink_number(sink, i.p_value);
  aft_sink_end_row(sink);
}

bool result_write_gaps(const aft_result *result, const char *folder, GError **error) {
  if (result->halves == NULL) return true;
  aft_sink *sink = aft_sink_open(folder, "gaps.csv",
                                 "event,symbol,rel_day,session,half,can_react,model,n_obs,return,expected,abnormal,"
                                 "standard_error,statistic,p_value",
                                 error);
  if (sink == NULL) return false;
  for (int half = 0; half < AFT_N_HALVES; half++) {
    const aft_abnormal *a = &result->halves->part[half].abnormal;
    for (size_t row = 0; row < a->n_events; row++)
      for (int j = 0; j < a->n_rel; j++) write_day(sink, result, (enum aft_half)half, row, j);
  }
  return aft_sink_close(sink, error);
}
