/* The audit of one series by itself. */
#include "audit_internal.h"

#include "split.h"

#include <math.h>

#include <aftershock/base/banned.h>

enum {
  MIN_STALE = 5,      /* equal closes in a row that are told */
  MIN_BASIS_DAYS = 10 /* days beyond low and high from which the columns, not the days, are at fault */
};

/* Rounding of an adjusted price leaves this much, in relation. */
static const double PRICE_SLACK = 1e-4;

static bool is_outside(double value, double low, double high) {
  return value < low * (1 - PRICE_SLACK) || value > high * (1 + PRICE_SLACK);
}

void audit_check_ohlc(aft_audit *audit, const audit_series *s) {
  const double *open = s->value[AFT_PRICE_OPEN], *high = s->value[AFT_PRICE_HIGH], *low = s->value[AFT_PRICE_LOW];
  const double *close = s->value[AFT_PRICE_CLOSE];
  size_t n_bad = 0, n_full = 0, first = 0;
  if (open == s->nothing && high == s->nothing && low == s->nothing) return;
  for (size_t k = 0; k < s->n; k++) {
    double bottom = isnan(low[k]) ? 0 : low[k], top = isnan(high[k]) ? (double)INFINITY : high[k];
    n_full += !isnan(close[k]) && (!isnan(low[k]) || !isnan(high[k]));
    if (is_outside(close[k], bottom, top) && n_bad++ == 0) first = k;
  }
  bool is_basis = n_bad >= MIN_BASIS_DAYS && n_bad * 2 > n_full;
  if (is_basis)
    audit_tell(audit, s, first, AFT_SEVERITY_ERROR, "basis",
               g_strdup_printf("the close lies outside low and high on %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT
                               " days: the columns are adjusted differently",
                               n_bad, n_full),
               g_strdup("give open, high, low and close on one basis, the adjusted close as adj_close"));
  for (size_t k = 0; k < s->n; k++) {
    double bottom = isnan(low[k]) ? 0 : low[k], top = isnan(high[k]) ? (double)INFINITY : high[k];
    bool of_close = !is_basis && is_outside(close[k], bottom, top), of_open = is_outside(open[k], bottom, top);
    bool negative = open[k] <= 0 || high[k] <= 0 || low[k] <= 0;
    if (!of_close && !of_open && !negative) continue;
    audit_tell(
        audit, s, k, AFT_SEVERITY_ERROR, "ohlc",
        g_strdup_printf("open %g, high %g, low %g, close %g cannot be of one day", open[k], high[k], low[k], close[k]),
        g_strdup("look the day up and correct it, or empty the cells"));
  }
}

/* 100 or 1000 times, either way, within what a day may move: pounds and pence, thousands. */
static bool is_unit_jump(double growth) {
  double size = fabs(growth);
  return fabs(size - log(100)) < log(1.3) || fabs(size - log(1000)) < log(1.3);
}

/* A price that leaves by far more than usual and comes back the next day by as much. */
static bool is_taken_back(const audit_series *s, size_t k) {
  double there = s->growth[k], back = k + 1 < s->n ? s->growth[k + 1] : (double)NAN, usual = s->usual;
  return fabs(there) > AUDIT_QUIET && fabs(there) > 15 * usual &&
         fabs(there + back) < fmax(0.1 * fabs(there), 5 * usual);
}

/* Such a jump is one of units, not of shares. */
static bool is_slip(const audit_series *s, size_t k) {
  return is_unit_jump(s->growth[k]) || is_taken_back(s, k) || (k > 0 && is_taken_back(s, k - 1));
}

void audit_check_units(aft_audit *audit, const audit_series *s) {
  if (!(s->largest > AUDIT_QUIET)) return;
  for (size_t k = 1; k < s->n; k++) {
    if (!(fabs(s->growth[k]) > AUDIT_QUIET)) continue;
    bool taken_back = is_taken_back(s, k);
    if (!taken_back && !is_unit_jump(s->growth[k])) continue;
    audit_tell(audit, s, k, AFT_SEVERITY_ERROR, "unit",
               g_strdup_printf("%g after %g%s: a price in another unit or currency", s->price[k], s->price[k - 1],
                               taken_back ? ", and back the next day" : ""),
               g_strdup("bring every price of the series to one unit and currency"));
    if (taken_back) k++;
  }
}

