/* One model fitted to every usable event. */
#include "study_internal.h"

#include "models.h"
#include "others.h"
#include "part_rows.h"

#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* What the parallel loop over candidate events shares; workers write only rows of their own events. */
typedef struct estimation {
  aft_model_result *out;
  const aft_result *study;
  const size_t *candidate;                /* [n] indices of study events */
  const aft_study_regressors *regressors; /* [n_markets] */
  const aft_other *others;                /* [n_others] NULL: estimation passes over none */
  size_t n;                               /* candidates */
  size_t n_others, most_sessions;
  int n_x, n_z, n_est, n_rel;
  int width;           /* room for coefficients per event */
  size_t first;        /* candidate that the parallel loop begins with, ... */
  const size_t *order; /* ... or the candidates of the loop in the order of sessions; NULL */
  aft_progress *progress;
  const char **reason; /* [n] why a candidate is excluded */
  int *n_reported;     /* [n] coefficients that the fit reports */
} estimation;

static double *new_doubles(size_t n) { return g_new(double, MAX(n, 1)); }

/* Whether columns first..first+n-1 lie in the panel. */
static bool is_inside(long n_sessions, long first, int n) { return first >= 0 && first + n <= n_sessions; }

/* Columns first..first+n-1 of a row over the panel's sessions; NaN outside it. subtract may be NULL. */
static void copy_columns(double *out, const double *row, const double *subtract, long n_sessions, long first, int n) {
  if (subtract == NULL && is_inside(n_sessions, first, n)) {
    memcpy(out, row + first, (size_t)n * sizeof *out);
    return;
  }
  for (int j = 0; j < n; j++) {
    long t = first + j;
    bool inside = t >= 0 && t < n_sessions;
    out[j] = !inside ? (double)NAN : subtract != NULL ? row[t] - subtract[t] : row[t];
  }
}

/* The columns where they stand, or a copy of them in room. */
static const double *take_columns(double *room, const double *row, const double *subtract, long n_sessions, long first,
                                  int n) {
  if (subtract == NULL && is_inside(n_sessions, first, n)) return row + first;
  copy_columns(room, row, subtract, n_sessions, first, n);
  return room;
}

/* BHAR = prod (1 + R) - prod (1 + E[R]); log returns: exp(sum r) - exp(sum E r). NaN when a day is missing. */
static double compute_bhar(const double *realised, const double *expected, const int *gap, int first, int last,
                           bool log_returns) {
  double own = log_returns ? 0 : 1, benchmark = own;
  for (int j = first; j <= last; j++) {
    if (gap != NULL && gap[j] == 0) continue;
    own = log_returns ? own + realised[j] : own * (1 + realised[j]);
    benchmark = log_returns ? benchmark + expected[j] : benchmark * (1 + expected[j]);
  }
  return log_returns ? exp(own) - exp(benchmark) : own - benchmark;
}

/* Doubles a worker needs: y and x over both windows, then the model's own. */
static size_t work_size(const estimation *e) {
  const aft_model *model = e->out->spec->model;
  return (size_t)(e->n_est + e->n_rel) * (size_t)(1 + e->n_x) +
         model->work_size(e->n_x, e->n_est, e->n_rel, &e->out->spec->options);
}

/* What a worker keeps from one event for the next. */
typedef struct desk {
  double *work;
  int market;   /* where and when the last event was, ... */
  long column;  /* ... whose regressors and factors are still in work */
  bool is_laid; /* whether there was one, all of whose regressors are those of the market */
} desk;

/* Whether events of one session have the same regressors: no benchmark or donors of their own. */
static bool are_shared(const aft_study_regressors *regressors) {
  return regressors->n > 1 && regressors->benchmark == NULL && regressors->donor == NULL;
}

