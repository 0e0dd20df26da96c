/* The header of a price or return file: long or wide, in any order and letter case, with advice when a column is missing. */
#include "price_header.h"

#include "fields.h"

#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <string.h>

#include <aftershock/base/banned.h>

enum { MOST_SHOWN_NAMES = 12, MOST_SHOWN_BYTES = 60 };

/* Columns that are read, with the other names they are known by. */
enum column_role { ROLE_DATE, ROLE_SYMBOL, ROLE_VALUE };

typedef struct known_column {
  const char *name;
  enum column_role role;
  enum price_content content; /* of values */
  enum aft_price_column value;
} known_column;

static const known_column known_columns[] = {
    {"date", ROLE_DATE, PRICE_CONTENT_PRICES, 0},
    {"symbol", ROLE_SYMBOL, PRICE_CONTENT_PRICES, 0},
    {"open", ROLE_VALUE, PRICE_CONTENT_PRICES, AFT_PRICE_OPEN},
    {"high", ROLE_VALUE, PRICE_CONTENT_PRICES, AFT_PRICE_HIGH},
    {"low", ROLE_VALUE, PRICE_CONTENT_PRICES, AFT_PRICE_LOW},
    {"close", ROLE_VALUE, PRICE_CONTENT_PRICES, AFT_PRICE_CLOSE},
    {"adj_close", ROLE_VALUE, PRICE_CONTENT_PRICES, AFT_PRICE_ADJ_CLOSE},
    {"volume", ROLE_VALUE, PRICE_CONTENT_PRICES, AFT_PRICE_VOLUME},
    {"ret", ROLE_VALUE, PRICE_CONTENT_RETURNS, AFT_PRICE_RETURN},
    {"return", ROLE_VALUE, PRICE_CONTENT_RETURNS, AFT_PRICE_RETURN},
};

/* Names that other sources give to these columns: for advice only, never read in silence. */
static const char *const date_aliases[] = {"caldt", "dlycaldt", "datadate", "day", "datetime", "timestamp", NULL};
static const char *const symbol_aliases[] = {"ticker", "permno", "secid",  "gvkey", "isin",
                                             "cusip",  "sedol",  "permco", NULL};
static const char *const close_aliases[] = {"price", "prc", "dlyprc", "adjclose", "adjusted_close", "last", NULL};
static const char *const return_aliases[] = {"returns", "dlyret", "r", NULL};
static const char *const no_aliases[] = {NULL};

/* Letter case is free, and blanks and hyphens are underscores: "Adj Close" is adj_close. */
static bool is_named(const char *name, const char *known) {
  for (; *name != '\0' && *known != '\0'; name++, known++) {
    char c = *name == ' ' || *name == '-' ? '_' : g_ascii_tolower(*name);
    if (c != *known) return false;
  }
  return *name == *known;
}

static const char *find_named(char *const *names, const char *known) {
  for (; *names != NULL; names++)
    if (is_named(*names, known)) return *names;
  return NULL;
}

static const char *find_alias(char *const *names, const char *const *aliases) {
  for (; *aliases != NULL; aliases++) {
    const char *found = find_named(names, *aliases);
    if (found != NULL) return found;
  }
  return NULL;
}

static const known_column *find_known(const char *name) {
  for (size_t i = 0; i < G_N_ELEMENTS(known_columns); i++)
    if (is_named(name, known_columns[i].name)) return &known_columns[i];
  return NULL;
}

char *price_field_show(const scan_field *field) {
  size_t length = MIN(field->length, (size_t)MOST_SHOWN_BYTES);
  while (length < field->length && length > 0 && ((unsigned char)field->text[length] & 0xC0) == 0x80) length--;
  GString *shown = g_string_new_len(field->text, (gssize)length);
  for (size_t i = 0; i < shown->len; i++)
    if (g_ascii_iscntrl(shown->str[i])) shown->str[i] = '?';
  if (length < field->length) g_string_append(shown, "...");
  return g_string_free(shown, FALSE);
}

static bool fail(const price_header *header, const char *path, GError **error, const char *format, ...)
    G_GNUC_PRINTF(4, 5);

static bool fail(const price_header *header, const char *path, GError **error, const char *format, ...) {
  va_list arguments;
  va_start(arguments, format);
  g_autofree char *message = g_strdup_vprintf(format, arguments);
  va_end(arguments);
  return input_fail(path, (long)header->line, AFT_INPUT_ERROR_COLUMN, error, "%s", message);
}

