/* Least squares with heteroskedasticity-, cluster- and autocorrelation-robust covariances. */
#include <aftershock/stats/regression.h>

#include <aftershock/stats/describe.h>
#include <aftershock/stats/dist.h>

#include <glib.h>
#include <gsl/gsl_blas.h>
#include <gsl/gsl_errno.h>
#include <gsl/gsl_linalg.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* 1 - h below this: the observation alone decides a coefficient, and its residual is rounding. */
#define FULL_LEVERAGE 1e-10
/* A pivot of the slopes' correlations below this: the covariance has no inverse. */
#define SINGULAR_PIVOT 1e-10

/* One fit. Rows are of the weighted regression: sqrt(w) x, sqrt(w) e. */
typedef struct fit {
  const aft_regression_data *data;
  size_t n, k;
  double *r;        /* [k][k] triangular factor */
  double *z;        /* [n][k] R^-T x: z'z is the leverage, sum z z' the unit matrix */
  double *residual; /* [n] */
  double *meat;     /* [k][k] M in the same coordinates: V = R^-1 M R^-T */
} fit;

static const char note_few[] = "no more observations than coefficients";
static const char note_collinear[] = "the columns are collinear";
static const char note_perfect[] = "the fit leaves no residual variance";
static const char note_leverage[] = "an observation has leverage 1: hc2 and hc3 do not exist";
static const char note_clusters[] = "fewer than 2 clusters";
static const char note_singular[] = "the covariance of the slopes is singular";

const char *aft_regression_errors_name(enum aft_regression_errors errors) {
  static const char *const names[] = {
      [AFT_ERRORS_OLS] = "ols",       [AFT_ERRORS_HC0] = "hc0", [AFT_ERRORS_HC1] = "hc1",
      [AFT_ERRORS_HC2] = "hc2",       [AFT_ERRORS_HC3] = "hc3", [AFT_ERRORS_CLUSTER] = "cluster",
      [AFT_ERRORS_HAC] = "newey_west"};
  return names[errors];
}

int aft_regression_default_lag(size_t n) {
  int lag = (int)floor(4 * pow((double)n / 100, 2.0 / 9));
  return n == 0 ? 0 : MIN(lag, (int)(n - 1));
}

static double weight_root(const aft_regression_data *data, size_t i) {
  return data->weight != NULL ? sqrt(data->weight[i]) : 1;
}

static void reset(aft_regression *out) {
  for (int j = 0; j < AFT_OLS_MAX_COEF; j++) out->coefficient[j] = out->standard_error[j] = (double)NAN;
  out->df = out->r_squared = out->adjusted_r_squared = out->f = out->f_df = out->f_p_value = (double)NAN;
  out->note = out->f_note = NULL;
}

/* Coefficients, rows in the coordinates of R, residuals; false when the columns are collinear. */
static bool solve(fit *f, double *coefficient) {
  const aft_regression_data *data = f->data;
  g_autofree double *x = g_new(double, f->n * f->k), *y = g_new(double, f->n);
  for (size_t i = 0; i < f->n; i++) {
    double root = weight_root(data, i);
    y[i] = root * data->y[i];
    for (size_t j = 0; j < f->k; j++) x[j * f->n + i] = root * data->x[j * f->n + i];
  }
  if (!aft_ols_fit(x, y, (int)f->n, (int)f->k, coefficient, f->r)) return false;
  for (size_t i = 0; i < f->n; i++) {
    double root = weight_root(data, i), *z = f->z + i * f->k;
    aft_sum fitted = {0, 0};
    for (size_t j = 0; j < f->k; j++) {
      z[j] = root * data->x[j * f->n + i];
      aft_sum_add(&fitted, coefficient[j] * data->x[j * f->n + i]);
    }
    aft_ols_leverage_row(f->r, (int)f->k, z, z);
    f->residual[i] = root * (data->y[i] - aft_sum_get(&fitted));
  }
  return true;
}

static double residual_squares(const fit *f) {
  aft_sum sum = {0, 0};
  for (size_t i = 0; i < f->n; i++) aft_sum_add(&sum, f->residual[i] * f->residual[i]);
  return aft_sum_get(&sum);
}

