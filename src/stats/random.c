/* SplitMix64 as a counter, and the variates that resampling needs. */
#include <aftershock/stats/random.h>

#include <gsl/gsl_math.h>
#include <math.h>

#include <aftershock/base/banned.h>

#define GOLDEN UINT64_C(0x9E3779B97F4A7C15)

static uint64_t mix(uint64_t z) {
  z = (z ^ (z >> 30)) * UINT64_C(0xBF58476D1CE4E5B9);
  z = (z ^ (z >> 27)) * UINT64_C(0x94D049BB133111EB);
  return z ^ (z >> 31);
}

uint64_t aft_random_key(uint64_t seed, enum aft_random_stream stream) {
  return mix(mix(seed + GOLDEN) ^ ((uint64_t)stream * UINT64_C(0xD1B54A32D192ED03) + 1));
}

uint64_t aft_random_bits(uint64_t key, uint64_t index) { return mix(key + (index + 1) * GOLDEN); }

double aft_random_uniform(uint64_t key, uint64_t index) {
  return (double)(aft_random_bits(key, index) >> 11) * 0x1p-53;
}

uint64_t aft_random_below(uint64_t key, uint64_t index, uint64_t n) {
  return (uint64_t)(aft_random_uniform(key, index) * (double)n);
}

/* A uniform draw is below 1/2 when its first bit is 0. */
void aft_random_rademachers(uint64_t key, uint64_t index, size_t n, double *sign) {
  for (size_t i = 0; i < n; i++) sign[i] = mix(key + (index + i + 1) * GOLDEN) >> 63 == 0 ? 1.0 : -1.0;
}

double aft_random_normal(uint64_t key, uint64_t index) {
  double radius = sqrt(-2.0 * log(1.0 - aft_random_uniform(key, 2 * index)));
  return radius * cos(2.0 * M_PI * aft_random_uniform(key, 2 * index + 1));
}
