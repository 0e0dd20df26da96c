/* Price and return files with the source and the block size in the caller's hand; internal to input/, for tests. */
#ifndef INPUT_PRICE_READER_H
#define INPUT_PRICE_READER_H

#include "price_header.h"

/* What aft_prices_read_csv and aft_returns_read_csv do, whatever the source. is_log matters for returns only. */
bool prices_read_source(aft_prices *prices, const price_source *source, enum price_content content, bool is_log,
                        aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
