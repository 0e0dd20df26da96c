/* The maximum of the likelihood of a line with GARCH errors, and standard errors there. */
#include <aftershock/stats/garch.h>

#include <math.h>
#include <string.h>

#include <glib.h>
#include <gsl/gsl_linalg.h>
#include <gsl/gsl_multimin.h>

#include <aftershock/stats/ols.h>

#include <aftershock/base/banned.h>

#define P AFT_GARCH_MAX_PARAMETERS
#define N_STARTS 5
#define BELOW_ONE (1 - 1e-9) /* the largest persistence of the search */
#define BOUNDARY 1e-6        /* nearer than this counts as on the boundary */
#define WORST 1e100          /* stands for a likelihood of zero: minimisers do not take infinities */
#define SAME_LOGLIK 1e-7     /* a round of the search that gains less ends it */
#define MAX_ROUNDS 60
#define MOST_STEPS 8      /* of the polish, ... */
#define LONGEST_STEP 0.05 /* ... of which one as long as this is not near the top */

/* The sample in units of its spread: y = centre + scale * (a0 + b0 x + u), with u and x of unit variance. */
typedef struct problem {
  enum aft_garch_kind kind;
  bool with_x;
  int n, n_parameters;
  double *x, *y;             /* [n] standardised; x NULL without regressor */
  double x_mean, x_scale;    /* of the sample as given */
  double scale, alpha, beta; /* least squares line of the sample and root mean square of its residuals */
} problem;

size_t aft_garch_work_size(int n) { return (size_t)n * (2 + 2 + P); }

/* Natural parameters as an array in the order of the header, and back. */
static int pack(const aft_garch *model, bool with_x, double *value) {
  int i = 0;
  value[i++] = model->alpha;
  if (with_x) value[i++] = model->beta;
  value[i++] = model->w;
  value[i++] = model->a;
  if (model->kind != AFT_GARCH_PLAIN) value[i++] = model->g;
  value[i++] = model->c;
  return i;
}

static aft_garch unpack(enum aft_garch_kind kind, bool with_x, const double *value) {
  aft_garch model = {.kind = kind};
  int i = 0;
  model.alpha = value[i++];
  if (with_x) model.beta = value[i++];
  model.w = value[i++];
  model.a = value[i++];
  if (kind != AFT_GARCH_PLAIN) model.g = value[i++];
  model.c = value[i];
  return model;
}

static double square_sine(double angle) { return sin(angle) * sin(angle); }
static double square_sine_inverse(double share) { return asin(sqrt(fmin(fmax(share, 0), 1))); }

/*
 * Coordinates without constraints. Squared sines reach the boundary at a finite place, so that the search can end there.
 *
 *   plain, gjr  w = exp v2,  P = sin^2 v_last,  a + g/2 = P sin^2 v3,  c = P cos^2 v3,  a = 2 (a + g/2) sin^2 v4
 *   egarch      c = sin v_last,  w = (1 - c) v2,  a, g free
 */
static aft_garch from_free(const problem *p, const double *v) {
  aft_garch model = unpack(p->kind, p->with_x, v);
  double last = model.c, third = model.a;
  if (p->kind == AFT_GARCH_EGARCH) {
    model.c = BELOW_ONE * sin(last);
    model.w = (1 - model.c) * model.w;
    return model;
  }
  double persistence = BELOW_ONE * square_sine(last), arch = persistence * square_sine(third);
  model.w = exp(model.w);
  model.c = persistence - arch;
  model.a = arch;
  if (p->kind == AFT_GARCH_GJR) {
    double share = square_sine(model.g);
    model.a = 2 * arch * share;
    model.g = 2 * (arch - model.a);
  }
  return model;
}