/* Weighted squares about the weighted mean; 0 when y varies by rounding alone. */
static double total_squares(const aft_regression_data *data) {
  aft_sum sum = {0, 0}, weights = {0, 0}, squares = {0, 0};
  for (size_t i = 0; i < data->n; i++) {
    double w = data->weight != NULL ? data->weight[i] : 1;
    aft_sum_add(&sum, w * data->y[i]);
    aft_sum_add(&weights, w);
  }
  double mean = aft_sum_get(&sum) / aft_sum_get(&weights);
  for (size_t i = 0; i < data->n; i++) {
    double deviation = data->y[i] - mean;
    aft_sum_add(&squares, (data->weight != NULL ? data->weight[i] : 1) * deviation * deviation);
  }
  double total = aft_sum_get(&squares), mean_weight = aft_sum_get(&weights) / (double)data->n;
  return aft_ols_is_constant(total / mean_weight, (int)data->n, mean) ? 0 : total;
}

/* meat += factor (a b' + b a')/2, kept symmetric to the last bit. */
static void add_product(fit *f, double factor, const double *a, const double *b) {
  for (size_t i = 0; i < f->k; i++)
    for (size_t j = 0; j < f->k; j++) f->meat[i * f->k + j] += 0.5 * factor * (a[i] * b[j] + a[j] * b[i]);
}

/* False when an observation has leverage 1 and the errors divide by 1 - h. */
static bool sum_rows(fit *f) {
  enum aft_regression_errors errors = f->data->errors;
  double n = (double)f->n, k = (double)f->k;
  for (size_t i = 0; i < f->n; i++) {
    const double *z = f->z + i * f->k;
    double leverage = 0, e = f->residual[i], factor = e * e;
    for (size_t j = 0; j < f->k; j++) leverage += z[j] * z[j];
    if (errors == AFT_ERRORS_HC1) factor *= n / (n - k);
    if (errors == AFT_ERRORS_HC2 || errors == AFT_ERRORS_HC3) {
      if (!(1 - leverage > FULL_LEVERAGE)) return false;
      factor /= errors == AFT_ERRORS_HC2 ? 1 - leverage : (1 - leverage) * (1 - leverage);
    }
    add_product(f, factor, z, z);
  }
  return true;
}

static void sum_clusters(fit *f) {
  size_t n_clusters = f->data->n_clusters;
  double n = (double)f->n, g = (double)n_clusters, factor = g / (g - 1) * (n - 1) / (n - (double)f->k);
  g_autofree double *sum = g_new0(double, n_clusters * f->k);
  for (size_t i = 0; i < f->n; i++)
    for (size_t j = 0; j < f->k; j++) sum[f->data->cluster[i] * f->k + j] += f->residual[i] * f->z[i * f->k + j];
  for (size_t c = 0; c < n_clusters; c++) add_product(f, factor, sum + c * f->k, sum + c * f->k);
}

static void sum_lags(fit *f) {
  double n = (double)f->n, correction = n / (n - (double)f->k);
  for (int lag = 0; lag <= f->data->lag && (size_t)lag < f->n; lag++) {
    double weight = 1 - lag / (f->data->lag + 1.0);
    for (size_t t = (size_t)lag; t < f->n; t++) {
      double product = f->residual[t] * f->residual[t - (size_t)lag];
      add_product(f, correction * weight * (lag > 0 ? 2 : 1) * product, f->z + t * f->k,
                  f->z + (t - (size_t)lag) * f->k);
    }
  }
}

/* M; a reason when it does not exist. */
static const char *fill_meat(fit *f, double variance) {
  memset(f->meat, 0, f->k * f->k * sizeof *f->meat);
  switch (f->data->errors) {
  case AFT_ERRORS_OLS:
    for (size_t j = 0; j < f->k; j++) f->meat[j * f->k + j] = variance;
    return NULL;
  case AFT_ERRORS_CLUSTER:
    if (f->data->n_clusters < 2) return note_clusters;
    sum_clusters(f);
    return NULL;
  case AFT_ERRORS_HAC: sum_lags(f); return NULL;
  default: return sum_rows(f) ? NULL : note_leverage;
  }
}

/* a = R^-1 a for each column of the k x k matrix: back substitution. */
static void divide_by_r(const fit *f, double *a) {
  size_t k = f->k;
  for (size_t c = 0; c < k; c++)
    for (size_t i = k; i-- > 0;) {
      double sum = a[i * k + c];
      for (size_t j = i + 1; j < k; j++) sum -= f->r[i * k + j] * a[j * k + c];
      a[i * k + c] = sum / f->r[i * k + i];
    }
}

