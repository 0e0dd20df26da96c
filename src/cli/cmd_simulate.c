/* `aftershock simulate`: size and power of a study's tests on its own data. */
#include "commands.h"
#include "load.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/report/simulation.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Draws made-up events from the prices of the study, fits its first model and makes its tests over its windows, again\n"
    "and again, and counts how often each test rejects. Designs, separated by commas:\n"
    "  null        securities and sessions at random: nothing happened (size)\n"
    "  clustered   the events of a replication share one session, of different securities\n"
    "  variance:C  the news makes returns vary more: C times the variance; without C: 2\n"
    "  shift:D     the news moves day 0 by D, a fraction (power); without D: 0.005, 0.01 and 0.02\n"
    "Terms add up: clustered+variance:2. Writes size.csv, simulation.json, simulation.md and charts/size.png.\n\n"
    "Example: aftershock simulate data/deepseek/study.json --replications 200 --design null,clustered";

static const char default_designs[] = "null,clustered,variance,shift";

enum { MAX_REPLICATIONS = 10000000, MAX_EVENTS = 1000000 };

typedef struct simulate_options {
  char *out, *design, *seed;
  int replications, n, threads;
  gboolean no_charts, quiet;
} simulate_options;

/* As many events as the sample that the report tells about; 0 when none could be used. */
static size_t count_events(const aft_result *result) {
  long sample = aft_simulation_find_sample(result);
  return sample < 0 ? 0 : result->models[0].samples[sample].n;
}

/* The study's events fitted, without tests: for their number, and to be described. */
static bool fit_events(aft_result *result, aft_config *quick, cli_study *study, unsigned n_threads, GError **error) {
  *quick = study->config;
  quick->n_models = 1;
  quick->n_tests = quick->n_compat = quick->n_regressions = 0;
  quick->calendar_time.wanted = false;
  return aft_study_run(result, quick, study->panel, &study->events, n_threads, &study->warnings, error);
}

static bool simulate(aft_simulation *simulation, aft_result *result, cli_study *study, GArray *designs,
                     const simulate_options *options, guint64 seed, GError **error) {
  cli_progress progress;
  aft_simulation_options how = {.n_events = options->n > 0 ? (size_t)options->n : count_events(result),
                                .replications = options->replications,
                                .seed = options->seed != NULL ? seed : study->config.seed,
                                .n_threads = (unsigned)options->threads,
                                .progress = cli_progress_tell,
                                .progress_data = &progress};
  if (how.n_events == 0) {
    g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
                "%s: none of the study's events can be used, so there is no number of events to take: say one with --n",
                study->config.path);
    g_array_unref(designs);
    return false;
  }
  cli_progress_init(&progress, "replications", !options->quiet);
  bool ok = aft_simulation_run(simulation, &study->config, study->panel, designs, &how, &study->warnings, error);
  cli_progress_clear(&progress);
  return ok;
}

static bool write_folder(const aft_simulation *simulation, aft_result *result, const cli_study *study,
                         aft_folder_draft *draft, const simulate_options *options, aft_warnings *late, GError **error) {
  const aft_config *quick = result->config;
  result->config = &study->config; /* what was asked, tests and all */
  bool ok = aft_simulation_write(simulation, result, &study->provenance, &study->warnings, draft->path, error);
  result->config = quick;
  if (!ok) return false;
  ok = options->no_charts ? aft_simulation_document_write(draft->path, error)
                          : aft_simulation_report_write(draft->path, late, error);
  return ok && aft_folder_draft_commit(draft, error);
}

/* One line a design: how often the tests that the report trusts rejected over the first window. */
static void print_designs(const aft_simulation *simulation, const aft_config *config) {
  printf("%d replications, %" G_GSIZE_FORMAT " securities, %" G_GSIZE_FORMAT
         " sessions; rejections at %.4g %% over [%d, %d]:\n",
         simulation->replications, simulation->n_firms, simulation->n_dates, 100 * simulation->level,
         config->windows[0].first, config->windows[0].last);
  for (guint d = 0; d < simulation->designs->len; d++) {
    const aft_design *design = &g_array_index(simulation->designs, aft_design, d);
    printf("%s: N %" G_GSIZE_FORMAT, design->name, design->n_events);
    for (guint i = 0; i < simulation->tests->len; i++) {
      const aft_simulated_test *row = &g_array_index(simulation->tests, aft_simulated_test, i);
      if (row->design != d || row->window != 0) continue;
      if (strcmp(row->test->name, "bmp_kp") != 0 && strcmp(row->test->name, "grank_t") != 0 && !row->test->single_only)
        continue;
      printf(", %s %.1f %%", row->test->name, 100 * row->rate);
    }
    printf("\n");
  }
}