/* y and x of both windows in front of the model's own workspace, whose place is returned. */
static double *fill_input(const estimation *e, const aft_event *event, desk *d, aft_model_input *input) {
  double *work = d->work;
  const aft_panel *panel = aft_result_get_panel(e->study, event);
  const aft_config *config = e->study->config;
  const aft_study_regressors *regressors = &e->regressors[panel->number];
  long n_sessions = (long)panel->n_sessions;
  size_t n_est = (size_t)e->n_est, n_rel = (size_t)e->n_rel, n_x = (size_t)e->n_x;
  size_t series = (size_t)event->security * panel->n_sessions;
  bool gaps = e->out->spec->model->gaps;
  const double *returns = (gaps ? panel->gap_returns : panel->returns) + series;
  const double *rf = regressors->excess ? panel->rf : NULL;
  if (e->others != NULL) {
    double *room = work + work_size(e);
    aft_others_blank(e->others, e->n_others, e->study, event, returns, room);
    returns = room;
  }
  double *y_est = work, *y_rel = y_est + n_est, *x_est = y_rel + n_rel, *x_rel = x_est + n_x * n_est;
  const double *first = regressors->benchmark != NULL ? regressors->benchmark[event->security] : regressors->row[0];
  *input = (aft_model_input){.options = &e->out->spec->options,
                             .n_est = e->n_est,
                             .n_rel = e->n_rel,
                             .n_x = e->n_x,
                             .y_est = y_est,
                             .y_rel = y_rel,
                             .x_est = x_est,
                             .x_rel = x_rel,
                             .own = returns,
                             .gap = gaps ? panel->gap + series : NULL,
                             .log_returns = config->log_returns,
                             .market = e->n_x == 1 ? first : NULL,
                             .n_sessions = n_sessions,
                             .event_column = event->column,
                             .est_column = event->column + config->first_est,
                             .rel_column = event->column + config->first_rel,
                             .min_obs = config->min_obs,
                             .same_x = d->is_laid && d->column == event->column && d->market == (int)panel->number};
  d->is_laid = are_shared(regressors);
  d->column = event->column;
  d->market = (int)panel->number;
  input->y_est = take_columns(y_est, returns, rf, n_sessions, input->est_column, e->n_est);
  input->y_rel = take_columns(y_rel, returns, rf, n_sessions, input->rel_column, e->n_rel);
  if (n_x == 1 && aft_study_may_serve(regressors, 0, event)) {
    input->x_est = take_columns(x_est, first, NULL, n_sessions, input->est_column, e->n_est);
    input->x_rel = take_columns(x_rel, first, NULL, n_sessions, input->rel_column, e->n_rel);
    return x_rel + n_rel;
  }
  for (size_t k = 0; k < n_x && !input->same_x; k++) {
    const double *row = k == 0 ? first : regressors->row[k];
    long n_columns = aft_study_may_serve(regressors, (int)k, event) ? n_sessions : 0;
    copy_columns(x_est + k * n_est, row, NULL, n_columns, input->est_column, e->n_est);
    copy_columns(x_rel + k * n_rel, row, NULL, n_columns, input->rel_column, e->n_rel);
  }
  return x_rel + n_x * n_rel;
}

/* First and last session with a residual, relative to the event; 1 and 0 when there is none. */
static void find_span(const aft_abnormal *a, const double *residual, int *first, int *last) {
  int j = 0, k = a->n_est - 1;
  while (j < a->n_est && isnan(residual[j])) j++;
  while (k > j && isnan(residual[k])) k--;
  *first = j < a->n_est ? a->first_est + j : 1;
  *last = j < a->n_est ? a->first_est + k : 0;
}

/* Which event the row is of. */
static void place_row(const estimation *e, size_t row, size_t candidate) {
  aft_abnormal *a = &e->out->abnormal;
  const aft_event *event = &e->study->events->rows[e->candidate[candidate]];
  a->event[row] = e->candidate[candidate];
  a->security[row] = (int)event->security;
  a->session[row] = (int)event->column;
  a->market[row] = (int)aft_result_get_panel(e->study, event)->number;
  a->firm[row] = (int)event->firm;
}

static void keep_fit(const estimation *e, size_t row, const aft_fit *fit) {
  aft_abnormal *a = &e->out->abnormal;
  e->reason[row] = fit->excluded;
  e->n_reported[row] = fit->n_terms;
  place_row(e, row, row);
  a->n_obs[row] = fit->n_obs;
  a->n_coef[row] = fit->n_coef;
  a->df[row] = fit->df;
  a->sigma[row] = fit->sigma;
  a->r_squared[row] = fit->r_squared;
  a->loglik[row] = fit->loglik;
  a->note[row] = fit->note;
  a->first_used[row] = fit->first_used;
  a->last_used[row] = fit->last_used;
  if (fit->first_used > fit->last_used) find_span(a, fit->residual, &a->first_used[row], &a->last_used[row]);
  for (int k = 0; k < e->width; k++) {
    bool there = k < fit->n_terms;
    e->out->coefficient[row * (size_t)e->width + (size_t)k] = there ? fit->coefficient[k] : (double)NAN;
    e->out->standard_error[row * (size_t)e->width + (size_t)k] = there ? fit->standard_error[k] : (double)NAN;
  }
}

