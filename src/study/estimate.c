/* One model fitted to every usable event. */
#include "estimate.h"

#include "models.h"
#include "part_rows.h"

#include <aftershock/base/parallel.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static double *new_doubles(size_t n) { return g_new(double, MAX(n, 1)); }

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
  a->event = g_new(guint32, m);
  a->security = g_new(int, m);
  a->session = g_new(int, m);
  if (e->out->n_markets > 1) a->market = g_new(int, m);
  a->firm = g_new(int, m);
  a->fit = g_new(aft_event_fit, m);
  a->gap = out->spec->model->gaps ? g_new(int, MAX(n * (size_t)e->n_rel, 1)) : NULL;
  a->residual = keeps_residuals(e->study->config) ? new_doubles(n * (size_t)e->n_est) : NULL;
  a->abnormal = new_doubles(n * (size_t)e->n_rel);
  if (keeps_days(e->study->config)) {
    a->realised = new_doubles(n * (size_t)e->n_rel);
    a->expected = new_doubles(n * (size_t)e->n_rel);
  }
  if (aft_model_is_least_squares(out->spec->model)) {
    a->root =
        new_doubles(n * estimation_root_size(e)); /* as many as events at most: what is not filled takes no memory */
    a->shares_roots = estimation_shares_x(e) && e->study->parts == NULL;
  } else {
    a->note = g_new(const char *, m);
    a->loglik = new_doubles(n);
    a->h = new_doubles(n * (size_t)e->n_rel);
    a->z = new_doubles(n * (size_t)e->n_rel * (size_t)e->n_z);
  }
  out->bhar = new_doubles(n * e->study->config->n_windows);
  out->coefficient = g_new(aft_coefficient, MAX(n * (size_t)e->width, 1));
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
      out->excluded_obs[e->candidate[row]] = a->fit[row].n_obs;
      continue;
    }
    if (kept != row) {
      a->event[kept] = a->event[row];
      a->security[kept] = a->security[row];
      a->session[kept] = a->session[row];
      if (a->market != NULL) a->market[kept] = a->market[row];
      a->firm[kept] = a->firm[row];
      a->fit[kept] = a->fit[row];
      if (a->note != NULL) a->note[kept] = a->note[row];
      move_row(a->loglik, row, kept, 1);
      double *const grids[] = {a->realised, a->expected, a->abnormal, a->h};
      for (size_t i = 0; i < G_N_ELEMENTS(grids); i++) move_row(grids[i], row, kept, n_rel);
      if (a->gap != NULL) memmove(a->gap + kept * n_rel, a->gap + row * n_rel, n_rel * sizeof *a->gap);
      move_row(a->residual, row, kept, n_est);
      move_row(a->z, row, kept, n_rel * n_z);
      if (!a->shares_roots) move_row(a->root, row, kept, estimation_root_size(e));
      if (out->donors != NULL) aft_donors_move(out->donors, row, kept);
      move_row((double *)out->coefficient, row, kept, 2 * (size_t)e->width);
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
  long first = event->column + a->fit[row].first_used, last = event->column + a->fit[row].last_used;
  return first > last || (first >= 0 && last < (long)aft_result_get_panel(e->study, event)->n_sessions);
}

/* Rows that another process fitted, from *kept on. */
static bool get_part(const estimation *e, size_t part, size_t first, size_t last, size_t *kept, GError **error) {
  const aft_parts *parts = e->study->parts;
  size_t n = last - first, n_kept;
  g_autofree int *n_obs = g_new(int, MAX(n, 1));
  part_lists lists = {n, e->reason + first, n_obs, e->study->config->n_windows, e->n};
  if (!part_rows_get(parts, part, e->out, *kept, &lists, &n_kept, error)) return false;
  for (size_t i = 0; i < n; i++) {
    if (lists.reason[i] != NULL) {
      e->out->excluded[e->candidate[first + i]] = lists.reason[i];
      e->out->excluded_obs[e->candidate[first + i]] = n_obs[i];
      continue;
    }
    estimation_place_row(e, *kept, first + i);
    *e->most_terms = MAX(*e->most_terms, e->out->abnormal.fit[*kept].n_terms);
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
    g_autofree fit_place *order = estimation_sort(e, first, last, n_threads);
    e->order = order;
    e->progress = &progress;
    aft_progress_begin(&progress, "events fitted", last - first);
    aft_parallel_for(last - first, n_threads, estimation_fit_range, e);
    aft_progress_end(&progress);
    e->progress = NULL;
    e->order = NULL;
    bool is_whole = kept == first && g_atomic_int_get(e->n_excluded) == 0;
    kept = is_whole ? last : compact(e, first, last, kept);
  }
  e->out->abnormal.n_events = kept;
  for (size_t w = 0; w < e->study->config->n_windows && kept < n; w++)
    memmove(e->out->bhar + w * kept, e->out->bhar + w * n, kept * sizeof *e->out->bhar);
  return true;
}

