/* fetch/http and fetch/url: which addresses are asked, and a server that fails in every way. No test waits long or leaves this machine. */
#include "support/loopback.h"
#include "support/support.h"

#include <aftershock/fetch/error.h>
#include <aftershock/fetch/http.h>
#include <aftershock/fetch/url.h>

#include <string.h>

#include <aftershock/base/banned.h>

#define SECRET "s3cr3t/+key&0123456789"

static void test_addresses(void) {
  const struct {
    const char *url, *message; /* NULL: asked */
  } cases[] = {
      {"https://example.org/a?b=c", NULL},
      {"https://example.org:8443/", NULL},
      {"http://127.0.0.1:80/", NULL},
      {"http://127.44.5.6/", NULL},
      {"http://localhost:1/x", NULL},
      {"http://[::1]:8080/x", NULL},
      {"http://example.org/", "\"http://example.org/\" is not https, and only https is asked"},
      {"http://127.0.0.1.example.org/", "\"http://127.0.0.1.example.org/\" is not https, and only https is asked"},
      {"http://localhost.example.org/", "\"http://localhost.example.org/\" is not https, and only https is asked"},
      {"file:///etc/passwd", "\"file:///etc/passwd\" is not a web address (write https://host/path)"},
      {"ftp://example.org/a", "\"ftp://example.org/a\" is not https, and only https is asked"},
      {"https://u:p@example.org/",
       "the address of example.org holds a user name (keys belong into the environment or .netrc)"},
      {"https:\\\\example.org/", "\"https:\\\\example.org/\" is not a web address (write https://host/path)"},
      {"https://example.org/a b", "\"https://example.org/a b\" is not a web address (write https://host/path)"},
      {"example.org", "\"example.org\" is not a web address (write https://host/path)"},
      {"", "\"\" is not a web address (write https://host/path)"},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    GError *error = NULL;
    bool ok = aft_url_check(cases[i].url, &error);
    g_assert_cmpint(ok, ==, cases[i].message == NULL);
    if (!ok) assert_error(&error, cases[i].message);
  }
}

static void test_redirect_rules(void) {
  const struct {
    const char *from, *to;
    bool plain, with_key; /* followed without and with a key */
  } cases[] = {
      {"https://a.org/x", "https://a.org/y", true, true},
      {"https://a.org/x", "https://A.ORG/y", true, true},
      {"https://a.org/x", "https://a.org:443/y", true, true},
      {"https://a.org/x", "https://a.org:444/y", false, false},
      {"https://a.org/x", "https://www.a.org/y", true, false},
      {"https://www.a.org/x", "https://a.org/y", true, false},
      {"https://a.org/x", "https://ba.org/y", false, false},
      {"https://q1.a.co.uk/x", "https://q2.a.co.uk/x", false, false},
      {"https://a.org/x", "https://org/y", false, false},
      {"https://a.org/x", "http://a.org/y", false, false},
      {"https://a.org/x", "http://127.0.0.1/y", false, false},
      {"https://a.org/x", "file:///etc/passwd", false, false},
      {"https://a.org/x", "gopher://a.org/", false, false},
      {"http://127.0.0.1:8000/x", "http://127.0.0.1:8000/y", true, true},
      {"http://127.0.0.1:8000/x", "http://127.0.0.1:8001/y", false, false},
      {"http://127.0.0.1:8000/x", "http://localhost:8000/y", false, false},
  };
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++)
    for (int key = 0; key < 2; key++) {
      g_autoptr(GError) error = NULL;
      bool ok = aft_url_check_redirect(cases[i].from, cases[i].to, key == 1, &error);
      if (ok != (key == 1 ? cases[i].with_key : cases[i].plain))
        g_error("%s to %s, key %d: %s", cases[i].from, cases[i].to, key, ok ? "followed" : error->message);
      g_assert_cmpint(ok, ==, error == NULL);
    }
}

