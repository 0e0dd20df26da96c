/* What is to be kept of series: runs of sessions, joined where they meet. */
#include <aftershock/market/keep.h>

#include <stdlib.h>
#include <string.h>

#include <aftershock/base/banned.h>

struct aft_keep {
  long n_sessions;
  GHashTable *series; /* symbol -> aft_keep_series *; both owned */
};

static void free_series(void *data) {
  aft_keep_series *series = data;
  g_array_unref(series->runs);
  g_free(series);
}

aft_keep *aft_keep_new(const aft_calendar *calendar) {
  aft_keep *keep = g_new(aft_keep, 1);
  keep->n_sessions = (long)aft_calendar_n_sessions(calendar);
  keep->series = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, free_series);
  return keep;
}

void aft_keep_free(aft_keep *keep) {
  if (keep == NULL) return;
  g_hash_table_unref(keep->series);
  g_free(keep);
}

/* Events of one security often come one after the other, and their windows often overlap. */
static bool extend_last(GArray *runs, aft_run run) {
  if (runs->len == 0) return false;
  aft_run *last = &g_array_index(runs, aft_run, runs->len - 1);
  if (run.first < last->first || run.first > last->last + 1) return false;
  last->last = MAX(last->last, run.last);
  return true;
}

void aft_keep_add(aft_keep *keep, const char *symbol, long first, long last) {
  first = MAX(first, 0);
  last = MIN(last, keep->n_sessions - 1);
  if (first > last) return;
  aft_keep_series *series = g_hash_table_lookup(keep->series, symbol);
  if (series == NULL) {
    series = g_new(aft_keep_series, 1);
    series->runs = g_array_new(FALSE, FALSE, sizeof(aft_run));
    g_hash_table_insert(keep->series, g_strdup(symbol), series);
  }
  aft_run run = {(int32_t)first, (int32_t)last};
  if (!extend_last(series->runs, run)) g_array_append_val(series->runs, run);
}

void aft_keep_add_all(aft_keep *keep, const char *symbol) { aft_keep_add(keep, symbol, 0, keep->n_sessions - 1); }

static int compare(const void *left, const void *right) {
  const aft_run *a = left, *b = right;
  return a->first != b->first ? (a->first < b->first ? -1 : 1) : a->last < b->last ? -1 : a->last > b->last;
}

void aft_keep_settle(aft_keep *keep) {
  GHashTableIter iter;
  gpointer value;
  g_hash_table_iter_init(&iter, keep->series);
  while (g_hash_table_iter_next(&iter, NULL, &value)) {
    aft_keep_series *series = value;
    GArray *settled = g_array_new(FALSE, FALSE, sizeof(aft_run));
    qsort(series->runs->data, series->runs->len, sizeof(aft_run), compare);
    for (guint i = 0; i < series->runs->len; i++) {
      aft_run run = g_array_index(series->runs, aft_run, i);
      if (!extend_last(settled, run)) g_array_append_val(settled, run);
    }
    g_array_unref(series->runs);
    series->runs = settled;
  }
}

static int compare_names(const void *left, const void *right) {
  return strcmp(*(const char *const *)left, *(const char *const *)right);
}

const char **aft_keep_list(const aft_keep *keep) {
  GHashTableIter iter;
  gpointer symbol;
  const char **list = g_new0(const char *, g_hash_table_size(keep->series) + 1);
  size_t n = 0;
  g_hash_table_iter_init(&iter, keep->series);
  while (g_hash_table_iter_next(&iter, &symbol, NULL)) list[n++] = symbol;
  qsort(list, n, sizeof *list, compare_names);
  return list;
}

const aft_keep_series *aft_keep_find(const aft_keep *keep, const char *symbol) {
  return g_hash_table_lookup(keep->series, symbol);
}
