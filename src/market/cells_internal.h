/* Shared by cells.c, cells_column.c, cells_grid.c, cells_keep.c and cells_volume.c. */
#ifndef MARKET_CELLS_INTERNAL_H
#define MARKET_CELLS_INTERNAL_H

#include <aftershock/market/cells.h>

#include "panel_internal.h"

/*
 * A tile is 128 sessions of one security. Tiles are numbered as they are made; each layer holds something of every tile, in slabs of 1024
 * cells a tile number apart: a value of each column kept, the line and the file of the first row, a mark of what is not kept.
 */
enum { CELLS_TILE = 128, CELLS_TILES_PER_SLAB = 256, CELLS_SLAB = CELLS_TILE * CELLS_TILES_PER_SLAB };
enum { CELLS_LINE = AFT_PRICE_N_COLUMNS, CELLS_FILE, CELLS_MARK, CELLS_N_LAYERS };

typedef struct cells_tile {
  uint32_t security, block; /* block of CELLS_TILE sessions from the calendar's first on */
} cells_tile;

/* The columns that returns are made of, and a bit a session of each for a series that is kept in part. */
enum { CELLS_SEEN_CLOSE, CELLS_SEEN_ADJ_CLOSE, CELLS_SEEN_RETURN, CELLS_N_SEEN };

typedef struct cells_kept {
  const aft_keep_series *series; /* NULL: nothing is kept; borrowed */
  unsigned columns;              /* a bit for each of which a row had a value */
  uint8_t *seen[CELLS_N_SEEN];   /* NULL while no row had a value; owned */
} cells_kept;

/* The cells of one security in the grid. */
typedef struct cells_strip {
  uint64_t *there; /* a bit a session: it has a row; NULL: there is no strip; owned */
  size_t n, end;   /* rows, and the cell behind the last of them */
  uint32_t first_line;
  uint16_t file;
  uint32_t *line;  /* [n_sessions] NULL: row by row in the order of the sessions, from first_line on; owned */
  uint16_t *files; /* [n_sessions] NULL: all of `file`; owned */
} cells_strip;

/* Cells that lie as in the panel: sessions [first, first + n_sessions) of every security. */
typedef struct cells_grid {
  bool is_decided;
  size_t n_first; /* rows of the first security, until it is */
  long first;
  size_t n_sessions, n_rows;   /* n_rows 0: there is none */
  cells_strip *strip;          /* [n_rows] by security */
  void *layer[CELLS_N_LAYERS]; /* [n_rows][n_sessions] values and marks; NULL where no file has them */
} cells_grid;

struct aft_cells {
  const aft_calendar *calendar;
  bool drop_volume;
  bool count_volume;    /* volumes are marks, and can be told from them */
  const aft_keep *keep; /* NULL: everything */
  bool rows_are_log, log_returns;
  GArray *kept; /* of cells_kept, by security; empty without keep */
  size_t n_kept;
  double *like;              /* the column that was taken last, with keep: borrowed from the panel */
  aft_day first_day, n_days; /* of the calendar */
  int32_t *session;          /* [n_days] of the calendar; -1 on closed days */
  size_t n_securities, n_blocks;
  uint32_t **place; /* [n_securities] of [n_blocks] number of the tile from 1; 0: there is none; NULL: none at all */
  GArray *tiles;    /* of cells_tile, by number */
  cells_grid grid;
  uint32_t security; /* of the last row that was put; AFT_SYMBOL_NONE before the first */
  GPtrArray *layer[CELLS_N_LAYERS];
  bool is_open[CELLS_N_LAYERS]; /* a file has what it holds */
  bool *has_value;              /* [sessions of the calendar] */
  long first, last;
  GError *closed, *conflict; /* the first of each */
  size_t n_repeated;
  uint32_t repeated_line;
  uint16_t repeated_file;
};

/* Bytes of a cell in a layer: values are double, all else is uint32_t. */
static inline size_t cells_width(int layer) { return layer < AFT_PRICE_N_COLUMNS ? sizeof(double) : sizeof(uint32_t); }

