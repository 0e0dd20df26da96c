/* Addresses: which ones are asked, where a redirect may lead, and texts without the key. */
#include <aftershock/fetch/url.h>

#include <aftershock/fetch/error.h>

#include <stdarg.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_URL_BYTES = 8192, SHORTEST_SECRET = 8 };

static bool fail(int code, GError **error, const char *format, ...) G_GNUC_PRINTF(3, 4);

static bool fail(int code, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error_literal(error, AFT_FETCH_ERROR, code, message);
  return false;
}

static GUri *parse(const char *url) {
  if (strlen(url) > MAX_URL_BYTES) return NULL;
  /* Other parsers read a backslash as a slash: an address that two programs read differently is none. */
  for (const char *p = url; *p != '\0'; p++)
    if (*p == '\\' || *p == ' ' || g_ascii_iscntrl(*p)) return NULL;
  GUri *uri = g_uri_parse(url, G_URI_FLAGS_ENCODED, NULL);
  if (uri == NULL) return NULL;
  const char *host = g_uri_get_host(uri);
  if (host == NULL || *host == '\0') g_clear_pointer(&uri, g_uri_unref);
  return uri;
}

static bool is_loopback(const char *host) {
  if (g_ascii_strcasecmp(host, "localhost") == 0 || strcmp(host, "::1") == 0) return true;
  /* 127.0.0.1, but not 127.0.0.1.example.org. */
  return g_str_has_prefix(host, "127.") && strspn(host, "0123456789.") == strlen(host);
}

static bool is_scheme(GUri *uri, const char *scheme) { return strcmp(g_uri_get_scheme(uri), scheme) == 0; }

static int port_of(GUri *uri) {
  int port = g_uri_get_port(uri);
  return port > 0 ? port : is_scheme(uri, "https") ? 443 : 80;
}

bool aft_url_is_loopback(const char *url) {
  g_autoptr(GUri) uri = parse(url);
  return uri != NULL && is_loopback(g_uri_get_host(uri));
}

char *aft_url_host(const char *url) {
  g_autoptr(GUri) uri = parse(url);
  return uri != NULL ? g_ascii_strdown(g_uri_get_host(uri), -1) : g_strdup("");
}

bool aft_url_check(const char *url, GError **error) {
  g_autoptr(GUri) uri = parse(url);
  if (uri == NULL)
    return fail(AFT_FETCH_ERROR_URL, error, "\"%s\" is not a web address (write https://host/path)", url);
  if (strchr(url, '@') != NULL && g_uri_get_userinfo(uri) != NULL)
    return fail(AFT_FETCH_ERROR_URL, error,
                "the address of %s holds a user name (keys belong into the environment or .netrc)",
                g_uri_get_host(uri));
  if (is_scheme(uri, "https")) return true;
  if (is_scheme(uri, "http") && is_loopback(g_uri_get_host(uri))) return true;
  return fail(AFT_FETCH_ERROR_URL, error, "\"%s\" is not https, and only https is asked", url);
}

/* Whether one host is the other, or has names in front of it: www.example.org and example.org. */
static bool is_same_site(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b);
  if (n == m) return g_ascii_strcasecmp(a, b) == 0;
  const char *longer = n > m ? a : b, *shorter = n > m ? b : a;
  size_t extra = n > m ? n - m : m - n;
  return strchr(shorter, '.') != NULL && longer[extra - 1] == '.' && g_ascii_strcasecmp(longer + extra, shorter) == 0;
}

bool aft_url_check_redirect(const char *from, const char *to, bool with_key, GError **error) {
  g_autoptr(GUri) a = parse(from), b = parse(to);
  g_autofree char *host = aft_url_host(from);
  if (a == NULL || b == NULL || !(is_scheme(b, "https") || is_scheme(b, "http")))
    return fail(AFT_FETCH_ERROR_REDIRECT, error,
                "%s sends on to something that is not a web page, which is not followed", host);
  const char *target = g_uri_get_host(b);
  bool known_downgrade = is_scheme(b, "http") && !(is_scheme(a, "http") && is_loopback(target));
  if (known_downgrade)
    return fail(AFT_FETCH_ERROR_REDIRECT, error, "%s sends on to an address without https, which is not followed",
                host);
  bool same_host = g_ascii_strcasecmp(host, target) == 0;
  bool same_port = port_of(a) == port_of(b);
  if (with_key ? same_host && same_port : is_same_site(host, target) && same_port) return true;
  return fail(AFT_FETCH_ERROR_REDIRECT, error, "%s sends on to another host, %s, which is not followed%s", host, target,
              with_key ? " with a key" : " (give that address if you trust it)");
}

char *aft_url_encode(const char *text) { return g_uri_escape_string(text, NULL, FALSE); }

char *aft_url_build(const char *base, const char *path, const char *const *pairs) {
  GString *url = g_string_new(base);
  while (url->len > 0 && url->str[url->len - 1] == '/') g_string_truncate(url, url->len - 1);
  g_string_append_printf(url, "/%s", *path == '/' ? path + 1 : path);
  char mark = strchr(url->str, '?') != NULL ? '&' : '?';
  for (; pairs != NULL && *pairs != NULL; pairs += 2) {
    if (pairs[1] == NULL) continue;
    g_autofree char *encoded = aft_url_encode(pairs[1]);
    g_string_append_printf(url, "%c%s=%s", mark, pairs[0], encoded);
    mark = '&';
  }
  return g_string_free(url, FALSE);
}

char *aft_url_with_key(const char *url, const aft_http_key *key) {
  if (key->value == NULL || key->place != AFT_KEY_PARAMETER) return g_strdup(url);
  g_autofree char *encoded = aft_url_encode(key->value);
  return g_strdup_printf("%s%c%s=%s", url, strchr(url, '?') != NULL ? '&' : '?', key->name, encoded);
}

/* Replaces every secret in text, which may hold NUL bytes. */
static void blot(GString *text, const char *secret) {
  size_t length = strlen(secret);
  for (size_t i = 0; i + length <= text->len;) {
    const char *hit = memchr(text->str + i, secret[0], text->len - i);
    if (hit == NULL) return;
    i = (size_t)(hit - text->str);
    if (i + length > text->len) return;
    if (memcmp(hit, secret, length) != 0) {
      i++;
      continue;
    }
    g_string_erase(text, (gssize)i, (gssize)length);
    g_string_insert(text, (gssize)i, "***");
    i += 3;
  }
}

char *aft_key_blot(const aft_http_key *key, const char *bytes, size_t *size) {
  GString *text = g_string_new_len(bytes, (gssize)*size);
  if (key->value != NULL && strlen(key->value) >= SHORTEST_SECRET) {
    g_autofree char *encoded = aft_url_encode(key->value);
    blot(text, key->value);
    if (strcmp(encoded, key->value) != 0) blot(text, encoded);
  }
  *size = text->len;
  return g_string_free(text, FALSE);
}
