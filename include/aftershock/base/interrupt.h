/* What happens on Ctrl-C: the folders under construction are removed and the process ends with status 130. */
#ifndef AFTERSHOCK_BASE_INTERRUPT_H
#define AFTERSHOCK_BASE_INTERRUPT_H

/*
 * Starts a thread that waits for SIGINT, SIGTERM and SIGHUP, which every other thread from now on leaves blocked. Called once by the
 * program, before it starts threads; a library user who does not call it keeps the default behaviour.
 */
void aft_interrupt_watch(void);

/* Says nothing more when a signal ends the process: one of several that are ended together. */
void aft_interrupt_hush(void);

/*
 * Registers a folder or file (copied) for removal when a signal arrives, and takes it off the list again; one not on it is passed over. add
 * between hold and release, with the making of it between them too: it must not appear after it was removed.
 */
void aft_interrupt_add_folder(const char *path);
void aft_interrupt_drop_folder(const char *path);

/*
 * A call that the waiting thread makes when a signal arrives, before the process ends: to tell a server that nobody waits any more. It
 * may take three seconds. NULL takes it off; data must live until then.
 */
void aft_interrupt_set_call(void (*call)(void *data), void *data);

/* Between these two no signal ends the process: for a rename that must not be half done. */
void aft_interrupt_hold(void);
void aft_interrupt_release(void);

/*
 * Registers a child process to be killed when a signal arrives: one that is not asked, because gnuplot stops for ever when a second thread of
 * its own is at work. add between hold and release, with the start of the child between them too; drop before it is reaped.
 */
void aft_interrupt_add_child(int pid);
void aft_interrupt_drop_child(int pid);

/* Gives a new child process the default signal handling; safe between fork and exec. */
void aft_interrupt_reset_child(void);

#endif
