/* The largest of several sessions' abnormal returns against the same pattern of sessions before the event. */
#include "candidates_internal.h"

#include <aftershock/stats/describe.h>
#include <aftershock/study/inference.h>

#include <math.h>

#include <aftershock/base/banned.h>

/* A series of estimation residuals, [n_days] from the first day of the estimation window on, NaN where there is none. */
typedef struct series {
  const double *value;
  size_t n_days;
} series;

/* As in the resampling tests: a value that is rounding away from another is as extreme. */
static bool is_as_extreme(double value, double than) {
  return fabs(value) >= fabs(than) - 1e-12 * fmax(1.0, fabs(than));
}

/* Sum over the window that begins on day `first`; NaN when a day is missing. */
static double sum_window(const series *s, size_t first, size_t length) {
  return aft_sum_of(s->value + first, length); /* NaN enters the sum */
}

/*
 * Largest sum, in size, of the pattern at each place of the series where it fits without a gap: maxima [n_days], their number returned.
 * Sums of windows of single days, all of them that are whole, go to singles and *n_singles.
 */
static size_t place_pattern(const candidate_test *test, const series *s, size_t length, double *maxima, double *singles,
                            size_t *n_singles) {
  size_t span = (size_t)(test->sessions[test->n - 1].column - test->sessions[0].column), n = 0;
  *n_singles = 0;
  for (size_t u = 0; u + length <= s->n_days; u++) {
    double sum = sum_window(s, u, length), most = 0;
    if (!isnan(sum)) singles[(*n_singles)++] = sum;
    if (u + span + length > s->n_days) continue;
    for (size_t k = 0; k < test->n && !isnan(most); k++) {
      sum = sum_window(s, u + (size_t)(test->sessions[k].column - test->sessions[0].column), length);
      most = isnan(sum) ? sum : fmax(most, fabs(sum));
    }
    if (!isnan(most)) maxima[n++] = most;
  }
  return n;
}

static double share_extreme(const double *placebo, size_t n, double value) {
  size_t count = 0;
  for (size_t i = 0; i < n; i++) count += is_as_extreme(placebo[i], value);
  return (1.0 + (double)count) / (1.0 + (double)n);
}

/* Share of a window's variance that sums of residuals keep, and what a forecast adds: c = Var / (L s^2). */
static double residual_share(const aft_abnormal *a, size_t row, size_t length) {
  return a->estimates_mean ? 1.0 - (double)length / (double)a->fit[row].n_obs : 1.0;
}

static double inflation(const candidate_test *test, size_t row, size_t k, size_t length) {
  double sigma = test->model->abnormal.fit[row].sigma;
  return test->model->windows[k].variance[row] / ((double)length * sigma * sigma);
}

static aft_candidate_row start_row(const candidate_test *test, const char *event, const char *symbol, size_t k) {
  return (aft_candidate_row){.event = event,
                             .symbol = symbol,
                             .market = test->panel->number,
                             .session = test->panel->day[test->sessions[k].column],
                             .what = g_strdup(test->sessions[k].what->str),
                             .n_candidates = test->n,
                             .p_value = (double)NAN,
                             .p_max = (double)NAN,
                             .error = (double)NAN,
                             .statistic = (double)NAN};
}

static void test_security(const candidate_test *test, size_t row, double *maxima, double *singles, GArray *rows) {
  const aft_abnormal *a = &test->model->abnormal;
  const aft_event *event = &test->study->events->rows[a->event[row]];
  size_t length = (size_t)test->model->windows[0].n_days, n_singles;
  const series s = {a->residual + row * (size_t)a->n_est, (size_t)a->n_est};
  size_t n = place_pattern(test, &s, length, maxima, singles, &n_singles);
  double share = residual_share(a, row, length);
  for (size_t k = 0; k < test->n; k++) {
    aft_candidate_row out = start_row(test, event->event, event->symbol, k);
    const aft_window_values *window = &test->model->windows[k];
    aft_inference i = aft_inference_compute(window->car[row], window->variance[row], a->fit[row].df, (double)NAN);
    out.n = 1;
    out.car = window->car[row];
    out.error = i.standard_error;
    out.statistic = i.statistic;
    out.p_value = i.p_value;
    out.n_placebos = n;
    if (n == 0 || !(share > 0))
      out.note = "the candidates span more than the estimation window has";
    else if (!(a->fit[row].sigma > 0))
      out.note = "the residuals do not vary";
    else if (!isnan(out.car))
      out.p_max = share_extreme(maxima, n, out.car * sqrt(share / inflation(test, row, k, length)));
    g_array_append_val(rows, out);
  }
}

/* Mean residuals of all securities on each estimation day; NaN where one lacks. mean [n_est]. */
static void average_residuals(const aft_abnormal *a, double *mean) {
  for (size_t t = 0; t < (size_t)a->n_est; t++) {
    aft_sum sum = {0, 0};
    for (size_t row = 0; row < a->n_events; row++) aft_sum_add(&sum, a->residual[row * (size_t)a->n_est + t]);
    mean[t] = aft_sum_get(&sum) / (double)a->n_events;
  }
}

/* Root mean square of the sums of one window: their mean is near zero by construction. */
static double spread_of(const double *singles, size_t n) {
  aft_sum squares = {0, 0};
  for (size_t i = 0; i < n; i++) aft_sum_add(&squares, singles[i] * singles[i]);
  return sqrt(aft_sum_get(&squares) / (double)n);
}

static void test_average(const candidate_test *test, double *maxima, double *singles, double *mean, GArray *rows) {
  const aft_abnormal *a = &test->model->abnormal;
  size_t length = (size_t)test->model->windows[0].n_days, n_singles, n_events = a->n_events;
  average_residuals(a, mean);
  const series s = {mean, (size_t)a->n_est};
  size_t n = place_pattern(test, &s, length, maxima, singles, &n_singles);
  double spread = spread_of(singles, n_singles);
  for (size_t k = 0; k < test->n; k++) {
    aft_candidate_row out = start_row(test, test->study->events->rows[0].event, NULL, k);
    aft_sum car = {0, 0}, share = {0, 0}, factor = {0, 0};
    for (size_t row = 0; row < n_events; row++) {
      aft_sum_add(&car, test->model->windows[k].car[row]);
      aft_sum_add(&share, residual_share(a, row, length));
      aft_sum_add(&factor, inflation(test, row, k, length));
    }
    double scale = sqrt(aft_sum_get(&share) / aft_sum_get(&factor));
    out.n = n_events;
    out.car = aft_sum_get(&car) / (double)n_events;
    out.n_placebos = n;
    if (n == 0 || !(scale > 0)) {
      out.note = "no place before the event where every security has the residuals";
    } else if (!isnan(out.car)) {
      out.error = spread / scale;
      out.statistic = out.car / out.error;
      out.p_value = share_extreme(singles, n_singles, out.car * scale);
      out.p_max = share_extreme(maxima, n, out.car * scale);
    }
    g_array_append_val(rows, out);
  }
}

void aft_candidates_compute(const candidate_test *test, GArray *rows) {
  const aft_abnormal *a = &test->model->abnormal;
  g_autofree double *maxima = g_new(double, (size_t)MAX(a->n_est, 1)),
                    *singles = g_new(double, (size_t)MAX(a->n_est, 1));
  g_autofree double *mean = g_new(double, (size_t)MAX(a->n_est, 1));
  for (size_t row = 0; row < a->n_events; row++) test_security(test, row, maxima, singles, rows);
  if (a->n_events > 1) test_average(test, maxima, singles, mean, rows);
}
