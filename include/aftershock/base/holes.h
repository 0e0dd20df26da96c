/* Large arrays of numbers of which most are missing: NaN, and no memory, until they are written. */
#ifndef AFTERSHOCK_BASE_HOLES_H
#define AFTERSHOCK_BASE_HOLES_H

#include <stddef.h>

/*
 * n numbers, all NaN; owned. Memory is taken by the page on the first write to it; pages that were never written are one and the same, which
 * holds NaN. Where the system gives no such pages they are filled. Ends the program when there is no memory, as g_malloc does.
 */
double *aft_holes_new(size_t n);
/* Accepts NULL. */
void aft_holes_free(void *holes);

#endif
