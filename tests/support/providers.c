/* The providers as a server on this machine plays them. */
#include "providers.h"
#include "provider_bodies.h"
#include "support.h"

#include <string.h>

#include <aftershock/base/banned.h>

const provider_case provider_cases[] = {
    {.name = "yahoo",
     .kind = AFT_FETCH_PRICES,
     .symbols = {"NVDA"},
     .first = "2024-06-01",
     .last = "2025-01-31",
     .pages = {{.path = "/v8/finance/chart/NVDA?", .good = BODY_YAHOO}},
     .empty = BODY_YAHOO_EMPTY,
     .broken = "{\"chart\":{\"result\":[{\"meta\":{},\"timestamp\":[173",
     .refusal = "{\"chart\":{\"result\":null,\"error\":{\"code\":\"x\",\"description\":\"Too Many Requests\"}}}",
     .n_rows = 4},
    {.name = "fred",
     .kind = AFT_FETCH_PRICES,
     .symbols = {"SP500"},
     .first = "2025-01-01",
     .last = "2025-01-31",
     .pages = {{.path = "/graph/fredgraph.csv?id=SP500", .type = "text/csv", .good = BODY_FRED}},
     .empty = "observation_date,SP500\n",
     .broken = "observation_date,SP500\n2025-01-17,59,96.66\n2025-01-21,1\n",
     .refusal = "Too Many Requests\n",
     .n_rows = 2},
    {.name = "tiingo",
     .kind = AFT_FETCH_PRICES,
     .symbols = {"NVDA"},
     .first = "2024-06-01",
     .last = "2025-01-31",
     .pages = {{.path = "/tiingo/daily/NVDA/prices?startDate=2024-06-01&endDate=2025-01-31", .good = BODY_TIINGO}},
     .empty = "[]",
     .broken = "[{\"date\":\"2025-01-27T00:00:00.000Z\",\"close\":118.42},{\"date\"",
     .refusal = "Error: You have run over your hourly request allocation.",
     .n_rows = 2},
    {.name = "eodhd",
     .kind = AFT_FETCH_PRICES,
     .symbols = {"AAPL.US"},
     .first = "2025-01-01",
     .last = "2025-01-31",
     .pages = {{.path = "/api/eod/AAPL.US?from=2025-01-01&to=2025-01-31&period=d&fmt=json", .good = BODY_EODHD}},
     .empty = "[]",
     .broken = "[[1,2],[3]]",
     .refusal = "{\"error\":\"Only EOD data allowed for free users, upgrade your subscription\",\"code\":403}",
     .n_rows = 1},
    {.name = "french",
     .kind = AFT_FETCH_FACTORS,
     .text = "ff3,mom",
     .first = "2025-01-01",
     .last = "2025-01-31",
     .pages = {{.path = "/ftp/F-F_Research_Data_Factors_daily_CSV.zip",
                .good = BODY_FF3,
                .member = "a.CSV",
                .empty = BODY_FF3_EMPTY},
               {.path = "/ftp/F-F_Momentum_Factor_daily_CSV.zip",
                .good = BODY_MOM,
                .member = "b.csv",
                .empty = BODY_MOM_EMPTY}},
     .broken = "PK\3\4 and then nothing of the kind",
     .refusal = "<!DOCTYPE html><title>Sign in</title>",
     .n_rows = 15},
    {.name = "edgar",
     .kind = AFT_FETCH_NEWS,
     .symbols = {"NVDA"},
     .first = "2024-07-01",
     .last = "2025-02-28",
     .pages = {{.path = "/files/company_tickers.json", .good = BODY_TICKERS},
               {.path = "/submissions/CIK0001045810.json", .good = BODY_SUBMISSIONS, .empty = BODY_SUBMISSIONS_EMPTY},
               {.path = "/Archives/edgar/data/1045810/000104581025000012/0001045810-25-000012-index-headers.html",
                .type = "text/html",
                .good = BODY_HEADER_12},
               {.path = "/0001045810-24-000099-index-headers.html", .type = "text/html", .good = BODY_HEADER_99}},
     .broken = "{\"0\":{\"cik_str\":",
     .refusal = "{\"message\": \"Request Rate Threshold Exceeded\"}",
     .n_rows = 3,
     .n_absent = 1},
    {.name = "gdelt",
     .kind = AFT_FETCH_NEWS,
     .symbols = {"NVDA"},
     .text = "chip",
     .first = "2025-01-27",
     .last = "2025-01-27",
     .pages = {{.path = "/api/v2/doc/doc?query=chip&mode=artlist&", .good = BODY_GDELT}},
     .empty = "{}",
     .broken = "{\"articles\":[{\"url\":",
     .refusal = "Please limit requests to one every 5 seconds or contact us",
     .n_rows = 2},
    {.name = "gdelt-files",
     .kind = AFT_FETCH_NEWS,
     .symbols = {"NVDA"},
     .text = "nvidia",
     .first = "2025-01-27",
     .last = "2025-01-27",
     .pages = {{.path = "/gdeltv2/20250127143000.gkg.csv.zip",
                .good = BODY_GKG,
                .member = "20250127143000.gkg.csv",
                .empty = ""}},
     .broken = "PK\3\4 and then nothing of the kind",
     .refusal = "<html><title>Sign in</title></html>",
     .n_rows = 2,
     .n_absent = 95},
    {.name = "feed",
     .kind = AFT_FETCH_NEWS,
     .urls = {"/wire.rss"},
     .first = "2024-01-01",
     .last = "2025-02-28",
     .pages = {{.path = "/wire.rss", .type = "application/rss+xml", .good = BODY_RSS}},
     .empty = BODY_RSS_EMPTY,
     .broken = "<rss version=\"2.0\"><channel><item><title>Cut",
     .refusal = "<!DOCTYPE html><html><title>Sign in</title></html>",
     .n_rows = 3},
    {.name = "hackernews",
     .kind = AFT_FETCH_NEWS,
     .text = "deepseek",
     .first = "2025-01-20",
     .last = "2025-01-28",
     .pages =
         {{.path =
               "/api/v1/search_by_date?query=deepseek&tags=story&numericFilters=created_at_i>=1737331200,created_at_i<"
               "1738108800&hitsPerPage=1000",
           .good = BODY_HN}},
     .empty = "{\"hits\":[],\"nbHits\":0}",
     .broken = "{\"hits\":[{\"objectID\":\"1\",\"title\":\"no time\"}],\"nbHits\":1}",
     .refusal = "{\"message\":\"Too many requests\",\"status\":429}",
     .n_rows = 2},
    {.name = "finnhub",
     .kind = AFT_FETCH_NEWS,
     .symbols = {"NVDA"},
     .first = "2025-01-27",
     .last = "2025-01-27",
     .pages = {{.path = "/api/v1/company-news?symbol=NVDA&from=2025-01-27&to=2025-01-27", .good = BODY_FINNHUB}},
     .empty = "[]",
     .broken = "[{\"headline\":\"no time\"}]",
     .refusal = "{\"error\":\"API limit reached. Please try again later. Remaining Limit: 0\"}",
     .n_rows = 1},
    {.name = "finnhub-results",
     .kind = AFT_FETCH_NEWS,
     .symbols = {"NVDA"},
     .first = "2024-05-01",
     .last = "2025-02-28",
     .pages = {{.path = "/api/v1/calendar/earnings?from=2024-05-01&to=2025-02-28&symbol=NVDA", .good = BODY_RESULTS}},
     .empty = "{\"earningsCalendar\":[]}",
     .broken = "{\"earningsCalendar\":[{\"date\":\"soon\"}]}",
     .refusal = "{\"error\":\"You don't have access to this resource.\"}",
     .n_rows = 3},
    {.name = "arxiv",
     .kind = AFT_FETCH_NEWS,
     .text = "2501.12948",
     .pages = {{.path = "/api/query?id_list=2501.12948", .type = "application/atom+xml", .good = BODY_ARXIV}},
     .empty = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><title>q</title></feed>",
     .broken = "<feed xmlns=\"http://www.w3.org/2005/Atom\"><entry><title>Cut",
     .refusal = "<!DOCTYPE html><html><title>Rate exceeded.</title></html>",
     .n_rows = 1},
    {.name = "github",
     .kind = AFT_FETCH_NEWS,
     .text = "deepseek-ai/DeepSeek-R1",
     .pages = {{.path = "/repos/deepseek-ai/DeepSeek-R1/releases?per_page=100", .good = BODY_GITHUB}},
     .empty = "[]",
     .broken = "[{\"tag_name\":\"v1\",\"published_at\":\"soon\"}]",
     .refusal = "{\"message\":\"API rate limit exceeded for 127.0.0.1\"}",
     .n_rows = 2},
    {.name = "huggingface",
     .kind = AFT_FETCH_NEWS,
     .text = "deepseek-ai/DeepSeek-R1",
     .pages = {{.path = "/api/models/deepseek-ai/DeepSeek-R1", .good = BODY_HF}},
     .broken = "{\"id\":\"x\",\"createdAt\":\"soon\"}",
     .refusal = "{\"error\":\"Invalid credentials in Authorization header\"}",
     .n_rows = 1},
    {.name = "wikipedia",
     .kind = AFT_FETCH_ATTENTION,
     .text = "AT&T",
     .first = "2025-01-01",
     .last = "2025-01-31",
     .pages = {{.path = "/en.wikipedia/all-access/user/AT&T/daily/2025010100/2025013100", .good = BODY_VIEWS}},
     .empty = "{\"items\":[]}",
     .broken = "{\"items\":[{\"timestamp\":\"x\",\"views\":1}]}",
     .refusal = "{\"detail\":\"too many requests\"}",
     .n_rows = 2},
    {.name = "gdelt",
     .kind = AFT_FETCH_ATTENTION,
     .text = "chip",
     .first = "2025-01-27",
     .last = "2025-01-28",
     .pages = {{.path = "mode=timelinevol&", .good = BODY_TIMELINE},
               {.path = "mode=timelinetone&", .good = BODY_TIMELINE}},
     .empty = "{}",
     .broken = "{\"timeline\":[{\"data\":[{\"date\":\"x\"}]}]}",
     .refusal = "Please limit requests to one every 5 seconds or contact us",
     .n_rows = 4},
    {.name = NULL}};

