/* The facts of a result folder, written in order. */
#include <aftershock/report/result.h>

#include "result_internal.h"
#include "result_json.h"

#include <aftershock/base/progress.h>
#include <aftershock/study/confounders.h>

#include <aftershock/base/banned.h>

const aft_folder_form *aft_result_folder_form(void) {
  static const char *const names[] = {"result.json",
                                      "events.csv",
                                      "articles.csv",
                                      "stories.csv",
                                      "confounders.csv",
                                      "clean.csv",
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
                                      "gaps.csv",
                                      "alignments.csv",
                                      "candidates.csv",
                                      "calendar_time.csv",
                                      "calendar_portfolio.csv",
                                      "weights.csv",
                                      "placebos.csv",
                                      "synthetic.csv",
                                      "compat.csv",
                                      "regressions.csv",
                                      "regression_fits.csv",
                                      "diagnostics.csv",
                                      "detectable.csv",
                                      "volume_abnormal.csv",
                                      "volume_car.csv",
                                      "volume_caar.csv",
                                      "volume_tests.csv",
                                      "size_card.csv",
                                      "moves.csv",
                                      "links.csv",
                                      "unanswered.csv",
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

static void clear_story(void *data) {
  aft_story_fact *story = data;
  char *const texts[] = {story->story,      story->first,  story->article, story->published,
                         story->local_time, story->source, story->title,   story->url};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
}

void aft_provenance_init(aft_provenance *provenance) {
  *provenance = (aft_provenance){.inputs = g_array_new(FALSE, TRUE, sizeof(aft_input_fact)),
                                 .articles = g_array_new(FALSE, TRUE, sizeof(aft_article_fact)),
                                 .stories = g_array_new(FALSE, TRUE, sizeof(aft_story_fact)),
                                 .occurrences = aft_occurrences_new()};
  g_array_set_clear_func(provenance->inputs, clear_input);
  g_array_set_clear_func(provenance->articles, clear_article);
  g_array_set_clear_func(provenance->stories, clear_story);
}

void aft_provenance_clear(aft_provenance *provenance) {
  g_clear_pointer(&provenance->started, g_free);
  g_clear_pointer(&provenance->tzdata, g_free);
  clear_input(&provenance->study_file);
  provenance->study_file = (aft_input_fact){.path = NULL};
  g_clear_pointer(&provenance->inputs, g_array_unref);
  g_clear_pointer(&provenance->articles, g_array_unref);
  g_clear_pointer(&provenance->stories, g_array_unref);
  g_clear_pointer(&provenance->occurrences, g_array_unref);
}

/* What is said of volume has files of its own: other units must not get into an average of returns. */
static bool write_volume_abnormal(const aft_result *result, const char *folder, GError **error) {
  if (result->volume == NULL) return true;
  return result_write_abnormal(aft_volume_get_result(result->volume), folder, "volume_abnormal.csv", error);
}

static bool write_volume_car(const aft_result *result, const char *folder, GError **error) {
  if (result->volume == NULL) return true;
  return result_write_car(aft_volume_get_result(result->volume), folder, "volume_car.csv", error);
}

static bool write_volume_means(const aft_result *result, const char *folder, GError **error) {
  if (result->volume == NULL) return true;
  const aft_result *volume = aft_volume_get_result(result->volume);
  return result_write_caar(volume, folder, "volume_caar.csv", error) &&
         result_write_tests(volume, folder, "volume_tests.csv", error);
}

static bool write_abnormal(const aft_result *result, const char *folder, GError **error) {
  return result_write_abnormal(result, folder, "abnormal.csv", error);
}

static bool write_car(const aft_result *result, const char *folder, GError **error) {
  return result_write_car(result, folder, "car.csv", error);
}

static bool write_caar(const aft_result *result, const char *folder, GError **error) {
  return result_write_caar(result, folder, "caar.csv", error);
}

static bool write_tests(const aft_result *result, const char *folder, GError **error) {
  return result_write_tests(result, folder, "tests.csv", error);
}

/* A file of facts, or a few that belong together, and the fewest tables of a study that it still belongs to. */
typedef struct fact_writer {
  bool (*write)(const aft_result *result, const char *folder, GError **error);
  enum aft_tables_kept most;
} fact_writer;

static const fact_writer writers[] = {
    /* clang-format off */
    {result_write_events, AFT_TABLES_EVENTS},
    {result_write_series, AFT_TABLES_AGGREGATE},
    {result_write_fits, AFT_TABLES_EVENTS},
    {result_write_coefficients, AFT_TABLES_EVENTS},
    {write_abnormal, AFT_TABLES_ALL},
    {write_car, AFT_TABLES_EVENTS},
    {result_write_paths, AFT_TABLES_AGGREGATE},
    {write_caar, AFT_TABLES_AGGREGATE},
    {write_tests, AFT_TABLES_AGGREGATE},
    {result_write_groups, AFT_TABLES_AGGREGATE},
    {result_write_influence, AFT_TABLES_AGGREGATE},
    {result_write_gaps, AFT_TABLES_ALL},
    {result_write_alignments, AFT_TABLES_ALL},
    {result_write_candidates, AFT_TABLES_AGGREGATE},
    {result_write_calendar_time, AFT_TABLES_AGGREGATE},
    {result_write_regressions, AFT_TABLES_AGGREGATE},
    {result_write_compat, AFT_TABLES_AGGREGATE},
    {result_write_donors, AFT_TABLES_EVENTS},
    {result_write_diagnostics, AFT_TABLES_ALL},
    {result_write_detectable, AFT_TABLES_ALL},
    {write_volume_abnormal, AFT_TABLES_ALL},
    {write_volume_car, AFT_TABLES_EVENTS},
    {write_volume_means, AFT_TABLES_AGGREGATE},
    {result_write_size_card, AFT_TABLES_AGGREGATE},
    /* clang-format on */
};

/* Found by looking at days, not at events; but no statistic of a sample either. */
static bool write_scan(const aft_result *result, const aft_scan *scan, const char *folder, GError **error) {
  if (scan == NULL || result->config->tables > AFT_TABLES_EVENTS) return true;
  return result_write_scan(scan, folder, error);
}

bool aft_result_write(const aft_result *result, const aft_scan *scan, const aft_provenance *provenance,
                      const aft_warnings *warnings, const char *folder, GError **error) {
  aft_progress progress;
  bool ok = true;
  aft_progress_begin(&progress, "tables", G_N_ELEMENTS(writers));
  for (size_t i = 0; ok && i < G_N_ELEMENTS(writers); i++) {
    ok = result->config->tables > writers[i].most || writers[i].write(result, folder, error);
    aft_progress_add(&progress, 1);
  }
  aft_progress_end(&progress);
  return ok && write_scan(result, scan, folder, error) && result_write_articles(provenance, folder, error) &&
         result_write_stories(provenance, folder, error) &&
         result_write_confounders(result, provenance, folder, error) &&
         result_write_sessions(result, provenance, folder, error) &&
         result_write_json(result, scan, provenance, warnings, folder, error);
}
