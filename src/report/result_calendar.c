/* calendar_time.csv, calendar_portfolio.csv: when the study asks for calendar-time portfolios. */
#include "result_internal.h"

#include <aftershock/base/sink.h>

#include <aftershock/base/banned.h>

static void begin_row(aft_sink *sink, const aft_model_result *model, size_t sample, int first, int last) {
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, model->samples[sample].name);
  aft_sink_integer(sink, first);
  aft_sink_integer(sink, last);
}

static void write_statistic(aft_sink *sink, const aft_model_result *model, const aft_calendar_row *row) {
  begin_row(sink, model, row->sample, row->first, row->last);
  aft_sink_text(sink, row->test->name);
  aft_sink_integer(sink, (gint64)row->result.n);
  aft_sink_number(sink, row->firms);
  aft_sink_number(sink, row->result.estimate);
  aft_sink_number(sink, row->standard_error);
  aft_sink_number(sink, row->result.statistic);
  aft_sink_text(sink, aft_distribution_name(row->result.distribution));
  aft_sink_number(sink, row->result.df);
  aft_sink_number(sink, row->result.p_value);
  if (row->lag < 0)
    aft_sink_text(sink, "");
  else
    aft_sink_integer(sink, row->lag);
  aft_sink_text(sink, row->result.note == NULL ? "" : row->result.note);
  aft_sink_end_row(sink);
}

static void write_day(aft_sink *sink, const aft_model_result *model, const aft_calendar_day *row) {
  begin_row(sink, model, row->sample, row->first, row->last);
  aft_sink_day(sink, row->day.day);
  aft_sink_integer(sink, (gint64)row->day.firms);
  aft_sink_integer(sink, (gint64)row->day.events);
  aft_sink_number(sink, row->day.realised);
  aft_sink_number(sink, row->day.abnormal);
  aft_sink_number(sink, row->day.standardised);
  aft_sink_end_row(sink);
}

static bool write_days(const aft_result *result, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "calendar_portfolio.csv",
                                 "model,group,first,last,session,firms,events,return,abnormal,standardised", error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_calendar_days; i++)
      write_day(sink, &result->models[m], &result->models[m].calendar_days[i]);
  return aft_sink_close(sink, error);
}

bool result_write_calendar_time(const aft_result *result, const char *folder, GError **error) {
  if (!result->config->calendar_time.wanted) return true;
  aft_sink *sink = aft_sink_open(folder, "calendar_time.csv",
                                 "model,group,first,last,test,n,firms,estimate,standard_error,statistic,distribution,"
                                 "df,p_value,lag,note",
                                 error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_calendar; i++)
      write_statistic(sink, &result->models[m], &result->models[m].calendar[i]);
  return aft_sink_close(sink, error) && write_days(result, folder, error);
}