const provider_case *provider_find(enum aft_fetch_kind kind, const char *name) {
  const provider_case *which = provider_cases;
  while (which->name != NULL && (which->kind != kind || strcmp(which->name, name) != 0)) which++;
  g_assert_nonnull(which->name);
  return which;
}

static void give(const provider_page *page, const char *body, loopback_answer *answer) {
  answer->type = page->type;
  answer->body = page->member != NULL ? loopback_zip(&page->member, &body, 1, &answer->size) : g_strdup(body);
}

/* The answer of the provider in good health. */
static void play_good(const provider_stage *stage, const loopback_request *request, loopback_answer *answer) {
  g_autofree char *asked = g_strdup_printf("%s?%s", request->path, request->query);
  for (const provider_page *page = stage->which->pages; page->path != NULL; page++)
    if (strstr(asked, page->path) != NULL) {
      give(page, stage->fault == PROVIDER_EMPTY && page->empty != NULL ? page->empty : page->good, answer);
      return;
    }
  answer->status = 404;
  answer->body = g_strdup("{\"detail\": \"Not found.\"}");
}

static void play(const loopback_request *request, loopback_answer *answer, void *data) {
  const provider_stage *stage = data;
  static const char page[] = "<!DOCTYPE html><html><head><title>Just a moment...</title><script>var __verify=1"
                             "</script></head><body>Checking your browser</body></html>";
  play_good(stage, request, answer);
  switch (stage->fault) {
  case PROVIDER_GOOD: return;
  case PROVIDER_EMPTY:
    if (stage->which->empty == NULL) return;
    break;
  case PROVIDER_TRANSPORT: answer->fault = stage->transport; return;
  case PROVIDER_REDIRECT:
    answer->status = 302;
    loopback_add_header(answer, "Location", stage->target);
    return;
  default: break;
  }
  const char *const bodies[] = {[PROVIDER_EMPTY] = stage->which->empty,
                                [PROVIDER_BROKEN] = stage->which->broken,
                                [PROVIDER_REFUSAL] = stage->which->refusal,
                                [PROVIDER_PAGE] = page,
                                [PROVIDER_STATUS] = page,
                                [PROVIDER_FOREIGN] = "{\"message\": \"" PROVIDER_FOREIGN_WORDS "\\u0000\xFF\"}"};
  g_free(answer->body);
  answer->body = g_strdup(bodies[stage->fault]);
  answer->size = 0;
  if (stage->fault == PROVIDER_STATUS) answer->status = stage->status;
  if (stage->fault == PROVIDER_FOREIGN) answer->status = 403;
  if (stage->fault == PROVIDER_STATUS || stage->fault == PROVIDER_PAGE) answer->type = "text/html; charset=utf-8";
}

