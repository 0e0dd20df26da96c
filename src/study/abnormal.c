/* Sums and variances of abnormal returns over windows of the event grid. */
#include <aftershock/study/abnormal.h>

#include <aftershock/stats/describe.h>
#include <math.h>

#include <aftershock/base/banned.h>

double aft_abnormal_day_variance(const aft_abnormal *abnormal, size_t row, int j) {
  size_t cell = row * (size_t)abnormal->n_rel + (size_t)j;
  const double *z = abnormal->z + cell * (size_t)abnormal->n_z;
  double variance = abnormal->h[cell];
  for (int q = 0; q < abnormal->n_z; q++) variance += z[q] * z[q];
  return variance;
}

int aft_abnormal_count_days(const aft_abnormal *abnormal, size_t row, int first, int last) {
  int n = 0;
  for (int j = first; j <= last; j++) n += aft_abnormal_is_traded(abnormal, row, j);
  return n;
}

/* Whether gap returns cover the window from its first day to its last and nothing before it. */
static bool covers_window(const aft_abnormal *abnormal, size_t event, int first, int last) {
  if (abnormal->gap == NULL) return true;
  const int *gap = abnormal->gap + event * (size_t)abnormal->n_rel;
  int trade = first;
  while (trade < last && gap[trade] == 0) trade++;
  return gap[last] > 0 && gap[trade] <= trade - first + 1;
}

/* Whether a cell of the grid counts in the variance of a sum. */
static bool takes_in(const aft_abnormal *abnormal, size_t cell) {
  if (abnormal->gap != NULL && abnormal->gap[cell] == 0) return false;
  return abnormal->missing != AFT_MISSING_SKIP || !isnan(abnormal->abnormal[cell]);
}

/* Sum of the abnormal returns of cells first..last; NaN as the header says. */
static double sum_days(const aft_abnormal *abnormal, size_t first, size_t last) {
  aft_sum sum = {0.0, 0.0};
  bool any = false;
  for (size_t cell = first; cell <= last; cell++) {
    double value = abnormal->abnormal[cell];
    if (isnan(value) && (abnormal->missing != AFT_MISSING_EXCLUDE || !takes_in(abnormal, cell))) continue;
    aft_sum_add(&sum, value);
    any = true;
  }
  return any ? aft_sum_get(&sum) : (double)NAN;
}

void aft_abnormal_car(const aft_abnormal *abnormal, size_t row, int first, int last, double *car, double *variance) {
  size_t start = row * (size_t)abnormal->n_rel, n_z = (size_t)abnormal->n_z;
  size_t from = start + (size_t)first, to = start + (size_t)last;
  aft_sum spread = {0.0, 0.0};
  if (!covers_window(abnormal, row, first, last)) {
    *car = *variance = (double)NAN;
    return;
  }
  for (size_t cell = from; cell <= to; cell++)
    if (takes_in(abnormal, cell)) aft_sum_add(&spread, abnormal->h[cell]);
  for (size_t q = 0; q < n_z; q++) {
    aft_sum column = {0.0, 0.0};
    for (size_t cell = from; cell <= to; cell++)
      if (takes_in(abnormal, cell)) aft_sum_add(&column, abnormal->z[cell * n_z + q]);
    aft_sum_add(&spread, aft_sum_get(&column) * aft_sum_get(&column));
  }
  *car = sum_days(abnormal, from, to);
  *variance = isnan(*car) ? (double)NAN : aft_sum_get(&spread);
}

double aft_abnormal_path(const aft_abnormal *abnormal, size_t row, int j, double *sum) {
  size_t cell = row * (size_t)abnormal->n_rel + (size_t)j;
  if (!aft_abnormal_is_traded(abnormal, row, j)) return (double)NAN;
  if (abnormal->gap != NULL && abnormal->gap[cell] > j + 1) *sum = (double)NAN;
  double value = abnormal->abnormal[cell];
  if (abnormal->missing == AFT_MISSING_EXCLUDE) return *sum += value;
  if (!isnan(value)) *sum = isnan(*sum) ? value : *sum + value;
  return *sum;
}

void aft_window_values_fill(const aft_abnormal *abnormal, int first_day, int last_day, aft_window_values *values) {
  values->first_day = first_day;
  values->last_day = last_day;
  values->first = first_day - abnormal->first_rel;
  values->last = last_day - abnormal->first_rel;
  values->n_days = last_day - first_day + 1;
  for (size_t i = 0; i < abnormal->n_events; i++) {
    aft_abnormal_car(abnormal, i, values->first, values->last, &values->car[i], &values->variance[i]);
    bool usable = abnormal->sigma[i] > 0.0 && values->variance[i] > 0.0;
    values->scar[i] = usable ? values->car[i] / sqrt(values->variance[i]) : (double)NAN;
  }
}
