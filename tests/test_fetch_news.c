/* fetch/: what providers of news and attention give, to the second, with what each time means; and the readers behind them. */
#include "support/provider_bodies.h"
#include "support/providers.h"
#include "support/support.h"

#include "fetch/gkg.h"

#include <aftershock/fetch/error.h>
#include <aftershock/input/feed.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

#define SEEN ",\"first_seen\":\"2025-03-01T00:00:00Z\"}\n"

/* The whole file of a case. */
static void assert_file(enum aft_fetch_kind kind, const char *name, const char *expected, const char *const *warned) {
  provider_stage stage;
  g_auto(aft_records) records;
  aft_warnings warnings;
  GError *error = NULL;
  provider_stage_init(&stage, provider_find(kind, name));
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  g_assert_true(provider_ask(&stage, &records, &warnings, &error));
  g_assert_no_error(error);
  g_autofree char *text = provider_print(stage.which, &records, stage.settings.now);
  g_assert_cmpstr(text, ==, expected);
  guint n = 0;
  for (; warned[n] != NULL; n++) {
    g_assert_cmpuint(n, <, warnings.messages->len);
    g_autoptr(GString) line = g_string_new(g_ptr_array_index(warnings.messages, n));
    g_string_replace(line, loopback_url(stage.server), "URL", 0);
    g_assert_cmpstr(line->str, ==, warned[n]);
  }
  g_assert_cmpuint(warnings.messages->len, ==, n);
  aft_warnings_clear(&warnings);
  provider_stage_clear(&stage);
}

static const char *const nothing[] = {NULL};

/* Filings by their headers: one at once, one of a Friday evening in summer on Monday morning; one without a header by its JSON. */
static void test_edgar(void) {
  assert_file(
      AFT_FETCH_NEWS, "edgar",
      "{\"id\":\"edgar-0001045810-24-000099\",\"published\":\"2024-07-08T10:00:00Z\",\"time_meaning\":\"accepted\","
      "\"time_precision\":\"second\",\"time_field\":\"ACCEPTANCE-DATETIME\",\"title\":\"NVIDIA CORP: 8-K, 5.02 directors and "
      "officers\",\"source\":\"SEC EDGAR\",\"url\":\"https://www.sec.gov/Archives/edgar/data/1045810/000104581024000099/c.htm\","
      "\"symbols\":[\"NVDA\"]" SEEN
      "{\"id\":\"edgar-0001045810-24-000098\",\"published\":\"2025-02-03T21:30:00Z\",\"time_meaning\":\"accepted\","
      "\"time_precision\":\"second\",\"time_field\":\"acceptanceDateTime\",\"title\":\"NVIDIA CORP: 8-K, 8.01 other events\","
      "\"source\":\"SEC EDGAR\",\"url\":\"https://www.sec.gov/Archives/edgar/data/1045810/000104581024000098/d.htm\","
      "\"symbols\":[\"NVDA\"]" SEEN
      "{\"id\":\"edgar-0001045810-25-000012\",\"published\":\"2025-02-26T21:21:33Z\",\"time_meaning\":\"accepted\","
      "\"time_precision\":\"second\",\"time_field\":\"ACCEPTANCE-DATETIME\",\"title\":\"NVIDIA CORP: 8-K, 2.02 results, 9.01\","
      "\"source\":\"SEC EDGAR\",\"url\":\"https://www.sec.gov/Archives/edgar/data/1045810/000104581025000012/a.htm\","
      "\"symbols\":[\"NVDA\"]" SEEN,
      nothing);
}

