/* `aftershock scan`: abnormal moves of a study's securities, and the articles that compete to explain them. */
#include "commands.h"
#include "news_command.h"
#include "scan_study.h"

#include <aftershock/base/file.h>
#include <aftershock/report/scan.h>

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Splits every return of every security into market, factors and its own part, finds the days whose own part stands out, and\n"
    "scores the articles around each. Writes moves.csv, links.csv, unanswered.csv, scan.json, scan.md, scan.html and\n"
    "charts/moves.png. The study's key `scan` chooses the detector; `news` names the articles; events are not needed.\n"
    "A score is a reading list, not a cause. With `report` in that key, aftershock run scans too and tells it in its report.\n\n"
    "Example: aftershock scan data/deepseek/study.json";

static bool write_folder(const cli_study *study, const aft_scan *scan, const char *out, const cli_news_options *options,
                         aft_warnings *late, GError **error) {
  const aft_result asked = {.config = &study->config, .panel = study->panel, .focus = -1};
  aft_folder_draft draft = {.n_threads = (unsigned)options->threads};
  bool ok = aft_folder_draft_begin(&draft, out, aft_scan_folder_form(), error) &&
            aft_scan_write(scan, &asked, &study->provenance, &study->warnings, draft.path, error);
  if (ok)
    ok = options->no_charts ? aft_scan_documents_write(draft.path, error)
                            : aft_scan_report_write(draft.path, late, error);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

static int scan_study(const char *path, const cli_news_options *options) {
  cli_study study;
  aft_scan scan = {.moves = NULL};
  aft_warnings late;
  GError *error = NULL;
  aft_warnings_init(&late);
  const cli_load_options load = {.n_threads = (unsigned)options->threads, .no_cache = options->no_cache};
  bool ok = cli_study_load_news(&study, path, &load, &error) &&
            cli_scan_study(&study, (unsigned)options->threads, &scan, &error);
  g_autofree char *out = cli_news_folder(&study, options, "scan");
  cli_print_warnings(&study.warnings, 0);
  ok = ok && write_folder(&study, &scan, out, options, &late, &error);
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) {
    printf("%" G_GSIZE_FORMAT " securities, %" G_GSIZE_FORMAT " days, %" G_GSIZE_FORMAT " articles\n", scan.n_scanned,
           scan.n_days, scan.n_articles);
    cli_scan_print_counts(&scan);
    cli_scan_print_largest(&scan);
    printf("%s\n", out);
  }
  aft_scan_clear(&scan);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

int aft_cmd_scan(int argc, char **argv) { return cli_news_command(argc, argv, "scan", details, scan_study); }