static void transpose(double *a, size_t k) {
  for (size_t i = 0; i < k; i++)
    for (size_t j = i + 1; j < k; j++) {
      double kept = a[i * k + j];
      a[i * k + j] = a[j * k + i];
      a[j * k + i] = kept;
    }
}

/* meat becomes V = R^-1 M R^-T: M is symmetric, so both sides are the same step. */
static void fill_covariance(fit *f) {
  divide_by_r(f, f->meat);
  transpose(f->meat, f->k);
  divide_by_r(f, f->meat);
}

/* b'V^-1 b of the slopes: V is scaled to correlations, so that the units of the columns do not matter. */
static bool compute_wald(const fit *f, const aft_regression *out, double *wald) {
  size_t m = f->k - 1;
  double correlation[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF], t[AFT_OLS_MAX_COEF];
  for (size_t i = 0; i < m; i++) {
    if (!(out->standard_error[i + 1] > 0)) return false;
    t[i] = out->coefficient[i + 1] / out->standard_error[i + 1];
    for (size_t j = 0; j < m; j++)
      correlation[i * m + j] =
          f->meat[(i + 1) * f->k + j + 1] / out->standard_error[i + 1] / out->standard_error[j + 1];
  }
  gsl_matrix_view matrix = gsl_matrix_view_array(correlation, m, m);
  gsl_vector_view vector = gsl_vector_view_array(t, m);
  if (gsl_linalg_cholesky_decomp1(&matrix.matrix) != GSL_SUCCESS) return false;
  for (size_t i = 0; i < m; i++)
    if (!(correlation[i * m + i] * correlation[i * m + i] > SINGULAR_PIVOT)) return false;
  if (gsl_blas_dtrsv(CblasLower, CblasNoTrans, CblasNonUnit, &matrix.matrix, &vector.vector) != GSL_SUCCESS)
    return false;
  return gsl_blas_ddot(&vector.vector, &vector.vector, wald) == GSL_SUCCESS;
}

static void test_slopes(const fit *f, aft_regression *out) {
  double wald;
  if (f->k < 2) return;
  if (!compute_wald(f, out, &wald)) {
    out->f_note = note_singular;
    return;
  }
  out->f_df = (double)(f->k - 1);
  out->f = wald / out->f_df;
  out->f_p_value = aft_f_p_value(out->f, out->f_df, out->df);
}

/* Fit and errors; the reason when one of them does not exist. */
static const char *compute(fit *f, aft_regression *out) {
  double n = (double)f->n, k = (double)f->k;
  if (f->n <= f->k) return note_few;
  double total = total_squares(f->data);
  if (!solve(f, out->coefficient)) {
    for (size_t j = 0; j < f->k; j++) out->coefficient[j] = (double)NAN;
    return note_collinear;
  }
  double squares = residual_squares(f), variance = squares / (n - k);
  bool constant = !(total > 0);
  if (!constant) {
    out->r_squared = 1 - squares / total;
    out->adjusted_r_squared = 1 - (1 - out->r_squared) * (n - 1) / (n - k);
  }
  if (constant || sqrt(variance) <= 1e-14 * sqrt(total / (n - 1))) return note_perfect;
  const char *note = fill_meat(f, variance);
  if (note != NULL) return note;
  fill_covariance(f);
  out->df = f->data->errors == AFT_ERRORS_CLUSTER ? (double)f->data->n_clusters - 1 : n - k;
  for (size_t j = 0; j < f->k; j++) out->standard_error[j] = sqrt(f->meat[j * f->k + j]);
  test_slopes(f, out);
  return NULL;
}

void aft_regression_fit(const aft_regression_data *data, aft_regression *out) {
  g_assert(data->k >= 1 && data->k <= AFT_OLS_MAX_COEF && data->n <= INT_MAX);
  size_t n = data->n, k = (size_t)data->k;
  g_autofree double *work = g_new(double, 2 * k * k + n * k + n + 1);
  fit f = {.data = data, .n = n, .k = k, .r = work, .meat = work + k * k, .z = work + 2 * k * k};
  f.residual = f.z + n * k;
  reset(out);
  out->note = compute(&f, out);
  if (out->note != NULL) out->f_note = out->note;
}
