/* Jumps of prices that look like splits. */
#include "split.h"

#include <glib.h>
#include <math.h>

#include <aftershock/base/banned.h>

bool split_is_likely(double ratio, double *split) {
  static const double usual[] = {1.5, 2, 3, 4, 5, 6, 7, 8, 10, 12, 15, 20, 25, 30, 50, 100};
  double up = ratio > 1 ? ratio : 1 / ratio;
  if (!(up > SPLIT_LEAST)) return false; // almost every day
  for (size_t i = 0; i < G_N_ELEMENTS(usual); i++)
    if (fabs(up / usual[i] - 1) < 0.03) {
      *split = ratio > 1 ? 1 / usual[i] : usual[i];
      return true;
    }
  return false;
}

/* Four are sought at once, so that none waits for another. */
double split_find_largest(const double *move, size_t n) {
  enum { SIDES = 4 };
  double most[SIDES] = {0};
  size_t k = 0;
  for (; k + SIDES <= n; k += SIDES)
    for (size_t i = 0; i < SIDES; i++) {
      double size = fabs(move[k + i]);
      most[i] = size > most[i] ? size : most[i];
    }
  for (; k < n; k++) most[0] = fabs(move[k]) > most[0] ? fabs(move[k]) : most[0];
  return fmax(fmax(most[0], most[1]), fmax(most[2], most[3]));
}
