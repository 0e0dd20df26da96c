/* Rank tests: Corrado, Corrado-Zivney and its variants, and the generalised rank tests of Kolari and Pynnonen. */
#include "study/test_internal.h"

#include <glib.h>

#include <aftershock/base/banned.h>

/*
 * Sum of the window's day values over sqrt(L) times their root mean square over all days, N(0,1); finite_population scales
 * the variance by (T-L)/(T-1). Sources: Corrado (1989), JFE 23, 385-395; Corrado and Zivney (1992), JFQA 27, 465-478.
 */
void aft_test_rank_window(const aft_test_input *input, enum aft_score score, bool finite_population,
                          aft_test_result *result) {
  const aft_score_series *series = aft_test_scores(input, score);
  const aft_window_values *window = input->window;
  size_t grid = (size_t)input->abnormal->n_est;
  double length = window->n_days, days = (double)series->n_days;
  aft_sum sum = {0.0, 0.0};
  for (int j = window->first; j <= window->last; j++) aft_sum_add(&sum, series->day[grid + (size_t)j]);
  result->estimate = aft_sum_get(&sum) / length;
  if (isnan(result->estimate)) { /* the variance has no scale where no event has any */
    aft_test_undefined(result, result->n, "a day of the window has no value to rank");
    return;
  }
  if (aft_sd_is_zero(series->scale, 0.0)) {
    aft_test_undefined(result, result->n, "the day values do not vary");
    return;
  }
  double variance = length * series->scale * series->scale;
  /* Ranks are drawn without replacement: L of them vary less than L independent ones. */
  if (finite_population) variance *= (days - length) / (days - 1.0);
  if (!(variance > 0.0)) {
    aft_test_undefined(result, result->n, "the window is the whole ranked series");
    return;
  }
  aft_test_normal(result, aft_sum_get(&sum) / sqrt(variance));
}

void aft_test_rank(const aft_test_input *input, int variant, aft_test_result *result) {
  static const enum aft_score scores[] = {[AFT_CORRADO] = AFT_SCORE_RANK_MEAN,
                                          [AFT_CORRADO_ZIVNEY] = AFT_SCORE_RANK,
                                          [AFT_CORRADO_ZIVNEY_STD] = AFT_SCORE_RANK_STD,
                                          [AFT_CORRADO_ZIVNEY_FPC] = AFT_SCORE_RANK,
                                          [AFT_SIGN_CZ] = AFT_SCORE_SIGN};
  const aft_selection *events = aft_test_complete(input);
  aft_test_start(result, events->n, (double)NAN);
  if (events->n == 0) {
    aft_test_undefined(result, 0, AFT_NOTE_NO_EVENTS);
    return;
  }
  if (variant == AFT_CORRADO_ZIVNEY_STD && events->n < 2) {
    aft_test_undefined(result, events->n, AFT_NOTE_FEWER_THAN_2);
    return;
  }
  aft_test_rank_window(input, scores[variant], variant == AFT_CORRADO_ZIVNEY_FPC, result);
}

static void rank_event(const aft_test_input *input, size_t row, double summed_day, aft_sum *total,
                       aft_grank_sums *sums) {
  bool one_short = input->options->conventions.grank == AFT_GRANK_ONE_SHORT;
  struct aft_test_cache *cache = input->cache;
  size_t n_est = (size_t)input->abnormal->n_est;
  double *series = aft_test_day_work(cache, 0), *rank = aft_test_day_work(cache, 1);
  for (size_t t = 0; t < n_est; t++)
    series[t] = input->abnormal->residual[row * n_est + t] / input->abnormal->fit[row].sigma;
  series[n_est] = summed_day;
  double m = (double)aft_rank_mid(series, n_est + 1, aft_test_day_rank(cache), rank);
  double scale = one_short ? (double)n_est + 1.0 : m + 1.0;
  for (size_t t = 0; t < n_est; t++) {
    if (isnan(rank[t])) continue;
    aft_sum_add(&total[t], rank[t] / scale - 0.5);
    sums->count[t]++;
  }
  sums->event += rank[n_est] / scale - 0.5;
  sums->event_variance += (m - 1.0) / (12.0 * (m + 1.0));
}

