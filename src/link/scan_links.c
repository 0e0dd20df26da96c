/* From a move to its articles, and from news to the move that did not come. */
#include "scan_internal.h"

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define BIG_SURGE 4 /* robust score from which a session's number of articles is out of the ordinary */

static char **find_names(const scan_security *s) {
  GHashTable *names = s->options->names;
  return names != NULL ? g_hash_table_lookup(names, s->panel->symbols[s->security]) : NULL;
}

static aft_link score_entry(const scan_security *s, const aft_move *move, size_t number, const aft_news_entry *entry) {
  const aft_article *article = aft_news_article(s->news, entry->article);
  aft_link link = {.move = number, .article = entry->article, .sessions_before = (int)(move->column - entry->column)};
  double *component = link.score.component;
  component[AFT_COMPONENT_TIME] = aft_link_time(link.sessions_before);
  component[AFT_COMPONENT_MENTION] = aft_link_mention(article, s->panel->symbols[s->security], find_names(s));
  component[AFT_COMPONENT_SURGE] = aft_link_surge(aft_link_surge_score(s->counts, (size_t)entry->column));
  component[AFT_COMPONENT_TONE] = aft_link_tone(article->tone, move->abnormal);
  aft_link_score_compute(&link.score);
  return link;
}

/* Articles are numbered by time and, within one time, by id. */
static int compare(const void *a, const void *b) {
  const aft_link *p = a, *q = b;
  if (p->score.score > q->score.score) return -1;
  if (p->score.score < q->score.score) return 1;
  return (p->article > q->article) - (p->article < q->article);
}

/* Articles of one `event` are one story; an article without is its own. */
static bool is_same_story(const aft_news *news, const aft_link *a, const aft_link *b) {
  const aft_article *p = aft_news_article(news, a->article), *q = aft_news_article(news, b->article);
  return p == q || (p->event[0] != '\0' && strcmp(p->event, q->event) == 0);
}

/* Whether an earlier, hence better, link in time tells the same story: a story counts once, by its best article. */
static bool is_told(const aft_news *news, const aft_link *links, guint i) {
  for (guint j = 0; j < i; j++)
    if (links[j].sessions_before >= 0 && is_same_story(news, &links[j], &links[i])) return true;
  return false;
}

/* The best story that was out in time against all others. Sorted candidates. */
static void judge(const scan_security *s, aft_move *move, aft_link *links, guint n) {
  guint best = 0;
  while (best < n && links[best].sessions_before < 0) best++;
  if (best == n || links[best].score.score < s->options->min_score) return;
  move->verdict = AFT_ATTRIBUTION_LINKED;
  for (guint i = best + 1; i < n; i++) {
    if (links[i].sessions_before < 0 || links[i].score.score < s->options->min_score) continue;
    if (is_told(s->news, links, i) || aft_link_score_is_ahead(&links[best].score, &links[i].score)) continue;
    links[i].is_rival = true;
    move->n_rivals++;
    move->verdict = AFT_ATTRIBUTION_NOT_IDENTIFIED;
  }
}

static void link_move(const scan_security *s, aft_move *move, size_t number, GArray *candidates, GArray *links) {
  size_t n;
  const aft_news_entry *entries =
      aft_news_find(s->news, s->security, move->column - AFT_LINK_BEFORE, move->column + AFT_LINK_AFTER, &n);
  g_array_set_size(candidates, 0);
  for (size_t i = 0; i < n; i++) {
    aft_link link = score_entry(s, move, number, &entries[i]);
    if (link.score.score > 0) g_array_append_val(candidates, link);
  }
  aft_link *list = (aft_link *)(void *)candidates->data;
  if (candidates->len > 1) qsort(list, candidates->len, sizeof *list, compare);
  judge(s, move, list, candidates->len);
  move->n_candidates = candidates->len;
  move->first_link = links->len;
  for (guint i = 0; i < candidates->len; i++) {
    list[i].rank = (int)i + 1;
    bool is_best = move->best < 0 && list[i].sessions_before >= 0;
    if (!is_best && i >= (guint)s->options->links) continue;
    if (is_best) move->best = (long)links->len;
    g_array_append_val(links, list[i]);
  }
  move->n_links = links->len - move->first_link;
}

/* Whether a move of the security lies on the column or at most AFT_LINK_BEFORE after it. */
static bool is_answered(const GArray *moves, long column) {
  for (guint i = 0; i < moves->len; i++) {
    long after = g_array_index(moves, aft_move, i).column - column;
    if (after >= 0 && after <= AFT_LINK_BEFORE) return true;
  }
  return false;
}

/* Whether the detector could have seen a move there: not before its window is filled, nor where there are no returns. */
static bool is_judged(const scan_security *s, long column) {
  long last = MIN(column + AFT_LINK_BEFORE, (long)s->panel->n_sessions - 1);
  for (long t = column; t <= last; t++)
    if (!isnan(s->statistic[t])) return true;
  return false;
}

static void find_unanswered(const scan_security *s, scan_found *found) {
  const aft_news *news = s->news;
  for (size_t i = news->start[s->security]; i < news->start[s->security + 1];) {
    const aft_news_entry *entry = &news->entries[i];
    size_t column = (size_t)entry->column, n = (size_t)s->counts[column];
    i += n;
    if (n < (size_t)s->options->story_articles) continue;
    double surge = aft_link_surge_score(s->counts, column);
    if (!(surge >= BIG_SURGE) || !is_judged(s, entry->column) || is_answered(found->moves, entry->column)) continue;
    aft_unanswered one = {.panel = s->panel,
                          .security = s->security,
                          .column = entry->column,
                          .n_articles = n,
                          .surge = surge,
                          .abnormal = s->abnormal[column],
                          .statistic = s->statistic[column],
                          .article = entry->article};
    g_array_append_val(found->unanswered, one);
  }
}

void scan_link_moves(const scan_security *s, scan_found *found) {
  g_autoptr(GArray) candidates = g_array_new(FALSE, FALSE, sizeof(aft_link));
  aft_news_count(s->news, s->security, s->counts, s->panel->n_sessions);
  for (guint i = 0; i < found->moves->len; i++)
    link_move(s, &g_array_index(found->moves, aft_move, i), i, candidates, found->links);
  find_unanswered(s, found);
}
