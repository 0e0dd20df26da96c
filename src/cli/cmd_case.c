/* `aftershock case`: the evidence about one event of one firm. */
#include "commands.h"
#include "find_event.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/report/case.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Studies one event of one firm with the study's first model, and compares its move with those of the firm on other dates (all, and\n"
    "those of like volatility) and of other firms on its session; with the smallest effect that could have been seen, and\n"
    "a conclusion in words. Writes case.md, case.html, case.csv, case_placebos.csv, case.json, charts/placebo.png, and in\n"
    "result/ the whole result of that event with charts/fit.png.\n\n"
    "Example: aftershock case data/deepseek/study.json --event rout --symbol NVDA";

typedef struct case_options {
  char *event, *symbol, *controls, *out;
  int threads;
  gboolean no_charts, no_cache, quiet;
} case_options;

/* The candidates of one story, which stay the study's; owned. */
static GArray *take_candidates(const aft_config *config, const char *event) {
  GArray *own = g_array_new(FALSE, FALSE, sizeof(aft_candidate));
  for (guint i = 0; config->candidates != NULL && i < config->candidates->len; i++) {
    const aft_candidate *candidate = &g_array_index(config->candidates, aft_candidate, i);
    if (strcmp(candidate->event, event) == 0) g_array_append_val(own, *candidate);
  }
  return own;
}

/* The study of that event alone: the first model, and nothing that is about many events. candidates are borrowed. */
static aft_config narrow(const aft_config *config, GArray *candidates) {
  aft_config narrow = *config;
  narrow.candidates = candidates;
  narrow.n_models = 1;
  narrow.focus_event = narrow.focus_symbol = NULL;
  narrow.n_regressions = 0;
  narrow.size_card = 0;
  narrow.calendar_time.wanted = false;
  narrow.volume.measure = NULL;
  narrow.scan.report = false;
  narrow.tables = AFT_TABLES_ALL;
  return narrow;
}

static bool write_folder(const cli_study *study, const aft_case *one, const aft_result *result, const char *out,
                         const case_options *options, aft_warnings *late, GError **error) {
  aft_folder_draft draft = {.n_threads = (unsigned)options->threads};
  bool ok = aft_folder_draft_begin(&draft, out, aft_case_folder_form(), error) &&
            aft_case_write(one, result, options->controls, &study->provenance, &study->warnings, draft.path, error);
  if (ok)
    ok = options->no_charts ? aft_case_documents_write(draft.path, error)
                            : aft_case_report_write(draft.path, late, error);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

static void print_case(const aft_case *one) {
  for (size_t w = 0; w < one->n_windows; w++) {
    const aft_case_window *row = &one->windows[w];
    printf("%s, %s, CAR[%d,%d] %.2f %%: t %.2f (p %.4g); like dates p %.4g (%" G_GSIZE_FORMAT
           "), all dates p %.4g (%" G_GSIZE_FORMAT "), firms p %.4g (%" G_GSIZE_FORMAT "); finds %.2f %%\n",
           one->event->symbol, one->event->event, row->window.first, row->window.last, 100 * row->car, row->statistic,
           row->p_value, row->p_matched, row->n_matched, row->p_dates, row->n_dates, row->p_firms, row->n_firms,
           100 * row->detectable);
  }
}

static int study_case(const char *path, const case_options *options) {
  cli_study study;
  aft_case one = {.windows = NULL};
  aft_result result = {.config = NULL};
  aft_config config;
  aft_events events = {.n = 1};
  aft_warnings late;
  GError *error = NULL;
  g_autofree char *out = NULL;
  g_autoptr(GArray) candidates = NULL; /* of the event */
  aft_warnings_init(&late);
  cli_progress_start(!options->quiet);
  const cli_load_options load = {.n_threads = (unsigned)options->threads, .no_cache = options->no_cache};
  bool ok = cli_study_load(&study, path, &load, &error);
  const aft_event *event = ok ? cli_find_event(&study, options->event, options->symbol, &error) : NULL;
  ok = event != NULL;
  if (ok) {
    candidates = take_candidates(&study.config, event->event);
    config = narrow(&study.config, candidates);
    events.rows = (aft_event *)(guintptr)event;
    out = options->out != NULL ? g_strdup(options->out) : g_strdup_printf("out/%s-case", study.config.name);
    ok = aft_study_run_among(&result, &config, study.panel, &events, &study.events, (unsigned)options->threads,
                             &study.warnings, &error) &&
         aft_case_compute(&one, &result, &study.events, options->controls, (unsigned)options->threads, &error);
  }
  if (study.warnings.messages != NULL) cli_print_warnings(&study.warnings, 0);
  ok = ok && write_folder(&study, &one, &result, out, options, &late, &error);
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) print_case(&one);
  if (ok && !options->quiet) printf("%s\n", out);
  aft_case_clear(&one);
  if (result.config != NULL) aft_result_clear(&result);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

int aft_cmd_case(int argc, char **argv) {
  case_options options = {.event = NULL};
  const GOptionEntry entries[] = {
      {"event", 0, 0, G_OPTION_ARG_STRING, &options.event, "Story (default: that of the study's focus)", "ID"},
      {"symbol", 0, 0, G_OPTION_ARG_STRING, &options.symbol, "Security (default: that of the study's focus)", "SYMBOL"},
      {"controls", 0, 0, G_OPTION_ARG_STRING, &options.controls,
       "Group of the story's events whose firms the news should not touch: the placebo firms (default: all outside the firm's group)",
       "GROUP"},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Folder to write (default: out/<study name>-case)", "DIR"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts,
       "Draw no charts (aftershock report DIR draws them later)", NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "case", details, entries, 1, 1, &status)) {
    bool is_number = options.threads >= 0 && options.threads <= 1024;
    if (!is_number) fprintf(stderr, "aftershock case: --threads %d is not between 1 and 1024\n", options.threads);
    status = is_number ? study_case(argv[1], &options) : EXIT_USAGE;
  }
  g_free(options.event);
  g_free(options.symbol);
  g_free(options.controls);
  g_free(options.out);
  return status;
}
