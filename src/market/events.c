/* Dated events: from rows to securities and sessions. */
#include <aftershock/market/events.h>

#include <string.h>

#include <aftershock/base/banned.h>

void aft_events_clear(aft_events *events) {
  for (size_t i = 0; i < events->n; i++) {
    aft_event *e = &events->rows[i];
    g_free(e->event);
    g_free(e->symbol);
    g_free(e->group);
    g_free(e->article);
    g_free(e->published);
  }
  g_clear_pointer(&events->rows, g_free);
  events->n = 0;
}

static const char *find_reason(const aft_event *event, const aft_panel *panel, const aft_events_options *options) {
  if (options->symbols != NULL && !g_strv_contains(options->symbols, event->symbol)) return "not among the study's symbols";
  if (event->alignment.session < 0) return event->alignment.reason;
  if (event->security < 0 || panel->first_valid[event->security] < 0) return "no return series";
  if (event->column + options->first_rel < 0 || event->column + options->last_rel >= (long)panel->n_sessions)
    return "event window beyond the data";
  return NULL;
}

static aft_event align_row(const aft_event_row *row, const char *symbol, const aft_panel *panel,
                           const aft_events_options *options) {
  aft_event event = {.event = g_strdup(row->event),
                     .symbol = g_strdup(symbol),
                     .group = g_strdup(row->group),
                     .article = g_strdup(row->article),
                     .published = g_strdup(row->published)};
  aft_calendar_align(panel->calendar, &row->stamp, options->date_next, &event.alignment);
  event.security = aft_panel_find_security(panel, symbol);
  event.column = event.alignment.session - panel->first_session;
  event.reason = find_reason(&event, panel, options);
  return event;
}

/* Two usable events of one security on one session cannot be told apart. */
static bool refuse_twins(const GArray *aligned, const aft_event_rows *rows, GError **error) {
  g_autoptr(GHashTable) seen = g_hash_table_new_full(g_str_hash, g_str_equal, g_free, NULL);
  for (guint i = 0; i < aligned->len; i++) {
    const aft_event *event = &g_array_index(aligned, aft_event, i);
    if (event->reason != NULL) continue;
    g_autofree char *key = g_strdup_printf("%ld %ld", event->security, event->column);
    guint twin = GPOINTER_TO_UINT(g_hash_table_lookup(seen, key));
    if (twin != 0) {
      const aft_event *other = &g_array_index(aligned, aft_event, twin - 1);
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                  "%s: stories \"%s\" and \"%s\" both fall on the same session of %s; one day cannot be split between them "
                  "(give both the same event id, or leave one out)",
                  rows->path != NULL ? rows->path : "events", other->event, event->event, event->symbol);
      return false;
    }
    g_hash_table_insert(seen, g_steal_pointer(&key), GUINT_TO_POINTER(i + 1));
  }
  return true;
}

bool aft_events_align(aft_events *events, const aft_event_rows *rows, const aft_panel *panel, const aft_events_options *options,
                      GError **error) {
  g_autoptr(GArray) aligned = g_array_new(FALSE, FALSE, sizeof(aft_event));
  bool ok = true;
  for (guint i = 0; i < rows->rows->len && ok; i++) {
    const aft_event_row *row = &g_array_index(rows->rows, aft_event_row, i);
    const char *const one[] = {row->symbol, NULL};
    const char *const *list = strcmp(row->symbol, "*") == 0 ? options->symbols : one;
    if (list == NULL) {
      g_set_error(error, AFT_MARKET_ERROR, AFT_MARKET_ERROR_EVENTS,
                  "%s:%ld: symbol * stands for the study's \"symbols\", but the study lists none",
                  rows->path != NULL ? rows->path : "events", row->line);
      ok = false;
      break;
    }
    for (; *list != NULL; list++) {
      aft_event event = align_row(row, *list, panel, options);
      g_array_append_val(aligned, event);
    }
  }
  ok = ok && refuse_twins(aligned, rows, error);
  aft_events result = {.n = aligned->len};
  result.rows = (aft_event *)(gpointer)g_array_free(g_steal_pointer(&aligned), FALSE);
  if (!ok) {
    aft_events_clear(&result);
    return false;
  }
  *events = result;
  return true;
}
