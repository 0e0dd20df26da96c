/* Daily factors. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* A fraction larger than this in size is taken for an undeclared percentage. */
#define LARGEST_FRACTION 1.0
#define LARGEST_SPREAD 0.1
#define LARGEST_RATE 0.005
enum { MIN_FOR_SPREAD = 20 };

/* The publisher's codes for a missing value. */
static bool is_missing_code(double value) { return value == -99.99 || value == -999; }

/* Names are compared in lower case, and the usual spellings are brought to one. */
static char *canonical_name(const char *name) {
  static const struct {
    const char *from, *to;
  } spellings[] = {{"mktrf", "mkt_rf"}, {"mkt-rf", "mkt_rf"}, {"umd", "mom"}, {"wml", "mom"}};
  g_autofree char *lower = g_ascii_strdown(name, -1);
  for (size_t i = 0; i < G_N_ELEMENTS(spellings); i++)
    if (strcmp(lower, spellings[i].from) == 0) return g_strdup(spellings[i].to);
  return g_steal_pointer(&lower);
}

static bool is_percent(const char *unit) { return g_ascii_strcasecmp(unit, "percent") == 0 || strcmp(unit, "%") == 0; }

/* Whether a comment line before the header declares `units: percent`. */
static bool comment_says_percent(const char *comment) {
  g_auto(GStrv) lines = g_strsplit(comment, "\n", -1);
  for (char **line = lines; *line != NULL; line++) {
    char *text = g_strstrip(*line);
    if (g_ascii_strncasecmp(text, "units:", 6) == 0 && is_percent(g_strstrip(text + 6))) return true;
  }
  return false;
}

typedef struct reading {
  aft_csv *csv;
  int date;
  int n_columns;
  int *column;    /* [n_columns] in the file */
  double *scale;  /* [n_columns] 0.01 for percent */
  char **names;   /* [n_columns] and NULL */
  GArray *days;   /* of aft_day */
  GArray *lines;  /* of long */
  GArray *values; /* of double, row by row */
} reading;

static bool read_header(reading *r, GError **error) {
  bool all_percent = comment_says_percent(aft_csv_comment(r->csv));
  if (!input_find_column(r->csv, "date", &r->date, error)) return false;
  for (int c = 0; c < aft_csv_n_columns(r->csv); c++) {
    const char *unit = aft_csv_unit(r->csv, c);
    if (c == r->date) continue;
    char *name = canonical_name(aft_csv_name(r->csv, c));
    for (int k = 0; k < r->n_columns; k++)
      if (strcmp(r->names[k], name) == 0) {
        input_fail(aft_csv_path(r->csv), aft_csv_line(r->csv), AFT_INPUT_ERROR_COLUMN, error,
                   "column \"%s\" stands twice", name);
        g_free(name);
        return false;
      }
    r->names[r->n_columns] = name;
    r->scale[r->n_columns] = is_percent(unit) || (*unit == '\0' && all_percent) ? 0.01 : 1;
    r->column[r->n_columns++] = c;
  }
  if (r->n_columns == 0)
    return input_fail(aft_csv_path(r->csv), aft_csv_line(r->csv), AFT_INPUT_ERROR_COLUMN, error,
                      "no factor beside the date");
  return true;
}

static bool read_value(const reading *r, const char *const *fields, int k, double *value, GError **error) {
  if (!input_read_number(r->csv, fields, r->column[k], value, error)) return false;
  if (is_missing_code(*value)) *value = (double)NAN;
  if (r->scale[k] == 1 && fabs(*value) > LARGEST_FRACTION)
    return input_fail(
        aft_csv_path(r->csv), aft_csv_line(r->csv), AFT_INPUT_ERROR_VALUE, error,
        "%s %s is more than 100 %% a day; if the file is in percent, say so: name the column \"%s (percent)\" or "
        "begin the file with \"# units: percent\"",
        r->names[k], fields[r->column[k]], r->names[k]);
  *value *= r->scale[k];
  if (fabs(*value) > LARGEST_FRACTION)
    return input_fail(aft_csv_path(r->csv), aft_csv_line(r->csv), AFT_INPUT_ERROR_VALUE, error,
                      "%s %s percent is more than 100 %% a day (check the digits, and the unit of the column)",
                      r->names[k], fields[r->column[k]]);
  return true;
}

static bool read_rows(reading *r, GError **error) {
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(r->csv, &fields, &failure)) {
    aft_day day;
    long line = aft_csv_line(r->csv);
    if (!input_read_day(r->csv, fields, r->date, &day, error)) return false;
    g_array_append_val(r->days, day);
    g_array_append_val(r->lines, line);
    for (int k = 0; k < r->n_columns; k++) {
      double value;
      if (!read_value(r, fields, k, &value, error)) return false;
      g_array_append_val(r->values, value);
    }
  }
  if (failure == NULL) return true;
  g_propagate_error(error, failure);
  return false;
}

