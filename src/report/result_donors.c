/* weights.csv, placebos.csv, synthetic.csv: what a synthetic control is made of, and its donors in the event's place. */
#include "result_internal.h"

#include <aftershock/base/sink.h>

#include <math.h>

#include <aftershock/base/banned.h>

static void begin_row(aft_sink *sink, const aft_result *result, const aft_model_result *model, size_t row) {
  const aft_event *event = &result->events->rows[model->abnormal.event[row]];
  aft_sink_text(sink, model->spec->label);
  aft_sink_text(sink, event->event);
  aft_sink_text(sink, event->symbol);
}

static bool has_donors(const aft_result *result) {
  for (size_t m = 0; m < result->config->n_models; m++)
    if (result->models[m].donors != NULL) return true;
  return false;
}

static const char *donor_name(const aft_result *result, const aft_model_result *model, size_t row, int k) {
  const aft_panel *panel = aft_result_get_panel(result, &result->events->rows[model->abnormal.event[row]]);
  return panel->symbols[model->donors->security[panel->number * (size_t)model->donors->n + (size_t)k]];
}

static void write_weights(aft_sink *sink, const aft_result *result, const aft_model_result *model) {
  for (size_t row = 0; row < model->abnormal.n_events; row++)
    for (int k = 0; k < model->donors->n; k++) {
      double weight = model->donors->weight[row * (size_t)model->donors->n + (size_t)k];
      if (isnan(weight)) continue;
      begin_row(sink, result, model, row);
      aft_sink_text(sink, donor_name(result, model, row, k));
      aft_sink_number(sink, weight);
      aft_sink_end_row(sink);
    }
}

static void write_placebo(aft_sink *sink, const aft_result *result, const aft_model_result *model,
                          const aft_placebo_row *r, int k) {
  const aft_donors *donors = model->donors;
  const aft_window_values *window = &model->windows[r->window];
  size_t at = r->row * (size_t)donors->n + (size_t)k;
  const double *abnormal = donors->abnormal + at * (size_t)donors->n_rel;
  double post = aft_donors_post(abnormal, window->first, window->last), pre = donors->pre[at], car = 0;
  for (int j = window->first; j <= window->last; j++) car += abnormal[j];
  begin_row(sink, result, model, r->row);
  aft_sink_integer(sink, window->first_day);
  aft_sink_integer(sink, window->last_day);
  aft_sink_text(sink, donor_name(result, model, r->row, k));
  aft_sink_number(sink, pre);
  aft_sink_number(sink, post);
  aft_sink_number(sink, pre > 0 ? post / pre : (double)NAN);
  aft_sink_number(sink, car);
  bool is_used = !isnan(post) && aft_donors_is_placebo(donors, r->row, k, r->pre, &model->spec->options);
  aft_sink_text(sink, is_used ? "yes" : "no");
  aft_sink_end_row(sink);
}

static void write_placebos(aft_sink *sink, const aft_result *result, const aft_model_result *model) {
  const aft_donors *donors = model->donors;
  for (size_t i = 0; i < donors->n_rows; i++)
    for (int k = 0; k < donors->n; k++)
      if (!isnan(donors->pre[donors->rows[i].row * (size_t)donors->n + (size_t)k]))
        write_placebo(sink, result, model, &donors->rows[i], k);
}

static void write_ranks(aft_sink *sink, const aft_result *result, const aft_model_result *model) {
  for (size_t i = 0; i < model->donors->n_rows; i++) {
    const aft_placebo_row *r = &model->donors->rows[i];
    const aft_window_values *window = &model->windows[r->window];
    begin_row(sink, result, model, r->row);
    aft_sink_integer(sink, window->first_day);
    aft_sink_integer(sink, window->last_day);
    aft_sink_integer(sink, r->n_donors);
    aft_sink_integer(sink, r->n_placebos);
    aft_sink_number(sink, r->pre);
    aft_sink_number(sink, r->post);
    aft_sink_number(sink, r->ratio);
    aft_sink_number(sink, r->p_value);
    aft_sink_text(sink, r->note == NULL ? "" : r->note);
    aft_sink_end_row(sink);
  }
}

static bool write_file(const aft_result *result, const char *folder, const char *name, const char *header,
                       void (*write)(aft_sink *sink, const aft_result *result, const aft_model_result *model),
                       GError **error) {
  aft_sink *sink = aft_sink_open(folder, name, header, error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++)
    if (result->models[m].donors != NULL) write(sink, result, &result->models[m]);
  return aft_sink_close(sink, error);
}

bool result_write_donors(const aft_result *result, const char *folder, GError **error) {
  if (!has_donors(result)) return true;
  return write_file(result, folder, "weights.csv", "model,event,symbol,donor,weight", write_weights, error) &&
         write_file(result, folder, "placebos.csv",
                    "model,event,symbol,first,last,donor,pre_rmspe,post_rmspe,ratio,car,used", write_placebos, error) &&
         write_file(result, folder, "synthetic.csv",
                    "model,event,symbol,first,last,n_donors,n_placebos,pre_rmspe,post_rmspe,ratio,p_value,note",
                    write_ranks, error);
}
