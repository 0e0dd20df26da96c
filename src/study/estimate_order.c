/* In which order events are fitted: what one fit needs is at hand from the one before. */
#include "estimate.h"

#include <aftershock/base/banned.h>

/* A view of a panel may have the mean of some securities after the last of them. */
static size_t count_rows(const aft_panel *panel) { return panel->n_securities + 1; }

/*
 * What an event lies by. Each security's returns are read for one event after the other. Where the events of a session share the factors of
 * their regressors, those of a tile of sessions are kept, and the securities follow each other within it.
 */
static size_t find_security(const estimation *e, size_t row) {
  const aft_event *event = &e->study->events->rows[e->candidate[row]];
  const aft_panel *panel = aft_result_get_panel(e->study, event);
  size_t before = 0;
  for (const aft_panel *p = e->study->panel; p != NULL && p != panel; p = p->next) before += count_rows(p);
  return before + (size_t)event->security;
}

static size_t count_tiles(const aft_panel *panel) { return panel->n_sessions / ESTIMATION_TILE + 1; }

static size_t find_tile(const estimation *e, size_t row) {
  const aft_event *event = &e->study->events->rows[e->candidate[row]];
  const aft_panel *panel = aft_result_get_panel(e->study, event);
  size_t before = 0;
  for (const aft_panel *p = e->study->panel; p != NULL && p != panel; p = p->next) before += count_tiles(p);
  long column = CLAMP(event->column, 0, (long)panel->n_sessions - 1); /* placebos may lie at the edge of the data */
  return before + (size_t)column / ESTIMATION_TILE;
}

/* Puts the n rows in the order of their places, those of one place as they stand: from -> to. */
static void sort_by(const estimation *e, size_t (*find)(const estimation *e, size_t row), size_t n_places,
                    const size_t *from, size_t n, size_t *to) {
  g_autofree size_t *start = g_new0(size_t, n_places + 1);
  g_autofree guint32 *place = g_new(guint32, n);
  size_t at = 0;
  for (size_t i = 0; i < n; i++) {
    place[i] = (guint32)find(e, from[i]);
    start[place[i]]++;
  }
  for (size_t p = 0; p < n_places; p++) {
    size_t here = start[p];
    start[p] = at;
    at += here;
  }
  for (size_t i = 0; i < n; i++) to[start[place[i]]++] = from[i];
}

size_t *estimation_sort(const estimation *e, size_t first, size_t last) {
  size_t n = last - first, n_rows = 0, n_tiles = 0;
  if (n == 0) return NULL;
  for (const aft_panel *p = e->study->panel; p != NULL; p = p->next) {
    n_rows += count_rows(p);
    n_tiles += count_tiles(p);
  }
  size_t *order = g_new0(size_t, n);
  g_autofree size_t *other = g_new(size_t, n);
  for (size_t i = 0; i < n; i++) other[i] = first + i;
  sort_by(e, find_security, n_rows, other, n, order);
  if (!estimation_shares(e)) return order;
  sort_by(e, find_tile, n_tiles, order, n, other);
  g_free(order);
  return g_steal_pointer(&other);
}
