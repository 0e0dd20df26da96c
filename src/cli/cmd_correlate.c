/* `aftershock correlate`: whether the news and the moves of a study go together, lag by lag. */
#include "commands.h"
#include "news_command.h"

#include <aftershock/base/file.h>
#include <aftershock/report/correlate.h>

#include <math.h>
#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Counts the articles of each security and session, with their novelty and tone, and correlates them with the abnormal return,\n"
    "its size and the abnormal volume at every lag; Granger tests both ways. Writes correlation.csv, granger.csv, news.csv,\n"
    "correlate.json, correlate.md, correlate.html and the charts attention and correlogram. The study's key `correlate` sets\n"
    "the lags; `news` names the articles; events are not needed. Correlation is not cause.\n\n"
    "Example: aftershock correlate data/deepseek/study.json";

static bool write_folder(const cli_study *study, const aft_correlate *correlate, const char *out,
                         const cli_news_options *options, aft_warnings *late, GError **error) {
  const aft_result asked = {.config = &study->config, .panel = study->panel, .focus = -1};
  aft_folder_draft draft = {.n_threads = (unsigned)options->threads};
  bool ok = aft_folder_draft_begin(&draft, out, aft_correlate_folder_form(), error) &&
            aft_correlate_write(correlate, &asked, &study->provenance, &study->warnings, draft.path, error);
  if (ok)
    ok = options->no_charts ? aft_correlate_documents_write(draft.path, error)
                            : aft_correlate_report_write(draft.path, late, error);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

/* The pair and lag with the smallest familywise p-value; of equals the strongest. */
static void print_strongest(const aft_correlate *correlate) {
  const aft_correlated *best = NULL;
  for (guint i = 0; i < correlate->rows->len; i++) {
    const aft_correlated *one = &g_array_index(correlate->rows, aft_correlated, i);
    if (isnan(one->row.p_max)) continue;
    bool is_better = best == NULL || one->row.p_max < best->row.p_max ||
                     (!(one->row.p_max > best->row.p_max) && fabs(one->row.r) > fabs(best->row.r));
    if (is_better) best = one;
  }
  if (best == NULL) {
    printf("no lag has a familywise p-value: too few sessions between the first article and the last\n");
    return;
  }
  printf("strongest: %s, %s with %s at lag %+d: %s %.2f, familywise p %.3f (naive %.2g), %" G_GSIZE_FORMAT
         " sessions\n",
         best->panel->symbols[best->security], aft_series_name(best->x), aft_series_name(best->y), best->row.lag,
         aft_correlation_name(best->kind), best->row.r, best->row.p_max, best->row.p_naive, best->row.n);
}

static bool check_used(const cli_study *study, const aft_correlate *correlate, GError **error) {
  if (correlate->n_used > 0) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: correlate: no security has %d articles on its sessions (%" G_GSIZE_FORMAT
              " have fewer; lower min_articles, or give more news)",
              study->config.path, study->config.correlate.min_articles, correlate->n_quiet);
  return false;
}

static int correlate_study(const char *path, const cli_news_options *options) {
  cli_study study;
  aft_correlate correlate = {.rows = NULL};
  aft_warnings late;
  GError *error = NULL;
  aft_warnings_init(&late);
  const cli_load_options load = {
      .n_threads = (unsigned)options->threads, .volume = true, .volume_series = true, .no_cache = options->no_cache};
  bool ok =
      cli_study_load_news(&study, path, &load, &error) &&
      aft_correlate_run(&correlate, &study.config, study.panel, &study.articles, (unsigned)options->threads, &error) &&
      check_used(&study, &correlate, &error);
  g_autofree char *out = cli_news_folder(&study, options, "correlate");
  cli_print_warnings(&study.warnings, 0);
  ok = ok && write_folder(&study, &correlate, out, options, &late, &error);
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) {
    printf("%" G_GSIZE_FORMAT " securities, %" G_GSIZE_FORMAT " articles; %" G_GSIZE_FORMAT
           " securities with fewer articles than %d left out\n",
           correlate.n_used, correlate.n_articles, correlate.n_quiet, study.config.correlate.min_articles);
    print_strongest(&correlate);
    printf("%s\n", out);
  }
  aft_correlate_clear(&correlate);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

int aft_cmd_correlate(int argc, char **argv) {
  return cli_news_command(argc, argv, "correlate", details, correlate_study);
}
