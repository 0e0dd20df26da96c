/* GDELT: the articles of the DOC interface, those of the quarter-hourly files, and the volume and tone of coverage. */
#include "gkg.h"
#include "news.h"
#include "provider.h"

#include <aftershock/fetch/error.h>
#include <aftershock/input/archive.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_ARTICLES = 250, MAX_DAYS = 31, MAX_FILE_BYTES = 256 << 20 };

#define QUARTER_HOUR INT64_C(900000)

/* YYYYMMDDHHMMSS. Owned. */
static char *stamp(aft_millis instant) {
  char text[AFT_MILLIS_TEXT];
  GString *out = g_string_new(NULL);
  aft_millis_print(instant, text);
  for (const char *p = text; *p != '\0' && *p != '.'; p++)
    if (g_ascii_isdigit(*p)) g_string_append_c(out, *p);
  return g_string_free(out, FALSE);
}

static bool check_days(const fetch_session *session, GError **error) {
  if (session->first != AFT_DAY_NONE && session->last - session->first < MAX_DAYS) return true;
  g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "%s needs --first, at most %d days before --last",
              session->provider->facts.name, MAX_DAYS);
  return false;
}

/* ---- DOC 2.0 */

static bool add_found(fetch_session *session, const fetch_reply *reply, json_t *row, GError **error) {
  const char *url = fetch_json_get_text(row, "url");
  aft_millis seen;
  if (*url == '\0' || !fetch_read_instant(fetch_json_get_text(row, "seendate"), &seen))
    return fetch_fail_answer(reply, error, "an article without address or seendate");
  if (!fetch_instant_in_window(session, seen)) return true;
  aft_news_record *article = fetch_article_new(session, NULL, "gdelt", url);
  fetch_set_title(article, fetch_json_get_text(row, "title"));
  fetch_set_text(&article->source, fetch_json_get_text(row, "domain"));
  fetch_set_text(&article->url, url);
  fetch_set_instant(article, seen, "seendate", AFT_TIME_FIRST_SEEN, AFT_NEWS_QUARTER_HOUR);
  aft_records_add_article(session->records, article);
  return true;
}