/* Both statistics come from the same sums, kept for the window. The event day is SCAR / sd(SCAR). */
static const aft_grank_sums *sum_ranks(const aft_test_input *input, const aft_selection *events, double sd) {
  struct aft_test_cache *cache = input->cache;
  aft_grank_sums *sums = &cache->grank;
  size_t n_est = (size_t)input->abnormal->n_est;
  bool same_window = sums->first == input->window->first && sums->last == input->window->last;
  if (aft_row_key_matches(&sums->key, events, cache->n) && same_window) return sums;
  if (sums->total == NULL) {
    sums->total = g_new(double, MAX(n_est, 1));
    sums->count = g_new(size_t, MAX(n_est, 1));
  }
  sums->first = input->window->first;
  sums->last = input->window->last;
  sums->event = sums->event_variance = 0.0;
  aft_sum *total = aft_test_day_sum(cache, 0);
  for (size_t t = 0; t < n_est; t++) {
    total[t] = (aft_sum){0.0, 0.0};
    sums->count[t] = 0;
  }
  for (size_t i = 0; i < events->n; i++) rank_event(input, events->row[i], events->value[i] / sd, total, sums);
  for (size_t t = 0; t < n_est; t++) sums->total[t] = aft_sum_get(&total[t]);
  return sums;
}

/* Z = Ubar_0 / S, S^2 = (1/T) sum over days, event day included, of (N_t/N) Ubar_t^2;  t = Z sqrt((T-2)/(T-1-Z^2)), t(T-2). */
static void finish_grank_t(const aft_grank_sums *sums, size_t n_est, double n, enum aft_grank_length length,
                           aft_test_result *result) {
  double event = sums->event / n, days = length == AFT_GRANK_WHOLE ? 1.0 : 0.0;
  aft_sum squares = {length == AFT_GRANK_EVENT_APART ? 0.0 : event * event, 0.0};
  for (size_t t = 0; t < n_est; t++) {
    if (sums->count[t] == 0) continue;
    aft_sum_add(&squares, sums->total[t] * sums->total[t] / ((double)sums->count[t] * n)); /* (N_t/N) (total/N_t)^2 */
    days += 1.0;
  }
  if (length == AFT_GRANK_ONE_SHORT) days = (double)n_est;
  double scale = sqrt(aft_sum_get(&squares) / days);
  if (days < 3.0 || aft_sd_is_zero(scale, 0.0)) {
    aft_test_undefined(result, result->n,
                       days < 3.0 ? "fewer than 2 estimation sessions" : "the day values do not vary");
    return;
  }
  double z = event / scale;
  if (z * z >= days - 1.0) {
    aft_test_undefined(result, result->n, "the event day dwarfs every other day: beyond the table, not insignificant");
    return;
  }
  aft_test_student(result, z * sqrt((days - 2.0) / (days - 1.0 - z * z)), days - 2.0);
}

/* What SCAR / sd is multiplied by: 1, but by the convention of another program. */
static double scale_of_event(const aft_test_input *input, const aft_selection *events) {
  size_t skipped;
  if (!input->options->conventions.grank_mean_error) return 1.0;
  double n = (double)events->n, factor = aft_test_correlation_factor(aft_test_mean_correlation(input, &skipped), n);
  return sqrt(n) * (isnan(factor) ? 1.0 : factor);
}

/* Source: Kolari and Pynnonen (2011), J. Empirical Finance 18, 953-971. */
void aft_test_grank(const aft_test_input *input, int variant, aft_test_result *result) {
  const aft_selection *events = aft_test_standardised(input);
  double event_scale = scale_of_event(input, events); /* before the values change: it selects the events anew */
  if (input->options->conventions.running_sum) aft_test_cumulate(input, events);
  aft_test_start(result, events->n, (double)NAN);
  if (events->n < 2) {
    aft_test_undefined(result, events->n, events->n == 0 ? AFT_NOTE_NO_STANDARDISED : AFT_NOTE_FEWER_THAN_2);
    return;
  }
  double n = (double)events->n, mean = aft_mean(events->value, events->n), sd = aft_sd(events->value, events->n, mean);
  if (aft_sd_is_zero(sd, mean)) {
    aft_test_undefined(result, events->n, AFT_NOTE_ZERO_VARIANCE);
    return;
  }
  const aft_grank_sums *sums = sum_ranks(input, events, sd / event_scale);
  result->estimate = sums->event / n;
  if (variant == AFT_GRANK_T)
    finish_grank_t(sums, (size_t)input->abnormal->n_est, n, input->options->conventions.grank, result);
  else if (sums->event_variance > 0.0)
    aft_test_normal(result, sums->event / sqrt(sums->event_variance));
  else
    aft_test_undefined(result, events->n, "fewer than 2 estimation sessions");
}
