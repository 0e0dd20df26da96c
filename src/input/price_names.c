/* Symbols of rows to their numbers. */
#include "price_names.h"

#include "fields.h"

#include <string.h>

#include <aftershock/base/banned.h>

/* Brings known up to the symbols. */
static void learn(price_names *names) {
  size_t n = names->symbols->names->len;
  if (n > names->capacity) {
    names->capacity = MAX(n, names->capacity * 2);
    names->known = g_renew(known_symbol, names->known, names->capacity);
  }
  for (; names->n < n; names->n++) {
    const char *name = aft_symbols_name(names->symbols, (uint32_t)names->n);
    names->known[names->n] = (known_symbol){.name = name, .length = strlen(name), .next = AFT_SYMBOL_NONE};
  }
}

void price_names_init(price_names *names, aft_symbols *symbols) {
  *names = (price_names){.symbols = symbols, .last = AFT_SYMBOL_NONE};
  learn(names);
}

void price_names_clear(price_names *names) { g_clear_pointer(&names->known, g_free); }

static inline bool is_symbol(const price_names *names, uint32_t id, const char *text, size_t length) {
  return names->known[id].length == length && memcmp(names->known[id].name, text, length) == 0;
}

static uint32_t look_up(price_names *names, const char *text, size_t length) {
  char name[INPUT_MAX_NAME + 1];
  memcpy(name, text, length);
  name[length] = '\0';
  uint32_t id = aft_symbols_find(names->symbols, name);
  if (id != AFT_SYMBOL_NONE) return id;
  id = aft_symbols_add(names->symbols, name, length);
  learn(names);
  return id;
}

uint32_t price_names_take(price_names *names, const char *text, size_t length) {
  uint32_t last = names->last;
  if (last != AFT_SYMBOL_NONE) {
    uint32_t next = names->known[last].next;
    if (next != AFT_SYMBOL_NONE && is_symbol(names, next, text, length)) return names->last = next;
    if (is_symbol(names, last, text, length)) return last;
  }
  uint32_t id = look_up(names, text, length);
  if (last != AFT_SYMBOL_NONE) names->known[last].next = id;
  return names->last = id;
}
