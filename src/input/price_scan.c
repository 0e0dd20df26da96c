/* A block of lines into records of fields. */
#include "price_scan.h"

#include <aftershock/base/error.h>
#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

void price_scan_clear(price_scan *scan) {
  g_free(scan->fields);
  g_free(scan->unquoted);
  g_free(scan->failure.message);
  memset(scan, 0, sizeof *scan);
}

void price_scan_start(price_scan *scan, const char *text, size_t length, uint64_t first_line) {
  const char *bad;
  scan->begin = text;
  scan->limit = text + length;
  scan->bad = NULL;
  scan->next_line = first_line;
  if (scan->last_line == 0) scan->last_line = UINT32_MAX;
  if (aft_text_is_ascii(text, length) || g_utf8_validate(text, (gssize)length, &bad)) return;
  scan->bad = bad;
  for (scan->limit = bad; scan->limit > text && scan->limit[-1] != '\n';) scan->limit--;
}

char *price_scan_too_long(void) { return g_strdup("a line longer than 1 MiB, or a quoted field that is never closed"); }

char *price_scan_never_closed(void) { return g_strdup("a quoted field is never closed (add the closing \")"); }

enum price_scan_state price_scan_fail(price_scan *scan, uint64_t line, int code, char *message) {
  g_free(scan->failure.message);
  scan->failure = (price_failure){line, code, message};
  return PRICE_SCAN_FAILED;
}

static enum price_scan_state fail_bad(price_scan *scan) {
  uint64_t line = scan->next_line;
  for (const char *p = scan->begin; p < scan->bad; p++) line += *p == '\n';
  return price_scan_fail(scan, line, AFT_INPUT_ERROR_VALUE,
                         g_strdup(*scan->bad == '\0' ? "a NUL byte (this is not a text file; save it as CSV in UTF-8)"
                                                     : "a byte that is not UTF-8 (save the file as UTF-8)"));
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static void skip_blank_lines(price_scan *scan) {
  while (scan->begin < scan->limit) {
    const char *p = scan->begin;
    while (is_blank(*p)) p++;
    if (*p != '\n') return;
    scan->begin = p + 1;
    scan->next_line++;
  }
}

/*
 * A quoted field from p, at its opening quote: returns the byte behind the closing quote, or NULL when there is none
 * before limit, where a line end stands.
 */
static const char *split_quoted(const char *p, const char *limit, scan_field *field, uint64_t *n_lines) {
  const char *close = p + 1;
  field->text = p + 1;
  field->is_doubled = false;
  for (;; close += 2) {
    close = memchr(close, '"', (size_t)(limit - close));
    if (close == NULL) return NULL;
    if (close[1] != '"') break;
    field->is_doubled = true;
  }
  field->length = (size_t)(close - field->text);
  for (size_t i = 0; i < field->length; i++) *n_lines += field->text[i] == '\n';
  return close + 1;
}

/* A plain field: returns its delimiter, a comma or a line end. */
static inline const char *split_plain(const char *p, scan_field *field) {
  const char *start = p;
  while (*p != ',' && *p != '\n') p++;
  const char *end = p;
  while (end > start && is_blank(end[-1])) end--;
  while (start < end && (*start == ' ' || *start == '\t')) start++;
  *field = (scan_field){.text = start, .length = (size_t)(end - start)};
  return p;
}

/* Each doubled quote to one, in a place of its own: blocks are read again when a record before them runs on into them. */
static void halve_quotes(price_scan *scan, size_t record_bytes) {
  size_t kept = 0;
  if (record_bytes > scan->unquoted_capacity) {
    scan->unquoted_capacity = record_bytes;
    scan->unquoted = g_realloc(scan->unquoted, record_bytes);
  }
  for (size_t f = 0; f < scan->n_fields; f++) {
    scan_field *field = &scan->fields[f];
    if (!field->is_doubled) continue;
    size_t start = kept;
    for (size_t i = 0; i < field->length; i++) {
      scan->unquoted[kept++] = field->text[i];
      if (field->text[i] == '"') i++;
    }
    *field = (scan_field){.text = scan->unquoted + start, .length = kept - start};
  }
}

static void grow_fields(price_scan *scan) {
  scan->fields_capacity = scan->fields_capacity == 0 ? 16 : scan->fields_capacity * 2;
  scan->fields = g_renew(scan_field, scan->fields, scan->fields_capacity);
}

static enum price_scan_state split_record(price_scan *scan) {
  const char *p = scan->begin, *limit = scan->limit;
  uint64_t n_lines = 1;
  bool is_doubled = false;
  size_t n = 0;
  for (;; p++) {
    if (n == scan->fields_capacity) grow_fields(scan);
    scan_field *field = &scan->fields[n++];
    const char *start = p;
    while (*p == ' ') p++;
    if (*p != '"') {
      p = split_plain(start, field);
    } else {
      p = split_quoted(p, limit, field, &n_lines);
      if (p == NULL) return PRICE_SCAN_OPEN;
      while (*p == ' ' || *p == '\r') p++;
      if (*p != ',' && *p != '\n')
        return price_scan_fail(scan, scan->next_line, AFT_INPUT_ERROR_VALUE,
                               g_strdup("text after a closing quote (double the quotes inside a field)"));
      is_doubled |= field->is_doubled;
    }
    if (*p == '\n') break;
  }
  if (p - scan->begin > PRICE_SCAN_MAX_RECORD_BYTES)
    return price_scan_fail(scan, scan->next_line, AFT_INPUT_ERROR_LIMIT, price_scan_too_long());
  if (scan->next_line > scan->last_line)
    return price_scan_fail(scan, scan->last_line, AFT_INPUT_ERROR_LIMIT,
                           g_strdup("more than 4294967295 lines (split the file)"));
  scan->n_fields = n;
  if (is_doubled) halve_quotes(scan, (size_t)(p - scan->begin));
  scan->line = scan->next_line;
  scan->next_line += n_lines;
  scan->begin = p + 1;
  return PRICE_SCAN_RECORD;
}

enum price_scan_state price_scan_next(price_scan *scan) {
  skip_blank_lines(scan);
  enum price_scan_state state = scan->begin < scan->limit ? split_record(scan) : PRICE_SCAN_END;
  return state != PRICE_SCAN_RECORD && state != PRICE_SCAN_FAILED && scan->bad != NULL ? fail_bad(scan) : state;
}

enum price_scan_state price_scan_next_header(price_scan *scan) {
  for (;;) {
    skip_blank_lines(scan);
    if (scan->begin == scan->limit || *scan->begin != '#') return price_scan_next(scan);
    scan->begin = (const char *)memchr(scan->begin, '\n', (size_t)(scan->limit - scan->begin)) + 1;
    scan->next_line++;
  }
}
