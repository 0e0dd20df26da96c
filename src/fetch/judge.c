/* What an answer is: data, nothing, or a refusal. HTTP 200 is not success. */
#include "judge.h"

#include <jansson.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { MAX_WORDS = 200, MAX_REFUSAL_BYTES = 1 << 16, MAX_READ = 1 << 14 };

const char *fetch_refusal_name(enum fetch_refusal refusal) {
  static const char *const names[] = {[FETCH_ACCEPTED] = "accepted",
                                      [FETCH_THROTTLED] = "too many requests",
                                      [FETCH_KEY] = "the key is missing or wrong",
                                      [FETCH_PLAN] = "not part of this plan, or its quota is used up",
                                      [FETCH_UNKNOWN] = "not known there",
                                      [FETCH_GONE] = "no longer offered",
                                      [FETCH_BARRIER] = "a page for people instead of data",
                                      [FETCH_REQUEST] = "the question is not understood",
                                      [FETCH_SERVER] = "the server has trouble"};
  return names[refusal];
}

const char *fetch_refusal_advice(enum fetch_refusal refusal) {
  static const char *const advice[] = {
      [FETCH_ACCEPTED] = "",
      [FETCH_THROTTLED] = "; wait some minutes and start again: what came so far is kept",
      [FETCH_KEY] = "; see docs/providers.md for its key",
      [FETCH_PLAN] = "; ask for less, wait until the quota is renewed, or use another provider",
      [FETCH_UNKNOWN] = "; look how it spells the symbol",
      [FETCH_GONE] = "; use another provider",
      [FETCH_BARRIER] = "; it refuses programs just now: use another provider, or save the file in a browser",
      [FETCH_REQUEST] = "",
      [FETCH_SERVER] = "; start again later: what came so far is kept"};
  return advice[refusal];
}

/* Leaves out tags, and scripts and styles with what is in them. */
static void append_without_tags(GString *out, const char *p, const char *end) {
  while (p < end) {
    if (*p != '<') {
      g_string_append_c(out, *p++);
      continue;
    }
    const char *close = NULL;
    if (g_ascii_strncasecmp(p, "<script", 7) == 0) close = g_strstr_len(p, end - p, "</script");
    if (g_ascii_strncasecmp(p, "<style", 6) == 0) close = g_strstr_len(p, end - p, "</style");
    const char *mark = memchr(close != NULL ? close : p, '>', (size_t)(end - (close != NULL ? close : p)));
    if (mark == NULL) return;
    g_string_append_c(out, ' ');
    p = mark + 1;
  }
}

char *fetch_clean_text(const char *bytes, size_t size, size_t max, bool cut_tags) {
  g_autofree char *valid = g_utf8_make_valid(bytes, (gssize)MIN(size, MAX_READ));
  g_autoptr(GString) text = g_string_new(NULL);
  GString *line = g_string_new(NULL);
  if (cut_tags)
    append_without_tags(text, valid, valid + strlen(valid));
  else
    g_string_append(text, valid);
  for (const char *p = text->str; *p != '\0' && line->len < max; p = g_utf8_find_next_char(p, NULL)) {
    gunichar c = g_utf8_get_char(p);
    if (g_unichar_iscntrl(c) || g_unichar_isspace(c)) {
      if (line->len > 0 && line->str[line->len - 1] != ' ') g_string_append_c(line, ' ');
    } else {
      g_string_append_unichar(line, c);
    }
  }
  g_strchomp(line->str);
  return g_string_free(line, FALSE);
}

char *fetch_clean_words(const char *bytes, size_t size) { return fetch_clean_text(bytes, size, MAX_WORDS, true); }

/* Text of the keys in which providers put an error, looked for in an object and one object below. */
static const char *find_error_text(json_t *object, int depth) {
  static const char *const keys[] = {"error",       "Error Message", "Note",         "Information", "message", "detail",
                                     "description", "error_message", "quandl_error", "errors",      "chart"};
  for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
    json_t *value = json_object_get(object, keys[i]);
    if (json_is_string(value) && json_string_length(value) > 0) return json_string_value(value);
    const char *below = json_is_object(value) && depth < 3 ? find_error_text(value, depth + 1) : NULL;
    if (below != NULL) return below;
  }
  return NULL;
}

/* The provider's own error text when the body is a small JSON object with one; owned, else NULL. */
static char *get_json_words(const char *body, size_t size) {
  if (size > MAX_REFUSAL_BYTES) return NULL;
  json_t *root = json_loadb(body, size, 0, NULL);
  const char *text = json_is_object(root) ? find_error_text(root, 0) : NULL;
  char *words = text != NULL ? fetch_clean_words(text, strlen(text)) : NULL;
  json_decref(root);
  return words;
}

