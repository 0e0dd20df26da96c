/* events.csv, fits.csv, coefficients.csv, abnormal.csv, car.csv, caar.csv, tests.csv, size_card.csv. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/base/text.h>
#include <aftershock/study/inference.h>
#include <aftershock/study/simulate.h>

#include <math.h>

#include <aftershock/base/banned.h>

const aft_panel *result_focus_panel(const aft_result *result) {
  return result->focus < 0 ? result->panel : aft_result_get_panel(result, &result->events->rows[result->focus]);
}

aft_day result_day(const aft_panel *panel, long column) {
  return column < 0 || column >= (long)panel->n_sessions ? AFT_DAY_NONE : panel->day[column];
}

aft_day result_event_day(const aft_result *result, const aft_abnormal *abnormal, size_t row, int rel_day) {
  const aft_event *event = &result->events->rows[abnormal->event[row]];
  return result_day(aft_result_get_panel(result, event), abnormal->session[row] + rel_day);
}

static const aft_event *event_of(const aft_result *result, const aft_model_result *model, size_t row) {
  return &result->events->rows[model->abnormal.event[row]];
}

/* Why no model could use an event: what dropped it before, or the reason of the first model when every model has one. */
static const char *drop_reason(const aft_result *result, size_t i) {
  if (result->events->rows[i].reason != NULL) return result->events->rows[i].reason;
  for (size_t m = 0; m < result->config->n_models; m++)
    if (result->models[m].excluded[i] == NULL) return NULL;
  return result->models[0].excluded[i];
}

static void put_events(aft_sink *sink, size_t first, size_t last, const void *data) {
  const aft_result *result = data;
  char local[AFT_LOCAL_TEXT];
  for (size_t i = first; i < last; i++) {
    const aft_event *event = &result->events->rows[i];
    const aft_panel *panel = aft_result_get_panel(result, event);
    const char *reason = drop_reason(result, i);
    aft_sink_text(sink, event->event);
    aft_sink_text(sink, event->symbol);
    aft_sink_text(sink, event->group);
    aft_sink_text(sink, event->article);
    aft_sink_text(sink, event->published);
    aft_sink_text(sink, aft_calendar_print_local(panel->calendar, &event->stamp, local));
    aft_sink_text(sink, aft_align_rule_name(event->alignment.rule));
    aft_sink_day(sink, aft_calendar_get_day(panel->calendar, event->alignment.session));
    aft_sink_text(sink, reason == NULL ? "used" : "dropped");
    aft_sink_text(sink, reason == NULL ? "" : reason);
    aft_sink_text(sink, event->security >= 0 ? aft_calendar_mic(panel->calendar) : "");
    aft_sink_text(sink, aft_precision_name(event->stamp.precision));
    aft_sink_day(sink, aft_calendar_get_day(panel->calendar, event->alignment.other));
    aft_sink_end_row(sink);
  }
}

bool result_write_events(const aft_result *result, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "events.csv",
                    "event,symbol,group,article,published,local_time,rule,session,status,reason,market,known_to,"
                    "ambiguous",
                    error);
  if (sink == NULL) return false;
  aft_sink_fill(sink, result->events->n, result->n_threads, put_events, result);
  return aft_sink_close(sink, error);
}

/* What the rows of the fits of one model come from. */
typedef struct fit_rows {
  const aft_result *result;
  const aft_model_result *model;
  const GString *label; /* of the model, as a field */
} fit_rows;

/* The first three columns. */
static void begin_row(aft_sink *sink, const fit_rows *f, size_t row) {
  const aft_event *event = event_of(f->result, f->model, row);
  aft_sink_word(sink, f->label->str, f->label->len);
  aft_sink_text(sink, event->event);
  aft_sink_text(sink, event->symbol);
}

/* The same for row number i of those of one fit. */
static void begin_row_of(aft_sink *sink, const fit_rows *f, size_t row, int i) {
  if (i > 0) {
    aft_sink_repeat(sink);
    return;
  }
  begin_row(sink, f, row);
  aft_sink_mark(sink);
}

/* The rows of every model's fits, in order, into the file. */
static bool write_fits(const aft_result *result, const char *folder, const char *file, const char *header,
                       aft_sink_rows *rows, GError **error) {
  aft_sink *sink = aft_sink_open(folder, file, header, error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_model_result *model = &result->models[m];
    g_autoptr(GString) label = g_string_new(NULL);
    aft_csv_append(label, model->spec->label);
    const fit_rows data = {result, model, label};
    aft_sink_fill(sink, model->abnormal.n_events, result->n_threads, rows, &data);
  }
  return aft_sink_close(sink, error);
}

