/* Abnormal moves of every security of a panel, and the articles that compete to explain them. */
#ifndef AFTERSHOCK_LINK_SCAN_H
#define AFTERSHOCK_LINK_SCAN_H

#include <aftershock/link/news.h>
#include <aftershock/link/score.h>
#include <aftershock/study/config.h>

/* What can be said of a move. */
enum aft_attribution {
  AFT_ATTRIBUTION_UNEXPLAINED,    /* no article in time reaches the least score */
  AFT_ATTRIBUTION_NOT_IDENTIFIED, /* several stories do, and none stays ahead */
  AFT_ATTRIBUTION_LINKED          /* one story stays ahead of all others, whichever component is left out */
};
const char *aft_attribution_name(enum aft_attribution verdict); /* "unexplained", "not_identified", "linked" */

typedef struct aft_move {
  const aft_panel *panel; /* borrowed */
  size_t security;
  long column;
  /* realised = alpha + market + factors + abnormal; market and factors are NaN when the study has none */
  double realised, alpha, market, factors, abnormal;
  double statistic;           /* of the detector */
  double p_value, p_adjusted; /* of studentized; NaN for the others */
  double threshold;           /* of |statistic|; NaN for Benjamini-Hochberg, which has none */
  enum aft_attribution verdict;
  size_t n_candidates;        /* articles with a score above 0 */
  size_t n_rivals;            /* other stories that the best does not stay ahead of */
  size_t first_link, n_links; /* in links, best first; the best in time is not always the first */
  long best;                  /* in links: the best article that was out in time; -1 when there is none */
} aft_move;

typedef struct aft_link {
  size_t move;
  guint article;
  int rank;            /* from 1 */
  int sessions_before; /* -1: the article came after the move */
  bool is_rival;       /* of another story, which the best does not stay ahead of */
  aft_link_score score;
} aft_link;

/* News that should have moved the price, had it been new. */
typedef struct aft_unanswered {
  const aft_panel *panel; /* borrowed */
  size_t security;
  long column;
  size_t n_articles;
  double surge;               /* robust score of that number; infinite when all before were equal */
  double abnormal, statistic; /* NaN when missing */
  guint article;              /* the first of them */
} aft_unanswered;

typedef struct aft_scan {
  const aft_articles *articles; /* borrowed: those that links and unanswered count */
  GArray *moves;                /* of aft_move, by exchange, security, session */
  GArray *links;                /* of aft_link, by move and rank */
  GArray *unanswered;           /* of aft_unanswered, as the moves */
  size_t n_scanned;             /* securities */
  size_t n_short;               /* securities with too few returns for a regression */
  size_t n_days;                /* with a statistic */
  double by_chance;             /* see aft_scan_run */
  size_t n_silent;              /* unexplained moves of securities that no article is about */
  size_t
      n_uncovered; /* unexplained moves of the others on sessions that no article of the exchange could explain: before the first, or more than AFT_LINK_BEFORE after the last */
  size_t n_articles, n_outside, n_nobody; /* all; without a session of the panels; about no security of them */
} aft_scan;

/*
 * Scans every security of panel and of those after it, but the benchmark. symbols: NULL-terminated restriction, or NULL.
 *
 * 1. Each return is split by a regression over all its sessions on a constant, the market and the factors:
 *        realised = alpha + market + factors + abnormal
 * 2. The detector looks for abnormal returns that stand out (stats/moves.h).
 * 3. Articles from 3 sessions before a move to 1 after it are scored (score.h) and ranked by score, then time, then id.
 *    Articles that share `event` are one story. A move is linked when one story stays ahead of
 *    every other, whichever component is left out of both. Articles of the session after cannot explain.
 * 4. Sessions with many articles (surge of 4 or more) that no move follows within 3 sessions are unanswered, unless the detector has no
 *    statistic on any of these sessions.
 *
 * by_chance is what independent normal abnormal returns without any news would give: of mad the number of days, n_days times
 * aft_moves_mad_chance of a full window; of the others, whose threshold is a chance for a security's whole series, the number of securities
 * with such a day.
 *
 * panel and articles are borrowed by the scan. Same result for any number of threads. Fails with AFT_STUDY_ERROR_DATA when there are more factors than a regression can hold.
 * Cost O(securities x sessions x (k^2 + window) + articles log articles); lee_mykland adds its simulation.
 */
bool aft_scan_run(aft_scan *scan, const aft_config *config, const aft_panel *panel, const aft_articles *articles,
                  unsigned n_threads, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_scan_clear(aft_scan *scan);

#endif
