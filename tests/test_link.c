/* link/: what a text mentions, how an article is scored, where articles fall, and a panel scanned from end to end. */
#include "support/draws.h"
#include "support/support.h"

#include <aftershock/link/correlate.h>
#include <aftershock/link/mention.h>
#include <aftershock/link/scan.h>
#include <aftershock/stats/moves.h>

#include <glib.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void test_mentions(void) {
  g_assert_cmpuint(aft_mention_count("Nvidia falls; NVIDIA's rivals, and nvidia.", "Nvidia", false), ==, 3);
  g_assert_cmpuint(aft_mention_count("Nvidiana, preNvidia", "Nvidia", false), ==, 0);
  g_assert_cmpuint(aft_mention_count("", "Nvidia", false), ==, 0);
  g_assert_cmpuint(aft_mention_count("Nvidia", "", false), ==, 0);
  g_assert_cmpuint(aft_mention_count("caf\xC3\xA9s", "caf", false), ==, 0); /* the next byte is a letter's */
  char whole[] = "Ford Motor", part[] = "Ford", *names[] = {whole, part, NULL};
  g_assert_cmpuint(aft_mention_count_security("Ford Motor recalls cars; Ford says why", "F", names), ==, 3);
  g_assert_cmpuint(aft_mention_count_security("F is a letter, $F a ticker", "F", NULL), ==, 1);
  g_assert_cmpuint(aft_mention_count_security("GM, gm and $GM", "GM", NULL), ==,
                   2); /* a word in small letters is no ticker */
}

static void test_components(void) {
  g_assert_cmpfloat(aft_link_time(0), ==, 1);
  assert_close(aft_link_time(3), exp(-3), 1e-15);
  assert_close(aft_link_time(-1), 0.5 * exp(-1), 1e-15);
  g_assert_cmpfloat(aft_link_time(4), ==, 0);
  g_assert_cmpfloat(aft_link_time(-2), ==, 0);
  g_assert_cmpfloat(aft_link_tone(0.4, -0.1), ==, 0);
  g_assert_cmpfloat(aft_link_tone(-0.4, -0.1), ==, 1);
  g_assert_cmpfloat(aft_link_tone(0.05, -0.1), ==, 0.5);
  g_assert_cmpfloat(aft_link_tone((double)NAN, -0.1), ==, 0.5);
  g_assert_cmpfloat(aft_link_tone(0.4, 0), ==, 0.5);
  assert_close(aft_link_surge(2), 0.5, 1e-15);
  g_assert_cmpfloat(aft_link_surge(-3), ==, 0);
  g_assert_cmpfloat(aft_link_surge((double)NAN), ==, 0);
  g_assert_cmpfloat(aft_link_surge((double)INFINITY), ==, 1);
  const double counts[] = {0, 2, 1, 0, 3, 8}, one[] = {0, 0, 0, 0, 0, 0, 0, 0, 1, 5}, flat[] = {1, 1, 1, 1, 1, 1, 2};
  /* ln(1 + count): 0, ln 2, ln 3 twice .. ; median ln 2, distances ln 2 (twice), 0, ln 3 - ln 2, ln 4 - ln 2 = ln 2 */
  assert_close(aft_link_surge_score(counts, 5), (log(9) - log(2)) / (1.482602218505602 * log(2)), 1e-14);
  g_assert_true(isnan(aft_link_surge_score(counts, 4)));
  double sd = log(2) * sqrt((1 - 1.0 / 9) / 8); /* MAD 0: eight zeros and one ln 2 */
  assert_close(aft_link_surge_score(one, 9), log(6) / sd, 1e-13);
  g_assert_true(isinf(aft_link_surge_score(flat, 6)));
  g_assert_cmpfloat(aft_link_surge_score(flat, 5), ==, 0);
}

