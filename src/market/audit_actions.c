/* Splits and dividends of a series. */
#include "audit_internal.h"

#include <math.h>

#include <aftershock/base/banned.h>

void audit_actions_init(audit_actions *index, const aft_actions *actions) {
  size_t n = actions != NULL ? actions->n : 0;
  *index = (audit_actions){.rows = n > 0 ? actions->rows : NULL,
                           .first = g_hash_table_new(g_str_hash, g_str_equal),
                           .next = g_new(size_t, MAX(n, 1))};
  for (size_t i = n; i-- > 0;) { /* the last first, so that chains rise */
    index->next[i] = GPOINTER_TO_SIZE(g_hash_table_lookup(index->first, actions->rows[i].symbol));
    g_hash_table_insert(index->first, actions->rows[i].symbol, GSIZE_TO_POINTER(i + 1));
  }
}

void audit_actions_clear(audit_actions *index) {
  g_hash_table_unref(index->first);
  g_free(index->next);
}

static size_t find_first(const audit_series *s) {
  return GPOINTER_TO_SIZE(g_hash_table_lookup(s->actions->first, s->symbol));
}

void audit_series_fill_splits(audit_series *s) {
  s->has_splits = false;
  for (size_t k = 0; k < s->n; k++) s->split[k] = 1;
  for (size_t i = find_first(s); i > 0; i = s->actions->next[i - 1]) {
    const aft_action *action = &s->actions->rows[i - 1];
    if (action->kind != AFT_ACTION_SPLIT) continue;
    size_t k = aft_day_find(s->day, s->n, action->day);
    if (k == s->n) continue;
    s->split[k] *= action->value;
    s->has_splits = true;
  }
}

bool audit_series_has_dividends(const audit_series *s) {
  const double *close = s->value[AFT_PRICE_CLOSE], *adjusted = s->value[AFT_PRICE_ADJ_CLOSE];
  for (size_t k = 0; adjusted != s->nothing && k < s->n; k++)
    if (fabs(adjusted[k] / close[k] - 1) > 1e-3 || (!isnan(adjusted[k]) && isnan(close[k]))) return true;
  for (size_t i = find_first(s); i > 0; i = s->actions->next[i - 1])
    if (s->actions->rows[i - 1].kind == AFT_ACTION_DIVIDEND) return true;
  return false;
}
