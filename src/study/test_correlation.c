/* Mean pairwise correlation of estimation residuals, without visiting pairs whose series are complete, or any pair of too many events. */
#include "study/test_internal.h"

#include "study/test_cross_days.h"
#include "study/test_pairs.h"

#include <glib.h>
#include <math.h>

#include <aftershock/base/banned.h>

struct aft_correlation_work {
  size_t n;
  aft_dated_event *event;   /* [n] by market, session, row */
  double *early, *late;     /* [n_est] sums of unit vectors of two groups */
  aft_session_sums sums[2]; /* of an earlier and a later group */
  int *column;              /* [n_est] 0, 1, ... */
  aft_gap_series *gaps;     /* series in the order of event; NULL when every series is complete */
};

void aft_correlations_clear(aft_correlations *correlations) {
  if (correlations->work != NULL) {
    g_free(correlations->work->event);
    g_free(correlations->work->early);
    g_free(correlations->work->late);
    for (int k = 0; k < 2; k++) aft_session_sums_clear(&correlations->work->sums[k]);
    g_free(correlations->work->column);
    aft_gap_series_free(correlations->work->gaps);
    g_free(correlations->work);
  }
  g_free(correlations->key.row);
  g_free(correlations->sum);
  g_free(correlations->pairs);
  g_free(correlations->skipped);
  *correlations = (aft_correlations){0};
}

typedef struct event_rows {
  const aft_abnormal *abnormal;
  const aft_dated_event *event;
} event_rows;

static const double *event_row(size_t i, const void *data) {
  const event_rows *rows = data;
  return rows->abnormal->residual + rows->event[i].row * (size_t)rows->abnormal->n_est;
}

static void sort_events(const aft_test_input *input, const aft_selection *events, aft_correlations *correlations) {
  const aft_abnormal *abnormal = input->abnormal;
  size_t n_est = (size_t)abnormal->n_est;
  if (correlations->work == NULL) {
    correlations->work = g_new0(struct aft_correlation_work, 1);
    correlations->work->event = g_new(aft_dated_event, input->cache->n);
    correlations->work->early = g_new(double, n_est);
    correlations->work->late = g_new(double, n_est);
    correlations->work->column = g_new(int, n_est);
    for (size_t t = 0; t < n_est; t++) correlations->work->column[t] = (int)t;
    for (int k = 0; k < 2; k++) aft_session_sums_init(&correlations->work->sums[k], abnormal->n_est);
    size_t n_shifts = MAX(n_est, (size_t)abnormal->n_rel);
    correlations->sum = g_new(double, n_shifts);
    correlations->pairs = g_new(size_t, n_shifts);
    correlations->skipped = g_new(size_t, n_shifts);
  }
  struct aft_correlation_work *work = correlations->work;
  work->n = events->n;
  for (size_t i = 0; i < events->n; i++) {
    size_t row = events->row[i];
    bool complete = true;
    for (size_t t = 0; t < n_est && complete; t++) complete = !isnan(abnormal->residual[row * n_est + t]);
    work->event[i] = (aft_dated_event){.complete = complete, .row = row}; /* in event time all stand on one date */
    if (input->options->kp_align == AFT_KP_EVENT_TIME) continue;
    work->event[i].market = aft_abnormal_market(abnormal, row);
    work->event[i].session = abnormal->session[row];
  }
  aft_dated_events_sort(work->event, work->n);
  aft_gap_series_free(work->gaps);
  work->gaps = NULL;
  bool complete = true;
  for (size_t i = 0; i < work->n; i++) complete = complete && work->event[i].complete;
  const event_rows rows = {abnormal, work->event};
  correlations->many = input->options->kp_sessions || work->n > AFT_KP_MOST_EVENTS;
  correlations->by_session = !complete && correlations->many;
  correlations->cross_known = correlations->by_day = false;
  if (!complete && !correlations->many) work->gaps = aft_gap_series_new(work->n, n_est, event_row, &rows);
  correlations->n_shifts = 0;
}

/*
 * Adds the centred unit vectors of the group's complete series, columns offset .. offset+n-1, into total [n]; returns how many
 * vary. *n_complete counts all complete series of the group.
 */