/* A recorded split must show in the prices; a jump like a split must be recorded. adj_close allows for splits itself. */
void audit_check_splits(aft_audit *audit, const audit_series *s) {
  bool adjusted = s->price == s->value[AFT_PRICE_ADJ_CLOSE], all = audit_seeks(audit, AFT_SEVERITY_WARNING);
  if (!all && (adjusted || !s->has_splits)) return;
  for (size_t k = 1; k < s->n; k++) {
    double jump = s->price[k] / s->price[k - 1], recorded = adjusted ? 1 : s->split[k], split;
    if (isnan(jump) || is_slip(s, k)) continue;
    bool is_large = recorded != 1 && fabs(log(recorded)) > fmax(0.2, 8 * s->usual); /* a day may hide a smaller one */
    if (is_large && fabs(log(jump)) < fabs(log(jump * recorded)))
      audit_tell(
          audit, s, k, AFT_SEVERITY_ERROR, "split_twice",
          g_strdup_printf("the actions split %g new shares for one old, but the close goes from %g to %g: it allows "
                          "for the split already, and the return would be %+.0f %%",
                          recorded, s->price[k - 1], s->price[k], 100 * (jump * recorded - 1)),
          g_strdup("leave the split out of the actions, or give closes as they were traded"));
    if (recorded == 1 && all && split_is_likely(jump, &split) && s->session[k] == s->session[k - 1] + 1)
      audit_tell(
          audit, s, k, AFT_SEVERITY_WARNING, "split",
          g_strdup_printf("%g to %g looks like an unrecorded split, %g new shares for one old", s->price[k - 1],
                          s->price[k], split),
          g_strdup(adjusted ? "find out: adj_close should allow for it" : "find out; if it is, add it to the actions"));
  }
}

/* Whether day k says the same as the day before in every column that both have, volume among them. */
static bool repeats_row(const audit_series *s, size_t k) {
  int n_same = 0;
  if (s->price[k] != s->price[k - 1] && !isnan(s->price[k])) return false; // almost every day
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    double now = s->value[c][k], before = s->value[c][k - 1];
    if (isnan(now) && isnan(before)) continue;
    if (!(now == before)) return false;
    n_same++;
  }
  return n_same >= 3 && s->value[AFT_PRICE_VOLUME][k] > 0;
}

static void tell_run(aft_audit *audit, const audit_series *s, size_t first, size_t last) {
  size_t n = last - first + 1, n_silent = 0;
  for (size_t k = first + 1; k <= last; k++) n_silent += s->value[AFT_PRICE_VOLUME][k] == 0;
  if (n_silent > 0)
    audit_tell(audit, s, first + 1, AFT_SEVERITY_WARNING, "halt",
               g_strdup_printf("no volume on %" G_GSIZE_FORMAT
                               " session%s, and the close before, %g, repeated: returns of 0 "
                               "that nobody traded",
                               n_silent, n_silent == 1 ? "" : "s", s->price[first]),
               g_strdup("empty the closes of sessions without trade"));
  else if (n >= MIN_STALE)
    audit_tell(audit, s, first, AFT_SEVERITY_WARNING, "stale",
               g_strdup_printf("the close stands at %g for %" G_GSIZE_FORMAT " sessions in a row", s->price[first], n),
               g_strdup("find out whether it traded; empty the closes of sessions without trade"));
}

void audit_check_standstill(aft_audit *audit, const audit_series *s) {
  size_t first = 0;
  for (size_t k = 1; k <= s->n; k++) {
    if (k < s->n && repeats_row(s, k))
      audit_tell(audit, s, k, AFT_SEVERITY_WARNING, "repeated",
                 g_strdup("the whole row, volume too, is that of the day before: pasted over a day that has no data"),
                 g_strdup("look the day up, or take the row out"));
    if (k < s->n && s->price[k] == s->price[first]) continue;
    if (k - 1 > first) tell_run(audit, s, first, k - 1);
    first = k;
  }
}

/*
 * adj_close / close only ever rises, at dividends and splits; where it falls, rows of two downloads were joined. Rounding of both to
 * cents is allowed for.
 */
void audit_check_adjustment(aft_audit *audit, const audit_series *s) {
  const double *close = s->value[AFT_PRICE_CLOSE], *adjusted = s->value[AFT_PRICE_ADJ_CLOSE];
  if (close == s->nothing || adjusted == s->nothing) return;
  for (size_t k = 1; k < s->n; k++) {
    double factor = adjusted[k] / close[k], before = adjusted[k - 1] / close[k - 1];
    double slack = 0.005 * (1 / close[k] + 1 / close[k - 1] + 1 / adjusted[k] + 1 / adjusted[k - 1]) + 1e-6;
    double likely;
    if (!(factor / before - 1 < -slack) || s->split[k] < 1 || split_is_likely(before / factor, &likely)) continue;
    audit_tell(
        audit, s, k, AFT_SEVERITY_ERROR, "drift",
        g_strdup_printf("adj_close / close falls from %.6g to %.6g, which no dividend does: rows of two downloads were "
                        "joined",
                        before, factor),
        g_strdup("download the whole series again"));
  }
}
