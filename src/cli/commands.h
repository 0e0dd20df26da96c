/* The commands: one table, one cmd_<name>.c each. */
#ifndef CLI_COMMANDS_H
#define CLI_COMMANDS_H

#include <aftershock/base/clock.h>
#include <aftershock/base/error.h>

#include <glib.h>
#include <stdbool.h>

/* Exit status of every command. */
enum { EXIT_DONE = 0, EXIT_FAILED = 1, EXIT_USAGE = 2 };

typedef struct cli_command {
  const char *name;
  const char *synopsis;              /* arguments: "STUDY.json" */
  const char *summary;               /* one line for --help */
  int (*run)(int argc, char **argv); /* argv[0] is the command's name */
} cli_command;

/* All commands, ended by a row without name. */
const cli_command *cli_commands(void);

int aft_cmd_run(int argc, char **argv);
int aft_cmd_scan(int argc, char **argv);
int aft_cmd_correlate(int argc, char **argv);
int aft_cmd_simulate(int argc, char **argv);
int aft_cmd_merge(int argc, char **argv);
int aft_cmd_verify(int argc, char **argv);
int aft_cmd_claims(int argc, char **argv);
int aft_cmd_case(int argc, char **argv);
int aft_cmd_robust(int argc, char **argv);
int aft_cmd_align(int argc, char **argv);
int aft_cmd_audit(int argc, char **argv);
int aft_cmd_stories(int argc, char **argv);
int aft_cmd_report(int argc, char **argv);
int aft_cmd_calendar(int argc, char **argv);
int aft_cmd_fetch(int argc, char **argv);
int aft_cmd_init(int argc, char **argv);
int aft_cmd_explain(int argc, char **argv);

/*
 * Parses the options of a command (entries may be NULL). Afterwards argv[1..argc-1] are its arguments, between min and max of them.
 * details is shown below the options by --help: what is written where, and an example. Returns false when the command is over, with
 * its exit status in *status: after --help, or on a usage error, which is reported.
 */
bool cli_parse(int *argc, char ***argv, const char *command, const char *details, const GOptionEntry *entries, int min,
               int max, int *status);

/* The time now, or that of SOURCE_DATE_EPOCH. Fails when that is no number. */
bool cli_find_now(aft_millis *now, GError **error);

/* "aftershock: message" on stderr; returns EXIT_FAILED. Takes error. */
int cli_fail(GError *error);

/* Prints warnings from index `first` on as "aftershock: warning: ..."; returns their number. */
guint cli_print_warnings(const aft_warnings *warnings, guint first);

/* Flushes stdout; a failed write is reported and turns status into EXIT_FAILED. */
int cli_finish(int status);

#endif
