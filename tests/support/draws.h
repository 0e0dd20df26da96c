/* Reproducible random inputs for tests. */
#ifndef TESTS_DRAWS_H
#define TESTS_DRAWS_H

#include <glib.h>
#include <math.h>

/* A standard normal by Box and Muller; the stream is that of g_rand_new_with_seed, the same on every machine. */
static inline double draw_normal(GRand *draws) {
  double u = 1 - g_rand_double(draws), v = g_rand_double(draws);
  return sqrt(-2 * log(u)) * cos(6.283185307179586477 * v);
}

/* Student t with 3 degrees of freedom, variance 3. */
static inline double draw_heavy(GRand *draws) {
  double sum = 0;
  for (int i = 0; i < 3; i++) {
    double z = draw_normal(draws);
    sum += z * z;
  }
  return draw_normal(draws) / sqrt(sum / 3);
}

#endif
