/* A file of sections that is mapped into memory instead of read, and shows any damage before a byte of it is used. */
#ifndef AFTERSHOCK_BASE_MAPPED_H
#define AFTERSHOCK_BASE_MAPPED_H

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

/*
 * The file, in bytes of the machine that writes it; every part begins at a multiple of 4096 and is filled up with zeros:
 *
 *   start     kind 8 bytes, order u32 0x01020304, version u32 of this layout
 *   sections  0 is the heading, the others as they were put
 *   table     of each section u64 offset, size, number of its first sum; then the sums, u64 each: of every section one for each
 *             MiB, zeros behind it included
 *   ending    u64 size of the file, offset of the table, number of sections, sum over start, table and these three; 8 bytes "AFTMAPPD"
 *
 * A sum takes eight streams of 8-byte words in turn, each continued as aft_sealed_sum does (base/sealed.h), and joins them likewise: a change
 * within one word always shows, other damage but once in 2^64. It runs at the speed of memory.
 */
#define AFT_MAPPED_KIND 8
enum { AFT_MAPPED_MOST_SECTIONS = 64 };

typedef struct aft_mapped_writer aft_mapped_writer;

/* Begins a file under a temporary name, which an interrupt removes; kind has 8 characters. Owned. */
aft_mapped_writer *aft_mapped_create(const char *path, const char *kind, const char *heading,
                                     GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Puts the next section, the first of all being number 1; one of no bytes stands for nothing. */
bool aft_mapped_put(aft_mapped_writer *writer, const void *bytes, size_t size,
                    GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Closes the file and gives it its name, in place of one that had it. Takes writer. */
bool aft_mapped_commit(aft_mapped_writer *writer, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_mapped_discard(aft_mapped_writer *writer); /* NULL too */

typedef struct aft_mapped aft_mapped;

/*
 * Maps a file and checks all but its sections. Fails when it is no regular file of this user (symbolic links are not followed), of
 * another kind, order of bytes or version, cut short or longer, damaged, or with another heading than this one. What is mapped
 * outlives the removal of the file; it must not be changed in place, and the writer never does. On a network disk, where another machine
 * may take the file away beneath the mapping, it is read instead. Owned.
 */
aft_mapped *aft_mapped_open(const char *path, const char *kind, const char *heading,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
size_t aft_mapped_n_sections(const aft_mapped *mapped);
/* Bytes of a section; 0 where there is none of that number. */
size_t aft_mapped_size(const aft_mapped *mapped, size_t section);
/*
 * A section of at least a byte, at a multiple of 4096, read only; borrowed. Checked when it is first asked for, on n_threads (0: one a
 * processor): fails when it is damaged.
 */
const void *aft_mapped_take(aft_mapped *mapped, size_t section, unsigned n_threads,
                            GError **error) G_GNUC_WARN_UNUSED_RESULT;
bool aft_mapped_holds(const aft_mapped *mapped, const void *address); /* it lies in there */
void aft_mapped_free(aft_mapped *mapped);                             /* NULL too */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_mapped, aft_mapped_free)

#endif
