/* RFC 4180 records from a file of moderate size. */
#include <aftershock/base/csv.h>

#include <string.h>

#include <aftershock/base/error.h>
#include <aftershock/base/file.h>
#include <aftershock/base/text.h>

#include <aftershock/base/banned.h>

/* Larger tables go through the price scanner; this reader holds the whole text. */
#define MAX_BYTES ((size_t)1 << 30)
#define MAX_COLUMNS 20000

struct aft_csv {
  char *path;
  char *text;       /* the file; fields point into it, unquoted in place */
  char *next;       /* where the next record begins */
  const char *end;  /* of the records: behind it is the end of the text, or another part of it */
  long next_line;   /* its line */
  long line;        /* line of the current record */
  GPtrArray *names; /* of char *, borrowed from text */
  GPtrArray *units; /* of char *, borrowed from text or static */
  char **fields;    /* [n_fields] of the current record, borrowed from text; the array is owned */
  guint n_fields, field_room;
  GString *comment;    /* NULL in a part */
  long n_lines;        /* of a part */
  size_t most_records; /* likewise */
};

void aft_csv_free(aft_csv *csv) {
  if (csv == NULL) return;
  g_free(csv->path);
  g_free(csv->text);
  g_ptr_array_unref(csv->names);
  g_ptr_array_unref(csv->units);
  g_free(csv->fields);
  if (csv->comment != NULL) g_string_free(csv->comment, TRUE);
  g_free(csv);
}

const char *aft_csv_path(const aft_csv *csv) { return csv->path; }
int aft_csv_n_columns(const aft_csv *csv) { return (int)csv->names->len; }
const char *aft_csv_name(const aft_csv *csv, int column) { return g_ptr_array_index(csv->names, (guint)column); }
const char *aft_csv_unit(const aft_csv *csv, int column) { return g_ptr_array_index(csv->units, (guint)column); }
const char *aft_csv_comment(const aft_csv *csv) { return csv->comment->str; }
long aft_csv_line(const aft_csv *csv) { return csv->line; }

int aft_csv_find(const aft_csv *csv, const char *name) {
  for (guint i = 0; i < csv->names->len; i++)
    if (strcmp(g_ptr_array_index(csv->names, i), name) == 0) return (int)i;
  return -1;
}

static bool fail(const aft_csv *csv, long line, GError **error, const char *message) {
  g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s:%ld: %s", csv->path, line, message);
  return false;
}

/* A quoted field from *p (at the opening quote): unquotes in place, moves *p behind the closing quote. NULL: never closed. */
static char *take_quoted(aft_csv *csv, char **p) {
  char *start = *p + 1, *read = start, *write = start;
  for (;; read++) {
    if (*read == '\0') return NULL;
    if (*read == '"') {
      if (read[1] != '"') break;
      read++;
    }
    if (*read == '\n') csv->next_line++;
    *write++ = *read;
  }
  *p = read + 1;
  /* The closing quote, or an earlier byte that unquoting freed, ends the text. */
  *write = '\0';
  return start;
}

/* A plain field: moves *p to its delimiter and trims blanks; the delimiter is ended by the caller. */
static char *take_plain(char **p, char **end) {
  static const bool ends_field[256] = {[','] = true, ['\n'] = true, ['\0'] = true};
  char *start = *p, *read = start;
  while (!ends_field[(unsigned char)*read]) read++;
  *end = *p = read;
  while (start < *end && (*start == ' ' || *start == '\t')) start++;
  while (*end > start && ((*end)[-1] == ' ' || (*end)[-1] == '\t' || (*end)[-1] == '\r')) (*end)--;
  return start;
}

static void add_field(aft_csv *csv, char *field) {
  if (csv->n_fields == csv->field_room) {
    csv->field_room = MAX(2 * csv->field_room, 8);
    csv->fields = g_renew(char *, csv->fields, csv->field_room);
  }
  csv->fields[csv->n_fields++] = field;
}

/* Splits the record at csv->next into csv->fields. */
static bool split_record(aft_csv *csv, GError **error) {
  char *p = csv->next;
  csv->line = csv->next_line;
  csv->n_fields = 0;
  for (;;) {
    char *field, *end = NULL;
    char *blank = p;
    while (*blank == ' ') blank++;
    if (*blank == '"') {
      p = blank;
      field = take_quoted(csv, &p);
      if (field == NULL) return fail(csv, csv->line, error, "a quoted field is never closed (add the closing \")");
      while (*p == ' ' || *p == '\r') p++;
      if (*p != ',' && *p != '\n' && *p != '\0')
        return fail(csv, csv->line, error, "text after a closing quote (double the quotes inside a field)");
    } else {
      field = take_plain(&p, &end);
    }
    add_field(csv, field);
    if (csv->n_fields > MAX_COLUMNS) return fail(csv, csv->line, error, "more than 20000 columns");
    char delimiter = *p;
    if (end != NULL) *end = '\0';
    if (delimiter == '\0') break;
    *p++ = '\0';
    if (delimiter == '\n') {
      csv->next_line++;
      break;
    }
  }
  csv->next = p;
  return true;
}

/* Stops at a record, or at the end. */
static void skip_blank_lines(aft_csv *csv) {
  while (csv->next < csv->end) {
    char *p = csv->next;
    while (*p == ' ' || *p == '\t' || *p == '\r') p++;
    if (*p != '\n') {
      if (*p == '\0') csv->next = p;
      return;
    }
    csv->next = p + 1;
    csv->next_line++;
  }
}

