/* The series of each security, and what is computed of them. */
#include <aftershock/link/correlate.h>

#include <aftershock/base/parallel.h>
#include <aftershock/base/progress.h>
#include <aftershock/link/residual.h>
#include <aftershock/stats/describe.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { VOLUME_SESSIONS = 60, VOLUME_LEAST = 30, N_MARKET_SERIES = AFT_N_SERIES - AFT_N_NEWS_SERIES };

const char *aft_series_name(enum aft_series series) {
  static const char *const names[AFT_N_SERIES] = {"count", "novelty", "tone", "abnormal", "abs_abnormal", "volume"};
  return names[series];
}

/* One exchange. */
typedef struct market_series {
  const aft_config *config;
  const aft_panel *panel;
  aft_regressors regressors;
  aft_progress progress;
  aft_news news;
  long first, last; /* columns from the first to the last article */
  size_t *used;     /* [n_used] securities */
  size_t n_used;
  aft_correlated *rows;  /* [n_used][pairs][kinds][lags] */
  aft_foretold *granger; /* [n_used][2 pairs] */
  aft_news_day *days;    /* [n_used][last - first + 1] */
} market_series;

static size_t count_lags(const market_series *m) { return 2 * (size_t)m->config->correlate.lags + 1; }
static size_t count_days(const market_series *m) { return (size_t)(m->last - m->first + 1); }

enum { N_PAIRS = AFT_N_NEWS_SERIES * N_MARKET_SERIES };

/* Mean tone of each session's articles; those without a tone do not count. */
static void fill_tone(const aft_news *news, size_t security, double *tone, size_t n_sessions) {
  g_autofree size_t *counts = g_new0(size_t, n_sessions + 1);
  for (size_t t = 0; t < n_sessions; t++) tone[t] = 0;
  for (size_t i = news->start[security]; i < news->start[security + 1]; i++) {
    double own = aft_news_article(news, news->entries[i].article)->tone;
    if (isnan(own)) continue;
    tone[news->entries[i].column] += own;
    counts[news->entries[i].column]++;
  }
  for (size_t t = 0; t < n_sessions; t++) tone[t] = counts[t] > 0 ? tone[t] / (double)counts[t] : (double)NAN;
}

/* ln V less its mean over the sessions before; sessions without trade are missing. */
static void fill_volume(const aft_panel *panel, size_t security, double *volume) {
  size_t n = panel->n_sessions;
  const double *raw = panel->price[AFT_PRICE_VOLUME];
  g_autofree double *level = g_new(double, n + 1);
  for (size_t t = 0; t < n; t++) {
    double traded = raw != NULL ? raw[security * n + t] : (double)NAN;
    level[t] = traded > 0 ? log(traded) : (double)NAN;
    double before[VOLUME_SESSIONS];
    size_t m = 0;
    for (size_t j = t > VOLUME_SESSIONS ? t - VOLUME_SESSIONS : 0; j < t; j++)
      if (!isnan(level[j])) before[m++] = level[j];
    volume[t] = m >= VOLUME_LEAST ? level[t] - aft_mean(before, m) : (double)NAN;
  }
}

/* All six series of a security, [AFT_N_SERIES][n_sessions]; articles by session in counts. */
static void fill_series(const market_series *m, size_t security, double *series, double *counts) {
  size_t n = m->panel->n_sessions, n_used;
  double coef[AFT_OLS_MAX_COEF];
  g_autofree void *work = g_malloc(aft_residual_work_size(&m->regressors, n));
  aft_news_count(&m->news, security, counts, n);
  aft_news_novelty(&m->news, security, series + AFT_SERIES_NOVELTY * n, n);
  fill_tone(&m->news, security, series + AFT_SERIES_TONE * n, n);
  double *abnormal = series + AFT_SERIES_ABNORMAL * n, df;
  df = aft_residual_fit(&m->regressors, m->panel->returns + security * n, n, work, coef, abnormal, NULL, &n_used);
  for (size_t t = 0; t < n; t++) {
    series[AFT_SERIES_COUNT * n + t] = log1p(counts[t]);
    series[AFT_SERIES_ABSOLUTE * n + t] = df > 0 ? fabs(abnormal[t]) : (double)NAN;
  }
  fill_volume(m->panel, security, series + AFT_SERIES_VOLUME * n);
}

static void correlate_pair(const market_series *m, size_t index, enum aft_series x, enum aft_series y,
                           const double *series, aft_correlation_row *work) {
  size_t n = m->panel->n_sessions, lags = count_lags(m),
         pair = (size_t)x * N_MARKET_SERIES + (size_t)(y - AFT_N_NEWS_SERIES);
  const double *news = series + (size_t)x * n + m->first, *market = series + (size_t)y * n + m->first;
  for (int kind = 0; kind < AFT_CORRELATION_N_KINDS; kind++) {
    aft_correlate_lags((enum aft_correlation)kind, news, market, count_days(m), m->config->correlate.lags, work);
    aft_correlated *out = m->rows + ((index * N_PAIRS + pair) * AFT_CORRELATION_N_KINDS + (size_t)kind) * lags;
    for (size_t l = 0; l < lags; l++)
      out[l] = (aft_correlated){m->panel, m->used[index], x, y, (enum aft_correlation)kind, work[l]};
  }
  aft_foretold *both = m->granger + (index * N_PAIRS + pair) * 2;
  both[0] = (aft_foretold){.panel = m->panel, .security = m->used[index], .cause = x, .effect = y};
  both[1] = (aft_foretold){.panel = m->panel, .security = m->used[index], .cause = y, .effect = x};
  aft_granger_compute(market, news, count_days(m), m->config->correlate.granger, &both[0].granger);
  aft_granger_compute(news, market, count_days(m), m->config->correlate.granger, &both[1].granger);
}

