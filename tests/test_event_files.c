/* Large event files of every kind, with faults and without, against a reading of one byte and one row after the other. */
#include "support/support.h"

#include <aftershock/base/stamp.h>
#include <aftershock/input/tables.h>

#include <glib/gstdio.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { N_ROUNDS = 48, N_ROWS = 20000, MOST_NAME = 64 };

static const char file_name[] = "events.csv";

/* ---- the plain reading */

/* Rows as "line|event|symbol|group|published", or the message of the first error. */
typedef struct plain {
  GString *told;
  char *error;
  GHashTable *pairs;   /* "event\nsymbol" -> line */
  GHashTable *stories; /* event -> its time, as read and as written, and its line */
  GPtrArray *header;
} plain;

static bool G_GNUC_PRINTF(3, 4) fail(plain *p, long line, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  p->error = g_strdup_printf("%s:%ld: %s", file_name, line, message);
  return false;
}

/* One record from *at on: its fields, or NULL with an error. */
static GPtrArray *plain_record(plain *p, const char **at, long *line) {
  GPtrArray *fields = g_ptr_array_new_with_free_func(g_free);
  long first = *line;
  for (;;) {
    GString *field = g_string_new(NULL);
    const char *c = *at;
    while (*c == ' ') c++;
    bool quoted = *c == '"';
    if (quoted) {
      for (c++; *c != '\0' && (*c != '"' || c[1] == '"'); c++) {
        if (*c == '"') c++;
        if (*c == '\n') ++*line;
        g_string_append_c(field, *c);
      }
      g_ptr_array_add(fields, g_string_free(field, FALSE));
      if (*c == '\0') return fail(p, first, "a quoted field is never closed (add the closing \")"), fields;
      for (c++; *c == ' ' || *c == '\r';) c++;
      if (*c != ',' && *c != '\n' && *c != '\0')
        return fail(p, first, "text after a closing quote (double the quotes inside a field)"), fields;
    } else {
      for (c = *at; *c != ',' && *c != '\n' && *c != '\0'; c++) g_string_append_c(field, *c);
      g_ptr_array_add(fields, g_strdup(g_strstrip(field->str)));
      g_string_free(field, TRUE);
    }
    *at = *c == '\0' ? c : c + 1;
    if (*c == '\n') ++*line;
    if (*c != ',') return fields;
  }
}

static const char *plain_field(const plain *p, const GPtrArray *fields, const char *name) {
  for (guint i = 0; i < p->header->len; i++)
    if (g_ascii_strcasecmp(g_ptr_array_index(p->header, i), name) == 0) return g_ptr_array_index(fields, i);
  return "";
}

static bool plain_name(plain *p, long line, const char *what, const char *name) {
  if (*name == '\0') return fail(p, line, "%s is empty", what);
  if (strlen(name) > MOST_NAME) return fail(p, line, "%s is longer than 64 bytes", what);
  for (const char *c = name; *c != '\0'; c++)
    if (g_ascii_iscntrl(*c)) return fail(p, line, "%s holds a control character", what);
  return true;
}

static bool plain_row(plain *p, long line, const GPtrArray *fields) {
  const char *event = plain_field(p, fields, "event"), *symbol = plain_field(p, fields, "symbol"),
             *group = plain_field(p, fields, "group"), *published = plain_field(p, fields, "published");
  if (!plain_name(p, line, "event", event) || !plain_name(p, line, "symbol", symbol)) return false;
  if (strchr(event, '/') != NULL)
    return fail(p, line, "event \"%s\" holds a slash, which separates event and group in results", event);
  if (*group != '\0' && !plain_name(p, line, "group", group)) return false;
  if (strcmp(group, "all") == 0) return fail(p, line, "group \"all\" is the name of a sample (choose another label)");
  aft_stamp stamp;
  g_autoptr(GError) problem = NULL;
  if (!aft_stamp_parse(published, &stamp, &problem))
    return fail(p, line, "published \"%s\" %s", published, problem->message);
  g_autofree char *time =
      g_strdup_printf("%d %d %d %" G_GINT64_FORMAT, (int)stamp.kind, (int)stamp.precision, stamp.day, stamp.instant);
  char *pair = g_strdup_printf("%s\n%s", event, symbol);
  long before = (long)GPOINTER_TO_SIZE(g_hash_table_lookup(p->pairs, pair));
  const GPtrArray *known = g_hash_table_lookup(p->stories, event);
  if (before > 0) {
    g_free(pair);
    return fail(p, line, "%s of event \"%s\" stands twice, first on line %ld", symbol, event, before);
  }
  g_hash_table_insert(p->pairs, pair, GSIZE_TO_POINTER(line));
  if (known != NULL && strcmp(g_ptr_array_index(known, 0), time) != 0)
    return fail(p, line,
                "event \"%s\" has two times: \"%s\" here, \"%s\" on line %s (one story has one time; give rows with "
                "times of their own an event each)",
                event, published, (char *)g_ptr_array_index(known, 1), (char *)g_ptr_array_index(known, 2));
  if (known == NULL) {
    GPtrArray *story = g_ptr_array_new_with_free_func(g_free);
    g_ptr_array_add(story, g_strdup(time));
    g_ptr_array_add(story, g_strdup(published));
    g_ptr_array_add(story, g_strdup_printf("%ld", line));
    g_hash_table_insert(p->stories, g_strdup(event), story);
  }
  g_string_append_printf(p->told, "%ld|%s|%s|%s|%s|%s\n", line, event, symbol, group, published, time);
  return true;
}