static void to_free(const problem *p, const aft_garch *model, double *v) {
  aft_garch free_model = *model;
  if (p->kind == AFT_GARCH_EGARCH) {
    free_model.c = asin(fmin(fmax(model->c / BELOW_ONE, -1), 1));
    free_model.w = model->w / (1 - model->c);
  } else {
    double arch = model->a + model->g / 2, persistence = arch + model->c;
    free_model.w = log(model->w);
    free_model.c = square_sine_inverse(persistence / BELOW_ONE);
    free_model.a = square_sine_inverse(persistence > 0 ? arch / persistence : 0.5);
    free_model.g = square_sine_inverse(arch > 0 ? model->a / (2 * arch) : 0.5);
  }
  pack(&free_model, p->with_x, v);
}

static double negative_loglik(const gsl_vector *v, void *data) {
  const problem *p = data;
  aft_garch model = from_free(p, v->data);
  double loglik = aft_garch_loglik(&model, p->x, p->y, p->n, NULL, NULL);
  return loglik > -WORST ? -loglik : WORST;
}

static void gradient(const gsl_vector *v, void *data, gsl_vector *slope) {
  const double step = 1e-5; /* near the cube root of the rounding of the likelihood, in units of order one */
  double place[P];
  gsl_vector_view view = gsl_vector_view_array(place, v->size);
  memcpy(place, v->data, v->size * sizeof *place);
  for (size_t i = 0; i < v->size; i++) {
    double here = place[i];
    place[i] = here + step;
    double up = negative_loglik(&view.vector, data);
    place[i] = here - step;
    double down = negative_loglik(&view.vector, data);
    place[i] = here;
    gsl_vector_set(slope, i, up < WORST && down < WORST ? (up - down) / (2 * step) : 0);
  }
}

static void both(const gsl_vector *v, void *data, double *value, gsl_vector *slope) {
  *value = negative_loglik(v, data);
  gradient(v, data, slope);
}

/* Nelder-Mead from v, which it improves; returns the value there. */
static double search_simplex(problem *p, double *v, double step, double tolerance, int max_steps) {
  size_t size = (size_t)p->n_parameters;
  double steps[P];
  gsl_vector_view place = gsl_vector_view_array(v, size), start_steps = gsl_vector_view_array(steps, size);
  gsl_multimin_function function = {negative_loglik, size, p};
  gsl_multimin_fminimizer *search = gsl_multimin_fminimizer_alloc(gsl_multimin_fminimizer_nmsimplex2, size);
  double best = negative_loglik(&place.vector, p);
  for (size_t i = 0; i < size; i++) steps[i] = step;
  if (search != NULL && gsl_multimin_fminimizer_set(search, &function, &place.vector, &start_steps.vector) == 0) {
    for (int i = 0; i < max_steps; i++)
      if (gsl_multimin_fminimizer_iterate(search) != 0 || gsl_multimin_fminimizer_size(search) < tolerance) break;
    if (search->fval < best) {
      best = search->fval;
      gsl_vector_memcpy(&place.vector, search->x);
    }
  }
  if (search != NULL) gsl_multimin_fminimizer_free(search);
  return best;
}

/* Quasi-Newton steps from v, which they improve; returns the value there. */
static double search_gradient(problem *p, double *v) {
  size_t size = (size_t)p->n_parameters;
  gsl_vector_view place = gsl_vector_view_array(v, size);
  gsl_multimin_function_fdf function = {negative_loglik, gradient, both, size, p};
  gsl_multimin_fdfminimizer *search = gsl_multimin_fdfminimizer_alloc(gsl_multimin_fdfminimizer_vector_bfgs2, size);
  double best = negative_loglik(&place.vector, p);
  if (search != NULL && gsl_multimin_fdfminimizer_set(search, &function, &place.vector, 0.01, 0.1) == 0) {
    for (int i = 0; i < 100; i++)
      if (gsl_multimin_fdfminimizer_iterate(search) != 0 || gsl_blas_dnrm2(search->gradient) < 1e-6) break;
    if (search->f < best) {
      best = search->f;
      gsl_vector_memcpy(&place.vector, search->x);
    }
  }
  if (search != NULL) gsl_multimin_fdfminimizer_free(search);
  return best;
}