static void test_gdelt(void) {
  const char *mended[] = {
      "URL/api/v2/doc/doc?query=chip&mode=artlist&format=json&maxrecords=250&sort=datedesc&"
      "startdatetime=20250127000000&enddatetime=20250128000000: the JSON is not valid (control character "
      "0x9, line 1) and was mended",
      NULL};
  const char *missing[] = {"gdelt-files does not know some quarters of an hour: 95 of 96", NULL};
  assert_file(
      AFT_FETCH_NEWS, "gdelt",
      "{\"id\":\"gdelt-95bbca1f9b4bae7d73e8\",\"published\":\"2025-01-27T14:30:00Z\",\"time_meaning\":\"first_seen\","
      "\"time_precision\":\"quarter_hour\",\"time_field\":\"seendate\",\"title\":\"Chip maker slides as rival model is "
      "released\",\"source\":\"news.example\",\"url\":\"https://news.example/a\",\"symbols\":[\"NVDA\"]" SEEN
      "{\"id\":\"gdelt-057ae1922040cce10a5d\",\"published\":\"2025-01-27T14:45:00Z\",\"time_meaning\":\"first_seen\","
      "\"time_precision\":\"quarter_hour\",\"time_field\":\"seendate\",\"title\":\"Entreprise caf\xC3\xA9 & co\","
      "\"source\":\"news.example\",\"url\":\"https://news.example/b\",\"symbols\":[\"NVDA\"]" SEEN,
      mended);
  assert_file(
      AFT_FETCH_NEWS, "gdelt-files",
      "{\"id\":\"gkg-20250127143000-1\",\"published\":\"2025-01-27T14:30:00Z\",\"time_meaning\":\"first_seen\","
      "\"time_precision\":\"quarter_hour\",\"time_field\":\"DATE\",\"title\":\"Nvidia & caf\xC3\xA9\",\"detail\":\"the "
      "publisher says 2025-01-27T14:10:07Z\",\"source\":\"news.example\",\"url\":\"https://news.example/a\","
      "\"symbols\":[\"NVDA\"],\"tone\":-2.5" SEEN
      "{\"id\":\"gkg-20250127143000-4\",\"published\":\"2025-01-27T14:30:00Z\",\"time_meaning\":\"first_seen\","
      "\"time_precision\":\"quarter_hour\",\"time_field\":\"DATE\",\"title\":\"NVIDIA\xEF\xBF\xBD falls\","
      "\"source\":\"d.example\",\"url\":\"https://d.example/\",\"symbols\":[\"NVDA\"],\"tone\":0.5" SEEN,
      missing);
  assert_file(AFT_FETCH_ATTENTION, "gdelt",
              "date,series,value\n2025-01-27,chip volume,0.2\n2025-01-28,chip volume,0.25\n2025-01-27,chip tone,0.2\n"
              "2025-01-28,chip tone,0.25\n",
              nothing);
}

static void test_feed_provider(void) {
  const char *undated[] = {"URL/wire.rss: entries without a time that can be placed: 1", NULL};
  assert_file(
      AFT_FETCH_NEWS, "feed",
      "{\"id\":\"feed-f45b84c1c7e58a7ba548\",\"published\":\"2024-07-05T20:20:00Z\",\"time_meaning\":\"claimed\","
      "\"time_precision\":\"second\",\"time_field\":\"dc:date\",\"title\":\"Results up\",\"source\":\"Wire\","
      "\"url\":\"https://wire.example/2\",\"symbols\":[]" SEEN
      "{\"id\":\"feed-wire-1\",\"published\":\"2025-02-26T21:20:00Z\",\"time_meaning\":\"claimed\","
      "\"time_precision\":\"second\",\"time_field\":\"pubDate\",\"title\":\"Caf\xC3\xA9 & Co reports\",\"source\":\"Wire\","
      "\"url\":\"https://wire.example/1\",\"symbols\":[]" SEEN
      "{\"id\":\"feed-wire-3\",\"published\":null,\"time_meaning\":\"claimed\",\"time_precision\":\"day\","
      "\"time_field\":\"pubDate\",\"title\":\"No time\",\"source\":\"Wire\",\"symbols\":[]" SEEN,
      undated);
}

static void test_hackernews(void) {
  assert_file(
      AFT_FETCH_NEWS, "hackernews",
      "{\"id\":\"hn-42770000\",\"published\":\"2025-01-20T12:37:00Z\",\"time_meaning\":\"submitted\","
      "\"time_precision\":\"second\",\"time_field\":\"created_at_i\",\"title\":\"A new reasoning model\","
      "\"source\":\"Hacker News\",\"url\":\"https://lab.example/r1\",\"symbols\":[]" SEEN
      "{\"id\":\"hn-42770001\",\"published\":\"2025-01-27T15:00:00Z\",\"time_meaning\":\"submitted\","
      "\"time_precision\":\"second\",\"time_field\":\"created_at_i\",\"title\":\"Ask HN: na\xC3\xAFve?\","
      "\"source\":\"Hacker News\",\"url\":\"https://news.ycombinator.com/item?id=42770001\",\"symbols\":[]" SEEN,
      nothing);
}

