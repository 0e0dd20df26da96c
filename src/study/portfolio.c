/* Which firms are active on a day, and what their portfolio earned. */
#include <aftershock/study/calendar_time.h>

#include <aftershock/stats/describe.h>

#include <math.h>
#include <stdlib.h>

#include <aftershock/base/banned.h>

/* One event on one day. */
typedef struct presence {
  aft_day day;
  int firm;
  size_t row;
  int column; /* of the event grid */
} presence;

static int compare_presences(const void *left, const void *right) {
  const presence *a = left, *b = right;
  if (a->day != b->day) return a->day < b->day ? -1 : 1;
  if (a->firm != b->firm) return a->firm < b->firm ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

static bool is_present(const aft_abnormal *a, size_t row, int column, int first_column) {
  size_t at = row * (size_t)a->n_rel + (size_t)column;
  if (isnan(a->abnormal[at])) return false;
  return a->gap == NULL || (a->gap[at] > 0 && column - a->gap[at] + 1 >= first_column);
}

static GArray *collect(const aft_abnormal *a, const size_t *member, size_t n, int first, int last) {
  GArray *all = g_array_new(FALSE, FALSE, sizeof(presence));
  int first_column = first - a->first_rel, last_column = last - a->first_rel;
  for (size_t i = 0; i < n; i++)
    for (int j = first_column; j <= last_column; j++) {
      if (!is_present(a, member[i], j, first_column)) continue;
      presence p = {aft_abnormal_date(a, member[i], a->first_rel + j), aft_abnormal_firm(a, member[i]), member[i], j};
      g_array_append_val(all, p);
    }
  if (all->len > 1) qsort(all->data, all->len, sizeof(presence), compare_presences);
  return all;
}

/* Whether two days have the same events. */
static bool same_composition(const presence *a, size_t n_a, const presence *b, size_t n_b) {
  if (n_a != n_b) return false;
  for (size_t i = 0; i < n_a; i++)
    if (a[i].row != b[i].row) return false;
  return true;
}

/* Mean over firms of the mean of value(event) over their events, NaN passed over; *firms: with a value. */
typedef double (*event_value)(const aft_abnormal *a, const presence *p, int tau);

static double average(const aft_abnormal *a, const presence *at, size_t n, event_value value, int tau, size_t *firms) {
  aft_sum total = {0, 0};
  *firms = 0;
  for (size_t i = 0; i < n;) {
    aft_sum own = {0, 0};
    size_t count = 0;
    for (int firm = at[i].firm; i < n && at[i].firm == firm; i++) {
      double v = value(a, &at[i], tau);
      if (isnan(v)) continue;
      aft_sum_add(&own, v);
      count++;
    }
    if (count == 0) continue;
    aft_sum_add(&total, aft_sum_get(&own) / (double)count);
    (*firms)++;
  }
  return *firms > 0 ? aft_sum_get(&total) / (double)*firms : (double)NAN;
}

static double abnormal_of(const aft_abnormal *a, const presence *p, int tau) {
  (void)tau;
  return a->abnormal[p->row * (size_t)a->n_rel + (size_t)p->column];
}

static double realised_of(const aft_abnormal *a, const presence *p, int tau) {
  (void)tau;
  return a->realised[p->row * (size_t)a->n_rel + (size_t)p->column];
}

static double residual_of(const aft_abnormal *a, const presence *p, int tau) {
  return a->residual[p->row * (size_t)a->n_est + (size_t)tau];
}

/* sd over the estimation sessions of the portfolio of these events; NaN when it is not positive. */
static double measure_scale(const aft_abnormal *a, const presence *at, size_t n, double *series) {
  size_t n_days = 0, firms;
  for (int tau = 0; tau < a->n_est; tau++) {
    series[n_days] = average(a, at, n, residual_of, tau, &firms);
    n_days += firms > 0;
  }
  double mean = aft_mean(series, n_days), sd = aft_sd(series, n_days, mean);
  return isnan(sd) || aft_sd_is_zero(sd, mean) || !(sd > 0) ? (double)NAN : sd;
}

GArray *aft_portfolio_build(const aft_abnormal *a, const size_t *member, size_t n, int first, int last, int min_firms) {
  g_autoptr(GArray) all = collect(a, member, n, first, last);
  g_autofree double *series = g_new(double, (size_t)MAX(a->n_est, 1));
  const presence *at = (const presence *)(const void *)all->data, *measured = NULL;
  GArray *days = g_array_new(FALSE, FALSE, sizeof(aft_portfolio_day));
  size_t n_measured = 0;
  double scale = (double)NAN;
  for (size_t start = 0, end; start < all->len; start = end) {
    for (end = start + 1; end < all->len && at[end].day == at[start].day;) end++;
    size_t firms, same;
    aft_portfolio_day day = {.day = at[start].day, .events = end - start};
    day.abnormal = average(a, at + start, end - start, abnormal_of, 0, &firms);
    day.realised = average(a, at + start, end - start, realised_of, 0, &same);
    day.firms = firms;
    if (firms < (size_t)min_firms) continue;
    if (measured == NULL || !same_composition(measured, n_measured, at + start, end - start)) {
      measured = at + start;
      n_measured = end - start;
      scale = measure_scale(a, measured, n_measured, series);
    }
    day.standardised = day.abnormal / scale;
    g_array_append_val(days, day);
  }
  return days;
}