static void plain_read(plain *p, const char *text) {
  const char *at = g_str_has_prefix(text, "\xEF\xBB\xBF") ? text + 3 : text;
  long line = 1;
  *p = (plain){.told = g_string_new(NULL),
               .pairs = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL),
               .stories = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, (GDestroyNotify)g_ptr_array_unref)};
  p->header = plain_record(p, &at, &line);
  while (p->error == NULL) {
    size_t blanks = strspn(at, " \t\r");
    if (at[blanks] == '\0') break;
    if (at[blanks] == '\n') {
      at += blanks + 1;
      line++;
      continue;
    }
    long first = line;
    g_autoptr(GPtrArray) fields = plain_record(p, &at, &line);
    if (p->error == NULL && fields->len != p->header->len)
      fail(p, first, "%u fields where the header has %u", fields->len, p->header->len);
    if (p->error == NULL) plain_row(p, first, fields);
  }
}

static void plain_clear(plain *p) {
  g_string_free(p->told, TRUE);
  g_free(p->error);
  g_hash_table_unref(p->pairs);
  g_hash_table_unref(p->stories);
  g_ptr_array_unref(p->header);
}

/* ---- the files */

typedef struct form {
  bool crlf, quotes, blanks, spaces, groups, foreign, no_end;
  int ids; /* 0: each a story of its own, rising; 1: several symbols a story, rising; 2: few stories, in any order */
} form;

static void append_field(GString *text, const form *f, GRand *draws, const char *value) {
  bool blank = f->spaces && g_rand_int_range(draws, 0, 9) == 0;
  bool quoted = f->quotes && g_rand_int_range(draws, 0, 200) == 0;
  g_string_append_printf(text, "%s%s%s%s%s", blank ? "  " : "", quoted ? "\"" : "", value, quoted ? "\"" : "",
                         blank ? " " : "");
}

static char *make_time(int story) {
  int day = 1 + story % 28, kind = story % 5;
  if (kind == 0) return g_strdup_printf("2025-01-%02d", day);
  if (kind == 1) return g_strdup_printf("2025-01-%02dT10:30:%02d-05:00", day, story % 60);
  if (kind == 2) return g_strdup("");
  return g_strdup_printf("2025-02-%02dT%02d:%02d:00Z", day, story % 24, story % 60);
}

/* What is wrong with a row, if anything. */
static const char *const faults[] = {
    "x,y\n",
    "bad,S1,tomorrow,g\n",
    "bad,S1,2025-01-20T24:00:00Z,g\n",
    "e/f,S1,2025-01-20,g\n",
    "e,,2025-01-20,g\n",
    ",S1,2025-01-20,g\n",
    "e\x01,S1,2025-01-20,g\n",
    "e,S1,2025-01-20,all\n",
    "e,S234567890123456789012345678901234567890123456789012345678901234567,2025-01-20,g\n",
    "e,S1,2025-01-20,g,more\n",
    "e,S1,\"2025-01-20,g\n",
    "e,S1,\"2025-01-20\"x,g\n",
    "e5,S5,2025-01-20,g\ne5,S6,2025-01-21,g\n",
    "e7,S7,2025-01-20,g\ne7,S7,2025-01-20,g\n"};