static void test_building(void) {
  g_autofree char *url =
      aft_url_build("https://a.org/", "/v8/x", AFT_PAIRS("q", "a b&c=\xC3\xA9", "none", NULL, "n", "1"));
  g_assert_cmpstr(url, ==, "https://a.org/v8/x?q=a%20b%26c%3D%C3%A9&n=1");
  g_autofree char *index = aft_url_encode("^GSPC");
  g_assert_cmpstr(index, ==, "%5EGSPC");
  const aft_http_key key = {SECRET, AFT_KEY_PARAMETER, "token", ""};
  g_autofree char *full = aft_url_with_key("https://a.org/?x=1", &key);
  g_assert_cmpstr(full, ==, "https://a.org/?x=1&token=s3cr3t%2F%2Bkey%260123456789");
  size_t size = strlen(full);
  g_autofree char *blotted = aft_key_blot(&key, full, &size);
  g_assert_cmpstr(blotted, ==, "https://a.org/?x=1&token=***");
  char bytes[] = "a\0" SECRET SECRET "\0b";
  size = sizeof bytes - 1;
  g_autofree char *binary = aft_key_blot(&key, bytes, &size);
  g_assert_cmpuint(size, ==, 10);
  g_assert_cmpint(memcmp(binary, "a\0******\0b", size), ==, 0);
  const aft_http_key demo = {"demo", AFT_KEY_PARAMETER, "token", ""};
  size = 8;
  g_autofree char *kept = aft_key_blot(&demo, "demo day", &size);
  g_assert_cmpstr(kept, ==, "demo day");
}

/* ---- against the server */

/* What the server plays, and the client that asks it. */
typedef struct stage {
  loopback *server;
  aft_http *http;
  aft_http_settings settings;
  GString *told;
  unsigned faults_left; /* requests that still get the fault of the path */
} stage;

static const struct {
  const char *path;
  enum loopback_fault fault;
} fault_of[] = {{"/gzip", LOOPBACK_GZIP},           {"/chunked", LOOPBACK_CHUNKED}, {"/stall", LOOPBACK_STALL},
                {"/truncated", LOOPBACK_TRUNCATED}, {"/endless", LOOPBACK_ENDLESS}, {"/bomb", LOOPBACK_BOMB},
                {"/bad-gzip", LOOPBACK_BAD_GZIP},   {"/close", LOOPBACK_CLOSE}};

static void play(const loopback_request *request, loopback_answer *answer, void *data) {
  stage *s = data;
  const char *path = request->path, *etag = request->header(request, "If-None-Match");
  unsigned status = 0;
  answer->body = g_strdup("{\"good\": true, \"text\": \"caf\xC3\xA9 0123456789 0123456789\"}");
  for (size_t i = 0; i < G_N_ELEMENTS(fault_of); i++)
    if (strcmp(path, fault_of[i].path) == 0) answer->fault = fault_of[i].fault;
  if (g_str_has_prefix(path, "/status/")) status = (unsigned)g_ascii_strtoull(path + 8, NULL, 10);
  if (status != 0 && s->faults_left > 0) {
    answer->status = status;
    s->faults_left--;
  }
  if (answer->status != 200 && *request->query != '\0')
    loopback_add_header(answer, "Retry-After", strchr(request->query, '=') + 1);
  if (g_str_has_prefix(path, "/to")) {
    answer->status = 302;
    loopback_add_header(answer, "Location", strchr(request->query, '=') + 1);
  }
  if (strcmp(path, "/loop") == 0) {
    answer->status = 301;
    loopback_add_header(answer, "Location", "/loop");
  }
  if (strcmp(path, "/copy") == 0) { /* copies the query, the key with it */
    answer->status = 302;
    g_autofree char *place = g_strdup_printf("/end?token=%s&rest=1", "s3cr3t%2F%2Bkey%260123456789");
    loopback_add_header(answer, "Location", place);
  }
  if (strcmp(path, "/echo") == 0) {
    g_free(answer->body);
    answer->body = g_strdup("{\"error\": \"bad key " SECRET "\"}");
  }
  loopback_add_header(answer, "ETag", "\"v1\"");
  if (etag != NULL && strcmp(etag, "\"v1\"") == 0) answer->status = 304;
}

static void add_line(const char *line, void *data) { g_string_append_printf(data, "%s\n", line); }

