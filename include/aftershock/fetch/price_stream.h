/* Prices that a study reads out of a table in PostgreSQL while it runs, as the text of a price file. */
#ifndef AFTERSHOCK_FETCH_PRICE_STREAM_H
#define AFTERSHOCK_FETCH_PRICE_STREAM_H

#include <glib.h>
#include <stdbool.h>
#include <sys/types.h>

typedef struct aft_price_stream aft_price_stream; /* opaque: holds a connection */

/* Whether a path of a study is the address of a table. */
bool aft_price_stream_is_address(const char *path);

/*
 * Connects to postgresql://HOST:PORT/DATABASE/TABLE (TABLE or SCHEMA.TABLE; without host and database, postgresql:///TABLE, where PGSERVICE,
 * PGHOST and their kin say) and asks for the columns date and symbol, and those of prices, or ret, that the table has.
 *
 * symbols  NULL: all rows. Else NULL-terminated: the rows of these, and all rows of the table's first and last day, which say how far the
 *          data go
 *
 * Rows come by symbol and day, in an order that no locale changes, from one state of the table. The login is as libpq finds it. Fails with
 * URL, KEY, NETWORK, REFUSED or ANSWER (a table without these columns). Owned.
 */
aft_price_stream *aft_price_stream_open(const char *address, bool returns, const char *const *symbols,
                                        GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Gives the next bytes of the text, an aft_price_pull with the stream for its data; no more than some thousand rows are here at once. */
ssize_t aft_price_stream_read(void *stream_data, char *target, size_t size, GError **error);
void aft_price_stream_free(aft_price_stream *stream); /* NULL too */
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_price_stream, aft_price_stream_free)

#endif
