/* Shared by mapped.c, which checks, mapped_bytes.c, which maps, and mapped_write.c. */
#ifndef BASE_MAPPED_INTERNAL_H
#define BASE_MAPPED_INTERNAL_H

#include <aftershock/base/mapped.h>

enum { MAPPED_ORDER = 0x01020304, MAPPED_VERSION = 1, MAPPED_PAGE = 4096, MAPPED_BLOCK = 1 << 20 };
#define MAPPED_MARK "AFTMAPPD"

typedef struct mapped_start {
  char kind[AFT_MAPPED_KIND];
  uint32_t order, version;
} mapped_start;

typedef struct mapped_entry {
  uint64_t at, size, first_sum;
} mapped_entry;

typedef struct mapped_ending {
  uint64_t size, table, n_sections, sum;
  char mark[AFT_MAPPED_KIND];
} mapped_ending;

/* The file in memory. */
typedef struct mapped_bytes {
  const char *start; /* NULL: none */
  size_t size;
  bool is_read; /* into pages of our own */
} mapped_bytes;

/* size bytes of the file from its first on; reads: never mapped. False with errno set. */
bool mapped_bytes_open(mapped_bytes *bytes, int fd, size_t size, bool reads) G_GNUC_WARN_UNUSED_RESULT;
void mapped_bytes_close(mapped_bytes *bytes);

/* As aft_mapped_open, reading the file on any disk. */
aft_mapped *mapped_open_read(const char *path, const char *kind, const char *heading,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* With the zeros behind it. */
static inline uint64_t mapped_padded(uint64_t size) { return (size + MAPPED_PAGE - 1) / MAPPED_PAGE * MAPPED_PAGE; }

/* Number of sums of a section. */
static inline uint64_t mapped_n_blocks(uint64_t size) {
  return (mapped_padded(size) + MAPPED_BLOCK - 1) / MAPPED_BLOCK;
}

/* The sum over bytes, whose number is a multiple of 64. */
uint64_t mapped_sum(const void *bytes, size_t size);

/* The sum that the ending keeps: over sums of start and table, and what the ending says. */
uint64_t mapped_sum_all(uint64_t start, uint64_t table, const mapped_ending *ending);

#endif