static void stage_init(stage *s) {
  *s = (stage){.settings = aft_http_defaults("aftershock/test Jane Doe jane@example.org"), .told = g_string_new(NULL)};
  s->server = loopback_new(play, s);
  s->settings.total_ms = 20000;
  s->settings.tries = 2;
  s->settings.backoff_ms = 2;
  s->settings.pace = 0;
  s->settings.tell = add_line;
  s->settings.data = s->told;
  s->http = aft_http_new(&s->settings);
}

/* With other settings; the server stays. */
static void stage_restart(stage *s) {
  aft_http_free(s->http);
  s->http = aft_http_new(&s->settings);
}

static void stage_clear(stage *s) {
  aft_http_free(s->http);
  loopback_free(s->server);
  g_string_free(s->told, TRUE);
}

static bool ask_with(stage *s, const char *path, aft_http_request request, aft_http_answer *answer, GError **error) {
  g_autofree char *url = g_strconcat(loopback_url(s->server), path, NULL);
  request.url = url;
  if (request.max_bytes == 0) request.max_bytes = 10000;
  return aft_http_get(s->http, &request, answer, error);
}

static bool ask(stage *s, const char *path, aft_http_answer *answer, GError **error) {
  return ask_with(s, path, (aft_http_request){0}, answer, error);
}

/* The message without the server's address, which has another port each time. */
static void assert_refused(stage *s, const char *path, aft_http_request request, int code, const char *message) {
  g_auto(aft_http_answer) answer = {0};
  g_autoptr(GError) error = NULL;
  g_assert_false(ask_with(s, path, request, &answer, &error));
  g_assert_error(error, AFT_FETCH_ERROR, code);
  g_autoptr(GString) text = g_string_new(error->message);
  g_string_replace(text, loopback_url(s->server), "URL", 0);
  g_assert_cmpstr(text->str, ==, message);
  g_assert_null(answer.body);
}

static void test_good(void) {
  static const char *const paths[] = {"/plain", "/gzip", "/chunked", "/close"};
  stage s;
  stage_init(&s);
  for (size_t i = 0; i < G_N_ELEMENTS(paths); i++) {
    g_auto(aft_http_answer) answer = {0};
    GError *error = NULL;
    g_assert_true(ask(&s, paths[i], &answer, &error));
    g_assert_no_error(error);
    g_assert_cmpint(answer.status, ==, 200);
    g_assert_cmpstr(answer.body, ==, "{\"good\": true, \"text\": \"caf\xC3\xA9 0123456789 0123456789\"}");
    g_assert_cmpuint(answer.size, ==, strlen(answer.body));
    g_assert_cmpstr(answer.type, ==, "application/json");
    g_assert_cmpstr(answer.etag, ==, "\"v1\"");
  }
  g_autofree char *log = loopback_log(s.server);
  g_assert_nonnull(strstr(log, "User-Agent: aftershock/test Jane Doe jane@example.org\n"));
  g_assert_nonnull(strstr(log, "Accept-Encoding: deflate, gzip"));
  stage_clear(&s);
}

static void test_limits(void) {
  const aft_http_request small = {.max_bytes = 20}, usual = {0};
  stage s;
  stage_init(&s);
  assert_refused(&s, "/plain", small, AFT_FETCH_ERROR_LIMIT, "URL/plain: the answer is larger than 20 bytes");
  assert_refused(&s, "/chunked", small, AFT_FETCH_ERROR_LIMIT, "URL/chunked: the answer is larger than 20 bytes");
  assert_refused(&s, "/gzip", small, AFT_FETCH_ERROR_LIMIT, "URL/gzip: the answer is larger than 20 bytes");
  assert_refused(&s, "/endless", usual, AFT_FETCH_ERROR_LIMIT, "URL/endless: the answer is larger than 10000 bytes");
  /* The packed bomb is below the limit, what comes out is not. */
  assert_refused(&s, "/bomb", (aft_http_request){.max_bytes = 1 << 20}, AFT_FETCH_ERROR_LIMIT,
                 "URL/bomb: the answer is larger than 1048576 bytes");
  g_assert_cmpuint(loopback_n_requests(s.server), ==, 5); /* none of them is asked for again */
  assert_refused(&s, "/bad-gzip", usual, AFT_FETCH_ERROR_NETWORK,
                 "URL/bad-gzip: Unrecognized or bad HTTP Content or Transfer-Encoding");
  g_assert_cmpuint(loopback_n_requests(s.server), ==, 6);
  assert_refused(&s, "/truncated", usual, AFT_FETCH_ERROR_NETWORK,
                 "tried 2 times: URL/truncated: Transferred a partial file");
  s.settings.total_ms = 50; /* nothing comes, so the machine's load does not matter */
  stage_restart(&s);
  assert_refused(&s, "/stall", usual, AFT_FETCH_ERROR_NETWORK, "tried 2 times: URL/stall: Timeout was reached");
  g_assert_cmpuint(loopback_n_requests(s.server), ==, 10);
  stage_clear(&s);
}

