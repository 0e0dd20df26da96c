/*
 * Rows of price files in the panel's own order where a file has it (cells_grid.c), else in tiles of sessions. The last step, from tiles to
 * matrices, is in cells_column.c; which rows are kept, in cells_keep.c.
 */
#include "cells_internal.h"

#include <aftershock/base/pages.h>
#include <aftershock/base/text.h>

#include <limits.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *const column_names[AFT_PRICE_N_COLUMNS] = {"open",      "high",   "low", "close",
                                                              "adj_close", "volume", "ret"};

aft_cells *aft_cells_new(const aft_calendar *calendar, const aft_cells_options *options) {
  aft_cells *cells = g_new0(aft_cells, 1);
  size_t n_sessions = aft_calendar_n_sessions(calendar);
  cells->calendar = calendar;
  cells->drop_volume = options->drop_volume;
  cells->count_volume = options->count_volume && !options->drop_volume && options->keep == NULL;
  cells->keep = options->keep;
  cells->rows_are_log = options->rows_are_log;
  cells->log_returns = options->log_returns;
  cells->kept = g_array_new(FALSE, FALSE, sizeof(cells_kept));
  cells->n_blocks = (n_sessions + CELLS_TILE - 1) / CELLS_TILE;
  cells->has_value = g_new0(bool, n_sessions + 1);
  cells->first_day = aft_calendar_first(calendar);
  cells->n_days = aft_calendar_last(calendar) - cells->first_day + 1;
  cells->session = g_new(int32_t, cells->n_days);
  for (aft_day d = 0; d < cells->n_days; d++)
    cells->session[d] = (int32_t)aft_calendar_find_session(calendar, cells->first_day + d);
  cells->tiles = g_array_new(FALSE, FALSE, sizeof(cells_tile));
  cells->first = LONG_MAX;
  cells->last = -1;
  cells->security = AFT_SYMBOL_NONE;
  for (int k = 0; k < CELLS_N_LAYERS; k++) cells->layer[k] = g_ptr_array_new();
  return cells;
}

void cells_free_slab(GPtrArray *layer, int k, guint i) {
  aft_pages_free(g_ptr_array_index(layer, i), cells_width(k) * CELLS_SLAB);
  g_ptr_array_index(layer, i) = NULL;
}

static void empty_layer(aft_cells *cells, int k) {
  for (guint i = 0; i < cells->layer[k]->len; i++) cells_free_slab(cells->layer[k], k, i);
  g_ptr_array_set_size(cells->layer[k], 0);
}

void cells_clear_tiles(aft_cells *cells) {
  for (int k = 0; k < CELLS_N_LAYERS; k++) empty_layer(cells, k);
  g_array_set_size(cells->tiles, 0);
  for (size_t i = 0; i < cells->n_securities; i++) g_free(cells->place[i]);
  g_clear_pointer(&cells->place, g_free);
  cells->n_securities = 0;
}

void aft_cells_empty(aft_cells *cells) {
  cells_clear_tiles(cells);
  cells_grid_clear(&cells->grid);
  cells_clear_kept(cells);
}

void aft_cells_free(aft_cells *cells) {
  if (cells == NULL) return;
  aft_cells_empty(cells);
  for (int k = 0; k < CELLS_N_LAYERS; k++) g_ptr_array_unref(cells->layer[k]);
  g_array_unref(cells->tiles);
  g_array_unref(cells->kept);
  g_free(cells->has_value);
  g_free(cells->session);
  g_clear_error(&cells->closed);
  g_clear_error(&cells->conflict);
  g_free(cells);
}

/* Slabs of a layer for every tile that there is. */
static void extend_layer(aft_cells *cells, int k) {
  GPtrArray *layer = cells->layer[k];
  while (layer->len * CELLS_TILES_PER_SLAB < cells->tiles->len) {
    double *slab = aft_pages_new(cells_width(k) * CELLS_SLAB);
    for (size_t i = 0; k < AFT_PRICE_N_COLUMNS && i < CELLS_SLAB; i++) slab[i] = (double)NAN;
    g_ptr_array_add(layer, slab);
  }
}

