/* Jumps of prices that look like splits. */
#ifndef MARKET_SPLIT_H
#define MARKET_SPLIT_H

#include <stdbool.h>

/* Whether a day's price ratio is that of a usual split, in either direction; sets the new shares for one old. */
bool split_is_likely(double ratio, double *split);

#endif
