/* Keys of providers: from the environment, else from a .netrc file. */
#ifndef FETCH_KEY_H
#define FETCH_KEY_H

#include <aftershock/base/error.h>

#include <stdbool.h>

/*
 * The key of a provider: the variable, else the password of `machine HOST` in the netrc file. NULL when there is none; owned.
 * A file that others may read is a warning.
 */
char *fetch_find_key(const char *variable, const char *host, const char *netrc, aft_warnings *warnings);

/* The password that a netrc text gives for a host, or that of `default`; NULL when there is none. Owned. */
char *fetch_read_netrc(const char *text, const char *host);

#endif
