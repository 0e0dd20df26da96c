/* The one file in a zip archive. */
#ifndef AFTERSHOCK_INPUT_ARCHIVE_H
#define AFTERSHOCK_INPUT_ARCHIVE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

/*
 * Unpacks the only member of an archive, whatever its name, with its checksum verified.
 *
 * name       stands in messages
 * max_bytes  of the member, unpacked: more is refused before it is in memory
 * text       owned, NUL-terminated
 *
 * Fails on what is no zip archive, another number of members than one, a damaged or encrypted member.
 */
bool aft_archive_read_only(const char *name, const char *bytes, size_t n_bytes, size_t max_bytes, char **text,
                           size_t *size, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
