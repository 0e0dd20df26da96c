/* One HTTP client over libcurl: one connection at a time, kept open; limits, pace, retries and redirects of our own. */
#include <aftershock/fetch/http.h>

#include <aftershock/fetch/error.h>
#include <aftershock/fetch/url.h>

#include <curl/curl.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MILLISECOND = 1000, MAX_HEADER_BYTES = 2048 };

struct aft_http {
  CURL *easy;
  aft_http_settings settings;
  char *agent;
  char *ca_file, *ca_folder; /* of the environment; NULL: as libcurl was built */
  GHashTable *last;          /* host -> gint64 *: when it was asked last, monotonic microseconds */
  GRand *draws;              /* for the pauses alone */
  gint64 waited_ms;
  unsigned n_requests, n_connections;
};

aft_http_settings aft_http_defaults(const char *agent) {
  return (aft_http_settings){.agent = agent,
                             .connect_ms = 10000,
                             .stall_s = 30,
                             .total_ms = 300000,
                             .tries = 4,
                             .backoff_ms = 1000,
                             .backoff_cap_ms = 30000,
                             .retry_after_cap_ms = 120000,
                             .budget_ms = 600000,
                             .redirects = 5,
                             .pace = 1};
}

static char *get_environment(const char *name) {
  const char *value = g_getenv(name);
  return value != NULL && *value != '\0' ? g_strdup(value) : NULL;
}

aft_http *aft_http_new(const aft_http_settings *settings) {
  static gsize once = 0;
  if (g_once_init_enter(&once)) {
    curl_global_init(CURL_GLOBAL_DEFAULT);
    g_once_init_leave(&once, 1);
  }
  aft_http *http = g_new0(aft_http, 1);
  http->easy = curl_easy_init();
  g_assert(http->easy != NULL);
  http->settings = *settings;
  http->agent = g_strdup(settings->agent);
  /* The command-line curl reads these, the library does not: who sits behind an inspecting proxy has set them. */
  http->ca_file = get_environment("CURL_CA_BUNDLE");
  if (http->ca_file == NULL) http->ca_file = get_environment("SSL_CERT_FILE");
  http->ca_folder = get_environment("SSL_CERT_DIR");
  http->last = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, g_free);
  http->draws = g_rand_new();
  return http;
}

void aft_http_free(aft_http *http) {
  if (http == NULL) return;
  curl_easy_cleanup(http->easy);
  g_free(http->agent);
  g_free(http->ca_file);
  g_free(http->ca_folder);
  g_hash_table_unref(http->last);
  g_rand_free(http->draws);
  g_free(http);
}

unsigned aft_http_n_requests(const aft_http *http) { return http->n_requests; }
unsigned aft_http_n_connections(const aft_http *http) { return http->n_connections; }

void aft_http_answer_clear(aft_http_answer *answer) {
  char *const texts[] = {answer->body, answer->url, answer->type, answer->etag, answer->last_modified, answer->link};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  *answer = (aft_http_answer){0};
}

/* What one transfer writes into. */
typedef struct transfer {
  GByteArray *body;
  size_t max_bytes;
  bool too_large;
} transfer;

/* Counts what comes out of the decoder: libcurl's own limit sees neither chunked nor compressed bodies. */
static size_t take_bytes(char *bytes, size_t one, size_t n, void *data) {
  transfer *t = data;
  (void)one;
  if (n > t->max_bytes - t->body->len) {
    t->too_large = true;
    return 0;
  }
  g_byte_array_append(t->body, (const guint8 *)bytes, (guint)n);
  return n;
}

static struct curl_slist *add_header(struct curl_slist *list, const char *name, const char *value) {
  if (value == NULL || *value == '\0' || strpbrk(value, "\r\n") != NULL) return list;
  g_autofree char *line = g_strdup_printf("%s: %s", name, value);
  return curl_slist_append(list, line);
}

