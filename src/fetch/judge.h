/* What an answer is: data, nothing, or a refusal with its reason and the provider's words. */
#ifndef FETCH_JUDGE_H
#define FETCH_JUDGE_H

#include <aftershock/fetch/http.h>

#include <stdbool.h>

/* The form that the data come in, told from the first bytes. */
enum fetch_shape { FETCH_JSON, FETCH_TABLE, FETCH_ZIP, FETCH_XML, FETCH_TEXT };

enum fetch_refusal {
  FETCH_ACCEPTED, /* not refused */
  FETCH_THROTTLED,
  FETCH_KEY,     /* none, or not a good one */
  FETCH_PLAN,    /* not in what the key pays for, or its quota is used up */
  FETCH_UNKNOWN, /* no such symbol, series, page */
  FETCH_GONE,    /* closed for good */
  FETCH_BARRIER, /* a page for people, or a check for robots */
  FETCH_REQUEST, /* a question that it does not understand */
  FETCH_SERVER   /* its own trouble */
};

/*
 * Judges an answer by status, first bytes and the usual ways of saying no in a 200. words: what the provider says, shortened to
 * one line; owned; "" when it says nothing.
 */
enum fetch_refusal fetch_judge(const aft_http_answer *answer, enum fetch_shape shape, char **words);

/* "asks for patience", and what to do about it; "" when there is nothing to do. */
const char *fetch_refusal_name(enum fetch_refusal refusal);
const char *fetch_refusal_advice(enum fetch_refusal refusal);

/* One line of at most max bytes of valid UTF-8 from any bytes: control characters are blanks; with tags cut: of HTML the text alone. Owned. */
char *fetch_clean_text(const char *bytes, size_t size, size_t max, bool cut_tags);

/* The same of 200 bytes, tags cut. Owned. */
char *fetch_clean_words(const char *bytes, size_t size);

#endif
