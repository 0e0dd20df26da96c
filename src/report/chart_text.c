/* Text and numbers as the charts show them, and the TSV blocks that carry them to gnuplot. */
#include "report/chart.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/clock.h>
#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

chart_block chart_block_begin(GString *out, const char *name, const char *columns) {
  if (out->len > 0) g_string_append(out, "\n\n");
  g_string_append_printf(out, "# %s: %s\n", name, columns);
  int n = 1;
  for (const char *p = columns; *p != '\0'; p++)
    if (*p == ' ') n++;
  return (chart_block){.out = out, .start = out->len, .n_columns = n};
}

void chart_block_end(const chart_block *block) {
  if (block->out->len > block->start) return;
  for (int i = 0; i < block->n_columns; i++) g_string_append(block->out, i == 0 ? "NaN" : "\tNaN");
  g_string_append_c(block->out, '\n');
}

void chart_write_block(GString *out, const char *name, const char *columns, const GString *rows) {
  chart_block block = chart_block_begin(out, name, columns);
  g_string_append_len(out, rows->str, (gssize)rows->len);
  chart_block_end(&block);
}

void chart_row_append(GString *out, const double *values, size_t n, const char *text) {
  for (size_t i = 0; i < n; i++) {
    if (i > 0) g_string_append_c(out, '\t');
    if (isfinite(values[i]))
      aft_number_append(out, values[i]);
    else
      g_string_append(out, "NaN");
  }
  if (text != NULL) {
    g_string_append_c(out, '\t');
    chart_text_append(out, text, CHART_MAX_TEXT);
  }
  g_string_append_c(out, '\n');
}

/* What is drawn for a character: itself, a blank, or a look-alike without a meaning in gnuplot's data files. */
static gunichar safe_character(gunichar c) {
  if (c == '\\') return 0x2216;
  if (c == '"') return 0x201D;
  if (!g_unichar_isprint(c) || g_unichar_isspace(c) || g_unichar_type(c) == G_UNICODE_FORMAT) return ' ';
  return c;
}

void chart_text_append(GString *out, const char *text, size_t max_chars) {
  g_autofree char *valid = g_utf8_make_valid(text, -1);
  g_autoptr(GString) clean = g_string_new(NULL);
  for (const char *p = valid; *p != '\0'; p = g_utf8_find_next_char(p, NULL)) {
    gunichar c = safe_character(g_utf8_get_char(p));
    if (c == ' ' && (clean->len == 0 || clean->str[clean->len - 1] == ' ')) continue;
    g_string_append_unichar(clean, c);
  }
  g_strchomp(clean->str);
  if (clean->str[0] == '\0') g_string_assign(clean, "-");
  if ((size_t)g_utf8_strlen(clean->str, -1) > max_chars) {
    char *end = g_utf8_offset_to_pointer(clean->str, (glong)max_chars - 1);
    while (end > clean->str && end[-1] == ' ') end--;
    *end = '\0';
    g_string_append_printf(out, "%s…", clean->str);
    return;
  }
  g_string_append(out, clean->str);
}

char *chart_text_cut(const char *text, size_t max_chars) {
  GString *out = g_string_new(NULL);
  chart_text_append(out, text, max_chars);
  return g_string_free(out, FALSE);
}

double chart_text_width(const char *text) {
  double n = 0;
  for (const char *p = text; *p != '\0'; p = g_utf8_find_next_char(p, NULL))
    n += g_unichar_iswide(g_utf8_get_char(p)) ? 2 : 1;
  return n * CHART_CHAR;
}

char *chart_text_fit(const char *text, double pixels) {
  size_t most = MAX((size_t)fmax(pixels / CHART_CHAR, 0), 3);
  char *cut = chart_text_cut(text, most);
  while (most > 3 && chart_text_width(cut) > pixels) {
    g_free(cut);
    cut = chart_text_cut(text, --most);
  }
  return cut;
}

char *chart_decimal(double value, int digits, char buffer[CHART_NUMBER]) {
  char plain[CHART_NUMBER], format[16];
  if (!isfinite(value)) {
    g_strlcpy(buffer, "n/a", CHART_NUMBER);
    return buffer;
  }
  g_snprintf(format, sizeof format, "%%.%d%c", digits, fabs(value) < 1e15 ? 'f' : 'e');
  g_ascii_formatd(plain, sizeof plain, format, value);
  bool zero = strspn(plain, "-0.") == strlen(plain);
  const char *digits_start = plain[0] == '-' ? plain + 1 : plain;
  g_snprintf(buffer, CHART_NUMBER, "%s%s", plain[0] == '-' && !zero ? "−" : "", digits_start);
  return buffer;
}

char *chart_percent(double fraction, int digits, char buffer[CHART_NUMBER]) {
  char number[CHART_NUMBER];
  chart_decimal(100 * fraction, digits, number);
  bool positive = isfinite(fraction) && fraction > 0 && strspn(number, "0.") != strlen(number);
  g_snprintf(buffer, CHART_NUMBER, "%s%s%s", positive ? "+" : "", number, isfinite(fraction) ? " %" : "");
  return buffer;
}

int chart_names_index(GPtrArray *names, const char *name) {
  for (guint i = 0; i < names->len; i++)
    if (strcmp((const char *)g_ptr_array_index(names, i), name) == 0) return (int)i;
  g_ptr_array_add(names, g_strdup(name));
  return (int)names->len - 1;
}

char *chart_day_label(const char *iso) {
  static const char *const months[] = {"Jan", "Feb", "Mar", "Apr", "May", "Jun",
                                       "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"};
  aft_day day;
  if (!aft_day_parse(iso, strlen(iso), &day)) return g_strdup(iso);
  int year, month, day_of_month;
  aft_day_to_ymd(day, &year, &month, &day_of_month);
  return g_strdup_printf("%d %s", day_of_month, months[month - 1]);
}

char *chart_move(double fraction) {
  char number[CHART_NUMBER];
  if (isnan(fraction)) return g_strdup("moved by an unknown amount");
  if (fabs(fraction) < 0.0005) return g_strdup("did not move");
  return g_strdup_printf("%s %s %%", fraction < 0 ? "fell" : "rose", chart_decimal(fabs(100 * fraction), 1, number));
}
