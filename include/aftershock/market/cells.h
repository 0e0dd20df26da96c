/* Rows of price files put in their places as they come: security x session, before the panel is made of them. */
#ifndef AFTERSHOCK_MARKET_CELLS_H
#define AFTERSHOCK_MARKET_CELLS_H

#include <aftershock/input/prices.h>
#include <aftershock/market/keep.h>

typedef struct aft_cells aft_cells; /* opaque: holds pages of memory */

typedef struct aft_cells_options {
  bool drop_volume;               /* nobody asks for volumes: they are compared, but not kept */
  bool count_volume;              /* volumes as counts of 4 bytes, if all can be; not with keep */
  const aft_keep *keep;           /* settled; rows that it does not keep go by; NULL: all are kept; borrowed */
  bool rows_are_log, log_returns; /* with keep: what rows of returns hold, and what the panel will */
} aft_cells_options;

/* calendar: borrowed until the cells are freed. Owned. */
aft_cells *aft_cells_new(const aft_calendar *calendar, const aft_cells_options *options);
void aft_cells_free(aft_cells *cells);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_cells, aft_cells_free)

/*
 * Puts rows into their cells, in the order of the files. Several rows of one security and day complete each other. Rows that cannot stand
 * (on a day without session, or against an earlier one) are kept in mind for aft_cells_check: the files may hold worse. A row
 * without any value takes no cell. A row that is not to be kept is looked at for its day, whether it is the first or last of all, and, of a
 * series of which something is kept, for what it has a value of; against an earlier one it can stand.
 *
 * Cost O(rows); memory 8 bytes a value kept. Of files in the order of symbols, where the first security has the sessions that others have,
 * the values lie where the panel has them, and a row takes a bit more; all others lie in tiles of 128 sessions, with 4 bytes more a row. Of a
 * series of which only runs are kept a bit a session and price besides.
 */
void aft_cells_take(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch);
/* The same with all the rows that prices keep. */
void aft_cells_take_kept(aft_cells *cells, const aft_prices *prices);
/* The same with cells in data: a place for the rows of aft_prices_read_csv. */
void aft_cells_sink(void *data, const aft_prices *prices, const aft_price_batch *batch);

/* Fails on the first row of all that cannot stand, and when there is none at all. */
bool aft_cells_check(const aft_cells *cells, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/* Warns of rows that repeat an earlier one. */
void aft_cells_warn_repeated(const aft_cells *cells, const aft_prices *prices, aft_warnings *warnings);

const aft_calendar *aft_cells_calendar(const aft_cells *cells); /* borrowed */
/* First session of the calendar with a row, and the number of sessions to the last one. */
long aft_cells_first_session(const aft_cells *cells);
size_t aft_cells_n_sessions(const aft_cells *cells);
/* Whether any row has a value on that session of the calendar. */
bool aft_cells_has_session(const aft_cells *cells, long session);
/* Whether a file has the column and it is kept. */
bool aft_cells_has_column(const aft_cells *cells, enum aft_price_column column);

/*
 * The column as [n_securities][n_sessions], NaN where missing, owned; with keep it is one of base/holes.h, and must live until the last
 * column is taken. It takes over the memory that the column has here, or gives it back on the way, so that both are never there in whole. Once
 * a column.
 */
double *aft_cells_take_column(aft_cells *cells, enum aft_price_column column, size_t n_securities, unsigned n_threads);

/*
 * Volumes as counts, each one more than it is, 0 where missing, in the same shape; owned by g_free. NULL where they were not to be counted, there
 * are none, or one is no whole number below 2^32 - 1: then the column has them. Once.
 */
uint32_t *aft_cells_take_counts(aft_cells *cells, size_t n_securities, unsigned n_threads);

/* Lines of the first rows with a value of n sessions from `session` on, and their files; 0 where there is none. */
void aft_cells_get_lines(const aft_cells *cells, size_t security, long session, size_t n, uint32_t *line,
                         uint16_t *file);

/*
 * Whether the rows with a value of a security are known to be those of n sessions one behind the other, from `first` on. false says nothing and
 * sets nothing: then aft_cells_get_lines tells where they are.
 */
bool aft_cells_find_rows(const aft_cells *cells, size_t security, long *first, size_t *n);

/* Whether the cells have a keep. */
bool aft_cells_keeps_some(const aft_cells *cells);
/* What was to be kept of a series; NULL when it is nothing. Borrowed. */
const aft_keep_series *aft_cells_get_keep(const aft_cells *cells, size_t security);
/* Columns of which any row of the series had a value, kept or not: a bit each. 0 of a series of which nothing is kept. */
unsigned aft_cells_seen_columns(const aft_cells *cells, size_t security);
/*
 * First and last session with a return, from what the rows had that went by too: between prices of two sessions in a row; with gap_returns
 * between any two; or where a row has a return. false when there is none.
 */
bool aft_cells_find_returns(const aft_cells *cells, size_t security, bool gap_returns, long *first, long *last);
/* Rows that were kept. */
size_t aft_cells_n_kept(const aft_cells *cells);

/* Gives back all that the rows took; the cells can only be freed. */
void aft_cells_empty(aft_cells *cells);

#endif
