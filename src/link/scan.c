/* The scan: returns to abnormal returns, those to moves, and moves to articles. */
#include <aftershock/link/scan.h>

#include "scan_internal.h"

#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>
#include <aftershock/stats/adjust.h>
#include <aftershock/stats/dist.h>
#include <aftershock/stats/moves.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { THRESHOLD_DRAWS = 1999, CHANCE_DRAWS = 3999 };

const char *aft_attribution_name(enum aft_attribution verdict) {
  static const char *const names[] = {"unexplained", "not_identified", "linked"};
  return names[verdict];
}

/* Everything about one exchange while it is scanned. */
typedef struct market_scan {
  const aft_config *config;
  const aft_panel *panel;
  aft_regressors regressors;
  aft_progress progress;
  aft_news news;
  double *coef;      /* [n_securities][k] */
  double *abnormal;  /* [n_securities][n_sessions] */
  double *statistic; /* likewise */
  double *df;        /* [n_securities] of studentized; 0: not scanned */
  size_t *n_defined; /* [n_securities] days with a statistic */
  double *threshold; /* [n_securities] of |statistic| */
  scan_found *found; /* [n_securities] */
  char **work;       /* [n_workers] */
} market_scan;

static bool is_wanted(const market_scan *m, size_t security) {
  if ((long)security == m->panel->market_security) return false;
  char **symbols = m->config->symbols;
  return symbols == NULL || g_strv_contains((const char *const *)symbols, m->panel->symbols[security]);
}

/* Splits the returns of a security and scores its days. */
static void measure(market_scan *m, size_t security, void *work) {
  const aft_scan_options *options = &m->config->scan;
  size_t n = m->panel->n_sessions, at = security * n, n_used;
  double *abnormal = m->abnormal + at, *statistic = m->statistic + at;
  bool studentized = options->detector == AFT_DETECTOR_STUDENTIZED;
  double *coef = m->coef + security * (size_t)m->regressors.n;
  m->df[security] = aft_residual_fit(&m->regressors, m->panel->returns + at, n, work, coef, abnormal,
                                     studentized ? statistic : NULL, &n_used);
  if (!(m->df[security] > 0)) {
    for (size_t t = 0; t < n; t++) statistic[t] = (double)NAN;
    return;
  }
  size_t window = (size_t)options->window;
  if (options->detector == AFT_DETECTOR_MAD)
    aft_moves_mad(abnormal, n, window, MAX(5, window / 2), work, statistic);
  else if (options->detector == AFT_DETECTOR_LEE_MYKLAND)
    aft_moves_lee_mykland(abnormal, n, window, statistic);
  for (size_t t = 0; t < n; t++) m->n_defined[security] += isnan(statistic[t]) ? 0 : 1;
}

static void measure_range(size_t first, size_t last, unsigned worker, void *data) {
  market_scan *m = data;
  for (size_t i = first; i < last; i++) {
    if (is_wanted(m, i)) measure(m, i, m->work[worker]);
    aft_progress_add(&m->progress, 1);
  }
}

static int compare_sizes(const void *a, const void *b) {
  const size_t *p = a, *q = b;
  return (*p > *q) - (*p < *q);
}

/* One simulation serves every number of days that occurs. */
static void simulate_thresholds(market_scan *m) {
  const aft_scan_options *options = &m->config->scan;
  g_autofree size_t *sizes = g_new(size_t, m->panel->n_securities + 1);
  g_autofree double *threshold = g_new(double, m->panel->n_securities + 1);
  size_t n = 0, kept = 0;
  for (size_t i = 0; i < m->panel->n_securities; i++)
    if (m->n_defined[i] > 0) sizes[n++] = m->n_defined[i];
  if (n == 0) return;
  qsort(sizes, n, sizeof *sizes, compare_sizes);
  for (size_t i = 0; i < n; i++)
    if (kept == 0 || sizes[kept - 1] != sizes[i]) sizes[kept++] = sizes[i];
  aft_moves_lee_mykland_threshold(sizes, kept, (size_t)options->window, options->threshold, THRESHOLD_DRAWS,
                                  m->config->seed, threshold);
  for (size_t i = 0; i < m->panel->n_securities; i++) {
    const size_t *size = bsearch(&m->n_defined[i], sizes, kept, sizeof *sizes, compare_sizes);
    if (size != NULL) m->threshold[i] = threshold[size - sizes];
  }
}

