/* Least squares by Householder QR on columns scaled to unit length. */
#include <aftershock/stats/ols.h>

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/stats/describe.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

/* A column shorter than this is a column of zeros; its reciprocal would overflow. */
#define SMALLEST_LENGTH 1e-300

LANES_INLINE double dot(const double *a, const double *b, int n) {
  lanes sum = {0}, x, y;
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&x, a + i);
    lanes_load(&y, b + i);
    sum += x * y;
  }
  for (int i = whole; i < n; i++) sum[i - whole] += a[i] * b[i];
  return lanes_sum(&sum);
}

LANES_INLINE void subtract(double *a, double factor, const double *v, int n) {
  lanes x, y;
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&x, a + i);
    lanes_load(&y, v + i);
    x -= factor * y;
    memcpy(a + i, &x, sizeof x);
  }
  for (int i = whole; i < n; i++) a[i] -= factor * v[i];
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
WIDEST static double reflect(double *x, int n, int k, int j, double *scale) {
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
WIDEST static void solve(const double *x, const double *norm, const double *scale, const double *triangle, int n, int k,
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

WIDEST void aft_ols_basis(const double *x, const aft_ols_factors *f, int n, int k, size_t stride, double *q) {
  for (int c = 0; c < k; c++) {
    double *column = q + (ptrdiff_t)stride * c;
    for (int i = 0; i < n; i++) column[i] = i == c;
    for (int j = c; j >= 0; j--) {
      const double *v = x + (ptrdiff_t)j * n + j;
      subtract(column + j, f->scale[j] * dot(v, column + j, n - j), v, n - j);
    }
  }
}

WIDEST double aft_ols_check_rest(double rest, double total) { return rest >= 0.1 * total ? rest : (double)NAN; }

double aft_ols_residual_squares(const double *y, int n, int k) { return dot(y + k, y + k, n - k); }

void aft_ols_pack(const double *r, int k, double *packed) {
  for (int i = 0; i < k; i++)
    for (int j = i; j < k; j++) *packed++ = r[i * k + j];
}

void aft_ols_leverage_packed(const double *packed, int k, const double *row, double *z) {
  for (int j = 0; j < k; j++) z[j] = row[j];
  for (int i = 0; i < k; i++) {
    z[i] /= *packed++;
    for (int j = i + 1; j < k; j++) z[j] -= *packed++ * z[i];
  }
}

void aft_ols_leverage_row(const double *r, int k, const double *row, double *z) {
  for (int j = 0; j < k; j++) {
    double sum = row[j];
    for (int i = 0; i < j; i++) sum -= r[i * k + j] * z[i];
    z[j] = sum / r[j * k + j];
  }
}

void aft_ols_unit_errors(const double *r, int k, double *unit_error) {
  double z[AFT_OLS_MAX_COEF], reciprocal[AFT_OLS_MAX_COEF];
  g_assert(k >= 1 && k <= AFT_OLS_MAX_COEF);
  for (int j = 0; j < k; j++) reciprocal[j] = 1 / r[j * k + j];
  for (int a = 0; a < k; a++) { /* z = R^-T of an axis, which is 0 before it */
    double squares = reciprocal[a] * reciprocal[a];
    z[a] = reciprocal[a];
    for (int j = a + 1; j < k; j++) {
      double sum = 0;
      for (int i = a; i < j; i++) sum -= r[i * k + j] * z[i];
      z[j] = sum * reciprocal[j];
      squares += z[j] * z[j];
    }
    unit_error[a] = sqrt(squares);
  }
}

WIDEST void aft_ols_predict(const double *x, int n, int k, double alpha, const double *slope, double *value) {
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes sum = {0}, a;
    sum += alpha;
    for (int j = 0; j < k; j++) {
      lanes_load(&a, x + (ptrdiff_t)j * n + i);
      sum += slope[j] * a;
    }
    memcpy(value + i, &sum, sizeof sum);
  }
  for (int i = whole; i < n; i++) {
    value[i] = alpha;
    for (int j = 0; j < k; j++) value[i] += slope[j] * x[(ptrdiff_t)j * n + i];
  }
}

WIDEST void aft_ols_subtract(const double *a, const double *b, int n, double *out) {
  lanes x, y;
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&x, a + i);
    lanes_load(&y, b + i);
    x -= y;
    memcpy(out + i, &x, sizeof x);
  }
  for (int i = whole; i < n; i++) out[i] = a[i] - b[i];
}

WIDEST bool aft_ols_is_whole(const double *value, ptrdiff_t n) {
  lanes sum = {0}, x;
  ptrdiff_t whole = n - n % LANES;
  for (ptrdiff_t i = 0; i < whole; i += LANES) {
    lanes_load(&x, value + i);
    sum += x;
  }
  lanes_load_rest(&x, value + whole, (int)(n - whole), 0);
  sum += x;
  return !isnan(lanes_sum(&sum));
}

/* Mean and sum of squared deviations; false when a value is missing. */
WIDEST static bool find_whole_moments(const double *value, int n, double *mean, double *sum_of_squares) {
  lanes sum = {0}, squares = {0}, drift = {0}, x;
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&x, value + i);
    sum += x;
  }
  lanes_load_rest(&x, value + whole, n - whole, 0);
  sum += x;
  double centre = lanes_sum(&sum) / n;
  if (isnan(centre)) return false;
  for (int i = 0; i < n; i += LANES) {
    if (i < whole)
      lanes_load(&x, value + i);
    else
      lanes_load_rest(&x, value + i, n - i, centre);
    lanes deviation = x - centre;
    squares += deviation * deviation;
    drift += deviation;
  }
  double left = lanes_sum(&drift); /* rounding left in the mean */
  *mean = centre + left / n;
  *sum_of_squares = fmax(0, lanes_sum(&squares) - left * (left / n));
  return true;
}

/* The same of the values that are there, to the same bits as if the others had never stood between them. */
static int find_moments(const double *value, int n, double *mean, double *sum_of_squares) {
  lanes sum = {0}, squares = {0}, drift = {0};
  int used = 0, at = 0;
  for (int i = 0; i < n; i++)
    if (!isnan(value[i])) sum[used++ % LANES] += value[i];
  double centre = lanes_sum(&sum) / used;
  for (int i = 0; i < n; i++)
    if (!isnan(value[i])) {
      double deviation = value[i] - centre;
      squares[at % LANES] += deviation * deviation;
      drift[at++ % LANES] += deviation;
    }
  double left = lanes_sum(&drift);
  *mean = used > 0 ? centre + left / used : (double)NAN;
  *sum_of_squares = used > 0 ? fmax(0, lanes_sum(&squares) - left * (left / used)) : 0;
  return used;
}

void aft_ols_moments(const double *value, int n, int *n_used, double *mean, double *sum_of_squares) {
  *n_used = find_whole_moments(value, n, mean, sum_of_squares) ? n : find_moments(value, n, mean, sum_of_squares);
}

bool aft_ols_is_constant(double sum_of_squares, int n, double mean) {
  return n < 2 || aft_sd_is_zero(sqrt(sum_of_squares / (n - 1)), mean);
}
