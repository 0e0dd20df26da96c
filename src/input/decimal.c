/* Quotients that a double cannot hold on the way. */
#include "decimal.h"

#include <math.h>

#include <aftershock/base/banned.h>

#ifdef __SIZEOF_INT128__
__extension__ typedef unsigned __int128 wide;

bool decimal_divide(uint64_t m, int power, double *value) {
  uint64_t divisor = 1;
  for (int i = 0; i < power; i++) divisor *= 10;
  int up = __builtin_clzll(m);
  /* At least 2^127 / 10^19 > 2^63. */
  wide dividend = (wide)(m << up) << 64, quotient = dividend / divisor;
  bool rest = quotient * divisor != dividend;
  uint64_t top = (uint64_t)(quotient >> 64);
  int drop = top != 0 ? 64 + 11 - __builtin_clzll(top) : 11; /* bits behind the 53rd */
  wide kept = quotient >> drop, below = quotient - (kept << drop), half = (wide)1 << (drop - 1);
  bool is_up = below > half || (below == half && (rest || (kept & 1) != 0));
  *value = ldexp((double)(uint64_t)(kept + is_up), drop - up - 64);
  return true;
}
#else
bool decimal_divide(uint64_t m, int power, double *value) {
  (void)m, (void)power, (void)value;
  return false;
}
#endif