static void fit_event(const estimation *e, size_t row, desk *d) {
  double *work = d->work;
  const aft_event *event = &e->study->events->rows[e->candidate[row]];
  const aft_panel *panel = aft_result_get_panel(e->study, event);
  const aft_study_regressors *regressors = &e->regressors[panel->number];
  const aft_model *model = e->out->spec->model;
  const double *rf = regressors->excess ? panel->rf : NULL;
  size_t n_est = (size_t)e->n_est, n_rel = (size_t)e->n_rel;
  aft_abnormal *a = &e->out->abnormal;
  aft_model_input input;
  double *passing = work + work_size(e) + e->most_sessions; /* what is not kept */
  double *residual = a->residual != NULL ? a->residual + row * n_est : passing;
  double *expected = a->expected != NULL ? a->expected + row * n_rel : passing + n_est;
  double *realised = a->realised != NULL ? a->realised + row * n_rel : passing + n_est + n_rel;
  size_t n_z = (size_t)e->n_z;
  aft_fit fit = {.residual = residual,
                 .passing = a->residual == NULL,
                 .expected = expected,
                 .h = a->h != NULL ? a->h + row * n_rel : NULL,
                 .z = a->z != NULL ? a->z + row * n_rel * n_z : NULL,
                 .root = a->root != NULL ? a->root + row * n_z * n_z : NULL};
  aft_donor_fit donors;
  if (e->out->donors != NULL) {
    donors = aft_donors_row(e->out->donors, row);
    fit.donors = &donors;
  }
  if (regressors->benchmark != NULL && regressors->benchmark[event->security] == NULL) {
    e->reason[row] = "no benchmark";
    a->n_obs[row] = 0;
    return;
  }
  double *rest = fill_input(e, event, d, &input);
  model->fit(&input, model->variant, rest, &fit);
  keep_fit(e, row, &fit);
  for (int j = 0; j < e->n_rel && a->gap != NULL; j++) {
    long t = input.rel_column + j;
    a->gap[row * n_rel + (size_t)j] = t >= 0 && t < input.n_sessions ? input.gap[t] : 0;
  }
  double *abnormal = a->abnormal + row * n_rel;
  copy_columns(realised, input.own, NULL, input.n_sessions, input.rel_column, e->n_rel);
  for (size_t j = 0; j < n_rel; j++) {
    long t = input.rel_column + (long)j; /* placebos may lie at the edge of the data */
    abnormal[j] = input.y_rel[j] - expected[j];
    if (rf != NULL && t >= 0 && t < input.n_sessions) expected[j] += rf[t];
  }
  const aft_config *config = e->study->config;
  for (size_t w = 0; w < config->n_windows; w++)
    e->out->bhar[w * e->n + row] = compute_bhar(realised, expected, a->gap != NULL ? a->gap + row * n_rel : NULL,
                                                config->windows[w].first - config->first_rel,
                                                config->windows[w].last - config->first_rel, config->log_returns);
}

static void fit_range(size_t first, size_t last, unsigned worker, void *data) {
  const estimation *e = data;
  (void)worker;
  /* Then the event's series without other events, and residuals, expected and realised returns that are not kept. */
  g_autofree double *work = new_doubles(work_size(e) + e->most_sessions + (size_t)e->n_est + 2 * (size_t)e->n_rel);
  desk d = {.work = work};
  for (size_t i = first; i < last; i++) {
    fit_event(e, e->order != NULL ? e->order[i] : e->first + i, &d);
    aft_progress_add(e->progress, 1);
  }
}

typedef struct dated_row {
  int market;
  long column;
  size_t row;
} dated_row;