/* Whether the column is in a layer of its own; volumes may be marks, which are what is left of them or counts. */
static inline bool is_kept(const aft_cells *cells, int column) {
  return column != AFT_PRICE_VOLUME || !(cells->drop_volume || cells->count_volume);
}

void cells_close_layer(aft_cells *cells, int k) {
  empty_layer(cells, k);
  g_clear_pointer(&cells->grid.layer[k], g_free);
  cells->is_open[k] = false;
}

void cells_open_layer(aft_cells *cells, int k) {
  cells->is_open[k] = true;
  extend_layer(cells, k);
  cells_grid_open_layer(cells, k);
}

/* The layers that a batch needs. */
static void open_layers(aft_cells *cells, const aft_price_batch *batch) {
  cells_open_layer(cells, CELLS_LINE);
  if (batch->file > 0) cells_open_layer(cells, CELLS_FILE);
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    if (batch->column[c] == NULL) continue;
    cells_open_layer(cells, is_kept(cells, c) ? c : CELLS_MARK);
  }
}

/* A new tile for that security and block of sessions; its number from 1. */
static uint32_t add_tile(aft_cells *cells, uint32_t security, uint32_t block) {
  cells_tile tile = {security, block};
  g_array_append_val(cells->tiles, tile);
  for (int k = 0; k < CELLS_N_LAYERS; k++)
    if (cells->is_open[k]) extend_layer(cells, k);
  return cells->tiles->len;
}

/* Number of the tile from 1; it is made when it is not there. */
static uint32_t find_tile(aft_cells *cells, uint32_t security, size_t block) {
  if (security >= cells->n_securities) {
    size_t n = MAX((size_t)security + 1, cells->n_securities * 2);
    cells->place = g_renew(uint32_t *, cells->place, n);
    memset(cells->place + cells->n_securities, 0, (n - cells->n_securities) * sizeof *cells->place);
    cells->n_securities = n;
  }
  if (cells->place[security] == NULL) cells->place[security] = g_new0(uint32_t, cells->n_blocks);
  uint32_t *place = &cells->place[security][block];
  if (*place == 0) *place = add_tile(cells, security, (uint32_t)block);
  return *place;
}

/* Cells of a security that lie side by side, in the grid or in a tile: those of sessions first to last. */
typedef struct stretch {
  uint32_t security;
  long first, last;
  size_t cell;        /* number of that of `first` */
  cells_strip *strip; /* NULL: in a tile */
} stretch;

/* A stretch of a tile ends where the grid begins: a session has one cell. */
static stretch find_stretch(aft_cells *cells, uint32_t security, long session) {
  const cells_grid *grid = &cells->grid;
  long block = session / CELLS_TILE, first = block * CELLS_TILE, last = first + CELLS_TILE - 1;
  long grid_last = grid->first + (long)grid->n_sessions - 1;
  if (grid->n_rows > 0 && session >= grid->first && session <= grid_last)
    return (stretch){.security = security,
                     .first = grid->first,
                     .last = grid_last,
                     .cell = cells_grid_number(grid, security, 0),
                     .strip = cells_grid_get_strip(cells, security)};
  size_t cell = (size_t)(find_tile(cells, security, (size_t)block) - 1) * CELLS_TILE;
  if (grid->n_rows > 0 && session < grid->first) last = MIN(last, grid->first - 1);
  if (grid->n_rows > 0 && session > grid_last && first <= grid_last) {
    cell += (size_t)(grid_last + 1 - first);
    first = grid_last + 1;
  }
  return (stretch){.security = security, .first = first, .last = last, .cell = cell};
}

