/* Sessions x securities: rows placed on the calendar. Returns are made in panel_returns.c. */
#include <aftershock/market/panel.h>

#include "panel_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* What lies in the panel's file goes with that. */
static void free_matrix(const aft_panel *panel, void *matrix, GDestroyNotify free_own) {
  if (panel->file == NULL || !aft_mapped_holds(panel->file, matrix)) free_own(matrix);
}

void aft_panel_clear(aft_panel *panel) {
  GDestroyNotify free_large = aft_panel_matrix_free(panel);
  free_matrix(panel, panel->returns, free_large);
  free_matrix(panel, panel->gap_returns, free_large);
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) free_matrix(panel, panel->price[c], free_large);
  free_matrix(panel, panel->volume_count, g_free);
  free_matrix(panel, panel->gap, g_free);
  free_matrix(panel, panel->basis, g_free);
  free_matrix(panel, panel->split, g_free);
  g_free(panel->shares);
  aft_mapped_free(panel->file);
  g_free(panel->day);
  g_strfreev(panel->symbols);
  if (panel->index != NULL) g_hash_table_unref(panel->index);
  g_free(panel->first_valid);
  g_free(panel->last_valid);
  g_strfreev(panel->factor_names);
  g_free(panel->factors);
  g_free(panel->rf);
  g_free(panel->market_log);
  panel_clear_kept(panel);
  memset(panel, 0, sizeof *panel);
}

long aft_panel_find_security(const aft_panel *panel, const char *symbol) {
  if (panel->index != NULL) return (long)GPOINTER_TO_SIZE(g_hash_table_lookup(panel->index, symbol)) - 1;
  for (size_t i = 0; i < panel->n_securities; i++)
    if (strcmp(panel->symbols[i], symbol) == 0) return (long)i;
  return -1;
}

const aft_panel *aft_panel_find_market(const aft_panel *first, const char *symbol, long *security) {
  const aft_panel *panel = first;
  for (; panel != NULL; panel = panel->next)
    if ((*security = aft_panel_find_security(panel, symbol)) >= 0) return panel;
  *security = -1;
  return NULL;
}

int aft_panel_find_factor(const aft_panel *panel, const char *name) {
  for (int i = 0; i < panel->n_factors; i++)
    if (strcmp(panel->factor_names[i], name) == 0) return i;
  return -1;
}

bool panel_fail_closed(const aft_calendar *calendar, const char *file, long line, aft_day day, const char *what,
                       GError **error) {
  char text[AFT_DAY_TEXT], first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  aft_day_print(day, text);
  if (day < aft_calendar_first(calendar) || day > aft_calendar_last(calendar))
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL, "%s:%ld: %s is outside the calendar %s (%s to %s)",
                file, line, text, aft_calendar_mic(calendar), aft_day_print(aft_calendar_first(calendar), first),
                aft_day_print(aft_calendar_last(calendar), last));
  else
    g_set_error(
        error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL,
        "%s:%ld: %s is not a session of %s (%s); a %s there would shift the clock (check the dates, or the study's "
        "calendar)",
        file, line, text, aft_calendar_mic(calendar), aft_calendar_closed_reason(calendar, day), what);
  return false;
}

/* Columns of the panel. */
void panel_set_sessions(aft_panel *panel, long first_session, size_t n_sessions) {
  panel->first_session = first_session;
  panel->n_sessions = n_sessions;
  panel->day = g_new(aft_day, panel->n_sessions);
  for (size_t t = 0; t < panel->n_sessions; t++)
    panel->day[t] = aft_calendar_get_session(panel->calendar, (size_t)panel->first_session + t)->day;
}

void panel_set_symbols(aft_panel *panel, const char *const *names, size_t n) {
  panel->n_securities = n;
  panel->symbols = g_new0(char *, n + 1);
  panel->index = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < n; i++) {
    panel->symbols[i] = g_strdup(names[i]);
    g_hash_table_insert(panel->index, panel->symbols[i], GSIZE_TO_POINTER(i + 1));
  }
}

