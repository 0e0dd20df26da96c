/* Rows of an event file: what each must be by itself, read part by part on all threads. */
#include "event_scan.h"

#include "fields.h"

#include <aftershock/base/parallel.h>
#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

/* Whether a name is as almost all are. It decides nothing: one that is not goes through every check, which has the messages. */
static bool is_plain(const char *name) {
  size_t n = 0;
  for (; name[n] != '\0'; n++) {
    unsigned char byte = (unsigned char)name[n];
    if (byte < ' ' || byte == 0x7f || byte == '/') return false;
  }
  return n > 0 && n <= INPUT_MAX_NAME;
}

static bool check_group(const char *file, long line, const char *group, GError **error) {
  if (*group == '\0') return true;
  if (!is_plain(group) && !input_check_name(file, line, "group", group, error)) return false;
  if (!input_names_sample(group)) return true;
  return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error,
                    "group \"%s\" is the name of a sample (choose another label)", group);
}

static bool check_names(const char *file, const aft_event_row *row, GError **error) {
  if (!is_plain(row->event) || !is_plain(row->symbol)) {
    if (!input_check_name(file, row->line, "event", row->event, error) ||
        !input_check_name(file, row->line, "symbol", row->symbol, error))
      return false;
    if (strchr(row->event, '/') != NULL)
      return input_fail(file, row->line, AFT_INPUT_ERROR_VALUE, error,
                        "event \"%s\" holds a slash, which separates event and group in results", row->event);
  }
  return check_group(file, row->line, row->group, error);
}

bool event_check(const char *file, aft_event_row *row, GError **error) {
  g_autoptr(GError) problem = NULL;
  if (!check_names(file, row, error)) return false;
  if (aft_stamp_parse(row->published, &row->stamp, &problem)) return true;
  return input_fail(file, row->line, AFT_INPUT_ERROR_VALUE, error, "published \"%s\" %s", row->published,
                    problem->message);
}

int event_compare_ids(const char *a, const char *b) {
  size_t n = strlen(a), m = strlen(b);
  return n != m ? (n < m ? -1 : 1) : memcmp(a, b, n);
}

typedef struct scan {
  event_part *parts;
  const event_columns *columns;
  const char *file;
} scan;

static void scan_part(event_part *part, const event_columns *columns, const char *file) {
  const char *const *fields;
  part->n = 0;
  part->rises = true;
  part->error = NULL;
  while (aft_csv_next(part->csv, &fields, &part->error)) {
    aft_event_row *row = &part->rows[part->n];
    *row = (aft_event_row){.event = fields[columns->event],
                           .symbol = fields[columns->symbol],
                           .group = columns->group >= 0 ? fields[columns->group] : "",
                           .article = "",
                           .published = fields[columns->published],
                           .line = aft_csv_line(part->csv)};
    if (!event_check(file, row, &part->error)) return;
    part->rises = part->rises && (part->n == 0 || event_compare_ids(row[-1].event, row->event) < 0);
    part->n++;
  }
}

static void scan_range(size_t first, size_t last, unsigned worker, void *data) {
  const scan *s = data;
  (void)worker;
  for (size_t i = first; i < last; i++) scan_part(&s->parts[i], s->columns, s->file);
}

void event_scan_parts(event_part *parts, size_t n, const event_columns *columns, const char *file, unsigned n_threads) {
  scan s = {parts, columns, file};
  aft_parallel_for(n, n_threads, scan_range, &s);
}
