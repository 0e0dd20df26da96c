/* Symbols of rows to their numbers, mostly without a look into the table; internal to input/. */
#ifndef INPUT_PRICE_NAMES_H
#define INPUT_PRICE_NAMES_H

#include <aftershock/input/symbols.h>

/* A symbol seen in this file, with the one that followed it last time: files go round the same list day after day. */
typedef struct known_symbol {
  const char *name; /* borrowed from the symbols */
  size_t length;
  uint32_t next; /* AFT_SYMBOL_NONE while unknown */
} known_symbol;

typedef struct price_names {
  aft_symbols *symbols; /* borrowed */
  known_symbol *known;  /* [n] by id */
  size_t n, capacity;
  uint32_t last;
} price_names;

void price_names_init(price_names *names, aft_symbols *symbols);
void price_names_clear(price_names *names);
/* Id of a symbol that is a name already, added when it is new. */
uint32_t price_names_take(price_names *names, const char *text, size_t length);

#endif
