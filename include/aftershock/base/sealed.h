/* A file of a heading and bytes that shows when it was cut short, changed, or written by another kind of machine. */
#ifndef AFTERSHOCK_BASE_SEALED_H
#define AFTERSHOCK_BASE_SEALED_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The file, in bytes of the machine that writes it:
 *
 *   kind      8 bytes: what the file is
 *   order     u32 0x01020304: the order of bytes
 *   length    u32 of the heading
 *   heading   text
 *   body      bytes
 *   size      u64 of the body
 *   sum       u64 over all that stands before `size`, see aft_sealed_sum
 *   end       8 bytes "AFTSEAL1"
 */
#define AFT_SEALED_KIND 8
enum { AFT_SEALED_MAX_HEADING = 1 << 24 };

typedef struct aft_sealed_writer aft_sealed_writer;

/* Begins a file under a temporary name, which an interrupt removes; kind has 8 characters. Owned. */
aft_sealed_writer *aft_sealed_create(const char *path, const char *kind, const char *heading,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_sealed_put(aft_sealed_writer *writer, const void *bytes, size_t size,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes the file and gives it its name, in place of one that had it. Takes writer. */
bool aft_sealed_commit(aft_sealed_writer *writer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_sealed_discard(aft_sealed_writer *writer); /* NULL too */

typedef struct aft_sealed aft_sealed;

/*
 * Reads the whole file once and checks it. Fails with AFT_BASE_ERROR_FORMAT when it is of another kind, of another order of bytes, cut short,
 * or when the sum is wrong; `what` names the kind for the message: "a shard". Keeps no descriptor. Owned.
 */
aft_sealed *aft_sealed_open(const char *path, const char *kind, const char *what,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
const char *aft_sealed_heading(const aft_sealed *sealed);
const char *aft_sealed_path(const aft_sealed *sealed);
/* The next bytes of the body; fails where fewer are left. */
bool aft_sealed_get(aft_sealed *sealed, void *bytes, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_sealed_is_over(const aft_sealed *sealed); /* nothing of the body is left */
/* Closes the descriptor until the next get, so that any number of files can be read in turn. */
void aft_sealed_rest(aft_sealed *sealed);
void aft_sealed_free(aft_sealed *sealed); /* NULL too */

/*
 * Continues a sum over bytes, whose number is a multiple of 8 in all calls but the last: words w of 8 bytes (the last one filled up with
 * zeros), sum = (sum ^ w) * odd, sum ^= sum >> 32. Each step is one-to-one in w, so that a change within one word
 * always changes the sum; other damage goes unseen once in 2^64.
 */
uint64_t aft_sealed_sum(uint64_t sum, const void *bytes, size_t size);

#endif