static struct curl_slist *build_headers(const aft_http_request *request) {
  struct curl_slist *list = add_header(NULL, "Accept", request->accept);
  list = add_header(list, "If-None-Match", request->etag);
  list = add_header(list, "If-Modified-Since", request->last_modified);
  if (request->header != NULL) list = curl_slist_append(list, request->header);
  if (request->key.value != NULL && request->key.place == AFT_KEY_HEADER) {
    g_autofree char *value = g_strconcat(request->key.prefix, request->key.value, NULL);
    list = add_header(list, request->key.name, value);
  }
  return list;
}

static void set_options(aft_http *http, const char *url, const aft_http_request *request, transfer *t,
                        struct curl_slist *headers) {
  CURL *easy = http->easy;
  const aft_http_settings *s = &http->settings;
  bool loopback = aft_url_is_loopback(url);
  g_autofree char *full = aft_url_with_key(url, &request->key);
  curl_easy_reset(easy); /* keeps connections */
  curl_easy_setopt(easy, CURLOPT_URL, full);
  curl_easy_setopt(easy, CURLOPT_PROTOCOLS_STR, loopback ? "http,https" : "https");
  curl_easy_setopt(easy, CURLOPT_DISALLOW_USERNAME_IN_URL, 1L);
  curl_easy_setopt(easy, CURLOPT_FOLLOWLOCATION, 0L); /* it would take a key in a header to any host */
  curl_easy_setopt(easy, CURLOPT_USERAGENT, http->agent);
  curl_easy_setopt(easy, CURLOPT_HTTPHEADER, headers);
  curl_easy_setopt(easy, CURLOPT_ACCEPT_ENCODING, "");
  curl_easy_setopt(easy, CURLOPT_NOSIGNAL, 1L);
  curl_easy_setopt(easy, CURLOPT_CONNECTTIMEOUT_MS, (long)s->connect_ms);
  curl_easy_setopt(easy, CURLOPT_TIMEOUT_MS, (long)s->total_ms);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_LIMIT, 1L);
  curl_easy_setopt(easy, CURLOPT_LOW_SPEED_TIME, (long)s->stall_s);
  curl_easy_setopt(easy, CURLOPT_MAXFILESIZE_LARGE, (curl_off_t)request->max_bytes);
  curl_easy_setopt(easy, CURLOPT_WRITEFUNCTION, take_bytes);
  curl_easy_setopt(easy, CURLOPT_WRITEDATA, t);
  /* A proxy of the environment is for the world outside. */
  if (loopback) curl_easy_setopt(easy, CURLOPT_NOPROXY, "*");
  if (http->ca_file != NULL) curl_easy_setopt(easy, CURLOPT_CAINFO, http->ca_file);
  if (http->ca_folder != NULL) curl_easy_setopt(easy, CURLOPT_CAPATH, http->ca_folder);
}

/* A header of the answer, "" when it is not there or too long to be one. Owned. */
static char *get_header(CURL *easy, const char *name) {
  struct curl_header *header;
  if (curl_easy_header(easy, name, 0, CURLH_HEADER, -1, &header) != CURLHE_OK) return g_strdup("");
  return strlen(header->value) <= MAX_HEADER_BYTES ? g_strdup(header->value) : g_strdup("");
}

static bool is_temporary_fault(CURLcode code) {
  switch ((int)code) {
  case CURLE_COULDNT_RESOLVE_HOST:
  case CURLE_COULDNT_RESOLVE_PROXY:
  case CURLE_COULDNT_CONNECT:
  case CURLE_OPERATION_TIMEDOUT:
  case CURLE_PARTIAL_FILE:
  case CURLE_SEND_ERROR:
  case CURLE_RECV_ERROR:
  case CURLE_GOT_NOTHING:
  case CURLE_HTTP2:
  case CURLE_HTTP2_STREAM: return true;
  default: return false;
  }
}

static bool is_temporary_status(long status) {
  return status == 408 || status == 425 || status == 429 || status == 500 || (status >= 502 && status <= 504);
}

