/* What a panel has of its series when only the sessions that events need were kept. */
#include "panel_internal.h"

#include <aftershock/base/holes.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void add_runs(const aft_panel *panel, const aft_keep_series *series, GArray *runs) {
  long n = (long)panel->n_sessions;
  for (guint i = 0; series != NULL && i < series->runs->len; i++) {
    const aft_run *kept = &g_array_index(series->runs, aft_run, i);
    long first = MAX(kept->first - panel->first_session, 0), last = MIN(kept->last - panel->first_session, n - 1);
    aft_run run = {(int32_t)first, (int32_t)last};
    if (first <= last) g_array_append_val(runs, run);
  }
}

void panel_set_kept(aft_panel *panel, const aft_cells *cells, bool gap_returns) {
  aft_panel_kept *kept = g_new0(aft_panel_kept, 1);
  GArray *runs = g_array_new(FALSE, FALSE, sizeof(aft_run));
  kept->start = g_new(size_t, panel->n_securities + 1);
  kept->columns = g_new(unsigned, MAX(panel->n_securities, 1));
  panel->first_valid = g_new(long, MAX(panel->n_securities, 1));
  panel->last_valid = g_new(long, MAX(panel->n_securities, 1));
  for (size_t i = 0; i < panel->n_securities; i++) {
    long first, last;
    kept->start[i] = runs->len;
    kept->columns[i] = aft_cells_seen_columns(cells, i);
    add_runs(panel, aft_cells_get_keep(cells, i), runs);
    kept->n_securities += runs->len > kept->start[i];
    bool any = aft_cells_find_returns(cells, i, gap_returns, &first, &last);
    panel->first_valid[i] = any ? first - panel->first_session : -1;
    panel->last_valid[i] = any ? last - panel->first_session : -1;
  }
  kept->start[panel->n_securities] = runs->len;
  kept->n_rows = aft_cells_n_kept(cells);
  kept->runs = (aft_run *)(gpointer)g_array_free(runs, FALSE);
  panel->kept = kept;
}

void panel_clear_kept(aft_panel *panel) {
  if (panel->kept == NULL) return;
  g_free(panel->kept->start);
  g_free(panel->kept->runs);
  g_free(panel->kept->columns);
  g_clear_pointer(&panel->kept, g_free);
}

size_t aft_panel_n_runs(const aft_panel *panel, size_t security) {
  return panel->kept == NULL ? 1 : panel->kept->start[security + 1] - panel->kept->start[security];
}

aft_run aft_panel_get_run(const aft_panel *panel, size_t security, size_t i) {
  if (panel->kept == NULL) return (aft_run){0, (int32_t)panel->n_sessions - 1};
  return panel->kept->runs[panel->kept->start[security] + i];
}

bool aft_panel_has_values(const aft_panel *panel, size_t security, enum aft_price_column column) {
  const double *values = panel->price[column];
  if (values == NULL) return false;
  if (panel->kept != NULL) return (panel->kept->columns[security] >> column & 1) != 0;
  for (size_t t = 0; t < panel->n_sessions; t++)
    if (!isnan(values[security * panel->n_sessions + t])) return true;
  return false;
}

static double *find_any(const aft_panel *panel) {
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (panel->price[c] != NULL) return panel->price[c];
  return panel->returns;
}

double *aft_panel_new_matrix(const aft_panel *panel) {
  size_t cells = panel->n_securities * panel->n_sessions;
  if (panel->kept != NULL) return aft_holes_new(cells, find_any(panel));
  double *matrix = g_new(double, MAX(cells, 1));
  for (size_t i = 0; i < cells; i++) matrix[i] = (double)NAN;
  return matrix;
}

GDestroyNotify aft_panel_matrix_free(const aft_panel *panel) { return panel->kept != NULL ? aft_holes_free : g_free; }