/* Second derivatives by differences of the slopes; false where the likelihood is no hill. */
static bool find_curvature(problem *p, const double *v, gsl_matrix *curvature) {
  const double step = 1e-3;
  double place[P], up[P], down[P];
  size_t k = curvature->size1;
  gsl_vector_view at = gsl_vector_view_array(place, k), above = gsl_vector_view_array(up, k);
  gsl_vector_view below = gsl_vector_view_array(down, k);
  memcpy(place, v, k * sizeof *place);
  for (size_t j = 0; j < k; j++) {
    place[j] = v[j] + step;
    gradient(&at.vector, p, &above.vector);
    place[j] = v[j] - step;
    gradient(&at.vector, p, &below.vector);
    place[j] = v[j];
    for (size_t i = 0; i < k; i++) gsl_matrix_set(curvature, i, j, (up[i] - down[i]) / (2 * step));
  }
  for (size_t i = 0; i < k; i++)
    for (size_t j = 0; j < i; j++)
      gsl_matrix_set(curvature, i, j, (gsl_matrix_get(curvature, i, j) + gsl_matrix_get(curvature, j, i)) / 2);
  return gsl_linalg_cholesky_decomp1(curvature) == 0;
}

/*
 * Newton's steps to where the slope is zero. The search ends where the likelihood gains nothing more, which in a flat maximum leaves four
 * digits of a parameter; the slope tells eight. Steps end, and the last one is not taken, where they do not make the slope smaller: at the
 * rounding of the likelihood, on the boundary and on a kink.
 */
static void polish(problem *p, double *v) {
  double slope[P], next[P], move[P], bent[P * P];
  size_t k = (size_t)p->n_parameters;
  gsl_vector_view place = gsl_vector_view_array(next, k), down = gsl_vector_view_array(slope, k);
  gsl_vector_view step = gsl_vector_view_array(move, k);
  gsl_matrix_view curvature = gsl_matrix_view_array(bent, k, k);
  memcpy(next, v, k * sizeof *next);
  gradient(&place.vector, p, &down.vector);
  double steepness = gsl_blas_dnrm2(&down.vector), highest = negative_loglik(&place.vector, p);
  if (!find_curvature(p, v, &curvature.matrix)) return;
  for (int i = 0; i < MOST_STEPS && steepness > 0; i++) {
    gsl_linalg_cholesky_solve(&curvature.matrix, &down.vector, &step.vector);
    if (gsl_blas_dnrm2(&step.vector) > LONGEST_STEP) return;
    gsl_vector_sub(&place.vector, &step.vector);
    gradient(&place.vector, p, &down.vector);
    if (!(gsl_blas_dnrm2(&down.vector) < steepness) || negative_loglik(&place.vector, p) > highest + SAME_LOGLIK)
      return;
    steepness = gsl_blas_dnrm2(&down.vector);
    memcpy(v, next, k * sizeof *v);
  }
}

/* One point of the grid of starts, standardised, whose long-run variance is that of the sample. */
static aft_garch start_at(enum aft_garch_kind kind, double arch, double persistence, double asymmetry) {
  aft_garch model = {.kind = kind};
  if (kind == AFT_GARCH_EGARCH) {
    model.a = 2 * arch;
    model.g = -arch * asymmetry;
    model.c = persistence;
    model.w = -0.5 * model.a * model.a * (1 - MAX(0, persistence)); /* about: the log of a mean exceeds the mean log */
    return model;
  }
  model.g = kind == AFT_GARCH_GJR ? 2 * arch * asymmetry : 0;
  model.a = arch - model.g / 2;
  model.c = persistence - arch;
  model.w = 1 - persistence;
  return model;
}