/* again: a row that stands twice, or -1. */
static char *draw_file(GRand *draws, const form *f, int n_faults, int again) {
  GString *text = g_string_new(g_rand_boolean(draws) ? "\xEF\xBB\xBF" : "");
  const char *end = f->crlf ? "\r\n" : "\n";
  int at[2] = {g_rand_int_range(draws, 0, N_ROWS), g_rand_int_range(draws, 0, N_ROWS)}, story = 0;
  g_string_append_printf(text, "Event,symbol,published%s%s", f->groups ? ",group" : ",other", end);
  for (int i = 0; i < N_ROWS; i++) {
    for (int k = 0; k < n_faults; k++)
      if (i == at[k]) g_string_append(text, faults[g_rand_int_range(draws, 0, (int)G_N_ELEMENTS(faults))]);
    story = f->ids == 2 ? i % 701 : f->ids == 1 ? i / 30 : i;
    g_autofree char *event = g_strdup_printf(f->foreign ? "\xC3\xA9%d" : "r%d", story);
    g_autofree char *symbol = i % 500 == 499 ? g_strdup("*") : g_strdup_printf("S%d", i);
    g_autofree char *time = make_time(story);
    if (strcmp(symbol, "*") == 0 && f->ids > 0) continue;
    gsize start = text->len;
    append_field(text, f, draws, event);
    g_string_append_c(text, ',');
    append_field(text, f, draws, symbol);
    g_string_append_c(text, ',');
    append_field(text, f, draws, time);
    g_string_append_c(text, ',');
    append_field(text, f, draws, i % 3 == 0 ? "" : f->foreign ? "gr\xC3\xBC\xC3\x9F" : "group 1");
    if (f->no_end && i == N_ROWS - 1) break;
    g_string_append(text, end);
    if (i == again) g_string_append_len(text, text->str + start, (gssize)(text->len - start));
    if (f->blanks && g_rand_int_range(draws, 0, 50) == 0) g_string_append(text, f->crlf ? " \r\n" : "\t\n\n");
  }
  return g_string_free(text, FALSE);
}

static char *list_rows(const aft_event_rows *rows) {
  GString *told = g_string_new(NULL);
  for (size_t i = 0; i < rows->n; i++) {
    const aft_event_row *row = &rows->rows[i];
    g_assert_cmpstr(row->article, ==, "");
    g_string_append_printf(told, "%ld|%s|%s|%s|%s|%d %d %d %" G_GINT64_FORMAT "\n", row->line, row->event, row->symbol,
                           row->group, row->published, (int)row->stamp.kind, (int)row->stamp.precision, row->stamp.day,
                           row->stamp.instant);
  }
  return g_string_free(told, FALSE);
}

static void check_file(const char *text) {
  const unsigned threads[] = {1, 2, 7};
  plain p;
  plain_read(&p, text);
  g_free(support_write(".", file_name, text));
  for (size_t t = 0; t < G_N_ELEMENTS(threads); t++) {
    g_autoptr(GError) error = NULL;
    aft_event_rows rows;
    aft_event_rows_init(&rows);
    bool ok = aft_event_rows_read_csv(&rows, file_name, threads[t], &error);
    g_assert_cmpstr(ok ? NULL : error->message, ==, p.error);
    g_autofree char *told = list_rows(&rows);
    g_assert_cmpstr(told, ==, ok ? p.told->str : "");
    aft_event_rows_clear(&rows);
  }
  plain_clear(&p);
}

static void test_random(void) {
  g_autoptr(GRand) draws = g_rand_new_with_seed(5);
  for (int round = 0; round < N_ROUNDS; round++) {
    const form f = {.crlf = g_rand_int_range(draws, 0, 3) == 0,
                    .quotes = g_rand_int_range(draws, 0, 4) == 0,
                    .blanks = g_rand_boolean(draws),
                    .spaces = g_rand_boolean(draws),
                    .groups = g_rand_boolean(draws),
                    .foreign = g_rand_int_range(draws, 0, 4) == 0,
                    .no_end = g_rand_boolean(draws),
                    .ids = round % 3};
    g_autofree char *text = draw_file(draws, &f, g_rand_int_range(draws, 0, 3), round % 4 == 3 ? round * 300 : -1);
    check_file(text);
  }
}

int main(int argc, char **argv) {
  g_test_init(&argc, &argv, NULL);
  char *dir = support_temp_dir();
  g_assert_cmpint(g_chdir(dir), ==, 0);
  g_test_add_func("/event-files/random", test_random);
  int status = g_test_run();
  g_assert_cmpint(g_chdir("/"), ==, 0);
  support_remove(dir);
  return status;
}
