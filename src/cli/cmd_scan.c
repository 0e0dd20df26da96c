/* `aftershock scan`: abnormal moves of a study's securities, and the articles that compete to explain them. */
#include "commands.h"
#include "news_command.h"

#include <aftershock/base/file.h>
#include <aftershock/report/scan.h>

#include <math.h>
#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Splits every return of every security into market, factors and its own part, finds the days whose own part stands out, and\n"
    "scores the articles around each. Writes moves.csv, links.csv, unanswered.csv, scan.json, scan.md, scan.html and\n"
    "charts/moves.png. The study's key `scan` chooses the detector; `news` names the articles; events are not needed.\n"
    "A score is a reading list, not a cause.\n\n"
    "Example: aftershock scan data/deepseek/study.json";

static bool write_folder(const cli_study *study, const aft_scan *scan, const char *out, const cli_news_options *options,
                         aft_warnings *late, GError **error) {
  const aft_result asked = {.config = &study->config, .panel = study->panel, .focus = -1};
  aft_folder_draft draft = {NULL, NULL, NULL};
  bool ok = aft_folder_draft_begin(&draft, out, aft_scan_folder_form(), error) &&
            aft_scan_write(scan, &study->articles, &asked, &study->provenance, &study->warnings, draft.path, error);
  if (ok)
    ok = options->no_charts ? aft_scan_documents_write(draft.path, error)
                            : aft_scan_report_write(draft.path, late, error);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

static void print_counts(const aft_scan *scan) {
  size_t verdicts[3] = {0};
  for (guint i = 0; i < scan->moves->len; i++) verdicts[g_array_index(scan->moves, aft_move, i).verdict]++;
  printf("%" G_GSIZE_FORMAT " securities, %" G_GSIZE_FORMAT " days, %" G_GSIZE_FORMAT " articles\n", scan->n_scanned,
         scan->n_days, scan->n_articles);
  printf("%u abnormal moves: %" G_GSIZE_FORMAT " linked, %" G_GSIZE_FORMAT " not identified, %" G_GSIZE_FORMAT
         " unexplained; %u sessions of news unanswered\n",
         scan->moves->len, verdicts[AFT_ATTRIBUTION_LINKED], verdicts[AFT_ATTRIBUTION_NOT_IDENTIFIED],
         verdicts[AFT_ATTRIBUTION_UNEXPLAINED], scan->unanswered->len);
}

static void print_largest(const aft_scan *scan, const aft_articles *articles) {
  const aft_move *largest = NULL;
  char day[AFT_DAY_TEXT];
  for (guint i = 0; i < scan->moves->len; i++) {
    const aft_move *move = &g_array_index(scan->moves, aft_move, i);
    if (largest == NULL || fabs(move->abnormal) > fabs(largest->abnormal)) largest = move;
  }
  if (largest == NULL) return;
  printf("largest: %s, %s, %+.2f %% of its own: %s", largest->panel->symbols[largest->security],
         aft_day_print(largest->panel->day[largest->column], day), 100 * largest->abnormal,
         aft_attribution_name(largest->verdict));
  if (largest->verdict != AFT_ATTRIBUTION_UNEXPLAINED) {
    const aft_link *link = &g_array_index(scan->links, aft_link, largest->best);
    const aft_article *article = g_ptr_array_index(articles->rows, link->article);
    printf(", best article %s, score %.2f", article->id, link->score.score);
  }
  printf("\n");
}

static void warn_short(cli_study *study, const aft_scan *scan) {
  if (scan->n_short > 0)
    aft_warnings_add(&study->warnings,
                     "%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                     " securities have too few returns, or none that vary, and are not scanned",
                     study->config.path, scan->n_short, scan->n_scanned);
}

static int scan_study(const char *path, const cli_news_options *options) {
  cli_study study;
  aft_scan scan = {.moves = NULL};
  aft_warnings late;
  GError *error = NULL;
  aft_warnings_init(&late);
  const cli_load_options load = {.n_threads = (unsigned)options->threads, .no_cache = options->no_cache};
  bool ok = cli_study_load_news(&study, path, &load, &error) &&
            aft_scan_run(&scan, &study.config, study.panel, &study.articles, (unsigned)options->threads, &error);
  if (ok) warn_short(&study, &scan);
  g_autofree char *out = cli_news_folder(&study, options, "scan");
  cli_print_warnings(&study.warnings, 0);
  ok = ok && write_folder(&study, &scan, out, options, &late, &error);
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) {
    print_counts(&scan);
    print_largest(&scan, &study.articles);
    printf("%s\n", out);
  }
  aft_scan_clear(&scan);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

int aft_cmd_scan(int argc, char **argv) { return cli_news_command(argc, argv, "scan", details, scan_study); }