/* Keeps the N_STARTS lowest values in order. */
static void keep_start(double value, const double *v, double best[N_STARTS], double start[N_STARTS][P]) {
  int place = N_STARTS;
  while (place > 0 && value < best[place - 1]) place--;
  if (place == N_STARTS) return;
  for (int i = N_STARTS - 1; i > place; i--) {
    best[i] = best[i - 1];
    memcpy(start[i], start[i - 1], sizeof start[i]);
  }
  best[place] = value;
  memcpy(start[place], v, sizeof start[place]);
}

static void find_starts(problem *p, double best[N_STARTS], double start[N_STARTS][P]) {
  static const double arch[] = {0.02, 0.06, 0.15, 0.3};
  static const double persistence[] = {0.35, 0.7, 0.9, 0.97, 0.995, -0.5, -0.9}; /* negative: egarch only */
  static const double asymmetry[] = {0, 0.7};
  size_t n_asymmetry = p->kind == AFT_GARCH_PLAIN ? 1 : G_N_ELEMENTS(asymmetry);
  size_t n_persistence = G_N_ELEMENTS(persistence) - (p->kind == AFT_GARCH_EGARCH ? 0 : 2);
  for (int i = 0; i < N_STARTS; i++) best[i] = WORST;
  for (size_t i = 0; i < G_N_ELEMENTS(arch); i++)
    for (size_t j = 0; j < n_persistence; j++)
      for (size_t k = 0; k < n_asymmetry; k++) {
        double v[P] = {0};
        aft_garch model = start_at(p->kind, arch[i], persistence[j], asymmetry[k]);
        to_free(p, &model, v);
        gsl_vector_view view = gsl_vector_view_array(v, (size_t)p->n_parameters);
        keep_start(negative_loglik(&view.vector, p), v, best, start);
      }
}

/*
 * Searches from each start, then again around the best end until rounds gain nothing. EGARCH's likelihood has a kink
 * wherever a residual is zero, on which a search may rest before the top: rounds with other simplexes climb on.
 */
static double minimise(problem *p, double *v, bool *converged) {
  static const double step[] = {0.1, -0.1, 0.02, -0.02, 0.3};
  int patience = p->kind == AFT_GARCH_EGARCH ? (int)G_N_ELEMENTS(step) : 1, idle = 0;
  double best[N_STARTS], start[N_STARTS][P] = {{0}}, lowest = WORST;
  find_starts(p, best, start);
  for (int i = 0; i < N_STARTS && best[i] < WORST; i++) {
    search_simplex(p, start[i], 0.3, 1e-3, 500);
    double value = search_gradient(p, start[i]);
    if (value < lowest) {
      lowest = value;
      memcpy(v, start[i], sizeof start[i]);
    }
  }
  for (int round = 0; round < MAX_ROUNDS && idle < patience && lowest < WORST; round++) {
    search_simplex(p, v, step[(size_t)round % G_N_ELEMENTS(step)], 1e-5, 600);
    double value = search_gradient(p, v);
    idle = lowest - value < SAME_LOGLIK ? idle + 1 : 0;
    lowest = value;
  }
  *converged = idle >= patience;
  if (lowest < WORST) polish(p, v);
  return lowest;
}

/* Least squares line, and the sample in its units. */
static bool standardise(problem *p, const double *x, const double *y, double *work) {
  int used, n = p->n;
  double y_mean, y_squares, x_squares = 0, cross = 0, rss = 0;
  aft_ols_moments(y, n, &used, &y_mean, &y_squares);
  p->y = work;
  p->x = p->with_x ? work + n : NULL;
  p->beta = p->x_mean = 0;
  if (p->with_x) {
    aft_ols_moments(x, n, &used, &p->x_mean, &x_squares);
    if (!(x_squares > 0)) return false;
    for (int t = 0; t < n; t++) cross += (x[t] - p->x_mean) * (y[t] - y_mean);
    p->beta = cross / x_squares;
  }
  p->x_scale = p->with_x ? sqrt(x_squares / n) : 1;
  p->alpha = y_mean; /* of the line in x - x_mean */
  for (int t = 0; t < n; t++) {
    p->y[t] = y[t] - y_mean - (p->with_x ? p->beta * (x[t] - p->x_mean) : 0);
    rss += p->y[t] * p->y[t];
    if (p->with_x) p->x[t] = (x[t] - p->x_mean) / p->x_scale;
  }
  p->scale = sqrt(rss / n);
  if (!(p->scale > 0)) return false;
  for (int t = 0; t < n; t++) p->y[t] /= p->scale;
  return true;
}

