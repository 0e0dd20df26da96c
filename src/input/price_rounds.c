/* The bytes of a price file in rounds of blocks. */
#include "price_rounds.h"

#include <aftershock/base/parallel.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Blocks of a round to each thread: enough that none waits long for the last one. */
enum { BLOCKS_PER_THREAD = 4, MOST_BLOCKS = 64 };

bool price_rounds_open(price_rounds *rounds, const price_source *source, GError **error) {
  *rounds = (price_rounds){.most = MIN(aft_parallel_workers(source->n_threads) * BLOCKS_PER_THREAD, MOST_BLOCKS),
                           .tail = g_byte_array_new()};
  for (int i = 0; i < PRICE_N_ROUNDS; i++) rounds->round[i].start = g_new0(size_t, rounds->most + 1);
  return price_bytes_open(&rounds->bytes, source, error);
}

void price_rounds_set_form(price_rounds *rounds, const price_form *form) {
  for (int i = 0; i < PRICE_N_ROUNDS; i++) {
    rounds->round[i].rows = g_new(price_rows, rounds->most);
    for (size_t b = 0; b < rounds->most; b++) price_rows_init(&rounds->round[i].rows[b], form);
  }
}

void price_rounds_clear(price_rounds *rounds) {
  for (int i = 0; i < PRICE_N_ROUNDS; i++) {
    price_round *round = &rounds->round[i];
    for (size_t b = 0; round->rows != NULL && b < rounds->most; b++) price_rows_clear(&round->rows[b]);
    g_free(round->rows);
    g_free(round->start);
    g_free(round->text);
    g_clear_error(&round->error);
  }
  price_bytes_clear(&rounds->bytes);
  g_byte_array_unref(rounds->tail);
}

static const char *find_last_end(const char *text, size_t length) {
  while (length > 0 && text[length - 1] != '\n') length--;
  return text + length;
}

static void reserve(price_round *round, size_t size) {
  if (round->capacity >= size + PRICE_SCAN_PADDING) return;
  round->capacity = size + PRICE_SCAN_PADDING;
  round->text = g_realloc(round->text, round->capacity);
}

/* Reads behind the filled bytes until there are `wanted` or the source ends. */
static size_t read_more(price_rounds *rounds, price_round *round, size_t filled, size_t wanted) {
  reserve(round, wanted);
  ssize_t got = price_bytes_read(&rounds->bytes, round->text + filled, wanted - filled, &round->error);
  if (got < 0 || (size_t)got < wanted - filled) round->is_last = true;
  return got < 0 ? filled : filled + (size_t)got;
}

/* The last line of the source may lack its end. */
static size_t end_last_line(price_round *round, size_t filled) {
  if (round->error != NULL || filled == 0 || round->text[filled - 1] == '\n') return filled;
  round->text[filled] = '\n'; /* there is room: the padding */
  return filled + 1;
}

void price_rounds_fill(price_rounds *rounds, price_round *round) {
  size_t step = rounds->bytes.source.block_bytes * rounds->most, filled = rounds->tail->len;
  round->is_last = round->is_overlong = false;
  round->length = 0;
  reserve(round, filled + step);
  if (filled > 0) memcpy(round->text, rounds->tail->data, filled);
  while (round->length == 0 && !round->is_last && !round->is_overlong) {
    size_t searched = filled;
    round->is_overlong = filled > PRICE_SCAN_MAX_RECORD_BYTES; /* the tail has no line end */
    if (round->is_overlong) break;
    filled = read_more(rounds, round, filled, filled + step);
    if (round->is_last) filled = end_last_line(round, filled);
    if (filled > searched && memchr(round->text + searched, '\n', filled - searched) != NULL)
      round->length = (size_t)(find_last_end(round->text, filled) - round->text);
  }
  g_byte_array_set_size(rounds->tail, 0);
  g_byte_array_append(rounds->tail, (const guint8 *)round->text + round->length, (guint)(filled - round->length));
  memset(round->text + filled, 0, PRICE_SCAN_PADDING);
}

void price_rounds_set_text(price_round *round, const char *text, size_t length) {
  reserve(round, length);
  if (length > 0) memcpy(round->text, text, length);
  memset(round->text + length, 0, PRICE_SCAN_PADDING);
  round->length = length;
}

void price_rounds_cut(const price_rounds *rounds, price_round *round) {
  size_t block = rounds->bytes.source.block_bytes;
  size_t n = CLAMP((round->length + block - 1) / block, 1, rounds->most), at = 0;
  round->n_blocks = 0;
  for (size_t i = 1; i <= n && at < round->length; i++) {
    size_t wanted = MAX(round->length / n * i, at + 1);
    if (i == n || wanted > round->length) wanted = round->length;
    const char *end = memchr(round->text + wanted - 1, '\n', round->length - wanted + 1);
    at = (size_t)(end + 1 - round->text);
    round->start[++round->n_blocks] = at;
  }
}

void price_rounds_scan(price_round *round, size_t block) {
  price_rows_read(&round->rows[block], round->text + round->start[block],
                  round->start[block + 1] - round->start[block]);
}