static void test_score(void) {
  aft_link_score score = {.component = {1, 1, 0.5, 0}};
  double weights = 0;
  for (int c = 0; c < AFT_N_COMPONENTS; c++) weights += aft_component_weight((enum aft_component)c);
  assert_close(weights, 1, 1e-15);
  aft_link_score_compute(&score);
  assert_close(score.score, 0.35 + 0.30 + 0.075, 1e-14);
  assert_close(score.high, 0.725 / 0.80, 1e-14); /* without tone */
  assert_close(score.low, 0.375 / 0.65, 1e-14);  /* without time */
  score = (aft_link_score){.component = {1, (double)NAN, 0.5, 1}};
  aft_link_score_compute(&score);
  assert_close(score.score, (0.35 + 0.075 + 0.20) / 0.70, 1e-14);
  score = (aft_link_score){.component = {0, 1, 1, 1}};
  aft_link_score_compute(&score);
  g_assert_cmpfloat(score.score, ==, 0);
  score = (aft_link_score){.component = {1, 0, 1, 1}};
  aft_link_score_compute(&score);
  g_assert_cmpfloat(score.high, ==, 0);
}

/* What two articles share cannot tell them apart, and a tie in one component is no lead of the other. */
static void test_ahead(void) {
  aft_link_score best = {.component = {1, 1, 0.5, 1}}, tied = {.component = {1, 0.4, 0.5, 1}},
                 mixed = {.component = {1, 1, 1, 0}}, better_tone = {.component = {1, 0.5, 0.5, 1}},
                 named = {.component = {1, 1, 0.5, 0.5}};
  aft_link_score *const all[] = {&best, &tied, &mixed, &better_tone, &named};
  for (size_t i = 0; i < G_N_ELEMENTS(all); i++) aft_link_score_compute(all[i]);
  g_assert_true(aft_link_score_is_ahead(&best, &tied)); /* equal without mention, though the bounds overlap */
  g_assert_cmpfloat(tied.high, >, best.low);
  g_assert_false(aft_link_score_is_ahead(&best, &mixed));        /* behind without tone */
  g_assert_false(aft_link_score_is_ahead(&named, &better_tone)); /* behind without mention */
  g_assert_false(aft_link_score_is_ahead(&tied, &best));
  g_assert_false(aft_link_score_is_ahead(&best, &best));
}

/* A panel of prices on XNYS from 2024-01-02 on, with what each test plants. */
enum { N_SESSIONS = 240, N_FIRMS = 3, MOVE = 200 };

typedef struct market {
  char *dir;
  aft_calendar *calendar;
  aft_prices prices;
  aft_panel panel;
  aft_warnings warnings;
  aft_articles articles;
  aft_config config;
} market;

static aft_day day_of(const market *m, int t) {
  return aft_calendar_get_session(m->calendar, (size_t)(aft_calendar_find_next(m->calendar, 19724) + t))->day;
}

/* Firms A, B, C on MKT with betas 0.5, 1, 1.5; A falls 9 % of its own on session MOVE, B rises 8 % on MOVE - 40. */
static void make_prices(market *m) {
  GString *text = g_string_new("date,symbol,close\n");
  GRand *draws = g_rand_new_with_seed(21);
  double price[N_FIRMS + 1] = {100, 50, 60, 70};
  const char *const symbols[] = {"MKT", "AAA", "BBB", "CCC"};
  for (int t = 0; t < N_SESSIONS; t++) {
    char day[AFT_DAY_TEXT];
    double common = 0.008 * draw_normal(draws);
    for (int i = 0; i <= N_FIRMS; i++) {
      double own = i == 0 ? 0 : 0.01 * draw_normal(draws);
      if (i == 1 && t == MOVE) own = -0.09;
      if (i == 2 && t == MOVE - 40) own = 0.08;
      price[i] *= 1 + (i == 0 ? 1 : 0.5 * i) * common + own;
      g_string_append_printf(text, "%s,%s,%.8f\n", aft_day_print(day_of(m, t), day), symbols[i], price[i]);
    }
  }
  g_rand_free(draws);
  g_free(support_write(m->dir, "prices.csv", text->str));
  g_string_free(text, TRUE);
}

