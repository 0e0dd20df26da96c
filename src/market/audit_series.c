/* Rows of price files sorted into series. */
#include "audit_internal.h"

#include "split.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/lanes.h>

#include <aftershock/base/banned.h>

enum { MOST_NAMED = 3 };

static int compare_days(const void *a, const void *b, void *data) {
  const aft_prices *p = data;
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  if (p->day[x] != p->day[y]) return p->day[x] < p->day[y] ? -1 : 1;
  return x < y ? -1 : x > y;
}

/* Files are mostly in order of days already. */
static void sort_days(const aft_prices *p, size_t *order, size_t n) {
  for (size_t i = 1; i < n; i++)
    if (p->day[order[i]] < p->day[order[i - 1]]) {
      g_qsort_with_data(order, (gint)n, sizeof *order, compare_days, (gpointer)(guintptr)p);
      return;
    }
}

void audit_rows_init(audit_rows *rows, const aft_audit_input *input) {
  const aft_prices *p = input->prices;
  size_t n_symbols = 0, at = 0;
  for (size_t i = 0; i < p->n_rows; i++) n_symbols = MAX(n_symbols, (size_t)p->symbol[i] + 1);
  g_autofree size_t *next = g_new0(size_t, n_symbols + 1);
  *rows =
      (audit_rows){.input = input, .order = g_new(size_t, MAX(p->n_rows, 1)), .first = g_new(size_t, n_symbols + 1)};
  audit_actions_init(&rows->actions, input->actions);
  for (size_t i = 0; i < p->n_rows; i++) next[p->symbol[i]]++;
  for (size_t s = 0; s < n_symbols; s++) {
    size_t n = next[s];
    next[s] = at;
    if (n > 0) rows->first[rows->n++] = at;
    at += n;
  }
  rows->first[rows->n] = at;
  for (size_t i = 0; i < p->n_rows; i++) rows->order[next[p->symbol[i]]++] = i;
  for (size_t i = 0; i < rows->n; i++) sort_days(p, rows->order + rows->first[i], rows->first[i + 1] - rows->first[i]);
}

void audit_rows_clear(audit_rows *rows) {
  audit_actions_clear(&rows->actions);
  g_free(rows->order);
  g_free(rows->first);
}

static bool is_empty_row(const aft_prices *p, size_t row) {
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (p->column[c] != NULL && !isnan(p->column[c][row])) return false;
  return true;
}

/* What two rows of one day say differently. */
typedef struct disagreement {
  size_t n;           /* days */
  size_t k, row;      /* the first: day in the series, second row */
  double least, most; /* ratio of the second price to the first */
} disagreement;

/* Joins a further row of day k: fills what is missing; a price that differs is noted. */
static void join_row(audit_series *s, size_t k, size_t row, disagreement *d) {
  const aft_prices *p = s->input->prices;
  bool differs = false;
  double ratio = (double)NAN;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) {
    if (p->column[c] == NULL) continue;
    double given = p->column[c][row], *there = &s->value[c][k];
    if (isnan(*there)) *there = given;
    if (isnan(given) || given == *there) continue;
    differs = true;
    if (c == AFT_PRICE_CLOSE || c == AFT_PRICE_ADJ_CLOSE) ratio = given / *there;
  }
  if (!differs) return;
  if (d->n++ == 0) {
    d->k = k;
    d->row = row;
  }
  d->least = fmin(d->least, ratio);
  d->most = fmax(d->most, ratio);
}

static void tell_disagreement(aft_audit *audit, const audit_series *s, const disagreement *d) {
  const aft_prices *p = s->input->prices;
  if (d->n == 0) return;
  const char *file = g_ptr_array_index(p->files, p->file[d->row]);
  uint32_t line;
  const char *place = audit_find_place(s, d->k, &line);
  bool is_drift = d->n > 1 && d->most / d->least - 1 < 1e-3;
  char *what = is_drift
                   ? g_strdup_printf("%" G_GSIZE_FORMAT " days have two rows whose prices differ by one factor, %.6g: "
                                     "adjusted closes of two downloads; first against %s:%u",
                                     d->n, d->least, place, line)
                   : g_strdup_printf("%" G_GSIZE_FORMAT " day%s two rows that disagree; first against %s:%u", d->n,
                                     d->n == 1 ? " has" : "s have", place, line);
  aft_audit_add(audit, AFT_SEVERITY_ERROR, is_drift ? "drift" : "conflict", file, p->line[d->row], s->symbol,
                s->day[d->k], what,
                g_strdup(is_drift ? "returns agree, levels do not: keep the rows of one download"
                                  : "find out which row is right and keep that one"));
}

