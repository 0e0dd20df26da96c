/* A parallel loop whose result does not depend on the number of threads. */
#ifndef AFTERSHOCK_BASE_PARALLEL_H
#define AFTERSHOCK_BASE_PARALLEL_H

#include <stddef.h>

/* Called once for each index of [first, last); worker is 0..n_workers-1, for per-worker workspaces. */
typedef void (*aft_parallel_body)(size_t first, size_t last, unsigned worker, void *data);

/* Number of workers aft_parallel_for will use for n_threads (0: one per processor). */
unsigned aft_parallel_workers(unsigned n_threads);

/*
 * Runs body over [0, n) in chunks, in the calling thread (worker 0) and in others that sleep until the next loop; with one worker, n small or no
 * thread to be had in the calling thread alone. The body writes only out[i] of its own indices; reductions are the caller's, serial, in index
 * order. A body may run a loop of its own.
 */
void aft_parallel_for(size_t n, unsigned n_threads, aft_parallel_body body, void *data);

/* The same for a few indices of which each is worth a thread: body is called for one index at a time, in their order when there is one thread. */
void aft_parallel_tasks(size_t n, unsigned n_threads, aft_parallel_body body, void *data);

#endif
