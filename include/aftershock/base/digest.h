/* SHA-256 of bytes as they come. */
#ifndef AFTERSHOCK_BASE_DIGEST_H
#define AFTERSHOCK_BASE_DIGEST_H

#include <glib.h>
#include <stdbool.h>
#include <stddef.h>

typedef struct aft_digest aft_digest; /* opaque: holds a library's context */

/*
 * is_large: a megabyte or more is to come. Large data go through libcrypto, where the program was built with it: five times as fast on
 * processors with instructions for it, but a millisecond to start. The digest is the same. Owned.
 */
aft_digest *aft_digest_new(bool is_large);
void aft_digest_add(aft_digest *digest, const void *bytes, size_t size);
/* Frees the digest and returns it in lower-case hexadecimal, owned. */
char *aft_digest_finish(aft_digest *digest);
/* Frees it unfinished; accepts NULL. */
void aft_digest_free(aft_digest *digest);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(aft_digest, aft_digest_free)

#endif
