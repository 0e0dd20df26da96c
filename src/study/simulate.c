/* The loop over the replications of a simulation: draw, fit, change, test, count. */
#include "simulate_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>
#include <aftershock/stats/random.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* 199 + 1 divides evenly at 5 %, and more replicates hardly move how often a test rejects. */
enum { MOST_REPLICATES = 199 };

/* What the workers share; each counts into its own row of tallies, which are added up when all is done. */
typedef struct loop {
  const aft_config *config;
  const aft_panel *panel;
  const simulate_pool *pool;
  const simulate_pattern *const *pattern; /* [2] by one_date */
  const aft_simulation *simulation;
  const aft_simulation_options *options;
  uint64_t key;
  size_t n_cells;               /* designs x windows x tests */
  size_t first, n_replications; /* of this process */
  simulate_tally *tallies;      /* [n_workers][n_cells] */
  aft_progress progress;
} loop;

/* A worker's own memory for one replication. */
typedef struct workspace {
  size_t *firm;      /* [n_firms] */
  size_t *member;    /* [n_events] */
  aft_event *rows;   /* [n_events] */
  double *unchanged; /* [n_events][n_rel] abnormal returns as they were fitted */
  GArray *tests;     /* of aft_test_row */
} workspace;

static void workspace_init(workspace *w, const loop *l) {
  size_t n = 1;
  for (int i = 0; i < 2; i++)
    if (l->pattern[i] != NULL) n = MAX(n, l->pattern[i]->n_events);
  w->firm = g_new(size_t, l->pool->n_firms);
  w->member = g_new(size_t, n);
  w->rows = g_new0(aft_event, n);
  w->unchanged = g_new(double, n *(size_t)(l->config->last_rel - l->config->first_rel + 1));
  w->tests = g_array_new(FALSE, FALSE, sizeof(aft_test_row));
  for (size_t i = 0; i < n; i++) w->member[i] = i;
}

static void workspace_clear(workspace *w) {
  g_free(w->firm);
  g_free(w->member);
  g_free(w->rows);
  g_free(w->unchanged);
  g_array_unref(w->tests);
}

/* AR = sqrt(variance) AR over the event grid, plus the shift on day 0. */
static void change(aft_abnormal *a, const double *unchanged, const aft_design *design) {
  size_t n_rel = (size_t)a->n_rel;
  double factor = sqrt(design->variance);
  for (size_t i = 0; i < a->n_events * n_rel; i++) a->abnormal[i] = factor * unchanged[i];
  if (a->first_rel > 0 || a->first_rel + a->n_rel <= 0) return;
  for (size_t i = 0; i < a->n_events; i++) a->abnormal[i * n_rel + (size_t)-a->first_rel] += design->shift;
}

static size_t find_test(const aft_config *config, const aft_test *test) {
  size_t t = 0;
  while (config->tests[t] != test) t++;
  return t;
}

static void count_rejections(const loop *l, size_t design, const GArray *tests, simulate_tally *tallies) {
  const aft_config *config = l->config;
  for (guint i = 0; i < tests->len; i++) {
    const aft_test_row *row = &g_array_index(tests, aft_test_row, i);
    simulate_tally *cell =
        &tallies[(design * config->n_windows + row->window) * config->n_tests + find_test(config, row->test)];
    if (isnan(row->result.p_value)) continue;
    cell->defined++;
    /* p-values of resampling and the level are fractions that binary numbers round. */
    cell->rejected += row->result.p_value <= l->simulation->level + 1e-12;
  }
}

static void test_designs(const loop *l, aft_model_result *model, bool one_date, uint64_t replication, workspace *w,
                         simulate_tally *tallies) {
  aft_abnormal *a = &model->abnormal;
  const GArray *designs = l->simulation->designs;
  /* Studies of one event make the one-firm test, all others those of the average. */
  const aft_sample sample = {.member = w->member, .n = a->n_events, .single_only = l->pattern[one_date]->n_events == 1};
  const aft_test_options options = {.replicates = l->simulation->replicates,
                                    .seed = l->simulation->seed + replication,
                                    .n_threads = 1,
                                    .kp_align = l->config->kp_align};
  memcpy(w->unchanged, a->abnormal, a->n_events * (size_t)a->n_rel * sizeof *a->abnormal);
  for (guint d = 0; d < designs->len; d++) {
    const aft_design *design = &g_array_index(designs, aft_design, d);
    if (design->one_date != one_date) continue;
    change(a, w->unchanged, design);
    aft_study_fill_windows(model, l->config, 1);
    g_array_set_size(w->tests, 0);
    aft_study_test(model, l->config, &sample, &options, w->tests);
    count_rejections(l, d, w->tests, tallies);
  }
}