/* Number of free cells from a session on, n at most. */
static size_t count_free(const aft_cells *cells, const stretch *s, long session, size_t n) {
  size_t at = (size_t)(session - s->first), count = 0;
  if (s->strip != NULL) return cells_strip_count_free(s->strip, at, n);
  const uint32_t *line = cells_number(cells, CELLS_LINE, s->cell + at);
  while (count < n && line[count] == 0) count++;
  return count;
}

/* Rows on those lines take free cells. */
static void put_lines(aft_cells *cells, const stretch *s, long session, size_t n, const uint32_t *line, uint16_t file) {
  size_t at = (size_t)(session - s->first);
  if (!cells->grid.is_decided) cells->grid.n_first += n;
  if (s->strip != NULL) {
    cells_strip_put(&cells->grid, s->strip, at, n, line, file);
    return;
  }
  memcpy(cells_number(cells, CELLS_LINE, s->cell + at), line, n * sizeof *line);
  for (size_t k = 0; file > 0 && k < n; k++) *cells_number(cells, CELLS_FILE, s->cell + at + k) = file;
}

static inline long find_session(const aft_cells *cells, aft_day day) {
  aft_day d = day - cells->first_day;
  return d < 0 || d >= cells->n_days ? -1 : cells->session[d];
}

static void fail_closed(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch, size_t i) {
  const char *file = g_ptr_array_index(prices->files, batch->file);
  if (cells->closed == NULL)
    (void)panel_fail_closed(cells->calendar, file, batch->line[i], batch->day[i], "row", &cells->closed);
}

static void fail_conflict(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch, size_t i, int c,
                          size_t cell) {
  char day[AFT_DAY_TEXT], now[AFT_NUMBER_TEXT], before[AFT_NUMBER_TEXT];
  uint32_t line;
  uint16_t file;
  aft_cells_get_lines(cells, batch->symbol[i], find_session(cells, batch->day[i]), 1, &line, &file);
  double first = is_kept(cells, c)     ? *cells_value(cells, c, cell)
                 : cells->count_volume ? (double)*cells_number(cells, CELLS_MARK, cell) - 1
                                       : (double)NAN;
  g_autofree char *there =
      isnan(first) ? g_strdup("another") : g_strdup_printf("\"%s\"", aft_number_print(first, before));
  if (cells->conflict != NULL) return;
  g_set_error(&cells->conflict, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL,
              "%s:%u: %s has a second row for %s: %s \"%s\" here, %s at %s:%u (keep one)",
              (const char *)g_ptr_array_index(prices->files, batch->file), batch->line[i],
              aft_symbols_name(&prices->symbols, batch->symbol[i]), aft_day_print(batch->day[i], day), column_names[c],
              aft_number_print(batch->column[c][i], now), there, (const char *)g_ptr_array_index(prices->files, file),
              line);
}

/* Brings one more value to a cell that a row has: true when it is new there. */
static bool merge_value(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch, size_t i, int c,
                        size_t cell) {
  double given = batch->column[c][i];
  if (isnan(given)) return false;
  if (is_kept(cells, c)) {
    double *there = cells_value(cells, c, cell);
    if (given == *there) return false;
    if (!isnan(*there)) fail_conflict(cells, prices, batch, i, c, cell);
    *there = given;
    return true;
  }
  uint32_t mark = cells_make_mark(cells, given), *there = cells_number(cells, CELLS_MARK, cell);
  if (mark == *there) return false;
  if (*there != 0) fail_conflict(cells, prices, batch, i, c, cell);
  *there = mark;
  return true;
}

/* A further row of a security and session: fills what is still missing there, so that files may hold different columns. */
static void merge_row(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch, size_t i, size_t cell) {
  bool any = false;
  if (cells->conflict != NULL) return;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (batch->column[c] != NULL && merge_value(cells, prices, batch, i, c, cell)) any = true;
  if (any || cells->n_repeated++ > 0) return;
  cells->repeated_line = batch->line[i];
  cells->repeated_file = batch->file;
}

