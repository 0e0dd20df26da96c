/* What `scan` and `correlate` share: their options. */
#ifndef CLI_NEWS_COMMAND_H
#define CLI_NEWS_COMMAND_H

#include "load.h"

typedef struct cli_news_options {
  char *out; /* NULL: out/<study name>-<command> */
  int threads;
  gboolean no_charts, no_cache, quiet;
} cli_news_options;

/* Parses the arguments of the command and runs it on the study; returns its exit status. */
int cli_news_command(int argc, char **argv, const char *command, const char *details,
                     int (*run)(const char *path, const cli_news_options *options));

/* The folder to write; owned. */
char *cli_news_folder(const cli_study *study, const cli_news_options *options, const char *command);

#endif
