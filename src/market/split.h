/* Jumps of prices that look like splits. */
#ifndef MARKET_SPLIT_H
#define MARKET_SPLIT_H

#include <stdbool.h>
#include <stddef.h>

/* No price that goes to less than this many times another, in either direction, looks like a split. */
#define SPLIT_LEAST 1.45

/* Whether a day's price ratio is that of a usual split, in either direction; sets the new shares for one old. */
bool split_is_likely(double ratio, double *split);

/* Size of the largest of n moves, up or down, those that are missing left out; 0 when there is none. */
double split_find_largest(const double *move, size_t n);

#endif