/* Sessions inside the span on which nothing has a value: a file that misses days, or dates that are shifted. */
static void warn_empty_sessions(const aft_panel *panel, const aft_cells *cells, aft_warnings *warnings) {
  g_autoptr(GString) list = g_string_new(NULL);
  size_t n_empty = 0;
  for (size_t t = 0; t < panel->n_sessions; t++) {
    if (aft_cells_has_session(cells, panel->first_session + (long)t)) continue;
    char day[AFT_DAY_TEXT];
    if (++n_empty <= 5)
      g_string_append_printf(list, "%s%s", n_empty > 1 ? ", " : "", aft_day_print(panel->day[t], day));
  }
  if (n_empty > 0)
    aft_warnings_add(
        warnings,
        "%" G_GSIZE_FORMAT " session%s of %s without a row for any symbol: %s%s (are days missing, or dates shifted?)",
        n_empty, n_empty == 1 ? "" : "s", aft_calendar_mic(panel->calendar), list->str, n_empty > 5 ? ", ..." : "");
}

/* Factors on the panel's sessions; days of the file outside the panel's span are left out. */
static bool fill_factors(aft_panel *panel, const aft_factors *factors, const aft_panel_options *options,
                         GError **error) {
  size_t n = panel->n_sessions;
  panel->n_factors = factors->n_columns;
  panel->factor_names = g_strdupv(factors->names);
  panel->factors = g_new(double, MAX((size_t)factors->n_columns * n, 1));
  for (size_t i = 0; i < (size_t)factors->n_columns * n; i++) panel->factors[i] = (double)NAN;
  for (size_t row = 0; row < factors->n_days; row++) {
    long session = aft_calendar_find_session(panel->calendar, factors->day[row]);
    if (session < 0)
      return panel_fail_closed(panel->calendar, factors->path, factors->line[row], factors->day[row], "factor", error);
    long t = session - panel->first_session;
    if (t < 0 || t >= (long)n) continue;
    for (int k = 0; k < factors->n_columns; k++)
      panel->factors[(size_t)k * n + (size_t)t] = factors->values[(size_t)k * factors->n_days + row];
  }
  int rf = aft_panel_find_factor(panel, "rf");
  if (rf >= 0) {
    panel->rf = g_new(double, n);
    for (size_t t = 0; t < n; t++) {
      double rate = panel->factors[(size_t)rf * n + t];
      panel->rf[t] = options->log_returns ? log1p(rate) : rate;
    }
  }
  return true;
}

bool aft_panel_set_market(aft_panel *panel, const char *market, bool log_returns, GError **error) {
  long security = market == NULL ? -1 : aft_panel_find_security(panel, market);
  int factor = market == NULL ? -1 : aft_panel_find_factor(panel, market);
  if (market != NULL && security < 0 && factor < 0) {
    const char *closest = aft_text_find_closest(market, (const char *const *)panel->symbols);
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_BENCHMARK,
                "market \"%s\": no such symbol in the price files and no such factor column%s%s%s", market,
                closest != NULL ? " (did you mean \"" : " (add its rows, or name another benchmark)",
                closest != NULL ? closest : "", closest != NULL ? "\"?)" : "");
    return false;
  }
  g_clear_pointer(&panel->market_log, g_free);
  panel->market = NULL;
  panel->market_security = security;
  if (security >= 0) panel->market = panel->returns + (size_t)security * panel->n_sessions;
  if (security >= 0 || factor < 0) return true;
  panel->market = panel->factors + (size_t)factor * panel->n_sessions;
  if (!log_returns) return true;
  panel->market_log = g_new(double, panel->n_sessions);
  for (size_t t = 0; t < panel->n_sessions; t++) panel->market_log[t] = log1p(panel->market[t]);
  panel->market = panel->market_log;
  return true;
}

bool aft_panel_place_factors(aft_panel *panel, const aft_factors *factors, const aft_panel_options *options,
                             GError **error) {
  return (factors == NULL || fill_factors(panel, factors, options, error)) &&
         aft_panel_set_market(panel, options->market, options->log_returns, error);
}

