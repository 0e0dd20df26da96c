/* Symbols as small numbers, in order of first appearance. */
#ifndef AFTERSHOCK_INPUT_SYMBOLS_H
#define AFTERSHOCK_INPUT_SYMBOLS_H

#include <glib.h>
#include <stddef.h>
#include <stdint.h>

#define AFT_SYMBOL_NONE UINT32_MAX

typedef struct aft_symbols {
  GPtrArray *names;  /* of char *, owned; names->pdata[id] */
  GHashTable *index; /* name -> GUINT_TO_POINTER(id + 1) */
} aft_symbols;

void aft_symbols_init(aft_symbols *symbols);
void aft_symbols_clear(aft_symbols *symbols);
/* Id of a name, added when new. text need not be NUL-terminated. */
uint32_t aft_symbols_add(aft_symbols *symbols, const char *text, size_t length);
/* Id of a name or AFT_SYMBOL_NONE. */
uint32_t aft_symbols_find(const aft_symbols *symbols, const char *name);
const char *aft_symbols_name(const aft_symbols *symbols, uint32_t id); /* borrowed */

#endif
