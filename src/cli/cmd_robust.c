/* `aftershock robust`: the specification curve of one event. */
#include "commands.h"
#include "find_event.h"
#include "progress.h"

#include <aftershock/base/file.h>
#include <aftershock/report/robust.h>

#include <math.h>
#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Estimates one event of one firm, or of the average of a story's firms (--group), under every combination of window, model, benchmark, form of the returns, estimation window and\n"
    "session that the study's key \"robust\" lists (by default what is usual), runs the same combinations at every placebo date of the\n"
    "firm, and gives one p-value for all of them together. Writes robust.md, robust.html, specifications.csv,\n"
    "robust_choices.csv, robust_placebos.csv, robust.json and charts/specification.png.\n\n"
    "Example: aftershock robust data/deepseek/study.json --event rout --symbol NVDA";

typedef struct robust_options {
  char *event, *symbol, *group, *out;
  int threads;
  gboolean no_charts, no_cache, quiet;
} robust_options;

/* The first event of the story in the group, which stands for all of them. */
static const aft_event *find_story(const cli_study *study, const robust_options *options, GError **error) {
  const char *event = options->event != NULL ? options->event : study->config.focus_event;
  for (size_t i = 0; i < study->events.n; i++) {
    const aft_event *row = &study->events.rows[i];
    if (row->reason != NULL || event == NULL || strcmp(row->event, event) != 0) continue;
    if (strcmp(options->group, "all") == 0 || strcmp(options->group, row->group) == 0) return row;
  }
  g_set_error(error, AFT_STUDY_ERROR, AFT_STUDY_ERROR_DATA,
              "%s: no usable event \"%s\" in a group \"%s\" (aftershock align lists the events)", study->config.path,
              event != NULL ? event : "(say --event)", options->group);
  return NULL;
}

static const aft_event *find_event(const cli_study *study, const robust_options *options, GError **error) {
  if (options->group != NULL) return find_story(study, options, error);
  return cli_find_event(study, options->event, options->symbol, error);
}

static bool compute(aft_robust *robust, const cli_study *study, const aft_event *event, const robust_options *options,
                    GError **error) {
  const aft_robust_run run = {.n_threads = (unsigned)options->threads};
  return aft_robust_compute(robust, &study->config, study->panel, &study->events, event, options->group, &run, error);
}

static bool write_folder(const cli_study *study, const aft_robust *robust, const char *out,
                         const robust_options *options, aft_warnings *late, GError **error) {
  const aft_result asked = {.config = &study->config,
                            .panel = study->panel,
                            .events = &study->events,
                            .focus = (long)(robust->event - study->events.rows)};
  aft_folder_draft draft = {.n_threads = (unsigned)options->threads};
  bool ok = aft_folder_draft_begin(&draft, out, aft_robust_folder_form(), error) &&
            aft_robust_write(robust, &asked, &study->provenance, &study->warnings, draft.path, error);
  if (ok)
    ok = options->no_charts ? aft_robust_documents_write(draft.path, error)
                            : aft_robust_report_write(draft.path, late, error);
  ok = ok && aft_folder_draft_commit(&draft, error);
  aft_folder_draft_clear(&draft);
  return ok;
}

static void print_robust(const aft_robust *robust) {
  const aft_robust_choice *all = &g_array_index(robust->choices, aft_robust_choice, 0);
  g_autofree char *average =
      robust->n_members > 0 ? g_strdup_printf("average of %" G_GSIZE_FORMAT " (%s)", robust->n_members, robust->group)
                            : NULL;
  printf(
      "%s, %s: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT " specifications defined, %" G_GSIZE_FORMAT
      " below zero, significant: %" G_GSIZE_FORMAT " negative, %" G_GSIZE_FORMAT " positive; median %.2f %%, t %.2f\n",
      average != NULL ? average : robust->event->symbol, robust->event->event, robust->n_defined, robust->n_specs,
      all->n_negative, all->n_significant[0], all->n_significant[1], 100 * all->median_estimate, all->median_statistic);
  printf("joint p over %" G_GSIZE_FORMAT " placebo dates:", robust->n_placebos);
  for (int s = 0; s < AFT_ROBUST_N_STATISTICS; s++) {
    double p = robust->p_value[s], value = robust->statistic[(size_t)s * (1 + robust->n_placebos)];
    printf("%s %s %.4g: ", s > 0 ? "," : "", aft_robust_statistic_name((enum aft_robust_statistic)s), value);
    if (isnan(p))
      printf("undefined");
    else
      printf("%.4g", p);
  }
  printf("\n");
}

static int study_robust(const char *path, const robust_options *options) {
  cli_study study;
  aft_robust robust = {.event = NULL};
  aft_warnings late;
  GError *error = NULL;
  g_autofree char *out = NULL;
  aft_warnings_init(&late);
  cli_progress_start(!options->quiet);
  const cli_load_options load = {.n_threads = (unsigned)options->threads, .no_cache = options->no_cache};
  bool ok = cli_study_load(&study, path, &load, &error);
  const aft_event *event = ok ? find_event(&study, options, &error) : NULL;
  ok = event != NULL && compute(&robust, &study, event, options, &error);
  if (ok && robust.n_placebos == 0)
    aft_warnings_add(&study.warnings,
                     "%s: no placebo date of %s is clear of its events, so there is no joint p-value (a longer price "
                     "series, or shorter estimation windows in \"robust\")",
                     study.config.path, robust.n_members > 0 ? "the average" : event->symbol);
  if (study.warnings.messages != NULL) cli_print_warnings(&study.warnings, 0);
  if (ok) {
    out = options->out != NULL ? g_strdup(options->out) : g_strdup_printf("out/%s-robust", study.config.name);
    ok = write_folder(&study, &robust, out, options, &late, &error);
  }
  cli_print_warnings(&late, 0);
  int status = ok ? EXIT_DONE : cli_fail(error);
  if (ok && !options->quiet) {
    print_robust(&robust);
    printf("%s\n", out);
  }
  if (robust.event != NULL) aft_robust_clear(&robust);
  aft_warnings_clear(&late);
  cli_study_clear(&study);
  return cli_finish(status);
}

int aft_cmd_robust(int argc, char **argv) {
  robust_options options = {.event = NULL};
  const GOptionEntry entries[] = {
      {"event", 0, 0, G_OPTION_ARG_STRING, &options.event, "Story (default: that of the study's focus)", "ID"},
      {"symbol", 0, 0, G_OPTION_ARG_STRING, &options.symbol, "Security (default: that of the study's focus)", "SYMBOL"},
      {"group", 0, 0, G_OPTION_ARG_STRING, &options.group,
       "The average of the story's firms in this group, in the place of one security; all: of all its firms", "GROUP"},
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Folder to write (default: out/<study name>-robust)", "DIR"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts, "Draw no chart (aftershock report DIR draws it later)",
       NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "robust", details, entries, 1, 1, &status)) {
    bool is_one = options.group == NULL || options.symbol == NULL;
    bool is_number = options.threads >= 0 && options.threads <= 1024;
    if (!is_number) fprintf(stderr, "aftershock robust: --threads %d is not between 1 and 1024\n", options.threads);
    if (!is_one) fprintf(stderr, "aftershock robust: --symbol and --group exclude each other\n");
    status = is_number && is_one ? study_robust(argv[1], &options) : EXIT_USAGE;
  }
  g_free(options.event);
  g_free(options.symbol);
  g_free(options.group);
  g_free(options.out);
  return status;
}
