/* From tiles to matrices. */
#include "cells_internal.h"

#include <aftershock/base/holes.h>
#include <aftershock/base/parallel.h>

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

/* Tiles that go to their places at once, before their memory is given back. */
enum { TILES_AT_ONCE = 64 * CELLS_TILES_PER_SLAB };

typedef struct placing {
  const aft_cells *cells;
  void *matrix;
  int layer;   /* a column, or CELLS_MARK */
  guint first; /* tile */
} placing;

static void place_numbers(const double *from, double *to, size_t n) {
  for (size_t t = 0; t < n; t++)
    if (!isnan(from[t])) to[t] = from[t];
}

static void place_marks(const uint32_t *from, uint32_t *to, size_t n) {
  for (size_t t = 0; t < n; t++)
    if (from[t] != 0) to[t] = from[t];
}

static void place_tiles(size_t first, size_t last, unsigned worker, void *data) {
  const placing *p = data;
  size_t n = aft_cells_n_sessions(p->cells);
  (void)worker;
  for (size_t i = p->first + first; i < p->first + last; i++) {
    const cells_tile *tile = &g_array_index(p->cells->tiles, cells_tile, i);
    block_span span = find_block(p->cells, tile->block);
    size_t from = i * CELLS_TILE + span.skipped, to = tile->security * n + span.first, width = span.last - span.first;
    if (p->layer == CELLS_MARK)
      place_marks(cells_number(p->cells, p->layer, from), (uint32_t *)p->matrix + to, width);
    else
      place_numbers(cells_value(p->cells, p->layer, from), (double *)p->matrix + to, width);
  }
}

typedef struct filling {
  double *matrix;
  size_t n;
} filling;

static void fill_rows(size_t first, size_t last, unsigned worker, void *data) {
  const filling *f = data;
  (void)worker;
  for (size_t i = first * f->n; i < last * f->n; i++) f->matrix[i] = (double)NAN;
}

/* The matrix before any tile is placed. */
static void *start_matrix(aft_cells *cells, int layer, size_t n_securities, unsigned n_threads) {
  size_t n = aft_cells_n_sessions(cells);
  if (cells->keep != NULL) return cells->like = aft_holes_new(n_securities * n, cells->like);
  if (cells->grid.layer[layer] != NULL) return cells_grid_take_layer(cells, layer, n_securities);
  if (layer == CELLS_MARK) return g_new0(uint32_t, MAX(n_securities * n, 1));
  filling f = {g_new(double, MAX(n_securities * n, 1)), n};
  aft_parallel_for(n_securities, n_threads, fill_rows, &f);
  return f.matrix;
}

static void *take_layer(aft_cells *cells, int layer, size_t n_securities, unsigned n_threads) {
  guint n = cells->tiles->len, slab = 0;
  placing p = {cells, start_matrix(cells, layer, n_securities, n_threads), layer, 0};
  for (; p.first < n; p.first += TILES_AT_ONCE) {
    guint end = MIN(n - p.first, (guint)TILES_AT_ONCE) + p.first;
    aft_parallel_for(end - p.first, n_threads, place_tiles, &p);
    for (; slab < end / CELLS_TILES_PER_SLAB; slab++) cells_free_slab(cells->layer[layer], layer, slab);
  }
  if (slab < cells->layer[layer]->len) cells_free_slab(cells->layer[layer], layer, slab);
  return p.matrix;
}

double *aft_cells_take_column(aft_cells *cells, enum aft_price_column column, size_t n_securities, unsigned n_threads) {
  return take_layer(cells, (int)column, n_securities, n_threads);
}

uint32_t *aft_cells_take_counts(aft_cells *cells, size_t n_securities, unsigned n_threads) {
  if (!cells->count_volume || !cells->is_open[CELLS_MARK]) return NULL;
  return take_layer(cells, CELLS_MARK, n_securities, n_threads);
}

/* Of the part of n cells that lies in the grid. */
static void get_grid_lines(const aft_cells *cells, size_t security, long session, size_t n, uint32_t *line,
                           uint16_t *file) {
  const cells_grid *grid = &cells->grid;
  if (security >= grid->n_rows || grid->strip[security].there == NULL) return;
  long first = MAX(session, grid->first), end = MIN(session + (long)n, grid->first + (long)grid->n_sessions);
  if (first >= end) return;
  cells_strip_get_lines(&grid->strip[security], (size_t)(first - grid->first), (size_t)(end - first),
                        line + (first - session), file + (first - session));
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
  get_grid_lines(cells, security, session, n, line, file);
}

bool aft_cells_find_rows(const aft_cells *cells, size_t security, long *first, size_t *n) {
  const cells_grid *grid = &cells->grid;
  if (security >= grid->n_rows || grid->strip[security].there == NULL) return false;
  if (security < cells->n_securities && cells->place[security] != NULL) return false;
  const cells_strip *strip = &grid->strip[security];
  size_t at = cells_strip_find_rows(strip);
  if (at + strip->n != strip->end) return false;
  *first = grid->first + (long)at;
  *n = strip->n;
  return true;
}
