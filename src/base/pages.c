/* Large blocks of memory by mmap: the C library's own heap keeps freed blocks for itself. */
#define _DEFAULT_SOURCE /* MAP_ANONYMOUS */
#ifdef __APPLE__
#define _DARWIN_C_SOURCE
#endif
#include <aftershock/base/pages.h>

#include <glib.h>
#include <stdlib.h>
#include <sys/mman.h>

#include <aftershock/base/banned.h>

/* Memory that is there when it is asked for, not page by page as it is first touched. */
#ifdef MAP_POPULATE
#define FILL_AT_ONCE MAP_POPULATE
#else
#define FILL_AT_ONCE 0
#endif

void *aft_pages_new(size_t size_bytes) {
  // cppcheck-suppress invalidFunctionArg ; -1 is what goes with MAP_ANONYMOUS
  void *pages = mmap(NULL, size_bytes, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | FILL_AT_ONCE, -1, 0);
  if (pages == MAP_FAILED) abort();
  return pages;
}

void aft_pages_free(void *pages, size_t size_bytes) {
  if (pages != NULL) munmap(pages, size_bytes);
}
