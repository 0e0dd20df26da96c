/* Sessions x securities: rows placed on the calendar. Returns are made in panel_returns.c. */
#include <aftershock/market/panel.h>

#include "panel_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *const column_names[AFT_PRICE_N_COLUMNS] = {"open",      "high",   "low", "close",
                                                              "adj_close", "volume", "ret"};

void aft_panel_clear(aft_panel *panel) {
  g_free(panel->day);
  g_strfreev(panel->symbols);
  if (panel->index != NULL) g_hash_table_unref(panel->index);
  g_free(panel->returns);
  g_free(panel->gap_returns);
  g_free(panel->gap);
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) g_free(panel->price[c]);
  g_free(panel->first_valid);
  g_free(panel->last_valid);
  g_strfreev(panel->factor_names);
  g_free(panel->factors);
  g_free(panel->rf);
  g_free(panel->market_log);
  g_free(panel->basis);
  g_free(panel->split);
  g_free(panel->shares);
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

static const char *file_of(const aft_prices *prices, size_t row) {
  return g_ptr_array_index(prices->files, prices->file[row]);
}

static bool is_empty_row(const aft_prices *prices, size_t row) {
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (prices->column[c] != NULL && !isnan(prices->column[c][row])) return false;
  return true;
}

static bool fail_closed(const aft_panel *panel, const char *file, long line, aft_day day, const char *what,
                        GError **error) {
  char text[AFT_DAY_TEXT], first[AFT_DAY_TEXT], last[AFT_DAY_TEXT];
  aft_day_print(day, text);
  if (day < aft_calendar_first(panel->calendar) || day > aft_calendar_last(panel->calendar))
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL, "%s:%ld: %s is outside the calendar %s (%s to %s)",
                file, line, text, aft_calendar_mic(panel->calendar),
                aft_day_print(aft_calendar_first(panel->calendar), first),
                aft_day_print(aft_calendar_last(panel->calendar), last));
  else
    g_set_error(
        error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL,
        "%s:%ld: %s is not a session of %s (%s); a %s there would shift the clock (check the dates, or the study's "
        "calendar)",
        file, line, text, aft_calendar_mic(panel->calendar), aft_calendar_closed_reason(panel->calendar, day), what);
  return false;
}

/* Columns of the panel: from the first to the last day with a value. Sets row_session[row], -1 for rows to pass over. */
static bool find_span(aft_panel *panel, const aft_prices *prices, long *row_session, GError **error) {
  long first = LONG_MAX, last = -1;
  aft_day day = AFT_DAY_NONE;
  long session = -1;
  for (size_t row = 0; row < prices->n_rows; row++) {
    if (prices->day[row] != day) {
      day = prices->day[row];
      session = aft_calendar_find_session(panel->calendar, day);
    }
    row_session[row] = session;
    if (session < 0) {
      if (is_empty_row(prices, row)) continue;
      return fail_closed(panel, file_of(prices, row), prices->line[row], day, "row", error);
    }
    first = MIN(first, session);
    last = MAX(last, session);
  }
  if (last < 0) {
    g_set_error_literal(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL, "the price files hold no rows");
    return false;
  }
  panel->first_session = first;
  panel->n_sessions = (size_t)(last - first) + 1;
  panel->day = g_new(aft_day, panel->n_sessions);
  for (size_t t = 0; t < panel->n_sessions; t++)
    panel->day[t] = aft_calendar_get_session(panel->calendar, (size_t)first + t)->day;
  return true;
}

static double *new_matrix(size_t rows, size_t columns) {
  double *matrix = g_new(double, rows *columns);
  for (size_t i = 0; i < rows * columns; i++) matrix[i] = (double)NAN;
  return matrix;
}

/*
 * A further row of a security and session: fills what is still missing there, so that files may hold different columns. Sets *repeats
 * when it says nothing new; refuses a value that contradicts one that is there. first: the row that came first.
 */
static bool merge_row(aft_panel *panel, const aft_prices *prices, size_t row, size_t first, size_t cell, bool *repeats,
                      GError **error) {
  *repeats = true;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    if (panel->price[c] == NULL) continue;
    double given = prices->column[c][row], there = panel->price[c][cell];
    if (given == there || isnan(given)) continue;
    if (isnan(there)) {
      panel->price[c][cell] = given;
      *repeats = false;
      continue;
    }
    char day[AFT_DAY_TEXT], now[AFT_NUMBER_TEXT], before[AFT_NUMBER_TEXT];
    g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL,
                "%s:%u: %s has a second row for %s: %s \"%s\" here, \"%s\" at %s:%u (keep one)", file_of(prices, row),
                prices->line[row], aft_symbols_name(&prices->symbols, prices->symbol[row]),
                aft_day_print(prices->day[row], day), column_names[c], aft_number_print(given, now),
                aft_number_print(there, before), file_of(prices, first), prices->line[first]);
    return false;
  }
  return true;
}

