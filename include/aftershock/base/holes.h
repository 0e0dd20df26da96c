/* Large arrays of numbers of which most are missing: NaN, and no memory, until they are written. */
#ifndef AFTERSHOCK_BASE_HOLES_H
#define AFTERSHOCK_BASE_HOLES_H

#include <stddef.h>

/*
 * n numbers, all NaN; owned. Memory is taken by the page on the first write to it; pages that were never written are the same few, which hold
 * NaN: 1/256 of the array, or 64 KB. like: an array of about the same size, whose pages of NaN will do for this one too; NULL: none. Where the
 * system gives no such pages they are filled. Ends the program when there is no memory, as g_malloc does.
 */
double *aft_holes_new(size_t n, double *like);
/* Accepts NULL. */
void aft_holes_free(void *holes);

#endif
