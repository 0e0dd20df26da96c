/* Arrays with holes: private mappings of a small file that is full of NaN, one behind the other. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, MAP_NORESERVE */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#endif
#include <aftershock/base/holes.h>

#include <fcntl.h>
#include <glib.h>
#include <math.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

/* A process may have some 65,000 mappings, and a study a dozen arrays an exchange. The file has one mapping's bytes. */
enum { MOST_MAPPINGS = 256, LEAST_BYTES = 1 << 16 };

/* In the page before the numbers. */
typedef struct holes_head {
  size_t size_bytes; /* of all pages, this one too */
  size_t step;       /* bytes of the file */
  int fd;            /* of the file; -1: there is none, all pages are written */
} holes_head;

static size_t find_page(void) { return (size_t)sysconf(_SC_PAGESIZE); }

static size_t round_up(size_t n, size_t step) { return (n + step - 1) / step * step; }

static holes_head *find_head(double *holes) { return (holes_head *)(void *)((char *)holes - find_page()); }

static void fill(double *numbers, size_t n) {
  for (size_t i = 0; i < n; i++) numbers[i] = (double)NAN;
}

/* A file without a name, of so many bytes of NaN, for this program alone; -1 when it cannot be made. */
static int make_file(size_t size_bytes) {
  FILE *file = tmpfile();
  double *numbers = g_new(double, size_bytes / sizeof(double));
  fill(numbers, size_bytes / sizeof(double));
  bool ok = file != NULL && fwrite(numbers, 1, size_bytes, file) == size_bytes && fflush(file) == 0;
  int fd = ok ? fcntl(fileno(file), F_DUPFD_CLOEXEC, 0) : -1;
  g_free(numbers);
  if (file != NULL) fclose(file);
  return fd;
}

/* New pages at a place of its own choice (NULL), or in place of those at start; NULL when there are none. fd: -1 for zeros. */
static void *map(void *start, size_t size_bytes, int fd) {
  int kind = MAP_PRIVATE | MAP_NORESERVE | (start != NULL ? MAP_FIXED : 0) | (fd < 0 ? MAP_ANONYMOUS : 0);
  // cppcheck-suppress invalidFunctionArg ; -1 is what goes with MAP_ANONYMOUS
  void *pages = mmap(start, size_bytes, PROT_READ | PROT_WRITE, kind, fd, 0);
  if (pages == MAP_FAILED) return NULL;
  return pages;
}

/* Lays the file over all numbers, again and again. */
static bool cover(double *holes, const holes_head *head) {
  char *start = (char *)holes;
  size_t size_bytes = head->size_bytes - find_page();
  void *pages = head->fd < 0 ? NULL : start;
  for (size_t at = 0; pages != NULL && at < size_bytes; at += head->step)
    pages = map(start + at, MIN(head->step, size_bytes - at), head->fd);
  return pages != NULL;
}

static void fill_pages(double *holes, holes_head *head) {
  size_t size_bytes = head->size_bytes - find_page();
  if (head->fd >= 0) close(head->fd);
  head->fd = -1;
  if (map(holes, size_bytes, -1) == NULL) abort();
  fill(holes, size_bytes / sizeof(double));
}

double *aft_holes_new(size_t n, double *like) {
  size_t page = find_page();
  if (n > (SIZE_MAX - 2 * page) / sizeof(double)) abort();
  size_t size_bytes = round_up(MAX(n, 1) * sizeof(double), page);
  char *start = map(NULL, page + size_bytes, -1);
  if (start == NULL) abort();
  double *holes = (double *)(void *)(start + page);
  holes_head *head = find_head(holes);
  const holes_head *other = like != NULL && find_head(like)->fd >= 0 ? find_head(like) : NULL;
  head->size_bytes = page + size_bytes;
  head->step = other != NULL ? other->step : round_up(MAX(size_bytes / MOST_MAPPINGS, (size_t)LEAST_BYTES), page);
  head->fd = other != NULL ? fcntl(other->fd, F_DUPFD_CLOEXEC, 0) : make_file(head->step);
  if (!cover(holes, head)) fill_pages(holes, head);
  return holes;
}

void aft_holes_free(void *holes) {
  if (holes == NULL) return;
  holes_head *head = find_head(holes);
  if (head->fd >= 0) close(head->fd);
  munmap(head, head->size_bytes);
}
