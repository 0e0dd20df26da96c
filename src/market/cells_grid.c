/*
 * Rows of a file in the order of its symbols: straight where the panel will have them. What the first security has of sessions is taken for what
 * all have; sessions outside of that go to tiles like any others.
 */
#include "cells_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Of so few sessions no grid is made, nor of a first security that lacks more than half of them. */
enum { LEAST_SESSIONS = 32, FIRST_ROWS = 64 };

/* ---- which cells of a strip have a row, and on which line ---- */

static size_t n_words(const cells_grid *grid) { return (grid->n_sessions + 63) / 64; }

static bool has_bit(const cells_strip *strip, size_t at) { return (strip->there[at / 64] >> at % 64 & 1) != 0; }

/* The first of the cells from `at` to `end` that has a row, or end. */
static size_t find_bit(const cells_strip *strip, size_t at, size_t end) {
  while (at < end) {
    uint64_t word = strip->there[at / 64] >> at % 64;
    if (word != 0) return MIN(at + (size_t)__builtin_ctzll(word), end);
    at += 64 - at % 64;
  }
  return end;
}

static void set_bits(cells_strip *strip, size_t at, size_t n) {
  for (size_t end = at + n; at < end;) {
    size_t step = MIN(64 - at % 64, end - at);
    strip->there[at / 64] |= (step == 64 ? UINT64_MAX : (UINT64_C(1) << step) - 1) << at % 64;
    at += step;
  }
}

size_t cells_strip_count_free(const cells_strip *strip, size_t at, size_t n) {
  return find_bit(strip, at, at + n) - at;
}

size_t cells_strip_find_rows(const cells_strip *strip) { return find_bit(strip, 0, strip->end); }

/* Lines that follow each other in the order of the sessions are the first of them and a count; all others a number a cell. */
static void number_lines(const cells_grid *grid, cells_strip *strip) {
  uint32_t line = strip->first_line;
  if (strip->line != NULL) return;
  strip->line = g_new0(uint32_t, grid->n_sessions);
  for (size_t at = 0; at < grid->n_sessions; at++)
    if (has_bit(strip, at)) strip->line[at] = line++;
}

static void number_files(const cells_grid *grid, cells_strip *strip) {
  if (strip->files != NULL) return;
  strip->files = g_new(uint16_t, grid->n_sessions);
  for (size_t at = 0; at < grid->n_sessions; at++) strip->files[at] = strip->file;
}

void cells_strip_put(const cells_grid *grid, cells_strip *strip, size_t at, size_t n, const uint32_t *line,
                     uint16_t file) {
  bool follows = line[n - 1] - line[0] == n - 1 && at >= strip->end && line[0] - strip->first_line == strip->n;
  if (strip->n == 0) {
    strip->first_line = line[0];
    strip->file = file;
    follows = line[n - 1] - line[0] == n - 1;
  }
  if (!follows) number_lines(grid, strip);
  if (file != strip->file) number_files(grid, strip);
  set_bits(strip, at, n);
  if (strip->line != NULL) memcpy(strip->line + at, line, n * sizeof *line);
  for (size_t k = 0; strip->files != NULL && k < n; k++) strip->files[at + k] = file;
  strip->n += n;
  strip->end = MAX(strip->end, at + n);
}

void cells_strip_get_lines(const cells_strip *strip, size_t at, size_t n, uint32_t *line, uint16_t *file) {
  uint32_t before = 0; /* rows of the strip before `at` */
  for (size_t k = 0; k < at / 64; k++) before += (uint32_t)__builtin_popcountll(strip->there[k]);
  if (at % 64 > 0) before += (uint32_t)__builtin_popcountll(strip->there[at / 64] & ((UINT64_C(1) << at % 64) - 1));
  for (size_t k = 0; k < n; k++) {
    if (!has_bit(strip, at + k)) continue;
    line[k] = strip->line != NULL ? strip->line[at + k] : strip->first_line + before++;
    file[k] = strip->files != NULL ? strip->files[at + k] : strip->file;
  }
}

/* ---- the grid ---- */

static bool is_in_grid(int layer) { return layer < AFT_PRICE_N_COLUMNS || layer == CELLS_MARK; }

/* Missing values. */
static void clear_cells(int layer, void *cells, size_t n) {
  if (layer == CELLS_MARK) {
    memset(cells, 0, n * sizeof(uint32_t));
    return;
  }
  for (size_t t = 0; t < n; t++) ((double *)cells)[t] = (double)NAN;
}

static void clear_row(const cells_grid *grid, int layer, size_t security) {
  char *first = (char *)grid->layer[layer] + security * grid->n_sessions * cells_width(layer);
  clear_cells(layer, first, grid->n_sessions);
}

/* Room for the rows that there are; large blocks grow in place, and take no memory before they are written. */
static void resize_layer(cells_grid *grid, int layer) {
  grid->layer[layer] = g_realloc_n(grid->layer[layer], grid->n_rows * grid->n_sessions, cells_width(layer));
}

