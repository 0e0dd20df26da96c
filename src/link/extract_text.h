/* A text as sentences of tokens, and what the words mean; internal to extract*.c. */
#ifndef LINK_EXTRACT_TEXT_H
#define LINK_EXTRACT_TEXT_H

#include <aftershock/input/tables.h>

#include <stdbool.h>

enum token_kind { TOKEN_WORD, TOKEN_NUMBER, TOKEN_MARK };

/* What a number counts. */
enum number_unit { NUMBER_PLAIN, NUMBER_PERCENT, NUMBER_MONEY };

typedef struct token {
  enum token_kind kind;
  char *text;       /* as written, a possessive 's cut off; owned */
  char *lower;      /* the same in lower case; owned */
  gsize start, end; /* bytes of the text */

  enum number_unit unit;
  double scale;         /* of a number: 1e9 for billions */
  const char *currency; /* "USD"; "" for none; static */
  const char *symbol;   /* of the firm that begins here; NULL for none; borrowed from the names or from text */
} token;

/* The text with typographic quotes, dashes, blanks and currency signs as ASCII; owned. */
char *extract_plain(const char *text);
/*
 * Sentences of a plain text: array of GArray of token, owned. Numbers have taken in their currency, per cent sign and scale word; the tokens
 * of a firm's name are one token with its symbol, which lives as long as the names and the sentence.
 */
GPtrArray *extract_sentences(const char *text, const aft_names *names);

/* -1 a word that says down, 1 up, 0 neither. */
int extract_direction_verb(const char *lower); /* fell, rose; also "down", "up" */
int extract_direction_noun(const char *lower); /* a drop, a gain, a loser */

enum word_class {
  WORD_HYPOTHETIC, /* could, may, expects, if, not */
  WORD_BUSINESS,   /* revenue, profit, sales */
  WORD_PERIOD,     /* year, quarter, since */
  WORD_VALUE,      /* value, capitalisation, wiped */
  WORD_LOSING,     /* verbs that take an amount of market value: lost, shed, added */
  WORD_LARGEST,    /* biggest, worst, record */
  WORD_RECORD,     /* history, ever, single-day */
  WORD_MEMBER,     /* loser, gainer, performer: one of a group */
  WORD_GROUP,      /* stocks, sector, market, index */
  WORD_BREAK       /* while, but, as: another statement begins */
};
bool extract_is(enum word_class class, const char *lower);

/* "second" or "2nd" is 2; 0 for other words. */
int extract_ordinal(const char *lower);

#endif