/* 16:00 in New York is 21:00 in winter, 06:00 is 10:00 in summer; without a flag the day alone. */
static void test_finnhub(void) {
  assert_file(AFT_FETCH_NEWS, "finnhub",
              "{\"id\":\"finnhub-130000001\",\"published\":\"2025-01-27T14:30:00Z\",\"time_meaning\":\"claimed\","
              "\"time_precision\":\"second\",\"time_field\":\"datetime\",\"title\":\"Nvidia falls \xE2\x80\x93 17 %\","
              "\"source\":\"Example\",\"url\":\"https://example.org/1?a=b\",\"symbols\":[\"NVDA\"]" SEEN,
              nothing);
  assert_file(
      AFT_FETCH_NEWS, "finnhub-results",
      "{\"id\":\"result-NVDA-2024-05-22\",\"published\":\"2024-05-22\",\"time_meaning\":\"claimed\","
      "\"time_precision\":\"day\",\"time_field\":\"date\",\"title\":\"NVDA: results of quarter 1 of 2025\","
      "\"source\":\"Finnhub\",\"symbols\":[\"NVDA\"]" SEEN
      "{\"id\":\"result-NVDA-2024-08-28\",\"published\":\"2024-08-28T10:00:00Z\",\"time_meaning\":\"claimed\","
      "\"time_precision\":\"day\",\"time_field\":\"date, hour\",\"timing\":\"before_open\",\"title\":\"NVDA: results of "
      "quarter 2 of 2025\",\"source\":\"Finnhub\",\"symbols\":[\"NVDA\"]" SEEN
      "{\"id\":\"result-NVDA-2025-02-26\",\"published\":\"2025-02-26T21:00:00Z\",\"time_meaning\":\"claimed\","
      "\"time_precision\":\"day\",\"time_field\":\"date, hour\",\"timing\":\"after_close\",\"title\":\"NVDA: results of "
      "quarter 4 of 2025\",\"detail\":\"earnings per share 0.89, expected 0.84 (as known today)\",\"source\":\"Finnhub\","
      "\"symbols\":[\"NVDA\"]" SEEN,
      nothing);
}

static void test_releases(void) {
  assert_file(AFT_FETCH_NEWS, "arxiv",
              "{\"id\":\"arxiv-2501.12948\",\"published\":\"2025-01-23T01:00:00Z\",\"time_meaning\":\"published\","
              "\"time_precision\":\"second\",\"time_field\":\"published, announced at the next 20:00 in New York\","
              "\"title\":\"Incentivizing Reasoning in Models\",\"detail\":\"submitted 2025-01-22T15:19:35Z\","
              "\"source\":\"arXiv\",\"url\":\"http://arxiv.org/abs/2501.12948v1\",\"symbols\":[]" SEEN,
              nothing);
  assert_file(
      AFT_FETCH_NEWS, "github",
      "{\"id\":\"github-0c4717b754d5f81a947d\",\"published\":\"2024-07-01T12:00:00Z\",\"time_meaning\":\"published\","
      "\"time_precision\":\"second\",\"time_field\":\"published_at\",\"title\":\"deepseek-ai/DeepSeek-R1: First \xE2\x9C\x94\","
      "\"source\":\"GitHub\",\"symbols\":[]" SEEN
      "{\"id\":\"github-e0a186ca4847835e3913\",\"published\":\"2025-01-20T12:00:00Z\",\"time_meaning\":\"published\","
      "\"time_precision\":\"second\",\"time_field\":\"published_at\",\"title\":\"deepseek-ai/DeepSeek-R1: v1.1\","
      "\"source\":\"GitHub\",\"url\":\"https://github.example/v1.1\",\"symbols\":[]" SEEN,
      nothing);
  assert_file(
      AFT_FETCH_NEWS, "huggingface",
      "{\"id\":\"hf-4ecad6d3194b8d45b767\",\"published\":\"2025-01-20T03:46:07Z\",\"time_meaning\":\"claimed\","
      "\"time_precision\":\"second\",\"time_field\":\"createdAt\",\"title\":\"deepseek-ai/DeepSeek-R1\",\"detail\":\"the "
      "repository may have been private at first\",\"source\":\"Hugging Face\","
      "\"url\":\"https://huggingface.co/deepseek-ai/DeepSeek-R1\",\"symbols\":[]" SEEN,
      nothing);
  assert_file(AFT_FETCH_ATTENTION, "wikipedia", "date,series,value\n2025-01-27,AT&T,123456\n2025-01-28,AT&T,98765\n",
              nothing);
}

/* ---- servers with a mind of their own */

typedef struct custom {
  provider_stage stage;
  provider_case which;
  loopback *server;
} custom;