/* The columns that a batch has. */
typedef struct batch_columns {
  int n, column[AFT_PRICE_N_COLUMNS];
  const double *values[AFT_PRICE_N_COLUMNS];
} batch_columns;

static void list_columns(const aft_price_batch *batch, batch_columns *columns) {
  columns->n = 0;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    if (batch->column[c] == NULL) continue;
    columns->column[columns->n] = c;
    columns->values[columns->n++] = batch->column[c];
  }
}

static inline bool is_empty_row(const batch_columns *columns, size_t i) {
  for (int k = 0; k < columns->n; k++)
    if (!isnan(columns->values[k][i])) return false;
  return true;
}

/* The first row of a cell. */
static inline void put_row(aft_cells *cells, const batch_columns *columns, size_t i, size_t cell) {
  for (int k = 0; k < columns->n; k++) {
    int c = columns->column[k];
    if (is_kept(cells, c))
      *cells_value(cells, c, cell) = columns->values[k][i];
    else
      *cells_number(cells, CELLS_MARK, cell) = cells_make_mark(cells, columns->values[k][i]);
  }
}

/* Where a batch is in what is kept. */
typedef struct keep_cursor {
  uint32_t security;
  cells_kept *kept;
  aft_run run; /* that held the row before */
} keep_cursor;

/* Whether a row is kept; what it has is noted in either case. */
static bool keeps_row(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch,
                      const batch_columns *columns, size_t i, long session, keep_cursor *at) {
  if (at->kept == NULL || at->security != batch->symbol[i]) {
    at->security = batch->symbol[i];
    at->kept = cells_find_kept(cells, prices, at->security);
    at->run = (aft_run){0, -1};
  }
  if (at->kept->series == NULL) return false;
  for (int k = 0; k < columns->n; k++) cells_note(cells, at->kept, session, columns->column[k], columns->values[k][i]);
  if (session < at->run.first || session > at->run.last) {
    const aft_run *run = aft_keep_find_run(at->kept->series, session);
    if (run == NULL) return false;
    at->run = *run;
  }
  cells->n_kept++;
  return true;
}

static void put_column(aft_cells *cells, int column, const double *values, size_t n, size_t cell) {
  if (is_kept(cells, column)) {
    memcpy(cells_value(cells, column, cell), values, n * sizeof *values);
    return;
  }
  uint32_t *marks = cells_number(cells, CELLS_MARK, cell);
  for (size_t k = 0; k < n; k++) marks[k] = cells_make_mark(cells, values[k]);
}

/*
 * Puts row i into its free cell, and with it those behind it that are the sessions after it of the same security, as files in the order of symbols
 * have them, where their cells beside it are free too: a column at a time. Returns their number; 0 when there are none behind it.
 */
static size_t put_run(aft_cells *cells, const aft_price_batch *batch, const batch_columns *columns, size_t i,
                      long session, const stretch *s) {
  size_t most = count_free(cells, s, session, MIN(batch->n - i, (size_t)(s->last - session) + 1)), n = 1;
  size_t cell = s->cell + (size_t)(session - s->first);
  while (n < most && batch->symbol[i + n] == batch->symbol[i] &&
         find_session(cells, batch->day[i + n]) == session + (long)n && !is_empty_row(columns, i + n))
    n++;
  if (n == 1) return 0;
  put_lines(cells, s, session, n, batch->line + i, batch->file);
  memset(cells->has_value + session, true, n);
  for (int k = 0; k < columns->n; k++) put_column(cells, columns->column[k], columns->values[k] + i, n, cell);
  cells->last = MAX(cells->last, session + (long)n - 1);
  return n;
}

