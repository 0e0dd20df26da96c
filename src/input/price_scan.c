/* Blocks of bytes into records of fields. */
#include "price_scan.h"

#include "fields.h"

#include <aftershock/base/error.h>
#include <aftershock/input/error.h>

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <aftershock/base/banned.h>

static bool fail_errno(const char *path, GError **error) {
  int code = errno;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: cannot be read: %s", path, g_strerror(code));
  return false;
}

bool price_scan_open(price_scan *scan, const price_source *source, GError **error) {
  struct stat info;
  *scan = (price_scan){.source = *source, .fd = -1, .bad = SIZE_MAX, .next_line = 1};
  if (source->bytes != NULL) return true;
  scan->fd = strcmp(source->path, "-") == 0 ? dup(STDIN_FILENO) : open(source->path, O_RDONLY | O_CLOEXEC);
  if (scan->fd < 0) return fail_errno(source->path, error);
  if (fstat(scan->fd, &info) != 0) return fail_errno(source->path, error);
  if (!S_ISDIR(info.st_mode)) return true;
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_IO, "%s: is a folder, not a file", source->path);
  return false;
}

void price_scan_clear(price_scan *scan) {
  if (scan->fd >= 0) close(scan->fd);
  scan->fd = -1;
  g_free(scan->buffer);
  g_free(scan->fields);
  scan->buffer = NULL;
  scan->fields = NULL;
}

/* size bytes into target, fewer only at the end; negative with errno set. A pipe gives small pieces: they are collected. */
static ssize_t read_block(price_scan *scan, char *target, size_t size) {
  size_t filled = 0;
  if (scan->fd < 0) {
    filled = MIN(size, scan->source.n_bytes);
    memcpy(target, scan->source.bytes, filled);
    scan->source.bytes += filled;
    scan->source.n_bytes -= filled;
  }
  while (scan->fd >= 0 && filled < size) {
    ssize_t got = read(scan->fd, target + filled, size - filled);
    if (got < 0 && errno == EINTR) continue;
    if (got < 0) return got;
    if (got == 0) break;
    filled += (size_t)got;
  }
  return (ssize_t)filled;
}

static bool is_ascii_without_nul(const char *text, size_t length) {
  uint64_t high = 0;
  size_t i = 0;
  for (; i + sizeof high <= length; i += sizeof high) {
    uint64_t word;
    memcpy(&word, text + i, sizeof word);
    high |= word;
  }
  for (; i < length; i++) high |= (unsigned char)text[i];
  return (high & UINT64_C(0x8080808080808080)) == 0 && memchr(text, '\0', length) == NULL;
}

/* Moves limit behind the last whole line that is text; what stands before checked is known to be. */
static void find_limit(price_scan *scan) {
  const char *buffer = scan->buffer, *bad;
  size_t limit = scan->end;
  while (limit > scan->checked && buffer[limit - 1] != '\n') limit--;
  size_t length = limit - scan->checked;
  scan->limit = limit;
  if (!is_ascii_without_nul(buffer + scan->checked, length) &&
      !g_utf8_validate(buffer + scan->checked, (gssize)length, &bad)) {
    scan->bad = (size_t)(bad - buffer);
    for (limit = scan->bad; limit > scan->checked && buffer[limit - 1] != '\n';) limit--;
    scan->limit = limit;
  }
  scan->checked = scan->limit;
}

/* Moves what is left to the front of the buffer and reads one block behind it. At the end of the bytes the last line is ended. */
static bool refill(price_scan *scan, GError **error) {
  size_t kept = scan->end - scan->begin, wanted = kept + scan->source.block_bytes + 1;
  if (kept > 0) memmove(scan->buffer, scan->buffer + scan->begin, kept);
  scan->limit -= scan->begin;
  scan->checked -= scan->begin;
  scan->begin = 0;
  scan->end = kept;
  if (wanted > scan->capacity) {
    scan->capacity = wanted + scan->capacity / 2;
    scan->buffer = g_realloc(scan->buffer, scan->capacity);
  }
  ssize_t got = read_block(scan, scan->buffer + kept, scan->source.block_bytes);
  if (got < 0) return fail_errno(scan->source.path, error);
  scan->end += (size_t)got;
  if (got == 0) {
    scan->at_end = true;
    if (kept > 0 && scan->buffer[kept - 1] != '\n') scan->buffer[scan->end++] = '\n';
  }
  find_limit(scan);
  return true;
}

static const char too_long[] = "a line longer than 1 MiB, or a quoted field that is never closed";

static enum price_scan_state fail(const price_scan *scan, uint64_t line, int code, const char *message,
                                  GError **error) {
  input_fail(scan->source.path, (long)MIN(line, UINT32_MAX), code, error, "%s", message);
  return PRICE_SCAN_FAILED;
}

static uint64_t line_of(const price_scan *scan, size_t offset) {
  uint64_t line = scan->next_line;
  for (size_t i = scan->begin; i < offset; i++) line += scan->buffer[i] == '\n';
  return line;
}

