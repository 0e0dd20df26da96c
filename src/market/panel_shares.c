/* Shares outstanding on the panel's sessions. */
#include <aftershock/market/panel.h>

#include <math.h>

#include <aftershock/base/banned.h>

static double split_of(const aft_panel *panel, size_t cell) { return panel->split != NULL ? panel->split[cell] : 1; }

/* Each number on its first session; a split between its day and that session is already in force there. */
static void place(aft_panel *panel, size_t security, const aft_share_count *count) {
  size_t t = aft_day_find(panel->day, panel->n_sessions, count->day), cell = security * panel->n_sessions + t;
  if (t == panel->n_sessions) return;
  panel->shares[cell] = panel->day[t] > count->day ? count->shares * split_of(panel, cell) : count->shares;
}

void aft_panel_place_shares(aft_panel *panel, const aft_shares *shares) {
  size_t cells = panel->n_securities * panel->n_sessions;
  g_free(panel->shares);
  panel->shares = g_new(double, MAX(cells, 1));
  for (size_t i = 0; i < cells; i++) panel->shares[i] = (double)NAN;
  for (guint i = 0; i < shares->rows->len; i++) { /* by day: of two numbers for one session the later one stays */
    const aft_share_count *count = &g_array_index(shares->rows, aft_share_count, i);
    long security = aft_panel_find_security(panel, count->symbol);
    if (security >= 0) place(panel, (size_t)security, count);
  }
  for (size_t security = 0; security < panel->n_securities; security++)
    for (size_t t = 1; t < panel->n_sessions; t++) {
      size_t cell = security * panel->n_sessions + t;
      // NOLINTNEXTLINE(clang-analyzer-core.CallAndMessage): every cell was set to NaN above
      if (isnan(panel->shares[cell])) panel->shares[cell] = panel->shares[cell - 1] * split_of(panel, cell);
    }
}