/* news: lines of NDJSON in which %1$s .. are days; scan: the study's key. */
static void market_init(market *m, const char *news, const char *scan) {
  GError *error = NULL;
  *m = (market){.dir = support_temp_dir(), .calendar = aft_calendar_new("XNYS", &error)};
  g_assert_no_error(error);
  aft_warnings_init(&m->warnings);
  aft_prices_init(&m->prices);
  aft_articles_init(&m->articles);
  make_prices(m);
  g_autofree char *study = g_strdup_printf(
      "{\"title\": \"t\", \"calendar\": \"XNYS\", \"market\": \"MKT\", \"prices\": [\"prices.csv\"], \"news\": "
      "[\"news.ndjson\"]%s%s}",
      scan != NULL ? ", \"scan\": " : "", scan != NULL ? scan : "");
  g_autofree char *study_path = support_write(m->dir, "study.json", study);
  g_autofree char *news_path = support_write(m->dir, "news.ndjson", news);
  g_autofree char *prices_path = g_build_filename(m->dir, "prices.csv", NULL);
  g_assert_true(aft_config_read(&m->config, study_path, &error));
  g_assert_true(aft_articles_read(&m->articles, news_path, &error));
  g_assert_true(aft_prices_read_csv(&m->prices, prices_path, &m->warnings, &error));
  const aft_panel_options options = {.market = "MKT"};
  g_assert_true(aft_panel_build(&m->panel, m->calendar, &m->prices, NULL, NULL, &options, &m->warnings, &error));
}

static void market_clear(market *m) {
  aft_panel_clear(&m->panel);
  aft_prices_clear(&m->prices);
  aft_articles_clear(&m->articles);
  aft_config_clear(&m->config);
  aft_warnings_clear(&m->warnings);
  aft_calendar_free(m->calendar);
  support_remove(m->dir);
}

/* ISO day of session t, with a time behind it; owned. */
static char *at(int t, const char *time) {
  g_autoptr(GError) error = NULL;
  g_autoptr(aft_calendar) calendar = aft_calendar_new("XNYS", &error);
  market m = {.calendar = calendar};
  char day[AFT_DAY_TEXT];
  return g_strconcat(aft_day_print(day_of(&m, t), day), time, NULL);
}

static const aft_move *find_move(const aft_scan *scan, const market *m, const char *symbol, long column) {
  for (guint i = 0; i < scan->moves->len; i++) {
    const aft_move *move = &g_array_index(scan->moves, aft_move, i);
    if (strcmp(m->panel.symbols[move->security], symbol) == 0 && move->column == column) return move;
  }
  return NULL;
}

static void add_article(GString *news, const char *id, const char *published, const char *symbol, const char *title,
                        const char *more) {
  g_string_append_printf(news, "{\"id\": \"%s\", \"published\": \"%s\", \"symbols\": [%s], \"title\": \"%s\"%s}\n", id,
                         published, symbol, title, more);
}

