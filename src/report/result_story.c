/* articles.csv, stories.csv, sessions.csv, series.csv, paths.csv: what the story of the focus event is drawn from. */
#include "result_internal.h"

#include <aftershock/base/sink.h>
#include <aftershock/study/inference.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Calendar days shown before the first and after the last date of the story. */
enum { MARGIN_DAYS = 4 };

bool result_write_articles(const aft_provenance *provenance, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(
      folder, "articles.csv",
      "article,published,precision,local_time,rule,session,status,reason,event,symbols,source,title,url,known_to,"
      "ambiguous",
      error);
  if (sink == NULL) return false;
  for (guint i = 0; i < provenance->articles->len; i++) {
    const aft_article_fact *article = &g_array_index(provenance->articles, aft_article_fact, i);
    aft_sink_text(sink, article->id);
    aft_sink_text(sink, article->published);
    aft_sink_text(sink, article->precision);
    aft_sink_text(sink, article->local_time);
    aft_sink_text(sink, article->rule);
    aft_sink_day(sink, article->session);
    aft_sink_text(sink, article->session != AFT_DAY_NONE ? "used" : "dropped");
    aft_sink_text(sink, article->reason);
    aft_sink_text(sink, article->event);
    aft_sink_text(sink, article->symbols);
    aft_sink_text(sink, article->source);
    aft_sink_text(sink, article->title);
    aft_sink_text(sink, article->url);
    aft_sink_text(sink, article->known_to);
    aft_sink_day(sink, article->other);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

/* Nothing without articles. */
bool result_write_stories(const aft_provenance *provenance, const char *folder, GError **error) {
  if (provenance->stories->len == 0) return true;
  aft_sink *sink =
      aft_sink_open(folder, "stories.csv",
                    "story,place,article,published,local_time,relation,first,similarity,source,title,url", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < provenance->stories->len; i++) {
    const aft_story_fact *fact = &g_array_index(provenance->stories, aft_story_fact, i);
    aft_sink_text(sink, fact->story);
    aft_sink_integer(sink, (gint64)fact->place);
    aft_sink_text(sink, fact->article);
    aft_sink_text(sink, fact->published);
    aft_sink_text(sink, fact->local_time);
    aft_sink_text(sink, fact->relation);
    aft_sink_text(sink, fact->first);
    aft_sink_number(sink, fact->similarity);
    aft_sink_text(sink, fact->source);
    aft_sink_text(sink, fact->title);
    aft_sink_text(sink, fact->url);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

/* Widens first..last by a day, if there is one. */
static void include_day(aft_day day, aft_day *first, aft_day *last) {
  if (day == AFT_DAY_NONE) return;
  if (*first == AFT_DAY_NONE || day < *first) *first = day;
  if (*last == AFT_DAY_NONE || day > *last) *last = day;
}

/* "09:30"; nothing for -1. */
static void print_minute(int minute, char text[16]) {
  if (minute >= 0) g_snprintf(text, 16, "%02d:%02d", minute / 60, minute % 60);
}

static void write_calendar_day(aft_sink *sink, const aft_calendar *calendar, aft_day day) {
  long index = aft_calendar_find_session(calendar, day);
  const char *reason =
      index < 0 ? aft_calendar_closed_reason(calendar, day) : aft_calendar_special_reason(calendar, day);
  char open[16] = "", close[16] = "", break_start[16] = "", break_end[16] = "";
  if (index >= 0) {
    const aft_session *session = aft_calendar_get_session(calendar, (size_t)index);
    print_minute(session->open_minute, open);
    print_minute(session->close_minute, close);
    print_minute(session->break_start, break_start);
    print_minute(session->break_end, break_end);
  }
  aft_sink_day(sink, day);
  aft_sink_text(sink, index < 0 ? "closed" : "session");
  aft_sink_text(sink, open);
  aft_sink_text(sink, close);
  aft_sink_text(sink, reason != NULL ? reason : "");
  aft_sink_text(sink, break_start);
  aft_sink_text(sink, break_end);
  aft_sink_end_row(sink);
}

bool result_write_sessions(const aft_result *result, const aft_provenance *provenance, const char *folder,
                           GError **error) {
  const aft_calendar *calendar = result->panel->calendar; /* on whose clock the articles stand too */
  aft_day first = AFT_DAY_NONE, last = AFT_DAY_NONE;
  for (guint i = 0; i < provenance->articles->len; i++) {
    const aft_article_fact *article = &g_array_index(provenance->articles, aft_article_fact, i);
    aft_day local;
    if (article->session == AFT_DAY_NONE || strlen(article->local_time) < 10) continue;
    include_day(article->session, &first, &last);
    if (aft_day_parse(article->local_time, 10, &local)) include_day(local, &first, &last);
  }
  if (result->focus >= 0)
    include_day(result_day(result_focus_panel(result), result->events->rows[result->focus].column), &first, &last);
  aft_sink *sink = aft_sink_open(folder, "sessions.csv", "date,kind,open,close,reason,break_start,break_end", error);
  if (sink == NULL) return false;
  if (first != AFT_DAY_NONE) {
    first = MAX(first - MARGIN_DAYS, aft_calendar_first(calendar));
    last = MIN(last + MARGIN_DAYS, aft_calendar_last(calendar));
    for (aft_day day = first; day <= last; day++) write_calendar_day(sink, calendar, day);
  }
  return aft_sink_close(sink, error);
}

/*
 * A price of the file brought to the shares of the event's session: times basis[t] / basis[event], so that a split is no crash. Volume
 * is as read.
 */
static double rebase_price(const aft_panel *panel, long security, enum aft_price_column column, long t, long event) {
  size_t row = (size_t)security * panel->n_sessions;
  if (column == AFT_PRICE_VOLUME) return aft_panel_get_volume(panel, row + (size_t)t);
  double price = panel->price[column] != NULL ? panel->price[column][row + (size_t)t] : (double)NAN;
  if (panel->basis == NULL) return price;
  double ratio = panel->basis[row + (size_t)t] / panel->basis[row + (size_t)event];
  return isfinite(ratio) ? price * ratio : price;
}

/* One security's sessions, or a benchmark that is a factor column (security -1, no prices). */
static void write_series(aft_sink *sink, const aft_result *result, const char *symbol, const char *role, long security,
                         const double *returns) {
  static const enum aft_price_column shown[] = {AFT_PRICE_OPEN, AFT_PRICE_HIGH, AFT_PRICE_LOW, AFT_PRICE_CLOSE,
                                                AFT_PRICE_VOLUME};
  const aft_panel *panel = result_focus_panel(result);
  long event = result->events->rows[result->focus].column;
  long first = MAX(event + result->config->first_est, 0);
  long last = MIN(event + result->config->last_rel, (long)panel->n_sessions - 1);
  for (long t = first; t <= last; t++) {
    aft_sink_text(sink, symbol);
    aft_sink_text(sink, role);
    aft_sink_day(sink, panel->day[t]);
    aft_sink_integer(sink, t - event);
    for (size_t c = 0; c < G_N_ELEMENTS(shown); c++) {
      aft_sink_number(sink, security >= 0 ? rebase_price(panel, security, shown[c], t, event) : (double)NAN);
    }
    aft_sink_number(sink, returns[t]);
    aft_sink_end_row(sink);
  }
}

bool result_write_series(const aft_result *result, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "series.csv", "symbol,role,session,rel_day,open,high,low,close,volume,return", error);
  const aft_panel *panel = result_focus_panel(result);
  if (sink == NULL) return false;
  if (result->focus >= 0) {
    const aft_event *event = &result->events->rows[result->focus];
    write_series(sink, result, event->symbol, "focus", event->security,
                 panel->returns + (size_t)event->security * panel->n_sessions);
    if (panel->market != NULL)
      write_series(sink, result, aft_config_get_market(result->config, panel->number).market, "market",
                   panel->market_security, panel->market);
  }
  return aft_sink_close(sink, error);
}

static void write_path(aft_sink *sink, const aft_result *result, const aft_model_result *model, size_t row) {
  const aft_abnormal *a = &model->abnormal;
  const aft_event *event = &result->events->rows[a->event[row]];
  double each_day = aft_inference_quantile(a->fit[row].df, result->config->confidence, 1);
  double all_days = aft_inference_quantile(a->fit[row].df, result->config->confidence, a->n_rel);
  for (int j = 0; j < a->n_rel; j++) {
    double car, variance;
    aft_abnormal_car(a, row, 0, j, &car, &variance);
    aft_inference pointwise = aft_inference_compute(car, variance, a->fit[row].df, each_day);
    aft_inference joint = aft_inference_compute(car, variance, a->fit[row].df, all_days);
    aft_sink_text(sink, model->spec->label);
    aft_sink_text(sink, event->event);
    aft_sink_text(sink, event->symbol);
    aft_sink_integer(sink, a->first_rel + j);
    aft_sink_day(sink, result_event_day(result, a, row, a->first_rel + j));
    aft_sink_number(sink, car);
    aft_sink_number(sink, pointwise.standard_error);
    aft_sink_number(sink, pointwise.ci_low);
    aft_sink_number(sink, pointwise.ci_high);
    aft_sink_number(sink, joint.ci_low);
    aft_sink_number(sink, joint.ci_high);
    aft_sink_end_row(sink);
  }
}

bool result_write_paths(const aft_result *result, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "paths.csv",
                    "model,event,symbol,rel_day,session,car,standard_error,ci_low,ci_high,sim_low,sim_high", error);
  if (sink == NULL) return false;
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_model_result *model = &result->models[m];
    for (size_t row = 0; row < model->abnormal.n_events; row++)
      if ((long)model->abnormal.event[row] == result->focus) write_path(sink, result, model, row);
  }
  return aft_sink_close(sink, error);
}
