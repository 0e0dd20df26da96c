/* The facts of a result folder, written in order. */
#include <aftershock/report/result.h>

#include "result_internal.h"

#include <aftershock/base/banned.h>

const aft_folder_form *aft_result_folder_form(void) {
  static const char *const names[] = {"result.json",
                                      "events.csv",
                                      "articles.csv",
                                      "sessions.csv",
                                      "series.csv",
                                      "fits.csv",
                                      "abnormal.csv",
                                      "car.csv",
                                      "paths.csv",
                                      "caar.csv",
                                      "coefficients.csv",
                                      "tests.csv",
                                      "groups.csv",
                                      "influence.csv",
                                      "calendar_time.csv",
                                      "calendar_portfolio.csv",
                                      "weights.csv",
                                      "placebos.csv",
                                      "synthetic.csv",
                                      "regressions.csv",
                                      "regression_fits.csv",
                                      "volume_abnormal.csv",
                                      "volume_car.csv",
                                      "volume_caar.csv",
                                      "volume_tests.csv",
                                      "size_card.csv",
                                      "charts",
                                      "tables",
                                      "report.md",
                                      "report.html",
                                      NULL};
  static const aft_folder_form form = {"result.json", "\"format\": \"aftershock-result-1\"", names};
  return &form;
}

static void clear_input(void *data) {
  aft_input_fact *input = data;
  g_free(input->role);
  g_free(input->path);
  g_free(input->sha256);
}

static void clear_article(void *data) {
  aft_article_fact *article = data;
  char *const texts[] = {article->id,      article->published, article->local_time, article->event,
                         article->symbols, article->source,    article->title,      article->url};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
}

void aft_provenance_init(aft_provenance *provenance) {
  *provenance = (aft_provenance){.inputs = g_array_new(FALSE, TRUE, sizeof(aft_input_fact)),
                                 .articles = g_array_new(FALSE, TRUE, sizeof(aft_article_fact))};
  g_array_set_clear_func(provenance->inputs, clear_input);
  g_array_set_clear_func(provenance->articles, clear_article);
}

void aft_provenance_clear(aft_provenance *provenance) {
  g_clear_pointer(&provenance->started, g_free);
  g_clear_pointer(&provenance->tzdata, g_free);
  clear_input(&provenance->study_file);
  provenance->study_file = (aft_input_fact){NULL, NULL, NULL, 0};
  g_clear_pointer(&provenance->inputs, g_array_unref);
  g_clear_pointer(&provenance->articles, g_array_unref);
}

/* What is said of volume has files of its own: other units must not get into an average of returns. */
static bool write_volume(const aft_result *result, bool events, bool days, const char *folder, GError **error) {
  if (result->volume == NULL) return true;
  const aft_result *volume = aft_volume_get_result(result->volume);
  return (!days || result_write_abnormal(volume, folder, "volume_abnormal.csv", error)) &&
         (!events || result_write_car(volume, folder, "volume_car.csv", error)) &&
         result_write_caar(volume, folder, "volume_caar.csv", error) &&
         result_write_tests(volume, folder, "volume_tests.csv", error);
}

bool aft_result_write(const aft_result *result, const aft_provenance *provenance, const aft_warnings *warnings,
                      const char *folder, GError **error) {
  enum aft_tables_kept tables = result->config->tables;
  bool events = tables != AFT_TABLES_AGGREGATE, days = tables == AFT_TABLES_ALL;
  return (!events ||
          (result_write_events(result, folder, error) && result_write_fits(result, folder, error) &&
           result_write_coefficients(result, folder, error) && result_write_car(result, folder, "car.csv", error))) &&
         (!days || result_write_abnormal(result, folder, "abnormal.csv", error)) &&
         result_write_articles(provenance, folder, error) && result_write_sessions(result, provenance, folder, error) &&
         result_write_series(result, folder, error) && result_write_paths(result, folder, error) &&
         result_write_caar(result, folder, "caar.csv", error) &&
         result_write_tests(result, folder, "tests.csv", error) && result_write_groups(result, folder, error) &&
         result_write_influence(result, folder, error) && result_write_calendar_time(result, folder, error) &&
         result_write_regressions(result, folder, error) && (!events || result_write_donors(result, folder, error)) &&
         result_write_size_card(result, folder, error) && write_volume(result, events, days, folder, error) &&
         result_write_json(result, provenance, warnings, folder, error);
}
