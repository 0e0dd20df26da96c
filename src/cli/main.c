/* The program: finds the command and runs it. */
#include "commands.h"
#include "division.h"
#include "progress.h"

#include <aftershock/base/cluster.h>
#include <aftershock/base/interrupt.h>
#include <aftershock/base/text.h>
#include <aftershock/stats/library.h>

#include <errno.h>
#include <signal.h>
#include <stdio.h>
#include <string.h>
#include <time.h>

#include <aftershock/base/banned.h>

static const cli_command commands[] = {
    {"run", "STUDY.json", "the whole way: load, align, estimate, test, write tables, charts and report", aft_cmd_run},
    {"align", "STUDY.json", "print each event with its local time, the rule used and its session", aft_cmd_align},
    {"scan", "STUDY.json", "find abnormal moves and link each to the articles that could explain it", aft_cmd_scan},
    {"correlate", "STUDY.json", "correlate news with abnormal returns and volume, lag by lag", aft_cmd_correlate},
    {"audit", "STUDY.json", "examine prices, splits and event dates for what makes returns wrong", aft_cmd_audit},
    {"stories", "STUDY.json", "print which articles tell the same story, and which came first", aft_cmd_stories},
    {"simulate", "STUDY.json", "measure size and power of the tests on the study's own data", aft_cmd_simulate},
    {"merge", "SHARD...", "put the shards of a run or of a simulation together to the result of one", aft_cmd_merge},
    {"case", "STUDY.json", "weigh the evidence about one event of one firm", aft_cmd_case},
    {"robust", "STUDY.json", "test one event under every reasonable choice at once", aft_cmd_robust},
    {"verify", "STUDY.json", "check the claims recorded with the articles against the data", aft_cmd_verify},
    {"claims", "extract FILE", "propose the claims that an article's text seems to make", aft_cmd_claims},
    {"report", "DIR", "make tables, charts and report again from a result folder", aft_cmd_report},
    {"calendar", "EXCHANGE [FIRST [LAST]]", "print an exchange's sessions, and why closed weekdays are closed",
     aft_cmd_calendar},
    {"fetch", "KIND --from NAME", "ask a provider for prices, factors, news or attention", aft_cmd_fetch},
    {"init", "DIR", "make a study folder to start from", aft_cmd_init},
    {"explain", "[NAME]", "say what a model or a test computes, its source and its size", aft_cmd_explain},
    {NULL, NULL, NULL, NULL}};

const cli_command *cli_commands(void) { return commands; }

static void print_help(FILE *stream) {
  fprintf(stream, "Usage: aftershock COMMAND [options] [arguments]\n\n"
                  "Links timestamped news to stock moves: which session could first react, how far the\n"
                  "stock moved beyond what the market explains, and whether that is more than noise.\n\nCommands:\n");
  for (const cli_command *c = commands; c->name != NULL; c++)
    fprintf(stream, "  %-9s %-25s %s\n", c->name, c->synopsis, c->summary);
  fprintf(stream, "\n`aftershock COMMAND --help` explains a command; `aftershock --version` prints the version.\n"
                  "A first run: aftershock run data/deepseek/study.json\n"
                  "Exit status: 0 done, 1 failed, 2 wrong usage, 130 interrupted.\n");
}

bool cli_parse(int *argc, char ***argv, const char *command, const char *details, const GOptionEntry *entries, int min,
               int max, int *status) {
  const cli_command *c = commands;
  while (strcmp(c->name, command) != 0) c++;
  gboolean help = FALSE;
  const GOptionEntry help_entry[] = {{"help", 'h', 0, G_OPTION_ARG_NONE, &help, "Show this help", NULL},
                                     G_OPTION_ENTRY_NULL};
  g_autoptr(GOptionContext) context = g_option_context_new(c->synopsis);
  g_autoptr(GError) error = NULL;
  g_autofree char *summary = g_strdup_printf("aftershock %s: %s.", command, c->summary);
  g_autofree char *program = g_strdup_printf("aftershock %s", command);
  g_option_context_set_help_enabled(context, FALSE);
  g_option_context_set_summary(context, summary);
  g_option_context_set_description(context, details);
  if (entries != NULL) g_option_context_add_main_entries(context, entries, NULL);
  g_option_context_add_main_entries(context, help_entry, NULL);
  g_set_prgname(program);
  bool parsed = g_option_context_parse(context, argc, argv, &error);
  if (parsed && help) {
    g_autofree char *text = g_option_context_get_help(context, TRUE, NULL);
    fputs(text, stdout);
    *status = cli_finish(EXIT_DONE);
    return false;
  }
  *status = EXIT_USAGE;
  if (parsed && *argc > 1 && strcmp((*argv)[1], "--") == 0) {
    (*argv)++;
    (*argc)--;
  }
  if (!parsed)
    fprintf(stderr, "aftershock %s: %s (see aftershock %s --help)\n", command, error->message, command);
  else if (*argc - 1 < min)
    fprintf(stderr, "aftershock %s: needs %s (see aftershock %s --help)\n", command, c->synopsis, command);
  else if (*argc - 1 > max)
    fprintf(stderr, "aftershock %s: one argument too many: \"%s\" (see aftershock %s --help)\n", command,
            (*argv)[max + 1], command);
  else
    return true;
  return false;
}