static void set_thresholds(market_scan *m) {
  const aft_scan_options *options = &m->config->scan;
  for (size_t i = 0; i < m->panel->n_securities; i++) {
    m->threshold[i] = options->detector == AFT_DETECTOR_MAD ? options->threshold : (double)NAN;
    if (options->detector == AFT_DETECTOR_STUDENTIZED && !options->bh && m->n_defined[i] > 0)
      m->threshold[i] = aft_t_quantile(1 - options->threshold / (2 * (double)m->n_defined[i]), m->df[i]);
  }
  if (options->detector == AFT_DETECTOR_LEE_MYKLAND) simulate_thresholds(m);
}

/* p-values of a security's days, plain and adjusted, both [n_sessions]; NaN where there is no statistic. */
static void set_p_values(const market_scan *m, size_t security, double *p, double *adjusted) {
  size_t n = m->panel->n_sessions;
  const double *statistic = m->statistic + security * n;
  for (size_t t = 0; t < n; t++) p[t] = aft_t_p_value(statistic[t], m->df[security]);
  if (m->config->scan.bh)
    aft_adjust_bh(p, n, adjusted);
  else
    aft_adjust_bonferroni(p, n, adjusted);
}

static void find_moves(market_scan *m, size_t security, double *work) {
  const aft_scan_options *options = &m->config->scan;
  size_t n = m->panel->n_sessions, at = security * n;
  bool studentized = options->detector == AFT_DETECTOR_STUDENTIZED;
  double *p = work, *adjusted = work + n;
  scan_found *found = &m->found[security];
  if (m->n_defined[security] == 0) return;
  if (studentized) set_p_values(m, security, p, adjusted);
  for (size_t t = 0; t < n; t++) {
    double statistic = m->statistic[at + t];
    if (isnan(statistic)) continue;
    if (studentized ? !(adjusted[t] <= options->threshold) : !(fabs(statistic) >= m->threshold[security])) continue;
    aft_move move = {.panel = m->panel,
                     .security = security,
                     .column = (long)t,
                     .realised = m->panel->returns[at + t],
                     .abnormal = m->abnormal[at + t],
                     .statistic = statistic,
                     .p_value = studentized ? p[t] : (double)NAN,
                     .p_adjusted = studentized ? adjusted[t] : (double)NAN,
                     .threshold = m->threshold[security],
                     .best = -1};
    aft_residual_split(&m->regressors, m->coef + security * (size_t)m->regressors.n, (long)t, &move.alpha, &move.market,
                       &move.factors);
    g_array_append_val(found->moves, move);
  }
}

static void link_range(size_t first, size_t last, unsigned worker, void *data) {
  market_scan *m = data;
  double *work = (double *)(void *)m->work[worker];
  for (size_t i = first; i < last; i++) {
    scan_found *found = &m->found[i];
    found->moves = g_array_new(FALSE, FALSE, sizeof(aft_move));
    found->links = g_array_new(FALSE, FALSE, sizeof(aft_link));
    found->unanswered = g_array_new(FALSE, FALSE, sizeof(aft_unanswered));
    aft_progress_add(&m->progress, 1);
    if (!is_wanted(m, i)) continue;
    find_moves(m, i, work);
    size_t at = i * m->panel->n_sessions;
    const scan_security security = {.options = &m->config->scan,
                                    .panel = m->panel,
                                    .news = &m->news,
                                    .security = i,
                                    .abnormal = m->abnormal + at,
                                    .statistic = m->statistic + at,
                                    .counts = work};
    scan_link_moves(&security, found);
  }
}

/* Numbers of moves and links are a security's own until they are put together. */
static void append(aft_scan *scan, const scan_found *found) {
  size_t moves = scan->moves->len, links = scan->links->len;
  for (guint i = 0; i < found->moves->len; i++) {
    aft_move *move = &g_array_index(found->moves, aft_move, i);
    move->first_link += links;
    if (move->best >= 0) move->best += (long)links;
  }
  for (guint i = 0; i < found->links->len; i++) g_array_index(found->links, aft_link, i).move += moves;
  g_array_append_vals(scan->moves, found->moves->data, found->moves->len);
  g_array_append_vals(scan->links, found->links->data, found->links->len);
  g_array_append_vals(scan->unanswered, found->unanswered->data, found->unanswered->len);
}

/* First and last column of any article; 1 and 0 when there is none. */
static void find_span(const aft_news *news, long *first, long *last) {
  *first = 1;
  *last = 0;
  for (size_t i = 0; i < news->start[news->n_securities]; i++) {
    long column = news->entries[i].column;
    if (*first > *last) *first = *last = column;
    *first = MIN(*first, column);
    *last = MAX(*last, column);
  }
}

