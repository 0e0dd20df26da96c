/*
 * Bench: numbers written in the shortest form that reads back, a CPU second, beside the C library's printf on the same numbers.
 *
 *   bench_numbers [MILLIONS]      default 2
 *
 * Prints "shortest NUMBERS_PER_CPU_SECOND" and "printf ...". The numbers are what tables are full of: 16 or 17 digits, below 0.05 in size.
 */
#include <aftershock/base/text.h>
#include <aftershock/stats/random.h>

#include <stdio.h>
#include <stdlib.h>
#include <time.h>

#include <aftershock/base/banned.h>

static double cpu_seconds(void) {
  struct timespec now;
  clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
  return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

int main(int argc, char **argv) {
  size_t n = (argc > 1 ? (size_t)strtol(argv[1], NULL, 10) : 2) * 1000000, length = 0;
  uint64_t key = aft_random_key(1, AFT_STREAM_SIMULATION);
  double *value = g_new(double, n);
  char text[64];
  for (size_t i = 0; i < n; i++) value[i] = 0.02 * aft_random_normal(key, i);
  double start = cpu_seconds();
  for (size_t i = 0; i < n; i++) length += aft_number_write(value[i], text);
  printf("shortest %.0f\n", (double)n / (cpu_seconds() - start));
  start = cpu_seconds();
  for (size_t i = 0; i < n; i++) length += (size_t)snprintf(text, sizeof text, "%.17g", value[i]);
  printf("printf %.0f\n", (double)n / (cpu_seconds() - start));
  if (length == 0) printf("# nothing written\n");
  g_free(value);
  return 0;
}
