/* Numbers, dates and counts in words: the C locale's digits, a true minus sign, plurals that agree. */
#include "story_words.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

void aft_words_init(aft_words *words) { words->chunk = g_string_chunk_new(4096); }

void aft_words_clear(aft_words *words) { g_clear_pointer(&words->chunk, g_string_chunk_free); }

const char *aft_words_format(aft_words *words, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *text = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return g_string_chunk_insert(words->chunk, text);
}

/* Prints with g_ascii_formatd, drops the sign of a zero, and turns each '-' into a true minus sign. */
static const char *print_number(aft_words *words, const char *format, double value) {
  char digits[64];
  if (!isfinite(value)) return AFT_NO_VALUE;
  g_ascii_formatd(digits, sizeof digits, format, value);
  const char *start = digits;
  if (digits[0] == '-' && strspn(digits + 1, "0.") == strlen(digits + 1)) start++;
  g_autoptr(GString) out = g_string_new(NULL);
  for (; *start != '\0'; start++) {
    if (*start == '-')
      g_string_append(out, AFT_MINUS);
    else
      g_string_append_c(out, *start);
  }
  return g_string_chunk_insert(words->chunk, out->str);
}

const char *aft_words_fixed(aft_words *words, double value, int decimals) {
  static const char *const formats[] = {"%.0f", "%.1f", "%.2f", "%.3f", "%.4f"};
  g_assert(decimals >= 0 && decimals < (int)G_N_ELEMENTS(formats));
  return print_number(words, fabs(value) < 1e9 ? formats[decimals] : "%.4g", value);
}

const char *aft_words_hundredths(aft_words *words, double fraction) {
  return aft_words_fixed(words, fraction * 100, 2);
}

const char *aft_words_percent(aft_words *words, double fraction) {
  if (!isfinite(fraction)) return AFT_NO_VALUE;
  return aft_words_format(words, "%s" AFT_NBSP "%%", aft_words_hundredths(words, fraction));
}

const char *aft_words_signed_percent(aft_words *words, double fraction) {
  const char *number = aft_words_percent(words, fraction);
  bool has_sign = !(fraction > 0) || strspn(number, "0." AFT_NBSP "%") == strlen(number);
  return has_sign ? number : aft_words_format(words, "+%s", number);
}

const char *aft_words_price(aft_words *words, double price) {
  return fabs(price) < 1 ? print_number(words, "%.4g", price) : aft_words_fixed(words, price, 2);
}

const char *aft_words_p_cell(aft_words *words, double p) {
  if (p == 0) return "< 1e" AFT_MINUS "300";
  return print_number(words, "%#.3g", p);
}

const char *aft_words_p(aft_words *words, double p) {
  if (!isfinite(p)) return "p undefined";
  if (p < 0.001) return "p" AFT_NBSP "<" AFT_NBSP "0.001";
  return aft_words_format(words, "p" AFT_NBSP "=" AFT_NBSP "%s", aft_words_fixed(words, p, 3));
}

const char *aft_words_degrees(aft_words *words, double df) {
  return print_number(words, df == floor(df) ? "%.0f" : "%.1f", df);
}

const char *aft_words_count(aft_words *words, double n) {
  if (!isfinite(n) || fabs(n) >= 1e15) return "an unknown number of";
  g_autofree char *digits = g_strdup_printf("%" G_GINT64_FORMAT, (gint64)fabs(n));
  g_autoptr(GString) out = g_string_new(n < 0 ? AFT_MINUS : "");
  size_t length = strlen(digits);
  for (size_t i = 0; i < length; i++) {
    if (i > 0 && (length - i) % 3 == 0) g_string_append_c(out, ',');
    g_string_append_c(out, digits[i]);
  }
  return g_string_chunk_insert(words->chunk, out->str);
}

const char *aft_words_noun(aft_words *words, double n, const char *one, const char *many) {
  if (n == 0) return aft_words_format(words, "no %s", many);
  return aft_words_format(words, "%s %s", aft_words_count(words, n), n == 1 ? one : many);
}

const char *aft_words_window(aft_words *words, aft_fact_window window) {
  return aft_words_format(words, "[%s, %s]", aft_words_fixed(words, window.first, 0),
                          aft_words_fixed(words, window.last, 0));
}

const char *aft_words_day(aft_words *words, int rel_day) {
  return aft_words_format(words, "day" AFT_NBSP "%s%s", rel_day > 0 ? "+" : "", aft_words_fixed(words, rel_day, 0));
}

const char *aft_words_over(aft_words *words, aft_fact_window window, bool begins) {
  if (window.first == window.last)
    return aft_words_format(words, "%s %s", begins ? "On" : "on", aft_words_day(words, window.first));
  return aft_words_format(words, "%s %s", begins ? "Over" : "over", aft_words_window(words, window));
}

const char *aft_words_join(aft_words *words, const GPtrArray *names, guint most) {
  g_autoptr(GString) out = g_string_new(NULL);
  guint shown = names->len > most ? most : names->len;
  for (guint i = 0; i < shown; i++) {
    bool is_last = i + 1 == names->len;
    if (i > 0) g_string_append(out, is_last ? " and " : ", ");
    g_string_append(out, g_ptr_array_index(names, i));
  }
  if (shown < names->len) g_string_append_printf(out, " and %s more", aft_words_count(words, names->len - shown));
  return g_string_chunk_insert(words->chunk, out->str);
}

const char *aft_words_time(aft_words *words, const char *iso) {
  char *text = g_string_chunk_insert(words->chunk, iso);
  if (strlen(text) > 10 && text[10] == 'T') text[10] = ' ';
  return text;
}

const char *aft_words_sample(aft_words *words, const char *group) {
  if (strcmp(group, "all") == 0) return "all events";
  if (!g_str_has_prefix(group, "event:")) return aft_words_format(words, "group %s", group);
  const char *event = group + strlen("event:"), *slash = strchr(event, '/');
  if (slash == NULL) return aft_words_format(words, "story %s", event);
  return aft_words_format(words, "story %.*s, group %s", (int)(slash - event), event, slash + 1);
}

const char *aft_words_sample_cell(aft_words *words, const char *group) {
  if (!g_str_has_prefix(group, "event:")) return g_string_chunk_insert(words->chunk, group);
  const char *event = group + strlen("event:"), *slash = strchr(event, '/');
  if (slash == NULL) return g_string_chunk_insert(words->chunk, event);
  return aft_words_format(words, "%.*s: %s", (int)(slash - event), event, slash + 1);
}

const char *aft_words_shell(aft_words *words, const char *text) {
  size_t plain = strspn(text, "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789._/+,:@%-");
  if (text[0] != '\0' && text[0] != '-' && text[plain] == '\0') return g_string_chunk_insert(words->chunk, text);
  g_autofree char *quoted = g_shell_quote(text);
  return aft_words_format(words, "%s%s", text[0] == '-' ? "./" : "", quoted);
}
