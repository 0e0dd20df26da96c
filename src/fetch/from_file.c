/* Price files that a person saved in a browser: Stooq, Nasdaq.com. Nothing is asked. */
#include "provider.h"

#include <aftershock/base/csv.h>
#include <aftershock/base/file.h>
#include <aftershock/base/text.h>
#include <aftershock/fetch/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_FILE_BYTES = 256 << 20, N_SPELLINGS = 6 };

/* How the columns are called there: Stooq, its Polish pages, its archive, Nasdaq.com. */
static const char *const date_names[] = {"Date", "Data", "<DATE>", NULL};
static const char *const value_names[AFT_PRICE_RETURN][N_SPELLINGS] = {
    [AFT_PRICE_OPEN] = {"Open", "Otwarcie", "<OPEN>"},
    [AFT_PRICE_HIGH] = {"High", "Najwyzszy", "<HIGH>"},
    [AFT_PRICE_LOW] = {"Low", "Najnizszy", "<LOW>"},
    [AFT_PRICE_CLOSE] = {"Close", "Zamkniecie", "<CLOSE>", "Close/Last", "Close/Last*"},
    [AFT_PRICE_VOLUME] = {"Volume", "Wolumen", "<VOL>"}};

static int find_column(const aft_csv *csv, const char *const *names) {
  for (; *names != NULL; names++) {
    int column = aft_csv_find(csv, *names);
    if (column >= 0) return column;
  }
  return -1;
}

/* YYYY-MM-DD, YYYYMMDD or MM/DD/YYYY. */
static bool read_day(const char *text, aft_day *day) {
  if (strlen(text) != 10 || text[2] != '/' || text[5] != '/') return aft_day_parse(text, strlen(text), day);
  g_autofree char *turned = g_strdup_printf("%.4s-%.2s-%.2s", text + 6, text, text + 3);
  return aft_day_parse(turned, strlen(turned), day);
}

/* "$1,234.50" is a number, "N/A" is none; false for anything else. */
static bool read_number(const char *text, double *value) {
  g_autoptr(GString) plain = g_string_new(NULL);
  for (const char *p = text; *p != '\0'; p++)
    if (strchr("$,", *p) == NULL) g_string_append_c(plain, *p);
  *value = (double)NAN;
  if (plain->len == 0 || strcmp(plain->str, "N/A") == 0 || strcmp(plain->str, "--") == 0) return true;
  return aft_number_parse(plain->str, plain->len, value);
}

static bool fail_line(const aft_csv *csv, GError **error, const char *what, const char *text) {
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER, "%s:%ld: \"%s\" is not a %s", aft_csv_path(csv),
              aft_csv_line(csv), text, what);
  return false;
}

static bool add_row(fetch_session *session, const aft_csv *csv, const char *const *fields, int date, const int *columns,
                    GError **error) {
  double value[AFT_PRICE_RETURN];
  aft_day day;
  if (!read_day(fields[date], &day)) return fail_line(csv, error, "date", fields[date]);
  for (int c = 0; c < AFT_PRICE_RETURN; c++) {
    value[c] = (double)NAN;
    if (columns[c] >= 0 && !read_number(fields[columns[c]], &value[c]))
      return fail_line(csv, error, "number", fields[columns[c]]);
  }
  if (!fetch_in_window(session, day) || !(value[AFT_PRICE_CLOSE] > 0)) return true;
  memcpy(aft_records_add_price(session->records, session->query->symbols[0], day)->value, value, sizeof value);
  return true;
}

/* The barrier that a program meets, saved as if it were the file. */
static bool is_page(const char *text) {
  while (g_ascii_isspace(*text)) text++;
  return *text == '<' && g_ascii_strncasecmp(text, "<TICKER>", 8) != 0;
}

static bool read_file(fetch_session *session, const char *path, const char *text, size_t size, GError **error) {
  g_autoptr(aft_csv) csv = NULL;
  GError *problem = NULL;
  const char *const *fields;
  int columns[AFT_PRICE_RETURN];
  if (is_page(text) || strstr(text, "__verify") != NULL) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER,
                "%s: a web page, not a table: save the CSV file itself from the page in a browser", path);
    return false;
  }
  csv = aft_csv_open_bytes(path, text, size, error);
  if (csv == NULL) return false;
  int date = find_column(csv, date_names);
  for (int c = 0; c < AFT_PRICE_RETURN; c++) columns[c] = find_column(csv, value_names[c]);
  if (date < 0 || columns[AFT_PRICE_CLOSE] < 0) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_ANSWER,
                "%s: no columns of dates and closes (is it a price file of %s?)", path, session->provider->facts.title);
    return false;
  }
  while (aft_csv_next(csv, &fields, &problem))
    if (!add_row(session, csv, fields, date, columns, error)) return false;
  if (problem != NULL) g_propagate_error(error, problem);
  return problem == NULL;
}

static bool run(fetch_session *session, GError **error) {
  const char *path = session->query->input;
  g_autofree char *text = NULL;
  size_t size;
  if (fetch_count(session->query->symbols) != 1) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL,
                "a file of %s is of one security: give one name with --symbols", session->provider->facts.name);
    return false;
  }
  if (!aft_file_read(path, MAX_FILE_BYTES, &text, &size, error) || !read_file(session, path, text, size, error))
    return false;
  if (session->records->prices->len == 0) fetch_warn_empty(session, session->query->symbols[0]);
  fetch_note_file(session, text, size);
  return true;
}

const aft_provider fetch_stooq = {
    .facts = {.name = "stooq",
              .title = "Stooq, a file that you saved",
              .kind = AFT_FETCH_PRICES,
              .gives = "reads the CSV file of one symbol, of the pages or of the archive",
              .asks = "--input --symbols",
              .terms = "it serves only browsers since 2026: save the file there; personal use",
              .meaning = "close is adjusted for splits, of US names for dividends too, unless switched off on the page",
              .base = ""},
    .run = run};

const aft_provider fetch_nasdaq = {.facts = {.name = "nasdaq",
                                             .title = "Nasdaq.com, a file that you saved",
                                             .kind = AFT_FETCH_PRICES,
                                             .gives = "reads the CSV file of one symbol's historical quotes",
                                             .asks = "--input --symbols",
                                             .terms = "it refuses programs: save the file in a browser; personal use",
                                             .meaning = "close is adjusted for splits",
                                             .base = ""},
                                   .run = run};
