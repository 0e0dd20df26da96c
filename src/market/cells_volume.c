/* Volumes as counts of 4 bytes, as long as they are whole numbers that fit. */
#include "cells_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Counts are kept as marks of one more, so that 0 is for none. */
static const double MOST_COUNT = (double)UINT32_MAX - 1;

static bool are_counts(const double *values, size_t n) {
  for (size_t i = 0; i < n; i++) {
    double value = values[i];
    if (isnan(value)) continue;
    if (!(value <= MOST_COUNT) || signbit(value) || (double)(uint32_t)value != value) return false;
  }
  return true;
}

/* What is counted already becomes numbers again; those to come are numbers from the start. */
static void stop_counting(aft_cells *cells) {
  cells->count_volume = false;
  if (!cells->is_open[CELLS_MARK]) return;
  cells_open_layer(cells, AFT_PRICE_VOLUME);
  for (size_t cell = 0; cell < (size_t)cells->tiles->len * CELLS_TILE; cell++) {
    uint32_t mark = *cells_number(cells, CELLS_MARK, cell);
    if (mark != 0) *cells_value(cells, AFT_PRICE_VOLUME, cell) = (double)mark - 1;
  }
  for (size_t i = 0; i < cells->grid.n_rows; i++)
    for (size_t at = 0; cells->grid.strip[i].there != NULL && at < cells->grid.n_sessions; at++) {
      size_t cell = cells_grid_number(&cells->grid, i, at);
      uint32_t mark = *cells_number(cells, CELLS_MARK, cell);
      if (mark != 0) *cells_value(cells, AFT_PRICE_VOLUME, cell) = (double)mark - 1;
    }
  cells_close_layer(cells, CELLS_MARK);
}

void cells_check_counts(aft_cells *cells, const aft_price_batch *batch) {
  const double *volume = batch->column[AFT_PRICE_VOLUME];
  if (cells->count_volume && volume != NULL && !are_counts(volume, batch->n)) stop_counting(cells);
}

uint32_t cells_make_mark(const aft_cells *cells, double value) {
  uint64_t bits;
  if (isnan(value)) return 0;
  if (cells->count_volume) return (uint32_t)value + 1;
  memcpy(&bits, &value, sizeof bits);
  bits = (bits ^ bits >> 32) * UINT64_C(0x9E3779B97F4A7C15);
  return (uint32_t)(bits >> 32) | 1;
}
