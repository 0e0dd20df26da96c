/* Sums over a group of events of standardised residuals by session. */
#include "study/test_session_sums.h"

#include "study/test_pairs.h"

#include <aftershock/stats/standardise.h>
#include <glib.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

static int compare_dates(const void *left, const void *right) {
  const aft_dated_event *a = left, *b = right;
  if (a->market != b->market) return a->market < b->market ? -1 : 1;
  if (a->session != b->session) return a->session < b->session ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

void aft_dated_events_sort(aft_dated_event *event, size_t n) { qsort(event, n, sizeof *event, compare_dates); }

aft_date_group aft_date_group_at(const aft_dated_event *event, size_t n, size_t first) {
  aft_date_group group = {first, first};
  while (group.last < n && event[group.last].market == event[first].market &&
         event[group.last].session == event[first].session)
    group.last++;
  return group;
}

void aft_session_sums_init(aft_session_sums *sums, int n_est) {
  size_t n = (size_t)n_est;
  *sums = (aft_session_sums){.total = g_new(double, n), .count = g_new(double, n), .work = g_new(double, n)};
}

void aft_session_sums_clear(aft_session_sums *sums) {
  g_free(sums->total);
  g_free(sums->count);
  g_free(sums->work);
  *sums = (aft_session_sums){0};
}

void aft_session_sums_fill(const aft_abnormal *abnormal, const aft_dated_event *event, aft_date_group group,
                           const int *column, size_t n, aft_session_sums *sums) {
  double *total = sums->total, *count = sums->count, *x = sums->work;
  sums->n_values = 0;
  sums->varying = 0;
  for (size_t t = 0; t < n; t++) total[t] = count[t] = 0;
  for (size_t i = group.first; i < group.last; i++) {
    const double *residual = abnormal->residual + event[i].row * (size_t)abnormal->n_est;
    for (size_t t = 0; t < n; t++) x[t] = residual[column[t]];
    size_t n_own = aft_standardise_add(x, n, AFT_PAIR_MIN_COMMON, total, count);
    sums->n_values += (double)n_own;
    sums->varying += n_own > 0;
  }
}

/* The mean of all counted pairs, times their number. */
static double scale(double products, double common, size_t pairs, size_t *counted) {
  *counted = common > 0 ? pairs : 0;
  return *counted > 0 ? (double)pairs * (products / common) : 0;
}

double aft_session_sums_between(const aft_session_sums *a, const aft_session_sums *b, size_t n, size_t *counted) {
  double products = 0, common = 0;
  for (size_t t = 0; t < n; t++) {
    products += a->total[t] * b->total[t];
    common += a->count[t] * b->count[t];
  }
  return scale(products, common, a->varying * b->varying, counted);
}

double aft_session_sums_within(const aft_session_sums *sums, size_t n, size_t *counted) {
  double products = 0, common = 0;
  for (size_t t = 0; t < n; t++) {
    products += sums->total[t] * sums->total[t];
    common += sums->count[t] * sums->count[t];
  }
  /* Without each series with itself, whose squares sum to the number of its residuals. */
  size_t pairs = sums->varying > 0 ? sums->varying * (sums->varying - 1) / 2 : 0;
  return scale(products - sums->n_values, common - sums->n_values, pairs, counted);
}
