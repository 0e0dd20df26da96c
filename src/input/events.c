/* Events: (story, symbol) pairs with their time. */
#include <aftershock/input/tables.h>

#include "event_scan.h"
#include "fields.h"

#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum {
  PART_BYTES = 1 << 16, /* of a file, that a thread reads at a time */
  FEW_ROWS = 16,        /* of a story, among which a symbol is looked for one by one */
  LEAST_ROOM = 16,
  PAIR_BYTES = 2 * INPUT_MAX_NAME + 2
};

void aft_event_rows_init(aft_event_rows *events) { *events = (aft_event_rows){.texts = aft_texts_new()}; }

static void clear_tables(aft_event_rows *events) {
  g_clear_pointer(&events->symbols, g_hash_table_unref);
  g_clear_pointer(&events->pairs, g_hash_table_unref);
  g_clear_pointer(&events->stories, g_hash_table_unref);
}

void aft_event_rows_clear(aft_event_rows *events) {
  clear_tables(events);
  g_clear_pointer(&events->path, g_free);
  g_clear_pointer(&events->ignored, g_free);
  g_clear_pointer(&events->rows, g_free);
  g_clear_pointer(&events->texts, aft_texts_unref);
  events->n = events->room = 0;
}

/* The row of an index kept in one of the tables, or NULL. */
static const aft_event_row *find_row(const aft_event_rows *events, GHashTable *table, const char *key) {
  size_t at = GPOINTER_TO_SIZE(g_hash_table_lookup(table, key));
  return at == 0 ? NULL : &events->rows[at - 1];
}

/* The same instant may be written with another offset. */
static bool is_same_time(const aft_stamp *a, const aft_stamp *b) {
  return a->kind == b->kind && a->instant == b->instant && a->day == b->day && a->precision == b->precision;
}

static const char *make_pair(const aft_event_row *row, char pair[PAIR_BYTES]) {
  g_snprintf(pair, PAIR_BYTES, "%s\n%s", row->event, row->symbol);
  return pair;
}

static void index_row(aft_event_rows *events, size_t i) {
  const aft_event_row *row = &events->rows[i];
  char pair[PAIR_BYTES];
  g_hash_table_insert(events->pairs, (gpointer)(guintptr)aft_texts_add(events->texts, make_pair(row, pair)),
                      GSIZE_TO_POINTER(i + 1));
  if (!g_hash_table_contains(events->stories, row->event))
    g_hash_table_insert(events->stories, (gpointer)(guintptr)row->event, GSIZE_TO_POINTER(i + 1));
}

/* From here on every story is looked up. */
static void index_all(aft_event_rows *events) {
  clear_tables(events);
  events->pairs = g_hash_table_new(g_str_hash, g_str_equal);
  events->stories = g_hash_table_new(g_str_hash, g_str_equal);
  for (size_t i = 0; i < events->n; i++) index_row(events, i);
}

static void index_symbol(aft_event_rows *events, size_t i) {
  g_hash_table_insert(events->symbols, (gpointer)(guintptr)events->rows[i].symbol, GSIZE_TO_POINTER(i + 1));
}

/* The row of that symbol in the last story, or NULL. */
static const aft_event_row *find_in_story(aft_event_rows *events, const char *symbol) {
  if (events->n - events->story <= FEW_ROWS) {
    for (size_t i = events->story; i < events->n; i++)
      if (strcmp(events->rows[i].symbol, symbol) == 0) return &events->rows[i];
    return NULL;
  }
  if (events->symbols == NULL) {
    events->symbols = g_hash_table_new(g_str_hash, g_str_equal);
    for (size_t i = events->story; i < events->n; i++) index_symbol(events, i);
  }
  return find_row(events, events->symbols, symbol);
}

/* The first row of the same story, and the one of the same symbol too; NULL when there is none. */
static void find_relatives(aft_event_rows *events, const aft_event_row *row, const aft_event_row **sibling,
                           const aft_event_row **twin) {
  char pair[PAIR_BYTES];
  *sibling = *twin = NULL;
  bool looks_up = events->stories != NULL;
  int order = events->n == 0 || looks_up ? -1 : event_compare_ids(events->rows[events->n - 1].event, row->event);
  if (order > 0) index_all(events);
  if (events->stories != NULL) {
    *sibling = find_row(events, events->stories, row->event);
    *twin = *sibling == NULL ? NULL : find_row(events, events->pairs, make_pair(row, pair));
  } else if (order == 0) {
    *sibling = &events->rows[events->story];
    *twin = find_in_story(events, row->symbol);
  }
}

void aft_event_rows_append(aft_event_rows *events, const aft_event_row *row) {
  if (events->n == events->room) {
    events->room = MAX(2 * events->room, (size_t)LEAST_ROOM);
    events->rows = g_renew(aft_event_row, events->rows, events->room);
  }
  events->rows[events->n++] = *row;
}

