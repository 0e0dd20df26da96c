/* `aftershock stories`: which articles tell the same story. */
#include "commands.h"
#include "load.h"

#include <stdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char details[] =
    "Prints each story with its articles in order of time: the first one dates it, the others follow with\n"
    "what makes them part of it: event, url, or title and how alike the titles are. `run` writes the same\n"
    "as stories.csv.\n\n"
    "Example: aftershock stories data/deepseek/study.json";

/* A title comes from anywhere: what would steer a terminal is left out. */
static void print_title(const char *title) {
  for (; *title != '\0'; title++)
    if (!g_ascii_iscntrl(*title)) putchar(*title);
  putchar('\n');
}

static void print_article(const aft_story_fact *fact) {
  char relation[32];
  if (strcmp(fact->relation, "title") == 0)
    g_snprintf(relation, sizeof relation, "title %.2f", fact->similarity);
  else
    g_strlcpy(relation, fact->relation, sizeof relation);
  printf("  %-10s %-24s %-24s ", relation, fact->local_time[0] != '\0' ? fact->local_time : "no usable time",
         fact->article);
  print_title(fact->title);
}

static void print_stories(const GArray *stories) {
  size_t n = 0, n_repeats = 0;
  for (guint i = 0; i < stories->len; i++) {
    const aft_story_fact *fact = &g_array_index(stories, aft_story_fact, i);
    if (fact->place == 1) {
      printf("%s\n", fact->story);
      n++;
    } else {
      n_repeats++;
    }
    print_article(fact);
  }
  printf("%u article%s: %" G_GSIZE_FORMAT " stor%s, %" G_GSIZE_FORMAT " repeat%s\n", stories->len,
         stories->len == 1 ? "" : "s", n, n == 1 ? "y" : "ies", n_repeats, n_repeats == 1 ? "" : "s");
}

int aft_cmd_stories(int argc, char **argv) {
  cli_load_options load = {.n_threads = 0};
  const GOptionEntry entries[] = {CLI_NO_CACHE_OPTION(&load.no_cache), G_OPTION_ENTRY_NULL};
  int status;
  if (!cli_parse(&argc, &argv, "stories", details, entries, 1, 1, &status)) return status;
  cli_study study;
  GError *error = NULL;
  bool ok = cli_study_load(&study, argv[1], &load, &error);
  cli_print_warnings(&study.warnings, 0);
  if (ok) print_stories(study.provenance.stories);
  status = ok ? EXIT_DONE : cli_fail(error);
  cli_study_clear(&study);
  return cli_finish(status);
}
