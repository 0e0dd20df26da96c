/* fetch/: every provider against every fault of a server. What fails is not kept, says why, and shows no key. */
#include "support/providers.h"
#include "support/support.h"

#include <aftershock/base/file.h>
#include <aftershock/fetch/error.h>
#include <aftershock/input/articles.h>

#include <string.h>

#include <aftershock/base/banned.h>

typedef struct outcome {
  bool ok;
  size_t n_rows;
  GError *error;
  aft_warnings warnings;
  char *text, *provenance;
} outcome;

static void ask(provider_stage *stage, outcome *o) {
  g_auto(aft_records) records;
  const char *none[] = {NULL};
  const aft_fetch_query query = {.symbols = none, .urls = none};
  *o = (outcome){0};
  aft_records_init(&records);
  aft_warnings_init(&o->warnings);
  o->ok = provider_ask(stage, &records, &o->warnings, &o->error);
  g_assert_cmpint(o->ok, ==, o->error == NULL);
  o->n_rows = provider_count(stage->which, &records);
  o->text = provider_print(stage->which, &records, stage->settings.now);
  g_autofree char *digest = g_compute_checksum_for_string(G_CHECKSUM_SHA256, o->text, -1);
  o->provenance = aft_fetch_print_provenance(aft_provider_find(stage->which->kind, stage->which->name), &query,
                                             &records, &o->warnings, stage->settings.now, digest);
}

static void outcome_clear(outcome *o) {
  g_clear_error(&o->error);
  aft_warnings_clear(&o->warnings);
  g_free(o->text);
  g_free(o->provenance);
}

static bool contains(const char *bytes, size_t size, const char *text) {
  size_t length = strlen(text);
  for (size_t i = 0; i + length <= size; i++)
    if (memcmp(bytes + i, text, length) == 0) return true;
  return false;
}

/* The key is in what was sent, if anything was, and nowhere else: not in messages, results, provenance, the store's bytes or names. */
static void assert_no_key(const provider_stage *stage, const outcome *o) {
  g_autofree char *bytes = NULL;
  size_t size = 0;
  if (g_file_test(stage->store, G_FILE_TEST_EXISTS)) {
    g_assert_true(aft_file_read(stage->store, 1 << 28, &bytes, &size, NULL));
    g_assert_false(contains(bytes, size, PROVIDER_KEY));
  }
  g_assert_null(strstr(stage->told->str, PROVIDER_KEY));
  g_assert_null(strstr(o->text, PROVIDER_KEY));
  g_assert_null(strstr(o->provenance, PROVIDER_KEY));
  if (o->error != NULL) g_assert_null(strstr(o->error->message, PROVIDER_KEY));
  for (guint i = 0; i < o->warnings.messages->len; i++)
    g_assert_null(strstr(g_ptr_array_index(o->warnings.messages, i), PROVIDER_KEY));
}

/* Fails with the code, says the text; and the same call without a network finds nothing that it could use. */
static void assert_fails(provider_stage *stage, int code, const char *text) {
  outcome o;
  ask(stage, &o);
  if (o.ok || !g_error_matches(o.error, AFT_FETCH_ERROR, code) || strstr(o.error->message, text) == NULL)
    g_error("%s: %s, expected \"%s\"", stage->which->name, o.ok ? "succeeds" : o.error->message, text);
  assert_no_key(stage, &o);
  outcome_clear(&o);
}

/* Nothing of a failure was kept: without a network there is no answer at all. */
static void assert_nothing_kept(provider_stage *stage) {
  stage->settings.offline = true;
  assert_fails(stage, AFT_FETCH_ERROR_NOT_STORED, " in the store ");
  stage->settings.offline = false;
}

/* The readers of a study take the file as it is, with as many rows. */
static void assert_study_reads(const provider_stage *stage, const char *text) {
  g_autofree char *path = support_write(stage->dir, stage->which->kind == AFT_FETCH_NEWS ? "a.ndjson" : "a.csv", text);
  GError *error = NULL;
  aft_prices prices;
  aft_factors factors;
  aft_articles articles;
  aft_warnings warnings;
  aft_warnings_init(&warnings);
  switch (stage->which->kind) {
  case AFT_FETCH_PRICES:
    aft_prices_init(&prices);
    g_assert_true(aft_prices_read_csv(&prices, path, &warnings, &error));
    g_assert_cmpuint(prices.n_rows, ==, stage->which->n_rows);
    aft_prices_clear(&prices);
    break;
  case AFT_FETCH_FACTORS:
    g_assert_true(aft_factors_read_csv(&factors, path, &error));
    aft_factors_clear(&factors);
    break;
  case AFT_FETCH_NEWS:
    aft_articles_init(&articles);
    g_assert_true(aft_articles_read(&articles, path, &error));
    g_assert_cmpuint(articles.rows->len, ==, stage->which->n_rows);
    aft_articles_clear(&articles);
    break;
  default: break;
  }
  g_assert_no_error(error);
  g_assert_cmpuint(warnings.messages->len, ==, 0);
  aft_warnings_clear(&warnings);
}

