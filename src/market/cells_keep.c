/* Of rows that are to be kept in part: which, and what the others tell of the series before they go by. */
#include "cells_internal.h"

#include <math.h>

#include <aftershock/base/banned.h>

void cells_clear_kept(aft_cells *cells) {
  for (guint i = 0; i < cells->kept->len; i++)
    for (int k = 0; k < CELLS_N_SEEN; k++) g_free(g_array_index(cells->kept, cells_kept, i).seen[k]);
  g_array_set_size(cells->kept, 0);
}

cells_kept *cells_find_kept(aft_cells *cells, const aft_prices *prices, uint32_t security) {
  for (guint next = cells->kept->len; next <= security; next++) {
    cells_kept kept = {.series = aft_keep_find(cells->keep, aft_symbols_name(&prices->symbols, next))};
    g_array_append_val(cells->kept, kept);
  }
  return &g_array_index(cells->kept, cells_kept, security);
}

static int find_seen(int column) {
  switch (column) {
  case AFT_PRICE_CLOSE: return CELLS_SEEN_CLOSE;
  case AFT_PRICE_ADJ_CLOSE: return CELLS_SEEN_ADJ_CLOSE;
  case AFT_PRICE_RETURN: return CELLS_SEEN_RETURN;
  default: return CELLS_N_SEEN;
  }
}

void cells_note(const aft_cells *cells, cells_kept *kept, long session, int column, double value) {
  int k = find_seen(column);
  if (k == CELLS_SEEN_RETURN) value = panel_convert_return(value, cells->rows_are_log, cells->log_returns);
  if (isnan(value)) return;
  kept->columns |= 1U << column;
  if (k == CELLS_N_SEEN) return;
  if (kept->seen[k] == NULL) kept->seen[k] = g_new0(uint8_t, aft_calendar_n_sessions(cells->calendar) / 8 + 1);
  kept->seen[k][session / 8] = (uint8_t)(kept->seen[k][session / 8] | 1U << session % 8);
}

bool aft_cells_keeps_some(const aft_cells *cells) { return cells->keep != NULL; }

const aft_keep_series *aft_cells_get_keep(const aft_cells *cells, size_t security) {
  return security < cells->kept->len ? g_array_index(cells->kept, cells_kept, security).series : NULL;
}

unsigned aft_cells_seen_columns(const aft_cells *cells, size_t security) {
  return security < cells->kept->len ? g_array_index(cells->kept, cells_kept, security).columns : 0;
}

size_t aft_cells_n_kept(const aft_cells *cells) { return cells->n_kept; }

bool aft_cells_find_returns(const aft_cells *cells, size_t security, bool gap_returns, long *first, long *last) {
  if (security >= cells->kept->len || cells->last < 0) return false;
  const cells_kept *kept = &g_array_index(cells->kept, cells_kept, security);
  const uint8_t *returns = kept->seen[CELLS_SEEN_RETURN], *adjusted = kept->seen[CELLS_SEEN_ADJ_CLOSE];
  const uint8_t *price = adjusted != NULL ? adjusted : kept->seen[CELLS_SEEN_CLOSE];
  const uint8_t *seen = returns != NULL ? returns : price;
  long before = -1; /* the last session with a price */
  bool any = false;
  for (long session = cells->first; seen != NULL && session <= cells->last; session++) {
    if ((seen[session / 8] >> session % 8 & 1) == 0) continue;
    if (returns != NULL || (gap_returns ? before >= 0 : before == session - 1 && before >= 0)) {
      if (!any) *first = session;
      *last = session;
      any = true;
    }
    before = session;
  }
  return any;
}
