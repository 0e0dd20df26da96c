/* What providers gave as the text of the files that a study names. */
#include <aftershock/fetch/records.h>

#include <aftershock/base/text.h>

#include <jansson.h>
#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static const char *name_of(const aft_records *records, uint32_t id) { return aft_symbols_name(&records->symbols, id); }

static void append_day(GString *out, aft_day day) {
  char text[AFT_DAY_TEXT];
  g_string_append(out, aft_day_print(day, text));
}

char *aft_records_print_prices(const aft_records *records) {
  GString *out = g_string_new("date,symbol,open,high,low,close,adj_close,volume\n");
  for (guint i = 0; i < records->prices->len; i++) {
    const aft_price_record *row = &g_array_index(records->prices, aft_price_record, i);
    append_day(out, row->day);
    g_string_append_c(out, ',');
    aft_csv_append(out, name_of(records, row->symbol));
    for (size_t c = 0; c < G_N_ELEMENTS(row->value); c++) {
      g_string_append_c(out, ',');
      aft_number_append(out, row->value[c]);
    }
    g_string_append_c(out, '\n');
  }
  return g_string_free(out, FALSE);
}

char *aft_records_print_actions(const aft_records *records) {
  GString *out = g_string_new("date,symbol,kind,value\n");
  for (guint i = 0; i < records->actions->len; i++) {
    const aft_action_record *row = &g_array_index(records->actions, aft_action_record, i);
    append_day(out, row->day);
    g_string_append_c(out, ',');
    aft_csv_append(out, name_of(records, row->symbol));
    g_string_append(out, row->kind == AFT_ACTION_SPLIT ? ",split," : ",dividend,");
    aft_number_append(out, row->value);
    g_string_append_c(out, '\n');
  }
  return g_string_free(out, FALSE);
}

static char *print_long(const aft_records *records, const GArray *rows, const char *header) {
  GString *out = g_string_new(header);
  for (guint i = 0; i < rows->len; i++) {
    const aft_series_record *row = &g_array_index(rows, aft_series_record, i);
    append_day(out, row->day);
    g_string_append_c(out, ',');
    aft_csv_append(out, name_of(records, row->series));
    g_string_append_c(out, ',');
    aft_number_append(out, row->value);
    g_string_append_c(out, '\n');
  }
  return g_string_free(out, FALSE);
}

char *aft_records_print_series(const aft_records *records) {
  return print_long(records, records->series, "date,series,value\n");
}

char *aft_records_print_returns(const aft_records *records) {
  return print_long(records, records->returns, "date,symbol,ret\n");
}

static int compare_rows(const void *a, const void *b) {
  const aft_series_record *x = *(const aft_series_record *const *)a, *y = *(const aft_series_record *const *)b;
  return (x->day > y->day) - (x->day < y->day);
}

/* Rows of one day: its values by column, those of no row NaN. */
static void append_factor_row(GString *out, aft_day day, double *values, guint n) {
  append_day(out, day);
  for (guint c = 0; c < n; c++) {
    g_string_append_c(out, ',');
    aft_number_append(out, values[c]);
    values[c] = (double)NAN;
  }
  g_string_append_c(out, '\n');
}

char *aft_records_print_factors(const aft_records *records) {
  guint n = records->symbols.names->len;
  GString *out = g_string_new("date");
  g_autoptr(GPtrArray) rows = g_ptr_array_new();
  g_autofree double *values = g_new(double, MAX(n, 1));
  for (guint c = 0; c < n; c++) {
    g_string_append_printf(out, ",%s", name_of(records, c));
    values[c] = (double)NAN;
  }
  g_string_append_c(out, '\n');
  for (guint i = 0; i < records->series->len; i++)
    g_ptr_array_add(rows, &g_array_index(records->series, aft_series_record, i));
  g_ptr_array_sort(rows, compare_rows);
  for (guint i = 0; i < rows->len; i++) {
    const aft_series_record *row = g_ptr_array_index(rows, i);
    const aft_series_record *next = i + 1 < rows->len ? g_ptr_array_index(rows, i + 1) : NULL;
    values[row->series] = row->value;
    if (next == NULL || next->day != row->day) append_factor_row(out, row->day, values, n);
  }
  return g_string_free(out, FALSE);
}

static const char *const meanings[] = {[AFT_TIME_PUBLISHED] = "published",
                                       [AFT_TIME_CLAIMED] = "claimed",
                                       [AFT_TIME_ACCEPTED] = "accepted",
                                       [AFT_TIME_FIRST_SEEN] = "first_seen",
                                       [AFT_TIME_SUBMITTED] = "submitted"};
static const char *const precisions[] = {
    [AFT_NEWS_SECOND] = "second", [AFT_NEWS_QUARTER_HOUR] = "quarter_hour", [AFT_NEWS_DAY] = "day"};

static void set_text(json_t *object, const char *key, const char *text) {
  if (*text != '\0') json_object_set_new(object, key, json_string(text));
}

static json_t *article_json(const aft_news_record *article, aft_millis now) {
  char seen[AFT_MILLIS_TEXT];
  json_t *object = json_object(), *symbols = json_array();
  json_object_set_new(object, "id", json_string(article->id));
  json_object_set_new(object, "published", *article->published != '\0' ? json_string(article->published) : json_null());
  json_object_set_new(object, "time_meaning", json_string(meanings[article->meaning]));
  json_object_set_new(object, "time_precision", json_string(precisions[article->precision]));
  set_text(object, "time_field", article->field);
  set_text(object, "timing", article->timing);
  set_text(object, "title", article->title);
  set_text(object, "detail", article->detail);
  set_text(object, "source", article->source);
  set_text(object, "url", article->url);
  for (char **symbol = article->symbols; *symbol != NULL; symbol++)
    json_array_append_new(symbols, json_string(*symbol));
  json_object_set_new(object, "symbols", symbols);
  if (!isnan(article->tone)) json_object_set_new(object, "tone", json_real(article->tone));
  json_object_set_new(object, "first_seen",
                      json_string(aft_millis_print(article->first_seen != 0 ? article->first_seen : now, seen)));
  return object;
}

char *aft_records_print_articles(const aft_records *records, aft_millis now) {
  GString *out = g_string_new(NULL);
  for (guint i = 0; i < records->articles->len; i++) {
    json_t *object = article_json(g_ptr_array_index(records->articles, i), now);
    char *line = json_dumps(object, JSON_COMPACT);
    g_string_append_printf(out, "%s\n", line);
    free(line);
    json_decref(object);
  }
  return g_string_free(out, FALSE);
}
