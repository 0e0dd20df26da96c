/* Arrays with holes: private mappings of a small file that is full of NaN, one behind the other. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#endif
#include <aftershock/base/holes.h>

#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

/* Systems allow some 65,000 mappings of a process: an array takes at most so many. The file has one mapping's bytes. */
enum { MOST_MAPPINGS = 1024 };
enum { LEAST_BYTES = 1 << 16 };

static size_t round_up(size_t n, size_t step) { return (n + step - 1) / step * step; }

static void fill(double *numbers, size_t n) {
  for (size_t i = 0; i < n; i++) numbers[i] = (double)NAN;
}

/* A file without a name, of so many bytes of NaN; NULL when there is none. */
static FILE *make_file(size_t size_bytes) {
  FILE *file = tmpfile();
  double *numbers = g_new(double, size_bytes / sizeof(double));
  fill(numbers, size_bytes / sizeof(double));
  bool ok = file != NULL && fwrite(numbers, 1, size_bytes, file) == size_bytes && fflush(file) == 0;
  g_free(numbers);
  if (ok || file == NULL) return file;
  fclose(file);
  return NULL;
}

static bool map_file(char *start, size_t size_bytes, size_t page) {
  size_t step = round_up(MAX(size_bytes / MOST_MAPPINGS, (size_t)LEAST_BYTES), page);
  FILE *file = make_file(step);
  bool ok = file != NULL;
  for (size_t at = 0; ok && at < size_bytes; at += step)
    ok = mmap(start + at, MIN(step, size_bytes - at), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_FIXED | MAP_NORESERVE,
              fileno(file), 0) != MAP_FAILED;
  if (file != NULL) fclose(file);
  return ok;
}

/* The page before the numbers knows their size. */
double *aft_holes_new(size_t n) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if (n > (SIZE_MAX - 2 * page) / sizeof(double)) abort();
  size_t size_bytes = round_up(MAX(n, 1) * sizeof(double), page);
  // cppcheck-suppress invalidFunctionArg ; -1 is what goes with MAP_ANONYMOUS
  char *start =
      mmap(NULL, page + size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (start == MAP_FAILED) abort();
  *(size_t *)(void *)start = page + size_bytes;
  if (!map_file(start + page, size_bytes, page)) {
    // cppcheck-suppress invalidFunctionArg ; the same
    if (mmap(start + page, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_FIXED, -1, 0) ==
        MAP_FAILED)
      abort();
    fill((double *)(void *)(start + page), n);
  }
  return (double *)(void *)(start + page);
}

void aft_holes_free(void *holes) {
  if (holes == NULL) return;
  char *start = (char *)holes - sysconf(_SC_PAGESIZE);
  munmap(start, *(size_t *)(void *)start);
}