static void test_good(const void *data) {
  outcome first, again, offline, fresh;
  provider_stage stage;
  provider_stage_init(&stage, data);
  ask(&stage, &first);
  g_assert_no_error(first.error);
  g_assert_cmpuint(first.n_rows, ==, stage.which->n_rows);
  assert_no_key(&stage, &first);
  assert_study_reads(&stage, first.text);
  unsigned n = loopback_n_requests(stage.server);
  g_assert_cmpuint(n, >, 0);
  g_assert_cmpuint(loopback_n_connections(stage.server), ==, 1);
  stage.settings.now += 1000; /* a second later everything is in the store */
  ask(&stage, &again);
  g_assert_no_error(again.error);
  g_assert_cmpuint(loopback_n_requests(stage.server), ==, n + stage.which->n_absent);
  g_assert_cmpuint(again.n_rows, ==, first.n_rows);
  n = loopback_n_requests(stage.server);
  stage.settings.refresh = true; /* and is asked for again when one wants */
  ask(&stage, &fresh);
  g_assert_cmpuint(loopback_n_requests(stage.server), >, n);
  stage.settings.refresh = false;
  stage.fault = PROVIDER_STATUS; /* and needs no network, years later */
  stage.status = 500;
  stage.settings.offline = true;
  stage.settings.now += INT64_C(3) * 365 * AFT_MILLIS_PER_DAY;
  n = loopback_n_requests(stage.server);
  ask(&stage, &offline);
  g_assert_no_error(offline.error);
  g_assert_cmpuint(loopback_n_requests(stage.server), ==, n);
  g_assert_cmpuint(offline.n_rows, ==, first.n_rows);
  outcome_clear(&first);
  outcome_clear(&again);
  outcome_clear(&fresh);
  outcome_clear(&offline);
  provider_stage_clear(&stage);
}

/* Whether the provider can have nothing to give: a repository is there or is not known. */
static bool has_empty(const provider_case *which) {
  bool has = which->empty != NULL;
  for (const provider_page *page = which->pages; page->path != NULL; page++) has |= page->empty != NULL;
  g_assert_true(has || strcmp(which->name, "huggingface") == 0);
  return has;
}

static void test_empty(const void *data) {
  outcome o;
  provider_stage stage;
  provider_stage_init(&stage, data);
  stage.fault = PROVIDER_EMPTY;
  if (has_empty(stage.which)) {
    ask(&stage, &o);
    g_assert_no_error(o.error);
    g_assert_cmpuint(o.n_rows, ==, 0);
    g_assert_cmpuint(o.warnings.messages->len, >, 0);
    outcome_clear(&o);
  }
  provider_stage_clear(&stage);
}

static void test_refusals(const void *data) {
  static const unsigned statuses[] = {400, 401, 403, 410, 429, 451, 500, 503};
  provider_stage stage;
  provider_stage_init(&stage, data);
  stage.fault = PROVIDER_STATUS;
  for (size_t i = 0; i < G_N_ELEMENTS(statuses); i++) {
    g_autofree char *text = g_strdup_printf("(HTTP %u): \"Just a moment... Checking your browser\"", statuses[i]);
    stage.status = statuses[i];
    assert_fails(&stage, AFT_FETCH_ERROR_REFUSED, text);
  }
  stage.fault = PROVIDER_PAGE;
  assert_fails(&stage, AFT_FETCH_ERROR_REFUSED, "a page for people instead of data (HTTP 200): \"Just a moment...");
  stage.fault = PROVIDER_REFUSAL;
  assert_fails(&stage, AFT_FETCH_ERROR_REFUSED, "(HTTP 200)");
  assert_nothing_kept(&stage);
  provider_stage_clear(&stage);
}

/* Words of any alphabet are shown as they are, and bytes that are none as a sign for that; a symbol may be written in one too. */
static void test_foreign(const void *data) {
  provider_stage stage;
  outcome o;
  provider_stage_init(&stage, data);
  provider_case renamed = *stage.which;
  stage.fault = PROVIDER_FOREIGN;
  assert_fails(&stage, AFT_FETCH_ERROR_REFUSED, PROVIDER_FOREIGN_WORDS);
  assert_nothing_kept(&stage);
  stage.fault = PROVIDER_GOOD;
  stage.which = &renamed;
  if (renamed.symbols[0] != NULL) renamed.symbols[0] = "\xC3\x85\xE7\xA6\x81&?#/ x";
  if (renamed.text != NULL) renamed.text = "caf\xC3\xA9/\xE7\xA6\x81";
  ask(&stage, &o);
  g_assert_true(o.error == NULL || g_utf8_validate(o.error->message, -1, NULL));
  g_assert_true(g_utf8_validate(o.text, -1, NULL) && g_utf8_validate(o.provenance, -1, NULL));
  g_assert_cmpuint(stage.told->len, >, 0);
  /* In an address they are encoded. */
  if (!g_str_is_ascii(stage.told->str)) g_error("%s: %s", stage.which->name, stage.told->str);
  outcome_clear(&o);
  provider_stage_clear(&stage);
}

