/* The facts of a verification's folder. */
#include <aftershock/report/claims.h>

#include "result_json.h"

#include <aftershock/base/sink.h>

#include "chart.h"

#include <aftershock/base/banned.h>

static void write_count(aft_sink *sink, size_t n, size_t members) {
  if (members > 0)
    aft_sink_integer(sink, (gint64)n);
  else
    aft_sink_text(sink, "");
}

static bool write_claims(const GArray *verified, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(folder, "claims.csv",
                                 "article,claim,subject,stated,measured,verdict,how,kind,unit,qualifier,difference,"
                                 "tolerance,session,members,known",
                                 error);
  if (sink == NULL) return false;
  for (guint i = 0; i < verified->len; i++) {
    const aft_verified *v = &g_array_index(verified, aft_verified, i);
    const char *const texts[] = {v->article->id,
                                 v->claim->id,
                                 v->claim->subject,
                                 v->stated,
                                 v->measured,
                                 aft_verdict_name(v->verdict),
                                 v->how,
                                 aft_claim_kinds()[v->claim->kind],
                                 v->claim->unit,
                                 aft_claim_qualifiers()[v->claim->qualifier]};
    for (size_t t = 0; t < G_N_ELEMENTS(texts); t++) aft_sink_text(sink, texts[t]);
    aft_sink_number(sink, v->difference);
    aft_sink_number(sink, v->tolerance);
    aft_sink_day(sink, v->session);
    write_count(sink, v->members, v->members);
    write_count(sink, v->known, v->members);
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static bool write_values(const GArray *values, const char *folder, GError **error) {
  aft_sink *sink = aft_sink_open(
      folder, "values.csv",
      "event,session,symbol,group,previous_close,close,change_percent,shares,shares_date,source,change,note", error);
  if (sink == NULL) return false;
  for (guint i = 0; i < values->len; i++) {
    const aft_value_row *row = &g_array_index(values, aft_value_row, i);
    aft_sink_text(sink, row->event);
    aft_sink_day(sink, row->session);
    aft_sink_text(sink, row->symbol);
    aft_sink_text(sink, row->group);
    aft_sink_number(sink, row->value.previous_close);
    aft_sink_number(sink, row->value.close);
    aft_sink_number(sink, row->value.percent);
    aft_sink_number(sink, row->value.shares);
    aft_sink_day(sink, row->value.shares_day);
    aft_sink_text(sink, row->value.source);
    aft_sink_number(sink, row->value.change);
    aft_sink_text(sink, row->value.reason != NULL ? row->value.reason : "");
    aft_sink_end_row(sink);
  }
  return aft_sink_close(sink, error);
}

static json_t *count_verdicts(const GArray *verified) {
  size_t n[AFT_VERDICT_UNDETERMINED + 1] = {0};
  for (guint i = 0; i < verified->len; i++) n[g_array_index(verified, aft_verified, i).verdict]++;
  json_t *counts = json_object();
  for (int v = AFT_VERDICT_EXACT; v <= AFT_VERDICT_UNDETERMINED; v++)
    json_object_set_new(counts, aft_verdict_name((enum aft_verdict)v), json_integer((json_int_t)n[v]));
  return counts;
}

/* The articles that claim something, for the documents: claims.csv has their ids alone. */
static json_t *describe_articles(const GArray *verified) {
  json_t *articles = json_array();
  const aft_article *last = NULL;
  for (guint i = 0; i < verified->len; i++) {
    const aft_article *article = g_array_index(verified, aft_verified, i).article;
    if (article == last) continue;
    last = article;
    json_array_append_new(articles,
                          json_pack("{s:s, s:s, s:s, s:s, s:s}", "id", article->id, "title", article->title, "source",
                                    article->source, "url", article->url, "published", article->published));
  }
  return articles;
}

bool aft_claims_write(const GArray *verified, const GArray *values, const aft_result *result,
                      const aft_provenance *provenance, const aft_warnings *warnings, const char *folder,
                      GError **error) {
  const aft_calendar *calendar = result->panel->calendar;
  if (!write_claims(verified, folder, error) || !write_values(values, folder, error)) return false;
  json_t *root =
      json_pack("{s:s, s:{s:s, s:s}, s:s, s:o, s:o, s:o, s:o, s:o, s:{s:s, s:s, s:s}, s:o, s:o}", "format",
                "aftershock-claims-1", "program", "name", "aftershock", "version", AFT_VERSION, "started",
                provenance->started, "study_file", result_describe_input(&provenance->study_file), "inputs",
                result_describe_inputs(provenance), "versions", result_describe_versions(provenance), "study",
                result_describe_study(result), "warnings", result_describe_warnings(warnings), "calendar", "mic",
                aft_calendar_mic(calendar), "name", aft_calendar_name(calendar), "zone", aft_calendar_zone(calendar),
                "articles", describe_articles(verified), "verdicts", count_verdicts(verified));
  return result_save_json(root, folder, "claims.json", error);
}

const aft_folder_form *aft_claims_folder_form(void) {
  static const char *const names[] = {"claims.json", "claims.csv", "values.csv", "claims.md",
                                      "claims.html", "charts",     NULL};
  static const aft_folder_form form = {"claims.json", "\"format\": \"aftershock-claims-1\"", names};
  return &form;
}

bool aft_claims_is_folder(const char *folder) {
  g_autofree char *path = g_build_filename(folder, "claims.json", NULL);
  return g_file_test(path, G_FILE_TEST_IS_REGULAR);
}

bool aft_claims_report_write(const char *folder, aft_warnings *warnings, GError **error) {
  return chart_claims_write(folder, warnings, error) && aft_claims_documents_write(folder, error);
}