/* A full list may be a cut one: the window is halved until a piece is not full. */
static bool ask_window(fetch_session *session, aft_millis begin, aft_millis end, GError **error) {
  g_autofree char *from = stamp(begin), *to = stamp(end);
  g_autofree char *url =
      aft_url_build(fetch_base(session), "api/v2/doc/doc",
                    AFT_PAIRS("query", session->query->text, "mode", "artlist", "format", "json", "maxrecords", "250",
                              "sort", "datedesc", "startdatetime", from, "enddatetime", to));
  const fetch_ask ask = {url, FETCH_JSON, fetch_window_age(session, end), NULL, NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root, *row;
  size_t i;
  if (!fetch_get_json(session, &ask, session->query->text, &reply, &root, error)) return false;
  if (root == NULL) return true;
  json_t *rows = json_object_get(root, "articles"); /* absent when there are none */
  size_t n = json_array_size(rows);
  bool ok = rows == NULL || json_is_array(rows) || fetch_fail_answer(&reply, error, "articles is no list");
  bool split = n >= MAX_ARTICLES && end - begin > QUARTER_HOUR;
  if (!split) json_array_foreach(rows, i, row) ok = ok && add_found(session, &reply, row, error);
  if (n >= MAX_ARTICLES && !split)
    aft_warnings_add(session->warnings, "gdelt: 250 articles or more in a quarter of an hour: some are missing");
  json_decref(root);
  if (!ok || !fetch_keep(session, &reply, n == 0, error)) return false;
  aft_millis middle = begin + (end - begin) / 2 / QUARTER_HOUR * QUARTER_HOUR;
  if (middle <= begin) middle = begin + QUARTER_HOUR;
  return !split || (ask_window(session, begin, middle, error) && ask_window(session, middle, end, error));
}

static bool run_doc(fetch_session *session, GError **error) {
  if (!check_days(session, error)) return false;
  bool ok = ask_window(session, fetch_window_begin(session, 0), fetch_window_end(session), error);
  if (ok && session->records->articles->len == 0) fetch_warn_no_news(session, session->query->text);
  return ok;
}

/* ---- GKG files */

typedef struct search {
  fetch_session *session;
  char **words; /* in lower case; an article with any of them is taken */
} search;

static void take_row(const fetch_gkg_row *row, void *data) {
  const search *s = data;
  bool wanted = false;
  for (char **word = s->words; *word != NULL && !wanted; word++)
    wanted = fetch_gkg_holds(row->title, row->title_size, *word) ||
             fetch_gkg_holds(row->organisations, row->organisations_size, *word);
  if (!wanted || !fetch_instant_in_window(s->session, row->label)) return;
  g_autofree char *id = g_strndup(row->id, row->id_size), *title = g_strndup(row->title, row->title_size);
  g_autofree char *source = g_strndup(row->source, row->source_size), *url = g_strndup(row->url, row->url_size);
  aft_news_record *article = fetch_article_new(s->session, NULL, "gkg", id);
  fetch_set_title(article, title);
  fetch_set_text(&article->source, source);
  fetch_set_text(&article->url, url);
  fetch_set_instant(article, row->label, "DATE", AFT_TIME_FIRST_SEEN, AFT_NEWS_QUARTER_HOUR);
  if (row->claimed != 0) {
    char text[AFT_MILLIS_TEXT];
    g_autofree char *detail = g_strdup_printf("the publisher says %s", aft_millis_print(row->claimed, text));
    fetch_set_text(&article->detail, detail);
  }
  article->tone = row->tone;
  aft_records_add_article(s->session->records, article);
}

/* *missing counts quarters of an hour that have no file. */
static bool ask_file(search *s, aft_millis when, size_t *n_missing, GError **error) {
  g_autofree char *label = stamp(when), *path = g_strdup_printf("gdeltv2/%s.gkg.csv.zip", label);
  g_autofree char *url = aft_url_build(fetch_base(s->session), path, NULL), *text = NULL;
  const fetch_ask ask = {url, FETCH_ZIP, FETCH_FOREVER, NULL, NULL};
  g_auto(fetch_reply) reply = {0};
  size_t size;
  if (!fetch_get_optional(s->session, &ask, &reply, error)) return false;
  if (reply.refusal == FETCH_UNKNOWN) {
    ++*n_missing;
    return true;
  }
  if (reply.refusal != FETCH_ACCEPTED) return fetch_fail_refused(s->session, label, &reply, error);
  if (!aft_archive_read_only(url, reply.download.body, reply.download.size, MAX_FILE_BYTES, &text, &size, error))
    return false;
  size_t n_bad = fetch_gkg_read(text, size, take_row, s);
  if (n_bad > 0) aft_warnings_add(s->session->warnings, "%s: rows that cannot be read: %" G_GSIZE_FORMAT, url, n_bad);
  return fetch_keep(s->session, &reply, false, error);
}

static bool run_gkg(fetch_session *session, GError **error) {
  if (!check_days(session, error)) return false;
  g_autofree char *folded = g_ascii_strdown(session->query->text, -1);
  g_auto(GStrv) words = g_strsplit(folded, ",", -1);
  search s = {session, words};
  aft_millis begin = fetch_window_begin(session, 0), end = fetch_window_end(session);
  size_t n = (size_t)((end - begin) / QUARTER_HOUR), n_missing = 0;
  for (char **word = words; *word != NULL; word++) g_strstrip(*word);
  for (size_t i = 0; i < n; i++) {
    aft_millis when = begin + (aft_millis)i * QUARTER_HOUR;
    if (when > session->settings->now) break;
    fetch_progress(session, i, n);
    if (!ask_file(&s, when, &n_missing, error)) return false;
  }
  if (n_missing == n && session->settings->offline) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_NOT_STORED,
                "no file of these days is in the store %s (leave out --offline to ask for them)",
                aft_store_path(session->store));
    return false;
  }
  if (n_missing > 0)
    aft_warnings_add(session->warnings,
                     "gdelt-files does not know some quarters of an hour: %" G_GSIZE_FORMAT " of %" G_GSIZE_FORMAT,
                     n_missing, n);
  if (session->records->articles->len == 0) fetch_warn_no_news(session, session->query->text);
  return true;
}

/* ---- timelines */

