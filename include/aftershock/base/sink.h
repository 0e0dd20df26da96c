/* A CSV file being written: fields and rows through a buffer, errors kept until the end. */
#ifndef AFTERSHOCK_BASE_SINK_H
#define AFTERSHOCK_BASE_SINK_H

#include <aftershock/base/clock.h>

#include <glib.h>
#include <stdbool.h>

typedef struct aft_sink aft_sink;

/* Creates folder/name and writes the header line (column names separated by commas, as they shall stand). Owned. */
aft_sink *aft_sink_open(const char *folder, const char *name, const char *header,
                        GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* One field each; separators are added. A text is quoted and guarded as aft_csv_append does; NaN is an empty field. */
void aft_sink_text(aft_sink *sink, const char *text);
void aft_sink_number(aft_sink *sink, double value);
void aft_sink_integer(aft_sink *sink, gint64 value);
void aft_sink_day(aft_sink *sink, aft_day day);                      /* AFT_DAY_NONE: empty */
void aft_sink_word(aft_sink *sink, const char *text, size_t length); /* it needs neither quotes nor a guard */
void aft_sink_end_row(aft_sink *sink);

/*
 * Rows that begin alike: aft_sink_repeat begins a row with those fields that the row before had when aft_sink_mark was called for it, or
 * that it repeats itself.
 */
void aft_sink_mark(aft_sink *sink);
void aft_sink_repeat(aft_sink *sink);

/* Puts rows first .. last-1 of a table into sink; may be called in several threads, each with a sink of its own. */
typedef void aft_sink_rows(aft_sink *sink, size_t first, size_t last, const void *data);

/* Rows 0 .. n-1 in order: threads put blocks of them into memory, while the blocks before are written. n_threads 0: one per processor. */
void aft_sink_fill(aft_sink *sink, size_t n, unsigned n_threads, aft_sink_rows *rows, const void *data);

/* Writes what is left and closes. Takes sink. False when any byte could not be written. */
bool aft_sink_close(aft_sink *sink, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