static int compare_dates(const void *left, const void *right) {
  const dated_row *a = left, *b = right;
  if (a->market != b->market) return a->market < b->market ? -1 : 1;
  if (a->column != b->column) return a->column < b->column ? -1 : 1;
  return a->row < b->row ? -1 : a->row > b->row;
}

/* Rows first .. last-1 by session, so that events of one session follow each other; NULL when they share nothing. Owned. */
static size_t *sort_by_session(const estimation *e, size_t first, size_t last) {
  if (!are_shared(&e->regressors[0])) return NULL;
  size_t n = last - first;
  g_autofree dated_row *dated = g_new(dated_row, MAX(n, 1));
  for (size_t i = 0; i < n; i++) {
    const aft_event *event = &e->study->events->rows[e->candidate[first + i]];
    dated[i] = (dated_row){(int)aft_result_get_panel(e->study, event)->number, event->column, first + i};
  }
  qsort(dated, n, sizeof *dated, compare_dates);
  size_t *order = g_new(size_t, MAX(n, 1));
  for (size_t i = 0; i < n; i++) order[i] = dated[i].row;
  return order;
}

/* Day by day, returns are most of a study's memory. */
static bool keeps_days(const aft_config *config) {
  return config->tables == AFT_TABLES_ALL || config->calendar_time.wanted;
}

static bool keeps_residuals(const aft_config *config) {
  bool asked = keeps_days(config);
  for (size_t t = 0; t < config->n_tests; t++) asked = asked || config->tests[t]->residuals;
  return asked;
}

static void allocate(aft_model_result *out, size_t n, const estimation *e) {
  aft_abnormal *a = &out->abnormal;
  size_t m = MAX(n, 1);
  a->event = g_new(size_t, m);
  a->security = g_new(int, m);
  a->session = g_new(int, m);
  a->market = g_new(int, m);
  a->firm = g_new(int, m);
  a->n_obs = g_new(int, m);
  a->n_coef = g_new(int, m);
  a->first_used = g_new(int, m);
  a->last_used = g_new(int, m);
  a->note = g_new(const char *, m);
  double **vectors[] = {&a->df, &a->sigma, &a->r_squared, &a->loglik};
  for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) *vectors[i] = new_doubles(n);
  a->gap = out->spec->model->gaps ? g_new(int, MAX(n * (size_t)e->n_rel, 1)) : NULL;
  a->residual = keeps_residuals(e->study->config) ? new_doubles(n * (size_t)e->n_est) : NULL;
  a->abnormal = new_doubles(n * (size_t)e->n_rel);
  if (keeps_days(e->study->config)) {
    a->realised = new_doubles(n * (size_t)e->n_rel);
    a->expected = new_doubles(n * (size_t)e->n_rel);
  }
  if (aft_model_is_least_squares(out->spec->model)) {
    a->root = new_doubles(n * (size_t)e->n_z * (size_t)e->n_z);
  } else {
    a->h = new_doubles(n * (size_t)e->n_rel);
    a->z = new_doubles(n * (size_t)e->n_rel * (size_t)e->n_z);
  }
  out->bhar = new_doubles(n * e->study->config->n_windows);
  out->coefficient = new_doubles(n * (size_t)e->width);
  out->standard_error = new_doubles(n * (size_t)e->width);
}

/* A matrix that is not kept is NULL. */
static void move_row(double *matrix, size_t from, size_t to, size_t width) {
  if (matrix != NULL) memmove(matrix + to * width, matrix + from * width, width * sizeof *matrix);
}

/* Takes the rows of excluded events among first .. last-1 out, writes their reasons into the result, and moves the others to `kept` on; returns
 * the row after them. */