/* The true story among rivals: found, with its parts; a second story as good takes the certainty away. */
static void test_scan(void) {
  g_autofree char *evening = at(MOVE - 1, "T22:30:00Z"), *noon = at(MOVE, "T17:00:00Z"),
                  *old = at(MOVE - 3, "T17:00:00Z"), *after = at(MOVE + 1, "T17:00:00Z"),
                  *far = at(MOVE - 9, "T17:00:00Z");
  g_autoptr(GString) news = g_string_new(NULL);
  add_article(news, "true", evening, "\"AAA\"", "Alpha cuts its forecast", ", \"tone\": -0.8");
  add_article(news, "old", old, "\"AAA\"", "Alpha opens a plant", ", \"tone\": 0.3");
  add_article(news, "wrap", noon, "\"AAA\", \"BBB\", \"CCC\"", "Stocks at noon", "");
  add_article(news, "after", after, "\"AAA\"", "Why Alpha fell", ", \"tone\": -0.9");
  add_article(news, "far", far, "\"AAA\"", "Alpha cuts jobs", ", \"tone\": -0.9");
  add_article(news, "other", noon, "\"CCC\"", "Gamma rises", ", \"tone\": 0.9");
  market m;
  aft_scan scan;
  GError *error = NULL;
  market_init(&m, news->str, "{\"names\": {\"AAA\": \"Alpha\"}}");
  g_assert_true(aft_scan_run(&scan, &m.config, &m.panel, &m.articles, 1, &error));
  const aft_move *move = find_move(&scan, &m, "AAA", MOVE), *alone = find_move(&scan, &m, "BBB", MOVE - 40);
  g_assert_nonnull(move);
  g_assert_nonnull(alone);
  g_assert_cmpint(move->verdict, ==, AFT_ATTRIBUTION_LINKED);
  g_assert_cmpint(alone->verdict, ==, AFT_ATTRIBUTION_UNEXPLAINED);
  g_assert_cmpuint(alone->n_candidates, ==, 0);
  assert_close(move->realised, move->alpha + move->market + move->abnormal, 1e-12); /* three terms of size 0.1 */
  g_assert_cmpfloat(fabs(move->abnormal + 0.09), <, 0.005); /* the full sample's fit takes a part of it */
  g_assert_true(isnan(move->factors));
  g_assert_cmpuint(move->n_candidates, ==, 4); /* not the far one, not the other firm's */
  const aft_link *best = &g_array_index(scan.links, aft_link, move->best);
  g_assert_cmpstr(((aft_article *)g_ptr_array_index(m.articles.rows, best->article))->id, ==, "true");
  g_assert_cmpint(best->sessions_before, ==, 0); /* after the close: counts for the next session */
  g_assert_cmpint(best->rank, ==, 1);
  g_assert_cmpuint(scan.n_scanned, ==, N_FIRMS);
  aft_scan_clear(&scan);
  market_clear(&m);

  add_article(news, "rival", noon, "\"AAA\"", "Regulator looks at Alpha", ", \"tone\": -0.5");
  market_init(&m, news->str, "{\"names\": {\"AAA\": \"Alpha\"}}");
  g_assert_true(aft_scan_run(&scan, &m.config, &m.panel, &m.articles, 2, &error));
  move = find_move(&scan, &m, "AAA", MOVE);
  g_assert_cmpint(move->verdict, ==, AFT_ATTRIBUTION_NOT_IDENTIFIED);
  g_assert_cmpuint(move->n_rivals, ==, 1);
  aft_scan_clear(&scan);
  market_clear(&m);
}

/* All detectors find what was planted; a story of many articles without a move is listed. */
static void test_detectors(void) {
  static const char *const scans[] = {NULL, "{\"detector\": \"studentized\"}",
                                      "{\"detector\": \"studentized\", \"adjust\": \"bh\", \"threshold\": 0.01}",
                                      "{\"detector\": \"lee_mykland\"}"};
  g_autofree char *quiet = at(MOVE - 20, "T17:00:00Z"), *before = at(MOVE - 3, "T17:00:00Z");
  g_autoptr(GString) news = g_string_new(NULL);
  for (int i = 0; i < 4; i++) {
    g_autofree char *id = g_strdup_printf("quiet-%d", i), *answered = g_strdup_printf("answered-%d", i);
    add_article(news, id, quiet, "\"AAA\"", "AAA presents", "");
    add_article(news, answered, before, "\"AAA\"", "AAA presents", "");
  }
  for (size_t i = 0; i < G_N_ELEMENTS(scans); i++) {
    market m;
    aft_scan scan;
    GError *error = NULL;
    market_init(&m, news->str, scans[i]);
    g_assert_true(aft_scan_run(&scan, &m.config, &m.panel, &m.articles, 1, &error));
    g_assert_nonnull(find_move(&scan, &m, "AAA", MOVE));
    g_assert_nonnull(find_move(&scan, &m, "BBB", MOVE - 40));
    g_assert_cmpuint(scan.moves->len, <=, 8);
    g_assert_cmpuint(scan.unanswered->len, ==, 1); /* the others are three sessions before the move */
    g_assert_cmpint(g_array_index(scan.unanswered, aft_unanswered, 0).column, ==, MOVE - 20);
    aft_scan_clear(&scan);
    market_clear(&m);
  }
}

