/* The error domain of base/ and the list of warnings that a run collects. */
#ifndef AFTERSHOCK_BASE_ERROR_H
#define AFTERSHOCK_BASE_ERROR_H

#include <glib.h>

#define AFT_BASE_ERROR (aft_base_error_quark())
GQuark aft_base_error_quark(void);

enum aft_base_error {
  AFT_BASE_ERROR_IO,      /* a file cannot be read or written */
  AFT_BASE_ERROR_FORMAT,  /* bytes that are not what the format says */
  AFT_BASE_ERROR_PROCESS, /* a child process failed */
  AFT_BASE_ERROR_EXISTS   /* refusing to replace what is not ours */
};

/* Messages that do not stop the run, in the order in which they arose; each says what, where and what to do. */
typedef struct aft_warnings {
  GPtrArray *messages; /* of char *, owned */
} aft_warnings;

void aft_warnings_init(aft_warnings *warnings);
void aft_warnings_clear(aft_warnings *warnings);
void aft_warnings_add(aft_warnings *warnings, const char *format, ...) G_GNUC_PRINTF(2, 3);

#endif