static bool says(const char *words, const char *const *phrases) {
  g_autofree char *folded = g_ascii_strdown(words, -1);
  for (; *phrases != NULL; phrases++)
    if (strstr(folded, *phrases) != NULL) return true;
  return false;
}

/* The reason behind the words of a refusal. The quota text may name the plans that have more: it is asked for first. */
static enum fetch_refusal read_words(const char *words) {
  static const char *const quota[] = {"requests per day", "daily hits limit", "daily limit", "calls per day",
                                      "used up",          "monthly limit",    NULL};
  static const char *const throttle[] = {"too many requests", "rate limit",      "limit requests",
                                         "request rate",      "allocation",      "per minute",
                                         "per second",        "try again later", NULL};
  static const char *const plan[] = {"premium",           "subscription", "subscribe", "not authorized",
                                     "don't have access", "your plan",    "plans",     NULL};
  static const char *const key[] = {"api key",         "apikey",       "api_key",     "token",
                                    "unauthenticated", "unauthorized", "credentials", NULL};
  static const char *const unknown[] = {"not found",      "no data found",  "delisted",
                                        "unknown symbol", "invalid symbol", NULL};
  if (says(words, quota)) return FETCH_PLAN;
  if (says(words, throttle)) return FETCH_THROTTLED;
  if (says(words, plan)) return FETCH_PLAN;
  if (says(words, key)) return FETCH_KEY;
  if (says(words, unknown)) return FETCH_UNKNOWN;
  return FETCH_REQUEST;
}

static enum fetch_refusal judge_status(const aft_http_answer *answer, bool page, const char *words) {
  switch (answer->status) {
  case 401: return FETCH_KEY;
  case 402:
  case 426: return FETCH_PLAN;
  case 403: {
    enum fetch_refusal reason = read_words(words);
    if (page) return reason == FETCH_THROTTLED ? reason : FETCH_BARRIER;
    return reason == FETCH_REQUEST || reason == FETCH_UNKNOWN ? FETCH_KEY : reason;
  }
  case 404: return FETCH_UNKNOWN;
  case 410: return FETCH_GONE;
  case 429: return FETCH_THROTTLED;
  case 451: return FETCH_BARRIER;
  default: return answer->status >= 500 || answer->status < 400 ? FETCH_SERVER : FETCH_REQUEST;
  }
}

/* First byte that is no blank, behind a byte-order mark. */
static const char *skip_blanks(const char *body, size_t size) {
  const char *p = body, *end = body + size;
  if (size >= 3 && memcmp(p, "\xEF\xBB\xBF", 3) == 0) p += 3;
  while (p < end && g_ascii_isspace(*p)) p++;
  return p;
}

static bool is_page(const char *p) {
  return g_ascii_strncasecmp(p, "<!doctype html", 14) == 0 || g_ascii_strncasecmp(p, "<html", 5) == 0;
}

static bool has_shape(const char *p, size_t left, enum fetch_shape shape) {
  switch (shape) {
  case FETCH_JSON: return left > 0 && (*p == '{' || *p == '[');
  case FETCH_TABLE: return left == 0 || (*p != '<' && *p != '{');
  case FETCH_ZIP: return left >= 4 && memcmp(p, "PK\3\4", 4) == 0;
  case FETCH_XML: return left > 0 && *p == '<' && !is_page(p);
  case FETCH_TEXT: return left > 0;
  }
  return false;
}

/* One line where a table should be, in the words of a refusal: a table has a separator and more than one line, or is a header. */
static bool is_sentence(const char *p, size_t left, const char *words) {
  const char *end = memchr(p, '\n', left);
  size_t rest = end != NULL ? (size_t)(p + left - end) : 0;
  return left > 0 && rest < 8 && (read_words(words) != FETCH_REQUEST || g_str_has_prefix(words, "Error"));
}

enum fetch_refusal fetch_judge(const aft_http_answer *answer, enum fetch_shape shape, char **words) {
  const char *p = skip_blanks(answer->body, answer->size);
  size_t left = answer->size - (size_t)(p - answer->body);
  bool page = left > 0 && is_page(p);
  char *said = left > 0 && *p == '{' ? get_json_words(answer->body, answer->size) : NULL;
  bool has_error = said != NULL;
  if (said == NULL) said = fetch_clean_words(p, left);
  *words = said;
  if (answer->status < 200 || answer->status >= 300) return judge_status(answer, page || (left > 0 && *p == '<'), said);
  if (has_error) return read_words(said);
  if (has_shape(p, left, shape)) {
    if (shape != FETCH_TABLE || !is_sentence(p, left, said)) {
      g_clear_pointer(words, g_free);
      *words = g_strdup("");
      return FETCH_ACCEPTED;
    }
    return read_words(said);
  }
  if (page || (left > 0 && *p == '<')) return FETCH_BARRIER;
  if (left == 0) return FETCH_SERVER;
  return read_words(said);
}