/* Copies the rows into the matrices, refusing contradictions. */
static bool place_rows(aft_panel *panel, const aft_prices *prices, const long *row_session, aft_warnings *warnings,
                       GError **error) {
  size_t n = panel->n_sessions, n_repeated = 0, first_repeated = 0;
  g_autofree size_t *occupant = g_new0(size_t, panel->n_securities * n); /* row + 1 */
  for (size_t row = 0; row < prices->n_rows; row++) {
    if (row_session[row] < 0 || is_empty_row(prices, row)) continue;
    size_t cell = prices->symbol[row] * n + (size_t)(row_session[row] - panel->first_session);
    if (occupant[cell] != 0) {
      bool repeats;
      if (!merge_row(panel, prices, row, occupant[cell] - 1, cell, &repeats, error)) return false;
      if (repeats && n_repeated++ == 0) first_repeated = row;
      continue;
    }
    occupant[cell] = row + 1;
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      if (panel->price[c] != NULL) panel->price[c][cell] = prices->column[c][row];
  }
  if (n_repeated > 0)
    aft_warnings_add(warnings,
                     "%s:%u: %" G_GSIZE_FORMAT " row%s an earlier row exactly; each was used once (this is the first)",
                     file_of(prices, first_repeated), prices->line[first_repeated], n_repeated,
                     n_repeated == 1 ? " repeats" : "s repeat");
  return true;
}

/* Sessions inside the span on which nothing has a value: a file that misses days, or dates that are shifted. */
static void warn_empty_sessions(const aft_panel *panel, aft_warnings *warnings) {
  g_autoptr(GString) list = g_string_new(NULL);
  size_t n_empty = 0;
  for (size_t t = 0; t < panel->n_sessions; t++) {
    bool any = false;
    for (size_t i = 0; i < panel->n_securities && !any; i++)
      for (int c = 0; c < AFT_PRICE_N_COLUMNS && !any; c++)
        any = panel->price[c] != NULL && !isnan(panel->price[c][i * panel->n_sessions + t]);
    if (any) continue;
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

static void find_valid_spans(aft_panel *panel) {
  panel->first_valid = g_new(long, panel->n_securities);
  panel->last_valid = g_new(long, panel->n_securities);
  for (size_t i = 0; i < panel->n_securities; i++) {
    const double *returns = (panel->gap_returns != NULL ? panel->gap_returns : panel->returns) + i * panel->n_sessions;
    panel->first_valid[i] = panel->last_valid[i] = -1;
    for (size_t t = 0; t < panel->n_sessions; t++) {
      if (isnan(returns[t])) continue;
      if (panel->first_valid[i] < 0) panel->first_valid[i] = (long)t;
      panel->last_valid[i] = (long)t;
    }
  }
}

/* Factors on the panel's sessions; days of the file outside the panel's span are left out. */
static bool place_factors(aft_panel *panel, const aft_factors *factors, const aft_panel_options *options,
                          GError **error) {
  size_t n = panel->n_sessions;
  panel->n_factors = factors->n_columns;
  panel->factor_names = g_strdupv(factors->names);
  panel->factors = new_matrix((size_t)factors->n_columns, n);
  for (size_t row = 0; row < factors->n_days; row++) {
    long session = aft_calendar_find_session(panel->calendar, factors->day[row]);
    if (session < 0) return fail_closed(panel, factors->path, factors->line[row], factors->day[row], "factor", error);
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

bool aft_panel_build(aft_panel *panel, const aft_calendar *calendar, const aft_prices *prices,
                     const aft_actions *actions, const aft_factors *factors, const aft_panel_options *options,
                     aft_warnings *warnings, GError **error) {
  aft_panel built = {.calendar = calendar, .market_security = -1};
  g_autofree long *row_session = g_new(long, MAX(prices->n_rows, 1));
  bool ok = find_span(&built, prices, row_session, error);
  if (ok) {
    built.n_securities = prices->symbols.names->len;
    built.symbols = g_new0(char *, built.n_securities + 1);
    built.index = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = 0; i < built.n_securities; i++) {
      built.symbols[i] = g_strdup(aft_symbols_name(&prices->symbols, (uint32_t)i));
      g_hash_table_insert(built.index, built.symbols[i], GSIZE_TO_POINTER(i + 1));
    }
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      if (prices->column[c] != NULL) built.price[c] = new_matrix(built.n_securities, built.n_sessions);
    built.returns = new_matrix(built.n_securities, built.n_sessions);
    if (options->gap_returns) {
      built.gap_returns = new_matrix(built.n_securities, built.n_sessions);
      built.gap = g_new0(int, built.n_securities *built.n_sessions);
    }
    ok = place_rows(&built, prices, row_session, warnings, error);
  }
  if (ok) {
    warn_empty_sessions(&built, warnings);
    ok = aft_panel_compute_returns(&built, actions, options, warnings, error);
  }
  if (ok) find_valid_spans(&built);
  if (ok && factors != NULL) ok = place_factors(&built, factors, options, error);
  ok = ok && aft_panel_set_market(&built, options->market, options->log_returns, error);
  if (!ok) {
    aft_panel_clear(&built);
    return false;
  }
  *panel = built;
  return true;
}