/* Values of finer steps are averaged over the days of UTC. */
static bool add_timeline(fetch_session *session, const fetch_reply *reply, const char *series, json_t *points,
                         GError **error) {
  json_t *point;
  size_t i;
  aft_day open = AFT_DAY_NONE;
  double sum = 0;
  int n = 0;
  json_array_foreach(points, i, point) {
    aft_millis when;
    double value = fetch_json_number(json_object_get(point, "value"));
    if (!fetch_read_instant(fetch_json_get_text(point, "date"), &when) || isnan(value))
      return fetch_fail_answer(reply, error, "a point without date or value");
    aft_day day = (aft_day)(when / AFT_MILLIS_PER_DAY);
    if (n > 0 && day != open) {
      if (fetch_in_window(session, open)) aft_records_add_value(session->records, series, open, sum / n);
      sum = 0;
      n = 0;
    }
    open = day;
    sum += value;
    n++;
  }
  if (n > 0 && fetch_in_window(session, open)) aft_records_add_value(session->records, series, open, sum / n);
  return true;
}

static bool ask_timeline(fetch_session *session, const char *mode, const char *name, GError **error) {
  g_autofree char *from = stamp(fetch_window_begin(session, 0)), *to = stamp(fetch_window_end(session));
  g_autofree char *url = aft_url_build(fetch_base(session), "api/v2/doc/doc",
                                       AFT_PAIRS("query", session->query->text, "mode", mode, "format", "json",
                                                 "startdatetime", from, "enddatetime", to));
  g_autofree char *series = g_strdup_printf("%s %s", session->query->text, name);
  const fetch_ask ask = {url, FETCH_JSON, fetch_window_age(session, fetch_window_end(session)), NULL, NULL};
  g_auto(fetch_reply) reply = {0};
  json_t *root;
  if (!fetch_get_json(session, &ask, session->query->text, &reply, &root, error)) return false;
  if (root == NULL) return true;
  json_t *points = fetch_json_at(root, "timeline.0.data");
  bool empty = json_array_size(points) == 0;
  bool ok = (json_is_object(root) || fetch_fail_answer(&reply, error, "no timeline in it")) &&
            add_timeline(session, &reply, series, points, error);
  if (ok && empty) fetch_warn_no_news(session, series);
  ok = ok && fetch_keep(session, &reply, empty, error);
  json_decref(root);
  return ok;
}

static bool run_timeline(fetch_session *session, GError **error) {
  if (session->first == AFT_DAY_NONE) {
    g_set_error_literal(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_URL, "gdelt needs --first");
    return false;
  }
  return ask_timeline(session, "timelinevol", "volume", error) && ask_timeline(session, "timelinetone", "tone", error);
}

#define GDELT_ACCESS .key_place = AFT_KEY_PARAMETER, .key_name = "", .key_prefix = ""

const aft_provider fetch_gdelt = {
    .facts = {.name = "gdelt",
              .title = "GDELT DOC 2.0, worldwide news",
              .kind = AFT_FETCH_NEWS,
              .gives = "articles that match the query, of a month at most; complete only for the last three months",
              .asks = "--query",
              .terms = "no key; one request in 6 seconds, and often too busy: gdelt-files is surer",
              .meaning = "when GDELT saw the article, by quarters of an hour: never before its publication",
              .base = "https://api.gdeltproject.org"},
    GDELT_ACCESS,
    .pace_ms = 6000,
    .max_bytes = 16 << 20,
    .run = run_doc};

const aft_provider fetch_gdelt_files = {
    .facts = {.name = "gdelt-files",
              .title = "GDELT knowledge graph, quarter-hourly files since February 2015",
              .kind = AFT_FETCH_NEWS,
              .gives = "articles whose title or organisations hold one of the words of --query (a,b), with tone",
              .asks = "--query",
              .terms = "no key; 96 files and about 0.4 GB a day, which stay in the store",
              .meaning = "when GDELT saw the article, by quarters of an hour: never before its publication",
              .base = "https://storage.googleapis.com/data.gdeltproject.org"},
    GDELT_ACCESS,
    .pace_ms = 100,
    .max_bytes = 64 << 20,
    .run = run_gkg};

const aft_provider fetch_gdelt_timeline = {
    .facts = {.name = "gdelt",
              .title = "GDELT DOC 2.0, volume and tone of coverage",
              .kind = AFT_FETCH_ATTENTION,
              .gives = "two series a query: volume, percent of all coverage, and mean tone",
              .asks = "--query",
              .terms = "no key; one request in 6 seconds, and often too busy",
              .meaning = "means over days of UTC",
              .base = "https://api.gdeltproject.org"},
    GDELT_ACCESS,
    .pace_ms = 6000,
    .max_bytes = 16 << 20,
    .run = run_timeline};
