/* The first model again, with each event of uncertain session on its other one. */
#include <aftershock/study/alignments.h>

#include "study_internal.h"

#include <aftershock/stats/describe.h>
#include <aftershock/study/inference.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

const char *aft_alignment_choice_name(enum aft_alignment_choice choice) {
  return choice == AFT_ALIGNED_USED ? "used" : "other";
}

static bool is_uncertain(const aft_event *event) { return event->reason == NULL && event->alignment.other >= 0; }

/* Copies the events and moves the uncertain ones; false when there is none. */
static bool move_events(aft_alignments *alignments, const aft_result *result) {
  const aft_events *events = result->events;
  bool any = false;
  alignments->rows = g_new(aft_event, MAX(events->n, 1));
  for (size_t i = 0; i < events->n; i++) {
    aft_event *event = &alignments->rows[i];
    *event = events->rows[i];
    if (!is_uncertain(event)) continue;
    const aft_panel *panel = aft_result_get_panel(result, event);
    any = true;
    event->column = event->alignment.other - (int32_t)panel->first_session;
    if (event->column + result->config->first_rel < 0 ||
        event->column + result->config->last_rel >= (long)panel->n_sessions)
      event->reason = "event window beyond the data";
  }
  alignments->events = (aft_events){.n = events->n, .rows = alignments->rows};
  return any;
}

static aft_aligned_mean average(const aft_window_values *window, size_t n_events) {
  aft_aligned_mean mean = {.caar = (double)NAN, .statistic = (double)NAN, .p_value = (double)NAN};
  g_autofree double *car = g_new(double, MAX(n_events, 1));
  for (size_t i = 0; i < n_events; i++)
    if (!isnan(window->car[i])) car[mean.n++] = window->car[i];
  if (mean.n == 0) return mean;
  mean.caar = aft_mean(car, mean.n);
  if (mean.n < 2) return mean;
  double sd = aft_sd(car, mean.n, mean.caar);
  if (aft_sd_is_zero(sd, mean.caar)) return mean;
  aft_inference i = aft_inference_compute(mean.caar, sd * sd / (double)mean.n, (double)mean.n - 1, (double)NAN);
  mean.statistic = i.statistic;
  mean.p_value = i.p_value;
  return mean;
}

static void average_windows(aft_alignments *alignments, const aft_result *result) {
  const aft_model_result *models[] = {&result->models[0], &alignments->other};
  for (int k = 0; k < AFT_N_ALIGNED; k++) {
    alignments->mean[k] = g_new(aft_aligned_mean, result->config->n_windows);
    for (size_t w = 0; w < result->config->n_windows; w++)
      alignments->mean[k][w] = average(&models[k]->windows[w], models[k]->abnormal.n_events);
  }
}

bool aft_study_realign(aft_result *result, unsigned n_threads, GError **error) {
  if (result->config->tables != AFT_TABLES_ALL) return true; /* dates alone would double a large study */
  aft_alignments *alignments = g_new0(aft_alignments, 1);
  if (!move_events(alignments, result)) {
    aft_alignments_free(alignments, result->config);
    return true;
  }
  const aft_result study = {.config = result->config,
                            .panel = result->panel,
                            .events = &alignments->events,
                            .known = result->known,
                            .focus = -1,
                            .parts = result->parts};
  alignments->other.spec = result->models[0].spec;
  if (!aft_study_estimate(&alignments->other, &study, n_threads, error)) {
    aft_alignments_free(alignments, result->config);
    return false;
  }
  average_windows(alignments, result);
  result->alignments = alignments;
  return true;
}

void aft_alignments_free(aft_alignments *alignments, const aft_config *config) {
  if (alignments == NULL) return;
  aft_study_clear_model(&alignments->other, config->n_windows);
  for (int k = 0; k < AFT_N_ALIGNED; k++) g_free(alignments->mean[k]);
  g_free(alignments->rows);
  g_free(alignments);
}
