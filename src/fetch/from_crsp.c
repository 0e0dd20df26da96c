/* CRSP's daily file as the web form exports it: coded returns, signed prices. Nothing is asked. */
#include "provider.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/file.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_FILE_BYTES = 1 << 30 };

/* Names of the columns, old format and new: number, ticker, day, total return. */
static const char *const number_names[] = {"PERMNO", NULL}, *const ticker_names[] = {"TICKER", "Ticker", NULL};
static const char *const day_names[] = {"date", "DATE", "DlyCalDt", "DLYCALDT", NULL};
static const char *const return_names[] = {"RET", "DlyRet", "DLYRET", NULL};

typedef struct columns {
  int number, ticker, day, ret; /* ticker: -1 when there is none */
} columns;

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

/* Letters and the numbers -44 to -99 are codes of what is missing; -1 is a total loss. False for anything else. */
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

static bool add_row(fetch_session *session, const aft_csv *csv, const char *const *fields, const columns *c,
                    guint *n_missing, GError **error) {
  const char *number = fields[c->number], *ticker = c->ticker >= 0 ? fields[c->ticker] : "";
  double value;
  aft_day day;
  if (strspn(number, "0123456789") != strlen(number) || *number == '\0')
    return fail_field(csv, error, "PERMNO", number);
  if (!read_day(fields[c->day], &day)) return fail_field(csv, error, "date", fields[c->day]);
  if (!read_return(fields[c->ret], &value)) return fail_field(csv, error, "return", fields[c->ret]);
  if (!is_wanted(session, number, ticker) || !fetch_in_window(session, day)) return true;
  if (isnan(value)) ++*n_missing;
  /* A name changes and is used again, the number is one security for ever: a ticker that was asked for keeps its name. */
  const char *name =
      session->query->symbols[0] != NULL && g_strv_contains(session->query->symbols, ticker) ? ticker : number;
  aft_records_add_return(session->records, name, day, value);
  return true;
}

static bool read_rows(fetch_session *session, const char *path, const char *text, size_t size, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open_bytes(path, text, size, error);
  const char *const *fields;
  GError *problem = NULL;
  guint n_missing = 0;
  if (csv == NULL) return false;
  const columns c = {find_column(csv, number_names), find_column(csv, ticker_names), find_column(csv, day_names),
                     find_column(csv, return_names)};
  if (c.number < 0 || c.day < 0 || c.ret < 0) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER,
                "%s: no columns PERMNO, date and RET (export them from the daily file of CRSP)", path);
    return false;
  }
  while (aft_csv_next(csv, &fields, &problem))
    if (!add_row(session, csv, fields, &c, &n_missing, error)) return false;
  if (problem != NULL) g_propagate_error(error, problem);
  if (n_missing > 0)
    aft_warnings_add(session->warnings, "%s: returns that are missing, or coded as missing: %u", path, n_missing);
  return problem == NULL;
}

static bool run(fetch_session *session, GError **error) {
  g_autofree char *text = NULL;
  size_t size;
  if (!aft_file_read(session->query->input, MAX_FILE_BYTES, &text, &size, error) ||
      !read_rows(session, session->query->input, text, size, error))
    return false;
  fetch_note_file(session, text, size);
  return true;
}

const aft_provider fetch_crsp = {
    .facts =
        {.name = "crsp",
         .title = "CRSP daily stock file, an export that you made",
         .kind = AFT_FETCH_PRICES,
         .gives =
             "returns, for a study's returns_files: of PERMNO, date and RET (or DlyRet); --symbols chooses among them",
         .asks = "--input",
         .terms = "for subscribers; not to be passed on",
         .meaning = "total returns; of the old format (RET) without the delisting return",
         .base = ""},
    .run = run};
