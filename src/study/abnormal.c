/* Sums and variances of abnormal returns over windows of the event grid. */
#include <aftershock/study/abnormal.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/ols.h>
#include <math.h>

#include <aftershock/base/banned.h>

double aft_abnormal_h(const aft_abnormal *abnormal, size_t row, int j) {
  if (abnormal->root != NULL) return abnormal->fit[row].sigma * abnormal->fit[row].sigma;
  return abnormal->h[row * (size_t)abnormal->n_rel + (size_t)j];
}

/* Row j of X*, k numbers; NaN outside the panel. */
static void find_regressors(const aft_abnormal *abnormal, const aft_regressor_rows *rows, size_t row, int j,
                            double *x) {
  long t = abnormal->session[row] + abnormal->first_rel + j;
  bool inside = t >= 0 && t < rows->n_sessions;
  if (rows->constant) *x++ = 1;
  for (int q = 0; q < rows->n; q++) {
    const double *values = q == 0 && rows->own != NULL ? rows->own[abnormal->security[row]] : rows->row[q];
    x[q] = inside ? values[t] : (double)NAN;
  }
}

static const double *find_root(const aft_abnormal *abnormal, size_t row, int k) {
  size_t root = abnormal->shares_roots ? abnormal->fit[row].root : row, size = (size_t)k * ((size_t)k + 1) / 2;
  return abnormal->root + root * size;
}

const double *aft_abnormal_z(const aft_abnormal *abnormal, size_t row, int j, double *room) {
  if (abnormal->root == NULL) return abnormal->z + (row * (size_t)abnormal->n_rel + (size_t)j) * (size_t)abnormal->n_z;
  if (abnormal->n_z == 0) return room; /* nobody wants them */
  const aft_regressor_rows *rows = &abnormal->regressors[aft_abnormal_market(abnormal, row)];
  int k = rows->n + (rows->constant ? 1 : 0);
  double x[AFT_OLS_MAX_COEF];
  find_regressors(abnormal, rows, row, j, x);
  aft_ols_leverage_packed(find_root(abnormal, row, k), k, x, room);
  for (int q = 0; q < k; q++) room[q] *= abnormal->fit[row].sigma;
  return room;
}

double aft_abnormal_day_variance(const aft_abnormal *abnormal, size_t row, int j) {
  double room[AFT_OLS_MAX_COEF], variance = aft_abnormal_h(abnormal, row, j);
  const double *z = aft_abnormal_z(abnormal, row, j, room);
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

/*
 * The same of least squares, which have no gap returns: Var = s^2 (L + z'z), z = R^-T (sum of rows of X*), one substitution for all days.
 */
static void find_car(const aft_abnormal *abnormal, size_t row, int first, int last, double *car, double *variance) {
  const double *value = abnormal->abnormal + row * (size_t)abnormal->n_rel;
  const aft_regressor_rows *rows = &abnormal->regressors[aft_abnormal_market(abnormal, row)];
  int k = rows->n + (rows->constant ? 1 : 0), n_days = 0;
  double x[AFT_OLS_MAX_COEF], sums[AFT_OLS_MAX_COEF] = {0.0}, squares = 0;
  aft_sum sum = {0.0, 0.0};
  bool any = false;
  *car = *variance = (double)NAN;
  for (int j = first; j <= last; j++) {
    bool missing = isnan(value[j]);
    if (missing && abnormal->missing == AFT_MISSING_EXCLUDE) return;
    if (missing && abnormal->missing == AFT_MISSING_SKIP) continue;
    n_days++;
    find_regressors(abnormal, rows, row, j, x);
    for (int q = 0; q < k; q++) sums[q] += x[q];
    if (missing) continue;
    aft_sum_add(&sum, value[j]);
    any = true;
  }
  if (!any) return;
  aft_ols_leverage_packed(find_root(abnormal, row, k), k, sums, x);
  for (int q = 0; q < k && abnormal->n_z > 0; q++) squares += x[q] * x[q];
  *car = aft_sum_get(&sum);
  *variance = abnormal->fit[row].sigma * abnormal->fit[row].sigma * (n_days + squares);
}

void aft_abnormal_car(const aft_abnormal *abnormal, size_t row, int first, int last, double *car, double *variance) {
  if (abnormal->root != NULL) {
    find_car(abnormal, row, first, last, car, variance);
    return;
  }
  size_t start = row * (size_t)abnormal->n_rel;
  int n_z = abnormal->n_z;
  double room[AFT_OLS_MAX_COEF];
  aft_sum spread = {0.0, 0.0}, column[AFT_OLS_MAX_COEF] = {{0.0, 0.0}};
  if (!covers_window(abnormal, row, first, last)) {
    *car = *variance = (double)NAN;
    return;
  }
  for (int j = first; j <= last; j++) {
    if (!takes_in(abnormal, start + (size_t)j)) continue;
    const double *z = aft_abnormal_z(abnormal, row, j, room);
    aft_sum_add(&spread, aft_abnormal_h(abnormal, row, j));
    for (int q = 0; q < n_z; q++) aft_sum_add(&column[q], z[q]);
  }
  for (int q = 0; q < n_z; q++) aft_sum_add(&spread, aft_sum_get(&column[q]) * aft_sum_get(&column[q]));
  *car = sum_days(abnormal, start + (size_t)first, start + (size_t)last);
  *variance = isnan(*car) ? (double)NAN : aft_sum_get(&spread);
}

void aft_abnormal_fill_path(const aft_abnormal *abnormal, size_t row, double *path) {
  const double *value = abnormal->abnormal + row * (size_t)abnormal->n_rel;
  const int *gap = abnormal->gap == NULL ? NULL : abnormal->gap + row * (size_t)abnormal->n_rel;
  double sum = abnormal->missing == AFT_MISSING_EXCLUDE ? 0 : (double)NAN;
  for (int j = 0; j < abnormal->n_rel; j++) {
    bool is_silent = gap != NULL && gap[j] == 0;
    if (gap != NULL && gap[j] > j + 1) sum = (double)NAN;
    if (abnormal->missing == AFT_MISSING_EXCLUDE && !is_silent)
      sum += value[j];
    else if (!is_silent && !isnan(value[j]))
      sum = isnan(sum) ? value[j] : sum + value[j];
    path[j] = is_silent ? (double)NAN : sum;
  }
}

void aft_window_values_place(const aft_abnormal *abnormal, int first_day, int last_day, aft_window_values *values) {
  values->first_day = first_day;
  values->last_day = last_day;
  values->first = first_day - abnormal->first_rel;
  values->last = last_day - abnormal->first_rel;
  values->n_days = last_day - first_day + 1;
}

void aft_window_values_fill_rows(const aft_abnormal *abnormal, size_t first, size_t last, aft_window_values *values) {
  for (size_t i = first; i < last; i++) {
    aft_abnormal_car(abnormal, i, values->first, values->last, &values->car[i], &values->variance[i]);
    bool usable = abnormal->fit[i].sigma > 0.0 && values->variance[i] > 0.0;
    values->scar[i] = usable ? values->car[i] / sqrt(values->variance[i]) : (double)NAN;
  }
}

void aft_window_values_fill(const aft_abnormal *abnormal, int first_day, int last_day, aft_window_values *values) {
  aft_window_values_place(abnormal, first_day, last_day, values);
  aft_window_values_fill_rows(abnormal, 0, abnormal->n_events, values);
}
