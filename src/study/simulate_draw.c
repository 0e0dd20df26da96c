/* Which events can be drawn from a panel, which are drawn together, and the drawing. */
#include "simulate_internal.h"

#include <aftershock/stats/random.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/*
 * Observations up to each session: count[t] of them before column t. An observation has the return and every regressor; a security
 * without a benchmark of its own, in a model that asks for one, has none.
 */
static void count_observations(const aft_panel *panel, size_t security, const aft_study_regressors *x, size_t *count) {
  const double *returns = panel->returns + security * panel->n_sessions;
  const double *own = x->benchmark != NULL ? x->benchmark[security] : NULL;
  bool has_own = x->benchmark == NULL || own != NULL;
  count[0] = 0;
  for (size_t t = 0; t < panel->n_sessions; t++) {
    bool there = has_own && !isnan(returns[t]) && !(x->excess && isnan(panel->rf[t]));
    for (int k = 0; k < x->n && there; k++) there = !isnan(k == 0 && own != NULL ? own[t] : x->row[k][t]);
    count[t + 1] = count[t] + there;
  }
}

/* Marks the sessions where a security can have an event; returns their number. */
static size_t mark_open(const aft_config *config, size_t n_sessions, const size_t *count, unsigned char *open) {
  size_t n = 0;
  memset(open, 0, n_sessions);
  for (long t = 0; t < (long)n_sessions; t++) {
    long est = t + config->first_est, est_end = t + config->last_est + 1;
    long rel = t + config->first_rel, rel_end = t + config->last_rel + 1;
    if (est < 0 || rel < 0 || MAX(est_end, rel_end) > (long)n_sessions) continue;
    if (count[est_end] - count[est] < (size_t)config->min_obs) continue;
    if (count[rel_end] - count[rel] < (size_t)(rel_end - rel)) continue;
    open[t] = 1;
    n++;
  }
  return n;
}

static bool may_draw(const aft_config *config, const aft_panel *panel, size_t security) {
  if ((long)security == panel->market_security) return false;
  return config->symbols == NULL || g_strv_contains((const char *const *)config->symbols, panel->symbols[security]);
}

bool simulate_pool_build(simulate_pool *pool, const aft_config *config, const aft_panel *panel, GError **error) {
  const aft_events none = {.n = 0}; /* every security may be a donor */
  const aft_result study = {.config = config, .panel = panel, .events = &none};
  aft_study_regressors regressors;
  if (!aft_study_find_regressors(&regressors, &study, panel, &config->models[0], error)) return false;
  size_t n_sessions = panel->n_sessions, n = MAX(panel->n_securities, 1);
  *pool = (simulate_pool){.n_sessions = n_sessions,
                          .firm = g_new(size_t, n),
                          .open = g_malloc(MAX(n * n_sessions, 1)),
                          .n_open = g_new(size_t, n),
                          .crowd = g_new0(size_t, MAX(n_sessions, 1))};
  g_autofree size_t *count = g_new(size_t, n_sessions + 1);
  for (size_t i = 0; i < panel->n_securities; i++) {
    if (!may_draw(config, panel, i)) continue;
    unsigned char *open = pool->open + pool->n_firms * n_sessions;
    count_observations(panel, i, &regressors, count);
    size_t n_open = mark_open(config, n_sessions, count, open);
    if (n_open == 0) continue;
    for (size_t t = 0; t < n_sessions; t++) pool->crowd[t] += open[t];
    pool->firm[pool->n_firms] = i;
    pool->n_open[pool->n_firms++] = n_open;
  }
  aft_study_clear_regressors(&regressors);
  for (size_t t = 0; t < n_sessions; t++) pool->n_dates += pool->crowd[t] > 0;
  if (pool->n_firms > 0) return true;
  simulate_pool_clear(pool);
  g_set_error(
      error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
      "%s: no event can be drawn: no security has a session with its whole estimation window [%d, %d] (at least %d returns) and "
      "event window [%d, %d] in the data; bring longer series or shorten the windows",
      config->path, config->first_est, config->last_est, config->min_obs, config->first_rel, config->last_rel);
  return false;
}

void simulate_pool_clear(simulate_pool *pool) {
  g_free(pool->firm);
  g_free(pool->open);
  g_free(pool->n_open);
  g_free(pool->crowd);
  *pool = (simulate_pool){.firm = NULL};
}

static void clear_block(void *data) {
  simulate_block *block = data;
  g_array_unref(block->dates);
  if (block->places != NULL) g_array_unref(block->places);
}

void simulate_pattern_init(simulate_pattern *pattern) {
  *pattern = (simulate_pattern){.blocks = g_array_new(FALSE, TRUE, sizeof(simulate_block))};
  g_array_set_clear_func(pattern->blocks, clear_block);
}

