/* Options of the commands about a study's news. */
#include "news_command.h"

#include "commands.h"
#include "progress.h"

#include <stdio.h>

#include <aftershock/base/banned.h>

int cli_news_command(int argc, char **argv, const char *command, const char *details,
                     int (*run)(const char *path, const cli_news_options *options)) {
  cli_news_options options = {.out = NULL};
  g_autofree char *folder = g_strdup_printf("Folder to write (default: out/<study name>-%s)", command);
  const GOptionEntry entries[] = {
      {"out", 'o', 0, G_OPTION_ARG_FILENAME, &options.out, folder, "DIR"},
      {"no-charts", 0, 0, G_OPTION_ARG_NONE, &options.no_charts, "Draw no chart (aftershock report DIR draws it later)",
       NULL},
      {"threads", 0, 0, G_OPTION_ARG_INT, &options.threads,
       "Threads; results do not depend on it (default: one per processor)", "N"},
      CLI_NO_CACHE_OPTION(&options.no_cache),
      {"quiet", 'q', 0, G_OPTION_ARG_NONE, &options.quiet, "Print nothing but warnings and errors", NULL},
      G_OPTION_ENTRY_NULL};
  int status;
  if (cli_parse(&argc, &argv, command, details, entries, 1, 1, &status)) {
    if (options.threads < 0 || options.threads > 1024) {
      fprintf(stderr, "aftershock %s: --threads %d is not between 0 and 1024\n", command, options.threads);
      status = EXIT_USAGE;
    } else {
      cli_progress_start(!options.quiet);
      status = run(argv[1], &options);
    }
  }
  g_free(options.out);
  return status;
}

char *cli_news_folder(const cli_study *study, const cli_news_options *options, const char *command) {
  if (options->out != NULL) return g_strdup(options->out);
  g_autofree char *name = g_strdup_printf("%s-%s", study->config.name != NULL ? study->config.name : "study", command);
  return g_build_filename("out", name, NULL);
}