/* A stage whose server answers by another route. */
static void custom_init(custom *c, const provider_case *which, loopback_route *route, void *data) {
  c->which = *which;
  provider_stage_init(&c->stage, &c->which);
  c->server = loopback_new(route, data);
  c->stage.settings.base = loopback_url(c->server);
}

static void custom_clear(custom *c) {
  provider_stage_clear(&c->stage);
  loopback_free(c->server);
}

/* Asks; expects so many articles and so many warnings. Returns the text; owned. */
static char *ask_articles(custom *c, guint n_articles, guint n_warnings) {
  g_auto(aft_records) records;
  aft_warnings warnings;
  GError *error = NULL;
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  g_assert_true(provider_ask(&c->stage, &records, &warnings, &error));
  g_assert_no_error(error);
  g_assert_cmpuint(records.articles->len, ==, n_articles);
  g_assert_cmpuint(warnings.messages->len, ==, n_warnings);
  char *text = provider_print(&c->which, &records, c->stage.settings.now);
  aft_warnings_clear(&warnings);
  return text;
}

static void assert_articles(custom *c, guint n) { g_free(ask_articles(c, n, 0)); }

static gint64 number_after(const char *query, const char *mark) {
  const char *place = strstr(query, mark);
  g_assert_nonnull(place);
  return g_ascii_strtoll(place + strlen(mark), NULL, 10);
}

/* 3000 stories, one every four minutes: a window with more than a thousand shows only those. */
static void play_many_stories(const loopback_request *request, loopback_answer *answer, void *data) {
  gint64 from = number_after(request->query, "created_at_i>="), to = number_after(request->query, "created_at_i<");
  g_autoptr(GString) hits = g_string_new(NULL);
  int n = 0;
  for (int i = 0; i < 3000; i++) {
    gint64 when = *(gint64 *)data + i * INT64_C(240);
    if (when < from || when >= to) continue;
    if (n++ < 1000)
      g_string_append_printf(hits, "%s{\"objectID\":\"%d\",\"title\":\"t\",\"created_at_i\":%" G_GINT64_FORMAT "}",
                             hits->len > 0 ? "," : "", i, when);
  }
  answer->body = g_strdup_printf("{\"hits\":[%s],\"nbHits\":%d}", hits->str, n);
}

static void test_many_stories(void) {
  const provider_case which = {
      .name = "hackernews", .kind = AFT_FETCH_NEWS, .text = "x", .first = "2025-01-01", .last = "2025-01-31"};
  gint64 begin = (gint64)aft_day_from_ymd(2025, 1, 2) * 86400;
  custom c;
  custom_init(&c, &which, play_many_stories, &begin);
  assert_articles(&c, 3000);
  g_assert_cmpuint(loopback_n_requests(c.server), <, 30);
  custom_clear(&c);
}

/* 700 articles, one every minute of half a day; 250 at most in an answer, and exactly 250 is taken for more. */
static void play_many_articles(const loopback_request *request, loopback_answer *answer, void *data) {
  gint64 from = number_after(request->query, "startdatetime=2025012");
  gint64 to = number_after(request->query, "enddatetime=2025012");
  g_autoptr(GString) rows = g_string_new(NULL);
  int n = 0;
  (void)data;
  for (int i = 0; i < 700 && n < 250; i++) {
    gint64 when = 7000000 + i / 60 * 10000 + i % 60 * 100; /* 7HHMMSS of 2025-01-2 */
    if (when < from || when >= to) continue;
    n++;
    g_string_append_printf(rows, "%s{\"url\":\"u%d\",\"title\":\"t\",\"seendate\":\"2025012%" G_GINT64_FORMAT "Z\"}",
                           rows->len > 0 ? "," : "", i, when);
  }
  g_autofree char *body = g_strdup_printf("{\"articles\":[%s]}", rows->str);
  answer->body = n > 0 ? g_strdup(body) : g_strdup("{}");
}

static void test_many_articles(void) {
  const provider_case which = {
      .name = "gdelt", .kind = AFT_FETCH_NEWS, .text = "x", .first = "2025-01-27", .last = "2025-01-27"};
  custom c;
  custom_init(&c, &which, play_many_articles, NULL);
  assert_articles(&c, 700);
  g_assert_cmpuint(loopback_n_requests(c.server), <, 30);
  custom_clear(&c);
}

