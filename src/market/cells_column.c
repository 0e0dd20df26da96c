/* From tiles to matrices. */
#include "cells_internal.h"

#include <aftershock/base/holes.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* The part of a block that lies within the span: sessions [first, last) counted from the span's first. */
typedef struct block_span {
  size_t first, last, skipped; /* skipped: sessions of the block before it */
} block_span;

static block_span find_block(const aft_cells *cells, size_t block) {
  long start = (long)(block * CELLS_TILE) - cells->first, end = start + CELLS_TILE;
  long n = (long)aft_cells_n_sessions(cells);
  block_span span = {(size_t)CLAMP(start, 0, n), (size_t)CLAMP(end, 0, n), start < 0 ? (size_t)-start : 0};
  return span;
}

/* NaN where no tile is. */
static void fill_holes(const aft_cells *cells, double *matrix, size_t n_securities) {
  size_t n = aft_cells_n_sessions(cells);
  for (size_t security = 0; security < n_securities; security++)
    for (size_t block = (size_t)cells->first / CELLS_TILE; block <= (size_t)cells->last / CELLS_TILE; block++) {
      if (cells_tile_number(cells, security, block) != 0) continue;
      block_span span = find_block(cells, block);
      for (size_t t = span.first; t < span.last; t++) matrix[security * n + t] = (double)NAN;
    }
}

double *aft_cells_take_column(aft_cells *cells, enum aft_price_column column, size_t n_securities) {
  size_t n = aft_cells_n_sessions(cells);
  GPtrArray *layer = cells->layer[column];
  bool has_holes = cells->keep != NULL;
  double *matrix = has_holes ? aft_holes_new(n_securities * n, cells->like) : g_new(double, MAX(n_securities * n, 1));
  for (guint i = 0; i < cells->tiles->len; i++) {
    const cells_tile *tile = &g_array_index(cells->tiles, cells_tile, i);
    block_span span = find_block(cells, tile->block);
    memcpy(matrix + tile->security * n + span.first,
           cells_value(cells, (int)column, (size_t)i * CELLS_TILE) + span.skipped,
           (span.last - span.first) * sizeof *matrix);
    if ((i + 1) % CELLS_TILES_PER_SLAB == 0) cells_free_slab(layer, (int)column, i / CELLS_TILES_PER_SLAB);
  }
  if (layer->len > 0) cells_free_slab(layer, (int)column, layer->len - 1);
  if (!has_holes) fill_holes(cells, matrix, n_securities);
  if (has_holes) cells->like = matrix;
  return matrix;
}

void aft_cells_get_lines(const aft_cells *cells, size_t security, long session, size_t n, uint32_t *line,
                         uint16_t *file) {
  memset(line, 0, n * sizeof *line);
  memset(file, 0, n * sizeof *file);
  for (size_t i = 0, step; i < n; i += step) {
    size_t at = (size_t)session + i, within = at % CELLS_TILE;
    uint32_t place = cells_tile_number(cells, security, at / CELLS_TILE);
    step = MIN(CELLS_TILE - within, n - i);
    if (place == 0) continue;
    size_t cell = (size_t)(place - 1) * CELLS_TILE + within;
    memcpy(line + i, cells_number(cells, CELLS_LINE, cell), step * sizeof *line);
    for (size_t k = 0; cells->is_open[CELLS_FILE] && k < step; k++) file[i + k] = cells_file(cells, cell + k);
  }
}
