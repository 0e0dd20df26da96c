/* The scan of a loaded study. */
#include "scan_study.h"

#include <math.h>
#include <stdio.h>

#include <aftershock/base/banned.h>

bool cli_scan_study(cli_study *study, unsigned n_threads, aft_scan *scan, GError **error) {
  if (!aft_scan_run(scan, &study->config, study->panel, &study->articles, n_threads, error)) return false;
  if (scan->n_short > 0)
    aft_warnings_add(&study->warnings,
                     "%s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                     " securities have too few returns, or none that vary, and are not scanned",
                     study->config.path, scan->n_short, scan->n_scanned);
  return true;
}

void cli_scan_print_largest(const aft_scan *scan) {
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
    const aft_article *article = g_ptr_array_index(scan->articles->rows, link->article);
    printf(", best article %s, score %.2f", article->id, link->score.score);
  }
  printf("\n");
}

void cli_scan_print_counts(const aft_scan *scan) {
  size_t verdicts[3] = {0};
  for (guint i = 0; i < scan->moves->len; i++) verdicts[g_array_index(scan->moves, aft_move, i).verdict]++;
  printf("%u abnormal move%s: %" G_GSIZE_FORMAT " linked, %" G_GSIZE_FORMAT " not identified, %" G_GSIZE_FORMAT
         " unexplained; %u session%s of news unanswered\n",
         scan->moves->len, scan->moves->len == 1 ? "" : "s", verdicts[AFT_ATTRIBUTION_LINKED],
         verdicts[AFT_ATTRIBUTION_NOT_IDENTIFIED], verdicts[AFT_ATTRIBUTION_UNEXPLAINED], scan->unanswered->len,
         scan->unanswered->len == 1 ? "" : "s");
}
