/*
 * SEC EDGAR: filings with the instant at which they became public.
 *
 * The JSON's acceptanceDateTime ends in Z for every filer, but for about a fifth of them it is New York's wall clock. The header of the
 * filing has that clock always, so it is asked for. What is accepted after 17:30 gets the next business day as its filing date and is
 * not shown before 06:00 then; forms that are shown at once keep the day: the filing date decides.
 */
#include "news.h"
#include "provider.h"

#include <aftershock/base/zone.h>

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { CIK_DIGITS = 10, STAMP_DIGITS = 14, MAX_FILINGS = 100000 };

#define OPENS INT64_C(21600000)   /* 06:00, milliseconds of the day */
#define CUT_OFF INT64_C(63000000) /* 17:30 */
#define SHUTS INT64_C(79200000)   /* 22:00 */

/* Columns of the lists of filings. */
enum column { ACCESSION, FORM, FILED, ACCEPTED, ITEMS, DOCUMENT, N_COLUMNS };
static const char *const column_names[N_COLUMNS] = {"accessionNumber",    "form",  "filingDate",
                                                    "acceptanceDateTime", "items", "primaryDocument"};

typedef struct filer {
  const char *symbol;
  char *cik, *name; /* cik without leading zeros */
  char **forms;     /* wanted */
  GTimeZone *zone;  /* New York */
} filer;

static void filer_clear(filer *f) {
  g_free(f->cik);
  g_free(f->name);
  g_strfreev(f->forms);
  if (f->zone != NULL) g_time_zone_unref(f->zone);
}

/* What an item of form 8-K is about. */
static const struct {
  const char *item, *words;
} items[] = {{"1.01", "agreement"},
             {"1.03", "bankruptcy"},
             {"1.05", "cyber incident"},
             {"2.01", "deal completed"},
             {"2.02", "results"},
             {"2.05", "restructuring"},
             {"2.06", "impairment"},
             {"3.01", "delisting notice"},
             {"4.01", "auditor"},
             {"4.02", "non-reliance"},
             {"5.02", "directors and officers"},
             {"7.01", "disclosure"},
             {"8.01", "other events"}};

/* "2.02 results, 9.01" of "2.02,9.01". Owned. */
static char *describe_items(const char *text) {
  g_auto(GStrv) parts = g_strsplit(text, ",", -1);
  GString *out = g_string_new(NULL);
  for (char **part = parts; *part != NULL; part++) {
    g_string_append_printf(out, "%s%s", out->len > 0 ? ", " : "", *part);
    for (size_t i = 0; i < G_N_ELEMENTS(items); i++)
      if (strcmp(*part, items[i].item) == 0) g_string_append_printf(out, " %s", items[i].words);
  }
  return g_string_free(out, FALSE);
}

/* YYYYMMDDHHMMSS as a wall clock; false for anything else. */
static bool read_clock(const char *digits, aft_millis *local) {
  if (strspn(digits, "0123456789") < STAMP_DIGITS) return false;
  g_autofree char *text = g_strndup(digits, STAMP_DIGITS);
  return fetch_read_instant(text, local);
}

/* When a filing that was accepted at a wall clock of New York was shown: at once, or in the morning of a later filing date. */
static aft_millis public_instant(const filer *f, aft_millis accepted, aft_day filed) {
  aft_day day = (aft_day)aft_floor_divide(accepted, AFT_MILLIS_PER_DAY);
  aft_millis local = filed > day ? filed * AFT_MILLIS_PER_DAY + OPENS : accepted;
  return aft_zone_to_utc(f->zone, local, NULL);
}

/* Forms that are shown at once until 22:00, and keep the day. */
static bool keeps_day(const char *form) {
  static const char *const forms[] = {"3", "4", "5", "144", "3/A", "4/A", "5/A", "144/A", NULL};
  return g_strv_contains(forms, form) || g_str_has_prefix(form, "SC 13") || g_str_has_prefix(form, "SCHEDULE 13");
}

/* Whether a wall clock fits the filing date: inside the hours, on that day, or in the evening before it. */
static bool fits(aft_millis accepted, aft_day filed, const char *form) {
  aft_day day = (aft_day)aft_floor_divide(accepted, AFT_MILLIS_PER_DAY);
  aft_millis time = accepted - day * AFT_MILLIS_PER_DAY;
  bool evening = time > CUT_OFF && !keeps_day(form);
  return time >= OPENS && time <= SHUTS && (evening ? filed > day : filed == day);
}

/*
 * Without the header: the JSON's time read as UTC and as New York. The one that fits the filing date counts; of two the later, so
 * that nothing is known too early; of none the day alone, false.
 */
static bool guess_clock(const filer *f, const char *const *row, aft_day filed, aft_millis *accepted, bool *sure) {
  aft_millis instant;
  if (!fetch_read_instant(row[ACCEPTED], &instant)) return false;
  aft_millis as_utc = aft_zone_to_local(f->zone, instant, NULL, NULL), as_local = instant;
  bool utc = fits(as_utc, filed, row[FORM]), local = fits(as_local, filed, row[FORM]);
  *sure = utc != local;
  *accepted = utc && local ? MAX(as_utc, as_local) : utc ? as_utc : as_local;
  return utc || local;
}