/* Rows on days without a session; they are not looked at any further. */
typedef struct closed_rows {
  size_t n, first;
  GString *days;
} closed_rows;

static void note_closed(closed_rows *c, const aft_prices *p, size_t row) {
  char day[AFT_DAY_TEXT];
  if (c->n++ == 0) c->first = row;
  if (c->n <= MOST_NAMED)
    g_string_append_printf(c->days, "%s%s", c->n > 1 ? ", " : "", aft_day_print(p->day[row], day));
}

static void tell_closed(aft_audit *audit, const audit_series *s, const closed_rows *c) {
  const aft_prices *p = s->input->prices;
  if (c->n == 0) return;
  const char *reason = aft_calendar_closed_reason(s->input->calendar, p->day[c->first]);
  aft_audit_add(audit, AFT_SEVERITY_ERROR, "closed", g_ptr_array_index(p->files, p->file[c->first]), p->line[c->first],
                s->symbol, p->day[c->first],
                g_strdup_printf("%" G_GSIZE_FORMAT " row%s on days without a session of %s: %s%s (the first: %s)", c->n,
                                c->n == 1 ? "" : "s", aft_calendar_mic(s->input->calendar), c->days->str,
                                c->n > MOST_NAMED ? ", ..." : "", reason),
                g_strdup("remove them, or correct their dates; if there are many, the calendar is another one"));
}

void audit_series_init(audit_series *s, const aft_audit_input *input, const audit_actions *actions,
                       const bool *has_column, size_t n) {
  *s = (audit_series){.input = input, .actions = actions};
  s->day = g_new(aft_day, n);
  s->session = g_new(long, n);
  s->line = g_new(uint32_t, n);
  s->file = g_new(uint16_t, n);
  s->split = g_new(double, n);
  s->growth = g_new(double, n);
  s->nothing = g_new(double, n);
  for (size_t k = 0; k < n; k++) s->nothing[k] = (double)NAN;
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) s->value[c] = has_column[c] ? g_new(double, n) : s->nothing;
}

void audit_series_clear(audit_series *s) {
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
    if (s->value[c] != s->nothing) g_free(s->value[c]);
  g_free(s->day);
  g_free(s->session);
  g_free(s->line);
  g_free(s->file);
  g_free(s->split);
  g_free(s->growth);
  g_free(s->nothing);
}

static bool has_any(const double *values, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (!isnan(values[k])) return true;
  return false;
}

/* Moves beyond this are left to log(). */
#define MOST_BY_SERIES 0.14

/* 2 atanh(z), as below. */
LANES_INLINE void add_series(const lanes *price, const lanes *before, lanes *growth) {
  lanes z = (*price - *before) / (*price + *before), q = z * z;
  lanes series = 1.0 / 3 + q * (1.0 / 5 + q * (1.0 / 7 + q * (1.0 / 9 + q * (1.0 / 11 + q * (1.0 / 13)))));
  *growth = 2 * (z + z * q * series);
}

/*
 * log(price[k] / price[k-1]) of small moves, by the series
 *
 *   log(b/a) = 2 atanh(z) = 2 (z + z^3/3 + z^5/5 + ...),     z = (b - a) / (b + a)
 *
 * up to z^13/13: for |log| <= MOST_BY_SERIES what is left out is less than 1e-17 of it.
 */
WIDEST static void fill_small_growth(const double *price, size_t n, double *growth) {
  lanes now, before, moves;
  size_t k = 1;
  for (; k + LANES <= n; k += LANES) {
    lanes_load(&now, price + k);
    lanes_load(&before, price + k - 1);
    add_series(&now, &before, &moves);
    memcpy(growth + k, &moves, sizeof moves);
  }
  if (k >= n) return;
  lanes_load_rest(&now, price + k, (int)(n - k), 1);
  lanes_load_rest(&before, price + k - 1, (int)(n - k), 1);
  add_series(&now, &before, &moves);
  memcpy(growth + k, &moves, (n - k) * sizeof *growth);
}

