/* compat.csv: when the study asks how other programs would have it. */
#include "result_internal.h"

#include <aftershock/base/sink.h>

#include <aftershock/base/banned.h>

static void write_row(aft_sink *sink, const aft_result *result, const aft_model_result *model,
                      const aft_compat_row *row) {
  const aft_window *window = &result->config->windows[row->window];
  aft_sink_text(sink, row->profile->name);
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, model->samples[row->sample].name);
  aft_sink_integer(sink, window->first);
  aft_sink_integer(sink, window->last);
  aft_sink_text(sink, row->test);
  aft_sink_number(sink, row->ours);
  aft_sink_number(sink, row->ours_p);
  aft_sink_number(sink, row->theirs);
  aft_sink_number(sink, row->theirs_p);
  aft_sink_number(sink, row->theirs - row->ours);
  aft_sink_text(sink, row->convention == NULL ? "" : row->convention->name);
  aft_sink_number(sink, row->effect);
  aft_sink_number(sink, row->effect_p);
  aft_sink_end_row(sink);
}

bool result_write_compat(const aft_result *result, const char *folder, GError **error) {
  if (result->config->n_compat == 0) return true;
  aft_sink *sink = aft_sink_open(folder, "compat.csv",
                                 "program,model,group,first,last,test,ours,ours_p_value,theirs,theirs_p_value,"
                                 "difference,convention,effect,effect_p_value",
                                 error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_compat; i++)
      write_row(sink, result, &result->models[m], &result->models[m].compat[i]);
  return aft_sink_close(sink, error);
}
