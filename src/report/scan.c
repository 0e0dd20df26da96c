/* The facts of a scan's folder. */
#include <aftershock/report/scan.h>

#include "result_json.h"

#include <aftershock/base/sink.h>

#include <math.h>

#include "chart.h"

#include <aftershock/base/banned.h>

static const aft_article *get_article(const aft_articles *articles, guint i) {
  return g_ptr_array_index(articles->rows, i);
}

static void write_article(aft_sink *sink, const aft_articles *articles, const aft_link *link) {
  const aft_article *article = link != NULL ? get_article(articles, link->article) : NULL;
  aft_sink_text(sink, article != NULL ? article->id : "");
  aft_sink_text(sink, article != NULL ? article->published : "");
  aft_sink_text(sink, article != NULL ? article->title : "");
  aft_sink_number(sink, link != NULL ? link->score.score : (double)NAN);
  aft_sink_number(sink, link != NULL ? link->score.low : (double)NAN);
  aft_sink_number(sink, link != NULL ? link->score.high : (double)NAN);
}

static bool write_moves(const aft_scan *scan, const aft_articles *articles, const char *folder, GError **error) {
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
    write_article(sink, articles, move->best >= 0 ? &g_array_index(scan->links, aft_link, move->best) : NULL);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_links(const aft_scan *scan, const aft_articles *articles, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "links.csv",
                                 "symbol,session,rank,article,story,published,article_session,sessions_before,score,"
                                 "low,high,time,mention,surge,tone,rival,title,source,url",
                                 error);
  if (sink == NULL) return false;
  for (guint i = 0; i < scan->links->len; i++) {
    const aft_link *link = &g_array_index(scan->links, aft_link, i);
    const aft_move *move = &g_array_index(scan->moves, aft_move, link->move);
    const aft_article *article = get_article(articles, link->article);
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

static bool write_unanswered(const aft_scan *scan, const aft_articles *articles, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "unanswered.csv", "symbol,session,articles,surge,abnormal,statistic,article,title", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < scan->unanswered->len; i++) {
    const aft_unanswered *one = &g_array_index(scan->unanswered, aft_unanswered, i);
    const aft_article *article = get_article(articles, one->article);
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

static json_t *describe_weights(void) {
  json_t *weights = json_object();
  for (int c = 0; c < AFT_N_COMPONENTS; c++)
    json_object_set_new(weights, aft_component_name((enum aft_component)c),
                        json_real(aft_component_weight((enum aft_component)c)));
  return weights;
}

static json_t *describe_scan(const aft_scan *scan) {
  size_t verdicts[3] = {0};
  for (guint i = 0; i < scan->moves->len; i++) verdicts[g_array_index(scan->moves, aft_move, i).verdict]++;
  json_t *object = json_pack(
      "{s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:I, s:o}", "securities", (json_int_t)scan->n_scanned, "too_short",
      (json_int_t)scan->n_short, "days", (json_int_t)scan->n_days, "articles", (json_int_t)scan->n_articles,
      "articles_outside", (json_int_t)scan->n_outside, "articles_about_nobody", (json_int_t)scan->n_nobody, "moves",
      (json_int_t)scan->moves->len, "unanswered", (json_int_t)scan->unanswered->len, "silent",
      (json_int_t)scan->n_silent, "uncovered", (json_int_t)scan->n_uncovered, "weights", describe_weights());
  for (int v = 0; v < 3; v++)
    json_object_set_new(object, aft_attribution_name((enum aft_attribution)v), json_integer((json_int_t)verdicts[v]));
  return object;
}

bool aft_scan_write(const aft_scan *scan, const aft_articles *articles, const aft_result *result,
                    const aft_provenance *provenance, const aft_warnings *warnings, const char *folder,
                    GError **error) {
  if (!write_moves(scan, articles, folder, error) || !write_links(scan, articles, folder, error) ||
      !write_unanswered(scan, articles, folder, error))
    return false;
  json_t *root = result_describe_command("aftershock-scan-1", result, provenance, warnings);
  json_object_set_new(root, "scan", describe_scan(scan));
  return result_save_json(root, folder, "scan.json", error);
}

const aft_folder_form *aft_scan_folder_form(void) {
  static const char *const names[] = {"scan.json", "moves.csv", "links.csv", "unanswered.csv",
                                      "scan.md",   "scan.html", "charts",    NULL};
  static const aft_folder_form form = {"scan.json", "\"format\": \"aftershock-scan-1\"", names};
  return &form;
}

bool aft_scan_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "scan.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_scan_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return chart_scan_write(folder, warnings, error) && aft_scan_documents_write(folder, error);
}
