/* Symbols as small numbers. */
#include <aftershock/input/symbols.h>

#include <aftershock/base/banned.h>

void aft_symbols_init(aft_symbols *symbols) {
  symbols->names = g_ptr_array_new_with_free_func(g_free);
  symbols->index = g_hash_table_new(g_str_hash, g_str_equal);
}

void aft_symbols_clear(aft_symbols *symbols) {
  if (symbols->index != NULL) g_hash_table_unref(symbols->index);
  if (symbols->names != NULL) g_ptr_array_unref(symbols->names);
  symbols->index = NULL;
  symbols->names = NULL;
}

uint32_t aft_symbols_add(aft_symbols *symbols, const char *text, size_t length) {
  char *name = g_strndup(text, length);
  uint32_t id = aft_symbols_find(symbols, name);
  if (id != AFT_SYMBOL_NONE) {
    g_free(name);
    return id;
  }
  g_ptr_array_add(symbols->names, name);
  g_hash_table_insert(symbols->index, name, GUINT_TO_POINTER(symbols->names->len));
  return symbols->names->len - 1;
}

uint32_t aft_symbols_find(const aft_symbols *symbols, const char *name) {
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(symbols->index, name));
  return at == 0 ? AFT_SYMBOL_NONE : at - 1;
}

const char *aft_symbols_name(const aft_symbols *symbols, uint32_t id) { return g_ptr_array_index(symbols->names, id); }
