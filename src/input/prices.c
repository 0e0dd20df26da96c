/* Rows kept as they were read. */
#include <aftershock/input/prices.h>

#include "price_reader.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { FIRST_CAPACITY = 4096 };

void aft_prices_init(aft_prices *prices) {
  memset(prices, 0, sizeof *prices);
  aft_symbols_init(&prices->symbols);
  prices->files = g_ptr_array_new_with_free_func(g_free);
}

void aft_prices_clear(aft_prices *prices) {
  aft_symbols_clear(&prices->symbols);
  if (prices->files != NULL) g_ptr_array_unref(prices->files);
  g_free(prices->symbol);
  g_free(prices->day);
  g_free(prices->line);
  g_free(prices->file);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) g_free(prices->column[k]);
  memset(prices, 0, sizeof *prices);
}

static void reserve(aft_prices *p, size_t n_rows) {
  if (n_rows <= p->capacity) return;
  p->capacity = MAX(n_rows, MAX(p->capacity * 2, (size_t)FIRST_CAPACITY));
  p->symbol = g_renew(uint32_t, p->symbol, p->capacity);
  p->day = g_renew(aft_day, p->day, p->capacity);
  p->line = g_renew(uint32_t, p->line, p->capacity);
  p->file = g_renew(uint16_t, p->file, p->capacity);
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++)
    if (p->column[k] != NULL) p->column[k] = g_renew(double, p->column[k], p->capacity);
}

static void fill_missing(double *column, size_t first, size_t last) {
  for (size_t i = first; i < last; i++) column[i] = (double)NAN;
}

void prices_add_column(aft_prices *prices, enum aft_price_column column, size_t n_rows) {
  if (prices->column[column] != NULL) return;
  reserve(prices, n_rows + 1);
  prices->column[column] = g_new(double, prices->capacity);
  fill_missing(prices->column[column], 0, n_rows);
}

void prices_append(aft_prices *prices, const aft_price_batch *batch, size_t n_rows) {
  size_t n = batch->n;
  if (n == 0) return;
  reserve(prices, n_rows + n);
  memcpy(prices->symbol + n_rows, batch->symbol, n * sizeof *prices->symbol);
  memcpy(prices->day + n_rows, batch->day, n * sizeof *prices->day);
  memcpy(prices->line + n_rows, batch->line, n * sizeof *prices->line);
  for (size_t i = 0; i < n; i++) prices->file[n_rows + i] = batch->file;
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) {
    double *column = prices->column[k];
    if (column == NULL) continue;
    if (batch->column[k] == NULL)
      fill_missing(column, n_rows, n_rows + n);
    else
      memcpy(column + n_rows, batch->column[k], n * sizeof *column);
  }
}

bool aft_prices_read(aft_prices *prices, const char *path, aft_price_reading *reading, aft_warnings *warnings,
                     GError **error) {
  price_source source = {.path = path,
                         .pull = reading->pull,
                         .pull_data = reading->pull_data,
                         .block_bytes = PRICE_BLOCK_BYTES,
                         .n_threads = reading->n_threads};
  return prices_read_source(prices, &source, reading, warnings, error);
}

static bool read_csv(aft_prices *prices, const char *path, aft_price_reading reading, aft_warnings *warnings,
                     GError **error) {
  bool ok = aft_prices_read(prices, path, &reading, warnings, error);
  g_free(reading.sha256);
  return ok;
}

bool aft_prices_read_csv(aft_prices *prices, const char *path, aft_warnings *warnings, GError **error) {
  return read_csv(prices, path, (aft_price_reading){.is_returns = false}, warnings, error);
}

bool aft_returns_read_csv(aft_prices *prices, const char *path, bool is_log, aft_warnings *warnings, GError **error) {
  return read_csv(prices, path, (aft_price_reading){.is_returns = true, .is_log = is_log}, warnings, error);
}
