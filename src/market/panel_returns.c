/* Returns of the panel: from adjusted closes, from closes with splits and dividends, or as the files give them. */
#include "panel_internal.h"
#include "split.h"

#include <math.h>

#include <aftershock/base/banned.h>

/* Per security and session: split factor (1) and dividend (0). NULL when there are no actions. */
typedef struct adjustments {
  double *split;
  double *dividend;
} adjustments;

static bool place_actions(const aft_panel *panel, const aft_actions *actions, adjustments *a, aft_warnings *warnings,
                          GError **error) {
  size_t cells = panel->n_securities * panel->n_sessions;
  a->split = g_new(double, cells);
  a->dividend = g_new0(double, cells);
  for (size_t i = 0; i < cells; i++) a->split[i] = 1;
  for (size_t row = 0; row < actions->n; row++) {
    const aft_action *action = &actions->rows[row];
    char day[AFT_DAY_TEXT];
    long security = aft_panel_find_security(panel, action->symbol);
    long session = aft_calendar_find_session(panel->calendar, action->day);
    if (security < 0) {
      aft_warnings_add(warnings, "%s:%ld: no price file has the symbol \"%s\"; the row is not used", actions->path,
                       action->line, action->symbol);
      continue;
    }
    if (session < 0) {
      const char *reason = aft_calendar_closed_reason(panel->calendar, action->day);
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_PANEL,
                  "%s:%ld: %s is not a session of %s (%s); give the ex-date", actions->path, action->line,
                  aft_day_print(action->day, day), aft_calendar_mic(panel->calendar), reason);
      return false;
    }
    long t = session - panel->first_session;
    if (t < 0 || t >= (long)panel->n_sessions) continue;
    size_t cell = (size_t)security * panel->n_sessions + (size_t)t;
    if (action->kind == AFT_ACTION_SPLIT)
      a->split[cell] *= action->value;
    else
      a->dividend[cell] += action->value;
  }
  return true;
}

static void warn_split(const aft_panel *panel, size_t security, size_t t, double before, double now,
                       aft_warnings *warnings) {
  double split;
  char day[AFT_DAY_TEXT], from[AFT_NUMBER_TEXT], to[AFT_NUMBER_TEXT], q[AFT_NUMBER_TEXT];
  if (!split_is_likely(now / before, &split)) return;
  aft_warnings_add(warnings,
                   "%s: %s to %s on %s looks like an unrecorded split (%s new shares for one old): if it is, add "
                   "\"%s,%s,split,%s\" to the actions",
                   panel->symbols[security], aft_number_print(before, from), aft_number_print(now, to),
                   aft_day_print(panel->day[t], day), aft_number_print(split, q), aft_day_print(panel->day[t], day),
                   panel->symbols[security], q);
}

static bool has_any(const double *row, size_t n) {
  for (size_t t = 0; t < n; t++)
    if (!isnan(row[t])) return true;
  return false;
}

static size_t count_only_in(const double *a, const double *b, size_t n) {
  size_t count = 0;
  for (size_t t = 0; t < n; t++) count += !isnan(a[t]) && isnan(b[t]);
  return count;
}

/*
 * What a close must be multiplied by to be comparable with the last one: adj_close / close, or the inverse of the splits still to come.
 * Dividends of the actions change returns, not the basis.
 */
static void fill_basis(double *basis, const double *close, const double *adjusted, const double *split, size_t n) {
  double factor = 1;
  for (size_t t = n; t-- > 0;) {
    basis[t] = adjusted != NULL ? adjusted[t] / close[t] : factor;
    if (adjusted == NULL && split != NULL) factor /= split[t];
  }
}

/*
 * Returns from each price to the next, over any number of sessions: one share at the last price has become `shares` and has
 * been paid `cash` when the next one comes. split, dividend [n] or NULL.
 */
static void fill_gaps(const double *price, const double *split, const double *dividend, size_t n, bool log_returns,
                      double *returns, int *gap) {
  double before = (double)NAN, shares = 1, cash = 0;
  size_t last = 0;
  for (size_t t = 0; t < n; t++) {
    if (split != NULL) {
      cash += shares * dividend[t];
      shares *= split[t];
    }
    if (isnan(price[t])) continue;
    if (!isnan(before)) {
      double simple = (price[t] * shares + cash) / before - 1;
      returns[t] = log_returns ? log1p(simple) : simple;
      gap[t] = (int)(t - last);
    }
    before = price[t];
    last = t;
    shares = 1;
    cash = 0;
  }
}