int cli_fail(GError *error) {
  cli_progress_wipe();
  fprintf(stderr, "aftershock: %s\n", error->message);
  g_error_free(error);
  return EXIT_FAILED;
}

guint cli_print_warnings(const aft_warnings *warnings, guint first) {
  cli_progress_wipe();
  for (guint i = first; i < warnings->messages->len; i++)
    fprintf(stderr, "aftershock: warning: %s\n", (const char *)g_ptr_array_index(warnings->messages, i));
  return warnings->messages->len - first;
}

bool cli_find_now(aft_millis *now, GError **error) {
  const char *epoch = g_getenv("SOURCE_DATE_EPOCH");
  guint64 seconds = (guint64)time(NULL);
  if (epoch != NULL && !g_ascii_string_to_unsigned(epoch, 10, 0, 253402300799, &seconds, NULL)) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT,
                "SOURCE_DATE_EPOCH: \"%s\" is not a number of seconds since 1970", epoch);
    return false;
  }
  *now = (aft_millis)seconds * 1000;
  return true;
}

int cli_finish(int status) {
  cli_progress_stop();
  if (fflush(stdout) == 0 && !ferror(stdout)) return status;
  fprintf(stderr, "aftershock: standard output: cannot be written: %s\n", g_strerror(errno));
  return status == EXIT_DONE ? EXIT_FAILED : status;
}

static int refuse_command(const char *name) {
  const char *names[G_N_ELEMENTS(commands)] = {NULL};
  for (size_t i = 0; commands[i].name != NULL; i++) names[i] = commands[i].name;
  const char *closest = aft_text_find_closest(name, names);
  if (closest != NULL)
    fprintf(stderr, "aftershock: no command \"%s\" (did you mean \"%s\"?)\n", name, closest);
  else
    fprintf(stderr, "aftershock: no command \"%s\" (see aftershock --help)\n", name);
  return EXIT_USAGE;
}

/* Only some commands share their work; others would do it all, each process on top of the others. */
static bool check_processes(const cli_command *command) {
  unsigned n = aft_cluster_started_size();
  if (n == 1 || command->run == aft_cmd_run || command->run == aft_cmd_simulate) return true;
  fprintf(stderr, "aftershock: mpirun started %u processes, and only run and simulate share their work\n", n);
  return false;
}

int main(int argc, char **argv) {
  signal(SIGPIPE, SIG_IGN); /* a closed pipe is a failed write, which is reported */
  signal(SIGXFSZ, SIG_IGN); /* as is a file that may not grow so large */
  aft_interrupt_watch();
  if (aft_cluster_started_rank() > 0) cli_division_hush();
  aft_stats_init();
  if (argc < 2) {
    print_help(stderr);
    return EXIT_USAGE;
  }
  if (strcmp(argv[1], "--help") == 0 || strcmp(argv[1], "-h") == 0 || strcmp(argv[1], "help") == 0) {
    print_help(stdout);
    return cli_finish(EXIT_DONE);
  }
  if (strcmp(argv[1], "--version") == 0) {
    printf("aftershock %s\n", AFT_VERSION);
    return cli_finish(EXIT_DONE);
  }
  for (const cli_command *c = commands; c->name != NULL; c++)
    if (strcmp(argv[1], c->name) == 0) return check_processes(c) ? c->run(argc - 1, argv + 1) : EXIT_USAGE;
  return refuse_command(argv[1]);
}