/* One replication of the designs of many dates, or of those of one. */
static void replicate(const loop *l, bool one_date, uint64_t replication, workspace *w, simulate_tally *tallies) {
  const simulate_pattern *pattern = l->pattern[one_date];
  const aft_events events = {.n = pattern->n_events, .rows = w->rows};
  const aft_result study = {.config = l->config, .panel = l->panel, .events = &events};
  aft_model_result model = {.spec = &l->config->models[0]};
  simulate_draw(l->pool, pattern, l->key, replication, w->firm, w->rows);
  bool ok = aft_study_estimate(&model, &study, 1, NULL);
  g_assert(ok); /* the regressors were found when the pool was built */
  if (model.abnormal.n_events > 0) test_designs(l, &model, one_date, replication, w, tallies);
  aft_study_clear_model(&model, l->config->n_windows);
}

static void replicate_range(size_t first, size_t last, unsigned worker, void *data) {
  loop *l = data;
  simulate_tally *tallies = l->tallies + worker * l->n_cells;
  workspace w;
  workspace_init(&w, l);
  for (size_t r = first; r < last; r++) {
    for (int one_date = 0; one_date < 2; one_date++)
      if (l->pattern[one_date] != NULL) replicate(l, one_date, l->first + r, &w, tallies);
    aft_progress_add(&l->progress, 1);
  }
  workspace_clear(&w);
}

/* The counts of all workers go to the first. */
static void add_up(loop *l, unsigned n_workers) {
  for (size_t i = l->n_cells; i < n_workers * l->n_cells; i++) {
    l->tallies[i % l->n_cells].defined += l->tallies[i].defined;
    l->tallies[i % l->n_cells].rejected += l->tallies[i].rejected;
  }
}

static void fill_tests(aft_simulation *simulation, const loop *l) {
  const aft_config *config = l->config;
  for (size_t cell = 0; cell < l->n_cells; cell++) {
    aft_simulated_test row = {.design = cell / (config->n_windows * config->n_tests),
                              .window = cell / config->n_tests % config->n_windows,
                              .test = config->tests[cell % config->n_tests],
                              .replications = l->tallies[cell].defined,
                              .rejections = l->tallies[cell].rejected};
    if (row.replications == 0) continue;
    row.rate = (double)row.rejections / (double)row.replications;
    row.error = sqrt(row.rate * (1 - row.rate) / (double)row.replications);
    g_array_append_val(simulation->tests, row);
  }
}

bool simulate_run(aft_simulation *simulation, const aft_config *config, const aft_panel *panel,
                  const simulate_pool *pool, const simulate_pattern *const *pattern, GArray *designs,
                  const aft_simulation_options *options, GError **error) {
  unsigned n_workers = aft_parallel_workers(options->n_threads);
  *simulation = (aft_simulation){.level = round((1 - config->confidence) * 1e12) / 1e12,
                                 .replications = options->replications,
                                 .replicates = MIN(config->replicates, MOST_REPLICATES),
                                 .seed = options->seed,
                                 .n_firms = pool->n_firms,
                                 .n_dates = pool->n_dates,
                                 .designs = designs,
                                 .tests = g_array_new(FALSE, FALSE, sizeof(aft_simulated_test))};
  for (guint d = 0; d < designs->len; d++) {
    aft_design *design = &g_array_index(designs, aft_design, d);
    design->n_events = pattern[design->one_date]->n_events;
  }
  loop l = {.config = config,
            .panel = panel,
            .pool = pool,
            .pattern = pattern,
            .simulation = simulation,
            .options = options,
            .key = aft_random_key(options->seed, AFT_STREAM_SIMULATION),
            .n_cells = designs->len * config->n_windows * config->n_tests};
  size_t last;
  simulate_parts_own(options, &l.first, &last);
  l.n_replications = last - l.first;
  l.tallies = g_new0(simulate_tally, MAX(n_workers * l.n_cells, 1));
  aft_progress_begin(&l.progress, "replications", l.n_replications);
  aft_parallel_for(l.n_replications, options->n_threads, replicate_range, &l);
  aft_progress_end(&l.progress);
  add_up(&l, n_workers);
  bool ok = simulate_parts_exchange(options, l.tallies, l.n_cells, error);
  if (ok) fill_tests(simulation, &l);
  g_free(l.tallies);
  return ok;
}