/* The acceptance time in the header's page, with < as itself or as an entity; NULL when it is not there. */
static const char *find_acceptance(const char *page) {
  const char *hit = strstr(page, "ACCEPTANCE-DATETIME");
  if (hit == NULL) return NULL;
  hit += strlen("ACCEPTANCE-DATETIME");
  while (*hit != '\0' && *hit != '\n' && !g_ascii_isdigit(*hit)) hit++;
  return g_ascii_isdigit(*hit) ? hit : NULL;
}

/* *found says whether the header gave a time; one that is not there (a 403 in XML, or 404) is no failure. */
static bool ask_header(fetch_session *session, const filer *f, const char *accession, aft_millis *accepted, bool *found,
                       GError **error) {
  g_auto(GStrv) parts = g_strsplit(accession, "-", -1);
  g_autofree char *plain = g_strjoinv("", parts);
  g_autofree char *path = g_strdup_printf("Archives/edgar/data/%s/%s/%s-index-headers.html", f->cik, plain, accession);
  g_autofree char *url = aft_url_build(fetch_second_base(session), path, NULL);
  const fetch_ask ask = {url, FETCH_TEXT, FETCH_FOREVER, NULL, NULL};
  g_auto(fetch_reply) reply = {0};
  *found = false;
  if (!fetch_get_optional(session, &ask, &reply, error)) return false;
  bool absent = reply.refusal == FETCH_UNKNOWN ||
                (reply.refusal != FETCH_ACCEPTED && strstr(reply.download.body, "AccessDenied") != NULL);
  if (absent) return true;
  if (reply.refusal != FETCH_ACCEPTED) return fetch_fail_refused(session, accession, &reply, error);
  const char *digits = find_acceptance(reply.download.body);
  if (digits == NULL || !read_clock(digits, accepted))
    return fetch_fail_answer(&reply, error, "no acceptance time in it");
  *found = true;
  return fetch_keep(session, &reply, false, error);
}

static bool add_filing(fetch_session *session, const filer *f, const char *const *row, aft_day filed, GError **error) {
  aft_millis accepted;
  bool found, sure = true;
  if (!ask_header(session, f, row[ACCESSION], &accepted, &found, error)) return false;
  bool placed = found || guess_clock(f, row, filed, &accepted, &sure);
  aft_news_record *article = fetch_article_new(session, f->symbol, "edgar", row[ACCESSION]);
  g_autofree char *about = describe_items(row[ITEMS]);
  g_autofree char *title = g_strdup_printf("%s: %s%s%s", f->name, row[FORM], *about != '\0' ? ", " : "", about);
  g_auto(GStrv) parts = g_strsplit(row[ACCESSION], "-", -1);
  g_autofree char *plain = g_strjoinv("", parts);
  g_autofree char *page =
      g_strdup_printf("https://www.sec.gov/Archives/edgar/data/%s/%s/%s", f->cik, plain, row[DOCUMENT]);
  fetch_set_title(article, title);
  fetch_set_text(&article->source, "SEC EDGAR");
  fetch_set_text(&article->url, page);
  if (placed) {
    fetch_set_instant(article, public_instant(f, accepted, filed), found ? "ACCEPTANCE-DATETIME" : "acceptanceDateTime",
                      AFT_TIME_ACCEPTED, AFT_NEWS_SECOND);
    if (!sure) fetch_set_text(&article->detail, "the time may be UTC or New York: the later reading is taken");
  } else {
    char day[AFT_DAY_TEXT];
    fetch_set_text(&article->published, aft_day_print(filed, day));
    fetch_set_text(&article->field, "filingDate");
    article->meaning = AFT_TIME_ACCEPTED;
    article->precision = AFT_NEWS_DAY;
  }
  aft_records_add_article(session->records, article);
  return true;
}

/* One list of filings, as parallel columns. */
static bool read_filings(fetch_session *session, const fetch_reply *reply, const filer *f, json_t *lists,
                         GError **error) {
  json_t *columns[N_COLUMNS];
  size_t n = json_array_size(json_object_get(lists, column_names[ACCESSION]));
  for (int c = 0; c < N_COLUMNS; c++) {
    columns[c] = json_object_get(lists, column_names[c]);
    if (!json_is_array(columns[c]) || json_array_size(columns[c]) != n || n > MAX_FILINGS)
      return fetch_fail_answer(reply, error, "no list of filings in it, or lists of unequal length");
  }
  for (size_t i = 0; i < n; i++) {
    const char *row[N_COLUMNS];
    aft_day filed;
    for (int c = 0; c < N_COLUMNS; c++) row[c] = fetch_json_text(json_array_get(columns[c], i));
    if (!g_strv_contains((const char *const *)f->forms, row[FORM])) continue;
    if (!aft_day_parse(row[FILED], strlen(row[FILED]), &filed) ||
        strspn(row[ACCESSION], "0123456789-") != strlen(row[ACCESSION]))
      return fetch_fail_answer(reply, error, "filing %" G_GSIZE_FORMAT " has no date or number", i + 1);
    if (!fetch_in_window(session, filed)) continue;
    fetch_progress(session, i, n);
    if (!add_filing(session, f, row, filed, error)) return false;
  }
  return true;
}