/* Row i, on a session, with a value; returns the number of rows that were taken with it, itself counted. */
static size_t take_row(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch,
                       const batch_columns *columns, size_t i, long session, stretch *s) {
  uint32_t security = batch->symbol[i];
  if (cells->security != security) {
    if (!cells->grid.is_decided && cells->security != AFT_SYMBOL_NONE) cells_grid_decide(cells);
    cells->security = security;
    s->security = AFT_SYMBOL_NONE;
  }
  if (s->security != security || session < s->first || session > s->last) *s = find_stretch(cells, security, session);
  size_t cell = s->cell + (size_t)(session - s->first);
  if (count_free(cells, s, session, 1) == 0) {
    merge_row(cells, prices, batch, i, cell);
    return 1;
  }
  bool goes_on = i + 1 < batch->n && batch->symbol[i + 1] == security && cells->keep == NULL;
  size_t n = goes_on ? put_run(cells, batch, columns, i, session, s) : 0;
  if (n > 0) return n;
  put_lines(cells, s, session, 1, batch->line + i, batch->file);
  put_row(cells, columns, i, cell);
  return 1;
}

void aft_cells_take(aft_cells *cells, const aft_prices *prices, const aft_price_batch *batch) {
  batch_columns columns;
  keep_cursor at = {.kept = NULL};
  stretch s = {.security = AFT_SYMBOL_NONE};
  list_columns(batch, &columns);
  cells_check_counts(cells, batch);
  open_layers(cells, batch);
  for (size_t i = 0, n; i < batch->n; i += n) {
    long session = find_session(cells, batch->day[i]);
    bool is_empty = is_empty_row(&columns, i);
    n = 1;
    if (session < 0) {
      if (!is_empty) fail_closed(cells, prices, batch, i);
      continue;
    }
    cells->first = MIN(cells->first, session);
    cells->last = MAX(cells->last, session);
    if (is_empty) continue;
    cells->has_value[session] = true;
    if (cells->keep != NULL && !keeps_row(cells, prices, batch, &columns, i, session, &at)) continue;
    n = take_row(cells, prices, batch, &columns, i, session, &s);
  }
}

void aft_cells_take_kept(aft_cells *cells, const aft_prices *prices) {
  for (size_t first = 0, end; first < prices->n_rows; first = end) {
    for (end = first; end < prices->n_rows && prices->file[end] == prices->file[first];) end++;
    aft_price_batch batch = {.n = end - first,
                             .file = prices->file[first],
                             .symbol = prices->symbol + first,
                             .day = prices->day + first,
                             .line = prices->line + first};
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      if (prices->column[c] != NULL) batch.column[c] = prices->column[c] + first;
    aft_cells_take(cells, prices, &batch);
  }
}

void aft_cells_sink(void *data, const aft_prices *prices, const aft_price_batch *batch) {
  aft_cells_take(data, prices, batch);
}

bool aft_cells_check(const aft_cells *cells, GError **error) {
  const GError *first = cells->closed != NULL ? cells->closed : cells->last < 0 ? NULL : cells->conflict;
  if (first == NULL && cells->last >= 0) return true;
  if (first == NULL)
    g_set_error_literal(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL, "the price files hold no rows");
  else if (error != NULL)
    *error = g_error_copy(first);
  return false;
}

void aft_cells_warn_repeated(const aft_cells *cells, const aft_prices *prices, aft_warnings *warnings) {
  if (cells->n_repeated == 0) return;
  aft_warnings_add(warnings,
                   "%s:%u: %" G_GSIZE_FORMAT " row%s an earlier row exactly; each was used once (this is the first)",
                   (const char *)g_ptr_array_index(prices->files, cells->repeated_file), cells->repeated_line,
                   cells->n_repeated, cells->n_repeated == 1 ? " repeats" : "s repeat");
}

const aft_calendar *aft_cells_calendar(const aft_cells *cells) { return cells->calendar; }

long aft_cells_first_session(const aft_cells *cells) { return cells->first; }

size_t aft_cells_n_sessions(const aft_cells *cells) { return (size_t)(cells->last - cells->first) + 1; }

bool aft_cells_has_session(const aft_cells *cells, long session) { return cells->has_value[session]; }

bool aft_cells_has_column(const aft_cells *cells, enum aft_price_column column) { return cells->is_open[column]; }
