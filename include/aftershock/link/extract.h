/* Claims that a text seems to make, for a person to confirm. */
#ifndef AFTERSHOCK_LINK_EXTRACT_H
#define AFTERSHOCK_LINK_EXTRACT_H

#include <aftershock/input/claims.h>
#include <aftershock/input/tables.h>

/*
 * Reads an article's text (UTF-8) sentence by sentence and proposes
 *
 *   price_move, market_value_change_percent    a percentage with a word of direction and a firm
 *   market_value_change, group_market_value_change   an amount of money of a million or more, likewise; a group when the sentence names
 *                  stocks, a sector or a market and no firm
 *   record, rank_in_group   "largest", "biggest", "worst" (also "second-largest") with a noun of loss or gain
 *   direction      a firm and a verb of direction, with no number
 *
 * Firms are known from names (rows NULL: none), and from $TICKER and (EXCHANGE: TICKER). Passed over: what is said to be possible, denied or expected,
 * levels ("to 118 dollars"), revenues and profits, and moves of weeks, quarters and years. Array of aft_claim with ids c1, c2, ...
 * and the sentence as quote, owned; cleared with it. Cost O(length x names).
 */
GArray *aft_claims_extract(const char *text, const aft_names *names);

#endif