static void append_row(aft_event_rows *events, const aft_event_row *row, bool is_new_story) {
  size_t i = events->n;
  aft_event_rows_append(events, row);
  if (events->stories != NULL) {
    index_row(events, i);
  } else if (is_new_story) {
    events->story = i;
    g_clear_pointer(&events->symbols, g_hash_table_unref);
  } else if (events->symbols != NULL) {
    index_symbol(events, i);
  }
}

/* Takes a row that was checked by itself, whose texts live as long as the rows', if it can stand beside the others. */
static bool take_row(aft_event_rows *events, const aft_event_row *row, GError **error) {
  const aft_event_row *twin, *sibling;
  find_relatives(events, row, &sibling, &twin);
  if (twin != NULL)
    return input_fail(events->path, row->line, AFT_INPUT_ERROR_DUPLICATE, error,
                      "%s of event \"%s\" stands twice, first on line %ld", row->symbol, row->event, twin->line);
  if (sibling != NULL && !is_same_time(&sibling->stamp, &row->stamp))
    return input_fail(
        events->path, row->line, AFT_INPUT_ERROR_VALUE, error,
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
  return event_check(events->path, &row, error) && take_row(events, &row, error);
}

/* Takes rows back that a failing file has added. */
static void truncate_rows(aft_event_rows *events, size_t n) {
  events->n = n;
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

/* Takes the rows of a part, and its error. Where its ids only rise, and come after all before, none has a relative. */
static bool take_part(aft_event_rows *events, event_part *part, GError **error) {
  bool rises = part->n > 0 && part->rises && events->stories == NULL &&
               (events->n == 0 || event_compare_ids(events->rows[events->n - 1].event, part->rows[0].event) < 0);
  if (rises) {
    if (&events->rows[events->n] != part->rows)
      memmove(&events->rows[events->n], part->rows, part->n * sizeof *part->rows);
    events->n += part->n;
    events->story = events->n - 1;
    g_clear_pointer(&events->symbols, g_hash_table_unref);
  }
  for (size_t i = 0; i < part->n && !rises; i++) {
    const aft_event_row row = part->rows[i];
    if (!take_row(events, &row, error)) return false;
  }
  if (part->error == NULL) return true;
  g_propagate_error(error, g_steal_pointer(&part->error));
  return false;
}

/* Room for n more rows; of a table of blank fields that may be more than there is. */
static bool reserve(aft_event_rows *events, size_t n, GError **error) {
  aft_event_row *rows = g_try_renew(aft_event_row, events->rows, events->n + n);
  if (rows == NULL && events->n + n > 0) {
    g_set_error(error, AFT_INPUT_ERROR, AFT_INPUT_ERROR_LIMIT, "%s: no memory for %" G_GSIZE_FORMAT " events",
                events->path, n);
    return false;
  }
  events->rows = rows;
  events->room = events->n + n;
  return true;
}

/* Reads all parts, each where its rows would stand if no line were blank; they move up as they are taken, in the order of the file. */
static bool read_parts(aft_event_rows *events, const GPtrArray *csvs, const event_columns *columns, unsigned n_threads,
                       GError **error) {
  g_autofree event_part *parts = g_new0(event_part, MAX(csvs->len, 1));
  size_t n = 0;
  for (guint i = 0; i < csvs->len; i++) n += aft_csv_most_records(g_ptr_array_index(csvs, i));
  if (!reserve(events, n, error)) return false;
  n = events->n;
  for (guint i = 0; i < csvs->len; i++) {
    parts[i].csv = g_ptr_array_index(csvs, i);
    parts[i].rows = &events->rows[n];
    n += aft_csv_most_records(parts[i].csv);
  }
  event_scan_parts(parts, csvs->len, columns, events->path, n_threads);
  bool ok = true;
  for (guint i = 0; i < csvs->len; i++) {
    ok = ok && take_part(events, &parts[i], error);
    g_clear_error(&parts[i].error);
  }
  return ok;
}

static bool read_rows(aft_event_rows *events, aft_csv *csv, unsigned n_threads, GError **error) {
  event_columns columns = {.group = input_find_optional(csv, "group")};
  size_t before = events->n;
  if (!input_find_column(csv, "event", &columns.event, error) ||
      !input_find_column(csv, "symbol", &columns.symbol, error) ||
      !input_find_column(csv, "published", &columns.published, error))
    return false;
  g_free(events->ignored);
  events->ignored = list_ignored(csv);
  g_autoptr(GPtrArray) parts = aft_csv_cut(csv, PART_BYTES);
  if (!read_parts(events, parts, &columns, n_threads, error)) return false;
  return events->n > before ||
         input_fail(events->path, aft_csv_line(csv), AFT_INPUT_ERROR_VALUE, error, "no events below the header");
}

bool aft_event_rows_read_csv(aft_event_rows *events, const char *path, unsigned n_threads, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  if (csv == NULL) return false;
  size_t before = events->n;
  char *path_before = events->path;
  events->path = g_strdup(path);
  bool ok = read_rows(events, csv, n_threads, error);
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
