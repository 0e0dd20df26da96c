/* groups.csv, influence.csv: what is written beside tests.csv when a study has what it needs. */
#include "result_internal.h"

#include <aftershock/base/sink.h>

#include <aftershock/base/banned.h>

static void write_pair(aft_sink *sink, const aft_result *result, const aft_model_result *model,
                       const aft_group_row *row) {
  const aft_window *window = &result->config->windows[row->window];
  const aft_comparison *c = &row->comparison;
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, model->samples[row->sample].name);
  aft_sink_integer(sink, window->first);
  aft_sink_integer(sink, window->last);
  aft_sink_text(sink, row->test->name);
  aft_sink_text(sink, row->group[0]);
  aft_sink_text(sink, row->group[1]);
  aft_sink_integer(sink, (gint64)row->n[0]);
  aft_sink_integer(sink, (gint64)row->n[1]);
  aft_sink_number(sink, c->difference);
  aft_sink_number(sink, c->statistic);
  aft_sink_number(sink, c->df);
  aft_sink_number(sink, c->p_value);
  aft_sink_text(sink, c->note == NULL ? "" : c->note);
  aft_sink_end_row(sink);
}

bool result_write_groups(const aft_result *result, const char *folder, GError **error) {
  size_t n = 0;
  for (size_t m = 0; m < result->config->n_models; m++) n += result->models[m].n_groups;
  if (n == 0) return true;
  aft_sink *sink =
      aft_sink_open(folder, "groups.csv",
                    "model,sample,first,last,test,group_a,group_b,n_a,n_b,difference,statistic,df,p_value,note", error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    for (size_t i = 0; i < result->models[m].n_groups; i++)
      write_pair(sink, result, &result->models[m], &result->models[m].groups[i]);
  return aft_sink_close(sink, error);
}

static void write_influence(aft_sink *sink, const aft_result *result, const aft_model_result *model,
                            const aft_influence_row *row) {
  const aft_window *window = &result->config->windows[row->window];
  const aft_event *event = &result->events->rows[model->abnormal.event[row->row]];
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, model->samples[row->sample].name);
  aft_sink_integer(sink, window->first);
  aft_sink_integer(sink, window->last);
  aft_sink_integer(sink, (gint64)row->n);
  aft_sink_text(sink, event->event);
  aft_sink_text(sink, event->symbol);
  aft_sink_number(sink, row->caar_without);
  aft_sink_number(sink, row->caar_min);
  aft_sink_number(sink, row->caar_max);
  aft_sink_number(sink, row->t_min);
  aft_sink_number(sink, row->t_max);
  aft_sink_end_row(sink);
}

bool result_write_influence(const aft_result *result, const char *folder, GError **error) {
  const aft_model_result *model = &result->models[0];
  if (model->n_influence == 0) return true;
  aft_sink *sink =
      aft_sink_open(folder, "influence.csv",
                    "model,group,first,last,n,most_influential_event,most_influential_symbol,caar_without,caar_min,"
                    "caar_max,t_min,t_max",
                    error);
  if (sink == NULL) return false;
  for (size_t i = 0; i < model->n_influence; i++) write_influence(sink, result, model, &model->influence[i]);
  return aft_sink_close(sink, error);
}