/* designs is taken. */
static int simulate_study(const char *path, GArray *designs, const simulate_options *options, guint64 seed) {
  cli_study study;
  aft_config quick;
  aft_result result = {.config = NULL};
  aft_simulation simulation = {.designs = NULL};
  aft_folder_draft draft = {NULL, NULL, NULL};
  aft_warnings late;
  GError *error = NULL;
  aft_warnings_init(&late);
  bool ok = cli_study_load(&study, path, &error);
  g_autofree char *name = g_strconcat(ok ? study.config.name : "", "-simulation", NULL);
  g_autofree char *out = options->out != NULL ? g_strdup(options->out) : g_build_filename("out", name, NULL);
  ok = ok && fit_events(&result, &quick, &study, (unsigned)options->threads, &error) &&
       aft_folder_draft_begin(&draft, out, aft_simulation_folder_form(), &error);
  if (!ok) g_array_unref(designs);
  ok = ok && simulate(&simulation, &result, &study, designs, options, seed, &error);
  if (study.warnings.messages != NULL) cli_print_warnings(&study.warnings, 0);
  ok = ok && write_folder(&simulation, &result, &study, &draft, options, &late, &error);
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) print_designs(&simulation, &study.config);
  if (ok && !options->quiet) printf("%s\n", out);
  aft_folder_draft_clear(&draft);
  aft_simulation_clear(&simulation);
  if (result.config != NULL) aft_result_clear(&result);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

static bool is_between(const char *option, int value, int low, int high) {
  if (value >= low && value <= high) return true;
  fprintf(stderr, "aftershock simulate: --%s %d is not between %d and %d\n", option, value, low, high);
  return false;
}

static int check_and_simulate(const char *path, const simulate_options *options) {
  GError *error = NULL;
  guint64 seed = 0;
  if (!is_between("replications", options->replications, 1, MAX_REPLICATIONS) ||
      (options->n != 0 && !is_between("n", options->n, 1, MAX_EVENTS)) ||
      (options->threads != 0 && !is_between("threads", options->threads, 1, 1024)))
    return EXIT_USAGE;
  if (options->seed != NULL && !g_ascii_string_to_unsigned(options->seed, 10, 0, G_MAXINT64, &seed, NULL)) {
    fprintf(stderr, "aftershock simulate: --seed: \"%s\" is not a whole number, 0 or more\n", options->seed);
    return EXIT_USAGE;
  }
  GArray *designs = aft_designs_parse(options->design != NULL ? options->design : default_designs, &error);
  if (designs == NULL) {
    fprintf(stderr, "aftershock simulate: --design: %s\n", error->message);
    g_error_free(error);
    return EXIT_USAGE;
  }
  return simulate_study(path, designs, options, seed);
}

int aft_cmd_simulate(int argc, char **argv) {
  simulate_options options = {.out = NULL, .replications = 1000};
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Folder to write (default: out/<study name>-simulation)",
       "DIR"},
      {"replications", 0, 0, G_OPTION_ARG_INT, &options.replications, "Draws of each design (default: 1000)", "M"},
      {"design", 0, 0, G_OPTION_ARG_STRING, &options.design, "Designs (default: null,clustered,variance,shift)",
       "LIST"},
      {"n", 0, 0, G_OPTION_ARG_INT, &options.n, "Events of a draw (default: those of the study's main sample)", "N"},
      {"seed", 0, 0, G_OPTION_ARG_STRING, &options.seed, "Seed of the draws (default: that of the study's resampling)",
       "S"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts, "Draw no chart (aftershock report DIR draws it later)",
       NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "simulate", details, entries, 1, 1, &status))
    status = check_and_simulate(argv[1], &options);
  g_free(options.out);
  g_free(options.design);
  g_free(options.seed);
  return status;
}