/*
 * A column that is no percentage by its largest value may be one by its spread: no factor has a daily standard deviation of 10 %, and no rate
 * is 0.5 % a day. Needs MIN_FOR_SPREAD days to judge.
 */
static bool check_spread(const reading *r, GError **error) {
  for (int k = 0; k < r->n_columns; k++) {
    bool is_rate = strcmp(r->names[k], "rf") == 0;
    double mean = 0, squares = 0;
    guint n = 0;
    for (guint i = 0; i < r->days->len && r->scale[k] == 1; i++) {
      double value = g_array_index(r->values, double, i *(guint)r->n_columns + (guint)k);
      if (isnan(value)) continue;
      double gap = value - mean;
      mean += gap / ++n;
      squares += gap * (value - mean);
    }
    if (n < MIN_FOR_SPREAD) continue;
    if (is_rate ? fabs(mean) <= LARGEST_RATE : sqrt(squares / n) <= LARGEST_SPREAD) continue;
    return input_fail(aft_csv_path(r->csv), 1, AFT_INPUT_ERROR_VALUE, error,
                      "%s looks like percent (%s); if it is, name the column \"%s (percent)\" or begin the file with "
                      "\"# units: percent\"; if not, check it",
                      r->names[k],
                      is_rate ? "more than 0.5 % a day on average" : "a daily standard deviation above 10 %",
                      r->names[k]);
  }
  return true;
}

static int compare_rows(const void *a, const void *b, void *data) {
  const GArray *days = data;
  aft_day x = g_array_index(days, aft_day, *(const guint *)a), y = g_array_index(days, aft_day, *(const guint *)b);
  return x < y ? -1 : x > y ? 1 : *(const guint *)a < *(const guint *)b ? -1 : 1;
}

/* Days in order; one that stands twice is refused. */
static bool sort_rows(const reading *r, aft_factors *out, GError **error) {
  guint n = r->days->len;
  g_autofree guint *order = g_new(guint, MAX(n, 1));
  for (guint i = 0; i < n; i++) order[i] = i;
  g_qsort_with_data(order, (gint)n, sizeof *order, compare_rows, r->days);
  for (guint i = 0; i < n; i++) {
    out->day[i] = g_array_index(r->days, aft_day, order[i]);
    out->line[i] = g_array_index(r->lines, long, order[i]);
    if (i > 0 && out->day[i] == out->day[i - 1]) {
      char day[AFT_DAY_TEXT];
      return input_fail(aft_csv_path(r->csv), out->line[i], AFT_INPUT_ERROR_DUPLICATE, error,
                        "%s stands twice, first on line %ld (keep one)", aft_day_print(out->day[i], day),
                        out->line[i - 1]);
    }
    for (int k = 0; k < r->n_columns; k++)
      out->values[(size_t)k * n + i] = g_array_index(r->values, double, order[i] * (guint)r->n_columns + (guint)k);
  }
  return true;
}

void aft_factors_clear(aft_factors *factors) {
  g_free(factors->path);
  g_strfreev(factors->names);
  g_free(factors->day);
  g_free(factors->line);
  g_free(factors->values);
  memset(factors, 0, sizeof *factors);
}

bool aft_factors_read_csv(aft_factors *factors, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  if (csv == NULL) return false;
  size_t n = (size_t)aft_csv_n_columns(csv);
  reading r = {.csv = csv,
               .column = g_new0(int, n),
               .scale = g_new0(double, n),
               .names = g_new0(char *, n + 1),
               .days = g_array_new(FALSE, FALSE, sizeof(aft_day)),
               .lines = g_array_new(FALSE, FALSE, sizeof(long)),
               .values = g_array_new(FALSE, FALSE, sizeof(double))};
  aft_factors out = {.path = g_strdup(path)};
  bool ok = read_header(&r, error) && read_rows(&r, error) && check_spread(&r, error);
  out.names = r.names;
  if (ok) {
    out.n_days = r.days->len;
    out.n_columns = r.n_columns;
    out.day = g_new(aft_day, MAX(out.n_days, 1));
    out.line = g_new(long, MAX(out.n_days, 1));
    out.values = g_new(double, MAX(r.values->len, 1));
    ok = sort_rows(&r, &out, error);
  }
  g_array_unref(r.days);
  g_array_unref(r.lines);
  g_array_unref(r.values);
  g_free(r.column);
  g_free(r.scale);
  if (!ok) {
    aft_factors_clear(&out);
    return false;
  }
  *factors = out;
  return true;
}