static void add_line(const char *line, void *data) { g_string_append_printf(data, "%s\n", line); }

void provider_set_keys(void) {
  static const char *const variables[] = {"TIINGO_API_KEY", "EODHD_API_TOKEN", "FINNHUB_API_KEY", "GITHUB_TOKEN",
                                          "HF_TOKEN"};
  for (size_t i = 0; i < G_N_ELEMENTS(variables); i++) g_setenv(variables[i], PROVIDER_KEY, TRUE);
}

void provider_stage_init(provider_stage *stage, const provider_case *which) {
  *stage = (provider_stage){.which = which, .told = g_string_new(NULL), .dir = support_temp_dir()};
  stage->server = loopback_new(play, stage);
  stage->store = g_build_filename(stage->dir, "store.sqlite", NULL);
  stage->settings = (aft_fetch_settings){.http = aft_http_defaults("aftershock/test Jane Doe jane@example.org"),
                                         .store = stage->store,
                                         .base = loopback_url(stage->server),
                                         .contact = "Jane Doe jane@example.org",
                                         .max_bytes = 1 << 20,
                                         .now = aft_day_from_ymd(2025, 3, 1) * AFT_MILLIS_PER_DAY};
  stage->settings.http.tries = 2;
  stage->settings.http.backoff_ms = 1;
  stage->settings.http.total_ms = 20000;
  stage->settings.http.pace = 0;
  stage->settings.http.tell = add_line;
  stage->settings.http.data = stage->told;
  for (int i = 0; i < 2 && which->urls[i] != NULL; i++)
    stage->urls[i] = g_strconcat(loopback_url(stage->server), which->urls[i], NULL);
}

