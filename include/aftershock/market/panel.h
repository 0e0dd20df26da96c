/* Sessions x securities: daily returns on the exchange's clock. */
#ifndef AFTERSHOCK_MARKET_PANEL_H
#define AFTERSHOCK_MARKET_PANEL_H

#include <aftershock/base/mapped.h>
#include <aftershock/input/prices.h>
#include <aftershock/input/tables.h>
#include <aftershock/market/audit.h>
#include <aftershock/market/cells.h>

/* What there is of the series of a panel for which only some sessions were kept. */
typedef struct aft_panel_kept {
  size_t *start;       /* [n_securities + 1] of each security's runs */
  aft_run *runs;       /* of columns */
  unsigned *columns;   /* [n_securities] a bit for each price column of which the files have a value, kept or not */
  size_t n_securities; /* of which something was to be kept */
  size_t n_rows;       /* kept */
} aft_panel_kept;

/*
 * Column t is session `first_session + t` of the calendar, for every security alike: a security that does not trade on a session
 * has NaN there, it does not shift the clock.
 */
typedef struct aft_panel {
  const struct aft_panel
      *next;     /* the study's next exchange, whose panel has a clock of its own; NULL: the last; borrowed */
  size_t number; /* of the exchange among the study's: 0 is its own */
  const aft_calendar *calendar; /* borrowed */
  long first_session;           /* calendar index of column 0 */
  size_t n_sessions;
  aft_day *day; /* [n_sessions] */

  size_t n_securities;
  aft_panel_kept *
      kept; /* NULL: everything that the files have is there; else matrices are NaN, and take no memory, but for its runs; owned */
  char **symbols;    /* [n_securities] and NULL, owned */
  GHashTable *index; /* symbol -> row + 1; NULL: symbols are searched one by one; owned */
  double *returns;   /* [n_securities][n_sessions] fractions, simple or log as asked for; NaN when missing */
  double *
      gap_returns; /* [n_securities][n_sessions] return since the last trade, at the trade that ends it; NULL unless asked for */
  int *gap; /* [n_securities][n_sessions] sessions that it covers; 0 where there is none; NULL likewise */
  double *price[AFT_PRICE_N_COLUMNS]; /* [n_securities][n_sessions] as read (not adjusted), NULL when no file has it */
  uint32_t *
      volume_count; /* [n_securities][n_sessions] volumes that are whole numbers, one more each, 0 where missing; NULL: they are in price */
  double *
      basis; /* [n_securities][n_sessions] price that returns are made of, over the close; NULL when it is 1 everywhere */
  double *split; /* [n_securities][n_sessions] new shares for one old of the session, 1 mostly; NULL without actions */
  double
      *shares; /* [n_securities][n_sessions] shares outstanding, counted as on the session; NaN before the first; NULL
                     without a file of them */
  long *first_valid, *last_valid; /* [n_securities] column of the first and last return; -1 when there is none */

  long market_security; /* row of the benchmark in returns; -1 when it is a factor column or there is none */
  const double
      *market;        /* [n_sessions] benchmark returns in the form of the returns; NULL when there is none; borrowed */
  double *market_log; /* [n_sessions] of them made from a factor column; NULL otherwise; owned */
  int n_factors;
  char **factor_names; /* [n_factors] and NULL, owned */
  double *factors;     /* [n_factors][n_sessions] */
  double *rf;          /* [n_sessions] in the form of the returns; NULL when the factors have none; owned */

  aft_mapped *
      file; /* in which matrices of securities lie, to be read only (market/panel_cache.h); NULL: they are owned; owned */
} aft_panel;

typedef struct aft_panel_options {
  bool log_returns;      /* the study works on log returns */
  bool rows_are_returns; /* the rows hold returns, not prices */
  bool rows_are_log;     /* ... and these are log returns */
  const char *market;    /* symbol or factor column; NULL for none */
  bool gap_returns;      /* also returns over the sessions since the last trade */
  bool some_series;      /* only rows of some series were asked for: actions of others are passed over */
  unsigned n_threads;    /* 0: one a processor */
} aft_panel_options;

