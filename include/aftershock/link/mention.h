/* Whether a text speaks of a firm. */
#ifndef AFTERSHOCK_LINK_MENTION_H
#define AFTERSHOCK_LINK_MENTION_H

#include <stdbool.h>
#include <stddef.h>

/* How often phrase stands in text as whole words; letters of ASCII in any case unless exact. */
size_t aft_mention_count(const char *text, const char *phrase, bool exact);

/*
 * How often a text names a security: by cashtag ($NVDA), by its ticker as a word of two capital letters or more, by one of its
 * names. names: NULL-terminated, or NULL.
 */
size_t aft_mention_count_security(const char *text, const char *symbol, char *const *names);

#endif
