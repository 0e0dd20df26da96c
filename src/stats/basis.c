/* Least squares in an orthonormal basis of the regressors, from which rows are taken out again. */
#include <aftershock/stats/basis.h>

#include <aftershock/stats/ols.h>

#include <math.h>
#include <stdint.h>
#include <string.h>

#include <glib.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

/* Columns this far from collinear cannot become so when a pivot keeps a tenth of its square. */
#define FIRM (100 * AFT_OLS_COLLINEAR)
#define SMALLEST_PIVOT 0.1

size_t aft_basis_stride(int n) { return ((size_t)n + LANES - 1) / LANES * LANES; }

size_t aft_basis_size(int n, int k) {
  return aft_basis_stride(n) * (size_t)(k + 1) + (size_t)k * (size_t)k + (size_t)n * aft_basis_stride(k);
}

void aft_basis_place(aft_basis *basis, int n, int k, double *room) {
  size_t stride = aft_basis_stride(n);
  basis->n = n;
  basis->k = k;
  basis->q = room;
  basis->hole = basis->q + stride * (size_t)k;
  basis->r = basis->hole + stride;
  basis->row = basis->r + (size_t)k * (size_t)k;
}

/* X into room with zeros in the rows left out, which are marked; returns the number of the others. */
static int lay_out(const aft_basis *b, const double *x, bool constant, double *room) {
  int n = b->n, n_x = b->k - (constant ? 1 : 0), n_whole = 0;
  memset(b->hole, 0, aft_basis_stride(n) * sizeof *b->hole);
  for (int j = 0; j < n_x; j++)
    for (int i = 0; i < n; i++) b->hole[i] += 0 * x[(ptrdiff_t)j * n + i];
  for (int i = 0; i < n; i++) {
    bool whole = !isnan(b->hole[i]);
    double *cell = room + i;
    b->hole[i] = whole ? 0 : (double)NAN;
    n_whole += whole;
    if (constant) *cell = whole ? 1 : 0;
    if (constant) cell += n;
    for (int j = 0; j < n_x; j++) cell[(ptrdiff_t)j * n] = whole ? x[(ptrdiff_t)j * n + i] : 0;
  }
  return n_whole;
}

bool aft_basis_build(aft_basis *b, const double *x, bool constant, double *room) {
  double norm[AFT_OLS_MAX_COEF], scale[AFT_OLS_MAX_COEF], triangle[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF];
  aft_ols_factors factors = {norm, scale, triangle};
  int n = b->n, k = b->k;
  size_t stride = aft_basis_stride(n);
  b->constant = constant;
  b->n_whole = lay_out(b, x, constant, room);
  if (b->n_whole < k || !aft_ols_factor(room, n, k, &factors, b->r)) return false;
  memset(b->q, 0, stride * (size_t)k * sizeof *b->q);
  aft_ols_basis(room, &factors, n, k, stride, b->q);
  for (int i = 0; i < n; i++)
    for (int j = 0; j < k && isnan(b->hole[i]); j++) b->q[stride * (size_t)j + (size_t)i] = 0;
  size_t width = aft_basis_stride(k);
  memset(b->row, 0, width * (size_t)n * sizeof *b->row);
  for (size_t i = 0; i < (size_t)n; i++)
    for (size_t j = 0; j < (size_t)k; j++) b->row[width * i + j] = b->q[stride * j + i];
  double smallest = HUGE_VAL, largest = 0;
  for (int j = 0; j < k; j++) {
    smallest = fmin(smallest, fabs(triangle[j * k + j]));
    largest = fmax(largest, fabs(triangle[j * k + j]));
  }
  b->is_firm = smallest >= FIRM * largest;
  return true;
}

/* y + hole, and its sum. */
WIDEST static double add_holes(const double *y, const double *hole, int n, double *out) {
  lanes sum = {0}, a, b;
  int whole = n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&a, y + i);
    lanes_load(&b, hole + i);
    a += b;
    memcpy(out + i, &a, sizeof a);
    sum += a;
  }
  if (whole < n) {
    lanes_load_rest(&a, y + whole, n - whole, 0);
    lanes_load(&b, hole + whole);
    a += b;
    memcpy(out + whole, &a, sizeof a);
    sum += a;
  }
  return lanes_sum(&sum);
}