static void correlate_range(size_t first, size_t last, unsigned worker, void *data) {
  market_series *m = data;
  size_t n = m->panel->n_sessions;
  (void)worker;
  g_autofree double *series = g_new(double, AFT_N_SERIES *n + 1), *counts = g_new(double, n + 1);
  g_autofree aft_correlation_row *work = g_new(aft_correlation_row, count_lags(m));
  for (size_t i = first; i < last; i++) {
    fill_series(m, m->used[i], series, counts);
    for (int x = 0; x < AFT_N_NEWS_SERIES; x++)
      for (int y = AFT_N_NEWS_SERIES; y < AFT_N_SERIES; y++)
        correlate_pair(m, i, (enum aft_series)x, (enum aft_series)y, series, work);
    aft_progress_add(&m->progress, 1);
    for (size_t d = 0; d < count_days(m); d++) {
      size_t t = (size_t)m->first + d;
      aft_news_day *day = &m->days[i * count_days(m) + d];
      *day =
          (aft_news_day){.panel = m->panel, .security = m->used[i], .column = (long)t, .n_articles = (size_t)counts[t]};
      for (int s = 0; s < AFT_N_SERIES; s++) day->value[s] = series[(size_t)s * n + t];
    }
  }
}

/* Securities with enough articles, and the sessions from the first to the last article about anyone. */
static void choose(aft_correlate *all, market_series *m) {
  const aft_panel *panel = m->panel;
  m->used = g_new(size_t, panel->n_securities + 1);
  m->first = (long)panel->n_sessions;
  m->last = -1;
  for (size_t i = 0; i < panel->n_securities; i++) {
    size_t from = m->news.start[i], to = m->news.start[i + 1];
    if (to == from) continue;
    m->first = MIN(m->first, m->news.entries[from].column);
    m->last = MAX(m->last, m->news.entries[to - 1].column);
    char **symbols = m->config->symbols;
    if ((long)i == panel->market_security ||
        (symbols != NULL && !g_strv_contains((const char *const *)symbols, panel->symbols[i])))
      continue;
    if (to - from >= (size_t)m->config->correlate.min_articles)
      m->used[m->n_used++] = i;
    else
      all->n_quiet++;
  }
}

static void run_market(aft_correlate *all, market_series *m, const aft_articles *articles, unsigned n_threads) {
  aft_news_build(&m->news, articles, m->panel, m->config->date_next, m->config->scan.names);
  choose(all, m);
  size_t n_rows = m->n_used * N_PAIRS * AFT_CORRELATION_N_KINDS * count_lags(m), n_granger = m->n_used * N_PAIRS * 2,
         n_days = m->last >= m->first ? m->n_used * count_days(m) : 0;
  m->rows = g_new(aft_correlated, n_rows + 1);
  m->granger = g_new(aft_foretold, n_granger + 1);
  m->days = g_new(aft_news_day, n_days + 1);
  aft_progress_begin(&m->progress, "securities correlated", m->n_used);
  aft_parallel_for(m->n_used, n_threads, correlate_range, m);
  aft_progress_end(&m->progress);
  g_array_append_vals(all->rows, m->rows, (guint)n_rows);
  g_array_append_vals(all->granger, m->granger, (guint)n_granger);
  g_array_append_vals(all->days, m->days, (guint)n_days);
  all->n_used += m->n_used;
  all->n_outside = MAX(all->n_outside, m->news.n_outside);
  all->n_nobody += m->news.n_nobody;
  g_free(m->rows);
  g_free(m->granger);
  g_free(m->days);
  g_free(m->used);
  aft_news_clear(&m->news);
}

bool aft_correlate_run(aft_correlate *correlate, const aft_config *config, const aft_panel *panel,
                       const aft_articles *articles, unsigned n_threads, GError **error) {
  aft_correlate made = {.rows = g_array_new(FALSE, FALSE, sizeof(aft_correlated)),
                        .granger = g_array_new(FALSE, FALSE, sizeof(aft_foretold)),
                        .days = g_array_new(FALSE, FALSE, sizeof(aft_news_day)),
                        .n_articles = articles->rows->len};
  for (; panel != NULL; panel = panel->next) {
    market_series m = {.config = config, .panel = panel};
    bool ok = aft_regressors_init(&m.regressors, panel, config, error);
    if (ok) run_market(&made, &m, articles, n_threads);
    aft_regressors_clear(&m.regressors);
    if (ok) continue;
    aft_correlate_clear(&made);
    return false;
  }
  *correlate = made;
  return true;
}

void aft_correlate_clear(aft_correlate *correlate) {
  g_clear_pointer(&correlate->rows, g_array_unref);
  g_clear_pointer(&correlate->granger, g_array_unref);
  g_clear_pointer(&correlate->days, g_array_unref);
}
