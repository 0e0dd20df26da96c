/* Claims out of an article's JSON; internal to input/. */
#ifndef INPUT_CLAIMS_READ_H
#define INPUT_CLAIMS_READ_H

#include <aftershock/input/claims.h>

#include <jansson.h>

/*
 * The claims of a list: array of aft_claim, owned; NULL when list is NULL. Unknown keys and words, and what a kind needs but does not have,
 * are errors; their message says which claim, and the caller adds the article.
 */
bool input_claims_read(const json_t *list, GArray **claims, GError **error) G_GNUC_WARN_UNUSED_RESULT;

#endif