/* A page that is not there: a symbol is left out with a warning, a whole provider is a failure; nothing is kept of it. */
static void test_unknown(const void *data) {
  outcome o;
  provider_stage stage;
  provider_stage_init(&stage, data);
  stage.fault = PROVIDER_STATUS;
  stage.status = 404;
  ask(&stage, &o);
  if (o.ok) {
    g_assert_cmpuint(o.warnings.messages->len, >, 0);
    g_assert_nonnull(strstr(g_ptr_array_index(o.warnings.messages, 0), " does not know "));
  } else {
    g_assert_nonnull(strstr(o.error->message, "(HTTP 404)"));
  }
  g_assert_cmpuint(o.n_rows, ==, 0);
  assert_no_key(&stage, &o);
  outcome_clear(&o);
  assert_nothing_kept(&stage);
  provider_stage_clear(&stage);
}

static void test_broken(const void *data) {
  outcome o;
  provider_stage stage;
  provider_stage_init(&stage, data);
  stage.fault = PROVIDER_BROKEN;
  ask(&stage, &o);
  g_assert_false(o.ok);
  if (g_error_matches(o.error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_REFUSED))
    g_error("%s: taken for a refusal: %s", stage.which->name, o.error->message);
  g_assert_nonnull(strstr(o.error->message, loopback_url(stage.server))); /* which answer it is */
  outcome_clear(&o);
  assert_nothing_kept(&stage);
  provider_stage_clear(&stage);
}

static void test_transport(const void *data) {
  const struct {
    enum loopback_fault fault;
    int code;
    const char *text;
  } cases[] = {{LOOPBACK_TRUNCATED, AFT_FETCH_ERROR_NETWORK, "Transferred a partial file"},
               {LOOPBACK_BAD_GZIP, AFT_FETCH_ERROR_NETWORK, "Unrecognized or bad HTTP Content"},
               {LOOPBACK_ENDLESS, AFT_FETCH_ERROR_LIMIT, "larger than 1048576 bytes"},
               {LOOPBACK_BOMB, AFT_FETCH_ERROR_LIMIT, "larger than 1048576 bytes"},
               {LOOPBACK_STALL, AFT_FETCH_ERROR_NETWORK, "Timeout was reached"}};
  provider_stage stage;
  provider_stage_init(&stage, data);
  stage.fault = PROVIDER_TRANSPORT;
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    stage.transport = cases[i].fault;
    if (cases[i].fault == LOOPBACK_STALL) stage.settings.http.total_ms = 25; /* nothing comes anyway */
    assert_fails(&stage, cases[i].code, cases[i].text);
  }
  assert_nothing_kept(&stage);
  provider_stage_clear(&stage);
}

static void play_nothing(const loopback_request *request, loopback_answer *answer, void *data) {
  (void)request;
  (void)answer;
  (void)data;
}

static void test_redirects(const void *data) {
  g_autoptr(loopback) other = loopback_new(play_nothing, NULL);
  g_autofree char *target = g_strconcat(loopback_url(other), "/take-the-key", NULL);
  provider_stage stage;
  provider_stage_init(&stage, data);
  stage.fault = PROVIDER_REDIRECT;
  stage.target = target;
  assert_fails(&stage, AFT_FETCH_ERROR_REDIRECT, "sends on to another host");
  stage.target = "file:///etc/passwd";
  assert_fails(&stage, AFT_FETCH_ERROR_REDIRECT, "sends on to something that is not a web page");
  g_assert_cmpuint(loopback_n_requests(other), ==, 0);
  assert_nothing_kept(&stage);
  provider_stage_clear(&stage);
}

int main(int argc, char **argv) {
  const struct {
    const char *name;
    GTestDataFunc run;
  } tests[] = {{"good", test_good},           {"empty", test_empty},        {"refusals", test_refusals},
               {"foreign", test_foreign},     {"unknown", test_unknown},    {"broken", test_broken},
               {"transport", test_transport}, {"redirects", test_redirects}};
  g_test_init(&argc, &argv, NULL);
  provider_set_keys();
  for (const provider_case *which = provider_cases; which->name != NULL; which++)
    for (size_t t = 0; t < G_N_ELEMENTS(tests); t++) {
      g_autofree char *path =
          g_strdup_printf("/faults/%s/%s/%s", aft_fetch_kind_name(which->kind), which->name, tests[t].name);
      g_test_add_data_func(path, which, tests[t].run);
    }
  return g_test_run();
}
