/* JSON as providers write it: one more try on a cleaned copy, numbers in texts, and paths. */
#ifndef FETCH_JSON_H
#define FETCH_JSON_H

#include <aftershock/base/error.h>

#include <jansson.h>
#include <stdbool.h>

/*
 * Reads a body. What a strict parser refuses but providers write is mended once, with a warning that names url: control characters in
 * texts, lone backslashes, bad UTF-8, NaN and Infinity (null). Owned by json_decref. Fails with ANSWER.
 */
json_t *fetch_json_read(const char *body, size_t size, const char *url, aft_warnings *warnings, GError **error);

/* Value at a path of keys and indices, "chart.result.0.meta"; NULL when there is none. Borrowed. */
json_t *fetch_json_at(json_t *root, const char *path);

/* A number, also one in a text ("1,234.5" with commas, "$" or "%" taken off); NaN for anything else. */
double fetch_json_number(const json_t *value);

/* A text, "" when it is none. Borrowed. */
const char *fetch_json_text(const json_t *value);
/* The text of a key. */
const char *fetch_json_get_text(const json_t *object, const char *key);

#endif