/* The first names, for messages; owned. */
static char *list_names(const price_header *header) {
  GString *list = g_string_new(NULL);
  for (size_t i = 0; i < header->n_columns && i < MOST_SHOWN_NAMES; i++) {
    scan_field field = {.text = header->names[i], .length = strlen(header->names[i])};
    g_autofree char *shown = price_field_show(&field);
    g_string_append_printf(list, "%s%s", i == 0 ? "" : ", ", shown);
  }
  if (header->n_columns > MOST_SHOWN_NAMES)
    g_string_append_printf(list, ", ... (%" G_GSIZE_FORMAT " columns)", header->n_columns);
  return g_string_free(list, FALSE);
}

/* The column that was meant to be `name`: one of the aliases, else the nearest unknown one; NULL when there is none. */
static const char *find_meant(const price_header *header, const char *name, const char *const *aliases) {
  const char *meant = find_alias(header->names, aliases);
  if (meant != NULL) return meant;
  g_autoptr(GPtrArray) unknown = g_ptr_array_new();
  for (size_t i = 0; i < header->n_columns; i++)
    if (find_known(header->names[i]) == NULL) g_ptr_array_add(unknown, header->names[i]);
  g_ptr_array_add(unknown, NULL);
  return aft_text_find_closest(name, (const char *const *)unknown->pdata);
}

/* wanted is written as it stands in the message; name is what an unknown column may have been meant to be. */
static bool fail_missing(const price_header *header, const char *path, const char *wanted, const char *name,
                         const char *const *aliases, const char *advice, GError **error) {
  g_autofree char *found = list_names(header);
  if (header->n_columns == 1 && strpbrk(header->names[0], ";\t|") != NULL)
    return fail(header, path, error, "no column %s; found: %s (separate the columns by commas)", wanted, found);
  const char *meant = find_meant(header, name, aliases);
  if (meant != NULL) return fail(header, path, error, "no column %s; found: %s (rename \"%s\")", wanted, found, meant);
  return fail(header, path, error, "no column %s; found: %s (%s)", wanted, found, advice);
}

/* "name (unit)" and "name [unit]" without the unit, which goes to *unit (borrowed from name) or NULL. */
static void cut_unit(char *name, char **unit) {
  size_t length = strlen(name);
  *unit = NULL;
  if (length < 3 || (name[length - 1] != ')' && name[length - 1] != ']')) return;
  char *open = strrchr(name, name[length - 1] == ')' ? '(' : '[');
  if (open == NULL || open == name) return;
  name[length - 1] = '\0';
  *open = '\0';
  *unit = g_strstrip(open + 1);
  g_strchomp(name);
}

static bool is_percent(const char *unit) {
  return unit != NULL && (strcmp(unit, "%") == 0 || g_ascii_strcasecmp(unit, "percent") == 0);
}

/* Names, each given and each once. */
static bool read_names(price_header *header, const char *path, const price_scan *scan, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new(g_str_hash, g_str_equal);
  header->line = (uint32_t)scan->line;
  header->n_columns = scan->n_fields;
  header->names = g_new0(char *, scan->n_fields + 1);
  for (size_t i = 0; i < scan->n_fields; i++) {
    char *unit, *name = g_strndup(scan->fields[i].text, scan->fields[i].length);
    header->names[i] = g_strstrip(name);
    cut_unit(name, &unit);
    if (*name == '\0')
      return fail(header, path, error, "column %" G_GSIZE_FORMAT " has no name (name it, or remove it)", i + 1);
    for (const char *p = name; *p != '\0'; p++)
      if (g_ascii_iscntrl(*p))
        return fail(header, path, error, "the name of column %" G_GSIZE_FORMAT " holds a control character%s", i + 1,
                    *p == '\r'   ? " (end the lines by LF or CRLF)"
                    : *p == '\t' ? " (separate the columns by commas)"
                                 : "");
    if (!g_hash_table_add(seen, name)) return fail(header, path, error, "column \"%s\" stands twice", name);
    const known_column *known = find_known(name);
    if (known != NULL && known->value == AFT_PRICE_RETURN && is_percent(unit))
      return fail(header, path, error, "column \"%s\" is in percent (returns are fractions: divide by 100)", name);
  }
  return true;
}

/*
 * Wide: date first, nothing that only the long form has, and at least one name that the long form does not know. LOW and
 * OPEN are tickers too, so those names alone decide nothing.
 */
static bool is_wide(const price_header *header) {
  bool has_other = false;
  if (header->n_columns < 2 || !is_named(header->names[0], "date")) return false;
  if (find_alias(header->names, symbol_aliases) != NULL || find_alias(header->names, close_aliases) != NULL)
    return false;
  if (find_named(header->names, "symbol") != NULL || find_named(header->names, "close") != NULL ||
      find_named(header->names, "adj_close") != NULL)
    return false;
  for (size_t i = 1; i < header->n_columns; i++) has_other |= find_known(header->names[i]) == NULL;
  return has_other;
}