static size_t add_unit_vectors(const aft_abnormal *abnormal, const struct aft_correlation_work *work,
                               aft_date_group group, size_t offset, size_t n, double *total, size_t *n_complete) {
  size_t varying = 0;
  *n_complete = 0;
  for (size_t t = 0; t < n; t++) total[t] = 0.0;
  for (size_t i = group.first; i < group.last; i++) {
    if (!work->event[i].complete) continue;
    ++*n_complete;
    const double *x = abnormal->residual + work->event[i].row * (size_t)abnormal->n_est + offset;
    double mean = aft_mean(x, n), sd = aft_sd(x, n, mean);
    if (aft_sd_is_zero(sd, mean)) continue;
    double norm = sd * sqrt((double)n - 1.0);
    for (size_t t = 0; t < n; t++) total[t] += (x[t] - mean) / norm;
    varying++;
  }
  return varying;
}

/*
 * Pairs of complete series of two groups `shift` sessions apart (or of one group, shift 0): with unit vectors u_i the sum of
 * all correlations is u_sum'v_sum, or (|u_sum|^2 - n)/2 within a group. Cost O(n T) instead of O(n^2 T).
 */
static void add_complete_pairs(const aft_abnormal *abnormal, aft_correlations *correlations, aft_date_group a,
                               aft_date_group b, size_t shift) {
  struct aft_correlation_work *work = correlations->work;
  size_t n = (size_t)abnormal->n_est - shift, n_a, n_b;
  size_t varying_a = add_unit_vectors(abnormal, work, a, shift, n, work->early, &n_a);
  if (shift == 0) {
    double square = 0.0;
    for (size_t t = 0; t < n; t++) square += work->early[t] * work->early[t];
    if (varying_a > 1) correlations->sum[0] += 0.5 * (square - (double)varying_a);
    correlations->skipped[0] += n_a > 0 ? n_a * (n_a - 1) / 2 : 0;
    correlations->skipped[0] -= varying_a > 0 ? varying_a * (varying_a - 1) / 2 : 0;
    return;
  }
  size_t varying_b = add_unit_vectors(abnormal, work, b, 0, n, work->late, &n_b);
  double product = 0.0;
  for (size_t t = 0; t < n; t++) product += work->early[t] * work->late[t];
  correlations->sum[shift] += product;
  correlations->skipped[shift] += n_a * n_b - varying_a * varying_b;
}

/* Pairs of which at least one series has gaps: one by one. */
static void add_other_pairs(aft_correlations *correlations, aft_date_group a, aft_date_group b, size_t shift) {
  const struct aft_correlation_work *work = correlations->work;
  for (size_t i = a.first; i < a.last; i++)
    for (size_t j = shift == 0 ? i + 1 : b.first; j < b.last; j++) {
      if (work->event[i].complete && work->event[j].complete) continue;
      double r = aft_gap_series_correlate(work->gaps, i, j);
      if (isnan(r))
        correlations->skipped[shift]++;
      else
        correlations->sum[shift] += r;
    }
}

/* The pairs of two groups, or of one, from sums over the series of each session. Cost O(n T). */
static void add_session_sums(const aft_abnormal *abnormal, aft_correlations *correlations, aft_date_group a,
                             aft_date_group b, size_t shift) {
  struct aft_correlation_work *work = correlations->work;
  size_t n = (size_t)abnormal->n_est - shift, n_a = a.last - a.first, n_b = b.last - b.first, counted;
  aft_session_sums *early = &work->sums[0], *late = &work->sums[1];
  aft_session_sums_fill(abnormal, work->event, a, work->column + shift, n, early);
  if (shift == 0) {
    correlations->sum[0] += aft_session_sums_within(early, n, &counted);
    correlations->skipped[0] += n_a * (n_a - 1) / 2 - counted;
    return;
  }
  aft_session_sums_fill(abnormal, work->event, b, work->column, n, late);
  correlations->sum[shift] += aft_session_sums_between(early, late, n, &counted);
  correlations->skipped[shift] += n_a * n_b - counted;
}

/* Place of the first event of the market at the session or later, from `from` on. */
static size_t find_later(const struct aft_correlation_work *work, size_t from, int market, int session) {
  while (from < work->n && work->event[from].market == market && work->event[from].session < session) from++;
  return from;
}