static void take_columns(aft_panel *panel, aft_cells *cells, unsigned n_threads) {
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (aft_cells_has_column(cells, (enum aft_price_column)c))
      panel->price[c] = aft_cells_take_column(cells, (enum aft_price_column)c, panel->n_securities, n_threads);
  panel->volume_count = aft_cells_take_counts(cells, panel->n_securities, n_threads);
}

double aft_panel_get_volume(const aft_panel *panel, size_t cell) {
  if (panel->volume_count == NULL)
    return panel->price[AFT_PRICE_VOLUME] != NULL ? panel->price[AFT_PRICE_VOLUME][cell] : (double)NAN;
  return panel->volume_count[cell] > 0 ? (double)panel->volume_count[cell] - 1 : (double)NAN;
}

void aft_panel_expand_volume(aft_panel *panel) {
  size_t n = panel->n_securities * panel->n_sessions;
  if (panel->volume_count == NULL) return;
  double *volume = g_new(double, MAX(n, 1));
  for (size_t i = 0; i < n; i++) volume[i] = aft_panel_get_volume(panel, i);
  panel->price[AFT_PRICE_VOLUME] = volume;
  free_matrix(panel, g_steal_pointer(&panel->volume_count), g_free);
}

/* A matrix of returns; of a whole panel its rows are cleared by who fills them. */
static double *new_returns(const aft_panel *panel) {
  return panel->kept != NULL ? aft_panel_new_matrix(panel)
                             : g_new(double, MAX(panel->n_securities * panel->n_sessions, 1));
}

static bool fill_returns(aft_panel *panel, const aft_actions *actions, const aft_panel_options *options,
                         aft_warnings *warnings, GError **error) {
  panel->returns = new_returns(panel);
  if (options->gap_returns) {
    panel->gap_returns = new_returns(panel);
    panel->gap = g_new0(int, panel->n_securities * panel->n_sessions);
  }
  if (panel->kept == NULL) {
    panel->first_valid = g_new(long, panel->n_securities);
    panel->last_valid = g_new(long, panel->n_securities);
  }
  return aft_panel_compute_returns(panel, actions, options, warnings, error);
}

bool aft_panel_build_cells(aft_panel *panel, aft_cells *cells, const aft_prices *prices, const aft_actions *actions,
                           const aft_factors *factors, const aft_panel_options *options, aft_audit *audit,
                           aft_warnings *warnings, GError **error) {
  aft_panel built = {.calendar = aft_cells_calendar(cells), .market_security = -1};
  if (!aft_cells_check(cells, error)) return false;
  panel_set_sessions(&built, aft_cells_first_session(cells), aft_cells_n_sessions(cells)); /* first to last row */
  panel_set_symbols(&built, (const char *const *)prices->symbols.names->pdata, prices->symbols.names->len);
  if (aft_cells_keeps_some(cells)) panel_set_kept(&built, cells, options->gap_returns);
  take_columns(&built, cells, options->n_threads);
  if (audit != NULL) audit_run_panel(audit, &built, cells, prices, actions, options);
  aft_cells_warn_repeated(cells, prices, warnings);
  warn_empty_sessions(&built, cells, warnings);
  aft_cells_empty(cells); /* returns take the memory of what is no longer needed */
  bool ok = fill_returns(&built, actions, options, warnings, error) &&
            aft_panel_place_factors(&built, factors, options, error);
  if (!ok) {
    aft_panel_clear(&built);
    return false;
  }
  *panel = built;
  return true;
}

bool aft_panel_build(aft_panel *panel, const aft_calendar *calendar, const aft_prices *prices,
                     const aft_actions *actions, const aft_factors *factors, const aft_panel_options *options,
                     aft_warnings *warnings, GError **error) {
  const aft_cells_options all = {.drop_volume = false};
  g_autoptr(aft_cells) cells = aft_cells_new(calendar, &all);
  aft_cells_take_kept(cells, prices);
  return aft_panel_build_cells(panel, cells, prices, actions, factors, options, NULL, warnings, error);
}