static bool puts_part(const aft_result *study) { return study->parts != NULL && study->parts->put != NULL; }

/* Puts the rows away, when they are a part that another process takes. */
static bool put_part(const estimation *e, size_t n, GError **error) {
  if (!puts_part(e->study)) return true;
  g_autofree int *n_obs = g_new(int, MAX(n, 1));
  for (size_t i = 0; i < n; i++) n_obs[i] = e->out->excluded_obs[e->candidate[i]];
  const part_lists lists = {n, e->reason, n_obs, e->study->config->n_windows, e->out->abnormal.n_events};
  return part_rows_put(e->study->parts, e->out, &lists, error);
}

/* Events that a thread looks through at a time. */
enum { LISTED = 4096 };

/* What the parallel loops over blocks of events share. */
typedef struct listing {
  const aft_events *events;
  guint32 *candidate; /* NULL while they are counted */
  size_t *n;          /* [n_blocks + 1] usable events of each block; then those before it */
} listing;

static void list_blocks(size_t first, size_t last, unsigned worker, void *data) {
  const listing *l = data;
  (void)worker;
  for (size_t block = first; block < last; block++) {
    size_t n = 0, end = MIN((block + 1) * LISTED, l->events->n);
    for (size_t i = block * LISTED; i < end; i++) {
      if (l->events->rows[i].reason != NULL) continue;
      if (l->candidate != NULL) l->candidate[l->n[block] + n] = (guint32)i;
      n++;
    }
    if (l->candidate == NULL) l->n[block] = n;
  }
}

/* The usable events, or those of them that are the own part; returns their number. */
static size_t list_candidates(const aft_result *study, unsigned n_threads, guint32 *candidate) {
  const aft_events *events = study->events;
  size_t n = 0, n_blocks = (events->n + LISTED - 1) / LISTED, first, last;
  g_autofree size_t *counts = g_new(size_t, n_blocks + 1);
  listing l = {.events = events, .n = counts};
  g_assert(events->n <= G_MAXUINT32);
  aft_parallel_for(n_blocks, n_threads, list_blocks, &l);
  for (size_t block = 0; block < n_blocks; block++) {
    size_t here = counts[block];
    counts[block] = n;
    n += here;
  }
  l.candidate = candidate;
  aft_parallel_for(n_blocks, n_threads, list_blocks, &l);
  if (!puts_part(study)) return n;
  aft_parts_range(n, study->parts->count, (size_t)study->parts->own, &first, &last);
  memmove(candidate, candidate + first, (last - first) * sizeof *candidate);
  return last - first;
}

/* Rows of all candidates, in their order. */
static void place_range(size_t first, size_t last, unsigned worker, void *data) {
  const estimation *e = data;
  (void)worker;
  for (size_t row = first; row < last; row++) estimation_place_row(e, row, row);
}

