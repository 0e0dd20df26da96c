/* Verification: the claims of a study's articles against its prices, shares, records and clock. */
#ifndef AFTERSHOCK_LINK_VERIFY_H
#define AFTERSHOCK_LINK_VERIFY_H

#include <aftershock/input/articles.h>
#include <aftershock/link/claim.h>
#include <aftershock/market/events.h>

/* What claims are compared with; all borrowed. */
typedef struct aft_verify_data {
  const aft_panel *panel;           /* of the study's own exchange; it leads to the others */
  bool log_returns;                 /* its returns are logarithmic */
  const aft_shares *const *shares;  /* by the number of the exchange; NULL where there is no file of them */
  const aft_value_records *records; /* NULL: none */
  const aft_events *events;
  const aft_articles *articles;
} aft_verify_data;

/* A claim and what became of it. */
typedef struct aft_verified {
  const aft_article *article; /* borrowed, like claim */
  const aft_claim *claim;
  enum aft_verdict verdict;
  char *stated,
      *measured; /* a number in the claim's unit, times its scale; a word or a date; "" when there is none; owned */
  char *how;     /* what was measured, by which convention, on what; owned */
  double difference, tolerance; /* NaN where the claim is no number */
  aft_day session;              /* on which it was measured; AFT_DAY_NONE when on none */
  size_t members,
      known; /* of the list that it was ranked or summed in, and those of them that are known; 0 when in none */
} aft_verified;

/*
 * Every claim, in the order of the articles and of the claims in each. Nothing is a failure: what cannot be measured is undetermined, and
 * `how` says why. Array of aft_verified, owned.
 *
 *   price move     100 (P1 q - P0) / P0, closes of the session and of the one before, no dividends; total return: with them
 *   market value   (P1 q - P0) S, S the shares in effect at the close before; of a group: the sum; a missing member leaves it undetermined
 *   rank           1 + the number of members with a larger loss (or gain); with members missing at most consistent
 *   record         the same among the rows of the list before the session
 *   direction      sign of the price move from the close before the event's session over horizon_sessions
 *   elapsed        calendar days, or sessions after the first day up to and with the second
 */
GArray *aft_verify_run(const aft_verify_data *data);

/* Change of a firm's market value on one session. */
typedef struct aft_market_value {
  double previous_close, close; /* close: times the new shares for one old */
  double percent, change;       /* 100 (close / previous_close - 1); money; NaN when not known */
  double shares;                /* NaN when not known */
  aft_day shares_day;           /* from which on that number counts */
  const char *source;           /* of the number; "" when not said; borrowed from the data */
  const char *reason;           /* static: why change is not known; NULL when it is */
} aft_market_value;

void aft_market_value_compute(const aft_verify_data *data, const char *symbol, aft_day session,
                              aft_market_value *value);

/* One firm of a list of market values, as the chart `value` and values.csv show it. */
typedef struct aft_value_row {
  const char *event, *symbol, *group; /* borrowed from the events */
  aft_day session;
  aft_market_value value;
} aft_value_row;

/* The firms of every event whose market values some claim is about, in the order of the events. Array of aft_value_row, owned. */
GArray *aft_verify_values(const aft_verify_data *data, const GArray *verified);

#endif
