/* Price and return files from any bytes: the block size changes nothing, and a file is read whole or leaves nothing. */
#include "fuzz.h"

#include "input/price_reader.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct reading {
  aft_prices prices;
  aft_warnings warnings;
  GError *error;
} reading;

static void read_bytes(reading *r, const uint8_t *data, size_t size, enum price_content content, size_t block_bytes) {
  price_source source = {.path = "fuzz.csv",
                         .bytes = size == 0 ? "" : (const char *)data,
                         .n_bytes = size,
                         .block_bytes = block_bytes,
                         .n_threads = 1};
  aft_price_reading how = {.is_returns = content == PRICE_CONTENT_RETURNS};
  r->error = NULL;
  aft_prices_init(&r->prices);
  aft_warnings_init(&r->warnings);
  bool ok = prices_read_source(&r->prices, &source, &how, &r->warnings, &r->error);
  g_assert(ok == (r->error == NULL));
  if (ok) return;
  g_assert_cmpuint(r->prices.n_rows + r->prices.files->len + r->prices.symbols.names->len, ==, 0);
  g_assert_true(g_utf8_validate(r->error->message, -1, NULL));
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) g_assert_true(r->prices.column[k] == NULL);
}

static void clear(reading *r) {
  aft_prices_clear(&r->prices);
  aft_warnings_clear(&r->warnings);
  g_clear_error(&r->error);
}

/* What the panel relies on: names that are text, lines that go forward, prices above 0, returns not below -1. */
static void check_rows(const aft_prices *p) {
  for (size_t i = 0; i < p->n_rows; i++) {
    g_assert_true(p->symbol[i] < p->symbols.names->len && p->file[i] == 0);
    g_assert_true(i == 0 || p->line[i] >= p->line[i - 1]);
    for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
      if (p->column[k] == NULL || isnan(p->column[k][i])) continue;
      double value = p->column[k][i];
      g_assert_true(isfinite(value));
      g_assert_true(k == AFT_PRICE_RETURN ? value >= -1 : k == AFT_PRICE_VOLUME ? value >= 0 : value > 0);
    }
  }
  for (guint i = 0; i < p->symbols.names->len; i++) {
    const char *name = aft_symbols_name(&p->symbols, i);
    g_assert_true(*name != '\0' && strlen(name) <= 64 && g_utf8_validate(name, -1, NULL));
    g_assert_cmpuint(aft_symbols_find(&p->symbols, name), ==, i);
  }
}

static bool same_bytes(const void *a, const void *b, size_t size) { return size == 0 || memcmp(a, b, size) == 0; }

static void check_same(const reading *a, const reading *b) {
  const aft_prices *p = &a->prices, *q = &b->prices;
  g_assert_cmpstr(a->error == NULL ? NULL : a->error->message, ==, b->error == NULL ? NULL : b->error->message);
  g_assert_cmpuint(p->n_rows, ==, q->n_rows);
  g_assert_cmpuint(a->warnings.messages->len, ==, b->warnings.messages->len);
  g_assert_true(same_bytes(p->symbol, q->symbol, p->n_rows * sizeof *p->symbol));
  g_assert_true(same_bytes(p->day, q->day, p->n_rows * sizeof *p->day));
  g_assert_true(same_bytes(p->line, q->line, p->n_rows * sizeof *p->line));
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
    g_assert_true((p->column[k] == NULL) == (q->column[k] == NULL));
    if (p->column[k] != NULL) g_assert_true(same_bytes(p->column[k], q->column[k], p->n_rows * sizeof(double)));
  }
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size) {
  static const enum price_content contents[] = {PRICE_CONTENT_PRICES, PRICE_CONTENT_RETURNS};
  for (size_t c = 0; c < G_N_ELEMENTS(contents); c++) {
    reading whole, pieces;
    read_bytes(&whole, data, size, contents[c], size + 1);
    read_bytes(&pieces, data, size, contents[c], 7);
    check_rows(&whole.prices);
    check_same(&whole, &pieces);
    clear(&whole);
    clear(&pieces);
  }
  return 0;
}