/* The day of a session that the fit rests on; none for a fit without sessions. */
static aft_day day_used(const aft_result *result, const aft_abnormal *a, size_t row, int rel_day) {
  return a->fit[row].first_used > a->fit[row].last_used ? AFT_DAY_NONE : result_event_day(result, a, row, rel_day);
}

static void put_fits(aft_sink *sink, size_t first, size_t last, const void *data) {
  const fit_rows *f = data;
  const aft_abnormal *a = &f->model->abnormal;
  for (size_t row = first; row < last; row++) {
    begin_row(sink, f, row);
    aft_sink_integer(sink, a->fit[row].n_obs);
    aft_sink_integer(sink, a->fit[row].n_coef);
    aft_sink_number(sink, a->fit[row].sigma);
    aft_sink_number(sink, a->fit[row].r_squared);
    aft_sink_number(sink, a->loglik == NULL ? (double)NAN : a->loglik[row]);
    aft_sink_day(sink, day_used(f->result, a, row, a->fit[row].first_used));
    aft_sink_day(sink, day_used(f->result, a, row, a->fit[row].last_used));
    aft_sink_text(sink, a->note == NULL || a->note[row] == NULL ? "" : a->note[row]);
    aft_sink_end_row(sink);
  }
}

bool result_write_fits(const aft_result *result, const char *folder, GError **error) {
  return write_fits(result, folder, "fits.csv",
                    "model,event,symbol,n_obs,n_coef,sigma,r_squared,loglik,first_session,last_session,note", put_fits,
                    error);
}

static void put_coefficients(aft_sink *sink, size_t first, size_t last, const void *data) {
  const fit_rows *f = data;
  const aft_model_result *model = f->model;
  for (size_t row = first; row < last; row++)
    for (int k = 0; k < model->n_terms; k++) {
      const aft_coefficient *term = &model->coefficient[row * (size_t)model->width + (size_t)k];
      begin_row_of(sink, f, row, k);
      aft_sink_text(sink, model->terms[k]);
      aft_sink_number(sink, term->estimate);
      aft_sink_number(sink, term->standard_error);
      aft_sink_end_row(sink);
    }
}

bool result_write_coefficients(const aft_result *result, const char *folder, GError **error) {
  return write_fits(result, folder, "coefficients.csv", "model,event,symbol,term,estimate,standard_error",
                    put_coefficients, error);
}

static void write_abnormal_day(aft_sink *sink, const aft_result *result, const aft_abnormal *a, size_t row, int j) {
  size_t at = row * (size_t)a->n_rel + (size_t)j;
  aft_inference i =
      aft_inference_compute(a->abnormal[at], aft_abnormal_day_variance(a, row, j), a->fit[row].df, (double)NAN);
  aft_sink_integer(sink, a->first_rel + j);
  aft_sink_day(sink, result_event_day(result, a, row, a->first_rel + j));
  aft_sink_number(sink, a->realised[at]);
  aft_sink_number(sink, a->expected[at]);
  aft_sink_number(sink, a->abnormal[at]);
  aft_sink_number(sink, i.standard_error);
  aft_sink_number(sink, i.statistic);
  aft_sink_number(sink, i.p_value);
  aft_sink_end_row(sink);
}

static void put_abnormal(aft_sink *sink, size_t first, size_t last, const void *data) {
  const fit_rows *f = data;
  for (size_t row = first; row < last; row++)
    for (int j = 0; j < f->model->abnormal.n_rel; j++) {
      begin_row_of(sink, f, row, j);
      write_abnormal_day(sink, f->result, &f->model->abnormal, row, j);
    }
}

bool result_write_abnormal(const aft_result *result, const char *folder, const char *file, GError **error) {
  return write_fits(result, folder, file,
                    "model,event,symbol,rel_day,session,return,expected,abnormal,standard_error,statistic,p_value",
                    put_abnormal, error);
}

static void write_car_row(aft_sink *sink, const fit_rows *f, size_t row, size_t w, double quantile) {
  const aft_model_result *model = f->model;
  const aft_window_values *window = &model->windows[w];
  double car = window->car[row];
  aft_inference i = aft_inference_compute(car, window->variance[row], model->abnormal.fit[row].df, quantile);
  begin_row_of(sink, f, row, (int)w);
  aft_sink_text(sink, event_of(f->result, model, row)->group);
  aft_sink_integer(sink, window->first_day);
  aft_sink_integer(sink, window->last_day);
  aft_sink_integer(sink, window->n_days);
  aft_sink_number(sink, car);
  aft_sink_number(sink, i.standard_error);
  aft_sink_number(sink, i.statistic);
  aft_sink_number(sink, i.df);
  aft_sink_number(sink, i.p_value);
  aft_sink_number(sink, i.ci_low);
  aft_sink_number(sink, i.ci_high);
  aft_sink_number(sink, model->bhar[w * model->abnormal.n_events + row]);
  aft_sink_end_row(sink);
}