/* Pages by the Link header: the second on the same host, a third on another one, which is not asked. */
static void play_pages(const loopback_request *request, loopback_answer *answer, void *data) {
  const custom *c = data;
  bool second = strstr(request->query, "page=2") != NULL;
  g_autofree char *link =
      second ? g_strdup("<https://evil.example/repos?page=3>; rel=\"next\"")
             : g_strdup_printf(
                   "<%s/repos/o/r/releases?per_page=100&page=2>; rel=\"next\", <https://x.example/>; rel=\"last\"",
                   loopback_url(c->server));
  answer->body = g_strdup_printf("[{\"tag_name\":\"v%d\",\"published_at\":\"2025-01-20T12:00:00Z\"}]", second ? 2 : 1);
  loopback_add_header(answer, "Link", link);
}

static void test_pages(void) {
  const provider_case which = {.name = "github", .kind = AFT_FETCH_NEWS, .text = "o/r"};
  custom c;
  custom_init(&c, &which, play_pages, &c);
  assert_articles(&c, 2);
  g_assert_cmpuint(loopback_n_requests(c.server), ==, 2);
  custom_clear(&c);
}

/* A feed that shows two entries, then two others: the first two stay, as they were first seen. */
static void play_moving_feed(const loopback_request *request, loopback_answer *answer, void *data) {
  int from = *(int *)data;
  (void)request;
  answer->type = "application/rss+xml";
  answer->body = g_strdup_printf(
      "<rss version=\"2.0\"><channel><title>W</title>"
      "<item><title>old %d</title><guid>g%d</guid><pubDate>Mon, 27 Jan 2025 09:30:0%d -0500</pubDate></item>"
      "<item><title>new</title><guid>g%d</guid><pubDate>Mon, 27 Jan 2025 09:30:0%d -0500</pubDate></item>"
      "</channel></rss>",
      from, from, from, from + 1, from + 1);
}

static void test_feed_history(void) {
  const provider_case which = {.name = "feed", .kind = AFT_FETCH_NEWS, .urls = {"/f"}};
  int from = 0;
  custom c;
  custom_init(&c, &which, play_moving_feed, &from);
  g_free(c.stage.urls[0]);
  c.stage.urls[0] = g_strconcat(loopback_url(c.server), "/f", NULL);
  assert_articles(&c, 2);
  from = 1;
  c.stage.settings.now += AFT_MILLIS_PER_DAY;
  g_autofree char *second = ask_articles(&c, 3, 0);
  g_assert_nonnull(strstr(second, "\"title\":\"old 0\""));
  g_assert_nonnull(
      strstr(second, "\"title\":\"new\",\"source\":\"W\",\"symbols\":[],\"first_seen\":\"2025-03-01T00:00:00Z\""));
  g_assert_nonnull(
      strstr(second, "\"title\":\"new\",\"source\":\"W\",\"symbols\":[],\"first_seen\":\"2025-03-02T00:00:00Z\""));
  g_assert_null(strstr(second, "old 1")); /* an edited title does not replace what was read first */
  custom_clear(&c);
}

/* What the JSON alone says of a filing that has no header. */
typedef struct filing {
  const char *accepted, *filed, *form, *published; /* what is asked for, and what comes */
  bool sure;
} filing;

static void play_filing(const loopback_request *request, loopback_answer *answer, void *data) {
  const filing *f = *(const filing **)data;
  if (strstr(request->path, "company_tickers") != NULL) {
    answer->body = g_strdup(BODY_TICKERS);
  } else if (strstr(request->path, "submissions") != NULL) {
    answer->body = g_strdup_printf(
        "{\"name\":\"N\",\"filings\":{\"recent\":{\"accessionNumber\":[\"1-25-1\"],\"filingDate\":[\"%s\"],"
        "\"acceptanceDateTime\":[\"%s\"],\"form\":[\"%s\"],\"items\":[\"\"],\"primaryDocument\":[\"\"]}}}",
        f->filed, f->accepted, f->form);
  } else { /* how the archive says "not there" */
    answer->status = 403;
    answer->type = "application/xml";
    answer->body = g_strdup("<?xml version=\"1.0\"?><Error><Code>AccessDenied</Code></Error>");
  }
}

