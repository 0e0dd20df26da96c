/* A provider described in a small JSON file: its address, where the rows are, which column is what. */
#ifndef FETCH_MAPPING_H
#define FETCH_MAPPING_H

#include "json.h"
#include "session.h"

enum fetch_format { FETCH_CSV, FETCH_ROWS, FETCH_COLUMNS, FETCH_KEYED };

/* How days are written. Times of news are any that a study reads. */
enum fetch_dates { FETCH_ISO, FETCH_COMPACT, FETCH_MONTH_FIRST, FETCH_DAY_FIRST, FETCH_EPOCH, FETCH_EPOCH_MS };

typedef struct fetch_column {
  char *target; /* "date", "close", the name of a series */
  char *name;   /* in the answer; NULL: by index */
  size_t index; /* from 0 */
} fetch_column;

typedef struct fetch_mapping {
  aft_provider provider; /* its texts point into this */
  char *name, *url, *base, *key, *key_name, *key_prefix, *meaning, *path, *header;
  enum fetch_format format;
  char delimiter;
  GArray *columns; /* of fetch_column; the first is the day or time */
  enum fetch_dates dates;
  GTimeZone *zone; /* of instants that are days, and of times without a zone */
  char **missing;  /* texts that are no number and no fault */
  bool percent;    /* numbers are, and become fractions */
} fetch_mapping;

/* aft_provider.run of a described provider. */
bool fetch_run_mapping(fetch_session *session, GError **error);

/* One answer as records of cells. */
typedef struct fetch_table {
  const fetch_mapping *mapping;
  json_t *root, *rows; /* JSON: owned, borrowed */
  GPtrArray *records;  /* CSV: of char **, owned */
  char **header;       /* CSV; owned; NULL where columns go by index alone */
  GPtrArray *keys;     /* KEYED: of char *, borrowed from root */
  size_t n;
} fetch_table;

/* Reads the body into records. Fails with ANSWER when the rows or a column are not there. */
bool fetch_table_read(fetch_table *table, const fetch_mapping *mapping, const fetch_reply *reply,
                      aft_warnings *warnings, GError **error);
void fetch_table_clear(fetch_table *table);

/* Text of a cell, numbers printed; NULL when the row has none. Owned. */
char *fetch_table_cell(const fetch_table *table, size_t row, const fetch_column *column);

#endif