/* More bytes behind the whole lines that are used up. is_open: the record at begin runs on behind them. */
static enum price_scan_state load_more(price_scan *scan, bool is_open, GError **error) {
  size_t left = scan->end - scan->begin;
  if (scan->bad != SIZE_MAX)
    return fail(scan, line_of(scan, scan->bad), AFT_INPUT_ERROR_VALUE,
                scan->buffer[scan->bad] == '\0' ? "a NUL byte (this is not a text file; save it as CSV in UTF-8)"
                                                : "a byte that is not UTF-8 (save the file as UTF-8)",
                error);
  if (left > PRICE_SCAN_MAX_RECORD_BYTES) return fail(scan, scan->next_line, AFT_INPUT_ERROR_LIMIT, too_long, error);
  if (scan->at_end && is_open)
    return fail(scan, scan->next_line, AFT_INPUT_ERROR_VALUE, "a quoted field is never closed (add the closing \")",
                error);
  if (scan->at_end) return PRICE_SCAN_END;
  return refill(scan, error) ? PRICE_SCAN_RECORD : PRICE_SCAN_FAILED;
}

static bool is_blank(char c) { return c == ' ' || c == '\t' || c == '\r'; }

static void skip_blank_lines(price_scan *scan) {
  while (scan->begin < scan->limit) {
    const char *p = scan->buffer + scan->begin;
    while (is_blank(*p)) p++;
    if (*p != '\n') return;
    scan->begin = (size_t)(p + 1 - scan->buffer);
    scan->next_line++;
  }
}

/*
 * A quoted field from p, at its opening quote: returns the byte behind the closing quote, or NULL when there is none
 * before limit, where a line end stands.
 */
static char *split_quoted(char *p, const char *limit, scan_field *field, uint64_t *n_lines) {
  char *close = p + 1;
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
static inline char *split_plain(char *p, scan_field *field) {
  char *start = p;
  while (*p != ',' && *p != '\n') p++;
  char *end = p;
  while (end > start && is_blank(end[-1])) end--;
  while (start < end && (*start == ' ' || *start == '\t')) start++;
  *field = (scan_field){.text = start, .length = (size_t)(end - start)};
  return p;
}

/* Each doubled quote to one, in place: only once the record is whole, because an open one is split again. */
static void halve_quotes(scan_field *field) {
  size_t kept = 0;
  for (size_t i = 0; i < field->length; i++) {
    field->text[kept++] = field->text[i];
    if (field->text[i] == '"') i++;
  }
  field->length = kept;
  field->is_doubled = false;
}

static void grow_fields(price_scan *scan) {
  scan->fields_capacity = scan->fields_capacity == 0 ? 16 : scan->fields_capacity * 2;
  scan->fields = g_renew(scan_field, scan->fields, scan->fields_capacity);
}

/* RECORD; END when the record is open at limit; FAILED. */
static enum price_scan_state split_record(price_scan *scan, GError **error) {
  char *p = scan->buffer + scan->begin;
  const char *limit = scan->buffer + scan->limit;
  uint64_t n_lines = 1;
  bool is_doubled = false;
  size_t n = 0;
  for (;; p++) {
    if (n == scan->fields_capacity) grow_fields(scan);
    scan_field *field = &scan->fields[n++];
    char *start = p;
    while (*p == ' ') p++;
    if (*p != '"') {
      p = split_plain(start, field);
    } else {
      p = split_quoted(p, limit, field, &n_lines);
      if (p == NULL) return PRICE_SCAN_END;
      while (*p == ' ' || *p == '\r') p++;
      if (*p != ',' && *p != '\n')
        return fail(scan, scan->next_line, AFT_INPUT_ERROR_VALUE,
                    "text after a closing quote (double the quotes inside a field)", error);
      is_doubled |= field->is_doubled;
    }
    if (*p == '\n') break;
  }
  size_t next = (size_t)(p + 1 - scan->buffer);
  if (next - 1 - scan->begin > PRICE_SCAN_MAX_RECORD_BYTES)
    return fail(scan, scan->next_line, AFT_INPUT_ERROR_LIMIT, too_long, error);
  if (scan->next_line > UINT32_MAX)
    return fail(scan, scan->next_line, AFT_INPUT_ERROR_LIMIT, "more than 4294967295 lines (split the file)", error);
  for (size_t i = 0; is_doubled && i < n; i++)
    if (scan->fields[i].is_doubled) halve_quotes(&scan->fields[i]);
  scan->n_fields = n;
  scan->line = (uint32_t)scan->next_line;
  scan->next_line += n_lines;
  scan->begin = next;
  return PRICE_SCAN_RECORD;
}

enum price_scan_state price_scan_next(price_scan *scan, GError **error) {
  for (;;) {
    bool is_open = false;
    skip_blank_lines(scan);
    if (scan->begin < scan->limit) {
      enum price_scan_state state = split_record(scan, error);
      if (state != PRICE_SCAN_END) return state;
      is_open = true;
    }
    enum price_scan_state state = load_more(scan, is_open, error);
    if (state != PRICE_SCAN_RECORD) return state;
  }
}

enum price_scan_state price_scan_next_header(price_scan *scan, GError **error) {
  bool is_start = true;
  for (;;) {
    while (scan->begin >= scan->limit) {
      enum price_scan_state state = load_more(scan, false, error);
      if (state != PRICE_SCAN_RECORD) return state;
    }
    if (is_start && scan->limit >= 3 && memcmp(scan->buffer, "\xEF\xBB\xBF", 3) == 0) scan->begin = 3;
    is_start = false;
    skip_blank_lines(scan);
    if (scan->begin >= scan->limit) continue;
    if (scan->buffer[scan->begin] != '#') return price_scan_next(scan, error);
    const char *end = memchr(scan->buffer + scan->begin, '\n', scan->limit - scan->begin);
    scan->begin = (size_t)(end + 1 - scan->buffer);
    scan->next_line++;
  }
}
