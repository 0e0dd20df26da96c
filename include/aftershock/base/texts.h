/* Many texts that live and die together, shared by all who hold a reference. */
#ifndef AFTERSHOCK_BASE_TEXTS_H
#define AFTERSHOCK_BASE_TEXTS_H

#include <glib.h>

typedef struct aft_texts aft_texts; /* opaque: holds blocks of memory */

aft_texts *aft_texts_new(void); /* with one reference */
aft_texts *aft_texts_ref(aft_texts *texts);
/* Frees the texts with the last reference; accepts NULL. Not for several threads at once. */
void aft_texts_unref(aft_texts *texts);

/* A copy, borrowed from the texts; "" costs nothing. */
const char *aft_texts_add(aft_texts *texts, const char *text);
/* Keeps a buffer in which texts lie; taken. */
void aft_texts_take(aft_texts *texts, char *buffer);

#endif
