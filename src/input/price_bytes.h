/* The bytes of a price file as they come: a file, a pipe or memory, packed by gzip or not; internal to input/. */
#ifndef INPUT_PRICE_BYTES_H
#define INPUT_PRICE_BYTES_H

#include <aftershock/base/digest.h>
#include <aftershock/base/progress.h>
#include <aftershock/input/prices.h>
#include <stdint.h>
#include <sys/types.h>

enum { PRICE_BLOCK_BYTES = 1 << 18 };

/* Where the bytes come from: the file at path (`-`: standard input), memory, or somebody who gives them. */
typedef struct price_source {
  const char *path;  /* stands in messages too; borrowed */
  const char *bytes; /* [n_bytes] read instead of the file when not NULL; borrowed */
  size_t n_bytes;
  size_t block_bytes;  /* of a block that one thread scans, about; at least 1; the rows do not depend on it */
  unsigned n_threads;  /* 0: one a processor; the rows do not depend on it either */
  aft_price_pull pull; /* asked instead of the file when not NULL */
  void *pull_data;     /* borrowed */
} price_source;

typedef struct price_gzip price_gzip;

typedef struct price_bytes {
  price_source source;
  int fd;      /* -1 without a file */
  char *first; /* [n_first] what was read to see what the bytes are, from at_first on not given out; NULL for memory */
  size_t n_first, at_first;
  price_gzip *gzip;      /* unpacks what is read; NULL: it is text as it comes */
  bool is_stream;        /* can be read only once */
  aft_digest *digest;    /* of what was read, still packed; NULL for memory */
  uint64_t n_read;       /* likewise */
  aft_progress progress; /* in megabytes */
} price_bytes;

/* Opens the source; it must be cleared, also after a failure. */
bool price_bytes_open(price_bytes *bytes, const price_source *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void price_bytes_clear(price_bytes *bytes);

/*
 * size bytes of text into target, fewer only at the end; negative with error set. A pipe gives small pieces: they are collected. What begins
 * as gzip does is unpacked, whatever its name, member by member; no more of it is held than a block.
 */
ssize_t price_bytes_read(price_bytes *bytes, char *target, size_t size, GError **error);

#endif
