/* Numbers and fields as text. */
#include <aftershock/base/text.h>

#include "decimal_print.h"

#include <errno.h>
#include <limits.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* sign digits [. digits] [e sign digits], at least one digit in the mantissa, to the very end. */
static bool is_decimal(const char *text, size_t length) {
  size_t i = 0, digits = 0;
  if (i < length && (text[i] == '+' || text[i] == '-')) i++;
  for (; i < length && g_ascii_isdigit(text[i]); i++) digits++;
  if (i < length && text[i] == '.')
    for (i++; i < length && g_ascii_isdigit(text[i]); i++) digits++;
  if (digits == 0) return false;
  if (i < length && (text[i] == 'e' || text[i] == 'E')) {
    size_t exponent = 0;
    i++;
    if (i < length && (text[i] == '+' || text[i] == '-')) i++;
    for (; i < length && g_ascii_isdigit(text[i]); i++) exponent++;
    if (exponent == 0) return false;
  }
  return i == length;
}

bool aft_number_parse(const char *text, size_t length, double *value) {
  char buffer[128];
  if (!is_decimal(text, length) || length >= sizeof buffer) return false;
  memcpy(buffer, text, length);
  buffer[length] = '\0';
  double parsed = g_ascii_strtod(buffer, NULL);
  if (!isfinite(parsed)) return false;
  *value = parsed;
  return true;
}

/*
 * The fewest significant digits that read back to the same double. A decimal of at most 15 digits survives the way through a
 * double, so 15 digits find every shorter form too.
 */
static G_GNUC_NO_INLINE size_t write_by_trial(double value, char buffer[AFT_NUMBER_TEXT]) {
  buffer[0] = '\0';
  if (!isfinite(value)) return 0;
  if (value == 0) value = 0;                                        /* no "-0" */
  static const char *const formats[] = {"%.15g", "%.16g", "%.17g"}; /* %g cuts trailing zeros itself */
  for (size_t i = 0; i < G_N_ELEMENTS(formats); i++) {
    g_ascii_formatd(buffer, AFT_NUMBER_TEXT, formats[i], value);
    if (i + 1 < G_N_ELEMENTS(formats) && g_ascii_strtod(buffer, NULL) == value) break; /* 17 digits always read back */
  }
  return strlen(buffer);
}

size_t aft_number_write(double value, char buffer[AFT_NUMBER_TEXT]) {
  const char *end = decimal_print(value, buffer);
  return end != NULL ? (size_t)(end - buffer) : write_by_trial(value, buffer);
}

char *aft_number_print(double value, char buffer[AFT_NUMBER_TEXT]) {
  aft_number_write(value, buffer);
  return buffer;
}

void aft_number_append(GString *out, double value) {
  char buffer[AFT_NUMBER_TEXT];
  g_string_append_len(out, buffer, (gssize)aft_number_write(value, buffer));
}

/* Bytes of the text before the first separator, quote or line end. */
static size_t count_plain(const char *text) {
  size_t n = 0;
  while (text[n] != '\0' && text[n] != ',' && text[n] != '"' && text[n] != '\r' && text[n] != '\n') n++;
  return n;
}

/* Of a text of length >= 1: whether it would be run by a spreadsheet, and whether RFC 4180 asks for quotes. */
static bool needs_guard(const char *text, size_t length) {
  double ignored;
  return strchr("=+-@\t\r", text[0]) != NULL && !aft_number_parse(text, length, &ignored);
}

static bool needs_quote(const char *text, size_t n_plain) {
  return text[n_plain] != '\0' || text[0] == ' ' || text[n_plain - 1] == ' ';
}