/* Names the coefficients that the fits reported. */
static void name_terms(estimation *e) {
  const aft_model *model = e->out->spec->model;
  e->out->n_terms = g_atomic_int_get(e->most_terms);
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

/* What the parallel loop over the fitted events of one window shares. */
typedef struct summing {
  const aft_abnormal *abnormal;
  aft_window_values *values;
} summing;

static void sum_range(size_t first, size_t last, unsigned worker, void *data) {
  const summing *s = data;
  (void)worker;
  aft_window_values_fill_rows(s->abnormal, first, last, s->values);
}

static void fill_values(const aft_abnormal *a, const aft_config *config, unsigned n_threads,
                        aft_window_values **windows) {
  if (*windows == NULL) {
    *windows = g_new0(aft_window_values, config->n_windows);
    for (size_t w = 0; w < config->n_windows; w++) {
      (*windows)[w].car = new_doubles(a->n_events);
      (*windows)[w].variance = new_doubles(a->n_events);
      (*windows)[w].scar = new_doubles(a->n_events);
    }
  }
  for (size_t w = 0; w < config->n_windows; w++) {
    summing s = {a, &(*windows)[w]};
    aft_window_values_place(a, config->windows[w].first, config->windows[w].last, s.values);
    aft_parallel_for(a->n_events, n_threads, sum_range, &s);
  }
}

void aft_study_fill_windows(aft_model_result *out, const aft_config *config, unsigned n_threads) {
  aft_abnormal strict = out->abnormal; /* shares the arrays */
  fill_values(&out->abnormal, config, n_threads, &out->windows);
  if (out->abnormal.missing == AFT_MISSING_EXCLUDE) {
    out->complete = out->windows;
    return;
  }
  strict.missing = AFT_MISSING_EXCLUDE;
  fill_values(&strict, config, n_threads, &out->complete);
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

static size_t count_sessions(const aft_panel *first) {
  size_t n = 0;
  for (const aft_panel *panel = first; panel != NULL; panel = panel->next) n += panel->n_sessions;
  return n;
}

/* The panels of the study's exchanges, [n] owned. */
static const aft_panel **list_panels(const aft_panel *first, size_t n) {
  const aft_panel **panel = g_new(const aft_panel *, n);
  for (const aft_panel *p = first; p != NULL; p = p->next) panel[p->number] = p;
  return panel;
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
  g_autofree guint32 *candidate = g_new(guint32, MAX(events->n, 1));
  g_autofree const char **reason = g_new0(const char *, MAX(events->n, 1));
  estimation e = {.out = model,
                  .study = study,
                  .candidate = candidate,
                  .n_est = config->last_est - config->first_est + 1,
                  .n_rel = config->last_rel - config->first_rel + 1,
                  .reason = reason};
  gsize n_roots = 0;
  gint most_terms = 0, n_excluded = 0;
  e.n_roots = &n_roots;
  e.most_terms = &most_terms;
  e.n_excluded = &n_excluded;
  size_t n_markets;
  aft_study_regressors *regressors = find_regressors(study, model->spec, &n_markets, error);
  if (regressors == NULL) return false;
  model->regressors = regressors;
  model->n_markets = n_markets;
  e.regressors = regressors;
  g_autofree const aft_panel **panels = list_panels(study->panel, n_markets);
  e.panel = panels;
  for (size_t i = 0; i < n_markets; i++) e.n_x = MAX(e.n_x, regressors[i].n);
  const aft_model_spec *spec = model->spec;
  e.n_z = spec->model->n_z(e.n_x, &spec->options);
  /* Models report their regressors, a constant and, but for least squares, a few parameters of their own. */
  bool is_ols = aft_model_is_least_squares(spec->model);
  e.width = model->width = is_ols ? e.n_z : MIN(MAX(e.n_x + 8, e.n_z), AFT_MODEL_MAX_COEF);
  size_t n = e.n = list_candidates(study, n_threads, candidate);
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
  if (is_ols) a->regressors = list_regressors(study->panel, regressors, n_markets, spec->options.alpha);
  allocate(model, n, &e);
  if (model->wants_donors) model->donors = aft_donors_new(regressors, n_markets, n, e.n_rel);
  g_autofree aft_other *others = aft_others_new(study, &e.n_others);
  e.others = others;
  for (const aft_panel *p = study->panel; p != NULL; p = p->next) e.most_sessions = MAX(e.most_sessions, p->n_sessions);
  g_autofree guint32 *session_root = g_new0(guint32, count_sessions(study->panel));
  e.session_root = session_root;
  aft_parallel_for(n, n_threads, place_range, &e);
  bool ok = fill_rows(&e, n, n_threads, error) && put_part(&e, n, error);
  if (ok) {
    name_terms(&e);
    a->missing = spec->model->gaps ? AFT_MISSING_EXCLUDE : config->missing;
    if (config->no_forecast_error) a->n_z = 0; /* V = diag(h): what the coefficients' error adds is left out */
    aft_study_fill_windows(model, config, n_threads);
    blank_bhar(model, config);
  }
  return ok;
}
