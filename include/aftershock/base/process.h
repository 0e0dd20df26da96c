/* Child processes by argument vector with a time limit. */
#ifndef AFTERSHOCK_BASE_PROCESS_H
#define AFTERSHOCK_BASE_PROCESS_H

#include <glib.h>
#include <stdbool.h>

/* Whether a program is on the PATH. */
bool aft_process_exists(const char *program);

/*
 * Runs argv (NULL-terminated) in folder (NULL: here) with environment additions `NAME=value` (NULL-terminated or NULL), standard
 * input closed, at most timeout_ms. Fails when it cannot start, ends with another status than 0, or takes too long (it is
 * killed); the message carries the last lines of its standard error.
 * output  what it wrote to standard output, at most 1 MiB; owned; may be NULL
 */
bool aft_process_run(const char *const *argv, const char *folder, const char *const *environment, int timeout_ms,
                     char **output, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