/* News before the detector can judge a day is not unanswered: nobody looked. */
static void test_unjudged(void) {
  static const char *const scans[] = {NULL, "{\"detector\": \"studentized\"}"};
  g_autofree char *early = at(8, "T17:00:00Z");
  g_autoptr(GString) news = g_string_new(NULL);
  for (int i = 0; i < 4; i++) {
    g_autofree char *id = g_strdup_printf("early-%d", i);
    add_article(news, id, early, "\"CCC\"", "CCC presents", "");
  }
  for (guint i = 0; i < G_N_ELEMENTS(scans); i++) {
    market m;
    aft_scan scan;
    GError *error = NULL;
    market_init(&m, news->str, scans[i]);
    g_assert_true(aft_scan_run(&scan, &m.config, &m.panel, &m.articles, 1, &error));
    g_assert_cmpuint(scan.unanswered->len, ==,
                     i); /* mad waits for 30 sessions, a regression over all of them for none */
    assert_close(scan.by_chance, i == 0 ? (double)scan.n_days * aft_moves_mad_chance(60, 4, 3999, 1) : 0.05 * N_FIRMS,
                 1e-15);
    aft_scan_clear(&scan);
    market_clear(&m);
  }
}

/* Untagged articles are about those that their titles name. */
static void test_untagged(void) {
  g_autofree char *noon = at(MOVE, "T17:00:00Z");
  g_autoptr(GString) news = g_string_new(NULL);
  add_article(news, "a", noon, "", "Why alpha beta shares fell", "");
  add_article(news, "b", noon, "", "Alphabet soup", "");
  add_article(news, "c", noon, "", "$CCC to the moon", "");
  add_article(news, "d", "2019-01-01", "\"AAA\"", "Before the data", "");
  market m;
  aft_news placed;
  market_init(&m, news->str, "{\"names\": {\"AAA\": [\"Alpha Beta\", \"Alpha\"]}}");
  aft_news_build(&placed, &m.articles, &m.panel, false, m.config.scan.names);
  size_t n;
  long a = aft_panel_find_security(&m.panel, "AAA"), c = aft_panel_find_security(&m.panel, "CCC");
  const aft_news_entry *entry = aft_news_find(&placed, (size_t)a, 0, N_SESSIONS, &n);
  g_assert_cmpuint(n, ==, 1); /* once, by two names; not the soup */
  g_assert_cmpint(entry->column, ==, MOVE);
  aft_news_find(&placed, (size_t)c, MOVE, MOVE, &n);
  g_assert_cmpuint(n, ==, 1);
  aft_news_find(&placed, (size_t)c, MOVE + 1, N_SESSIONS, &n);
  g_assert_cmpuint(n, ==, 0);
  g_assert_cmpuint(placed.n_outside, ==, 1);
  g_assert_cmpuint(placed.n_nobody, ==, 1);
  aft_news_clear(&placed);
  market_clear(&m);
}