static void test_no_server(void) {
  stage s;
  stage_init(&s);
  g_autofree char *url = g_strconcat(loopback_url(s.server), "/x", NULL);
  g_clear_pointer(&s.server, loopback_free);
  const aft_http_request request = {.url = url, .max_bytes = 100};
  aft_http_answer answer = {0};
  GError *error = NULL;
  g_assert_false(aft_http_get(s.http, &request, &answer, &error));
  g_autofree char *message = g_strdup_printf("tried 2 times: %s: Couldn't connect to server", url);
  assert_error(&error, message);
  stage_clear(&s);
}

static void test_statuses(void) {
  const struct {
    unsigned status, n_requests; /* how often a server that keeps failing is asked, of at most 2 */
  } cases[] = {{400, 1}, {401, 1}, {402, 1}, {403, 1}, {404, 1}, {410, 1}, {422, 1}, {451, 1},
               {501, 1}, {408, 2}, {425, 2}, {429, 2}, {500, 2}, {502, 2}, {503, 2}, {504, 2}};
  stage s;
  stage_init(&s);
  for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
    g_auto(aft_http_answer) failed = {0}, mended = {0};
    GError *error = NULL;
    g_autofree char *path = g_strdup_printf("/status/%u", cases[i].status);
    unsigned before = loopback_n_requests(s.server);
    s.faults_left = 10;
    g_assert_true(ask(&s, path, &failed, &error));
    g_assert_no_error(error);
    g_assert_cmpint(failed.status, ==, cases[i].status);
    g_assert_cmpint(failed.n_tries, ==, cases[i].n_requests);
    g_assert_cmpuint(loopback_n_requests(s.server) - before, ==, cases[i].n_requests);
    s.faults_left = 1; /* and one that recovers */
    g_assert_true(ask(&s, path, &mended, &error));
    g_assert_cmpint(mended.status, ==, cases[i].n_requests == 2 ? 200 : cases[i].status);
  }
  stage_clear(&s);
}

/* Asks for a failing page with a Retry-After; returns the number of requests. */
static unsigned ask_again(stage *s, const char *retry_after, long *asked_s, gint64 *took_ms) {
  g_auto(aft_http_answer) answer = {0};
  GError *error = NULL;
  g_autofree char *encoded = aft_url_encode(retry_after);
  g_autofree char *path = g_strdup_printf("/status/429?after=%s", encoded);
  unsigned before = loopback_n_requests(s->server);
  gint64 began = g_get_monotonic_time();
  s->faults_left = 10;
  g_assert_true(ask(s, path, &answer, &error));
  g_assert_no_error(error);
  *asked_s = answer.retry_after_s;
  *took_ms = (g_get_monotonic_time() - began) / 1000;
  return loopback_n_requests(s->server) - before;
}