/* Numbers of cells of the grid have this bit. */
#define CELLS_IN_GRID ((size_t)1 << (sizeof(size_t) * 8 - 1))

static inline size_t cells_grid_number(const cells_grid *grid, size_t security, size_t at) {
  return (security * grid->n_sessions + at) | CELLS_IN_GRID;
}

static inline double *cells_value(const aft_cells *cells, int column, size_t cell) {
  if ((cell & CELLS_IN_GRID) != 0) return (double *)cells->grid.layer[column] + (cell ^ CELLS_IN_GRID);
  return (double *)g_ptr_array_index(cells->layer[column], cell / CELLS_SLAB) + cell % CELLS_SLAB;
}

/* layer: of numbers; in the grid CELLS_MARK alone. */
static inline uint32_t *cells_number(const aft_cells *cells, int layer, size_t cell) {
  if ((cell & CELLS_IN_GRID) != 0) return (uint32_t *)cells->grid.layer[layer] + (cell ^ CELLS_IN_GRID);
  return (uint32_t *)g_ptr_array_index(cells->layer[layer], cell / CELLS_SLAB) + cell % CELLS_SLAB;
}

/* Of a cell in a tile. */
static inline uint16_t cells_file(const aft_cells *cells, size_t cell) {
  return cells->is_open[CELLS_FILE] ? (uint16_t)*cells_number(cells, CELLS_FILE, cell) : 0;
}

/* Number of the tile from 1; 0: there is none. */
static inline uint32_t cells_tile_number(const aft_cells *cells, size_t security, size_t block) {
  return security < cells->n_securities && cells->place[security] != NULL ? cells->place[security][block] : 0;
}

/* What is kept of the security, found by its symbol when it is new. Borrowed until the next new one. */
cells_kept *cells_find_kept(aft_cells *cells, const aft_prices *prices, uint32_t security);
/* Takes notice of the columns of which a row has a value. */
void cells_note(const aft_cells *cells, cells_kept *kept, long session, int column, double value);
void cells_clear_kept(aft_cells *cells);

/* Gives a slab of a layer back. */
void cells_free_slab(GPtrArray *layer, int k, guint i);
/* A layer that a file has from now on, with nothing in it; one that is needed no more. */
void cells_open_layer(aft_cells *cells, int k);
void cells_close_layer(aft_cells *cells, int k);
/* Gives back all tiles. */
void cells_clear_tiles(aft_cells *cells);

/* cells_volume.c: before a batch is taken, whether its volumes can be counted as those before it were; if not, none are from now on. */
void cells_check_counts(aft_cells *cells, const aft_price_batch *batch);
/* What is left of a value that has no layer of its own, by which another one is told from it; 0 for none. */
uint32_t cells_make_mark(const aft_cells *cells, double value);

/* cells_grid.c: once all rows of the first security are there, whether there is to be a grid of its sessions; its rows go there. */
void cells_grid_decide(aft_cells *cells);
void cells_grid_clear(cells_grid *grid);
/* A layer that a file has from now on. */
void cells_grid_open_layer(aft_cells *cells, int layer);
/* The strip of the security, made when it is not there; borrowed until the next one. There is a grid. */
cells_strip *cells_grid_get_strip(aft_cells *cells, uint32_t security);
/* The layer as a matrix of the panel's shape, missing values where the grid has nothing; owned by g_free. Once a layer. */
void *cells_grid_take_layer(aft_cells *cells, int layer, size_t n_securities);

/* Number of free cells from `at` on, n at most. */
size_t cells_strip_count_free(const cells_strip *strip, size_t at, size_t n);
/* The first cell with a row. */
size_t cells_strip_find_rows(const cells_strip *strip);
/* Rows on those lines of a file take n free cells. */
void cells_strip_put(const cells_grid *grid, cells_strip *strip, size_t at, size_t n, const uint32_t *line,
                     uint16_t file);
/* Sets the lines and files of those of n cells that have a row. */
void cells_strip_get_lines(const cells_strip *strip, size_t at, size_t n, uint32_t *line, uint16_t *file);

#endif
