/* Price and return files with the source and the block size in the caller's hand; internal to input/, for tests. */
#ifndef INPUT_PRICE_READER_H
#define INPUT_PRICE_READER_H

#include "price_bytes.h"
#include "price_header.h"

/* What aft_prices_read does, whatever the source; reading->n_threads is the source's. */
bool prices_read_source(aft_prices *prices, const price_source *source, aft_price_reading *reading,
                        aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* prices.c: a column that no file had before is NaN in the rows that are there; n_rows: with those not yet counted. */
void prices_add_column(aft_prices *prices, enum aft_price_column column, size_t n_rows);
/* Copies rows behind the n_rows that are there. */
void prices_append(aft_prices *prices, const aft_price_batch *batch, size_t n_rows);

#endif
