/* Returns of the panel: from adjusted closes, from closes with splits and dividends, or as the files give them. */
#include "panel_internal.h"
#include "split.h"

#include <aftershock/base/holes.h>
#include <aftershock/base/lanes.h>
#include <aftershock/base/parallel.h>

#include <math.h>

#include <aftershock/base/banned.h>

/*
 * Per security and session: split factor (1, or NaN in its place where a panel keeps some sessions alone) and dividend (0, also outside
 * of its runs). NULL when there are no actions.
 */
typedef struct adjustments {
  double *split;
  double *dividend;
} adjustments;

static double split_at(const double *split, size_t t) { return split == NULL || isnan(split[t]) ? 1 : split[t]; }

/* Whether the panel has the column of the security. */
static bool is_there(const aft_panel *panel, size_t security, long t) {
  for (size_t r = 0; r < aft_panel_n_runs(panel, security); r++) {
    aft_run run = aft_panel_get_run(panel, security, r);
    if (t >= run.first && t <= run.last) return true;
  }
  return false;
}

static void put_action(const aft_panel *panel, const aft_action *action, size_t security, long t, adjustments *a) {
  size_t cell = security * panel->n_sessions + (size_t)t;
  if (aft_panel_n_runs(panel, security) == 0) return;
  if (action->kind == AFT_ACTION_SPLIT) /* also between runs: it counts for the basis of what is before it */
    a->split[cell] = split_at(a->split, cell) * action->value;
  else if (is_there(panel, security, t))
    a->dividend[cell] += action->value;
}

