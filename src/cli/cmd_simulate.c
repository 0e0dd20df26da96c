/* `aftershock simulate`: size and power of a study's tests on its own data. */
#include "commands.h"
#include "simulate_study.h"

#include <stdio.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Draws made-up events from the prices of the study, fits its first model and makes its tests over its windows, again\n"
    "and again, and counts how often each test rejects. Designs, separated by commas:\n"
    "  null        securities and sessions at random: nothing happened (size)\n"
    "  clustered   the events of a replication share one session, of different securities\n"
    "  variance:C  the news makes returns vary more: C times the variance; without C: 2\n"
    "  shift:D     the news moves day 0 by D, a fraction (power); without D: 0.005, 0.01 and 0.02\n"
    "Terms add up: clustered+variance:2. Writes size.csv, simulation.json, simulation.md, simulation.html and\n"
    "charts/size.png.\n\n"
    "Example: aftershock simulate data/deepseek/study.json --replications 200 --design null,clustered";

static const char default_designs[] = "null,clustered,variance,shift";

static bool is_between(const char *option, int value, int low, int high) {
  if (value >= low && value <= high) return true;
  fprintf(stderr, "aftershock simulate: --%s %d is not between %d and %d\n", option, value, low, high);
  return false;
}

/* seed and shard are the words of the options, or NULL. */
static bool check_options(cli_simulate_options *options, const char *seed, const char *shard, cli_division *division) {
  if (!is_between("replications", options->replications, 1, CLI_MAX_REPLICATIONS) ||
      (options->n != 0 && !is_between("n", options->n, 1, CLI_MAX_EVENTS)) ||
      (options->threads != 0 && !is_between("threads", options->threads, 1, 1024)))
    return false;
  options->has_seed = seed != NULL;
  if (seed != NULL && !g_ascii_string_to_unsigned(seed, 10, 0, G_MAXINT64, &options->seed, NULL)) {
    fprintf(stderr, "aftershock simulate: --seed: \"%s\" is not a whole number, 0 or more\n", seed);
    return false;
  }
  return shard == NULL || cli_division_parse(division, "simulate", shard);
}

static int check_and_simulate(const char *path, const cli_simulate_options *options, cli_division *division) {
  GError *error = NULL;
  GArray *designs = aft_designs_parse(options->design, &error);
  if (designs != NULL) return cli_simulate_study(path, designs, options, division);
  fprintf(stderr, "aftershock simulate: --design: %s\n", error->message);
  g_error_free(error);
  return EXIT_USAGE;
}

int aft_cmd_simulate(int argc, char **argv) {
  cli_simulate_options options = {.out = NULL, .replications = 1000};
  cli_division division = {.count = 0};
  char *design = NULL, *seed = NULL, *shard = NULL;
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Folder to write (default: out/<study name>-simulation)",
       "DIR"},
      {"replications", 0, 0, G_OPTION_ARG_INT, &options.replications, "Draws of each design (default: 1000)", "M"},
      {"design", 0, 0, G_OPTION_ARG_STRING, &design, "Designs (default: null,clustered,variance,shift)", "LIST"},
      {"n", 0, 0, G_OPTION_ARG_INT, &options.n, "Events of a draw (default: those of the study's main sample)", "N"},
      {"seed", 0, 0, G_OPTION_ARG_STRING, &seed, "Seed of the draws (default: that of the study's resampling)", "S"},
      {"shard", 0, 0, G_OPTION_ARG_STRING, &shard,
       "Make part k of K of the draws only, and write their counts to a file in --out (default: out/<study "
       "name>-simulation-shards) for aftershock merge",
       "k/K"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts, "Draw no chart (aftershock report DIR draws it later)",
       NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "simulate", details, entries, 1, 1, &status)) {
    options.design = design != NULL ? design : default_designs;
    status =
        check_options(&options, seed, shard, &division) ? check_and_simulate(argv[1], &options, &division) : EXIT_USAGE;
  }
  cli_division_clear(&division);
  g_free(options.out);
  g_free(design);
  g_free(seed);
  g_free(shard);
  return status;
}
