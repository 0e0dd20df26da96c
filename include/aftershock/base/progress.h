/* How far long work is: loops tell, and the program, which has the one terminal, hears. */
#ifndef AFTERSHOCK_BASE_PROGRESS_H
#define AFTERSHOCK_BASE_PROGRESS_H

#include <stdbool.h>
#include <stddef.h>

/* what: plural of what is counted, static: "events fitted". Any thread, at most a few times a second; done is 0 as a step begins. */
typedef void (*aft_progress_observer)(const char *what, size_t done, size_t total, void *data);

/*
 * Sets the observer of this process, or none. Like the folders of interrupt.h it belongs to the process and not to a piece of work; a user of
 * the library who sets none hears nothing, and loops pay nothing. Not while a step is under way.
 */
void aft_progress_observe(aft_progress_observer observer, void *data);

/* One loop. A step within another one is not heard, so that each of them is told of as one. */
typedef struct aft_progress {
  const char *what; /* NULL: not heard */
  size_t total, done;
} aft_progress;

void aft_progress_begin(aft_progress *progress, const char *what, size_t total);
/* Any thread. */
void aft_progress_add(aft_progress *progress, size_t n);
/* Changes what is done to a number, e.g. of bytes read. */
void aft_progress_set(aft_progress *progress, size_t done);
void aft_progress_end(aft_progress *progress);

#endif
