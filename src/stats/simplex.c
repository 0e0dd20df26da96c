/* The shortest vector in the convex hull of points, by Wolfe's active-set method. */
#include <aftershock/stats/simplex.h>

#include <math.h>
#include <string.h>

#include <glib.h>

#include <aftershock/base/banned.h>

/* A difference of points is dependent on others when less than this share of its length is its own. */
#define DEPENDENT 1e-10
/* A point whose product with the shortest vector is this close to the vector's square is no improvement. */
#define NO_IMPROVEMENT 1e-12
/* Slack below which another point lies on the same face as the shortest vector: the tolerance of a solution. */
#define SAME_FACE 1e-9

/*
 * The points P_j = D_j - y and the set: set[0] is the base, and column i of Q R is P_set[i + 1] - P_set[0]. A point may belong to a
 * set of at most n + 1.
 */
typedef struct hull {
  int n, n_points, size;
  double *point;    /* [n_points][n] */
  double *q;        /* [at most n][n] orthonormal columns */
  double *r;        /* [at most n][n_points] upper triangular, row by row */
  double *x;        /* [n] the shortest vector so far: sum of weight times point */
  double *residual; /* [n] */
  double *weight;   /* [n_points] the caller's */
  double longest;   /* of the points */
  int set[AFT_SIMPLEX_MAX_COLUMNS];
} hull;

static double dot(const double *a, const double *b, int n) {
  double sum = 0;
  for (int i = 0; i < n; i++) sum += a[i] * b[i];
  return sum;
}

static const double *point_of(const hull *h, int j) { return h->point + (ptrdiff_t)j * h->n; }
static double *q_of(const hull *h, int i) { return h->q + (ptrdiff_t)i * h->n; }
static double *r_at(const hull *h, int i, int j) { return h->r + (ptrdiff_t)i * h->n_points + j; }

/*
 * Appends point j to the set. False, and nothing done, when it lies in the affine hull of the set. Orthogonalised twice, which
 * leaves Q orthogonal to rounding whatever the condition.
 */
static bool append(hull *h, int j) {
  int k = h->size - 1; /* columns of Q so far */
  if (h->size == 0) {
    h->set[h->size++] = j;
    return true;
  }
  if (k >= h->n) return false;
  double *column = q_of(h, k);
  const double *point = point_of(h, j), *base = point_of(h, h->set[0]);
  for (int t = 0; t < h->n; t++) column[t] = point[t] - base[t];
  double whole = sqrt(dot(column, column, h->n));
  for (int i = 0; i < k; i++) *r_at(h, i, k) = 0;
  for (int pass = 0; pass < 2; pass++)
    for (int i = 0; i < k; i++) {
      const double *q = q_of(h, i);
      double part = dot(q, column, h->n);
      *r_at(h, i, k) += part;
      for (int t = 0; t < h->n; t++) column[t] -= part * q[t];
    }
  double own = sqrt(dot(column, column, h->n));
  if (!(own > DEPENDENT * whole) || own == 0) return false;
  *r_at(h, k, k) = own;
  for (int t = 0; t < h->n; t++) column[t] /= own;
  h->set[h->size++] = j;
  return true;
}

/* x from the weights of the set. */
static void combine(hull *h) {
  memset(h->x, 0, sizeof *h->x * (size_t)h->n);
  for (int i = 0; i < h->size; i++) {
    const double *point = point_of(h, h->set[i]);
    double weight = h->weight[h->set[i]];
    for (int t = 0; t < h->n; t++) h->x[t] += weight * point[t];
  }
}

/* Adds to v the coefficients of the projection of -target on the differences: R v += -Q' target. */
static void project(const hull *h, const double *target, double *v) {
  double step[AFT_SIMPLEX_MAX_COLUMNS];
  int k = h->size - 1;
  for (int i = k - 1; i >= 0; i--) {
    double sum = -dot(q_of(h, i), target, h->n);
    for (int j = i + 1; j < k; j++) sum -= *r_at(h, i, j) * step[j];
    step[i] = sum / *r_at(h, i, i);
    v[i] += step[i];
  }
}

/* Weights of the shortest vector of the affine hull: v[0] of the base, v[i] of set[i]; refined once. */
static void find_affine(hull *h, double *v) {
  int k = h->size - 1;
  const double *base = point_of(h, h->set[0]);
  for (int i = 0; i <= k; i++) v[i] = 0;
  project(h, base, v + 1);
  memcpy(h->residual, base, sizeof *base * (size_t)h->n);
  for (int i = 1; i <= k; i++) {
    const double *point = point_of(h, h->set[i]);
    for (int t = 0; t < h->n; t++) h->residual[t] += v[i] * (point[t] - base[t]);
  }
  project(h, h->residual, v + 1);
  v[0] = 1;
  for (int i = 1; i <= k; i++) v[0] -= v[i];
}