static size_t compact(const estimation *e, size_t first, size_t last, size_t kept) {
  aft_model_result *out = e->out;
  aft_abnormal *a = &out->abnormal;
  size_t n_est = (size_t)e->n_est, n_rel = (size_t)e->n_rel, n_z = (size_t)e->n_z;
  for (size_t row = first; row < last; row++) {
    if (e->reason[row] != NULL) {
      out->excluded[e->candidate[row]] = e->reason[row];
      out->excluded_obs[e->candidate[row]] = a->n_obs[row];
      continue;
    }
    if (kept != row) {
      a->event[kept] = a->event[row];
      a->security[kept] = a->security[row];
      a->session[kept] = a->session[row];
      a->market[kept] = a->market[row];
      a->firm[kept] = a->firm[row];
      a->n_obs[kept] = a->n_obs[row];
      a->n_coef[kept] = a->n_coef[row];
      a->first_used[kept] = a->first_used[row];
      a->last_used[kept] = a->last_used[row];
      a->note[kept] = a->note[row];
      double *const vectors[] = {a->df, a->sigma, a->r_squared, a->loglik};
      for (size_t i = 0; i < G_N_ELEMENTS(vectors); i++) move_row(vectors[i], row, kept, 1);
      double *const grids[] = {a->realised, a->expected, a->abnormal, a->h};
      for (size_t i = 0; i < G_N_ELEMENTS(grids); i++) move_row(grids[i], row, kept, n_rel);
      if (a->gap != NULL) memmove(a->gap + kept * n_rel, a->gap + row * n_rel, n_rel * sizeof *a->gap);
      move_row(a->residual, row, kept, n_est);
      move_row(a->z, row, kept, n_rel * n_z);
      move_row(a->root, row, kept, n_z * n_z);
      if (out->donors != NULL) aft_donors_move(out->donors, row, kept);
      move_row(out->coefficient, row, kept, (size_t)e->width);
      move_row(out->standard_error, row, kept, (size_t)e->width);
      for (size_t w = 0; w < e->study->config->n_windows; w++) move_row(out->bhar + w * e->n, row, kept, 1);
    }
    kept++;
  }
  return kept;
}

/* Whether the observations that a fit rests on lie in the data. */
static bool is_span_sound(const estimation *e, size_t row) {
  const aft_abnormal *a = &e->out->abnormal;
  const aft_event *event = &e->study->events->rows[a->event[row]];
  long first = event->column + a->first_used[row], last = event->column + a->last_used[row];
  return first > last || (first >= 0 && last < (long)aft_result_get_panel(e->study, event)->n_sessions);
}

/* Rows that another process fitted, from *kept on. */
static bool get_part(const estimation *e, size_t part, size_t first, size_t last, size_t *kept, GError **error) {
  const aft_parts *parts = e->study->parts;
  size_t n = last - first, n_kept;
  g_autofree int *n_obs = g_new(int, MAX(n, 1));
  part_lists lists = {n, e->reason + first, n_obs, e->n_reported + first, e->study->config->n_windows, e->n};
  if (!part_rows_get(parts, part, e->out, *kept, &lists, &n_kept, error)) return false;
  for (size_t i = 0; i < n; i++) {
    if (lists.reason[i] != NULL) {
      e->out->excluded[e->candidate[first + i]] = lists.reason[i];
      e->out->excluded_obs[e->candidate[first + i]] = n_obs[i];
      continue;
    }
    place_row(e, *kept, first + i);
    if (!is_span_sound(e, *kept)) {
      g_autofree char *name = parts->name(part, parts->data);
      g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                  "%s: its sessions cannot be of this study (make it again with the program that merges)", name);
      return false;
    }
    ++*kept;
  }
  return true;
}

/* Fits the candidates, or gets the fits, part after part. */
static bool fill_rows(estimation *e, size_t n, unsigned n_threads, GError **error) {
  const aft_parts *parts = e->study->parts;
  size_t n_parts = parts != NULL && parts->get != NULL ? parts->count : 1, kept = 0;
  long own = n_parts > 1 || (parts != NULL && parts->get != NULL) ? parts->own : 0;
  for (size_t part = 0; part < n_parts; part++) {
    size_t first, last;
    aft_parts_range(n, n_parts, part, &first, &last);
    if ((long)part != own) {
      if (!get_part(e, part, first, last, &kept, error)) return false;
      continue;
    }
    aft_progress progress;
    g_autofree size_t *order = sort_by_session(e, first, last);
    e->first = first;
    e->order = order;
    e->progress = &progress;
    aft_progress_begin(&progress, "events fitted", last - first);
    aft_parallel_for(last - first, n_threads, fit_range, e);
    aft_progress_end(&progress);
    e->progress = NULL;
    e->order = NULL;
    kept = compact(e, first, last, kept);
  }
  e->out->abnormal.n_events = kept;
  for (size_t w = 0; w < e->study->config->n_windows; w++)
    memmove(e->out->bhar + w * kept, e->out->bhar + w * n, kept * sizeof *e->out->bhar);
  return true;
}

