/* Digests of files that were read before, by what the system says of a file: one that did not change need not be read to be known. */
#ifndef AFTERSHOCK_BASE_KNOWN_H
#define AFTERSHOCK_BASE_KNOWN_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * What the system says of a regular file. Whoever changes a file's bytes sets its time of change and, what no program can set back, its time of
 * status; another file under the name has another number.
 */
typedef struct aft_file_stamp {
  uint64_t device, number, n_bytes;
  int64_t changed_ns, status_ns; /* since 1970 */
} aft_file_stamp;

/* False where there is no regular file, which is nothing to be known. */
bool aft_file_stamp_read(aft_file_stamp *stamp, const char *path);
bool aft_file_stamp_is_equal(const aft_file_stamp *a, const aft_file_stamp *b);

/*
 * A file changed once more within one tick of the clock of its disk looks unchanged. A stamp is therefore believed only when both of its times
 * were this much past as the reading began (2 s: the coarsest clock in use).
 */
#define AFT_KNOWN_MARGIN_NS INT64_C(2000000000)
enum { AFT_KNOWN_MOST = 1000 }; /* files; the ones noted longest ago are forgotten */

typedef struct aft_known aft_known; /* opaque: a table of stamps */

/*
 * Reads what was noted; what cannot be read, or a line whose sum is wrong, was not noted. The file is text, a line `aftershock digests
 * 1`, then for each file in the order in which they were noted: sum, device, number, bytes, both times, the time at which reading
 * began, all in decimal but the sum, and the SHA-256. Owned.
 */
aft_known *aft_known_read(const char *path);
void aft_known_free(aft_known *known); /* NULL too */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_known, aft_known_free)

/* SHA-256 of the file with that stamp; NULL when it is not known for sure; borrowed until the next note. */
const char *aft_known_find(const aft_known *known, const aft_file_stamp *stamp);
/* Whether a file with as many bytes was noted: worth a look at what is in it. */
bool aft_known_has_size(const aft_known *known, uint64_t n_bytes);
/* Notes a digest; start_ns: the time, since 1970, when the stamp was taken, before the bytes were read. */
void aft_known_note(aft_known *known, const aft_file_stamp *stamp, const char *sha256, int64_t start_ns);
/* Writes all that is known into the file, in place of what was there; no signal ends the process half-way. */
bool aft_known_write(const aft_known *known, const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