static void put_cars(aft_sink *sink, size_t first, size_t last, const void *data) {
  const fit_rows *f = data;
  const aft_config *config = f->result->config;
  double df = (double)NAN, quantile = (double)NAN;
  for (size_t row = first; row < last; row++) {
    double own = f->model->abnormal.fit[row].df;
    if (own != df) quantile = aft_inference_quantile(own, config->confidence, 1); /* most events share it */
    df = own;
    for (size_t w = 0; w < config->n_windows; w++) write_car_row(sink, f, row, w, quantile);
  }
}

bool result_write_car(const aft_result *result, const char *folder, const char *file, GError **error) {
  return write_fits(
      result, folder, file,
      "model,event,symbol,group,first,last,n_days,car,standard_error,statistic,df,p_value,ci_low,ci_high,bhar",
      put_cars, error);
}

bool result_write_caar(const aft_result *result, const char *folder, const char *file, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, file, "model,group,rel_day,n,aar,aar_se,caar,caar_se,ci_low,ci_high,n_path", error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_model_result *model = &result->models[m];
    for (size_t i = 0; i < model->n_caar; i++) {
      const aft_caar_row *row = &model->caar[i];
      if (result->config->tables != AFT_TABLES_ALL && model->samples[row->sample].single_only) continue;
      aft_sink_text(sink, model->spec->label);
      aft_sink_text(sink, model->samples[row->sample].name);
      aft_sink_integer(sink, row->rel_day);
      aft_sink_integer(sink, (gint64)row->n);
      aft_sink_number(sink, row->aar);
      aft_sink_number(sink, row->aar_se);
      aft_sink_number(sink, row->caar);
      aft_sink_number(sink, row->caar_se);
      aft_sink_number(sink, row->ci_low);
      aft_sink_number(sink, row->ci_high);
      aft_sink_integer(sink, (gint64)row->n_path);
      aft_sink_end_row(sink);
    }
  }
  return aft_sink_close(sink, error);
}

bool result_write_tests(const aft_result *result, const char *folder, const char *file, GError **error) {
  aft_sink *sink = aft_sink_open(
      folder, file,
      "model,group,first,last,test,n,estimate,statistic,distribution,df,p_value,p_adjusted,note,p_romano_wolf", error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_model_result *model = &result->models[m];
    for (size_t i = 0; i < model->n_tests; i++) {
      const aft_test_row *row = &model->tests[i];
      const aft_test_result *r = &row->result;
      aft_sink_text(sink, model->spec->label);
      aft_sink_text(sink, model->samples[row->sample].name);
      aft_sink_integer(sink, result->config->windows[row->window].first);
      aft_sink_integer(sink, result->config->windows[row->window].last);
      aft_sink_text(sink, row->test->name);
      aft_sink_integer(sink, (gint64)r->n);
      aft_sink_number(sink, r->estimate);
      aft_sink_number(sink, r->statistic);
      aft_sink_text(sink, aft_distribution_name(r->distribution));
      aft_sink_number(sink, r->df);
      aft_sink_number(sink, r->p_value);
      aft_sink_number(sink, row->p_adjusted);
      aft_sink_text(sink, r->note == NULL ? "" : r->note);
      aft_sink_number(sink, row->p_romano_wolf);
      aft_sink_end_row(sink);
    }
  }
  return aft_sink_close(sink, error);
}

bool result_write_size_card(const aft_result *result, const char *folder, GError **error) {
  const aft_simulation *card = result->size_card;
  if (card == NULL) return true;
  aft_sink *sink = aft_sink_open(folder, "size_card.csv",
                                 "model,group,first,last,test,simulated_size,monte_carlo_se,warning", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < card->tests->len; i++) {
    const aft_simulated_test *row = &g_array_index(card->tests, aft_simulated_test, i);
    bool is_too_high = aft_simulation_is_too_high(row->rate, card->level);
    aft_sink_text(sink, result->config->models[0].label);
    aft_sink_text(sink, card->sample);
    aft_sink_integer(sink, result->config->windows[row->window].first);
    aft_sink_integer(sink, result->config->windows[row->window].last);
    aft_sink_text(sink, row->test->name);
    aft_sink_number(sink, row->rate);
    aft_sink_number(sink, row->error);
    aft_sink_text(sink, is_too_high ? "rejects too often" : "");
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}