/* Comment lines before the header, kept without their '#'. */
static void take_comments(aft_csv *csv) {
  for (skip_blank_lines(csv); *csv->next == '#'; skip_blank_lines(csv)) {
    size_t length = strcspn(csv->next, "\n");
    g_string_append_len(csv->comment, csv->next + 1, (gssize)length - 1);
    g_string_append_c(csv->comment, '\n');
    csv->next += length;
    if (*csv->next == '\n') csv->next++;
    csv->next_line++;
  }
}

static bool read_header(aft_csv *csv, GError **error) {
  take_comments(csv);
  if (*csv->next == '\0') return fail(csv, csv->next_line, error, "the file is empty (a header line is needed)");
  if (!split_record(csv, error)) return false;
  for (guint i = 0; i < csv->n_fields; i++) {
    char *name = g_strstrip(csv->fields[i]);
    const char *unit = aft_text_cut_unit(name);
    if (*name == '\0') {
      g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s:%ld: column %u has no name", csv->path, csv->line,
                  i + 1);
      return false;
    }
    if (aft_csv_find(csv, name) >= 0) {
      g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s:%ld: column \"%s\" stands twice in the header",
                  csv->path, csv->line, name);
      return false;
    }
    g_ptr_array_add(csv->names, name);
    g_ptr_array_add(csv->units, (gpointer)(guintptr)unit);
  }
  return true;
}

/* Takes text. */
static aft_csv *open_text(const char *path, char *text, size_t size, GError **error) {
  g_autoptr(aft_csv) csv = g_new0(aft_csv, 1);
  csv->path = g_strdup(path);
  csv->text = text;
  csv->next = text;
  csv->end = text + size;
  csv->next_line = 1;
  csv->names = g_ptr_array_new();
  csv->units = g_ptr_array_new();
  csv->comment = g_string_new(NULL);
  const char *bad;
  if (!aft_text_is_ascii(text, size) && !g_utf8_validate(text, (gssize)size, &bad)) {
    long line = 1;
    for (const char *p = text; p < bad; p++) line += *p == '\n';
    fail(csv, line, error, "a byte that is not UTF-8 (save the file as UTF-8)");
    return NULL;
  }
  if (size >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0) csv->next += 3;
  if (!read_header(csv, error)) return NULL;
  return g_steal_pointer(&csv);
}

aft_csv *aft_csv_open(const char *path, GError **error) {
  char *text;
  size_t size;
  if (!aft_file_read(path, MAX_BYTES, &text, &size, error)) return NULL;
  return open_text(path, text, size, error);
}

aft_csv *aft_csv_open_bytes(const char *name, const char *bytes, size_t size, GError **error) {
  char *text = g_malloc(size + 1);
  memcpy(text, bytes, size);
  text[size] = '\0';
  return open_text(name, text, size, error);
}

bool aft_csv_next(aft_csv *csv, const char *const **fields, GError **error) {
  skip_blank_lines(csv);
  if (csv->next >= csv->end) return false;
  if (!split_record(csv, error)) return false;
  if (csv->n_fields != csv->names->len) {
    g_set_error(error, AFT_BASE_ERROR, AFT_BASE_ERROR_FORMAT, "%s:%ld: %u fields where the header has %u", csv->path,
                csv->line, csv->n_fields, csv->names->len);
    return false;
  }
  *fields = (const char *const *)csv->fields;
  return true;
}

static long count_lines(const char *text, const char *end) {
  long n = 0;
  for (; text < end && (text = memchr(text, '\n', (size_t)(end - text))) != NULL; text++) n++;
  return n;
}

static aft_csv *new_part(const aft_csv *csv, const char *end) {
  aft_csv *part = g_new0(aft_csv, 1);
  part->path = g_strdup(csv->path);
  part->next = csv->next;
  part->end = end;
  part->next_line = csv->next_line;
  part->names = g_ptr_array_ref(csv->names);
  part->units = g_ptr_array_ref(csv->units);
  size_t size = (size_t)(end - csv->next);
  part->n_lines = count_lines(csv->next, end);
  part->most_records = MIN((size_t)part->n_lines + (end[-1] != '\n'), size / csv->names->len + 1);
  return part;
}

GPtrArray *aft_csv_cut(aft_csv *csv, size_t part_bytes) {
  GPtrArray *parts = g_ptr_array_new_with_free_func((GDestroyNotify)aft_csv_free);
  bool is_whole = memchr(csv->next, '"', (size_t)(csv->end - csv->next)) != NULL;
  while (csv->next < csv->end) {
    size_t left = (size_t)(csv->end - csv->next);
    const char *stop = is_whole || left <= part_bytes ? NULL : memchr(csv->next + part_bytes, '\n', left - part_bytes);
    aft_csv *part = new_part(csv, stop == NULL ? csv->end : stop + 1);
    csv->next_line += part->n_lines;
    csv->next += part->end - part->next;
    g_ptr_array_add(parts, part);
  }
  return parts;
}

size_t aft_csv_most_records(const aft_csv *part) { return part->most_records; }

char *aft_csv_take_text(aft_csv *csv) {
  static char nothing[] = "";
  csv->next = nothing;
  csv->end = nothing;
  return g_steal_pointer(&csv->text);
}
