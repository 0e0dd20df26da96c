/* Events: (story, symbol) pairs with their time. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

static void clear_row(void *data) {
  aft_event_row *row = data;
  g_free(row->event);
  g_free(row->symbol);
  g_free(row->group);
  g_free(row->article);
  g_free(row->published);
}

void aft_event_rows_init(aft_event_rows *events) {
  *events = (aft_event_rows){.rows = g_array_new(FALSE, TRUE, sizeof(aft_event_row)),
                             .pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
                             .stories = g_hash_table_new(g_str_hash, g_str_equal)};
  g_array_set_clear_func(events->rows, clear_row);
}

void aft_event_rows_clear(aft_event_rows *events) {
  g_clear_pointer(&events->path, g_free);
  g_clear_pointer(&events->ignored, g_free);
  g_clear_pointer(&events->pairs, g_hash_table_unref);
  g_clear_pointer(&events->stories, g_hash_table_unref);
  g_clear_pointer(&events->rows, g_array_unref);
}

static bool check_names(const char *file, long line, const char *event, const char *symbol, const char *group,
                        GError **error) {
  if (!input_check_name(file, line, "event", event, error) || !input_check_name(file, line, "symbol", symbol, error))
    return false;
  if (strchr(event, '/') != NULL)
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error,
                      "event \"%s\" holds a slash, which separates event and group in results", event);
  if (*group != '\0' && !input_check_name(file, line, "group", group, error)) return false;
  if (input_names_sample(group))
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error,
                      "group \"%s\" is the name of a sample (choose another label)", group);
  return true;
}

/* The row of an index kept in one of the tables, or NULL. */
static const aft_event_row *find_row(const aft_event_rows *events, GHashTable *table, const char *key) {
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
  return at == 0 ? NULL : &g_array_index(events->rows, aft_event_row, at - 1);
}

/* The same instant may be written with another offset. */
static bool is_same_time(const aft_stamp *a, const aft_stamp *b) {
  return a->kind == b->kind && a->instant == b->instant && a->day == b->day && a->precision == b->precision;
}

bool aft_event_rows_add(aft_event_rows *events, const char *event, const char *symbol, const char *group,
                        const char *published, long line, GError **error) {
  aft_stamp stamp;
  const char *file = events->path;
  if (!check_names(file, line, event, symbol, group, error)) return false;
  g_autoptr(GError) problem = NULL;
  if (!aft_stamp_parse(published, &stamp, &problem))
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error, "published \"%s\" %s", published, problem->message);
  g_autofree char *pair = g_strdup_printf("%s\n%s", event, symbol);
  const aft_event_row *twin = find_row(events, events->pairs, pair),
                      *sibling = find_row(events, events->stories, event);
  if (twin != NULL)
    return input_fail(file, line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "%s of event \"%s\" stands twice, first on line %ld", symbol, event, twin->line);
  if (sibling != NULL && !is_same_time(&sibling->stamp, &stamp))
    return input_fail(
        file, line, AFT_INPUT_ERROR_VALUE, error,
        "event \"%s\" has two times: \"%s\" here, \"%s\" on line %ld (one story has one time; give rows with times of their own an event each)",
        event, published, sibling->published, sibling->line);
  bool first_of_story = sibling == NULL;
  aft_event_row row = {.event = g_strdup(event),
                       .symbol = g_strdup(symbol),
                       .group = g_strdup(group),
                       .article = g_strdup(""),
                       .published = g_strdup(published),
                       .stamp = stamp,
                       .line = line};
  g_array_append_val(events->rows, row);
  g_hash_table_insert(events->pairs, g_steal_pointer(&pair), GUINT_TO_POINTER(events->rows->len));
  if (first_of_story) g_hash_table_insert(events->stories, row.event, GUINT_TO_POINTER(events->rows->len));
  return true;
}

/* Takes rows back that a failing file has added. */
static void truncate_rows(aft_event_rows *events, guint n) {
  for (guint i = n; i < events->rows->len; i++) {
    const aft_event_row *row = &g_array_index(events->rows, aft_event_row, i);
    g_autofree char *pair = g_strdup_printf("%s\n%s", row->event, row->symbol);
    g_hash_table_remove(events->pairs, pair);
    if (GPOINTER_TO_UINT(g_hash_table_lookup(events->stories, row->event)) == i + 1)
      g_hash_table_remove(events->stories, row->event);
  }
  g_array_set_size(events->rows, n);
}

/* Names of columns that are not ours, for a warning. */
static char *list_ignored(const aft_csv *csv) {
  static const char *const known[] = {"event", "symbol", "published", "group", NULL};
  GString *list = g_string_new(NULL);
  for (int c = 0; c < aft_csv_n_columns(csv); c++) {
    g_autofree char *name = g_ascii_strdown(aft_csv_name(csv, c), -1);
    if (!g_strv_contains(known, name))
      g_string_append_printf(list, "%s%s", list->len > 0 ? ", " : "", aft_csv_name(csv, c));
  }
  return g_string_free(list, list->len == 0);
}

static bool read_rows(aft_event_rows *events, aft_csv *csv, GError **error) {
  int event, symbol, published, group = input_find_optional(csv, "group");
  const char *const *fields;
  GError *failure = NULL;
  guint before = events->rows->len;
  if (!input_find_column(csv, "event", &event, error) || !input_find_column(csv, "symbol", &symbol, error) ||
      !input_find_column(csv, "published", &published, error))
    return false;
  g_free(events->ignored);
  events->ignored = list_ignored(csv);
  while (aft_csv_next(csv, &fields, &failure)) {
    const char *label = group >= 0 ? fields[group] : "";
    if (!aft_event_rows_add(events, fields[event], fields[symbol], label, fields[published], aft_csv_line(csv), error))
      return false;
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  return events->rows->len > before ||
         input_fail(events->path, aft_csv_line(csv), AFT_INPUT_ERROR_VALUE, error, "no events below the header");
}

bool aft_event_rows_read_csv(aft_event_rows *events, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  if (csv == NULL) return false;
  guint before = events->rows->len;
  char *path_before = events->path;
  events->path = g_strdup(path);
  bool ok = read_rows(events, csv, error);
  if (!ok) {
    truncate_rows(events, before);
    g_free(events->path);
    events->path = path_before;
  } else {
    g_free(path_before);
  }
  return ok;
}