static bool place_actions(const aft_panel *panel, const aft_actions *actions, bool some_series, adjustments *a,
                          aft_warnings *warnings, GError **error) {
  size_t cells = panel->n_securities * panel->n_sessions;
  a->split = aft_panel_new_matrix(panel);
  a->dividend = g_new0(double, cells);
  for (size_t i = 0; i < cells && panel->kept == NULL; i++) a->split[i] = 1;
  for (size_t row = 0; row < actions->n; row++) {
    const aft_action *action = &actions->rows[row];
    char day[AFT_DAY_TEXT];
    long security = aft_panel_find_security(panel, action->symbol);
    long session = aft_calendar_find_session(panel->calendar, action->day);
    if (security < 0 && some_series) continue;
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
    put_action(panel, action, (size_t)security, t, a);
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

static size_t count_only_in(const aft_panel *panel, size_t security, const double *a, const double *b) {
  size_t count = 0;
  for (size_t r = 0; r < aft_panel_n_runs(panel, security); r++) {
    aft_run run = aft_panel_get_run(panel, security, r);
    for (long t = run.first; t <= run.last; t++) count += !isnan(a[t]) && isnan(b[t]);
  }
  return count;
}

/*
 * What a close must be multiplied by to be comparable with the last one: adj_close / close, or the inverse of the splits still to come.
 * Dividends of the actions change returns, not the basis.
 */
static void fill_basis(const aft_panel *panel, size_t security, const double *close, const double *adjusted,
                       const double *split) {
  double factor = 1, *basis = panel->basis + security * panel->n_sessions;
  size_t t = panel->n_sessions;
  for (size_t r = aft_panel_n_runs(panel, security); r-- > 0;) {
    aft_run run = aft_panel_get_run(panel, security, r);
    while (t > (size_t)run.last + 1) factor /= split_at(split, --t);
    while (t > (size_t)run.first) {
      t--;
      basis[t] = adjusted != NULL ? adjusted[t] / close[t] : factor;
      factor /= split_at(split, t);
    }
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
      shares *= split_at(split, t);
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
static void count_gaps(aft_panel *panel, size_t security) {
  size_t row = security * panel->n_sessions;
  int *gap = panel->gap + row, open = 0;
  bool any = false;
  for (size_t t = 0; t < panel->n_sessions; t++) {
    open++;
    if (isnan(panel->returns[row + t])) continue;
    panel->gap_returns[row + t] = panel->returns[row + t];
    gap[t] = any ? open : 1;
    open = 0;
    any = true;
  }
}

/* What returns of a security are made of. */
typedef struct return_source {
  const double *price;
  bool is_adjusted; /* splits and dividends are in the price */
  bool log_returns;
  bool unused; /* there are some all the same */
} return_source;

/* Simple returns of columns first to last from the prices alone; a missing price makes its returns missing. */
WIDEST static void fill_simple(const double *price, size_t first, size_t last, double *returns) {
  lanes now, before;
  size_t t = first;
  for (; t + LANES <= last + 1; t += LANES) {
    lanes_load(&now, price + t);
    lanes_load(&before, price + t - 1);
    now = now / before - 1;
    memcpy(returns + t, &now, sizeof now);
  }
  for (; t <= last; t++) returns[t] = price[t] / price[t - 1] - 1;
}

/* Whether the returns are those of prices none of which may look like a split: of a move of 1 - 1 / SPLIT_LEAST, the lesser of both ways. */
static bool is_calm(const double *returns, size_t first, size_t last) {
  return split_find_largest(returns + first, last - first + 1) < 0.99 * (1 - 1 / SPLIT_LEAST);
}

/* Returns of one run of sessions, where the session before is there too. */
static void compute_run(aft_panel *panel, size_t security, const adjustments *a, aft_run run, return_source *source,
                        aft_warnings *warnings) {
  size_t row = security * panel->n_sessions, first = MAX((size_t)run.first, 1), last = (size_t)run.last;
  if (first > last) return;
  if (a->split == NULL && !source->log_returns) {
    fill_simple(source->price, first, last, panel->returns + row);
    if (is_calm(panel->returns + row, first, last)) return;
  }
  for (size_t t = first; t <= last; t++) {
    double before = source->price[t - 1], now = source->price[t];
    double split = 1, dividend = 0;
    if (a->split != NULL) {
      split = split_at(a->split, row + t);
      dividend = a->dividend[row + t];
    }
    if (source->is_adjusted) {
      source->unused = source->unused || split != 1 || dividend != 0;
      split = 1;
      dividend = 0;
    }
    if (isnan(before) || isnan(now)) continue;
    double simple = (now * split + dividend) / before - 1;
    panel->returns[row + t] = source->log_returns ? log1p(simple) : simple;
    bool is_far = now > SPLIT_LEAST * before || before > SPLIT_LEAST * now;
    if (split == 1 && is_far) warn_split(panel, security, t, before, now, warnings);
  }
}

/* One security's returns from its prices. */
static void compute_security(aft_panel *panel, size_t security, const adjustments *a, bool log_returns,
                             aft_warnings *warnings) {
  size_t n = panel->n_sessions, row = security * n;
  const double *adjusted = panel->price[AFT_PRICE_ADJ_CLOSE] != NULL ? panel->price[AFT_PRICE_ADJ_CLOSE] + row : NULL;
  const double *close = panel->price[AFT_PRICE_CLOSE] != NULL ? panel->price[AFT_PRICE_CLOSE] + row : NULL;
  bool use_adjusted = aft_panel_has_values(panel, security, AFT_PRICE_ADJ_CLOSE);
  const double *price = use_adjusted ? adjusted : close;
  if (price == NULL) return;
  if (panel->basis != NULL && close != NULL)
    fill_basis(panel, security, close, use_adjusted ? adjusted : NULL, a->split != NULL ? a->split + row : NULL);
  if (use_adjusted && close != NULL) {
    size_t lost = count_only_in(panel, security, close, adjusted);
    if (lost > 0)
      aft_warnings_add(warnings,
                       "%s: %" G_GSIZE_FORMAT
                       " session%s a close but no adj_close, and therefore no return (fill adj_close, or leave it out)",
                       panel->symbols[security], lost, lost == 1 ? " has" : "s have");
  }
  if (panel->gap_returns != NULL) {
    bool apply = a->split != NULL && !use_adjusted;
    fill_gaps(price, apply ? a->split + row : NULL, apply ? a->dividend + row : NULL, n, log_returns,
              panel->gap_returns + row, panel->gap + row);
  }
  return_source source = {price, use_adjusted, log_returns, false};
  for (size_t r = 0; r < aft_panel_n_runs(panel, security); r++)
    compute_run(panel, security, a, aft_panel_get_run(panel, security, r), &source, warnings);
  if (source.unused)
    aft_warnings_add(warnings,
                     "%s: has adj_close, so its splits and dividends in the actions file are not applied again",
                     panel->symbols[security]);
}

/* Returns as read, brought to the form that the study works on. */
static void convert_returns(aft_panel *panel, size_t security, const aft_panel_options *options) {
  size_t row = security * panel->n_sessions;
  const double *read = panel->price[AFT_PRICE_RETURN];
  for (size_t r = 0; r < aft_panel_n_runs(panel, security); r++) {
    aft_run run = aft_panel_get_run(panel, security, r);
    for (size_t i = row + (size_t)run.first; i <= row + (size_t)run.last; i++)
      panel->returns[i] = panel_convert_return(read[i], options->rows_are_log, options->log_returns);
  }
  if (panel->gap != NULL) count_gaps(panel, security);
}

static void find_valid_span(aft_panel *panel, size_t security) {
  size_t row = security * panel->n_sessions;
  const double *returns = (panel->gap_returns != NULL ? panel->gap_returns : panel->returns) + row;
  long first = 0, last = (long)panel->n_sessions - 1;
  while (first <= last && isnan(returns[first])) first++;
  while (last >= first && isnan(returns[last])) last--;
  panel->first_valid[security] = first <= last ? first : -1;
  panel->last_valid[security] = first <= last ? last : -1;
}

/* What the parallel loop over securities shares; workers write only what is of their own securities. */
typedef struct return_loop {
  aft_panel *panel;
  const adjustments *adjustments;
  const aft_panel_options *options;
  GPtrArray **told; /* [n_securities] warnings of each; NULL: none */
} return_loop;

/* Rows of a whole panel are not filled yet. */
static void clear_row(aft_panel *panel, size_t security) {
  size_t row = security * panel->n_sessions;
  for (size_t t = row; t < row + panel->n_sessions; t++) panel->returns[t] = (double)NAN;
  for (size_t t = row; panel->gap_returns != NULL && t < row + panel->n_sessions; t++)
    panel->gap_returns[t] = (double)NAN;
}

static void compute_range(size_t first, size_t last, unsigned worker, void *data) {
  return_loop *l = data;
  (void)worker;
  for (size_t i = first; i < last; i++) {
    aft_warnings warnings;
    if (aft_panel_n_runs(l->panel, i) == 0) continue;
    if (l->panel->kept == NULL) clear_row(l->panel, i);
    aft_warnings_init(&warnings);
    if (l->options->rows_are_returns)
      convert_returns(l->panel, i, l->options);
    else
      compute_security(l->panel, i, l->adjustments, l->options->log_returns, &warnings);
    if (warnings.messages->len > 0) l->told[i] = g_ptr_array_ref(warnings.messages);
    aft_warnings_clear(&warnings);
    if (l->panel->kept == NULL) find_valid_span(l->panel, i);
  }
}

static void compute_all(aft_panel *panel, const adjustments *a, const aft_panel_options *options,
                        aft_warnings *warnings) {
  g_autofree GPtrArray **told = g_new0(GPtrArray *, MAX(panel->n_securities, 1));
  return_loop l = {panel, a, options, told};
  aft_parallel_for(panel->n_securities, options->n_threads, compute_range, &l);
  for (size_t i = 0; i < panel->n_securities; i++) {
    if (told[i] == NULL) continue;
    for (guint k = 0; k < told[i]->len; k++)
      aft_warnings_add(warnings, "%s", (const char *)g_ptr_array_index(told[i], k));
    g_ptr_array_unref(told[i]);
  }
}

bool aft_panel_compute_returns(aft_panel *panel, const aft_actions *actions, const aft_panel_options *options,
                               aft_warnings *warnings, GError **error) {
  adjustments a = {NULL, NULL};
  bool is_price = !options->rows_are_returns;
  bool ok = actions == NULL || !is_price || place_actions(panel, actions, options->some_series, &a, warnings, error);
  if (ok && is_price && (actions != NULL || panel->price[AFT_PRICE_ADJ_CLOSE] != NULL) &&
      panel->price[AFT_PRICE_CLOSE] != NULL)
    panel->basis = g_new0(double, panel->n_securities * panel->n_sessions);
  if (ok) compute_all(panel, &a, options, warnings);
  if (panel->kept != NULL)
    aft_holes_free(a.split); /* not what a panel's splits are */
  else
    panel->split = a.split;
  g_free(a.dividend);
  return ok;
}
