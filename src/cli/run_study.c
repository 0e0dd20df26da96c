/* A study done, for `run` and for `merge`. */
#include "run_study.h"

#include "commands.h"
#include "progress.h"
#include "scan_study.h"

#include <aftershock/base/file.h>
#include <aftershock/report/report.h>
#include <aftershock/study/diagnose.h>
#include <aftershock/study/inference.h>
#include <aftershock/study/simulate.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Views that cannot be made without the facts: made from the draft folder, as `aftershock report` does. */
static bool write_views(const aft_config *config, const char *folder, const cli_run_options *options,
                        aft_warnings *warnings, GError **error) {
  if (config->tables != AFT_TABLES_ALL) return true;
  if (!options->no_charts) return aft_report_write(folder, warnings, error);
  return aft_tables_write(folder, error) && aft_documents_write(folder, error);
}

/* What a run computes: the scan only when the study asks for it, else moves is NULL. */
typedef struct findings {
  aft_result result;
  aft_scan scan;
} findings;

static bool write_folder(const cli_study *study, const findings *found, const cli_run_options *options,
                         aft_warnings *warnings, char **place, GError **error) {
  aft_folder_draft draft = {.n_threads = (unsigned)options->threads};
  g_autofree char *out =
      options->out != NULL ? g_strdup(options->out) : g_build_filename("out", study->config.name, NULL);
  if (!aft_folder_draft_begin(&draft, out, aft_result_folder_form(), error)) return false;
  const aft_scan *scan = found->scan.moves != NULL ? &found->scan : NULL;
  bool ok = aft_result_write(&found->result, scan, &study->provenance, &study->warnings, draft.path, error) &&
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
    aft_inference i = aft_inference_compute(window->car[row], window->variance[row], model->abnormal.fit[row].df, 0);
    g_autofree char *t = isnan(i.statistic) ? g_strdup("undefined") : g_strdup_printf("%.2f", i.statistic);
    g_autofree char *car =
        isnan(window->car[row]) ? g_strdup("undefined") : g_strdup_printf("%.2f %%", 100 * window->car[row]);
    printf("%s, %s: session %s, CAR[%d,%d] %s (%s, t %s, %d estimation days)\n", event->symbol, event->event,
           aft_day_print(aft_result_get_panel(result, event)->day[event->column], day), window->first_day,
           window->last_day, car, model->spec->label, t, model->abnormal.fit[row].n_obs);
  }
}

/* The size card, when the study asks for one. */
static void measure_size(aft_result *result, cli_study *study, const cli_run_options *options) {
  const aft_simulation_options how = {
      .replications = study->config.size_card, .seed = study->config.seed, .n_threads = (unsigned)options->threads};
  if (study->config.size_card == 0) return;
  aft_size_card_run(result, &how, &study->warnings);
}

/* The fits of this process alone, for the one that merges. */
static bool make_part(const cli_study *study, const cli_run_options *options, const cli_division *division,
                      GError **error) {
  const aft_parts *parts = cli_division_get_parts(division);
  unsigned n_threads = (unsigned)options->threads;
  return aft_study_put_fits(&study->config, study->panel, &study->events, parts, n_threads, error) &&
         aft_volume_put_fits(&study->config, study->panel, &study->events, parts, n_threads, error);
}

/* Every number of the result. */
static bool make_result(cli_study *study, findings *found, const cli_run_options *options, cli_division *division,
                        GError **error) {
  unsigned n_threads = (unsigned)options->threads;
  aft_result *result = &found->result;
  if (!aft_study_run_parts(result, &study->config, study->panel, &study->events, cli_division_get_parts(division),
                           n_threads, &study->warnings, error) ||
      !aft_volume_run(result, n_threads, &study->warnings, error) || !cli_division_end(division, error))
    return false;
  if (study->config.tables == AFT_TABLES_ALL) aft_study_diagnose(result, n_threads);
  measure_size(result, study, options);
  return !study->config.scan.report || cli_scan_study(study, n_threads, &found->scan, error);
}

static bool load(cli_study *study, const char *path, const cli_run_options *options, cli_division *division,
                 GError **error) {
  const cli_load_options load = {
      .n_threads = (unsigned)options->threads, .volume = true, .windows = true, .no_cache = options->no_cache};
  if (!cli_study_load(study, path, &load, error)) return false;
  if (options->has_kept) study->config.tables = options->kept; /* in place of what the study says */
  if (!cli_occurrences_load(study, error)) return false;
  const aft_shard_task task = {.tables = study->config.tables};
  g_autofree char *name = g_strconcat(study->config.name, "-shards", NULL);
  g_autofree char *folder = options->out != NULL ? g_strdup(options->out) : g_build_filename("out", name, NULL);
  return cli_division_begin(division, &task, &study->provenance, folder, error);
}

static int warn_strictly(guint n_warnings) {
  fprintf(stderr, "aftershock: %u warning%s, and --strict makes that a failure\n", n_warnings,
          n_warnings == 1 ? "" : "s");
  return EXIT_FAILED;
}

/* The whole result, of a study that was loaded when ok. */
static int finish(cli_study *study, bool ok, const cli_run_options *options, cli_division *division, GError *error) {
  findings found = {.scan = {.moves = NULL}};
  aft_warnings late; /* from the views, after the facts were written */
  g_autofree char *place = NULL;
  aft_warnings_init(&late);
  ok = ok && make_result(study, &found, options, division, &error);
  guint n_warnings = cli_print_warnings(&study->warnings, 0);
  ok = ok && write_folder(study, &found, options, &late, &place, &error);
  n_warnings += cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_division_fail(division, error);
  if (ok && !options->quiet) {
    print_counts(&found.result);
    print_focus(&found.result);
    if (found.scan.moves != NULL) cli_scan_print_counts(&found.scan);
    printf("%s\n", place);
  }
  if (ok && options->strict && n_warnings > 0) status = warn_strictly(n_warnings);
  if (found.result.config != NULL) aft_result_clear(&found.result);
  aft_scan_clear(&found.scan);
  aft_warnings_clear(&late);
  return status;
}

int cli_run_study(const char *path, const cli_run_options *options, cli_division *division) {
  cli_study study;
  GError *error = NULL;
  int status;
  if (!cli_division_join(division, &error)) return cli_division_fail(division, error);
  cli_progress_start(!options->quiet);
  bool ok = load(&study, path, options, division, &error);
  if (cli_division_is_part(division)) { /* the warnings are those of the whole */
    ok = ok && make_part(&study, options, division, &error) && cli_division_end(division, &error);
    status = ok ? EXIT_DONE : cli_division_fail(division, error);
    if (ok && !options->quiet && division->path != NULL) printf("%s\n", division->path);
  } else {
    status = finish(&study, ok, options, division, error);
  }
  cli_study_clear(&study);
  return cli_finish(status);
}