static bool has_design(const GArray *designs, bool one_date) {
  for (guint d = 0; d < designs->len; d++)
    if (g_array_index(designs, aft_design, d).one_date == one_date) return true;
  return false;
}

/* n events of one session, or as many as the most crowded session has. */
static void gather(simulate_pattern *pattern, const simulate_pool *pool, size_t n, aft_warnings *warnings) {
  size_t most = 0;
  for (size_t t = 0; t < pool->n_sessions; t++) most = MAX(most, pool->crowd[t]);
  if (most < n)
    aft_warnings_add(warnings,
                     "designs with one date have %" G_GSIZE_FORMAT " events instead of %" G_GSIZE_FORMAT
                     ": no session has more securities that can have one",
                     most, n);
  n = MIN(n, most);
  g_autofree long *column = g_new0(long, n);
  simulate_pattern_imitate(pattern, column, n, 0);
}

bool aft_simulation_run(aft_simulation *simulation, const aft_config *config, const aft_panel *panel, GArray *designs,
                        const aft_simulation_options *options, aft_warnings *warnings, GError **error) {
  simulate_pool pool;
  if (panel->next != NULL) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                "%s: markets: a simulation draws from one exchange (make a study file for each)", config->path);
    g_array_unref(designs);
    return false;
  }
  if (!simulate_pool_build(&pool, config, panel, error)) {
    g_array_unref(designs);
    return false;
  }
  simulate_pattern apart, together;
  simulate_pattern_init(&apart);
  simulate_pattern_init(&together);
  simulate_pattern_apart(&apart, options->n_events);
  bool any_together = has_design(designs, true);
  if (any_together) gather(&together, &pool, options->n_events, warnings);
  const simulate_pattern *const pattern[2] = {has_design(designs, false) ? &apart : NULL,
                                              any_together ? &together : NULL};
  bool placed = simulate_pattern_place(&apart, &pool) && simulate_pattern_place(&together, &pool);
  g_assert(placed); /* some session is as crowded as the most crowded one */
  bool ok = simulate_run(simulation, config, panel, &pool, pattern, designs, options, error);
  simulate_pattern_clear(&apart);
  simulate_pattern_clear(&together);
  simulate_pool_clear(&pool);
  return ok;
}

void aft_simulation_clear(aft_simulation *simulation) {
  g_free(simulation->sample);
  g_clear_pointer(&simulation->designs, g_array_unref);
  g_clear_pointer(&simulation->tests, g_array_unref);
  *simulation = (aft_simulation){.designs = NULL};
}

bool aft_simulation_is_too_high(double rate, double level) { return rate > 1.4 * level + 1e-12; }

static long find_sample(const aft_model_result *model, const char *name) {
  for (size_t s = 0; s < model->n_samples; s++)
    if (strcmp(model->samples[s].name, name) == 0) return (long)s;
  return -1;
}

long aft_simulation_find_sample(const aft_result *result) {
  if (result->focus < 0) return -1;
  const aft_model_result *model = &result->models[0];
  g_autofree char *name = g_strconcat("event:", result->events->rows[result->focus].event, NULL);
  long story = find_sample(model, name), all = find_sample(model, "all");
  if (story >= 0 && model->samples[story].n > 1) return story;
  return all >= 0 && model->samples[all].n > 1 ? all : story;
}