/* Says what went wrong with a transfer; false. */
static bool fail_transfer(const char *url, CURLcode code, const transfer *t, GError **error) {
  if (t->too_large || code == CURLE_FILESIZE_EXCEEDED) {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_LIMIT,
                "%s: the answer is larger than %" G_GSIZE_FORMAT " bytes", url, t->max_bytes);
  } else if (code == CURLE_PEER_FAILED_VERIFICATION) {
    g_set_error(
        error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_NETWORK,
        "%s: its certificate cannot be verified (behind a proxy that inspects traffic, set CURL_CA_BUNDLE to the "
        "proxy's certificates)",
        url);
  } else {
    g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_NETWORK, "%s: %s", url, curl_easy_strerror(code));
  }
  return false;
}

/* Waits until the host may be asked again. */
static void keep_pace(aft_http *http, const char *url, int pace_ms) {
  char *host = aft_url_host(url);
  gint64 *last = g_hash_table_lookup(http->last, host), now = g_get_monotonic_time();
  gint64 pause = (gint64)(http->settings.pace * pace_ms * MILLISECOND);
  if (last != NULL && now - *last < pause) {
    g_usleep((gulong)(pause - (now - *last)));
    now = g_get_monotonic_time();
  }
  gint64 *when = g_new(gint64, 1);
  *when = now;
  g_hash_table_replace(http->last, host, when);
}

static void fill_answer(CURL *easy, const aft_http_request *request, const char *url, transfer *t,
                        aft_http_answer *answer) {
  curl_off_t pause = 0;
  answer->size = t->body->len;
  answer->body = aft_key_blot(&request->key, (const char *)t->body->data, &answer->size);
  answer->url = g_strdup(url);
  answer->type = get_header(easy, "Content-Type");
  answer->etag = get_header(easy, "ETag");
  answer->last_modified = get_header(easy, "Last-Modified");
  answer->link = get_header(easy, "Link");
  curl_easy_getinfo(easy, CURLINFO_RESPONSE_CODE, &answer->status);
  /* A date in the past gives a negative pause. */
  if (curl_easy_getinfo(easy, CURLINFO_RETRY_AFTER, &pause) == CURLE_OK)
    answer->retry_after_s = (long)CLAMP(pause, 0, G_MAXINT32);
}

static void tell(aft_http *http, const aft_http_answer *answer, long n_connects) {
  if (http->settings.tell == NULL) return;
  g_autofree char *line = g_strdup_printf("GET %s: %ld, %" G_GSIZE_FORMAT " bytes, %s connection", answer->url,
                                          answer->status, answer->size, n_connects > 0 ? "new" : "kept");
  http->settings.tell(line, http->settings.data);
}

/* One request without redirects. *location is set, owned, when the answer is one. */
static bool transfer_once(aft_http *http, const char *url, const aft_http_request *request, aft_http_answer *answer,
                          char **location, bool *temporary, GError **error) {
  g_autoptr(GByteArray) body = g_byte_array_new();
  transfer t = {body, MIN(request->max_bytes, G_MAXUINT - 1), false};
  struct curl_slist *headers = build_headers(request);
  long n_connects = 0;
  char *target = NULL;
  keep_pace(http, url, request->pace_ms);
  set_options(http, url, request, &t, headers);
  CURLcode code = curl_easy_perform(http->easy);
  curl_slist_free_all(headers);
  curl_easy_getinfo(http->easy, CURLINFO_NUM_CONNECTS, &n_connects);
  http->n_requests++;
  http->n_connections += (unsigned)n_connects;
  if (code != CURLE_OK) {
    *temporary = is_temporary_fault(code) && !t.too_large;
    return fail_transfer(url, code, &t, error);
  }
  fill_answer(http->easy, request, url, &t, answer);
  tell(http, answer, n_connects);
  if (answer->status >= 300 && answer->status < 400 && answer->status != 304 &&
      curl_easy_getinfo(http->easy, CURLINFO_REDIRECT_URL, &target) == CURLE_OK)
    *location = g_strdup(target);
  *temporary = is_temporary_status(answer->status);
  return true;
}

