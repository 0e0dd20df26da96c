/* One event fitted, and a range of events one after the other. */
#include "estimate.h"

#include "models.h"

#include <aftershock/stats/blocks.h>
#include <aftershock/stats/ols.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Whether columns first..first+n-1 lie in the panel. */
static bool is_inside(long n_sessions, long first, int n) { return first >= 0 && first + n <= n_sessions; }

/* Columns first..first+n-1 of a row over the panel's sessions; NaN outside it. subtract may be NULL. */
static void copy_columns(double *out, const double *row, const double *subtract, long n_sessions, long first, int n) {
  if (is_inside(n_sessions, first, n)) {
    if (subtract == NULL)
      memcpy(out, row + first, (size_t)n * sizeof *out);
    else
      aft_ols_subtract(row + first, subtract + first, n, out);
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

/* Where the events of one session are fitted: what is kept from one for the next. */
typedef struct stand {
  double *work;
  int market;   /* where and when the last event was, ... */
  long column;  /* ... whose regressors and factors are still in work */
  bool is_laid; /* whether there was one, all of whose regressors are those of the market */
} stand;

/* What a worker works with: a stand for each session of a tile, or one where events of a session share nothing. */
typedef struct desk {
  stand stands[ESTIMATION_TILE];
  int n_stands;
  double *alone;  /* [most_sessions] a series of returns without other events, ... */
  double *excess; /* ... without rf */
  bool
      has_blocks; /* lines in regressors that stand where they are: their sums are kept from one event of a security for the next */
  aft_blocks blocks;
  const double *returns; /* whose */
  double *passing;       /* residuals, expected and realised returns that are not kept */
  aft_donor_fit donors;
  aft_model_input input; /* what all events have in common is set once */
  aft_fit fit;
} desk;

/* Several regressors, and no benchmark or donors of each security's own. */
static bool are_shared(const aft_study_regressors *regressors) {
  return regressors->n > 1 && regressors->benchmark == NULL && regressors->donor == NULL;
}

bool estimation_shares(const estimation *e) { return are_shared(&e->regressors[0]); }

static bool has_blocks(const estimation *e) {
  return aft_model_is_least_squares(e->out->spec->model) && e->n_x == 1 && e->out->spec->options.alpha &&
         e->regressors[0].donor == NULL;
}

/* The series of the event's security: that of the last event, unless other events are left out of each, or another. */
static void lay_blocks(const estimation *e, desk *d, const double *x, const double *returns, const double *rf,
                       long n_sessions) {
  aft_blocks *b = &d->blocks;
  if (b->x == x && d->returns == returns && e->others == NULL) return;
  d->returns = returns;
  if (rf != NULL) aft_ols_subtract(returns, rf, (int)n_sessions, d->excess);
  aft_blocks_begin(b, x, rf != NULL ? d->excess : returns, n_sessions);
}

bool estimation_shares_x(const estimation *e) {
  return e->regressors[0].n > 0 && e->regressors[0].benchmark == NULL && e->regressors[0].donor == NULL;
}

static const aft_event *find_event(const estimation *e, size_t row) {
  return &e->study->events->rows[e->candidate[row]];
}

static bool may_serve(const estimation *e, const aft_study_regressors *regressors, int k, const fit_place *place) {
  if (regressors->donor == NULL) return k < regressors->n;
  return aft_study_may_serve(regressors, k, find_event(e, place->row));
}

/* y and x of both windows in front of the model's own workspace, whose place is returned. */
static double *fill_input(const estimation *e, const fit_place *place, desk *all, stand *d) {
  aft_model_input *input = &all->input;
  double *work = d->work;
  const aft_panel *panel = e->panel[place->market];
  long column = place->session;
  const aft_config *config = e->study->config;
  const aft_study_regressors *regressors = &e->regressors[panel->number];
  long n_sessions = (long)panel->n_sessions;
  size_t n_est = (size_t)e->n_est, n_rel = (size_t)e->n_rel, n_x = (size_t)e->n_x;
  size_t security = (size_t)place->security, series = security * panel->n_sessions;
  bool gaps = e->out->spec->model->gaps;
  const double *returns = (gaps ? panel->gap_returns : panel->returns) + series;
  const double *rf = regressors->excess ? panel->rf : NULL;
  if (e->others != NULL) {
    aft_others_blank(e->others, e->n_others, e->study, find_event(e, place->row), returns, all->alone);
    returns = all->alone;
  }
  double *y_est = work, *y_rel = y_est + n_est, *x_est = y_rel + n_rel, *x_rel = x_est + n_x * n_est;
  const double *first = regressors->benchmark != NULL ? regressors->benchmark[security] : regressors->row[0];
  input->y_est = y_est;
  input->y_rel = y_rel;
  input->x_est = x_est;
  input->x_rel = x_rel;
  input->own = returns;
  input->gap = gaps ? panel->gap + series : NULL;
  input->market = e->n_x == 1 ? first : NULL;
  input->n_sessions = n_sessions;
  input->event_column = column;
  input->est_column = column + config->first_est;
  input->rel_column = column + config->first_rel;
  input->blocks = NULL;
  input->shares_x = are_shared(regressors);
  input->same_x = d->is_laid && d->column == column && d->market == place->market;
  d->is_laid = input->shares_x;
  d->column = column;
  d->market = place->market;
  const double *y = returns;
  if (all->has_blocks) {
    lay_blocks(e, all, first, returns, rf, n_sessions);
    y = all->blocks.y;
    rf = NULL;
    if (is_inside(n_sessions, input->est_column, e->n_est)) input->blocks = &all->blocks;
  }
  input->y_est = take_columns(y_est, y, rf, n_sessions, input->est_column, e->n_est);
  input->y_rel = take_columns(y_rel, y, rf, n_sessions, input->rel_column, e->n_rel);
  if (n_x == 1 && may_serve(e, regressors, 0, place)) {
    input->x_est = take_columns(x_est, first, NULL, n_sessions, input->est_column, e->n_est);
    input->x_rel = take_columns(x_rel, first, NULL, n_sessions, input->rel_column, e->n_rel);
    return x_rel + n_rel;
  }
  for (size_t k = 0; k < n_x && !input->same_x; k++) {
    const double *row = k == 0 ? first : regressors->row[k];
    long n_columns = may_serve(e, regressors, (int)k, place) ? n_sessions : 0;
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

void estimation_place_row(const estimation *e, size_t row, size_t candidate) {
  aft_abnormal *a = &e->out->abnormal;
  const aft_event *event = &e->study->events->rows[e->candidate[candidate]];
  a->event[row] = e->candidate[candidate];
  a->security[row] = (int)event->security;
  a->session[row] = (int)event->column;
  if (a->market != NULL) a->market[row] = (int)aft_result_get_panel(e->study, event)->number;
  a->firm[row] = (int)event->firm;
}

/* No reason was there before. */
static void exclude(const estimation *e, size_t row, const char *reason) {
  e->reason[row] = reason;
  g_atomic_int_inc(e->n_excluded);
}

static void raise_most(gint *most, gint value) {
  gint before = g_atomic_int_get(most);
  while (value > before && !g_atomic_int_compare_and_exchange(most, before, value)) before = g_atomic_int_get(most);
}

static void keep_fit(const estimation *e, size_t row, const aft_fit *fit) {
  aft_abnormal *a = &e->out->abnormal;
  aft_event_fit *kept = &a->fit[row];
  aft_coefficient *term = e->out->coefficient + row * (size_t)e->width;
  if (fit->excluded != NULL) exclude(e, row, fit->excluded);
  *kept = (aft_event_fit){.n_obs = fit->n_obs,
                          .n_coef = fit->n_coef,
                          .n_terms = fit->n_terms,
                          .first_used = fit->first_used,
                          .last_used = fit->last_used,
                          .df = fit->df,
                          .sigma = fit->sigma,
                          .r_squared = fit->r_squared};
  if (a->loglik != NULL) a->loglik[row] = fit->loglik;
  if (a->note != NULL) a->note[row] = fit->note;
  if (fit->first_used > fit->last_used) find_span(a, fit->residual, &kept->first_used, &kept->last_used);
  int n_terms = MIN(fit->n_terms, e->width);
  for (int k = 0; k < n_terms; k++) term[k] = (aft_coefficient){fit->coefficient[k], fit->standard_error[k]};
  for (int k = n_terms; k < e->width; k++) term[k] = (aft_coefficient){(double)NAN, (double)NAN};
  if (fit->excluded == NULL) raise_most(e->most_terms, fit->n_terms);
}

/* Where the number of the root that the events of a session share is written down; NULL outside the data. */
static guint32 *find_shared(const estimation *e, const fit_place *place) {
  size_t before = 0;
  for (int m = 0; m < place->market; m++) before += e->panel[m]->n_sessions;
  bool inside = place->session >= 0 && (size_t)place->session < e->panel[place->market]->n_sessions;
  return inside ? &e->session_root[before + (size_t)place->session] : NULL;
}

/* Where R of the event's fit is kept: once for all events that share it, or twice when two threads find it at once. */
static void keep_root(const estimation *e, const fit_place *place, const aft_fit *fit) {
  aft_abnormal *a = &e->out->abnormal;
  size_t size = estimation_root_size(e);
  if (!a->shares_roots) { /* it stands in its row */
    aft_ols_pack(fit->root, fit->n_coef, a->root + place->row * size);
    return;
  }
  guint32 *shared = fit->shares_root ? find_shared(e, place) : NULL;
  guint32 number = shared != NULL ? (guint32)g_atomic_int_get(shared) : 0;
  if (number == 0) {
    number = (guint32)g_atomic_pointer_add(e->n_roots, 1) + 1;
    aft_ols_pack(fit->root, fit->n_coef, a->root + (size_t)(number - 1) * size);
    if (shared != NULL) g_atomic_int_set(shared, number);
  }
  a->fit[place->row].root = number - 1;
}

/* The arrays that the model fills: rows of the result, or what passes. */
static void lay_out(const estimation *e, size_t row, desk *d) {
  const aft_abnormal *a = &e->out->abnormal;
  size_t n_est = (size_t)e->n_est, n_rel = (size_t)e->n_rel, n_z = (size_t)e->n_z;
  aft_fit *fit = &d->fit;
  fit->residual = a->residual != NULL ? a->residual + row * n_est : d->passing;
  fit->passing = a->residual == NULL;
  fit->expected = a->expected != NULL ? a->expected + row * n_rel : d->passing + n_est;
  fit->h = a->h != NULL ? a->h + row * n_rel : NULL;
  fit->z = a->z != NULL ? a->z + row * n_rel * n_z : NULL;
  fit->wants_root = a->root != NULL;
}

static void fit_event(const estimation *e, const fit_place *place, desk *d) {
  size_t row = place->row;
  aft_abnormal *a = &e->out->abnormal;
  const aft_panel *panel = e->panel[place->market];
  const aft_study_regressors *regressors = &e->regressors[panel->number];
  const aft_model *model = e->out->spec->model;
  const double *rf = regressors->excess ? panel->rf : NULL;
  size_t n_est = (size_t)e->n_est, n_rel = (size_t)e->n_rel;
  aft_model_input *input = &d->input;
  aft_fit *fit = &d->fit;
  lay_out(e, row, d);
  if (e->out->donors != NULL) {
    d->donors = aft_donors_row(e->out->donors, row);
    fit->donors = &d->donors;
  }
  if (regressors->benchmark != NULL && regressors->benchmark[place->security] == NULL) {
    exclude(e, row, "no benchmark");
    a->fit[row].n_obs = 0;
    return;
  }
  stand *at = &d->stands[place->session < 0 ? 0 : place->session % d->n_stands];
  double *rest = fill_input(e, place, d, at);
  model->fit(input, model->variant, rest, fit);
  keep_fit(e, row, fit);
  if (fit->wants_root && fit->excluded == NULL) keep_root(e, place, fit);
  for (int j = 0; j < e->n_rel && a->gap != NULL; j++) {
    long t = input->rel_column + j;
    a->gap[row * n_rel + (size_t)j] = t >= 0 && t < input->n_sessions ? input->gap[t] : 0;
  }
  double *expected = fit->expected;
  aft_ols_subtract(input->y_rel, expected, e->n_rel, a->abnormal + row * n_rel);
  long first = MAX(-input->rel_column, 0), last = MIN(input->n_sessions - input->rel_column, (long)e->n_rel);
  for (long j = first; j < last && rf != NULL; j++)
    expected[j] += rf[input->rel_column + j]; /* placebos may lie at the edge */
  const double *realised =
      take_columns(d->passing + n_est + n_rel, input->own, NULL, input->n_sessions, input->rel_column, e->n_rel);
  if (a->realised != NULL) memcpy(a->realised + row * n_rel, realised, n_rel * sizeof *realised);
  const aft_config *config = e->study->config;
  for (size_t w = 0; w < config->n_windows; w++)
    e->out->bhar[w * e->n + row] = compute_bhar(realised, expected, a->gap != NULL ? a->gap + row * n_rel : NULL,
                                                config->windows[w].first - config->first_rel,
                                                config->windows[w].last - config->first_rel, config->log_returns);
}

/* A compiler takes what does nothing but ask for memory to have no effect, and leaves its calls out: hence no calls. */
#define ALWAYS_INLINE static inline __attribute__((always_inline))

ALWAYS_INLINE void prefetch(const void *row, size_t size) {
  for (size_t i = 0; i < size; i += 64) __builtin_prefetch((const char *)row + i, 1);
  __builtin_prefetch((const char *)row + size - 1, 1);
}

/* Rows lie anywhere in memory, in the order in which they are fitted: those that will be written soon are asked for in time. */
ALWAYS_INLINE void prefetch_row(const estimation *e, size_t row) {
  const aft_abnormal *a = &e->out->abnormal;
  size_t n_rel = (size_t)e->n_rel, width = (size_t)e->width;
  prefetch(a->fit + row, sizeof *a->fit);
  prefetch(a->abnormal + row * n_rel, n_rel * sizeof(double));
  prefetch(e->out->coefficient + row * width, width * sizeof *e->out->coefficient);
  if (e->study->config->n_windows > 0) __builtin_prefetch(e->out->bhar + row, 1);
}

/* The same of the returns that will be read. */
ALWAYS_INLINE void prefetch_returns(const estimation *e, const fit_place *place) {
  const aft_panel *panel = e->panel[place->market];
  long first = place->session + e->study->config->first_est;
  if (!is_inside((long)panel->n_sessions, first, e->n_est)) return;
  const double *row = panel->returns + (size_t)place->security * panel->n_sessions + first;
  for (int i = 0; i < e->n_est; i += 8) __builtin_prefetch(row + i);
}

enum { SOON = 6 };

/* Events between one telling of the progress, which all workers wait for, and the next. */
enum { TOLD = 64 };

void estimation_fit_range(size_t first, size_t last, unsigned worker, void *data) {
  const estimation *e = data;
  (void)worker;
  desk d = {.n_stands = estimation_shares(e) ? ESTIMATION_TILE : 1,
            .input = {.options = &e->out->spec->options,
                      .n_est = e->n_est,
                      .n_rel = e->n_rel,
                      .n_x = e->n_x,
                      .log_returns = e->study->config->log_returns,
                      .min_obs = e->study->config->min_obs}};
  size_t passing = (size_t)e->n_est + 2 * (size_t)e->n_rel;
  size_t stands = work_size(e) * (size_t)d.n_stands;
  g_autofree double *room = g_new(double, stands + 2 * e->most_sessions + passing);
  for (int i = 0; i < d.n_stands; i++) d.stands[i] = (stand){.work = room + work_size(e) * (size_t)i};
  d.alone = room + stands;
  d.has_blocks = has_blocks(e);
  g_autofree double *kept = d.has_blocks ? g_new(double, aft_blocks_size((long)e->most_sessions)) : NULL;
  if (d.has_blocks) aft_blocks_place(&d.blocks, (long)e->most_sessions, kept);
  d.excess = d.alone + e->most_sessions;
  d.passing = d.excess + e->most_sessions;
  for (size_t i = first; i < last; i++) {
    if (i + SOON < last) prefetch_row(e, e->order[i + SOON].row);
    if (d.n_stands > 1 && i + 2 < last) prefetch_returns(e, &e->order[i + 2]);
    fit_event(e, &e->order[i], &d);
    if ((i + 1 - first) % TOLD == 0 || i + 1 == last) aft_progress_add(e->progress, (i - first) % TOLD + 1);
  }
}
