/* Many texts that live and die together. */
#include <aftershock/base/texts.h>

#include <aftershock/base/banned.h>

enum { CHUNK_BYTES = 1 << 14 };

struct aft_texts {
  int n_references;
  GStringChunk *chunk; /* NULL: none copied yet */
  GPtrArray *buffers;  /* of char *, owned */
};

aft_texts *aft_texts_new(void) {
  aft_texts *texts = g_new0(aft_texts, 1);
  texts->n_references = 1;
  texts->buffers = g_ptr_array_new_with_free_func(g_free);
  return texts;
}

aft_texts *aft_texts_ref(aft_texts *texts) {
  texts->n_references++;
  return texts;
}

void aft_texts_unref(aft_texts *texts) {
  if (texts == NULL || --texts->n_references > 0) return;
  if (texts->chunk != NULL) g_string_chunk_free(texts->chunk);
  g_ptr_array_unref(texts->buffers);
  g_free(texts);
}

const char *aft_texts_add(aft_texts *texts, const char *text) {
  if (*text == '\0') return "";
  if (texts->chunk == NULL) texts->chunk = g_string_chunk_new(CHUNK_BYTES);
  return g_string_chunk_insert(texts->chunk, text);
}

void aft_texts_take(aft_texts *texts, char *buffer) { g_ptr_array_add(texts->buffers, buffer); }
