/* The facts of a correlation's folder. */
#include <aftershock/report/correlate.h>

#include "result_json.h"

#include <aftershock/base/sink.h>

#include <math.h>

#include "chart.h"

#include <aftershock/base/banned.h>

static bool write_rows(const aft_correlate *correlate, const char *folder, GError **error) {
  aft_sink *sink =
      aft_sink_open(folder, "correlation.csv",
                    "symbol,series,lag,n,coefficient,value,p_value,p_naive,n_eff,p_eff,p_shift,note", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < correlate->rows->len; i++) {
    const aft_correlated *one = &g_array_index(correlate->rows, aft_correlated, i);
    const aft_correlation_row *row = &one->row;
    const double numbers[] = {row->r, row->p_max, row->p_naive, row->n_eff, row->p_eff, row->p_shift};
    g_autofree char *series = g_strdup_printf("%s/%s", aft_series_name(one->x), aft_series_name(one->y));
    aft_sink_text(sink, one->panel->symbols[one->security]);
    aft_sink_text(sink, series);
    aft_sink_integer(sink, row->lag);
    aft_sink_integer(sink, (gint64)row->n);
    aft_sink_text(sink, aft_correlation_name(one->kind));
    for (size_t k = 0; k < G_N_ELEMENTS(numbers); k++) aft_sink_number(sink, numbers[k]);
    aft_sink_text(sink, !isnan(row->r) ? "" : row->n < 3 ? "fewer than three pairs" : "a series is constant");
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_granger(const aft_correlate *correlate, int lags, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "granger.csv", "symbol,cause,effect,lags,n,f,df1,df2,p_value,note", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < correlate->granger->len; i++) {
    const aft_foretold *one = &g_array_index(correlate->granger, aft_foretold, i);
    const aft_granger *granger = &one->granger;
    bool is_short = granger->n < 2 * (size_t)lags + 2;
    aft_sink_text(sink, one->panel->symbols[one->security]);
    aft_sink_text(sink, aft_series_name(one->cause));
    aft_sink_text(sink, aft_series_name(one->effect));
    aft_sink_integer(sink, lags);
    aft_sink_integer(sink, (gint64)granger->n);
    aft_sink_number(sink, granger->f);
    aft_sink_number(sink, granger->df1);
    aft_sink_number(sink, granger->df2);
    aft_sink_number(sink, granger->p_value);
    aft_sink_text(sink, !isnan(granger->f) ? ""
                        : is_short         ? "too few sessions with all their lags"
                                           : "lags are collinear, or leave no error");
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_days(const aft_correlate *correlate, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "news.csv",
                                 "symbol,session,articles,count,novelty,tone,abnormal,abs_abnormal,volume", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < correlate->days->len; i++) {
    const aft_news_day *day = &g_array_index(correlate->days, aft_news_day, i);
    aft_sink_text(sink, day->panel->symbols[day->security]);
    aft_sink_day(sink, day->panel->day[day->column]);
    aft_sink_integer(sink, (gint64)day->n_articles);
    for (int s = 0; s < AFT_N_SERIES; s++) aft_sink_number(sink, day->value[s]);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

/* The security that the charts are about: with the most articles, the first of equals. */
static const char *find_busiest(const aft_correlate *correlate) {
  const char *busiest = "";
  size_t most = 0, n = 0;
  for (guint i = 0; i < correlate->days->len; i++) {
    const aft_news_day *day = &g_array_index(correlate->days, aft_news_day, i);
    const aft_news_day *before = i > 0 ? day - 1 : NULL;
    if (before == NULL || before->security != day->security || before->panel != day->panel) n = 0;
    n += day->n_articles;
    if (n <= most) continue;
    most = n;
    busiest = day->panel->symbols[day->security];
  }
  return busiest;
}

bool aft_correlate_write(const aft_correlate *correlate, const aft_result *result, const aft_provenance *provenance,
                         const aft_warnings *warnings, const char *folder, GError **error) {
  if (!write_rows(correlate, folder, error) ||
      !write_granger(correlate, result->config->correlate.granger, folder, error) ||
      !write_days(correlate, folder, error))
    return false;
  json_t *root = result_describe_command("aftershock-correlate-1", result, provenance, warnings);
  json_object_set_new(root, "correlate",
                      json_pack("{s:I, s:I, s:I, s:I, s:I, s:s}", "securities", (json_int_t)correlate->n_used, "quiet",
                                (json_int_t)correlate->n_quiet, "articles", (json_int_t)correlate->n_articles,
                                "articles_outside", (json_int_t)correlate->n_outside, "articles_about_nobody",
                                (json_int_t)correlate->n_nobody, "busiest", find_busiest(correlate)));
  return result_save_json(root, folder, "correlate.json", error);
}

const aft_folder_form *aft_correlate_folder_form(void) {
  static const char *const names[] = {"correlate.json", "correlation.csv", "granger.csv", "news.csv",
                                      "correlate.md",   "correlate.html",  "charts",      NULL};
  static const aft_folder_form form = {"correlate.json", "\"format\": \"aftershock-correlate-1\"", names};
  return &form;
}

bool aft_correlate_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "correlate.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_correlate_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return chart_correlate_write(folder, warnings, error) && aft_correlate_documents_write(folder, error);
}
