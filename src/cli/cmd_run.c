/* `aftershock run`: the whole way from a study file to a result folder. */
#include "commands.h"
#include "run_study.h"

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Writes a folder with result.json, tidy CSV tables, charts (PNG), LaTeX and Markdown tables,\n"
    "report.md and report.html. The folder appears when it is complete; an older result there is replaced.\n"
    "With `report` in the study's key `scan`, it also finds the days that stand out and the news around them.\n"
    "With `keep` `windows` prices may be larger than memory: only what the events need is kept of them, out of files,\n"
    "a pipe, or a table in PostgreSQL (docs/scale.md).\n\n"
    "Example: aftershock run data/deepseek/study.json --out out/deepseek";

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

/* tables and shard are the words of the options, or NULL. */
static bool check_options(cli_run_options *options, const char *tables, const char *shard, cli_division *division) {
  if (tables != NULL && !find_tables(tables, &options->kept)) return false;
  options->has_kept = tables != NULL;
  if (shard != NULL && !cli_division_parse(division, "run", shard)) return false;
  if (options->out != NULL && *options->out == '\0') {
    fprintf(stderr, "aftershock run: --out needs the name of a folder\n");
    return false;
  }
  if (options->threads >= 0 && options->threads <= 1024) return true;
  fprintf(stderr, "aftershock run: --threads %d is not between 1 and 1024\n", options->threads);
  return false;
}

int aft_cmd_run(int argc, char **argv) {
  cli_run_options options = {.out = NULL};
  cli_division division = {.count = 0};
  char *tables = NULL, *shard = NULL;
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, "Result folder (default: out/<study name>)", "DIR"},
      {"tables", 't', 0, G_OPTION_ARG_STRING, &tables,
       "Tables to make: all, events (no day by day, no report) or aggregate (no single event); for large studies",
       "WHICH"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts,
       "Draw no charts (aftershock report DIR draws them later)", NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      {"shard", 0, 0, G_OPTION_ARG_STRING, &shard,
       "Fit part k of K of the events only, and write them to a file in --out (default: out/<study name>-shards) for "
       "aftershock merge",
       "k/K"},
      {"strict", 0, 0, G_OPTION_ARG_NONE, &options.strict, "Exit with status 1 when there are warnings", NULL},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, "run", details, entries, 1, 1, &status))
    status =
        check_options(&options, tables, shard, &division) ? cli_run_study(argv[1], &options, &division) : EXIT_USAGE;
  cli_division_clear(&division);
  g_free(options.out);
  g_free(tables);
  g_free(shard);
  return status;
}