static void test_filings_without_header(void) {
  static const filing filings[] = {
      {"2025-02-26T21:21:33.000Z", "2025-02-26", "8-K", "2025-02-26T21:21:33Z",
       true}, /* 21:21 is too late for that day */
      {"2025-02-26T16:21:33.000Z", "2025-02-26", "8-K", "2025-02-26T21:21:33Z", false}, /* 11:21 or 16:21: the later */
      {"2024-07-05T18:30:01.000Z", "2024-07-08", "8-K", "2024-07-08T10:00:00Z", true}, /* Friday evening, by New York */
      {"2024-07-05T22:30:01.000Z", "2024-07-08", "8-K", "2024-07-08T10:00:00Z", true}, /* the same in UTC */
      {"2025-02-14T02:05:01.000Z", "2025-02-13", "4", "2025-02-14T02:05:01Z", true},   /* a form that keeps the day */
      {"2025-02-14T02:05:01.000Z", "2025-02-20", "8-K", "2025-02-20T11:00:00Z", true},
      {"2025-02-14T15:00:00.000Z", "2025-02-20", "8-K", "2025-02-20\"", true}, /* no reading fits: the day alone */
      {"nonsense", "2025-02-20", "8-K", "2025-02-20\"", true},
      {"2025-02-26T22:29:59.000Z", "2025-02-26", "8-K", "2025-02-26T22:29:59Z", true}, /* 17:29:59 */
      {"2025-02-26T22:30:01.000Z", "2025-02-27", "8-K", "2025-02-27T11:00:00Z", true}, /* 17:30:01 */
  };
  for (size_t i = 0; i < G_N_ELEMENTS(filings); i++) {
    const filing *f = &filings[i];
    const provider_case which = {.name = "edgar", .kind = AFT_FETCH_NEWS, .symbols = {"NVDA"}, .text = f->form};
    custom c;
    custom_init(&c, &which, play_filing, &f);
    g_autofree char *text = ask_articles(&c, 1, 0);
    g_autofree char *published = g_strdup_printf("\"published\":\"%s", f->published);
    if (strstr(text, published) == NULL || (strstr(text, "the later reading is taken") == NULL) != f->sure)
      g_error("filing %zu: %s", i, text);
    custom_clear(&c);
  }
}

/* Papers are announced at 20:00 of New York, not on Friday and Saturday. */
static void play_paper(const loopback_request *request, loopback_answer *answer, void *data) {
  (void)request;
  answer->type = "application/atom+xml";
  answer->body = g_strdup_printf("<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><id>x</id><title>t</title>"
                                 "<published>%s</published></entry></feed>",
                                 *(const char **)data);
}

static void test_announcements(void) {
  const struct {
    const char *submitted, *announced;
  } cases[] = {
      {"2025-01-22T15:19:35Z", "2025-01-23T01:00:00Z"}, /* Wednesday morning: that evening */
      {"2025-01-22T18:59:59Z", "2025-01-23T01:00:00Z"}, /* 13:59:59 */
      {"2025-01-22T19:00:00Z", "2025-01-24T01:00:00Z"}, /* 14:00: Thursday evening */
      {"2025-01-23T19:00:00Z", "2025-01-27T01:00:00Z"}, /* Thursday 14:00 counts as Friday: Sunday evening */
      {"2025-01-24T18:00:00Z", "2025-01-27T01:00:00Z"}, /* Friday 13:00: Sunday evening */
      {"2025-01-24T20:00:00Z", "2025-01-28T01:00:00Z"}, /* Friday 15:00: Monday evening */
      {"2025-01-25T12:00:00Z", "2025-01-28T01:00:00Z"}, /* Saturday */
      {"2025-07-07T17:59:59Z", "2025-07-08T00:00:00Z"}, /* in summer 20:00 is midnight in UTC */
      {"2025-03-07T18:00:00Z", "2025-03-10T00:00:00Z"}, /* Friday; the clocks change before Sunday evening */
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    const provider_case which = {.name = "arxiv", .kind = AFT_FETCH_NEWS, .text = "1"};
    const char *submitted = cases[i].submitted;
    custom c;
    custom_init(&c, &which, play_paper, &submitted);
    g_autofree char *text = ask_articles(&c, 1, 0);
    g_autofree char *expected = g_strdup_printf("\"published\":\"%s\"", cases[i].announced);
    if (strstr(text, expected) == NULL) g_error("paper %zu: %s", i, text);
    custom_clear(&c);
  }
}