/* Sums of the squares of deviations, and of these. */
typedef struct squares {
  lanes square, drift;
} squares;

/* Adds eight deviations; they take the place of y when `moves`. */
LANES_INLINE void add_squares(squares *s, const lanes *deviation, double *y, bool moves) {
  if (moves) memcpy(y, deviation, sizeof *deviation);
  s->square += *deviation * *deviation;
  s->drift += *deviation;
}

LANES_INLINE void square_some(double *y, const double *there, int n, double centre, bool moves, squares *s) {
  lanes a, b;
  int whole = there != NULL ? (int)aft_basis_stride(n) : n - n % LANES;
  for (int i = 0; i < whole; i += LANES) {
    lanes_load(&a, y + i);
    a -= centre;
    if (there != NULL) {
      lanes_load(&b, there + i);
      a *= b;
    }
    add_squares(s, &a, y + i, moves);
  }
  if (whole >= n) return;
  lanes_load_rest(&a, y + whole, n - whole, centre); /* what stands behind the last is 0 */
  a -= centre;
  add_squares(s, &a, y + whole, moves);
}

/* Squares of y - centre where y is there (NULL: everywhere), and what is left of their sum. */
WIDEST static void square(double *y, const double *there, int n, double centre, bool moves, double *sum, double *left) {
  squares s = {{0}, {0}};
  if (there == NULL && moves)
    square_some(y, NULL, n, centre, true, &s);
  else
    square_some(y, there, n, centre, moves, &s);
  *sum = lanes_sum(&s.square);
  *left = lanes_sum(&s.drift);
}

/* Bits of eight doubles. */
typedef int64_t bits __attribute__((vector_size(LANES * sizeof(int64_t))));
typedef int8_t marks __attribute__((vector_size(LANES)));

/* Notes where y is missing among eight from `start` on: a byte of `there` that is 0. What stands behind the last of n is no gap. */
LANES_INLINE void note_gaps(aft_basis_sample *s, int start, int n, uint64_t there) {
  for (uint64_t gaps = ~GUINT64_TO_LE(there); gaps != 0; gaps &= ~(UINT64_C(0xff) << __builtin_ctzll(gaps) / 8 * 8)) {
    int i = start + __builtin_ctzll(gaps) / 8;
    if (i < n) s->gap[s->n_gaps++] = i;
  }
}

/* Notes where y is missing, and puts 0 there; returns the sum of the others. */
WIDEST static double find_gaps(aft_basis_sample *s, int n) {
  const lanes ones = {1, 1, 1, 1, 1, 1, 1, 1};
  lanes sum = {0}, a, same;
  bits value, one;
  uint64_t word;
  memcpy(&one, &ones, sizeof one);
  for (int i = 0; i < n; i += LANES) {
    lanes_load(&a, s->y + i);
    lanes_load(&same, s->y + i);
    bits there = a == same; /* what is missing equals nothing */
    memcpy(&value, &a, sizeof value);
    value &= there;
    memcpy(&a, &value, sizeof a);
    sum += a;
    value = one & there;
    memcpy(s->y + i, &a, sizeof a);
    memcpy(s->there + i, &value, sizeof value);
    marks mark = __builtin_convertvector(there, marks);
    memcpy(&word, &mark, sizeof word);
    if (word != UINT64_MAX) note_gaps(s, i, n, word);
  }
  for (int i = n; i < (int)aft_basis_stride(n); i++) s->there[i] = 0;
  s->n_used = n - s->n_gaps;
  int first = 0, last = n - 1;
  while (first < s->n_gaps && s->gap[first] == first) first++;
  while (n - 1 - last < s->n_gaps && s->gap[s->n_gaps - 1 - (n - 1 - last)] == last) last--;
  s->first = s->n_used > 0 ? first : 0;
  s->last = last;
  return lanes_sum(&sum);
}

