/* A CSV file of the result folder in memory: texts, looked up by row and column name. */
#ifndef AFTERSHOCK_REPORT_TABLE_H
#define AFTERSHOCK_REPORT_TABLE_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aft_table {
  size_t n_rows;
  int n_columns;
  char **names;     /* [n_columns] and NULL, owned */
  GPtrArray *cells; /* of char *: [n_rows * n_columns] borrowed from text */
  GStringChunk *text;
} aft_table;

/* Reads folder/name. A missing file is an error. Columns are found by name; unknown ones are kept. */
bool aft_table_read(aft_table *table, const char *folder, const char *name, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The same, keeping only the rows in which every named column has the given text, so that the rows of one event of a large
 * study fit in memory. filter: column, text, column, text, ..., NULL; borrowed. A column that the file lacks is an error.
 */
bool aft_table_read_matching(aft_table *table, const char *folder, const char *name, const char *const *filter,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_table_clear(aft_table *table); /* a zeroed table too */
G_DEFINE_AUTO_CLEANUP_CLEAR_FUNC(aft_table, aft_table_clear)
/* Column index, or -1. */
int aft_table_find(const aft_table *table, const char *column);
/* Text of a cell ("" when the column is -1); the apostrophe guard of aft_csv_append is taken off. Borrowed. */
const char *aft_table_text(const aft_table *table, size_t row, int column);
/* Number of a cell; NaN when empty or not a number. */
double aft_table_number(const aft_table *table, size_t row, int column);

#endif