void cells_grid_open_layer(aft_cells *cells, int layer) {
  cells_grid *grid = &cells->grid;
  if (grid->n_rows == 0 || !is_in_grid(layer) || grid->layer[layer] != NULL) return;
  resize_layer(grid, layer);
  for (size_t i = 0; i < grid->n_rows; i++)
    if (grid->strip[i].there != NULL) clear_row(grid, layer, i);
}

static void reserve_rows(aft_cells *cells, size_t n) {
  cells_grid *grid = &cells->grid;
  size_t before = grid->n_rows;
  if (n <= before) return;
  grid->n_rows = MAX(n, MAX(before * 2, (size_t)FIRST_ROWS));
  grid->strip = g_renew(cells_strip, grid->strip, grid->n_rows);
  memset(grid->strip + before, 0, (grid->n_rows - before) * sizeof *grid->strip);
  for (int k = 0; k < CELLS_N_LAYERS; k++)
    if (cells->is_open[k] && is_in_grid(k)) resize_layer(grid, k);
}

cells_strip *cells_grid_get_strip(aft_cells *cells, uint32_t security) {
  cells_grid *grid = &cells->grid;
  reserve_rows(cells, (size_t)security + 1);
  cells_strip *strip = &grid->strip[security];
  if (strip->there != NULL) return strip;
  strip->there = g_new0(uint64_t, n_words(grid));
  for (int k = 0; k < CELLS_N_LAYERS; k++)
    if (cells->is_open[k] && is_in_grid(k)) clear_row(grid, k, security);
  return strip;
}

/* The rows of the first security from its tiles, which are all that there are. */
static void move_tile(aft_cells *cells, guint number) {
  const cells_tile *tile = &g_array_index(cells->tiles, cells_tile, number);
  cells_strip *strip = cells_grid_get_strip(cells, tile->security);
  for (size_t k = 0; k < CELLS_TILE; k++) {
    size_t from = (size_t)number * CELLS_TILE + k;
    const uint32_t *line = cells_number(cells, CELLS_LINE, from);
    if (*line == 0) continue;
    size_t at = (size_t)tile->block * CELLS_TILE + k - (size_t)cells->grid.first;
    size_t to = cells_grid_number(&cells->grid, tile->security, at);
    cells_strip_put(&cells->grid, strip, at, 1, line, cells_file(cells, from));
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      if (cells->layer[c]->len > 0) *cells_value(cells, c, to) = *cells_value(cells, c, from);
    if (cells->layer[CELLS_MARK]->len > 0)
      *cells_number(cells, CELLS_MARK, to) = *cells_number(cells, CELLS_MARK, from);
  }
}

void cells_grid_decide(aft_cells *cells) {
  cells_grid *grid = &cells->grid;
  size_t n_sessions = aft_cells_n_sessions(cells);
  grid->is_decided = true;
  if (cells->keep != NULL || n_sessions < LEAST_SESSIONS || grid->n_first < n_sessions / 2) return;
  grid->first = cells->first;
  grid->n_sessions = n_sessions;
  reserve_rows(cells, FIRST_ROWS);
  for (guint i = 0; i < cells->tiles->len; i++) move_tile(cells, i);
  cells_clear_tiles(cells);
}

void cells_grid_clear(cells_grid *grid) {
  for (size_t i = 0; i < grid->n_rows; i++) {
    g_free(grid->strip[i].there);
    g_free(grid->strip[i].line);
    g_free(grid->strip[i].files);
  }
  g_free(grid->strip);
  for (int k = 0; k < CELLS_N_LAYERS; k++) g_free(grid->layer[k]);
  *grid = (cells_grid){.is_decided = true};
}

/* Row i of the grid becomes row i of a matrix that is as wide or wider: from the last to the first, each may lie on those before it. */
void *cells_grid_take_layer(aft_cells *cells, int layer, size_t n_securities) {
  cells_grid *grid = &cells->grid;
  size_t n = aft_cells_n_sessions(cells), width = grid->n_sessions, bytes = cells_width(layer);
  size_t skipped = (size_t)(grid->first - cells->first);
  char *matrix = g_realloc_n(g_steal_pointer(&grid->layer[layer]), MAX(n_securities, 1), n * bytes);
  for (size_t i = n_securities; i-- > 0;) {
    char *row = matrix + i * n * bytes;
    bool is_there = i < grid->n_rows && grid->strip[i].there != NULL;
    if (!is_there) clear_cells(layer, row, n);
    if (!is_there || n == width) continue;
    memmove(row + skipped * bytes, matrix + i * width * bytes, width * bytes);
    clear_cells(layer, row, skipped);
    clear_cells(layer, row + (skipped + width) * bytes, n - skipped - width);
  }
  return matrix;
}
