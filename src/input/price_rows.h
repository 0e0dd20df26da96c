/* Rows of one block of a price or return file; internal to input/. Blocks know nothing of each other, so threads can share them. */
#ifndef INPUT_PRICE_ROWS_H
#define INPUT_PRICE_ROWS_H

#include "price_header.h"

/* What is the same for every block of a file. */
typedef struct price_form {
  const price_header *header; /* borrowed */
  bool is_returns, is_log;
  const uint32_t *wide_symbol; /* [n_columns] of a wide file; borrowed */
} price_form;

/* Rows with the same symbol, one after the other. */
typedef struct symbol_run {
  const char *text; /* in the block, or in names */
  size_t length;
  size_t first; /* row */
} symbol_run;

/* A month that dates were read of; n_days 0: none, and text is of no date. */
typedef struct price_month {
  char text[8]; /* "2025-01-" */
  aft_day first;
  unsigned n_days;
} price_month;

enum { PRICE_MONTH_BITS = 9 };

typedef struct price_rows {
  const price_form *form;
  price_scan scan;
  enum price_scan_state state; /* END, OPEN or FAILED when the block is read */
  size_t n, capacity;
  uint32_t *symbol; /* [n] ids: of a wide file as read, of a long one from the runs by whoever takes the rows */
  aft_day *day;
  uint32_t *line;                      /* counted from the block's first as 1 */
  double *column[AFT_PRICE_N_COLUMNS]; /* NULL for what the file does not have */
  GArray *runs;                        /* of symbol_run; empty for a wide file */
  GStringChunk *names;                 /* symbols that stand nowhere as they are */
  char last_date[16];
  size_t last_date_length;
  aft_day last_day;
  price_month month[1 << PRICE_MONTH_BITS]; /* each in a place of its own, which it may have to leave to another */
  size_t n_codes, n_returns, n_large;
  uint64_t first_code_line;
} price_rows;

void price_rows_init(price_rows *rows, const price_form *form);
void price_rows_clear(price_rows *rows);

/* Reads a block of whole lines, as price_scan_start takes it; rows and runs are borrowed from it until the next one. */
void price_rows_read(price_rows *rows, const char *text, size_t length);

/* Room for n more rows. */
void price_rows_reserve(price_rows *rows, size_t n);

/* price_quick.c: rows of a long file in their plainest form, from `begin` of the scan on, up to the first that is anything else. */
void price_rows_read_plain(price_rows *rows);

/* The symbol of row n; a run of its own when it is another one than before. */
static inline void price_rows_note_symbol(price_rows *rows, const char *text, size_t length) {
  symbol_run run = {text, length, rows->n};
  g_array_append_val(rows->runs, run);
}

/* Bounds of values, the same on both ways. Beyond these no currency and no share has been; within them no square of a return overflows. */
#define PRICE_SMALLEST 1e-20
#define PRICE_LARGEST 1e20
#define RETURN_LARGEST 1e9
#define RETURN_LARGEST_LOG 20.0
/* Returns larger than this in size, when most are, look like percent. */
#define RETURN_LARGE 0.5

#endif