static void add_shift(const aft_abnormal *abnormal, aft_correlations *correlations, size_t shift) {
  const struct aft_correlation_work *work = correlations->work;
  correlations->sum[shift] = 0.0;
  correlations->pairs[shift] = correlations->skipped[shift] = 0;
  if (work->gaps != NULL && shift < (size_t)abnormal->n_est) aft_gap_series_shift(work->gaps, shift);
  size_t later = 0;
  for (size_t first = 0; first < work->n;) {
    aft_date_group a = aft_date_group_at(work->event, work->n, first), b = a;
    first = a.last;
    if (shift > 0) {
      const aft_dated_event *event = &work->event[a.first];
      int wanted = event->session + (int)shift;
      later = find_later(work, MAX(later, a.last), event->market, wanted);
      if (later == work->n || work->event[later].market != event->market || work->event[later].session != wanted)
        continue;
      b = aft_date_group_at(work->event, work->n, later);
    }
    size_t n_a = a.last - a.first, n_b = b.last - b.first, n_pairs = shift == 0 ? n_a * (n_a - 1) / 2 : n_a * n_b;
    correlations->pairs[shift] += n_pairs;
    if (shift + AFT_PAIR_MIN_COMMON > (size_t)abnormal->n_est) {
      correlations->skipped[shift] += n_pairs;
      continue;
    }
    if (correlations->many) {
      add_session_sums(abnormal, correlations, a, b, shift);
      continue;
    }
    add_complete_pairs(abnormal, correlations, a, b, shift);
    if (work->gaps != NULL) add_other_pairs(correlations, a, b, shift);
  }
}

/* Distances at which a pair can count: inside a common window, with enough common sessions, or none at all. */
static int count_shifts(const aft_test_input *input) {
  if (input->options->kp_align == AFT_KP_OVERLAP) return input->window->n_days;
  int enough = input->abnormal->n_est - AFT_PAIR_MIN_COMMON + 1;
  return input->options->kp_align == AFT_KP_EVENT_TIME ? 1 : MAX(enough, 1);
}

/* Of the pairs on two exchanges, whose weights depend on where the window stands. */
static const aft_cross_pairs *find_cross(const aft_test_input *input, const aft_selection *events,
                                         aft_correlations *correlations) {
  const aft_window_values *window = input->window;
  const int *made = correlations->cross_window;
  bool same = made[0] == window->first_day && made[1] == window->last_day;
  if (correlations->cross_known && same) return &correlations->cross;
  const struct aft_correlation_work *work = correlations->work;
  correlations->cross =
      correlations->many ? aft_test_cross_days(input, work->event, work->n) : aft_test_cross_pairs(input, events);
  correlations->by_day = correlations->many && correlations->cross.seen > 0;
  correlations->cross_window[0] = window->first_day;
  correlations->cross_window[1] = window->last_day;
  correlations->cross_known = true;
  return &correlations->cross;
}

double aft_test_mean_correlation(const aft_test_input *input, size_t *skipped) {
  aft_correlations *correlations = &input->cache->correlations;
  const aft_selection *events = aft_test_standardised(input);
  bool overlap = input->options->kp_align == AFT_KP_OVERLAP;
  bool known = aft_row_key_matches(&correlations->key, events, input->cache->n);
  if (!known || correlations->align != input->options->kp_align) sort_events(input, events, correlations);
  correlations->align = input->options->kp_align;
  int n_shifts = count_shifts(input);
  for (; correlations->n_shifts < n_shifts; correlations->n_shifts++)
    add_shift(input->abnormal, correlations, (size_t)correlations->n_shifts);
  aft_sum sum = {0.0, 0.0};
  size_t seen = 0, passed_over = 0, all = events->n * (events->n - (events->n > 0)) / 2;
  for (int shift = 0; shift < n_shifts; shift++) {
    double weight = overlap ? 1.0 - (double)shift / n_shifts : 1.0;
    aft_sum_add(&sum, weight * correlations->sum[shift]);
    seen += correlations->pairs[shift];
    passed_over += correlations->skipped[shift];
  }
  const aft_cross_pairs *cross = find_cross(input, events, correlations);
  aft_sum_add(&sum, cross->sum);
  seen += cross->seen;
  passed_over += cross->skipped;
  /* A pair farther apart counts as 0 when windows are weighted by what they share, and has no correlation otherwise. */
  size_t counted = (overlap ? all : seen) - passed_over;
  *skipped = all - counted;
  return counted > 0 ? aft_sum_get(&sum) / (double)counted : (double)NAN;
}
