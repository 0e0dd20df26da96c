/* Whether news and moves go together: daily series of both, their correlations by lag, and who foretells whom. */
#ifndef AFTERSHOCK_LINK_CORRELATE_H
#define AFTERSHOCK_LINK_CORRELATE_H

#include <aftershock/link/news.h>
#include <aftershock/stats/correlate.h>
#include <aftershock/study/config.h>

/* What is known of a security's session. */
enum aft_series {
  AFT_SERIES_COUNT,    /* ln(1 + articles); 0 without */
  AFT_SERIES_NOVELTY,  /* mean over the articles of how new their titles are; NaN without */
  AFT_SERIES_TONE,     /* mean of their tones; NaN without */
  AFT_SERIES_ABNORMAL, /* what the market and the factors leave of the return */
  AFT_SERIES_ABSOLUTE, /* its size */
  AFT_SERIES_VOLUME    /* ln volume less its mean over the 60 sessions before */
};
enum { AFT_N_NEWS_SERIES = 3, AFT_N_SERIES = 6 };

/* "count", "novelty", "tone", "abnormal", "abs_abnormal", "volume" */
const char *aft_series_name(enum aft_series series);

typedef struct aft_correlated {
  const aft_panel *panel; /* borrowed */
  size_t security;
  enum aft_series x, y; /* news, market */
  enum aft_correlation kind;
  aft_correlation_row row;
} aft_correlated;

typedef struct aft_foretold {
  const aft_panel *panel; /* borrowed */
  size_t security;
  enum aft_series cause, effect;
  aft_granger granger;
} aft_foretold;

/* One session of a security, as the charts show it. */
typedef struct aft_news_day {
  const aft_panel *panel; /* borrowed */
  size_t security;
  long column;
  size_t n_articles;
  double value[AFT_N_SERIES];
} aft_news_day;

typedef struct aft_correlate {
  GArray *rows;                           /* of aft_correlated, by exchange, security, news, market, kind, lag */
  GArray *granger;                        /* of aft_foretold: news for market, then market for news */
  GArray *days;                           /* of aft_news_day, by security and session */
  size_t n_used;                          /* securities */
  size_t n_quiet;                         /* securities with articles, but fewer than asked for */
  size_t n_articles, n_outside, n_nobody; /* as in aft_scan */
} aft_correlate;

/*
 * Every security with at least config->correlate.min_articles articles on sessions of its panel. The series run from the first to the
 * last session of the exchange that has an article about anyone: before and after, no article does not mean that there was no news.
 * Abnormal returns are those of the scan (residual.h), over all sessions.
 *
 * Same result for any number of threads. Fails as aft_scan_run does. Cost O(securities x 27 lags sessions^2 log sessions).
 */
bool aft_correlate_run(aft_correlate *correlate, const aft_config *config, const aft_panel *panel,
                       const aft_articles *articles, unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_correlate_clear(aft_correlate *correlate);

/*
 * How new the articles of each session are: the mean over them of 1 - max J, J the share of words that a title has in common
 * with an earlier one (words of both over words of either) of the session or the five before. NaN where there is none.
 * novelty [n_sessions]. Words are of three letters or digits and more, in any case. At most the 200 latest titles are compared.
 */
void aft_news_novelty(const aft_news *news, size_t security, double *novelty, size_t n_sessions);

#endif