/*
 * Places rows on the calendar and computes returns
 *
 *   R[t] = (P[t] q[t] + D[t]) / P[t-1] - 1,   log: ln(1 + R[t])
 *
 * from adj_close alone for a security that has one (q = 1, D = 0), else from close with the splits q and dividends D of actions. A
 * missing price makes the returns of its session and of the next missing; a gap return goes from the last price to the next, with
 * what was split and paid in between. Where the rows hold returns, one that follows missing sessions counts from the
 * last return before them, as CRSP's do.
 *
 * Several rows of one security and day complete each other. Refused, with file and line: a row on a day that is no session (named with its
 * reason; rows without any value are passed over), two values of one security, day and column, an action of a security or on a day that cannot be placed, an unknown market, factors on
 * days that are no sessions. Warned: repeated identical rows, sessions on which no security has a row, a
 * day's price ratio that looks like an unrecorded split, dividends or splits not used because adj_close is there.
 *
 * actions, factors may be NULL. panel is untouched on failure. Cost O(rows + securities x sessions).
 */
bool aft_panel_build(aft_panel *panel, const aft_calendar *calendar, const aft_prices *prices,
                     const aft_actions *actions, const aft_factors *factors, const aft_panel_options *options,
                     aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
/*
 * The same of rows that are in their cells already, read with prices, whose names are used. cells are emptied, but not freed. With audit
 * the errors in the prices are found too, as aft_audit_run finds them; less than errors is not looked for. Of cells that keep some
 * sessions alone the panel has the same columns and securities, and the same first and last returns; it has no splits, and audit and
 * warnings are of what was kept.
 */
bool aft_panel_build_cells(aft_panel *panel, aft_cells *cells, const aft_prices *prices, const aft_actions *actions,
                           const aft_factors *factors, const aft_panel_options *options, aft_audit *audit,
                           aft_warnings *warnings, GError **error) G_GNUC_WARN_UNUSED_RESULT;
void aft_panel_clear(aft_panel *panel);

/*
 * The last step of both, for a panel that has none yet: places factors, which may be NULL, and makes options->market the benchmark. Of options the form
 * of the returns is used besides.
 */
bool aft_panel_place_factors(aft_panel *panel, const aft_factors *factors, const aft_panel_options *options,
                             GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * Fills panel->shares: each number counts from its day on until the next one, times the splits of the days after it. Symbols that
 * the panel does not have are passed over. The days need not be sessions.
 */
void aft_panel_place_shares(aft_panel *panel, const aft_shares *shares);

/*
 * Makes a symbol or a factor column the benchmark; NULL: none. log_returns: the form of the panel's returns. Fails when there is no such
 * series, and leaves the panel as it was.
 */
bool aft_panel_set_market(aft_panel *panel, const char *market, bool log_returns,
                          GError **error) G_GNUC_WARN_UNUSED_RESULT;

/*
 * The panel with simple returns as log returns or the reverse, and no benchmark: returns, gap_returns and rf are the view's own, all else is
 * borrowed from panel.
 *
 *   r = ln(1 + R),  R = exp(r) - 1
 */
void aft_panel_view_init(aft_panel *view, const aft_panel *panel, bool is_log, bool to_log);
/* Adds a row after the last security: the equal-weight mean of n rows, NaN where one of them lacks. It has no symbol and no gap return. */
void aft_panel_view_add_mean(aft_panel *view, const long *rows, size_t n);
void aft_panel_view_clear(aft_panel *view);

/* Stretches of columns that the panel has of a security: one of all, or those that were kept. */
size_t aft_panel_n_runs(const aft_panel *panel, size_t security);
aft_run aft_panel_get_run(const aft_panel *panel, size_t security, size_t i);
/* Whether the files have any value of a price column for the security, kept or not. */
bool aft_panel_has_values(const aft_panel *panel, size_t security, enum aft_price_column column);
/* A matrix of the panel's shape, all NaN, and what it is freed with; with kept it takes memory only where it is written. Owned. */
double *aft_panel_new_matrix(const aft_panel *panel);
GDestroyNotify aft_panel_matrix_free(const aft_panel *panel);

/* Volume of a cell of the matrices, wherever it is kept; NaN where there is none. */
double aft_panel_get_volume(const aft_panel *panel, size_t cell);
/* Brings counted volumes to price, for who reads whole series of them. */
void aft_panel_expand_volume(aft_panel *panel);

/* Row of a symbol, or -1. */
long aft_panel_find_security(const aft_panel *panel, const char *symbol);
/* The exchange among first and those after it whose panel has the symbol, and its row there; NULL and -1 when none has. */
const aft_panel *aft_panel_find_market(const aft_panel *first, const char *symbol, long *security);
/* Index of a factor column, or -1. */
int aft_panel_find_factor(const aft_panel *panel, const char *name);

#endif