/* The model of the sample as given, from that of the standardised one. */
static aft_garch restore(const problem *p, const aft_garch *unit) {
  aft_garch model = *unit;
  double variance = p->scale * p->scale;
  model.beta = p->with_x ? p->beta + unit->beta * p->scale / p->x_scale : 0;
  model.alpha = p->alpha + unit->alpha * p->scale - model.beta * p->x_mean;
  model.w = p->kind == AFT_GARCH_EGARCH ? unit->w + (1 - unit->c) * log(variance) : unit->w * variance;
  return model;
}

static bool on_boundary(const aft_garch *unit) {
  if (unit->kind == AFT_GARCH_EGARCH) return fabs(unit->c) > 1 - BOUNDARY;
  return unit->a < BOUNDARY || unit->a + unit->g < BOUNDARY || unit->c < BOUNDARY || unit->w < BOUNDARY * BOUNDARY ||
         unit->a + unit->g / 2 + unit->c > 1 - BOUNDARY;
}

/* Steps for central differences, a small part of a parameter's usual standard error. */
static void difference_steps(const problem *p, const aft_garch *model, double *step) {
  aft_garch steps = {.kind = p->kind, .a = 1e-4, .g = 1e-4, .c = 1e-4};
  steps.alpha = 1e-3 * p->scale;
  steps.beta = 1e-3 * p->scale / p->x_scale;
  steps.w = p->kind == AFT_GARCH_EGARCH ? 1e-3 * fabs(1 - model->c) : 1e-3 * model->w;
  pack(&steps, p->with_x, step);
}

/* Likelihood at value + shifts on parameters i and j. */
static double loglik_at(const problem *p, const double *x, const double *y, const double *value, int i, double shift_i,
                        int j, double shift_j, double *contribution) {
  double moved[P] = {0};
  memcpy(moved, value, (size_t)p->n_parameters * sizeof *moved);
  moved[i] += shift_i;
  moved[j] += shift_j;
  aft_garch model = unpack(p->kind, p->with_x, moved);
  return aft_garch_loglik(&model, x, y, p->n, contribution, NULL);
}

/* outer = sum of the products of the scores; score [n_parameters][n], two more rows of work behind it. */
static void score_products(const problem *p, const double *x, const double *y, const double *value, const double *step,
                           double *score, gsl_matrix *outer) {
  int n = p->n, k = p->n_parameters;
  double *up = score + (ptrdiff_t)k * n, *down = up + n;
  for (int i = 0; i < k; i++) {
    loglik_at(p, x, y, value, i, step[i], i, 0, up);
    loglik_at(p, x, y, value, i, -step[i], i, 0, down);
    for (int t = 0; t < n; t++) score[(ptrdiff_t)i * n + t] = (up[t] - down[t]) / (2 * step[i]);
  }
  for (int i = 0; i < k; i++)
    for (int j = 0; j < k; j++) {
      double sum = 0;
      for (int t = 0; t < n; t++) sum += score[(ptrdiff_t)i * n + t] * score[(ptrdiff_t)j * n + t];
      gsl_matrix_set(outer, (size_t)i, (size_t)j, sum * step[i] * step[j]);
    }
}

