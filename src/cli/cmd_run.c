/* `aftershock run`: the whole way from a study file to a result folder. */
#include "commands.h"
#include "load.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/report/report.h>
#include <aftershock/study/diagnose.h>
#include <aftershock/study/inference.h>
#include <aftershock/study/simulate.h>

#include <math.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Writes a folder with result.json, tidy CSV tables, charts (PNG), LaTeX and Markdown tables,\n"
    "report.md and report.html. The folder appears when it is complete; an older result there is replaced.\n\n"
    "Example: aftershock run data/deepseek/study.json --out out/deepseek";

typedef struct run_options {
  char *out, *tables;
  enum aft_tables_kept kept; /* what tables says */
  int threads;
  gboolean strict, quiet, no_charts;
} run_options;

/* Views that cannot be made without the facts: made from the draft folder, as `aftershock report` does. */
static bool write_views(const aft_config *config, const char *folder, const run_options *options,
                        aft_warnings *warnings, GError **error) {
  if (config->tables != AFT_TABLES_ALL) return true;
  if (!options->no_charts) return aft_report_write(folder, warnings, error);
  return aft_tables_write(folder, error) && aft_documents_write(folder, error);
}

static bool write_folder(const cli_study *study, const aft_result *result, const run_options *options,
                         aft_warnings *warnings, char **place, GError **error) {
  aft_folder_draft draft = {NULL, NULL, NULL};
  g_autofree char *out =
      options->out != NULL ? g_strdup(options->out) : g_build_filename("out", study->config.name, NULL);
  if (!aft_folder_draft_begin(&draft, out, aft_result_folder_form(), error)) return false;
  bool ok = aft_result_write(result, &study->provenance, &study->warnings, draft.path, error) &&
            write_views(&study->config, draft.path, options, warnings, error) && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  if (ok) *place = g_steal_pointer(&out);
  return ok;
}

static const char *plural(size_t n) { return n == 1 ? "" : "s"; }

static void print_counts(const aft_result *result) {
  size_t dropped = 0, n = result->events->n;
  for (size_t i = 0; i < n; i++) dropped += result->events->rows[i].reason != NULL;
  printf("%" G_GSIZE_FORMAT " event%s, %" G_GSIZE_FORMAT " dated and in the data; %" G_GSIZE_FORMAT
         " securities, %" G_GSIZE_FORMAT " sessions\n",
         n, plural(n), n - dropped, result->panel->n_securities, result->panel->n_sessions);
  for (size_t m = 0; m < result->config->n_models; m++) {
    const aft_model_result *model = &result->models[m];
    printf("%s: %" G_GSIZE_FORMAT " event%s fitted, %" G_GSIZE_FORMAT " test%s\n", result->config->models[m].label,
           model->abnormal.n_events, plural(model->abnormal.n_events), model->n_tests, plural(model->n_tests));
  }
}

/* One line on the event that the story is told about. */
static void print_focus(const aft_result *result) {
  if (result->focus < 0) return;
  const aft_event *event = &result->events->rows[result->focus];
  const aft_model_result *model = &result->models[0];
  const aft_window_values *window = &model->windows[0];
  char day[AFT_DAY_TEXT];
  for (size_t row = 0; row < model->abnormal.n_events; row++) {
    if ((long)model->abnormal.event[row] != result->focus) continue;
    aft_inference i = aft_inference_compute(window->car[row], window->variance[row], model->abnormal.df[row], 0);
    g_autofree char *t = isnan(i.statistic) ? g_strdup("undefined") : g_strdup_printf("%.2f", i.statistic);
    g_autofree char *car =
        isnan(window->car[row]) ? g_strdup("undefined") : g_strdup_printf("%.2f %%", 100 * window->car[row]);
    printf("%s, %s: session %s, CAR[%d,%d] %s (%s, t %s, %d estimation days)\n", event->symbol, event->event,
           aft_day_print(aft_result_get_panel(result, event)->day[event->column], day), window->first_day,
           window->last_day, car, model->spec->label, t, model->abnormal.n_obs[row]);
  }
}

