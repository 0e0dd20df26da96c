/* Price files examined: rows sorted into series, and each series given to every check. */
#include "audit_internal.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_NAMED = 3 };

const char *aft_severity_name(enum aft_severity severity) {
  static const char *const names[] = {"note", "warning", "error"};
  return names[severity];
}

static void clear_finding(void *data) {
  aft_finding *finding = data;
  g_free(finding->file);
  g_free(finding->symbol);
  g_free(finding->what);
  g_free(finding->advice);
}

void aft_audit_init(aft_audit *audit) {
  *audit = (aft_audit){.findings = g_array_new(FALSE, TRUE, sizeof(aft_finding))};
  g_array_set_clear_func(audit->findings, clear_finding);
}

void aft_audit_clear(aft_audit *audit) { g_clear_pointer(&audit->findings, g_array_unref); }

void aft_audit_add(aft_audit *audit, enum aft_severity severity, const char *check, const char *file, long line,
                   const char *symbol, aft_day day, char *what, char *advice) {
  aft_finding finding = {severity, check, g_strdup(file), line, g_strdup(symbol), day, what, advice};
  g_array_append_val(audit->findings, finding);
}

size_t aft_audit_count(const aft_audit *audit, enum aft_severity severity) {
  size_t count = 0;
  for (guint i = 0; i < audit->findings->len; i++)
    count += g_array_index(audit->findings, aft_finding, i).severity >= severity;
  return count;
}

const char *audit_file(const audit_series *series, size_t k) {
  const aft_prices *prices = series->input->prices;
  return g_ptr_array_index(prices->files, prices->file[series->row[k]]);
}

void audit_tell(aft_audit *audit, const audit_series *series, size_t k, enum aft_severity severity, const char *check,
                char *what, char *advice) {
  aft_audit_add(audit, severity, check, audit_file(series, k), series->input->prices->line[series->row[k]],
                series->symbol, series->day[k], what, advice);
}

static int compare_rows(const void *a, const void *b, void *data) {
  const aft_prices *p = data;
  size_t x = *(const size_t *)a, y = *(const size_t *)b;
  if (p->symbol[x] != p->symbol[y]) return p->symbol[x] < p->symbol[y] ? -1 : 1;
  if (p->day[x] != p->day[y]) return p->day[x] < p->day[y] ? -1 : 1;
  return x < y ? -1 : x > y;
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
    double given = p->column[c] != NULL ? p->column[c][row] : (double)NAN, *there = &s->value[c][k];
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
  bool is_drift = d->n > 1 && d->most / d->least - 1 < 1e-3;
  char *what = is_drift
                   ? g_strdup_printf("%" G_GSIZE_FORMAT " days have two rows whose prices differ by one factor, %.6g: "
                                     "adjusted closes of two downloads; first against %s:%u",
                                     d->n, d->least, audit_file(s, d->k), p->line[s->row[d->k]])
                   : g_strdup_printf("%" G_GSIZE_FORMAT " day%s two rows that disagree; first against %s:%u", d->n,
                                     d->n == 1 ? " has" : "s have", audit_file(s, d->k), p->line[s->row[d->k]]);
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

/* Sessions between the first and the last row without one. */
static void check_missing(aft_audit *audit, const audit_series *s) {
  g_autoptr(GString) days = g_string_new(NULL);
  size_t n = 0, first = 0;
  for (size_t k = 1; k < s->n; k++)
    for (long t = s->session[k - 1] + 1; t < s->session[k]; t++) {
      char day[AFT_DAY_TEXT];
      if (n++ == 0) first = k;
      if (n <= MOST_NAMED)
        g_string_append_printf(days, "%s%s", n > 1 ? ", " : "",
                               aft_day_print(aft_calendar_get_session(s->input->calendar, (size_t)t)->day, day));
    }
  if (n == 0) return;
  audit_tell(audit, s, first, AFT_SEVERITY_WARNING, "missing",
             g_strdup_printf("%" G_GSIZE_FORMAT " session%s of %s without a row before this one or later: %s%s", n,
                             n == 1 ? "" : "s", aft_calendar_mic(s->input->calendar), days->str,
                             n > MOST_NAMED ? ", ..." : ""),
             g_strdup("add the rows; if the security did not trade, nothing is wrong: its returns are missing there"));
}

static void allocate(audit_series *s, size_t n) {
  s->day = g_new(aft_day, MAX(n, 1));
  s->session = g_new(long, MAX(n, 1));
  s->row = g_new(size_t, MAX(n, 1));
  s->split = g_new(double, MAX(n, 1));
  s->growth = g_new(double, MAX(n, 1));
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) s->value[c] = g_new(double, MAX(n, 1));
}

