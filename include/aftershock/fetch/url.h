/* Addresses: which ones are asked, where a redirect may lead, and texts without the key. No network. */
#ifndef AFTERSHOCK_FETCH_URL_H
#define AFTERSHOCK_FETCH_URL_H

#include <aftershock/fetch/http.h>

/* https anywhere, http to this machine alone; no user in the address, no blanks or control characters. */
bool aft_url_check(const char *url, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* Whether the host is this machine: localhost, 127.0.0.0/8, ::1. */
bool aft_url_is_loopback(const char *url);

/* Host of a checked address, in lower case. Owned. */
char *aft_url_host(const char *url);

/* Whether a redirect is followed, as aft_http_get says. */
bool aft_url_check_redirect(const char *from, const char *to, bool with_key, GError **error) G_GNUC_WARN_UNUSED_RESULT;

/* base and path, without a doubled slash, then names and values by turns as a query; a NULL value leaves its pair out. Owned. */
char *aft_url_build(const char *base, const char *path,
                    const char *const *pairs); /* pairs: up to a NULL name; NULL: none */
#define AFT_PAIRS(...) ((const char *const[]){__VA_ARGS__, NULL})

/* One path segment or query value, percent-encoded. Owned. */
char *aft_url_encode(const char *text);

/* The address with the key as a query parameter, where that is its place. Owned. */
char *aft_url_with_key(const char *url, const aft_http_key *key);

/*
 * Blots a key out of bytes, plain and percent-encoded, by *** and returns the copy, NUL-terminated; size is updated. Keys under eight bytes are
 * taken for public ones ("demo"). Owned.
 */
char *aft_key_blot(const aft_http_key *key, const char *bytes, size_t *size);

#endif
