/* Kenneth French's daily factors: a zip with one text, percent in it, a preamble above and a copyright line below. */
#include "provider.h"

#include <aftershock/base/text.h>
#include <aftershock/input/archive.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

enum { KEY_DIGITS = 8, MAX_COLUMNS = 64, MAX_TEXT_BYTES = 64 << 20 };

/* Short names of the sets that most studies want; any other name is that of a file. */
static const struct {
  const char *name, *file;
} sets[] = {{"ff3", "F-F_Research_Data_Factors_daily"},
            {"ff5", "F-F_Research_Data_5_Factors_2x3_daily"},
            {"mom", "F-F_Momentum_Factor_daily"},
            {"st_rev", "F-F_ST_Reversal_Factor_daily"},
            {"lt_rev", "F-F_LT_Reversal_Factor_daily"}};

/* "Mkt-RF" is mkt_rf; what is no letter or digit becomes _. Owned. */
static char *column_name(const char *text) {
  char *name = g_strstrip(g_ascii_strdown(text, -1));
  for (char *p = name; *p != '\0'; p++)
    if (!g_ascii_isalnum(*p)) *p = '_';
  return name;
}

/* A line that begins with eight digits and a comma. */
static bool is_row(const char *line) {
  for (int i = 0; i < KEY_DIGITS; i++)
    if (!g_ascii_isdigit(line[i])) return false;
  return line[KEY_DIGITS] == ',' || line[KEY_DIGITS] == ' ';
}

/* The lines of the first daily table, header first: the nearest line with a comma in front above the first row. -1 when there is none. */
static bool find_table(char **lines, size_t *header, size_t *first) {
  size_t i = 0;
  while (lines[i] != NULL && !is_row(g_strchug(lines[i]))) i++;
  if (lines[i] == NULL) return false;
  *first = i;
  while (i > 0 && lines[i - 1][0] != ',') i--;
  if (i == 0) return false;
  *header = i - 1;
  return true;
}

static bool add_row(fetch_session *session, const fetch_reply *reply, char **names, guint n_names, const char *line,
                    GError **error) {
  g_auto(GStrv) fields = g_strsplit(line, ",", -1);
  aft_day day;
  if (g_strv_length(fields) != n_names)
    return fetch_fail_answer(reply, error, "the row of %.8s has not as many fields as the header", line);
  if (!aft_day_parse(line, KEY_DIGITS, &day)) return fetch_fail_answer(reply, error, "\"%.8s\" is not a date", line);
  if (!fetch_in_window(session, day)) return true;
  for (guint c = 1; c < n_names; c++) {
    const char *text = g_strstrip(fields[c]);
    /* Divided as a decimal, not as a double: -0.39 percent is -0.0039. */
    g_autofree char *decimal = g_strconcat(text, "e-2", NULL);
    double value;
    if (!aft_number_parse(decimal, strlen(decimal), &value))
      return fetch_fail_answer(reply, error, "\"%s\" of %.8s is not a number", text, line);
    bool missing = value <= -0.999; /* -99.99 and -999; a factor never loses all on one day */
    aft_records_add_value(session->records, names[c], day, missing ? (double)NAN : value);
  }
  return true;
}

/* A column of two sets would hold two different things: SMB of three and of five factors. */
static bool check_names(fetch_session *session, const fetch_reply *reply, char **names, guint n, GError **error) {
  if (n < 2 || n > MAX_COLUMNS) return fetch_fail_answer(reply, error, "no header with the names of factors");
  for (guint c = 1; c < n; c++) {
    if (*names[c] == '\0') return fetch_fail_answer(reply, error, "a factor without a name");
    if (aft_symbols_find(&session->records->symbols, names[c]) != AFT_SYMBOL_NONE)
      return fetch_fail_answer(reply, error, "the factor %s is in an earlier set too (ask for one of them at a time)",
                               names[c]);
  }
  return true;
}

