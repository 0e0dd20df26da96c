/* In which order events are fitted: what one fit needs is at hand from the one before. */
#include "estimate.h"

#include <aftershock/base/banned.h>

/* A view of a panel may have the mean of some securities after the last of them. */
static size_t count_rows(const aft_panel *panel) { return panel->n_securities + 1; }

/*
 * What an event lies by. Each security's returns are read for one event after the other. Where the events of a session share the factors of
 * their regressors, those of a tile of sessions are kept, and the securities follow each other within it.
 */
static size_t find_security(const estimation *e, size_t row) { return (size_t)e->out->abnormal.security[row]; }

static size_t count_tiles(const aft_panel *panel) { return panel->n_sessions / ESTIMATION_TILE + 1; }

static size_t find_tile(const estimation *e, size_t row) {
  const aft_abnormal *a = &e->out->abnormal;
  long last = (long)e->panel[a->market[row]]->n_sessions - 1;
  long column = CLAMP(a->session[row], 0, last); /* placebos may lie at the edge of the data */
  return (size_t)column / ESTIMATION_TILE;
}

/* Puts the n rows in the order of their places, those of one place as they stand: from -> to. `before` [n_markets]: places of other exchanges. */
static void sort_by(const estimation *e, size_t (*find)(const estimation *e, size_t row), const size_t *before,
                    size_t n_places, const guint32 *from, size_t n, guint32 *to) {
  g_autofree size_t *start = g_new0(size_t, n_places + 1);
  g_autofree guint32 *place = g_new(guint32, n);
  const int *market = e->out->abnormal.market;
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    place[i] = (guint32)(before[market[from[i]]] + find(e, from[i]));
    start[place[i]]++;
  }
  for (size_t p = 0; p < n_places; p++) {
    size_t here = start[p];
    start[p] = at;
    at += here;
  }
  for (size_t i = 0; i < n; i++) to[start[place[i]]++] = from[i];
}

guint32 *estimation_sort(const estimation *e, size_t first, size_t last) {
  size_t n = last - first, n_rows = 0, n_tiles = 0;
  if (n == 0) return NULL;
  g_autofree size_t *rows_before = g_new(size_t, e->out->n_markets), *tiles_before = g_new(size_t, e->out->n_markets);
  for (size_t m = 0; m < e->out->n_markets; m++) {
    rows_before[m] = n_rows;
    tiles_before[m] = n_tiles;
    n_rows += count_rows(e->panel[m]);
    n_tiles += count_tiles(e->panel[m]);
  }
  guint32 *order = g_new(guint32, n);
  g_autofree guint32 *other = g_new(guint32, n);
  for (size_t i = 0; i < n; i++) other[i] = (guint32)(first + i);
  sort_by(e, find_security, rows_before, n_rows, other, n, order);
  if (!estimation_shares(e)) return order;
  sort_by(e, find_tile, tiles_before, n_tiles, order, n, other);
  g_free(order);
  return g_steal_pointer(&other);
}
