/* Splits and dividends. */
#include <aftershock/input/tables.h>

#include "fields.h"

#include <aftershock/base/text.h>
#include <aftershock/input/error.h>

#include <math.h>
#include <string.h>

#include <aftershock/base/banned.h>

static void clear_action(void *data) { g_free(((aft_action *)data)->symbol); }

void aft_actions_clear(aft_actions *actions) {
  g_free(actions->path);
  for (size_t i = 0; i < actions->n; i++) g_free(actions->rows[i].symbol);
  g_free(actions->rows);
  memset(actions, 0, sizeof *actions);
}

/* "10:1" as 10, for splits. */
static bool parse_ratio(const char *text, double *value) {
  double over, under;
  const char *colon = strchr(text, ':');
  if (colon == NULL || !aft_number_parse(text, (size_t)(colon - text), &over)) return false;
  if (!aft_number_parse(colon + 1, strlen(colon + 1), &under) || !(under > 0)) return false;
  *value = over / under;
  return true;
}

/* Far beyond any split and any dividend, and small enough that no square of a return overflows. */
#define LARGEST_SPLIT 1e6
#define LARGEST_DIVIDEND 1e15

typedef struct action_columns {
  int date, symbol, kind, value;
} action_columns;

static bool read_row(const aft_csv *csv, const char *const *fields, const action_columns *at, aft_action *action,
                     GError **error) {
  const char *file = aft_csv_path(csv), *kind = fields[at->kind];
  long line = aft_csv_line(csv);
  if (!input_read_day(csv, fields, at->date, &action->day, error)) return false;
  if (!input_check_name(file, line, "symbol", fields[at->symbol], error)) return false;
  bool split = strcmp(kind, "split") == 0;
  if (!split && strcmp(kind, "dividend") != 0)
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error, "kind \"%s\" is neither split nor dividend", kind);
  if (!(split && parse_ratio(fields[at->value], &action->value)) &&
      !input_read_number(csv, fields, at->value, &action->value, error))
    return false;
  if (!(action->value > 0) || !isfinite(action->value))
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error, "value \"%s\" is not positive (%s)", fields[at->value],
                      split ? "a split is new shares for one old, 10 or 10:1" : "a dividend is cash a share");
  if (action->value > (split ? LARGEST_SPLIT : LARGEST_DIVIDEND) || (split && action->value < 1 / LARGEST_SPLIT))
    return input_fail(file, line, AFT_INPUT_ERROR_VALUE, error,
                      "value \"%s\" is out of range for a %s (check the digits)", fields[at->value], kind);
  action->kind = split ? AFT_ACTION_SPLIT : AFT_ACTION_DIVIDEND;
  action->symbol = g_strdup(fields[at->symbol]);
  action->line = line;
  return true;
}

bool aft_actions_read_csv(aft_actions *actions, const char *path, GError **error) {
  g_autoptr(aft_csv) csv = aft_csv_open(path, error);
  action_columns at;
  if (csv == NULL || !input_find_column(csv, "date", &at.date, error) ||
      !input_find_column(csv, "symbol", &at.symbol, error) || !input_find_column(csv, "kind", &at.kind, error) ||
      !input_find_column(csv, "value", &at.value, error))
    return false;
  g_autoptr(GArray) rows = g_array_new(FALSE, TRUE, sizeof(aft_action));
  g_array_set_clear_func(rows, clear_action);
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  const char *const *fields;
  GError *failure = NULL;
  while (aft_csv_next(csv, &fields, &failure)) {
    aft_action action = {.symbol = NULL};
    if (!read_row(csv, fields, &at, &action, error)) return false;
    g_array_append_val(rows, action);
    char *key = g_strdup_printf("%d %s %d", action.day, action.symbol, (int)action.kind);
    long first = (long)GPOINTER_TO_SIZE(g_hash_table_lookup(seen, key)); /* 0: not seen */
    g_hash_table_insert(seen, key, GSIZE_TO_POINTER((gsize)action.line));
    if (first != 0)
      return input_fail(path, action.line, AFT_INPUT_ERROR_DUPLICATE, error,
                        "a second %s of %s on that day, first on line %ld (add them up, or keep one)", fields[at.kind],
                        action.symbol, first);
  }
  if (failure != NULL) {
    g_propagate_error(error, failure);
    return false;
  }
  g_array_set_clear_func(rows, NULL);
  actions->path = g_strdup(path);
  actions->n = rows->len;
  actions->rows = (aft_action *)(gpointer)g_array_free(g_steal_pointer(&rows), FALSE);
  return true;
}
