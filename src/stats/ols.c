/* Least squares by Householder QR on columns scaled to unit length. */
#include <aftershock/stats/ols.h>

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/stats/describe.h>

#include <aftershock/base/banned.h>

/* A column shorter than this is a column of zeros; its reciprocal would overflow. */
#define SMALLEST_LENGTH 1e-300

/* Four partial sums: faster than one, since additions need not wait for each other, and closer to the exact sum. */
static double dot(const double *a, const double *b, int n) {
  double s0 = 0, s1 = 0, s2 = 0, s3 = 0;
  int i = 0;
  for (; i + 4 <= n; i += 4) {
    s0 += a[i] * b[i];
    s1 += a[i + 1] * b[i + 1];
    s2 += a[i + 2] * b[i + 2];
    s3 += a[i + 3] * b[i + 3];
  }
  for (; i < n; i++) s0 += a[i] * b[i];
  return (s0 + s1) + (s2 + s3);
}

static void subtract(double *a, double factor, const double *v, int n) {
  for (int i = 0; i < n; i++) a[i] -= factor * v[i];
}

/*
 * Length of a column. Squares of returns neither overflow nor vanish; for anything else the largest element is
 * taken out first.
 */
static double length(const double *a, int n) {
  double plain = dot(a, a, n);
  if (plain > 1e-200 && plain < 1e200) return sqrt(plain);
  double largest = 0;
  for (int i = 0; i < n; i++) largest = fmax(largest, fabs(a[i]));
  if (largest == 0) return 0;
  double sum = 0;
  for (int i = 0; i < n; i++) sum += (a[i] / largest) * (a[i] / largest);
  return largest * sqrt(sum);
}

/* Scales a column to unit length; returns the length, 0 for a column of zeros. */
static double scale_column(double *a, int n) {
  double norm = length(a, n);
  double unit = norm > 0 ? 1 / norm : 0;
  for (int i = 0; i < n; i++) a[i] *= unit;
  return norm;
}

/*
 * Reflects column j (rows j..n-1) onto its first axis, applies the reflection to the later columns, and returns R_jj. The
 * reflector takes the place of the column; *scale is 2 / v'v.
 */
static double reflect(double *x, int n, int k, int j, double *scale) {
  double *v = x + (ptrdiff_t)j * n + j;
  int rows = n - j;
  double norm = length(v, rows);
  *scale = 0;
  if (norm == 0) return 0;
  double diagonal = v[0] > 0 ? -norm : norm;
  v[0] -= diagonal;
  *scale = 1 / (norm * fabs(v[0])); /* without another pass */
  for (int c = j + 1; c < k; c++) {
    double *column = x + (ptrdiff_t)c * n + j;
    subtract(column, *scale * dot(v, column, rows), v, rows);
  }
  return diagonal;
}

/* X = U diag(norm), U = Q R: reflectors in place of x, R of U. False when the columns are collinear. */
static bool factor(double *x, int n, int k, double *norm, double *scale, double *r) {
  g_assert(k >= 1 && k <= AFT_OLS_MAX_COEF && n >= k);
  for (int j = 0; j < k; j++) {
    norm[j] = scale_column(x + (ptrdiff_t)j * n, n);
    if (!(norm[j] > SMALLEST_LENGTH)) return false;
  }
  double smallest = HUGE_VAL, largest = 0;
  for (int j = 0; j < k; j++) {
    double diagonal = reflect(x, n, k, j, &scale[j]);
    smallest = fmin(smallest, fabs(diagonal));
    largest = fmax(largest, fabs(diagonal));
    if (!(smallest >= AFT_OLS_COLLINEAR * largest)) return false;
    for (int i = 0; i < k; i++) r[i * k + j] = i < j ? x[(ptrdiff_t)j * n + i] : 0;
    r[j * k + j] = diagonal;
  }
  return true;
}

/* y becomes Q'y, and the coefficients come by back substitution on the scaled triangle. */
static void solve(const double *x, const double *norm, const double *scale, const double *triangle, int n, int k,
                  double *y, double *coefficient) {
  for (int j = 0; j < k; j++) {
    const double *v = x + (ptrdiff_t)j * n + j;
    subtract(y + j, scale[j] * dot(v, y + j, n - j), v, n - j);
  }
  for (int i = k - 1; i >= 0; i--) {
    double sum = y[i];
    for (int j = i + 1; j < k; j++) sum -= triangle[i * k + j] * coefficient[j];
    coefficient[i] = sum / triangle[i * k + i];
  }
  for (int j = 0; j < k; j++) coefficient[j] /= norm[j];
}

static void undo_scaling(const double *norm, int k, double *r) {
  for (int j = 0; j < k; j++)
    for (int i = 0; i <= j; i++) r[i * k + j] *= norm[j];
}

bool aft_ols_fit(double *x, double *y, int n, int k, double *coefficient, double *r) {
  double norm[AFT_OLS_MAX_COEF], scale[AFT_OLS_MAX_COEF];
  if (!factor(x, n, k, norm, scale, r)) return false;
  solve(x, norm, scale, r, n, k, y, coefficient);
  undo_scaling(norm, k, r);
  return true;
}

bool aft_ols_factor(double *x, int n, int k, aft_ols_factors *f, double *r) {
  if (!factor(x, n, k, f->norm, f->scale, f->triangle)) return false;
  memcpy(r, f->triangle, (size_t)k * (size_t)k * sizeof *r);
  undo_scaling(f->norm, k, r);
  return true;
}

void aft_ols_solve(const double *x, const aft_ols_factors *f, int n, int k, double *y, double *coefficient) {
  solve(x, f->norm, f->scale, f->triangle, n, k, y, coefficient);
}

double aft_ols_residual_squares(const double *y, int n, int k) { return dot(y + k, y + k, n - k); }

void aft_ols_leverage_row(const double *r, int k, const double *row, double *z) {
  for (int j = 0; j < k; j++) {
    double sum = row[j];
    for (int i = 0; i < j; i++) sum -= r[i * k + j] * z[i];
    z[j] = sum / r[j * k + j];
  }
}

void aft_ols_unit_errors(const double *r, int k, double *unit_error) {
  double axis[AFT_OLS_MAX_COEF];
  g_assert(k >= 1 && k <= AFT_OLS_MAX_COEF);
  for (int a = 0; a < k; a++) {
    for (int j = 0; j < k; j++) axis[j] = j == a ? 1 : 0;
    aft_ols_leverage_row(r, k, axis, axis);
    unit_error[a] = sqrt(dot(axis, axis, k));
  }
}

void aft_ols_moments(const double *value, int n, int *n_used, double *mean, double *sum_of_squares) {
  double sum = 0, squares = 0, drift = 0;
  int used = 0;
  for (int i = 0; i < n; i++)
    if (!isnan(value[i])) {
      sum += value[i];
      used++;
    }
  double centre = sum / used;
  for (int i = 0; i < n; i++)
    if (!isnan(value[i])) {
      double deviation = value[i] - centre;
      squares += deviation * deviation;
      drift += deviation;
    }
  *n_used = used;
  *mean = used > 0 ? centre + drift / used : (double)NAN;
  *sum_of_squares = used > 0 ? fmax(0, squares - drift * (drift / used)) : 0; /* drift: rounding left in the mean */
}

bool aft_ols_is_constant(double sum_of_squares, int n, double mean) {
  return n < 2 || aft_sd_is_zero(sqrt(sum_of_squares / (n - 1)), mean);
}