/* information = minus the second derivatives, in units of the steps. */
static bool hessian(const problem *p, const double *x, const double *y, const double *value, const double *step,
                    gsl_matrix *information) {
  int k = p->n_parameters;
  for (int i = 0; i < k; i++)
    for (int j = 0; j <= i; j++) {
      double second = loglik_at(p, x, y, value, i, step[i], j, step[j], NULL) -
                      loglik_at(p, x, y, value, i, step[i], j, -step[j], NULL) -
                      loglik_at(p, x, y, value, i, -step[i], j, step[j], NULL) +
                      loglik_at(p, x, y, value, i, -step[i], j, -step[j], NULL);
      if (!isfinite(second)) return false;
      gsl_matrix_set(information, (size_t)i, (size_t)j, -second / 4);
      gsl_matrix_set(information, (size_t)j, (size_t)i, -second / 4);
    }
  return true;
}

/* Cell (i, j) of product inverse, both k x k and the second symmetric. */
static double sandwich_cell(const gsl_matrix *product, const gsl_matrix *inverse, size_t i, size_t j) {
  double sum = 0;
  for (size_t q = 0; q < inverse->size1; q++) sum += gsl_matrix_get(product, i, q) * gsl_matrix_get(inverse, q, j);
  return sum;
}

/* Standard errors and the line's covariance from H^-1 (sum s s') H^-1; left NaN where H is not positive definite. */
static void sandwich(const problem *p, const double *x, const double *y, double *work, aft_garch_result *result) {
  double value[P] = {0}, step[P] = {0}, meat[P * P], bread[P * P], half[P * P];
  size_t k = (size_t)p->n_parameters;
  gsl_matrix_view outer = gsl_matrix_view_array(meat, k, k), inverse = gsl_matrix_view_array(bread, k, k);
  gsl_matrix_view product = gsl_matrix_view_array(half, k, k);
  for (int i = 0; i < P; i++) result->standard_error[i] = (double)NAN;
  for (int i = 0; i < 3; i++) result->line_covariance[i] = (double)NAN;
  if (result->at_boundary) return;
  pack(&result->model, p->with_x, value);
  difference_steps(p, &result->model, step);
  if (!hessian(p, x, y, value, step, &inverse.matrix)) return;
  if (gsl_linalg_cholesky_decomp1(&inverse.matrix) != 0 || gsl_linalg_cholesky_invert(&inverse.matrix) != 0) return;
  score_products(p, x, y, value, step, work, &outer.matrix);
  gsl_blas_dgemm(CblasNoTrans, CblasNoTrans, 1, &inverse.matrix, &outer.matrix, 0, &product.matrix);
  for (size_t i = 0; i < k; i++) {
    double variance = sandwich_cell(&product.matrix, &inverse.matrix, i, i);
    if (variance > 0) result->standard_error[i] = sqrt(variance) * step[i];
  }
  for (size_t i = 0; i < 2 && p->with_x; i++)
    for (size_t j = i; j < 2; j++)
      result->line_covariance[i + j] = sandwich_cell(&product.matrix, &inverse.matrix, i, j) * step[i] * step[j];
}

bool aft_garch_fit(enum aft_garch_kind kind, const double *x, const double *y, int n, double *work,
                   aft_garch_result *result) {
  problem p = {.kind = kind, .with_x = x != NULL, .n = n, .n_parameters = aft_garch_n_parameters(kind, x != NULL)};
  aft_garch_result found = {0};
  double v[P] = {0}, rss = 0;
  if (!standardise(&p, x, y, work)) return false;
  if (!(minimise(&p, v, &found.converged) < WORST)) return false;
  aft_garch unit = from_free(&p, v);
  found.at_boundary = on_boundary(&unit);
  found.model = restore(&p, &unit);
  found.loglik = aft_garch_loglik(&found.model, x, y, n, NULL, &found.next);
  for (int t = 0; t < n; t++) {
    double e = y[t] - found.model.alpha - (x != NULL ? found.model.beta * x[t] : 0);
    rss += e * e;
  }
  found.sigma = sqrt(rss / (n - (x != NULL ? 2 : 1)));
  sandwich(&p, x, y, work + 2 * (ptrdiff_t)n, &found);
  *result = found;
  return true;
}