/* Titles: new, a repetition, half of it, and new again when nine sessions have passed. */
static void test_novelty(void) {
  g_autofree char *first = at(100, "T15:00:00Z"), *second = at(101, "T15:00:00Z"), *third = at(101, "T16:00:00Z"),
                  *late = at(110, "T16:00:00Z");
  g_autoptr(GString) news = g_string_new(NULL);
  add_article(news, "a", first, "\"AAA\"", "Alpha cuts forecast again", "");
  add_article(news, "b", second, "\"AAA\"", "ALPHA cuts: forecast, again!", "");
  add_article(news, "c", third, "\"AAA\"", "Alpha cuts many of its jobs", "");
  add_article(news, "d", late, "\"AAA\"", "Alpha cuts forecast again", "");
  market m;
  aft_news placed;
  double novelty[N_SESSIONS];
  market_init(&m, news->str, NULL);
  aft_news_build(&placed, &m.articles, &m.panel, false, NULL);
  aft_news_novelty(&placed, (size_t)aft_panel_find_security(&m.panel, "AAA"), novelty, N_SESSIONS);
  g_assert_cmpfloat(novelty[100], ==, 1);
  /* b repeats a; c has alpha, cuts of {alpha cuts forecast again} and {alpha cuts many its jobs}: 2 of 7 */
  assert_close(novelty[101], (0 + 1 - 2.0 / 7) / 2, 1e-15);
  g_assert_cmpfloat(novelty[110], ==, 1);
  g_assert_true(isnan(novelty[102]));
  aft_news_clear(&placed);
  market_clear(&m);
}

/* Articles are written the session after a large move: found at lag -1, and Granger sees who follows. */
static void test_correlate(void) {
  market m;
  aft_correlate correlate;
  GError *error = NULL;
  g_autoptr(GString) news = g_string_new(NULL);
  market_init(&m, "", NULL);
  const double *returns = m.panel.returns + (size_t)aft_panel_find_security(&m.panel, "CCC") * m.panel.n_sessions;
  for (int t = 1; t < N_SESSIONS - 1; t++)
    for (int k = 0; k < (int)(200 * fabs(returns[t])); k++) {
      g_autofree char *id = g_strdup_printf("%d-%d", t, k), *when = at(t + 1, "T15:00:00Z");
      add_article(news, id, when, "\"CCC\"", "Gamma moved", k % 2 == 0 ? ", \"tone\": 1" : "");
    }
  market_clear(&m);
  market_init(&m, news->str, NULL);
  g_assert_true(aft_correlate_run(&correlate, &m.config, &m.panel, &m.articles, 2, &error));
  g_assert_cmpuint(correlate.n_used, ==, 1);
  g_assert_cmpuint(correlate.rows->len, ==, 9 * 3 * 11);
  for (guint i = 0; i < correlate.rows->len; i++) {
    const aft_correlated *one = &g_array_index(correlate.rows, aft_correlated, i);
    if (one->x == AFT_SERIES_TONE || one->y == AFT_SERIES_VOLUME) /* constant; not in the prices */
      g_assert_true(isnan(one->row.r));
    if (one->x != AFT_SERIES_COUNT || one->y != AFT_SERIES_ABSOLUTE) continue;
    if (one->row.lag == -1) {
      g_assert_cmpfloat(one->row.r, >, 0.25);
      g_assert_cmpfloat(one->row.p_max, <, 0.01);
    } else {
      g_assert_cmpfloat(fabs(one->row.r), <, 0.25);
    }
  }
  const aft_foretold *both = &g_array_index(correlate.granger, aft_foretold, 2); /* count, abs_abnormal */
  g_assert_cmpint(both[0].cause, ==, AFT_SERIES_COUNT);
  g_assert_cmpfloat(both[0].granger.p_value, >, 0.01);
  g_assert_cmpint(both[1].cause, ==, AFT_SERIES_ABSOLUTE);
  g_assert_cmpfloat(both[1].granger.p_value, <, 1e-6);
  aft_correlate_clear(&correlate);
  market_clear(&m);
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/link/mentions", test_mentions);
  g_test_add_func("/link/components", test_components);
  g_test_add_func("/link/score", test_score);
  g_test_add_func("/link/ahead", test_ahead);
  g_test_add_func("/link/scan", test_scan);
  g_test_add_func("/link/unjudged", test_unjudged);
  g_test_add_func("/link/detectors", test_detectors);
  g_test_add_func("/link/untagged", test_untagged);
  g_test_add_func("/link/novelty", test_novelty);
  g_test_add_func("/link/correlate", test_correlate);
  return g_test_run();
}