static void test_retry_after(void) {
  stage s;
  gint64 took_ms;
  long asked_s;
  stage_init(&s);
  g_assert_cmpuint(ask_again(&s, "1", &asked_s, &took_ms), ==, 2);
  g_assert_cmpint(took_ms, >=, 1000); /* the pause is the provider's */
  g_assert_cmpint(asked_s, ==, 1);
  g_assert_cmpuint(ask_again(&s, "0", &asked_s, &took_ms), ==, 2);
  g_assert_cmpuint(ask_again(&s, "Wed, 21 Oct 2015 07:28:00 GMT", &asked_s, &took_ms), ==, 2);
  g_assert_cmpint(asked_s, ==, 0); /* a date in the past is none, and not negative */
  g_assert_cmpuint(ask_again(&s, "soon", &asked_s, &took_ms), ==, 2);
  g_assert_cmpuint(ask_again(&s, "3600", &asked_s, &took_ms), ==, 1); /* too long: not asked again */
  g_assert_cmpint(asked_s, ==, 3600);
  g_assert_cmpuint(ask_again(&s, "Wed, 21 Oct 2125 07:28:00 GMT", &asked_s, &took_ms), ==, 1);
  g_assert_cmpint(asked_s, >, 100000000);
  s.settings.budget_ms = 500; /* nor when all pauses together would be too long */
  stage_restart(&s);
  g_assert_cmpuint(ask_again(&s, "1", &asked_s, &took_ms), ==, 1);
  stage_clear(&s);
}

static void test_pace(void) {
  stage s;
  stage_init(&s);
  s.settings.pace = 1;
  stage_restart(&s);
  gint64 began = g_get_monotonic_time();
  for (int i = 0; i < 4; i++) {
    g_auto(aft_http_answer) answer = {0};
    GError *error = NULL;
    g_assert_true(ask_with(&s, "/plain", (aft_http_request){.pace_ms = 20}, &answer, &error));
  }
  g_assert_cmpint(g_get_monotonic_time() - began, >=, 60000); /* three pauses between four requests */
  stage_clear(&s);
}

static void test_reuse(void) {
  stage s;
  stage_init(&s);
  for (int i = 0; i < 1000; i++) {
    g_auto(aft_http_answer) answer = {0};
    GError *error = NULL;
    g_assert_true(ask(&s, i % 3 == 0 ? "/gzip" : "/plain", &answer, &error));
  }
  g_assert_cmpuint(aft_http_n_requests(s.http), ==, 1000);
  g_assert_cmpuint(aft_http_n_connections(s.http), ==, 1);
  g_assert_cmpuint(loopback_n_connections(s.server), ==, 1);
  stage_clear(&s);
}

static void test_conditional(void) {
  g_auto(aft_http_answer) same = {0}, other = {0};
  GError *error = NULL;
  stage s;
  stage_init(&s);
  g_assert_true(ask_with(&s, "/plain", (aft_http_request){.etag = "\"v1\""}, &same, &error));
  g_assert_cmpint(same.status, ==, 304);
  g_assert_cmpuint(same.size, ==, 0);
  g_assert_true(ask_with(&s, "/plain",
                         (aft_http_request){.etag = "\"v0\"", .last_modified = "Mon, 27 Jan 2025 00:00:00 GMT"}, &other,
                         &error));
  g_assert_cmpint(other.status, ==, 200);
  g_autofree char *log = loopback_log(s.server);
  g_assert_nonnull(strstr(log, "If-Modified-Since: Mon, 27 Jan 2025 00:00:00 GMT"));
  stage_clear(&s);
}

static void test_redirects(void) {
  const aft_http_request plain = {0};
  const aft_http_request keyed = {.key = {SECRET, AFT_KEY_HEADER, "X-Api-Key", ""}};
  stage s, other;
  stage_init(&s);
  stage_init(&other);
  g_auto(aft_http_answer) answer = {0};
  GError *error = NULL;
  g_assert_true(ask_with(&s, "/to?x=/plain", keyed, &answer, &error));
  g_assert_no_error(error);
  g_assert_true(g_str_has_suffix(answer.url, "/plain"));
  g_autofree char *elsewhere = g_strdup_printf("/to?x=%s/plain", loopback_url(other.server));
  assert_refused(&s, elsewhere, keyed, AFT_FETCH_ERROR_REDIRECT,
                 "127.0.0.1 sends on to another host, 127.0.0.1, which is not followed with a key");
  assert_refused(
      &s, elsewhere, plain, AFT_FETCH_ERROR_REDIRECT,
      "127.0.0.1 sends on to another host, 127.0.0.1, which is not followed (give that address if you trust it)");
  g_assert_cmpuint(loopback_n_requests(other.server), ==, 0);
  assert_refused(&s, "/to?x=file:///etc/passwd", plain, AFT_FETCH_ERROR_REDIRECT,
                 "127.0.0.1 sends on to something that is not a web page, which is not followed");
  assert_refused(&s, "/to?x=http://example.org/", plain, AFT_FETCH_ERROR_REDIRECT,
                 "127.0.0.1 sends on to an address without https, which is not followed");
  unsigned before = loopback_n_requests(s.server);
  assert_refused(&s, "/loop", plain, AFT_FETCH_ERROR_REDIRECT, "URL/loop: more than 5 redirects");
  g_assert_cmpuint(loopback_n_requests(s.server) - before, ==, 6);
  stage_clear(&s);
  stage_clear(&other);
}

