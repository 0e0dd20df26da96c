/* The audit of a panel: its rows are series already, and none of them contradicts another or stands on a closed day. */
#include "audit_internal.h"
#include "panel_internal.h"

#include <aftershock/base/parallel.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

typedef struct panel_audit {
  const aft_panel *panel;
  const aft_cells *cells;
  const aft_audit_input *input;
  audit_actions actions;
  const audit_moves *market; /* NULL: none */
  long *session;             /* [n_sessions] of the calendar, by column */
  GArray **found;            /* [n_securities] NULL: nothing */
} panel_audit;

/* The days of columns first to last on which the security has a row. */
static void add_run(audit_series *s, const panel_audit *a, size_t security, aft_run run) {
  const aft_panel *panel = a->panel;
  size_t start = s->n, n = (size_t)(run.last - run.first) + 1;
  uint32_t *line = s->line + start; /* what is there moves down to what is found */
  uint16_t *file = s->file + start;
  aft_cells_get_lines(a->cells, security, panel->first_session + run.first, n, line, file);
  for (size_t i = 0; i < n; i++) {
    if (line[i] == 0) continue;
    s->line[s->n] = line[i];
    s->file[s->n] = file[i];
    s->day[s->n] = panel->day[(size_t)run.first + i];
    s->session[s->n++] = panel->first_session + run.first + (long)i;
  }
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    if (panel->price[c] == NULL) continue;
    const double *values = panel->price[c] + security * panel->n_sessions;
    for (size_t k = start; k < s->n; k++) s->value[c][k] = values[s->session[k] - panel->first_session];
  }
}

/*
 * The days of a security on which it has a row. Where these are sessions one behind the other the series lies in the panel as it is; else it is
 * put together in the room.
 */
static void fill_series(audit_series *s, const audit_series *room, const panel_audit *a, size_t security) {
  const aft_panel *panel = a->panel;
  long first;
  *s = *room;
  s->symbol = panel->symbols[security];
  s->n = 0;
  if (!aft_cells_find_rows(a->cells, security, &first, &s->n)) {
    for (size_t r = 0; r < aft_panel_n_runs(panel, security); r++)
      add_run(s, a, security, aft_panel_get_run(panel, security, r));
    audit_series_finish(s);
    return;
  }
  size_t column = (size_t)(first - panel->first_session);
  s->cells = a->cells;
  s->security = security;
  s->line = NULL;
  s->file = NULL;
  s->day = panel->day + column;
  s->session = a->session + column;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (panel->price[c] != NULL) s->value[c] = panel->price[c] + security * panel->n_sessions + column;
  audit_series_finish(s);
}

/* A series with room for any security. */
static void open_series(audit_series *s, const panel_audit *a) {
  bool has_column[AFT_PRICE_N_COLUMNS];
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) has_column[c] = a->panel->price[c] != NULL;
  audit_series_init(s, a->input, &a->actions, has_column, a->panel->n_sessions);
}

static void audit_range(size_t first, size_t last, unsigned worker, void *data) {
  panel_audit *a = data;
  audit_series room, series;
  (void)worker;
  open_series(&room, a);
  for (size_t security = first; security < last; security++) {
    aft_audit audit;
    aft_audit_init(&audit);
    audit.least = AFT_SEVERITY_ERROR;
    fill_series(&series, &room, a, security);
    audit_check_series(&audit, &series, a->market);
    if (audit.findings->len > 0) a->found[security] = g_steal_pointer(&audit.findings);
    aft_audit_clear(&audit);
  }
  audit_series_clear(&room);
}

void audit_run_panel(aft_audit *audit, const aft_panel *panel, const aft_cells *cells, const aft_prices *prices,
                     const aft_actions *actions, const aft_panel_options *options) {
  const aft_audit_input input = {.calendar = panel->calendar,
                                 .prices = prices,
                                 .rows_are_returns = options->rows_are_returns,
                                 .actions = actions,
                                 .market = options->market};
  g_autofree GArray **found = g_new0(GArray *, MAX(panel->n_securities, 1));
  g_autofree long *session = g_new(long, MAX(panel->n_sessions, 1));
  panel_audit a = {.panel = panel, .cells = cells, .input = &input, .session = session, .found = found};
  audit_series room, benchmark;
  audit_moves market;
  long security = options->market != NULL ? aft_panel_find_security(panel, options->market) : -1;
  for (size_t t = 0; t < panel->n_sessions; t++) session[t] = panel->first_session + (long)t;
  audit_actions_init(&a.actions, actions);
  open_series(&room, &a);
  if (security >= 0) {
    fill_series(&benchmark, &room, &a, (size_t)security);
    audit_moves_init(&market, &benchmark);
    a.market = &market;
  }
  aft_parallel_for(panel->n_securities, options->n_threads, audit_range, &a);
  for (size_t i = 0; i < panel->n_securities; i++)
    if (found[i] != NULL) audit_take_findings(audit, found[i]);
  if (security >= 0) audit_moves_clear(&market);
  audit_series_clear(&room);
  audit_actions_clear(&a.actions);
  audit->n_symbols += panel->n_securities;
}