static bool puts_part(const aft_result *study) { return study->parts != NULL && study->parts->put != NULL; }

/* Puts the rows away, when they are a part that another process takes. */
static bool put_part(const estimation *e, size_t n, GError **error) {
  if (!puts_part(e->study)) return true;
  g_autofree int *n_obs = g_new(int, MAX(n, 1));
  for (size_t i = 0; i < n; i++) n_obs[i] = e->out->excluded_obs[e->candidate[i]];
  const part_lists lists = {n, e->reason, n_obs, e->n_reported, e->study->config->n_windows, e->out->abnormal.n_events};
  return part_rows_put(e->study->parts, e->out, &lists, error);
}

/* The usable events, or those of them that are the own part; returns their number. */
static size_t list_candidates(const aft_result *study, size_t *candidate) {
  const aft_events *events = study->events;
  size_t n = 0, first, last;
  for (size_t i = 0; i < events->n; i++)
    if (events->rows[i].reason == NULL) candidate[n++] = i;
  if (!puts_part(study)) return n;
  aft_parts_range(n, study->parts->count, (size_t)study->parts->own, &first, &last);
  memmove(candidate, candidate + first, (last - first) * sizeof *candidate);
  return last - first;
}

/* Names the coefficients that the fits reported. */
static void name_terms(estimation *e, size_t n) {
  const aft_model *model = e->out->spec->model;
  for (size_t row = 0; row < n; row++)
    if (e->reason[row] == NULL) e->out->n_terms = MAX(e->out->n_terms, e->n_reported[row]);
  e->out->terms = g_new0(char *, (size_t)e->out->n_terms + 1);
  for (int k = 0; k < e->out->n_terms; k++) {
    char buffer[128];
    model->term(k, e->regressors[0].name, &e->out->spec->options, buffer, sizeof buffer);
    e->out->terms[k] = g_strdup(buffer);
  }
}

/* There is no value of buying and holding where there is no CAR. */
static void blank_bhar(aft_model_result *out, const aft_config *config) {
  size_t n = out->abnormal.n_events;
  for (size_t w = 0; w < config->n_windows; w++)
    for (size_t i = 0; i < n; i++)
      if (isnan(out->windows[w].car[i])) out->bhar[w * n + i] = (double)NAN;
}

static void fill_values(const aft_abnormal *a, const aft_config *config, aft_window_values **windows) {
  if (*windows == NULL) {
    *windows = g_new0(aft_window_values, config->n_windows);
    for (size_t w = 0; w < config->n_windows; w++) {
      (*windows)[w].car = new_doubles(a->n_events);
      (*windows)[w].variance = new_doubles(a->n_events);
      (*windows)[w].scar = new_doubles(a->n_events);
    }
  }
  for (size_t w = 0; w < config->n_windows; w++)
    aft_window_values_fill(a, config->windows[w].first, config->windows[w].last, &(*windows)[w]);
}

void aft_study_fill_windows(aft_model_result *out, const aft_config *config) {
  aft_abnormal strict = out->abnormal; /* shares the arrays */
  fill_values(&out->abnormal, config, &out->windows);
  if (out->abnormal.missing == AFT_MISSING_EXCLUDE) {
    out->complete = out->windows;
    return;
  }
  strict.missing = AFT_MISSING_EXCLUDE;
  fill_values(&strict, config, &out->complete);
}

/* Whether sums of estimation residuals fall short of forecasts because the mean was estimated from the same sessions. */
static bool centres_residuals(const aft_model_spec *spec, const aft_config *config) {
  const int *window = spec->options.window;
  if (aft_model_takes(spec->model, "demean")) return spec->options.demean;
  bool elsewhere =
      aft_model_takes(spec->model, "window") && (window[1] < config->first_est || window[0] > config->last_est);
  return spec->model->estimates_mean && spec->options.alpha && !elsewhere;
}