/* Moves about which the files cannot say anything. */
static void count_silent(aft_scan *scan, const market_scan *m, size_t security, long first, long last) {
  const GArray *moves = m->found[security].moves;
  bool is_named = m->news.start[security + 1] > m->news.start[security];
  for (guint i = 0; i < moves->len; i++) {
    const aft_move *move = &g_array_index(moves, aft_move, i);
    if (move->verdict != AFT_ATTRIBUTION_UNEXPLAINED) continue;
    if (!is_named)
      scan->n_silent++;
    else if (move->column < first || move->column > last + AFT_LINK_BEFORE)
      scan->n_uncovered++;
  }
}

static void collect(aft_scan *scan, market_scan *m) {
  long first, last;
  find_span(&m->news, &first, &last);
  for (size_t i = 0; i < m->panel->n_securities; i++) {
    scan_found *found = &m->found[i];
    append(scan, found);
    count_silent(scan, m, i, first, last);
    g_array_unref(found->moves);
    g_array_unref(found->links);
    g_array_unref(found->unanswered);
    if (!is_wanted(m, i)) continue;
    scan->n_scanned++;
    scan->n_short += m->df[i] > 0 ? 0 : 1;
    scan->n_days += m->n_defined[i];
  }
  scan->n_outside = MAX(scan->n_outside, m->news.n_outside);
  scan->n_nobody += m->news.n_nobody;
}

static void scan_market(aft_scan *scan, market_scan *m, const aft_articles *articles, unsigned n_threads) {
  size_t n = m->panel->n_securities, days = n * m->panel->n_sessions;
  unsigned n_workers = aft_parallel_workers(n_threads);
  size_t bytes = MAX(aft_residual_work_size(&m->regressors, m->panel->n_sessions),
                     2 * sizeof(double) * MAX((size_t)m->config->scan.window, m->panel->n_sessions));
  aft_news_build(&m->news, articles, m->panel, m->config->date_next, m->config->scan.names);
  m->coef = g_new0(double, n *(size_t)m->regressors.n + 1);
  m->abnormal = g_new(double, days + 1);
  m->statistic = g_new(double, days + 1);
  m->df = g_new0(double, n + 1);
  m->n_defined = g_new0(size_t, n + 1);
  m->threshold = g_new0(double, n + 1);
  m->found = g_new0(scan_found, n + 1);
  m->work = g_new0(char *, n_workers + 1);
  for (unsigned w = 0; w < n_workers; w++) m->work[w] = g_malloc(bytes);
  aft_progress_begin(&m->progress, "securities measured", n);
  aft_parallel_for(n, n_threads, measure_range, m);
  aft_progress_end(&m->progress);
  set_thresholds(m);
  aft_progress_begin(&m->progress, "securities linked", n);
  aft_parallel_for(n, n_threads, link_range, m);
  aft_progress_end(&m->progress);
  collect(scan, m);
  g_strfreev(m->work);
  void *const arrays[] = {m->coef, m->abnormal, m->statistic, m->df, m->n_defined, m->threshold, m->found};
  for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) g_free(arrays[i]);
  aft_news_clear(&m->news);
}

static double expect_by_chance(const aft_scan *scan, const aft_config *config) {
  const aft_scan_options *options = &config->scan;
  if (options->detector != AFT_DETECTOR_MAD) return options->threshold * (double)(scan->n_scanned - scan->n_short);
  if (scan->n_days == 0) return 0;
  return (double)scan->n_days *
         aft_moves_mad_chance((size_t)options->window, options->threshold, CHANCE_DRAWS, config->seed);
}

bool aft_scan_run(aft_scan *scan, const aft_config *config, const aft_panel *panel, const aft_articles *articles,
                  unsigned n_threads, GError **error) {
  aft_scan made = {.moves = g_array_new(FALSE, FALSE, sizeof(aft_move)),
                   .links = g_array_new(FALSE, FALSE, sizeof(aft_link)),
                   .unanswered = g_array_new(FALSE, FALSE, sizeof(aft_unanswered)),
                   .articles = articles,
                   .n_articles = articles->rows->len};
  for (; panel != NULL; panel = panel->next) {
    market_scan m = {.config = config, .panel = panel};
    bool ok = aft_regressors_init(&m.regressors, panel, config, error);
    if (ok) scan_market(&made, &m, articles, n_threads);
    aft_regressors_clear(&m.regressors);
    if (ok) continue;
    aft_scan_clear(&made);
    return false;
  }
  made.by_chance = expect_by_chance(&made, config);
  *scan = made;
  return true;
}

void aft_scan_clear(aft_scan *scan) {
  g_clear_pointer(&scan->moves, g_array_unref);
  g_clear_pointer(&scan->links, g_array_unref);
  g_clear_pointer(&scan->unanswered, g_array_unref);
}