/* What the preamble says of the data cut, so that a later release is told from this one. */
static void note_preamble(fetch_session *session, char **lines, size_t header) {
  g_autoptr(GString) text = g_string_new(NULL);
  for (size_t i = 0; i < header; i++) g_string_append_printf(text, "%s ", lines[i]);
  char *words = fetch_clean_words(text->str, text->len);
  g_ptr_array_add(session->records->notes, words);
}

static bool read_text(fetch_session *session, const fetch_reply *reply, char *text, GError **error) {
  g_auto(GStrv) lines = g_strsplit_set(text, "\r\n", -1);
  size_t header, first;
  if (!find_table(lines, &header, &first)) return fetch_fail_answer(reply, error, "no table of daily rows in it");
  g_auto(GStrv) names = g_strsplit(lines[header], ",", -1);
  guint n = g_strv_length(names);
  for (guint c = 0; c < n; c++) {
    char *name = column_name(names[c]);
    g_free(names[c]);
    names[c] = name;
  }
  if (!check_names(session, reply, names, n, error)) return false;
  note_preamble(session, lines, header);
  for (size_t i = first; lines[i] != NULL; i++) {
    if (*lines[i] == '\0' && lines[i + 1] != NULL && is_row(g_strchug(lines[i + 1]))) continue; /* CR LF */
    if (!is_row(g_strchug(lines[i]))) break;
    if (!add_row(session, reply, names, n, lines[i], error)) return false;
  }
  return true;
}

static bool ask_set(fetch_session *session, const char *set, GError **error) {
  const char *file = set;
  for (size_t i = 0; i < G_N_ELEMENTS(sets); i++)
    if (strcmp(set, sets[i].name) == 0) file = sets[i].file;
  g_autofree char *name = aft_url_encode(file),
                  *path = g_strdup_printf("pages/faculty/ken.french/ftp/%s_CSV.zip", name);
  g_autofree char *url = aft_url_build(fetch_base(session), path, NULL), *text = NULL;
  const fetch_ask ask = {url, FETCH_ZIP, FETCH_HOURS(12), NULL, NULL};
  g_auto(fetch_reply) reply = {0};
  guint before = session->records->series->len;
  size_t size;
  if (!fetch_get(session, &ask, &reply, error)) return false;
  if (reply.refusal != FETCH_ACCEPTED) return fetch_fail_refused(session, set, &reply, error);
  if (!aft_archive_read_only(url, reply.download.body, reply.download.size, MAX_TEXT_BYTES, &text, &size, error))
    return false;
  if (!read_text(session, &reply, text, error)) return false;
  if (session->records->series->len == before)
    aft_warnings_add(session->warnings,
                     "french: %s has no rows in these days (its files end one or two months back: use a model without "
                     "factors for newer events)",
                     set);
  return fetch_keep(session, &reply, session->records->series->len == before, error);
}

static bool run(fetch_session *session, GError **error) {
  g_auto(GStrv) names = g_strsplit(session->query->text, ",", -1);
  guint n = g_strv_length(names);
  for (guint i = 0; i < n; i++) {
    fetch_progress(session, i, n);
    if (!ask_set(session, g_strstrip(names[i]), error)) return false;
  }
  return true;
}

const aft_provider fetch_french = {
    .facts = {.name = "french",
              .title = "Kenneth R. French's data library",
              .kind = AFT_FETCH_FACTORS,
              .gives = "daily factors: ff3, ff5, mom, st_rev, lt_rev, or any daily file by its name there",
              .asks = "--query",
              .terms =
                  "no key; cite the library; its files end one or two months back, and each release revises history",
              .meaning = "decimals (the files hold percent); a missing value is empty",
              .base = "https://mba.tuck.dartmouth.edu"},
    .key_place = AFT_KEY_PARAMETER,
    .key_name = "",
    .key_prefix = "",
    .pace_ms = 500,
    .max_bytes = 32 << 20,
    .run = run};