void provider_stage_clear(provider_stage *stage) {
  loopback_free(stage->server);
  g_string_free(stage->told, TRUE);
  support_remove(stage->dir);
  g_free(stage->store);
  for (int i = 0; i < 2; i++) g_free(stage->urls[i]);
}

static aft_day day_of(const char *text) {
  aft_day day = AFT_DAY_NONE;
  if (text != NULL) g_assert_true(aft_day_parse(text, strlen(text), &day));
  return day;
}

bool provider_ask(provider_stage *stage, aft_records *records, aft_warnings *warnings, GError **error) {
  const provider_case *which = stage->which;
  const char *const urls[] = {stage->urls[0], stage->urls[1], NULL};
  const aft_fetch_query query = {.symbols = which->symbols,
                                 .text = which->text,
                                 .urls = urls,
                                 .first = day_of(which->first),
                                 .last = day_of(which->last)};
  const aft_provider *provider = aft_provider_find(which->kind, which->name);
  g_assert_nonnull(provider);
  return aft_fetch_run(provider, &query, &stage->settings, records, warnings, error);
}

size_t provider_count(const provider_case *which, const aft_records *records) {
  if (which->kind == AFT_FETCH_PRICES) return records->prices->len;
  return which->kind == AFT_FETCH_NEWS ? records->articles->len : records->series->len;
}

char *provider_print(const provider_case *which, const aft_records *records, aft_millis now) {
  switch (which->kind) {
  case AFT_FETCH_PRICES: return aft_records_print_prices(records);
  case AFT_FETCH_FACTORS: return aft_records_print_factors(records);
  case AFT_FETCH_NEWS: return aft_records_print_articles(records, now);
  default: return aft_records_print_series(records);
  }
}
