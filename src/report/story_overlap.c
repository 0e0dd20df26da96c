/* Finding overlapping stories in one pass over the days of all events. */
#include "story_overlap.h"

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

/* (symbol, session) of every used event -> the row of events.csv + 1; a second story there keeps the first. */
static GHashTable *index_event_days(const aft_table *events) {
  GHashTable *index = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (size_t row = 0; row < events->n_rows; row++) {
    if (strcmp(aft_facts_text(events, row, "status"), "used") != 0) continue;
    char *key = g_strjoin("\x1f", aft_facts_text(events, row, "symbol"), aft_facts_text(events, row, "session"), NULL);
    if (g_hash_table_contains(index, key))
      g_free(key);
    else
      g_hash_table_insert(index, key, GSIZE_TO_POINTER(row + 1));
  }
  return index;
}

static void count_overlap(GArray *found, GHashTable *places, const char *event, const char *other, int rel_day) {
  char *key = g_strdup_printf("%s\x1f%s\x1f%d", event, other, rel_day);
  guint place = GPOINTER_TO_UINT(g_hash_table_lookup(places, key));
  if (place > 0) {
    g_array_index(found, aft_overlap, place - 1).n_securities++;
    g_free(key);
    return;
  }
  aft_overlap overlap = {.event = event, .other = other, .rel_day = rel_day, .n_securities = 1};
  g_array_append_val(found, overlap);
  g_hash_table_insert(places, key, GUINT_TO_POINTER(found->len));
}

GArray *aft_overlap_find(const aft_story *story) {
  const aft_table *days = &story->facts->abnormal_table, *events = &story->facts->events_table;
  GArray *found = g_array_new(FALSE, FALSE, sizeof(aft_overlap));
  g_autoptr(GHashTable) event_days = index_event_days(events);
  g_autoptr(GHashTable) places = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  int model = aft_table_find(days, "model"), event = aft_table_find(days, "event"),
      symbol = aft_table_find(days, "symbol");
  int session = aft_table_find(days, "session"), rel_day = aft_table_find(days, "rel_day");
  g_autoptr(GString) key = g_string_new(NULL);
  for (size_t row = 0; row < days->n_rows; row++) {
    if (strcmp(aft_table_text(days, row, model), story->model) != 0) continue;
    g_string_printf(key, "%s\x1f%s", aft_table_text(days, row, symbol), aft_table_text(days, row, session));
    size_t place = GPOINTER_TO_SIZE(g_hash_table_lookup(event_days, key->str));
    if (place == 0) continue;
    const char *name = aft_table_text(days, row, event), *other = aft_facts_text(events, place - 1, "event");
    double day = aft_table_number(days, row, rel_day);
    if (strcmp(name, other) == 0 || isnan(day)) continue;
    count_overlap(found, places, name, other, (int)day);
  }
  return found;
}
