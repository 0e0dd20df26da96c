/* Placebo dates and placebo firms of one event, and what its test could have seen. */
#include <aftershock/study/case.h>

#include "study_internal.h"

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>
#include <aftershock/study/inference.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define POWER 0.8
#define SLACK 1e-12 /* of comparisons with the event's own value */

/* First and last relative session of all windows. */
static aft_window span_of(const aft_config *config) {
  aft_window span = config->windows[0];
  for (size_t w = 1; w < config->n_windows; w++) {
    span.first = MIN(span.first, config->windows[w].first);
    span.last = MAX(span.last, config->windows[w].last);
  }
  return span;
}

static void clear_placebo(void *data) {
  aft_placebo_event *placebo = data;
  g_free(placebo->car);
  g_free(placebo->scar);
}

void aft_case_clear(aft_case *out) {
  g_clear_pointer(&out->windows, g_free);
  g_clear_pointer(&out->placebos, g_array_unref);
}

/* Standard deviation of the returns before the event window. */
static double volatility_before(const aft_panel *panel, long security, long column, int first_rel) {
  double x[AFT_CASE_VOLATILITY];
  size_t n = 0;
  for (long t = column + first_rel - AFT_CASE_VOLATILITY; t < column + first_rel; t++) {
    double value = t < 0 ? (double)NAN : panel->returns[(size_t)security * panel->n_sessions + (size_t)t];
    if (!isnan(value)) x[n++] = value;
  }
  return n < AFT_CASE_MIN_VOLATILITY ? (double)NAN : aft_sd(x, n, aft_mean(x, n));
}

static bool overlaps(long a_first, long a_last, long b_first, long b_last) {
  return a_first <= b_last && b_first <= a_last;
}

/* Whether a date of the firm is free of its events: neither what is learnt there nor what is looked at holds their sessions. */
static bool is_free(const aft_config *config, const aft_events *events, const aft_event *event, long column) {
  aft_window span = span_of(config);
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *other = &events->rows[i];
    if (other->security != event->security || other->panel != event->panel || other->alignment.session < 0) continue;
    long first = other->column + config->first_rel, last = other->column + config->last_rel;
    if (overlaps(column + span.first, column + span.last, first, last)) return false;
    if (overlaps(column + config->first_est, column + config->last_est, first, last)) return false;
  }
  return true;
}

static void add_dates(aft_case *out, const aft_config *config, const aft_events *events) {
  aft_window span = span_of(config);
  for (long t = 0; t < (long)out->panel->n_sessions; t++) {
    if (t + MIN(span.first, config->first_rel) < 0 || t + span.last >= (long)out->panel->n_sessions) continue;
    if (!is_free(config, events, out->event, t)) continue;
    aft_placebo_event placebo = {.is_date = true,
                                 .security = out->event->security,
                                 .column = t,
                                 .volatility =
                                     volatility_before(out->panel, out->event->security, t, config->first_rel)};
    g_array_append_val(out->placebos, placebo);
  }
}

/* Whether the story lists the security beside the event's firm; with a group, whether it is in that one. */
static bool is_listed(const aft_events *events, const aft_event *event, const aft_panel *panel, long security,
                      const char *group) {
  for (size_t i = 0; i < events->n; i++) {
    const aft_event *other = &events->rows[i];
    if (strcmp(other->event, event->event) != 0 || other->panel != panel || other->security != security) continue;
    if (group == NULL || strcmp(other->group, group) == 0) return true;
  }
  return false;
}

static bool is_placebo_firm(const aft_case *out, const aft_events *events, const char *controls, long security) {
  const aft_event *event = out->event;
  if (security == event->security || security == out->panel->market_security) return false;
  if (controls != NULL) return is_listed(events, event, out->panel, security, controls);
  return !is_listed(events, event, out->panel, security, *event->group != '\0' ? event->group : NULL);
}

static size_t add_firms(aft_case *out, const aft_events *events, const char *controls) {
  size_t n = 0;
  for (long s = 0; s < (long)out->panel->n_securities; s++) {
    if (!is_placebo_firm(out, events, controls, s)) continue;
    aft_placebo_event placebo = {.security = s, .column = out->event->column, .volatility = (double)NAN};
    g_array_append_val(out->placebos, placebo);
    n++;
  }
  return n;
}

/* Fits the first model to all placebos at once and keeps those with every window. */
static bool fit(aft_case *out, const aft_result *result, unsigned n_threads, GError **error) {
  const aft_config *config = result->config;
  size_t n = out->placebos->len;
  g_autofree aft_event *rows = g_new0(aft_event, MAX(n, 1));
  for (size_t i = 0; i < n; i++) {
    const aft_placebo_event *placebo = &g_array_index(out->placebos, aft_placebo_event, i);
    rows[i] = *out->event;
    rows[i].security = (int32_t)placebo->security;
    rows[i].symbol = out->panel->symbols[placebo->security];
    rows[i].column = (int32_t)placebo->column;
  }
  const aft_events events = {.n = n, .rows = rows};
  aft_result study = *result;
  aft_model_result model = {.spec = &config->models[0]};
  study.events = &events;
  study.known = aft_result_get_known(result); /* a placebo is no event that another one's estimation passes over */
  if (!aft_study_estimate(&model, &study, n_threads, error)) {
    aft_study_clear_model(&model, config->n_windows);
    return false;
  }
  g_autofree bool *kept = g_new0(bool, MAX(n, 1));
  for (size_t row = 0; row < model.abnormal.n_events; row++) {
    size_t i = model.abnormal.event[row];
    aft_placebo_event *placebo = &g_array_index(out->placebos, aft_placebo_event, i);
    placebo->car = g_new(double, config->n_windows);
    placebo->scar = g_new(double, config->n_windows);
    kept[i] = true;
    for (size_t w = 0; w < config->n_windows; w++) {
      placebo->car[w] = model.windows[w].car[row];
      placebo->scar[w] = model.windows[w].scar[row];
      if (isnan(placebo->car[w])) kept[i] = false;
    }
  }
  for (size_t i = n; i-- > 0;)
    if (!kept[i]) g_array_remove_index(out->placebos, (guint)i);
  aft_study_clear_model(&model, config->n_windows);
  return true;
}

