/* Random numbers from (seed, stream, index): any draw can be made alone, in any order, on any thread. */
#ifndef AFTERSHOCK_STATS_RANDOM_H
#define AFTERSHOCK_STATS_RANDOM_H

#include <stddef.h>
#include <stdint.h>

/* Streams keep the uses of one seed apart. */
enum aft_random_stream {
  AFT_STREAM_WILD = 1,
  AFT_STREAM_STATIONARY = 2,
  AFT_STREAM_BLOCK = 3,
  AFT_STREAM_PERMUTATION = 4,
  AFT_STREAM_ROMANO_WOLF = 5,
  AFT_STREAM_SIMULATION = 6,
  AFT_STREAM_SKEW = 7,
  AFT_STREAM_LEE_MYKLAND = 8,
  AFT_STREAM_MAD = 9
};

/*
 * Key of one stream of one seed: mix(mix(seed + G) ^ (stream * 0xD1B54A32D192ED03 + 1)), G = 0x9E3779B97F4A7C15, where
 * mix is the output function of SplitMix64. Source: Steele, Lea and Flood (2014), OOPSLA.
 */
uint64_t aft_random_key(uint64_t seed, enum aft_random_stream stream);

/* Draw number index of a key, mix(key + (index + 1) G): all 64 bits are random. */
uint64_t aft_random_bits(uint64_t key, uint64_t index);

double aft_random_uniform(uint64_t key, uint64_t index);             /* multiple of 2^-53 in [0, 1) */
uint64_t aft_random_below(uint64_t key, uint64_t index, uint64_t n); /* floor(u n); n below 2^53 */
double aft_random_normal(uint64_t key, uint64_t index); /* Box-Muller, from draws 2 index and 2 index + 1 */

/* Draws index, index + 1, ... as signs: +1 where the uniform draw is below 1/2, else -1; sign [n]. */
void aft_random_rademachers(uint64_t key, uint64_t index, size_t n, double *sign);

#endif
