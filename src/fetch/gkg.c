/* Rows of GDELT's knowledge graph. */
#include "gkg.h"

#include <aftershock/base/text.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum {
  ID = 0,
  DATE = 1,
  COLLECTION = 2,
  SOURCE = 3,
  URL = 4,
  ORGANISATIONS = 13,
  TONE = 15,
  EXTRAS = 26,
  N_FIELDS = 27,
  STAMP = 14
};

#define QUARTER_HOUR INT64_C(900000)

typedef struct slice {
  const char *text;
  size_t size;
} slice;

/* Exactly so many digits as a number; -1 for anything else. */
static int number(const char *text, int n) {
  int value = 0;
  for (int i = 0; i < n; i++) {
    if (!g_ascii_isdigit(text[i])) return -1;
    value = value * 10 + (text[i] - '0');
  }
  return value;
}

/* YYYYMMDDHHMMSS in UTC. */
static bool read_stamp(const char *text, size_t size, aft_millis *instant) {
  aft_day day;
  if (size != STAMP || !aft_day_parse(text, 8, &day)) return false;
  int hour = number(text + 8, 2), minute = number(text + 10, 2), second = number(text + 12, 2);
  if (hour < 0 || hour > 23 || minute < 0 || minute > 59 || second < 0 || second > 59) return false;
  *instant = day * AFT_MILLIS_PER_DAY + ((hour * 60 + minute) * 60 + second) * INT64_C(1000);
  return true;
}

static slice between(slice text, const char *begin, const char *end) {
  const char *from = g_strstr_len(text.text, (gssize)text.size, begin);
  if (from == NULL) return (slice){"", 0};
  from += strlen(begin);
  const char *to = g_strstr_len(from, text.text + text.size - from, end);
  return to != NULL ? (slice){from, (size_t)(to - from)} : (slice){"", 0};
}

static bool cut(const char *line, size_t size, slice fields[N_FIELDS]) {
  const char *end = line + size;
  for (int f = 0; f < N_FIELDS; f++) {
    if (line > end) return false;
    const char *tab = memchr(line, '\t', (size_t)(end - line));
    if (tab == NULL || f == N_FIELDS - 1) tab = end;
    fields[f] = (slice){line, (size_t)(tab - line)};
    line = tab + 1;
  }
  return true;
}

static bool read_row(const slice *f, fetch_gkg_row *row) {
  slice title = between(f[EXTRAS], "<PAGE_TITLE>", "</PAGE_TITLE>");
  slice precise = between(f[EXTRAS], "<PAGE_PRECISEPUBTIMESTAMP>", "</PAGE_PRECISEPUBTIMESTAMP>");
  const char *comma = f[TONE].size > 0 ? memchr(f[TONE].text, ',', f[TONE].size) : NULL;
  *row = (fetch_gkg_row){.id = f[ID].text,
                         .id_size = f[ID].size,
                         .source = f[SOURCE].text,
                         .source_size = f[SOURCE].size,
                         .url = f[URL].text,
                         .url_size = f[URL].size,
                         .organisations = f[ORGANISATIONS].text,
                         .organisations_size = f[ORGANISATIONS].size,
                         .title = title.text,
                         .title_size = title.size,
                         .tone = (double)NAN};
  if (!read_stamp(f[DATE].text, f[DATE].size, &row->label) || row->id_size == 0) return false;
  if (comma != NULL && !aft_number_parse(f[TONE].text, (size_t)(comma - f[TONE].text), &row->tone))
    row->tone = (double)NAN;
  /* The label is rounded up to the quarter of an hour; what is later still cannot be. */
  if (!read_stamp(precise.text, precise.size, &row->claimed) || row->claimed > row->label + QUARTER_HOUR)
    row->claimed = 0;
  return true;
}

size_t fetch_gkg_read(const char *text, size_t size, fetch_gkg_take *take, void *data) {
  const char *end = text + size;
  size_t n_bad = 0;
  for (const char *line = text; line < end;) {
    const char *stop = memchr(line, '\n', (size_t)(end - line));
    if (stop == NULL) stop = end;
    slice fields[N_FIELDS];
    fetch_gkg_row row;
    if (stop > line) {
      bool ok = cut(line, (size_t)(stop - line), fields) && read_row(fields, &row);
      if (!ok) n_bad++;
      if (ok && fields[COLLECTION].size == 1 && *fields[COLLECTION].text == '1') take(&row, data);
    }
    line = stop + 1;
  }
  return n_bad;
}

bool fetch_gkg_holds(const char *text, size_t size, const char *word) {
  size_t length = strlen(word);
  for (size_t i = 0; i + length <= size; i++) {
    size_t k = 0;
    while (k < length && g_ascii_tolower(text[i + k]) == word[k]) k++;
    if (k == length) return true;
  }
  return false;
}