void simulate_pattern_clear(simulate_pattern *pattern) { g_clear_pointer(&pattern->blocks, g_array_unref); }

void simulate_pattern_imitate(simulate_pattern *pattern, const long *column, size_t n, long reach) {
  simulate_block *block = NULL;
  for (size_t i = 0; i < n; i++) {
    if (i == 0 || column[i] - column[i - 1] > reach) {
      simulate_block empty = {.dates = g_array_new(FALSE, TRUE, sizeof(simulate_date))};
      g_array_append_val(pattern->blocks, empty);
      block = &g_array_index(pattern->blocks, simulate_block, pattern->blocks->len - 1);
    }
    if (block->n_events == 0 || column[i] != column[i - 1]) {
      long first = column[i - block->n_events];
      simulate_date date = {.offset = column[i] - first, .count = 0};
      g_array_append_val(block->dates, date);
    }
    g_array_index(block->dates, simulate_date, block->dates->len - 1).count++;
    block->n_events++;
    pattern->n_events++;
  }
}

void simulate_pattern_apart(simulate_pattern *pattern, size_t n_events) {
  g_autofree long *column = g_new(long, n_events);
  for (size_t i = 0; i < n_events; i++) column[i] = (long)i;
  simulate_pattern_imitate(pattern, column, n_events, 0);
}

static bool fits(const simulate_pool *pool, const simulate_block *block, long first) {
  for (guint d = 0; d < block->dates->len; d++) {
    const simulate_date *date = &g_array_index(block->dates, simulate_date, d);
    if (first + date->offset >= (long)pool->n_sessions || pool->crowd[first + date->offset] < date->count) return false;
  }
  return true;
}

bool simulate_pattern_place(simulate_pattern *pattern, const simulate_pool *pool) {
  for (guint b = 0; b < pattern->blocks->len; b++) {
    simulate_block *block = &g_array_index(pattern->blocks, simulate_block, b);
    if (block->n_events == 1) continue;
    if (block->places == NULL) block->places = g_array_new(FALSE, FALSE, sizeof(long));
    g_array_set_size(block->places, 0);
    for (long t = 0; t < (long)pool->n_sessions; t++)
      if (fits(pool, block, t)) g_array_append_val(block->places, t);
    if (block->places->len == 0) return false;
  }
  return true;
}

/* Column of the k-th session on which a firm can have an event. */
static long find_open(const simulate_pool *pool, size_t firm, size_t k) {
  const unsigned char *open = pool->open + firm * pool->n_sessions, *at = open;
  for (;; at++) {
    at = memchr(at, 1, (size_t)(open + pool->n_sessions - at));
    g_assert(at != NULL);
    if (k-- == 0) return (long)(at - open);
  }
}

static void draw_alone(const simulate_pool *pool, uint64_t key, uint64_t index, aft_event *row) {
  size_t firm = aft_random_below(key, index, pool->n_firms);
  row->security = row->firm = (int32_t)pool->firm[firm];
  row->column = (int32_t)find_open(pool, firm, aft_random_below(key, index + 1, pool->n_open[firm]));
}

/* Different securities by a shuffle of those that can have an event that day, as far as it is needed. */
static void draw_date(const simulate_pool *pool, uint64_t key, uint64_t index, long column, size_t n, size_t *work,
                      aft_event *rows) {
  size_t m = 0;
  for (size_t i = 0; i < pool->n_firms; i++)
    if (pool->open[i * pool->n_sessions + (size_t)column]) work[m++] = pool->firm[i];
  for (size_t k = 0; k < n; k++) {
    size_t at = k + aft_random_below(key, index + 2 * k, m - k), taken = work[at];
    work[at] = work[k];
    rows[k].security = rows[k].firm = (int32_t)taken;
    rows[k].column = (int32_t)column;
  }
}

void simulate_draw(const simulate_pool *pool, const simulate_pattern *pattern, uint64_t key, uint64_t replication,
                   size_t *work, aft_event *rows) {
  uint64_t index = 2 * replication * pattern->n_events;
  for (guint b = 0; b < pattern->blocks->len; b++) {
    const simulate_block *block = &g_array_index(pattern->blocks, simulate_block, b);
    if (block->n_events == 1) {
      draw_alone(pool, key, index, rows++);
      index += 2;
      continue;
    }
    long first = g_array_index(block->places, long, aft_random_below(key, index + 1, block->places->len));
    for (guint d = 0; d < block->dates->len; d++) {
      const simulate_date *date = &g_array_index(block->dates, simulate_date, d);
      draw_date(pool, key, index, first + date->offset, date->count, work, rows);
      rows += date->count;
      index += 2 * date->count;
    }
  }
}
