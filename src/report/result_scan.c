/* moves.csv, links.csv, unanswered.csv, and what result.json and scan.json count: of `scan`, and of `run` when the study asks for it. */
#include "result_json.h"

#include <aftershock/base/sink.h>

#include <math.h>

#include <aftershock/base/banned.h>

static const aft_article *get_article(const aft_scan *scan, guint i) {
  return g_ptr_array_index(scan->articles->rows, i);
}

static void write_article(aft_sink *sink, const aft_scan *scan, const aft_link *link) {
  const aft_article *article = link != NULL ? get_article(scan, link->article) : NULL;
  aft_sink_text(sink, article != NULL ? article->id : "");
  aft_sink_text(sink, article != NULL ? article->published : "");
  aft_sink_text(sink, article != NULL ? article->title : "");
  aft_sink_number(sink, link != NULL ? link->score.score : (double)NAN);
  aft_sink_number(sink, link != NULL ? link->score.low : (double)NAN);
  aft_sink_number(sink, link != NULL ? link->score.high : (double)NAN);
}

static bool write_moves(const aft_scan *scan, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "moves.csv",
                                 "symbol,session,verdict,return,alpha,market,factors,abnormal,statistic,p_value,"
                                 "p_adjusted,threshold,candidates,rivals,article,published,title,score,low,high",
                                 error);
  if (sink == NULL) return false;
  for (guint i = 0; i < scan->moves->len; i++) {
    const aft_move *move = &g_array_index(scan->moves, aft_move, i);
    const double numbers[] = {move->realised,  move->alpha,   move->market,     move->factors,  move->abnormal,
                              move->statistic, move->p_value, move->p_adjusted, move->threshold};
    aft_sink_text(sink, move->panel->symbols[move->security]);
    aft_sink_day(sink, move->panel->day[move->column]);
    aft_sink_text(sink, aft_attribution_name(move->verdict));
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++) aft_sink_number(sink, numbers[k]);
    aft_sink_integer(sink, (gint64)move->n_candidates);
    aft_sink_integer(sink, (gint64)move->n_rivals);
    write_article(sink, scan, move->best >= 0 ? &g_array_index(scan->links, aft_link, move->best) : NULL);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_links(const aft_scan *scan, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "links.csv",
                                 "symbol,session,rank,article,story,published,article_session,sessions_before,score,"
                                 "low,high,time,mention,surge,tone,rival,title,source,url",
                                 error);
  if (sink == NULL) return false;
  for (guint i = 0; i < scan->links->len; i++) {
    const aft_link *link = &g_array_index(scan->links, aft_link, i);
    const aft_move *move = &g_array_index(scan->moves, aft_move, link->move);
    const aft_article *article = get_article(scan, link->article);
    aft_sink_text(sink, move->panel->symbols[move->security]);
    aft_sink_day(sink, move->panel->day[move->column]);
    aft_sink_integer(sink, link->rank);
    aft_sink_text(sink, article->id);
    aft_sink_text(sink, article->event);
    aft_sink_text(sink, article->published);
    aft_sink_day(sink, move->panel->day[move->column - link->sessions_before]);
    aft_sink_integer(sink, link->sessions_before);
    aft_sink_number(sink, link->score.score);
    aft_sink_number(sink, link->score.low);
    aft_sink_number(sink, link->score.high);
    for (int c = 0; c < AFT_N_COMPONENTS; c++) aft_sink_number(sink, link->score.component[c]);
    aft_sink_integer(sink, link->is_rival);
    aft_sink_text(sink, article->title);
    aft_sink_text(sink, article->source);
    aft_sink_text(sink, article->url);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_unanswered(const aft_scan *scan, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "unanswered.csv", "symbol,session,articles,surge,abnormal,statistic,article,title", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < scan->unanswered->len; i++) {
    const aft_unanswered *one = &g_array_index(scan->unanswered, aft_unanswered, i);
    const aft_article *article = get_article(scan, one->article);
    aft_sink_text(sink, one->panel->symbols[one->security]);
    aft_sink_day(sink, one->panel->day[one->column]);
    aft_sink_integer(sink, (gint64)one->n_articles);
    aft_sink_number(sink, isinf(one->surge) ? (double)NAN : one->surge);
    aft_sink_number(sink, one->abnormal);
    aft_sink_number(sink, one->statistic);
    aft_sink_text(sink, article->id);
    aft_sink_text(sink, article->title);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

bool result_write_scan(const aft_scan *scan, const char *folder, GError **error) {
  return write_moves(scan, folder, error) && write_links(scan, folder, error) && write_unanswered(scan, folder, error);
}

static json_t *describe_weights(void) {
  json_t *weights = json_object();
  for (int c = 0; c < AFT_N_COMPONENTS; c++)
    json_object_set_new(weights, aft_component_name((enum aft_component)c),
                        json_real(aft_component_weight((enum aft_component)c)));
  return weights;
}

json_t *result_describe_scan(const aft_scan *scan) {
  size_t verdicts[3] = {0};
  for (guint i = 0; i < scan->moves->len; i++) verdicts[g_array_index(scan->moves, aft_move, i).verdict]++;
  json_t *object =
      json_pack("{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:f, s:o}", "securities",
                (json_int_t)scan->n_scanned, "too_short", (json_int_t)scan->n_short, "days", (json_int_t)scan->n_days,
                "articles", (json_int_t)scan->n_articles, "articles_outside", (json_int_t)scan->n_outside,
                "articles_about_nobody", (json_int_t)scan->n_nobody, "moves", (json_int_t)scan->moves->len,
                "unanswered", (json_int_t)scan->unanswered->len, "silent", (json_int_t)scan->n_silent, "uncovered",
                (json_int_t)scan->n_uncovered, "by_chance", scan->by_chance, "weights", describe_weights());
  for (int v = 0; v < 3; v++)
    json_object_set_new(object, aft_attribution_name((enum aft_attribution)v), json_integer((json_int_t)verdicts[v]));
  return object;
}
