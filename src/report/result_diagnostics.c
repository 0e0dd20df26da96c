/* diagnostics.csv and detectable.csv: whether the models fit, and the smallest effects that would be seen. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/diagnose.h>

#include <aftershock/base/banned.h>

static void write_portmanteau(aft_sink *sink, const aft_portmanteau *test, int lags) {
  aft_sink_number(sink, test->statistic);
  if (lags > 0) aft_sink_integer(sink, lags);
  aft_sink_number(sink, test->p_value);
}

static void write_diagnosis(aft_sink *sink, const aft_result *result, const aft_model_result *model, size_t row) {
  const aft_diagnosis *d = &model->diagnoses[row];
  const aft_event *event = &result->events->rows[model->abnormal.event[row]];
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, event->event);
  aft_sink_text(sink, event->symbol);
  aft_sink_integer(sink, (gint64)d->shape.n);
  aft_sink_number(sink, d->shape.skewness);
  aft_sink_number(sink, d->shape.kurtosis);
  write_portmanteau(sink, &d->jarque_bera, 0);
  write_portmanteau(sink, &d->ljung_box, AFT_DIAGNOSE_LJUNG_BOX_LAGS);
  write_portmanteau(sink, &d->arch_lm, AFT_DIAGNOSE_ARCH_LAGS);
  aft_sink_number(sink, d->zero_share);
  aft_sink_number(sink, d->missing_share);
  aft_sink_text(sink, d->is_thin ? "yes" : "no");
  aft_sink_integer(sink, d->n_overlapping);
  aft_sink_integer(sink, d->n_inside);
  aft_sink_number(sink, d->drift);
  aft_sink_number(sink, d->drift_t);
  aft_sink_number(sink, d->drift_p);
  aft_sink_end_row(sink);
}

static void write_detectable(aft_sink *sink, const aft_result *result, const aft_model_result *model,
                             const aft_detectable *row) {
  const aft_event *event = row->is_sample ? NULL : &result->events->rows[model->abnormal.event[row->which]];
  const aft_window *window = &result->config->windows[row->window];
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, row->is_sample ? model->samples[row->which].name : "");
  aft_sink_text(sink, event != NULL ? event->event : "");
  aft_sink_text(sink, event != NULL ? event->symbol : "");
  aft_sink_integer(sink, window->first);
  aft_sink_integer(sink, window->last);
  aft_sink_integer(sink, (gint64)row->n);
  aft_sink_number(sink, row->standard_error);
  aft_sink_number(sink, row->df);
  aft_sink_number(sink, row->effect);
  aft_sink_end_row(sink);
}

static bool has_diagnoses(const aft_result *result) {
  return result->config->n_models > 0 && result->models[0].diagnoses != NULL;
}

bool result_write_diagnostics(const aft_result *result, const char *folder, GError **error) {
  if (!has_diagnoses(result)) return true;
  aft_sink *sink =
      aft_sink_open(folder, "diagnostics.csv",
                    "model,event,symbol,n_obs,skewness,kurtosis,jarque_bera,jarque_bera_p,ljung_box,"
                    "ljung_box_lags,ljung_box_p,arch_lm,arch_lm_lags,arch_lm_p,zero_share,missing_share,thin,"
                    "overlapping,inside_estimation,drift,drift_t,drift_p",
                    error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t row = 0; row < result->models[m].abnormal.n_events; row++)
      write_diagnosis(sink, result, &result->models[m], row);
  return aft_sink_close(sink, error);
}

bool result_write_detectable(const aft_result *result, const char *folder, GError **error) {
  if (!has_diagnoses(result)) return true;
  aft_sink *sink = aft_sink_open(folder, "detectable.csv",
                                 "model,group,event,symbol,first,last,n,standard_error,df,detectable", error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_detectable; i++)
      write_detectable(sink, result, &result->models[m], &result->models[m].detectable[i]);
  return aft_sink_close(sink, error);
}
