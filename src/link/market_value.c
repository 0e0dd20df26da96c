/* Changes of market value on one session. */
#include "verify_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

long verify_find_column(const aft_panel *panel, aft_day day) {
  size_t column = aft_day_find(panel->day, panel->n_sessions, day);
  return column < panel->n_sessions && panel->day[column] == day ? (long)column : -1;
}

double verify_close(const aft_panel *panel, long security, long column) {
  const double *close = panel->price[AFT_PRICE_CLOSE];
  return close == NULL ? (double)NAN : close[(size_t)security * panel->n_sessions + (size_t)column];
}

double verify_split(const aft_panel *panel, long security, long column) {
  return panel->split == NULL ? 1 : panel->split[(size_t)security * panel->n_sessions + (size_t)column];
}

double verify_return(const aft_verify_data *data, const aft_panel *panel, long security, long column) {
  if (panel == NULL || column < 0) return (double)NAN;
  double value = panel->returns[(size_t)security * panel->n_sessions + (size_t)column];
  return data->log_returns ? expm1(value) : value;
}

/* The number in effect at the end of that day. */
static const aft_share_count *find_count(const aft_shares *shares, const char *symbol, aft_day day) {
  const aft_share_count *found = NULL;
  for (guint i = 0; shares != NULL && i < shares->rows->len; i++) {
    const aft_share_count *count = &g_array_index(shares->rows, aft_share_count, i);
    if (count->day > day) break;
    if (strcmp(count->symbol, symbol) == 0) found = count;
  }
  return found;
}

void aft_market_value_compute(const aft_verify_data *data, const char *symbol, aft_day session,
                              aft_market_value *value) {
  *value = (aft_market_value){.previous_close = (double)NAN,
                              .close = (double)NAN,
                              .percent = (double)NAN,
                              .change = (double)NAN,
                              .shares = (double)NAN,
                              .shares_day = AFT_DAY_NONE,
                              .source = ""};
  long security;
  const aft_panel *panel = aft_panel_find_market(data->panel, symbol, &security);
  long column = panel == NULL ? -1 : verify_find_column(panel, session);
  value->reason = panel == NULL ? "no series of prices" : column < 1 ? "no such session in the prices" : NULL;
  if (value->reason != NULL) return;
  value->previous_close = verify_close(panel, security, column - 1);
  value->close = verify_close(panel, security, column) * verify_split(panel, security, column);
  value->percent = 100 * (value->close - value->previous_close) / value->previous_close;
  const aft_share_count *count = find_count(data->shares[panel->number], symbol, panel->day[column - 1]);
  if (count != NULL) {
    value->shares = panel->shares[(size_t)security * panel->n_sessions + (size_t)column - 1];
    value->shares_day = count->day;
    value->source = count->source;
  }
  value->change = (value->close - value->previous_close) * value->shares;
  if (isnan(value->percent))
    value->reason = "no close of the session or of the one before";
  else if (isnan(value->shares))
    value->reason = "no number of shares before the session";
}
