/* Processes that mpirun started together: ranks that send bytes to the first one. */
#ifndef AFTERSHOCK_BASE_CLUSTER_H
#define AFTERSHOCK_BASE_CLUSTER_H

#include <glib.h>
#include <stdbool.h>

typedef struct aft_cluster {
  unsigned rank, size; /* size 0 or 1: alone */
  bool joined;
} aft_cluster;

/* How many processes mpirun started together with this one, and which this is, as it says in the environment; 1 and 0 without it. */
unsigned aft_cluster_started_size(void);
unsigned aft_cluster_started_rank(void);

/*
 * Joins the processes that were started together; alone when there are none. Fails in a program that was built without MPI when there are
 * several. Called once, and what follows by the thread that called it.
 */
bool aft_cluster_join(aft_cluster *cluster, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Bytes from a rank to the first, in the order in which they are sent; what one call sends, one call receives. Both wait without
 * keeping the processor busy. Bytes of any number.
 */
bool aft_cluster_send(const aft_cluster *cluster, const void *bytes, size_t size,
                      GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_cluster_receive(const aft_cluster *cluster, unsigned from, void *bytes, size_t size,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Waits until the first rank leaves too, and leaves; afterwards every process is alone. */
bool aft_cluster_leave(aft_cluster *cluster, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* "rank 2 on HOST", owned; NULL when alone. */
char *aft_cluster_name(const aft_cluster *cluster);
/* Whether the first rank is ending all processes, for which others wait up to so long; false when alone. */
bool aft_cluster_is_ending(const aft_cluster *cluster, int wait_ms);
/* Ends all processes with this exit status; returns when alone. */
void aft_cluster_abort(const aft_cluster *cluster, int status);

#endif
