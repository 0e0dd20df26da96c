/* Calendar-time portfolios of every sample and window of a study. */
#include "study_internal.h"

#include <aftershock/base/parallel.h>

#include <aftershock/base/banned.h>

typedef struct portfolios {
  const aft_model_result *model;
  const aft_config *config;
  aft_portfolio_factors factors;
  GArray **rows, **days; /* [n_samples] of aft_calendar_row, aft_calendar_day */
} portfolios;

static void add_window(const portfolios *p, size_t s, aft_window window) {
  const aft_sample *sample = &p->model->samples[s];
  const aft_calendar_time_options *options = &p->config->calendar_time;
  size_t n_tests;
  aft_calendar_tests(&n_tests);
  g_autoptr(GArray) days = aft_portfolio_build(&p->model->abnormal, sample->member, sample->n, window.first,
                                               window.last, options->min_firms);
  for (size_t t = 0; t < n_tests; t++) {
    aft_calendar_row row = {.sample = s, .first = window.first, .last = window.last};
    aft_calendar_test_compute(t, days, &p->factors, options->lag, &row);
    g_array_append_val(p->rows[s], row);
  }
  for (guint i = 0; i < days->len; i++) {
    aft_calendar_day day = {s, window.first, window.last, g_array_index(days, aft_portfolio_day, i)};
    g_array_append_val(p->days[s], day);
  }
}

static void make_range(size_t first, size_t last, unsigned worker, void *data) {
  const portfolios *p = data;
  const aft_calendar_time_options *options = &p->config->calendar_time;
  (void)worker;
  for (size_t s = first; s < last; s++) {
    p->rows[s] = g_array_new(FALSE, FALSE, sizeof(aft_calendar_row));
    p->days[s] = g_array_new(FALSE, FALSE, sizeof(aft_calendar_day));
    if (p->model->samples[s].single_only) continue;
    if (options->one_window) {
      add_window(p, s, options->window);
      continue;
    }
    for (size_t w = 0; w < p->config->n_windows; w++) add_window(p, s, p->config->windows[w]);
  }
}

/* One array of the samples' arrays, in their order; takes them. */
static void *join(GArray **parts, size_t n_parts, size_t *n) {
  GArray *whole = parts[0];
  for (size_t s = 1; s < n_parts; s++) {
    g_array_append_vals(whole, parts[s]->data, parts[s]->len);
    g_array_unref(parts[s]);
  }
  *n = whole->len;
  return g_array_free(whole, FALSE);
}

/*
 * The model's own factors, and the risk-free rate where it works on excess returns. A model without factors, and one with a
 * benchmark for each security, borrows the market; without one the portfolio's mean return is tested. All are those of the
 * study's own exchange, on its days.
 */
static void choose_factors(portfolios *p, const aft_study_regressors *regressors, const aft_result *study,
                           const double **market) {
  bool own = regressors->n > 0 && regressors->benchmark == NULL;
  *market = study->panel->market;
  p->factors.n = own ? regressors->n : *market != NULL ? 1 : 0;
  p->factors.day = study->panel->day;
  p->factors.n_sessions = study->panel->n_sessions;
  p->factors.row = own ? regressors->row : market;
  p->factors.rf = regressors->excess ? study->panel->rf : NULL;
}

bool aft_study_make_portfolios(aft_model_result *model, const aft_result *study, unsigned n_threads, GError **error) {
  aft_study_regressors regressors;
  const double *market;
  if (!study->config->calendar_time.wanted || model->n_samples == 0) return true;
  if (!aft_study_find_regressors(&regressors, study, study->panel, model->spec, error)) return false;
  g_autofree GArray **rows = g_new0(GArray *, model->n_samples), **days = g_new0(GArray *, model->n_samples);
  portfolios p = {.model = model, .config = study->config, .rows = rows, .days = days};
  choose_factors(&p, &regressors, study, &market);
  aft_parallel_for(model->n_samples, n_threads, make_range, &p);
  model->calendar = join(rows, model->n_samples, &model->n_calendar);
  model->calendar_days = join(days, model->n_samples, &model->n_calendar_days);
  aft_study_clear_regressors(&regressors);
  return true;
}
