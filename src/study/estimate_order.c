/* In which order events are fitted: what one fit needs is at hand from the one before. */
#include "estimate.h"

#include <aftershock/base/parallel.h>

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

/* Rows that a thread takes at least. */
enum { LEAST_ROWS = 1 << 16 };

/* Rows from -> to in the order of their places, those of one place as they stand: counted and put by blocks of them. */
typedef struct sorting {
  const estimation *e;
  size_t (*find)(const estimation *e, const fit_place *p);
  const size_t *before; /* [n_markets] places of other exchanges */
  const fit_place *from;
  fit_place *to;
  size_t n, n_places, n_blocks;
  size_t *start; /* [n_blocks][n_places] how many rows of the block have the place; then where its next one goes */
} sorting;

static size_t place_of(const sorting *s, size_t i) { return s->before[s->from[i].market] + s->find(s->e, &s->from[i]); }

static void count_block(size_t block, size_t last, unsigned worker, void *data) {
  const sorting *s = data;
  size_t *start = s->start + block * s->n_places;
  (void)last, (void)worker;
  for (size_t i = s->n * block / s->n_blocks; i < s->n * (block + 1) / s->n_blocks; i++) start[place_of(s, i)]++;
}

static void put_block(size_t block, size_t last, unsigned worker, void *data) {
  const sorting *s = data;
  size_t *start = s->start + block * s->n_places;
  (void)last, (void)worker;
  for (size_t i = s->n * block / s->n_blocks; i < s->n * (block + 1) / s->n_blocks; i++)
    s->to[start[place_of(s, i)]++] = s->from[i];
}

static void sort(sorting *s, unsigned n_threads) {
  size_t at = 0;
  s->n_blocks = MIN(aft_parallel_workers(n_threads), s->n / LEAST_ROWS + 1);
  g_autofree size_t *start = s->start = g_new0(size_t, s->n_blocks * s->n_places + 1);
  aft_parallel_tasks(s->n_blocks, n_threads, count_block, s);
  for (size_t p = 0; p < s->n_places; p++)
    for (size_t block = 0; block < s->n_blocks; block++) {
      size_t here = start[block * s->n_places + p];
      start[block * s->n_places + p] = at;
      at += here;
    }
  aft_parallel_tasks(s->n_blocks, n_threads, put_block, s);
}

/* What the loop over the rows shares: `first` of them stands at place[0]. */
typedef struct laying {
  const aft_abnormal *abnormal;
  fit_place *place;
  size_t first;
} laying;

static void lay_range(size_t first, size_t last, unsigned worker, void *data) {
  const laying *l = data;
  (void)worker;
  for (size_t i = first; i < last; i++) {
    size_t row = l->first + i;
    l->place[i] = (fit_place){(guint32)row, l->abnormal->security[row], l->abnormal->session[row],
                              aft_abnormal_market(l->abnormal, row)};
  }
}

fit_place *estimation_sort(const estimation *e, size_t first, size_t last, unsigned n_threads) {
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
  laying l = {&e->out->abnormal, other, first};
  aft_parallel_for(n, n_threads, lay_range, &l);
  sorting by_security = {
      .e = e, .find = find_security, .before = rows_before, .from = other, .to = order, .n = n, .n_places = n_rows};
  sort(&by_security, n_threads);
  if (!estimation_shares(e)) return order;
  sorting by_tile = {
      .e = e, .find = find_tile, .before = tiles_before, .from = order, .to = other, .n = n, .n_places = n_tiles};
  sort(&by_tile, n_threads);
  g_free(order);
  return g_steal_pointer(&other);
}
