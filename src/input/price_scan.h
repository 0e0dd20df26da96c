/* A block of whole lines into records of fields, which are left where they stand; internal to input/. */
#ifndef INPUT_PRICE_SCAN_H
#define INPUT_PRICE_SCAN_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Bytes behind a block that may be read, whatever they are. */
enum { PRICE_SCAN_MAX_RECORD_BYTES = 1 << 20, PRICE_SCAN_PADDING = 128 };

typedef struct scan_field {
  const char *text; /* without quotes and, when it had none, without blanks around it; not NUL-terminated */
  size_t length;
  bool is_doubled; /* while the record is being split: holds doubled quotes */
} scan_field;

/* What is wrong, without the file; lines are counted as the scan counts them. */
typedef struct price_failure {
  uint64_t line;
  int code;      /* enum aft_input_error */
  char *message; /* NULL: nothing; owned */
} price_failure;

typedef struct price_scan {
  const char *begin, *limit; /* what is not yet given out of the whole lines that are text */
  const char *bad;           /* behind limit, the first byte that is not; NULL when all is */
  uint64_t next_line, last_line;
  scan_field *fields; /* [n_fields] the current record; borrowed until the next call */
  size_t n_fields, fields_capacity;
  uint64_t line;  /* on which the current record begins */
  char *unquoted; /* [unquoted_capacity] fields of the current record that had doubled quotes */
  size_t unquoted_capacity;
  price_failure failure;
} price_scan;

/* OPEN: a quoted field runs on behind the block, from a record that begins at `begin` on line next_line. */
enum price_scan_state { PRICE_SCAN_RECORD, PRICE_SCAN_END, PRICE_SCAN_OPEN, PRICE_SCAN_FAILED };

/* For the first block a scan of zeros. */
void price_scan_clear(price_scan *scan);

/* Turns to a block that begins on that line and ends in a line end; borrowed, with PRICE_SCAN_PADDING bytes behind it. */
void price_scan_start(price_scan *scan, const char *text, size_t length, uint64_t first_line);

/*
 * Splits the next record into scan->fields. Empty lines are skipped. RFC 4180: fields may be quoted, quotes inside are
 * doubled, a quoted field may hold line ends; LF and CRLF. FAILED sets the failure: a byte that is not UTF-8, NUL, a record longer than
 * 1 MiB, a line behind last_line (2^32 - 1 unless set), text after a closing quote. Cost O(bytes).
 */
enum price_scan_state price_scan_next(price_scan *scan);

/* The same for the first record of a file: passes over lines that begin with '#'. */
enum price_scan_state price_scan_next_header(price_scan *scan);

/* Sets the failure; FAILED. The message is taken. */
enum price_scan_state price_scan_fail(price_scan *scan, uint64_t line, int code, char *message);

/* What is said of a line without end, and of a quote without end. */
char *price_scan_too_long(void);
char *price_scan_never_closed(void);

#endif