static void clear_series(audit_series *s) {
  g_free(s->day);
  g_free(s->session);
  g_free(s->row);
  g_free(s->split);
  g_free(s->growth);
  for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++) g_free(s->value[c]);
}

static bool has_any(const double *values, size_t n) {
  for (size_t k = 0; k < n; k++)
    if (!isnan(values[k])) return true;
  return false;
}

/* The symbol's splits on its days; one on a day without a row is that of the next. */
static void fill_splits(audit_series *s) {
  const aft_actions *actions = s->input->actions;
  for (size_t k = 0; k < s->n; k++) s->split[k] = 1;
  for (size_t i = 0; actions != NULL && i < actions->n; i++) {
    const aft_action *action = &actions->rows[i];
    size_t low = 0, high = s->n;
    if (action->kind != AFT_ACTION_SPLIT || strcmp(action->symbol, s->symbol) != 0) continue;
    while (low < high) {
      size_t middle = low + (high - low) / 2;
      if (s->day[middle] < action->day)
        low = middle + 1;
      else
        high = middle;
    }
    if (low < s->n) s->split[low] *= action->value;
  }
}

static void fill_growth(audit_series *s) {
  if (!s->input->rows_are_returns)
    s->price = has_any(s->value[AFT_PRICE_ADJ_CLOSE], s->n) ? s->value[AFT_PRICE_ADJ_CLOSE] : s->value[AFT_PRICE_CLOSE];
  for (size_t k = 0; k < s->n; k++) {
    s->growth[k] = (double)NAN;
    if (s->input->rows_are_returns)
      s->growth[k] = s->value[AFT_PRICE_RETURN][k];
    else if (k > 0 && s->session[k] == s->session[k - 1] + 1)
      s->growth[k] =
          log(s->price[k] / s->price[k - 1]) + (s->price == s->value[AFT_PRICE_CLOSE] ? log(s->split[k]) : 0);
  }
}

/* One series of rows order[0..n), and what is found while it is made. */
static void build_series(aft_audit *audit, audit_series *s, const size_t *order, size_t n) {
  const aft_prices *p = s->input->prices;
  disagreement d = {.least = (double)INFINITY, .most = -(double)INFINITY};
  closed_rows closed = {0, 0, g_string_new(NULL)};
  s->symbol = aft_symbols_name(&p->symbols, p->symbol[order[0]]);
  allocate(s, n);
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
    s->row[s->n] = row;
    for (int c = 0; c < AFT_PRICE_N_COLUMNS; c++)
      s->value[c][s->n] = p->column[c] != NULL ? p->column[c][row] : (double)NAN;
    s->n++;
  }
  tell_closed(audit, s, &closed);
  g_string_free(closed.days, TRUE);
  tell_disagreement(audit, s, &d);
  fill_splits(s);
  fill_growth(s);
}

static void check_series(aft_audit *audit, const audit_series *s, const audit_series *market) {
  check_missing(audit, s);
  if (s->price != NULL) {
    audit_check_ohlc(audit, s);
    audit_check_splits(audit, s);
    audit_check_units(audit, s);
    audit_check_standstill(audit, s);
    audit_check_adjustment(audit, s);
  }
  if (market != NULL && market != s) audit_check_shift(audit, s, market);
}

void aft_audit_run(aft_audit *audit, const aft_audit_input *input) {
  const aft_prices *p = input->prices;
  g_autofree size_t *order = g_new(size_t, MAX(p->n_rows, 1));
  g_autoptr(GArray) all = g_array_new(FALSE, TRUE, sizeof(audit_series));
  for (size_t i = 0; i < p->n_rows; i++) order[i] = i;
  g_qsort_with_data(order, (gint)p->n_rows, sizeof *order, compare_rows, (gpointer)(guintptr)p);
  for (size_t i = 0, end; i < p->n_rows; i = end) {
    for (end = i; end < p->n_rows && p->symbol[order[end]] == p->symbol[order[i]]; end++) {
    }
    audit_series series = {.input = input};
    build_series(audit, &series, order + i, end - i);
    g_array_append_val(all, series);
  }
  audit_series *series = (audit_series *)(gpointer)all->data;
  const audit_series *market = NULL;
  for (guint i = 0; i < all->len; i++)
    if (input->market != NULL && strcmp(series[i].symbol, input->market) == 0) market = &series[i];
  for (guint i = 0; i < all->len; i++) check_series(audit, &series[i], market);
  audit_check_twins(audit, series, all->len);
  if (market != NULL) audit_check_benchmark(audit, series, all->len, market);
  audit->n_symbols += all->len;
  audit->n_rows += p->n_rows;
  for (guint i = 0; i < all->len; i++) clear_series(&series[i]);
}
