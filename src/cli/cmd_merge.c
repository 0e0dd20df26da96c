/* `aftershock merge`: the shards of a run or of a simulation put together. */
#include "commands.h"
#include "run_study.h"
#include "simulate_study.h"

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "SHARD is a file that aftershock run or simulate wrote with --shard, or a folder of them. Each part must be there once, and the\n"
    "study and its inputs must be as they were. Makes the same bytes as one process would have made without --shard.\n\n"
    "Example: for k in 1 2 3 4; do aftershock run study.json --shard $k/4 --out shards; done\n"
    "         aftershock merge shards --out result";

enum { MAX_PLACES = 1000000 };

static int merge_simulation(const aft_shards *shards, const cli_run_options *run, cli_division *division) {
  const aft_shard_task *task = aft_shards_get_task(shards);
  GError *error = NULL;
  if (task->replications > CLI_MAX_REPLICATIONS || task->n_events < 1 || task->n_events > CLI_MAX_EVENTS) {
    g_set_error_literal(&error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT,
                        "the shards are of more draws or events than a simulation has (make them again)");
    return cli_fail(error);
  }
  const cli_simulate_options options = {.out = run->out,
                                        .design = task->designs,
                                        .replications = task->replications,
                                        .n = (int)task->n_events,
                                        .threads = run->threads,
                                        .has_seed = true,
                                        .seed = task->seed,
                                        .no_charts = run->no_charts,
                                        .no_cache = run->no_cache,
                                        .quiet = run->quiet};
  GArray *designs = aft_designs_parse(task->designs, &error);
  if (designs == NULL) return cli_fail(error);
  return cli_simulate_study(aft_shards_get_study(shards), designs, &options, division);
}

static int merge(const char *const *places, cli_run_options *options) {
  GError *error = NULL;
  cli_division division = {.count = 0};
  if (options->threads < 0 || options->threads > 1024) {
    fprintf(stderr, "aftershock merge: --threads %d is not between 1 and 1024\n", options->threads);
    return EXIT_USAGE;
  }
  division.shards = aft_shards_open(places, &error);
  if (division.shards == NULL) return cli_fail(error);
  const aft_shard_task *task = aft_shards_get_task(division.shards);
  options->has_kept = true;
  options->kept = task->tables;
  int status = task->simulates ? merge_simulation(division.shards, options, &division)
                               : cli_run_study(aft_shards_get_study(division.shards), options, &division);
  cli_division_clear(&division);
  aft_shards_free(division.shards);
  return status;
}

int aft_cmd_merge(int argc, char **argv) {
  cli_run_options options = {.out = NULL};
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out,
       "Folder to write (default: that of aftershock run or simulate)", "DIR"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts,
       "Draw no charts (aftershock report DIR draws them later)", NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict, "Exit with status 1 when there are warnings", NULL},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "merge", details, entries, 1, MAX_PLACES, &status))
    status = merge((const char *const *)argv + 1, &options);
  g_free(options.out);
  return status;
}
