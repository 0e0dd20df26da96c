/* RFC 4180 records from a file of moderate size: header, quoted fields, CRLF, byte-order mark, exact line numbers. */
#ifndef AFTERSHOCK_BASE_CSV_H
#define AFTERSHOCK_BASE_CSV_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aft_csv aft_csv;

/*
 * Reads the whole file and its header. Lines beginning with '#' before the header are comments (kept: aft_csv_comment).
 * Header names are trimmed; "name (unit)" or "name [unit]" is column `name` with that unit.
 * Fails on: unreadable file, invalid UTF-8, a NUL byte, no header, an empty or repeated column name.
 * Returned reader is owned by the caller.
 */
aft_csv *aft_csv_open(const char *path, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* The same from memory; name stands in messages for the path. bytes are copied. */
aft_csv *aft_csv_open_bytes(const char *name, const char *bytes, size_t size, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_csv_free(aft_csv *csv);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_csv, aft_csv_free)

const char *aft_csv_path(const aft_csv *csv); /* borrowed */
int aft_csv_n_columns(const aft_csv *csv);
const char *aft_csv_name(const aft_csv *csv, int column); /* borrowed */
const char *aft_csv_unit(const aft_csv *csv, int column); /* borrowed; "" when the header gives none */
const char *aft_csv_comment(const aft_csv *csv);          /* comment lines before the header, '#' removed; borrowed */
int aft_csv_find(const aft_csv *csv, const char *name);   /* column index, or -1 */

/*
 * Next record: sets *fields to n_columns NUL-terminated texts, unquoted, blanks around unquoted fields trimmed; borrowed
 * until the next call. Empty lines are skipped. Returns false at the end (error unset) or on a malformed record (error
 * set): other number of fields than the header, text after a closing quote, an open quote at the end.
 */
bool aft_csv_next(aft_csv *csv, const char *const **fields, GError **error);
/*
 * Cuts the records that are left into parts of about part_bytes, in the order of the file: readers of the same columns, of which different
 * threads may read at the same time; csv gives no more records itself. Where there is a quote anywhere there is one part, since a quoted field
 * may run on over a line end. The array and its parts are owned; their fields lie in csv's memory.
 */
GPtrArray *aft_csv_cut(aft_csv *csv, size_t part_bytes);
/* A part has no more records than that. */
size_t aft_csv_most_records(const aft_csv *part);
/* The memory in which all fields lie that were given out, owned: they live as long. No more records come. */
char *aft_csv_take_text(aft_csv *csv);
long aft_csv_line(const aft_csv *csv); /* line on which the current record begins, from 1 */

#endif
