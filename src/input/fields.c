/* Columns and fields of the small CSV tables. */
#include "fields.h"

#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <math.h>
#include <stdarg.h>
#include <string.h>

#include <aftershock/base/banned.h>

bool input_fail(const char *file, long line, int code, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  g_set_error(error, AFT_INPUT_ERROR, code, "%s:%ld: %s", file, line, message);
  return false;
}

int input_find_optional(const aft_csv *csv, const char *name) {
  int exact = aft_csv_find(csv, name);
  for (int c = 0; exact < 0 && c < aft_csv_n_columns(csv); c++)
    if (g_ascii_strcasecmp(aft_csv_name(csv, c), name) == 0) return c;
  return exact;
}

bool input_find_column(const aft_csv *csv, const char *name, int *column, GError **error) {
  *column = input_find_optional(csv, name);
  if (*column >= 0) return true;
  g_autoptr(GStrvBuilder) builder = g_strv_builder_new();
  for (int c = 0; c < aft_csv_n_columns(csv); c++) g_strv_builder_add(builder, aft_csv_name(csv, c));
  g_auto(GStrv) names = g_strv_builder_end(builder);
  g_autofree char *found = g_strjoinv(", ", names);
  const char *closest = aft_text_find_closest(name, (const char *const *)names);
  bool one = g_strv_length(names) == 1 && strpbrk(names[0], ";\t|") != NULL; /* columns that something else separates */
  g_autofree char *advice = one               ? g_strdup(" (separate the columns by commas)")
                            : closest != NULL ? g_strdup_printf(" (rename \"%s\")", closest)
                                              : g_strdup("");
  return input_fail(aft_csv_path(csv), aft_csv_line(csv), AFT_INPUT_ERROR_COLUMN, error,
                    "no column \"%s\"; found: %s%s", name, found, advice);
}

bool input_read_day(const aft_csv *csv, const char *const *fields, int column, aft_day *day, GError **error) {
  const char *text = fields[column];
  if (aft_day_parse(text, strlen(text), day)) return true;
  return input_fail(aft_csv_path(csv), aft_csv_line(csv), AFT_INPUT_ERROR_VALUE, error,
                    "%s \"%s\" is not a date (write YYYY-MM-DD)", aft_csv_name(csv, column), text);
}

bool input_is_missing(const char *text) {
  return *text == '\0' || strcmp(text, ".") == 0 || g_ascii_strcasecmp(text, "na") == 0 ||
         g_ascii_strcasecmp(text, "nan") == 0 || g_ascii_strcasecmp(text, "null") == 0;
}

bool input_parse_number(const char *file, long line, const char *name, const char *text, double *value,
                        GError **error) {
  if (input_is_missing(text)) {
    *value = (double)NAN;
    return true;
  }
  if (aft_number_parse(text, strlen(text), value)) return true;
  const char *comma = strchr(text, ',');
  const char *advice = comma == NULL               ? ""
                       : strchr(text, '.') != NULL ? " (remove the thousands separator)"
                                                   : " (use a point)";
  return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error, "%s \"%s\" is not a number%s", name, text, advice);
}

bool input_read_number(const aft_csv *csv, const char *const *fields, int column, double *value, GError **error) {
  return input_parse_number(aft_csv_path(csv), aft_csv_line(csv), aft_csv_name(csv, column), fields[column], value,
                            error);
}

char *input_judge_name(const char *what, const char *name, int *code) {
  *code = AFT_INPUT_ERROR_VALUE;
  if (*name == '\0') return g_strdup_printf("%s is empty", what);
  if (strlen(name) > INPUT_MAX_NAME) {
    *code = AFT_INPUT_ERROR_LIMIT;
    return g_strdup_printf("%s is longer than %d bytes", what, INPUT_MAX_NAME);
  }
  for (const char *p = name; *p != '\0'; p++)
    if (g_ascii_iscntrl(*p)) return g_strdup_printf("%s holds a control character", what);
  return NULL;
}

bool input_check_name(const char *file, long line, const char *what, const char *name, GError **error) {
  int code;
  g_autofree char *problem = input_judge_name(what, name, &code);
  return problem == NULL || input_fail(file, line, code, error, "%s", problem);
}

bool input_names_sample(const char *group) { return strcmp(group, "all") == 0 || g_str_has_prefix(group, "event:"); }

GHashTable *input_days_new(void) { return g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL); }

long input_note_day(GHashTable *seen, const char *symbol, aft_day day, long line) {
  char *key = g_strdup_printf("%d %s", day, symbol);
  long first = (long)GPOINTER_TO_SIZE(g_hash_table_lookup(seen, key));
  g_hash_table_insert(seen, key, GSIZE_TO_POINTER((gsize)line));
  return first;
}