static void test_contact(void) {
  provider_stage stage;
  g_auto(aft_records) records;
  aft_warnings warnings;
  GError *error = NULL;
  provider_stage_init(&stage, provider_find(AFT_FETCH_NEWS, "edgar"));
  stage.settings.contact = NULL;
  aft_records_init(&records);
  aft_warnings_init(&warnings);
  g_assert_false(provider_ask(&stage, &records, &warnings, &error));
  assert_error(&error, "edgar wants to know whom to write to: give --contact 'Your Name you@example.org' (or set "
                       "AFTERSHOCK_CONTACT)");
  g_assert_cmpuint(loopback_n_requests(stage.server), ==, 0);
  aft_warnings_clear(&warnings);
  provider_stage_clear(&stage);
}

/* ---- feeds as files */

#define ATOM "<feed xmlns=\"http://www.w3.org/2005/Atom\">"

static void test_feeds(void) {
  const struct {
    const char *text, *title, *url, *id, *published, *field; /* of the first entry */
  } cases[] = {
      {"\n <?xml version=\"1.0\"?><rss><channel><item><title>A &eacute; &mdash; &bogus; &lt;b&gt;</title></item></channel></rss>",
       "A \xC3\xA9 \xE2\x80\x94 \xEF\xBF\xBD <b>", "", "A \xC3\xA9 \xE2\x80\x94 \xEF\xBF\xBD <b>", "", ""},
      {"\xEF\xBB\xBF<rss><channel><item><pubDate>27 Jan 25 09:30 EST</pubDate><guid>1</guid></item></channel></rss>",
       "", "", "1", "2025-01-27T14:30:00Z", "pubDate"},
      {"<rss><channel><item><pubDate>Sat, 05 Jul 2025 09:30:00 +0200</pubDate><link>u</link></item></channel></rss>",
       "", "u", "u", "2025-07-05T07:30:00Z", "pubDate"},
      {"<rss><channel><item><guid>1</guid><pubDate>2025-01-27</pubDate></item></channel></rss>", "", "", "1",
       "2025-01-27", "pubDate"},
      {"<rss><channel><item><guid>1</guid><pubDate>2025-01-27T09:30:00</pubDate></item></channel></rss>", "", "", "1",
       "", "pubDate"},
      {ATOM
       "<entry><id>i</id><title type=\"html\">x &amp;amp; y</title><link rel=\"self\" href=\"s\"/><link rel=\"alternate\" href=\"a\"/>"
       "<published>2025-01-20T12:00:00.25+01:00</published><updated>2025-01-21T08:00:00Z</updated></entry></feed>",
       "x &amp; y", "a", "i", "2025-01-20T11:00:00.250Z", "published"},
      {ATOM "<entry><id>i</id><updated>2025-01-21T08:00:00Z</updated><link href=\"a\"/></entry></feed>", "", "a", "i",
       "2025-01-21T08:00:00Z", "updated"},
      {"<a:feed xmlns:a=\"http://www.w3.org/2005/Atom\"><a:entry><a:id>i</a:id><a:source><a:id>other</a:id></a:source></a:entry></a:feed>",
       "", "", "i", "", ""},
      {"<rdf:RDF xmlns:rdf=\"http://www.w3.org/1999/02/22-rdf-syntax-ns#\" xmlns:dc=\"http://purl.org/dc/elements/1.1/\">"
       "<item rdf:about=\"about\"><title>t</title><dc:title>no</dc:title><dc:date>2025-01-27T09:30:00-05:00</dc:date></item></rdf:RDF>",
       "t", "", "about", "2025-01-27T14:30:00Z", "dc:date"},
      {"<?xml version=\"1.0\" encoding=\"windows-1252\"?><rss><channel><item><title>\x93quoted\x94 caf\xE9 &rsquo;</title></item></channel></rss>",
       "\xE2\x80\x9Cquoted\xE2\x80\x9D caf\xC3\xA9 \xE2\x80\x99", "",
       "\xE2\x80\x9Cquoted\xE2\x80\x9D caf\xC3\xA9 \xE2\x80\x99", "", ""},
      {"<?xml version=\"1.0\" encoding=\"UTF-8\"?><rss><channel><item><title>caf\xE9</title></item></channel></rss>",
       "caf\xC3\xA9", "", "caf\xC3\xA9", "", ""},
      {"<rss xmlns:media=\"http://search.yahoo.com/mrss/\"><channel><item><media:title>m</media:title><title>t</title></item></channel></rss>",
       "t", "", "t", "", ""},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(aft_feed) feed = {0};
    GError *error = NULL;
    g_assert_true(aft_feed_read(&feed, "feed", cases[i].text, strlen(cases[i].text), &error));
    g_assert_no_error(error);
    g_assert_cmpuint(feed.entries->len, ==, 1);
    const aft_feed_entry *entry = g_ptr_array_index(feed.entries, 0);
    g_autofree char *published = aft_feed_entry_published(entry);
    g_assert_cmpstr(entry->title, ==, cases[i].title);
    g_assert_cmpstr(entry->url, ==, cases[i].url);
    g_assert_cmpstr(entry->id, ==, cases[i].id);
    g_assert_cmpstr(published, ==, cases[i].published);
    g_assert_cmpstr(entry->field, ==, cases[i].field);
  }
}

