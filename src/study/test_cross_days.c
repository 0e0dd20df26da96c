/* Correlation of events on different exchanges by the day: groups of events that are near each other, instead of pairs. */
#include "study/test_cross_days.h"

#include "study/test_pairs.h"

#include <glib.h>

#include <aftershock/base/banned.h>

/* Events of one session of one exchange. */
typedef struct day_group {
  aft_date_group events;
  size_t row; /* of one of them */
  int market;
  aft_day from, until; /* what must meet that of another group for it to be near */
} day_group;

typedef struct day_work {
  const aft_test_input *input;
  const aft_dated_event *event;
  day_group *group; /* [n] by market and session; owned, as is what follows */
  size_t n;
  int *column[2]; /* [n_est] of the estimation windows of two groups, on their common days */
  aft_session_sums sums[2];
} day_work;

/* The first estimation session is column 0, but there are no days before those of the data. */
static int first_column(const aft_abnormal *abnormal, size_t row) {
  return MAX(0, -(abnormal->session[row] + abnormal->first_est));
}

static void find_groups(day_work *work, size_t n) {
  const aft_test_input *input = work->input;
  const aft_abnormal *abnormal = input->abnormal;
  for (size_t i = 0; i < n; i = aft_date_group_at(work->event, n, i).last) work->n++;
  work->group = g_new(day_group, work->n);
  size_t first = 0;
  for (size_t k = 0; k < work->n; k++) {
    day_group *group = &work->group[k];
    size_t row = work->event[first].row;
    *group = (day_group){aft_date_group_at(work->event, n, first), row, work->event[first].market, 0, 0};
    first = group->events.last;
    int column = first_column(abnormal, row), end = abnormal->n_est - 1;
    bool overlap = input->options->kp_align == AFT_KP_OVERLAP;
    int from = overlap ? input->window->first_day : abnormal->first_est + column;
    int until = overlap ? input->window->last_day : abnormal->first_est + MAX(column, end);
    group->from = aft_abnormal_date(abnormal, row, from);
    group->until = aft_abnormal_date(abnormal, row, until);
  }
}

/* Columns of the two estimation windows on the days that both have; returns their number. */
static size_t match_days(day_work *work, size_t a, size_t b) {
  const aft_abnormal *abnormal = work->input->abnormal;
  size_t n = 0;
  for (int i = first_column(abnormal, a), j = first_column(abnormal, b); i < abnormal->n_est && j < abnormal->n_est;) {
    aft_day day = aft_abnormal_date(abnormal, a, abnormal->first_est + i);
    aft_day other = aft_abnormal_date(abnormal, b, abnormal->first_est + j);
    if (day == other) {
      work->column[0][n] = i;
      work->column[1][n++] = j;
    }
    if (day <= other) i++;
    if (other <= day) j++;
  }
  return n;
}

static void add_groups(day_work *work, const day_group *a, const day_group *b, aft_sum *sum, aft_cross_pairs *pairs) {
  const aft_test_input *input = work->input;
  bool overlap = input->options->kp_align == AFT_KP_OVERLAP;
  double weight = overlap ? aft_test_window_share(input, a->row, b->row) : 1;
  if (weight == 0) return;
  size_t all = (a->events.last - a->events.first) * (b->events.last - b->events.first), counted = 0;
  size_t n = match_days(work, a->row, b->row);
  if (n >= AFT_PAIR_MIN_COMMON) {
    aft_session_sums_fill(input->abnormal, work->event, a->events, work->column[0], n, &work->sums[0]);
    aft_session_sums_fill(input->abnormal, work->event, b->events, work->column[1], n, &work->sums[1]);
    aft_sum_add(sum, weight * aft_session_sums_between(&work->sums[0], &work->sums[1], n, &counted));
  }
  pairs->seen += all;
  pairs->skipped += all - counted;
}

/* The groups first_a .. last_a-1 of one exchange with those of another that begin at first_b. */
static void add_markets(day_work *work, size_t first_a, size_t last_a, size_t first_b, aft_sum *sum,
                        aft_cross_pairs *pairs) {
  size_t near = first_b;
  int market = work->group[first_b].market;
  for (size_t i = first_a; i < last_a; i++) {
    const day_group *a = &work->group[i], *end = work->group + work->n;
    while (near < work->n && work->group[near].market == market && work->group[near].until < a->from) near++;
    for (const day_group *b = work->group + near; b < end && b->market == market && b->from <= a->until; b++)
      add_groups(work, a, b, sum, pairs);
  }
}

static size_t market_end(const day_work *work, size_t first) {
  size_t end = first;
  while (end < work->n && work->group[end].market == work->group[first].market) end++;
  return end;
}

aft_cross_pairs aft_test_cross_days(const aft_test_input *input, const aft_dated_event *event, size_t n) {
  aft_cross_pairs pairs = {0, 0, 0};
  if (n == 0 || event[0].market == event[n - 1].market) return pairs;
  int n_est = input->abnormal->n_est;
  day_work work = {.input = input, .event = event};
  find_groups(&work, n);
  for (int k = 0; k < 2; k++) {
    work.column[k] = g_new(int, n_est);
    aft_session_sums_init(&work.sums[k], n_est);
  }
  aft_sum sum = {0, 0};
  for (size_t a = 0; a < work.n; a = market_end(&work, a))
    for (size_t b = market_end(&work, a); b < work.n; b = market_end(&work, b))
      add_markets(&work, a, market_end(&work, a), b, &sum, &pairs);
  for (int k = 0; k < 2; k++) {
    g_free(work.column[k]);
    aft_session_sums_clear(&work.sums[k]);
  }
  g_free(work.group);
  pairs.sum = aft_sum_get(&sum);
  return pairs;
}
