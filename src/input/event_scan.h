/* Rows of an event file: what each must be by itself, read part by part on all threads; internal to input/. */
#ifndef INPUT_EVENT_SCAN_H
#define INPUT_EVENT_SCAN_H

#include <aftershock/base/csv.h>
#include <aftershock/input/tables.h>

/* Checks names and time of a row, and fills its stamp. */
bool event_check(const char *file, aft_event_row *row, GError **error);

/* The order in which ids rise: by length and then by bytes; < 0 when a comes first. */
int event_compare_ids(const char *a, const char *b);

/* Columns of the file; group -1 when it has none. */
typedef struct event_columns {
  int event, symbol, published, group;
} event_columns;

/* Rows of one part of the file. */
typedef struct event_part {
  aft_csv *csv;        /* borrowed */
  aft_event_row *rows; /* [aft_csv_most_records]; borrowed */
  size_t n;            /* rows that stand by themselves, up to the error */
  bool rises;          /* the id of each comes after that of the row before */
  GError *error;       /* what ended it before its end; NULL: nothing; owned */
} event_part;

/* Fills n and what follows it of every part. */
void event_scan_parts(event_part *parts, size_t n, const event_columns *columns, const char *file, unsigned n_threads);

#endif