void aft_basis_take(const aft_basis *basis, const double *y, double *room, aft_basis_sample *s) {
  size_t stride = aft_basis_stride(basis->n);
  int n = basis->n;
  double left, around, sum;
  *s = (aft_basis_sample){.n_used = n,
                          .last = n - 1,
                          .y = room,
                          .there = room + stride,
                          .e = room + 2 * stride,
                          .gap = (int *)(void *)(room + 3 * stride)};
  sum = add_holes(y, basis->hole, n, s->y);
  if (isnan(sum)) {
    sum = find_gaps(s, n);
    s->mean = (double)NAN;
    if (s->n_used == 0) return;
  }
  double centre = sum / s->n_used;
  square(s->y, s->n_used == n ? NULL : s->there, n, centre, basis->constant, &around, &left);
  s->centre = basis->constant ? centre : 0;
  s->mean = centre + left / s->n_used;
  s->squares = fmax(0, around - left * (left / s->n_used));
}

LANES_INLINE void project_three(const double *q, size_t stride, const double *y, double *c) {
  lanes s0 = {0}, s1 = {0}, s2 = {0}, v, a;
  for (size_t i = 0; i < stride; i += LANES) {
    lanes_load(&v, y + i);
    lanes_load(&a, q + i);
    s0 += a * v;
    lanes_load(&a, q + stride + i);
    s1 += a * v;
    lanes_load(&a, q + 2 * stride + i);
    s2 += a * v;
  }
  c[0] = lanes_sum(&s0);
  c[1] = lanes_sum(&s1);
  c[2] = lanes_sum(&s2);
}

LANES_INLINE double project_one(const double *q, size_t stride, const double *y) {
  lanes sum = {0}, v, a;
  for (size_t i = 0; i < stride; i += LANES) {
    lanes_load(&v, y + i);
    lanes_load(&a, q + i);
    sum += a * v;
  }
  return lanes_sum(&sum);
}

/* c = Q'y, in threes: their sums wait for each other less. */
WIDEST static void project(const double *q, size_t stride, int k, const double *y, double *c) {
  int j = 0;
  for (; j + 3 <= k; j += 3) project_three(q + stride * (size_t)j, stride, y, c + j);
  for (; j < k; j++) c[j] = project_one(q + stride * (size_t)j, stride, y);
}

/* e = y - Q c where y is there (NULL: everywhere), 0 elsewhere; returns e'e. */
WIDEST static double find_residuals(const double *q, size_t stride, int k, const double *c, const double *y,
                                    const double *there, double *e) {
  lanes sum = {0}, v, a;
  for (size_t i = 0; i < stride; i += LANES) {
    const double *column = q + i;
    lanes_load(&v, y + i);
    for (int j = 0; j < k; j++, column += stride) {
      lanes_load(&a, column);
      v -= c[j] * a;
    }
    if (there != NULL) {
      lanes_load(&a, there + i);
      v *= a;
    }
    memcpy(e + i, &v, sizeof v);
    sum += v * v;
  }
  return lanes_sum(&sum);
}

/* g [k][stride of k] = sum of q q' over the rows without y. */
WIDEST static void sum_rows(const aft_basis *b, const aft_basis_sample *s, double *g) {
  size_t k = (size_t)b->k, width = aft_basis_stride(b->k);
  lanes sum, row;
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j <= i; j += LANES) {
      sum = (lanes){0};
      for (int m = 0; m < s->n_gaps; m++) {
        const double *q = b->row + width * (size_t)s->gap[m];
        lanes_load(&row, q + j);
        sum += q[i] * row;
      }
      memcpy(g + i * width + j, &sum, sizeof sum);
    }
}

/* G = I - sum of q q' over the rows without y, lower triangle. */
static void take_out(const aft_basis *b, const aft_basis_sample *s, double *g) {
  double sum[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF];
  int k = b->k, width = (int)aft_basis_stride(k);
  sum_rows(b, s, sum);
  for (int i = 0; i < k; i++)
    for (int j = 0; j <= i; j++) g[i * k + j] = (i == j) - sum[i * width + j];
}