ptrdiff_t aft_csv_copy(const char *text, char *out, size_t room) {
  enum { ENDS = 1, GUARDED = 2 }; /* a field cannot go on with it as it is; it cannot begin with it */
  static const unsigned char kinds[UCHAR_MAX + 1] = {
      ['\0'] = ENDS,   [','] = ENDS,    ['"'] = ENDS,    ['\n'] = ENDS,    ['\r'] = ENDS | GUARDED, ['='] = GUARDED,
      ['+'] = GUARDED, ['-'] = GUARDED, ['@'] = GUARDED, ['\t'] = GUARDED, [' '] = GUARDED};
  size_t n = 0;
  for (; n < room && (kinds[(unsigned char)text[n]] & ENDS) == 0; n++) out[n] = text[n];
  if (n == room || text[n] != '\0') return -1;
  if (n > 0 && (text[n - 1] == ' ' || (kinds[(unsigned char)text[0]] & GUARDED) != 0)) return -1;
  return (ptrdiff_t)n;
}

void aft_csv_append(GString *out, const char *text) {
  if (text[0] == '\0') return;
  bool quote = needs_quote(text, count_plain(text)), guard = needs_guard(text, strlen(text));
  if (quote) g_string_append_c(out, '"');
  if (guard) g_string_append_c(out, '\'');
  for (const char *p = text; *p != '\0'; p++) {
    if (*p == '"') g_string_append_c(out, '"');
    g_string_append_c(out, *p);
  }
  if (quote) g_string_append_c(out, '"');
}

/* Edit distance with adjacent swaps, case ignored; both words shorter than 64 bytes. */
static size_t edit_distance(const char *a, const char *b) {
  size_t rows[3][65];
  size_t n = strlen(a), m = strlen(b);
  for (size_t j = 0; j <= m; j++) rows[1][j] = j;
  for (size_t i = 1; i <= n; i++) {
    size_t *now = rows[(i + 1) % 3], *before = rows[i % 3], *earlier = rows[(i + 2) % 3];
    now[0] = i;
    for (size_t j = 1; j <= m; j++) {
      size_t cost = g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 1]) ? 0 : 1;
      size_t best = MIN(before[j] + 1, MIN(now[j - 1] + 1, before[j - 1] + cost));
      if (i > 1 && j > 1 && g_ascii_tolower(a[i - 1]) == g_ascii_tolower(b[j - 2]) &&
          g_ascii_tolower(a[i - 2]) == g_ascii_tolower(b[j - 1]))
        best = MIN(best, earlier[j - 2] + 1);
      now[j] = best;
    }
  }
  return rows[(n + 1) % 3][m];
}

const char *aft_text_find_closest(const char *word, const char *const *names) {
  const char *closest = NULL;
  size_t length = strlen(word), best = MAX(length / 3, 1) + 1; /* must be nearer than this */
  if (length >= 64) return NULL;
  for (; *names != NULL; names++) {
    if (strlen(*names) >= 64) continue;
    size_t distance = edit_distance(word, *names);
    if (distance < best) {
      best = distance;
      closest = *names;
    }
  }
  return closest;
}

char **aft_text_copy_list(const char *const *list) {
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (; *list != NULL; list++) g_strv_builder_add(builder, *list);
  return g_strv_builder_end(builder);
}

const char *aft_text_cut_unit(char *name) {
  size_t length = strlen(name);
  if (length < 3 || (name[length - 1] != ')' && name[length - 1] != ']')) return "";
  char *open = strrchr(name, name[length - 1] == ')' ? '(' : '[');
  if (open == NULL || open == name) return "";
  name[length - 1] = '\0';
  *open = '\0';
  g_strchomp(name);
  return g_strstrip(open + 1);
}

/* As signed bytes all of ASCII but NUL is above 0. */
bool aft_text_is_ascii(const char *text, size_t length) {
  typedef signed char bytes __attribute__((vector_size(16)));
  bytes good = ~(bytes){0}, word;
  size_t i = 0;
  for (; i + 2 * sizeof word <= length; i += 2 * sizeof word) {
    memcpy(&word, text + i, sizeof word);
    good &= word > 0;
    memcpy(&word, text + i + sizeof word, sizeof word);
    good &= word > 0;
  }
  bool is_good = true;
  for (size_t k = 0; k < sizeof good; k++) is_good = is_good && good[k] != 0;
  for (; i < length; i++) is_good = is_good && (signed char)text[i] > 0;
  return is_good;
}
