/* Large blocks of memory that go back to the system as soon as they are freed. */
#ifndef AFTERSHOCK_BASE_PAGES_H
#define AFTERSHOCK_BASE_PAGES_H

#include <stddef.h>

/*
 * Zeroed memory of whole pages, owned; ends the program when there is none, as g_malloc does. size_bytes > 0. The system gives it at once,
 * where it can, not page by page as it is touched: for what will be filled.
 */
void *aft_pages_new(size_t size_bytes);
/* Frees what aft_pages_new gave for the same size; accepts NULL. */
void aft_pages_free(void *pages, size_t size_bytes);

#endif