typedef struct nearness {
  double distance;
  guint index;
} nearness;

static int compare_nearness(const void *a, const void *b) {
  const nearness *left = a, *right = b;
  if (left->distance != right->distance) return left->distance < right->distance ? -1 : 1;
  return left->index < right->index ? -1 : left->index > right->index;
}

/* Marks the nearest half by volatility. */
static void match(aft_case *out) {
  g_autoptr(GArray) dates = g_array_new(FALSE, FALSE, sizeof(nearness));
  for (guint i = 0; i < out->placebos->len; i++) {
    const aft_placebo_event *placebo = &g_array_index(out->placebos, aft_placebo_event, i);
    nearness near = {fabs(log(placebo->volatility / out->volatility)), i};
    if (placebo->is_date && isfinite(near.distance)) g_array_append_val(dates, near);
  }
  g_array_sort(dates, compare_nearness);
  guint n = MIN(dates->len, MAX((dates->len + 1) / 2, (guint)AFT_CASE_MIN_MATCHED));
  for (guint i = 0; i < n; i++)
    g_array_index(out->placebos, aft_placebo_event, g_array_index(dates, nearness, i).index).matched = true;
}

static bool is_extreme(double value, double own) { return fabs(value) >= fabs(own) - SLACK * fmax(1, fabs(own)); }

static double p_of(size_t n_extreme, size_t n) {
  return n == 0 ? (double)NAN : (double)(1 + n_extreme) / (double)(n + 1);
}

static void compare(const aft_case *out, size_t w, double scar, aft_case_window *window) {
  size_t dates = 0, matched = 0, firms = 0;
  for (guint i = 0; i < out->placebos->len; i++) {
    const aft_placebo_event *placebo = &g_array_index(out->placebos, aft_placebo_event, i);
    bool by_scar = is_extreme(placebo->scar[w], scar);
    if (!placebo->is_date) {
      window->n_firms++;
      if (by_scar) firms++;
      continue;
    }
    window->n_dates++;
    if (by_scar) dates++;
    if (!placebo->matched) continue;
    window->n_matched++;
    if (is_extreme(placebo->car[w], window->car)) matched++;
  }
  window->p_dates = isnan(scar) ? (double)NAN : p_of(dates, window->n_dates);
  window->p_firms = isnan(scar) ? (double)NAN : p_of(firms, window->n_firms);
  window->p_matched = p_of(matched, window->n_matched);
}

static void fill_window(const aft_case *out, const aft_result *result, size_t w, aft_case_window *window) {
  const aft_model_result *model = &result->models[0];
  const aft_window_values *values = &model->windows[w];
  *window = (aft_case_window){.window = result->config->windows[w],
                              .car = values->car[0],
                              .standard_error = sqrt(values->variance[0]),
                              .df = model->abnormal.fit[0].df,
                              .p_dates = (double)NAN,
                              .p_matched = (double)NAN,
                              .p_firms = (double)NAN};
  aft_inference inference = aft_inference_compute(window->car, values->variance[0], window->df, 0);
  double critical = aft_inference_quantile(window->df, result->config->confidence, 1);
  window->statistic = inference.statistic;
  window->p_value = inference.p_value;
  window->threshold = critical * window->standard_error;
  window->detectable = (critical + aft_t_quantile(POWER, window->df)) * window->standard_error;
  if (!isnan(window->car)) compare(out, w, values->scar[0], window);
}

bool aft_case_compute(aft_case *out, const aft_result *result, const aft_events *events, const char *controls,
                      unsigned n_threads, GError **error) {
  const aft_config *config = result->config;
  const aft_event *event = &result->events->rows[0];
  g_assert(result->events->n == 1);
  if (result->models[0].abnormal.n_events == 0) {
    const char *reason = event->reason != NULL ? event->reason : result->models[0].excluded[0];
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA, "%s: the event \"%s\" of %s cannot be used: %s",
                config->path, event->event, event->symbol, reason);
    return false;
  }
  *out = (aft_case){.event = event,
                    .panel = aft_result_get_panel(result, event),
                    .n_windows = config->n_windows,
                    .windows = g_new0(aft_case_window, config->n_windows),
                    .placebos = g_array_new(FALSE, TRUE, sizeof(aft_placebo_event))};
  g_array_set_clear_func(out->placebos, clear_placebo);
  out->volatility = volatility_before(out->panel, event->security, event->column, config->first_rel);
  add_dates(out, config, events);
  if (add_firms(out, events, controls) == 0 && controls != NULL) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                "%s: the story \"%s\" has no other firm in a group \"%s\"", config->path, event->event, controls);
    aft_case_clear(out);
    return false;
  }
  if (!fit(out, result, n_threads, error)) {
    aft_case_clear(out);
    return false;
  }
  match(out);
  for (size_t w = 0; w < config->n_windows; w++) fill_window(out, result, w, &out->windows[w]);
  return true;
}
