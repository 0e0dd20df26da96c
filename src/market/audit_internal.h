/* Shared by the audit's files. */
#ifndef MARKET_AUDIT_INTERNAL_H
#define MARKET_AUDIT_INTERNAL_H

#include <aftershock/market/audit.h>
#include <aftershock/market/cells.h>

/* Splits and dividends by symbol, of each in the order of the file: a row's number + 1, 0 for none. */
typedef struct audit_actions {
  const aft_action *rows; /* borrowed */
  GHashTable *first;      /* symbol, borrowed -> number + 1 */
  size_t *next;           /* [rows] owned */
} audit_actions;

/* Rows of price files by symbol and, within it, by day. */
typedef struct audit_rows {
  const aft_audit_input *input;
  audit_actions actions;
  size_t n;      /* symbols that have rows */
  size_t *order; /* [rows] owned */
  size_t *first; /* [n + 1] owned; symbol i has the rows order[first[i]] to order[first[i + 1] - 1] */
} audit_rows;

/* One symbol's rows on sessions, by day; rows of one day joined. What lies in a panel is only read. */
typedef struct audit_series {
  const aft_audit_input *input;
  const audit_actions *actions;
  const char *symbol;
  size_t n;
  aft_day *day;
  long *session;                      /* in the calendar */
  uint32_t *line;                     /* of the first row of each day; NULL: the cells know it */
  uint16_t *file;                     /* and the index of its file; NULL likewise */
  const aft_cells *cells;             /* with those lines; borrowed */
  size_t security;                    /* there */
  double *value[AFT_PRICE_N_COLUMNS]; /* [n] each; NaN where missing */
  double *nothing;                    /* [n] what the columns are that no file has */
  const double *price;                /* [n] what returns are made of: adj_close if any, else close; NULL for returns */
  double *split;                      /* [n] new shares for one old by the actions, mostly 1 */
  double *growth; /* [n] log return from the day before, splits taken off; NaN across missing sessions */
  double largest; /* size of the largest growth; 0 without any */
  bool has_splits;
  double
      usual; /* median size of growth; NaN without any, and where no check asks: no splits, largest at most AUDIT_QUIET */
} audit_series;

/* A day that moves by no more, in log return, is not looked at by itself. */
#define AUDIT_QUIET 0.15

/* Standardised returns of the benchmark by session, from its first one on, with AUDIT_MOVES_MARGIN missing ones at either end. */
enum { AUDIT_MOVES_MARGIN = 3, AUDIT_MOVES_MARGINS = 2 * AUDIT_MOVES_MARGIN };
typedef struct audit_moves {
  const char *symbol; /* of the benchmark */
  long first;
  size_t n;
  double *move; /* [n + AUDIT_MOVES_MARGINS] NaN where missing; owned */
} audit_moves;

/* By what series that may be the same are found: a session in the middle and the return there. */
typedef struct audit_key {
  bool is_there;
  long session;
  gint64 growth; /* in 1e-7 */
} audit_key;

/* audit_actions.c: actions NULL for none */
void audit_actions_init(audit_actions *index, const aft_actions *actions);
void audit_actions_clear(audit_actions *index);
/* Fills the series' splits; one on a day without a row is that of the next. */
void audit_series_fill_splits(audit_series *series);
/* Whether the series says what was paid: an adj_close that differs from the close, or a dividend among the actions. */
bool audit_series_has_dividends(const audit_series *series);

/* audit_series.c */
void audit_rows_init(audit_rows *rows, const aft_audit_input *input);
void audit_rows_clear(audit_rows *rows);
/* A series with room for n days, none there yet: fill symbol, day, session, line, file and value, set n, and finish. Clear it. */
void audit_series_init(audit_series *series, const aft_audit_input *input, const audit_actions *actions,
                       const bool *has_column, size_t n);
void audit_series_finish(audit_series *series);
/* The series of symbol `group`; what is found while it is made goes to audit. Clear it. */
void audit_series_build(aft_audit *audit, audit_series *series, const audit_rows *rows, size_t group);
void audit_series_clear(audit_series *series);

/* Whether findings of that severity are asked for. */
static inline bool audit_seeks(const aft_audit *audit, enum aft_severity severity) { return audit->least <= severity; }
/* Every check of a series by itself, and against the benchmark, which may be NULL. */
void audit_check_series(aft_audit *audit, const audit_series *series, const audit_moves *market);
/* Appends the findings; the array is taken. */
void audit_take_findings(aft_audit *audit, GArray *found);

/* File and line of the first row of day k. */
const char *audit_find_place(const audit_series *series, size_t k, uint32_t *line);
/* Adds a finding about day k of the series. what and advice are taken. */
void audit_tell(aft_audit *audit, const audit_series *series, size_t k, enum aft_severity severity, const char *check,
                char *what, char *advice);
/* audit_prices.c: one series by itself */
void audit_check_ohlc(aft_audit *audit, const audit_series *series);
void audit_check_splits(aft_audit *audit, const audit_series *series);
void audit_check_units(aft_audit *audit, const audit_series *series);
void audit_check_standstill(aft_audit *audit, const audit_series *series);
void audit_check_adjustment(aft_audit *audit, const audit_series *series);

/* audit_compare.c: series against each other */
void audit_moves_init(audit_moves *moves, const audit_series *market);
void audit_moves_clear(audit_moves *moves);
void audit_check_shift(aft_audit *audit, const audit_series *series, const audit_moves *market);
/* n_with: securities other than the benchmark that have dividends; n: all other securities. */
void audit_check_benchmark(aft_audit *audit, const audit_series *market, size_t n_with, size_t n);
audit_key audit_key_find(const audit_series *series);
void audit_check_twins(aft_audit *audit, const audit_rows *rows, const audit_key *keys);

#endif