/* A key goes to its host in its place, and shows nowhere else. */
static void test_keys(void) {
  const aft_http_request in_header = {.key = {SECRET, AFT_KEY_HEADER, "Authorization", "Token "}};
  const aft_http_request in_query = {.key = {SECRET, AFT_KEY_PARAMETER, "token", ""}, .max_bytes = 30};
  stage s;
  stage_init(&s);
  g_auto(aft_http_answer) echoed = {0}, copied = {0};
  GError *error = NULL;
  g_assert_true(ask_with(&s, "/echo", in_header, &echoed, &error));
  g_assert_cmpstr(echoed.body, ==, "{\"error\": \"bad key ***\"}");
  assert_refused(&s, "/plain", in_query, AFT_FETCH_ERROR_LIMIT, "URL/plain: the answer is larger than 30 bytes");
  assert_refused(&s, "/truncated", in_query, AFT_FETCH_ERROR_LIMIT,
                 "URL/truncated: the answer is larger than 30 bytes");
  /* A server that copies the query into the redirect: the key is sent once, not twice, and the address is clean. */
  aft_http_request follow = in_query;
  follow.max_bytes = 1000;
  g_assert_true(ask_with(&s, "/copy", follow, &copied, &error));
  g_assert_true(g_str_has_suffix(copied.url, "/end?rest=1"));
  g_autofree char *log = loopback_log(s.server);
  g_assert_nonnull(strstr(log, "Authorization: Token " SECRET));
  g_assert_nonnull(strstr(log, "GET /end?rest=1&token=" SECRET "\n"));
  g_assert_null(strstr(s.told->str, "s3cr3t"));
  g_assert_nonnull(strstr(s.told->str, "/end?rest=1: 200, "));
  const aft_http_request broken = {.key = {"two\r\nlines", AFT_KEY_HEADER, "X-Key", ""}};
  assert_refused(&s, "/plain", broken, AFT_FETCH_ERROR_KEY,
                 "the key holds a blank or a control character (copy it again)");
  stage_clear(&s);
}

/* A proxy of the environment is not asked for this machine. */
static void test_proxy(void) {
  if (g_test_subprocess()) {
    g_setenv("http_proxy", "http://127.0.0.1:1", TRUE);
    g_setenv("ALL_PROXY", "http://127.0.0.1:1", TRUE);
    stage s;
    stage_init(&s);
    g_auto(aft_http_answer) answer = {0};
    GError *error = NULL;
    g_assert_true(ask(&s, "/plain", &answer, &error));
    g_assert_no_error(error);
    stage_clear(&s);
    return;
  }
  g_test_trap_subprocess(NULL, 0, 0);
  g_test_trap_assert_passed();
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  g_test_add_func("/url/addresses", test_addresses);
  g_test_add_func("/url/redirects", test_redirect_rules);
  g_test_add_func("/url/building", test_building);
  g_test_add_func("/http/good", test_good);
  g_test_add_func("/http/limits", test_limits);
  g_test_add_func("/http/no-server", test_no_server);
  g_test_add_func("/http/statuses", test_statuses);
  g_test_add_func("/http/retry-after", test_retry_after);
  g_test_add_func("/http/pace", test_pace);
  g_test_add_func("/http/reuse", test_reuse);
  g_test_add_func("/http/conditional", test_conditional);
  g_test_add_func("/http/redirects", test_redirects);
  g_test_add_func("/http/keys", test_keys);
  g_test_add_func("/http/proxy", test_proxy);
  return g_test_run();
}
