/* In which order events are fitted: what one fit needs is at hand from the one before. */
#include "estimate.h"

#include <aftershock/base/banned.h>

/* A view of a panel may have the mean of some securities after the last of them. */
static size_t count_rows(const aft_panel *panel) { return panel->n_securities + 1; }

/*
 * What an event lies by. Each security's returns are read for one event after the other. Where the events of a session share the factors of
 * their regressors, those of a tile of sessions are kept, and the securities follow each other within it.
 */
static size_t find_security(const estimation *e, const fit_place *p) {
  (void)e;
  return (size_t)p->security;
}

static size_t count_tiles(const aft_panel *panel) { return panel->n_sessions / ESTIMATION_TILE + 1; }

static size_t find_tile(const estimation *e, const fit_place *p) {
  long last = (long)e->panel[p->market]->n_sessions - 1;
  return (size_t)CLAMP(p->session, 0, last) / ESTIMATION_TILE; /* placebos may lie at the edge of the data */
}

/* Puts n rows in the order of their places, those of one place as they stand: from -> to. `before` [n_markets]: places of other exchanges. */
static void sort_by(const estimation *e, size_t (*find)(const estimation *e, const fit_place *p), const size_t *before,
                    size_t n_places, const fit_place *from, size_t n, fit_place *to) {
  g_autofree size_t *start = g_new0(size_t, n_places + 1);
  size_t at = 0;
  for (size_t i = 0; i < n; i++) start[before[from[i].market] + find(e, &from[i])]++;
  for (size_t p = 0; p < n_places; p++) {
    size_t here = start[p];
    start[p] = at;
    at += here;
  }
  for (size_t i = 0; i < n; i++) to[start[before[from[i].market] + find(e, &from[i])]++] = from[i];
}

fit_place *estimation_sort(const estimation *e, size_t first, size_t last) {
  const aft_abnormal *a = &e->out->abnormal;
  size_t n = last - first, n_rows = 0, n_tiles = 0, n_markets = e->out->n_markets;
  g_autofree size_t *rows_before = g_new(size_t, n_markets), *tiles_before = g_new(size_t, n_markets);
  for (size_t m = 0; m < n_markets; m++) {
    rows_before[m] = n_rows;
    tiles_before[m] = n_tiles;
    n_rows += count_rows(e->panel[m]);
    n_tiles += count_tiles(e->panel[m]);
  }
  fit_place *order = g_new(fit_place, MAX(n, 1));
  g_autofree fit_place *other = g_new(fit_place, MAX(n, 1));
  for (size_t i = 0, row = first; i < n; i++, row++)
    other[i] = (fit_place){(guint32)row, a->security[row], a->session[row], aft_abnormal_market(a, row)};
  sort_by(e, find_security, rows_before, n_rows, other, n, order);
  if (!estimation_shares(e)) return order;
  sort_by(e, find_tile, tiles_before, n_tiles, order, n, other);
  g_free(order);
  return g_steal_pointer(&other);
}
