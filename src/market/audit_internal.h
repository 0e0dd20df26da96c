/* Shared by the audit's files. */
#ifndef MARKET_AUDIT_INTERNAL_H
#define MARKET_AUDIT_INTERNAL_H

#include <aftershock/market/audit.h>

/* One symbol's rows on sessions, by day; rows of one day joined. */
typedef struct audit_series {
  const aft_audit_input *input;
  const char *symbol;
  size_t n;
  aft_day *day;
  long *session;                      /* in the calendar */
  size_t *row;                        /* the first row of each day */
  double *value[AFT_PRICE_N_COLUMNS]; /* [n] each; NaN where missing */
  const double *price;                /* [n] what returns are made of: adj_close if any, else close; NULL for returns */
  double *split;                      /* [n] new shares for one old by the actions, mostly 1 */
  double *growth; /* [n] log return from the day before, splits taken off; NaN across missing sessions */
} audit_series;

const char *audit_file(const audit_series *series, size_t k);
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
void audit_check_shift(aft_audit *audit, const audit_series *series, const audit_series *market);
void audit_check_benchmark(aft_audit *audit, const audit_series *all, size_t n, const audit_series *market);
void audit_check_twins(aft_audit *audit, const audit_series *all, size_t n);

#endif
