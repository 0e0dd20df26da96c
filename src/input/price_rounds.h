/* The bytes of a price file in rounds of blocks: one is read, the one before it scanned, the one before that taken; internal to input/. */
#ifndef INPUT_PRICE_ROUNDS_H
#define INPUT_PRICE_ROUNDS_H

#include "price_bytes.h"
#include "price_rows.h"

/* Whole lines, cut into blocks, and what they hold. */
typedef struct price_round {
  char *text;
  size_t capacity, length; /* of whole lines; what follows is in the next round */
  bool is_last;
  bool is_overlong; /* and empty: a line has no end within a record's limit */
  GError *error;    /* reading failed behind the lines */
  size_t n_blocks;
  size_t *start;    /* [most + 1] of each block in text */
  price_rows *rows; /* [most] */
} price_round;

enum { PRICE_N_ROUNDS = 3 };

typedef struct price_rounds {
  price_bytes bytes;
  size_t most;      /* blocks of a round */
  GByteArray *tail; /* what was read behind the whole lines */
  price_round round[PRICE_N_ROUNDS];
} price_rounds;

bool price_rounds_open(price_rounds *rounds, const price_source *source, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void price_rounds_clear(price_rounds *rounds);

/* Reads the next lines into the round. Not yet cut. */
void price_rounds_fill(price_rounds *rounds, price_round *round);

/* Says how rows are to be read: once, before any block is scanned. form: borrowed. */
void price_rounds_set_form(price_rounds *rounds, const price_form *form);

/* Scans a block of the round; blocks may be scanned at once. */
void price_rounds_scan(price_round *round, size_t block);

/* Puts other lines in place of those of the round; copied. */
void price_rounds_set_text(price_round *round, const char *text, size_t length);
/* Cuts the lines into blocks. */
void price_rounds_cut(const price_rounds *rounds, price_round *round);

#endif
