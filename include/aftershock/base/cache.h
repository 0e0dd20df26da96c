/* A folder of files that can be made again at any time: in the user's cache, bounded, what was not used for longest goes first. */
#ifndef AFTERSHOCK_BASE_CACHE_H
#define AFTERSHOCK_BASE_CACHE_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * $XDG_CACHE_HOME/aftershock/name, or ~/.cache/aftershock/name. Owned. NULL where the first is no absolute path, or there is no home: the
 * folder that either lies in is not made.
 */
char *aft_cache_find(const char *name);

/* Makes the folder where it is not, for the user alone, with a tag by which programs that make copies of disks pass over it. */
bool aft_cache_make(const char *folder, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Makes room for a file of n_bytes: removes files whose names end in `ending`, the one that was not used for longest first, until all
 * together take no more than most_bytes with it, and what is left of processes that were killed. Fails, and removes nothing, when
 * n_bytes alone is more, or when the disk would have less free behind it than n_bytes: a cache must not fill a disk.
 */
bool aft_cache_make_room(const char *folder, const char *ending, uint64_t n_bytes, uint64_t most_bytes,
                         GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Says that a file was used: its time of change is now, where this user may set it. */
void aft_cache_touch(const char *path);

#endif
