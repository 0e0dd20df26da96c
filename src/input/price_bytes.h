/* The bytes of a price file as they come: a file, a pipe or memory; internal to input/. */
#ifndef INPUT_PRICE_BYTES_H
#define INPUT_PRICE_BYTES_H

#include <aftershock/base/digest.h>
#include <aftershock/base/progress.h>
#include <stdint.h>
#include <sys/types.h>

enum { PRICE_BLOCK_BYTES = 1 << 18 };

/* Where the bytes come from: the file at path (`-`: standard input), or memory. */
typedef struct price_source {
  const char *path;  /* stands in messages too; borrowed */
  const char *bytes; /* [n_bytes] read instead of the file when not NULL; borrowed */
  size_t n_bytes;
  size_t block_bytes; /* of a block that one thread scans, about; at least 1; the rows do not depend on it */
  unsigned n_threads; /* 0: one a processor; the rows do not depend on it either */
} price_source;

typedef struct price_bytes {
  price_source source;
  int fd;             /* -1 for memory */
  bool is_stream;     /* can be read only once */
  aft_digest *digest; /* of what was read; NULL for memory */
  uint64_t n_read;
  aft_progress progress; /* in megabytes */
} price_bytes;

/* Opens the source; it must be cleared, also after a failure. */
bool price_bytes_open(price_bytes *bytes, const price_source *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void price_bytes_clear(price_bytes *bytes);

/* size bytes into target, fewer only at the end; negative with error set. A pipe gives small pieces: they are collected. */
ssize_t price_bytes_read(price_bytes *bytes, char *target, size_t size, GError **error);

#endif
