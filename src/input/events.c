/* Events: (story, symbol) pairs with their time. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

void aft_event_rows_init(aft_event_rows *events) {
  *events = (aft_event_rows){.rows = g_array_new(FALSE, TRUE, sizeof(aft_event_row)), .texts = aft_texts_new()};
}

static void clear_tables(aft_event_rows *events) {
  g_clear_pointer(&events->symbols, g_hash_table_unref);
  g_clear_pointer(&events->pairs, g_hash_table_unref);
  g_clear_pointer(&events->stories, g_hash_table_unref);
}

void aft_event_rows_clear(aft_event_rows *events) {
  clear_tables(events);
  g_clear_pointer(&events->path, g_free);
  g_clear_pointer(&events->ignored, g_free);
  g_clear_pointer(&events->rows, g_array_unref);
  g_clear_pointer(&events->texts, aft_texts_unref);
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

static const aft_event_row *row_at(const aft_event_rows *events, guint i) {
  return &g_array_index(events->rows, aft_event_row, i);
}

/* The row of an index kept in one of the tables, or NULL. */
static const aft_event_row *find_row(const aft_event_rows *events, GHashTable *table, const char *key) {
  guint at = GPOINTER_TO_UINT(g_hash_table_lookup(table, key));
  return at == 0 ? NULL : row_at(events, at - 1);
}

/* The same instant may be written with another offset. */
static bool is_same_time(const aft_stamp *a, const aft_stamp *b) {
  return a->kind == b->kind && a->instant == b->instant && a->day == b->day && a->precision == b->precision;
}

enum { PAIR_BYTES = 2 * INPUT_MAX_NAME + 2 };

static const char *make_pair(const aft_event_row *row, char pair[PAIR_BYTES]) {
  g_snprintf(pair, PAIR_BYTES, "%s\n%s", row->event, row->symbol);
  return pair;
}

static void index_row(aft_event_rows *events, guint i) {
  const aft_event_row *row = row_at(events, i);
  char pair[PAIR_BYTES];
  g_hash_table_insert(events->pairs, (gpointer)(guintptr)aft_texts_add(events->texts, make_pair(row, pair)),
                      GUINT_TO_POINTER(i + 1));
  if (!g_hash_table_contains(events->stories, row->event))
    g_hash_table_insert(events->stories, (gpointer)(guintptr)row->event, GUINT_TO_POINTER(i + 1));
}

/* From here on every story is looked up. */
static void index_all(aft_event_rows *events) {
  clear_tables(events);
  events->pairs = g_hash_table_new(g_str_hash, g_str_equal);
  events->stories = g_hash_table_new(g_str_hash, g_str_equal);
  for (guint i = 0; i < events->rows->len; i++) index_row(events, i);
}

static int compare_ids(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b);
  return n != m ? (n < m ? -1 : 1) : memcmp(a, b, n);
}

/* The first row of the same story, and the one of the same symbol too; NULL when there is none. */
static void find_relatives(aft_event_rows *events, const aft_event_row *row, const aft_event_row **sibling,
                           const aft_event_row **twin) {
  char pair[PAIR_BYTES];
  guint n = events->rows->len;
  *sibling = *twin = NULL;
  int order = n == 0 || events->stories != NULL ? -1 : compare_ids(row_at(events, n - 1)->event, row->event);
  if (order > 0) index_all(events);
  if (events->stories != NULL) {
    *sibling = find_row(events, events->stories, row->event);
    *twin = *sibling == NULL ? NULL : find_row(events, events->pairs, make_pair(row, pair));
  } else if (order == 0) {
    if (events->symbols == NULL) {
      events->symbols = g_hash_table_new(g_str_hash, g_str_equal);
      g_hash_table_insert(events->symbols, (gpointer)(guintptr)row_at(events, n - 1)->symbol, GUINT_TO_POINTER(n));
    }
    *sibling = row_at(events, events->story);
    *twin = find_row(events, events->symbols, row->symbol);
  }
}

static void append_row(aft_event_rows *events, const aft_event_row *row, bool is_new_story) {
  guint n = events->rows->len;
  g_array_append_vals(events->rows, row, 1);
  if (events->stories != NULL) {
    index_row(events, n);
  } else if (is_new_story) {
    events->story = n;
    g_clear_pointer(&events->symbols, g_hash_table_unref);
  } else {
    g_hash_table_insert(events->symbols, (gpointer)(guintptr)row->symbol, GUINT_TO_POINTER(n + 1));
  }
}

/* Checks a row; takes it, whose texts live as long as the rows', if it can stand. */
static bool take_row(aft_event_rows *events, aft_event_row *row, GError **error) {
  const char *file = events->path;
  const aft_event_row *twin, *sibling;
  if (!check_names(file, row->line, row->event, row->symbol, row->group, error)) return false;
  g_autoptr(GError) problem = NULL;
  if (!aft_stamp_parse(row->published, &row->stamp, &problem))
    return input_fail(file, row->line, AFT_INPUT_ERROR_VALUE, error, "published \"%s\" %s", row->published,
                      problem->message);
  find_relatives(events, row, &sibling, &twin);
  if (twin != NULL)
    return input_fail(file, row->line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "%s of event \"%s\" stands twice, first on line %ld", row->symbol, row->event, twin->line);
  if (sibling != NULL && !is_same_time(&sibling->stamp, &row->stamp))
    return input_fail(
        file, row->line, AFT_INPUT_ERROR_VALUE, error,
        "event \"%s\" has two times: \"%s\" here, \"%s\" on line %ld (one story has one time; give rows with times of their own an event each)",
        row->event, row->published, sibling->published, sibling->line);
  append_row(events, row, sibling == NULL);
  return true;
}

bool aft_event_rows_add(aft_event_rows *events, const char *event, const char *symbol, const char *group,
                        const char *published, long line, GError **error) {
  aft_event_row row = {.event = aft_texts_add(events->texts, event),
                       .symbol = aft_texts_add(events->texts, symbol),
                       .group = aft_texts_add(events->texts, group),
                       .article = "",
                       .published = aft_texts_add(events->texts, published),
                       .line = line};
  return take_row(events, &row, error);
}

/* Takes rows back that a failing file has added. */
static void truncate_rows(aft_event_rows *events, guint n) {
  g_array_set_size(events->rows, n);
  index_all(events);
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
    aft_event_row row = {.event = fields[event],
                         .symbol = fields[symbol],
                         .group = group >= 0 ? fields[group] : "",
                         .article = "",
                         .published = fields[published],
                         .line = aft_csv_line(csv)};
    if (!take_row(events, &row, error)) return false;
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
    aft_texts_take(events->texts, aft_csv_take_text(csv));
  }
  return ok;
}
