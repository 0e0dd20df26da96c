/* regressions.csv, regression_fits.csv: when the study asks for regressions. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/inference.h>

#include <math.h>

#include <aftershock/base/banned.h>

static void begin_row(aft_sink *sink, const aft_model_result *model, const aft_car_regression_row *row) {
  aft_sink_text(sink, row->spec->name);
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, model->samples[row->sample].name);
  aft_sink_integer(sink, row->window.first);
  aft_sink_integer(sink, row->window.last);
}

static void write_terms(aft_sink *sink, const aft_result *result, const aft_model_result *model,
                        const aft_car_regression_row *row) {
  const aft_regression *fit = &row->fit;
  double quantile = aft_inference_quantile(fit->df, result->config->confidence, 1);
  for (int j = 0; j < row->k; j++) {
    double error = fit->standard_error[j];
    aft_inference i = aft_inference_compute(fit->coefficient[j], error * error, fit->df, quantile);
    begin_row(sink, model, row);
    aft_sink_text(sink, row->terms[j]);
    aft_sink_integer(sink, (gint64)row->n);
    aft_sink_number(sink, fit->coefficient[j]);
    aft_sink_number(sink, error);
    aft_sink_number(sink, i.statistic);
    aft_sink_number(sink, i.df);
    aft_sink_number(sink, i.p_value);
    aft_sink_number(sink, i.ci_low);
    aft_sink_number(sink, i.ci_high);
    aft_sink_end_row(sink);
  }
}

static const char *text_of(const char *note) { return note == NULL ? "" : note; }

static void write_fit(aft_sink *sink, const aft_model_result *model, const aft_car_regression_row *row) {
  const aft_regression *fit = &row->fit;
  begin_row(sink, model, row);
  aft_sink_text(sink, row->spec->errors->name);
  aft_sink_text(sink, row->spec->by_variance ? "variance" : "equal");
  aft_sink_integer(sink, (gint64)row->n);
  aft_sink_integer(sink, (gint64)row->without_car);
  aft_sink_integer(sink, (gint64)row->without_covariates);
  aft_sink_number(sink, fit->r_squared);
  aft_sink_number(sink, fit->adjusted_r_squared);
  aft_sink_number(sink, fit->f);
  aft_sink_number(sink, fit->f_df);
  aft_sink_number(sink, isnan(fit->f) ? (double)NAN : fit->df);
  aft_sink_number(sink, fit->f_p_value);
  aft_sink_text(sink, fit->note != NULL ? fit->note : text_of(fit->f_note));
  aft_sink_end_row(sink);
}

static bool write_fits(const aft_result *result, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "regression_fits.csv",
                                 "regression,model,group,first,last,errors,weights,n,without_car,without_covariates,"
                                 "r_squared,adjusted_r_squared,f,f_df1,f_df2,f_p_value,note",
                                 error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_regressions; i++)
      write_fit(sink, &result->models[m], &result->models[m].regressions[i]);
  return aft_sink_close(sink, error);
}

bool result_write_regressions(const aft_result *result, const char *folder, GError **error) {
  if (result->config->n_regressions == 0) return true;
  aft_sink *sink =
      aft_sink_open(folder, "regressions.csv",
                    "regression,model,group,first,last,term,n,estimate,standard_error,statistic,df,p_value,"
                    "ci_low,ci_high",
                    error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_regressions; i++)
      write_terms(sink, result, &result->models[m], &result->models[m].regressions[i]);
  return aft_sink_close(sink, error) && write_fits(result, folder, error);
}
