/* A panel whose returns are in the other form. */
#include <aftershock/market/panel.h>

#include <math.h>

#include <aftershock/base/banned.h>

static double *convert(const double *values, size_t n, bool is_log, bool to_log) {
  if (values == NULL) return NULL;
  double *out = g_new(double, MAX(n, 1));
  for (size_t i = 0; i < n; i++) {
    double value = is_log == to_log ? values[i] : to_log ? log1p(values[i]) : expm1(values[i]);
    out[i] = isfinite(value) ? value : (double)NAN; /* log of a total loss */
  }
  return out;
}

void aft_panel_view_init(aft_panel *view, const aft_panel *panel, bool is_log, bool to_log) {
  size_t cells = panel->n_securities * panel->n_sessions;
  *view = *panel;
  view->returns = convert(panel->returns, cells, is_log, to_log);
  view->gap_returns = convert(panel->gap_returns, cells, is_log, to_log);
  view->rf = convert(panel->rf, panel->n_sessions, is_log, to_log);
  view->market_log = NULL;
  view->market = NULL;
  view->market_security = -1;
}

void aft_panel_view_add_mean(aft_panel *view, const long *rows, size_t n) {
  size_t n_sessions = view->n_sessions, end = view->n_securities * n_sessions;
  view->returns = g_renew(double, view->returns, end + n_sessions);
  for (size_t t = 0; t < n_sessions; t++) {
    double sum = 0;
    for (size_t i = 0; i < n; i++) sum += view->returns[(size_t)rows[i] * n_sessions + t];
    view->returns[end + t] = sum / (double)n;
  }
}

void aft_panel_view_clear(aft_panel *view) {
  g_free(view->returns);
  g_free(view->gap_returns);
  g_free(view->rf);
  g_free(view->market_log);
}
