/* Large blocks of memory by mmap: the C library's own heap keeps freed blocks for itself. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS, madvise */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#endif
#include <aftershock/base/pages.h>

#include <glib.h>
#include <stdint.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <aftershock/base/banned.h>

void *aft_pages_new(size_t size_bytes) {
  void *pages = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (pages == MAP_FAILED) abort();
  return pages;
}

void aft_pages_free(void *pages, size_t size_bytes) {
  if (pages != NULL) munmap(pages, size_bytes);
}

void aft_pages_prefer_large(void *memory, size_t size_bytes) {
#ifdef MADV_HUGEPAGE
  enum { LARGE_PAGE_BYTES = 1 << 21 };
  uintptr_t first = ((uintptr_t)memory + LARGE_PAGE_BYTES - 1) & ~((uintptr_t)LARGE_PAGE_BYTES - 1);
  uintptr_t last = ((uintptr_t)memory + size_bytes) & ~((uintptr_t)LARGE_PAGE_BYTES - 1);
  if (first < last) (void)madvise((char *)memory + (first - (uintptr_t)memory), last - first, MADV_HUGEPAGE);
#else
  (void)memory, (void)size_bytes;
#endif
}