/* The same where returns were read: each covers the sessions since the one before it, the first its own alone. */
static void count_gaps(aft_panel *panel) {
  for (size_t i = 0; i < panel->n_securities; i++) {
    const double *returns = panel->returns + i * panel->n_sessions;
    int *gap = panel->gap + i * panel->n_sessions, open = 0;
    bool any = false;
    for (size_t t = 0; t < panel->n_sessions; t++) {
      open++;
      if (isnan(returns[t])) continue;
      panel->gap_returns[i * panel->n_sessions + t] = returns[t];
      gap[t] = any ? open : 1;
      open = 0;
      any = true;
    }
  }
}

/* One security's returns from its prices. */
static void compute_security(aft_panel *panel, size_t security, const adjustments *a, bool log_returns,
                             aft_warnings *warnings) {
  size_t n = panel->n_sessions, row = security * n;
  const double *adjusted = panel->price[AFT_PRICE_ADJ_CLOSE] != NULL ? panel->price[AFT_PRICE_ADJ_CLOSE] + row : NULL;
  const double *close = panel->price[AFT_PRICE_CLOSE] != NULL ? panel->price[AFT_PRICE_CLOSE] + row : NULL;
  bool use_adjusted = adjusted != NULL && has_any(adjusted, n);
  const double *price = use_adjusted ? adjusted : close;
  if (price == NULL) return;
  if (panel->basis != NULL && close != NULL)
    fill_basis(panel->basis + row, close, use_adjusted ? adjusted : NULL, a->split != NULL ? a->split + row : NULL, n);
  if (use_adjusted && close != NULL) {
    size_t lost = count_only_in(close, adjusted, n);
    if (lost > 0)
      aft_warnings_add(warnings,
                       "%s: %" G_GSIZE_FORMAT
                       " sessions have a close but no adj_close; they have no return (fill adj_close, or leave it out)",
                       panel->symbols[security], lost);
  }
  if (panel->gap_returns != NULL) {
    bool apply = a->split != NULL && !use_adjusted;
    fill_gaps(price, apply ? a->split + row : NULL, apply ? a->dividend + row : NULL, n, log_returns,
              panel->gap_returns + row, panel->gap + row);
  }
  bool unused = false;
  for (size_t t = 1; t < n; t++) {
    double before = price[t - 1], now = price[t];
    double split = 1, dividend = 0;
    if (a->split != NULL) {
      split = a->split[row + t];
      dividend = a->dividend[row + t];
    }
    if (use_adjusted) {
      unused = unused || split != 1 || dividend != 0;
      split = 1;
      dividend = 0;
    }
    if (isnan(before) || isnan(now)) continue;
    double simple = (now * split + dividend) / before - 1;
    panel->returns[row + t] = log_returns ? log1p(simple) : simple;
    if (split == 1) warn_split(panel, security, t, before, now, warnings);
  }
  if (unused)
    aft_warnings_add(warnings,
                     "%s: has adj_close, so its splits and dividends in the actions file are not applied again",
                     panel->symbols[security]);
}

/* Returns as read, brought to the form that the study works on. */
static void convert_returns(aft_panel *panel, const aft_panel_options *options) {
  const double *read = panel->price[AFT_PRICE_RETURN];
  size_t cells = panel->n_securities * panel->n_sessions;
  for (size_t i = 0; i < cells; i++) {
    double value = read[i];
    if (options->rows_are_log && !options->log_returns) value = expm1(value);
    if (!options->rows_are_log && options->log_returns) value = log1p(value);
    panel->returns[i] = isfinite(value) ? value : (double)NAN; /* log of a total loss */
  }
}

bool aft_panel_compute_returns(aft_panel *panel, const aft_actions *actions, const aft_panel_options *options,
                               aft_warnings *warnings, GError **error) {
  if (options->rows_are_returns) {
    convert_returns(panel, options);
    if (panel->gap != NULL) count_gaps(panel);
    return true;
  }
  adjustments a = {NULL, NULL};
  bool ok = actions == NULL || place_actions(panel, actions, &a, warnings, error);
  if (ok && (actions != NULL || panel->price[AFT_PRICE_ADJ_CLOSE] != NULL) && panel->price[AFT_PRICE_CLOSE] != NULL)
    panel->basis = g_new0(double, panel->n_securities * panel->n_sessions);
  for (size_t i = 0; ok && i < panel->n_securities; i++) compute_security(panel, i, &a, options->log_returns, warnings);
  panel->split = a.split;
  g_free(a.dividend);
  return ok;
}