/* Where a redirect leads, without the key that the server may have copied into it. Owned. */
static char *without_key(const char *location, const aft_http_key *key) {
  size_t size = strlen(location);
  if (key->value == NULL || key->place != AFT_KEY_PARAMETER) return g_strdup(location);
  g_autofree char *encoded = aft_url_encode(key->value);
  g_autofree char *pair = g_strdup_printf("%s=%s", key->name, encoded);
  const char *hit = strstr(location, pair);
  if (hit == NULL || hit == location || (hit[-1] != '?' && hit[-1] != '&')) return aft_key_blot(key, location, &size);
  g_autofree char *before = g_strndup(location, (gsize)(hit - location - 1));
  const char *after = hit + strlen(pair);
  return *after == '&' ? g_strdup_printf("%s%c%s", before, hit[-1], after + 1) : g_strconcat(before, after, NULL);
}

/* One request with its redirects. */
static bool follow(aft_http *http, const aft_http_request *request, aft_http_answer *answer, bool *temporary,
                   GError **error) {
  g_autofree char *url = g_strdup(request->url);
  for (int n = 0;; n++) {
    g_autofree char *location = NULL;
    if (!transfer_once(http, url, request, answer, &location, temporary, error)) return false;
    if (location == NULL) return true;
    aft_http_answer_clear(answer);
    *temporary = false;
    g_autofree char *next = without_key(location, &request->key);
    if (n == http->settings.redirects) {
      g_set_error(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_REDIRECT, "%s: more than %d redirects", request->url,
                  http->settings.redirects);
      return false;
    }
    if (!aft_url_check_redirect(url, next, request->key.value != NULL, error) || !aft_url_check(next, error))
      return false;
    g_free(url);
    url = g_steal_pointer(&next);
  }
}

/* The pause before try n + 1, or -1 when the provider or the budget says to stop. */
static gint64 choose_pause(aft_http *http, int n, const aft_http_answer *answer) {
  const aft_http_settings *s = &http->settings;
  gint64 limit = MIN((gint64)s->backoff_ms << MIN(n - 1, 20), s->backoff_cap_ms);
  gint64 pause = (gint64)(g_rand_double(http->draws) * (double)limit);
  gint64 asked = (gint64)answer->retry_after_s * 1000;
  if (asked > s->retry_after_cap_ms) return -1;
  pause = MAX(pause, asked);
  return http->waited_ms + pause <= s->budget_ms ? pause : -1;
}

static bool check_request(const aft_http_request *request, GError **error) {
  if (!aft_url_check(request->url, error)) return false;
  if (request->key.value == NULL) return true;
  for (const char *p = request->key.value; *p != '\0'; p++)
    if (g_ascii_iscntrl(*p) || *p == ' ') {
      g_set_error_literal(error, AFT_FETCH_ERROR, AFT_FETCH_ERROR_KEY,
                          "the key holds a blank or a control character (copy it again)");
      return false;
    }
  return true;
}

bool aft_http_get(aft_http *http, const aft_http_request *request, aft_http_answer *answer, GError **error) {
  if (!check_request(request, error)) return false;
  for (int n = 1;; n++) {
    g_auto(aft_http_answer) got = {0};
    g_autoptr(GError) problem = NULL;
    bool temporary = false, answered = follow(http, request, &got, &temporary, &problem);
    gint64 pause = temporary && n < http->settings.tries ? choose_pause(http, n, &got) : -1;
    if (pause >= 0) {
      g_usleep((gulong)pause * MILLISECOND);
      http->waited_ms += pause;
      continue;
    }
    if (!answered) {
      if (n > 1) g_prefix_error(&problem, "tried %d times: ", n);
      g_propagate_error(error, g_steal_pointer(&problem));
      return false;
    }
    got.n_tries = n;
    *answer = got;
    got = (aft_http_answer){0};
    return true;
  }
}
