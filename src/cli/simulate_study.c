/* A simulation done, for `simulate` and for `merge`. */
#include "simulate_study.h"

#include "commands.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/report/simulation.h>

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

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

/* What the options leave to the study: how many events a draw has, and the seed. */
static bool complete_task(aft_shard_task *task, const aft_result *result, const cli_study *study,
                          const cli_simulate_options *options, GError **error) {
  *task = (aft_shard_task){.simulates = true,
                           .replications = options->replications,
                           .n_events = options->n > 0 ? (size_t)options->n : count_events(result),
                           .seed = options->has_seed ? options->seed : study->config.seed,
                           .designs = g_strdup(options->design)};
  if (task->n_events > 0) return true;
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: none of the study's events can be used, so there is no number of events to take: say one with --n",
              study->config.path);
  return false;
}

/* designs is taken. */
static bool simulate(aft_simulation *simulation, cli_study *study, GArray *designs, const aft_shard_task *task,
                     const cli_simulate_options *options, cli_division *division, GError **error) {
  const aft_simulation_options how = {.n_events = task->n_events,
                                      .replications = task->replications,
                                      .seed = task->seed,
                                      .n_threads = (unsigned)options->threads,
                                      .parts = cli_division_get_parts(division)};
  bool ok = aft_simulation_run(simulation, &study->config, study->panel, designs, &how, &study->warnings, error);
  return ok && cli_division_end(division, error);
}

static bool write_folder(const aft_simulation *simulation, aft_result *result, const cli_study *study,
                         aft_folder_draft *draft, const cli_simulate_options *options, aft_warnings *late,
                         GError **error) {
  const aft_config *quick = result->config;
  result->config = &study->config; /* what was asked, tests and all */
  bool ok = aft_simulation_write(simulation, result, &study->provenance, &study->warnings, draft->path, error);
  result->config = quick;
  if (!ok) return false;
  ok = options->no_charts ? aft_simulation_documents_write(draft->path, error)
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

/* Everything of one simulation, which is cleared together. */
typedef struct work {
  cli_study study;
  aft_config quick;
  aft_result result;
  aft_shard_task task;
  aft_simulation simulation;
  aft_folder_draft draft;
  aft_warnings late;
} work;

static void clear_work(work *w) {
  aft_folder_draft_clear(&w->draft);
  aft_simulation_clear(&w->simulation);
  if (w->result.config != NULL) aft_result_clear(&w->result);
  aft_warnings_clear(&w->late);
  aft_shard_task_clear(&w->task);
  cli_study_clear(&w->study);
}

/* Loads and fits the study, and takes the place of what will be written, which is put into *out. */
static bool begin(work *w, const char *path, const cli_simulate_options *options, cli_division *division, char **out,
                  GError **error) {
  const cli_load_options load = {.n_threads = (unsigned)options->threads, .no_cache = options->no_cache};
  if (!cli_study_load(&w->study, path, &load, error)) return false;
  const char *ending = division->count > 0 ? "-simulation-shards" : "-simulation";
  g_autofree char *name = g_strconcat(w->study.config.name, ending, NULL);
  *out = options->out != NULL ? g_strdup(options->out) : g_build_filename("out", name, NULL);
  return fit_events(&w->result, &w->quick, &w->study, (unsigned)options->threads, error) &&
         complete_task(&w->task, &w->result, &w->study, options, error) &&
         cli_division_begin(division, &w->task, &w->study.provenance, *out, error) &&
         (cli_division_is_part(division) ||
          aft_folder_draft_begin(&w->draft, *out, aft_simulation_folder_form(), error));
}

int cli_simulate_study(const char *path, GArray *designs, const cli_simulate_options *options, cli_division *division) {
  g_autofree work *w = g_new0(work, 1);
  g_autofree char *out = NULL;
  GError *error = NULL;
  if (!cli_division_join(division, &error)) {
    g_array_unref(designs);
    return cli_division_fail(division, error);
  }
  aft_warnings_init(&w->late);
  cli_progress_start(!options->quiet);
  bool is_part = cli_division_is_part(division), ok = begin(w, path, options, division, &out, &error);
  if (!ok) g_array_unref(designs);
  ok = ok && simulate(&w->simulation, &w->study, designs, &w->task, options, division, &error);
  if (!is_part) cli_print_warnings(&w->study.warnings, 0);
  ok = ok && (is_part || write_folder(&w->simulation, &w->result, &w->study, &w->draft, options, &w->late, &error));
  cli_print_warnings(&w->late, 0);
  if (ok && !options->quiet && !is_part) print_designs(&w->simulation, &w->study.config);
  const char *place = is_part ? division->path : out; /* none of a rank */
  if (ok && !options->quiet && place != NULL) printf("%s\n", place);
  clear_work(w);
  return cli_finish(ok ? EXIT_DONE : cli_division_fail(division, error));
}
