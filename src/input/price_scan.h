/* Records of a long or wide CSV, block by block, with the fields left where they were read; internal to input/. */
#ifndef INPUT_PRICE_SCAN_H
#define INPUT_PRICE_SCAN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum { PRICE_SCAN_BLOCK_BYTES = 1 << 18, PRICE_SCAN_MAX_RECORD_BYTES = 1 << 20 };

/* Where the bytes come from: the file at path (`-`: standard input), or memory. */
typedef struct price_source {
  const char *path;  /* stands in messages too; borrowed */
  const char *bytes; /* [n_bytes] read instead of the file when not NULL; borrowed */
  size_t n_bytes;
  size_t block_bytes; /* most bytes a read asks for, at least 1; the records do not depend on it */
} price_source;

typedef struct scan_field {
  char *text; /* without quotes and, when it had none, without blanks around it; not NUL-terminated */
  size_t length;
  bool is_doubled; /* while the record is being split: holds doubled quotes */
} scan_field;

typedef struct price_scan {
  price_source source;
  int fd; /* -1 for memory */
  bool at_end;
  char *buffer; /* [capacity], bytes [begin, end) are read and not yet given out */
  size_t capacity, begin, end;
  size_t limit;   /* end of the last whole line before end or before the first bad byte */
  size_t checked; /* bytes before it are UTF-8 without NUL */
  size_t bad;     /* the first byte that is not, or SIZE_MAX */
  uint64_t next_line;
  scan_field *fields; /* [n_fields] the current record; borrowed until the next call */
  size_t n_fields, fields_capacity;
  uint32_t line; /* on which the current record begins, from 1 */
} price_scan;

enum price_scan_state { PRICE_SCAN_RECORD, PRICE_SCAN_END, PRICE_SCAN_FAILED };

/* Opens the source; the scan must be cleared, also after a failure. */
bool price_scan_open(price_scan *scan, const price_source *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void price_scan_clear(price_scan *scan);

/*
 * Splits the next record into scan->fields. Empty lines are skipped. RFC 4180: fields may be quoted, quotes inside are
 * doubled, a quoted field may hold line ends; LF and CRLF; the last line may lack its end. A byte-order mark is skipped.
 * FAILED sets error: a read error, a byte that is not UTF-8, NUL, a record longer than 1 MiB, a line number behind
 * 2^32 - 1, text after a closing quote, a quote that is never closed. Cost O(bytes); memory O(block + record).
 */
enum price_scan_state price_scan_next(price_scan *scan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* The same, passing over lines that begin with '#': for the first record. */
enum price_scan_state price_scan_next_header(price_scan *scan, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
