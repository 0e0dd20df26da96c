/* Writes files that are mapped: base/mapped.h says how they are laid out. */
#include "mapped_internal.h"

#include <aftershock/base/file.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { LANES = 8, WORD = sizeof(uint64_t), STEP = LANES * WORD };

struct aft_mapped_writer {
  aft_file_draft draft;
  GArray *entries; /* of mapped_entry */
  GArray *sums;    /* of uint64_t */
  uint64_t at, start_sum;
  char page[MAPPED_PAGE];
};

static inline uint64_t mix(uint64_t sum, uint64_t word) {
  sum = (sum ^ word) * UINT64_C(0xBF58476D1CE4E5B9);
  return sum ^ sum >> 32;
}

uint64_t mapped_sum(const void *bytes, size_t size) {
  const char *at = bytes, *end = at + size;
  uint64_t lane[LANES] = {1, 2, 3, 4, 5, 6, 7, 8}, sum = size;
  g_assert(size % STEP == 0);
  for (; at < end; at += STEP)
    for (size_t k = 0; k < LANES; k++) {
      uint64_t word;
      memcpy(&word, at + k * WORD, sizeof word);
      lane[k] = mix(lane[k], word);
    }
  for (int k = 0; k < LANES; k++) sum = mix(sum, lane[k]);
  return sum;
}

uint64_t mapped_sum_all(uint64_t start, uint64_t table, const mapped_ending *ending) {
  return mix(mix(mix(mix(start, table), ending->size), ending->table), ending->n_sections);
}

static bool append(aft_mapped_writer *writer, const void *bytes, size_t size, GError **error) {
  writer->at += size;
  return aft_file_draft_append(&writer->draft, bytes, size, error);
}

/* Appends what is left of bytes behind the last whole page, with zeros to a page. */
static bool append_page(aft_mapped_writer *writer, const void *bytes, size_t size, GError **error) {
  memset(writer->page, 0, sizeof writer->page);
  memcpy(writer->page, bytes, size);
  return append(writer, writer->page, sizeof writer->page, error);
}

aft_mapped_writer *aft_mapped_create(const char *path, const char *kind, const char *heading, GError **error) {
  mapped_start start = {.order = MAPPED_ORDER, .version = MAPPED_VERSION};
  g_assert(strlen(kind) == sizeof start.kind);
  memcpy(start.kind, kind, sizeof start.kind);
  aft_mapped_writer *writer = g_new0(aft_mapped_writer, 1);
  writer->entries = g_array_new(FALSE, FALSE, sizeof(mapped_entry));
  writer->sums = g_array_new(FALSE, FALSE, sizeof(uint64_t));
  bool ok = aft_file_draft_begin(&writer->draft, path, error) && append_page(writer, &start, sizeof start, error);
  writer->start_sum = mapped_sum(writer->page, sizeof writer->page);
  if (ok && aft_mapped_put(writer, heading, strlen(heading), error)) return writer;
  aft_mapped_discard(writer);
  return NULL;
}

static void add_sum(aft_mapped_writer *writer, uint64_t sum) { g_array_append_val(writer->sums, sum); }

/* The last block of a section, which lacks bytes. */
static bool put_rest(aft_mapped_writer *writer, const char *bytes, size_t size, GError **error) {
  size_t padded = (size_t)mapped_padded(size);
  g_autofree char *block = g_malloc0(MAX(padded, 1));
  if (size == 0) return true;
  memcpy(block, bytes, size);
  add_sum(writer, mapped_sum(block, padded));
  return append(writer, block, padded, error);
}

bool aft_mapped_put(aft_mapped_writer *writer, const void *bytes, size_t size, GError **error) {
  mapped_entry entry = {writer->at, size, writer->sums->len};
  const char *at = bytes;
  g_assert(writer->entries->len < AFT_MAPPED_MOST_SECTIONS);
  g_array_append_val(writer->entries, entry);
  for (; size >= MAPPED_BLOCK; at += MAPPED_BLOCK, size -= MAPPED_BLOCK) {
    add_sum(writer, mapped_sum(at, MAPPED_BLOCK));
    if (!append(writer, at, MAPPED_BLOCK, error)) return false;
  }
  return put_rest(writer, at, size, error);
}

bool aft_mapped_commit(aft_mapped_writer *writer, GError **error) {
  size_t n_entries = writer->entries->len * sizeof(mapped_entry), n_sums = writer->sums->len * sizeof(uint64_t);
  size_t padded = (size_t)mapped_padded(n_entries + n_sums);
  g_autofree char *table = g_malloc0(padded);
  mapped_ending ending = {.table = writer->at, .n_sections = writer->entries->len};
  memcpy(table, writer->entries->data, n_entries);
  if (n_sums > 0) memcpy(table + n_entries, writer->sums->data, n_sums);
  ending.size = ending.table + padded + MAPPED_PAGE;
  memcpy(ending.mark, MAPPED_MARK, sizeof ending.mark);
  ending.sum = mapped_sum_all(writer->start_sum, mapped_sum(table, padded), &ending);
  bool ok = append(writer, table, padded, error) && append_page(writer, &ending, sizeof ending, error) &&
            aft_file_draft_commit(&writer->draft, error);
  aft_mapped_discard(writer);
  return ok;
}

void aft_mapped_discard(aft_mapped_writer *writer) {
  if (writer == NULL) return;
  aft_file_draft_clear(&writer->draft);
  g_array_unref(writer->entries);
  g_array_unref(writer->sums);
  g_free(writer);
}
