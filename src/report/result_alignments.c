/* alignments.csv: events whose session is uncertain, on either session, and what that does to the average. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/alignments.h>
#include <aftershock/study/inference.h>

#include <math.h>

#include <aftershock/base/banned.h>

static void write_window(aft_sink *sink, const aft_config *config, size_t w, enum aft_alignment_choice choice,
                         aft_day session) {
  aft_sink_integer(sink, config->windows[w].first);
  aft_sink_integer(sink, config->windows[w].last);
  aft_sink_text(sink, aft_alignment_choice_name(choice));
  aft_sink_day(sink, session);
}

/* row: of the event in the model's abnormal returns; -1 when the model was not fitted to it. */
static void write_event(aft_sink *sink, const aft_result *result, const aft_event *event, const aft_model_result *model,
                        long row, enum aft_alignment_choice choice) {
  const aft_calendar *calendar = aft_result_get_panel(result, event)->calendar;
  long session = choice == AFT_ALIGNED_USED ? event->alignment.session : event->alignment.other;
  for (size_t w = 0; w < result->config->n_windows; w++) {
    double car = row < 0 ? (double)NAN : model->windows[w].car[row];
    double variance = row < 0 ? (double)NAN : model->windows[w].variance[row];
    double df = row < 0 ? (double)NAN : model->abnormal.fit[row].df;
    aft_inference i = aft_inference_compute(car, variance, df, (double)NAN);
    aft_sink_text(sink, event->event);
    aft_sink_text(sink, event->symbol);
    write_window(sink, result->config, w, choice, aft_calendar_get_day(calendar, session));
    aft_sink_number(sink, car);
    aft_sink_number(sink, i.statistic);
    aft_sink_number(sink, i.p_value);
    aft_sink_end_row(sink);
  }
}

static void write_means(aft_sink *sink, const aft_result *result) {
  for (int choice = 0; choice < AFT_N_ALIGNED; choice++)
    for (size_t w = 0; w < result->config->n_windows; w++) {
      const aft_aligned_mean *mean = &result->alignments->mean[choice][w];
      aft_sink_text(sink, "");
      aft_sink_text(sink, "");
      write_window(sink, result->config, w, (enum aft_alignment_choice)choice, AFT_DAY_NONE);
      aft_sink_number(sink, mean->caar);
      aft_sink_number(sink, mean->statistic);
      aft_sink_number(sink, mean->p_value);
      aft_sink_end_row(sink);
    }
}

/* The row of an event in abnormal returns that list events in rising order, from *next on; -1 when it has none. */
static long advance(const aft_abnormal *abnormal, size_t event, size_t *next) {
  while (*next < abnormal->n_events && abnormal->event[*next] < event) ++*next;
  return *next < abnormal->n_events && abnormal->event[*next] == event ? (long)*next : -1;
}

bool result_write_alignments(const aft_result *result, const char *folder, GError **error) {
  if (result->alignments == NULL) return true;
  aft_sink *sink = aft_sink_open(folder, "alignments.csv", "event,symbol,first,last,alignment,session,car,t,p", error);
  if (sink == NULL) return false;
  const aft_model_result *models[] = {&result->models[0], &result->alignments->other};
  size_t next[AFT_N_ALIGNED] = {0, 0};
  for (size_t i = 0; i < result->events->n; i++) {
    const aft_event *event = &result->events->rows[i];
    if (event->reason != NULL || event->alignment.other < 0) continue;
    for (int k = 0; k < AFT_N_ALIGNED; k++)
      write_event(sink, result, event, models[k], advance(&models[k]->abnormal, i, &next[k]),
                  (enum aft_alignment_choice)k);
  }
  if (result->alignments->mean[AFT_ALIGNED_USED][0].n > 1) write_means(sink, result);
  return aft_sink_close(sink, error);
}
