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

/* New pages at a place of its own choice (NULL), or in place of those at start; NULL when there are none. fd: -1 for zeros. */
static void *map(void *start, size_t size_bytes, int fd) {
  int kind = MAP_PRIVATE | MAP_NORESERVE | (start != NULL ? MAP_FIXED : 0) | (fd < 0 ? MAP_ANONYMOUS : 0);
  // cppcheck-suppress invalidFunctionArg ; -1 is what goes with MAP_ANONYMOUS
  void *pages = mmap(start, size_bytes, PROT_READ | PROT_WRITE, kind, fd, 0);
  if (pages == MAP_FAILED) return NULL;
  return pages;
}

static bool cover(char *start, size_t size_bytes, size_t page) {
  size_t step = round_up(MAX(size_bytes / MOST_MAPPINGS, (size_t)LEAST_BYTES), page);
  FILE *file = make_file(step);
  void *pages = file == NULL ? NULL : start;
  for (size_t at = 0; pages != NULL && at < size_bytes; at += step)
    pages = map(start + at, MIN(step, size_bytes - at), fileno(file));
  if (file != NULL) fclose(file);
  return pages != NULL;
}

/* The page before the numbers knows their size. */
double *aft_holes_new(size_t n) {
  size_t page = (size_t)sysconf(_SC_PAGESIZE);
  if (n > (SIZE_MAX - 2 * page) / sizeof(double)) abort();
  size_t size_bytes = round_up(MAX(n, 1) * sizeof(double), page);
  char *start = map(NULL, page + size_bytes, -1);
  if (start == NULL) abort();
  double *holes = (double *)(void *)(start + page);
  *(size_t *)(void *)start = page + size_bytes;
  if (cover(start + page, size_bytes, page)) return holes;
  holes = map(start + page, size_bytes, -1);
  if (holes == NULL) abort();
  fill(holes, n);
  return holes;
}

void aft_holes_free(void *holes) {
  if (holes == NULL) return;
  char *start = (char *)holes - sysconf(_SC_PAGESIZE);
  munmap(start, *(size_t *)(void *)start);
}