/* Leaves out the points of the set without weight, and factors the others anew. */
static void drop_empty(hull *h) {
  int old[AFT_SIMPLEX_MAX_COLUMNS], n_old = h->size;
  memcpy(old, h->set, sizeof *old * (size_t)n_old);
  h->size = 0;
  for (int i = 0; i < n_old; i++)
    if (!(h->weight[old[i]] > 0) || !append(h, old[i])) h->weight[old[i]] = 0;
}

/* From weights inside the simplex to the shortest vector of the set's hull; points that the way leads out of are dropped. */
static void descend(hull *h) {
  double v[AFT_SIMPLEX_MAX_COLUMNS];
  for (;;) {
    find_affine(h, v);
    double share = 1;
    int leaving = -1;
    for (int i = 0; i < h->size; i++) {
      double weight = h->weight[h->set[i]];
      if (v[i] > 0) continue;
      double reach = weight > 0 ? weight / (weight - v[i]) : 0;
      if (leaving >= 0 && reach >= share) continue;
      share = reach;
      leaving = i;
    }
    for (int i = 0; i < h->size; i++) {
      double *weight = &h->weight[h->set[i]];
      *weight = leaving < 0 ? v[i] : *weight + share * (v[i] - *weight);
    }
    if (leaving < 0) return;
    h->weight[h->set[leaving]] = 0;
    drop_empty(h);
  }
}

/* The point outside the set and not refused that x leans on least; -1 when none makes x shorter. */
static int find_entering(const hull *h, const bool *refused) {
  double square = dot(h->x, h->x, h->n);
  double bound = square - NO_IMPROVEMENT * h->longest * sqrt(square) - 1e-16 * h->longest * h->longest;
  int best = -1;
  for (int j = 0; j < h->n_points; j++) {
    if (refused[j]) continue;
    double product = dot(h->x, point_of(h, j), h->n);
    if (!(product < bound)) continue;
    bound = product;
    best = j;
  }
  return best;
}

/* Whether no point outside the set lies on the face of x and in the affine hull of those that do. */
static bool is_unique(hull *h) {
  double square = dot(h->x, h->x, h->n), bound = square + SAME_FACE * h->longest * h->longest;
  for (int j = 0; j < h->n_points; j++)
    if (h->weight[j] == 0 && dot(h->x, point_of(h, j), h->n) <= bound && !append(h, j)) return false;
  return true;
}

static void init(hull *h, const double *const *columns, const double *target, double *work) {
  int n = h->n, nearest = 0;
  double shortest = HUGE_VAL;
  size_t rows = (size_t)MIN(h->n_points, n + 1);
  h->point = work;
  h->q = h->point + (size_t)h->n_points * (size_t)n;
  h->r = h->q + rows * (size_t)n;
  h->x = h->r + rows * (size_t)h->n_points;
  h->residual = h->x + n;
  for (int j = 0; j < h->n_points; j++) {
    double *point = h->point + (ptrdiff_t)j * n;
    for (int t = 0; t < n; t++) point[t] = columns[j][t] - target[t];
    double length = sqrt(dot(point, point, n));
    h->longest = fmax(h->longest, length);
    h->weight[j] = 0;
    if (length >= shortest) continue;
    shortest = length;
    nearest = j;
  }
  h->weight[nearest] = 1;
  append(h, nearest);
  combine(h);
}

size_t aft_simplex_work_size(int n_columns, int n) {
  size_t columns = (size_t)n_columns, rows = (size_t)MIN(n_columns, n + 1);
  return (columns + rows + 2) * (size_t)n + rows * columns;
}

int aft_simplex_fit(const double *const *columns, int n_columns, const double *target, int n, double *weight,
                    double *work, bool *unique) {
  g_assert(n >= 1 && n_columns >= 1 && n_columns <= AFT_SIMPLEX_MAX_COLUMNS);
  hull h = {.n = n, .n_points = n_columns, .weight = weight};
  bool refused[AFT_SIMPLEX_MAX_COLUMNS] = {false};
  init(&h, columns, target, work);
  double square = dot(h.x, h.x, n);
  for (int j = find_entering(&h, refused); j >= 0; j = find_entering(&h, refused)) {
    refused[j] = true; /* until x has become shorter */
    if (!append(&h, j)) continue;
    descend(&h);
    combine(&h);
    double now = dot(h.x, h.x, n);
    if (now < square) memset(refused, 0, sizeof refused);
    square = fmin(square, now);
  }
  int size = h.size;
  if (unique != NULL) *unique = is_unique(&h);
  return size;
}