/* A page of older filings, where it overlaps the window. */
static bool ask_older(fetch_session *session, const filer *f, json_t *page, GError **error) {
  const char *name = fetch_json_get_text(page, "name"), *from = fetch_json_get_text(page, "filingFrom");
  const char *to = fetch_json_get_text(page, "filingTo");
  aft_day first, last;
  bool dated = aft_day_parse(from, strlen(from), &first) && aft_day_parse(to, strlen(to), &last);
  if (dated && (first > session->last || (session->first != AFT_DAY_NONE && last < session->first))) return true;
  g_autofree char *part = aft_url_encode(name), *path = g_strdup_printf("submissions/%s", part);
  g_autofree char *url = aft_url_build(fetch_base(session), path, NULL);
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(24), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root;
  if (!fetch_get_json(session, &ask, name, &reply, &root, error)) return false;
  if (root == NULL) return true;
  bool ok = read_filings(session, &reply, f, root, error) && fetch_keep(session, &reply, false, error);
  json_decref(root);
  return ok;
}

static bool ask_filer(fetch_session *session, filer *f, GError **error) {
  g_autofree char *path =
      g_strdup_printf("submissions/CIK%0*d.json", CIK_DIGITS, (int)g_ascii_strtoll(f->cik, NULL, 10));
  g_autofree char *url = aft_url_build(fetch_base(session), path, NULL);
  const fetch_ask ask = {url, FETCH_JSON, FETCH_MINUTES(10), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root, *page;
  size_t i;
  if (!fetch_get_json(session, &ask, f->symbol, &reply, &root, error)) return false;
  if (root == NULL) return true;
  f->name = g_strdup(fetch_json_get_text(root, "name"));
  bool ok = read_filings(session, &reply, f, fetch_json_at(root, "filings.recent"), error);
  json_array_foreach(fetch_json_at(root, "filings.files"), i, page) ok = ok && ask_older(session, f, page, error);
  json_decref(root);
  return ok && fetch_keep(session, &reply, false, error);
}

/* Central index key of a ticker; NULL when it has none. Owned. */
static char *find_cik(json_t *tickers, const char *symbol) {
  const char *key;
  json_t *row;
  json_object_foreach(tickers, key, row) {
    if (g_ascii_strcasecmp(fetch_json_get_text(row, "ticker"), symbol) != 0) continue;
    json_int_t cik = json_integer_value(json_object_get(row, "cik_str"));
    return cik > 0 && cik < G_MAXINT32 ? g_strdup_printf("%" JSON_INTEGER_FORMAT, cik) : NULL;
  }
  return NULL;
}

static bool ask_symbol(fetch_session *session, json_t *tickers, const char *symbol, GError **error) {
  filer f = {.symbol = symbol, .cik = find_cik(tickers, symbol)};
  guint before = session->records->articles->len;
  bool ok = true;
  if (f.cik == NULL) {
    aft_warnings_add(session->warnings, "edgar does not know %s: it is left out", symbol);
  } else {
    f.forms = g_strsplit(session->query->text != NULL ? session->query->text : "8-K", ",", -1);
    f.zone = g_time_zone_new_identifier("America/New_York");
    ok = ask_filer(session, &f, error);
    if (ok && session->records->articles->len == before) fetch_warn_no_news(session, symbol);
  }
  filer_clear(&f);
  return ok;
}

static bool run(fetch_session *session, GError **error) {
  g_autofree char *url = aft_url_build(fetch_second_base(session), "files/company_tickers.json", NULL);
  const fetch_ask ask = {url, FETCH_JSON, FETCH_HOURS(24), "application/json", NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *tickers;
  if (!fetch_get_json(session, &ask, "the list of tickers", &reply, &tickers, error)) return false;
  if (tickers == NULL) return fetch_fail_refused(session, "the list of tickers", &reply, error);
  bool ok = fetch_keep(session, &reply, false, error);
  for (size_t i = 0; ok && session->query->symbols[i] != NULL; i++)
    ok = ask_symbol(session, tickers, session->query->symbols[i], error);
  json_decref(tickers);
  return ok;
}

const aft_provider fetch_edgar = {
    .facts = {.name = "edgar",
              .title = "SEC EDGAR, filings",
              .kind = AFT_FETCH_NEWS,
              .gives = "filings of US companies since the 1990s: form 8-K, or the forms of --query (10-Q,10-K)",
              .asks = "--symbols",
              .terms = "no key, but your --contact; public domain; at most 10 requests a second from all your machines",
              .meaning =
                  "the second at which a filing became public: accepted, or 06:00 in New York of its filing date",
              .base = "https://data.sec.gov"},
    .second_base = "https://www.sec.gov",
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 250,
    .max_bytes = 64 << 20,
    .wants_contact = true,
    .run = run};
