/* Which column of a price or return file holds what; internal to input/. */
#ifndef INPUT_PRICE_HEADER_H
#define INPUT_PRICE_HEADER_H

#include "price_scan.h"

#include <aftershock/base/error.h>
#include <aftershock/input/prices.h>

enum price_content { PRICE_CONTENT_PRICES, PRICE_CONTENT_RETURNS };

enum { PRICE_HEADER_NONE = -1 };

typedef struct price_header {
  size_t n_columns;
  char **names;                   /* [n_columns] and NULL: trimmed, without units; owned */
  bool is_wide;                   /* date, then one column of closes a symbol */
  int date;                       /* a column of the file */
  int symbol;                     /* a column of the file; PRICE_HEADER_NONE when wide */
  int value[AFT_PRICE_N_COLUMNS]; /* columns of the file, or PRICE_HEADER_NONE; all of them NONE when wide */
  uint32_t line;
  char *unused; /* names of the columns that are not read, with advice; NULL when there are none; owned */
} price_header;

/*
 * Makes a header of the record that the scan has just split. Fails with AFT_INPUT_ERROR_COLUMN and a message that names the columns found
 * and the likely cure, with path; header is zero or whole, to be cleared in both cases.
 */
bool price_header_read(price_header *header, const char *path, const price_scan *scan, enum price_content content,
                       GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The failure of a price file with rows, none of which has a price; false. */
bool price_header_fail_empty(const price_header *header, const char *path, GError **error);
void price_header_clear(price_header *header);

/* A field as a message may show it: at most 60 bytes, control characters replaced; owned. */
char *price_field_show(const scan_field *field);

#endif
