/*
 * Sums in eight lanes: element i goes to lane i mod 8, and the lanes are added at the end, always in the same way. Additions need not wait for
 * each other, so that the widest vectors of the machine can do them, and the bits are the same whatever it has.
 */
#ifndef AFTERSHOCK_BASE_LANES_H
#define AFTERSHOCK_BASE_LANES_H

#include <string.h>

enum { LANES = 8 };

typedef double lanes __attribute__((vector_size(LANES * sizeof(double))));

/* A function compiled for several instruction sets, of which the program takes the best that the machine has when it starts. */
#if defined __x86_64__ && defined __gnu_linux__ && !defined __SANITIZE_THREAD__ && !defined __SANITIZE_ADDRESS__ && \
    !defined __clang__
#define WIDEST __attribute__((target_clones("avx512f", "avx2", "default")))
#else
#define WIDEST
#endif

#define LANES_INLINE static inline __attribute__((always_inline))

/* The lanes pass by address: how vectors pass by value depends on the instruction set. */
LANES_INLINE void lanes_load(lanes *out, const double *x) { memcpy(out, x, sizeof *out); }

LANES_INLINE double lanes_sum(const lanes *x) {
  return (((*x)[0] + (*x)[4]) + ((*x)[2] + (*x)[6])) + (((*x)[1] + (*x)[5]) + ((*x)[3] + (*x)[7]));
}

/* The last n % LANES elements, with `fill` in the other lanes. */
LANES_INLINE void lanes_load_rest(lanes *out, const double *x, int n, double fill) {
  double room[LANES];
  for (int i = 0; i < LANES; i++) room[i] = i < n ? x[i] : fill;
  memcpy(out, room, sizeof *out);
}

#endif