/* The regressors of every exchange of the study, [n] owned; NULL with an error when one lacks any. */
static aft_study_regressors *find_regressors(const aft_result *study, const aft_model_spec *spec, size_t *n,
                                             GError **error) {
  g_autofree aft_study_regressors *found = NULL;
  *n = 0;
  for (const aft_panel *panel = study->panel; panel != NULL; panel = panel->next) {
    found = g_renew(aft_study_regressors, found, *n + 1);
    if (aft_study_find_regressors(&found[*n], study, panel, spec, error)) {
      (*n)++;
      continue;
    }
    for (size_t i = 0; i < *n; i++) aft_study_clear_regressors(&found[i]);
    return NULL;
  }
  return g_steal_pointer(&found);
}

/* Where X* of least squares stands, by exchange. */
static aft_regressor_rows *list_regressors(const aft_panel *first, const aft_study_regressors *regressors, size_t n,
                                           bool constant) {
  aft_regressor_rows *rows = g_new(aft_regressor_rows, n);
  for (const aft_panel *panel = first; panel != NULL; panel = panel->next) {
    const aft_study_regressors *r = &regressors[panel->number];
    rows[panel->number] = (aft_regressor_rows){constant, r->n, r->row, r->benchmark, (long)panel->n_sessions};
  }
  return rows;
}

/* The clocks of the study's exchanges. */
static const aft_day **list_days(const aft_panel *first, size_t n) {
  const aft_day **day = g_new(const aft_day *, n);
  for (const aft_panel *panel = first; panel != NULL; panel = panel->next) day[panel->number] = panel->day;
  return day;
}

bool aft_study_estimate(aft_model_result *model, const aft_result *study, unsigned n_threads, GError **error) {
  const aft_config *config = study->config;
  const aft_events *events = study->events;
  g_autofree size_t *candidate = g_new(size_t, MAX(events->n, 1));
  g_autofree const char **reason = g_new0(const char *, MAX(events->n, 1));
  g_autofree int *n_reported = g_new0(int, MAX(events->n, 1));
  estimation e = {.out = model,
                  .study = study,
                  .candidate = candidate,
                  .n_est = config->last_est - config->first_est + 1,
                  .n_rel = config->last_rel - config->first_rel + 1,
                  .reason = reason,
                  .n_reported = n_reported};
  size_t n_markets;
  aft_study_regressors *regressors = find_regressors(study, model->spec, &n_markets, error);
  if (regressors == NULL) return false;
  model->regressors = regressors;
  model->n_markets = n_markets;
  e.regressors = regressors;
  for (size_t i = 0; i < n_markets; i++) e.n_x = MAX(e.n_x, regressors[i].n);
  /* Models report their regressors, a constant and a few parameters of their own. */
  const aft_model_spec *spec = model->spec;
  e.n_z = spec->model->n_z(e.n_x, &spec->options);
  e.width = model->width = MIN(MAX(e.n_x + 8, e.n_z), AFT_MODEL_MAX_COEF);
  size_t n = e.n = list_candidates(study, candidate);
  model->excluded = g_new0(const char *, MAX(events->n, 1));
  model->excluded_obs = g_new0(int, MAX(events->n, 1));
  aft_abnormal *a = &model->abnormal;
  a->first_est = config->first_est;
  a->n_est = e.n_est;
  a->first_rel = config->first_rel;
  a->n_rel = e.n_rel;
  a->n_z = e.n_z;
  a->estimates_mean = centres_residuals(spec, config);
  a->day = list_days(study->panel, n_markets);
  if (aft_model_is_least_squares(spec->model))
    a->regressors = list_regressors(study->panel, regressors, n_markets, spec->options.alpha);
  allocate(model, n, &e);
  if (model->wants_donors) model->donors = aft_donors_new(regressors, n_markets, n, e.n_rel);
  g_autofree aft_other *others = aft_others_new(study, &e.n_others);
  e.others = others;
  for (const aft_panel *p = study->panel; others != NULL && p != NULL; p = p->next)
    e.most_sessions = MAX(e.most_sessions, p->n_sessions);
  bool ok = fill_rows(&e, n, n_threads, error) && put_part(&e, n, error);
  if (ok) {
    name_terms(&e, n);
    a->missing = spec->model->gaps ? AFT_MISSING_EXCLUDE : config->missing;
    if (config->no_forecast_error) a->n_z = 0; /* V = diag(h): what the coefficients' error adds is left out */
    aft_study_fill_windows(model, config);
    blank_bhar(model, config);
  }
  return ok;
}
