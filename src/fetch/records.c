/* What providers gave, in one form. */
#include <aftershock/fetch/records.h>

#include <aftershock/base/stamp.h>

#include <math.h>
#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void clear_source(void *data) {
  aft_source_record *source = data;
  char *const texts[] = {source->url, source->digest, source->etag, source->last_modified};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
}

static void free_article(void *data) { aft_news_record_free(data); }

void aft_records_init(aft_records *records) {
  *records = (aft_records){.prices = g_array_new(FALSE, FALSE, sizeof(aft_price_record)),
                           .actions = g_array_new(FALSE, FALSE, sizeof(aft_action_record)),
                           .returns = g_array_new(FALSE, FALSE, sizeof(aft_series_record)),
                           .series = g_array_new(FALSE, FALSE, sizeof(aft_series_record)),
                           .articles = g_ptr_array_new_with_free_func(free_article),
                           .ids = g_hash_table_new(g_str_hash, g_str_equal),
                           .sources = g_array_new(FALSE, FALSE, sizeof(aft_source_record)),
                           .notes = g_ptr_array_new_with_free_func(g_free)};
  aft_symbols_init(&records->symbols);
  g_array_set_clear_func(records->sources, clear_source);
}

void aft_records_clear(aft_records *records) {
  aft_symbols_clear(&records->symbols);
  g_hash_table_unref(records->ids);
  g_ptr_array_unref(records->articles);
  g_ptr_array_unref(records->notes);
  GArray *const arrays[] = {records->prices, records->actions, records->returns, records->series, records->sources};
  for (size_t i = 0; i < G_N_ELEMENTS(arrays); i++) g_array_unref(arrays[i]);
  *records = (aft_records){0};
}

void aft_records_drop_rows(aft_records *records) {
  g_array_set_size(records->prices, 0);
  g_array_set_size(records->returns, 0);
}

aft_price_record *aft_records_add_price(aft_records *records, const char *symbol, aft_day day) {
  aft_price_record row = {.symbol = aft_symbols_add(&records->symbols, symbol, strlen(symbol)), .day = day};
  for (size_t i = 0; i < G_N_ELEMENTS(row.value); i++) row.value[i] = (double)NAN;
  g_array_append_val(records->prices, row);
  return &g_array_index(records->prices, aft_price_record, records->prices->len - 1);
}

void aft_records_add_action(aft_records *records, const char *symbol, aft_day day, enum aft_action_kind kind,
                            double value) {
  aft_action_record row = {aft_symbols_add(&records->symbols, symbol, strlen(symbol)), day, kind, value};
  g_array_append_val(records->actions, row);
}

void aft_records_add_value(aft_records *records, const char *series, aft_day day, double value) {
  aft_series_record row = {aft_symbols_add(&records->symbols, series, strlen(series)), day, value};
  g_array_append_val(records->series, row);
}

void aft_records_add_return(aft_records *records, const char *symbol, aft_day day, double value) {
  aft_series_record row = {aft_symbols_add(&records->symbols, symbol, strlen(symbol)), day, value};
  g_array_append_val(records->returns, row);
}

aft_news_record *aft_news_record_new(void) {
  aft_news_record *article = g_new0(aft_news_record, 1);
  char **const texts[] = {&article->id,     &article->published, &article->field,  &article->title,
                          &article->source, &article->url,       &article->detail, &article->timing};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) *texts[i] = g_strdup("");
  article->symbols = g_new0(char *, 1);
  article->tone = (double)NAN;
  return article;
}

void aft_news_record_free(aft_news_record *article) {
  if (article == NULL) return;
  char *const texts[] = {article->id,     article->published, article->field,  article->title,
                         article->source, article->url,       article->detail, article->timing};
  for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) g_free(texts[i]);
  g_strfreev(article->symbols);
  g_free(article);
}

bool aft_records_add_article(aft_records *records, aft_news_record *article) {
  if (g_hash_table_contains(records->ids, article->id)) {
    aft_news_record_free(article);
    return false;
  }
  g_hash_table_add(records->ids, article->id);
  g_ptr_array_add(records->articles, article);
  return true;
}

/* ---- order */

static int compare_days(aft_day a, aft_day b) { return (a > b) - (a < b); }

/* Names in order of first appearance, so that a file has the symbols as they were asked for. */
static int compare_prices(const void *a, const void *b) {
  const aft_price_record *x = a, *y = b;
  return x->symbol != y->symbol ? (x->symbol > y->symbol) - (x->symbol < y->symbol) : compare_days(x->day, y->day);
}

static int compare_actions(const void *a, const void *b) {
  const aft_action_record *x = a, *y = b;
  return x->symbol != y->symbol ? (x->symbol > y->symbol) - (x->symbol < y->symbol) : compare_days(x->day, y->day);
}

static int compare_series(const void *a, const void *b) {
  const aft_series_record *x = a, *y = b;
  return x->series != y->series ? (x->series > y->series) - (x->series < y->series) : compare_days(x->day, y->day);
}

/* The instant that an article is ordered by; a day counts from its beginning, an unknown time is behind all others. */
static aft_millis order_of(const aft_news_record *article) {
  aft_stamp stamp;
  if (!aft_stamp_parse(article->published, &stamp, NULL) || !aft_stamp_is_dated(&stamp)) return INT64_MAX;
  return stamp.kind == AFT_STAMP_DAY ? stamp.day * AFT_MILLIS_PER_DAY : stamp.instant;
}

typedef struct ordered {
  aft_millis instant;
  aft_news_record *article;
} ordered;

/* By id where the times are the same, so that the order is always the same. */
static int compare_articles(const void *a, const void *b) {
  const ordered *x = a, *y = b;
  return x->instant != y->instant ? (x->instant > y->instant) - (x->instant < y->instant)
                                  : strcmp(x->article->id, y->article->id);
}

/* Each time is parsed once, not at each comparison. */
static void sort_articles(GPtrArray *articles) {
  g_autofree ordered *rows = g_new(ordered, MAX(articles->len, 1));
  for (guint i = 0; i < articles->len; i++) {
    rows[i].article = g_ptr_array_index(articles, i);
    rows[i].instant = order_of(rows[i].article);
  }
  qsort(rows, articles->len, sizeof *rows, compare_articles);
  for (guint i = 0; i < articles->len; i++) articles->pdata[i] = rows[i].article;
}

/* Of neighbours that compare equal the last stays; GLib's array sort is stable. */
static void sort_rows(GArray *rows, GCompareFunc compare, bool unique) {
  guint kept = 0, size = g_array_get_element_size(rows);
  g_array_sort(rows, compare);
  for (guint i = 0; unique && i < rows->len; i++) {
    char *row = rows->data + (gsize)i * size;
    if (i + 1 < rows->len && compare(row, row + size) == 0) continue;
    if (kept != i) memcpy(rows->data + (gsize)kept * size, row, size);
    kept++;
  }
  if (unique) g_array_set_size(rows, kept);
}

void aft_records_sort(aft_records *records) {
  sort_rows(records->prices, compare_prices, true);
  sort_rows(records->returns, compare_series, true);
  sort_rows(records->series, compare_series, true);
  sort_rows(records->actions, compare_actions, false);
  sort_articles(records->articles);
}