/* The size card, when the study asks for one. */
static void measure_size(aft_result *result, cli_study *study, const run_options *options) {
  cli_progress progress;
  const aft_simulation_options how = {.replications = study->config.size_card,
                                      .seed = study->config.seed,
                                      .n_threads = (unsigned)options->threads,
                                      .progress = cli_progress_tell,
                                      .progress_data = &progress};
  if (study->config.size_card == 0) return;
  cli_progress_init(&progress, "replications", !options->quiet);
  aft_size_card_run(result, &how, &study->warnings);
  cli_progress_clear(&progress);
}

/* The number of the word in the list; false with a message when it is none of them. */
static bool find_tables(const char *word, enum aft_tables_kept *tables) {
  const char *const *names = aft_config_tables_names();
  for (int i = 0; names[i] != NULL; i++) {
    if (strcmp(names[i], word) != 0) continue;
    *tables = (enum aft_tables_kept)i;
    return true;
  }
  fprintf(stderr, "aftershock run: --tables \"%s\" is none of all, events and aggregate\n", word);
  return false;
}

static int run_study(const char *path, const run_options *options) {
  cli_study study;
  aft_result result = {.config = NULL};
  aft_warnings late; /* from the views, after the facts were written */
  GError *error = NULL;
  g_autofree char *place = NULL;
  aft_warnings_init(&late);
  bool ok = cli_study_load(&study, path, &error);
  if (ok && options->tables != NULL) study.config.tables = options->kept; /* in place of what the study says */
  ok = ok && cli_occurrences_load(&study, &error);
  ok = ok && aft_study_run(&result, &study.config, study.panel, &study.events, (unsigned)options->threads,
                           &study.warnings, &error);
  ok = ok && aft_volume_run(&result, (unsigned)options->threads, &study.warnings, &error);
  if (ok && study.config.tables == AFT_TABLES_ALL) aft_study_diagnose(&result, (unsigned)options->threads);
  if (ok) measure_size(&result, &study, options);
  guint n_warnings = cli_print_warnings(&study.warnings, 0);
  ok = ok && write_folder(&study, &result, options, &late, &place, &error);
  n_warnings += cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) {
    print_counts(&result);
    print_focus(&result);
    printf("%s\n", place);
  }
  if (ok && options->strict && n_warnings > 0) {
    fprintf(stderr, "aftershock: %u warning%s, and --strict makes that a failure\n", n_warnings,
            n_warnings == 1 ? "" : "s");
    status = EXIT_FAILED;
  }
  if (result.config != NULL) aft_result_clear(&result);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

static bool check_options(run_options *options) {
  if (options->tables != NULL && !find_tables(options->tables, &options->kept)) return false;
  if (options->out != NULL && *options->out == '\0') {
    fprintf(stderr, "aftershock run: --out needs the name of a folder\n");
    return false;
  }
  if (options->threads >= 0 && options->threads <= 1024) return true;
  fprintf(stderr, "aftershock run: --threads %d is not between 1 and 1024\n", options->threads);
  return false;
}

static void free_options(run_options *options) {
  g_free(options->out);
  g_free(options->tables);
}

int aft_cmd_run(int argc, char **argv) {
  run_options options = {.out = NULL};
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Result folder (default: out/<study name>)", "DIR"},
      {"tables", 't', 0, G_OPTION_ARG_STRING, &options.tables,
       "Tables to make: all, events (no day by day, no report) or aggregate (no single event); for large studies",
       "WHICH"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts,
       "Draw no charts (aftershock report DIR draws them later)", NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict, "Exit with status 1 when there are warnings", NULL},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (!cli_parse(&argc, &argv, "run", details, entries, 1, 1, &status)) {
    free_options(&options);
    return status;
  }
  status = check_options(&options) ? run_study(argv[1], &options) : EXIT_USAGE;
  free_options(&options);
  return status;
}