static void test_bad_feeds(void) {
  g_autofree char *deep = g_strnfill(70 * 3, 'x'), *half = NULL;
  for (int i = 0; i < 70; i++) memcpy(deep + 3 * i, "<a>", 3);
  g_autofree char *nested = g_strconcat("<rss>", deep, NULL);
  g_autofree char *filler = g_strnfill(70000, 'x');
  half = g_strconcat("<rss><channel><item><title>", filler, "</title></item></channel></rss>", NULL);
  const struct {
    const char *text, *message;
  } cases[] = {
      {"", "feed:1: no element found"},
      {"<rss><channel>", "feed:1: no element found"},
      {"<rss>\n<channel></rss>", "feed:2: mismatched tag"},
      {"<html><body/></html>", "feed:1: neither RSS nor Atom: its outermost element is \"html\""},
      {"<!DOCTYPE rss [<!ENTITY a \"b\">]><rss/>", "feed:1: holds a DOCTYPE, which no feed needs"},
      {"<!DOCTYPE rss SYSTEM \"file:///etc/passwd\"><rss/>", "feed:1: holds a DOCTYPE, which no feed needs"},
      {"<?xml version=\"1.0\" encoding=\"klingon\"?><rss/>", "feed:1: unknown encoding"},
      {nested, "feed:1: more than 64 levels"},
      {half, "feed:1: a text is longer than 64 KiB"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    aft_feed feed = {0};
    GError *error = NULL;
    g_assert_false(aft_feed_read(&feed, "feed", cases[i].text, strlen(cases[i].text), &error));
    assert_error(&error, cases[i].message);
    g_assert_null(feed.entries);
  }
}

/* ---- rows of the knowledge graph */

static void count_row(const fetch_gkg_row *row, void *data) {
  (void)row;
  ++*(guint *)data;
}

static void test_gkg_rows(void) {
  guint n = 0;
  static const char text[] = BODY_GKG "short\trow\n\n" GKG_ROW("i", "20251327143000", "1", "s", "u", "", "1,2", "")
      GKG_ROW("", "20250127143000", "1", "s", "u", "", "", "") "last\t20250127143000\t1";
  g_assert_cmpuint(fetch_gkg_read(text, sizeof text - 1, count_row, &n), ==, 4);
  g_assert_cmpuint(n, ==, 3);
  /* Cut anywhere, it reads no byte behind the end: asan watches. */
  for (size_t cut = 0; cut < sizeof text; cut += 7) {
    g_autofree char *part = g_memdup2(text, MAX(cut, 1));
    fetch_gkg_read(part, cut, count_row, &n);
  }
  g_assert_true(fetch_gkg_holds("The NVIDIA corp", 15, "nvidia"));
  g_assert_false(fetch_gkg_holds("The NVIDIA corp", 9, "nvidia"));
  g_assert_false(fetch_gkg_holds("", 0, "nvidia"));
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  provider_set_keys();
  g_test_add_func("/news/edgar", test_edgar);
  g_test_add_func("/news/gdelt", test_gdelt);
  g_test_add_func("/news/feed", test_feed_provider);
  g_test_add_func("/news/hackernews", test_hackernews);
  g_test_add_func("/news/finnhub", test_finnhub);
  g_test_add_func("/news/releases", test_releases);
  g_test_add_func("/news/many-stories", test_many_stories);
  g_test_add_func("/news/many-articles", test_many_articles);
  g_test_add_func("/news/pages", test_pages);
  g_test_add_func("/news/feed-history", test_feed_history);
  g_test_add_func("/news/filings-without-header", test_filings_without_header);
  g_test_add_func("/news/announcements", test_announcements);
  g_test_add_func("/news/contact", test_contact);
  g_test_add_func("/feeds/good", test_feeds);
  g_test_add_func("/feeds/bad", test_bad_feeds);
  g_test_add_func("/gkg/rows", test_gkg_rows);
  return g_test_run();
}