/* G = L L' in place, and reciprocals of L's diagonal; false when a pivot is small. */
static bool decompose(double *g, int k, double *reciprocal) {
  for (int j = 0; j < k; j++) {
    double pivot = g[j * k + j];
    for (int m = 0; m < j; m++) pivot -= g[j * k + m] * g[j * k + m];
    if (!(pivot >= SMALLEST_PIVOT)) return false;
    g[j * k + j] = sqrt(pivot);
    reciprocal[j] = 1 / g[j * k + j];
    for (int i = j + 1; i < k; i++) {
      double sum = g[i * k + j];
      for (int m = 0; m < j; m++) sum -= g[i * k + m] * g[j * k + m];
      g[i * k + j] = sum * reciprocal[j];
    }
  }
  return true;
}

/* c becomes (L L')^-1 c. */
static void undo(const double *l, const double *reciprocal, int k, double *c) {
  for (int i = 0; i < k; i++) {
    for (int j = 0; j < i; j++) c[i] -= l[i * k + j] * c[j];
    c[i] *= reciprocal[i];
  }
  for (int i = k - 1; i >= 0; i--) {
    for (int j = i + 1; j < k; j++) c[i] -= l[j * k + i] * c[j];
    c[i] *= reciprocal[i];
  }
}

/* r = L' R. */
static void join(const double *l, const double *triangle, int k, double *r) {
  for (int i = 0; i < k; i++)
    for (int j = 0; j < k; j++) {
      double sum = 0;
      for (int m = i; m <= j; m++) sum += l[m * k + i] * triangle[m * k + j];
      r[i * k + j] = sum;
    }
}

/* b = R^-1 c. */
static void substitute(const double *r, int k, const double *c, double *b) {
  for (int i = k - 1; i >= 0; i--) {
    double sum = c[i];
    for (int j = i + 1; j < k; j++) sum -= r[i * k + j] * b[j];
    b[i] = sum / r[i * k + i];
  }
}

/* e'e = sum (y - ybar)^2 - sum of the squares of c without the constant's, where that loses less than a digit; NaN elsewhere. */
static double find_rest(const aft_basis *b, const aft_basis_sample *s, const double *c) {
  double rest = s->squares;
  for (int j = 1; j < b->k; j++) rest -= c[j] * c[j];
  return b->constant ? aft_ols_check_rest(rest, s->squares) : (double)NAN;
}

bool aft_basis_solve(const aft_basis *b, const aft_basis_sample *s, double *coefficient, double *r, double *rss,
                     double *residual) {
  int k = b->k;
  size_t stride = aft_basis_stride(b->n);
  bool is_less = s->n_used < b->n_whole;
  const double *there = s->n_used < b->n ? s->there : NULL;
  double l[AFT_OLS_MAX_COEF * AFT_OLS_MAX_COEF], c[AFT_OLS_MAX_COEF], rest[AFT_OLS_MAX_COEF];
  double reciprocal[AFT_OLS_MAX_COEF];
  if (is_less) {
    if (!b->is_firm) return false;
    take_out(b, s, l);
    if (!decompose(l, k, reciprocal)) return false;
  }
  project(b->q, stride, k, s->y, c);
  if (is_less) undo(l, reciprocal, k, c);
  *rss = is_less ? (double)NAN : find_rest(b, s, c);
  if (residual != NULL || isnan(*rss)) {
    double sum = find_residuals(b->q, stride, k, c, s->y, there, s->e);
    if (isnan(*rss)) *rss = sum;
  }
  if (is_less) {
    project(b->q, stride, k, s->e, rest);
    undo(l, reciprocal, k, rest);
    for (int j = 0; j < k; j++) c[j] += rest[j];
    *rss = find_residuals(b->q, stride, k, rest, s->e, there, s->e);
    join(l, b->r, k, r);
  }
  substitute(b->r, k, c, coefficient);
  if (b->constant) coefficient[0] += s->centre;
  for (int i = 0; i < b->n && residual != NULL; i++)
    residual[i] = there == NULL || there[i] > 0 ? s->e[i] : (double)NAN;
  return true;
}
