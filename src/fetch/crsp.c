/* CRSP's daily file: coded returns, delistings, names. */
#include "crsp.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* Names of the columns, old format and new: number, ticker, day, total return; of the old one alone: delisting return and its reason. */
static const char *const number_names[] = {"PERMNO", NULL}, *const ticker_names[] = {"TICKER", "Ticker", NULL};
static const char *const day_names[] = {"date", "DATE", "DlyCalDt", "DLYCALDT", NULL};
static const char *const return_names[] = {"RET", "DlyRet", "DLYRET", NULL};
static const char *const exit_names[] = {"DLRET", NULL}, *const reason_names[] = {"DLSTCD", NULL};

/* DLSTCD from here on: it left; below, it trades on and its DLRET means nothing. */
enum { FIRST_EXIT = 200 };

typedef struct columns {
  int number, ticker, day, ret, exit, reason; /* ticker, exit, reason: -1 when there is none */
} columns;

void fetch_crsp_counts_init(fetch_crsp_counts *counts) { *counts = (fetch_crsp_counts){.last = AFT_DAY_NONE}; }

static int find_column(const aft_csv *csv, const char *const *names) {
  for (; *names != NULL; names++) {
    int column = aft_csv_find(csv, *names);
    if (column < 0) {
      g_autofree char *lower = g_ascii_strdown(*names, -1);
      column = aft_csv_find(csv, lower);
    }
    if (column >= 0) return column;
  }
  return -1;
}

/* YYYYMMDD, YYYY-MM-DD, or DD/MM/YYYY, as the form was filled in. */
static bool read_day(const char *text, aft_day *day) {
  if (strlen(text) != 10 || text[2] != '/' || text[5] != '/') return aft_day_parse(text, strlen(text), day);
  g_autofree char *turned = g_strdup_printf("%.4s-%.2s-%.2s", text + 6, text + 3, text);
  return aft_day_parse(turned, strlen(turned), day);
}

/* NaN for what is missing or a code; false for what is neither a number nor a code. */
static bool read_return(const char *text, double *value) {
  *value = (double)NAN;
  if (*text == '\0' || strcmp(text, ".") == 0 || (strlen(text) == 1 && g_ascii_isalpha(*text))) return true;
  if (!aft_number_parse(text, strlen(text), value)) return false;
  if (*value < -1) *value = (double)NAN;
  return true;
}

static bool fail_field(const aft_csv *csv, GError **error, const char *what, const char *text) {
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, "%s:%ld: \"%s\" is not a %s", aft_csv_path(csv),
              aft_csv_line(csv), text, what);
  return false;
}

/* Securities of the query by number or ticker; all when it names none. */
static bool is_wanted(const fetch_session *session, const char *number, const char *ticker) {
  const char *const *symbols = session->query->symbols;
  return symbols[0] == NULL || g_strv_contains(symbols, number) || g_strv_contains(symbols, ticker);
}

/* A name changes and is used again, the number is one security for ever: a ticker that was asked for keeps its name. */
static const char *choose_name(const fetch_session *session, const char *number, const char *ticker) {
  const char *const *symbols = session->query->symbols;
  return symbols[0] != NULL && g_strv_contains(symbols, ticker) ? ticker : number;
}

/* Joins what was paid or lost after the last trade to the return of that day. */
static double join_exit(double value, double exit, bool left, fetch_crsp_counts *counts) {
  if (isnan(exit)) {
    if (left) counts->n_unknown_exits++;
    return value;
  }
  counts->n_delisted++;
  /* (1 + value) (1 + exit) - 1 without the digits that adding 1 costs; rounding must not lose more than everything. */
  return isnan(value) ? exit : fmax(value + exit + value * exit, -1);
}

static bool add_row(fetch_session *session, const aft_csv *csv, const char *const *fields, const columns *c,
                    const char *name, fetch_crsp_counts *counts, GError **error) {
  const char *number = fields[c->number], *ticker = c->ticker >= 0 ? fields[c->ticker] : "";
  const char *exit_text = c->exit >= 0 ? fields[c->exit] : "", *reason = c->reason >= 0 ? fields[c->reason] : "";
  double value, exit;
  aft_day day;
  if (strspn(number, "0123456789") != strlen(number) || *number == '\0')
    return fail_field(csv, error, "PERMNO", number);
  if (!read_day(fields[c->day], &day)) return fail_field(csv, error, "date", fields[c->day]);
  if (!read_return(fields[c->ret], &value)) return fail_field(csv, error, "return", fields[c->ret]);
  if (!read_return(exit_text, &exit)) return fail_field(csv, error, "delisting return", exit_text);
  if ((name == NULL && !is_wanted(session, number, ticker)) || !fetch_in_window(session, day)) return true;
  bool left = strtol(reason, NULL, 10) >= FIRST_EXIT;
  value = join_exit(value, left || c->reason < 0 ? exit : (double)NAN, left, counts);
  if (isnan(value)) counts->n_missing++;
  counts->n_rows++;
  if (counts->last == AFT_DAY_NONE || day > counts->last) counts->last = day;
  aft_records_add_return(session->records, name != NULL ? name : choose_name(session, number, ticker), day, value);
  return true;
}

bool fetch_crsp_read(fetch_session *session, const char *path, const char *text, size_t size, const char *name,
                     fetch_crsp_counts *counts, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open_bytes(path, text, size, error);
  const char *const *fields;
  GError *problem = NULL;
  if (csv == NULL) return false;
  const columns c = {find_column(csv, number_names), find_column(csv, ticker_names), find_column(csv, day_names),
                     find_column(csv, return_names), find_column(csv, exit_names),   find_column(csv, reason_names)};
  if (c.number < 0 || c.day < 0 || c.ret < 0) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER,
                "%s: no columns PERMNO, date and RET (export them from the daily file of CRSP)", path);
    return false;
  }
  while (aft_csv_next(csv, &fields, &problem))
    if (!add_row(session, csv, fields, &c, name, counts, error)) return false;
  if (problem != NULL) g_propagate_error(error, problem);
  return problem == NULL;
}

void fetch_crsp_warn(fetch_session *session, const char *path, const fetch_crsp_counts *counts) {
  if (counts->n_missing > 0)
    aft_warnings_add(session->warnings, "%s: returns that are missing, or coded as missing: %u", path,
                     counts->n_missing);
  if (counts->n_unknown_exits > 0)
    aft_warnings_add(
        session->warnings,
        "%s: delistings without a delisting return, so that the last loss or payment is not in the returns: %u", path,
        counts->n_unknown_exits);
  if (counts->n_delisted > 0)
    g_ptr_array_add(
        session->records->notes,
        g_strdup_printf("%s: delisting returns joined to the return of their day: %u", path, counts->n_delisted));
}