/* Puts every known column in its place and lists the others. */
static bool place_columns(price_header *header, const char *path, enum price_content content, GError **error) {
  g_autoptr(GString) unused = g_string_new(NULL);
  for (size_t i = 0; i < header->n_columns; i++) {
    const char *name = header->names[i];
    const known_column *known = find_known(name);
    if (known == NULL || (known->role == ROLE_VALUE && known->content != content)) {
      scan_field field = {.text = header->names[i], .length = strlen(name)};
      g_autofree char *shown = price_field_show(&field);
      g_string_append_printf(unused, "%s%s", unused->len == 0 ? "" : ", ", shown);
      continue;
    }
    int *place = known->role == ROLE_DATE     ? &header->date
                 : known->role == ROLE_SYMBOL ? &header->symbol
                                              : &header->value[known->value];
    if (*place != PRICE_HEADER_NONE)
      return fail(header, path, error, "column \"%s\" stands twice, as \"%s\" and \"%s\" (keep one)", known->name,
                  header->names[*place], name);
    *place = (int)i;
  }
  if (unused->len > 0) header->unused = g_string_free(g_steal_pointer(&unused), FALSE);
  return true;
}

static bool check_long(const price_header *header, const char *path, enum price_content content, GError **error) {
  if (header->date == PRICE_HEADER_NONE)
    return fail_missing(header, path, "\"date\"", "date", date_aliases, "add a column \"date\"", error);
  if (header->symbol == PRICE_HEADER_NONE)
    return fail_missing(header, path, "\"symbol\"", "symbol", symbol_aliases, "add a column \"symbol\"", error);
  if (content == PRICE_CONTENT_RETURNS)
    return header->value[AFT_PRICE_RETURN] != PRICE_HEADER_NONE ||
           fail_missing(header, path, "\"ret\"", "ret", return_aliases, "add a column \"ret\"", error);
  if (header->value[AFT_PRICE_CLOSE] != PRICE_HEADER_NONE || header->value[AFT_PRICE_ADJ_CLOSE] != PRICE_HEADER_NONE)
    return true;
  bool has_returns = find_named(header->names, "ret") != NULL || find_named(header->names, "return") != NULL;
  return fail_missing(header, path, "\"close\" or \"adj_close\"", "close", has_returns ? no_aliases : close_aliases,
                      has_returns ? "name a file of returns under \"returns_files\"" : "add a column \"close\"", error);
}

bool price_header_read(price_header *header, const char *path, const price_scan *scan, enum price_content content,
                       GError **error) {
  *header = (price_header){.date = PRICE_HEADER_NONE, .symbol = PRICE_HEADER_NONE, .line = 1};
  for (int k = 0; k < AFT_PRICE_N_COLUMNS; k++) header->value[k] = PRICE_HEADER_NONE;
  if (!read_names(header, path, scan, error)) return false;
  header->is_wide = content == PRICE_CONTENT_PRICES && is_wide(header);
  if (!header->is_wide) return place_columns(header, path, content, error) && check_long(header, path, content, error);
  header->date = 0;
  for (size_t i = 1; i < header->n_columns; i++)
    if (!input_check_name(path, (long)header->line, "a symbol in the header", header->names[i], error)) return false;
  return true;
}

bool price_header_fail_empty(const price_header *header, const char *path, GError **error) {
  if (header->is_wide) return fail(header, path, error, "no row has a price (fill in closes, or leave the file out)");
  int close = header->value[AFT_PRICE_CLOSE], adjusted = header->value[AFT_PRICE_ADJ_CLOSE];
  g_autofree char *found = list_names(header), *empty = NULL;
  if (close != PRICE_HEADER_NONE && adjusted != PRICE_HEADER_NONE)
    empty = g_strdup_printf("\"%s\" and \"%s\" are empty", header->names[close], header->names[adjusted]);
  else
    empty = g_strdup_printf("\"%s\" is empty", header->names[close != PRICE_HEADER_NONE ? close : adjusted]);
  const char *meant = find_meant(header, "close", close_aliases);
  if (meant == NULL) meant = find_meant(header, "adj_close", no_aliases);
  if (meant != NULL)
    return fail(header, path, error, "no row has a price: %s; found: %s (rename \"%s\")", empty, found, meant);
  return fail(header, path, error, "no row has a price: %s; found: %s (fill in closes, or leave the file out)", empty,
              found);
}

void price_header_clear(price_header *header) {
  g_clear_pointer(&header->names, g_strfreev);
  g_clear_pointer(&header->unused, g_free);
}