static void fill_price_growth(audit_series *s) {
  bool with_splits = s->has_splits && s->price == s->value[AFT_PRICE_CLOSE];
  if (!with_splits) fill_small_growth(s->price, s->n, s->growth);
  bool any_large = with_splits || (s->n > 1 && split_find_largest(s->growth + 1, s->n - 1) > MOST_BY_SERIES);
  for (size_t k = 1; any_large && k < s->n; k++)
    if (with_splits || fabs(s->growth[k]) > MOST_BY_SERIES)
      s->growth[k] = log(s->price[k] / s->price[k - 1] * (with_splits ? s->split[k] : 1));
  if (s->n == 0) return;
  s->growth[0] = (double)NAN;
  if (s->session[s->n - 1] - s->session[0] == (long)s->n - 1) return; /* every session is there */
  for (size_t k = 1; k < s->n; k++)
    if (s->session[k] != s->session[k - 1] + 1) s->growth[k] = (double)NAN;
}

static void fill_growth(audit_series *s) {
  if (s->input->rows_are_returns) {
    if (s->n > 0) memcpy(s->growth, s->value[AFT_PRICE_RETURN], s->n * sizeof *s->growth);
    return;
  }
  s->price = s->value[AFT_PRICE_ADJ_CLOSE] != s->nothing && has_any(s->value[AFT_PRICE_ADJ_CLOSE], s->n)
                 ? s->value[AFT_PRICE_ADJ_CLOSE]
                 : s->value[AFT_PRICE_CLOSE];
  fill_price_growth(s);
}

/* Moves value k to its place in the order of size, smaller ones before it. Hoare's selection. */
static void select_value(double *x, size_t n, size_t k) {
  for (size_t low = 0, high = n - 1; low < high;) {
    double pivot = x[low + (high - low) / 2];
    size_t i = low, j = high;
    for (;;) {
      while (x[i] < pivot) i++;
      while (x[j] > pivot) j--;
      if (i >= j) break;
      double other = x[i];
      x[i++] = x[j];
      x[j--] = other;
    }
    /* x[low..j] <= pivot <= x[j+1..high] */
    if (k <= j)
      high = j;
    else
      low = j + 1;
  }
}

static double find_usual_move(const audit_series *s) {
  g_autofree double *sizes = g_new(double, MAX(s->n, 1));
  size_t n = 0;
  for (size_t k = 0; k < s->n; k++)
    if (!isnan(s->growth[k])) sizes[n++] = fabs(s->growth[k]);
  if (n == 0) return (double)NAN;
  select_value(sizes, n, n / 2);
  return sizes[n / 2];
}

void audit_series_finish(audit_series *s) {
  audit_series_fill_splits(s);
  fill_growth(s);
  s->largest = split_find_largest(s->growth, s->n);
  s->usual = s->has_splits || s->largest > AUDIT_QUIET ? find_usual_move(s) : (double)NAN;
}

void audit_series_build(aft_audit *audit, audit_series *s, const audit_rows *rows, size_t group) {
  const aft_prices *p = rows->input->prices;
  const size_t *order = rows->order + rows->first[group];
  size_t n = rows->first[group + 1] - rows->first[group];
  disagreement d = {.least = (double)INFINITY, .most = -(double)INFINITY};
  closed_rows closed = {0, 0, g_string_new(NULL)};
  bool has_column[AFT_PRICE_N_COLUMNS];
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) has_column[c] = p->column[c] != NULL;
  audit_series_init(s, rows->input, &rows->actions, has_column, n);
  s->symbol = aft_symbols_name(&p->symbols, p->symbol[order[0]]);
  for (size_t i = 0; i < n; i++) {
    size_t row = order[i];
    if (is_empty_row(p, row)) continue;
    long session = aft_calendar_find_session(s->input->calendar, p->day[row]);
    if (session < 0) {
      note_closed(&closed, p, row);
      continue;
    }
    if (s->n > 0 && s->day[s->n - 1] == p->day[row]) {
      join_row(s, s->n - 1, row, &d);
      continue;
    }
    s->day[s->n] = p->day[row];
    s->session[s->n] = session;
    s->line[s->n] = p->line[row];
    s->file[s->n] = p->file[row];
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      if (p->column[c] != NULL) s->value[c][s->n] = p->column[c][row];
    s->n++;
  }
  tell_closed(audit, s, &closed);
  g_string_free(closed.days, TRUE);
  tell_disagreement(audit, s, &d);
  audit_series_finish(s);
}
